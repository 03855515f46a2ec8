//! Which charset a label means, in the many ways senders write one.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, KOI8_R, KOI8_U, MACINTOSH, REPLACEMENT, SHIFT_JIS,
    UTF_8, WINDOWS_874, WINDOWS_1252, X_MAC_CYRILLIC, X_USER_DEFINED,
};
use oem_cp::code_table::DECODING_TABLE_CP_MAP;

use super::{Charset, Order};

/// Longest label looked at, in bytes; the longest registered one has 45.
const MAX_LABEL_BYTES: usize = 64;

/// What stands before the number of a code page.
const CODE_PAGE_PREFIXES: &[&str] = &[
    "windows", "win", "codepage", "ccsid", "cp", "msdos", "ms", "ibm", "oem", "dos", "ansi", "",
];

/// Starts of labels that say enough, however they go on (versions, vendors, years).
const FAMILIES: &[(&str, Charset)] = &[
    ("utf8", Charset::Standard(UTF_8)),
    ("unicode11utf8", Charset::Standard(UTF_8)),
    ("utf7", Charset::Utf7),
    ("unicode11utf7", Charset::Utf7),
    ("utf16le", Charset::Utf16(Some(Order::Little))),
    ("utf16be", Charset::Utf16(Some(Order::Big))),
    ("utf16", Charset::Utf16(None)),
    ("ucs2", Charset::Utf16(None)),
    ("iso10646ucs2", Charset::Utf16(None)),
    ("utf32le", Charset::Utf32(Some(Order::Little))),
    ("utf32be", Charset::Utf32(Some(Order::Big))),
    ("utf32", Charset::Utf32(None)),
    ("ucs4", Charset::Utf32(None)),
    ("iso10646ucs4", Charset::Utf32(None)),
    ("usascii", Charset::Ascii),
    ("ascii", Charset::Ascii),
    ("ansix34", Charset::Ascii),
    ("iso646", Charset::Ascii),
    ("iso2022", Charset::Iso2022),
    ("hz", Charset::Hz),
    ("shiftjis", Charset::Standard(SHIFT_JIS)),
    ("sjis", Charset::Standard(SHIFT_JIS)),
    ("mskanji", Charset::Standard(SHIFT_JIS)),
    ("windows31j", Charset::Standard(SHIFT_JIS)),
    ("eucjp", Charset::Standard(EUC_JP)),
    ("ujis", Charset::Standard(EUC_JP)),
    ("euckr", Charset::Standard(EUC_KR)),
    ("uhc", Charset::Standard(EUC_KR)),
    ("ksc", Charset::Standard(EUC_KR)),
    ("ksx1001", Charset::Standard(EUC_KR)),
    ("korean", Charset::Standard(EUC_KR)),
    ("gb18030", Charset::Standard(GB18030)),
    ("gb", Charset::Standard(GBK)),
    ("euccn", Charset::Standard(GBK)),
    ("eucgb", Charset::Standard(GBK)),
    ("big5", Charset::Standard(BIG5)),
    ("cnbig5", Charset::Standard(BIG5)),
    ("tis620", Charset::Standard(WINDOWS_874)),
    ("koi8u", Charset::Standard(KOI8_U)),
    ("koi8ru", Charset::Standard(KOI8_U)),
    ("koi8", Charset::Standard(KOI8_R)),
    ("macroman", Charset::Standard(MACINTOSH)),
    ("maccyrillic", Charset::Standard(X_MAC_CYRILLIC)),
];

/// The charset that a label names; `None` when nobody knows.
pub(crate) fn charset_of(label: &str) -> Option<Charset> {
    let label = label.trim_matches(|c: char| c.is_whitespace() || "\"'<>;,".contains(c));
    if label.is_empty() || label.len() > MAX_LABEL_BYTES || !label.is_ascii() {
        return None;
    }
    let label = label.to_ascii_lowercase();
    // A year after a colon and a language after a star say nothing about the charset.
    let name = label.split([':', '*']).next().unwrap_or_default();
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = without_marks(&letters);
    let in_family = || {
        let (_, charset) = FAMILIES.iter().find(|(start, _)| plain.starts_with(start))?;
        Some(*charset)
    };
    let in_standard = || {
        let encoding = Encoding::for_label(name.as_bytes())?;
        (encoding != REPLACEMENT && encoding != X_USER_DEFINED).then_some(Charset::Standard(encoding))
    };
    iso_8859(plain)
        .or_else(|| numbered(plain))
        .or_else(in_family)
        .or_else(in_standard)
        .or_else(|| {
            matches!(plain, "ansi" | "windows" | "western").then_some(Charset::Standard(WINDOWS_1252))
        })
}

/// The label without the marks of what is private (`x-`) and of the registry's aliases (`cs`).
fn without_marks(letters: &str) -> &str {
    let letters = letters.strip_prefix("cs").unwrap_or(letters);
    letters.strip_prefix('x').unwrap_or(letters)
}

/// `iso8859-1`, `8859_1`, `latin-1`, `l1` and their like.
fn iso_8859(plain: &str) -> Option<Charset> {
    let part = plain
        .strip_prefix("iso8859")
        .or_else(|| plain.strip_prefix("8859"))
        .and_then(|part| part.parse::<u8>().ok())
        .or_else(|| {
            let latin = plain
                .strip_prefix("isolatin")
                .or_else(|| plain.strip_prefix("latin"))
                .or_else(|| plain.strip_prefix('l'))?;
            // The parts of ISO 8859 that are the first, second ... Latin alphabet.
            match latin.parse::<u8>().ok()? {
                part @ 1..=4 => Some(part),
                5 => Some(9),
                6 => Some(10),
                7 => Some(13),
                8 => Some(14),
                9 | 0 => Some(15),
                10 => Some(16),
                _ => None,
            }
        })?;
    let label = match part {
        11 => "windows-874".to_owned(),
        part => format!("iso-8859-{part}"),
    };
    Encoding::for_label(label.as_bytes()).map(Charset::Standard)
}

fn numbered(plain: &str) -> Option<Charset> {
    let number = CODE_PAGE_PREFIXES
        .iter()
        .find_map(|prefix| plain.strip_prefix(prefix)?.parse::<u16>().ok())?;
    code_page(number)
}

/// The charset of a code page of DOS, Windows or IBM.
fn code_page(number: u16) -> Option<Charset> {
    Some(match number {
        367 | 20127 => Charset::Ascii,
        819 => Charset::Standard(WINDOWS_1252),
        866 => Charset::Standard(IBM866),
        874 => Charset::Standard(WINDOWS_874),
        932 | 943 => Charset::Standard(SHIFT_JIS),
        936 | 1386 | 20936 => Charset::Standard(GBK),
        949 | 1363 | 51949 => Charset::Standard(EUC_KR),
        950 | 951 => Charset::Standard(BIG5),
        1200 => Charset::Utf16(Some(Order::Little)),
        1201 => Charset::Utf16(Some(Order::Big)),
        10000 => Charset::Standard(MACINTOSH),
        10007 => Charset::Standard(X_MAC_CYRILLIC),
        12000 => Charset::Utf32(Some(Order::Little)),
        12001 => Charset::Utf32(Some(Order::Big)),
        20866 => Charset::Standard(KOI8_R),
        21866 => Charset::Standard(KOI8_U),
        20932 | 51932 => Charset::Standard(EUC_JP),
        50220..=50229 => Charset::Iso2022,
        52936 => Charset::Hz,
        54936 => Charset::Standard(GB18030),
        65000 => Charset::Utf7,
        65001 => Charset::Standard(UTF_8),
        1250..=1258 => {
            let label = format!("windows-{number}");
            return Encoding::for_label(label.as_bytes()).map(Charset::Standard);
        }
        28591..=28606 => return iso_8859(&format!("iso8859{}", number - 28590)),
        other if DECODING_TABLE_CP_MAP.contains_key(&other) => Charset::CodePage(other),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(labels: &[&str], expected: Charset) {
        for label in labels {
            assert_eq!(charset_of(label), Some(expected), "{label}");
        }
    }

    #[test]
    fn a_charset_has_many_labels() {
        check(
            &[
                "latin-1",
                "latin1",
                "ISO-8859-1",
                "iso8859_1",
                "iso_8859-1:1987",
                "l1",
                "csISOLatin1",
                "8859-1",
            ],
            Charset::Standard(WINDOWS_1252),
        );
        check(
            &[
                "windows1252",
                "windows-1252",
                "cp-1252",
                "x-cp1252",
                "WIN-1252",
                "1252",
                "ansi",
                "iso-8859-1*en",
            ],
            Charset::Standard(WINDOWS_1252),
        );
        check(
            &[
                "cp932",
                "ms932",
                "Windows-31J",
                "x-sjis",
                "shift_jis",
                "Shift-JIS",
            ],
            Charset::Standard(SHIFT_JIS),
        );
        check(
            &[
                "ms949",
                "cp949",
                "ks_c_5601-1987",
                "uhc",
                "x-windows-949",
                "euc-kr",
            ],
            Charset::Standard(EUC_KR),
        );
        check(
            &["gb2312", "gbk", "cp936", "GB_2312-80", "euc-cn"],
            Charset::Standard(GBK),
        );
        check(
            &[
                "utf8",
                "UTF-8",
                "utf_8",
                "\"utf-8\"",
                "cp65001",
                "utf8mb4",
                "x-utf-8",
            ],
            Charset::Standard(UTF_8),
        );
        check(
            &[
                "iso-2022-kr",
                "ISO-2022-JP-MS",
                "cp50221",
                "csISO2022KR",
                "iso-2022-jp-2",
            ],
            Charset::Iso2022,
        );
        check(
            &["us-ascii", "ascii", "ANSI_X3.4-1968", "ISO646-US"],
            Charset::Ascii,
        );
        check(&["hz-gb-2312", "HZ"], Charset::Hz);
        check(&["utf-7", "unicode-1-1-utf-7"], Charset::Utf7);
        check(&["cp858", "ibm00858", "CP00858"], Charset::CodePage(858));
        check(&["ibm437", "cp437", "437", "x-ibm437"], Charset::CodePage(437));
        check(
            &["iso-8859-15", "latin9", "ISO8859-15"],
            Charset::Standard(encoding_rs::ISO_8859_15),
        );
        check(
            &["iso-8859-2", "latin2", "iso_8859-2:1987", "28592"],
            Charset::Standard(encoding_rs::ISO_8859_2),
        );
    }

    #[test]
    fn what_names_no_charset_is_none() {
        for label in [
            "",
            "x-unknown",
            "unknown-8bit",
            "binary",
            "default",
            "iso-8859-99",
            "cp99999999",
            "\u{fc}tf-8",
        ] {
            assert_eq!(charset_of(label), None, "{label}");
        }
    }
}

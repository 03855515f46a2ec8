use super::*;
use proptest::prelude::*;

fn name(field: &str) -> Option<String> {
    let field = read_field(field.replace('\n', "\r\n").as_bytes());
    Some(field.parameter("filename")?.text(Hints::default()).text)
}

#[test]
fn the_value_is_read_however_it_is_written() {
    for (field, value, charset) in [
        ("text/plain; charset=utf-8", "text/plain", Some("utf-8")),
        (
            " Text/Plain ;\r\n charset = \"utf-8\"",
            "text/plain",
            Some("utf-8"),
        ),
        (
            "text/plain; charset=\r\n\t\"windows-1251\"",
            "text/plain",
            Some("windows-1251"),
        ),
        ("text/plain charset=utf-8", "text/plain", Some("utf-8")),
        (
            "text/plain; charset=us-ascii (Plain text)",
            "text/plain",
            Some("us-ascii"),
        ),
        ("=?utf-8?Q?text/plain?=", "text/plain", None),
        ("text/html (comment); charset=x", "text/html", Some("x")),
        ("text; charset*=us-ascii'en'utf-8", "text", Some("utf-8")),
        ("text/plain; format=flowed; charset", "text/plain", None),
        ("", "", None),
        (";;=;", "", None),
    ] {
        let read = read_field(field.as_bytes());
        assert_eq!(
            (read.value.as_str(), read.word("charset").as_deref()),
            (value, charset),
            "{field}"
        );
    }
}

#[test]
fn a_file_name_is_read_in_all_its_forms() {
    for (field, expected) in [
        ("attachment; filename=a.pdf", "a.pdf"),
        ("attachment; filename=my file (1).pdf; size=5", "my file (1).pdf"),
        ("attachment; filename=my file.pdf size=5", "my file.pdf"),
        ("attachment; filename=\n \"a.pdf\"; size=5", "a.pdf"),
        ("attachment; filename=\"a;b=c.pdf\"", "a;b=c.pdf"),
        ("attachment; filename=\"say \\\"hi\\\".txt\"", "say \"hi\".txt"),
        (
            "attachment; filename=\"say \"hi\".txt\"; size=5",
            "say \"hi\".txt",
        ),
        ("attachment; filename=\"C:\\new\\a.pdf\"", "C:\\new\\a.pdf"),
        ("attachment; filename=\"a.pdf; size=5", "a.pdf"),
        ("attachment; filename=\"a\n b.pdf\"", "a b.pdf"),
        (
            "attachment; filename=\"=?utf-8?B?UmVjaG51bmcgTcM=?=\n =?utf-8?B?pHJ6LnBkZg==?=\"",
            "Rechnung M\u{e4}rz.pdf",
        ),
        ("attachment; filename==?utf-8?Q?M=C3=A4rz.pdf?=", "M\u{e4}rz.pdf"),
        (
            "attachment; filename=\"old.pdf\"; filename*=UTF-8''M%C3%A4rz.pdf",
            "M\u{e4}rz.pdf",
        ),
        (
            "attachment; filename*=UTF-8''M%C3%A4rz.pdf; filename=\"old.pdf\"",
            "M\u{e4}rz.pdf",
        ),
        (
            "attachment; filename*=\"iso-8859-1'de'M%E4rz.pdf\"",
            "M\u{e4}rz.pdf",
        ),
        (
            "attachment; filename*=windows-1251''%CF%F0%E8%E2%E5%F2.doc",
            "\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}.doc",
        ),
        (
            "attachment;\n filename*0*=utf-8''Rechnung%20M%C3;\n filename*1*=%A4rz.pdf",
            "Rechnung M\u{e4}rz.pdf",
        ),
        (
            "attachment; filename*1*=%A4rz; filename*2=.pdf; filename*0*=utf-8''M%C3",
            "M\u{e4}rz.pdf",
        ),
        (
            "attachment; filename*0=\"=?utf-8?Q?M=C3=A4?=\"; filename*1=\" =?utf-8?Q?rz.pdf?=\"",
            "M\u{e4}rz.pdf",
        ),
        (
            "attachment; filename*0=\"long\"; filename*1=\"er.pdf\"; filename=\"short.pdf\"",
            "longer.pdf",
        ),
        ("attachment; filename*=; filename=\"old.pdf\"", "old.pdf"),
        ("attachment; filename=\"100%.pdf\"", "100%.pdf"),
    ] {
        assert_eq!(name(field).as_deref(), Some(expected), "{field}");
    }
}

#[test]
fn a_raw_name_is_read_in_the_charset_beside() {
    let field = read_field(b"attachment; filename=\"\xcf\xf0\xe8\xe2\xe5\xf2.doc\"");
    let hints = Hints {
        beside: crate::charset::charset_of("windows-1251"),
        ..Hints::default()
    };
    let text = field.parameter("filename").unwrap().text(hints);
    assert_eq!(text.text, "\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}.doc");
    assert!(text.guessed.is_some());
}

proptest! {
    #[test]
    fn a_name_cut_into_segments_comes_back(
        name in "[a-zA-Z äöüßа-яあ-ん一-三😀 ]{1,24}",
        label in proptest::sample::select(vec!["utf-8", "windows-1251", "shift_jis", "gb18030", "iso-8859-1"]),
        cuts in proptest::collection::vec(1_usize..6, 0..12),
        folds in proptest::collection::vec(0_usize..4, 30),
    ) {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        let (bytes, _, unmappable) = encoding.encode(&name);
        prop_assume!(!unmappable);
        prop_assume!(encoding == encoding_rs::UTF_8 || bytes.is_ascii() || std::str::from_utf8(&bytes).is_err());
        let fold = |at: usize| ["", " ", "\r\n ", "\r\n\t"][folds[at % folds.len()]];
        let mut field = "attachment".to_owned();
        let mut rest: &[u8] = &bytes;
        for (at, cut) in cuts.into_iter().chain(std::iter::repeat(5)).enumerate() {
            if rest.is_empty() { break; }
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            rest = after;
            let start = if at == 0 { format!("{label}''") } else { String::new() };
            let data: String = piece.iter().map(|byte| format!("%{byte:02x}")).collect();
            field.push_str(&format!("{};{}filename*{at}*={}{start}{data}", fold(at), fold(at + 1), fold(at + 2)));
        }
        let field = read_field(field.as_bytes());
        prop_assert_eq!(field.parameter("filename").unwrap().text(Hints::default()).text, name);
    }

    #[test]
    fn a_quoted_name_comes_back(name in "[a-z;=()'* %]{0,20}[a-z]", fold in "( |\r\n |\r\n\t|)") {
        let field = read_field(format!("attachment;{fold}filename{fold}={fold}\"{name}\"{fold};{fold}size=5").as_bytes());
        let expected: String = name;
        prop_assert_eq!(field.parameter("filename").unwrap().text(Hints::default()).text, expected);
    }

    #[test]
    fn any_field_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..40), text in "(;|=|\"|\\*|filename|\\\\| |\r\n |%C3|''|=\\?|\\?=|[0-9]){0,30}") {
        let field = read_field(&[text.as_bytes(), &bytes, text.as_bytes()].concat());
        let _ = field.parameter("filename").map(|value| value.text(Hints::default()));
    }
}

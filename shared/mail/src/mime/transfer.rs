//! Transfer encodings (RFC 2045, section 6), read as far as they go.

use std::borrow::Cow;

use super::words::hex_byte;

/// Bytes as they were before the transfer.
pub(crate) struct Decoded<'a> {
    pub(crate) bytes: Cow<'a, [u8]>,
    /// Whether they are not what the encoding says.
    pub(crate) is_damaged: bool,
}

/// Undoes a transfer encoding by its name in lower case, in the spellings that are sent. An unknown one changes nothing.
pub(crate) fn decode<'a>(bytes: &'a [u8], encoding: &str) -> Decoded<'a> {
    let letters: String = encoding.chars().filter(char::is_ascii_alphanumeric).collect();
    match letters.as_str() {
        "base64" | "b64" => base64(bytes),
        name if name.starts_with("quoted") => Decoded {
            bytes: quoted_printable(bytes).into(),
            is_damaged: false,
        },
        _ => Decoded {
            bytes: bytes.into(),
            is_damaged: false,
        },
    }
}

/// Of so many bytes one may be no base64 in what is still taken for damaged base64, not for something else.
const BYTES_PER_STRAY: usize = 16;

fn base64(bytes: &[u8]) -> Decoded<'_> {
    let mut decoded = Vec::with_capacity(bytes.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0);
    let mut strays = 0;
    // Whether a space stands between letters: words have some, base64 has none.
    let mut after_space = false;
    for &byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                // Ends what stands before it: several texts may follow one another.
                held = 0;
                continue;
            }
            b' ' => {
                after_space = true;
                continue;
            }
            byte if byte.is_ascii_whitespace() => {
                after_space = false;
                continue;
            }
            _ => {
                strays += 1;
                continue;
            }
        };
        strays += usize::from(after_space && held > 0);
        after_space = false;
        bits = (bits << 6 | u32::from(value)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            decoded.push((bits >> held) as u8);
        }
    }
    if strays * BYTES_PER_STRAY > bytes.len() {
        return Decoded {
            bytes: before_words(bytes),
            is_damaged: true,
        };
    }
    Decoded {
        bytes: decoded.into(),
        is_damaged: strays > 0,
    }
}

/// Fewest letters before words that are taken for base64 to which somebody added them, as mailing lists do.
const MIN_BASE64_BYTES: usize = 24;

/// Bytes that are not base64, but for lines of it before what some program added.
fn before_words(bytes: &[u8]) -> Cow<'_, [u8]> {
    let is_base64 = |line: &&[u8]| {
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
        line.trim_ascii().iter().all(is_letter)
    };
    let lines = bytes.split_inclusive(|byte| *byte == b'\n').take_while(is_base64);
    let (encoded, words) = bytes.split_at(lines.map(<[u8]>::len).sum());
    if encoded.trim_ascii().len() < MIN_BASE64_BYTES {
        return bytes.into();
    }
    let decoded = base64(encoded);
    [&*decoded.bytes, b"\n", words].concat().into()
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii_end();
        // White space at the end of a line is the transport's, not the sender's.
        let end = &line[line
            .iter()
            .rposition(|byte| !matches!(byte, b'\r' | b'\n'))
            .map_or(0, |at| at + 1)..];
        let mut rest = text;
        let mut goes_on = false;
        while let Some((byte, after)) = rest.split_first() {
            rest = after;
            let hex = after.split_first_chunk::<2>().filter(|_| *byte == b'=');
            match hex.and_then(|(hex, tail)| Some((hex_byte(hex)?, tail))) {
                Some((byte, tail)) => {
                    decoded.push(byte);
                    rest = tail;
                }
                None if *byte == b'=' && after.is_empty() => goes_on = true,
                None => decoded.push(*byte),
            }
        }
        if !goes_on {
            decoded.extend_from_slice(end);
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::Engine;
    use proptest::prelude::*;

    fn check(encoding: &str, bytes: &str, expected: &str, is_damaged: bool) {
        let decoded = decode(bytes.as_bytes(), encoding);
        assert_eq!(
            (
                String::from_utf8_lossy(&decoded.bytes).as_ref(),
                decoded.is_damaged
            ),
            (expected, is_damaged),
            "{bytes}"
        );
    }

    #[test]
    fn transfer_encodings_are_undone() {
        check(
            "quoted-printable",
            "a=C3=BC=\r\nb \r\nc=20\r\n",
            "a\u{fc}b\r\nc \r\n",
            false,
        );
        check("quoted-printable", "1=2 =XY =", "1=2 =XY ", false);
        check("base64", "aGVs\r\nbG8=\r\n", "hello", false);
        check("base64", "aGVsbG8=\r\naGVsbG8=", "hellohello", false);
        check("base64", "  aGVs\r\n  bG8", "hello", false);
        check(
            "base64",
            "This is plain text, whatever its label says.",
            "This is plain text, whatever its label says.",
            true,
        );
        check(
            "base64",
            "aGVsbG8gaGVsbG8gaGVsbG8g*aGVsbG8=",
            "hello hello hello hello",
            true,
        );
        check(
            "base64",
            "aGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8=\r\n\r\n-- \r\nYou get this because you are on a list.",
            "hello hello hello hello\n-- \r\nYou get this because you are on a list.",
            true,
        );
        check("base-64", "aGVsbG8=", "hello", false);
        check("quoted_printable", "a=20", "a ", false);
        check("8bit", "a=20", "a=20", false);
    }

    proptest! {
        #[test]
        fn base64_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..200), width in 1_usize..80) {
            let encoded = ::base64::engine::general_purpose::STANDARD.encode(&bytes);
            let lines: Vec<&str> = encoded.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
            let decoded = lines.join("\r\n");
            let decoded = decode(decoded.as_bytes(), "base64");
            prop_assert!(!decoded.is_damaged);
            prop_assert_eq!(&*decoded.bytes, &*bytes);
        }
    }
}

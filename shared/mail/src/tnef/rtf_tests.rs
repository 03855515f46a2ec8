use proptest::prelude::*;

use super::*;

fn stored(rtf: &str) -> Vec<u8> {
    let mut packed = vec![0; 4];
    packed.extend(u32::try_from(rtf.len()).unwrap().to_le_bytes());
    packed.extend(UNCOMPRESSED.to_le_bytes());
    packed.extend([0; 4]);
    packed.extend(rtf.as_bytes());
    packed
}

fn check(rtf: &str, expected: Option<&str>) {
    assert_eq!(rtf_as_text(&stored(rtf)).as_deref(), expected, "{rtf}");
}

#[test]
fn formatting_is_left_out() {
    check(
        r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator x;}\f0\b Hello\b0  you\par a\{b\}\par}",
        Some("Hello you\na{b}\n"),
    );
}

#[test]
fn characters_beyond_ascii_are_read() {
    check(
        r"{\rtf1\ansi\ansicpg1251 \'cf\'f0\u1080?\uc0\u1074}",
        Some("Прив"),
    );
}

#[test]
fn tags_of_html_within_are_left_out() {
    check(
        r"{\rtf1\fromhtml1 {\*\htmltag64 <p>}Hello\htmlrtf \par \htmlrtf0 {\*\htmltag72 </p>}}",
        Some("Hello\n"),
    );
}

#[test]
fn what_is_no_rtf_has_no_text() {
    check("hello", None);
    check(r"{\rtf1 }", None);
    assert_eq!(rtf_as_text(b""), None);
}

/// The example of [MS-OXRTFCP] section 3.1.
#[test]
fn the_example_of_the_specification_is_unpacked() {
    let packed = b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\n\0rcpg125B2\n\xf3 hel\t\0 bw\x05\xb0ld}\n\x80\x0f\xa0";
    assert_eq!(
        unpack(packed)
            .map(|rtf| String::from_utf8(rtf).unwrap())
            .as_deref(),
        Some("{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n")
    );
}

#[test]
fn more_than_is_unpacked_is_cut() {
    let mut packed = vec![0xff; 16];
    packed[8..12].copy_from_slice(&COMPRESSED.to_le_bytes());
    packed.extend([0].repeat(2 * MAX_RTF_BYTES));
    assert_eq!(unpack(&packed).unwrap().len(), MAX_RTF_BYTES);
    check(&format!("{{\\rtf1 {}x", "{".repeat(1_000_000)), None);
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400), rtf in r"[\\{}'a-z0-9 *-]{0,200}") {
        let mut packed = vec![0, 0, 0, 0, 0xff, 0xff, 0, 0];
        packed.extend(COMPRESSED.to_le_bytes());
        packed.extend([0; 4]);
        packed.extend(bytes);
        let _ = unpack(&packed);
        let _ = rtf_as_text(&stored(&format!("{{\\rtf1 {rtf}")));
    }
}

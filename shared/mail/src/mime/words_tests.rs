use super::*;
use base64::Engine;
use proptest::prelude::*;

fn text(value: &str) -> String {
    decode_words(value.as_bytes(), Hints::default()).text
}

#[test]
fn letters_cut_between_words_are_whole() {
    for (value, expected) in [
        ("=?utf-8?Q?M=C3?= =?utf-8?Q?=BCller?=", "M\u{fc}ller"),
        ("=?utf-8?Q?M=C3?=\r\n\t=?UTF8?B?vGxsZXI=?=", "M\u{fc}ller"),
        ("=?utf-8?Q?M=C3?==?utf-8?Q?=BCller?=", "M\u{fc}ller"),
        ("=?utf-8?B?TcO?= =?utf-8?B?8bGxlcg==?=", "M\u{fc}ller"),
        (
            "=?gb2312?B?ztLSqs3Lu/Wj?=\r\n =?gb2312?B?rMfru9i4tA==?=",
            "\u{6211}\u{8981}\u{9000}\u{8d27}\u{ff0c}\u{8bf7}\u{56de}\u{590d}",
        ),
        (
            "=?iso-2022-jp?B?GyRCSlZJSiQ3JD8=?= =?iso-2022-jp?B?JCQbKEI=?=",
            "\u{8fd4}\u{54c1}\u{3057}\u{305f}\u{3044}",
        ),
    ] {
        assert_eq!(text(value), expected, "{value}");
    }
}

#[test]
fn words_and_text_keep_the_space_between_them() {
    for (value, expected) in [
        ("Re: =?utf-8?Q?=C3=BC?= b", "Re: \u{fc} b"),
        ("=?utf-8?Q?a?= =?iso-8859-1?Q?=FC?= c", "a\u{fc} c"),
        ("a\r\n b", "a b"),
        ("[=?utf-8?Q?a?=] (=?utf-8?Q?b?=)", "[a] (b)"),
        (
            "=?utf-8*de?Q?Gr=C3=BC=C3=9Fe_an_alle?=",
            "Gr\u{fc}\u{df}e an alle",
        ),
        ("=?utf-8?Q?Hello World?=", "Hello World"),
        ("=?utf-8?Q??=", ""),
        ("", ""),
    ] {
        assert_eq!(text(value), expected, "{value}");
    }
}

#[test]
fn what_is_no_word_stays() {
    for value in [
        "=?",
        "=?utf-8?",
        "=?utf-8?X?a?=",
        "=?utf-8?Q?a",
        "a =? b",
        "1 =?= 2",
        "=?a b?Q?c?=",
    ] {
        assert_eq!(text(value), value);
    }
    assert_eq!(text("=?utf-8?Q?a =?utf-8?Q?b?="), "=?utf-8?Q?a b");
}

#[test]
fn raw_letters_are_read_beside_words() {
    let value = b"Gr\xfc\xdfe =?utf-8?Q?=E2=82=AC?=";
    let text = decode_words(value, Hints::default());
    assert_eq!(text.text, "Gr\u{fc}\u{df}e \u{20ac}");
    assert_eq!(text.guessed.as_deref(), Some("windows-1252"));
}

#[test]
fn a_group_becomes_one_word() {
    let (written, _) = one_word_each(
        b"=?utf-8?Q?M=C3?= =?utf-8?Q?=BC?= <a@b.example>",
        Hints::default(),
    );
    assert_eq!(
        String::from_utf8(written).unwrap(),
        "=?utf-8?B?TcO8?= <a@b.example>"
    );
}

/// Writes bytes as words, cut at the given places.
fn words(label: &str, bytes: &[u8], cuts: &[(usize, bool, usize)]) -> String {
    let mut written = String::new();
    let mut rest = bytes;
    for (length, is_base64, space) in cuts.iter().copied().chain(std::iter::repeat((7, true, 1))) {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at(length.clamp(1, rest.len()));
        rest = after;
        let data = if is_base64 {
            base64::engine::general_purpose::STANDARD.encode(piece)
        } else {
            piece.iter().map(|byte| format!("={byte:02X}")).collect()
        };
        if !written.is_empty() {
            written.push_str(["\r\n ", " ", "\r\n\t", ""][space % 4]);
        }
        written.push_str(&format!(
            "=?{label}?{}?{data}?=",
            if is_base64 { 'B' } else { 'q' }
        ));
    }
    written
}

proptest! {
    #[test]
    fn text_cut_anywhere_comes_back(
        text in "[ -~äöüßéа-яα-ωあ-ん一-三가-각😀-😎]{1,40}",
        label in proptest::sample::select(vec!["utf-8", "UTF-8", "windows-1251", "gb18030", "shift_jis", "euc-kr", "big5"]),
        cuts in proptest::collection::vec((1_usize..12, any::<bool>(), 0_usize..4), 0..20),
    ) {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        let (bytes, _, unmappable) = encoding.encode(&text);
        prop_assume!(!unmappable);
        prop_assume!(encoding == encoding_rs::UTF_8 || bytes.is_ascii() || std::str::from_utf8(&bytes).is_err());
        let value = words(label, &bytes, &cuts);
        prop_assert_eq!(decode_words(value.as_bytes(), Hints::default()).text, text);
    }

    #[test]
    fn any_value_is_read(value in proptest::collection::vec(any::<u8>(), 0..80), words in "(=\\?|utf-8|\\?Q\\?|\\?B\\?|\\?=| |=|[a-z]){0,20}") {
        let _ = decode_words(&[value.as_slice(), words.as_bytes()].concat(), Hints::default());
        let _ = one_word_each(&[words.as_bytes(), value.as_slice()].concat(), Hints::default());
    }
}

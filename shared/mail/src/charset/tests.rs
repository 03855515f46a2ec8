use super::doubt::MIN_FOREIGN_BYTES;
use super::*;
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, GB18030, ISO_8859_2, ISO_8859_7, KOI8_R, SHIFT_JIS, WINDOWS_1251, WINDOWS_1253,
};
use proptest::prelude::*;

fn read(bytes: &[u8], labels: &[&str]) -> Reading {
    read_bytes(bytes, labels, Hints::default())
}

fn check(bytes: &[u8], label: &str, expected: &str) {
    let reading = read(bytes, &[label]);
    assert_eq!(
        (reading.text.as_str(), reading.lost, reading.is_guess),
        (expected, 0, false),
        "{label}"
    );
}

#[test]
fn stated_charsets_are_believed() {
    check(b"Gr\x81\xe1e", "cp437", "Gr\u{fc}\u{df}e");
    check(b"P\xfd\xa1li\xe7", "cp852", "P\u{159}\u{ed}li\u{161}");
    check(b"\xd5 5", "cp858", "\u{20ac} 5");
    check(b"\xd5 5", "cp850", "\u{131} 5");
    check(b"\x95\xd4\x95i\x87@", "cp932", "\u{8fd4}\u{54c1}\u{2460}");
    check(b"\xb6\xca", "ms949", "\u{b618}");
    check(b"Gr\xfc\xdfe \x80", "windows1252", "Gr\u{fc}\u{df}e \u{20ac}");
    check(b"~{NRR*~}", "hz-gb-2312", "\u{6211}\u{8981}");
    check(b"\x1b$)C\x0eAV9.\x0f", "iso-2022-kr", "\u{c8fc}\u{bb38}");
    check("Gr\u{fc}\u{df}e".as_bytes(), "utf-8", "Gr\u{fc}\u{df}e");
    check(b"Gr+APwA3w-e", "utf-7", "Gr\u{fc}\u{df}e");
    check(b"a\\b", "shift_jis", "a\\b");
}

#[test]
fn a_text_without_a_label_is_guessed() {
    for label in [
        None,
        Some("x-unknown"),
        Some("us-ascii"),
        Some("utf-8"),
        Some("8bit"),
    ] {
        let labels: Vec<&str> = label.into_iter().collect();
        let reading = read(b"Gr\xfc\xdfe aus K\xf6ln", &labels);
        assert_eq!(reading.text, "Gr\u{fc}\u{df}e aus K\u{f6}ln", "{label:?}");
        assert_eq!(reading.guessed().as_deref(), Some("windows-1252"), "{label:?}");
    }
}

#[test]
fn utf_8_behind_another_label_is_read() {
    let bytes = "Gr\u{fc}\u{df}e".as_bytes();
    for (label, is_guess) in [
        ("us-ascii", false),
        ("iso-8859-1", true),
        ("windows-1251", true),
        ("utf-16", true),
        ("big5", true),
    ] {
        let reading = read(bytes, &[label]);
        assert_eq!(
            (reading.text.as_str(), reading.is_guess),
            ("Gr\u{fc}\u{df}e", is_guess),
            "{label}"
        );
    }
    assert!(!read(bytes, &[]).is_guess);
}

#[test]
fn utf_8_behind_a_double_byte_label_is_read_unless_it_is_chance() {
    for label in ["gb2312", "shift_jis", "euc-kr", "big5"] {
        assert_eq!(
            read("Gr\u{fc}\u{df}e".as_bytes(), &[label]).text,
            "Gr\u{fc}\u{df}e",
            "{label}"
        );
        let russian = "\u{43f}\u{440}\u{438}\u{432}\u{435}\u{442}";
        assert_eq!(read(russian.as_bytes(), &[label]).text, russian, "{label}");
    }
    // One letter of Chinese, which is UTF-8 too.
    assert_eq!(read(b"\xcd\xa8", &["gb2312"]).text, "\u{901a}");
}

#[test]
fn a_language_of_the_east_behind_a_western_label_is_seen() {
    for (encoding, text) in [
        (
            encoding_rs::WINDOWS_1250,
            "Dobr\u{fd} den, z\u{e1}silka dorazila po\u{161}kozen\u{e1}, \u{17e}\u{e1}d\u{e1}m o vr\u{e1}cen\u{ed} pen\u{11b}z",
        ),
        (
            ISO_8859_2,
            "Dzie\u{144} dobry, przesy\u{142}ka dotar\u{142}a uszkodzona, prosz\u{119} o zwrot pieni\u{119}dzy",
        ),
        (
            WINDOWS_1254,
            "Merhaba, kargo hasarl\u{131} geldi, param\u{131} geri istiyorum. Te\u{15f}ekk\u{fc}rler",
        ),
    ] {
        let (bytes, ..) = encoding.encode(text);
        assert_eq!(read(&bytes, &["iso-8859-1"]).text, text);
    }
    for text in [
        "Sehr geehrte Damen und Herren, die Lieferung ist besch\u{e4}digt. Gr\u{fc}\u{df}e aus K\u{f6}ln, 5 m\u{b3}/h, \u{bd} Euro",
        "\u{bf}D\u{f3}nde est\u{e1} mi pedido? \u{a1}Lleg\u{f3} da\u{f1}ado! El n\u{ba} es 5\u{aa}",
        "L\u{2019}\u{e9}t\u{e9} dernier, \u{e7}a marchait. \u{c0} bient\u{f4}t",
        "G\u{f3}\u{f0}an dag, pakkinn er skemmdur og \u{e9}g vil f\u{e1} endurgrei\u{f0}slu. \u{de}akka \u{fe}\u{e9}r fyrir",
    ] {
        let (bytes, ..) = WINDOWS_1252.encode(text);
        let reading = read(&bytes, &["iso-8859-1"]);
        assert_eq!((reading.text.as_str(), reading.is_guess), (text, false));
    }
}

#[test]
fn texts_from_before_windows_are_guessed() {
    for (label, bytes, expected) in [
        (
            "code page 850",
            &b"Die Lieferung ist besch\x84digt. Gr\x81\xe1e aus K\x94ln"[..],
            "Die Lieferung ist besch\u{e4}digt. Gr\u{fc}\u{df}e aus K\u{f6}ln",
        ),
        (
            "macintosh",
            b"Die Lieferung ist besch\x8adigt. Gr\x9f\xa7e aus K\x9aln",
            "Die Lieferung ist besch\u{e4}digt. Gr\u{fc}\u{df}e aus K\u{f6}ln",
        ),
        (
            "code page 852",
            b"przesy\x88ka dotar\x88a uszkodzona, prosz\xa9 o zwrot pieni\xa9dzy",
            "przesy\u{142}ka dotar\u{142}a uszkodzona, prosz\u{119} o zwrot pieni\u{119}dzy",
        ),
    ] {
        for labels in [&[][..], &["us-ascii"], &["utf-8"], &["iso-8859-1"]] {
            let reading = read(bytes, labels);
            assert_eq!(
                (reading.text.as_str(), reading.guessed().as_deref()),
                (expected, Some(label)),
                "{labels:?}"
            );
        }
    }
    for text in [
        "L\u{2019}\u{e9}t\u{e9} \u{e0} K\u{f6}ln\u{2013}Bonn",
        "O\u{b4}Neill, 5 m\u{b2}, col\u{b7}lecci\u{f3}",
        "\u{201e}Gr\u{fc}\u{df}e\u{201c}",
        "well\u{2026}but \u{a7}5, A\u{20ac}\u{e0}",
    ] {
        let (bytes, ..) = WINDOWS_1252.encode(text);
        assert_eq!(read(&bytes, &[]).text, text);
        assert!(!read(&bytes, &["windows-1252"]).is_guess, "{text}");
    }
}

#[test]
fn short_words_of_the_west_are_guessed() {
    for text in [
        "na\u{ef}ve",
        "Gr\u{fc}\u{df}e",
        "M\u{fc}ller",
        "Caf\u{e9}",
        "\u{c7}a va?",
        "se\u{f1}or",
        "\u{c7}ok iyi",
    ] {
        let (bytes, ..) = WINDOWS_1252.encode(text);
        assert_eq!(read(&bytes, &[]).text, text);
    }
}

#[test]
fn the_second_label_counts_where_the_first_is_wrong() {
    let bytes = b"\xcf\xf0\xe8\xe2\xe5\xf2";
    let reading = read(bytes, &["utf-8", "windows-1251"]);
    assert_eq!(
        (reading.text.as_str(), reading.is_guess),
        ("\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}", false)
    );
}

#[test]
fn another_alphabet_behind_a_western_label_is_seen() {
    let (bytes, ..) = WINDOWS_1251.encode("\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}, \u{43d}\u{443}\u{436}\u{435}\u{43d} \u{432}\u{43e}\u{437}\u{432}\u{440}\u{430}\u{442}");
    let reading = read(&bytes, &["iso-8859-1"]);
    assert_eq!(
        (reading.charset, reading.is_guess),
        (Charset::Standard(WINDOWS_1251), true)
    );
}

#[test]
fn a_damaged_text_stays_in_its_charset() {
    let whole = "\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}".as_bytes();
    let reading = read(&whole[..whole.len() - 1], &["utf-8"]);
    assert_eq!(
        (reading.text.as_str(), reading.lost, reading.is_guess),
        ("\u{41f}\u{440}\u{438}\u{432}\u{435}\u{fffd}", 1, false)
    );
    // What came broken is not lost here.
    assert_eq!(read("a\u{fffd}".as_bytes(), &["utf-8"]).lost, 0);
}

#[test]
fn a_mark_says_what_a_text_is() {
    assert_eq!(read(b"\xff\xfeG\0\xfc\0", &["utf-8"]).text, "G\u{fc}");
    assert_eq!(read(b"\xef\xbb\xbfG\xc3\xbc", &["latin1"]).text, "G\u{fc}");
    assert_eq!(read(b"\xff\xfe\0\0G\0\0\0", &[]).text, "G");
}

#[test]
fn escape_sequences_say_what_seven_bit_text_is() {
    for label in ["us-ascii", "utf-8", "iso-8859-1"] {
        let reading = read(b"\x1b$BJVIJ\x1b(B", &[label]);
        assert_eq!(
            (reading.text.as_str(), reading.is_guess),
            ("\u{8fd4}\u{54c1}", true),
            "{label}"
        );
    }
}

#[test]
fn the_sender_s_country_helps() {
    let (bytes, ..) = ISO_8859_2.encode("P\u{159}\u{ed}li\u{161} \u{17e}lu\u{165}ou\u{10d}k\u{fd}");
    let hints = Hints {
        top_level_domain: Some("cz"),
        ..Hints::default()
    };
    let reading = read_bytes(&bytes, &[], hints);
    assert_eq!(
        reading.text,
        "P\u{159}\u{ed}li\u{161} \u{17e}lu\u{165}ou\u{10d}k\u{fd}"
    );
    for odd in ["", "CZ", "xn--p1ai", "c.z", "\u{fc}"] {
        let hints = Hints {
            top_level_domain: Some(odd),
            ..Hints::default()
        };
        assert!(read_bytes(&bytes, &[], hints).is_guess);
    }
}

#[test]
fn long_texts_of_many_languages_are_guessed() {
    for (encoding, text) in [
        (
            WINDOWS_1251,
            "Здравствуйте, мой заказ пришёл повреждённым, прошу вернуть деньги",
        ),
        (
            KOI8_R,
            "Здравствуйте, мой заказ пришёл повреждённым, прошу вернуть деньги",
        ),
        (WINDOWS_1253, "Καλημέρα, η παραγγελία μου δεν έφτασε ακόμα"),
        (
            SHIFT_JIS,
            "お世話になっております。注文した商品が届きません。ご確認をお願いします。",
        ),
        (
            EUC_JP,
            "お世話になっております。注文した商品が届きません。ご確認をお願いします。",
        ),
        (
            GB18030,
            "您好，我的订单还没有收到，请帮我查询一下物流信息，谢谢。",
        ),
        (BIG5, "您好，我的訂單還沒有收到，請幫我查詢一下物流資訊，謝謝。"),
        (
            EUC_KR,
            "안녕하세요, 주문한 상품이 아직 도착하지 않았습니다. 확인 부탁드립니다.",
        ),
    ] {
        let (bytes, _, unmappable) = encoding.encode(text);
        assert!(!unmappable, "{text}");
        assert_eq!(read(&bytes, &[]).text, text, "{}", encoding.name());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_under_any_label(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        label in "(utf-(7|8|16|32)|iso-2022-(jp|kr)|hz|cp(437|864|932|949)|big5|[a-z0-9:*_-]{0,12})",
    ) {
        let reading = read(&bytes, &[&label]);
        prop_assert!(reading.text.len() <= bytes.len() * 3 + 3);
    }

    #[test]
    fn what_a_charset_writes_it_reads(
        text in "[a-zäöüß]{0,4} [а-яё]{0,4} [α-ω]{0,3} [あ-ん]{0,3} [一-三]{0,3} [가-각]{0,3}",
        encoding in proptest::sample::select(vec![WINDOWS_1252, WINDOWS_1251, ISO_8859_7, SHIFT_JIS, EUC_JP, EUC_KR, GB18030, BIG5, UTF_8]),
    ) {
        let (bytes, _, unmappable) = encoding.encode(&text);
        // One letter of Greek or Cyrillic can be UTF-8 by chance.
        prop_assume!(!unmappable && (encoding == UTF_8 || std::str::from_utf8(&bytes).is_err()));
        prop_assume!(encoding != WINDOWS_1252 || bytes.iter().filter(|b| !b.is_ascii()).count() < MIN_FOREIGN_BYTES);
        let reading = read(&bytes, &[encoding.name()]);
        prop_assert_eq!(reading.text, text);
    }
}

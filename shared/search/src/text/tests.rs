use super::*;
use proptest::prelude::*;

/// The words at each place, joined by `|`; places by spaces.
fn cut(text: &str) -> String {
    let mut out = String::new();
    let mut last = None;
    for token in words(text) {
        match last {
            None => {}
            Some(position) if position == token.position => out.push('|'),
            Some(_) => out.push(' '),
        }
        out.push_str(&token.text);
        last = Some(token.position);
    }
    out
}

#[test]
fn words_of_scripts_with_spaces() {
    for (text, expected) in [
        ("Please upgrade my Account!", "please upgrade my account"),
        ("Straße STRASSE", "strasse strasse"),
        ("Müller, Størst", "muller|mueller storst|stoerst"),
        ("Crème brûlée", "creme brulee"),
        ("İSTANBUL ısı", "istanbul isi"),
        ("Ёлка мой Їжак Привет", "елка мой їжак привет"),
        ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("don't l’eau", "don|dont t l|leau eau"),
        ("हिन्दी में", "हिन्दी में"),
        ("", ""),
        ("?! — …", ""),
        ("soft\u{ad}hyphen", "softhyphen"),
    ] {
        assert_eq!(cut(text), expected, "{text}");
    }
}

#[test]
fn arabic_and_hebrew_are_found_without_their_points() {
    assert_eq!(cut("مُحَمَّد"), cut("محمد"));
    assert_eq!(cut("أحمد إلى مدرسة"), cut("احمد الي مدرسه"));
    assert_eq!(cut("می\u{200c}خواهم"), cut("ميخواهم"));
    assert_eq!(cut("٠١٢٣"), "0123");
    assert_eq!(cut("שָׁלוֹם"), cut("שלום"));
}

#[test]
fn scripts_without_spaces_are_cut_into_pairs() {
    for (text, expected) in [
        ("東京都", "東京 京都 都"),
        ("海", "海"),
        ("ﾊﾟｽﾜｰﾄﾞ", "パス スワ ワー ード ド"),
        ("パスワード", "パス スワ ワー ード ド"),
        ("iPhone用", "iphone 用"),
        ("第3章", "第 3 章"),
        ("고객센터", "고객 객센 센터 터"),
        ("山田 太郎", "山田 田|田太 太郎 郎"),
        ("払い\r\n戻し", "払い い|い戻 戻し し"),
        ("時々", "時々 々"),
    ] {
        assert_eq!(cut(text), expected, "{text}");
    }
}

#[test]
fn vowel_signs_and_tones_of_thai_khmer_burmese_and_lao_stay() {
    assert_eq!(cut("กิน"), "กิน น");
    assert_ne!(cut("ข้าว"), cut("ขาว"));
    assert_eq!(cut("น้ำ"), cut("น\u{e49}\u{e4d}\u{e32}").replace("  ", " "));
    assert_ne!(cut("កា"), cut("កី"));
    assert!(cut("ភាសាខ្មែរ").split(' ').count() >= 4);
    assert!(cut("မြန်မာ").split(' ').count() >= 2);
    assert!(cut("ພາສາລາວ").split(' ').count() >= 4);
    assert_eq!(cut("ភាសា\u{200b}ខ្មែរ"), cut("ភាសាខ្មែរ"));
}

#[test]
fn order_numbers_and_names_are_found_whole_and_by_parts() {
    assert_eq!(cut("AB-1234"), "ab|ab1234 1234");
    assert_eq!(cut("AB‑1234"), cut("AB-1234"));
    assert_eq!(cut("O'Brien"), "o|obrien brien");
    assert_eq!(cut("v1.2.3"), "v1|v123 2 3");
    assert_eq!(cut("e.g. this"), "e g this");
}

#[test]
fn an_address_is_found_whole_and_by_parts() {
    assert_eq!(
        cut("<Jane.Doe@Example.com>"),
        "jane|jane.doe@example.com doe example com"
    );
    assert_eq!(
        cut("https://shop.example/orders?id=AB-1234"),
        "https shop example orders id ab|ab1234 1234"
    );
}

#[test]
fn telephone_numbers_are_found_however_they_are_grouped() {
    assert_eq!(cut("+49 (0)30 123-456"), "49|4930123456 0 30 123|123456 456");
    assert_eq!(cut("+4930123456"), "4930123456");
    assert_eq!(cut("(415) 418-7506"), "415|4154187506 418|4187506 7506");
    assert_eq!(cut("0049 30123456"), "0049|4930123456 30123456");
    assert_eq!(cut("1 22 333"), "1 22 333");
    assert_eq!(digits_of("+49 (0)30 / 12 34 56"), "4930123456");
    assert_eq!(digits_of("0049 30 123456"), "4930123456");
    let ends: Vec<_> = ends_of_number("4930123").collect();
    assert_eq!(ends, ["4930123", "930123", "30123"]);
}

#[test]
fn a_long_word_is_found_by_its_beginning_and_no_token_is_longer_than_may_be() {
    let token = words(&"ü".repeat(100)).remove(0);
    assert_eq!(token.text, "u".repeat(LONGEST_TOKEN_BYTES));
    let token = words(&"ж".repeat(100)).remove(0);
    assert_eq!(token.text, "ж".repeat(LONGEST_TOKEN_BYTES / 2));
}

#[test]
fn comments_lie_far_apart() {
    let tokens = words_of_all(["one two", "", "three"]);
    let places: Vec<_> = tokens.iter().map(|token| token.position).collect();
    assert_eq!(places, [0, 1, 2 + GAP]);
}

#[test]
fn a_term_that_is_compared_as_a_whole_keeps_its_signs() {
    assert_eq!(fold_exactly("  Très_VIP:  Ａ "), "tres_vip: a");
}

proptest! {
    #[test]
    fn whatever_the_text_tokens_are_bounded_and_in_order(text in any::<String>()) {
        let tokens = words(&text);
        prop_assert!(tokens.iter().all(|token| (1..=LONGEST_TOKEN_BYTES).contains(&token.text.len())));
        prop_assert!(tokens.is_sorted_by_key(|token| token.position));
        for piece in pieces(&text) {
            prop_assert!(text.get(piece.from..piece.to).is_some());
        }
    }

    #[test]
    fn folding_what_is_folded_changes_nothing(text in "[a-zA-ZäöüßéžøЁйΣς٣あガ한中กิ -]{0,20}") {
        let once = fold_exactly(&text);
        prop_assert_eq!(fold_exactly(&once), once);
    }
}

//! Which letters are the same to somebody who searches.
//!
//! A mark is left out where people write the word without it, too: accents of Latin and Greek, the stress and the dots of `ё` in
//! Cyrillic, vowel points of Arabic and Hebrew. It stays where it makes another letter or is the vowel: the breve of `й`, the dots
//! of `ї`, the voicing of kana, the vowel signs and tones of Thai, Khmer, Devanagari and their relatives.

use unicode_script::{Script, UnicodeScript};

/// What a letter turns into.
pub(super) enum Letter {
    /// Itself.
    Same,
    /// Another.
    Is(char),
    /// Two.
    Two(&'static str),
    /// Nothing: it is not to be seen.
    Nothing,
}

/// The letter that stands for one in lower case and without marks.
pub(super) fn letter(c: char) -> Letter {
    match c {
        'ς' => Letter::Is('σ'),
        'ı' => Letter::Is('i'),
        'ß' => Letter::Two("ss"),
        'æ' => Letter::Two("ae"),
        'œ' => Letter::Two("oe"),
        'þ' => Letter::Two("th"),
        'ø' => Letter::Is('o'),
        'ł' => Letter::Is('l'),
        'đ' | 'ð' => Letter::Is('d'),
        'ħ' => Letter::Is('h'),
        'ŧ' => Letter::Is('t'),
        // Arabic: what is written for one another, in Persian and Urdu, too
        '\u{0649}' | '\u{06cc}' => Letter::Is('\u{064a}'),
        '\u{06a9}' => Letter::Is('\u{0643}'),
        '\u{0629}' | '\u{06c1}' => Letter::Is('\u{0647}'),
        '\u{0671}' => Letter::Is('\u{0627}'),
        '\u{2010}' | '\u{2011}' | '\u{2212}' => Letter::Is('-'),
        '\u{2018}' | '\u{2019}' | '\u{02bc}' => Letter::Is('\''),
        c if is_invisible(c) => Letter::Nothing,
        c => digit(c).map_or(Letter::Same, Letter::Is),
    }
}

/// Whether a mark is left out above or below this letter.
pub(super) fn is_left_out(mark: char, letter: char) -> bool {
    match mark {
        '\u{0300}'..='\u{036f}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20f0}'
        | '\u{fe20}'..='\u{fe2f}' => !matches!((letter, mark), ('и' | 'у', '\u{0306}') | ('і', '\u{0308}')),
        // hamza and madda: of alef only, as it is written without them
        '\u{0653}'..='\u{0655}' => letter == '\u{0627}',
        '\u{0610}'..='\u{061a}'
        | '\u{064b}'..='\u{0652}'
        | '\u{0656}'..='\u{065f}'
        | '\u{0670}'
        | '\u{06d6}'..='\u{06dc}'
        | '\u{06df}'..='\u{06e4}'
        | '\u{06e7}'
        | '\u{06e8}'
        | '\u{06ea}'..='\u{06ed}'
        | '\u{08d3}'..='\u{08ff}' => true,
        '\u{0591}'..='\u{05bd}'
        | '\u{05bf}'
        | '\u{05c1}'
        | '\u{05c2}'
        | '\u{05c4}'
        | '\u{05c5}'
        | '\u{05c7}' => true,
        _ => false,
    }
}

/// The letter that follows where a letter with a mark is spelled out: `ü` is `ue`, `å` is `aa`.
pub(super) fn spelled_out(letter: char, mark: Option<char>) -> Option<char> {
    match (letter, mark) {
        ('a' | 'o' | 'u', Some('\u{0308}')) | ('ø', None) => Some('e'),
        ('a', Some('\u{030a}')) => Some('a'),
        _ => None,
    }
}

/// Whether the script of this letter or mark has no spaces between words, or none that can be relied on.
pub(super) fn is_unspaced(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    if matches!(c, '\u{30fc}' | '\u{3099}' | '\u{309a}' | '\u{3006}') {
        return true;
    }
    matches!(
        c.script(),
        Script::Han
            | Script::Hiragana
            | Script::Katakana
            | Script::Bopomofo
            | Script::Hangul
            | Script::Yi
            | Script::Thai
            | Script::Lao
            | Script::Khmer
            | Script::Myanmar
            | Script::Tibetan
            | Script::Tai_Le
            | Script::New_Tai_Lue
            | Script::Tai_Tham
            | Script::Tai_Viet
            | Script::Javanese
            | Script::Balinese
    )
}

/// Whether folding leaves a character of its own as it is: the many of East Asia, so that they are not taken apart first.
pub(super) fn is_plain(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}')
}

/// Whether nothing is to be seen of it, so nobody types it (Unicode: Default_Ignorable_Code_Point, and the Arabic lengthening).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{0640}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The zeros of the scripts whose digits are not those of ASCII (Unicode: Nd). The other nine follow each.
const ZEROS: &[u32] = &[
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50,
    0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810,
];

fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

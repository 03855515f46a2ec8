//! The name by which a person is greeted.
//!
//! A name comes as programs and people write it: `Müller, Anna`, `Dr. Anna Weiss`, `ANNA (Acme)`, an address. What can't
//! be made out is nothing: a greeting without a name is better than one with a wrong one.

use super::words::{
    ADDRESSES, BEFORE_A_COMPANY, COMPANIES, NOBODY, OF_A_TITLE, OFFICES, SUFFIXES, TITLES, is_among,
};

/// Most characters of a name that are looked at: as many as a person's name has.
const MOST_CHARACTERS: usize = 255;
/// Longest first name in characters. What is longer is a sentence.
const LONGEST_FIRST_NAME: usize = 40;
/// Fewest letters of a first name: one is an initial.
const FEWEST_LETTERS: usize = 2;
const QUOTES: [char; 13] = ['"', '\'', '`', '´', '“', '”', '„', '‘', '’', '‚', '«', '»', '*'];

/// The first name in a name; nothing where there is none, or none can be told from the rest.
pub(super) fn first_name(name: &str) -> Option<String> {
    let name: String = name.chars().take(MOST_CHARACTERS).collect();
    let bare = without_brackets(&name);
    let parts = bare.split([',', '，']).map(words);
    let parts: Vec<Vec<&str>> = parts.filter(|part| !part.is_empty()).collect();
    let (first, others) = parts.split_first()?;
    // `Acme, Inc.`
    if parts
        .iter()
        .any(|part| part.iter().all(|word| is_of_a_company(word)))
    {
        return None;
    }
    // `Müller, Anna`: what follows the comma, unless that is a title, a suffix or a company.
    let is_given = |part: &&Vec<&str>| !is_company(part) && part.iter().any(|word| is_of_a_name(word));
    let given = others.iter().find(is_given);
    let part = given.unwrap_or(first);
    if is_company(part) {
        return None;
    }
    if part.iter().all(|word| is_unspaced_script(word)) {
        return usable(&part.join(" "));
    }
    let is_family_first = given.is_some();
    let mut names = part.iter().filter(|word| is_of_a_name(word));
    let is_shouted = names.clone().count() > 0 && names.all(|word| is_in_capitals(word));
    let word = pick(part, is_family_first, is_shouted)?;
    let is_spoken = is_shouted && (part.len() > 1 || is_longer_than_initials(word));
    usable(&if is_spoken { spoken(word) } else { word.to_owned() })
}

/// A name without what stands in brackets, whatever is missing of them.
fn without_brackets(name: &str) -> String {
    let mut depth = 0_usize;
    let mut bare = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '(' | '[' | '{' | '<' | '（' | '【' => {
                depth += 1;
                bare.push(' ');
            }
            ')' | ']' | '}' | '>' | '）' | '】' => depth = depth.saturating_sub(1),
            character if depth == 0 => bare.push(character),
            _ => {}
        }
    }
    bare
}

/// The words of a part of a name, without quotes, and without the company that follows.
fn words(part: &str) -> Vec<&str> {
    let words = part.split_whitespace();
    let is_last_before = |(index, word): &(usize, &str)| *index > 0 && is_among(BEFORE_A_COMPANY, word);
    let end = words
        .clone()
        .enumerate()
        .find(is_last_before)
        .map(|(index, _)| index);
    words
        .take(end.unwrap_or(usize::MAX))
        .map(|word| word.trim_matches(|c| QUOTES.contains(&c) || is_symbol(c)))
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_of_a_company(word: &str) -> bool {
    is_among(COMPANIES, word)
}

/// Whether the words name a company or an office.
fn is_company(part: &[&str]) -> bool {
    let begins = |word: &&str| is_among(NOBODY, word) || is_among(OFFICES, word);
    part.iter().any(|word| is_of_a_company(word))
        || part.first().is_some_and(begins)
        || part.last().is_some_and(|word| is_among(OFFICES, word))
}

/// Whether it is a word of a name rather than something that stands beside one.
fn is_of_a_name(word: &str) -> bool {
    !is_among(TITLES, word) && !is_among(ADDRESSES, word) && !is_among(SUFFIXES, word)
}

/// The word of a name by which a person is greeted.
fn pick<'w>(part: &[&'w str], is_family_first: bool, is_shouted: bool) -> Option<&'w str> {
    let is_title = |(index, word): &(usize, &&str)| {
        is_among(TITLES, word) || is_among(ADDRESSES, word) || *index > 0 && is_among(OF_A_TITLE, word)
    };
    let titles = part.iter().enumerate().take_while(is_title).count();
    let mut rest = part.get(titles..)?;
    while let [before @ .., last] = rest
        && is_among(SUFFIXES, last)
    {
        rest = before;
    }
    // `MÜLLER Anna`: a family name is shouted, a first name is not.
    let shouted = rest.iter().take_while(|word| is_in_capitals(word)).count();
    let has_family = rest
        .iter()
        .take(shouted)
        .any(|word| is_longer_than_initials(word));
    if !is_family_first && !is_shouted && has_family {
        return rest.get(shouted).copied();
    }
    // `J. Robert Oppenheimer`: an initial is passed over where more than the family name follows.
    while let [initial, next @ ..] = rest
        && is_initial(initial)
        && next.len() > usize::from(!is_family_first)
    {
        rest = next;
    }
    match rest {
        // `Frau Müller`: a title and one word are no first name.
        [_] if titles > 0 && !is_family_first => None,
        [word, ..] => Some(word),
        [] => None,
    }
}

fn is_initial(word: &str) -> bool {
    word.ends_with('.') || word.chars().filter(|c| c.is_alphabetic()).count() < FEWEST_LETTERS
}

fn is_longer_than_initials(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() > FEWEST_LETTERS
}

/// Whether all letters that can be capitals are.
fn is_in_capitals(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

/// `ANNA-MARIA` as one says it: `Anna-Maria`.
fn spoken(word: &str) -> String {
    let mut spoken = String::with_capacity(word.len());
    let mut is_within = false;
    for character in word.chars() {
        match is_within {
            true => spoken.extend(character.to_lowercase()),
            false => spoken.push(character),
        }
        is_within = character.is_alphabetic();
    }
    spoken
}

/// A first name, if it can be one: letters, and what joins them.
fn usable(word: &str) -> Option<String> {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let fits = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | ' ') || is_mark(c);
    let is_usable = word.chars().all(fits)
        && (letters >= FEWEST_LETTERS || letters == 1 && is_unspaced_script(word))
        && word.chars().count() <= LONGEST_FIRST_NAME
        && !is_company(&[word])
        && is_of_a_name(word);
    is_usable.then(|| word.to_owned())
}

/// Marks that belong to the letter before them, and what joins letters of Persian or Hindi. No symbol, no digit.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{b7}' | '\u{30fb}')
        || !c.is_ascii() && !c.is_whitespace() && !c.is_numeric() && !is_symbol(c)
}

fn is_symbol(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{a9}' | '\u{ab}'..='\u{b4}' | '\u{b6}'..='\u{b9}' | '\u{bb}'..='\u{bf}' | '×' | '÷'
        | '\u{2000}'..='\u{2bff}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3030}' | '\u{e000}'..='\u{f8ff}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff0}'..='\u{ffff}' | '\u{1f000}'..)
}

/// Chinese, Japanese and Korean names: the family name comes first, and no first name is told by itself.
fn is_unspaced_script(word: &str) -> bool {
    let is_of_it = |c: char| {
        matches!(c,
            '\u{1100}'..='\u{11ff}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | ' ')
    };
    word.chars().all(is_of_it)
}

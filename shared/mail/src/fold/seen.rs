//! Dates, times of day and addresses in a line, whatever its language.

use super::line::is_space;

/// What a text mentions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// A day: a year in four digits, or numbers with separators, or an English month beside a number.
    pub(super) date: bool,
    /// A time of day.
    pub(super) time: bool,
    /// A mail address.
    pub(super) address: bool,
}

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

impl Seen {
    /// Looks at a text in lower case.
    pub(super) fn of(text: &str) -> Self {
        let mut seen = Self {
            address: text.split(is_space).any(is_address),
            ..Self::default()
        };
        let mut numbers = 0;
        let mut month = false;
        for word in text.split(|c: char| is_space(c) || matches!(c, ',' | '(' | ')' | '<' | '"' | 'T')) {
            month |= word.len() < 10 && MONTHS.iter().any(|name| word.starts_with(name));
            if !word.contains('@') && !word.contains("//") {
                numbers += seen.note_numbers(word);
            }
        }
        seen.date |= month && numbers > 0;
        seen
    }

    /// Reads the numbers of one word and says how many it has.
    fn note_numbers(&mut self, word: &str) -> usize {
        let mut groups: Vec<(usize, Option<char>)> = Vec::new();
        let mut digits = 0;
        for c in word.chars() {
            if c.is_numeric() {
                digits += 1;
            } else if digits > 0 {
                groups.push((digits, Some(c)));
                digits = 0;
            }
        }
        if digits > 0 {
            groups.push((digits, None));
        }
        self.date |= groups.iter().any(|(digits, _)| *digits == 4);
        self.date |= groups.windows(3).any(|three| {
            three.iter().all(|(digits, _)| *digits <= 4)
                && three[..2]
                    .iter()
                    .all(|(_, after)| matches!(after, Some('/' | '-' | '.')))
        });
        self.time |= groups.windows(2).enumerate().any(|(at, two)| {
            let dotted = two[0].1 == Some('.') && groups.len() == 2 && at == 0;
            let timed = matches!(two[0].1, Some(':' | 'h' | '\u{6642}' | '\u{65f6}' | '\u{ff1a}'));
            two[0].0 <= 2 && two[1].0 == 2 && (timed || dotted)
        });
        groups.len()
    }
}

fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(local, domain)| {
        local.ends_with(|c: char| c.is_alphanumeric() || "_-+.=\"".contains(c))
            && domain.starts_with(char::is_alphanumeric)
            && domain.len() >= 3
    })
}

//! In which language, and in which time zone, pages speak to whoever reads them.
//!
//! English stands where it is said, in code and in templates, and is the id under which a catalogue (`locales/de.po`) has the same in another
//! language. Only literals are said: `ids` finds them all, and holds them against the catalogues.

/// What is said to the reader: a literal, with what stands in its places.
///
/// `t!("Snoozed")` is a `&'static str`; `t!("{who} wrote", who = name)` a `String`. What has the name of its place needs no `=`.
macro_rules! t {
    ($text:literal $(,)?) => {
        $crate::language::text($text)
    };
    ($text:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {
        $crate::language::filled(
            $crate::language::text($text),
            &[$((stringify!($name), t!(@value $name $(, $value)?))),+],
        )
    };
    (@value $name:ident) => {
        &$name as &dyn ::std::fmt::Display
    };
    (@value $name:ident, $value:expr) => {
        &$value as &dyn ::std::fmt::Display
    };
}

/// The same of so many: of one, of any other number, and the number, which both have as `{count}`.
macro_rules! tn {
    ($one:literal, $other:literal, $count:expr $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::language::counted(
            $one,
            $other,
            $crate::language::count($count),
            &[$((stringify!($name), t!(@value $name $(, $value)?))),*],
        )
    };
}

mod accepted;
mod catalogue;
mod dates;
#[cfg(test)]
mod ids;
mod reader;

pub use catalogue::translated_script;
pub use dates::{clock, day, day_and_time, day_of_year, exact, long_day, number, weekday_and_time, zoned};
pub use reader::{Language, Reader, answer_for, language, learn, reader, zone_named, zone_names};

#[cfg(test)]
pub use reader::read_by;

use std::fmt::Display;

/// A text in the reader's language.
pub fn text(english: &'static str) -> &'static str {
    let said = language().catalogue().and_then(|all| all.one(english));
    said.unwrap_or(english)
}

/// A text for so many, in the reader's language, with what stands in its places. The languages that are spoken here tell one from any
/// other number.
pub fn counted(
    one: &'static str,
    other: &'static str,
    count: u64,
    values: &[(&str, &dyn Display)],
) -> String {
    let is_one = count == 1;
    let said = language().catalogue().and_then(|all| all.of_count(one, is_one));
    let text = said.unwrap_or(if is_one { one } else { other });
    let number = number(count);
    let mut all = vec![("count", &number as &dyn Display)];
    all.extend_from_slice(values);
    filled(text, &all)
}

/// A number of things; of more than can be told, that.
pub fn count(number: impl TryInto<u64>) -> u64 {
    number.try_into().unwrap_or(u64::MAX)
}

/// A text with what stands in its places: `{who} wrote`. It is read once, so that what is put in is never taken for a place.
pub fn filled(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut whole = String::with_capacity(2 * text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
        whole.push_str(before);
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => whole.push_str(&value.to_string()),
            None => debug_assert!(false, "nothing is given for {name} in {text:?}"),
        }
        rest = after;
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn german<T>(say: impl FnOnce() -> T) -> T {
        let reader = Reader {
            language: Language::German,
            ..Reader::default()
        };
        read_by(reader, say)
    }

    #[test]
    fn whoever_nothing_is_known_of_reads_english() {
        assert_eq!(t!("Snoozed"), "Snoozed");
        assert_eq!(german(|| t!("Snoozed")), "Zurückgestellt");
    }

    #[test]
    fn what_is_put_in_is_not_taken_for_a_place() {
        let who = "{ticket}";
        let said = t!("{who} mentioned you", who);
        assert_eq!(said, "{ticket} mentioned you");
    }

    #[test]
    fn one_is_told_from_many_in_each_language() {
        let lines = |count: usize| tn!("{count} line", "{count} lines", count);
        assert_eq!(
            [0, 1, 2, 1_200].map(lines),
            ["0 lines", "1 line", "2 lines", "1,200 lines"]
        );
        assert_eq!(
            german(|| [0, 1, 2, 1_200].map(lines)),
            ["0 Zeilen", "1 Zeile", "2 Zeilen", "1.200 Zeilen"]
        );
    }
}

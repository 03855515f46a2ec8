//! The place of a number among all numbers: texts that sort as the numbers do. No float has a part in it, so none is rounded.

/// Longest number that has a place, in characters: a little more than a field's value can have.
const LONGEST: usize = 40;
/// From this the length of what is below zero is counted down.
const MOST_DIGITS: usize = 99;

/// The place of a decimal number such as `-12.5`; nothing where the text is none.
pub(crate) fn place_of_number(text: &str) -> Option<String> {
    let text = text.trim();
    let (is_below, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits.len() > LONGEST || !is_digits(whole) || !is_digits(part) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let part = part.trim_end_matches('0');
    let length = whole.len();
    if !is_below || (whole.is_empty() && part.is_empty()) {
        return Some(format!("1{length:02}{whole}{part}"));
    }
    // What is further below zero comes first: every digit is turned round, and whoever ends early comes last.
    let turned = whole.bytes().chain(part.bytes());
    let turned: String = turned.map(|byte| char::from(b'9' - byte + b'0')).collect();
    Some(format!("0{:02}{turned}~", MOST_DIGITS - length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_the_order_of_their_numbers() {
        let numbers = [
            "-1000000000000",
            "-100",
            "-12.51",
            "-12.5",
            "-12",
            "-9",
            "-1",
            "-0.5",
            "-0.05",
            "0",
            "0.05",
            "0.5",
            "0.51",
            "1",
            "9",
            "9.99",
            "10",
            "12",
            "12.5",
            "12.51",
            "100",
            "1000000000000",
        ];
        let places = numbers.map(|number| place_of_number(number).unwrap());
        for pair in places.windows(2) {
            assert!(pair[0] < pair[1], "{} {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn one_number_has_one_place_however_it_is_written() {
        for (one, other) in [
            ("12", "12.0"),
            ("+7", "007"),
            ("-0", "0.00"),
            ("-1.50", "-1.5"),
            (" 3 ", "3"),
        ] {
            assert_eq!(place_of_number(one), place_of_number(other), "{one} {other}");
        }
    }

    #[test]
    fn what_is_no_number_has_none() {
        let long = "1".repeat(LONGEST + 1);
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "1e9",
            "0x10",
            "2026-01-31",
            "1,5",
            "٣",
            &long,
        ] {
            assert_eq!(place_of_number(text), None, "{text}");
        }
        assert!(place_of_number(&"1".repeat(LONGEST)).is_some());
    }
}

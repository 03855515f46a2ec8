//! Values of fields: as they are sent, as they are kept, as they are shown.
//!
//! A value is kept as text in one form: `true` and `false`, a number without needless signs and zeros, a day as `2026-01-31`,
//! the options of a multiselect parted by spaces. No float has a part in it, since a history is hashed.

use super::{FieldDefinition, FieldKind};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::BTreeMap;

/// Longest value in characters.
pub const LONGEST_VALUE: usize = 1_000;
/// Most values of one ticket, person or organization.
pub const MOST_VALUES: usize = 100;
/// Most bytes of the values of one person or organization, which are read with every list of them.
pub const MOST_VALUE_BYTES: usize = 8 * 1024;
/// Longest decimal number in characters.
const LONGEST_DECIMAL: usize = 30;
/// Digits of a card that are kept.
const DIGITS_OF_CARD: usize = 4;

/// Values by the key of their field.
pub type Values = BTreeMap<String, String>;

impl FieldDefinition {
    /// Reads a value as it is sent; nothing takes it away.
    ///
    /// # Errors
    /// Says in words why it is none.
    pub fn read(&self, value: &Value) -> Result<Option<String>, String> {
        let text = match value {
            Value::Null => return Ok(None),
            Value::String(text) if text.trim().is_empty() => return Ok(None),
            Value::Array(values) if values.is_empty() => return Ok(None),
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Array(_) if self.kind == FieldKind::Multiselect => String::new(),
            Value::Array(_) | Value::Object(_) => {
                return Err(format!("is no value of a field of type {}", self.kind.as_str()));
            }
        };
        let length = text.chars().count();
        if length > LONGEST_VALUE {
            return Err(format!(
                "has {length} characters, at most {LONGEST_VALUE} are allowed"
            ));
        }
        match self.kind {
            FieldKind::Checkbox => checkbox(&text),
            FieldKind::Date => date(&text),
            FieldKind::Integer => integer(&text),
            FieldKind::Lookup => number(&text),
            FieldKind::Decimal => decimal(&text),
            FieldKind::PartialCreditCard => card(&text),
            FieldKind::Tagger | FieldKind::Dropdown => self.chosen(&text),
            FieldKind::Multiselect => match value {
                Value::Array(values) => self.all_chosen(values),
                _ => self.chosen(&text),
            },
            _ => Ok(text),
        }
        .map(Some)
    }

    /// The value as it is shown.
    pub fn show(&self, text: &str) -> Value {
        let number = || serde_json::from_str(text).ok().filter(Value::is_number);
        match self.kind {
            FieldKind::Checkbox => Value::Bool(text == "true"),
            FieldKind::Integer | FieldKind::Decimal => {
                number().unwrap_or_else(|| Value::String(text.to_owned()))
            }
            FieldKind::Multiselect => text.split(' ').map(Value::from).collect(),
            _ => Value::String(text.to_owned()),
        }
    }

    /// Whether a text is a value as it is kept.
    pub fn is_kept_so(&self, text: &str) -> bool {
        let sent = match self.kind {
            FieldKind::Multiselect => self.show(text),
            _ => Value::String(text.to_owned()),
        };
        self.read(&sent).is_ok_and(|kept| kept.as_deref() == Some(text))
    }

    /// The tags that a ticket with this value has because of it.
    pub fn tags_of<'t>(&'t self, text: Option<&'t str>) -> Vec<&'t str> {
        match (self.kind, text) {
            (FieldKind::Tagger | FieldKind::Multiselect, Some(text)) => text.split(' ').collect(),
            (FieldKind::Checkbox, Some("true")) => self.tag.as_deref().into_iter().collect(),
            _ => vec![],
        }
    }

    /// The value after a tag came or went by itself; nothing where the tag says nothing of it.
    pub fn after_tag(&self, value: Option<&str>, tag: &str, came: bool) -> Option<Option<String>> {
        match self.kind {
            FieldKind::Checkbox if self.tag.as_deref() == Some(tag) => Some(Some(came.to_string())),
            FieldKind::Tagger if came => self.option(tag).map(|_| Some(tag.to_owned())),
            FieldKind::Tagger => (value == Some(tag)).then_some(None),
            FieldKind::Multiselect => {
                self.option(tag)?;
                let mut chosen: Vec<&str> = value.iter().flat_map(|value| value.split(' ')).collect();
                chosen.retain(|other| *other != tag);
                chosen.extend(came.then_some(tag));
                Some((!chosen.is_empty()).then(|| chosen.join(" ")))
            }
            _ => None,
        }
    }

    fn chosen(&self, text: &str) -> Result<String, String> {
        match self.option(text.trim()) {
            Some(option) => Ok(option.value.clone()),
            None => Err(format!("{text:?} is none of the field's options")),
        }
    }

    fn all_chosen(&self, values: &[Value]) -> Result<String, String> {
        let mut chosen: Vec<String> = Vec::with_capacity(values.len());
        for value in values {
            let text = value.as_str().ok_or_else(|| format!("{value} is no option"))?;
            let one = self.chosen(text)?;
            if !chosen.contains(&one) {
                chosen.push(one);
            }
        }
        let joined = chosen.join(" ");
        match joined.len() {
            0..=LONGEST_VALUE => Ok(joined),
            length => Err(format!(
                "has {length} characters with all options chosen, at most {LONGEST_VALUE} are allowed"
            )),
        }
    }
}

fn checkbox(text: &str) -> Result<String, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok("true".to_owned()),
        "false" | "0" | "no" | "off" => Ok("false".to_owned()),
        _ => Err(format!("{text:?} is neither true nor false")),
    }
}

/// A day, or the day of an instant.
fn date(text: &str) -> Result<String, String> {
    let day = text.trim();
    let day = day.split(['T', ' ']).next().unwrap_or_default();
    let is_long_enough = day.len() == "2026-01-31".len();
    match day.parse::<Date>() {
        Ok(date) if is_long_enough => Ok(date.to_string()),
        _ => Err(format!("{text:?} is not a date, such as 2026-01-31")),
    }
}

fn integer(text: &str) -> Result<String, String> {
    let number: Result<i64, _> = text.trim().parse();
    number
        .map(|number| number.to_string())
        .map_err(|_| format!("{text:?} is not an integer"))
}

/// The number of what there is.
fn number(text: &str) -> Result<String, String> {
    let number: Option<u64> = text.trim().parse().ok();
    number
        .filter(|number| *number > 0)
        .map(|number| number.to_string())
        .ok_or_else(|| format!("{text:?} is not an id"))
}

fn decimal(text: &str) -> Result<String, String> {
    let wrong =
        || format!("{text:?} is not a decimal number of at most {LONGEST_DECIMAL} characters, such as 12.5");
    let number = text.trim();
    let (is_below, digits) = match number.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if !is_digits(whole) || !is_digits(part) || number.len() > LONGEST_DECIMAL {
        return Err(wrong());
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let part = match part.trim_end_matches('0') {
        "" => "0",
        part => part,
    };
    let sign = if is_below && (whole, part) != ("0", "0") {
        "-"
    } else {
        ""
    };
    Ok(format!("{sign}{whole}.{part}"))
}

/// The last digits of a card; all others are never kept.
fn card(text: &str) -> Result<String, String> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, 'X' | 'x' | ' ' | '-' | '*');
    let kept: Vec<char> = text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '*')
        .collect();
    let last = kept.len().saturating_sub(DIGITS_OF_CARD);
    let is_right = text.chars().all(is_part)
        && (DIGITS_OF_CARD..=19).contains(&kept.len())
        && kept[last..].iter().all(char::is_ascii_digit);
    if !is_right {
        return Err("is no number of a card: it ends with four digits".to_owned());
    }
    let digits: String = kept[last..].iter().collect();
    Ok(format!("{}{digits}", "X".repeat(last)))
}

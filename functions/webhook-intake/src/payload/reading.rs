//! Reads the fields of a body as it comes: what is empty is absent, what is written in another harmless form is taken, what can't
//! be read is left out and said. Only what would make a contact another one is refused.

use super::wrong;
use crate::answer::HookError;
use serde_json::{Map, Value};

/// Most notes of what could not be read: more tell nobody more.
const MOST_NOTES: usize = 20;

/// What could not be read so far.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<String>);

impl Notes {
    /// Notes that something was left out or cut, in words that name its field.
    pub fn add(&mut self, path: &str, what: &str) {
        match self.0.len() {
            few if few < MOST_NOTES => self.0.push(format!("{path}: {what}")),
            MOST_NOTES => self.0.push("and more".to_owned()),
            _ => {}
        }
    }

    pub fn into_words(self) -> Vec<String> {
        self.0
    }
}

/// An object of the body, with the path that leads to it.
#[derive(Clone, Copy)]
pub(super) struct Object<'v> {
    members: Option<&'v Map<String, Value>>,
    path: &'v str,
}

impl<'v> Object<'v> {
    /// The whole.
    pub fn whole(value: &'v Value) -> Result<Self, HookError> {
        let members = value.as_object();
        let members = members.ok_or_else(|| wrong(".", "the body is not a JSON object"))?;
        Ok(Self {
            members: Some(members),
            path: "",
        })
    }

    /// An object in a list.
    pub fn of(value: &'v Value, path: &'v str) -> Option<Self> {
        let members = Some(value.as_object()?);
        Some(Self { members, path })
    }

    /// An object in this one; an empty one where there is none.
    pub fn object(self, name: &str, path: &'v str, notes: &mut Notes) -> Self {
        let members = match self.value(name) {
            None => None,
            Some(Value::Object(members)) => Some(members),
            Some(other) => {
                notes.add(
                    path,
                    &format!("left out, since it is {} and no object", kind(other)),
                );
                None
            }
        };
        Self { members, path }
    }

    /// Where a member is, for people.
    pub fn path_of(&self, name: &str) -> String {
        match self.path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }

    /// A member that is there.
    pub fn value(self, name: &str) -> Option<&'v Value> {
        self.members?.get(name).filter(|value| !value.is_null())
    }

    /// Its members.
    pub fn members(self) -> Option<&'v Map<String, Value>> {
        self.members
    }

    /// A text of any length, without the control characters that no text needs. Numbers are texts, too.
    pub fn text(self, name: &str, notes: &mut Notes) -> Option<String> {
        let path = self.path_of(name);
        let text = match self.value(name)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            other => {
                notes.add(
                    &path,
                    &format!("left out, since it is {} and no text", kind(other)),
                );
                return None;
            }
        };
        let is_harmful = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        let text = if text.contains(is_harmful) {
            notes.add(&path, "control characters were left out");
            text.replace(is_harmful, "")
        } else {
            text
        };
        (!text.trim().is_empty()).then_some(text)
    }

    /// A word: a text on one line, of at most so many bytes.
    ///
    /// # Errors
    /// When it is longer, or has a control character: cut, it would be another word.
    pub fn word(self, name: &str, most: usize, notes: &mut Notes) -> Result<Option<String>, HookError> {
        let path = self.path_of(name);
        if let Some(Value::String(text)) = self.value(name)
            && text.trim().contains(char::is_control)
        {
            return Err(wrong(&path, "has a control character"));
        }
        let Some(text) = self.text(name, notes) else {
            return Ok(None);
        };
        let word = text.trim();
        if word.len() > most {
            return Err(wrong(&path, &format!("is longer than {most} bytes")));
        }
        Ok(Some(word.to_owned()))
    }

    /// Yes or no, also as a text or a figure.
    pub fn yes_or_no(self, name: &str, notes: &mut Notes) -> Option<bool> {
        let value = self.value(name)?;
        let said = match value {
            Value::Bool(said) => Some(*said),
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => Some(true),
                "false" | "no" | "0" => Some(false),
                "" => return None,
                _ => None,
            },
            Value::Number(number) => match number.as_u64() {
                Some(1) => Some(true),
                Some(0) => Some(false),
                _ => None,
            },
            _ => None,
        };
        if said.is_none() {
            notes.add(
                &self.path_of(name),
                "left out, since it is neither true nor false",
            );
        }
        said
    }

    /// A list; what stands alone is a list of one.
    pub fn list(self, name: &str, most: usize, notes: &mut Notes) -> Vec<&'v Value> {
        let all: Vec<&Value> = match self.value(name) {
            None => return vec![],
            Some(Value::Array(values)) => values.iter().filter(|value| !value.is_null()).collect(),
            Some(Value::String(text)) if text.trim().is_empty() => return vec![],
            Some(one) => vec![one],
        };
        if all.len() > most {
            let words = format!("has {} entries, of which {most} were kept", all.len());
            notes.add(&self.path_of(name), &words);
        }
        all.into_iter().take(most).collect()
    }
}

/// What a value is, in a word of JSON.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A text in which each half of a pair of surrogates that stands alone is a replacement character: JSON can say such a half, and
/// no text can hold it.
pub(super) fn without_lone_surrogates(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match unit(rest) {
            Some(0xd800..=0xdbff) if unit(&rest[6..]).is_some_and(|low| (0xdc00..=0xdfff).contains(&low)) => {
                out.push_str(&rest[..12]);
                12
            }
            Some(0xd800..=0xdfff) => {
                out.push_str("\\ufffd");
                6
            }
            // An escape of two characters, such as `\\`: what follows it is none.
            _ => {
                let length = rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at);
                out.push_str(&rest[..length]);
                length
            }
        };
        rest = &rest[taken..];
    }
    out + rest
}

/// The code unit that an escape `\uXXXX` at the beginning says.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_a_pair_is_replaced_and_a_whole_one_stays() {
        for (json, text) in [
            (r#""\ud83d\ude00""#, "😀"),
            (r#""a\ud83db""#, "a\u{fffd}b"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\\ud83d""#, "\\ud83d"),
            (r#""\\\ud83d""#, "\\\u{fffd}"),
        ] {
            let read: String = serde_json::from_str(&without_lone_surrogates(json)).unwrap();
            assert_eq!(read, text, "{json}");
        }
    }

    proptest! {
        #[test]
        fn a_text_that_is_whole_stays_as_it_is(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(without_lone_surrogates(&json), json);
        }

        #[test]
        fn any_units_can_be_read(units in proptest::collection::vec(any::<u16>(), 0..20)) {
            let json: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let read: String = serde_json::from_str(&without_lone_surrogates(&format!("\"{json}\""))).unwrap();
            prop_assert_eq!(read, String::from_utf16_lossy(&units));
        }
    }
}

//! The fixed form in which filters are written as conditions, and how it is read back.

use super::filter::{Subject, Test};
use docket_domain::ticket::Priority;

const TAGGED: &str = "ticket.tags.exists(tag, tag in ";
const BELOW: &str = "ticket.priority_rank < rank(";
const ABOVE: &str = "ticket.priority_rank > rank(";

/// All of `all`, and one of `any` if there are any.
pub(super) fn written(all: &[Test], any: &[Test]) -> String {
    let mut parts: Vec<String> = all.iter().map(test).collect();
    if !any.is_empty() {
        let any: Vec<String> = any.iter().map(test).collect();
        parts.push(format!("({})", any.join(" || ")));
    }
    if parts.is_empty() {
        return "true".to_owned();
    }
    parts.join(" && ")
}

fn test(test: &Test) -> String {
    let word = |word: &Option<String>| word.as_deref().map_or_else(|| "null".to_owned(), quoted);
    match test {
        Test::Is(subject, value) => format!("{} == {}", subject.path(), word(value)),
        Test::IsNot(subject, value) => format!("{} != {}", subject.path(), word(value)),
        Test::OneOf(subject, values) => format!("{} in {}", subject.path(), list(values)),
        Test::NoneOf(subject, values) => format!("!({} in {})", subject.path(), list(values)),
        Test::Below(priority) => format!("{BELOW}{})", quoted(priority.as_str())),
        Test::Above(priority) => format!("{ABOVE}{})", quoted(priority.as_str())),
        Test::Tagged(tags) => format!("{TAGGED}{})", list(tags)),
        Test::Untagged(tags) => format!("!{TAGGED}{})", list(tags)),
    }
}

fn list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("[{}]", values.join(", "))
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// What is left to read of a condition.
pub(super) struct Reader<'c>(&'c str);

impl<'c> Reader<'c> {
    /// The tests of a condition that is written in the fixed form: all, and any.
    pub fn read(condition: &'c str) -> Option<(Vec<Test>, Vec<Test>)> {
        let (mut all, mut any) = (Vec::new(), Vec::new());
        let mut rest = Self(condition);
        if condition == "true" {
            return Some((all, any));
        }
        loop {
            if rest.takes("(") {
                any.push(rest.test()?);
                while rest.takes(" || ") {
                    any.push(rest.test()?);
                }
                // What any of them has to hold stands last.
                return (rest.takes(")") && rest.0.is_empty()).then_some((all, any));
            }
            all.push(rest.test()?);
            if rest.0.is_empty() {
                return Some((all, any));
            }
            if !rest.takes(" && ") {
                return None;
            }
        }
    }

    fn takes(&mut self, text: &str) -> bool {
        match self.0.strip_prefix(text) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn test(&mut self) -> Option<Test> {
        if self.takes("!(") {
            let subject = self.subject()?;
            let values = self.takes(" in ").then(|| self.list())??;
            return self.takes(")").then_some(Test::NoneOf(subject, values));
        }
        let is_not = self.takes("!");
        if self.takes(TAGGED) {
            let tags = self.list()?;
            let test = if is_not {
                Test::Untagged(tags)
            } else {
                Test::Tagged(tags)
            };
            return self.takes(")").then_some(test);
        }
        if is_not {
            return None;
        }
        if self.takes(BELOW) {
            return self.priority().map(Test::Below);
        }
        if self.takes(ABOVE) {
            return self.priority().map(Test::Above);
        }
        let subject = self.subject()?;
        if self.takes(" in ") {
            return Some(Test::OneOf(subject, self.list()?));
        }
        let make: fn(_, _) -> _ = if self.takes(" == ") {
            Test::Is
        } else if self.takes(" != ") {
            Test::IsNot
        } else {
            return None;
        };
        if self.takes("null") {
            return Some(make(subject, None));
        }
        Some(make(subject, Some(self.text()?)))
    }

    fn priority(&mut self) -> Option<Priority> {
        let priority = self.text()?.parse().ok()?;
        self.takes(")").then_some(priority)
    }

    fn subject(&mut self) -> Option<Subject> {
        let end = self.0.find(' ')?;
        let (path, rest) = self.0.split_at(end);
        let subject = Subject::ALL.into_iter().find(|subject| subject.path() == path)?;
        self.0 = rest;
        Some(subject)
    }

    fn list(&mut self) -> Option<Vec<String>> {
        if !self.takes("[") {
            return None;
        }
        let mut values = vec![self.text()?];
        while self.takes(", ") {
            values.push(self.text()?);
        }
        self.takes("]").then_some(values)
    }

    fn text(&mut self) -> Option<String> {
        if !self.takes("\"") {
            return None;
        }
        let mut text = String::new();
        let mut letters = self.0.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.0 = &self.0[at + 1..];
                    return Some(text);
                }
                '\\' => text.push(match letters.next()?.1 {
                    'n' => '\n',
                    'r' => '\r',
                    plain @ ('"' | '\\') => plain,
                    _ => return None,
                }),
                _ => text.push(letter),
            }
        }
        None
    }
}

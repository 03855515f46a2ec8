//! The lines of an iCalendar file (RFC 5545, section 3.1), read as far as they can be.

/// A content line: a property of a component, or where a component begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ContentLine {
    /// Number of its first line in the file, from 1.
    pub(super) number: usize,
    /// Upper-case name.
    pub(super) name: String,
    /// Parameters: upper-case name, and value without quotes.
    pub(super) parameters: Vec<(String, String)>,
    /// The value as it stands.
    pub(super) value: String,
}

impl ContentLine {
    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let parameter = self.parameters.iter().find(|(own, _)| own == name)?;
        Some(&parameter.1)
    }

    /// Whether it is `name:value`, whatever the value's case.
    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.name == name && self.value.trim().eq_ignore_ascii_case(value)
    }

    /// The value as a text, its escapes resolved (section 3.3.11).
    pub(super) fn text(&self) -> String {
        let mut text = String::with_capacity(self.value.len());
        let mut characters = self.value.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some('n' | 'N') => text.push(' '),
                    Some(escaped) => text.push(escaped),
                    None => {}
                },
                character => text.push(character),
            }
        }
        text
    }
}

/// The content lines of a file, folded lines joined. Lines that are none are left out.
pub(super) fn content_lines(file: &str) -> Vec<ContentLine> {
    let mut whole: Vec<(usize, String)> = Vec::new();
    for (index, line) in file.trim_start_matches('\u{feff}').lines().enumerate() {
        let continued = line.strip_prefix([' ', '\t']);
        match (continued, whole.last_mut()) {
            (Some(rest), Some((_, line))) => line.push_str(rest),
            _ => whole.push((index + 1, line.to_owned())),
        }
    }
    whole
        .into_iter()
        .filter_map(|(number, line)| content_line(number, &line))
        .collect()
}

fn content_line(number: usize, line: &str) -> Option<ContentLine> {
    let (head, value) = split_outside_quotes(line, ':')?;
    let mut parts = Vec::new();
    let mut rest = head;
    while let Some((part, after)) = split_outside_quotes(rest, ';') {
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    let mut parts = parts.into_iter();
    let name = parts.next()?.trim().to_ascii_uppercase();
    let parameters = parts
        .filter_map(|part| part.split_once('='))
        .map(|(name, value)| {
            (
                name.trim().to_ascii_uppercase(),
                value.trim_matches('"').to_owned(),
            )
        })
        .collect();
    (!name.is_empty()).then(|| ContentLine {
        number,
        name,
        parameters,
        value: value.to_owned(),
    })
}

fn split_outside_quotes(text: &str, at: char) -> Option<(&str, &str)> {
    let mut is_quoted = false;
    for (index, character) in text.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            character if character == at && !is_quoted => {
                return Some((&text[..index], &text[index + at.len_utf8()..]));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_lines_are_joined_and_escapes_resolved() {
        let lines = content_lines("SUMMARY;LANGUAGE=\"a;b:c\":New\r\n  Year\\, all\\n day\\\\\r\nX\r\n");
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].text(), "New Year, all  day\\");
        assert_eq!(lines[0].parameter("LANGUAGE"), Some("a;b:c"));
    }
}

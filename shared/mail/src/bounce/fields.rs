//! Groups of fields between blank lines, as reports and returned headers are made of.

/// One group: names in lower case, values unfolded.
pub(super) struct Group(Vec<(String, String)>);

impl Group {
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(field, _)| field == name);
        field.map(|(_, value)| value.as_str())
    }

    /// The first of the fields with one of these names that is not empty.
    pub(super) fn any(&self, names: &[&str]) -> Option<&str> {
        let mut values = names.iter().filter_map(|name| self.field(name));
        values.find(|value| !value.is_empty())
    }
}

/// The groups of a text. A line that is neither field nor continuation ends nothing and is left out.
pub(super) fn groups(text: &str) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.trim().is_empty() {
            if !fields.is_empty() {
                groups.push(Group(std::mem::take(&mut fields)));
            }
        } else if let (true, Some((_, value))) = (line.starts_with([' ', '\t']), fields.last_mut()) {
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(line.trim());
        } else if let Some((name, value)) = field_of(line) {
            let name = name.to_ascii_lowercase();
            // Some reports leave out the blank line between two recipients.
            let is_recipient = matches!(name.as_str(), "final-recipient" | "original-recipient");
            let next = is_recipient && fields.iter().any(|(field, _)| *field == name);
            if next {
                groups.push(Group(std::mem::take(&mut fields)));
            }
            fields.push((name, value.trim().to_owned()));
        }
    }
    if !fields.is_empty() {
        groups.push(Group(fields));
    }
    groups
}

/// Name and value of a line that is a header field; names are of letters, digits and hyphens.
pub(super) fn field_of(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim();
    let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !name.is_empty();
    is_name.then_some((name, value))
}

/// The first word of a value, in lower case, without parameters and comments.
pub(super) fn first_word(value: &str) -> String {
    let word = value
        .trim()
        .split(|c: char| c.is_whitespace() || c == ';' || c == '(')
        .next();
    word.unwrap_or_default().to_ascii_lowercase()
}

/// What follows the type of a typed value (`rfc822; ann@a.example`).
pub(super) fn untyped(value: &str) -> &str {
    match value.split_once(';') {
        Some((kind, rest)) if !kind.trim().contains([' ', '@', '<']) => rest.trim(),
        _ => value.trim(),
    }
}

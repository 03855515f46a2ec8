//! Texts of conditions: written in quotes, and read back piece by piece.

/// A text as conditions write it.
pub(super) fn quoted(text: &str) -> String {
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
pub(super) struct Reader<'c>(pub(super) &'c str);

impl Reader<'_> {
    /// Whether it goes on with this; then it goes on behind it.
    pub(super) fn takes(&mut self, text: &str) -> bool {
        match self.0.strip_prefix(text) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// A text in quotes.
    pub(super) fn text(&mut self) -> Option<String> {
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

//! What customers wrote, shown to an operator: it never steers the terminal.

use std::io::{Stdout, Write};

/// Standard output on which control characters are seen (`\u001b`) and do nothing.
///
/// The form is the one of JSON, so that JSON stays the same value. Line feeds and tabs are let through.
pub fn stdout() -> Visible<Stdout> {
    Visible(std::io::stdout())
}

/// A text whose control characters are seen and do nothing.
pub fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && !matches!(c, '\n' | '\t') {
            seen.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            seen.push(c);
        }
    }
    seen
}

/// See [`stdout`].
#[derive(Debug)]
pub struct Visible<W>(W);

impl<W: Write> Write for Visible<W> {
    /// Takes all of it, whole characters as `write!` gives them.
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .write_all(visible(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_steer_a_terminal_is_seen_instead() {
        let mut out = Visible(Vec::new());
        let steers = "\u{1b}[2J\u{1b}]0;title\u{7}\r\u{9b}1A\u{7f}München";
        writeln!(out, "a\t{steers}").unwrap();
        let shown = String::from_utf8(out.0).unwrap();
        assert_eq!(
            shown,
            "a\t\\u001b[2J\\u001b]0;title\\u0007\\u000d\\u009b1A\\u007fMünchen\n"
        );
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = serde_json::json!({"subject": "\u{9b}1A\u{7f} \u{1b}[2J"});
        let mut out = Visible(Vec::new());
        writeln!(out, "{value:#}").unwrap();
        let shown: serde_json::Value = serde_json::from_slice(&out.0).unwrap();
        assert_eq!(shown, value);
    }
}

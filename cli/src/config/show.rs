//! Changes and notes as lines.

use crate::terminal::visible;
use docket_desk_file::{Change, ChangeKind, FieldChange, Note};
use serde_json::Value;
use std::io::{IsTerminal, Write};

/// Whether lines are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// They are.
    Coloured,
    /// They are not.
    Plain,
}

impl Paint {
    /// Coloured on a terminal, unless the variable `NO_COLOR` is set (<https://no-color.org>).
    pub fn of_terminal() -> Self {
        let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        if std::io::stdout().is_terminal() && !is_unwanted {
            Self::Coloured
        } else {
            Self::Plain
        }
    }

    fn line(self, sign: char, text: &str) -> String {
        let text = visible(text);
        let colour = match (self, sign) {
            (Self::Plain, _) => return format!("{sign} {text}"),
            (Self::Coloured, '+') => 32,
            (Self::Coloured, '-') => 31,
            (Self::Coloured, _) => 33,
        };
        format!("\x1b[{colour}m{sign} {text}\x1b[0m")
    }
}

/// One line a note.
pub fn notes(notes: &[Note], out: &mut impl Write) -> std::io::Result<()> {
    for note in notes {
        writeln!(out, "note: {}", visible(&note.to_string()))?;
    }
    Ok(())
}

/// One line for each thing that comes (`+`), goes (`-`) or changes (`~`), and one for each value of it that does.
pub fn changes(changes: &[Change], paint: Paint, out: &mut impl Write) -> std::io::Result<()> {
    for change in changes {
        let sign = match change.kind {
            ChangeKind::Added => '+',
            ChangeKind::Removed => '-',
            ChangeKind::Changed => '~',
        };
        let what = format!("{} {}", change.section.as_str(), change.name);
        writeln!(out, "{}", paint.line(sign, what.trim_end()))?;
        for field in &change.fields {
            writeln!(out, "  {}", of_field(field, paint))?;
        }
    }
    Ok(())
}

fn of_field(field: &FieldChange, paint: Paint) -> String {
    let path = &field.path;
    match (&field.from, &field.to) {
        (Some(from), Some(to)) => paint.line('~', &format!("{path}: {} → {}", text(from), text(to))),
        (None, Some(to)) => paint.line('+', &format!("{path}: {}", text(to))),
        (Some(from), None) => paint.line('-', &format!("{path}: {}", text(from))),
        (None, None) => paint.line('~', path),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) if !text.contains('\n') => text.clone(),
        other => other.to_string(),
    }
}

//! A text as lines, with what every recogniser asks of a line worked out once.

/// Longest line in bytes that can introduce or end anything: mail wraps at 78 to 998 columns, and the names and
/// addresses of an introducing line fit well within this.
pub(super) const MAX_TELLING_BYTES: usize = 600;

/// A line, its text without quote marks and surrounding white space.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    pub(super) start_bytes: usize,
    /// Includes the line end.
    pub(super) end_bytes: usize,
    /// Whether it starts with a quote mark.
    pub(super) quoted: bool,
    /// Whether it starts with a bar, which quotes only where an introduction says so: tables have bars too.
    pub(super) barred: bool,
    /// What stands after the quote marks, trimmed.
    pub(super) text: &'t str,
}

impl<'t> Line<'t> {
    /// Neither text nor quote mark.
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty() && !self.quoted
    }

    /// The text when it is short enough to mean something beyond itself, else nothing.
    pub(super) fn telling(&self) -> &'t str {
        if self.text.len() <= MAX_TELLING_BYTES {
            self.text
        } else {
            ""
        }
    }

    /// Whether it is a drawn rule: three or more of one drawing character, spaces between allowed.
    pub(super) fn is_rule(&self) -> bool {
        let mut drawn = self
            .telling()
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| if c == '*' { '-' } else { c });
        let Some(first) = drawn.next() else {
            return false;
        };
        is_drawing(first) && drawn.clone().count() >= 2 && drawn.all(|c| c == first)
    }
}

/// The characters rules are drawn with.
pub(super) fn is_drawing(c: char) -> bool {
    matches!(
        c,
        '-' | '_' | '=' | '~' | '\u{2014}' | '\u{2013}' | '\u{2500}' | '\u{2501}'
    )
}

pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start_bytes = 0;
    text.split_inclusive('\n')
        .map(|whole| {
            let line = line(whole, start_bytes);
            start_bytes = line.end_bytes;
            line
        })
        .collect()
}

fn line(whole: &str, start_bytes: usize) -> Line<'_> {
    let mut text = trim(whole);
    let barred = text.starts_with('|');
    let mut quoted = false;
    while let Some(rest) = without_quote_mark(text).filter(|_| !is_ornate(text)) {
        quoted = true;
        text = trim_start(rest);
    }
    if barred {
        text = trim_start(text.trim_start_matches('|'));
    }
    Line {
        start_bytes,
        end_bytes: start_bytes + whole.len(),
        quoted,
        barred,
        text,
    }
}

fn without_quote_mark(text: &str) -> Option<&str> {
    // A mark escaped for HTML twice, and the wide one of Asian keyboards.
    ["&gt;", "\u{ff1e}"]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))
        .or_else(|| text.strip_prefix('>'))
}

/// Whether marks adorn both ends, as in `>>> news <<<`: then they quote nothing.
fn is_ornate(text: &str) -> bool {
    text.starts_with(">>") && text.ends_with("<<")
}

/// What ends a label or an introduction: the colon, the wide one of Asia, those of Armenian and Khmer.
pub(super) fn is_colon(c: char) -> bool {
    matches!(c, ':' | '\u{ff1a}' | '\u{55d}' | '\u{589}' | '\u{17d6}')
}

/// White space and what is not seen.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Byte order marks, direction marks, joiners.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

fn trim_start(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

/// In lower case, as the tables of words have it: without invisible marks, and without the dot a Turkish capital
/// leaves behind.
pub(super) fn lower(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    visible.to_lowercase().replace('\u{307}', "")
}

/// The first line from `from` on that is not blank.
pub(super) fn next_text(lines: &[Line<'_>], from: usize) -> Option<usize> {
    (from..lines.len()).find(|at| !lines[*at].is_blank())
}

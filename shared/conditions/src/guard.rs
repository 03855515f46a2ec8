//! Reads the source before the parser does.
//!
//! The parser recurses with the nesting of its input and was not made for hostile text. So the source is first
//! read here, without recursion: characters that are no part of the language are refused with words for an
//! author, and the depth of the tree that can come of the source is bounded from its tokens.

use crate::error::{ConditionError, Place, Problem};
use crate::limits::{DEEPEST_TREE, LONGEST_SOURCE_BYTES};

/// Refuses a source that is too long, nested too deeply, or holds what is no token.
pub(crate) fn admit(source: &str) -> Result<(), ConditionError> {
    if source.len() > LONGEST_SOURCE_BYTES {
        return Err(ConditionError {
            place: Place::of(source, LONGEST_SOURCE_BYTES),
            problem: Problem::TooBig,
            message: format!("a condition has at most {LONGEST_SOURCE_BYTES} bytes"),
        });
    }
    let mut scanner = Scanner {
        source,
        bytes: source.as_bytes(),
        at: 0,
        open: vec![Bracket::default()],
    };
    scanner.run()
}

/// What stands between two brackets, as far as it was read.
#[derive(Default)]
struct Bracket {
    /// Operators and members since the last comma, colon or logical operator: each may add a level.
    chain: usize,
    /// Deepest bracket inside that run.
    inside: usize,
    /// Deepest run before.
    deepest: usize,
    /// Conditional operators: each holds the next.
    conditionals: usize,
    /// Logical operators: the parser balances them.
    logicals: usize,
}

impl Bracket {
    fn end_run(&mut self) {
        self.deepest = self.deepest.max(self.chain + self.inside);
        (self.chain, self.inside) = (0, 0);
    }

    /// The most levels the tree can have for what stands here.
    fn depth(&self) -> usize {
        let balanced = (usize::BITS - self.logicals.leading_zeros()) as usize;
        1 + self.conditionals + balanced + self.deepest.max(self.chain + self.inside)
    }
}

struct Scanner<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Never empty: the first stands for the whole source.
    open: Vec<Bracket>,
}

impl Scanner<'_> {
    fn run(&mut self) -> Result<(), ConditionError> {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0c => self.at += 1,
                b'"' | b'\'' => self.text()?,
                b'r' | b'R' | b'b' | b'B' if self.is_prefix() => {}
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9' => self.word()?,
                b'/' if self.next_is(b'/') => self.comment(),
                _ => self.sign(byte)?,
            }
            self.check_depth()?;
        }
        while self.open.len() > 1 {
            self.close();
        }
        self.check_depth()
    }

    /// Steps over the letters before a quoted text, or says that there is no quoted text.
    fn is_prefix(&mut self) -> bool {
        let letters = self.bytes[self.at..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let prefix = self.source[self.at..self.at + letters].to_ascii_lowercase();
        let quoted = matches!(self.bytes.get(self.at + letters), Some(b'"' | b'\''));
        if !quoted || !matches!(prefix.as_str(), "r" | "b" | "br" | "rb") {
            return false;
        }
        self.at += letters;
        true
    }

    fn comment(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    }

    /// Steps over a name or a number. What the parser would read as two tokens in one run of letters and
    /// digits is refused, so that both see the same tokens.
    fn word(&mut self) -> Result<(), ConditionError> {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count();
        let (word, next) = (&rest[..length], rest.get(length));
        if word[0].is_ascii_digit() && !is_number(word) {
            let message = "a name starts with a letter".to_owned();
            return Err(self.refusal(self.at, Problem::Syntax, message));
        }
        if matches!(next, Some(b'"' | b'\'')) {
            let message = "an operator is missing before this text".to_owned();
            return Err(self.refusal(self.at + length, Problem::Syntax, message));
        }
        if word == b"in" {
            self.here().chain += 1;
        }
        self.at += length;
        Ok(())
    }

    fn sign(&mut self, byte: u8) -> Result<(), ConditionError> {
        let is_double = self.next_is(byte);
        let before_equals = self.next_is(b'=');
        self.at += 1;
        match byte {
            b'(' | b'[' | b'{' => self.open.push(Bracket::default()),
            b')' | b']' | b'}' => self.close(),
            b',' | b':' => self.here().end_run(),
            b'?' => {
                self.here().end_run();
                self.here().conditionals += 1;
            }
            b'&' | b'|' if is_double => {
                self.at += 1;
                self.here().end_run();
                self.here().logicals += 1;
            }
            b'!' | b'<' | b'>' | b'=' if before_equals => {
                self.at += 1;
                self.here().chain += 1;
            }
            b'.' | b'!' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%' => self.here().chain += 1,
            _ => return Err(self.stray(byte)),
        }
        Ok(())
    }

    /// The refusal of a character that is no token.
    fn stray(&mut self, byte: u8) -> ConditionError {
        self.at -= 1;
        let found = self.source[self.at..].chars().next().unwrap_or(' ');
        let message = match (byte, found) {
            (b'=', _) => "a single `=` compares nothing; write `==`".to_owned(),
            (b'&', _) => "a single `&` means nothing; write `&&`".to_owned(),
            (b'|', _) => "a single `|` means nothing; write `||`".to_owned(),
            (b'`', _) => "names are written without quotes; texts in `\"`".to_owned(),
            (b';', _) => "a condition is one expression, without `;`".to_owned(),
            (_, '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2018}' | '\u{2019}' | '\u{ab}' | '\u{bb}') => {
                format!("the quotation mark `{found}` is not one of CEL; write `\"`")
            }
            (_, letter) if letter.is_alphabetic() => {
                format!(
                    "names have the letters A to Z; with {found:?} write `ticket.fields[\"…\"]`, and texts in `\"`"
                )
            }
            _ => format!("the character {found:?} stands outside a text and means nothing"),
        };
        self.refusal(self.at, Problem::Syntax, message)
    }

    /// Steps over a quoted text.
    fn text(&mut self) -> Result<(), ConditionError> {
        let start = self.at;
        let quote = self.bytes[start];
        let is_raw = start > 0 && self.is_raw_before(start);
        let triple = self.bytes[start..].starts_with(&[quote, quote, quote]);
        let width = if triple { 3 } else { 1 };
        self.at += width;
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == quote && (!triple || self.bytes[self.at..].starts_with(&[quote, quote, quote])) {
                self.at += width;
                return Ok(());
            }
            match byte {
                b'\n' | b'\r' if !triple => break,
                b'\\' if !is_raw => self.escape()?,
                _ => self.at += 1,
            }
        }
        let message = "the text that starts here does not end";
        Err(self.refusal(start, Problem::Syntax, message.to_owned()))
    }

    fn is_raw_before(&self, quote_at: usize) -> bool {
        let letters = self.bytes[..quote_at]
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_');
        let letters: Vec<u8> = letters.map(u8::to_ascii_lowercase).collect();
        matches!(letters.as_slice(), b"r" | b"br" | b"rb")
    }

    /// Steps over one escape of a text.
    fn escape(&mut self) -> Result<(), ConditionError> {
        let rest = &self.bytes[self.at + 1..];
        let is_hex = |count: usize| rest.len() > count && rest[1..=count].iter().all(u8::is_ascii_hexdigit);
        let is_octal = rest.len() > 2 && rest[1..=2].iter().all(|byte| matches!(byte, b'0'..=b'7'));
        let length = match rest.first() {
            Some(b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\' | b'\'' | b'"' | b'`' | b'?') => 1,
            Some(b'x' | b'X') if is_hex(2) => 3,
            Some(b'u') if is_hex(4) => 5,
            Some(b'U') if is_hex(8) => 9,
            Some(b'0'..=b'3') if is_octal => 3,
            _ => {
                let message = "this escape is not one of CEL; write `\\\\` for a backslash, \
                               or `r\"…\"` for a regular expression";
                return Err(self.refusal(self.at, Problem::Syntax, message.to_owned()));
            }
        };
        self.at += 1 + length;
        Ok(())
    }

    fn next_is(&self, byte: u8) -> bool {
        self.bytes.get(self.at + 1) == Some(&byte)
    }

    fn here(&mut self) -> &mut Bracket {
        if self.open.is_empty() {
            self.open.push(Bracket::default());
        }
        let last = self.open.len() - 1;
        &mut self.open[last]
    }

    /// A closing bracket without an opening one is left to the parser.
    fn close(&mut self) {
        if self.open.len() > 1 {
            let depth = self.open.pop().map_or(0, |bracket| bracket.depth());
            let here = self.here();
            here.inside = here.inside.max(depth);
        }
    }

    fn check_depth(&mut self) -> Result<(), ConditionError> {
        if self.open.len() + self.here().depth() <= DEEPEST_TREE + 1 {
            return Ok(());
        }
        let message =
            format!("a condition is nested at most {DEEPEST_TREE} levels deep; split it in two rules");
        Err(self.refusal(self.at.saturating_sub(1), Problem::TooBig, message))
    }

    fn refusal(&self, at: usize, problem: Problem, message: String) -> ConditionError {
        ConditionError {
            place: Place::of(self.source, at),
            problem,
            message,
        }
    }
}

/// Whether a run of letters and digits is one number, or one up to its sign of the exponent.
fn is_number(word: &[u8]) -> bool {
    let word = word.to_ascii_lowercase();
    let word = word.strip_suffix(b"u").unwrap_or(&word);
    if let Some(digits) = word.strip_prefix(b"0x") {
        return !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    }
    let mut parts = word.splitn(2, |byte| *byte == b'e');
    parts.all(|digits| digits.iter().all(u8::is_ascii_digit))
}

//! What somebody marked in an HTML text as to be made unreadable: what stands within `<redact>`, and where links and images lead
//! whose tags have the attribute `redact`.

use crate::guard::{HtmlRefusal, measure_html};
use html5ever::{
    tendril::StrTendril,
    tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer},
};
use std::cell::RefCell;

/// The name of the element, and of the attribute.
const REDACT: &str = "redact";
/// Attributes that say where something leads or what it shows.
const LEADING: [&str; 4] = ["href", "src", "alt", "title"];

/// Elements that begin a line of their own: what stands on either side of one stands apart in a text.
const BLOCKS: [&str; 22] = [
    "address",
    "article",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "td",
    "ul",
];

/// The passages that are marked, each once, in their order; none of white space alone.
///
/// # Errors
/// When the HTML is more than a parser is given.
pub fn marked_passages(html: &str) -> Result<Vec<String>, HtmlRefusal> {
    let measured = measure_html(html)?;
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(measured.as_str()));
    let tokenizer = Tokenizer::new(Marks::default(), Default::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut found = tokenizer.sink.0.into_inner();
    found.end_passage();
    Ok(found.passages)
}

#[derive(Default)]
struct Marks(RefCell<Found>);

#[derive(Default)]
struct Found {
    depth: usize,
    passage: String,
    passages: Vec<String>,
}

impl Found {
    fn end_passage(&mut self) {
        let passage = std::mem::take(&mut self.passage);
        self.add(passage.trim());
    }

    fn add(&mut self, passage: &str) {
        if !passage.is_empty() && !self.passages.iter().any(|known| known == passage) {
            self.passages.push(passage.to_owned());
        }
    }
}

impl TokenSink for Marks {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut found = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) if found.depth > 0 => found.passage.push_str(&text),
            Token::TagToken(tag) => {
                if &*tag.name == REDACT || BLOCKS.contains(&&*tag.name) {
                    found.end_passage();
                }
                if &*tag.name == REDACT {
                    found.depth = match tag.kind {
                        TagKind::StartTag => found.depth + 1,
                        TagKind::EndTag => found.depth.saturating_sub(1),
                    };
                }
                if tag.attrs.iter().any(|attribute| &*attribute.name.local == REDACT) {
                    let leading = tag.attrs.iter();
                    for attribute in leading.filter(|attribute| LEADING.contains(&&*attribute.name.local)) {
                        found.add(attribute.value.trim());
                    }
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_is_found_and_nothing_else() {
        let check =
            |html: &str, expected: &[&str]| assert_eq!(marked_passages(html).unwrap(), expected, "{html}");
        check("<p>My number is <redact>847564</redact>!</p>", &["847564"]);
        check("<redact>a &amp; b</redact><redact> </redact>", &["a & b"]);
        check("<redact>41<b>11</b> 22</redact> 33", &["4111 22"]);
        check("<redact><p>one</p><p>two</p></redact>", &["one", "two"]);
        check(
            "<a href=\"http://example.com/me\" redact><redact>some link</redact></a>",
            &["http://example.com/me", "some link"],
        );
        check("<redact>twice</redact> <redact>twice</redact>", &["twice"]);
        check("<redact>never closed", &["never closed"]);
        check("<p>nothing</p>", &[]);
    }
}

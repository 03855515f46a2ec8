//! Writing directions. What comes from outside never changes the order of the words around it, whatever its script and whatever
//! control characters are in it (Unicode Standard Annex 9).
//!
//! Two means: every text that goes into a page goes through [`PageText`], which leaves no control open and overrides nothing; and
//! what others wrote stands [`isolated`] in a sentence of ours.

use askama::filters::{Escaper, Html};
use std::{borrow::Cow, fmt};

/// First strong isolate: what follows has a direction of its own, up to [`END_ISOLATE`].
const ISOLATE: char = '\u{2068}';
/// Pop directional isolate.
const END_ISOLATE: char = '\u{2069}';

/// What stands open in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// An embedding, which became an isolate.
    Embedding,
    /// An override, which is left out.
    Override,
    /// An isolate.
    Isolate,
}

/// A text for a place within a sentence of ours: where it could turn the sentence it gets a direction of its own.
pub fn isolated(text: &str) -> Cow<'_, str> {
    if !text.chars().any(may_turn) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{ISOLATE}{}{END_ISOLATE}", tamed(text)))
}

/// The same in quotation marks.
pub fn quoted(text: &str) -> String {
    isolated(&format!("\"{text}\"")).into_owned()
}

/// A text without controls that reorder it or what stands behind it. An override of the order is left out; an embedding, which
/// has an effect beyond its end, becomes an isolate, which has none; what is not closed is closed, and what closes nothing is
/// left out. Other control characters are shown as U+FFFD, a line tabulation as the line's end it is.
pub fn tamed(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| is_direction(c) || is_other_control(c)) {
        return Cow::Borrowed(text);
    }
    let mut tame = String::with_capacity(text.len());
    let mut open: Vec<Open> = Vec::new();
    for c in text.chars() {
        match c {
            // LRE, RLE.
            '\u{202a}' | '\u{202b}' => {
                tame.push(if c == '\u{202a}' { '\u{2066}' } else { '\u{2067}' });
                open.push(Open::Embedding);
            }
            // LRO, RLO.
            '\u{202d}' | '\u{202e}' => open.push(Open::Override),
            // PDF closes an embedding or an override, not an isolate.
            '\u{202c}' => match open.last() {
                Some(Open::Embedding) => {
                    open.pop();
                    tame.push(END_ISOLATE);
                }
                Some(Open::Override) => drop(open.pop()),
                Some(Open::Isolate) | None => {}
            },
            '\u{2066}'..=ISOLATE => {
                tame.push(c);
                open.push(Open::Isolate);
            }
            // PDI closes the isolate, and whatever stands open within it.
            END_ISOLATE if open.contains(&Open::Isolate) => {
                while let Some(closed) = open.pop() {
                    if closed != Open::Override {
                        tame.push(END_ISOLATE);
                    }
                    if closed == Open::Isolate {
                        break;
                    }
                }
            }
            END_ISOLATE => {}
            '\u{b}' => tame.push('\n'),
            c if is_other_control(c) => tame.push(char::REPLACEMENT_CHARACTER),
            c => tame.push(c),
        }
    }
    let left = open.iter().filter(|kind| **kind != Open::Override);
    tame.extend(left.map(|_| END_ISOLATE));
    Cow::Owned(tame)
}

/// Whether a character may turn what stands beside it: one of a script written from right to left, or a control of direction.
fn may_turn(c: char) -> bool {
    is_direction(c)
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}')
        // The blocks that Unicode keeps for such scripts (DerivedBidiClass), signs and presentation forms included.
        || matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Embeddings, overrides and isolates, and what ends them.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Controls that no text has a use for.
fn is_other_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')
}

/// How text goes into a page: tamed, then escaped as HTML.
#[derive(Clone, Copy, Debug, Default)]
pub struct PageText;

impl Escaper for PageText {
    fn write_escaped_str<W: fmt::Write>(&self, dest: W, string: &str) -> fmt::Result {
        Html.write_escaped_str(dest, &tamed(string))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_as_it_is() {
        for text in ["", "Ann Müller", "日本語\n\ttext", "שלום", "e\u{301}"] {
            assert!(
                matches!(tamed(text), Cow::Borrowed(same) if same == text),
                "{text}"
            );
        }
        assert!(matches!(isolated("Ann Müller 😀"), Cow::Borrowed(_)));
    }

    #[test]
    fn nothing_is_overridden_and_nothing_stays_open() {
        for (text, expected) in [
            ("in\u{202e}fdp.exe", "infdp.exe"),
            ("in\u{202d}a\u{202c}b", "inab"),
            ("\u{202b}אב\u{202c} c", "\u{2067}אב\u{2069} c"),
            ("\u{202a}open", "\u{2066}open\u{2069}"),
            ("\u{2067}open", "\u{2067}open\u{2069}"),
            ("a\u{2069}\u{202c}b", "ab"),
            (
                "\u{2066}a\u{202b}b\u{202e}c\u{2069}d",
                "\u{2066}a\u{2067}bc\u{2069}\u{2069}d",
            ),
            ("bell\u{7}\u{9b}\u{b}\u{c}", "bell\u{fffd}\u{fffd}\n\u{c}"),
        ] {
            assert_eq!(tamed(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_could_turn_a_sentence_is_isolated_in_it() {
        assert_eq!(isolated("سارة"), "\u{2068}سارة\u{2069}");
        assert_eq!(isolated("Ann\u{202e}"), "\u{2068}Ann\u{2069}");
        // What would end our isolate is gone.
        assert_eq!(isolated("א\u{2069}b"), "\u{2068}אb\u{2069}");
    }

    #[test]
    fn a_tamed_text_is_tame() {
        let controls = [
            '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
            '\u{2069}', 'x',
        ];
        // Every text of five of them.
        for number in 0..10_usize.pow(5) {
            let text: String = (0..5)
                .map(|place| controls[number / 10_usize.pow(place) % 10])
                .collect();
            let tame = tamed(&text).into_owned();
            assert_eq!(tamed(&tame), tame, "{text:?}");
            let mut depth = 0;
            for c in tame.chars() {
                match c {
                    '\u{2066}'..='\u{2068}' => depth += 1,
                    '\u{2069}' => depth -= 1,
                    'x' => {}
                    other => panic!("{other:?} is left in {text:?}"),
                }
                assert!(depth >= 0, "{text:?}");
            }
            assert_eq!(depth, 0, "{text:?}");
        }
    }

    #[test]
    fn text_is_escaped_too() {
        let mut page = String::new();
        PageText.write_escaped_str(&mut page, "<b>\u{202e}\"&'").unwrap();
        assert_eq!(page, "&#60;b&#62;&#34;&#38;&#39;");
    }
}

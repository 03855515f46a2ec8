//! Flowed text (RFC 3676): lines that end in a space go on in the next one.

use crate::mime::Field;

/// How the lines of a text go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flow {
    /// Whether the space at the end of a line that goes on is not part of the text.
    pub(super) deletes_space: bool,
}

/// The flow that a Content-Type states.
pub(super) fn flow(content_type: &Field) -> Option<Flow> {
    let says = |name: &str, value: &str| {
        content_type
            .word(name)
            .is_some_and(|word| word.eq_ignore_ascii_case(value))
    };
    says("format", "flowed").then(|| Flow {
        deletes_space: says("delsp", "yes"),
    })
}

/// The text with its lines joined, each quote for itself. Lines end in `\n`.
pub(super) fn joined(text: &str, flow: Flow) -> String {
    let mut joined = String::with_capacity(text.len());
    // The depth of the quote that the last line left open.
    let mut open: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let content = line.trim_start_matches('>');
        let depth = line.len() - content.len();
        // A space before the text keeps it from being taken for a quote or a separator.
        let content = content.strip_prefix(' ').unwrap_or(content);
        let is_signature = content == "-- ";
        let goes_on = open == Some(depth) && !is_signature;
        if !goes_on {
            if open.is_some() {
                joined.push('\n');
            }
            joined.extend(std::iter::repeat_n('>', depth));
            if depth > 0 && !content.is_empty() {
                joined.push(' ');
            }
        }
        open = None;
        match content.strip_suffix(' ') {
            Some(shorter) if !is_signature => {
                joined.push_str(if flow.deletes_space { shorter } else { content });
                open = Some(depth);
            }
            _ => {
                joined.push_str(content);
                joined.push('\n');
            }
        }
    }
    if open.is_none() && !text.ends_with('\n') {
        joined.pop();
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DELETES: Flow = Flow { deletes_space: true };

    #[test]
    fn lines_that_go_on_are_joined() {
        for (text, expected) in [
            (
                "orders/551 \n2/return for it  \nplease",
                "orders/5512/return for it please",
            ),
            ("> one \n> two\nthree", "> onetwo\nthree"),
            ("> one \nthree", "> one\nthree"),
            (">> a \n> b", ">> a\n> b"),
            ("a \n-- \nAnn", "a\n-- \nAnn"),
            (" > no quote \n From here", "> no quoteFrom here"),
            ("a\n\nb\n", "a\n\nb\n"),
            ("a \n", "a"),
            ("", ""),
        ] {
            assert_eq!(joined(text, DELETES), expected, "{text:?}");
        }
    }

    #[test]
    fn the_space_stays_unless_it_is_said_to_go() {
        let keeps = Flow { deletes_space: false };
        for (text, expected) in [
            ("hello \nworld\n From me", "hello world\nFrom me"),
            ("> one \n> two\nthree", "> one two\nthree"),
            ("On Monday Ann \nwrote:\n> hi", "On Monday Ann wrote:\n> hi"),
            ("a \n-- \nAnn", "a \n-- \nAnn"),
        ] {
            assert_eq!(joined(text, keeps), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_paragraph_cut_anywhere_comes_back(text in "[a-z/:. ]{0,60}[a-z]", cuts in proptest::collection::vec(1_usize..9, 0..20), depth in 0_usize..3) {
            let marks = ">".repeat(depth);
            let start = if depth > 0 { format!("{marks} ") } else { " ".to_owned() };
            let mut flowed = String::new();
            let mut rest = text.as_str();
            for cut in cuts {
                if cut < rest.len() {
                    let (piece, after) = rest.split_at(cut);
                    flowed.push_str(&format!("{start}{piece} \n"));
                    rest = after;
                }
            }
            flowed.push_str(&format!("{start}{rest}"));
            let shown = if depth > 0 { format!("{start}{text}") } else { text.clone() };
            // A line that is the separator of a signature stands alone.
            prop_assert_eq!(joined(&flowed, DELETES), shown);
        }
    }
}

mod introductions;
mod limits;
mod mails;
mod prose;
mod reported;

use super::{Part, fold, fold_mail};
use crate::InboundMail;

/// What is shown of a text, outer white space dropped.
fn shown(text: &str) -> String {
    let spans = fold(text);
    let shown: String = spans
        .iter()
        .filter(|span| !span.part.is_folded())
        .map(|span| span.of(text))
        .collect();
    shown.trim().to_owned()
}

fn parts(text: &str) -> Vec<Part> {
    fold(text).iter().map(|span| span.part).collect()
}

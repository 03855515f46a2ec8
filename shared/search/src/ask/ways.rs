//! The ways in which a text may be found.

use crate::{
    document::{TextField, Token},
    limits::{SHORTEST_BEGINNING, SHORTEST_PREFIX},
    matcher::Matcher,
    query::{Shape, Text},
    text::{Piece, Role, pieces},
};

/// How much more a whole word counts than a word that only begins so.
const WEIGHT_OF_WHOLE: f32 = 4.0;

/// Words in their order; one way to find a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Way {
    pub(crate) steps: Vec<Step>,
    weight: f32,
}

/// One word of a way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    /// Its place.
    pub(crate) position: u32,
    /// Its spellings: any will do.
    pub(crate) texts: Vec<String>,
    /// Whether a word that only begins so will do.
    pub(crate) begins: bool,
}

impl Step {
    /// Whether this word is found at a piece.
    pub(crate) fn fits(&self, text: &str) -> bool {
        self.texts.iter().any(|wanted| match self.begins {
            true => text.starts_with(wanted.as_str()),
            false => text == wanted,
        })
    }
}

/// The ways to find a text; none where it has no words. A free word is also found as the beginning of a longer one.
pub(crate) fn ways(text: &Text, is_free: bool) -> Vec<Way> {
    let found = pieces(&text.text);
    let core: Vec<&Piece> = found.iter().filter(|piece| piece.role.is_of_order()).collect();
    let (Some(first), Some(last)) = (core.first(), core.last()) else {
        return Vec::new();
    };
    let shortest = match text.shape {
        Shape::Beginning => Some(SHORTEST_PREFIX),
        Shape::Word if is_free => Some(SHORTEST_BEGINNING),
        Shape::Word | Shape::Phrase => None,
    };
    let mut ways = vec![in_order(&found, &core, text.shape == Shape::Beginning)];
    if text.shape == Shape::Phrase {
        return ways;
    }
    let mut also = |text: &str, role: Role| {
        if role != Role::Word {
            ways.push(single(text, false));
        }
        if shortest.is_some_and(|shortest| text.chars().count() >= shortest) {
            ways.push(single(text, true));
        }
    };
    if let ([only], Role::Word) = (core.as_slice(), first.role) {
        also(&only.text, Role::Word);
        for reading in found.iter().filter(|piece| piece.role == Role::Reading) {
            also(&reading.text, Role::Word);
        }
    }
    let end = found.iter().map(|piece| piece.to).max().unwrap_or(last.to);
    for piece in &found {
        let is_whole = piece.from == first.from && piece.to == end;
        if is_whole && matches!(piece.role, Role::Joined | Role::Whole) {
            also(&piece.text, piece.role);
        }
    }
    ways
}

fn single(text: &str, begins: bool) -> Way {
    Way {
        steps: vec![Step {
            position: 0,
            texts: vec![text.to_owned()],
            begins,
        }],
        weight: if begins { 1.0 } else { WEIGHT_OF_WHOLE },
    }
}

/// All words in their order. A last character without a neighbour is the beginning of whatever pair stands there.
fn in_order(found: &[Piece], core: &[&Piece], begins: bool) -> Way {
    let last = core.len().saturating_sub(1);
    let steps = core.iter().enumerate().map(|(at, piece)| {
        let readings = found
            .iter()
            .filter(|other| other.role == Role::Reading && other.position == piece.position);
        let is_open = at == last && (piece.role == Role::Single || (begins && piece.role == Role::Word));
        Step {
            position: piece.position,
            texts: std::iter::once(*piece)
                .chain(readings)
                .map(|piece| piece.text.clone())
                .collect(),
            begins: is_open,
        }
    });
    Way {
        steps: steps.collect(),
        weight: WEIGHT_OF_WHOLE,
    }
}

impl Way {
    /// What the index is asked. Where the last word may only begin so, an index can't hold it to its place: it stands anywhere.
    pub(crate) fn matcher(&self, fields: &[TextField]) -> Matcher {
        let (closed, open): (Vec<&Step>, Vec<&Step>) = self.steps.iter().partition(|step| !step.begins);
        let mut parts: Vec<Matcher> = Vec::new();
        match closed.as_slice() {
            [] => {}
            [only] => parts.push(any_of(only.texts.iter().map(|text| Matcher::Word {
                fields: fields.to_vec(),
                word: text.clone(),
            }))),
            several => parts.push(Matcher::Phrase {
                fields: fields.to_vec(),
                words: several
                    .iter()
                    .flat_map(|step| {
                        step.texts.iter().map(|text| Token {
                            text: text.clone(),
                            position: step.position,
                        })
                    })
                    .collect(),
            }),
        }
        for step in open {
            parts.push(any_of(step.texts.iter().map(|text| Matcher::Prefix {
                fields: fields.to_vec(),
                prefix: text.clone(),
            })));
        }
        Matcher::Weighted(self.weight, Box::new(all_of(parts)))
    }
}

/// What the index is asked for a text in fields.
pub(super) fn matcher(text: &Text, is_free: bool, fields: &[TextField]) -> Matcher {
    any_of(ways(text, is_free).iter().map(|way| way.matcher(fields)))
}

/// One of these, without a list where it has one.
pub(super) fn any_of(matchers: impl IntoIterator<Item = Matcher>) -> Matcher {
    let mut all: Vec<Matcher> = matchers.into_iter().collect();
    match (all.pop(), all.is_empty()) {
        (None, _) => Matcher::Nothing,
        (Some(only), true) => only,
        (Some(last), false) => {
            all.push(last);
            Matcher::Or(all)
        }
    }
}

/// All of these, without a list where it has one.
pub(super) fn all_of(matchers: impl IntoIterator<Item = Matcher>) -> Matcher {
    let mut all: Vec<Matcher> = matchers
        .into_iter()
        .filter(|matcher| *matcher != Matcher::All)
        .collect();
    match (all.pop(), all.is_empty()) {
        (None, _) => Matcher::All,
        (Some(only), true) => only,
        (Some(last), false) => {
            all.push(last);
            Matcher::And(all)
        }
    }
}

//! Tickets by who is around them: whoever is meant is looked for first, and stands in the question by their number then. So a person or an
//! organization that changes changes none of its tickets' documents.

use crate::{SplitError, ask::each_found, splits::Splits};
use docket_search::{Around, Kind, Matcher};
use std::borrow::Cow;

/// Most people, or organizations, that one condition can mean: their numbers stand in memory as terms.
pub const MOST_AROUND: usize = 100_000;

impl Splits {
    /// The matcher with terms in the place of what asks for who is around tickets.
    pub(crate) fn without_around<'m>(&self, matcher: &'m Matcher) -> Result<Cow<'m, Matcher>, SplitError> {
        match matcher.looks_around() {
            true => self.by_terms(matcher).map(Cow::Owned),
            false => Ok(Cow::Borrowed(matcher)),
        }
    }

    fn by_terms(&self, matcher: &Matcher) -> Result<Matcher, SplitError> {
        let each = |parts: &[Matcher]| {
            let parts = parts.iter().map(|part| self.by_terms(part));
            parts.collect::<Result<Vec<Matcher>, SplitError>>()
        };
        Ok(match matcher {
            Matcher::Around(which, inner) => Matcher::And(vec![
                Matcher::Kind(Kind::Ticket),
                Matcher::AnyKeyword(self.terms_of(*which, inner)?),
            ]),
            Matcher::And(parts) => Matcher::And(each(parts)?),
            Matcher::Or(parts) => Matcher::Or(each(parts)?),
            Matcher::Not(inner) => Matcher::Not(Box::new(self.by_terms(inner)?)),
            Matcher::Weighted(weight, inner) => Matcher::Weighted(*weight, Box::new(self.by_terms(inner)?)),
            other => other.clone(),
        })
    }

    /// The terms of the tickets around which is somebody who is found by a matcher.
    fn terms_of(&self, which: Around, inner: &Matcher) -> Result<Vec<String>, SplitError> {
        let of_kind = Matcher::And(vec![Matcher::Kind(which.kind()), inner.clone()]);
        let mut terms = Vec::new();
        let mut is_too_many = false;
        self.each_part(&of_kind, |part, weight| {
            each_found(part, weight, &mut |_, thing| {
                is_too_many |= terms.len() >= MOST_AROUND;
                if !is_too_many {
                    terms.push(which.keyword(thing.number));
                }
            })
        })?;
        match is_too_many {
            true => Err(SplitError::TooManyAround { most: MOST_AROUND }),
            false => Ok(terms),
        }
    }
}

//! Views: conditions in the words of Zendesk's views (developer.zendesk.com, "Conditions reference", November 2026) as what an index is
//! asked, and orders by columns.
//!
//! A condition becomes a [`Matcher`] as a query does, so the index answers it and heads are held against it by the same. One that
//! neither can answer is refused where it is written, never passed over.

mod condition;
mod order;
mod ordered;
mod own;
#[cfg(test)]
mod tests;
mod values;
mod wrong;

pub use condition::check_condition;
pub use order::{ViewColumn, ViewOrder, ViewSorted};
pub use ordered::is_by_order;
pub use own::OwnField;
pub use wrong::{WrongCondition, WrongPart};

use crate::{
    ask::{Asked, Seen},
    document::Kind,
    matcher::Matcher,
};
use docket_domain::{GroupId, PersonId, Timestamp, view::ViewCondition};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Who looks, and when.
#[derive(Clone, Copy, Debug)]
pub struct ViewAsker<'a> {
    /// Who the current user is.
    pub me: Option<PersonId>,
    /// Their groups.
    pub groups: &'a [GroupId],
    /// Now.
    pub now: Timestamp,
    /// Where their days begin.
    pub zone: &'a TimeZone,
}

/// The tickets of a view, as whoever has the index is asked for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewQuestion {
    /// All of these must hold.
    pub all: Vec<ViewCondition>,
    /// One of these must hold, where there are any.
    pub any: Vec<ViewCondition>,
    /// The groups of whoever looks.
    #[serde(default)]
    pub groups: Vec<GroupId>,
    /// In which order.
    pub order: ViewOrder,
}

impl ViewQuestion {
    /// The question that can be asked, by whoever sees no more than this.
    ///
    /// # Errors
    /// When a condition can't be answered.
    pub fn ask(
        &self,
        seen: &Seen,
        me: Option<PersonId>,
        (now, zone): (Timestamp, &TimeZone),
    ) -> Result<Asked, WrongCondition> {
        let asker = ViewAsker {
            me,
            groups: &self.groups,
            now,
            zone,
        };
        let each = |conditions: &[ViewCondition]| {
            let matchers = conditions
                .iter()
                .map(|condition| condition::matcher(condition, &asker));
            matchers.collect::<Result<Vec<Matcher>, _>>()
        };
        let mut parts = vec![Matcher::Kind(Kind::Ticket)];
        parts.extend(each(&self.all)?);
        if !self.any.is_empty() {
            parts.push(Matcher::Or(each(&self.any)?));
        }
        let wanted = Matcher::Weighted(0.0, Box::new(Matcher::And(parts)));
        Ok(Asked::of(seen, wanted, self.order.order()))
    }
}

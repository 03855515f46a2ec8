//! What rules would have done to past tickets, and which rules do nothing of use.
//!
//! A past ticket is triaged again as it was when it was triaged: its events until then are folded, and `now` is that moment.
//! [`BackTest`] compares two books by that; [`Drift`] looks for rules that never fire, are always overruled by hand or are
//! shadowed. Both only count: whoever has the tickets hands them in one by one.

mod backtest;
mod drift;
mod drift_report;
mod placed;
mod settings;
mod shadow;
mod ticket;

pub use backtest::{
    BackTest, Change, Example, FirstGroup, MOST_EXAMPLES, Move, Property, RuleCount, Skipped,
};
pub use drift::Drift;
pub use drift_report::{DriftReport, FEWEST_TICKETS, NeverFired, Overruled, RuleDrift, Shadow, ShadowedBy};
pub use settings::Target;
pub use shadow::How;
pub use ticket::{Known, NotJudged, PastTicket};

use crate::CheckedBook;

/// What of triggers and automations drift does not know, in words.
pub const NOT_KNOWN_OF_TRIGGERS: &str =
    "of triggers and automations it is known whether they ran, not since when they are in force";

/// What of past tickets is not known as it was, in words.
pub fn not_known(books: &[&CheckedBook]) -> Vec<String> {
    let mut words = vec!["groups of mailboxes and the group by default are taken as they are now".to_owned()];
    let needs: Vec<_> = books.iter().map(|book| book.routing_needs()).collect();
    if needs.iter().any(|needs| needs.requester || needs.organization) {
        words.push(
            "name, address, tags, tier and organization of each requester are taken as they are now"
                .to_owned(),
        );
    }
    if needs.iter().any(|needs| !needs.calendars.is_empty()) {
        words.push(
            "calendars are taken as they are in the rules' own version of the configuration".to_owned(),
        );
    }
    words
}

//! The sections of the file, as they are written.

mod calendars;
mod policies;
mod targets;
mod timers;

pub(crate) use calendars::UNNAMED;
pub use calendars::{CalendarEntry, DateKey, HolidayEntry};
pub(crate) use policies::ROUND_THE_CLOCK;
pub use policies::{
    ActionEntry, EscalationEntry, HoursOf, PausingStatus, PolicyEntry, PriorityName, RecipientEntry,
};
pub use targets::{ByPriority, PromiseEntry, Targets, Within};
pub use timers::TimersEntry;

use docket_domain::sla::MOST_POLICIES;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The configuration of a desk. A section that is left out stays as it is on the desk; one that is there is the whole of
/// it: what the desk has beyond it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "docket.yaml")]
pub struct DeskFile {
    /// When the office is open, by the name of the calendar. At most 40.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "BTreeMap<String, CalendarEntry>")]
    pub calendars: Option<BTreeMap<String, CalendarEntry>>,
    /// What is promised to whom. The first policy whose condition holds for a ticket is the ticket's. At most 40.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<PolicyEntry>", length(max = MOST_POLICIES))]
    pub sla_policies: Option<Vec<PolicyEntry>>,
    /// What happens by itself when nobody writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "TimersEntry")]
    pub timers: Option<TimersEntry>,
}

/// The sections, by their keys.
pub(crate) const SECTIONS: [&str; 3] = ["calendars", "sla_policies", "timers"];

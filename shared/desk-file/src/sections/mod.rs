//! The sections of the file, as they are written.

mod actions;
mod agents;
mod calendars;
mod groups;
mod mailboxes;
mod policies;
mod rules;
mod targets;
mod texts;
mod timers;

pub(crate) use actions::{BY_CONDITION, NOBODY};
pub use actions::{EscalateEntry, FieldEntry, NotifyEntry, RuleActionEntry, SinceName, StatusName, TypeName};
pub use agents::{AgentEntry, RoleName};
pub(crate) use calendars::UNNAMED;
pub use calendars::{CalendarEntry, DateKey, HolidayEntry};
pub use groups::{GroupEntry, StrategyName};
pub use mailboxes::{ChannelEntry, ChannelKind, MailboxEntry};
pub(crate) use policies::ROUND_THE_CLOCK;
pub use policies::{
    ActionEntry, EscalationEntry, HoursOf, PausingStatus, PolicyEntry, PriorityName, RecipientEntry,
};
pub use rules::{AutomationEntry, MacroEntry, RuleEntry};
pub use targets::{ByPriority, PromiseEntry, Targets, Within};
pub use texts::{TemplateEntry, TextEntry, WordsEntry};
pub use timers::TimersEntry;

use docket_domain::{
    configuration::{MOST_CHANNELS, MOST_MAILBOXES},
    people::staff::MOST_STAFF,
    rule::{MOST_OF_A_KIND, MOST_TEMPLATES},
    sla::MOST_POLICIES,
};
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
    /// What agents can do, by what it is a kind of. At most 500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "BTreeMap<String, Vec<String>>")]
    pub skills: Option<BTreeMap<String, Vec<String>>>,
    /// What a ticket weighs in its agent's load, by the way it came: `mail`, `api`, `agent`, `hook`, or the name of a
    /// channel, which goes before `hook`. 0 to 100; 1 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "BTreeMap<String, u32>")]
    pub channel_weights: Option<BTreeMap<String, u32>>,
    /// What a new ticket is, and whose; asked again when something changes that a condition reads. At most 500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<RuleEntry>", length(max = MOST_OF_A_KIND))]
    pub routing: Option<Vec<RuleEntry>>,
    /// What is done when something happens to a ticket. At most 500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<RuleEntry>", length(max = MOST_OF_A_KIND))]
    pub triggers: Option<Vec<RuleEntry>>,
    /// What is done when time has passed. At most 500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<AutomationEntry>", length(max = MOST_OF_A_KIND))]
    pub automations: Option<Vec<AutomationEntry>>,
    /// What agents do with one click. At most 500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<MacroEntry>", length(max = MOST_OF_A_KIND))]
    pub macros: Option<Vec<MacroEntry>>,
    /// Texts in several languages that rules write, by the name of the template. At most 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "BTreeMap<String, TemplateEntry>", extend("maxProperties" = MOST_TEMPLATES))]
    pub templates: Option<BTreeMap<String, TemplateEntry>>,
    /// Who works here, an admin among them. At most 5,000. Whoever is not there any more is a customer from then on, and what
    /// they have goes to others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<AgentEntry>", length(min = 1, max = MOST_STAFF))]
    pub agents: Option<Vec<AgentEntry>>,
    /// Who works on tickets. A group that is not here takes no more; tickets that it has stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<GroupEntry>", length(min = 1))]
    pub groups: Option<Vec<GroupEntry>>,
    /// Where mail comes in; the first mailbox serves tickets that did not come by mail. At most 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<MailboxEntry>", length(min = 1, max = MOST_MAILBOXES))]
    pub mailboxes: Option<Vec<MailboxEntry>>,
    /// Where bots, forms and chats come in. At most 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<ChannelEntry>", length(max = MOST_CHANNELS))]
    pub channels: Option<Vec<ChannelEntry>>,
}

/// The sections, by their keys.
pub(crate) const SECTIONS: [&str; 14] = [
    "calendars",
    "sla_policies",
    "timers",
    "skills",
    "channel_weights",
    "routing",
    "triggers",
    "automations",
    "macros",
    "templates",
    "agents",
    "groups",
    "mailboxes",
    "channels",
];

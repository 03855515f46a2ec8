//! Rules: a condition, and what is done where it holds.
//!
//! One definition serves four uses: **routing rules** say where a new ticket goes, **triggers** answer to what happens,
//! **automations** to time that passes, **macros** are run by an agent. What a condition means is known to whoever hands in
//! [`Rules`](crate::ticket::Rules); here it is text.

mod action;
mod anchor;
mod book;
mod category;
mod check;
mod definition;
mod runs;
mod skill;
mod text;

pub use action::RuleAction;
pub use anchor::{Anchor, Timing};
pub use book::{MOST_OF_A_KIND, MOST_TEMPLATES, RuleBook, RuleBookError};
pub use category::{MOST_CATEGORIES, TriggerCategory};
pub use check::RuleError;
pub use definition::{
    DEFAULT_BUDGET, LONGEST_DESCRIPTION, LONGEST_NAME, MOST_ACTIONS, MOST_BUDGET, Rule, RuleKind,
};
pub use runs::{MOST_RULES_AN_HOUR, Planned, RuleRuns, Spent};
pub use skill::{RecordTimes, Skill, SkillAttribute};
pub use text::{LONGEST_BODY, LONGEST_SUBJECT, Template, TemplateText, Text, TextError};

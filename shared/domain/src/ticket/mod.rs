//! The ticket: its head, the events it is made of, and the two functions every change goes through.

mod channel;
mod command;
mod comments;
pub mod counted;
mod create;
mod custom;
mod decide;
mod event;
mod evolve;
mod evolve_links;
pub mod fact;
mod fields;
mod group_and_assignee;
#[cfg(test)]
mod group_and_assignee_tests;
mod head;
mod import;
mod incidents_and_followers;
pub mod link_lists;
mod links;
mod needs;
mod parts;
mod plan_automations;
pub mod record;
mod refusal;
mod removal;
#[cfg(test)]
mod removal_tests;
mod rules;
mod run_rules;
mod satisfaction;
mod settle_clocks;
mod snooze;
mod solved_problem;
mod status;
mod status_moves;
mod timers;
mod vocabulary;
mod wait;

pub use channel::{Channel, ReplyVia};
pub use command::{Command, CommentFacts, Context, NewTicket, Redaction, Update};
pub use create::subject_from_outside;
pub(crate) use create::tag_is_well_formed;
pub use decide::{Decided, FAST_PATH, decide};
pub use event::{Actor, TicketEvent};
pub use evolve::{evolve, fold};
pub use fact::{Fact, WrittenBy};
pub use head::{Deletion, ListRank, MergedInto, Ticket, Triage, Waiting};
pub use import::{Import, ImportedComment};
pub use link_lists::{LinkChange, LinkList};
pub use links::{LinkCommand, LinkRefusal, TakeIn};
pub use needs::Needs;
pub use parts::{MOST_HEAD_BYTES, MOST_LABEL_BYTES, MOST_PARTS, parts};
pub use refusal::Refusal;
pub use rules::{Chosen, Found, Rules, StandardRules, Written};
pub use satisfaction::{Rating, Satisfaction, Score};
pub use solved_problem::IncidentsDue;
pub use status::{Priority, Status, StatusClass, TicketType};
pub use vocabulary::stands_on_head;
pub use wait::CustomerWait;

#[cfg(test)]
mod comments_tests;
#[cfg(test)]
mod custom_tests;
#[cfg(test)]
mod head_tests;
#[cfg(test)]
mod outgoing_tests;
#[cfg(test)]
mod parts_tests;
#[cfg(test)]
mod solved_problem_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod timer_tests;

//! Conditions.

mod check;
mod condition;
mod error;
mod facts;
mod guard;
pub mod limits;
mod names;
mod prepared;
mod program;
mod run;
mod set;
mod types;
mod words;

pub use condition::{Condition, Evaluation};
pub use error::{ConditionError, EvaluationError, Fault, Place, Problem};
pub use facts::{BotFacts, EventFacts, Facts, OrganizationFacts, RequesterFacts, TicketFacts};
pub use names::{Name, names};
pub use prepared::Prepared;
pub use set::{ConditionSet, RefusedCondition};
pub use words::{ActorKind, Attribute, EventKind, Vocabulary};

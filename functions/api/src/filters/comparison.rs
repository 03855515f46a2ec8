//! One condition of a filter, as it is meant.

use super::{
    own::OwnTest,
    subject::{Part, Subject},
};
use docket_domain::ticket::Priority;

/// One condition. Values are words of conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// It is this; nothing: it has none.
    Is(Subject, Option<String>),
    /// It is not this; nothing: it has one.
    IsNot(Subject, Option<String>),
    /// It is one of these.
    OneOf(Subject, Vec<String>),
    /// It is none of these.
    NoneOf(Subject, Vec<String>),
    /// It is less urgent.
    Below(Priority),
    /// It is more urgent.
    Above(Priority),
    /// It has one of these tags.
    Tagged(Vec<String>),
    /// It has none of these tags.
    Untagged(Vec<String>),
    /// It has just been created; or something else happened.
    Created(bool),
    /// This changed; or did not.
    Changed(Subject, bool),
    /// It changed to this.
    ChangedTo(Subject, Option<String>),
    /// Somebody wrote; to everybody, to agents, or either.
    Commented(Option<bool>),
    /// A text has one of these words, or none of them.
    Words(Part, Vec<String>, bool),
    /// It was done by an agent, or by the requester.
    ByAgent(bool),
    /// Something of what the operator defined.
    Own(OwnTest),
}

impl Test {
    /// Whether it is about what happens.
    pub fn hears(&self) -> bool {
        match self {
            Self::Created(_)
            | Self::Changed(..)
            | Self::ChangedTo(..)
            | Self::Commented(_)
            | Self::Words(Part::Comment, ..)
            | Self::ByAgent(_) => true,
            Self::Own(own) => own.hears(),
            _ => false,
        }
    }
}

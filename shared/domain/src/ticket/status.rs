//! Status, priority and type of a ticket, in the field's words.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

macro_rules! word {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word in the API and in keys.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|word| word.as_str() == text)
                    .ok_or_else(|| UnknownWord(text.to_owned()))
            }
        }
    };
}

/// A word that is none of those allowed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not one of the allowed words")]
pub struct UnknownWord(pub String);

word! {
    /// Where a ticket stands.
    Status {
        /// Nobody has taken it on.
        New = "new",
        /// An agent is to act.
        Open = "open",
        /// Waits for the requester.
        Pending = "pending",
        /// Waits for a third party.
        Hold = "hold",
        /// Solved; may reopen.
        Solved = "solved",
        /// Closed; may not change any more.
        Closed = "closed",
    }
}

word! {
    /// How urgent a ticket is.
    Priority {
        /// Low.
        Low = "low",
        /// Normal.
        Normal = "normal",
        /// High.
        High = "high",
        /// Urgent.
        Urgent = "urgent",
    }
}

word! {
    /// What a ticket is about, as the field sorts it.
    TicketType {
        /// A question.
        Question = "question",
        /// One occurrence of a problem.
        Incident = "incident",
        /// The cause of incidents.
        Problem = "problem",
        /// Something to do.
        Task = "task",
    }
}

impl Status {
    /// Whether the ticket still needs work: it counts as its assignee's load.
    pub fn is_unsolved(self) -> bool {
        self < Self::Solved
    }

    /// Whether resolution and reply clocks stand still in it.
    pub fn pauses_clocks(self) -> bool {
        matches!(self, Self::Pending | Self::Hold)
    }

    /// Who is to act on an unsolved ticket.
    pub fn class(self) -> Option<StatusClass> {
        match self {
            Self::New | Self::Open => Some(StatusClass::Active),
            Self::Pending | Self::Hold => Some(StatusClass::Paused),
            Self::Solved | Self::Closed => None,
        }
    }
}

/// Who is to act on an unsolved ticket: lists are kept by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusClass {
    /// The desk: new and open tickets.
    Active,
    /// Somebody else: pending tickets and those on hold.
    Paused,
}

impl StatusClass {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Active, Self::Paused];

    /// The word in keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for status in Status::ALL {
            assert_eq!(status.as_str().parse::<Status>().as_ref(), Ok(status));
        }
        assert_eq!("done".parse::<Status>(), Err(UnknownWord("done".into())));
    }

    #[test]
    fn unsolved_is_everything_before_solved() {
        let unsolved: Vec<_> = Status::ALL
            .iter()
            .filter(|s| s.is_unsolved())
            .map(|s| s.as_str())
            .collect();
        assert_eq!(unsolved, ["new", "open", "pending", "hold"]);
    }

    #[test]
    fn what_is_unsolved_has_a_class_and_clocks_run_in_one_of_them() {
        for status in Status::ALL {
            assert_eq!(status.class().is_some(), status.is_unsolved());
            assert_eq!(
                status.class() == Some(StatusClass::Paused),
                status.pauses_clocks()
            );
        }
    }
}

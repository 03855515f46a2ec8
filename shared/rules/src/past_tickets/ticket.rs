//! A ticket as it was when the rules had their say, and what became of it.

use docket_domain::{
    Digest, GroupId, RuleId, TicketNumber, Timestamp,
    ticket::{Fact, Status, Ticket, TicketEvent, fact, fold},
    triage::{Facts, History},
};
use serde::Serialize;

/// Why a ticket can't be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotJudged {
    /// The rules had their say before the time that is looked at.
    TriagedBefore,
    /// The rules have not had their say yet.
    NotTriaged,
    /// Its history does not begin with its beginning.
    NoHistory,
    /// The decision with what was known of its requester is not there.
    NoDecision,
    /// The text of its first comment is not there.
    NoText,
    /// What was said when it began was erased: rules would be asked about blanks.
    Erased,
}

impl NotJudged {
    /// In words, of some tickets.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::TriagedBefore => "were triaged before",
            Self::NotTriaged => "are not triaged yet",
            Self::NoHistory => "have no history from their beginning",
            Self::NoDecision => "have lost the decision that says what was known of their requester",
            Self::NoText => "have lost the text of their first comment",
            Self::Erased => "had what was said in them erased",
        }
    }
}

/// A past ticket.
#[derive(Clone, Debug)]
pub struct PastTicket {
    /// As it was before the rules had their say.
    pub before: Ticket,
    /// The language that its words were found to be in.
    pub language: Option<String>,
    /// When they had it.
    pub triaged_at: Timestamp,
    /// The group it then went to.
    pub first_group: GroupId,
    /// The operator's rules that matched, in their order.
    pub matched: Vec<RuleId>,
    /// Where the decision lies.
    pub decision: Digest,
    /// What happened from then on, that included.
    pub after: Vec<TicketEvent>,
    /// The group it was in when it was last moved to solved; nothing for one that is not solved or had no group.
    pub solved_by: Option<GroupId>,
    /// Whether it is solved or closed.
    pub is_done: bool,
}

impl PastTicket {
    /// What the events of a ticket say.
    ///
    /// # Errors
    /// When the rules did not have their say since `from`, or the events do not begin at the beginning.
    pub fn of(number: TicketNumber, events: &[TicketEvent], from: Timestamp) -> Result<Self, NotJudged> {
        let is_whole =
            matches!(events, [first, ..] if first.v == 1 && matches!(first.fact, Fact::TicketCreated(_)));
        if !is_whole {
            return Err(NotJudged::NoHistory);
        }
        let place = events
            .iter()
            .position(|event| matches!(event.fact, Fact::Triaged(_)))
            .ok_or(NotJudged::NotTriaged)?;
        let (begun, after) = events.split_at(place);
        if begun.iter().any(|event| event.is_erased) {
            return Err(NotJudged::Erased);
        }
        let Some(TicketEvent {
            at,
            fact:
                Fact::Triaged(fact::Triaged {
                    group,
                    rules,
                    decision,
                    language,
                    ..
                }),
            ..
        }) = after.first()
        else {
            return Err(NotJudged::NotTriaged);
        };
        if *at < from {
            return Err(NotJudged::TriagedBefore);
        }
        let (solved_by, is_done) = solved_by(number, events);
        Ok(Self {
            before: fold(number, begun),
            language: language.clone(),
            triaged_at: *at,
            first_group: *group,
            matched: rules.clone(),
            decision: decision.clone(),
            after: after.to_vec(),
            solved_by,
            is_done,
        })
    }

    /// What the stage of triage looks at.
    pub(crate) fn facts<'a>(&'a self, known: &'a Known) -> Facts<'a> {
        Facts {
            ticket: &self.before,
            text: &known.text,
            handed_off: known.handed_off,
            history: &known.history,
            mailbox_group: known.mailbox_group,
            default_group: known.default_group,
        }
    }
}

/// The group in which it was last moved to solved, and whether it is done. What was reopened since and is not solved again
/// was solved by nobody.
fn solved_by(number: TicketNumber, events: &[TicketEvent]) -> (Option<GroupId>, bool) {
    let moved = events.iter().rposition(|event| {
        matches!(event.fact, Fact::StatusChanged { from, to: Status::Solved, .. } if from != Status::Solved)
    });
    if fold(number, events).status.is_unsolved() {
        return (None, false);
    }
    let group = moved.and_then(|place| fold(number, &events[..=place]).group);
    (group, true)
}

/// What is known of a past ticket besides its events.
#[derive(Clone, Debug)]
pub struct Known {
    /// The text of its first comment, where the standard rules are asked, who read it.
    pub text: String,
    /// Whether a bot handed it over, where they are asked.
    pub handed_off: bool,
    /// The requester's past as it was then, where some condition reads it.
    pub history: History,
    /// The group of its mailbox, today.
    pub mailbox_group: Option<GroupId>,
    /// The group by default, today.
    pub default_group: GroupId,
}

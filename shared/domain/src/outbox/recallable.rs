//! An agent's answer that its author can recall for some seconds: it is kept as it is to be saved, and is saved once they are over.
//! Until then nothing of it has happened to its ticket.

use crate::{
    PersonId, TicketNumber, Timestamp,
    contact::comment::Comment,
    ticket::{Fact, Status, Ticket, TicketEvent, Update},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where it stands. One that was saved is not kept any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RecallState {
    /// It is saved at its time, unless it is recalled before.
    Waiting,
    /// Its author recalled it: its text goes on as a draft.
    Recalled,
    /// It could not be saved: its text goes on as a draft, too.
    Refused {
        /// Why, in a sentence.
        why: String,
    },
}

/// Which answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecallableId {
    /// Its ticket.
    pub ticket: TicketNumber,
    /// Who wrote it.
    pub author: PersonId,
    /// Tells it from the author's others on this ticket: letters and digits.
    pub name: String,
}

impl RecallableId {
    /// Longest name.
    pub const LONGEST_NAME: usize = 64;

    /// The id, if the name is one.
    pub fn new(ticket: TicketNumber, author: PersonId, name: &str) -> Option<Self> {
        let fits = (1..=Self::LONGEST_NAME).contains(&name.len());
        let is_name = fits && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_name.then(|| Self {
            ticket,
            author,
            name: name.to_owned(),
        })
    }

    /// What stands in the events of its save as what led to them.
    pub fn cause(&self) -> String {
        Self::cause_of(&self.name)
    }

    /// The same for a name.
    pub fn cause_of(name: &str) -> String {
        format!("workspace answer {name}")
    }
}

/// An answer that can be recalled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallableAnswer {
    /// Which.
    pub id: RecallableId,
    /// Where it stands.
    #[serde(flatten)]
    pub state: RecallState,
    /// When its author sent it.
    pub created_at: Timestamp,
    /// When it is saved.
    pub send_at: Timestamp,
    /// The ticket's newest public comment when it was sent: its version.
    pub last_public_v: u64,
    /// The comment, as it will lie beside its ticket.
    pub comment: Comment,
    /// The change with it.
    pub update: Update,
    /// What else the form said, for whoever goes on with it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub form: BTreeMap<String, String>,
}

impl RecallableAnswer {
    /// Whether it is to be saved.
    pub fn waits(&self) -> bool {
        self.state == RecallState::Waiting
    }

    /// When the sweep looks after it; nothing once its text is a draft.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.waits().then_some(self.send_at)
    }

    /// The same in another state.
    #[must_use]
    pub fn moved(&self, state: RecallState) -> Self {
        Self {
            state,
            ..self.clone()
        }
    }

    /// The change as it is made on the ticket as it is now. Where somebody wrote in public since it was sent, what they wrote is open:
    /// the status stays as it is.
    pub fn update_on(&self, ticket: &Ticket) -> Update {
        let is_answered = ticket.last_public_v <= self.last_public_v;
        let mut update = self.update.clone();
        if !is_answered && update.status.is_some_and(|status| status != Status::Open) {
            (update.status, update.custom_status) = (None, None);
        }
        update
    }
}

/// Whether answers that wait beside a ticket are saved before these events: somebody ends the ticket, so that after it they could not be
/// any more, or an agent chooses something that an answer which was sent before would undo. Who answers meanwhile stops nobody: each
/// answer is saved at its time. What the sweep does to very many tickets is not asked about at each: an answer that comes to one which was
/// closed in that moment goes back to its author.
pub fn answers_go_first(events: &[TicketEvent]) -> bool {
    let is_answer = |event: &TicketEvent| {
        event.actor.is_agent() && matches!(&event.fact, Fact::CommentAdded(said) if said.public)
    };
    let is_answered = events.iter().any(is_answer);
    events.iter().any(|event| match &event.fact {
        Fact::Deleted { .. } | Fact::Merged(_) => true,
        Fact::StatusChanged {
            to: Status::Closed, ..
        } => event.actor.person().is_some(),
        Fact::StatusChanged { .. }
        | Fact::CustomStatusChanged { .. }
        | Fact::Snoozed { .. }
        | Fact::SnoozeEnded { .. }
        | Fact::PriorityChanged { .. }
        | Fact::AssigneeChanged { .. }
        | Fact::GroupChanged { .. }
        | Fact::Escalated { .. } => event.actor.is_agent() && !is_answered,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Digest,
        contact::comment::{AuthorRole, BodyRef},
        ticket::{Actor, Channel, fact},
    };

    fn answer(update: Update) -> RecallableAnswer {
        let at = Timestamp::UNIX_EPOCH;
        let body = BodyRef {
            digest: Digest::of(b"x"),
            bytes: 1,
        };
        RecallableAnswer {
            id: RecallableId::new(TicketNumber(7), PersonId(2), "a1").unwrap(),
            state: RecallState::Waiting,
            created_at: at,
            send_at: at,
            last_public_v: 3,
            comment: Comment {
                v: 0,
                at,
                author: PersonId(2),
                role: AuthorRole::Agent,
                public: true,
                channel: Channel::Agent,
                body,
                body_json: None,
                snippet: String::new(),
                mail: None,
                attachments: vec![],
                attachments_at: None,
                automatic: None,
                has_gaps: false,
                redacted_at: None,
                tells: None,
            },
            update,
            form: BTreeMap::new(),
        }
    }

    #[test]
    fn what_somebody_wrote_meanwhile_is_not_solved_unread() {
        let solves = answer(Update {
            status: Some(Status::Solved),
            ..Update::default()
        });
        let mut ticket = Ticket::blank(TicketNumber(7));
        ticket.last_public_v = 3;
        assert_eq!(solves.update_on(&ticket).status, Some(Status::Solved));
        ticket.last_public_v = 4;
        assert_eq!(solves.update_on(&ticket).status, None);
        let opens = answer(Update {
            status: Some(Status::Open),
            ..Update::default()
        });
        assert_eq!(opens.update_on(&ticket).status, Some(Status::Open));
    }

    fn event(actor: Actor, fact: Fact) -> TicketEvent {
        TicketEvent {
            v: 2,
            at: Timestamp::UNIX_EPOCH,
            actor,
            cause: "test".to_owned(),
            fact,
            clocks: None,
            automations: None,
            is_erased: false,
        }
    }

    fn moved(to: Status) -> Fact {
        Fact::StatusChanged {
            from: Status::Open,
            to,
            reason: String::new(),
            close_due_at: None,
            wait: None,
        }
    }

    #[test]
    fn what_waits_goes_before_what_ends_its_ticket_and_before_what_an_agent_chooses() {
        let agent = || Actor::Agent(PersonId(2));
        let at = Timestamp::UNIX_EPOCH;
        let answer = Fact::CommentAdded(fact::CommentAdded {
            role: AuthorRole::Agent,
            author: PersonId(2),
            public: true,
            body: answer(Update::default()).comment.body,
            automatic: None,
            cc: vec![],
            written_by: None,
            monitor: None,
            reaches_nobody: false,
            mentions: vec![],
            tells: None,
        });
        for (events, go_first) in [
            (vec![event(agent(), Fact::Deleted { for_good_at: at })], true),
            // The customer says that it is solved.
            (
                vec![event(Actor::Requester(PersonId(3)), moved(Status::Closed))],
                true,
            ),
            // The sweep closes very many that were solved long ago.
            (vec![event(Actor::System, moved(Status::Closed))], false),
            (vec![event(agent(), moved(Status::Pending))], true),
            (vec![event(agent(), Fact::Snoozed { until: at })], true),
            // What the customer writes stops no answer, nor does what rules do.
            (
                vec![event(Actor::Requester(PersonId(3)), moved(Status::Open))],
                false,
            ),
            (
                vec![event(Actor::Rule("late".into()), moved(Status::Open))],
                false,
            ),
            // Nor does another answer, whatever comes with it.
            (vec![event(agent(), answer.clone())], false),
            (
                vec![
                    event(agent(), answer.clone()),
                    event(agent(), moved(Status::Solved)),
                ],
                false,
            ),
            (
                vec![event(agent(), answer), event(agent(), moved(Status::Closed))],
                true,
            ),
            (vec![], false),
        ] {
            assert_eq!(answers_go_first(&events), go_first, "{events:?}");
        }
    }

    #[test]
    fn what_is_kept_of_an_answer_reads_back_whole() {
        let update = Update {
            status: Some(Status::Pending),
            assignee: Some(None),
            ticket_type: Some(None),
            form: Some(Some(3)),
            due_at: Some(Some(Timestamp::UNIX_EPOCH)),
            snooze: Some(None),
            fields: BTreeMap::from([("order".to_owned(), None)]),
            add_tags: vec!["late".to_owned()],
            ..Update::default()
        };
        let kept = answer(update);
        let json = serde_json::to_string(&kept).unwrap();
        assert_eq!(
            serde_json::from_str::<RecallableAnswer>(&json).unwrap(),
            kept,
            "{json}"
        );
    }

    #[test]
    fn a_name_can_stand_in_a_key() {
        for name in ["", "a#b", "ü", &"a".repeat(65)] {
            assert_eq!(
                RecallableId::new(TicketNumber(1), PersonId(1), name),
                None,
                "{name}"
            );
        }
    }
}

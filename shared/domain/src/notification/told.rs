//! Who is told what, by a ticket's events.

use super::{Notification, NotificationKind};
use crate::{
    PersonId,
    contact::{comment::AuthorRole, tells::Call},
    ticket::{Actor, Fact, Ticket, TicketEvent, fact},
};

/// Most that is told of one ticket at once: the newest. Each is a few parts of one transaction.
pub const MOST_TOLD: usize = 20;

/// What agents are told of these newest events of a ticket, the oldest first. The head is the ticket after the last of them.
pub fn told(head: &Ticket, events: &[TicketEvent]) -> Vec<(PersonId, Notification)> {
    let mut told = Vec::new();
    // Who had it is known of the head, and from there back.
    let mut assignee = head.assignee;
    for event in events.iter().rev() {
        for (agent, kind) in told_of(event, assignee) {
            // Nobody needs to hear of what they did.
            if event.actor.person() == Some(agent) || event.actor.imports() {
                continue;
            }
            let notification = Notification {
                kind,
                ticket: head.number,
                v: event.v,
                at: event.at,
                by: by(event),
            };
            told.push((agent, notification));
        }
        assignee = assignee_before(event, assignee);
    }
    told.truncate(MOST_TOLD);
    told.reverse();
    told
}

fn told_of(event: &TicketEvent, assignee: Option<PersonId>) -> Vec<(PersonId, NotificationKind)> {
    use NotificationKind::{Assigned, Breached, Mentioned, Replied};
    let theirs = |kind| assignee.map(|agent| (agent, kind)).into_iter().collect();
    match &event.fact {
        Fact::Assigned { assignee, .. } => vec![(*assignee, Assigned)],
        Fact::AssigneeChanged { to: Some(agent), .. } => vec![(*agent, Assigned)],
        Fact::CommentAdded(added) if is_from_outside(added) => theirs(Replied),
        Fact::CommentAdded(fact::CommentAdded { mentions, .. }) => {
            mentions.iter().map(|agent| (*agent, Mentioned)).collect()
        }
        Fact::SlaBreached { .. } => theirs(Breached),
        _ => vec![],
    }
}

/// Whether somebody outside said something by it: the customers' side, also on the phone to a colleague; or somebody else, themselves.
fn is_from_outside(added: &fact::CommentAdded) -> bool {
    let is_other = added.role == AuthorRole::ThirdParty && added.automatic.is_none();
    added.role.is_customer() || is_other || added.call().is_some_and(Call::is_from_customer)
}

fn by(event: &TicketEvent) -> Option<PersonId> {
    match &event.actor {
        Actor::Rule(_) | Actor::System => None,
        person => person.person(),
    }
}

/// Who had the ticket before an event, by who had it with it.
fn assignee_before(event: &TicketEvent, with: Option<PersonId>) -> Option<PersonId> {
    match &event.fact {
        Fact::TicketCreated(_) | Fact::Assigned { .. } => None,
        Fact::AssigneeChanged { from, .. } => *from,
        Fact::HandedBack { from, .. } => Some(*from),
        Fact::Escalated { assignee, .. } => *assignee,
        _ => with,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Digest, TicketNumber, Timestamp, contact::comment::BodyRef, sla::Metric};

    const ANN: PersonId = PersonId(9);
    const BEN: PersonId = PersonId(2);
    const CLEO: PersonId = PersonId(3);

    fn event(v: u64, actor: Actor, fact: Fact) -> TicketEvent {
        TicketEvent {
            v,
            at: Timestamp::from_second(1_700_000_000).unwrap(),
            actor,
            cause: "test".into(),
            fact,
            clocks: None,
            automations: None,
            is_erased: false,
        }
    }

    fn given(to: PersonId) -> Fact {
        Fact::AssigneeChanged {
            from: None,
            to: Some(to),
            assignment_overdue_at: None,
        }
    }

    fn comment(role: AuthorRole, author: PersonId) -> Fact {
        let body = BodyRef {
            digest: Digest::of(b"words"),
            bytes: 5,
        };
        Fact::CommentAdded(fact::CommentAdded {
            role,
            author,
            public: true,
            body,
            automatic: None,
            cc: vec![],
            written_by: None,
            monitor: None,
            reaches_nobody: false,
            mentions: vec![],
            tells: None,
        })
    }

    fn breached() -> Fact {
        Fact::SlaBreached {
            metric: Metric::FirstReply,
            due_at: Timestamp::UNIX_EPOCH,
            instance: None,
            in_force: None,
        }
    }

    /// Who is told what, in short.
    fn who(assignee: Option<PersonId>, events: &[TicketEvent]) -> Vec<(u64, PersonId, NotificationKind)> {
        let mut head = Ticket::blank(TicketNumber(7));
        head.assignee = assignee;
        told(&head, events)
            .into_iter()
            .map(|(agent, it)| (it.v, agent, it.kind))
            .collect()
    }

    #[test]
    fn whoever_is_given_a_ticket_is_told_unless_they_took_it() {
        let by_cleo = event(3, Actor::Agent(CLEO), given(BEN));
        assert_eq!(who(Some(BEN), &[by_cleo]), [(3, BEN, NotificationKind::Assigned)]);
        let by_ben = event(3, Actor::Agent(BEN), given(BEN));
        assert_eq!(who(Some(BEN), &[by_ben]), []);
        let by_the_desk = event(
            3,
            Actor::System,
            Fact::Assigned {
                assignee: BEN,
                reason: "least loaded".into(),
                decision: Digest::of(b"d"),
            },
        );
        assert_eq!(
            who(Some(BEN), &[by_the_desk]),
            [(3, BEN, NotificationKind::Assigned)]
        );
    }

    #[test]
    fn a_customers_words_are_told_to_whom_had_the_ticket_then() {
        let events = [
            event(2, Actor::Requester(ANN), comment(AuthorRole::Requester, ANN)),
            event(3, Actor::Agent(CLEO), given(BEN)),
            event(4, Actor::Requester(ANN), comment(AuthorRole::Requester, ANN)),
        ];
        assert_eq!(
            who(Some(BEN), &events),
            [
                (3, BEN, NotificationKind::Assigned),
                (4, BEN, NotificationKind::Replied)
            ]
        );
    }

    #[test]
    fn a_colleagues_words_are_no_reply_and_an_import_tells_nobody() {
        let events = [
            event(2, Actor::Agent(CLEO), comment(AuthorRole::Agent, CLEO)),
            event(3, Actor::Import(CLEO), given(BEN)),
        ];
        assert_eq!(who(Some(BEN), &events), []);
    }

    #[test]
    fn whoever_is_named_in_a_note_is_told_but_not_who_wrote_it() {
        let Fact::CommentAdded(written) = comment(AuthorRole::Agent, CLEO) else {
            panic!("a comment")
        };
        let note = Fact::CommentAdded(fact::CommentAdded {
            mentions: vec![BEN, CLEO],
            ..written
        });
        let note = event(2, Actor::Agent(CLEO), note);
        assert_eq!(who(None, &[note]), [(2, BEN, NotificationKind::Mentioned)]);
    }

    #[test]
    fn a_breach_is_told_to_whoever_has_it_and_to_nobody_where_nobody_does() {
        assert_eq!(
            who(Some(BEN), &[event(5, Actor::System, breached())]),
            [(5, BEN, NotificationKind::Breached)]
        );
        assert_eq!(who(None, &[event(5, Actor::System, breached())]), []);
    }

    #[test]
    fn of_very_much_the_newest_is_told() {
        let events: Vec<TicketEvent> = (1..=30)
            .map(|v| event(v, Actor::Requester(ANN), comment(AuthorRole::Requester, ANN)))
            .collect();
        let told = who(Some(BEN), &events);
        assert_eq!(told.len(), MOST_TOLD);
        assert_eq!((told[0].0, told[19].0), (11, 30));
    }
}

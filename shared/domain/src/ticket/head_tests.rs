//! What the head says of its requester's words.

use super::*;
use crate::{
    Digest, PersonId, TicketNumber, Timestamp,
    contact::comment::{AuthorRole, BodyRef},
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn after_words_of(role: AuthorRole, ticket: &Ticket, second: i64) -> Ticket {
    let event = TicketEvent {
        v: ticket.v + 1,
        at: at(second),
        actor: Actor::System,
        cause: "test".to_owned(),
        clocks: None,
        automations: None,
        is_erased: false,
        fact: Fact::CommentAdded(crate::ticket::fact::CommentAdded {
            role,
            author: PersonId(1),
            public: true,
            body: BodyRef {
                digest: Digest::of(b"words"),
                bytes: 5,
            },
            automatic: None,
            cc: vec![],
            written_by: None,
            monitor: None,
            reaches_nobody: false,
            mentions: vec![],
            tells: None,
        }),
    };
    evolve(ticket.clone(), &event)
}

#[test]
fn only_the_requesters_own_words_are_a_contact_of_theirs() {
    let ticket = after_words_of(AuthorRole::Requester, &Ticket::blank(TicketNumber(1)), 60);
    for role in [AuthorRole::Agent, AuthorRole::Participant, AuthorRole::ThirdParty] {
        let later = after_words_of(role, &ticket, 120);
        assert_eq!(later.requester_wrote_at(), Some(at(60)), "{role:?}");
    }
    let later = after_words_of(AuthorRole::Requester, &ticket, 120);
    assert_eq!(later.requester_wrote_at(), Some(at(120)));
}

#[test]
fn a_head_of_before_that_was_kept_counts_from_its_beginning_if_it_came_from_outside() {
    let mut ticket = Ticket::blank(TicketNumber(1));
    ticket.created_at = at(60);
    assert_eq!(ticket.requester_wrote_at(), None);
    ticket.channel = Channel::Mail {
        mailbox: "support@in.example.com".to_owned(),
    };
    assert_eq!(ticket.requester_wrote_at(), Some(at(60)));
}

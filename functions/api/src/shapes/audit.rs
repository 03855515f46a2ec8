//! Audits: what was done to a ticket, one for each save.
//!
//! The events of one commit have their time, actor and cause in common and follow each other; together they are an
//! audit. What an event changed is found by letting it happen to the ticket before it, so each kind of event shows its
//! changes by the same rule.

use super::{
    THE_SYSTEM,
    audit_events::EventList,
    child_id,
    comment::{content, metadata},
    time,
    via::{via_actor, via_channel, via_comment},
};
use crate::{comment_texts::FullComment, kit::address::Address};
use docket_domain::{
    TicketNumber,
    outbox::OutboxItem,
    ticket::{Actor, Ticket, TicketEvent, evolve},
};
use serde_json::{Value, json};

/// The events of one save, and the ticket before it.
#[derive(Clone, Debug)]
pub(crate) struct Save<'a> {
    pub before: Ticket,
    pub events: &'a [TicketEvent],
}

impl Save<'_> {
    /// The first version of the save, which gives the audit its id.
    pub fn first_v(&self) -> u64 {
        self.events.first().map_or(self.before.v, |event| event.v)
    }

    /// Whether the save made this version.
    pub fn has(&self, v: u64) -> bool {
        self.events.iter().any(|event| event.v == v)
    }

    /// Whether the save was made under this name.
    pub fn is_by(&self, cause: &str) -> bool {
        self.events.first().is_some_and(|event| event.cause == cause)
    }
}

/// The saves that a ticket's events are.
pub(crate) fn saves(number: TicketNumber, events: &[TicketEvent]) -> Vec<Save<'_>> {
    let mut saves = Vec::new();
    let mut before = Ticket::blank(number);
    let together =
        |a: &TicketEvent, b: &TicketEvent| a.at == b.at && a.actor == b.actor && a.cause == b.cause;
    for events in events.chunk_by(together) {
        let after = events.iter().fold(before.clone(), evolve);
        saves.push(Save { before, events });
        before = after;
    }
    saves
}

/// The audit of a save. `comments` and `outbox` are the ticket's; those of other saves are passed over.
pub(crate) fn audit(
    address: &Address,
    save: &Save<'_>,
    comments: &[FullComment],
    outbox: &[OutboxItem],
) -> Value {
    let number = save.before.number;
    let mut list = EventList::default();
    let mut ticket = save.before.clone();
    for event in save.events {
        let after = evolve(ticket.clone(), event);
        list.at(number, event.v);
        list.changes(&ticket, &after, &event.fact);
        if let Some(full) = comments.iter().find(|full| full.comment.v == event.v) {
            list.push_comment(content(address, number, full));
        }
        list.own(number, &event.fact);
        for item in outbox.iter().filter(|item| item.id.v == event.v) {
            list.outgoing(&item.work, &after);
        }
        ticket = after;
    }
    let written = comments.iter().find(|full| save.has(full.comment.v));
    let first = save.events.first();
    let via = match (written, first) {
        (Some(full), _) => via_comment(&full.comment),
        (None, Some(event)) => via_actor(&event.actor, &event.cause),
        (None, None) => via_channel(&docket_domain::ticket::Channel::Api),
    };
    json!({
        "id": child_id(number, save.first_v()),
        "ticket_id": number,
        "created_at": time(first.map_or(save.before.updated_at, |event| event.at)),
        "author_id": first.map_or_else(|| json!(THE_SYSTEM), |event| author(&event.actor)),
        "via": via,
        "metadata": written.map_or_else(
            || json!({ "system": {}, "custom": {} }),
            |full| metadata(number, full),
        ),
        "events": list.into_events(),
    })
}

fn author(actor: &Actor) -> Value {
    actor.person().map_or_else(|| json!(THE_SYSTEM), |id| json!(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::comment::tests::{full_comment, here};
    use docket_domain::{
        Digest, PersonId, Timestamp,
        contact::comment::{AuthorRole, BodyRef},
        ticket::{
            Channel, Command, CommentFacts, Context, NewTicket, ReplyVia, StandardRules, Status, Update,
            decide, fold,
        },
    };

    const NUMBER: TicketNumber = TicketNumber(7);

    fn comment_facts() -> CommentFacts {
        CommentFacts {
            role: AuthorRole::Requester,
            author: PersonId(9),
            public: true,
            body: BodyRef {
                digest: Digest::of(b"x"),
                bytes: 1,
            },
            automatic: None,
            monitor: None,
            mentions: vec![],
            tells: None,
        }
    }

    fn decided(ticket: &Ticket, command: Command, cause: &str) -> Vec<TicketEvent> {
        let context = Context {
            actor: &Actor::Agent(PersonId(1)),
            cause,
            rules: &StandardRules::default(),
            history: None,
            room: docket_domain::ticket::MOST_PARTS,
        };
        decide(ticket, command, &context, Timestamp::from_second(60).unwrap())
            .unwrap()
            .events
    }

    /// A ticket that was made, then taken and set to pending in one save.
    fn history() -> Vec<TicketEvent> {
        let new = NewTicket {
            ccs: vec![],
            note: None,
            subject: "Help".into(),
            requester: PersonId(9),
            channel: Channel::Api,
            reply_via: ReplyVia::Nowhere,
            external_id: None,
            priority: None,
            ticket_type: None,
            tags: vec!["a".into()],
            follows: None,
            acknowledge: false,
            unacknowledged: None,
            comment: comment_facts(),
        };
        let blank = Ticket::blank(NUMBER);
        let mut events = decided(&blank, Command::Create(Box::new(new)), "api#1");
        let update = Update {
            assignee: Some(Some(PersonId(1))),
            status: Some(Status::Pending),
            ..Update::default()
        };
        let ticket = fold(NUMBER, &events);
        let command = Command::Update(Box::new(update));
        events.extend(decided(&ticket, command, "api#2"));
        events
    }

    #[test]
    fn what_was_saved_together_is_one_audit() {
        let events = history();
        let saves = saves(NUMBER, &events);
        assert_eq!(
            saves.iter().map(|save| save.events.len()).collect::<Vec<_>>(),
            [2, 2]
        );
        assert_eq!(saves.iter().map(Save::first_v).collect::<Vec<_>>(), [1, 3]);
        assert!(saves[1].is_by("api#2") && saves[1].has(4) && !saves[1].has(2));
    }

    #[test]
    fn a_new_ticket_tells_its_fields_and_its_comment() {
        let events = history();
        let audit = audit(
            &here(),
            &saves(NUMBER, &events)[0],
            &[full_comment(2, "Please", None)],
            &[],
        );
        assert_eq!(audit["id"], 700_001);
        let told: Vec<_> = audit["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["field_name"].as_str().unwrap_or("comment").to_owned())
            .collect();
        assert_eq!(told, ["subject", "requester_id", "status", "tags", "comment"]);
        assert_eq!(audit["events"][4]["id"], 700_002);
        assert_eq!(audit["events"][4]["body"], "Please");
    }

    #[test]
    fn a_change_tells_what_was_before() {
        let events = history();
        let audit = audit(&here(), &saves(NUMBER, &events)[1], &[], &[]);
        assert_eq!(audit["author_id"], 1);
        let status = &audit["events"][1];
        assert_eq!(
            (&status["field_name"], &status["previous_value"], &status["value"]),
            (&json!("status"), &json!("new"), &json!("pending"))
        );
        let assignee = &audit["events"][0];
        assert_eq!(
            (&assignee["previous_value"], &assignee["value"]),
            (&Value::Null, &json!("1"))
        );
    }

    #[test]
    fn no_two_events_have_one_id() {
        let events = history();
        let mut ids: Vec<u64> = Vec::new();
        for save in saves(NUMBER, &events) {
            let audit = audit(&here(), &save, &[full_comment(2, "Please", None)], &[]);
            let events = audit["events"].as_array().unwrap();
            ids.extend(events.iter().map(|event| event["id"].as_u64().unwrap()));
        }
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}

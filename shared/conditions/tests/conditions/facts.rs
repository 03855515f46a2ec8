//! Two tickets: one of which everything is known, one of which nothing is.

use docket_conditions::{
    ActorKind, Attribute, BotFacts, EventFacts, EventKind, Facts, OrganizationFacts, RequesterFacts,
    TicketFacts,
};
use docket_domain::TicketNumber;
use docket_domain::contact::comment::IncidentState;
use docket_domain::ticket::{Channel, Priority, Status, Ticket, TicketType};
use serde_json::json;

fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// Friday, 30 January 2026, 16:30 UTC; the ticket is 26 hours old.
pub fn known() -> Facts {
    Facts {
        ticket: TicketFacts {
            number: TicketNumber(4711),
            subject: "DRINGEND: Drucker druckt nicht".to_owned(),
            text: "Guten Tag,\nseit gestern druckt der Drucker im 3. Stock nicht. Bestellung AB-1234.\n\
                   Größe: 42 €\nViele Grüße"
                .to_owned(),
            channel: Channel::Mail {
                mailbox: "help@desk.example".to_owned(),
            },
            status: Status::Open,
            priority: Some(Priority::High),
            ticket_type: Some(TicketType::Incident),
            tags: strings(&["hardware", "printer", "vip"]),
            language: Some("de".to_owned()),
            fields: json!({
                "product": "LaserJet 9",
                "amount": 129.5,
                "seats": 12,
                "paid": true,
                "cities": ["Berlin", "Bonn"],
                "address": { "city": "Köln", "floor": 3 },
                "nothing": null,
            })
            .as_object()
            .unwrap()
            .clone(),
            form: Some(1_000_007),
            custom_status: 2,
            due_at: None,
            group: Some("Support".to_owned()),
            assignee: Some("ann@desk.example".to_owned()),
            external_id: Some("ERP-77".to_owned()),
            created_at: "2026-01-29T14:30:00Z".parse().unwrap(),
            updated_at: "2026-01-30T09:00:00Z".parse().unwrap(),
            solved_at: None,
            reopens: 2,
        },
        requester: RequesterFacts {
            name: "Bea Kunz".to_owned(),
            email: Some("bea@acme.example".to_owned()),
            tier: Some("gold".to_owned()),
            tags: strings(&["beta"]),
            locale: Some("de-DE".to_owned()),
            tickets_open: 3,
            tickets_total: 17,
            last_contact: Some("2026-01-20T08:00:00Z".parse().unwrap()),
        },
        organization: Some(OrganizationFacts {
            name: "Acme GmbH".to_owned(),
            domain: Some("acme.example".to_owned()),
            tier: Some("platinum".to_owned()),
            tags: strings(&["key-account", "emea"]),
            external_id: None,
        }),
        event: Some(EventFacts {
            kind: EventKind::CommentAdded,
            actor: ActorKind::Requester,
            changed: vec![Attribute::Status, Attribute::Comments],
            changed_fields: vec![],
            comment_public: true,
            comment_text: "Any news?".to_owned(),
            monitor: Some(IncidentState::Recovery),
        }),
        bot: Some(BotFacts {
            intent: "broken_device".to_owned(),
            confidence: 0.87,
            summary: "A printer does not print.".to_owned(),
            reason: "mentions a printer".to_owned(),
        }),
        now: "2026-01-30T16:30:00Z".parse().unwrap(),
        calendars_open: [("support".to_owned(), true), ("sales".to_owned(), false)].into(),
    }
}

/// A ticket of which nothing is known beyond its number.
pub fn blank() -> Facts {
    Facts {
        ticket: TicketFacts::of(&Ticket::blank(TicketNumber(1))),
        requester: RequesterFacts::default(),
        organization: None,
        event: None,
        bot: None,
        now: "2026-01-30T16:30:00Z".parse().unwrap(),
        calendars_open: [].into(),
    }
}

/// A ticket whose every value is as far out as its type allows.
pub fn extreme() -> Facts {
    let mut facts = known();
    facts.now = docket_domain::Timestamp::MAX;
    facts.ticket.number = TicketNumber(u64::MAX);
    facts.ticket.created_at = docket_domain::Timestamp::MIN;
    facts.ticket.updated_at = docket_domain::Timestamp::MAX;
    facts.ticket.solved_at = Some(docket_domain::Timestamp::MIN);
    facts.ticket.reopens = u32::MAX;
    facts.ticket.subject = "\u{0}\u{202e}\u{fffd}ẞİ".repeat(5_000);
    facts.ticket.tags = strings(&["", " ", "\u{1f469}\u{200d}\u{1f680}"]);
    facts.ticket.fields =
        json!({ "amount": f64::MAX, "seats": u64::MAX, "product": i64::MIN, "paid": [[[]]] })
            .as_object()
            .unwrap()
            .clone();
    facts.requester.email = Some("@@".to_owned());
    facts.requester.tickets_open = u64::MAX;
    facts.requester.tickets_total = 0;
    facts.requester.last_contact = Some(docket_domain::Timestamp::MAX);
    facts.bot.as_mut().unwrap().confidence = f64::NAN;
    facts
}

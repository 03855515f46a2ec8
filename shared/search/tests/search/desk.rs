//! A desk to ask.

use crate::index::Index;
use docket_domain::{
    GroupId, OrganizationId, PersonId, TicketNumber, Timestamp,
    people::{
        organization::Organization,
        person::{Identity, Person},
        staff::Role,
    },
    ticket::{Channel, Priority, Status, Ticket, TicketType},
};
use docket_search::{
    Asked, Asking, CommentWords, Kind, Name, NameOf, Names, PersonWords, Query, Seen, TicketWords,
    organization_document, person_document,
};
use jiff::tz::TimeZone;

pub(crate) const NOW: &str = "2026-03-10T12:00:00Z";
const JANE: u64 = 11;
const BOB: u64 = 12;
const AGATHA: u64 = 21;
pub(crate) const ACME: OrganizationId = OrganizationId(9);

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Four tickets, as their heads stand.
pub(crate) fn heads() -> Vec<Ticket> {
    let mut lamp = Ticket::blank(TicketNumber(1));
    lamp.subject = "Broken lamp".to_owned();
    lamp.status = Status::Open;
    lamp.priority = Some(Priority::Urgent);
    lamp.requester = PersonId(JANE);
    lamp.assignee = Some(PersonId(AGATHA));
    lamp.group = Some(GroupId(5));
    lamp.tags = vec!["premium".to_owned(), "vip".to_owned()];
    lamp.channel = Channel::Mail {
        mailbox: "support@desk.example".to_owned(),
    };
    lamp.language = Some("en-GB".to_owned());
    lamp.fields.insert("plan".to_owned(), "Gold plan".to_owned());
    lamp.created_at = at("2026-03-01T10:00:00Z");
    lamp.updated_at = at("2026-03-10T09:30:00Z");

    let mut refund = Ticket::blank(TicketNumber(2));
    refund.subject = "Refund of order AB-1234".to_owned();
    refund.status = Status::Solved;
    refund.priority = Some(Priority::Low);
    refund.requester = PersonId(BOB);
    refund.ccs = vec![PersonId(JANE)];
    refund.group = Some(GroupId(6));
    refund.ticket_type = Some(TicketType::Problem);
    refund.tags = vec!["vip".to_owned()];
    refund.external_id = Some("ERP-7".to_owned());
    refund.created_at = at("2026-02-01T10:00:00Z");
    refund.updated_at = at("2026-03-09T10:00:00Z");
    refund.solved_at = Some(at("2026-03-09T10:00:00Z"));

    let mut password = Ticket::blank(TicketNumber(3));
    password.subject = "パスワードを忘れた".to_owned();
    password.status = Status::New;
    password.requester = PersonId(BOB);
    password.created_at = at("2026-03-10T11:00:00Z");
    password.updated_at = at("2026-03-10T11:00:00Z");
    password.channel = Channel::Hook {
        channel: "whatsbot".to_owned(),
    };

    let mut closed = Ticket::blank(TicketNumber(1234));
    closed.subject = "Lamps, again".to_owned();
    closed.status = Status::Closed;
    closed.priority = Some(Priority::Normal);
    closed.requester = PersonId(JANE);
    closed.assignee = Some(PersonId(BOB));
    closed.follows = Some(TicketNumber(1));
    closed.created_at = at("2025-01-31T23:30:00Z");
    closed.updated_at = at("2025-02-01T00:00:00Z");
    closed.solved_at = Some(at("2025-02-01T00:00:00Z"));
    vec![lamp, refund, password, closed]
}

/// The requester's organization.
pub(crate) fn organization_of(head: &Ticket) -> Option<OrganizationId> {
    (head.requester == PersonId(JANE)).then_some(ACME)
}

/// The heads with their comments, three people and an organization.
pub(crate) fn index() -> Index {
    let comment = |author, public, text, files| CommentWords {
        author: PersonId(author),
        public,
        text,
        files,
    };
    let comments: [Vec<CommentWords<'_>>; 4] = [
        vec![
            comment(
                JANE,
                true,
                "The lamp is dark since Tuesday. My number is 030 123456.",
                &["photo.jpg"],
            ),
            comment(
                AGATHA,
                false,
                "She broke it herself; see the dossier",
                &["dossier.pdf"],
            ),
        ],
        vec![
            comment(BOB, true, "Please send back my money for the desktop.", &[]),
            comment(AGATHA, true, "Your refund is on its way, Bob. Best wishes", &[]),
            comment(AGATHA, false, "Booked", &["audit.xlsx"]),
        ],
        vec![comment(BOB, true, "ログインできません。払い\n戻しも。", &[])],
        vec![comment(AGATHA, true, "Ticket 1 once more", &[])],
    ];
    let people = [
        PersonWords {
            person: PersonId(JANE),
            name: "Jane Müller",
            addresses: &["jane.mueller@acme.example"],
        },
        PersonWords {
            person: PersonId(BOB),
            name: "Bob Stone",
            addresses: &["bob@stone.example"],
        },
        PersonWords {
            person: PersonId(AGATHA),
            name: "Agatha",
            addresses: &[],
        },
    ];
    let heads = heads();
    let tickets = heads.iter().zip(&comments).map(|(head, comments)| {
        let words = TicketWords {
            head,
            organization: organization_of(head),
            comments,
            people: &people,
        };
        words.document().document
    });
    let mut documents: Vec<_> = tickets.collect();
    documents.extend(persons().iter().map(person_document));
    documents.push(organization_document(&acme()));
    Index { documents }
}

pub(crate) fn persons() -> Vec<Person> {
    let then = at("2026-01-01T00:00:00Z");
    let identities = vec![
        Identity::email("jane.mueller@acme.example"),
        Identity::Phone("+49 30 123456".to_owned()),
    ];
    let mut jane = Person::first_seen(PersonId(JANE), "Jane Müller", identities, then);
    jane.organization = Some(ACME);
    jane.tags = vec!["vip".to_owned()];
    jane.external_id = Some("C-77".to_owned());
    jane.notes = Some("speaks quickly".to_owned());
    let mut bob = Person::first_seen(
        PersonId(BOB),
        "Bob Stone",
        vec![Identity::email("bob@stone.example")],
        then,
    );
    bob.verified = true;
    bob.details = Some("Madison, WI".to_owned());
    let mut agatha = Person::first_seen(PersonId(AGATHA), "Agatha", vec![], at("2026-03-10T08:00:00Z"));
    agatha.role = Role::Agent;
    agatha.groups = vec![GroupId(5)];
    vec![jane, bob, agatha]
}

fn acme() -> Organization {
    let mut acme = Organization::new(ACME, "Acme Lamps", at("2025-06-01T00:00:00Z"));
    acme.domains = vec!["acme.example".to_owned()];
    acme.tier = Some("gold".to_owned());
    acme
}

/// The numbers of the desk's names, by whole name, address, or a name's part.
pub(crate) fn names(query: &Query) -> Names {
    let known = |name: &Name| match (name.of, name.text.to_lowercase().as_str()) {
        (NameOf::Person, "jane" | "jane müller" | "jane.mueller@acme.example") => vec![JANE],
        (NameOf::Person, "agatha") => vec![AGATHA],
        (NameOf::Person, "bob" | "+49 40 5") => vec![BOB],
        (NameOf::Group, "support") => vec![5],
        (NameOf::Organization, "acme lamps") => vec![ACME.0],
        _ => vec![],
    };
    query
        .names()
        .into_iter()
        .map(|name| (name.clone(), known(&name)))
        .collect()
}

/// The query as somebody asks it who is Agatha, or not.
pub(crate) fn ask(text: &str, seen: &Seen, me: u64) -> Asked {
    let query = Query::read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let names = names(&query);
    query.ask(
        seen,
        &Asking {
            now: at(NOW),
            zone: &zone,
            me: Some(PersonId(me)),
            names: &names,
        },
    )
}

/// What a question finds: `1 2 p11 o9`.
pub(crate) fn found_by(text: &str, seen: &Seen, me: u64) -> String {
    let (index, asked) = (index(), ask(text, seen, me));
    let found = index.found(&asked.question(0, 100).matcher);
    let shown = found.iter().map(|place| {
        let document = &index.documents[*place];
        assert!(asked.finds(document), "{text}: the two evaluations differ");
        match document.kind {
            Kind::Ticket => document.number.to_string(),
            Kind::Person => format!("p{}", document.number),
            Kind::Organization => format!("o{}", document.number),
        }
    });
    let shown: Vec<String> = shown.collect();
    for document in index
        .documents
        .iter()
        .enumerate()
        .filter(|(at, _)| !found.contains(at))
    {
        assert!(!asked.finds(document.1), "{text}: the two evaluations differ");
    }
    shown.join(" ")
}

/// What an agent who sees everything finds; `me` is Agatha.
pub(crate) fn found(text: &str) -> String {
    found_by(text, &Seen::everything(), AGATHA)
}

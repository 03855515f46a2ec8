use super::*;
use crate::limits::{MOST_NAMES_BYTES, MOST_TEXT_BYTES};
use docket_domain::{
    OrganizationId, PersonId, TicketNumber,
    people::{
        organization::Organization,
        person::{Identity, Person},
    },
    ticket::{Channel, Priority, Status, Ticket},
};

fn texts(document: &Document, field: TextField) -> Vec<&str> {
    let all = document.texts.iter().filter(|(of, _)| *of == field);
    all.flat_map(|(_, tokens)| tokens.iter().map(|token| token.text.as_str()))
        .collect()
}

fn head() -> Ticket {
    let mut head = Ticket::blank(TicketNumber(7));
    head.v = 3;
    head.subject = "Broken lamp".to_owned();
    head.requester = PersonId(1);
    head
}

fn comment<'a>(author: u64, public: bool, text: &'a str, files: &'a [&'a str]) -> CommentWords<'a> {
    CommentWords {
        author: PersonId(author),
        public,
        text,
        files,
    }
}

fn document(head: &Ticket, comments: &[CommentWords<'_>], people: &[PersonWords<'_>]) -> TicketDocument {
    let words = TicketWords {
        head,
        organization: Some(OrganizationId(9)),
        comments,
        people,
    };
    words.document()
}

#[test]
fn what_the_requester_may_not_see_stands_in_notes_alone() {
    let mut head = head();
    head.fields.insert("plan".to_owned(), "Platinum".to_owned());
    let people = [
        PersonWords {
            person: PersonId(1),
            name: "Jane",
            addresses: &["jane@a.example"],
        },
        PersonWords {
            person: PersonId(5),
            name: "Agatha",
            addresses: &[],
        },
        PersonWords {
            person: PersonId(6),
            name: "Nobody",
            addresses: &[],
        },
    ];
    let comments = [
        comment(1, true, "it is dark", &["photo.jpg"]),
        comment(5, false, "a scoundrel", &["dossier.pdf"]),
    ];
    let made = document(&head, &comments, &people).document;
    assert_eq!(texts(&made, TextField::Title), ["broken", "lamp"]);
    assert_eq!(texts(&made, TextField::Body), ["it", "is", "dark"]);
    assert_eq!(
        texts(&made, TextField::Notes),
        ["a", "scoundrel", "dossier", "pdf", "agatha", "platinum"]
    );
    assert_eq!(
        texts(&made, TextField::Who),
        ["jane", "jane", "jane@a.example", "a", "example"]
    );
    assert_eq!(texts(&made, TextField::Files), ["photo", "jpg"]);
}

#[test]
fn a_tickets_terms_and_numbers() {
    let mut head = head();
    head.channel = Channel::Mail {
        mailbox: "Support@desk.example".to_owned(),
    };
    head.tags = vec!["VIP".to_owned()];
    head.priority = Some(Priority::High);
    head.status = Status::Hold;
    head.language = Some("pt-BR".to_owned());
    head.fields.insert("plan".to_owned(), "Gold two".to_owned());
    let made = document(&head, &[comment(4, false, "x", &[])], &[]).document;
    assert_eq!(
        made.keywords,
        [
            "ci:4",
            "f:plan",
            "f:plan=gold",
            "f:plan=gold two",
            "f:plan=two",
            "fo:plan=gold",
            "fo:plan=two",
            "fv:gold",
            "fv:gold two",
            "fv:two",
            "fw:plan=gold two",
            "l:pt",
            "l:pt-br",
            "no:assignee",
            "no:cc",
            "no:external_id",
            "no:group",
            "no:ticket_type",
            "o:9",
            "r:1",
            "s:4",
            "tag:vip",
            "to:support@desk.example",
            "via:email",
        ]
    );
    assert_eq!((made.columns.status, made.columns.priority), (Some(3), Some(3)));
    assert_eq!((made.number, made.version), (7, 3));
}

#[test]
fn of_a_long_ticket_the_first_and_the_newest_comments_are_kept() {
    let (old, new) = (
        "old ".repeat(MOST_TEXT_BYTES / 8),
        "new ".repeat(MOST_TEXT_BYTES / 8),
    );
    let comments = [
        comment(1, true, "first", &[]),
        comment(1, true, &old, &[]),
        comment(1, true, "second", &[]),
        comment(1, true, &new, &[]),
    ];
    let made = document(&head(), &comments, &[]);
    assert!(made.is_cut);
    let words = texts(&made.document, TextField::Body);
    let count = |word| words.iter().filter(|other| **other == word).count();
    assert_eq!(words.first(), Some(&"first"));
    assert_eq!((count("second"), count("new")), (1, MOST_TEXT_BYTES / 8));
    assert!((MOST_TEXT_BYTES / 8 - 4..MOST_TEXT_BYTES / 8).contains(&count("old")));
    assert!(!document(&head(), &comments[..3], &[]).is_cut);
}

#[test]
fn many_names_of_files_are_cut_too() {
    let name = "n".repeat(250);
    let files = vec![name.as_str(); MOST_NAMES_BYTES / 200];
    assert!(document(&head(), &[comment(1, true, "", &files)], &[]).is_cut);
}

#[test]
fn a_person_is_found_by_everything_they_are_known_by() {
    let now = Timestamp::UNIX_EPOCH;
    let identities = vec![
        Identity::email("jane.doe@acme.example"),
        Identity::Phone("+49 (0)30 123456".to_owned()),
        Identity::External("C-77".to_owned()),
    ];
    let made = person_document(&Person::first_seen(PersonId(3), "Jané Doe", identities, now));
    assert_eq!(texts(&made, TextField::Title), ["jane", "doe"]);
    for word in ["jane.doe@acme.example", "acme", "4930123456", "30123456", "c77"] {
        assert!(texts(&made, TextField::Body).contains(&word), "{word}");
    }
    for keyword in [
        "email:jane.doe@acme.example",
        "email:@acme.example",
        "phone:30123456",
        "x:c-77",
        "role:end-user",
        "verified:false",
        "no:organization",
        "no:tags",
    ] {
        assert!(made.keywords.contains(&keyword.to_owned()), "{keyword}");
    }
}

#[test]
fn an_organization_is_found_by_its_domains() {
    let now = Timestamp::UNIX_EPOCH;
    let mut acme = Organization::new(OrganizationId(9), "Acme GmbH", now);
    acme.domains = vec!["acme.example".to_owned()];
    let made = organization_document(&acme);
    assert_eq!(texts(&made, TextField::Body), ["acme", "example"]);
    assert!(made.keywords.contains(&"domain:acme.example".to_owned()));
}

#[test]
fn what_is_gone_has_no_words() {
    let gone = tombstone(Kind::Ticket, 7, 4);
    assert!(gone.tombstone && gone.texts.is_empty() && gone.keywords.is_empty());
}

//! The file, from outside: what it says, what is wrong with it, and that it survives the way to a book and back.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

#[path = "desk_file/agents.rs"]
mod agents;
#[path = "desk_file/any_rules.rs"]
mod any_rules;
#[path = "desk_file/book.rs"]
mod book;
#[path = "desk_file/changes.rs"]
mod changes;
#[path = "desk_file/documents.rs"]
mod documents;
#[path = "desk_file/groups.rs"]
mod groups;
#[path = "desk_file/mailboxes.rs"]
mod mailboxes;
#[path = "desk_file/mistakes.rs"]
mod mistakes;
#[path = "desk_file/round_trip.rs"]
mod round_trip;
#[path = "desk_file/rule_mistakes.rs"]
mod rule_mistakes;
#[path = "desk_file/rules.rs"]
mod rules;

use docket_desk_file::{BookFromFile, DeskNames, Problems, parse};
use docket_domain::{GroupId, PersonId, sla::Book};

/// A desk with groups `Support` and `Sales`, the agent `admin@docket.local`, and the customer `boss@acme.example`.
pub fn names() -> DeskNames {
    DeskNames {
        groups: [
            ("Support".to_owned(), GroupId(1)),
            ("Sales".to_owned(), GroupId(2)),
        ]
        .into(),
        agents: [("admin@docket.local".to_owned(), PersonId(1))].into(),
        people: [
            ("admin@docket.local".to_owned(), PersonId(1)),
            ("boss@acme.example".to_owned(), PersonId(7)),
        ]
        .into(),
        mailboxes: ["support@in.docket.local".to_owned()].into(),
    }
}

/// The only files that can be imported.
pub fn imports(file: &str) -> Result<String, String> {
    let event = |at: &str, name: &str| {
        format!("BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{at}\r\nSUMMARY:{name}\r\nEND:VEVENT\r\n")
    };
    match file {
        "holidays.ics" => Ok(format!(
            "BEGIN:VCALENDAR\r\n{}{}END:VCALENDAR\r\n",
            event("20261224", "Eve"),
            event("20261231", "Sylvester")
        )),
        "rules.ics" => Ok("BEGIN:VCALENDAR\r\n\
            BEGIN:VEVENT\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260525\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO\r\n\
            SUMMARY:Memorial Day\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nDTSTART:20260501T090000\r\nSUMMARY:Talk\r\nEND:VEVENT\r\n"
            .to_owned()),
        _ => Err("there is no such file".to_owned()),
    }
}

/// What a file makes of a book.
pub fn outcome(text: &str, base: &Book) -> Result<BookFromFile, Problems> {
    parse(text)?.book(base, Some(&names()), &imports)
}

/// The book that a file makes of a desk without one.
pub fn book(text: &str) -> Book {
    outcome(text, &Book::default())
        .unwrap_or_else(|problems| panic!("{problems}"))
        .book
}

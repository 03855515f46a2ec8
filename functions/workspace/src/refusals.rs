//! Why something was not done, to the reader. The domain and its libraries say it in English, for the API; what a person on a page can come
//! upon is said here in their language, the rest in general.

use crate::{
    directions::isolated,
    language::{Language, language},
    words::{self, size_up},
};
use docket_desk::{
    files::{FilesRefused, MOST_FILES},
    tickets::SplitError,
};
use docket_domain::{
    people::person::Person,
    ticket::{LinkRefusal, Refusal, Status, Ticket},
    view::{MOST_OF_A_PERSON, MOST_VIEWS, NoRoomForViews},
};
use docket_search::query::Problem;
use std::fmt::Display;

/// What is said in English as it is, and to other readers in general.
pub fn said(english: impl Display, otherwise: &'static str) -> String {
    match language() {
        Language::English => english.to_string(),
        Language::German => otherwise.to_owned(),
    }
}

/// The common reasons for which a ticket is not changed.
fn common() -> impl Iterator<Item = Refusal> {
    const STATUSES: [Status; 6] = [
        Status::New,
        Status::Open,
        Status::Pending,
        Status::Hold,
        Status::Solved,
        Status::Closed,
    ];
    let plain = [
        Refusal::Missing,
        Refusal::Deleted,
        Refusal::DeletedForGood,
        Refusal::Closed,
        Refusal::Tags,
        Refusal::DueWithoutTask,
        Refusal::CopiesWithoutMail,
        Refusal::Snooze,
    ];
    let asleep = STATUSES.map(Refusal::SnoozeSolved);
    let moves = STATUSES
        .into_iter()
        .flat_map(|from| STATUSES.map(|to| Refusal::StatusMove { from, to }));
    plain.into_iter().chain(asleep).chain(moves)
}

/// Why a ticket was not changed, as a job keeps it: in English, behind the name of a field or of an action. What is common is said to each
/// reader in their language; the rest stays English, which says more than nothing.
pub fn told(english: &str) -> String {
    let known = match language() {
        Language::English => None,
        Language::German => common().find(|refusal| english.ends_with(&refusal.to_string())),
    };
    known.map_or_else(|| english.to_owned(), |known| refusal(&known))
}

/// Why a ticket was not changed, as it stands behind a colon.
pub fn refusal(refusal: &Refusal) -> String {
    let within = |status: Status| words::status(status).to_lowercase();
    match refusal {
        Refusal::Missing => t!("there is no such ticket").to_owned(),
        Refusal::Deleted => t!("the ticket was deleted; restore it first").to_owned(),
        Refusal::DeletedForGood => t!("the ticket was deleted for good").to_owned(),
        Refusal::Closed => t!("the ticket is closed and can't be changed").to_owned(),
        Refusal::StatusMove { from, to } => {
            let (from, to) = (within(*from), within(*to));
            t!("status can't change from {from} to {to}", from, to)
        }
        Refusal::NotInGroup(_) => t!("the assignee is not an agent of the ticket's group").to_owned(),
        Refusal::SubjectLength(length) => {
            t!(
                "the subject has {length} characters, 1 to 250 are allowed",
                length
            )
        }
        Refusal::Tags => t!("tags: at most 30, each of 1 to 40 characters without white space").to_owned(),
        Refusal::OwnField { words, .. } => said(words, t!("a value does not fit into its field")),
        Refusal::RequiredField { title, .. } => {
            let field = isolated(title);
            t!("“{field}” has to be filled in before the ticket is solved", field)
        }
        Refusal::NoForm(_) => t!("there is no such form").to_owned(),
        Refusal::NoCustomStatus(_) => t!("there is no such status").to_owned(),
        Refusal::StatusOfForm { .. } => t!("tickets of this form do not have that status").to_owned(),
        Refusal::DueWithoutTask => t!("only a ticket of type task has a due date").to_owned(),
        Refusal::NoMacro(_) => t!("there is no such macro").to_owned(),
        Refusal::TooManyCcs(count) => {
            let most = Ticket::MOST_CCS;
            t!(
                "{count} people would get the answers in copy, at most {most} may",
                count,
                most
            )
        }
        Refusal::CopiesWithoutMail => {
            t!("nobody can get the answers in copy: this ticket is not answered by mail").to_owned()
        }
        Refusal::TooMuchAtOnce { .. } => t!("too much for one save; do it in several steps").to_owned(),
        Refusal::HeadTooLarge { .. } => {
            t!("the ticket would say too much of itself; use fewer or shorter tags and fields").to_owned()
        }
        Refusal::Snooze => t!("a ticket can be snoozed for at least a minute and at most a year").to_owned(),
        Refusal::SnoozeSolved(status) => {
            t!(
                "the ticket is {status} and can't be snoozed",
                status = within(*status)
            )
        }
        Refusal::NoHigherGroup(_) => {
            t!("no group stands above the ticket's, so it can't be escalated").to_owned()
        }
        Refusal::AlreadyInGroup(_) => t!("the ticket is in that group already").to_owned(),
        Refusal::GroupTakesNone(_) => t!("that group takes no tickets").to_owned(),
        Refusal::EscalateSolved(status) => {
            t!(
                "the ticket is {status} and can't be escalated",
                status = within(*status)
            )
        }
        Refusal::Link(refusal) => link_refusal(refusal),
        Refusal::ReasonLength(length) => {
            t!("the reason has {length} characters, 1 to 500 are allowed", length)
        }
        Refusal::Stale { .. } => t!("somebody else changed the ticket since").to_owned(),
        other => said(other, t!("the ticket does not allow it")),
    }
}

/// Why two tickets were not brought together, or not taken apart.
pub fn link_refusal(refusal: &LinkRefusal) -> String {
    match refusal {
        LinkRefusal::Merged(ticket) => t!(
            "the ticket was merged into ticket {ticket} and can't be changed; write there, or undo the merge",
            ticket
        ),
        LinkRefusal::Itself(ticket) => t!("ticket {ticket} can't be merged into itself", ticket),
        LinkRefusal::NoTicket(ticket) => t!("there is no ticket {ticket}", ticket),
        LinkRefusal::ClosedTicket(ticket) => t!("ticket {ticket} is closed and can't be merged", ticket),
        LinkRefusal::NotMerged => t!("the ticket was not merged").to_owned(),
        LinkRefusal::WroteSince => t!(
            "the ticket has a public comment of its own that is newer than the merge, so the merge can't be undone"
        )
        .to_owned(),
        LinkRefusal::OtherDeleted(ticket) => {
            t!("ticket {ticket}, which it was merged into, was deleted: restore that first", ticket)
        }
        LinkRefusal::UndoOtherFirst(ticket) => t!(
            "the ticket that it was merged into was merged into ticket {ticket}: undo that first",
            ticket
        ),
        LinkRefusal::TooManyMerged => {
            let most = Ticket::MOST_MERGED;
            t!(
                "at most {most} tickets can be merged into one, those that were merged into them included",
                most
            )
        }
        LinkRefusal::NotAnIncident => t!("only a ticket of type incident can have a problem").to_owned(),
        LinkRefusal::OwnProblem => t!("a ticket can't be its own problem").to_owned(),
        LinkRefusal::TooManyFollowers(count) => {
            let most = Ticket::MOST_FOLLOWERS;
            t!("{count} agents would follow the ticket, at most {most} may", count, most)
        }
    }
}

/// Why no ticket was opened with comments of another one.
pub fn split_refusal(error: &SplitError) -> String {
    match error {
        SplitError::Refused(refusal) => link_refusal(refusal),
        SplitError::NoComment(comment) => t!("the ticket has no comment {comment}", comment),
        SplitError::Lost(comment) => t!(
            "a text or file of comment {comment} is lost, so it can't open a ticket",
            comment
        ),
        other => said(other, t!("the ticket does not allow it")),
    }
}

/// Why files are not taken.
pub fn files_refused(refused: &FilesRefused) -> String {
    match refused {
        FilesRefused::TooLarge { name, bytes, most } => {
            let (size, most) = (size_up(*bytes), size_up(*most));
            t!("{name} has {size}, at most {most} are taken", name, size, most)
        }
        FilesRefused::TooMany(count) => {
            let most = MOST_FILES;
            t!("there are {count} files, at most {most} are taken", count, most)
        }
        FilesRefused::TooLargeTogether { bytes, most } => {
            let (size, most) = (size_up(*bytes), size_up(*most));
            t!(
                "the files have {size} together, at most {most} go with one answer",
                size,
                most
            )
        }
    }
}

/// Why a view was not saved.
pub fn no_room(full: NoRoomForViews) -> String {
    match full {
        NoRoomForViews::OfDesk => t!("a desk has at most {most} saved views", most = MOST_VIEWS),
        NoRoomForViews::OfPerson => {
            t!(
                "a person has at most {most} views of their own",
                most = MOST_OF_A_PERSON
            )
        }
    }
}

/// What is wrong with a query, by its kind: the place is marked beside it.
pub fn query_problem(problem: Problem) -> &'static str {
    match problem {
        Problem::TooLong => t!("it is too long"),
        Problem::UnclosedQuote => t!("a quotation mark is not closed"),
        Problem::UnknownKey => t!("no property has this name"),
        Problem::NoValue => t!("the value is missing"),
        Problem::Operator => t!("this property is not compared like that"),
        Problem::Value => t!("this property does not have such a value"),
        Problem::Date => t!("this is no time"),
        Problem::Wildcard => t!("the * stands at the end of a word only"),
        Problem::ShortPrefix => t!("more letters must stand before the *"),
        Problem::Logic => t!("brackets and OR are not known"),
        Problem::Order => t!("there is no such order"),
    }
}

/// Why mail does not reach somebody.
pub fn unreachable(person: &Person) -> Option<String> {
    let english = person.unreachable_because()?;
    let is_current = |address: &str| {
        let email = person.email.as_deref();
        email.is_some_and(|email| email.eq_ignore_ascii_case(address))
    };
    Some(match &person.undeliverable {
        Some(known) if is_current(&known.address) => {
            let (address, why) = (&known.address, isolated(&known.why));
            t!("mail to {address} came back: {why}", address, why)
        }
        _ => said(english, t!("nobody knows the address of whoever wrote")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Reader, read_by};
    use axum::http::{HeaderMap, header};

    #[test]
    fn a_job_says_why_a_ticket_refused_in_the_readers_language() {
        let read_in = |language: &str, english: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, language.parse().unwrap());
            read_by(Reader::of_request(&headers), || told(english))
        };
        let closed = format!("Status: {}", Refusal::Closed);
        assert_eq!(read_in("en", &closed), closed);
        assert_eq!(
            read_in("de", &closed),
            "das Ticket ist geschlossen und kann nicht geändert werden"
        );
        let asleep = Refusal::SnoozeSolved(Status::Solved).to_string();
        assert_ne!(read_in("de", &asleep), asleep);
        assert_eq!(read_in("de", "something rare"), "something rare");
    }
}

//! A ticket as a row of a list: time, who, subject and first words, marks, whose it is.

use crate::{
    models::due::{Here, Margin, Section, margin, since},
    names::Names,
    words::{self, Moment},
};
use docket_desk::workspace::{Marks, MarksOf};
use docket_domain::{
    PersonId, TicketNumber,
    contact::comment::{AuthorRole, Comment},
    ticket::{Channel, Priority, Status, Ticket},
};
use std::collections::{BTreeMap, BTreeSet};

/// Most marks of a row.
const MOST_MARKS: usize = 3;

/// Something about a ticket that wants to be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What is said; empty for a drawing alone.
    pub words: String,
    /// The class, as the style sheet has it for pills.
    pub class: &'static str,
    /// A drawing, of those in `templates/icons.html`.
    pub icon: &'static str,
}

/// The row.
pub struct ListedRow {
    pub number: u64,
    /// Whether somebody else wrote what the reader has not seen.
    pub is_new: bool,
    pub due: Margin,
    pub icon: &'static str,
    pub who: String,
    pub subject: String,
    /// Whose the first words are, where they are not the customer's.
    pub by: String,
    pub first_words: String,
    pub marks: Vec<Mark>,
    pub has_files: bool,
    /// Empty where nobody has it.
    pub owner: String,
    pub group: String,
    pub last: Moment,
}

/// Rows under a heading.
pub struct Rows {
    /// The heading; nothing where the list has no sections.
    pub section: Option<Section>,
    pub rows: Vec<ListedRow>,
}

/// What is read for rows beside their heads.
pub struct Beside {
    pub me: PersonId,
    pub names: Names,
    /// The newest comment of each.
    pub comments: BTreeMap<TicketNumber, Comment>,
    /// What agents have beside them.
    pub marks: MarksOf,
}

impl Beside {
    /// The people whose names the rows of these tickets show.
    pub fn people(
        tickets: &[Ticket],
        comments: &BTreeMap<TicketNumber, Comment>,
        marks: &MarksOf,
    ) -> BTreeSet<PersonId> {
        let mut people = BTreeSet::new();
        for ticket in tickets {
            people.insert(ticket.requester);
            people.extend(ticket.assignee);
        }
        let authors = comments.values().map(|comment| comment.author);
        people.extend(authors.filter(|author| !author.is_of_the_desk()));
        for marks in marks.values() {
            people.extend(&marks.drafters);
            people.extend(marks.present.iter().map(|present| present.agent));
        }
        people
    }
}

/// The rows of these tickets in their order; in sections where what is due first comes first.
pub fn rows(tickets: &[Ticket], beside: &Beside, here: &Here, is_by_due: bool) -> Vec<Rows> {
    let mut all: Vec<Rows> = Vec::new();
    for ticket in tickets {
        let section = is_by_due.then(|| Section::of(ticket.next_due_at(), here));
        let row = ListedRow::of(ticket, beside, here);
        match all.last_mut().filter(|rows| rows.section == section) {
            Some(rows) => rows.rows.push(row),
            None => all.push(Rows {
                section,
                rows: vec![row],
            }),
        }
    }
    all
}

impl ListedRow {
    fn of(ticket: &Ticket, beside: &Beside, here: &Here) -> Self {
        let comment = beside.comments.get(&ticket.number);
        let nothing = Marks::default();
        let marks = beside.marks.get(&ticket.number).unwrap_or(&nothing);
        let names = &beside.names;
        let is_mine = comment.is_some_and(|comment| comment.author == beside.me);
        Self {
            number: ticket.number.0,
            is_new: !is_mine && ticket.newest_comment_v() > marks.read_v,
            due: margin(ticket, here),
            icon: icon(&ticket.channel),
            who: names.person(ticket.requester),
            subject: words::subject(&ticket.subject),
            by: comment.map_or_else(String::new, |comment| by(comment, ticket, beside)),
            first_words: comment.map_or_else(String::new, |comment| one_line(&comment.snippet)),
            marks: pills(ticket, marks, beside),
            has_files: comment.is_some_and(has_files),
            owner: ticket
                .assignee
                .map_or_else(String::new, |id| first_name(&names.person(id))),
            group: ticket.group.map_or_else(String::new, |id| names.group(id)),
            last: Moment {
                words: since(ticket.updated_at, here),
                exact: here.exact(ticket.updated_at),
                iso: ticket.updated_at.to_string(),
            },
        }
    }
}

/// The drawing of the way in which a ticket came.
fn icon(channel: &Channel) -> &'static str {
    match channel {
        Channel::Mail { .. } => "mail",
        Channel::Hook { .. } => "bot",
        Channel::Api => "api",
        Channel::Agent => "pen",
        Channel::Portal => "form",
        Channel::Phone => "phone",
    }
}

fn has_files(comment: &Comment) -> bool {
    comment.attachments_at.is_some() || comment.attachments.iter().any(|file| !file.inline)
}

/// Whose words they are; nothing for the customer, who stands in the row.
fn by(comment: &Comment, ticket: &Ticket, beside: &Beside) -> String {
    match comment.author {
        author if author == beside.me => t!("You").to_owned(),
        author if author == ticket.requester => String::new(),
        author if comment.role == AuthorRole::System || author.is_of_the_desk() => t!("The desk").to_owned(),
        author => first_name(&beside.names.person(author)),
    }
}

fn first_name(name: &str) -> String {
    // An address as a name stays whole.
    match name.split_whitespace().next() {
        Some(first) => first.to_owned(),
        None => name.to_owned(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The marks of a row: what is most urgent first. Open and normal are never written.
fn pills(ticket: &Ticket, marks: &Marks, beside: &Beside) -> Vec<Mark> {
    let pill = |words: &str, class: &'static str| Mark {
        words: words.to_owned(),
        class,
        icon: "",
    };
    let name = |id: PersonId| first_name(&beside.names.person(id));
    let mut pills = Vec::new();
    match ticket.priority {
        Some(Priority::Urgent) => pills.push(pill(t!("Urgent"), "late")),
        Some(Priority::High) => pills.push(pill(t!("High"), "ink")),
        _ => {}
    }
    let others = || marks.present.iter().filter(|present| present.agent != beside.me);
    if let Some(writer) = others().find(|present| present.writes) {
        pills.push(pill(
            &t!("{name} is writing", name = name(writer.agent)),
            "ink live",
        ));
    } else if let Some(looker) = others().next() {
        pills.push(Mark {
            icon: "eye",
            ..pill(&name(looker.agent), "")
        });
    }
    if marks.has_draft_of(beside.me) {
        pills.push(pill(t!("Draft"), "ink"));
    } else if let Some(drafter) = marks.drafters.first() {
        pills.push(pill(&t!("Draft by {name}", name = name(*drafter)), ""));
    }
    match ticket.status {
        Status::New => pills.push(pill(t!("New"), "ink")),
        Status::Open => {}
        status => pills.push(pill(words::status(status), "")),
    }
    pills.truncate(MOST_MARKS);
    pills
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_desk::workspace::Present;

    const ME: PersonId = PersonId(7);
    const BEN: PersonId = PersonId(8);

    fn beside() -> Beside {
        Beside {
            me: ME,
            names: Names::default(),
            comments: BTreeMap::new(),
            marks: MarksOf::default(),
        }
    }

    fn shown(ticket: &Ticket, marks: &Marks) -> Vec<String> {
        let pills = pills(ticket, marks, &beside());
        pills.into_iter().map(|mark| mark.words).collect()
    }

    #[test]
    fn the_most_urgent_marks_come_first_and_there_are_three() {
        let mut ticket = Ticket::blank(TicketNumber(1));
        assert_eq!(shown(&ticket, &Marks::default()), ["New"]);
        ticket.priority = Some(Priority::Urgent);
        let marks = Marks {
            read_v: 0,
            drafters: vec![ME],
            present: vec![Present {
                agent: BEN,
                writes: true,
            }],
        };
        assert_eq!(shown(&ticket, &marks), ["Urgent", "Person is writing", "Draft"]);
    }

    #[test]
    fn open_and_normal_are_never_written() {
        let mut ticket = Ticket::blank(TicketNumber(1));
        ticket.status = Status::Open;
        ticket.priority = Some(Priority::Normal);
        assert!(shown(&ticket, &Marks::default()).is_empty());
        ticket.status = Status::Hold;
        assert_eq!(shown(&ticket, &Marks::default()), ["On hold"]);
    }

    #[test]
    fn who_looks_is_shown_without_oneself() {
        let ticket = Ticket {
            status: Status::Open,
            ..Ticket::blank(TicketNumber(1))
        };
        let present = |agent| Present { agent, writes: false };
        let marks = Marks {
            present: vec![present(ME)],
            ..Marks::default()
        };
        assert!(shown(&ticket, &marks).is_empty());
        let marks = Marks {
            present: vec![present(ME), present(BEN)],
            ..Marks::default()
        };
        assert_eq!(pills(&ticket, &marks, &beside())[0].icon, "eye");
    }
}

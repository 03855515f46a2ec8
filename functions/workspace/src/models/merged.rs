//! Tickets that went into the one that is shown: what was written on them stands where they came.

use crate::{
    names::Names,
    words::{self, Moment},
};
use docket_desk::TicketPart;
use docket_domain::{
    TicketNumber, Timestamp,
    contact::comment::{Comment, CommentBody},
    ticket::{Fact, Ticket, TicketEvent},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

/// Comments of one ticket that are shown, the newest; its own page has the others.
pub const MOST_SHOWN: usize = 30;

/// A ticket that went into the one that is shown, with those that had gone into it.
pub struct MergedView {
    pub number: TicketNumber,
    pub comments: Vec<MergedComment>,
    /// How many more there are, in words; nothing where all are shown.
    pub earlier: String,
}

/// A comment of it.
pub struct MergedComment {
    pub number: TicketNumber,
    pub author: String,
    pub is_public: bool,
    pub when: Moment,
    pub text: String,
    /// The names of its files.
    pub files: String,
}

impl MergedView {
    /// The views of the tickets that went into one directly. `bodies` holds the texts that could be read.
    pub fn all(
        ticket: &Ticket,
        parts: &[TicketPart],
        bodies: &BTreeMap<(TicketNumber, u64), CommentBody>,
        names: &Names,
        now: Timestamp,
    ) -> BTreeMap<TicketNumber, Self> {
        let view = |number: &TicketNumber| {
            let numbers = with_those_before(*number, parts);
            let (shown, hidden) = shown(parts, &numbers);
            let mut theirs = parts
                .iter()
                .filter(|part| numbers.contains(&part.file.ticket.number));
            let are_all_known = theirs.all(TicketPart::is_whole);
            let comments = shown.into_iter().map(|(of, comment)| MergedComment {
                number: of,
                author: names.person(comment.author),
                is_public: comment.public,
                when: words::ago(comment.at, now),
                text: bodies
                    .get(&(of, comment.v))
                    .map_or_else(|| comment.snippet.clone(), |body| body.shown_text().into_owned()),
                files: files_of(comment),
            });
            let view = Self {
                number: *number,
                comments: comments.collect(),
                earlier: match (hidden, are_all_known) {
                    (0, true) => String::new(),
                    (hidden, true) => tn!(
                        "{count} earlier comment stands there.",
                        "{count} earlier comments stand there.",
                        hidden
                    ),
                    (_, false) => t!("Earlier comments stand there.").to_owned(),
                },
            };
            (*number, view)
        };
        ticket.merged.iter().map(view).collect()
    }
}

/// The tickets that went into one by events of these versions: only these are shown with them.
pub fn came(events: &[TicketEvent], versions: &Range<u64>) -> BTreeSet<TicketNumber> {
    let shown = events.iter().filter(|event| versions.contains(&event.v));
    let came = shown.filter_map(|event| match &event.fact {
        Fact::MergedIn(came) => Some(came.source),
        _ => None,
    });
    came.collect()
}

/// The comments whose texts are shown.
pub fn shown_of<'f>(ticket: &Ticket, parts: &'f [TicketPart]) -> Vec<(TicketNumber, &'f Comment)> {
    let of = |number: &TicketNumber| shown(parts, &with_those_before(*number, parts)).0;
    ticket.merged.iter().flat_map(of).collect()
}

fn shown<'f>(
    parts: &'f [TicketPart],
    numbers: &BTreeSet<TicketNumber>,
) -> (Vec<(TicketNumber, &'f Comment)>, usize) {
    let files = parts.iter().map(|part| &part.file);
    let theirs = files.filter(|file| numbers.contains(&file.ticket.number));
    let mut comments: Vec<(TicketNumber, &Comment)> = theirs
        .flat_map(|file| file.comments.iter().map(|comment| (file.ticket.number, comment)))
        .collect();
    comments.sort_by_key(|(_, comment)| comment.at);
    let hidden = comments.len().saturating_sub(MOST_SHOWN);
    (comments.split_off(hidden), hidden)
}

/// A ticket and those that had gone into it.
fn with_those_before(number: TicketNumber, parts: &[TicketPart]) -> BTreeSet<TicketNumber> {
    let mut found = BTreeSet::from([number]);
    for _ in 0..parts.len() {
        let heads = parts.iter().map(|part| &part.file.ticket);
        let more = heads.filter(|head| found.contains(&head.number));
        let more: Vec<TicketNumber> = more.flat_map(|head| head.merged.iter().copied()).collect();
        found.extend(more);
    }
    found
}

fn files_of(comment: &Comment) -> String {
    let names: Vec<&str> = comment
        .attachments
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    names.join(", ")
}

//! Tickets that went into the one that is shown: what was written on them stands where they came.

use crate::{
    names::Names,
    words::{self, Moment},
};
use docket_desk::TicketFile;
use docket_domain::{
    TicketNumber, Timestamp,
    contact::comment::{Comment, CommentBody},
    ticket::Ticket,
};
use std::collections::{BTreeMap, BTreeSet};

/// Comments of one ticket that are shown, the newest; its own page has the others.
pub const MOST_SHOWN: usize = 30;

/// A ticket that went into the one that is shown, with those that had gone into it.
pub struct MergedView {
    pub number: TicketNumber,
    pub comments: Vec<MergedComment>,
    /// How many are not shown.
    pub hidden: usize,
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
        files: &[TicketFile],
        bodies: &BTreeMap<(TicketNumber, u64), CommentBody>,
        names: &Names,
        now: Timestamp,
    ) -> BTreeMap<TicketNumber, Self> {
        let view = |number: &TicketNumber| {
            let numbers = with_those_before(*number, files);
            let (shown, hidden) = shown(files, &numbers);
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
                hidden,
            };
            (*number, view)
        };
        ticket.merged.iter().map(view).collect()
    }
}

/// The comments whose texts are shown.
pub fn shown_of<'f>(ticket: &Ticket, files: &'f [TicketFile]) -> Vec<(TicketNumber, &'f Comment)> {
    let of = |number: &TicketNumber| shown(files, &with_those_before(*number, files)).0;
    ticket.merged.iter().flat_map(of).collect()
}

fn shown<'f>(
    files: &'f [TicketFile],
    numbers: &BTreeSet<TicketNumber>,
) -> (Vec<(TicketNumber, &'f Comment)>, usize) {
    let theirs = files.iter().filter(|file| numbers.contains(&file.ticket.number));
    let mut comments: Vec<(TicketNumber, &Comment)> = theirs
        .flat_map(|file| file.comments.iter().map(|comment| (file.ticket.number, comment)))
        .collect();
    comments.sort_by_key(|(_, comment)| comment.at);
    let hidden = comments.len().saturating_sub(MOST_SHOWN);
    (comments.split_off(hidden), hidden)
}

/// A ticket and those that had gone into it.
fn with_those_before(number: TicketNumber, files: &[TicketFile]) -> BTreeSet<TicketNumber> {
    let mut found = BTreeSet::from([number]);
    for _ in 0..files.len() {
        let more = files.iter().filter(|file| found.contains(&file.ticket.number));
        let more: Vec<TicketNumber> = more.flat_map(|file| file.ticket.merged.iter().copied()).collect();
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

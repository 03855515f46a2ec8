//! The thread: comments with the events between them.

use super::{
    comment::{CommentView, SignView},
    copies,
    merged::MergedView,
};
use crate::{
    directions::isolated,
    names::Names,
    outgoing, sentences,
    words::{self, Moment},
};
use docket_desk::TicketFile;
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    contact::comment::{Comment, CommentBody},
    outbox::{MailPurpose, OutboxItem, Work},
    ticket::{Fact, TicketEvent, fact},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

/// Longest run of events that is shown unfolded.
const UNFOLDED_EVENTS: usize = 3;

/// A piece of the thread.
pub enum Entry {
    /// A comment.
    Comment(Box<CommentView>),
    /// Events between two comments.
    Events(EventRun),
    /// A ticket that came in there.
    Merged(MergedView),
    /// Whoever looks has not seen what stands behind it.
    Fresh,
}

/// Events between two comments.
pub struct EventRun {
    pub lines: Vec<EventLine>,
    pub is_folded: bool,
}

impl EventRun {
    /// When the newest line was.
    pub fn when(&self) -> Option<&Moment> {
        self.lines.last().map(|line| &line.when)
    }

    /// The newest line.
    pub fn last(&self) -> &str {
        self.lines.last().map_or("", |line| &line.words)
    }
}

/// One event.
pub struct EventLine {
    pub words: String,
    pub when: Moment,
    pub tone: &'static str,
    pub is_new: bool,
}

impl EventLine {
    /// The line of an event.
    pub fn of(event: &TicketEvent, names: &Names, now: Timestamp, is_new: bool) -> Self {
        let tone = match &event.fact {
            Fact::SlaWarned { .. } | Fact::AssignmentDeferred { .. } => "warn",
            Fact::SlaBreached { .. } | Fact::DeliveryReported { .. } => "late",
            _ => "rest",
        };
        Self {
            words: sentences::sentence(event, names),
            when: words::ago(event.at, now),
            tone,
            is_new,
        }
    }
}

/// The thread of a ticket, the oldest first. `bodies` holds the texts that could be read, by the comment's version;
/// what is not of these versions is left out. Events whose version is in `news` are marked as new. `merged` holds the tickets that
/// went into it.
pub fn timeline(
    file: &TicketFile,
    (mut bodies, mut merged): (BTreeMap<u64, CommentBody>, BTreeMap<TicketNumber, MergedView>),
    versions: Range<u64>,
    news: &BTreeSet<u64>,
    names: &Names,
    now: Timestamp,
) -> Vec<Entry> {
    let ways_out: BTreeMap<u64, &OutboxItem> = file
        .outbox
        .iter()
        .filter_map(|item| answered(item).map(|v| (v, item)))
        .collect();
    let mut comments: BTreeMap<u64, _> = file.comments.iter().map(|comment| (comment.v, comment)).collect();
    let mut entries = Vec::new();
    let mut run = Vec::new();
    for event in file.events.iter().filter(|event| versions.contains(&event.v)) {
        let is_new = news.contains(&event.v);
        let Some(comment) = comments.remove(&event.v) else {
            run.push(EventLine::of(event, names, now, is_new));
            run.extend(way_out(file, event, now));
            run.extend(no_acknowledgement(event, now));
            if let Fact::MergedIn(came) = &event.fact
                && let Some(view) = merged.remove(&came.source)
            {
                flush(&mut run, &mut entries);
                entries.push(Entry::Merged(view));
            }
            continue;
        };
        if let Some(target) = reacted_to(&mut entries, comment) {
            target.signs.push(SignView::of(comment, names, now, is_new));
            continue;
        }
        flush(&mut run, &mut entries);
        let way_out = ways_out.get(&event.v).copied();
        let mut view = CommentView::of(comment, bodies.remove(&event.v), way_out, names, now, is_new);
        if let Fact::CommentAdded(fact::CommentAdded { cc, .. }) = &event.fact {
            view.in_copy = copies::in_copy(cc, names);
            (view.is_erased, view.is_partial) = (
                event.is_erased && view.is_partial,
                view.is_partial && !event.is_erased,
            );
        }
        entries.push(Entry::Comment(Box::new(view)));
    }
    flush(&mut run, &mut entries);
    entries
}

/// Marks where begins what others wrote since somebody last looked, at this version; nowhere where they never did.
pub fn mark_fresh(entries: &mut Vec<Entry>, comments: &[Comment], (read_v, me): (u64, PersonId)) {
    let first = comments
        .iter()
        .find(|comment| comment.v > read_v && comment.author != me);
    let Some(first) = first.filter(|_| read_v > 0) else {
        return;
    };
    let is_first = |entry: &Entry| matches!(entry, Entry::Comment(view) if view.v == first.v);
    if let Some(at) = entries.iter().position(is_first) {
        entries.insert(at, Entry::Fresh);
    }
}

/// The comment in the thread that a reaction is to. One that came with files is shown like any other comment.
fn reacted_to<'e>(entries: &'e mut [Entry], comment: &Comment) -> Option<&'e mut CommentView> {
    let to_v = comment.mail.as_ref()?.reaction.as_ref()?.to_v;
    if !comment.attachments.is_empty() {
        return None;
    }
    entries.iter_mut().find_map(|entry| match entry {
        Entry::Comment(view) if view.v == to_v => Some(&mut **view),
        Entry::Comment(_) | Entry::Events(_) | Entry::Merged(_) | Entry::Fresh => None,
    })
}

fn flush(run: &mut Vec<EventLine>, entries: &mut Vec<Entry>) {
    if !run.is_empty() {
        let lines = std::mem::take(run);
        let is_folded = lines.len() > UNFOLDED_EVENTS && !lines.iter().any(|line| line.is_new);
        entries.push(Entry::Events(EventRun { lines, is_folded }));
    }
}

/// The comment that a piece of work carries out.
fn answered(item: &OutboxItem) -> Option<u64> {
    match &item.work {
        Work::Mail {
            purpose:
                MailPurpose::Reply { comment_v, .. }
                | MailPurpose::RuleReply { comment_v }
                | MailPurpose::Forward { comment_v },
            ..
        }
        | Work::Call { comment_v, .. } => Some(*comment_v),
        Work::Mail { .. } | Work::StatusCall { .. } | Work::RuleCall { .. } | Work::Webhook { .. } => None,
    }
}

/// Why nobody was told that we have it.
fn no_acknowledgement(event: &TicketEvent, now: Timestamp) -> Option<EventLine> {
    let Fact::TicketCreated(fact::TicketCreated {
        unacknowledged: Some(reason),
        ..
    }) = &event.fact
    else {
        return None;
    };
    Some(EventLine {
        words: t!(
            "No acknowledgement of receipt: {reason}",
            reason = isolated(reason)
        ),
        when: words::ago(event.at, now),
        tone: "rest",
        is_new: false,
    })
}

/// How a mail stands that no comment went out with, where the event asked for one.
fn way_out(file: &TicketFile, event: &TicketEvent, now: Timestamp) -> Option<EventLine> {
    let item = file
        .outbox
        .iter()
        .find(|item| item.id.v == event.v && answered(item).is_none())?;
    let (words, tone) = outgoing::how_it_stands(item);
    let mail = match &item.work {
        Work::Mail { purpose, .. } => outgoing::mail(purpose),
        Work::RuleCall { .. } | Work::Webhook { .. } => t!("Call of the webhook"),
        Work::StatusCall { .. } => t!("Status told to the channel"),
        Work::Call { .. } => return None,
    };
    Some(EventLine {
        words: format!("{mail}: {words}"),
        when: words::ago(event.at, now),
        tone: if tone == "calm" { "rest" } else { tone },
        is_new: false,
    })
}

//! How a ticket begins.

use super::{
    Fact, NewTicket, Refusal, Ticket,
    decide::{FAST_PATH, Log},
    fact,
    parts::{MOST_LABEL_BYTES, label_bytes},
};
use crate::assignment;

/// Bytes of a new ticket's head that are left for what agents put there, as far as tags are concerned.
const KEPT_FOR_AGENTS: usize = 800;

impl Log<'_> {
    pub(super) fn create(&mut self, mut new: NewTicket) -> Result<(), Refusal> {
        let (ccs, note) = (std::mem::take(&mut new.ccs), new.note.take());
        let comment = new.comment.clone();
        self.begin(new);
        self.change_ccs(ccs, vec![])?;
        self.comment(comment);
        if let Some(note) = note {
            self.comment(note);
        }
        Ok(())
    }

    /// The ticket without its comments, and without who is in copy.
    pub(super) fn begin(&mut self, new: NewTicket) {
        let mut tags: Vec<String> = new
            .tags
            .into_iter()
            .filter(|tag| tag_is_well_formed(tag))
            .collect();
        tags.sort();
        tags.dedup();
        tags.truncate(Ticket::MOST_TAGS);
        // Those that do not fit are left out, as those beyond their number are; agents have room for some more.
        let mut labels = Ticket {
            subject: subject_from_outside(&new.subject),
            reply_via: new.reply_via.clone(),
            external_id: new.external_id.clone(),
            tags,
            ..Ticket::blank(self.ticket.number)
        };
        while !labels.tags.is_empty() && label_bytes(&labels) > MOST_LABEL_BYTES - KEPT_FOR_AGENTS {
            labels.tags.pop();
        }
        let tags = labels.tags;
        let weight = self
            .context
            .rules
            .weight(&new.channel)
            .min(assignment::MOST_WEIGHT);
        self.push(Fact::TicketCreated(fact::TicketCreated {
            subject: subject_from_outside(&new.subject),
            requester: new.requester,
            channel: new.channel,
            reply_via: new.reply_via,
            external_id: new.external_id,
            priority: new.priority,
            ticket_type: new.ticket_type,
            tags,
            follows: new.follows,
            acknowledge: new.acknowledge,
            unacknowledged: new.unacknowledged,
            weight: (weight != assignment::DEFAULT_WEIGHT).then_some(weight),
            triage_overdue_at: self.later(FAST_PATH),
        }));
        let tags = self.ticket.tags.clone();
        self.follow_tags(&tags, &[]);
        self.take_default_status(self.ticket.status);
    }
}

pub(crate) fn tag_is_well_formed(tag: &str) -> bool {
    let length = tag.chars().count();
    (1..=Ticket::LONGEST_TAG).contains(&length) && !tag.contains(char::is_whitespace)
}

/// The subject of a ticket that somebody outside wrote: in one line, cut, and never nothing.
pub fn subject_from_outside(subject: &str) -> String {
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    if subject.is_empty() {
        return "(no subject)".to_owned();
    }
    let mut cut = String::new();
    for c in subject.chars().take(Ticket::LONGEST_SUBJECT) {
        if cut.len() + c.len_utf8() > Ticket::MOST_SUBJECT_BYTES {
            break;
        }
        cut.push(c);
    }
    cut
}

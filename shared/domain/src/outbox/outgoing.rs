//! Which outgoing work follows from events.

use super::{MailPurpose, StatusChange, Work};
use crate::{
    Digest, OutboxId, PersonId, TicketNumber, Timestamp,
    contact::{comment::AuthorRole, tells::Tells},
    outbox::OutboxItem,
    sla::Action,
    ticket::{Fact, ReplyVia, Status, Ticket, TicketEvent, fact},
};

/// The number among an event's work of the mail to those who follow its ticket: calls come before it.
const TO_FOLLOWERS: u32 = 1_000;

/// The outgoing work of a commit, each an outbox item ready to be stored.
pub fn outgoing(after: &Ticket, events: &[TicketEvent], now: Timestamp) -> Vec<OutboxItem> {
    // What happened in another system was told there.
    if events.iter().any(|event| event.actor.imports()) {
        return Vec::new();
    }
    let copied_until = copied_until(events);
    let solves = events.iter().any(is_solving);
    let work = events.iter().filter_map(|event| {
        let work = match &event.fact {
            _ if event.v < copied_until => None,
            Fact::TicketCreated(fact::TicketCreated {
                acknowledge: true, ..
            }) => to_requester(after, MailPurpose::Acknowledgement),
            Fact::CommentAdded(fact::CommentAdded {
                role: AuthorRole::Agent,
                public: true,
                author,
                body,
                cc,
                // Who was on the phone has heard it.
                tells: None,
                ..
            }) => answer(after, (event.v, solves), *author, &body.digest, cc),
            Fact::CommentAdded(fact::CommentAdded {
                role: AuthorRole::System,
                public: true,
                author,
                body,
                written_by: Some(_),
                ..
            }) => match &after.reply_via {
                ReplyVia::Mail { .. } => {
                    let comment_v = event.v;
                    to_requester(after, MailPurpose::RuleReply { comment_v })
                }
                _ => answer(after, (event.v, false), *author, &body.digest, &[]),
            },
            Fact::CommentAdded(fact::CommentAdded {
                tells: Some(Tells::Forward(forward)),
                ..
            }) => {
                let comment_v = event.v;
                from_its_mailbox(after, MailPurpose::Forward { comment_v }, &forward.to)
            }
            Fact::AgentsNotified(fact::AgentsNotified { to, .. }) => {
                to_agents(after, MailPurpose::RuleNotice, to)
            }
            Fact::CustomerReminded { .. } => to_requester(after, MailPurpose::Reminder),
            Fact::StatusChanged { .. } if is_solving(event) && is_unsaid(after, events, event) => {
                to_requester(after, MailPurpose::Solved)
            }
            Fact::SlaEscalated { notified, .. } => to_agents(after, MailPurpose::Escalation, notified),
            _ => None,
        };
        Some((event.v, work?))
    });
    let mut first: Vec<(u64, u32, Work)> = work.map(|(v, work)| (v, 0, work)).collect();
    tell_status(after, events, &mut first);
    let webhooks = events.iter().flat_map(|event| {
        let calls = (1..).zip(webhooks(after, event));
        calls.map(|(n, work)| (event.v, n, work))
    });
    let item = |(v, n, work)| {
        let id = OutboxId {
            ticket: after.number,
            v,
            n,
        };
        OutboxItem::new(id, work, now)
    };
    let said = events.iter().filter(|event| event.v >= copied_until);
    let followers = said.filter_map(|event| told_to_followers(after, event));
    first
        .into_iter()
        .chain(webhooks)
        .chain(followers)
        .map(item)
        .collect()
}

/// What comes before this version was told where it was said first: comments of another ticket open this one. What rules do
/// about that comes after it.
fn copied_until(events: &[TicketEvent]) -> u64 {
    let split = events
        .iter()
        .find(|event| matches!(event.fact, Fact::SplitFrom(_)));
    split.map_or(0, |event| event.v)
}

/// The mail by which the agents who follow a ticket are told of a comment that they did not write.
fn told_to_followers(after: &Ticket, event: &TicketEvent) -> Option<(u64, u32, Work)> {
    let Fact::CommentAdded(fact::CommentAdded { author, .. }) = &event.fact else {
        return None;
    };
    let others = after.followers.iter().filter(|follower| *follower != author);
    let others: Vec<PersonId> = others.copied().collect();
    let purpose = MailPurpose::FollowerNotice { comment_v: event.v };
    Some((event.v, TO_FOLLOWERS, to_agents(after, purpose, &others)?))
}

/// The work by which the requester of a new ticket is told that we have it: that of the event which makes it.
pub const fn acknowledgement_of(ticket: TicketNumber) -> OutboxId {
    OutboxId { ticket, v: 1, n: 0 }
}

/// Tells the channel how a save changed the status: with the last answer of the save, or by a call of its own where nobody
/// answered. Nobody is called for what the requester did, nor for a new ticket that somebody begins to work on.
fn tell_status(after: &Ticket, events: &[TicketEvent], work: &mut Vec<(u64, u32, Work)>) {
    let mut changes = events.iter().filter_map(|event| match event.fact {
        Fact::StatusChanged { from, .. } => Some((event, from)),
        _ => None,
    });
    let Some((first, from)) = changes.next() else {
        return;
    };
    let last = changes.next_back().map_or(first, |(last, _)| last);
    let change = StatusChange {
        from,
        to: after.status,
    };
    if change.from == change.to {
        return;
    }
    let answers = work.iter_mut().rev();
    let mut answers = answers.filter_map(|(_, _, work)| match work {
        Work::Call { changed, .. } => Some(changed),
        _ => None,
    });
    if let Some(changed) = answers.next() {
        *changed = Some(change);
        return;
    }
    let is_theirs = last.actor.person() == Some(after.requester);
    let is_begun = (change.from, change.to) == (Status::New, Status::Open);
    if let ReplyVia::Callback { channel, url } = &after.reply_via
        && !is_theirs
        && !is_begun
    {
        let call = Work::StatusCall {
            channel: channel.clone(),
            url: url.clone(),
            changed: change,
            external_id: after.external_id.clone(),
        };
        work.push((last.v, 0, call));
    }
}

/// The calls of an escalation, or of a rule.
fn webhooks(after: &Ticket, event: &TicketEvent) -> Vec<Work> {
    if let Fact::RuleRan(fact::RuleRan {
        rule, name, calls, ..
    }) = &event.fact
    {
        let call = |url: &String| Work::RuleCall {
            url: url.clone(),
            rule: *rule,
            name: name.clone(),
            status: after.status,
            priority: after.priority,
            group: after.group,
            assignee: after.assignee,
        };
        return calls.iter().map(call).collect();
    }
    let Fact::SlaEscalated { firing, actions, .. } = &event.fact else {
        return Vec::new();
    };
    let urls = actions.iter().filter_map(|action| match action {
        Action::CallWebhook(url) => Some(url),
        _ => None,
    });
    urls.map(|url| Work::Webhook {
        url: url.clone(),
        firing: *firing,
        status: after.status,
        priority: after.priority,
        group: after.group,
        assignee: after.assignee,
    })
    .collect()
}

fn is_solving(event: &TicketEvent) -> bool {
    matches!(
        event.fact,
        Fact::StatusChanged {
            to: Status::Solved,
            ..
        }
    )
}

/// Whether the requester has to be told that the ticket is solved: no answer of the same save does, and it was not they
/// who solved it.
fn is_unsaid(after: &Ticket, events: &[TicketEvent], solved: &TicketEvent) -> bool {
    let is_answer = |event: &TicketEvent| match &event.fact {
        Fact::CommentAdded(fact::CommentAdded {
            role: AuthorRole::Agent,
            public: true,
            author,
            tells: None,
            ..
        }) => *author != after.requester,
        _ => false,
    };
    solved.actor.person() != Some(after.requester) && !events.iter().any(is_answer)
}

/// A mail to the requester alone, where they are written to by mail.
fn to_requester(ticket: &Ticket, purpose: MailPurpose) -> Option<Work> {
    match &ticket.reply_via {
        ReplyVia::Mail { mailbox } => Some(Work::Mail {
            purpose,
            mailbox: mailbox.clone(),
            to: ticket.requester,
            cc: vec![],
        }),
        ReplyVia::Callback { .. } | ReplyVia::Nowhere => None,
    }
}

/// One mail to all agents who are told: each may see who else is.
pub(super) fn to_agents(ticket: &Ticket, purpose: MailPurpose, notified: &[PersonId]) -> Option<Work> {
    from_its_mailbox(ticket, purpose, notified)
}

/// One mail to all of these people. It leaves from the mailbox of the ticket; from the first of the desk where it has none.
fn from_its_mailbox(ticket: &Ticket, purpose: MailPurpose, people: &[PersonId]) -> Option<Work> {
    let (to, cc) = people.split_first()?;
    let mailbox = match &ticket.reply_via {
        ReplyVia::Mail { mailbox } => mailbox.clone(),
        ReplyVia::Callback { .. } | ReplyVia::Nowhere => String::new(),
    };
    Some(Work::Mail {
        purpose,
        mailbox,
        to: *to,
        cc: cc.to_vec(),
    })
}

fn answer(
    ticket: &Ticket,
    (comment_v, solves): (u64, bool),
    author: PersonId,
    body: &Digest,
    cc: &[PersonId],
) -> Option<Work> {
    if author == ticket.requester {
        return None;
    }
    match &ticket.reply_via {
        ReplyVia::Mail { mailbox } => Some(Work::Mail {
            purpose: MailPurpose::Reply { comment_v, solves },
            mailbox: mailbox.clone(),
            to: ticket.requester,
            cc: cc.to_vec(),
        }),
        ReplyVia::Callback { channel, url } => Some(Work::Call {
            channel: channel.clone(),
            url: url.clone(),
            comment_v,
            body: body.clone(),
            text: None,
            html: None,
            author,
            author_name: None,
            files: vec![],
            files_at: None,
            status: ticket.status,
            changed: None,
            external_id: ticket.external_id.clone(),
        }),
        ReplyVia::Nowhere => None,
    }
}

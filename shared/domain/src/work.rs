//! The work that follows from events.
//!
//! Two kinds. *Outgoing work* (a mail, a call) must happen once and is kept as an outbox item until it is
//! sent or failed. A *nudge* tells a stage to look at a ticket; losing one costs only time, because the
//! ticket's head says until when the stage should have looked.

use crate::{
    Digest, GroupId, OutboxId, PersonId, RuleId, Timestamp,
    contact::comment::AuthorRole,
    delivery::OutboxItem,
    sla::{Action, Firing},
    ticket::{Fact, Priority, ReplyVia, Status, Ticket, TicketEvent},
};
use serde::{Deserialize, Serialize};

/// One piece of outgoing work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// A mail.
    Mail {
        /// What for.
        purpose: MailPurpose,
        /// The mailbox it leaves from.
        mailbox: String,
        /// Who gets it.
        to: PersonId,
        /// Who gets it in copy.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        cc: Vec<PersonId>,
    },
    /// A call to the channel the contact came from.
    Call {
        /// The channel, whose secret signs.
        channel: String,
        /// The address.
        url: String,
        /// The comment to hand over: its version.
        comment_v: u64,
        /// Where its text lies.
        body: Digest,
        /// Its author.
        author: PersonId,
        /// Status of the ticket with it.
        status: Status,
    },
    /// A call to a system of the operator's: a rule ran.
    RuleCall {
        /// The address.
        url: String,
        /// The rule.
        rule: RuleId,
        /// What it is called.
        name: String,
        /// Status of the ticket with it.
        status: Status,
        /// Its priority.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<Priority>,
        /// Its group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
        /// Who has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignee: Option<PersonId>,
    },
    /// A call to a system of the operator's: a promise is long overdue.
    Webhook {
        /// The address.
        url: String,
        /// Which step of which clock.
        firing: Firing,
        /// Status of the ticket with it.
        status: Status,
        /// Its priority.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<Priority>,
        /// Its group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
        /// Who has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignee: Option<PersonId>,
    },
}

impl Work {
    /// Whether it is carried out by a call.
    pub fn is_call(&self) -> bool {
        !matches!(self, Self::Mail { .. })
    }

    /// Everybody who gets a mail; nobody for a call.
    pub fn recipients(&self) -> Vec<PersonId> {
        match self {
            Self::Mail { to, cc, .. } => std::iter::once(*to).chain(cc.iter().copied()).collect(),
            Self::Call { .. } | Self::RuleCall { .. } | Self::Webhook { .. } => vec![],
        }
    }

    /// Whether it is a mail that only agents get.
    pub fn is_for_agents(&self) -> bool {
        matches!(
            self,
            Self::Mail {
                purpose: MailPurpose::Escalation | MailPurpose::RuleNotice,
                ..
            }
        )
    }
}

/// What a mail is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "purpose", rename_all = "snake_case")]
pub enum MailPurpose {
    /// An agent's public comment.
    Reply {
        /// Its version.
        comment_v: u64,
        /// Whether the same save solved the ticket: the mail then asks whether it is solved.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        solves: bool,
    },
    /// "We have it": automatic, and echoes nothing of what was written.
    Acknowledgement,
    /// "We wait for your answer": automatic, and echoes nothing.
    Reminder,
    /// "It is solved, is it not?", where no answer carries the question: automatic, and echoes nothing.
    Solved,
    /// To agents: a promise is long overdue. Its event says which.
    Escalation,
    /// What a rule writes to the requester: automatic.
    RuleReply {
        /// Version of its comment.
        comment_v: u64,
    },
    /// What a rule tells agents. Its event says what.
    RuleNotice,
}

impl MailPurpose {
    /// Whether it goes to the customer without anybody having written it.
    pub fn is_automatic(&self) -> bool {
        match self {
            Self::Acknowledgement | Self::Reminder | Self::Solved | Self::RuleReply { .. } => true,
            Self::Reply { .. } | Self::Escalation | Self::RuleNotice => false,
        }
    }
}

/// Which stage is to look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Nudge {
    /// Triage, at this ticket.
    Triage,
    /// Assignment, at the tickets that wait in this group.
    Assignment {
        /// The group.
        group: GroupId,
        /// An agent who has room again: what waits in their other groups is looked at, too.
        freed: Option<PersonId>,
    },
}

/// The outgoing work of a commit, each an outbox item ready to be stored.
pub fn outgoing(after: &Ticket, events: &[TicketEvent], now: Timestamp) -> Vec<OutboxItem> {
    let solves = events.iter().any(is_solving);
    let work = events.iter().filter_map(|event| {
        let work = match &event.fact {
            Fact::TicketCreated {
                acknowledge: true, ..
            } => to_requester(after, MailPurpose::Acknowledgement),
            Fact::CommentAdded {
                role: AuthorRole::Agent,
                public: true,
                author,
                body,
                cc,
                ..
            } => answer(after, (event.v, solves), *author, &body.digest, cc),
            Fact::CommentAdded {
                role: AuthorRole::System,
                public: true,
                author,
                body,
                written_by: Some(_),
                ..
            } => match &after.reply_via {
                ReplyVia::Mail { .. } => {
                    let comment_v = event.v;
                    to_requester(after, MailPurpose::RuleReply { comment_v })
                }
                _ => answer(after, (event.v, false), *author, &body.digest, &[]),
            },
            Fact::AgentsNotified { to, .. } => to_agents(after, MailPurpose::RuleNotice, to),
            Fact::CustomerReminded { .. } => to_requester(after, MailPurpose::Reminder),
            Fact::StatusChanged { .. } if is_solving(event) && is_unsaid(after, events, event) => {
                to_requester(after, MailPurpose::Solved)
            }
            Fact::SlaEscalated { notified, .. } => to_agents(after, MailPurpose::Escalation, notified),
            _ => None,
        };
        Some((event.v, work?))
    });
    let first = work.map(|(v, work)| (v, 0, work));
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
    first.chain(webhooks).map(item).collect()
}

/// The calls of an escalation, or of a rule.
fn webhooks(after: &Ticket, event: &TicketEvent) -> Vec<Work> {
    if let Fact::RuleRan {
        rule, name, calls, ..
    } = &event.fact
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
        Fact::CommentAdded {
            role: AuthorRole::Agent,
            public: true,
            author,
            ..
        } => *author != after.requester,
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

/// One mail to all agents who are told: each may see who else is. It leaves from the mailbox of the ticket; from the first
/// of the desk where it has none.
fn to_agents(ticket: &Ticket, purpose: MailPurpose, notified: &[PersonId]) -> Option<Work> {
    let (to, cc) = notified.split_first()?;
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
            author,
            status: ticket.status,
        }),
        ReplyVia::Nowhere => None,
    }
}

/// The stage that should look because of this event.
pub fn nudge(after: &Ticket, event: &TicketEvent) -> Option<Nudge> {
    let here = |freed| after.group.map(|group| Nudge::Assignment { group, freed });
    let here_if_it_waits = || after.waiting.as_ref().and_then(|_| here(None));
    match &event.fact {
        Fact::TicketCreated { .. } => Some(Nudge::Triage),
        Fact::Triaged { .. } | Fact::GroupChanged { .. } | Fact::SkillsRequired { .. } => here_if_it_waits(),
        // Somebody's hands are free, or the ticket is to find new ones.
        Fact::StatusChanged {
            to: Status::Solved, ..
        } if after.assignee.is_some() => here(after.assignee),
        Fact::AssigneeChanged { from: Some(from), .. } => here(Some(*from)),
        Fact::AssigneeChanged {
            assignment_overdue_at: Some(_),
            ..
        } => here(None),
        // Whoever handed it back is away.
        Fact::HandedBack { .. } => here(None),
        Fact::Escalated { assignee, .. } => here(*assignee),
        _ => None,
    }
}

/// How a commit changes an agent's load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadChange {
    /// Whose.
    pub agent: PersonId,
    /// By how many units.
    pub units: i64,
    /// Of these, the units of tickets that came without asking for room.
    pub override_units: i64,
}

/// How a commit changes agents' loads: by what its ticket weighs.
pub fn load_changes(before: &Ticket, after: &Ticket) -> Vec<LoadChange> {
    let burden = |ticket: &Ticket, sign: i64| {
        let agent = ticket.burdens().filter(|_| ticket.v > 0)?;
        let units = sign * i64::from(ticket.weight);
        let override_units = if ticket.by_override { units } else { 0 };
        Some(LoadChange {
            agent,
            units,
            override_units,
        })
    };
    match (burden(before, -1), burden(after, 1)) {
        (Some(had), Some(has)) if had.agent == has.agent => {
            let units = had.units + has.units;
            let override_units = had.override_units + has.override_units;
            let same = (units, override_units) == (0, 0);
            let change = LoadChange {
                agent: has.agent,
                units,
                override_units,
            };
            (!same).then_some(change).into_iter().collect()
        }
        (gone, come) => gone.into_iter().chain(come).collect(),
    }
}

//! What agents are told of tickets, and by what open pages see that a list changed. It follows from the events of what is taken in, in the
//! transaction that keeps it: each is told once. What happened longer ago than [`TOLD_WITHIN`] is told to nobody.

use docket_domain::{
    OutboxId, PersonId, TicketNumber, Timestamp,
    notification::{Notification, NotificationKind, told},
    outbox::{OutboxItem, told_by_mail},
    ticket::{Fact, Ticket, TicketEvent},
};
use docket_store::{
    Store, StoreError,
    workspace::{Changes, NotificationState, Telling},
};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is older is told to nobody: it is no news.
const TOLD_WITHIN: SignedDuration = SignedDuration::from_hours(12);
/// Most parts of a transaction that one telling is, besides its mail: what its agent is shown, a mention, how they stand to it.
const PARTS_OF_A_TELLING: usize = 3;

/// What is told of a ticket.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// What agents are told, by which ways.
    pub tellings: Vec<Telling>,
    /// The mails among it.
    pub mails: Vec<OutboxItem>,
    /// The lists that changed.
    pub lists: Changes,
}

impl News {
    /// How many parts of a transaction they are at most, besides what is one for all: the stamp of lists.
    pub fn parts(&self) -> usize {
        PARTS_OF_A_TELLING * self.tellings.len() + self.mails.len()
    }

    /// Adds what is told of another ticket.
    pub fn add(&mut self, other: Self) {
        self.tellings.extend(other.tellings);
        self.mails.extend(other.mails);
        self.lists.add(other.lists);
    }
}

/// Whether what changed of a ticket since a version may be news.
pub(crate) fn may_be_news(head: &Ticket, taken_v: u64, now: Timestamp) -> bool {
    head.v > taken_v && head.changed_at() >= told_since(now)
}

fn told_since(now: Timestamp) -> Timestamp {
    now.checked_sub(TOLD_WITHIN).unwrap_or_default()
}

/// What is told of some tickets.
#[derive(Debug, Default)]
pub(crate) struct AllNews {
    of: BTreeMap<TicketNumber, News>,
    /// How many more each agent is told, and how they stood to it.
    agents: Vec<(PersonId, u64, NotificationState)>,
}

impl AllNews {
    /// Reads what happened to these tickets, each after a version: a read for each, one for the agents whom any of it concerns, one for the mails
    /// to them. Nothing is read where there is no ticket, no agent, no mail.
    pub async fn read(store: &Store, tickets: &[(&Ticket, u64)]) -> Result<Self, StoreError> {
        let since = told_since(store.now());
        let after: Vec<(TicketNumber, u64)> = tickets
            .iter()
            .map(|(head, after)| (head.number, *after))
            .collect();
        let mut events = store.tickets().newest_events_of(&after).await?;
        let mut happened = Vec::with_capacity(tickets.len());
        for (head, after) in tickets {
            let mut events = events.remove(&head.number).unwrap_or_default();
            events.retain(|event| event.v > *after && event.v <= head.v && event.at >= since);
            happened.push((*head, lists(head, &events), told(head, &events)));
        }
        let mut added: BTreeMap<PersonId, u64> = BTreeMap::new();
        for (agent, _) in happened.iter().flat_map(|(_, _, told)| told) {
            *added.entry(*agent).or_default() += 1;
        }
        let concerned: Vec<PersonId> = added.keys().copied().collect();
        let mut states = store.notifications().states(&concerned).await?;
        let mut of: BTreeMap<TicketNumber, News> = BTreeMap::new();
        for (head, lists, told) in happened {
            let tellings: Vec<Telling> = told.into_iter().map(|told| telling(told, &states)).collect();
            let mails = mails(head, &tellings, store.now());
            let news = News {
                tellings,
                mails,
                lists,
            };
            of.insert(head.number, news);
        }
        leave_out_what_stands(store, &mut of).await?;
        let agent =
            |(agent, added): (PersonId, u64)| (agent, added, states.remove(&agent).unwrap_or_default());
        let agents = added.into_iter().map(agent).collect();
        Ok(Self { of, agents })
    }

    /// Takes out what is told of a ticket.
    pub fn take(&mut self, number: TicketNumber) -> Option<News> {
        self.of.remove(&number)
    }

    /// Keeps what agents were told from growing, once all of it stands. Where that fails it is done with what they are told next.
    pub async fn clear_up(self, store: &Store) {
        for (agent, added, state) in self.agents {
            if store.is_to_be_cleared(&state, added)
                && let Err(error) = store.notifications().clear_up(agent).await
            {
                tracing::warn!(%agent, %error, "what agent {agent} was told could not be cleared up");
            }
        }
    }
}

/// The lists that changed by what happened to a ticket: those it stands in, and those of whoever had it until now.
fn lists(head: &Ticket, events: &[TicketEvent]) -> Changes {
    let mut changes = Changes::default();
    changes.note(head);
    for event in events {
        let former = match &event.fact {
            Fact::AssigneeChanged { from, .. } => *from,
            Fact::HandedBack { from, .. } => Some(*from),
            Fact::Escalated { assignee, .. } => *assignee,
            _ => None,
        };
        if let Some(agent) = former {
            changes.note_agent(agent);
        }
    }
    changes
}

fn telling(
    (agent, notification): (PersonId, Notification),
    states: &HashMap<PersonId, NotificationState>,
) -> Telling {
    let ways = states
        .get(&agent)
        .map(|state| state.settings.ways(notification.kind));
    Telling {
        agent,
        ways: ways.unwrap_or_default(),
        notification,
    }
}

/// The mails to those who chose to be told so.
fn mails(head: &Ticket, tellings: &[Telling], now: Timestamp) -> Vec<OutboxItem> {
    let is_mailed = |telling: &&Telling| {
        // Whoever follows a ticket gets each comment by mail already.
        let is_of_comment = matches!(
            telling.notification.kind,
            NotificationKind::Replied | NotificationKind::Mentioned
        );
        telling.ways.mail && !(is_of_comment && head.followers.contains(&telling.agent))
    };
    let mailed: Vec<(PersonId, &Notification)> = tellings
        .iter()
        .filter(is_mailed)
        .map(|telling| (telling.agent, &telling.notification))
        .collect();
    told_by_mail(head, &mailed, now)
}

/// Leaves out mails that stand already, however they came there: one of them would keep all from being taken in.
async fn leave_out_what_stands(
    store: &Store,
    news: &mut BTreeMap<TicketNumber, News>,
) -> Result<(), StoreError> {
    let ids: Vec<OutboxId> = news
        .values()
        .flat_map(|news| &news.mails)
        .map(|mail| mail.id)
        .collect();
    let standing: BTreeSet<OutboxId> = store.outbox().standing(&ids).await?;
    for news in news.values_mut() {
        news.mails.retain(|mail| !standing.contains(&mail.id));
    }
    Ok(())
}

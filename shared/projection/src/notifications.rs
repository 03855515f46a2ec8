//! What agents are told of tickets, and by what open pages see that a list changed. It follows events: each is told once, by what was
//! taken in of its ticket. What happened before it began, or longer ago than [`TOLD_WITHIN`], is told to nobody.

use crate::{Followed, Follower, ProjectionError};
use docket_domain::{
    PersonId, TicketNumber,
    notification::{Notification, NotificationKind, told},
    outbox::{OutboxItem, told_by_mail},
    ticket::{Ticket, TicketEvent},
};
use docket_store::{
    Store,
    keys::ChangedClass,
    projections::{Kept, NOTIFICATIONS},
    table::Lease,
    workspace::{Changes, NotificationState, Telling},
};
use jiff::SignedDuration;
use std::collections::{BTreeSet, HashMap};

/// Tickets that are read at once.
const AT_ONCE: usize = 50;
/// What is older is told to nobody: it is no news.
const TOLD_WITHIN: SignedDuration = SignedDuration::from_hours(12);
/// Tickets of which nothing is told that are noted in one transaction; the fence is a part of it, too.
const NOTED_AT_ONCE: usize = 50;

/// What agents are told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Notifications;

/// What is told of a ticket.
struct News {
    number: TicketNumber,
    kept: Kept<()>,
    /// Whether anything was taken in of it before.
    is_known: bool,
    told: Vec<(PersonId, Notification)>,
    head: Ticket,
}

impl Followed for Notifications {
    fn name(&self) -> &'static str {
        NOTIFICATIONS
    }

    fn scheme(&self) -> u64 {
        1
    }

    fn follows(&self) -> &'static [ChangedClass] {
        &[ChangedClass::Tickets]
    }

    fn takes_in_what_was(&self) -> bool {
        false
    }
}

impl Follower for Notifications {
    fn at_once(&self) -> usize {
        AT_ONCE
    }

    async fn take(
        &self,
        store: &Store,
        lease: &Lease,
        generation: u64,
        (_, numbers): (ChangedClass, &[u64]),
    ) -> Result<(), ProjectionError> {
        let numbers: Vec<TicketNumber> = numbers.iter().copied().map(TicketNumber).collect();
        let heads = store.heads_now(&numbers).await?;
        let kept = store.projected::<()>(NOTIFICATIONS, generation, &numbers).await?;
        let (mut news, mut changes) = (Vec::new(), Changes::default());
        for head in heads {
            let known = kept.get(&head.number).and_then(Option::as_ref).map(|kept| kept.v);
            if known.is_some_and(|known| known >= head.v) {
                continue;
            }
            changes.note(&head);
            let events = recent_events(store, &head, known.unwrap_or(0)).await?;
            let told = told(&head, &events);
            // Whoever had it until now has a list that changed, too.
            for event in &events {
                note_former(event, &mut changes);
            }
            news.push(News {
                number: head.number,
                kept: Kept { v: head.v, value: () },
                is_known: known.is_some(),
                told,
                head,
            });
        }
        let agents: BTreeSet<PersonId> = news
            .iter()
            .flat_map(|news| news.told.iter().map(|(agent, _)| *agent))
            .collect();
        let agents: Vec<PersonId> = agents.into_iter().collect();
        let states = store.notifications().states(&agents).await?;
        let (quiet, loud): (Vec<News>, Vec<News>) = news.into_iter().partition(|news| news.told.is_empty());
        for quiet in quiet.chunks(NOTED_AT_ONCE) {
            let writes = quiet
                .iter()
                .map(|news| store.kept_write(NOTIFICATIONS, generation, (news.number, &news.kept)));
            let writes = writes.collect::<Result<Vec<_>, _>>()?;
            self.commit(store, lease, writes).await?;
        }
        for news in &loud {
            let (tellings, mails) = tellings(store, news, &states).await?;
            let mut writes = vec![store.kept_write(NOTIFICATIONS, generation, (news.number, &news.kept))?];
            writes.extend(store.telling_writes(&tellings, &mails)?);
            self.commit(store, lease, writes).await?;
        }
        // Last: who looks now finds all of it.
        store.stamp_lists(&changes).await?;
        clear_up(store, &loud, &states).await;
        Ok(())
    }
}

impl Notifications {
    async fn commit(
        &self,
        store: &Store,
        lease: &Lease,
        writes: Vec<docket_store::table::Write>,
    ) -> Result<(), ProjectionError> {
        match store.commit_projected(lease, writes).await? {
            true => Ok(()),
            false => Err(ProjectionError::LeaseLost(NOTIFICATIONS)),
        }
    }
}

/// The events of a ticket that nobody was told of yet and that are news.
async fn recent_events(
    store: &Store,
    head: &Ticket,
    known: u64,
) -> Result<Vec<TicketEvent>, ProjectionError> {
    let since = store.now().checked_sub(TOLD_WITHIN).unwrap_or_default();
    if head.changed_at() < since {
        return Ok(vec![]);
    }
    let mut events = store.tickets().newest_events(head.number, known).await?;
    events.retain(|event| event.v > known && event.v <= head.v && event.at >= since);
    Ok(events)
}

fn note_former(event: &TicketEvent, changes: &mut Changes) {
    use docket_domain::ticket::Fact;
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

/// What is told by which way, and the mails among it.
async fn tellings(
    store: &Store,
    news: &News,
    states: &HashMap<PersonId, NotificationState>,
) -> Result<(Vec<Telling>, Vec<OutboxItem>), ProjectionError> {
    let telling = |(agent, notification): &(PersonId, Notification)| Telling {
        agent: *agent,
        notification: notification.clone(),
        ways: states
            .get(agent)
            .map(|state| state.settings.ways(notification.kind))
            .unwrap_or_default(),
    };
    let tellings: Vec<Telling> = news.told.iter().map(telling).collect();
    let is_mailed = |telling: &&Telling| {
        // Whoever follows a ticket gets each comment by mail already.
        let is_of_comment = matches!(
            telling.notification.kind,
            NotificationKind::Replied | NotificationKind::Mentioned
        );
        telling.ways.mail && !(is_of_comment && news.head.followers.contains(&telling.agent))
    };
    let mailed: Vec<(PersonId, &Notification)> = tellings
        .iter()
        .filter(is_mailed)
        .map(|telling| (telling.agent, &telling.notification))
        .collect();
    let mut mails = told_by_mail(&news.head, &mailed, store.now());
    if !news.is_known && !mails.is_empty() {
        // Of a generation before this one they may stand already.
        let ids: Vec<_> = mails.iter().map(|mail| mail.id).collect();
        let stand: BTreeSet<_> = store
            .outbox()
            .get_many(&ids)
            .await?
            .into_iter()
            .map(|mail| mail.id)
            .collect();
        mails.retain(|mail| !stand.contains(&mail.id));
    }
    Ok((tellings, mails))
}

/// Keeps what agents were told from growing. Where that fails it is done with what they are told next.
async fn clear_up(store: &Store, loud: &[News], states: &HashMap<PersonId, NotificationState>) {
    let mut added: HashMap<PersonId, u64> = HashMap::new();
    for (agent, _) in loud.iter().flat_map(|news| &news.told) {
        *added.entry(*agent).or_default() += 1;
    }
    let blank = NotificationState::default();
    for (agent, added) in added {
        let state = states.get(&agent).unwrap_or(&blank);
        if store.is_to_be_cleared(state, added)
            && let Err(error) = store.notifications().clear_up(agent).await
        {
            tracing::warn!(%agent, %error, "what agent {agent} was told could not be cleared up");
        }
    }
}

//! What each agent was told, the newest first, with what they chose to be told and how far they have seen it. Bounded: of each agent's
//! list the oldest go.

use crate::{
    Store, StoreError,
    keys::{ItemKey, mentions_pk, notifications_pk, sortable_time},
    parts::{Mentions, Notifications},
    table::{
        Role, Write,
        item::{Item, key_of, n, number_in, s, to_attribute, value_in},
        page::Query,
    },
};
use docket_domain::{
    PersonId, Timestamp,
    notification::{Notification, NotificationKind, NotificationSettings, Ways},
    outbox::OutboxItem,
};
use std::collections::{BTreeMap, HashMap};

/// Most that is kept of what an agent was told, and as many mentions.
pub const MOST_NOTIFICATIONS: usize = 100;
/// How many more than that may stand until they are cleared away.
const MOST_TOO_MANY: u64 = 25;
/// Most that are cleared away at once.
const MOST_CLEARED: usize = 50;
/// What sort keys of notifications begin with.
const PREFIX: &str = "N#";

/// Something that an agent is told, with the ways they chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Who is told.
    pub agent: PersonId,
    /// What.
    pub notification: Notification,
    /// How.
    pub ways: Ways,
}

/// How an agent stands to what they were told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotificationState {
    /// How often they were told something that a page shows.
    pub told: u64,
    /// How often they were named, whether or not a page shows it.
    pub mentioned: u64,
    /// How much of it they have seen.
    pub seen: u64,
    /// Until when they have.
    pub seen_at: Option<Timestamp>,
    /// What they chose.
    pub settings: NotificationSettings,
}

impl NotificationState {
    /// How much they have not seen; no more than is kept.
    pub fn unseen(&self) -> u64 {
        self.told.saturating_sub(self.seen).min(MOST_NOTIFICATIONS as u64)
    }

    pub(super) fn of(item: &mut Item) -> Self {
        let seen_at = number_in(item, "seen_at").and_then(|ms| Timestamp::from_millisecond(ms).ok());
        Self {
            told: number_in(item, "told").unwrap_or(0),
            mentioned: number_in(item, "mentioned").unwrap_or(0),
            seen: number_in(item, "seen").unwrap_or(0),
            seen_at,
            // What can't be read is as if nothing had been chosen.
            settings: value_in(item, "settings").unwrap_or_default(),
        }
    }
}

impl Notifications<'_> {
    /// How an agent stands to what they were told.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn state(self, agent: PersonId) -> Result<NotificationState, StoreError> {
        let item = self.0.get_item(&ItemKey::NotificationState(agent)).await?;
        Ok(item.map_or_else(NotificationState::default, |mut item| {
            NotificationState::of(&mut item)
        }))
    }

    /// The same of some agents, in one read for a hundred.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn states(
        self,
        agents: &[PersonId],
    ) -> Result<HashMap<PersonId, NotificationState>, StoreError> {
        let keys: Vec<ItemKey> = agents.iter().copied().map(ItemKey::NotificationState).collect();
        let items = self.0.get_items_strongly(&keys).await?;
        let state = |mut item: Item| {
            let agent = number_in(&item, "agent_id").map(PersonId)?;
            Some((agent, NotificationState::of(&mut item)))
        };
        Ok(items.into_iter().filter_map(state).collect())
    }

    /// What an agent was told, the newest first, at most [`MOST_NOTIFICATIONS`].
    ///
    /// # Errors
    /// When the world failed.
    pub async fn newest(self, agent: PersonId, limit: usize) -> Result<Vec<Telling>, StoreError> {
        let pk = notifications_pk(&self.0.settings.tenant, agent);
        self.0.tellings(pk, agent, limit.min(MOST_NOTIFICATIONS)).await
    }

    /// Notes what an agent chooses to be told, and how.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn choose(self, agent: PersonId, settings: &NotificationSettings) -> Result<(), StoreError> {
        let write = self.state_write(agent, "SET settings = :settings, agent_id = :agent");
        let write = write.with(":settings", to_attribute("settings", settings)?);
        self.0.commit_writes(vec![], vec![write]).await.map(drop)
    }

    /// Notes that an agent has seen what they were told, as far as `state` knows of it. Where they have seen more meanwhile, on another
    /// page, that stands.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn see(self, agent: PersonId, state: &NotificationState) -> Result<(), StoreError> {
        let seen = self
            .state_write(agent, "SET seen = :seen, seen_at = :at, agent_id = :agent")
            .when("attribute_not_exists(seen) OR seen < :seen")
            .with(":seen", n(state.told))
            .with(":at", n(self.0.now().as_millisecond()));
        self.0.commit_writes(vec![], vec![seen]).await.map(drop)
    }

    /// Clears away what is more than is kept, where that is a good deal. What is told meanwhile stays.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn clear_up(self, agent: PersonId) -> Result<(), StoreError> {
        let tenant = &self.0.settings.tenant;
        for pk in [notifications_pk(tenant, agent), mentions_pk(tenant, agent)] {
            let mut query = tellings_query(pk, MOST_NOTIFICATIONS + MOST_CLEARED);
            query.consistent = false;
            let items = self.0.query(query).await?;
            let over = items.iter().skip(MOST_NOTIFICATIONS).map(|item| {
                let keys = ["PK", "SK"].into_iter();
                let key = keys.filter_map(|name| Some((name.to_owned(), item.get(name)?.clone())));
                Write::delete(&self.0.settings.tickets_table, Role::State, key.collect())
            });
            self.0.commit_writes(vec![], over.collect()).await?;
        }
        Ok(())
    }

    /// The part that changes how an agent stands to what they were told. It goes through a transaction of its own: what tells them
    /// something at the same moment is in the way for a moment only, and it is sent again.
    fn state_write(self, agent: PersonId, expression: &str) -> Write {
        let key = key_of(&self.0.settings.tenant, &ItemKey::NotificationState(agent));
        Write::update(&self.0.settings.tickets_table, Role::State, key, expression).with(":agent", n(agent))
    }
}

impl Mentions<'_> {
    /// Where an agent was named, the newest first, at most [`MOST_NOTIFICATIONS`].
    ///
    /// # Errors
    /// When the world failed.
    pub async fn newest(self, agent: PersonId) -> Result<Vec<Notification>, StoreError> {
        let pk = mentions_pk(&self.0.settings.tenant, agent);
        let tellings = self.0.tellings(pk, agent, MOST_NOTIFICATIONS).await?;
        Ok(tellings.into_iter().map(|telling| telling.notification).collect())
    }
}

impl Store {
    /// The parts of a transaction that tell agents, by the ways they chose, with the mails that go to some of them.
    ///
    /// # Errors
    /// When something can't be written down.
    pub fn telling_writes(
        &self,
        tellings: &[Telling],
        mails: &[OutboxItem],
    ) -> Result<Vec<Write>, StoreError> {
        let tenant = &self.settings.tenant;
        let mut writes = Vec::new();
        // What a page shows, and mentions.
        let mut told: BTreeMap<PersonId, (u64, u64)> = BTreeMap::new();
        for telling in tellings {
            if telling.ways.is_shown() {
                told.entry(telling.agent).or_default().0 += 1;
                writes.push(self.telling_write(notifications_pk(tenant, telling.agent), telling)?);
            }
            // A mention stands in its view, whatever was chosen.
            if telling.notification.kind == NotificationKind::Mentioned {
                told.entry(telling.agent).or_default().1 += 1;
                writes.push(self.telling_write(mentions_pk(tenant, telling.agent), telling)?);
            }
        }
        for (agent, (count, mentioned)) in told {
            let key = key_of(tenant, &ItemKey::NotificationState(agent));
            let expression = "SET agent_id = :agent ADD told :count, mentioned :mentioned";
            let write = Write::update(&self.settings.tickets_table, Role::State, key, expression);
            let write = write.with(":agent", n(agent)).with(":count", n(count));
            writes.push(write.with(":mentioned", n(mentioned)));
        }
        for mail in mails {
            writes.push(self.outbox().write(mail)?.when_new());
        }
        Ok(writes)
    }

    /// Whether so many more make it worth while to clear up what an agent was told.
    pub fn is_to_be_cleared(&self, state: &NotificationState, added: u64) -> bool {
        // Mentions stand also of whoever chose to be shown none: each of the two lists has a number of its own.
        let is_full = |of: u64| of / MOST_TOO_MANY != (of + added) / MOST_TOO_MANY;
        is_full(state.told) || is_full(state.mentioned)
    }

    fn telling_write(&self, pk: String, telling: &Telling) -> Result<Write, StoreError> {
        let of = &telling.notification;
        let place = format!(
            "{PREFIX}{}#{:012}#{:010}#{}",
            sortable_time(of.at),
            of.ticket.0,
            of.v,
            of.kind.as_str()
        );
        let item = Item::from([
            ("PK".to_owned(), s(pk)),
            ("SK".to_owned(), s(place)),
            ("notification".to_owned(), to_attribute("notification", of)?),
            ("ways".to_owned(), to_attribute("ways", &telling.ways)?),
        ]);
        Ok(Write::put(&self.settings.tickets_table, Role::State, item))
    }

    async fn tellings(&self, pk: String, agent: PersonId, limit: usize) -> Result<Vec<Telling>, StoreError> {
        let items = self.query(tellings_query(pk, limit)).await?;
        let telling = |mut item: Item| {
            let ways = value_in(&mut item, "ways").unwrap_or_default();
            Ok(Telling {
                agent,
                notification: value_in(&mut item, "notification")?,
                ways,
            })
        };
        items.into_iter().map(telling).collect()
    }
}

fn tellings_query(pk: String, limit: usize) -> Query {
    let mut query =
        Query::partition(pk, limit).range("begins_with(SK, :prefix)", vec![(":prefix", PREFIX.to_owned())]);
    query.newest_first = true;
    query
}

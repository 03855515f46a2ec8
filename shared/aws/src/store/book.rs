//! Policies, calendars and timers: immutable versions of each, and one item that says which are in force.

use super::{item::value_in, page::Query};
use crate::{
    Desk, StoreError,
    keys::{ItemKey, configuration_pk},
};
use docket_domain::{
    CalendarId, Digest, PolicyId, Timestamp,
    calendar::Calendar,
    sla::{Book, InForce, Policy, TimerRules},
};
use docket_rules::{CheckedBook, KeptTerms};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};

/// How long a book that was read serves, in seconds.
pub(super) const SERVES_SECONDS: i64 = 30;
/// Most versions that are kept at hand for tickets that are still under them.
const MOST_HELD: usize = 64;

/// A version of the whole: which versions of its parts were in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookVersion {
    /// The version.
    pub v: u64,
    /// When it came into force.
    #[serde(default)]
    pub at: Timestamp,
    /// Policies and their versions.
    pub policies: Vec<(PolicyId, u64)>,
    /// Calendars and their versions.
    pub calendars: Vec<(CalendarId, u64)>,
    /// Timers.
    pub timers: TimerRules,
    /// Rules and templates, as the digest of the item that holds them; nothing while there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Digest>,
    /// The highest number that a policy has had.
    pub last_policy_id: u64,
    /// The highest number that a calendar has had.
    pub last_calendar_id: u64,
    /// The highest version that any policy has had: a version is never given twice.
    pub last_policy_version: u64,
    /// The highest version that any calendar has had.
    pub last_calendar_version: u64,
}

/// What was read lately.
#[derive(Debug, Default)]
pub(crate) struct BookCache {
    in_force: Mutex<Option<Read>>,
    held: Mutex<Vec<KeptTerms>>,
}

/// A version of the whole, as it was read.
#[derive(Clone, Debug)]
struct Read {
    at: Timestamp,
    version: BookVersion,
    checked: Arc<CheckedBook>,
}

impl BookVersion {
    /// Whether it can know these versions; otherwise it is older than they.
    fn knows(&self, in_force: &InForce) -> bool {
        in_force.policy_version <= self.last_policy_version.max(Policy::standard().version)
            && in_force.calendar_version.unwrap_or(0) <= self.last_calendar_version
    }
}

impl Desk {
    /// The policies, calendars and timers in force, at most 30 seconds old.
    pub async fn book(&self) -> Result<Arc<Book>, StoreError> {
        Ok(self.checked_book(|_| true).await?.book().clone())
    }

    /// The same, with conditions read, for a ticket that is under these versions already: what was read before they came
    /// into force does not serve.
    pub(super) async fn checked_book_for(
        &self,
        in_force: Option<&InForce>,
    ) -> Result<Arc<CheckedBook>, StoreError> {
        self.checked_book(|version| in_force.is_none_or(|in_force| version.knows(in_force)))
            .await
    }

    /// The policies, calendars and timers in force, of this version of the whole or a newer one.
    pub async fn book_since(&self, v: u64) -> Result<Arc<Book>, StoreError> {
        Ok(self.checked_book(|version| version.v >= v).await?.book().clone())
    }

    /// The policies, calendars and timers in force this moment.
    pub async fn newest_book(&self) -> Result<Arc<Book>, StoreError> {
        Ok(self.checked_book(|_| false).await?.book().clone())
    }

    /// Remembers what this desk itself has put in force.
    pub(super) fn remember_book(&self, version: BookVersion, book: Arc<Book>) {
        *lock(&self.book.in_force) = Some(Read {
            at: self.now(),
            version,
            checked: Arc::new(CheckedBook::new(book)),
        });
    }

    async fn checked_book(
        &self,
        serves: impl Fn(&BookVersion) -> bool,
    ) -> Result<Arc<CheckedBook>, StoreError> {
        let now = self.now();
        let cached = lock(&self.book.in_force).clone();
        if let Some(read) = &cached
            && now.as_second() - read.at.as_second() < SERVES_SECONDS
            && serves(&read.version)
        {
            return Ok(read.checked.clone());
        }
        let version = self.book_in_force().await?;
        // What has not changed need not be read again.
        let same = cached.filter(|read| read.version.v == version.v);
        let checked = match same {
            Some(read) => read.checked,
            None => Arc::new(CheckedBook::new(Arc::new(self.book_of(&version).await?))),
        };
        *lock(&self.book.in_force) = Some(Read {
            at: now,
            version,
            checked: checked.clone(),
        });
        Ok(checked)
    }

    pub(super) async fn book_in_force(&self) -> Result<BookVersion, StoreError> {
        match self.get_item(&ItemKey::Book).await? {
            Some(mut item) => value_in(&mut item, "book"),
            None => Ok(BookVersion::default()),
        }
    }

    pub(super) async fn book_of(&self, version: &BookVersion) -> Result<Book, StoreError> {
        let policies = version
            .policies
            .iter()
            .map(|(id, version)| ItemKey::Policy(*id, *version));
        let calendars = version
            .calendars
            .iter()
            .map(|(id, version)| ItemKey::Calendar(*id, *version));
        let keys: Vec<ItemKey> = policies.chain(calendars).collect();
        let mut book = Book {
            v: version.v,
            policies: Vec::new(),
            calendars: Vec::new(),
            timers: version.timers,
            rules: self.rule_book(version.rules.as_ref()).await?,
            last_policy_id: version.last_policy_id,
            last_calendar_id: version.last_calendar_id,
        };
        for mut item in self.get_items(&keys).await? {
            if item.contains_key("policy") {
                book.policies.push(value_in(&mut item, "policy")?);
            } else {
                book.calendars.push(value_in(&mut item, "calendar")?);
            }
        }
        if book.policies.len() + book.calendars.len() != keys.len() {
            return Err(StoreError::NotSetUp(format!(
                "a part of version {} of the policies and calendars",
                version.v
            )));
        }
        book.policies.sort_by_key(|policy| policy.id);
        book.calendars.sort_by_key(Calendar::id);
        Ok(book)
    }

    /// A version of the whole.
    pub async fn book_version(&self, v: u64) -> Result<Option<Book>, StoreError> {
        match self.get_item(&ItemKey::BookVersion(v)).await? {
            Some(mut item) => {
                let version: BookVersion = value_in(&mut item, "book")?;
                Ok(Some(self.book_of(&version).await?))
            }
            None => Ok(None),
        }
    }

    /// The versions of the whole, newest first, at most `limit`.
    pub async fn book_history(&self, limit: usize) -> Result<Vec<BookVersion>, StoreError> {
        let from_to = vec![(":from", "BOOK#".to_owned()), (":to", "BOOK#~".to_owned())];
        let mut query = Query::partition(configuration_pk(&self.settings.tenant), limit)
            .range("SK BETWEEN :from AND :to", from_to);
        query.newest_first = true;
        let items = self.query(query).await?;
        items
            .into_iter()
            .map(|mut item| value_in(&mut item, "book"))
            .collect()
    }

    /// The versions that hold for a ticket and are no longer in force.
    pub(super) async fn held(&self, in_force: &InForce) -> Result<Option<KeptTerms>, StoreError> {
        let known = lock(&self.book.held)
            .iter()
            .find(|held| held.is(in_force))
            .cloned();
        if known.is_some() {
            return Ok(known);
        }
        let key = ItemKey::Policy(in_force.policy, in_force.policy_version);
        let Some(mut item) = self.get_item(&key).await? else {
            return Ok(None);
        };
        let policy: Policy = value_in(&mut item, "policy")?;
        let mut calendar = None;
        if let (Some(id), Some(version)) = (in_force.calendar, in_force.calendar_version) {
            let Some(mut item) = self.get_item(&ItemKey::Calendar(id, version)).await? else {
                return Ok(None);
            };
            calendar = Some(value_in(&mut item, "calendar")?);
        }
        let held = KeptTerms { policy, calendar };
        let mut cache = lock(&self.book.held);
        if cache.len() == MOST_HELD {
            cache.remove(0);
        }
        cache.push(held.clone());
        Ok(Some(held))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

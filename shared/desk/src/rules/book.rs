//! The policies, calendars and timers at hand, and those that single tickets are still under.

use crate::parts::OperatorRules;
use docket_domain::{
    Timestamp,
    sla::{Book, InForce},
};
use docket_rules::{CheckedBook, KeptTerms};
use docket_store::{
    StoreError,
    configuration::{BookVersion, SERVES_SECONDS},
};
use std::sync::{Arc, Mutex, PoisonError};

/// Most versions that are kept at hand for tickets that are still under them.
const MOST_HELD: usize = 64;

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

impl OperatorRules<'_> {
    /// The policies, calendars and timers in force, at most 30 seconds old.
    pub async fn book(self) -> Result<Arc<Book>, StoreError> {
        Ok(self.checked_book(|_| true).await?.book().clone())
    }

    /// The book that was read last, however long ago; nothing where none was.
    pub fn book_at_hand(self) -> Option<Arc<Book>> {
        let read = lock(&self.desk.0.book.in_force);
        read.as_ref().map(|read| read.checked.book().clone())
    }

    /// The same, with conditions read, for a ticket that is under these versions already: what was read before they came
    /// into force does not serve.
    pub(crate) async fn checked_book_for(
        self,
        in_force: Option<&InForce>,
    ) -> Result<Arc<CheckedBook>, StoreError> {
        self.checked_book(|version| in_force.is_none_or(|in_force| version.knows(in_force)))
            .await
    }

    /// The policies, calendars and timers in force, of this version of the whole or a newer one.
    pub async fn book_since(self, v: u64) -> Result<Arc<Book>, StoreError> {
        Ok(self.checked_book(|version| version.v >= v).await?.book().clone())
    }

    /// The policies, calendars and timers in force this moment.
    pub async fn newest_book(self) -> Result<Arc<Book>, StoreError> {
        Ok(self.checked_book(|_| false).await?.book().clone())
    }

    /// Remembers what this desk itself has put in force.
    pub(crate) fn remember_book(self, version: BookVersion, book: Arc<Book>) {
        *lock(&self.desk.0.book.in_force) = Some(Read {
            at: self.desk.now(),
            version,
            checked: Arc::new(CheckedBook::new(book)),
        });
    }

    async fn checked_book(
        self,
        serves: impl Fn(&BookVersion) -> bool,
    ) -> Result<Arc<CheckedBook>, StoreError> {
        let now = self.desk.now();
        let cached = lock(&self.desk.0.book.in_force).clone();
        if let Some(read) = &cached
            && now.as_second() - read.at.as_second() < SERVES_SECONDS
            && serves(&read.version)
        {
            return Ok(read.checked.clone());
        }
        let version = self.in_force().await?;
        // What has not changed need not be read again.
        let same = cached.filter(|read| read.version.v == version.v);
        let checked = match same {
            Some(read) => read.checked,
            None => Arc::new(CheckedBook::new(Arc::new(self.book_of(&version).await?))),
        };
        *lock(&self.desk.0.book.in_force) = Some(Read {
            at: now,
            version,
            checked: checked.clone(),
        });
        Ok(checked)
    }

    /// The versions that hold for a ticket and are no longer in force.
    pub(crate) async fn superseded(self, in_force: &InForce) -> Result<Option<KeptTerms>, StoreError> {
        let known = lock(&self.desk.0.book.held)
            .iter()
            .find(|held| held.is(in_force))
            .cloned();
        if known.is_some() {
            return Ok(known);
        }
        let Some(policy) = self
            .policy_version(in_force.policy, in_force.policy_version)
            .await?
        else {
            return Ok(None);
        };
        let mut calendar = None;
        if let (Some(id), Some(version)) = (in_force.calendar, in_force.calendar_version) {
            let Some(read) = self.calendar_version(id, version).await? else {
                return Ok(None);
            };
            calendar = Some(read);
        }
        let held = KeptTerms { policy, calendar };
        let mut cache = lock(&self.desk.0.book.held);
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

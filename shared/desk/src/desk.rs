//! The desk: the store, and what is kept at hand of what the operator laid down.

use crate::{agents::SeenMembers, rules::book::BookCache};
use docket_domain::{Timestamp, audit::ChangedBy, configuration::Setup};
use docket_search::{Failed, Finding, SearchAnswer, SearchRequest};
use docket_store::{
    Clients, Clock, Entropy, Settings, Store, clients::cloud_config, sabotage::Sabotage,
    search_index::SearchFunction, settings::SettingsError,
};
use std::{
    ops::Deref,
    sync::{Arc, Mutex, OnceLock},
};

/// A handle on the desk; cheap to clone. What only reads or writes is the store's, and is called on the desk all the same.
#[derive(Clone)]
pub struct Desk(pub(crate) Arc<Inner>);

/// What is behind the handle.
pub(crate) struct Inner {
    store: Store,
    pub(crate) setup: Mutex<Option<(Timestamp, Arc<Setup>)>>,
    pub(crate) book: BookCache,
    pub(crate) seen_members: SeenMembers,
    /// When the desk began, once that was looked up.
    pub(crate) began_at: OnceLock<Timestamp>,
    finding: OnceLock<Arc<dyn Finding>>,
}

impl Deref for Desk {
    type Target = Store;
    fn deref(&self) -> &Store {
        &self.0.store
    }
}

impl Desk {
    /// The desk over a store.
    pub fn over(store: Store) -> Self {
        Self(Arc::new(Inner {
            store,
            setup: Mutex::new(None),
            book: BookCache::default(),
            seen_members: SeenMembers::default(),
            began_at: OnceLock::new(),
            finding: OnceLock::new(),
        }))
    }

    /// The desk that the environment names, in the cloud.
    pub async fn from_environment() -> Result<Self, SettingsError> {
        Ok(Self::over(Store::from_environment().await?))
    }

    /// The same for a function that searches: it asks the function that the environment names.
    pub async fn from_environment_with_search() -> Result<Self, SettingsError> {
        let config = cloud_config().await;
        let desk = Self::over(Store::configured(&config)?);
        Ok(match SearchFunction::from_environment(&config) {
            Some(function) => desk.finding_by(Arc::new(function)),
            None => desk,
        })
    }

    /// A desk over these clients.
    pub fn new(
        settings: Settings,
        clients: Clients,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self::over(Store::new(settings, clients, clock, entropy))
    }

    /// A desk that reads pages of another size, or whose commit is broken on purpose; for tests.
    pub fn with(
        settings: Settings,
        clients: Clients,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        page_items: i32,
        sabotage: Sabotage,
    ) -> Self {
        Self::over(Store::with(
            settings, clients, clock, entropy, page_items, sabotage,
        ))
    }

    /// The same desk, which asks this one for what it searches.
    #[must_use]
    pub fn finding_by(self, finding: Arc<dyn Finding>) -> Self {
        // Whoever was named first stays: a handle has one.
        let _ = self.0.finding.set(finding);
        self
    }

    /// Asks the index of the search.
    ///
    /// # Errors
    /// When the query is refused, or there is nobody who answers.
    pub async fn find(&self, request: SearchRequest) -> Result<SearchAnswer, Failed> {
        match self.0.finding.get() {
            Some(finding) => finding.find(request).await,
            None => Err(Failed::Unavailable),
        }
    }

    /// The desk itself, or somebody at its command line, as the one who changes something now.
    pub fn by_system(&self, cause: impl Into<String>) -> ChangedBy {
        ChangedBy::system(cause, self.now())
    }

    /// The store, for those who need no more.
    pub fn store(&self) -> &Store {
        &self.0.store
    }
}

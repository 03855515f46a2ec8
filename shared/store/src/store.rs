//! The store: everything that a function needs of the world, in one handle.

use crate::{
    Clients, Clock, Entropy, Settings,
    clients::cloud_config,
    ports::{SystemClock, SystemEntropy},
    projections::TakenIn,
    sabotage::Sabotage,
    secrets::SecretCache,
    settings::SettingsError,
    table::PAGE_ITEMS,
};
use aws_types::SdkConfig;
use docket_domain::{Timestamp, record::CommitmentKey};
use std::{ops::Deref, sync::Arc};

/// A handle on the store; cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

/// What is behind the handle.
pub struct Inner {
    /// Names and addresses.
    pub settings: Settings,
    pub(crate) clients: Clients,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) secrets: SecretCache,
    pub(crate) page_items: i32,
    pub(crate) taken_in: TakenIn,
    /// In which ways the commit is broken on purpose.
    pub sabotage: Sabotage,
}

impl Deref for Store {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Store {
    /// The store that the environment names, in the cloud.
    pub async fn from_environment() -> Result<Self, SettingsError> {
        Self::configured(&cloud_config().await)
    }

    /// The same by a configuration that is there already.
    pub fn configured(config: &SdkConfig) -> Result<Self, SettingsError> {
        let settings = Settings::from_environment()?;
        let clients = Clients::new(config);
        Ok(Self::new(
            settings,
            clients,
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
        ))
    }

    /// A store over these clients.
    pub fn new(
        settings: Settings,
        clients: Clients,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self::with(settings, clients, clock, entropy, PAGE_ITEMS, Sabotage::default())
    }

    /// A store that reads pages of another size, or whose commit is broken on purpose; for tests.
    pub fn with(
        settings: Settings,
        clients: Clients,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        page_items: i32,
        sabotage: Sabotage,
    ) -> Self {
        let secrets = SecretCache::default();
        Self(Arc::new(Inner {
            settings,
            clients,
            clock,
            entropy,
            secrets,
            page_items,
            taken_in: TakenIn::default(),
            sabotage,
        }))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Thirty-two bytes that nobody can guess.
    pub fn random_bytes(&self) -> [u8; 32] {
        self.entropy.bytes()
    }

    /// A key that nobody can guess.
    pub fn commitment_key(&self) -> CommitmentKey {
        CommitmentKey::new(self.entropy.bytes())
    }

    /// A name that nobody can guess: 52 characters of `a-z2-7`.
    pub fn unguessable(&self) -> String {
        let mut text = String::with_capacity(52);
        let (mut bits, mut held) = (0u32, 0u32);
        for byte in self.entropy.bytes() {
            bits = (bits << 8) | u32::from(byte);
            held += 8;
            while held >= 5 {
                held -= 5;
                text.push(char::from(
                    b"abcdefghijklmnopqrstuvwxyz234567"[((bits >> held) & 31) as usize],
                ));
            }
        }
        if held > 0 {
            text.push(char::from(
                b"abcdefghijklmnopqrstuvwxyz234567"[((bits << (5 - held)) & 31) as usize],
            ));
        }
        text
    }
}

//! The test world: the desk under a seed, one step at a time, with faults at every call of its functions.
//!
//! Two worlds with the same seed do exactly the same: the runtime has one thread and paused time, the clock stands still
//! unless moved, identifiers and faults follow from the seed.

mod faults;
mod http;
mod outside;

pub use http::{HttpAnswer, PageAnswer};
pub use outside::Recorder;

use self::faults::SeededFaults;
use crate::{
    functions::Functions,
    invariants::{self, Contacts},
    open_error::OpenError,
    sources::{Polled, QueuePoller, StreamReader, scheduled_event},
    stack::{LOCAL_MAILBOX, LocalDesk, Options},
    wiring::{Function, QUEUE_SOURCES, SWEEP_SECONDS},
};
use axum::Router;
use docket_desk::{Queue, Secret};
use docket_domain::{PersonId, audit::ChangedBy};
use docket_store::{Entropy, blob::SPOOL_PREFIX, sabotage::Sabotage};
use embedded_aws::{Clock, Fate, FaultPlan, Inbound, Storage, Verdicts};
use jiff::{SignedDuration, Timestamp};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// The secret of channel `bot` in the world.
pub const HOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// The API token in the world.
pub const API_TOKEN: &str = "world-token";
/// Most steps until a world must be at rest.
const MOST_STEPS: u32 = 4_000;

/// How a world is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct WorldOptions {
    /// The seed.
    pub seed: u64,
    /// Whether calls of functions go wrong.
    pub faults: bool,
    /// What is taken out of the store, to show that a test notices.
    pub sabotage: Sabotage,
    /// The mailer retries by itself (to show that a test notices).
    pub mail_retries: bool,
    /// Queries ask for one item at a time.
    pub small_pages: bool,
}

/// A desk under a seed.
pub struct World {
    /// The desk.
    pub local: LocalDesk,
    /// Its event-driven functions.
    pub functions: Functions,
    /// Calls that egress made.
    pub outside: Arc<Recorder>,
    /// What was handed to the desk, to be found again.
    pub contacts: Contacts,
    api: Router,
    hooks: Router,
    pages: Router,
    plan: Arc<SeededFaults>,
    stream: StreamReader,
    pollers: Vec<QueuePoller>,
    choices: StdRng,
    last_sweep: Timestamp,
}

/// Randomness from the seed.
struct SeededEntropy(Mutex<StdRng>);

impl Entropy for SeededEntropy {
    fn bytes(&self) -> [u8; 32] {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).random()
    }
}

impl World {
    /// A world at rest, set up, on 2 March 2026.
    pub async fn new(options: WorldOptions) -> Result<Self, OpenError> {
        Self::kept_in(options, Storage::Memory).await
    }

    /// The same where it is kept; what is there is gone on with.
    pub async fn kept_in(options: WorldOptions, storage: Storage) -> Result<Self, OpenError> {
        let seed = options.seed;
        let start = Timestamp::from_second(1_772_438_400).unwrap_or(Timestamp::UNIX_EPOCH);
        let clock = Clock::manual(start);
        let entropy = SeededEntropy(Mutex::new(StdRng::seed_from_u64(seed ^ 0x0e47)));
        let open = Options {
            entropy: Arc::new(entropy),
            public_url: "http://desk.test".to_owned(),
            api_token: Some(Secret::new(API_TOKEN)),
            hook_secret: Some(Secret::new(HOOK_SECRET)),
            page_items: if options.small_pages {
                1
            } else {
                docket_store::table::PAGE_ITEMS
            },
            sabotage: options.sabotage,
            mail_retries: options.mail_retries,
            ..Options::new(storage, clock)
        };
        let local = LocalDesk::open(open).await?;
        local.aws.seed(seed);
        let plan = Arc::new(SeededFaults {
            on: AtomicBool::new(options.faults),
            choices: Mutex::new(StdRng::seed_from_u64(seed ^ 0xfa17)),
        });
        local.aws.set_fault_plan(Some(plan.clone()));
        let outside = Arc::new(Recorder::default());
        let functions = Functions::new(&local, outside.clone());
        let pollers = QUEUE_SOURCES
            .iter()
            .map(|source| QueuePoller::new(&local, source))
            .collect();
        Ok(Self {
            api: api::app(local.desk_of("api")),
            hooks: webhook_intake::app(local.desk_of("webhook-intake")),
            pages: workspace::app(local.desk_of("workspace")),
            local,
            functions,
            outside,
            contacts: Contacts::default(),
            plan,
            stream: StreamReader::default(),
            pollers,
            choices: StdRng::seed_from_u64(seed ^ 0xc401),
            last_sweep: start,
        })
    }

    /// Whoever runs the test, as the one who changes something now.
    pub fn by(&self) -> ChangedBy {
        self.local.desk.by_system("a test")
    }

    /// An agent goes away.
    pub async fn go_away(&self, agent: PersonId, hand_back: bool) {
        let gone = self
            .local
            .desk
            .agents()
            .go_away(agent, hand_back, self.by())
            .await;
        gone.unwrap_or_else(|error| panic!("agent {agent} can't go away: {error}"));
    }

    /// An agent comes online.
    pub async fn come_online(&self, agent: PersonId) {
        let come = self.local.desk.agents().come_online(agent, self.by()).await;
        come.unwrap_or_else(|error| panic!("agent {agent} can't come online: {error}"));
    }

    /// The faults of this world, for a plan that adds to them.
    pub fn faults(&self) -> Arc<dyn FaultPlan> {
        self.plan.clone()
    }

    /// Calls of functions go wrong from here on.
    pub fn trouble(&self) {
        self.plan.on.store(true, Ordering::SeqCst);
    }

    /// No more faults from here on.
    pub fn calm(&self) {
        self.plan.on.store(false, Ordering::SeqCst);
    }

    /// A choice that follows from the seed.
    pub fn choose(&mut self, of: u32) -> u32 {
        self.choices.random_range(0..of)
    }

    /// Hands a mail in as SES does. `lose_receipt`: only the object comes.
    pub fn receive(&mut self, raw: &str, recipients: &[&str], lose_receipt: bool) -> String {
        let receipt = if lose_receipt { Fate::Lost } else { Fate::Once };
        self.receive_judged(raw, recipients, Verdicts::PASS, receipt)
    }

    /// Hands a mail in with verdicts, and a receipt that may be lost.
    pub fn receive_judged(
        &mut self,
        raw: &str,
        recipients: &[&str],
        verdicts: Verdicts,
        receipt: Fate,
    ) -> String {
        let mail = docket_mail::read(raw.as_bytes(), None).unwrap_or_default();
        let recipients = if recipients.is_empty() {
            &[LOCAL_MAILBOX][..]
        } else {
            recipients
        };
        let inbound = Inbound {
            bucket: self.local.desk.settings.bucket.clone(),
            prefix: SPOOL_PREFIX.to_owned(),
            queue_url: self.local.desk.queue_url(Queue::Inbound).to_owned(),
            raw: raw.as_bytes().to_vec().into(),
            mail_from: mail.from.map(|mailbox| mailbox.address).unwrap_or_default(),
            recipients: recipients.iter().map(|&recipient| recipient.to_owned()).collect(),
            verdicts,
            receipt,
        };
        let ses_id = self.local.aws.receive_mail(&inbound).unwrap_or_default();
        self.contacts.mails.push(ses_id.clone());
        ses_id
    }

    /// One step: some source that has something hands it over. False: nothing is to be done now.
    pub async fn step(&mut self) -> bool {
        let table = self.local.desk.settings.tickets_table.clone();
        let first = self.choices.random_range(0..=self.pollers.len());
        for offset in 0..=self.pollers.len() {
            let at = (first + offset) % (self.pollers.len() + 1);
            let actor = match at.checked_sub(1) {
                None => Function::Relay.name(),
                Some(at) => QUEUE_SOURCES[at].function.name(),
            };
            let killed = self.local.aws.killed(actor);
            let polled = match at.checked_sub(1) {
                None => tokio::select! {
                    biased;
                    () = killed => Polled::Batch,
                    polled = self.stream.poll(&self.local.aws, &table, &self.functions) => polled,
                },
                Some(at) => tokio::select! {
                    biased;
                    () = killed => Polled::Batch,
                    polled = self.pollers[at].poll(&self.functions, 0) => polled,
                },
            };
            if polled == Polled::Batch {
                return true;
            }
        }
        false
    }

    /// Steps until nothing is to be done at this moment.
    pub async fn settle(&mut self) {
        for _ in 0..MOST_STEPS {
            if !self.step().await {
                return;
            }
        }
        panic!("the world does not come to rest: {:?}", self.local.aws.queues());
    }

    /// Loses what the stream or the queues hold, now and then.
    pub fn lose_something(&mut self) {
        match self.choices.random_range(0..12) {
            0 => {
                self.local
                    .aws
                    .drop_stream(&self.local.desk.settings.tickets_table);
                self.stream.clear();
            }
            1 => drop(self.local.aws.empty_queues()),
            _ => {}
        }
    }

    /// Moves the clock forward, minute by minute, with a sweep each minute and everything it leads to.
    pub async fn pass(&mut self, time: SignedDuration) {
        let target = self
            .local
            .aws
            .clock()
            .now()
            .checked_add(time)
            .unwrap_or(Timestamp::MAX);
        loop {
            let minute = self
                .last_sweep
                .checked_add(SignedDuration::from_secs(SWEEP_SECONDS))
                .unwrap_or(target);
            if minute > target {
                self.local.aws.clock().set_forward(target);
                self.settle().await;
                return;
            }
            self.local.aws.clock().set_forward(minute);
            self.last_sweep = minute;
            self.sweep().await;
            self.settle().await;
        }
    }

    /// Moves the clock forward at once; one sweep finds what was due meanwhile.
    pub async fn leap(&mut self, time: SignedDuration) {
        self.local.aws.clock().advance(time);
        self.last_sweep = self.local.aws.clock().now();
        self.sweep().await;
        self.settle().await;
    }

    /// One sweep.
    pub async fn sweep(&mut self) {
        let event = scheduled_event(self.local.aws.clock().now());
        let swept = self.functions.invoke(Function::SlaCheck, event);
        let killed = self.local.aws.killed(Function::SlaCheck.name());
        tokio::select! {
            biased;
            () = killed => {}
            _ = swept => {}
        }
    }

    /// Checks every invariant; what is broken, in words.
    pub async fn broken_invariants(&self) -> Vec<String> {
        let mut contacts = self.contacts.clone();
        contacts.calls = self
            .outside
            .calls()
            .into_iter()
            .map(|call| call.webhook_id)
            .collect();
        invariants::broken(&self.local, &contacts).await
    }
}

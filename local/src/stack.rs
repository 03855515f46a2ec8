//! The resources of a desk on an embedded AWS, and the desk itself.

use crate::{
    open_error::OpenError,
    private_files,
    wiring::{
        DEAD_LETTER_RETENTION_SECONDS, DEAD_LETTER_SUFFIX, MAX_RECEIVE_COUNT, QUEUE_SOURCES,
        RETENTION_SECONDS, source_of, wakes_relay,
    },
};
use aws_sdk_sqs::types::QueueAttributeName;
use docket_desk::{
    Desk, Queue, Secret, Settings, SignInSettings, StoreError,
    seed::{BOT_CHANNEL, Shown, Start},
    whole_milliseconds,
};
use docket_domain::{PersonId, Tenant, Timestamp, configuration::Mailbox};
use docket_search_index::{Finder, SplitsAtHand};
use docket_store::{
    Clients, Clock as DeskClock, Entropy, ports::SystemEntropy, sabotage::Sabotage, schema,
    settings::QueueUrls,
};
use embedded_aws::{Clock, EmbeddedAws, Storage};
use jiff::SignedDuration;
use std::{collections::HashMap, path::PathBuf, sync::Arc};

/// The mailbox of a desk of one's own.
pub const LOCAL_MAILBOX: &str = "support@in.docket.local";
/// The admin of a desk of one's own.
pub const LOCAL_ADMIN: &str = "admin@docket.local";
/// The SES configuration set here.
const CONFIGURATION_SET: &str = "docket";

/// How a desk is opened.
#[derive(Clone)]
pub struct Options {
    /// Where everything is kept.
    pub storage: Storage,
    /// The clock.
    pub clock: Clock,
    /// Randomness; the machine's own unless a test hands in another.
    pub entropy: Arc<dyn Entropy>,
    /// Address under which it is reached, without a slash at the end; empty where the caller's own is used.
    pub public_url: String,
    /// The API token to accept; otherwise one is made.
    pub api_token: Option<Secret>,
    /// The secret of channel `bot`; otherwise one is made.
    pub hook_secret: Option<Secret>,
    /// The provider at which agents sign in; without one the people of the desk are listed.
    pub sign_in: Option<SignInSettings>,
    /// The secret by which it knows the desk; without one, what was given before stays.
    pub sign_in_secret: Option<Secret>,
    /// Items a query asks for at once.
    pub page_items: i32,
    /// Ways in which the commit is broken on purpose, to show that a test notices.
    pub sabotage: Sabotage,
    /// Whether the mailer retries, for the same purpose.
    pub mail_retries: bool,
}

impl Options {
    /// A desk kept in `storage`, by the machine's clock.
    pub fn new(storage: Storage, clock: Clock) -> Self {
        Self {
            storage,
            clock,
            entropy: Arc::new(SystemEntropy),
            public_url: String::new(),
            api_token: None,
            hook_secret: None,
            sign_in: None,
            sign_in_secret: None,
            page_items: docket_store::table::PAGE_ITEMS,
            sabotage: Sabotage::default(),
            mail_retries: false,
        }
    }
}

/// A desk on an embedded AWS.
#[derive(Clone)]
pub struct LocalDesk {
    /// The services.
    pub aws: EmbeddedAws,
    /// The desk, as a program outside the functions sees it.
    pub desk: Desk,
    /// What was made on first use: nothing when the desk was there before.
    pub shown: Option<Shown>,
    /// What was opened of the index of the search.
    pub splits: Arc<SplitsAtHand>,
    finder: Arc<Finder>,
    options: Options,
}

struct DeskTime(Clock);

impl DeskClock for DeskTime {
    fn now(&self) -> Timestamp {
        whole_milliseconds(self.0.now())
    }
}

impl LocalDesk {
    /// Opens a desk, making what is missing.
    pub async fn open(options: Options) -> Result<Self, OpenError> {
        crate::folder_format::check(&options.storage)?;
        let aws = EmbeddedAws::open(options.storage.clone(), options.clock.clone())?;
        crate::folder_format::restrict(&options.storage)?;
        if let Some(ahead) = kept_ahead(&options.storage) {
            options.clock.advance(ahead);
        }
        let splits = Arc::new(match &options.storage {
            Storage::Memory => SplitsAtHand::in_memory(),
            // Copies of large ones beside the desk's own files, which lose their names at once.
            Storage::Dir(folder) => SplitsAtHand::in_folder(folder.join("splits")),
        });
        let store = desk_of(&aws, &options, "search").store().clone();
        let finder = Arc::new(Finder::new(store, splits.clone()));
        let mut local = Self {
            desk: desk_of(&aws, &options, "docket").finding_by(finder.clone()),
            aws,
            shown: None,
            splits,
            finder,
            options,
        };
        let clients = Clients::unsigned(&local.aws.config("docket"));
        local.make_queues().await?;
        schema::create_bucket(&clients, &local.desk.settings).await?;
        schema::create_tables(&clients, &local.desk.settings).await?;
        local
            .aws
            .enable_filtered_stream(&local.desk.settings.tickets_table, wakes_relay);
        local
            .aws
            .set_ses_event_queue(Some(local.desk.queue_url(Queue::Feedback).to_owned()));
        local.shown = local.desk.set_up(&start()).await?;
        local.adopt_given_secrets().await?;
        Ok(local)
    }

    /// Keeps how far the clock was moved, so that a restart does not send the desk back in time.
    pub fn keep_clock(&self) -> std::io::Result<()> {
        let Some(path) = clock_file(&self.options.storage) else {
            return Ok(());
        };
        private_files::write(&path, self.options.clock.ahead().to_string().as_bytes())
    }

    /// A handle for one function, known by its name to the fault plan.
    pub fn desk_of(&self, actor: &str) -> Desk {
        desk_of(&self.aws, &self.options, actor).finding_by(self.finder.clone())
    }

    /// The same desk, whose links lead to an address.
    #[must_use]
    pub fn reached_at(&self, public_url: &str) -> Self {
        let mut local = self.clone();
        local.options.public_url = public_url.to_owned();
        local
    }

    async fn adopt_given_secrets(&mut self) -> Result<(), StoreError> {
        if let Some(token) = self.options.api_token.clone() {
            self.desk
                .put_api_token(PersonId(1), &token, "given at start")
                .await?;
        }
        if let Some(secret) = self.options.hook_secret.clone() {
            self.desk.put_channel_secrets(BOT_CHANNEL, &[secret]).await?;
        }
        if let (Some(secret), Some(sign_in)) = (&self.options.sign_in_secret, &self.options.sign_in) {
            self.desk.put_sign_in_secret(&sign_in.issuer, secret).await?;
        }
        Ok(())
    }

    async fn make_queues(&self) -> Result<(), OpenError> {
        let sqs = aws_sdk_sqs::Client::new(&self.aws.config("docket"));
        for source in QUEUE_SOURCES {
            let dead = format!("{}{DEAD_LETTER_SUFFIX}", source.name);
            let retention = |seconds: i64| (QueueAttributeName::MessageRetentionPeriod, seconds.to_string());
            make_queue(
                &sqs,
                &dead,
                HashMap::from([retention(DEAD_LETTER_RETENTION_SECONDS)]),
            )
            .await?;
            let arn = queue_arn(&dead);
            let redrive =
                format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":{MAX_RECEIVE_COUNT}}}"#);
            let attributes = HashMap::from([
                retention(RETENTION_SECONDS),
                (
                    QueueAttributeName::VisibilityTimeout,
                    source.visibility_seconds.to_string(),
                ),
                (QueueAttributeName::DelaySeconds, source.delay_seconds.to_string()),
                (QueueAttributeName::RedrivePolicy, redrive),
            ]);
            make_queue(&sqs, source.name, attributes).await?;
        }
        Ok(())
    }
}

fn clock_file(storage: &Storage) -> Option<PathBuf> {
    match storage {
        Storage::Memory => None,
        Storage::Dir(folder) => Some(folder.join("clock-ahead")),
    }
}

fn kept_ahead(storage: &Storage) -> Option<SignedDuration> {
    std::fs::read_to_string(clock_file(storage)?)
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// The name under which AWS knows a queue.
pub fn queue_arn(name: &str) -> String {
    format!(
        "arn:aws:sqs:{}:{}:{name}",
        embedded_aws::REGION,
        embedded_aws::ACCOUNT
    )
}

async fn make_queue(
    sqs: &aws_sdk_sqs::Client,
    name: &str,
    attributes: HashMap<QueueAttributeName, String>,
) -> Result<(), OpenError> {
    let made = sqs
        .create_queue()
        .queue_name(name)
        .set_attributes(Some(attributes))
        .send()
        .await;
    made.map(drop).map_err(|error| OpenError::Queue {
        name: name.to_owned(),
        problem: format!("{error:?}"),
    })
}

fn desk_of(aws: &EmbeddedAws, options: &Options, actor: &str) -> Desk {
    let config = aws.config(actor);
    let clients = if options.mail_retries {
        Clients::with_mail_retries(&config, aws_smithy_types::retry::RetryConfig::standard())
    } else {
        Clients::unsigned(&config)
    };
    let url = |queue: Queue| aws.queue_url(source_of(queue).name);
    let settings = Settings {
        tenant: Tenant::main(),
        tickets_table: "tickets".to_owned(),
        guard_table: "guard".to_owned(),
        bucket: "docket".to_owned(),
        queues: QueueUrls {
            inbound: url(Queue::Inbound),
            inbound_single: url(Queue::InboundSingle),
            triage: url(Queue::Triage),
            assignment: url(Queue::Assignment),
            delivery: url(Queue::Delivery),
            egress: url(Queue::Egress),
            feedback: url(Queue::Feedback),
            timers: url(Queue::Timers),
            projections: url(Queue::Projections),
            index: url(Queue::Index),
            jobs: url(Queue::Jobs),
        },
        mail_domain: "in.docket.local".to_owned(),
        brand_name: "Docket".to_owned(),
        public_url: options.public_url.clone(),
        configuration_set: CONFIGURATION_SET.to_owned(),
        region: embedded_aws::REGION.to_owned(),
        secrets_prefix: "/docket/local".to_owned(),
        is_local: true,
        sign_in: options.sign_in.clone(),
    };
    let clock = Arc::new(DeskTime(options.clock.clone()));
    Desk::with(
        settings,
        clients,
        clock,
        options.entropy.clone(),
        options.page_items,
        options.sabotage,
    )
}

fn start() -> Start {
    let person = |address: &str, name: &str| (address.to_owned(), name.to_owned());
    Start {
        admin: person(LOCAL_ADMIN, "Ada Admin"),
        agents: vec![
            person("anna@docket.local", "Anna Agent"),
            person("ben@docket.local", "Ben Agent"),
            person("cleo@docket.local", "Cleo Agent"),
        ],
        mailbox: Mailbox {
            address: LOCAL_MAILBOX.to_owned(),
            name: "Docket Support".to_owned(),
            ..Mailbox::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_moved_clock_stays_moved_over_a_restart() {
        let folder = std::env::temp_dir().join(format!("docket-clock-{}", std::process::id()));
        let storage = Storage::Dir(folder.clone());
        let local = LocalDesk::open(Options::new(storage.clone(), Clock::wall()))
            .await
            .unwrap();
        local.aws.clock().advance(SignedDuration::from_hours(97));
        local.keep_clock().unwrap();
        drop(local);
        let clock = Clock::wall();
        LocalDesk::open(Options::new(storage, clock.clone()))
            .await
            .unwrap();
        std::fs::remove_dir_all(folder).unwrap();
        assert_eq!(clock.ahead(), SignedDuration::from_hours(97));
    }

    #[tokio::test]
    async fn links_lead_to_where_a_desk_is_reached_and_callers_say_for_themselves() {
        let options = Options::new(Storage::Memory, Clock::wall());
        let local = LocalDesk::open(options).await.unwrap();
        let linked = local.reached_at("http://127.0.0.1:4000");
        let root = |local: &LocalDesk| local.desk_of("delivery").settings.public_url.clone();
        assert_eq!(root(&linked), "http://127.0.0.1:4000");
        assert_eq!(root(&local), "");
    }
}

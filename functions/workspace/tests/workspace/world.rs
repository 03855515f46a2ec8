//! A desk in memory with people and tickets.
#![allow(dead_code, reason = "the preview uses another part of it than the tests")]

use anyhow::Context as _;
use axum::Router;
use docket_desk::{
    Attempt, Changed, Desk, Settings, SignInSettings,
    seed::{SUPPORT, Start},
    tickets::{Alongside, Amendment, NewAttachment, NewComment, NewContact, TicketDraft},
};
use docket_domain::{
    PersonId, Tenant, TicketNumber, Timestamp, assignment,
    configuration::Mailbox,
    contact::comment::{AuthorRole, CommentBody, MailFacts},
    people::person::Identity,
    ticket::{Actor, Channel, Command, ReplyVia, Update},
    triage,
};
use docket_projection::{Counters, Projections};
use docket_search_index::{Finder, SearchFollower, SplitsAtHand};
use docket_store::{Clients, Clock, blob::FileContent, ports::SystemEntropy, schema, settings::QueueUrls};
use embedded_aws::{EmbeddedAws, Storage};
use std::sync::Arc;

/// When the tests' desks begin.
pub const START: &str = "2026-03-02T08:00:00Z";
pub const MAILBOX: &str = "support@in.docket.local";
pub const ADMIN: PersonId = PersonId(1);
pub const BEN: PersonId = PersonId(2);
pub const CLEO: PersonId = PersonId(3);

pub struct DeskClock(pub embedded_aws::Clock);

impl Clock for DeskClock {
    fn now(&self) -> Timestamp {
        docket_desk::whole_milliseconds(self.0.now())
    }
}

pub struct World {
    pub desk: Desk,
    pub clock: embedded_aws::Clock,
    pub aws: EmbeddedAws,
    pub app: Router,
    splits: Arc<SplitsAtHand>,
}

impl World {
    /// A desk that stands still at [`START`].
    pub async fn new() -> anyhow::Result<Self> {
        Self::at(embedded_aws::Clock::manual(START.parse()?), true).await
    }

    pub async fn at(clock: embedded_aws::Clock, is_local: bool) -> anyhow::Result<Self> {
        Self::signing_in_at(clock, is_local, None).await
    }

    /// A desk whose people sign in at a provider.
    pub async fn signing_in_at(
        clock: embedded_aws::Clock,
        is_local: bool,
        sign_in: Option<SignInSettings>,
    ) -> anyhow::Result<Self> {
        let aws = EmbeddedAws::open(Storage::Memory, clock.clone())?;
        let settings = Settings {
            tenant: Tenant::main(),
            tickets_table: "tickets".into(),
            guard_table: "guard".into(),
            bucket: "docket".into(),
            queues: QueueUrls::default(),
            mail_domain: "in.docket.local".into(),
            brand_name: "Harbour Bikes".into(),
            public_url: String::new(),
            configuration_set: String::new(),
            secrets_prefix: "/docket/main".into(),
            region: "us-east-1".into(),
            is_local,
            sign_in,
        };
        let clients = Clients::new(&aws.config("workspace"));
        schema::create_tables(&clients, &settings).await?;
        schema::create_bucket(&clients, &settings).await?;
        let clock_of_desk = Arc::new(DeskClock(clock.clone()));
        let desk = Desk::new(settings, clients, clock_of_desk, Arc::new(SystemEntropy));
        let splits = Arc::new(SplitsAtHand::in_memory());
        let finder = Finder::new(desk.store().clone(), splits.clone());
        let desk = desk.finding_by(Arc::new(finder));
        let agent = |address: &str, name: &str| (address.to_owned(), name.to_owned());
        desk.set_up(&Start {
            admin: agent("admin@docket.local", "Ada Admin"),
            agents: vec![
                agent("ben@docket.local", "Ben Okafor"),
                agent("cleo@docket.local", "Cleo Marsh"),
                agent("dan@docket.local", "Dan Ilves"),
            ],
            mailbox: Mailbox {
                address: MAILBOX.into(),
                name: "Support".into(),
                ..Mailbox::default()
            },
        })
        .await?;
        let app = workspace::app_saving_at_once(desk.clone());
        Ok(Self {
            desk,
            clock,
            aws,
            app,
            splits,
        })
    }

    /// What the index of the search would do.
    pub async fn index(&self) -> anyhow::Result<()> {
        let follower = SearchFollower {
            at_hand: self.splits.clone(),
        };
        Projections::new(self.desk.store(), &follower).catch_up().await?;
        Ok(())
    }

    /// What the projector would do for those who are to be told.
    pub async fn tell(&self) -> anyhow::Result<()> {
        Projections::new(self.desk.store(), &Counters).catch_up().await?;
        Ok(())
    }

    /// A ticket of a group's, with its agent.
    pub async fn mail_of(&self, agent: PersonId) -> anyhow::Result<TicketNumber> {
        let number = self
            .mail(("ann@shop.example", "Ann Lee"), "Where is it?", "It is late.")
            .await?;
        let update = Update {
            group: Some(SUPPORT),
            assignee: Some(Some(agent)),
            status: Some(docket_domain::ticket::Status::Open),
            ..Update::default()
        };
        self.command(number, Command::Update(Box::new(update))).await?;
        Ok(number)
    }

    /// A ticket by mail.
    pub async fn mail(&self, from: (&str, &str), subject: &str, text: &str) -> anyhow::Result<TicketNumber> {
        let body = CommentBody {
            text: text.to_owned(),
            ..CommentBody::default()
        };
        self.contact(from, subject, body, vec![], None).await
    }

    /// A ticket by a mail of which more is known.
    pub async fn mail_with(
        &self,
        from: (&str, &str),
        subject: &str,
        text: &str,
        facts: MailFacts,
    ) -> anyhow::Result<TicketNumber> {
        let body = CommentBody {
            text: text.to_owned(),
            ..CommentBody::default()
        };
        self.contact_with(from, subject, body, vec![], None, facts).await
    }

    /// A ticket with everything that a contact can bring along.
    pub async fn contact(
        &self,
        from: (&str, &str),
        subject: &str,
        body: CommentBody,
        attachments: Vec<NewAttachment>,
        hook: Option<&str>,
    ) -> anyhow::Result<TicketNumber> {
        let facts = MailFacts::default();
        self.contact_with(from, subject, body, attachments, hook, facts)
            .await
    }

    async fn contact_with(
        &self,
        from: (&str, &str),
        subject: &str,
        body: CommentBody,
        attachments: Vec<NewAttachment>,
        hook: Option<&str>,
        facts: MailFacts,
    ) -> anyhow::Result<TicketNumber> {
        let desk = &self.desk;
        let identities = vec![Identity::email(from.0)];
        let (person, writes) = desk
            .people()
            .find_or_make(identities, from.1, Some("en"), &desk.by_system("a test"))
            .await?;
        let number = desk.tickets().next_number().await?;
        let (channel, reply_via) = match hook {
            Some(name) => (
                Channel::Hook { channel: name.into() },
                ReplyVia::Callback {
                    channel: name.into(),
                    url: "http://127.0.0.1:9/answer".into(),
                },
            ),
            None => (
                Channel::Mail {
                    mailbox: MAILBOX.into(),
                },
                ReplyVia::Mail {
                    mailbox: MAILBOX.into(),
                },
            ),
        };
        let mail = match hook {
            Some(_) => None,
            None => Some(self.keep_mail(number, from.0, subject, &body.text, facts).await?),
        };
        let contact = NewContact {
            note: None,
            actor: Actor::Requester(person.id),
            cause: "contact".into(),
            ticket: TicketDraft {
                subject: subject.into(),
                requester: person.id,
                channel: channel.clone(),
                reply_via,
                external_id: None,
                priority: None,
                ticket_type: None,
                tags: vec![],
                follows: None,
                acknowledge: hook.is_none(),
                unacknowledged: None,
            },
            comment: NewComment {
                author: person.id,
                role: AuthorRole::Requester,
                public: true,
                channel,
                body,
                attachments,
                mail,
                automatic: None,
            },
            alongside: Alongside {
                guards: vec![],
                writes,
            },
        };
        match desk.tickets().create(number, contact).await? {
            Changed::Done(_) => Ok(number),
            other => anyhow::bail!("the ticket was not made: {other:?}"),
        }
    }

    async fn keep_mail(
        &self,
        number: TicketNumber,
        from: &str,
        subject: &str,
        text: &str,
        facts: MailFacts,
    ) -> anyhow::Result<MailFacts> {
        let raw = format!("From: {from}\r\nTo: {MAILBOX}\r\nSubject: {subject}\r\n\r\n{text}\r\n");
        // Attachments and kept mail lie in one bucket; a mail put as an attachment lies under the ticket's blobs.
        let file = FileContent {
            bytes: raw.into(),
            content_type: "message/rfc822".to_owned(),
        };
        let stored = self.desk.blobs().put_files(number, &[file]).await?;
        let digest = &stored[0].digest;
        Ok(MailFacts {
            ses_id: format!("ses-{number}"),
            stored_at: format!("blob/main/{number}/{digest}"),
            ..facts
        })
    }

    /// What triage would do.
    pub async fn triage(&self, number: TicketNumber) -> anyhow::Result<()> {
        self.triage_finding(number, triage::Findings::default()).await
    }

    /// What triage would do that found this in the ticket's words.
    pub async fn triage_finding(&self, number: TicketNumber, found: triage::Findings) -> anyhow::Result<()> {
        let file = self.desk.tickets().file(number).await?.context("a ticket")?;
        let body = self.desk.blobs().body_of(number, &file.comments[0]).await?;
        let history = triage::History::default();
        let facts = triage::Facts {
            mailbox_group: None,
            ticket: &file.ticket,
            text: &body.text,
            handed_off: body.hand_off.is_some(),
            history: &history,
            default_group: SUPPORT,
        };
        let (mut outcome, mut decision) = triage::decide(&facts);
        outcome.found.clone_from(&found);
        decision.found = found;
        let (decision, _) = self.desk.blobs().put_json(number, &decision).await?;
        let began = vec![];
        let command = Command::Triage {
            outcome,
            decision,
            began,
        };
        self.command(number, command).await
    }

    /// What assignment would do.
    pub async fn assign(&self, number: TicketNumber) -> anyhow::Result<()> {
        let roster = self.desk.agents().roster(SUPPORT).await?;
        let ticket = self.desk.tickets().get(number).await?.context("a ticket")?;
        let candidates = assignment::Candidates {
            group: SUPPORT,
            assignment: &assignment::GroupAssignment::default(),
            roster: &roster,
            calendars: &[],
            previous: None,
            skill_names: &assignment::SkillNames::new(),
            now: self.desk.now(),
        };
        let (choice, decision) = assignment::choose(&ticket, &candidates);
        let (digest, _) = self.desk.blobs().put_json(number, &decision).await?;
        let command = match choice {
            Some(choice) => Command::Assign {
                choice,
                decision: digest,
            },
            None => Command::Defer {
                reason: decision.reason,
                retry_at: self.desk.now(),
                changes_at: decision.changes_at,
                decision: Some(digest),
            },
        };
        self.command(number, command).await
    }

    pub async fn command(&self, number: TicketNumber, command: Command) -> anyhow::Result<()> {
        let attempt = Attempt::by(Actor::System, "test");
        Ok(self.desk.change_by(number, attempt, command).await?.stands()?)
    }

    /// Somebody writes to a ticket past the pages.
    pub async fn write(
        &self,
        number: TicketNumber,
        actor: Actor,
        text: &str,
        public: bool,
        update: Update,
    ) -> anyhow::Result<()> {
        let author = actor.person().context("a person")?;
        let role = if actor.is_agent() {
            AuthorRole::Agent
        } else {
            AuthorRole::Requester
        };
        let channel = match role {
            AuthorRole::Agent => Channel::Agent,
            _ => Channel::Mail {
                mailbox: MAILBOX.into(),
            },
        };
        let comment = (!text.is_empty()).then(|| NewComment {
            author,
            role,
            public,
            channel,
            body: CommentBody {
                text: text.into(),
                ..CommentBody::default()
            },
            attachments: vec![],
            mail: None,
            automatic: None,
        });
        let amendment = Amendment {
            actor,
            cause: "test".into(),
            update,
            comment,
            alongside: Alongside::default(),
        };
        match self.desk.tickets().amend(number, amendment).await? {
            Changed::Done(_) => Ok(()),
            other => anyhow::bail!("not done: {other:?}"),
        }
    }
}

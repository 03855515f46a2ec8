//! Tickets' histories, made of real events.

use docket_domain::{
    Digest, PersonId, Timestamp,
    contact::comment::{AuthorRole, BodyRef},
    sla::{Happening, Signal, happenings},
    ticket::{Actor, Channel, Fact, Priority, ReplyVia, Status, TicketEvent, fact},
};

/// A history in the making.
#[derive(Clone, Debug, Default)]
pub struct Story {
    pub happenings: Vec<Happening>,
    status: Option<Status>,
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub fn created(priority: Option<Priority>) -> Fact {
    Fact::TicketCreated(fact::TicketCreated {
        subject: "Printer".to_owned(),
        requester: PersonId(1),
        channel: Channel::Api,
        reply_via: ReplyVia::Nowhere,
        external_id: None,
        priority,
        ticket_type: None,
        tags: Vec::new(),
        follows: None,
        acknowledge: false,
        unacknowledged: None,
        weight: None,
        triage_overdue_at: Timestamp::UNIX_EPOCH,
    })
}

pub fn comment(role: AuthorRole, public: bool, automatic: bool) -> Fact {
    Fact::CommentAdded(fact::CommentAdded {
        role,
        author: PersonId(2),
        public,
        body: BodyRef {
            digest: Digest::of(b""),
            bytes: 0,
        },
        automatic: automatic.then(|| "Auto-Submitted".to_owned()),
        cc: vec![],
        written_by: None,
        monitor: None,
        reaches_nobody: false,
        mentions: vec![],
        tells: None,
    })
}

pub fn moved(from: Status, to: Status) -> Fact {
    Fact::StatusChanged {
        from,
        to,
        reason: "test".to_owned(),
        close_due_at: None,
        wait: None,
    }
}

impl Story {
    /// A ticket that its requester wrote at `at`.
    pub fn begun(at: Timestamp) -> Self {
        Self::default()
            .fact(at, created(None))
            .fact(at, comment(AuthorRole::Requester, true, false))
    }

    pub fn fact(self, at: Timestamp, fact: Fact) -> Self {
        let event = TicketEvent {
            v: 1,
            at,
            actor: Actor::System,
            cause: String::new(),
            fact,
            clocks: None,
            automations: None,
            is_erased: false,
        };
        let signal = happenings([&event])[0].signal;
        self.signal(at, signal)
    }

    pub fn signal(mut self, at: Timestamp, signal: Signal) -> Self {
        if let Signal::StatusMoved { to, .. } = signal {
            self.status = Some(to);
        }
        self.happenings.push(Happening {
            v: self.happenings.len() as u64 + 1,
            at,
            signal,
        });
        self
    }

    pub fn status(&self) -> Status {
        self.status.unwrap_or(Status::New)
    }

    pub fn requester(self, at: Timestamp) -> Self {
        self.fact(at, comment(AuthorRole::Requester, true, false))
    }

    pub fn agent(self, at: Timestamp) -> Self {
        self.fact(at, comment(AuthorRole::Agent, true, false))
    }

    pub fn moves(self, at: Timestamp, to: Status) -> Self {
        let from = self.status();
        self.fact(at, moved(from, to))
    }

    pub fn priority(self, at: Timestamp, to: Priority) -> Self {
        self.fact(at, Fact::PriorityChanged { from: None, to })
    }
}

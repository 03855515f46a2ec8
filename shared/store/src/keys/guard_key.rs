//! Keys of table `guard`.

use docket_domain::{Digest, PersonId, Tenant, TicketNumber, job::JobId};

/// Key of an item of table `guard`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuardKey {
    /// A delivery of a mail to one mailbox: the receiving service's id.
    Transport(String, String),
    /// A mail to one mailbox by what it is, however often it was sent.
    Logical(Digest),
    /// A webhook's own id on its channel.
    Webhook(String, String),
    /// An idempotency key of an API caller.
    Idempotency(String, String),
    /// Attempts at a mail.
    Attempts(String),
    /// Automatic mails to an address lately.
    AutomaticTo(String),
    /// Automatic mails to a domain in one window of time, by its number.
    AutomaticToDomain(String, i64),
    /// A signed-in browser, by the digest of its token.
    Session(Digest),
    /// All signed-in browsers of somebody.
    SessionsOf(PersonId),
    /// A sign-in that has begun, by the digest of its state.
    SignIn(Digest),
    /// What a monitor tells, by the digest of who tells it where and what it is about: the ticket of the problem.
    Incident(Digest),
    /// Requests of those without credentials in one window of time, by its number.
    Strangers(i64),
    /// A shard of the index `due` that a message of queue `timers` goes through.
    DueShard(u8),
    /// A row of a job, by its place.
    JobRow(JobId, u32),
    /// An incident that is solved with its problem: the problem, the version by which that asked for it, the incident.
    SolvedWith(TicketNumber, u64, TicketNumber),
    /// Who has a ticket open.
    Presence(TicketNumber),
    /// How often somebody came to a ticket or went, by the lists that it stands in; and how often mail was held or decided about.
    PassingStamps,
    /// How far an agent has read a ticket.
    ReadMark(PersonId, TicketNumber),
}

impl GuardKey {
    /// The partition key. Whatever comes from outside is in it only as a digest.
    pub fn pk(&self, tenant: &Tenant) -> String {
        let (kind, digest) = match self {
            Self::Transport(ses_id, mailbox) => ("mail", Digest::of_parts([ses_id, mailbox])),
            Self::Logical(digest) => ("same", digest.clone()),
            Self::Webhook(channel, id) => ("hook", Digest::of_parts([channel, id])),
            Self::Idempotency(caller, key) => ("once", Digest::of_parts([caller, key])),
            Self::Attempts(ses_id) => ("tries", Digest::of(ses_id.as_bytes())),
            Self::AutomaticTo(address) => ("auto", Digest::of(address.as_bytes())),
            Self::AutomaticToDomain(domain, window) => {
                ("auto", Digest::of_parts([domain.as_str(), &window.to_string()]))
            }
            Self::Session(digest) => ("session", digest.clone()),
            Self::SessionsOf(person) => ("sessions", Digest::of(person.to_string().as_bytes())),
            Self::SignIn(digest) => ("sign-in", digest.clone()),
            Self::Incident(digest) => ("incident", digest.clone()),
            Self::Strangers(window) => ("stranger", Digest::of(window.to_string().as_bytes())),
            Self::DueShard(shard) => ("due", Digest::of(&[*shard])),
            // Ids of ours and numbers: none of them is anybody's words.
            Self::JobRow(job, index) => return format!("job#{tenant}#{job}#{index}"),
            Self::SolvedWith(problem, v, incident) => {
                return format!("solved#{tenant}#{problem}#{v}#{incident}");
            }
            Self::Presence(ticket) => return format!("here#{tenant}#{ticket}"),
            Self::PassingStamps => return format!("here#{tenant}"),
            Self::ReadMark(agent, ticket) => return format!("read#{tenant}#{agent}#{ticket}"),
        };
        format!("{kind}#{tenant}#{digest}")
    }
}

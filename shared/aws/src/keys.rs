//! Every key of both tables. Numbers are padded to a fixed width so that they sort; text from outside
//! enters a key only as a digest; every key carries its tenant.

use docket_domain::{
    CalendarId, Digest, GroupId, OrganizationId, OutboxId, PersonId, PolicyId, Tenant, TicketNumber,
    Timestamp, ticket::Ticket,
};

/// Shards of the index `due`.
pub const DUE_SHARDS: u8 = 64;
/// Shards of the indexes `view` and `changed`. May be raised, never lowered: readers ask for all of them.
pub const LIST_SHARDS: u64 = 4;

/// Key of an item of table `tickets`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKey {
    /// A ticket's head.
    Head(TicketNumber),
    /// One of its events.
    Event(TicketNumber, u64),
    /// A comment.
    Comment(TicketNumber, u64),
    /// A piece of outgoing work.
    Outbox(OutboxId),
    /// A mail id seen or given: digest of the id, digest of the mailbox, ticket.
    MailId(Digest, Digest, TicketNumber),
    /// A person.
    Person(PersonId),
    /// An identity of a person.
    Identity(Digest),
    /// An organization.
    Organization(OrganizationId),
    /// What leads to it: its name, a domain, its id in the operator's own system. The word and the digest.
    Claim(&'static str, Digest),
    /// Somebody who works here, in the list of them.
    Staff(PersonId),
    /// Says that everybody who works here is on that list.
    StaffListed,
    /// The ids of the admins.
    Admins,
    /// An agent's load.
    AgentLoad(PersonId),
    /// A group.
    Group(GroupId),
    /// A member of a group.
    Member(GroupId, PersonId),
    /// The lease of the one who assigns in a group.
    AssignmentLease(GroupId),
    /// A foreign key or an open conversation, by its digest.
    Conversation(Digest),
    /// A contact held back, by its number.
    Held(u64),
    /// An hour of the ledger.
    Ledger(Timestamp),
    /// A counter.
    Counter(Counter),
    /// The set-up.
    Setup,
    /// Which policies, calendars and timers are in force.
    Book,
    /// Which were in force at a version of the whole.
    BookVersion(u64),
    /// How far the open tickets follow the policies and calendars in force.
    Recompute,
    /// A version of a policy.
    Policy(PolicyId, u64),
    /// A version of a calendar.
    Calendar(CalendarId, u64),
    /// Rules and templates, by their digest.
    RuleBook(Digest),
    /// An API token by its digest.
    ApiToken(Digest),
}

/// What is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// Tickets.
    Tickets,
    /// People.
    People,
    /// Organizations.
    Organizations,
    /// Contacts held back.
    Held,
}

impl Counter {
    fn as_str(self) -> &'static str {
        match self {
            Self::Tickets => "ticket",
            Self::People => "person",
            Self::Organizations => "organization",
            Self::Held => "held",
        }
    }
}

impl ItemKey {
    /// The partition key.
    pub fn pk(&self, tenant: &Tenant) -> String {
        match self {
            Self::Head(no) | Self::Event(no, _) | Self::Comment(no, _) => ticket_pk(tenant, *no),
            Self::Outbox(id) => ticket_pk(tenant, id.ticket),
            Self::MailId(id, _, _) => mail_id_pk(tenant, id),
            Self::Person(id) => format!("P#{tenant}#{id}"),
            Self::Identity(digest) => format!("PI#{tenant}#{digest}"),
            Self::Organization(id) => format!("ORG#{tenant}#{id}"),
            Self::Claim(kind, digest) => format!("X#{tenant}#{kind}#{digest}"),
            Self::Staff(_) | Self::StaffListed | Self::Admins => staff_pk(tenant),
            Self::AgentLoad(id) => format!("AG#{tenant}#{id}"),
            Self::Group(id) | Self::Member(id, _) | Self::AssignmentLease(id) => group_pk(tenant, *id),
            Self::Conversation(digest) => format!("X#{tenant}#{digest}"),
            Self::Held(id) => format!("S#{tenant}#{id:010}"),
            Self::Ledger(hour) => format!("L#{tenant}#{}", hour.as_second()),
            Self::Counter(counter) => format!("N#{tenant}#{}", counter.as_str()),
            Self::Setup
            | Self::Book
            | Self::BookVersion(_)
            | Self::Recompute
            | Self::Policy(..)
            | Self::Calendar(..)
            | Self::RuleBook(_) => configuration_pk(tenant),
            Self::ApiToken(digest) => format!("K#{tenant}#{digest}"),
        }
    }

    /// The sort key.
    pub fn sk(&self) -> String {
        match self {
            Self::Head(_) => "HEAD".to_owned(),
            Self::Event(_, v) => format!("E#{v:010}"),
            Self::Comment(_, v) => format!("C#{v:010}"),
            Self::Outbox(id) => format!("O#{:010}#{}", id.v, id.n),
            Self::MailId(_, mailbox, no) => format!("{mailbox}#{}", no.0),
            Self::Person(_) => "P".to_owned(),
            Self::Identity(_) => "PI".to_owned(),
            Self::Organization(_) => "ORG".to_owned(),
            Self::Staff(id) => format!("P#{id}"),
            Self::StaffListed => "LISTED".to_owned(),
            Self::Admins => "ADMINS".to_owned(),
            Self::AgentLoad(_) => "AG".to_owned(),
            Self::Group(_) => "G".to_owned(),
            Self::Member(_, agent) => format!("M#{agent}"),
            Self::AssignmentLease(_) => "L".to_owned(),
            Self::Claim(..) | Self::Conversation(_) => "X".to_owned(),
            Self::Held(_) => "S".to_owned(),
            // One shard does: what relay counts, it adds once for a batch.
            Self::Ledger(_) => "0".to_owned(),
            Self::Counter(_) => "N".to_owned(),
            Self::Setup => "SETUP".to_owned(),
            Self::Book => "BOOK".to_owned(),
            Self::BookVersion(v) => format!("BOOK#{v:010}"),
            Self::Recompute => "RECOMPUTE".to_owned(),
            Self::Policy(id, version) => format!("policy#{id}#{version}"),
            Self::Calendar(id, version) => format!("calendar#{id}#{version}"),
            Self::RuleBook(digest) => format!("rules#{digest}"),
            Self::ApiToken(_) => "K".to_owned(),
        }
    }

    /// Reads the keys of what can stand in the index `due` back.
    pub fn parse_due_item(pk: &str, sk: &str) -> Option<(Tenant, Self)> {
        match pk.split_once('#') {
            Some(("AG", rest)) if sk == "AG" => {
                let (tenant, agent) = rest.split_once('#')?;
                Some((Tenant::new(tenant).ok()?, Self::AgentLoad(agent.parse().ok()?)))
            }
            Some(("CFG", tenant)) if sk == "RECOMPUTE" => Some((Tenant::new(tenant).ok()?, Self::Recompute)),
            _ => Self::parse_ticket_item(pk, sk),
        }
    }

    /// Reads the keys of a ticket's own items back: head, event, comment, outbox.
    pub fn parse_ticket_item(pk: &str, sk: &str) -> Option<(Tenant, Self)> {
        let mut parts = pk.split('#');
        if parts.next()? != "T" {
            return None;
        }
        let tenant = Tenant::new(parts.next()?).ok()?;
        let no: TicketNumber = parts.next()?.parse().ok()?;
        if parts.next().is_some() {
            return None;
        }
        let mut parts = sk.split('#');
        let key = match (parts.next()?, parts.next(), parts.next(), parts.next()) {
            ("HEAD", None, None, None) => Self::Head(no),
            ("E", Some(v), None, None) => Self::Event(no, v.parse().ok()?),
            ("C", Some(v), None, None) => Self::Comment(no, v.parse().ok()?),
            ("O", Some(v), Some(n), None) => Self::Outbox(OutboxId {
                ticket: no,
                v: v.parse().ok()?,
                n: n.parse().ok()?,
            }),
            _ => return None,
        };
        Some((tenant, key))
    }
}

/// Partition of a ticket.
pub fn ticket_pk(tenant: &Tenant, no: TicketNumber) -> String {
    format!("T#{tenant}#{}", no.0)
}

/// Partition of what the operator configured.
pub fn configuration_pk(tenant: &Tenant) -> String {
    format!("CFG#{tenant}")
}

/// Partition of a mail id.
pub fn mail_id_pk(tenant: &Tenant, id: &Digest) -> String {
    format!("MX#{tenant}#{id}")
}

/// Partition of the list of those who work here.
pub fn staff_pk(tenant: &Tenant) -> String {
    format!("STAFF#{tenant}")
}

/// Partition of a group and its members.
pub fn group_pk(tenant: &Tenant, id: GroupId) -> String {
    format!("G#{tenant}#{id}")
}

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
    /// That an address was told today that we have its mail.
    Acknowledged(String, String),
    /// Automatic mails to an address lately.
    AutomaticTo(String),
    /// Automatic mails to a domain in one window of time, by its number.
    AutomaticToDomain(String, i64),
    /// A signed-in browser, by the digest of its token.
    Session(Digest),
    /// A shard of the index `due` that a message of queue `timers` goes through.
    DueShard(u8),
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
            Self::Acknowledged(address, day) => ("told", Digest::of_parts([address, day])),
            Self::AutomaticTo(address) => ("auto", Digest::of(address.as_bytes())),
            Self::AutomaticToDomain(domain, window) => {
                ("auto", Digest::of_parts([domain.as_str(), &window.to_string()]))
            }
            Self::Session(digest) => ("session", digest.clone()),
            Self::DueShard(shard) => ("due", Digest::of(&[*shard])),
        };
        format!("{kind}#{tenant}#{digest}")
    }
}

/// A time as it stands in keys: milliseconds, 13 digits.
pub fn sortable_time(at: Timestamp) -> String {
    format!("{:013}", at.as_millisecond().max(0))
}

/// A number as it stands in index sort keys, 12 digits.
fn sortable_number(no: TicketNumber) -> String {
    format!("{:012}", no.0)
}

/// Reads the ticket's number off the end of an index sort key.
pub fn number_at_end(sk: &str) -> Option<TicketNumber> {
    sk.rsplit('#').next()?.parse().ok()
}

/// Shard of a ticket in the index `due`.
pub fn due_shard(tenant: &Tenant, no: TicketNumber) -> u8 {
    let digest = Digest::of_parts([tenant.as_str().as_bytes(), &no.0.to_be_bytes()]);
    u8::from_str_radix(&digest.as_str()[..2], 16).unwrap_or(0) % DUE_SHARDS
}

/// Partition of the index `due`.
pub fn due_pk(shard: u8) -> String {
    format!("D#{shard:02}")
}

/// Sort key of the index `due`: the time, what is due, whose.
pub fn due_sk(at: Timestamp, kind: DueKind, tenant: &Tenant, no: TicketNumber) -> String {
    format!("{}#{}#{tenant}#{}", sortable_time(at), kind.as_str(), no.0)
}

/// What an entry of the index `due` is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueKind {
    /// A ticket's own timers.
    Head,
    /// A piece of outgoing work.
    Outbox,
    /// What follows from a change of an agent.
    Agent,
    /// The open tickets that are to follow other policies or calendars.
    Recompute,
}

impl DueKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Outbox => "outbox",
            Self::Agent => "agent",
            Self::Recompute => "recompute",
        }
    }
}

/// Class of a status in the index `view`; solved and closed tickets are not in it.
pub fn view_pk(tenant: &Tenant, group: Option<GroupId>, class: &str, shard: u64) -> String {
    format!(
        "Q#{tenant}#{}#{class}#{shard:02}",
        group.map_or(0, |group| group.0)
    )
}

/// Partition of the index `agent`.
pub fn agent_pk(tenant: &Tenant, agent: PersonId) -> String {
    format!("A#{tenant}#{agent}")
}

/// Partition of the index `waiting`.
pub fn waiting_pk(tenant: &Tenant, group: GroupId) -> String {
    format!("W#{tenant}#{group}")
}

/// Partition of the index `person`.
pub fn person_pk(tenant: &Tenant, person: PersonId) -> String {
    format!("P#{tenant}#{person}")
}

/// Sort key of the index `person`: tickets of a person in the order in which they came.
pub fn person_sk(created_at: Timestamp, no: TicketNumber) -> String {
    format!("{}#{}", sortable_time(created_at), sortable_number(no))
}

/// Partition of the index `changed`: one for each day and shard.
pub fn changed_pk(tenant: &Tenant, at: Timestamp, shard: u64) -> String {
    format!("U#{tenant}#{}#{shard:02}", at.strftime("%Y%m%d"))
}

/// The index attributes of a head, each pair only while it belongs in that index.
pub fn head_index_attributes(tenant: &Tenant, ticket: &Ticket) -> Vec<(&'static str, String)> {
    let no = sortable_number(ticket.number);
    let shard = ticket.number.0 % LIST_SHARDS;
    let mut attributes = Vec::with_capacity(12);
    let mut pair = |pk: &'static str, pk_value: String, sk: &'static str, sk_value: String| {
        attributes.push((pk, pk_value));
        attributes.push((sk, sk_value));
    };
    let due_or_created = sortable_time(ticket.next_due_at().unwrap_or(ticket.created_at));
    if ticket.status.is_unsolved() {
        let pk = view_pk(tenant, ticket.group, ticket.status.as_str(), shard);
        pair("view_pk", pk, "view_sk", format!("{due_or_created}#{no}"));
    }
    if let Some(agent) = ticket.burdens() {
        pair(
            "agent_pk",
            agent_pk(tenant, agent),
            "agent_sk",
            format!("{due_or_created}#{no}"),
        );
    }
    if let Some(at) = ticket.next_timer_at() {
        let pk = due_pk(due_shard(tenant, ticket.number));
        pair(
            "due_pk",
            pk,
            "due_sk",
            due_sk(at, DueKind::Head, tenant, ticket.number),
        );
    }
    if let (Some(_), Some(group)) = (&ticket.waiting, ticket.group) {
        // Most urgent first, then least time left, then oldest.
        let rank = ticket.priority.map_or(9, |priority| 3 - priority as u8);
        pair(
            "waiting_pk",
            waiting_pk(tenant, group),
            "waiting_sk",
            format!("{rank}#{due_or_created}#{no}"),
        );
    }
    pair(
        "person_pk",
        person_pk(tenant, ticket.requester),
        "person_sk",
        person_sk(ticket.created_at, ticket.number),
    );
    let changed_sk = format!("{}#{no}", sortable_time(ticket.updated_at));
    pair(
        "changed_pk",
        changed_pk(tenant, ticket.updated_at, shard),
        "changed_sk",
        changed_sk,
    );
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_tickets_items_read_back(no in any::<u64>(), v in any::<u64>(), n in any::<u32>()) {
            let tenant = Tenant::main();
            let no = TicketNumber(no);
            for key in [
                ItemKey::Head(no),
                ItemKey::Event(no, v),
                ItemKey::Comment(no, v),
                ItemKey::Outbox(OutboxId { ticket: no, v, n }),
            ] {
                let parsed = ItemKey::parse_ticket_item(&key.pk(&tenant), &key.sk());
                prop_assert_eq!(parsed, Some((tenant.clone(), key)));
            }
        }

        #[test]
        fn times_in_keys_sort_as_times(a in 0i64..9_999_999_999_999, b in 0i64..9_999_999_999_999) {
            let at = |ms| sortable_time(Timestamp::from_millisecond(ms).unwrap());
            prop_assert_eq!(at(a).cmp(&at(b)), a.cmp(&b));
        }
    }

    #[test]
    fn keys_that_are_none_of_ours_are_refused() {
        for (pk, sk) in [
            ("T#main", "HEAD"),
            ("T#main#1#2", "HEAD"),
            ("P#main#1", "P"),
            ("T#main#1", "E#x"),
        ] {
            assert_eq!(ItemKey::parse_ticket_item(pk, sk), None, "{pk} {sk}");
        }
    }

    #[test]
    fn text_from_outside_stands_in_no_key() {
        let planted = "canary@example.com";
        for key in [
            GuardKey::Transport(planted.into(), planted.into()),
            GuardKey::Webhook(planted.into(), planted.into()),
            GuardKey::Idempotency(planted.into(), planted.into()),
            GuardKey::Attempts(planted.into()),
            GuardKey::Acknowledged(planted.into(), "20260101".into()),
        ] {
            assert!(!key.pk(&Tenant::main()).contains("canary"));
        }
    }

    #[test]
    fn a_closed_ticket_is_only_in_the_histories() {
        let mut ticket = Ticket::blank(TicketNumber(5));
        ticket.status = docket_domain::ticket::Status::Closed;
        let names: Vec<_> = head_index_attributes(&Tenant::main(), &ticket)
            .into_iter()
            .map(|(n, _)| n)
            .collect();
        assert_eq!(names, ["person_pk", "person_sk", "changed_pk", "changed_sk"]);
    }
}

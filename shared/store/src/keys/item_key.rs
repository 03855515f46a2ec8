//! Keys of table `tickets`.

use docket_domain::{
    CalendarId, Digest, GroupId, OrganizationId, OutboxId, PersonId, PolicyId, Tenant, TicketNumber,
    Timestamp, ViewId,
    audit::Subject,
    job::JobId,
    outbox::RecallableId,
    ticket::{LinkList, counted::CountedOf},
};

/// Key of an item of table `tickets`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKey {
    /// A ticket's head.
    Head(TicketNumber),
    /// The events of one of its saves, by the version of the first.
    Event(TicketNumber, u64),
    /// What people said in that save, outside of comments.
    Words(TicketNumber, u64),
    /// An event of what is no ticket.
    Audit(Subject, u64),
    /// A comment.
    Comment(TicketNumber, u64),
    /// A piece of outgoing work.
    Outbox(OutboxId),
    /// An answer that its author can recall.
    Recallable(RecallableId),
    /// What has to go because of a redaction, by the version of its event.
    Erasure(TicketNumber, u64),
    /// A mail id seen or given, by its digest, with the ticket it leads to at each mailbox.
    MailId(Digest),
    /// That a mail came once more, by the id of that delivery.
    Repeat(TicketNumber, String),
    /// A person.
    Person(PersonId),
    /// An identity of a person.
    Identity(Digest),
    /// Whom a provider proves by its own name for them: the digest of both.
    SignInLink(Digest),
    /// That somebody signs in at a provider under a name of its own, by the digest of the provider's.
    SignsInAt(PersonId, Digest),
    /// An organization.
    Organization(OrganizationId),
    /// What leads to it: its name, a domain, its id in the operator's own system. The word and the digest.
    Claim(&'static str, Digest),
    /// A member of an organization.
    OrganizationMember(OrganizationId, PersonId),
    /// That the list of members of an organization that was deleted is to go, or that they are to go over to another.
    OrganizationWork(OrganizationId),
    /// In which merges an organization takes part.
    OrganizationMerging(OrganizationId),
    /// A merge of two organizations.
    OrganizationMerge(JobId),
    /// That an organization took part in a merge.
    OrganizationMergeOf(OrganizationId, JobId),
    /// How far those are on the lists of their organizations who belonged to one before there were lists.
    OrganizationMembersListed,
    /// What is still to be done because two records became one, two again, or somebody is to be forgotten.
    PersonWork(PersonId),
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
    /// A ticket on a list of those that have to do with another one.
    Link(LinkList, TicketNumber),
    /// Says that such a list has, or had, something in it.
    Linked(LinkList),
    /// A contact held back, by its number.
    Held(u64),
    /// An hour of the ledger.
    Ledger(Timestamp),
    /// The counters, each in an attribute of its name: whoever needs two numbers draws both at once.
    Counters,
    /// Which of its numbers nobody has.
    Absent(Counter),
    /// The set-up.
    Setup,
    /// A version of the set-up.
    SetupVersion(u64),
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
    /// How far a projection is, and who brings it up to date.
    Projection(&'static str),
    /// What a projection keeps of a ticket: its name, and the half that its generation is in.
    Projected(TicketNumber, &'static str, u64),
    /// Counts of a group's or an agent's tickets, of a generation.
    ViewCounts(CountedOf, u64),
    /// What an index of the search is made of, by its generation.
    SearchManifest(u64),
    /// An API token by its digest.
    ApiToken(Digest),
    /// A job of a bulk call.
    Job(JobId),
    /// Which jobs are open.
    OpenJobs,
    /// A saved view.
    View(ViewId),
    /// What an agent has begun to write on a ticket.
    Draft(PersonId, TicketNumber),
    /// Who has begun to write on a ticket.
    DraftsOn(TicketNumber),
    /// How often lists changed.
    ListStamps,
    /// What an agent chose to be told, and how far they have seen what they were.
    NotificationState(PersonId),
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
    /// Saved views.
    Views,
}

impl Counter {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Tickets => "ticket",
            Self::People => "person",
            Self::Organizations => "organization",
            Self::Held => "held",
            Self::Views => "view",
        }
    }
}

impl ItemKey {
    /// The highest version that a key of ten digits holds.
    pub const LAST_VERSION: u64 = 9_999_999_999;

    /// The partition key.
    pub fn pk(&self, tenant: &Tenant) -> String {
        match self {
            Self::Head(no)
            | Self::Event(no, _)
            | Self::Words(no, _)
            | Self::Comment(no, _)
            | Self::Erasure(no, _)
            | Self::Repeat(no, _)
            | Self::Projected(no, ..) => ticket_pk(tenant, *no),
            Self::Outbox(id) => ticket_pk(tenant, id.ticket),
            Self::Recallable(id) => ticket_pk(tenant, id.ticket),
            Self::MailId(id) => format!("MX#{tenant}#{id}"),
            Self::Projection(name) => format!("PJ#{tenant}#{name}"),
            Self::ViewCounts(CountedOf::Group(group), _) => {
                format!("VC#{tenant}#G{}", group.map_or(0, |group| group.0))
            }
            Self::ViewCounts(CountedOf::Agent(agent), _) => format!("VC#{tenant}#A{agent}"),
            Self::Person(id) | Self::PersonWork(id) | Self::SignsInAt(id, _) => format!("P#{tenant}#{id}"),
            Self::SignInLink(digest) => format!("SI#{tenant}#{digest}"),
            Self::Identity(digest) => format!("PI#{tenant}#{digest}"),
            Self::Organization(id)
            | Self::OrganizationMember(id, _)
            | Self::OrganizationWork(id)
            | Self::OrganizationMerging(id)
            | Self::OrganizationMergeOf(id, _) => format!("ORG#{tenant}#{id}"),
            Self::OrganizationMerge(_) => format!("OG#{tenant}"),
            Self::Claim(kind, digest) => format!("X#{tenant}#{kind}#{digest}"),
            Self::Staff(_) | Self::StaffListed | Self::OrganizationMembersListed | Self::Admins => {
                staff_pk(tenant)
            }
            Self::AgentLoad(id) => format!("AG#{tenant}#{id}"),
            Self::Group(id) | Self::Member(id, _) | Self::AssignmentLease(id) => group_pk(tenant, *id),
            Self::Conversation(digest) => format!("X#{tenant}#{digest}"),
            Self::Link(list, _) | Self::Linked(list) => link_pk(tenant, *list),
            Self::Held(id) => format!("S#{tenant}#{id:010}"),
            Self::Ledger(hour) => format!("L#{tenant}#{}", hour.as_second()),
            Self::Counters => format!("N#{tenant}"),
            Self::Absent(counter) => format!("N#{tenant}#{}", counter.as_str()),
            Self::Audit(subject, _) => match *subject {
                Subject::Person(id) => Self::Person(id).pk(tenant),
                Subject::Agent(id) => Self::AgentLoad(id).pk(tenant),
                Subject::Group(id) => group_pk(tenant, id),
                Subject::Organization(id) => Self::Organization(id).pk(tenant),
                Subject::Setup | Subject::Rules => configuration_pk(tenant),
                Subject::View(_) => views_pk(tenant),
            },
            Self::Setup
            | Self::SetupVersion(_)
            | Self::Book
            | Self::BookVersion(_)
            | Self::Recompute
            | Self::Policy(..)
            | Self::Calendar(..)
            | Self::RuleBook(_) => configuration_pk(tenant),
            Self::SearchManifest(_) => format!("SX#{tenant}"),
            Self::ApiToken(digest) => format!("K#{tenant}#{digest}"),
            Self::Job(_) => jobs_pk(tenant),
            Self::OpenJobs => format!("{}#open", jobs_pk(tenant)),
            Self::View(_) => views_pk(tenant),
            Self::Draft(agent, _) => drafts_pk(tenant, *agent),
            Self::DraftsOn(number) => format!("DM#{tenant}#{number}"),
            Self::ListStamps => format!("LV#{tenant}"),
            Self::NotificationState(agent) => notifications_pk(tenant, *agent),
        }
    }

    /// The sort key.
    pub fn sk(&self) -> String {
        match self {
            Self::Head(_) => "HEAD".to_owned(),
            Self::Event(_, v) => format!("E#{v:010}"),
            Self::Words(_, v) => format!("W#{v:010}"),
            // Two subjects share the partition of what the operator configured.
            Self::Audit(subject @ (Subject::Setup | Subject::Rules), v) => {
                format!("E#{}#{v:010}", subject.kind())
            }
            // All views share theirs.
            Self::Audit(Subject::View(id), v) => format!("E#{:010}#{v:010}", id.0),
            Self::Audit(_, v) => format!("E#{v:010}"),
            Self::Comment(_, v) => format!("C#{v:010}"),
            Self::Outbox(id) => format!("O#{:010}#{}", id.v, id.n),
            Self::Recallable(id) => format!("A#{}#{}", id.author, id.name),
            Self::Erasure(_, v) => format!("R#{v:010}"),
            Self::Repeat(_, ses_id) => format!("M#{ses_id}"),
            Self::MailId(_) => "MX".to_owned(),
            Self::Projection(_) => "STATE".to_owned(),
            Self::Projected(_, name, half) => format!("P#{name}#{half}"),
            Self::ViewCounts(_, generation) => format!("C#{generation:06}"),
            Self::Person(_) => "P".to_owned(),
            Self::Identity(_) => "PI".to_owned(),
            Self::SignInLink(_) => "SI".to_owned(),
            Self::SignsInAt(_, provider) => format!("SIGN-IN#{provider}"),
            Self::Organization(_) => "ORG".to_owned(),
            Self::OrganizationMember(_, person) => format!("M#{:012}", person.0),
            Self::OrganizationMembersListed => "MEMBERS".to_owned(),
            Self::OrganizationMerging(_) => "GOES".to_owned(),
            Self::OrganizationMerge(id) => id.as_str().to_owned(),
            Self::OrganizationMergeOf(_, id) => format!("G#{id}"),
            Self::PersonWork(_) | Self::OrganizationWork(_) => "WORK".to_owned(),
            Self::Staff(id) => format!("P#{id}"),
            // With the ids of the admins, which the first mark did not stand for.
            Self::StaffListed => "LISTED#2".to_owned(),
            Self::Admins => "ADMINS".to_owned(),
            Self::AgentLoad(_) => "AG".to_owned(),
            Self::Group(_) => "G".to_owned(),
            Self::Member(_, agent) => format!("M#{agent}"),
            Self::AssignmentLease(_) => "L".to_owned(),
            Self::Claim(..) | Self::Conversation(_) => "X".to_owned(),
            Self::Link(list, number) => format!("{}#{:012}", link_letter(*list), number.0),
            Self::Linked(list) => link_letter(*list).to_owned(),
            Self::Held(_) => "S".to_owned(),
            // One shard does: what relay counts, it adds once for a batch.
            Self::Ledger(_) => "0".to_owned(),
            Self::Counters => "N".to_owned(),
            Self::Absent(_) => "ABSENT".to_owned(),
            Self::Setup => "SETUP".to_owned(),
            Self::SetupVersion(v) => format!("SETUP#{v:010}"),
            Self::Book => "BOOK".to_owned(),
            Self::BookVersion(v) => format!("BOOK#{v:010}"),
            Self::Recompute => "RECOMPUTE".to_owned(),
            Self::Policy(id, version) => format!("policy#{id}#{version}"),
            Self::Calendar(id, version) => format!("calendar#{id}#{version}"),
            Self::RuleBook(digest) => format!("rules#{digest}"),
            Self::SearchManifest(generation) => format!("M#{generation:06}"),
            Self::ApiToken(_) => "K".to_owned(),
            Self::Job(id) => id.as_str().to_owned(),
            Self::OpenJobs => "OPEN".to_owned(),
            Self::View(id) => format!("V#{:010}", id.0),
            Self::Draft(_, number) => format!("{:012}", number.0),
            Self::DraftsOn(_) => "DM".to_owned(),
            Self::ListStamps => "LV".to_owned(),
            Self::NotificationState(_) => "STATE".to_owned(),
        }
    }

    /// Reads the keys of what can stand in the index `due` back.
    pub fn parse_due_item(pk: &str, sk: &str) -> Option<(Tenant, Self)> {
        match pk.split_once('#') {
            Some(("AG", rest)) if sk == "AG" => {
                let (tenant, agent) = rest.split_once('#')?;
                Some((Tenant::new(tenant).ok()?, Self::AgentLoad(agent.parse().ok()?)))
            }
            Some(("J", tenant)) => Some((Tenant::new(tenant).ok()?, Self::Job(JobId::parse(sk)?))),
            Some(("P", rest)) if sk == "WORK" => {
                let (tenant, person) = rest.split_once('#')?;
                Some((Tenant::new(tenant).ok()?, Self::PersonWork(person.parse().ok()?)))
            }
            Some(("ORG", rest)) if sk == "WORK" => {
                let (tenant, id) = rest.split_once('#')?;
                Some((
                    Tenant::new(tenant).ok()?,
                    Self::OrganizationWork(id.parse().ok()?),
                ))
            }
            Some(("CFG", tenant)) if sk == "RECOMPUTE" => Some((Tenant::new(tenant).ok()?, Self::Recompute)),
            _ => Self::parse_ticket_item(pk, sk),
        }
    }

    /// Reads the keys of a ticket's own items back: head, events, words, comment, outbox, answers that can be recalled, what has to go.
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
            ("W", Some(v), None, None) => Self::Words(no, v.parse().ok()?),
            ("C", Some(v), None, None) => Self::Comment(no, v.parse().ok()?),
            ("R", Some(v), None, None) => Self::Erasure(no, v.parse().ok()?),
            ("O", Some(v), Some(n), None) => Self::Outbox(OutboxId {
                ticket: no,
                v: v.parse().ok()?,
                n: n.parse().ok()?,
            }),
            ("A", Some(author), Some(name), None) => {
                Self::Recallable(RecallableId::new(no, author.parse().ok()?, name)?)
            }
            _ => return None,
        };
        Some((tenant, key))
    }
}

/// Partition of a ticket.
pub fn ticket_pk(tenant: &Tenant, no: TicketNumber) -> String {
    format!("T#{tenant}#{}", no.0)
}

/// Partition of the jobs of a desk, by their ids.
pub fn jobs_pk(tenant: &Tenant) -> String {
    format!("J#{tenant}")
}

/// Partition of a list of tickets that have to do with another one.
pub fn link_pk(tenant: &Tenant, list: LinkList) -> String {
    match list {
        LinkList::Incidents(number) | LinkList::FollowUps(number) => format!("LK#{tenant}#{}", number.0),
        LinkList::Problems => format!("LK#{tenant}#problems"),
    }
}

/// What the sort keys of such a list begin with.
pub(crate) fn link_letter(list: LinkList) -> &'static str {
    match list {
        LinkList::Incidents(_) => "I",
        LinkList::FollowUps(_) => "F",
        LinkList::Problems => "P",
    }
}

/// Partition of what the operator configured.
pub fn configuration_pk(tenant: &Tenant) -> String {
    format!("CFG#{tenant}")
}

/// Partition of the list of those who work here.
pub fn staff_pk(tenant: &Tenant) -> String {
    format!("STAFF#{tenant}")
}

/// Partition of the saved views: a list of them is one query.
pub fn views_pk(tenant: &Tenant) -> String {
    format!("VW#{tenant}")
}

/// Partition of a group and its members.
pub fn group_pk(tenant: &Tenant, id: GroupId) -> String {
    format!("G#{tenant}#{id}")
}

/// Partition of the ratings that were given in a month.
pub fn ratings_pk(tenant: &Tenant, first_of_month: jiff::civil::Date) -> String {
    format!("SR#{tenant}#{}", first_of_month.strftime("%Y%m"))
}

/// Partition of the tickets that an agent passed over.
pub fn skips_pk(tenant: &Tenant, agent: PersonId) -> String {
    format!("SK#{tenant}#{agent}")
}

/// Partition of what an agent has begun to write.
pub fn drafts_pk(tenant: &Tenant, agent: PersonId) -> String {
    format!("DR#{tenant}#{agent}")
}

/// Partition of what an agent was told.
pub fn notifications_pk(tenant: &Tenant, agent: PersonId) -> String {
    format!("NT#{tenant}#{agent}")
}

/// Partition of where an agent was named.
pub fn mentions_pk(tenant: &Tenant, agent: PersonId) -> String {
    format!("MN#{tenant}#{agent}")
}

/// Sort key in either: when, which ticket, version of the event.
pub fn given_sk(at: Timestamp, ticket: TicketNumber, v: u64) -> String {
    format!("{}#{:012}#{v:010}", super::sortable_time(at), ticket.0)
}

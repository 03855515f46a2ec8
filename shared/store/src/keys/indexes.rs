//! Keys of the indexes, and what of a head stands in which of them.

use docket_domain::{
    Digest, GroupId, OrganizationId, PersonId, Tenant, TicketNumber, Timestamp,
    audit::Subject,
    ticket::{ListRank, Ticket},
};

/// Shards of the index `due`.
pub const DUE_SHARDS: u8 = 64;
/// Shards of the index `changed`. May be raised, never lowered: readers ask for all of them.
pub const CHANGED_SHARDS: u64 = 4;
/// A minute, in milliseconds.
const MINUTE: i64 = 60_000;

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
    /// An answer that its author can recall.
    Recallable,
    /// What follows from a change of an agent.
    Agent,
    /// The open tickets that are to follow other policies or calendars.
    Recompute,
    /// A job: one that stands still, or one that is to be forgotten.
    Job,
    /// What follows from a merge of two people, its undo, or that somebody is to be forgotten.
    Person,
    /// The list of members of an organization that was deleted.
    Organization,
}

impl DueKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Outbox => "outbox",
            Self::Recallable => "answer",
            Self::Agent => "agent",
            Self::Recompute => "recompute",
            Self::Job => "job",
            Self::Person => "person",
            Self::Organization => "organization",
        }
    }
}

/// Partition of the index `view`: a group and a class ([`StatusClass`](docket_domain::ticket::StatusClass), or why a contact is held); solved and closed tickets are not in it.
pub fn view_pk(tenant: &Tenant, group: Option<GroupId>, class: &str) -> String {
    format!("Q#{tenant}#{}#{class}", group.map_or(0, |group| group.0))
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

/// Partition of the index `person` with the tickets of a person that were deleted.
pub fn deleted_of_person_pk(tenant: &Tenant, person: PersonId) -> String {
    format!("P#{tenant}#{person}#deleted")
}

/// Partition of the index `view` with the tickets that were deleted and can be restored, by their numbers.
pub fn deleted_pk(tenant: &Tenant) -> String {
    format!("Q#{tenant}#deleted")
}

/// Partition of the index `view` with the people who were deleted and not yet forgotten, by their ids.
pub fn deleted_people_pk(tenant: &Tenant) -> String {
    format!("Q#{tenant}#deleted-people")
}

/// Partition of the index `person` with all memberships in organizations.
pub fn organization_memberships_pk(tenant: &Tenant) -> String {
    format!("OM#{tenant}")
}

/// Place of a membership among all of them: by person, then by organization.
pub fn organization_membership_sk(person: PersonId, organization: OrganizationId) -> String {
    format!("{:012}#{:012}", person.0, organization.0)
}

/// Sort key of the index `person`: tickets of a person in the order in which they came.
pub fn person_sk(created_at: Timestamp, no: TicketNumber) -> String {
    format!("{}#{}", sortable_time(created_at), sortable_number(no))
}

/// What is in the index `changed`, each in partitions of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangedClass {
    /// Tickets.
    Tickets,
    /// People.
    People,
    /// Agents' settings.
    Agents,
    /// Groups.
    Groups,
    /// Organizations, removed ones, too.
    Organizations,
    /// The set-up.
    Setup,
    /// Policies, calendars and rules in force.
    Rules,
    /// Saved views.
    Views,
    /// Saves of tickets, each in its place for good.
    Saves,
}

impl ChangedClass {
    /// All of them.
    const ALL: [Self; 9] = [
        Self::Tickets,
        Self::People,
        Self::Agents,
        Self::Groups,
        Self::Organizations,
        Self::Setup,
        Self::Rules,
        Self::Views,
        Self::Saves,
    ];

    /// The class that keys name so.
    pub(crate) fn named(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == letter)
    }

    /// How keys name it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Tickets => "T",
            Self::People => "P",
            Self::Agents => "A",
            Self::Groups => "G",
            Self::Organizations => "O",
            Self::Setup => "S",
            Self::Rules => "R",
            Self::Views => "V",
            Self::Saves => "E",
        }
    }

    /// How many digits its numbers have in keys.
    fn digits(self) -> usize {
        match self {
            Self::Tickets
            | Self::People
            | Self::Agents
            | Self::Groups
            | Self::Organizations
            | Self::Setup
            | Self::Rules
            | Self::Views => 12,
            // A ticket's number and a version.
            Self::Saves => 17,
        }
    }
}

impl From<Subject> for ChangedClass {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Person(_) => Self::People,
            Subject::Agent(_) => Self::Agents,
            Subject::Group(_) => Self::Groups,
            Subject::Organization(_) => Self::Organizations,
            Subject::Setup => Self::Setup,
            Subject::Rules => Self::Rules,
            Subject::View(_) => Self::Views,
        }
    }
}

/// The minute that a change of this time stands under in the index `changed`: the next whole one, so that what a reader has
/// read up to a minute that is over it need not read again.
pub fn changed_minute(at: Timestamp) -> Timestamp {
    let ms = at.as_millisecond();
    Timestamp::from_millisecond(ms + (MINUTE - ms.rem_euclid(MINUTE)) % MINUTE).unwrap_or(at)
}

/// Partition of the index `changed`: one for each class, day and shard, the day being that of the minute.
pub fn changed_pk(tenant: &Tenant, class: ChangedClass, minute: Timestamp, shard: u64) -> String {
    format!(
        "U#{tenant}#{}#{}#{shard:02}",
        class.as_str(),
        minute.strftime("%Y%m%d")
    )
}

/// Place of a ticket in the indexes `view` and `agent`.
pub fn list_sk(ticket: &Ticket) -> String {
    let (rank, at) = ticket.list_place();
    let rank = match rank {
        ListRank::Due => 0,
        ListRank::NotDue => 1,
        ListRank::Snoozed => 2,
    };
    format!("{rank}#{}#{}", sortable_time(at), sortable_number(ticket.number))
}

/// Where in the indexes `view` and `agent` tickets end that are due at a time or before.
pub(crate) fn due_until(at: Timestamp) -> String {
    format!("0#{}#~", sortable_time(at))
}

/// The index attributes of a head, each pair only while it belongs in that index.
pub fn head_index_attributes(tenant: &Tenant, ticket: &Ticket) -> Vec<(&'static str, String)> {
    let no = sortable_number(ticket.number);
    let mut attributes = Vec::with_capacity(12);
    let mut pair = |pk: &'static str, pk_value: String, sk: &'static str, sk_value: String| {
        attributes.push((pk, pk_value));
        attributes.push((sk, sk_value));
    };
    if let Some(deletion) = &ticket.deletion {
        if !deletion.is_for_good() {
            pair("view_pk", deleted_pk(tenant), "view_sk", no.clone());
        }
    } else if let Some(class) = ticket.status.class() {
        let pk = view_pk(tenant, ticket.group, class.as_str());
        pair("view_pk", pk, "view_sk", list_sk(ticket));
    }
    if let Some(agent) = ticket.burdens() {
        pair("agent_pk", agent_pk(tenant, agent), "agent_sk", list_sk(ticket));
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
    let waits = ticket.waiting.is_some() && ticket.is_worked_on();
    if let Some(group) = ticket.group.filter(|_| waits) {
        // Most urgent first, then least time left, then oldest.
        let due_or_created = sortable_time(ticket.next_due_at().unwrap_or(ticket.created_at));
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
        match ticket.is_deleted() {
            true => deleted_of_person_pk(tenant, ticket.requester),
            false => person_pk(tenant, ticket.requester),
        },
        "person_sk",
        person_sk(ticket.created_at, ticket.number),
    );
    let class = ChangedClass::Tickets;
    attributes.extend(changed_attributes(
        tenant,
        class,
        ticket.number.0,
        ticket.changed_at(),
    ));
    attributes
}

/// The attributes of what changed at a time for the index `changed`.
pub fn changed_attributes(
    tenant: &Tenant,
    class: ChangedClass,
    number: u64,
    at: Timestamp,
) -> [(&'static str, String); 2] {
    let minute = changed_minute(at);
    [
        (
            "changed_pk",
            changed_pk(tenant, class, minute, number % CHANGED_SHARDS),
        ),
        ("changed_sk", changed_sk(class, minute, number)),
    ]
}

/// The attributes of a save for the index `changed`: the item of its events stands there under the second in which it came
/// about here, by its id, and never moves.
pub(crate) fn save_attributes(
    tenant: &Tenant,
    number: TicketNumber,
    first_v: u64,
    at: Timestamp,
) -> [(&'static str, String); 2] {
    let class = ChangedClass::Saves;
    let second = Timestamp::from_second(at.as_second()).unwrap_or(at);
    [
        (
            "changed_pk",
            changed_pk(tenant, class, second, number.0 % CHANGED_SHARDS),
        ),
        ("changed_sk", changed_sk(class, second, number.child_id(first_v))),
    ]
}

/// Sort key of the index `changed`: the minute, of saves the second, and a number.
pub(crate) fn changed_sk(class: ChangedClass, at: Timestamp, number: u64) -> String {
    let digits = class.digits();
    format!("{}#{number:0digits$}", sortable_time(at))
}

//! Policies, calendars and timers as stored: immutable versions of each, and one item that says which are in force.

use crate::{
    StoreError,
    audit::chain_beside,
    configuration::Recompute,
    keys::{ItemKey, configuration_pk},
    parts::OperatorRules,
    table::{
        Role, Write,
        item::{item_with, n, value_in},
        page::Query,
    },
};
use docket_domain::{
    CalendarId, Digest, PolicyId, Timestamp,
    audit::ChangedBy,
    calendar::Calendar,
    record::ChainEnd,
    rule::{Rule, RuleKind},
    sla::{Book, InForce, Policy, TimerRules},
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// How long a book that was read serves, in seconds.
pub const SERVES_SECONDS: i64 = 30;

/// A version of the whole: which versions of its parts were in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookVersion {
    /// The version.
    pub v: u64,
    /// When it came into force.
    #[serde(default)]
    pub at: Timestamp,
    /// Policies and their versions.
    pub policies: Vec<(PolicyId, u64)>,
    /// Calendars and their versions.
    pub calendars: Vec<(CalendarId, u64)>,
    /// Timers.
    pub timers: TimerRules,
    /// Rules and templates, as the digest of the item that holds them; nothing while there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Digest>,
    /// The highest number that a policy has had.
    pub last_policy_id: u64,
    /// The highest number that a calendar has had.
    pub last_calendar_id: u64,
    /// The highest version that any policy has had: a version is never given twice.
    pub last_policy_version: u64,
    /// The highest version that any calendar has had.
    pub last_calendar_version: u64,
    /// The end of the chain of audit events, where this is the version in force.
    #[serde(skip)]
    pub chain: ChainEnd,
}

impl BookVersion {
    /// Whether it can know these versions; otherwise it is older than they.
    pub fn knows(&self, in_force: &InForce) -> bool {
        in_force.policy_version <= self.last_policy_version.max(Policy::standard().version)
            && in_force.calendar_version.unwrap_or(0) <= self.last_calendar_version
    }
}

impl OperatorRules<'_> {
    /// The version of the whole that is in force; the blank one before the first.
    pub async fn in_force(self) -> Result<BookVersion, StoreError> {
        match self.0.get_item(&ItemKey::Book).await? {
            Some(mut item) => {
                let chain = chain_beside(&item)?;
                let version: BookVersion = value_in(&mut item, "book")?;
                Ok(BookVersion { chain, ..version })
            }
            None => Ok(BookVersion::default()),
        }
    }

    /// The policies, calendars, timers and rules of a version of the whole.
    pub async fn book_of(self, version: &BookVersion) -> Result<Book, StoreError> {
        let policies = version
            .policies
            .iter()
            .map(|(id, version)| ItemKey::Policy(*id, *version));
        let calendars = version
            .calendars
            .iter()
            .map(|(id, version)| ItemKey::Calendar(*id, *version));
        let keys: Vec<ItemKey> = policies.chain(calendars).collect();
        let mut book = Book {
            v: version.v,
            policies: Vec::new(),
            calendars: Vec::new(),
            timers: version.timers,
            rules: self.rule_book(version.rules.as_ref()).await?,
            last_policy_id: version.last_policy_id,
            last_calendar_id: version.last_calendar_id,
            rule_book: version.rules.clone(),
            chain: version.chain,
        };
        for mut item in self.0.get_items(&keys).await? {
            if item.contains_key("policy") {
                book.policies.push(value_in(&mut item, "policy")?);
            } else {
                book.calendars.push(value_in(&mut item, "calendar")?);
            }
        }
        if book.policies.len() + book.calendars.len() != keys.len() {
            return Err(StoreError::NotSetUp(format!(
                "a part of version {} of the policies and calendars",
                version.v
            )));
        }
        book.policies.sort_by_key(|policy| policy.id);
        book.calendars.sort_by_key(Calendar::id);
        Ok(book)
    }

    /// A version of the whole.
    pub async fn version(self, v: u64) -> Result<Option<Book>, StoreError> {
        match self.0.get_item(&ItemKey::BookVersion(v)).await? {
            Some(mut item) => {
                let version: BookVersion = value_in(&mut item, "book")?;
                Ok(Some(self.book_of(&version).await?))
            }
            None => Ok(None),
        }
    }

    /// The versions of the whole, newest first, at most `limit`.
    pub async fn versions(self, limit: usize) -> Result<Vec<BookVersion>, StoreError> {
        let from_to = vec![(":from", "BOOK#".to_owned()), (":to", "BOOK#~".to_owned())];
        let mut query = Query::partition(configuration_pk(&self.0.settings.tenant), limit)
            .range("SK BETWEEN :from AND :to", from_to);
        query.newest_first = true;
        let items = self.0.query(query).await?;
        items
            .into_iter()
            .map(|mut item| value_in(&mut item, "book"))
            .collect()
    }

    /// A version of a policy; nothing where there is none.
    pub async fn policy_version(self, id: PolicyId, version: u64) -> Result<Option<Policy>, StoreError> {
        match self.0.get_item(&ItemKey::Policy(id, version)).await? {
            Some(mut item) => value_in(&mut item, "policy").map(Some),
            None => Ok(None),
        }
    }

    /// A version of a calendar; nothing where there is none.
    pub async fn calendar_version(
        self,
        id: CalendarId,
        version: u64,
    ) -> Result<Option<Calendar>, StoreError> {
        match self.0.get_item(&ItemKey::Calendar(id, version)).await? {
            Some(mut item) => value_in(&mut item, "calendar").map(Some),
            None => Ok(None),
        }
    }

    /// The parts that store what differs between two versions of the whole.
    pub fn writes(
        self,
        before: &Book,
        after: &Book,
        version: &BookVersion,
        next: &BookVersion,
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let tenant = &self.0.settings.tenant;
        let table = &self.0.settings.tickets_table;
        let mut writes = Vec::new();
        if next.v == before.v {
            return Ok(writes);
        }
        let event = self.0.append(Some(before), after, by)?;
        let mut item = item_with(tenant, &ItemKey::Book, "book", next)?;
        item.insert("v".to_owned(), n(next.v));
        event.note_in(self.0, &mut item);
        let write = Write::put(table, Role::State, item);
        writes.push(match before.v {
            0 => write.when_new(),
            v => write.when("v = :read").with(":read", n(v)),
        });
        let version_item = item_with(tenant, &ItemKey::BookVersion(next.v), "book", next)?;
        writes.push(Write::put(table, Role::State, version_item).when_new());
        writes.push(event.write());
        if next.rules != version.rules
            && let Some(digest) = &next.rules
        {
            writes.push(self.rule_book_write(digest, &after.rules)?);
        }
        let automations = |book: &Book| -> Vec<_> {
            let of_time = |rule: &&Rule| rule.kind == RuleKind::Automation;
            book.rules.rules.iter().filter(of_time).cloned().collect()
        };
        if (&next.policies, &next.calendars) != (&version.policies, &version.calendars)
            || automations(before) != automations(after)
        {
            let from = self
                .0
                .now()
                .checked_add(SignedDuration::from_secs(2 * SERVES_SECONDS));
            writes.push(self.recompute_write(&Recompute::new(next.v), from.ok())?);
        }
        for policy in &after.policies {
            if before.policy(policy.id).map(|old| old.version) != Some(policy.version) {
                let key = ItemKey::Policy(policy.id, policy.version);
                let item = item_with(tenant, &key, "policy", policy)?;
                writes.push(Write::put(table, Role::State, item).when_new());
            }
        }
        for calendar in &after.calendars {
            if before.calendar(calendar.id()).map(Calendar::version) != Some(calendar.version()) {
                let key = ItemKey::Calendar(calendar.id(), calendar.version());
                let item = item_with(tenant, &key, "calendar", calendar)?;
                writes.push(Write::put(table, Role::State, item).when_new());
            }
        }
        Ok(writes)
    }
}

//! Merges of organizations as stored. A merge is an item in a partition of all of them; each of the two organizations names it. Its people go
//! over in steps, which the index `due` names by an item beside the organization that goes (`former_members.rs`). In which merges an organization takes
//! part stands in one more item beside it, on condition of which they begin: so none goes while others come to it, or twice.

use crate::{
    StoreError,
    keys::ItemKey,
    parts::Organizations,
    people::OrganizationWork,
    table::{
        Committed, Role, Write,
        item::{Item, item_with, key_of, n, number_in, s, text_in, to_attribute, value_in},
        page::Query,
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::{
    OrganizationId, PersonId, Tenant, Timestamp,
    audit::ChangedBy,
    job::JobId,
    people::{organization::Organization, organization_merge::OrganizationMerge},
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// When the sweep looks after a merge of which nothing was noted: longer than a step takes.
pub const STANDS_STILL_AFTER: SignedDuration = SignedDuration::from_mins(2);

/// The attribute that holds a merge.
const RECORD: &str = "organization_merge";
/// The attribute that says how many people went over.
const MOVED: &str = "moved";

/// "Go on with the members of this organization", for queue `jobs`: some with each message, which sends the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersNudge {
    /// The tenant.
    pub tenant: Tenant,
    /// The organization that becomes part of another.
    pub organization: OrganizationId,
}

/// How an organization takes part in merges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakesPart {
    /// The merge by which it becomes, or became, part of another.
    pub goes_by: Option<JobId>,
    /// Whether others become part of it now.
    pub is_joined: bool,
}

impl TakesPart {
    /// Whether nothing is under way.
    pub fn is_free(&self) -> bool {
        self.goes_by.is_none() && !self.is_joined
    }
}

impl Organizations<'_> {
    /// A merge.
    pub async fn merge(self, id: &JobId) -> Result<Option<OrganizationMerge>, StoreError> {
        match self.0.get_item(&ItemKey::OrganizationMerge(id.clone())).await? {
            Some(item) => merge_in(item).map(Some),
            None => Ok(None),
        }
    }

    /// The merges in which an organization took part last, at most so many, the newest first.
    pub async fn merges_of(
        self,
        id: OrganizationId,
        most: usize,
    ) -> Result<Vec<OrganizationMerge>, StoreError> {
        let pk = ItemKey::Organization(id).pk(&self.0.settings.tenant);
        let range = vec![(":merge", "G#".to_owned())];
        let query = Query {
            newest_first: true,
            ..Query::partition(pk, most).range("begins_with(SK, :merge)", range)
        };
        let named = self.0.query(query).await?;
        let id_in = |item: &Item| JobId::parse(text_in(item, "SK")?.strip_prefix("G#")?);
        let ids = named.iter().filter_map(id_in);
        let keys: Vec<ItemKey> = ids.map(ItemKey::OrganizationMerge).collect();
        let items = self.0.get_items_strongly(&keys).await?;
        let merges: Result<Vec<OrganizationMerge>, StoreError> = items.into_iter().map(merge_in).collect();
        let mut merges = merges?;
        merges.sort_by(|one, other| other.id.cmp(&one.id));
        Ok(merges)
    }

    /// How an organization takes part in merges.
    pub async fn takes_part(self, id: OrganizationId) -> Result<TakesPart, StoreError> {
        let item = self.0.get_item(&ItemKey::OrganizationMerging(id)).await?;
        Ok(item.map_or_else(TakesPart::default, |item| TakesPart {
            goes_by: text_in(&item, "goes_by").and_then(JobId::parse),
            is_joined: item.contains_key("joined_by"),
        }))
    }

    /// The parts that begin a merge of two organizations that were read, each before and after its domains went over.
    pub fn merge_writes(
        self,
        merge: &OrganizationMerge,
        both: [(&Organization, &Organization); 2],
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let goes = self
            .merging_write(merge.loser, "SET goes_by = :merge")
            .when("attribute_not_exists(goes_by) AND attribute_not_exists(joined_by) AND attribute_not_exists(gone_at)")
            .with(":merge", s(merge.id.as_str()));
        let joined = self
            .merging_write(merge.winner, "ADD joined_by :merge")
            .when("attribute_not_exists(goes_by) AND attribute_not_exists(gone_at)")
            .with(":merge", AttributeValue::Ss(vec![merge.id.as_str().to_owned()]));
        let first_at = merge
            .asked_at
            .checked_add(STANDS_STILL_AFTER)
            .unwrap_or(Timestamp::MAX);
        let work = self.work_write(merge.loser, Some(&merge.id), None, first_at);
        let mut writes = vec![
            self.new_record_of_merge(merge)?.when_new(),
            goes,
            joined,
            work.when_new(),
        ];
        for organization in [merge.loser, merge.winner] {
            let key = ItemKey::OrganizationMergeOf(organization, merge.id.clone());
            writes.push(Write::put(table, Role::State, key_of(tenant, &key)));
        }
        writes.extend(self.handed_over_writes(both, by)?);
        Ok(writes)
    }

    /// People on the list of members, at most so many.
    pub async fn listed(self, id: OrganizationId, most: usize) -> Result<Vec<PersonId>, StoreError> {
        let items = self.0.query(self.members_query(id, most)).await?;
        let person = |item: &Item| text_in(item, "SK")?.strip_prefix("M#")?.parse::<u64>().ok();
        Ok(items.iter().filter_map(person).map(PersonId).collect())
    }

    /// Takes somebody off the list of members who does not belong there by the version of their record that was read; nothing where there
    /// was no record. False: it changed since, and they may belong there.
    pub async fn take_off_list(
        self,
        id: OrganizationId,
        person: PersonId,
        read: Option<u64>,
    ) -> Result<bool, StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let place = key_of(tenant, &ItemKey::OrganizationMember(id, person));
        let record = key_of(tenant, &ItemKey::Person(person));
        let still = match read {
            Some(v) => Write::check(table, Role::State, record, "v = :read").with(":read", n(v)),
            None => Write::check(table, Role::State, record, "attribute_not_exists(v)"),
        };
        let writes = vec![Write::delete(table, Role::State, place), still];
        let committed = self.0.commit_writes(vec![], writes).await?;
        Ok(!matches!(committed, Committed::Lost))
    }

    /// Notes that some people went over, and when it goes on. False: somebody else noted something since it was read.
    pub async fn merge_went_on(
        self,
        merge: &OrganizationMerge,
        read: &OrganizationWork,
        next_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let work = self.work_write(merge.loser, Some(&merge.id), read.deleted_at, next_at);
        self.noted(vec![self.record_of_merge(merge)?], work, read).await
    }

    /// Takes the organization away whose people all went over. False: something changed since it was read.
    pub async fn merge_completed(
        self,
        merge: &OrganizationMerge,
        gone: Option<&Organization>,
        read: &OrganizationWork,
        by: &ChangedBy,
    ) -> Result<bool, StoreError> {
        let completed = merge.completed();
        let left = self
            .merging_write(merge.winner, "DELETE joined_by :merge")
            .with(":merge", AttributeValue::Ss(vec![merge.id.as_str().to_owned()]));
        let mut writes = vec![self.record_of_merge(&completed)?, left];
        if let Some(gone) = gone {
            writes.extend(self.gone_writes(gone, by)?);
        }
        // Whoever read it a moment ago may still come.
        let deleted = OrganizationWork {
            deleted_at: Some(by.at),
            ..read.clone()
        };
        let last_at = deleted.last_at().unwrap_or(by.at);
        let work = self.work_write(merge.loser, Some(&merge.id), Some(by.at), last_at);
        self.noted(writes, work, read).await
    }

    /// Notes that nobody can come any more.
    pub async fn merge_is_over(
        self,
        loser: OrganizationId,
        read: &OrganizationWork,
    ) -> Result<bool, StoreError> {
        self.noted(vec![], self.work_done_write(loser), read).await
    }

    /// The part by which an organization that is deleted takes part in no merge; it fails where it does.
    pub(crate) fn gone_from_merges_write(self, id: OrganizationId, at: Timestamp) -> Write {
        self.merging_write(id, "SET gone_at = :gone")
            .when("attribute_not_exists(goes_by) AND attribute_not_exists(joined_by)")
            .with(":gone", n(at.as_millisecond()))
    }

    /// The part that lets the others through only if an organization becomes no part of another.
    pub(crate) fn stays_check(self, id: OrganizationId) -> Write {
        let key = key_of(&self.0.settings.tenant, &ItemKey::OrganizationMerging(id));
        let table = &self.0.settings.tickets_table;
        Write::check(table, Role::State, key, "attribute_not_exists(goes_by)")
    }

    async fn noted(
        self,
        mut writes: Vec<Write>,
        work: Write,
        read: &OrganizationWork,
    ) -> Result<bool, StoreError> {
        writes.push(work.when("due_sk = :was").with(":was", s(&read.due_sk)));
        let committed = self.0.commit_writes(vec![], writes).await?;
        Ok(matches!(committed, Committed::Done(_)))
    }

    /// The part that counts somebody who goes over: it stands in the transaction by which they do, so each is counted once, whoever is
    /// killed.
    pub fn counted_write(self, merge: &OrganizationMerge) -> Write {
        let key = ItemKey::OrganizationMerge(merge.id.clone());
        let key = key_of(&self.0.settings.tenant, &key);
        Write::update(
            &self.0.settings.tickets_table,
            Role::State,
            key,
            &format!("ADD {MOVED} :one"),
        )
        .with(":one", n(1))
    }

    fn new_record_of_merge(self, merge: &OrganizationMerge) -> Result<Write, StoreError> {
        let key = ItemKey::OrganizationMerge(merge.id.clone());
        let item = item_with(&self.0.settings.tenant, &key, RECORD, merge)?;
        Ok(Write::put(&self.0.settings.tickets_table, Role::State, item))
    }

    /// The part that notes how a merge stands, and leaves what is counted.
    fn record_of_merge(self, merge: &OrganizationMerge) -> Result<Write, StoreError> {
        let key = ItemKey::OrganizationMerge(merge.id.clone());
        let key = key_of(&self.0.settings.tenant, &key);
        let expression = format!("SET {RECORD} = :merge");
        let write = Write::update(&self.0.settings.tickets_table, Role::State, key, &expression);
        Ok(write.with(":merge", to_attribute(RECORD, merge)?))
    }

    fn merging_write(self, id: OrganizationId, expression: &str) -> Write {
        let key = key_of(&self.0.settings.tenant, &ItemKey::OrganizationMerging(id));
        Write::update(&self.0.settings.tickets_table, Role::State, key, expression)
    }
}

fn merge_in(mut item: Item) -> Result<OrganizationMerge, StoreError> {
    let moved = number_in(&item, MOVED).unwrap_or(0);
    let merge: OrganizationMerge = value_in(&mut item, RECORD)?;
    Ok(OrganizationMerge { moved, ..merge })
}

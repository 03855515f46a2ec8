//! Every key of both tables. Numbers are padded to a fixed width so that they sort; text from outside
//! enters a key only as a digest; every key carries its tenant.

mod guard_key;
mod indexes;
mod item_key;
#[cfg(test)]
mod tests;

pub use guard_key::GuardKey;
pub use indexes::{
    CHANGED_SHARDS, ChangedClass, DUE_SHARDS, DueKind, agent_pk, changed_attributes, changed_minute,
    changed_pk, deleted_of_person_pk, deleted_people_pk, deleted_pk, due_pk, due_shard, due_sk,
    head_index_attributes, list_sk, number_at_end, organization_membership_sk, organization_memberships_pk,
    person_pk, person_sk, sortable_time, view_pk, waiting_pk,
};
pub(crate) use indexes::{changed_sk, due_until, save_attributes};
pub(crate) use item_key::link_letter;
pub use item_key::{
    Counter, ItemKey, configuration_pk, drafts_pk, given_sk, group_pk, jobs_pk, link_pk, mentions_pk,
    notifications_pk, ratings_pk, skips_pk, staff_pk, ticket_pk, views_pk,
};

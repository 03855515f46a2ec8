//! Saved views as stored: each an item of its own, all in one partition, so that a list is one query.

use crate::{
    StoreError,
    audit::chain_beside,
    keys::{Counter, ItemKey, views_pk},
    parts::Views,
    table::{
        Role, Write,
        item::{Item, item_with, key_of, n, value_in},
        page::Query,
    },
};
use docket_domain::{
    ViewId,
    audit::ChangedBy,
    view::{MOST_VIEWS, View},
};

/// The id of the first view that is saved: below it are those that every desk has.
const FIRST_ID: u64 = 1_001;

impl Views<'_> {
    /// All of them, by id. A few more than there may be, since two may be the last one at once.
    pub async fn all(self) -> Result<Vec<View>, StoreError> {
        let query = Query::partition(views_pk(&self.0.settings.tenant), 2 * MOST_VIEWS)
            .range("begins_with(SK, :view)", vec![(":view", "V#".to_owned())]);
        let items = self.0.query(query).await?;
        items.into_iter().map(view_in).collect()
    }

    /// A view.
    pub async fn get(self, id: ViewId) -> Result<Option<View>, StoreError> {
        match self.0.get_item(&ItemKey::View(id)).await? {
            Some(item) => view_in(item).map(Some),
            None => Ok(None),
        }
    }

    /// These views as of now, by id, without those that are not there.
    pub async fn get_many(self, ids: &[ViewId]) -> Result<Vec<View>, StoreError> {
        let keys: Vec<ItemKey> = ids.iter().copied().map(ItemKey::View).collect();
        let items = self.0.get_items_strongly(&keys).await?;
        let views: Result<Vec<View>, StoreError> = items.into_iter().map(view_in).collect();
        let mut views = views?;
        views.sort_by_key(|view| view.id);
        Ok(views)
    }

    /// An id that no view has.
    pub async fn next_id(self) -> Result<ViewId, StoreError> {
        let number = self.0.next_number(Counter::Views).await?;
        Ok(ViewId(FIRST_ID - 1 + number))
    }

    /// The highest id drawn for a view so far.
    pub async fn last_id(self) -> Result<ViewId, StoreError> {
        let number = self.0.last_number(Counter::Views).await?;
        Ok(ViewId(FIRST_ID - 1 + number))
    }

    /// The ids that were ever drawn for views.
    pub async fn ids(self) -> Result<impl Iterator<Item = ViewId>, StoreError> {
        let last = self.last_id().await?;
        Ok((FIRST_ID..=last.0).map(ViewId))
    }

    /// The parts that store a new view, with the event that says so.
    pub fn new_writes(self, view: &View, by: &ChangedBy) -> Result<[Write; 2], StoreError> {
        let [write, event] = self.writes(None, view, by)?;
        Ok([write.when_new(), event])
    }

    /// The parts that store a changed view, which was read as it was before, with the event that says what changed.
    pub fn changed_writes(
        self,
        before: &View,
        after: &View,
        by: &ChangedBy,
    ) -> Result<[Write; 2], StoreError> {
        let [write, event] = self.writes(Some(before), after, by)?;
        Ok([write.when("v = :read").with(":read", n(before.v)), event])
    }

    /// The parts that take a view away whose version was read, with the event that says so.
    pub fn deleted_writes(self, read: &View, by: &ChangedBy) -> Result<[Write; 2], StoreError> {
        let key = key_of(&self.0.settings.tenant, &ItemKey::View(read.id));
        let write = Write::delete(&self.0.settings.tickets_table, Role::State, key)
            .when("v = :read")
            .with(":read", n(read.v));
        Ok([write, self.0.append_removal(read, by)?.write()])
    }

    fn writes(self, before: Option<&View>, after: &View, by: &ChangedBy) -> Result<[Write; 2], StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let event = self.0.append(before, after, by)?;
        let mut item = item_with(tenant, &ItemKey::View(after.id), "view", after)?;
        item.insert("v".to_owned(), n(after.v));
        event.note_in(self.0, &mut item);
        Ok([Write::put(table, Role::State, item), event.write()])
    }
}

fn view_in(mut item: Item) -> Result<View, StoreError> {
    let chain = chain_beside(&item)?;
    let view: View = value_in(&mut item, "view")?;
    Ok(View { chain, ..view })
}

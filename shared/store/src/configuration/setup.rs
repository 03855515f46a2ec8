//! The set-up as stored: as it is now, and each version that it had.

use crate::{
    Store, StoreError,
    audit::chain_beside,
    keys::ItemKey,
    table::{
        Role, Write,
        item::{item_with, n, value_in},
    },
};
use docket_domain::{audit::ChangedBy, configuration::Setup};

impl Store {
    /// The parts that store a set-up: the first, or the one after what was read; with the event that says what changed.
    pub fn setup_writes(
        &self,
        read: Option<&Setup>,
        after: &Setup,
        by: &ChangedBy,
    ) -> Result<Vec<Write>, StoreError> {
        let (tenant, table) = (&self.settings.tenant, &self.settings.tickets_table);
        let event = self.append(read, after, by)?;
        let version = item_with(tenant, &ItemKey::SetupVersion(after.v), "setup", after)?;
        let mut item = item_with(tenant, &ItemKey::Setup, "setup", after)?;
        item.insert("v".to_owned(), n(after.v));
        event.note_in(self, &mut item);
        let write = Write::put(table, Role::State, item);
        let write = match read {
            None => write.when_new(),
            Some(read) => write.when("v = :read").with(":read", n(read.v)),
        };
        let version = Write::put(table, Role::State, version).when_new();
        Ok(vec![write, version, event.write()])
    }

    /// The set-up as it is now; what has no number yet gets one.
    pub async fn stored_setup(&self) -> Result<Setup, StoreError> {
        let item = self.get_item(&ItemKey::Setup).await?;
        let mut item = item.ok_or_else(|| StoreError::NotSetUp("the desk".to_owned()))?;
        let chain = chain_beside(&item)?;
        let setup: Setup = value_in(&mut item, "setup")?;
        Ok(Setup { chain, ..setup }.numbered())
    }
}

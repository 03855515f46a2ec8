//! The set-up as stored.

use crate::{
    Store, StoreError,
    keys::ItemKey,
    table::{
        Role, Write,
        item::{item_with, n, value_in},
    },
};
use docket_domain::configuration::Setup;

impl Store {
    /// The part that stores a set-up: the first, or the one after what was read.
    pub fn setup_write(&self, setup: &Setup) -> Result<Write, StoreError> {
        let mut item = item_with(&self.settings.tenant, &ItemKey::Setup, "setup", setup)?;
        item.insert("v".to_owned(), n(setup.v));
        let write = Write::put(&self.settings.tickets_table, Role::State, item);
        Ok(if setup.v == 1 {
            write.when_new()
        } else {
            write.when("v = :read").with(":read", n(setup.v - 1))
        })
    }

    /// The set-up as it is now; what has no number yet gets one.
    pub async fn stored_setup(&self) -> Result<Setup, StoreError> {
        let item = self.get_item(&ItemKey::Setup).await?;
        let mut item = item.ok_or_else(|| StoreError::NotSetUp("the desk".to_owned()))?;
        let setup: Setup = value_in(&mut item, "setup")?;
        Ok(setup.numbered())
    }
}

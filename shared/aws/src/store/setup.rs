//! The set-up that functions need at hand.

use super::{
    item::{item_with, n, value_in},
    write::{Role, Write},
};
use crate::{Desk, StoreError, keys::ItemKey};
use docket_domain::configuration::Setup;
use std::sync::Arc;

/// How long a set-up that was read serves, in seconds.
const SERVES_SECONDS: i64 = 30;

impl Desk {
    /// The set-up in force, at most 30 seconds old.
    pub async fn setup(&self) -> Result<Arc<Setup>, StoreError> {
        let now = self.now();
        let fresh =
            |read_at: docket_domain::Timestamp| now.as_second() - read_at.as_second() < SERVES_SECONDS;
        let held = self
            .setup
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone();
        if let Some((_, setup)) = held.filter(|(read_at, _)| fresh(*read_at)) {
            return Ok(setup);
        }
        let item = self.get_item(&ItemKey::Setup).await?;
        let mut item = item.ok_or_else(|| StoreError::NotSetUp("the desk".to_owned()))?;
        let setup: Arc<Setup> = Arc::new(value_in(&mut item, "setup")?);
        *self
            .setup
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some((now, setup.clone()));
        Ok(setup)
    }

    /// The part that stores a set-up: the first, or the one after what was read.
    pub(crate) fn setup_write(&self, setup: &Setup) -> Result<Write, StoreError> {
        let mut item = item_with(&self.settings.tenant, &ItemKey::Setup, "setup", setup)?;
        item.insert("v".to_owned(), n(setup.v));
        let write = Write::put(&self.settings.tickets_table, Role::Guard, item);
        Ok(if setup.v == 1 {
            write.when_new()
        } else {
            write.when("v = :read").with(":read", n(setup.v - 1))
        })
    }
}

//! The set-up that functions need at hand.

use super::{
    Answer, Committed, Guard, MOST_TRIES,
    item::{item_with, n, value_in},
    write::{Role, Write},
};
use crate::{Desk, StoreError, keys::ItemKey};
use docket_domain::configuration::Setup;
use std::sync::Arc;

/// How long a set-up that was read serves, in seconds.
const SERVES_SECONDS: i64 = 30;

/// What became of a change of what the operator set up.
#[derive(Debug)]
pub enum SetupChange<S, T, E> {
    /// It stands: all with it, and what the change gave.
    Done(Arc<S>, T),
    /// The change itself says no.
    Refused(E),
    /// It was done before.
    Repeated(Answer),
}

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
        let setup: Setup = value_in(&mut item, "setup")?;
        let setup = Arc::new(setup.numbered());
        *self
            .setup
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some((now, setup.clone()));
        Ok(setup)
    }

    /// Changes the set-up as it is now; decides again when somebody else was first.
    pub async fn change_setup<T, E>(
        &self,
        guards: Vec<Guard>,
        change: impl Fn(&mut Setup) -> Result<T, E>,
    ) -> Result<SetupChange<Setup, T, E>, StoreError> {
        for _ in 0..MOST_TRIES {
            let item = self.get_item(&ItemKey::Setup).await?;
            let mut item = item.ok_or_else(|| StoreError::NotSetUp("the desk".to_owned()))?;
            let setup: Setup = value_in(&mut item, "setup")?;
            let mut setup = setup.numbered();
            let result = match change(&mut setup) {
                Ok(result) => result,
                Err(error) => return Ok(SetupChange::Refused(error)),
            };
            setup.v += 1;
            let write = self.setup_write(&setup)?;
            match self.commit_writes(guards.clone(), vec![write]).await? {
                Committed::Done(_) => {
                    let setup = Arc::new(setup);
                    *self
                        .setup
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner) =
                        Some((self.now(), setup.clone()));
                    return Ok(SetupChange::Done(setup, result));
                }
                Committed::Duplicate(answer) => return Ok(SetupChange::Repeated(answer)),
                Committed::Lost => {}
            }
        }
        Err(StoreError::Contended {
            what: "the set-up".to_owned(),
            tries: MOST_TRIES,
        })
    }

    /// The part that stores a set-up: the first, or the one after what was read.
    pub(crate) fn setup_write(&self, setup: &Setup) -> Result<Write, StoreError> {
        let mut item = item_with(&self.settings.tenant, &ItemKey::Setup, "setup", setup)?;
        item.insert("v".to_owned(), n(setup.v));
        let write = Write::put(&self.settings.tickets_table, Role::State, item);
        Ok(if setup.v == 1 {
            write.when_new()
        } else {
            write.when("v = :read").with(":read", n(setup.v - 1))
        })
    }
}

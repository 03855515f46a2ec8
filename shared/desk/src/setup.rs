//! The set-up that functions need at hand.

use crate::Desk;
use docket_domain::{audit::ChangedBy, configuration::Setup};
use docket_store::{
    StoreError,
    table::{Answer, Committed, Guard, MOST_TRIES},
};
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
            .0
            .setup
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone();
        if let Some((_, setup)) = held.filter(|(read_at, _)| fresh(*read_at)) {
            return Ok(setup);
        }
        let setup = Arc::new(self.stored_setup().await?);
        *self
            .0
            .setup
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some((now, setup.clone()));
        Ok(setup)
    }

    /// Changes the set-up as it is now; decides again when somebody else was first.
    pub async fn change_setup<T, E>(
        &self,
        by: ChangedBy,
        guards: Vec<Guard>,
        change: impl Fn(&mut Setup) -> Result<T, E>,
    ) -> Result<SetupChange<Setup, T, E>, StoreError> {
        for nth in 0..MOST_TRIES {
            self.wait_before(nth).await;
            let read = self.stored_setup().await?;
            let mut setup = read.clone();
            let result = match change(&mut setup) {
                Ok(result) => result,
                Err(error) => return Ok(SetupChange::Refused(error)),
            };
            setup.v = read.v + 1;
            let writes = self.setup_writes(Some(&read), &setup, &by)?;
            match self.commit_writes(guards.clone(), writes).await? {
                Committed::Done(_) => {
                    let setup = Arc::new(setup);
                    *self
                        .0
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
        Err(StoreError::contended("the set-up"))
    }
}

//! Saved views: made, changed, taken away, each with the event that says so.

use crate::Desk;
use docket_domain::{ViewId, audit::ChangedBy, view::View};
use docket_store::{
    StoreError,
    table::{Answer, Committed, Guard, MOST_TRIES, Write},
};

/// Most views that are changed or taken away at once: each takes two of a transaction's hundred parts.
pub const MOST_VIEWS_AT_ONCE: usize = 40;

/// What became of a change of views.
#[derive(Debug)]
pub enum ViewsChange<E> {
    /// It stands; the views as they are now, in the order asked for.
    Done(Vec<View>),
    /// There is no such view.
    Missing(ViewId),
    /// The change itself says no.
    Refused(E),
}

/// What became of a view that was to be made.
#[derive(Debug)]
pub enum ViewMade {
    /// It stands.
    Done(View),
    /// It was made before.
    Repeated(Answer),
}

impl Desk {
    /// Makes a view. A guard's answer tells its id.
    pub async fn make_view(
        &self,
        by: &ChangedBy,
        mut guards: Vec<Guard>,
        make: impl Fn(ViewId) -> View,
    ) -> Result<ViewMade, StoreError> {
        for nth in 0..MOST_TRIES {
            self.wait_before(nth).await;
            let view = make(self.store().views().next_id().await?);
            for guard in &mut guards {
                guard.answer.made = Some(view.id.0);
            }
            let writes = self.store().views().new_writes(&view, by)?;
            match self.commit_writes(guards.clone(), writes.into()).await? {
                Committed::Done(_) => return Ok(ViewMade::Done(view)),
                Committed::Duplicate(answer) => return Ok(ViewMade::Repeated(answer)),
                Committed::Lost => {}
            }
        }
        Err(contended())
    }

    /// Changes views as they are now, all of them or none; decides again when somebody else was first.
    pub async fn change_views<E>(
        &self,
        by: &ChangedBy,
        ids: &[ViewId],
        change: impl Fn(&mut View) -> Result<(), E>,
    ) -> Result<ViewsChange<E>, StoreError> {
        self.write_views(ids, |before| {
            let mut view = before.clone();
            change(&mut view)?;
            (view.id, view.v, view.updated_at) = (before.id, before.v + 1, by.at);
            let writes = self.store().views().changed_writes(before, &view, by);
            Ok(writes.map(|writes| (view, writes)))
        })
        .await
    }

    /// Takes views away, all of them or none, if each may be.
    pub async fn remove_views<E>(
        &self,
        by: &ChangedBy,
        ids: &[ViewId],
        may: impl Fn(&View) -> Result<(), E>,
    ) -> Result<ViewsChange<E>, StoreError> {
        self.write_views(ids, |before| {
            may(before)?;
            let writes = self.store().views().deleted_writes(before, by);
            Ok(writes.map(|writes| (before.clone(), writes)))
        })
        .await
    }

    async fn write_views<E>(
        &self,
        ids: &[ViewId],
        plan: impl Fn(&View) -> Result<Result<(View, [Write; 2]), StoreError>, E>,
    ) -> Result<ViewsChange<E>, StoreError> {
        for nth in 0..MOST_TRIES {
            self.wait_before(nth).await;
            let known = self.store().views().get_many(ids).await?;
            let (mut views, mut writes) = (Vec::new(), Vec::new());
            for id in ids {
                let Some(before) = known.iter().find(|view| view.id == *id) else {
                    return Ok(ViewsChange::Missing(*id));
                };
                let (view, parts) = match plan(before) {
                    Ok(planned) => planned?,
                    Err(refused) => return Ok(ViewsChange::Refused(refused)),
                };
                views.push(view);
                writes.extend(parts);
            }
            if let Committed::Done(_) = self.commit_writes(vec![], writes).await? {
                return Ok(ViewsChange::Done(views));
            }
        }
        Err(contended())
    }
}

fn contended() -> StoreError {
    StoreError::contended("the views")
}

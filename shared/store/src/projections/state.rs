//! How far a projection is. It stands in the item of its lease: whoever has that alone writes it.

use crate::{
    Store, StoreError,
    keys::{ChangedClass, ItemKey},
    table::{
        Lease,
        item::{Item, n, number_in, s, text_in},
    },
};
use docket_domain::Timestamp;

/// How far a projection is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProjectionState {
    /// The generation in force; 0 before the first.
    pub generation: u64,
    /// By which scheme it was made.
    pub scheme: u64,
    /// Every change up to then is in it.
    pub until: Option<Timestamp>,
    /// The next generation, while it is built.
    pub building: Option<Building>,
}

/// A generation that is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Building {
    /// Its number.
    pub generation: u64,
    /// What is taken in: all of one class after the other.
    pub class: ChangedClass,
    /// The one of it that is taken in next.
    pub next: u64,
    /// When it was begun: what changed since is taken in at its end.
    pub since: Timestamp,
}

impl ProjectionState {
    fn of(item: &Item) -> Self {
        let time = |name| number_in(item, name).and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let building = || {
            Some(Building {
                generation: number_in(item, "building")?,
                class: text_in(item, "built_class")
                    .map_or(Some(ChangedClass::Tickets), ChangedClass::named)?,
                next: number_in(item, "built_to")?,
                since: time("built_since")?,
            })
        };
        Self {
            generation: number_in(item, "generation").unwrap_or(0),
            scheme: number_in(item, "scheme").unwrap_or(0),
            until: time("covers_until"),
            building: building(),
        }
    }
}

impl Store {
    /// How far a projection is, as of now.
    pub async fn projection(&self, name: &'static str) -> Result<ProjectionState, StoreError> {
        let item = self.get_item(&ItemKey::Projection(name)).await?;
        Ok(item.map_or_else(ProjectionState::default, |item| ProjectionState::of(&item)))
    }

    /// Notes up to when every change is in it; whether the lease still holds.
    pub async fn note_projected_until(&self, lease: &Lease, until: Timestamp) -> Result<bool, StoreError> {
        let values = vec![(":until", n(until.as_millisecond())), self.held_longer()];
        self.note_beside(lease, "SET covers_until = :until, held_to = :to", values)
            .await
    }

    /// Notes how far the next generation is built; whether the lease still holds.
    pub async fn note_building(&self, lease: &Lease, building: Building) -> Result<bool, StoreError> {
        let values = vec![
            (":building", n(building.generation)),
            (":class", s(building.class.as_str())),
            (":next", n(building.next)),
            (":since", n(building.since.as_millisecond())),
            self.held_longer(),
        ];
        let expression = "SET building = :building, built_class = :class, built_to = :next, built_since = :since, held_to = :to";
        self.note_beside(lease, expression, values).await
    }

    /// Puts a generation that is built into force; whether the lease still holds.
    pub async fn switch_generation(
        &self,
        lease: &Lease,
        built: Building,
        scheme: u64,
    ) -> Result<bool, StoreError> {
        let values = vec![
            (":built", n(built.generation)),
            (":scheme", n(scheme)),
            (":since", n(built.since.as_millisecond())),
        ];
        let expression = "SET generation = :built, scheme = :scheme, covers_until = :since REMOVE building, built_class, built_to, built_since";
        self.note_beside(lease, expression, values).await
    }
}

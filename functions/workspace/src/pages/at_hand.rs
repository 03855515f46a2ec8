//! What an agent who opens a ticket's page finds beside it: who else is there, and what they had begun to write. Opening it says that they are
//! there, and that they have read it.

use crate::{
    failure::{Failure, WithCauses},
    models::{company::people_in, typed::Typed},
};
use docket_desk::{Desk, Marks};
use docket_domain::{PersonId, draft::DraftFields, ticket::Ticket};
use serde::{Deserialize as _, de::value::MapDeserializer};

/// What is found.
#[derive(Default)]
pub struct AtHand {
    /// How it was until now: how far the agent had read, who is there.
    pub marks: Marks,
    /// What they had begun to write, as the form has it, with the version that it is kept at.
    pub draft: Option<(Typed, u64)>,
}

impl AtHand {
    /// Whose names it needs.
    pub fn people(&self) -> Vec<PersonId> {
        people_in(&self.marks).collect()
    }

    /// The version of the draft, as the form says it; 0 without one.
    pub fn draft_v(&self) -> u64 {
        self.draft.as_ref().map_or(0, |(_, v)| *v)
    }

    /// Reads it, and notes that the agent is there and has read the ticket as it is. Where that fails the ticket is shown without: it is comfort,
    /// but for the draft, which is read or said to be unreadable.
    ///
    /// # Errors
    /// When the draft can't be read.
    pub async fn of(desk: &Desk, me: PersonId, ticket: &Ticket) -> Result<Self, Failure> {
        let number = ticket.number;
        let numbers = [number];
        let (marks, draft, seen, noted) = tokio::join!(
            desk.marks(me, &numbers),
            desk.drafts().get(me, number),
            desk.presence().look(ticket, me, false),
            desk.read_marks().note(me, number, ticket.v)
        );
        for error in [marks.as_ref().err(), seen.as_ref().err(), noted.as_ref().err()]
            .into_iter()
            .flatten()
        {
            tracing::warn!(ticket = %number, error = %WithCauses(error), "What stands beside a ticket could not be read or noted.");
        }
        let marks = marks.ok().and_then(|mut marks| marks.remove(&number));
        Ok(Self {
            marks: marks.unwrap_or_default(),
            draft: draft?.map(|draft| (typed_of(draft.fields), draft.v)),
        })
    }
}

/// A draft as the form has it. A field that the form no longer has is left out.
fn typed_of(fields: DraftFields) -> Typed {
    let pairs = MapDeserializer::new(fields.into_iter());
    Typed::deserialize(pairs).unwrap_or_else(|error: serde::de::value::Error| {
        tracing::error!(%error, "A draft does not fit into its form.");
        Typed::default()
    })
}

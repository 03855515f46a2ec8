//! I9: what the index of the search has of each ticket, person and organization is its version of now, and what it is made of is there.

use crate::stack::LocalDesk;
use docket_domain::{OrganizationId, PersonId};
use docket_projection::{Pass, Projections};
use docket_search::Kind;
use docket_search_index::{KeptIndex, SearchFollower, SplitsAtHand};
use docket_store::{StoreError, projections::SEARCH, tickets::TicketFile};
use std::sync::Arc;

/// Checks it; what is broken is added, in words.
pub(crate) async fn index_is_right(
    local: &LocalDesk,
    files: &[TicketFile],
    broken: &mut Vec<String>,
) -> Result<(), StoreError> {
    let desk = &local.desk;
    // Read from the bucket alone, as a function does that has just started.
    let at_hand = Arc::new(SplitsAtHand::in_memory());
    let follower = SearchFollower {
        at_hand: at_hand.clone(),
    };
    // What was done a moment ago, and what a lost nudge left, is taken in after the next sweep.
    let walked = Projections::new(desk, &follower).catch_up().await;
    if !matches!(walked, Ok(Pass::Whole)) {
        broken.push(format!(
            "I9: the index could not be brought up to date: {walked:?}"
        ));
        return Ok(());
    }
    let generation = desk.projection(SEARCH).await?.generation;
    let opened = match KeptIndex::new(desk, &at_hand, generation).open().await {
        Ok(opened) => opened,
        Err(error) => {
            broken.push(format!("I9: the index can't be opened: {error}"));
            return Ok(());
        }
    };
    // Nothing of a deleted ticket is found.
    let standing = files.iter().filter(|file| !file.ticket.is_deleted());
    let mut right: Vec<(Kind, u64, u64)> = standing
        .map(|file| (Kind::Ticket, file.ticket.number.0, file.ticket.v))
        .collect();
    let people: Vec<PersonId> = (1..=desk.people().last_number().await?).map(PersonId).collect();
    let people = desk.people().as_of_now(&people).await?;
    // Nor of who was deleted, forgotten, or became part of somebody else.
    let people = people.iter().filter(|person| person.is_standing());
    right.extend(people.map(|person| (Kind::Person, person.id.0, person.v)));
    let ids: Vec<OrganizationId> = (1..=desk.organizations().last_number().await?)
        .map(OrganizationId)
        .collect();
    let organizations = desk.organizations().as_of_now(&ids).await?;
    right.extend(
        organizations
            .iter()
            .map(|found| (Kind::Organization, found.id.0, found.v)),
    );
    right.sort_unstable();
    let versions = opened.splits.versions().filter(|(.., is_gone)| !is_gone);
    let mut kept: Vec<(Kind, u64, u64)> = versions.map(|(kind, number, v, _)| (kind, number, v)).collect();
    kept.sort_unstable();
    if kept != right {
        broken.push(format!("I9: the index has {kept:?}, the tables have {right:?}"));
    }
    Ok(())
}

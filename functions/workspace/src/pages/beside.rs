//! What is read of other tickets for the page of one, and of its texts.

use super::list_reading::numbers;
use crate::{
    came_from::CameFrom,
    failure::Failure,
    models::{customer::MOST_EARLIER, links, queue::Place, reasons},
    session::SignedIn,
};
use docket_desk::{BlobError, Decisions, Desk, TicketFile, TicketList};
use docket_domain::{
    Digest, TicketNumber,
    configuration::Group,
    contact::comment::{Comment, CommentBody},
    ticket::Ticket,
};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use tokio::task::JoinSet;

/// What is read of others beside the ticket.
pub struct Beside {
    pub place: Option<Place>,
    pub queue: Vec<Ticket>,
    pub named: Vec<(links::Relation, TicketNumber)>,
    pub linked: Vec<Ticket>,
    pub others: Vec<Ticket>,
}

impl Beside {
    pub async fn read(
        desk: &Desk,
        (file, from): (&TicketFile, &CameFrom),
        signed_in: &SignedIn,
        groups: &[Group],
    ) -> Result<Self, Failure> {
        let ticket = &file.ticket;
        let place = match from.view() {
            Some(_) => {
                let numbers = numbers(desk, signed_in, from.address(), groups).await?;
                Some(Place::of(ticket.number, &numbers))
            }
            None => None,
        };
        let beside = place.as_ref().map_or(&[][..], |place| &place.beside);
        let queue = desk.tickets().get_many(beside).await?;
        let mut named = links::named(ticket, reasons::duplicate_of(&file.events));
        // No other ticket has such a list.
        if let Some((relation, list)) = links::list_of(ticket) {
            let listed = desk.tickets().linked(list, links::MOST_OF_A_KIND).await?;
            named.extend(listed.into_iter().map(|number| (relation, number)));
        }
        let numbers: Vec<TicketNumber> = named.iter().map(|(_, number)| *number).collect();
        let linked = desk.tickets().get_many(&numbers).await?;
        let of_person = TicketList::Person(ticket.requester);
        let others = desk.tickets().list(&of_person, MOST_EARLIER + 2).await?;
        Ok(Self {
            place,
            queue,
            named,
            linked,
            others,
        })
    }
}

/// The texts of these comments, read at once; one that is not there is left out.
pub async fn bodies(
    desk: &Desk,
    comments: Vec<(TicketNumber, &Comment)>,
) -> Result<BTreeMap<(TicketNumber, u64), CommentBody>, Failure> {
    let mut reads = JoinSet::new();
    for (number, comment) in comments {
        let (desk, comment) = (desk.clone(), comment.clone());
        reads.spawn(async move { ((number, comment.v), desk.blobs().body_of(number, &comment).await) });
    }
    let mut bodies = BTreeMap::new();
    while let Some(read) = reads.join_next().await {
        let (v, body) = read?;
        if let Some(body) = unless_missing(body)? {
            bodies.insert(v, body);
        }
    }
    Ok(bodies)
}

/// A decision, from those at hand or where it lies.
pub async fn decision<D: DeserializeOwned>(
    desk: &Desk,
    number: TicketNumber,
    digest: Option<&Digest>,
    at_hand: &Decisions,
) -> Result<Option<D>, Failure> {
    match digest {
        Some(digest) => unless_missing(desk.tickets().decision(number, digest, at_hand).await),
        None => Ok(None),
    }
}

/// A page is shown without a blob that is gone: the rest of it is still of use.
fn unless_missing<T>(read: Result<T, BlobError>) -> Result<Option<T>, Failure> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(BlobError::Missing(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

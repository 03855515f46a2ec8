//! Tickets are found by the names and addresses of people, too. Where these are others now, their tickets are taken in anew, at the same
//! version as before.

use crate::{
    error::IndexError,
    follower::{AT_ONCE, add, each_if_need_be},
    kept::{KeptIndex, blocking},
};
use docket_domain::{PersonId, audit::Subject};
use docket_search::{Asking, Column, Direction, Document, Kind, Names, Order, Query, Seen};
use docket_splits::{After, Splits};
use docket_store::{Store, tickets::TicketList};
use jiff::tz::TimeZone;

/// Most tickets that somebody only wrote on, or got in copy, that are taken in anew for each of these: an agent wrote on half of all. The
/// others keep the name until they change.
const MOST_BESIDE: usize = 2_000;

/// Takes in the tickets of those among these people whose names, addresses or organizations are others now. The people themselves come
/// after that, so that a pass that was cut does it again.
pub(crate) async fn take_their_tickets(
    index: KeptIndex<'_>,
    splits: &Splits,
    people: &[Document],
) -> Result<(), IndexError> {
    for document in people {
        let person = PersonId(document.number);
        let Some((known, _)) = splits.version_of(Kind::Person, person.0) else {
            continue;
        };
        if !is_renamed_since(index.store, person, known).await? {
            continue;
        }
        take_asked_by(index, splits, person).await?;
        for word in ["commenter", "cc"] {
            let beside = tickets_by(index.store, splits, &format!("type:ticket {word}:{person}")).await?;
            for numbers in beside.chunks(AT_ONCE) {
                take(index, splits, numbers).await?;
            }
        }
    }
    Ok(())
}

/// Whether something by which a person's tickets are found was changed after a version.
async fn is_renamed_since(store: &Store, person: PersonId, version: u64) -> Result<bool, IndexError> {
    const FIELDS: [&str; 5] = ["name", "email", "phone", "identities", "organization"];
    match store.audits().events(Subject::Person(person)).await {
        Ok(events) => Ok(events
            .iter()
            .any(|event| event.v > version && FIELDS.iter().any(|field| event.changed.contains_key(*field)))),
        Err(error) if error.is_final() => Ok(true),
        Err(error) => Err(error.into()),
    }
}

async fn take_asked_by(index: KeptIndex<'_>, splits: &Splits, person: PersonId) -> Result<(), IndexError> {
    let list = TicketList::Person(person);
    let mut after: Option<String> = None;
    loop {
        let page = index
            .store
            .tickets()
            .places(&list, after.as_deref(), AT_ONCE)
            .await?;
        let numbers: Vec<u64> = page.iter().map(|(_, number)| number.0).collect();
        take(index, splits, &numbers).await?;
        after = page.last().map(|(place, _)| place.clone());
        if page.len() < AT_ONCE {
            return Ok(());
        }
    }
}

async fn take(index: KeptIndex<'_>, splits: &Splits, numbers: &[u64]) -> Result<(), IndexError> {
    let documents = each_if_need_be(index.store, Kind::Ticket, numbers).await?;
    add(index, splits, documents).await
}

/// The numbers of the newest tickets that a query finds in the index.
async fn tickets_by(store: &Store, splits: &Splits, query: &str) -> Result<Vec<u64>, IndexError> {
    let query = Query::read(query).map_err(|error| IndexError::Manifest(error.to_string()))?;
    let asking = Asking {
        now: store.now(),
        zone: &TimeZone::UTC,
        me: None,
        names: &Names::default(),
    };
    let mut question = query.ask(&Seen::everything(), &asking).question(0, AT_ONCE);
    question.order = Order::By(Column::Created, Direction::Descending);
    let mut numbers = Vec::new();
    let mut after: Option<After> = None;
    while numbers.len() < MOST_BESIDE {
        let (splits, asked, from) = (splits.clone(), question.clone(), after);
        let answer = blocking(move || {
            Ok(match from {
                Some(after) => splits.ask_after(&asked, after)?,
                None => splits.ask(&asked)?,
            })
        });
        let hits = answer.await?.hits;
        numbers.extend(hits.iter().map(|hit| hit.number));
        after = hits.last().and_then(|hit| hit.after());
        if hits.len() < AT_ONCE || after.is_none() {
            break;
        }
    }
    Ok(numbers)
}

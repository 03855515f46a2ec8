//! Documents as the tables and the bucket have them now.

use crate::error::IndexError;
use docket_domain::{
    OrganizationId, PersonId, TicketNumber,
    contact::comment::{Comment, CommentBody},
    people::{
        organization::Organization,
        person::{Identity, Person},
    },
    ticket::Ticket,
};
use docket_search::{
    CommentWords, Document, Kind, PersonWords, TicketWords, limits::MOST_TEXT_BYTES, organization_document,
    person_document, tombstone,
};
use docket_store::{Store, StoreError, blob::BlobError};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use std::collections::{BTreeSet, HashMap};

/// Tickets whose comments are read at once.
const AT_ONCE: usize = 16;
/// Bodies of one ticket that are fetched at once.
const BODIES_AT_ONCE: usize = 8;
/// Most people of one ticket whose names are searched: requester and those who wrote first.
const MOST_PEOPLE: usize = 50;

/// The documents of these tickets as of now, leaving out those that are not there. What of one can't be read is left out of it, and told.
pub async fn tickets(store: &Store, numbers: &[TicketNumber]) -> Result<Vec<Document>, IndexError> {
    let heads = store.heads_now(numbers).await?;
    of_heads(store, heads).await
}

/// The documents of tickets whose heads were read.
pub async fn of_heads(store: &Store, mut heads: Vec<Ticket>) -> Result<Vec<Document>, IndexError> {
    // Nothing of a deleted ticket is found.
    let stones = heads.iter().filter(|head| head.is_deleted());
    let stones: Vec<Document> = stones
        .map(|head| tombstone(Kind::Ticket, head.number.0, head.v))
        .collect();
    heads.retain(|head| !head.is_deleted());
    let read: Vec<_> = heads.into_iter().map(|head| with_words(store, head)).collect();
    let read: Vec<(Ticket, Vec<Said>)> = stream::iter(read).buffered(AT_ONCE).try_collect().await?;
    let people: BTreeSet<PersonId> = read
        .iter()
        .flat_map(|(head, said)| people_of(head, said))
        .collect();
    let people: Vec<PersonId> = people.into_iter().collect();
    let people = store.people().readable_now(&people).await?;
    let people: HashMap<PersonId, &Person> = people.iter().map(|person| (person.id, person)).collect();
    let documents = read.iter().map(|(head, said)| document(head, said, &people));
    Ok(documents.chain(stones).collect())
}

async fn with_words(store: &Store, head: Ticket) -> Result<(Ticket, Vec<Said>), StoreError> {
    let comments = store.tickets().comments_of(head.number).await?;
    let words = words_of(store, head.number, &comments).await?;
    Ok((head, words))
}

/// The documents of these people as of now, leaving out those that are not there.
pub async fn people(store: &Store, ids: &[PersonId]) -> Result<Vec<Document>, IndexError> {
    let people = store.people().readable_now(ids).await?;
    Ok(people.iter().map(person_document).collect())
}

/// The documents of these organizations, leaving out those that are not there.
pub async fn organizations(store: &Store, ids: &[OrganizationId]) -> Result<Vec<Document>, IndexError> {
    let organizations: Vec<Organization> = store.organizations().readable_now(ids).await?;
    Ok(organizations.iter().map(organization_document).collect())
}

/// What a comment says.
struct Said {
    author: PersonId,
    public: bool,
    text: String,
    files: Vec<String>,
}

/// What the comments of a ticket say, oldest first. Of more than is searched the middle is not fetched.
async fn words_of(
    store: &Store,
    number: TicketNumber,
    comments: &[Comment],
) -> Result<Vec<Said>, StoreError> {
    let each: Vec<_> = comments
        .iter()
        .zip(fetched(comments))
        .map(|(comment, is_fetched)| said(store, number, comment, is_fetched))
        .collect();
    stream::iter(each).buffered(BODIES_AT_ONCE).try_collect().await
}

async fn said(
    store: &Store,
    number: TicketNumber,
    comment: &Comment,
    is_fetched: bool,
) -> Result<Said, StoreError> {
    let text = match is_fetched {
        true => clipped(text_of(store, number, comment).await?),
        false => String::new(),
    };
    Ok(Said {
        author: comment.author,
        public: comment.public,
        text,
        files: comment.attachments.iter().map(|file| file.name.clone()).collect(),
    })
}

/// Which of the comments are fetched: the first, and the newest as far as there is room. A body's size as stored is at least that of
/// its text.
fn fetched(comments: &[Comment]) -> Vec<bool> {
    let mut room = MOST_TEXT_BYTES as u64;
    let mut fetched = vec![false; comments.len()];
    for at in (0..comments.len().min(1)).chain((1..comments.len()).rev()) {
        fetched[at] = room > 0;
        room = room.saturating_sub(comments[at].body.bytes);
    }
    fetched
}

/// No more of a text than is searched.
fn clipped(mut text: String) -> String {
    let mut end = text.len().min(MOST_TEXT_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text.shrink_to_fit();
    text
}

/// The text of a comment with what a bot handed over. One that is lost has none.
pub(crate) async fn text_of(
    store: &Store,
    number: TicketNumber,
    comment: &Comment,
) -> Result<String, StoreError> {
    match store.blobs().body_of(number, comment).await {
        Ok(body) => Ok(whole_text(body)),
        Err(BlobError::Missing(key)) => {
            tracing::error!(%number, key, "the text of a comment of ticket {number} is lost, and not searched");
            Ok(String::new())
        }
        Err(BlobError::Store(error)) if error.is_final() => {
            tracing::error!(%number, %error, "the text of a comment of ticket {number} can't be read, and is not searched");
            Ok(String::new())
        }
        Err(BlobError::Store(error)) => Err(error),
    }
}

fn whole_text(body: CommentBody) -> String {
    let Some(hand_off) = body.hand_off else {
        return body.text;
    };
    let lines = hand_off.transcript.into_iter().map(|line| line.text);
    let collected = hand_off
        .collected
        .into_iter()
        .filter_map(|(_, value)| match value {
            serde_json::Value::String(text) => Some(text),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
    let texts = std::iter::once(body.text)
        .chain(hand_off.summary)
        .chain(lines)
        .chain(collected);
    texts.collect::<Vec<_>>().join("\n")
}

fn people_of(head: &Ticket, said: &[Said]) -> impl Iterator<Item = PersonId> {
    let writers = said.iter().map(|said| said.author);
    let all = std::iter::once(head.requester)
        .chain(writers)
        .chain(head.ccs.iter().copied());
    let mut seen = BTreeSet::new();
    let each: Vec<PersonId> = all
        .filter(|person| seen.insert(*person))
        .take(MOST_PEOPLE)
        .collect();
    each.into_iter()
}

fn document(head: &Ticket, said: &[Said], people: &HashMap<PersonId, &Person>) -> Document {
    let files: Vec<Vec<&str>> = said
        .iter()
        .map(|said| said.files.iter().map(String::as_str).collect())
        .collect();
    let comments: Vec<CommentWords<'_>> = said
        .iter()
        .zip(&files)
        .map(|(said, files)| CommentWords {
            author: said.author,
            public: said.public,
            text: &said.text,
            files,
        })
        .collect();
    let known: Vec<(&Person, Vec<&str>)> = people_of(head, said)
        .filter_map(|person| people.get(&person).copied())
        .map(|person| (person, addresses(person)))
        .collect();
    let people_words: Vec<PersonWords<'_>> = known
        .iter()
        .map(|(person, addresses)| PersonWords {
            person: person.id,
            name: &person.name,
            addresses,
        })
        .collect();
    let words = TicketWords {
        head,
        organization: people.get(&head.requester).and_then(|person| person.organization),
        comments: &comments,
        people: &people_words,
    };
    words.document().document
}

fn addresses(person: &Person) -> Vec<&str> {
    let stated = [&person.email, &person.phone]
        .into_iter()
        .flatten()
        .map(String::as_str);
    let identities = person.identities.iter().filter_map(|identity| match identity {
        Identity::Email(address) => Some(address.as_str()),
        Identity::Phone(number) => Some(number.as_str()),
        Identity::External(_) | Identity::Channel(..) => None,
    });
    let mut addresses: Vec<&str> = stated.chain(identities).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

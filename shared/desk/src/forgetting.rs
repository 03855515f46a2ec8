//! Forgetting a person: what they said, and what is known of them, goes from everywhere. What stays says nothing of them: numbers, times,
//! that there was somebody.

use crate::{Attempt, Desk};
use docket_domain::{
    PersonId, TicketNumber,
    audit::{ChangedBy, Subject},
    people::person::Identity,
    ticket::{Actor, Command, Ticket},
};
use docket_store::{StoreError, table::Committed, table::MOST_TRIES, tickets::TicketList};

use crate::tickets::{Redact, RedactError};

/// Most records of one person that are forgotten: each has at most twenty that became part of it.
const MOST_RECORDS: usize = 100;
/// Tickets of a person that are read at once.
const AT_ONCE: usize = 100;

/// What was done to forget somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Tickets that they asked, deleted for good.
    pub tickets: u64,
    /// Comments of theirs on tickets of others, of which nothing stays.
    pub comments: u64,
    /// Contacts of theirs that were held.
    pub held: u64,
}

/// Why somebody is not forgotten.
#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    /// Nobody has this id.
    #[error("there is no such person")]
    Nobody,
    /// What those who work here did has to stay.
    #[error("who works here can't be forgotten; make them an end user first")]
    WorksHere,
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Desk {
    /// Forgets a person: the tickets that they asked are deleted for good, what they wrote on others goes, they are in copy nowhere, and
    /// nothing that led to them does. Whoever repeats it goes on where it ended. It reads the whole table once.
    ///
    /// # Errors
    /// When they can't be forgotten, or the world failed: then some of it is done.
    pub async fn forget_person(&self, person: PersonId, by: &Actor) -> Result<Forgotten, ForgetError> {
        let mut forgotten = Forgotten::default();
        for record in self.records_of(person).await? {
            let one = self.forget_record(record, by).await?;
            forgotten.tickets += one.tickets;
            forgotten.comments += one.comments;
            forgotten.held += one.held;
        }
        Ok(forgotten)
    }

    /// The records of somebody who can be forgotten: those that became part of theirs first, so that whoever repeats it finds them.
    pub(crate) async fn records_of(&self, person: PersonId) -> Result<Vec<PersonId>, ForgetError> {
        let known = self.people().get(person).await?.ok_or(ForgetError::Nobody)?;
        if known.role.is_staff() {
            return Err(ForgetError::WorksHere);
        }
        let mut records = vec![person];
        let mut of: Vec<PersonId> = known.merged.iter().map(|merged| merged.person).collect();
        while let Some(next) = of.pop() {
            if records.contains(&next) || records.len() >= MOST_RECORDS {
                continue;
            }
            records.push(next);
            let record = self.people().get(next).await?;
            of.extend(
                record
                    .iter()
                    .flat_map(|record| &record.merged)
                    .map(|merged| merged.person),
            );
        }
        records.reverse();
        Ok(records)
    }

    async fn forget_record(&self, person: PersonId, by: &Actor) -> Result<Forgotten, ForgetError> {
        let known = self.people().get(person).await?.ok_or(ForgetError::Nobody)?;
        let mut forgotten = Forgotten::default();
        let addresses = known.identities.iter().filter_map(|identity| match identity {
            Identity::Email(address) => Some(address.as_str()),
            Identity::Phone(_) | Identity::External(_) | Identity::Channel(..) => None,
        });
        let addresses: Vec<&str> = addresses.chain(known.email.as_deref()).collect();
        let traces = self.people().traces(person, &addresses).await?;
        // By their addresses alone can these be found: before nobody knows them any more.
        for held in traces.held {
            self.held().erase(held).await?;
            forgotten.held += 1;
        }
        // Somebody who worked here once.
        self.people().forget_sign_ins(person).await?;
        // Then the person: what the index takes in of their tickets from now on does not name them.
        self.forget_what_is_known(person, by).await?;
        for number in self.tickets_of(person).await? {
            forgotten.tickets += u64::from(self.delete_for_good(number, person, by).await?);
        }
        for number in traces.tickets {
            let ticket = self.tickets().get(number).await?;
            match ticket.filter(|ticket| !ticket.is_deleted_for_good()) {
                // One that the list of their tickets did not have yet.
                Some(ticket) if ticket.requester == person => {
                    forgotten.tickets += u64::from(self.delete_for_good(number, person, by).await?);
                }
                Some(ticket) => forgotten.comments += self.forget_on(&ticket, person, by).await?,
                None => {}
            }
        }
        Ok(forgotten)
    }

    /// Whether it was not yet.
    pub(crate) async fn delete_for_good(
        &self,
        number: TicketNumber,
        person: PersonId,
        by: &Actor,
    ) -> Result<bool, StoreError> {
        let attempt = || Attempt::by(by.clone(), format!("person {person} is forgotten"));
        self.tickets().delete(number, attempt()).await?;
        let deleted = self.tickets().delete_permanently(number, attempt()).await?;
        match deleted.events() {
            Ok(events) => Ok(!events.is_empty()),
            Err(refusal) => Err(StoreError::unreadable_ticket(
                number,
                &format!("it can't be deleted for good: {refusal}"),
            )),
        }
    }

    pub(crate) async fn tickets_of(&self, person: PersonId) -> Result<Vec<TicketNumber>, StoreError> {
        let mut numbers = Vec::new();
        for list in [TicketList::Person(person), TicketList::DeletedOf(person)] {
            let mut after: Option<String> = None;
            loop {
                let page = self.tickets().places(&list, after.as_deref(), AT_ONCE).await?;
                numbers.extend(page.iter().map(|(_, number)| *number));
                after = page.last().map(|(place, _)| place.clone());
                if page.len() < AT_ONCE {
                    break;
                }
            }
        }
        Ok(numbers)
    }

    /// Takes what they wrote off a ticket that somebody else asked; how many comments.
    pub(crate) async fn forget_on(
        &self,
        ticket: &Ticket,
        person: PersonId,
        by: &Actor,
    ) -> Result<u64, StoreError> {
        let number = ticket.number;
        let attempt = || Attempt::by(by.clone(), format!("person {person} is forgotten"));
        let what = Redact {
            whole: true,
            ..Redact::default()
        };
        let mut count = 0;
        for comment in self.tickets().comments_of(number).await? {
            let is_gone = |at| comment == comment.without_words(at);
            if comment.author != person || comment.redacted_at.is_some_and(is_gone) {
                continue;
            }
            let redacted = self.tickets().redact(number, comment.v, &what, attempt()).await;
            match redacted {
                Err(RedactError::Store(error)) => return Err(error),
                Ok(_) => count += 1,
                Err(_) => {}
            }
        }
        if count > 0 || ticket.ccs.contains(&person) {
            let command = Command::ForgetPerson { person };
            self.change_by(number, attempt(), command).await?;
        }
        Ok(count)
    }

    async fn forget_what_is_known(&self, person: PersonId, by: &Actor) -> Result<(), ForgetError> {
        for nth in 0..MOST_TRIES {
            self.wait_before(nth).await;
            let known = self.people().get(person).await?.ok_or(ForgetError::Nobody)?;
            let is_done = if known.forgotten_at.is_some() {
                true
            } else {
                let by = ChangedBy::new(by.clone(), "forgotten", self.now());
                let writes = self.people().forgotten_writes(&known, &by).await?;
                matches!(self.commit_writes(vec![], writes).await?, Committed::Done(_))
            };
            if is_done {
                self.audits().erase_words(Subject::Person(person)).await?;
                return Ok(());
            }
        }
        Err(StoreError::Contended {
            what: format!("person {person}"),
            tries: MOST_TRIES,
        }
        .into())
    }
}

//! Forgetting a person: what they said, and what is known of them, goes from everywhere. What stays says nothing of them: numbers, times,
//! that there was somebody.

use crate::{
    Attempt, Desk,
    merging::asked,
    parts::People,
    person_work::Pass,
    tickets::{Redact, RedactError},
};
use docket_domain::{
    PersonId, TicketNumber,
    audit::{ChangedBy, Subject},
    people::person::Identity,
    ticket::{Actor, Command, Ticket},
};
use docket_store::{
    StoreError,
    people::{PersonTask, PersonWork, TracedUntil},
    table::{Committed, MOST_TRIES},
    tickets::TicketList,
};

/// Most records of one person that are forgotten: each has at most twenty that became part of it.
const MOST_RECORDS: usize = 100;
/// Tickets of a person that are read at once.
const AT_ONCE: usize = 100;
/// Pieces of the table, of a megabyte each, that one pass looks through.
const PIECES_AT_ONCE: usize = 8;

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

impl People<'_> {
    /// Has a person forgotten who was deleted: what is known of them goes at once, what they asked and wrote in steps.
    ///
    /// # Errors
    /// When they can't be, or the world failed.
    pub async fn ask_to_forget(self, person: PersonId, by: &ChangedBy) -> Result<(), ForgetError> {
        for record in self.desk.records_of(person).await? {
            self.ask_to_forget_record(record, by).await?;
        }
        Ok(())
    }

    async fn ask_to_forget_record(self, person: PersonId, by: &ChangedBy) -> Result<(), ForgetError> {
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let known = self.get(person).await?.ok_or(ForgetError::Nobody)?;
            if known.forgotten_at.is_some() {
                return Ok(());
            }
            let addresses = known.identities.iter().filter_map(|identity| match identity {
                Identity::Email(address) => Some(address.clone()),
                Identity::Phone(_) | Identity::External(_) | Identity::Channel(..) => None,
            });
            let task = PersonTask::Forget {
                own_are_gone: false,
                until: None,
                addresses: addresses.chain(known.email.clone()).collect(),
            };
            let mut writes = self.forgotten_writes(&known, by).await?;
            writes.push(self.work_write(person, &asked(task, by), by.at)?);
            if let Committed::Done(_) = self.desk.commit_writes(vec![], writes).await? {
                self.go_on_soon(person).await;
                return Ok(());
            }
        }
        Err(StoreError::contended(format!("person {person}")).into())
    }

    /// What somebody asked is deleted for good.
    pub(crate) async fn forget_own(
        self,
        person: PersonId,
        addresses: &[String],
        work: &PersonWork,
        most: usize,
    ) -> Result<Pass, StoreError> {
        let desk: &Desk = self.desk;
        desk.audits().erase_words(Subject::Person(person)).await?;
        // Somebody who worked here once.
        self.forget_sign_ins(person).await?;
        if desk.drafts().erase_of(person).await? {
            return Ok(Pass::More(work.task.clone()));
        }
        let numbers = desk.tickets_of(person).await?;
        let mut done = 0;
        for some in numbers.chunks(most.max(1)) {
            for ticket in desk.tickets().get_many_deleted_too(some).await? {
                if ticket.is_deleted_for_good() {
                    continue;
                }
                if done >= most {
                    return Ok(Pass::More(work.task.clone()));
                }
                desk.delete_for_good(ticket.number, person, &work.by).await?;
                done += 1;
            }
        }
        Ok(Pass::More(PersonTask::Forget {
            own_are_gone: true,
            until: None,
            addresses: addresses.to_vec(),
        }))
    }

    /// What somebody wrote on others' tickets goes, and contacts of theirs that were held. No index leads there: the table is looked
    /// through, piece by piece.
    pub(crate) async fn forget_traces(
        self,
        person: PersonId,
        addresses: &[String],
        until: Option<TracedUntil>,
        work: &PersonWork,
    ) -> Result<Pass, StoreError> {
        let desk: &Desk = self.desk;
        let known: Vec<&str> = addresses.iter().map(String::as_str).collect();
        let mut until = until;
        for _ in 0..PIECES_AT_ONCE {
            let page = self.traces_after(person, &known, until.take()).await?;
            for held in page.traces.held {
                desk.held().erase(held).await?;
            }
            for number in page.traces.tickets {
                let ticket = desk.tickets().get(number).await?;
                match ticket.filter(|ticket| !ticket.is_deleted_for_good()) {
                    Some(ticket) if ticket.requester == person => {
                        desk.delete_for_good(number, person, &work.by).await?;
                    }
                    Some(ticket) => {
                        desk.forget_on(&ticket, person, &work.by).await?;
                    }
                    None => {}
                }
            }
            until = page.until;
            if until.is_none() {
                return Ok(Pass::Done);
            }
        }
        Ok(Pass::More(PersonTask::Forget {
            own_are_gone: true,
            until,
            addresses: addresses.to_vec(),
        }))
    }
}

impl Desk {
    /// The records of somebody who can be forgotten: those that became part of theirs first, so that whoever repeats it finds them.
    async fn records_of(&self, person: PersonId) -> Result<Vec<PersonId>, ForgetError> {
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

    async fn delete_for_good(
        &self,
        number: TicketNumber,
        person: PersonId,
        by: &Actor,
    ) -> Result<(), StoreError> {
        let attempt = || Attempt::by(by.clone(), format!("person {person} is forgotten"));
        self.tickets().delete(number, attempt()).await?;
        let deleted = self.tickets().delete_permanently(number, attempt()).await?;
        deleted.stands().map_err(|refusal| {
            StoreError::unreadable_ticket(number, &format!("it can't be deleted for good: {refusal}"))
        })
    }

    async fn tickets_of(&self, person: PersonId) -> Result<Vec<TicketNumber>, StoreError> {
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

    /// Takes what they wrote off a ticket that somebody else asked.
    async fn forget_on(&self, ticket: &Ticket, person: PersonId, by: &Actor) -> Result<(), StoreError> {
        let number = ticket.number;
        let attempt = || Attempt::by(by.clone(), format!("person {person} is forgotten"));
        let what = Redact {
            whole: true,
            ..Redact::default()
        };
        let mut is_redacted = false;
        for comment in self.tickets().comments_of(number).await? {
            let is_gone = |at| comment == comment.without_words(at);
            if comment.author != person || comment.redacted_at.is_some_and(is_gone) {
                continue;
            }
            let redacted = self.tickets().redact(number, comment.v, &what, attempt()).await;
            match redacted {
                Err(RedactError::Store(error)) => return Err(error),
                Ok(_) => is_redacted = true,
                Err(_) => {}
            }
        }
        if is_redacted || ticket.ccs.contains(&person) {
            let command = Command::ForgetPerson { person };
            self.change_by(number, attempt(), command).await?;
        }
        Ok(())
    }
}

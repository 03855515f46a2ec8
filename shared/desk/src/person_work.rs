//! What is to be done about a person, step by step: each pass does a bounded piece, notes how far it is, and can be done again.

use crate::{Attempt, Changed, Saved, parts::People};
use docket_domain::{PersonId, TicketNumber, Timestamp, ticket::Command};
use docket_store::{
    StoreError,
    people::{PersonTask, PersonWork},
    tickets::TicketList,
};
use jiff::SignedDuration;

/// How long whoever read the record before it was merged may still store a ticket: longer than any function runs.
const MAY_COME_WITHIN: SignedDuration = SignedDuration::from_mins(16);
/// How long the index may be behind.
const INDEX_LAGS: SignedDuration = SignedDuration::from_mins(1);
/// How a pass ended.
pub(crate) enum Pass {
    /// There is more of it.
    More(PersonTask),
    /// Nothing more for now; something may come until then.
    Until(PersonTask, Timestamp),
    /// That was all.
    Done,
}

impl People<'_> {
    /// Goes on with what is to be done about somebody: at most so many tickets are changed.
    ///
    /// # Errors
    /// When the world failed; what was done is done, and the rest stays due.
    pub async fn go_on(self, person: PersonId, most: usize) -> Result<(), StoreError> {
        let Some((work, due_sk)) = self.work(person).await? else {
            return Ok(());
        };
        let pass = match &work.task {
            PersonTask::Give { to } => self.give(person, *to, &work, most).await?,
            PersonTask::TakeBack {
                from,
                after,
                is_deleted,
            } => {
                let place = (after.as_deref(), *is_deleted);
                self.take_back(person, *from, place, &work, most).await?
            }
            PersonTask::Forget {
                own_are_gone: false,
                addresses,
                ..
            } => self.forget_own(person, addresses, &work, most).await?,
            PersonTask::Forget {
                own_are_gone: true,
                until,
                addresses,
            } => {
                self.forget_traces(person, addresses, until.clone(), &work)
                    .await?
            }
        };
        let now = self.desk.now();
        let (task, at) = match pass {
            Pass::More(task) => (task, now),
            Pass::Until(task, at) => (task, at),
            Pass::Done => {
                self.work_went_on(person, &due_sk, None).await?;
                return Ok(());
            }
        };
        let next = PersonWork { task, ..work };
        // Whoever asked for something else meanwhile goes on with that.
        self.work_went_on(person, &due_sk, Some((&next, at))).await?;
        Ok(())
    }

    /// Tickets of somebody become those of the one whose record theirs is part of, and of the next where that one is part of another:
    /// from one to the next, so that each merge can be undone by itself.
    async fn give(
        self,
        person: PersonId,
        to: PersonId,
        work: &PersonWork,
        most: usize,
    ) -> Result<Pass, StoreError> {
        let (mut numbers, mut found, mut from) = (Vec::new(), 0, person);
        for into in self.followed(to).await? {
            for list in [TicketList::Person(from), TicketList::DeletedOf(from)] {
                let room = most.saturating_sub(found);
                if room > 0 {
                    let more = self.desk.tickets().numbers(&list, room).await?;
                    found += more.len();
                    numbers.extend(more);
                }
            }
            // Those that came from the one before go on at once: the index does not name them yet.
            numbers.sort();
            numbers.dedup();
            self.rename(&numbers, (from, into, false), work).await?;
            from = into;
        }
        let now = self.desk.now();
        let last_at = later(work.asked_at, MAY_COME_WITHIN);
        Ok(match (found, now >= last_at) {
            (found, _) if found >= most => Pass::More(work.task.clone()),
            (0, true) => Pass::Done,
            (0, false) => Pass::Until(work.task.clone(), last_at),
            // The index may still name those that were just changed, and lack others.
            _ => Pass::Until(work.task.clone(), later(now, INDEX_LAGS)),
        })
    }

    /// Tickets that went to another with somebody's record come back with it.
    async fn take_back(
        self,
        person: PersonId,
        from: PersonId,
        (after, is_deleted): (Option<&str>, bool),
        work: &PersonWork,
        most: usize,
    ) -> Result<Pass, StoreError> {
        let list = match is_deleted {
            false => TicketList::Person(from),
            true => TicketList::DeletedOf(from),
        };
        let places = self.desk.tickets().places(&list, after, most).await?;
        let numbers: Vec<TicketNumber> = places.iter().map(|(_, number)| *number).collect();
        let tickets = self.desk.tickets().get_many_deleted_too(&numbers).await?;
        let theirs = tickets
            .iter()
            .filter(|ticket| ticket.requester == from && ticket.merged_from.contains(&person));
        let theirs: Vec<TicketNumber> = theirs.map(|ticket| ticket.number).collect();
        self.rename(&theirs, (from, person, true), work).await?;
        let place = |after: Option<String>, is_deleted| PersonTask::TakeBack {
            from,
            after,
            is_deleted,
        };
        if places.len() >= most {
            let last = places.last().map(|(place, _)| place.clone());
            return Ok(Pass::More(place(last, is_deleted)));
        }
        if !is_deleted {
            return Ok(Pass::More(place(None, true)));
        }
        // Once more from the beginning, for those that were on their way.
        let again_at = later(work.asked_at, INDEX_LAGS);
        Ok(if self.desk.now() < again_at {
            Pass::Until(place(None, false), again_at)
        } else {
            Pass::Done
        })
    }

    async fn rename(
        self,
        numbers: &[TicketNumber],
        (from, to, is_undone): (PersonId, PersonId, bool),
        work: &PersonWork,
    ) -> Result<(), StoreError> {
        for &number in numbers {
            let cause = match is_undone {
                false => format!("person {from} was merged into {to}"),
                true => format!("the merge of person {to} into {from} was undone"),
            };
            let command = Command::MergeRequester { from, to, is_undone };
            let attempt = Attempt::by(work.by.clone(), cause);
            match self.desk.change_by(number, attempt, command).await {
                Ok(Changed::Done(Saved { .. }) | Changed::Duplicate(_) | Changed::NotThere) => {}
                Ok(Changed::Refused(refusal)) => {
                    tracing::error!(%number, %refusal, "ticket {number} stays with person {from}");
                }
                // One that can never be changed keeps none of the others.
                Err(error) if error.is_final() => {
                    tracing::error!(%number, %error, "ticket {number} stays with person {from}");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

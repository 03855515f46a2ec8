//! Answers that their author can recall for some seconds. Such an answer is kept beside its ticket, and nothing else has happened yet;
//! once its time is over the queue, or the sweep, saves it as any other change of the ticket is saved. Saving takes its item away in
//! the same transaction, recalling changes it: whoever is first wins, and the other one finds that.

use crate::{Attempt, Changed, Desk, Find, Found, Guard, Wish, parts::Tickets};
use docket_domain::{
    TicketNumber, Timestamp,
    outbox::{RecallState, RecallableAnswer, RecallableId},
    ticket::{Actor, Command, Refusal, Ticket, TicketEvent},
};
use docket_store::{
    StoreError,
    table::{Committed, MOST_TRIES},
};
use futures_util::future::BoxFuture;

/// Most answers of one agent that are kept beside a ticket: one that waits, and texts of theirs that were not saved. One more is
/// saved at once.
pub const MOST_RECALLABLE: usize = 5;
/// How long before its time an answer is saved: clocks of two machines differ.
const EARLY: jiff::SignedDuration = jiff::SignedDuration::from_secs(1);

/// What became of an answer that was to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptAnswer {
    /// It waits.
    Kept,
    /// It was kept, or saved, before.
    Before,
    /// Its ticket changed meanwhile, and would not take it any more.
    Refused(Refusal),
}

/// What became of an answer that was to be saved.
#[derive(Clone, Debug)]
pub enum SavedAnswer {
    /// It is saved: as these events, on the ticket as it was before and is now.
    Saved {
        /// Version of the ticket before.
        before_v: u64,
        /// Version of the ticket now.
        v: u64,
        /// What happened.
        events: Vec<TicketEvent>,
    },
    /// It can't be saved; its author finds its text, and why.
    Refused(Refusal),
    /// It does not wait any more: it was saved, or recalled.
    Gone,
    /// Its time has not come.
    NotYet,
}

/// What became of a recall.
#[derive(Clone, Debug)]
pub enum Recalled {
    /// It is not sent; its text goes on as a draft.
    Recalled(Box<RecallableAnswer>),
    /// It was saved before.
    TooLate,
}

/// An answer on its way into its ticket. Each try reads it anew.
struct Saving<'a> {
    desk: &'a Desk,
    id: &'a RecallableId,
    /// Whether it still waits.
    waits: bool,
}

impl Find<StoreError> for Saving<'_> {
    async fn find(&mut self, _now: Timestamp) -> Result<Found, StoreError> {
        let answer = self.desk.recallable().get(self.id).await?;
        self.waits = answer.as_ref().is_some_and(RecallableAnswer::waits);
        let (Some(answer), true) = (answer, self.waits) else {
            return Ok(Found::Nothing(Box::new(Ticket::blank(self.id.ticket))));
        };
        let Some(ticket) = self.desk.tickets().get(self.id.ticket).await? else {
            return Ok(Found::NotThere);
        };
        let wish = Wish {
            comments: vec![answer.comment.clone()],
            writes: vec![self.desk.recallable().gone_write(&answer)],
            has_waited: true,
            ..Wish::from(Command::Update(Box::new(answer.update_on(&ticket))))
        };
        Ok(Found::wish(ticket, wish))
    }
}

impl<'d> Tickets<'d> {
    /// Keeps an answer until its time, and lets go of the one whose text it goes on with. `on`: its ticket as the answer was decided
    /// on; where that is another by now, it is decided again. `guard`: what it is known by when it is sent again.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn keep_answer(
        self,
        answer: &RecallableAnswer,
        on: Ticket,
        guard: Option<Guard>,
        goes_on_with: Option<&RecallableId>,
    ) -> Result<KeptAnswer, StoreError> {
        let stored = self.desk.recallable();
        let guards: Vec<Guard> = guard.into_iter().collect();
        let mut ticket = on;
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let before = match goes_on_with {
                Some(id) => stored.get(id).await?.filter(|before| !before.waits()),
                None => None,
            };
            let kept = stored.keep(answer, &ticket, guards.clone(), before.as_ref());
            match kept.await? {
                Committed::Done(_) => return Ok(KeptAnswer::Kept),
                Committed::Duplicate(_) => return Ok(KeptAnswer::Before),
                Committed::Lost => {}
            }
            if stored.get(&answer.id).await?.is_some() {
                return Ok(KeptAnswer::Before);
            }
            let Some(now_is) = self.get(answer.id.ticket).await? else {
                return Ok(KeptAnswer::Refused(Refusal::Missing));
            };
            if let Some(refusal) = self.refuses_answer(&now_is, answer).await? {
                return Ok(KeptAnswer::Refused(refusal));
            }
            ticket = now_is;
        }
        Err(contended(&answer.id))
    }

    /// Why the domain would say no to an answer if it were saved now; nothing is changed. What is known before its author goes on to
    /// something else is said to them.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn refuses_answer(
        self,
        ticket: &Ticket,
        answer: &RecallableAnswer,
    ) -> Result<Option<Refusal>, StoreError> {
        let attempt = Attempt::by(Actor::Agent(answer.id.author), answer.id.cause());
        let wish = Wish {
            comments: vec![answer.comment.clone()],
            writes: vec![self.desk.recallable().gone_write(answer)],
            ..Wish::from(Command::Update(Box::new(answer.update_on(ticket))))
        };
        let now = self.desk.now();
        let decided = self.desk.decide_wish(&attempt, ticket, &wish, 0, now).await?;
        Ok(decided.err())
    }

    /// Saves an answer whose time has come.
    ///
    /// # Errors
    /// As [`Desk::change`].
    pub async fn save_answer(self, id: &RecallableId) -> Result<SavedAnswer, StoreError> {
        let Some(answer) = self.desk.recallable().get(id).await? else {
            return Ok(SavedAnswer::Gone);
        };
        let from = answer.send_at.checked_sub(EARLY).unwrap_or(answer.send_at);
        if answer.waits() && self.desk.now() < from {
            return Ok(SavedAnswer::NotYet);
        }
        self.save_answer_now(id).await
    }

    /// Saves an answer before its time: its author goes on with the same ticket.
    ///
    /// # Errors
    /// As [`Desk::change`].
    pub async fn save_answer_now(self, id: &RecallableId) -> Result<SavedAnswer, StoreError> {
        let mut saving = Saving {
            desk: self.desk,
            id,
            waits: false,
        };
        let attempt = Attempt::by(Actor::Agent(id.author), id.cause());
        let changed = match self.desk.change_found(attempt, &mut saving).await {
            Ok(changed) => changed,
            Err(error) if error.is_final() => {
                // It would be tried for ever.
                self.refuse(id, &error.to_string()).await?;
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        match changed {
            _ if !saving.waits => Ok(SavedAnswer::Gone),
            Changed::Done(saved) => Ok(SavedAnswer::Saved {
                before_v: saved.before.v,
                v: saved.ticket.v,
                events: saved.events,
            }),
            Changed::Refused(refusal) => {
                self.refuse(id, &refusal.to_string()).await?;
                Ok(SavedAnswer::Refused(refusal))
            }
            Changed::Duplicate(_) => Ok(SavedAnswer::Gone),
            Changed::NotThere => {
                self.refuse(id, &Refusal::Missing.to_string()).await?;
                Ok(SavedAnswer::Refused(Refusal::Missing))
            }
        }
    }

    /// Saves all answers that wait beside a ticket, in the order in which they were sent; whether the ticket is another with that. What
    /// can't be saved its author finds, and is told. It is what the change of a ticket leads to that changes one itself.
    pub(super) fn save_waiting(self, number: TicketNumber) -> BoxFuture<'d, Result<bool, StoreError>> {
        Box::pin(async move {
            let mut waiting = self.desk.recallable().readable_of_ticket(number).await?;
            waiting.retain(RecallableAnswer::waits);
            waiting.sort_by_key(|answer| answer.created_at);
            let mut is_changed = false;
            for answer in &waiting {
                match self.save_answer_now(&answer.id).await {
                    Ok(saved) => is_changed |= !matches!(saved, SavedAnswer::Refused(_)),
                    // It is kept with the reason: nothing else waits for what can never be.
                    Err(error) if error.is_final() => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(is_changed)
        })
    }

    /// Recalls an answer. A second time it finds that it was.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn recall_answer(self, id: &RecallableId) -> Result<Recalled, StoreError> {
        let stored = self.desk.recallable();
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let Some(answer) = stored.get(id).await? else {
                return Ok(Recalled::TooLate);
            };
            if !answer.waits() || stored.advance(&answer, RecallState::Recalled).await? {
                return Ok(Recalled::Recalled(Box::new(answer)));
            }
        }
        Err(contended(id))
    }

    /// Lets go of the text of an answer that was not saved; nothing happens to one that waits.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn discard_answer(self, id: &RecallableId) -> Result<(), StoreError> {
        let stored = self.desk.recallable();
        if let Some(answer) = stored.get(id).await?.filter(|answer| !answer.waits()) {
            stored.let_go(&answer).await?;
        }
        Ok(())
    }

    async fn refuse(self, id: &RecallableId, why: &str) -> Result<(), StoreError> {
        let stored = self.desk.recallable();
        if let Some(answer) = stored.get(id).await?.filter(RecallableAnswer::waits) {
            let why = why.chars().take(300).collect();
            stored.advance(&answer, RecallState::Refused { why }).await?;
            tracing::warn!(ticket = %id.ticket, author = %id.author, "an answer on ticket {} can't be saved and is kept", id.ticket);
        }
        Ok(())
    }
}

fn contended(id: &RecallableId) -> StoreError {
    StoreError::Contended {
        what: format!("an answer on ticket {}", id.ticket),
        tries: MOST_TRIES,
    }
}

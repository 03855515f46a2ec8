//! The commit: one transaction that carries the guard against repeats, the new head, its events, the comment
//! and the work that follows.

use crate::{
    Never, Store, StoreError,
    error::{NameOperation, NamedPart},
    table::{Guard, Role, Write, plan::written_by_rule},
    tickets::Decisions,
};
use aws_sdk_dynamodb::{operation::transact_write_items::TransactWriteItemsError, types::CancellationReason};
use docket_domain::{
    Digest, PersonId, Timestamp, assignment,
    contact::comment::Comment,
    record::CommitmentKey,
    ticket::{MOST_PARTS, Ticket, TicketEvent},
};
use std::collections::BTreeMap;

/// How often a lost race is decided again before the caller is told of a conflict.
pub const MOST_TRIES: u32 = 5;
/// How often a transaction that met another one, or a throttle, is sent again.
const MOST_COLLISIONS: u32 = 6;
/// Length of a transaction's token (`ClientRequestToken` has at most 36 characters); 160 bits.
const TOKEN_CHARACTERS: usize = 32;

/// A decided change of one ticket.
#[derive(Clone, Debug)]
pub struct Change {
    /// The ticket as it was read; blank when it is new.
    pub before: Ticket,
    /// What was decided; may be empty when only `writes` count.
    pub events: Vec<TicketEvent>,
    /// The comments that events add, in their order and without their versions.
    pub comments: Vec<Comment>,
    /// Guards against repeats. The first that stands gives the answer.
    pub guards: Vec<Guard>,
    /// The load that the desk found when it chose an agent.
    pub expected_load: Option<assignment::Choice>,
    /// Other parts: new people, conversations, mail ids, outbox items.
    pub writes: Vec<Write>,
    /// The key of the commitments to its words: the same at each try. Nothing: one is drawn.
    pub key: Option<CommitmentKey>,
    /// The bodies of comments that rules wrote, as JSON, where they are to stand in the comments.
    pub texts: BTreeMap<Digest, String>,
    /// The whole decisions that events name, where they are to stand beside them.
    pub decisions: Decisions,
    /// What customers know the authors of answers by that are handed over by a call.
    pub author_names: BTreeMap<PersonId, String>,
}

impl Change {
    /// The comments with the versions and times of the events that add them, as they will lie beside the ticket: those of
    /// the caller in their order, and what rules wrote.
    pub fn placed_comments(&self) -> Vec<Comment> {
        let mut callers = self.comments.iter();
        let mut placed: Vec<Comment> = self
            .events
            .iter()
            .filter_map(|event| match written_by_rule(event) {
                Some(comment) => Some(Comment {
                    body_json: self.texts.get(&comment.body.digest).cloned(),
                    ..comment
                }),
                None if event.fact.name() == "CommentAdded" => callers.next().map(|comment| Comment {
                    v: event.v,
                    at: event.at,
                    ..comment.clone()
                }),
                None => None,
            })
            .collect();
        // What no event adds is kept all the same.
        let last = self.events.last().map_or(self.before.v, |event| event.v);
        placed.extend(callers.map(|comment| Comment {
            v: last,
            ..comment.clone()
        }));
        placed
    }

    /// A change of nothing but what the events say.
    pub fn new(before: Ticket, events: Vec<TicketEvent>) -> Self {
        Self {
            before,
            events,
            comments: vec![],
            guards: vec![],
            expected_load: None,
            writes: vec![],
            key: None,
            texts: BTreeMap::new(),
            decisions: Decisions::default(),
            author_names: BTreeMap::new(),
        }
    }
}

/// What became of a commit.
#[derive(Clone, Debug)]
pub enum Committed {
    /// It stands; the ticket with it.
    Done(Box<Ticket>),
    /// It was done before; the guard's answer.
    Duplicate(crate::table::Answer),
    /// Somebody else was first: reload and decide again.
    Lost,
}

enum Sent {
    Done,
    Guarded,
    Lost,
}

impl Store {
    /// Commits a change that was decided; `Desk::change` is the way to one.
    pub async fn commit(&self, change: Change) -> Result<Committed, StoreError> {
        self.commit_at(change, self.now()).await
    }

    /// Commits a change at the time that it was decided at.
    pub async fn commit_at(&self, change: Change, now: Timestamp) -> Result<Committed, StoreError> {
        self.commit_both_at(change, None, now).await
    }

    /// The same with a change of another ticket, in one transaction: both stand, or neither. The ticket of the first is returned.
    pub async fn commit_both_at(
        &self,
        change: Change,
        beside: Option<Change>,
        now: Timestamp,
    ) -> Result<Committed, StoreError> {
        let guards = change.guards.clone();
        let mut plan = self.plan(change, now)?;
        if let Some(beside) = beside {
            plan = plan.with(self.plan(beside, now)?);
        }
        let after = plan.after.clone();
        match self.transact(plan.into_writes(self, now)).await? {
            Sent::Done => Ok(Committed::Done(Box::new(after))),
            Sent::Lost => Ok(Committed::Lost),
            Sent::Guarded => self.answer_of(&guards).await,
        }
    }

    /// Commits parts that belong to no ticket.
    pub async fn commit_writes(
        &self,
        guards: Vec<Guard>,
        writes: Vec<Write>,
    ) -> Result<Committed, StoreError> {
        let now = self.now();
        let mut all = guards
            .iter()
            .map(|guard| self.guard_write(guard, now))
            .collect::<Result<Vec<_>, _>>()?;
        all.extend(writes);
        match self.transact(all).await? {
            Sent::Done => Ok(Committed::Done(Box::new(Ticket::blank(
                docket_domain::TicketNumber(0),
            )))),
            Sent::Lost => Ok(Committed::Lost),
            Sent::Guarded => self.answer_of(&guards).await,
        }
    }

    async fn answer_of(&self, guards: &[Guard]) -> Result<Committed, StoreError> {
        for guard in guards {
            if let Some(entry) = self.guard(&guard.key).await? {
                return Ok(Committed::Duplicate(entry.answer));
            }
        }
        // The guard that stood a moment ago has reached its end.
        Ok(Committed::Lost)
    }

    /// Sends a transaction until it is decided. Cancellation reasons come by position.
    async fn transact(&self, writes: Vec<Write>) -> Result<Sent, StoreError> {
        // The service takes no empty transaction.
        if writes.is_empty() {
            return Ok(Sent::Done);
        }
        let writes: Vec<Write> = writes
            .into_iter()
            .map(|write| self.sabotage.apply(write))
            .collect();
        if writes.len() > MOST_PARTS && !self.sabotage.no_part_count {
            return Err(Never::TooManyParts { parts: writes.len() }.into());
        }
        for write in &writes {
            write.check_size()?;
        }
        // Drawn once for all tries of this call: a repeat whose first answer was lost is known by it, and the same change asked
        // for anew is another one.
        let token = self.unguessable()[..TOKEN_CHARACTERS].to_owned();
        let mut collisions = 0;
        loop {
            let items = writes
                .iter()
                .map(Write::to_sdk)
                .collect::<Result<Vec<_>, _>>()
                .named_part("TransactWriteItems")?;
            let sent = self
                .clients
                .dynamo
                .transact_write_items()
                .set_transact_items(Some(items))
                .client_request_token(&token)
                .send()
                .await;
            let error = match sent {
                Ok(_) => return Ok(Sent::Done),
                Err(error) => error,
            };
            match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    if let Some(decided) = read_reasons(&writes, cancelled.cancellation_reasons()) {
                        return Ok(decided);
                    }
                    if let Some(why) = never_reason(cancelled.cancellation_reasons()) {
                        return Err(why.into());
                    }
                }
                Some(TransactWriteItemsError::TransactionInProgressException(_)) => {}
                _ => return Err(error).named("TransactWriteItems"),
            }
            collisions += 1;
            if collisions > MOST_COLLISIONS {
                return Err(error).named("TransactWriteItems");
            }
            self.wait_a_little(collisions).await;
        }
    }
}

/// What the reasons say, unless they only say that another transaction or a throttle was in the way.
fn read_reasons(writes: &[Write], reasons: &[CancellationReason]) -> Option<Sent> {
    let failed = |role: Role| {
        writes
            .iter()
            .zip(reasons)
            .any(|(write, reason)| write.role == role && reason.code() == Some("ConditionalCheckFailed"))
    };
    if failed(Role::Guard) {
        return Some(Sent::Guarded);
    }
    (failed(Role::State) || failed(Role::Load)).then_some(Sent::Lost)
}

/// Why a transaction can never be taken, whoever else writes.
fn never_reason(reasons: &[CancellationReason]) -> Option<Never> {
    let reason = reasons.iter().find(|reason| {
        matches!(
            reason.code(),
            Some("ValidationError" | "ItemCollectionSizeLimitExceeded")
        )
    })?;
    Some(Never::Invalid {
        operation: "TransactWriteItems",
        detail: reason.message().unwrap_or_default().to_owned(),
    })
}

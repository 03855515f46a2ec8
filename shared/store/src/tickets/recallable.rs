//! Agents' answers that can be recalled, as stored: each is in the index `due` as long as it waits. Who saves one and who recalls it
//! meet at its item: each moves it on condition that it still stands as it was read, so one of them wins.

use crate::{
    StoreError,
    keys::{DueKind, ItemKey, due_pk, due_shard, due_sk, ticket_pk},
    parts::Recallable,
    table::{
        Committed, Guard, Role, Write,
        item::{Item, item_with, key_of, n, s, text_in, value_in},
        page::Query,
    },
    workspace::Telling,
};
use docket_domain::{
    PersonId, TicketNumber,
    notification::{Notification, NotificationKind, Ways},
    outbox::{RecallState, RecallableAnswer, RecallableId},
    ticket::Ticket,
};

/// Most answers of one ticket that are read: of each agent who works on it a few.
const MOST_ANSWERS: usize = 200;
/// The attribute with the answer.
const ANSWER: &str = "answer";
/// Only if it still stands as it was read.
const AS_READ: &str = "stage = :stage";

impl Recallable<'_> {
    /// An answer, as of now.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn get(self, id: &RecallableId) -> Result<Option<RecallableAnswer>, StoreError> {
        let item = self.0.get_item(&ItemKey::Recallable(id.clone())).await?;
        item.map(|item| recallable_in(&item)).transpose()
    }

    /// All answers of a ticket.
    ///
    /// # Errors
    /// When the store failed, or one of them can't be read: what it names is not known.
    pub async fn of_ticket(self, number: TicketNumber) -> Result<Vec<RecallableAnswer>, StoreError> {
        let items = self.beginning_with(number, "A#".to_owned()).await?;
        items.iter().map(recallable_in).collect()
    }

    /// Those that can be read. Of the others it is said that they can't: they keep nothing else from going on.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn readable_of_ticket(self, number: TicketNumber) -> Result<Vec<RecallableAnswer>, StoreError> {
        let items = self.beginning_with(number, "A#".to_owned()).await?;
        Ok(items.iter().filter_map(readable_in).collect())
    }

    /// Those of an agent on a ticket that can be read.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn of_author(
        self,
        number: TicketNumber,
        author: PersonId,
    ) -> Result<Vec<RecallableAnswer>, StoreError> {
        let items = self.beginning_with(number, format!("A#{author}#")).await?;
        Ok(items.iter().filter_map(readable_in).collect())
    }

    async fn beginning_with(self, number: TicketNumber, prefix: String) -> Result<Vec<Item>, StoreError> {
        let query = Query::partition(ticket_pk(&self.0.settings.tenant, number), MOST_ANSWERS)
            .range("begins_with(SK, :answers)", vec![(":answers", prefix)]);
        self.0.query(query).await
    }

    /// Keeps a new answer as long as its ticket is as it was decided on, and lets go of the one whose text it goes on with, if that
    /// still stands as it was read. So nothing is kept beside a ticket that was deleted meanwhile.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn keep(
        self,
        answer: &RecallableAnswer,
        on: &Ticket,
        guards: Vec<Guard>,
        instead_of: Option<&RecallableAnswer>,
    ) -> Result<Committed, StoreError> {
        let mut writes = vec![self.write(answer)?.when_new(), self.unchanged_write(on)];
        writes.extend(instead_of.map(|before| self.gone_write(before)));
        self.0.commit_writes(guards, writes).await
    }

    /// The part that lets the others through only if a ticket is as it was read.
    fn unchanged_write(self, read: &Ticket) -> Write {
        let key = key_of(&self.0.settings.tenant, &ItemKey::Head(read.number));
        Write::check(&self.0.settings.tickets_table, Role::State, key, "v = :read").with(":read", n(read.v))
    }

    /// Moves an answer from what was read to another state; of one that was refused its author is told: they are elsewhere by then.
    /// False: somebody else was first.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn advance(self, read: &RecallableAnswer, to: RecallState) -> Result<bool, StoreError> {
        let is_refused = matches!(to, RecallState::Refused { .. });
        let write = self.write(&read.moved(to))?;
        let mut writes = vec![write.when(AS_READ).with(":stage", s(stage(&read.state)))];
        if is_refused {
            writes.extend(self.0.telling_writes(&[self.unsent(read)], &[])?);
        }
        self.all(writes).await
    }

    fn unsent(self, answer: &RecallableAnswer) -> Telling {
        Telling {
            agent: answer.id.author,
            notification: Notification {
                kind: NotificationKind::Unsent,
                ticket: answer.id.ticket,
                v: answer.last_public_v,
                at: self.0.now(),
                by: None,
            },
            ways: Ways::USUAL,
        }
    }

    /// Lets go of an answer as it was read. False: somebody else was first.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn let_go(self, read: &RecallableAnswer) -> Result<bool, StoreError> {
        self.all(vec![self.gone_write(read)]).await
    }

    /// The part of a transaction that lets go of an answer as it was read.
    pub fn gone_write(self, read: &RecallableAnswer) -> Write {
        let key = key_of(&self.0.settings.tenant, &ItemKey::Recallable(read.id.clone()));
        Write::delete(&self.0.settings.tickets_table, Role::State, key)
            .when(AS_READ)
            .with(":stage", s(stage(&read.state)))
    }

    async fn all(self, writes: Vec<Write>) -> Result<bool, StoreError> {
        Ok(matches!(
            self.0.commit_writes(vec![], writes).await?,
            Committed::Done(_)
        ))
    }

    fn write(self, answer: &RecallableAnswer) -> Result<Write, StoreError> {
        let tenant = &self.0.settings.tenant;
        let key = ItemKey::Recallable(answer.id.clone());
        let mut kept = answer.clone();
        if kept.comment.attachments_at.is_some() {
            kept.comment.attachments.clear();
        }
        let mut item = item_with(tenant, &key, ANSWER, &kept)?;
        item.insert("stage".to_owned(), s(stage(&answer.state)));
        if let Some(at) = answer.due_at() {
            let number = answer.id.ticket;
            item.insert("due_pk".to_owned(), s(due_pk(due_shard(tenant, number))));
            let sk = due_sk(at, DueKind::Recallable, tenant, number);
            item.insert("due_sk".to_owned(), s(sk));
        }
        Ok(Write::put(&self.0.settings.tickets_table, Role::State, item))
    }
}

/// The answer in its item.
fn recallable_in(item: &Item) -> Result<RecallableAnswer, StoreError> {
    value_in(&mut item.clone(), ANSWER)
}

/// The answer in its item; nothing where it can't be read, which is said: it keeps none of the others from being saved, and no ticket
/// from being shown or changed.
pub(super) fn readable_in(item: &Item) -> Option<RecallableAnswer> {
    let [pk, sk] = ["PK", "SK"].map(|name| text_in(item, name).unwrap_or_default());
    let answer = recallable_in(item).inspect_err(|error| {
        tracing::error!(pk, sk, %error, "the answer {sk} of {pk} can't be read and is left out");
    });
    answer.ok()
}

fn stage(state: &RecallState) -> &'static str {
    match state {
        RecallState::Waiting => "waiting",
        RecallState::Recalled => "recalled",
        RecallState::Refused { .. } => "refused",
    }
}

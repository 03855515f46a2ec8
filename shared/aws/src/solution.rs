//! What a customer says on the page that asks whether their ticket is solved. Whoever holds its link speaks for the
//! requester.

use crate::{
    Desk, StoreError,
    keys::GuardKey,
    operations::{Alongside, Amended, Amendment, NewComment, OperationError},
    store::{Change, Committed, Guard, MOST_TRIES},
};
use docket_domain::{
    TicketNumber,
    comment::{AuthorRole, CommentBody},
    ticket::{Actor, Channel, Command, Refusal, Status, Update},
};

/// What led to it, as it stands in the events.
const CAUSE: &str = "portal";
/// How long a form that is sent again is known, in seconds.
const ONCE_SECONDS: i64 = 24 * 3600;

impl Desk {
    /// The customer says that it is solved, which closes the ticket, or that it is not, which reopens it.
    pub async fn answer_solution(&self, number: TicketNumber, is_solved: bool) -> Result<(), OperationError> {
        for _ in 0..MOST_TRIES {
            let ticket = self.ticket(number).await?.ok_or(Refusal::Missing)?;
            let actor = Actor::Requester(ticket.requester);
            let command = Command::AnswerSolution { is_solved };
            let events = self
                .decide::<OperationError>(&ticket, command, &actor, CAUSE)
                .await?;
            if matches!(
                self.commit(Change::new(ticket, events)).await?,
                Committed::Done(_)
            ) {
                return Ok(());
            }
        }
        Err(StoreError::Contended {
            what: format!("ticket {number}"),
            tries: MOST_TRIES,
        }
        .into())
    }

    /// The customer says in words why it is not solved: a comment of theirs, which reopens the ticket as their mail would.
    /// `once` names the filling-in of the form: sent twice, it is one comment.
    pub async fn write_as_requester(
        &self,
        number: TicketNumber,
        words: String,
        once: String,
    ) -> Result<(), OperationError> {
        let ticket = self.ticket(number).await?.ok_or(Refusal::Missing)?;
        let requester = ticket.requester;
        let guard = Guard {
            seconds: ONCE_SECONDS,
            ..Guard::new(GuardKey::Idempotency(format!("portal {number}"), once))
        };
        // The link asks one question, and does not stay open for more.
        if ticket.status != Status::Solved {
            return match self.guard(&guard.key).await? {
                Some(_) => Ok(()),
                None => Err(Refusal::NotSolved(ticket.status).into()),
            };
        }
        let amendment = Amendment {
            actor: Actor::Requester(requester),
            cause: CAUSE.to_owned(),
            update: Update::default(),
            comment: Some(NewComment {
                author: requester,
                role: AuthorRole::Requester,
                public: true,
                channel: Channel::Portal,
                body: CommentBody {
                    text: words,
                    ..CommentBody::default()
                },
                attachments: vec![],
                mail: None,
                automatic: None,
            }),
            alongside: Alongside {
                guards: vec![guard],
                writes: vec![],
            },
        };
        match self.amend_ticket(number, amendment).await? {
            Amended::Done { .. } | Amended::Duplicate(_) => Ok(()),
        }
    }
}

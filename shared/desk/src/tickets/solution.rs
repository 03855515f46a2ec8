//! What a customer says on the page that asks whether their ticket is solved. Whoever holds its link speaks for the
//! requester.

use crate::{
    Attempt, Changed, Try, Wish,
    parts::Tickets,
    tickets::{Alongside, Amendment, NewComment},
};
use docket_domain::{
    TicketNumber,
    contact::comment::{AuthorRole, CommentBody},
    ticket::{Actor, Channel, Command, Refusal, Status, Update},
};
use docket_store::{StoreError, keys::GuardKey, table::Guard};

/// What led to it, as it stands in the events.
const CAUSE: &str = "portal";
/// How long a form that is sent again is known, in seconds.
const ONCE_SECONDS: i64 = 24 * 3600;

impl Tickets<'_> {
    /// The customer says that it is solved, which closes the ticket, or that it is not, which reopens it.
    pub async fn answer_solution(self, number: TicketNumber, is_solved: bool) -> Result<Changed, StoreError> {
        let mut want = |on: Try| {
            let wish = Wish {
                actor: Some(Actor::Requester(on.ticket.requester)),
                ..Wish::from(Command::AnswerSolution { is_solved })
            };
            async { Ok(Some(wish)) }
        };
        self.desk
            .change(number, Attempt::by(Actor::System, CAUSE), &mut want)
            .await
    }

    /// The customer says in words why it is not solved: a comment of theirs, which reopens the ticket as their mail would.
    /// `once` names the filling-in of the form: sent twice, it is one comment.
    pub async fn write_as_requester(
        self,
        number: TicketNumber,
        words: String,
        once: String,
    ) -> Result<Changed, StoreError> {
        let Some(ticket) = self.get(number).await? else {
            return Ok(Changed::NotThere);
        };
        let requester = ticket.requester;
        let guard = Guard {
            seconds: ONCE_SECONDS,
            ..Guard::new(GuardKey::Idempotency(format!("portal {number}"), once))
        };
        // The link asks one question, and does not stay open for more.
        if ticket.status != Status::Solved {
            return Ok(match self.desk.guard(&guard.key).await? {
                Some(entry) => Changed::Duplicate(entry.answer),
                None => Changed::Refused(Refusal::NotSolved(ticket.status)),
            });
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
        self.amend(number, amendment).await
    }
}

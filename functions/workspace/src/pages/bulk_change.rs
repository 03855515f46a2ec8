//! One of several tickets, changed by itself: what was saved, or why it was not.

use crate::models::outcome::Reason;
use docket_desk::{Attempt, Changed, Desk, Saved, StoreError, Try, Wish};
use docket_domain::{
    TicketNumber,
    ticket::{Command, Ticket},
};

/// Changes a ticket by what is wanted of it as it is, or leaves it for the reason that stands instead. What was saved; nothing where that
/// was before.
pub async fn change_if(
    desk: &Desk,
    number: TicketNumber,
    attempt: Attempt,
    wanted: impl Fn(&Ticket) -> Result<Command, Reason> + Send + Sync,
) -> Result<Option<Saved>, Reason> {
    let mut why_not = None;
    let changed = {
        let mut want = |on: Try| {
            let command = wanted(&on.ticket);
            why_not = command.as_ref().err().copied();
            let wish = command.ok().map(Wish::from);
            async move { Ok::<_, StoreError>(wish) }
        };
        desk.change(number, attempt, &mut want).await
    };
    match (saved_or_why(number, changed), why_not) {
        (Ok(Some(_)), Some(why)) => Err(why),
        (saved, _) => saved,
    }
}

/// What was saved, nothing where it had been saved before; or why it was not.
fn saved_or_why(number: TicketNumber, changed: Result<Changed, StoreError>) -> Result<Option<Saved>, Reason> {
    match changed {
        Ok(Changed::Done(saved)) => Ok(Some(saved)),
        Ok(Changed::Duplicate(_)) => Ok(None),
        Ok(Changed::Refused(refusal)) => Err(Reason::of(&refusal)),
        Ok(Changed::NotThere) => Err(Reason::Gone),
        Err(error) => {
            tracing::error!(ticket = %number, %error, "ticket {number} could not be changed from a list");
            Err(Reason::Unreached)
        }
    }
}

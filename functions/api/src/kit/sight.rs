//! What a customer may do with a ticket: it depends on what they are to it.

use crate::kit::{customer::Customer, error::ApiError};
use docket_domain::{people::person::Person, ticket::Ticket};

/// What a customer may do with a ticket that they see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sight {
    /// Whether it is theirs.
    pub is_own: bool,
    /// Whether they may write on it.
    pub may_write: bool,
}

/// What a customer may do with a ticket; nothing: for them there is no such ticket. They see what they asked, what they get in copy,
/// and what the people of their organizations asked, where that is shared: as far as anything of it is public.
///
/// # Errors
/// When the table cannot be read.
pub(crate) async fn sight(customer: &Customer, ticket: &Ticket) -> Result<Option<Sight>, ApiError> {
    if ticket.v == 0 || ticket.is_deleted() || ticket.last_public_v == 0 {
        return Ok(None);
    }
    let person = customer.person.as_ref();
    if person.is_or_was(ticket.requester) {
        return Ok(Some(Sight {
            is_own: true,
            may_write: true,
        }));
    }
    let is_in_copy = ticket.ccs.iter().any(|copied| person.is_or_was(*copied));
    if is_in_copy {
        return Ok(Some(Sight {
            is_own: false,
            may_write: true,
        }));
    }
    let theirs = person.organizations();
    if theirs.is_empty() {
        return Ok(None);
    }
    let requester = customer.desk.people().get(ticket.requester).await?;
    let of_requester = requester.as_ref().map(Person::organizations).unwrap_or_default();
    let common: Vec<_> = theirs
        .into_iter()
        .filter(|id| of_requester.contains(id))
        .collect();
    let organizations = customer.desk.organizations().as_of_now(&common).await?;
    let sees = organizations
        .iter()
        .any(|organization| organization.shared_tickets)
        || (person.sees_organization && !organizations.is_empty());
    let may_write = organizations
        .iter()
        .any(|organization| organization.shared_tickets && organization.shared_comments);
    Ok(sees.then_some(Sight {
        is_own: false,
        may_write,
    }))
}

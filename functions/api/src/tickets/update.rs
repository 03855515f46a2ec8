//! `PUT tickets/{id}`.

use super::{
    answer::Written,
    fields::{Draft, TicketFields},
};
use crate::{
    call::{Call, Ids},
    error::ApiError,
    idempotency::Once,
    input::Sent,
};
use axum::response::Response;
use docket_aws::{
    StoreError,
    operations::{Alongside, Amended, Amendment, OperationError},
    store::MOST_TRIES,
};
use docket_domain::{
    TicketNumber,
    ticket::{Actor, Refusal, Ticket, Update},
};
use jiff::SignedDuration;

/// Changes a ticket, in one save.
pub(crate) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let number = TicketNumber(id);
    let once = Once::of(&call, &sent)?;
    if let Some(answer) = once.earlier(&call).await? {
        return Written::before(&answer)?.answer(&call, &once).await;
    }
    let fields: TicketFields = sent.read("ticket")?;
    let ticket = call.desk.ticket(number).await?.ok_or(ApiError::Missing)?;
    let draft = match &fields.comment {
        Some(comment) => Some(comment.draft(&call, None).await?),
        None => None,
    };
    let changes = Update {
        status: fields.status.flatten(),
        assignee: fields.assignee(&call).await?,
        group: fields.group(&call).await?,
        priority: fields.priority.flatten(),
        ticket_type: fields.ticket_type,
        subject: fields.subject.clone(),
        snooze: fields.snooze(),
        skills: fields.skills(&call).await?,
        fields: fields.own_fields(),
        ..Update::default()
    };
    save(&call, &once, &fields, ticket, draft, changes).await
}

/// Saves the change. Where it was worked out from the ticket as read (a whole list of tags, a safe update), it holds only
/// for that version: a list of tags is then worked out anew, a safe update refused.
async fn save(
    call: &Call,
    once: &Once,
    fields: &TicketFields,
    mut ticket: Ticket,
    draft: Option<Draft>,
    changes: Update,
) -> Result<Response, ApiError> {
    let number = ticket.number;
    let is_safe = fields.safe_update == Some(true);
    for _ in 0..MOST_TRIES {
        if is_safe {
            check_stamp(fields, &ticket)?;
        }
        let (comment, actor) = match draft
            .clone()
            .map(|draft| draft.on_ticket_of(ticket.requester, call.caller.id))
        {
            Some((comment, actor)) => (Some(comment), actor),
            None => (None, Actor::Agent(call.caller.id)),
        };
        let (add_tags, remove_tags) = tag_changes(fields, &ticket);
        let copies = fields.copies(call, &ticket, None).await?;
        let makes_people = !copies.writes.is_empty();
        let amendment = Amendment {
            actor,
            cause: once.cause.clone(),
            update: Update {
                seen: (is_safe || copies.is_whole || fields.tags.is_some()).then_some(ticket.v),
                add_tags,
                remove_tags,
                add_ccs: copies.add,
                remove_ccs: copies.remove,
                ..changes.clone()
            },
            comment,
            alongside: Alongside {
                guards: once.guards(false),
                writes: copies.writes,
            },
        };
        match call.desk.amend_ticket(number, amendment).await {
            Ok(Amended::Done { ticket, .. }) => {
                let written = Written {
                    number,
                    v: ticket.v,
                    created: false,
                    repeated: false,
                };
                return written.answer(call, once).await;
            }
            Ok(Amended::Duplicate(answer)) => {
                return Written::before(&once.same(answer)?)?.answer(call, once).await;
            }
            Err(OperationError::Refused(Refusal::Stale { .. })) if !is_safe => {
                ticket = call.desk.ticket(number).await?.ok_or(ApiError::Missing)?;
            }
            // Somebody else made one of the new people at the same time.
            Err(OperationError::Store(StoreError::Contended { .. })) if makes_people => {}
            Err(error) => return Err(error.into()),
        }
    }
    let what = format!("ticket {number}");
    Err(StoreError::Contended {
        what,
        tries: MOST_TRIES,
    }
    .into())
}

/// A safe update is refused when the ticket changed after the caller's stamp, which has whole seconds.
fn check_stamp(fields: &TicketFields, ticket: &Ticket) -> Result<(), ApiError> {
    let stamp = fields
        .updated_stamp
        .ok_or_else(|| ApiError::blank("updated_stamp"))?;
    let end_of_second = stamp.checked_add(SignedDuration::from_secs(1)).unwrap_or(stamp);
    if ticket.updated_at >= end_of_second {
        return Err(Refusal::Stale {
            seen: 0,
            now: ticket.v,
        }
        .into());
    }
    Ok(())
}

/// The tags to add and to take away: a whole list replaces what is there.
fn tag_changes(fields: &TicketFields, ticket: &Ticket) -> (Vec<String>, Vec<String>) {
    let mut add = fields.additional_tags.clone().unwrap_or_default();
    let mut remove = fields.remove_tags.clone().unwrap_or_default();
    if let Some(tags) = &fields.tags {
        let gone = ticket
            .tags
            .iter()
            .filter(|tag| !tags.contains(tag) && !add.contains(tag));
        remove.extend(gone.cloned());
        add.extend(tags.iter().filter(|tag| !remove.contains(tag)).cloned());
    }
    (add, remove)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(tags: Option<&[&str]>, add: &[&str], remove: &[&str]) -> (Vec<String>, Vec<String>) {
        let owned = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        let fields = TicketFields {
            tags: tags.map(owned),
            additional_tags: Some(owned(add)),
            remove_tags: Some(owned(remove)),
            ..TicketFields::default()
        };
        let mut ticket = Ticket::blank(TicketNumber(1));
        ticket.tags = owned(&["old", "kept"]);
        tag_changes(&fields, &ticket)
    }

    #[test]
    fn a_whole_list_of_tags_replaces_what_is_there() {
        let (add, remove) = changes(Some(&["kept", "new"]), &[], &[]);
        assert_eq!(
            (add, remove),
            (vec!["kept".into(), "new".into()], vec!["old".into()])
        );
    }

    #[test]
    fn an_empty_list_takes_all_tags_away() {
        let (add, remove) = changes(Some(&[]), &[], &[]);
        assert_eq!((add.len(), remove), (0, vec!["old".into(), "kept".into()]));
    }

    #[test]
    fn tags_to_add_and_remove_leave_the_others() {
        let (add, remove) = changes(None, &["new"], &["old"]);
        assert_eq!((add, remove), (vec!["new".into()], vec!["old".into()]));
    }
}

//! `PUT tickets/{id}`.

use super::{
    answer::Written,
    fields::{Draft, TicketFields},
    stays::refuse_what_stays,
};
use crate::kit::{
    call::{Call, Ids},
    error::ApiError,
    idempotency::Once,
    input::Sent,
};
use axum::response::Response;
use docket_desk::{Attempt, Try, Want, Wish, tickets::StoredOnce};
use docket_domain::{
    TicketNumber, Timestamp,
    ticket::{Actor, Command, Refusal, Ticket, Update},
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
    let ticket = call
        .desk
        .tickets()
        .standing(number)
        .await?
        .ok_or(ApiError::Missing)?;
    refuse_what_stays(&call, &sent.read("ticket")?, &fields, &ticket).await?;
    let draft = match &fields.comment {
        Some(comment) => Some(comment.draft(&call, None).await?),
        None => None,
    };
    let changes = Update {
        status: fields.status.flatten(),
        assignee: fields.assignee(&call, Some(&ticket)).await?,
        group: fields.group(&call, Some(&ticket)).await?,
        priority: fields.priority.flatten(),
        ticket_type: fields.ticket_type,
        external_id: fields.external_id.clone(),
        subject: fields.wanted_subject(&ticket.subject).map(str::to_owned),
        snooze: fields.snooze(Some(&ticket)),
        skills: fields.skills(&call).await?,
        problem: fields.problem(&call, Some(&ticket)).await?,
        ..fields.own(&call, Some(&ticket)).await?
    };
    let attempt = Attempt::by(Actor::Agent(call.caller.id), once.cause.clone())
        .guarded(once.guards(false))
        .having_read(ticket);
    let mut updating = Updating {
        call: &call,
        fields: &fields,
        draft,
        changes,
        stored: StoredOnce::default(),
    };
    let changed = call.desk.change(number, attempt, &mut updating).await?;
    Written::of(changed, &once)?.answer(&call, &once).await
}

/// A change, worked out from the ticket as it is: a whole list of tags replaces what is there now, a safe update is refused
/// where somebody else was first.
struct Updating<'a> {
    call: &'a Call,
    fields: &'a TicketFields,
    draft: Option<Draft>,
    changes: Update,
    /// Where text and files lie.
    stored: StoredOnce,
}

impl Want<ApiError> for Updating<'_> {
    async fn want(&mut self, on: Try) -> Result<Option<Wish>, ApiError> {
        let (call, fields, ticket) = (self.call, self.fields, on.ticket);
        if fields.safe_update == Some(true) {
            check_stamp(fields.updated_stamp, &ticket)?;
        }
        let (add_tags, remove_tags) = tag_changes(fields, &ticket);
        let copies = fields.copies(call, &ticket, None).await?;
        let followers = fields.followers(call, &ticket).await?;
        let mut update = Update {
            add_followers: followers.add,
            remove_followers: followers.remove,
            add_tags,
            remove_tags,
            add_ccs: copies.add,
            remove_ccs: copies.remove,
            ..self.changes.clone()
        };
        let mut wish = Wish { ..Wish::default() };
        if let Some(draft) = self.draft.clone() {
            let (comment, actor) = draft.on_ticket_of(ticket.requester, call.caller.id);
            let words = self.stored.words(&call.desk, ticket.number, &comment).await?;
            let (comment, facts) = comment.stored(&words);
            update.comment = Some(facts);
            wish.comments.push(comment);
            wish.actor = Some(actor);
        }
        wish.commands.push(Command::Update(Box::new(update)));
        Ok(Some(wish))
    }
}

/// A safe update is refused when the ticket changed after the caller's stamp, which has whole seconds.
pub(crate) fn check_stamp(stamp: Option<Timestamp>, ticket: &Ticket) -> Result<(), ApiError> {
    let stamp = stamp.ok_or_else(|| ApiError::blank("updated_stamp"))?;
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

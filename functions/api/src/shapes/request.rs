//! A ticket as the one who asked sees it, and its public comments. Nothing stands here that is for agents.

use super::{comment::content, time, via::via_channel};
use crate::{comment_texts::FullComment, fields::values::in_portal, kit::address::Address};
use docket_domain::{
    OrganizationId,
    people::person::Person,
    ticket::{Status, Ticket},
};
use serde_json::{Value, json};

/// What a request is shown with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a> {
    /// Its first public comment, as far as it is known.
    pub first: Option<&'a FullComment>,
    /// The organization of whoever asked.
    pub organization: Option<OrganizationId>,
    /// Whether whoever looks is the one who asked.
    pub is_own: bool,
}

/// The request.
pub(crate) fn request(address: &Address, ticket: &Ticket, shown: &Shown<'_>) -> Value {
    let is_solved = !ticket.status.is_unsolved();
    let book = address.book();
    let values = in_portal(&book.rules.fields, ticket);
    let first = shown.first.filter(|first| first.comment.public);
    json!({
        "id": ticket.number,
        "url": address.resource(&format!("/requests/{}", ticket.number)),
        "subject": ticket.subject,
        "description": first.map_or("", |first| first.body.text.as_str()),
        "status": ticket.status,
        "priority": ticket.priority,
        "type": ticket.ticket_type,
        "via": via_channel(&ticket.channel),
        "requester_id": ticket.requester,
        "organization_id": shown.organization,
        "assignee_id": ticket.assignee,
        "group_id": ticket.group,
        "collaborator_ids": ticket.ccs,
        "email_cc_ids": ticket.ccs,
        "is_public": true,
        "can_be_solved_by_me": shown.is_own && can_be_solved(ticket),
        "solved": is_solved,
        "due_at": null,
        "recipient": null,
        "followup_source_id": ticket.follows,
        "custom_status_id": null,
        "custom_fields": values,
        "fields": values,
        "ticket_form_id": ticket.form,
        "created_at": time(ticket.created_at),
        "updated_at": time(ticket.updated_at),
    })
}

/// Whether the one who asked can say that it is solved: somebody works on it, and it is not yet.
pub(crate) fn can_be_solved(ticket: &Ticket) -> bool {
    ticket.assignee.is_some() && !matches!(ticket.status, Status::New | Status::Solved | Status::Closed)
}

/// A public comment.
pub(crate) fn request_comment(address: &Address, ticket: &Ticket, full: &FullComment) -> Value {
    let mut comment = content(address, ticket.number, full);
    let id = comment.get("id").cloned().unwrap_or_default();
    let path = format!("/requests/{}/comments/{id}", ticket.number);
    comment.insert("url".to_owned(), json!(address.resource(&path)));
    comment.insert("request_id".to_owned(), json!(ticket.number));
    comment.insert("created_at".to_owned(), json!(time(full.comment.at)));
    Value::Object(comment)
}

/// Somebody who wrote, as far as everybody on a request sees them: of who works here an alias stands for the name.
pub(crate) fn author(person: &Person) -> Value {
    let is_agent = person.role.is_staff();
    let name = person.alias.as_ref().filter(|_| is_agent).unwrap_or(&person.name);
    json!({
        "id": person.id,
        "name": name,
        "photo": null,
        "agent": is_agent,
        "organization_id": if is_agent { None } else { person.organization },
    })
}

//! What a call says, and where it goes.

use crate::EgressError;
use docket_domain::{
    GroupId, PersonId, TicketNumber,
    contact::{comment::AttachmentRef, file_link::attachment_path},
    outbox::{StatusChange, Work},
    ticket::{Priority, Status},
};
use docket_store::{Store, queue::CallOrder, secrets::WEBHOOKS_CHANNEL};
use serde_json::{Value, json};

/// Where a call goes, whose secret signs it, and what it says.
pub(crate) struct Payload<'o> {
    pub url: &'o str,
    pub channel: &'o str,
    pub kind: &'static str,
    pub data: Value,
}

/// What an order is to say; nothing where it is none to call anybody.
pub(crate) async fn payload<'o>(
    store: &Store,
    order: &'o CallOrder,
) -> Result<Option<Payload<'o>>, EgressError> {
    let ticket = order.item.id.ticket;
    Ok(Some(match &order.item.work {
        Work::Call {
            channel,
            url,
            status,
            changed,
            external_id,
            ..
        } => {
            let mut data = json!({
                "ticket": { "id": ticket, "status": status, "external_id": external_id },
                "message": message(store, order).await?,
            });
            if let Some(changed) = changed {
                data["changes"] = changes(*changed);
            }
            Payload {
                url,
                channel,
                kind: "message.created",
                data,
            }
        }
        Work::StatusCall {
            channel,
            url,
            changed,
            external_id,
        } => Payload {
            url,
            channel,
            kind: "ticket.updated",
            data: json!({
                "ticket": { "id": ticket, "status": changed.to, "external_id": external_id },
                "changes": changes(*changed),
            }),
        },
        Work::Webhook {
            url,
            firing,
            status,
            priority,
            group,
            assignee,
        } => Payload {
            url,
            channel: WEBHOOKS_CHANNEL,
            kind: "sla.escalated",
            data: json!({
                "ticket": in_brief(ticket, *status, (*priority, *group, *assignee)),
                "sla": firing,
            }),
        },
        Work::RuleCall {
            url,
            rule,
            name,
            status,
            priority,
            group,
            assignee,
        } => Payload {
            url,
            channel: WEBHOOKS_CHANNEL,
            kind: "rule.ran",
            data: json!({
                "ticket": in_brief(ticket, *status, (*priority, *group, *assignee)),
                "rule": { "id": rule, "name": name },
            }),
        },
        Work::Mail { .. } => return Ok(None),
    }))
}

/// An answer: who says what, with links to its files that begin to work now.
async fn message(store: &Store, order: &CallOrder) -> Result<Value, EgressError> {
    let ticket = order.item.id.ticket;
    let Work::Call {
        comment_v,
        body,
        text,
        html,
        author,
        author_name,
        files,
        files_at,
        ..
    } = &order.item.work
    else {
        return Ok(Value::Null);
    };
    let (text, html) = match text {
        Some(text) => (text.clone(), html.clone()),
        None => {
            let body = store.blobs().body(ticket, body).await?;
            (body.text, body.html)
        }
    };
    let (role, name) = if author.is_of_the_desk() {
        ("system", Some(&store.settings.brand_name))
    } else {
        ("agent", author_name.as_ref())
    };
    let files = match files_at {
        Some(list) => store.blobs().json(ticket, list).await?,
        None => files.clone(),
    };
    let mut message = json!({
        "id": ticket.child_id(*comment_v),
        "author_id": author,
        "author_role": role,
        "author_name": name,
        "text": text,
        "attachments": attachments(store, (ticket, *comment_v), &files).await?,
    });
    if let Some(html) = html {
        message["html"] = html.into();
    }
    Ok(message)
}

/// The files of an answer. Where the desk has no address or no key, they have no link.
async fn attachments(
    store: &Store,
    (ticket, comment_v): (TicketNumber, u64),
    files: &[AttachmentRef],
) -> Result<Vec<Value>, EgressError> {
    if files.is_empty() {
        return Ok(vec![]);
    }
    let keys = store.file_link_keys().await?;
    let root = &store.settings.public_url;
    let key = keys.first().filter(|_| !root.is_empty());
    let link = |place| {
        let path = attachment_path(ticket, comment_v, place);
        let link = key?.link(&store.settings.tenant, &path, store.now());
        Some(format!("{root}/api/v2{link}"))
    };
    let file = |(place, file): (u64, &AttachmentRef)| {
        let mut shown = json!({
            "name": file.name,
            "content_type": file.content_type,
            "size": file.bytes,
            "url": link(place),
        });
        if let Some(id) = &file.content_id {
            shown["content_id"] = json!(id);
        }
        shown
    };
    Ok((0..).zip(files).map(file).collect())
}

fn changes(changed: StatusChange) -> Value {
    json!({ "status": changed })
}

/// A ticket as a system of the operator's is told of it.
fn in_brief(
    number: TicketNumber,
    status: Status,
    (priority, group, assignee): (Option<Priority>, Option<GroupId>, Option<PersonId>),
) -> Value {
    json!({
        "id": number,
        "status": status,
        "priority": priority,
        "group_id": group,
        "assignee_id": assignee,
    })
}

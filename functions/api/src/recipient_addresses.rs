//! `recipient_addresses`: the desk's mailboxes, their aliases, and what is written in their name.

use crate::{
    kit::{
        call::{API, Call, Ids},
        configuration::done,
        error::ApiError,
        idempotency::Once,
        input::{Sent, at_most, flag, is_email, removable_id, removable_text, text},
        paging::Paging,
    },
    shapes::recipient_address::recipient_address,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::setup::SetupChange;
use docket_domain::{
    GroupId,
    configuration::{
        LONGEST_NAME, LONGEST_TEMPLATE, MOST_ADDRESSES, MOST_MAILBOXES, Mailbox, MailboxError, MailboxPart,
        Setup,
    },
};
use docket_mail::TemplateKind;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// A mailbox as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(deserialize_with = "text")]
    email: Option<String>,
    #[serde(deserialize_with = "text")]
    name: Option<String>,
    default: Option<bool>,
    docket: Extras,
}

/// What the shape has no place for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Extras {
    aliases: Option<Vec<String>>,
    #[serde(deserialize_with = "removable_id")]
    group_id: Option<Option<u64>>,
    #[serde(deserialize_with = "removable_text")]
    signature: Option<Option<String>>,
    #[serde(deserialize_with = "removable_text")]
    answer_template: Option<Option<String>>,
    #[serde(deserialize_with = "removable_text")]
    acknowledgement_template: Option<Option<String>>,
    #[serde(deserialize_with = "removable_text")]
    acknowledgement_subject: Option<Option<String>>,
    #[serde(deserialize_with = "flag")]
    is_silent: Option<bool>,
    contact_forms: Option<Vec<String>>,
}

/// `GET recipient_addresses`, the default one first.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let setup = call.desk.setup().await?;
    let paging = Paging::of(&call.address);
    let window = paging.window(setup.mailboxes.len() as u64);
    let rows = window.of(&setup.mailboxes).into_iter();
    let rows = rows.map(|mailbox| recipient_address(&call.address, &setup, mailbox));
    let envelope = paging.envelope(&call.address, "recipient_addresses", rows.collect(), &window);
    Ok(Json(Value::Object(envelope)))
}

/// `GET recipient_addresses/{id}`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let setup = call.desk.setup().await?;
    shown(&call, &setup, id).map(Json)
}

/// `POST recipient_addresses`.
pub(crate) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let fields = read(&call, &sent).await?;
    let once = Once::of(&call, &sent)?;
    if once.earlier(&call).await?.is_some() {
        return repeated(&call, &once, &fields).await;
    }
    let changed = call
        .desk
        .change_setup(call.changed_by(once.cause.as_str()), once.guards(true), |setup| {
            let mut mailbox = Mailbox {
                id: setup.next_mailbox_id(),
                ..Mailbox::default()
            };
            fields.put_into(&mut mailbox);
            if setup.mailboxes.len() >= MOST_MAILBOXES {
                return Err(ApiError::invalid(
                    "email",
                    format!("a desk has at most {MOST_MAILBOXES}"),
                ));
            }
            let id = mailbox.id;
            setup.last_mailbox_id = id;
            place(setup, mailbox, fields.default, &call.desk.settings.mail_domain)?;
            Ok(id)
        })
        .await?;
    match changed {
        SetupChange::Done(setup, id) => {
            let shown = Json(shown(&call, &setup, id)?);
            Ok(once.mark((StatusCode::CREATED, shown).into_response(), false))
        }
        SetupChange::Refused(error) => Err(error),
        SetupChange::Repeated(answer) => {
            once.same(answer)?;
            repeated(&call, &once, &fields).await
        }
    }
}

/// The mailbox that an earlier call of the same key made.
async fn repeated(call: &Call, once: &Once, fields: &Fields) -> Result<Response, ApiError> {
    let setup = call.desk.setup().await?;
    let address = fields.email.as_deref().unwrap_or_default();
    let made = setup.mailbox(address).ok_or(ApiError::Missing)?;
    let shown = Json(shown(call, &setup, made.id)?);
    Ok(once.mark((StatusCode::CREATED, shown).into_response(), true))
}

/// `PUT recipient_addresses/{id}`.
pub(crate) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let fields = read(&call, &sent).await?;
    let change = call
        .desk
        .change_setup(call.changed_by(API), vec![], |setup| {
            let mut mailbox = setup.mailbox_of_id(id).cloned().ok_or(ApiError::Missing)?;
            // What was taken in is known by it.
            if fields
                .email
                .as_ref()
                .is_some_and(|email| *email != mailbox.address)
            {
                return Err(ApiError::invalid(
                    "email",
                    "can't be changed: make another mailbox",
                ));
            }
            fields.put_into(&mut mailbox);
            place(setup, mailbox, fields.default, &call.desk.settings.mail_domain)
        })
        .await?;
    let setup = done(change)?;
    shown(&call, &setup, id).map(Json)
}

/// `DELETE recipient_addresses/{id}`. Mail to it is held from then on, and answers to its tickets go on to leave from it.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<u64>) -> Result<StatusCode, ApiError> {
    let change = call
        .desk
        .change_setup(call.changed_by(API), vec![], |setup| {
            let at = setup.mailboxes.iter().position(|mailbox| mailbox.id == id);
            match at.ok_or(ApiError::Missing)? {
                0 => Err(ApiError::Conflict(
                    "The default mailbox can't be removed: make another one the default first.",
                )),
                at => {
                    setup.last_mailbox_id = setup.next_mailbox_id() - 1;
                    setup.mailboxes.remove(at);
                    Ok(())
                }
            }
        })
        .await?;
    done(change)?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(call: &Call, setup: &Setup, id: u64) -> Result<Value, ApiError> {
    let mailbox = setup.mailbox_of_id(id).ok_or(ApiError::Missing)?;
    Ok(json!({ "recipient_address": recipient_address(&call.address, setup, mailbox) }))
}

/// Reads and checks what does not depend on the other mailboxes.
async fn read(call: &Call, sent: &Sent) -> Result<Fields, ApiError> {
    let mut fields: Fields = sent.read("recipient_address")?;
    let extras = &mut fields.docket;
    for (field, addresses) in [
        ("docket.aliases", &mut extras.aliases),
        ("docket.contact_forms", &mut extras.contact_forms),
    ] {
        for address in addresses.iter_mut().flatten() {
            *address = address.trim().to_lowercase();
            if !is_email(address) {
                return Err(ApiError::invalid(
                    field,
                    format!("{address:?} is not a mail address"),
                ));
            }
        }
        if addresses.as_ref().is_some_and(|all| all.len() > MOST_ADDRESSES) {
            return Err(ApiError::invalid(
                field,
                format!("has at most {MOST_ADDRESSES} addresses"),
            ));
        }
    }
    if let Some(email) = &mut fields.email {
        *email = email.trim().to_lowercase();
    }
    for (field, value, longest) in [
        ("name", &fields.name, LONGEST_NAME),
        (
            "docket.acknowledgement_subject",
            &extras.acknowledgement_subject.clone().flatten(),
            LONGEST_NAME,
        ),
    ] {
        at_most(field, value.as_deref(), longest)?;
        if value
            .as_deref()
            .is_some_and(|value| value.contains(char::is_control))
        {
            return Err(ApiError::invalid(field, "has to be one line"));
        }
    }
    for (field, kind, template) in [
        ("docket.signature", TemplateKind::Signature, &extras.signature),
        (
            "docket.answer_template",
            TemplateKind::Answer,
            &extras.answer_template,
        ),
        (
            "docket.acknowledgement_template",
            TemplateKind::Acknowledgement,
            &extras.acknowledgement_template,
        ),
    ] {
        let Some(Some(template)) = template else { continue };
        at_most(field, Some(template), LONGEST_TEMPLATE)?;
        docket_mail::check_template(kind, template)
            .map_err(|error| ApiError::invalid(field, error.to_string()))?;
    }
    if let Some(Some(group)) = extras.group_id
        && call.desk.groups().get(GroupId(group)).await?.is_none()
    {
        return Err(ApiError::invalid("docket.group_id", "is no group's id"));
    }
    Ok(fields)
}

impl Fields {
    fn put_into(&self, mailbox: &mut Mailbox) {
        fn put<T: Clone>(sent: &Option<T>, into: &mut T) {
            if let Some(sent) = sent {
                into.clone_from(sent);
            }
        }
        let extras = &self.docket;
        put(&self.email, &mut mailbox.address);
        put(&self.name, &mut mailbox.name);
        put(&extras.aliases, &mut mailbox.aliases);
        put(&extras.signature, &mut mailbox.signature);
        put(&extras.answer_template, &mut mailbox.answer_template);
        put(
            &extras.acknowledgement_template,
            &mut mailbox.acknowledgement_template,
        );
        put(
            &extras.acknowledgement_subject,
            &mut mailbox.acknowledgement_subject,
        );
        put(&extras.is_silent, &mut mailbox.is_silent);
        put(&extras.contact_forms, &mut mailbox.contact_forms);
        if let Some(group) = extras.group_id {
            mailbox.group = group.map(GroupId);
        }
    }
}

/// Puts a mailbox among the others: in front of them where it is to be the default, in its place where it is known.
fn place(
    setup: &mut Setup,
    mailbox: Mailbox,
    default: Option<bool>,
    mail_domain: &str,
) -> Result<(), ApiError> {
    setup
        .check_mailbox(&mailbox, mail_domain)
        .map_err(|(part, error)| match error {
            MailboxError::Taken(_) => ApiError::taken(field_of(part)),
            MailboxError::NoAddress(_) if part == MailboxPart::Address => {
                ApiError::invalid("email", "is not a mail address")
            }
            error => ApiError::invalid(field_of(part), error.to_string()),
        })?;
    let known = setup.mailboxes.iter().position(|other| other.id == mailbox.id);
    let at = match (default, known) {
        (Some(true), _) => 0,
        (_, Some(at)) => at,
        (_, None) => setup.mailboxes.len(),
    };
    if let Some(known) = known {
        setup.mailboxes.remove(known);
    }
    setup.mailboxes.insert(at.min(setup.mailboxes.len()), mailbox);
    Ok(())
}

fn field_of(part: MailboxPart) -> &'static str {
    match part {
        MailboxPart::Address => "email",
        MailboxPart::Aliases(_) => "docket.aliases",
        MailboxPart::ContactForms(_) => "docket.contact_forms",
        MailboxPart::Name => "name",
        MailboxPart::AcknowledgementSubject => "docket.acknowledgement_subject",
        MailboxPart::Signature => "docket.signature",
        MailboxPart::AnswerTemplate => "docket.answer_template",
        MailboxPart::AcknowledgementTemplate => "docket.acknowledgement_template",
    }
}

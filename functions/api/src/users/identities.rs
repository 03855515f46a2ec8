//! `users/{id}/identities`: by what somebody is recognised. An identity has one person.

use super::changing::{Looked, change, standing};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        input::{Sent, at_most, flag, is_email, text},
        paging::Paging,
    },
    shapes::time,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_domain::people::person::{Identity, LONGEST_PERSON_TEXT, MOST_IDENTITIES, Person};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// The channel under which somebody is found who was made without anything to recognise them by: the identity is the idempotency key
/// of the call, and nothing that they are recognised by elsewhere.
pub(super) const API_CALLS: &str = "api-call";
/// The types that clients know; here there are none of most.
const TYPES: &[&str] = &[
    "email",
    "phone_number",
    "any_channel",
    "foreign",
    "twitter",
    "facebook",
    "google",
    "agent_forwarding",
    "sdk",
    "messaging",
];
/// Fewest digits of a telephone number.
const FEWEST_DIGITS: usize = 3;

/// An identity as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(rename = "type", deserialize_with = "text")]
    kind: Option<String>,
    #[serde(deserialize_with = "text")]
    value: Option<String>,
    #[serde(deserialize_with = "flag")]
    verified: Option<bool>,
    #[serde(deserialize_with = "flag")]
    primary: Option<bool>,
}

/// The identity that a type and a value mean.
///
/// # Errors
/// When they mean none that can be made here.
pub(super) fn identity_of(kind: Option<&str>, value: Option<&str>) -> Result<Identity, ApiError> {
    let value = value.map(str::trim).filter(|value| !value.is_empty());
    let value = value.ok_or_else(|| ApiError::blank("value"))?;
    at_most("value", Some(value), LONGEST_PERSON_TEXT)?;
    match kind {
        None => Err(ApiError::blank("type")),
        Some("email") if is_email(value) => Ok(Identity::email(value)),
        Some("email") => Err(ApiError::invalid("value", "is not a mail address")),
        Some("phone_number") => {
            let is_part = |c: char| c.is_ascii_digit() || " +-()./".contains(c);
            let digits = value.chars().filter(char::is_ascii_digit).count();
            if digits < FEWEST_DIGITS || !value.chars().all(is_part) {
                return Err(ApiError::invalid("value", "is not a telephone number"));
            }
            Ok(Identity::Phone(value.to_owned()))
        }
        Some(_) => Err(ApiError::invalid(
            "type",
            "is email or phone_number: others are made by the channels they are of",
        )),
    }
}

/// The identity; nothing for what is none to others.
pub(super) fn shape(call: &Call, person: &Person, identity: &Identity) -> Option<Value> {
    let (kind, value) = match identity {
        Identity::Email(address) => ("email", address),
        Identity::Phone(number) => ("phone_number", number),
        Identity::Channel(channel, _) if channel == API_CALLS => return None,
        Identity::Channel(_, id) => ("any_channel", id),
        Identity::External(id) => ("foreign", id),
    };
    let note = person.note_of(identity);
    let dead = person.undeliverable.as_ref();
    let is_dead = dead.is_some_and(|dead| dead.address.eq_ignore_ascii_case(value));
    let path = format!("/users/{}/identities/{}", person.id, note.id);
    Some(json!({
        "id": note.id,
        "url": call.address.resource(&path),
        "user_id": person.id,
        "type": kind,
        "value": value,
        "verified": note.verified,
        "primary": person.is_primary(identity),
        "verification_method": null,
        "undeliverable_count": u8::from(is_dead),
        "deliverable_state": if is_dead { "undeliverable" } else { "deliverable" },
        "created_at": time(note.created_at),
        "updated_at": time(note.updated_at),
    }))
}

fn find(person: &Person, id: u64) -> Result<Identity, ApiError> {
    let mut all = person.identities.iter();
    let is_hidden =
        |identity: &Identity| matches!(identity, Identity::Channel(channel, _) if channel == API_CALLS);
    let found = all.find(|identity| identity.number() == id && !is_hidden(identity));
    found.cloned().ok_or(ApiError::Missing)
}

fn one(call: &Call, person: &Person, identity: &Identity) -> Json<Value> {
    Json(json!({ "identity": shape(call, person, identity) }))
}

/// `GET users/{id}/identities`; `type=` or `type[]=` leaves out those of other types.
pub(crate) async fn list(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = standing(&call, id).await?;
    let asked = call.address.query.iter();
    let types: Vec<&str> = asked
        .filter(|(name, _)| name == "type" || name == "type[]")
        .map(|(_, kind)| kind.as_str())
        .collect();
    if types.iter().any(|kind| !TYPES.contains(kind)) {
        return Err(ApiError::invalid(
            "type",
            format!("is one of {}", TYPES.join(", ")),
        ));
    }
    Ok(listed(&call, &person, &types))
}

/// The identities of somebody, the one that answers go to first: all, or those of these types.
fn listed(call: &Call, person: &Person, types: &[&str]) -> Json<Value> {
    let mut identities = person.identities.clone();
    identities.sort_by_key(|identity| !person.is_primary(identity));
    let rows = identities
        .iter()
        .filter_map(|identity| shape(call, person, identity));
    let is_asked = |row: &Value| types.is_empty() || types.iter().any(|kind| row["type"] == *kind);
    let rows: Vec<Value> = rows.filter(is_asked).collect();
    let paging = Paging::of(&call.address);
    let window = paging.window(rows.len() as u64);
    let page = window.of(&rows).into_iter().cloned().collect();
    let envelope = paging.envelope(&call.address, "identities", page, &window);
    Json(Value::Object(envelope))
}

/// `GET users/{id}/identities/{identity}`.
pub(crate) async fn show(call: Call, Ids((id, identity)): Ids<(u64, u64)>) -> Result<Json<Value>, ApiError> {
    let person = standing(&call, id).await?;
    let found = find(&person, identity)?;
    Ok(one(&call, &person, &found))
}

/// `POST users/{id}/identities`.
pub(crate) async fn create(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let fields: Fields = sent.read("identity")?;
    let identity = identity_of(fields.kind.as_deref(), fields.value.as_deref())?;
    let now = call.desk.now();
    let looked = Looked {
        free: Some(identity.clone()),
        ..Looked::default()
    };
    let (person, ()) = change(&call, id, looked, |person| {
        if person.identities.len() >= MOST_IDENTITIES {
            let words = format!("has {MOST_IDENTITIES} identities, more are not possible");
            return Err(ApiError::invalid("base", words));
        }
        person.note_identity(&identity, fields.verified.unwrap_or_default(), now);
        person.identities.push(identity.clone());
        let is_first = match &identity {
            Identity::Email(_) => person.email.is_none(),
            _ => person.phone.is_none(),
        };
        if is_first || fields.primary == Some(true) {
            become_primary(person, &identity);
        }
        Ok(())
    })
    .await?;
    Ok((StatusCode::CREATED, one(&call, &person, &identity)).into_response())
}

/// Answers go there from now on.
fn become_primary(person: &mut Person, identity: &Identity) {
    match identity {
        Identity::Email(address) => {
            // What is known of the one before stays known.
            if let Some(before) = person.email.clone().map(|email| Identity::email(&email))
                && person.identities.contains(&before)
            {
                let verified = person.note_of(&before).verified;
                let at = person.note_of(&before).updated_at;
                person.note_identity(&before, verified, at);
            }
            person.email = Some(address.clone());
            person.verified = person.note_of(identity).verified;
        }
        Identity::Phone(number) => person.phone = Some(number.clone()),
        Identity::Channel(..) | Identity::External(_) => {}
    }
}

/// `PUT users/{id}/identities/{identity}`: verified, or another value.
pub(crate) async fn update(
    call: Call,
    Ids((id, identity)): Ids<(u64, u64)>,
    sent: Sent,
) -> Result<Json<Value>, ApiError> {
    let fields: Fields = sent.read("identity")?;
    let now = call.desk.now();
    let known = find(&standing(&call, id).await?, identity)?;
    let kind = match &known {
        Identity::Email(_) => "email",
        Identity::Phone(_) => "phone_number",
        Identity::Channel(..) | Identity::External(_) => "",
    };
    let wanted = match &fields.value {
        Some(value) => Some(identity_of(Some(kind), Some(value))?),
        None => None,
    };
    let wanted = wanted.filter(|wanted| *wanted != known);
    let looked = Looked {
        free: wanted.clone(),
        ..Looked::default()
    };
    let (person, changed) = change(&call, id, looked, |person| {
        let known = find(person, identity)?;
        if fields.kind.as_deref().is_some_and(|said| said != kind) {
            return Err(ApiError::invalid("type", "stays as it is"));
        }
        let is_primary = person.is_primary(&known);
        if fields.primary == Some(true) && !is_primary {
            return Err(ApiError::invalid("primary", "is set with make_primary"));
        }
        let was_verified = person.note_of(&known).verified;
        if fields.verified == Some(false) && was_verified {
            return Err(ApiError::invalid("verified", "can't be taken back"));
        }
        let mut now_is = known.clone();
        if let Some(wanted) = &wanted {
            let place = person
                .identities
                .iter()
                .position(|one| *one == known)
                .unwrap_or(0);
            let had_phone =
                matches!(&known, Identity::Phone(number) if person.phone.as_ref() == Some(number));
            person.drop_identity(&known);
            person.note_identity(wanted, fields.verified.unwrap_or_default(), now);
            person
                .identities
                .insert(place.min(person.identities.len()), wanted.clone());
            if is_primary || had_phone {
                become_primary(person, wanted);
            }
            now_is = wanted.clone();
        }
        if fields.verified == Some(true) && !person.note_of(&now_is).verified {
            person.note_identity(&now_is, true, now);
        }
        Ok(now_is)
    })
    .await?;
    Ok(one(&call, &person, &changed))
}

/// `DELETE users/{id}/identities/{identity}`.
pub(crate) async fn destroy(
    call: Call,
    Ids((id, identity)): Ids<(u64, u64)>,
) -> Result<StatusCode, ApiError> {
    change(&call, id, Looked::default(), |person| {
        let known = find(person, identity)?;
        let is_only = person.identities.len() == 1 && person.role.is_staff();
        if is_only {
            let words = "is all by which somebody who works here is recognised";
            return Err(ApiError::invalid("base", words));
        }
        person.drop_identity(&known);
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT users/{id}/identities/{identity}/make_primary`: answers go there; the answer is all of them.
pub(crate) async fn make_primary(
    call: Call,
    Ids((id, identity)): Ids<(u64, u64)>,
) -> Result<Json<Value>, ApiError> {
    let (person, ()) = change(&call, id, Looked::default(), |person| {
        let known = find(person, identity)?;
        if !matches!(known, Identity::Email(_) | Identity::Phone(_)) {
            return Err(ApiError::invalid("primary", "can be an address or a number only"));
        }
        become_primary(person, &known);
        Ok(())
    })
    .await?;
    Ok(listed(&call, &person, &[]))
}

/// `PUT users/{id}/identities/{identity}/verify`.
pub(crate) async fn verify(
    call: Call,
    Ids((id, identity)): Ids<(u64, u64)>,
) -> Result<Json<Value>, ApiError> {
    let now = call.desk.now();
    let (person, known) = change(&call, id, Looked::default(), |person| {
        let known = find(person, identity)?;
        if !person.note_of(&known).verified {
            person.note_identity(&known, true, now);
        }
        Ok(known)
    })
    .await?;
    Ok(one(&call, &person, &known))
}

/// `PUT users/{id}/identities/{identity}/request_verification`: there are no passwords here that such a mail would lead to.
pub(crate) async fn request_verification(
    call: Call,
    Ids((id, identity)): Ids<(u64, u64)>,
) -> Result<Response, ApiError> {
    let person = standing(&call, id).await?;
    find(&person, identity)?;
    Err(ApiError::Forbidden(
        "This desk sends no mails that ask for a verification. `verify` says that an identity is verified.",
    ))
}

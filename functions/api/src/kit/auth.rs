//! Who calls: Basic with `email/token:TOKEN`, or Bearer with the token alone; either way its owner.

use crate::kit::error::ApiError;
use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use docket_desk::Desk;
use docket_domain::{
    PersonId,
    people::{
        person::{Identity, Person},
        staff::Role,
    },
};
use http::{HeaderMap, header::AUTHORIZATION};

/// Programs disagree on whether the padding belongs to it.
const ANY_PADDING: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a caller shows.
#[derive(Debug, PartialEq, Eq)]
enum Credentials {
    /// A token, and an address of its owner.
    For { email: String, token: String },
    /// A token, used for the person it was made for.
    Own { token: String },
}

/// The person a call is made by, or whom an admin names in `X-On-Behalf-Of`. Who was suspended calls nothing.
pub(crate) async fn authenticate(desk: &Desk, headers: &HeaderMap) -> Result<Person, ApiError> {
    let credentials = credentials(headers).ok_or(ApiError::Unauthenticated)?;
    let (Credentials::For { token, .. } | Credentials::Own { token }) = &credentials;
    let stored = desk.api_token(token).await?.ok_or(ApiError::Unauthenticated)?;
    // A token is its owner's. An address beside it says whose it is, and makes nobody else of them.
    let owner = desk.people().get(stored.person).await?;
    let is_owners = |person: &Person| match &credentials {
        Credentials::For { email, .. } => person.identities.contains(&Identity::email(email)),
        Credentials::Own { .. } => true,
    };
    let person = heard(owner.filter(is_owners).ok_or(ApiError::Unauthenticated)?)?;
    match headers.get("x-on-behalf-of") {
        None => Ok(person),
        Some(_) if person.role != Role::Admin => {
            Err(ApiError::Forbidden("Only admins may call on behalf of others."))
        }
        Some(named) => {
            let named = named.to_str().unwrap_or_default();
            heard(on_whose_behalf(desk, named.trim()).await?)
        }
    }
}

/// Whom the header names, by id or by an address that is theirs for certain.
async fn on_whose_behalf(desk: &Desk, named: &str) -> Result<Person, ApiError> {
    let identity = Identity::email(named);
    let found = match named.parse() {
        Ok(id) => desk.people().get(PersonId(id)).await?,
        Err(_) => match desk.people().find(&identity).await? {
            Some(person) if !person.is_named_by(&identity) => {
                return Err(ApiError::unconfirmed("X-On-Behalf-Of", person.id));
            }
            found => found,
        },
    };
    found.ok_or(ApiError::Forbidden("X-On-Behalf-Of names nobody known here."))
}

/// Whoever asked for something that is done now, as they are now: they may work here no more.
pub(crate) async fn who_works_here(desk: &Desk, id: PersonId) -> Result<Person, ApiError> {
    let person = desk.people().get(id).await?;
    let person = heard(person.ok_or(ApiError::Unauthenticated)?)?;
    if person.role.is_staff() {
        Ok(person)
    } else {
        Err(ApiError::Forbidden("Only agents and admins may use this API."))
    }
}

/// Whoever may call at all: a record that stands, of somebody who is not suspended.
fn heard(person: Person) -> Result<Person, ApiError> {
    if !person.is_standing() {
        return Err(ApiError::Unauthenticated);
    }
    if person.is_suspended() {
        return Err(ApiError::Forbidden("This user is suspended."));
    }
    Ok(person)
}

fn credentials(headers: &HeaderMap) -> Option<Credentials> {
    let (scheme, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return (!rest.is_empty()).then(|| Credentials::Own {
            token: rest.to_owned(),
        });
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(ANY_PADDING.decode(rest).ok()?).ok()?;
    let (user, token) = decoded.split_once(':')?;
    let email = user.strip_suffix("/token")?;
    (!email.is_empty() && !token.is_empty()).then(|| Credentials::For {
        email: email.to_owned(),
        token: token.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: Option<Credentials>) {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, header.parse().unwrap());
        assert_eq!(credentials(&headers), expected, "{header}");
    }

    fn basic(text: &str) -> String {
        format!("Basic {}", ANY_PADDING.encode(text))
    }

    #[test]
    fn a_token_is_shown_with_an_address_or_alone() {
        let ann = || {
            Some(Credentials::For {
                email: "ann@example.com".into(),
                token: "t0k".into(),
            })
        };
        check(&basic("ann@example.com/token:t0k"), ann());
        check(basic("ann@example.com/token:t0k").trim_end_matches('='), ann());
        check("bearer t0k", Some(Credentials::Own { token: "t0k".into() }));
    }

    #[test]
    fn a_password_is_no_credential() {
        check(&basic("ann@example.com:secret"), None);
    }

    #[test]
    fn half_a_credential_is_none() {
        check(&basic("/token:t0k"), None);
        check(&basic("ann@example.com/token:"), None);
        check("Basic %%%", None);
        check("Bearer ", None);
        check("Digest x", None);
    }
}

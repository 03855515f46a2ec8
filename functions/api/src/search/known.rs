//! People and organizations by what is known of them: name, part of a name, mail, phone, id.

use super::{
    find::{Page, request, told},
    rows::{rows, without_type},
};
use crate::kit::{
    call::Call,
    error::ApiError,
    input::{Sent, text},
};
use axum::Json;
use docket_domain::people::{
    organization::Claim,
    person::{Identity, Person},
};
use docket_search::{Found, Kind, SearchRequest, Wanted, digits_of, words};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Fewest characters of a name that is completed.
const FEWEST_CHARACTERS: usize = 2;

type Answer = Result<(HeaderMap, Json<Value>), ApiError>;

/// What was typed so far, as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    #[serde(deserialize_with = "text")]
    name: Option<String>,
    #[serde(deserialize_with = "text")]
    phone: Option<String>,
    #[serde(deserialize_with = "text")]
    filter: Option<String>,
}

/// Of what the part is that was typed.
enum Part {
    /// A name, or whatever else of somebody is words.
    Name(String),
    /// A telephone number: its digits.
    Phone(String),
}

/// `GET users/search?query=` (the language of queries) or `?external_id=`.
pub(crate) async fn search_users(call: Call) -> Answer {
    search(call, Kind::Person, "users").await
}

/// `GET users/autocomplete?name=`: those whose names, addresses or numbers have words that begin so; `?phone=`: those whose numbers do.
/// Of `filter=assignable` those who can be given tickets.
pub(crate) async fn autocomplete_users(call: Call) -> Answer {
    complete_users(call, Typed::default()).await
}

/// `POST users/autocomplete`: the same, asked in the body or the address.
pub(crate) async fn autocomplete_users_by_body(call: Call, sent: Sent) -> Answer {
    complete_users(call, sent.read_whole_if_any()?).await
}

/// `GET organizations/search?external_id=`, `?name=` or `?query=`.
pub(crate) async fn search_organizations(call: Call) -> Answer {
    search(call, Kind::Organization, "organizations").await
}

/// `GET organizations/autocomplete?name=`: those whose names or domains have words that begin so.
pub(crate) async fn autocomplete_organizations(call: Call) -> Answer {
    let typed = call.address.parameter("name").map(|text| text.trim().to_owned());
    let typed = typed.ok_or_else(|| ApiError::blank("name"))?;
    check_length("name", &typed)?;
    listed(
        call,
        Wanted::Beginning(Kind::Organization, typed),
        "organizations",
    )
    .await
}

/// Names and ids that only one can have are looked up where they stand: whoever asks whether a record is there is answered as of now.
async fn search(call: Call, kind: Kind, name: &'static str) -> Answer {
    let parameter = |name: &str| call.address.parameter(name).map(|text| text.trim().to_owned());
    let (id, query, named) = (parameter("external_id"), parameter("query"), parameter("name"));
    let number = match (kind, id, query, named) {
        (_, None, Some(query), _) => return listed(call, Wanted::QueryOf(kind, query), name).await,
        (Kind::Organization, Some(id), ..) => organization(&call, Claim::External(id)).await?,
        (Kind::Organization, None, None, Some(named)) => organization(&call, Claim::Name(named)).await?,
        (_, Some(id), ..) => {
            let person = call.desk.people().find(&Identity::External(id)).await?;
            person.map(|person| person.id.0)
        }
        (Kind::Ticket | Kind::Person, None, None, Some(named)) => {
            return listed(call, Wanted::Beginning(kind, named), name).await;
        }
        (_, None, None, None) => {
            let why = match kind {
                Kind::Organization => "Say what to look for: external_id=…, name=… or query=….",
                Kind::Ticket | Kind::Person => "Say what to look for: query=… or external_id=….",
            };
            return Err(ApiError::BadRequest(why.to_owned()));
        }
    };
    let page = Page::of_known(&call)?;
    let count = u64::from(number.is_some());
    let found = number.map(|number| one(kind, number)).into_iter();
    let found: Vec<Found> = found.skip(page.skip()).collect();
    let shown = shown(&call, &page, (&found, count), name).await?;
    Ok((HeaderMap::new(), shown))
}

async fn organization(call: &Call, claim: Claim) -> Result<Option<u64>, ApiError> {
    let found = call.desk.organizations().find(&claim).await?;
    Ok(found.map(|organization| organization.id.0))
}

fn check_length(field: &str, typed: &str) -> Result<(), ApiError> {
    if typed.chars().count() < FEWEST_CHARACTERS {
        let words = format!("must have {FEWEST_CHARACTERS} characters or more");
        return Err(ApiError::invalid(field, words));
    }
    Ok(())
}

async fn complete_users(call: Call, typed: Typed) -> Answer {
    let said = |sent: Option<String>, name: &str| {
        let said = sent.or_else(|| call.address.parameter(name).map(str::to_owned));
        said.map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let filter = said(typed.filter, "filter");
    let typed = match (said(typed.name, "name"), said(typed.phone, "phone")) {
        (Some(name), None) => Part::Name(name),
        (None, Some(phone)) => Part::Phone(digits_of(&phone)),
        (Some(_), Some(_)) => return Err(ApiError::invalid("phone", "can't be asked for beside name")),
        (None, None) => return Err(ApiError::blank("name")),
    };
    match &typed {
        Part::Name(name) => check_length("name", name)?,
        Part::Phone(digits) => check_length("phone", digits)?,
    }
    match filter.as_deref() {
        // Whoever is known can ask something.
        None | Some("requester") => {
            let wanted = match typed {
                Part::Name(name) => Wanted::Beginning(Kind::Person, name),
                Part::Phone(digits) => Wanted::Phone(digits),
            };
            listed(call, wanted, "users").await
        }
        Some("assignable") => assignable(&call, &typed).await,
        Some(_) => Err(ApiError::BadRequest(
            "A filter is assignable or requester.".to_owned(),
        )),
    }
}

/// Those who can be given tickets, of all who work here: few, and looked through as they are now.
async fn assignable(call: &Call, typed: &Part) -> Answer {
    let mut groups = call.desk.groups().all().await?;
    groups.retain(|group| !group.is_archived);
    let mut staff = call.desk.agents().all().await?;
    staff.retain(|person| {
        let takes_tickets = groups.iter().any(|group| person.groups.contains(&group.id));
        takes_tickets && !person.is_suspended() && begins(person, typed)
    });
    let page = Page::of_known(call)?;
    let rows = staff.iter().skip(page.skip()).take(page.size as usize);
    let found: Vec<Found> = rows.map(|person| one(Kind::Person, person.id.0)).collect();
    let shown = shown(call, &page, (&found, staff.len() as u64), "users").await?;
    Ok((HeaderMap::new(), shown))
}

/// Whether all words of a text are somebody's, the last perhaps not typed to its end; or whether it is a part of their number.
fn begins(person: &Person, typed: &Part) -> bool {
    let number = person.phone.as_deref().map(digits_of).unwrap_or_default();
    let typed = match typed {
        Part::Phone(digits) => return number.contains(digits),
        Part::Name(typed) => typed,
    };
    let is_number = typed.chars().all(|c| c.is_ascii_digit());
    if is_number && number.contains(typed) {
        return true;
    }
    let known = words(&person.name);
    let known: Vec<_> = known
        .into_iter()
        .chain(person.email.as_deref().map(words).unwrap_or_default())
        .collect();
    let typed = words(typed);
    let last = typed.len().saturating_sub(1);
    !typed.is_empty()
        && typed.iter().enumerate().all(|(at, word)| {
            let mut known = known.iter();
            match at == last {
                true => known.any(|of| of.text.starts_with(&word.text)),
                false => known.any(|of| of.text == word.text),
            }
        })
}

fn one(kind: Kind, number: u64) -> Found {
    Found {
        kind,
        number,
        place: None,
    }
}

async fn listed(call: Call, wanted: Wanted, name: &'static str) -> Answer {
    let page = Page::of_known(&call)?;
    let request = SearchRequest {
        skip: page.skip(),
        take: page.size as usize,
        ..request(&call, wanted)
    };
    let answer = call.desk.find(request).await?;
    let shown = shown(&call, &page, (&answer.found, answer.count), name).await?;
    Ok((told(&answer), shown))
}

async fn shown(
    call: &Call,
    page: &Page,
    (found, count): (&[Found], u64),
    name: &'static str,
) -> Result<Json<Value>, ApiError> {
    let (rows, beside) = rows(call, found).await?;
    let rows = rows.into_iter().map(without_type);
    let mut envelope = Map::new();
    envelope.insert(name.to_owned(), rows.collect());
    page.end(call, count, &mut envelope);
    beside.add_to(&mut envelope, call).await?;
    Ok(Json(Value::Object(envelope)))
}

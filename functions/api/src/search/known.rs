//! People and organizations by what is known of them: name, part of a name, mail, phone, id.

use super::{
    find::{Page, request, told},
    rows::rows,
};
use crate::kit::{call::Call, error::ApiError};
use axum::Json;
use docket_domain::people::{organization::Claim, person::Identity};
use docket_search::{Found, Kind, SearchRequest, Wanted};
use http::HeaderMap;
use serde_json::{Map, Value};

/// Fewest characters of a name that is completed.
const FEWEST_CHARACTERS: usize = 2;

type Answer = Result<(HeaderMap, Json<Value>), ApiError>;

/// `GET users/search?query=` (the language of queries) or `?external_id=`.
pub(crate) async fn search_users(call: Call) -> Answer {
    search(call, Kind::Person, "users").await
}

/// `GET users/autocomplete?name=`: those whose names, addresses or numbers have words that begin so.
pub(crate) async fn autocomplete_users(call: Call) -> Answer {
    autocomplete(call, Kind::Person, "users").await
}

/// `GET organizations/search?external_id=`, `?name=` or `?query=`.
pub(crate) async fn search_organizations(call: Call) -> Answer {
    search(call, Kind::Organization, "organizations").await
}

/// `GET organizations/autocomplete?name=`: those whose names or domains have words that begin so.
pub(crate) async fn autocomplete_organizations(call: Call) -> Answer {
    autocomplete(call, Kind::Organization, "organizations").await
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
    let found: Vec<Found> = number
        .map(|number| Found {
            kind,
            number,
            place: None,
        })
        .into_iter()
        .collect();
    let count = found.len() as u64;
    shown(&call, &Page::of(&call)?, (&found, count), name)
        .await
        .map(|shown| (HeaderMap::new(), shown))
}

async fn organization(call: &Call, claim: Claim) -> Result<Option<u64>, ApiError> {
    let found = call.desk.organizations().find(&claim).await?;
    Ok(found.map(|organization| organization.id.0))
}

async fn autocomplete(call: Call, kind: Kind, name: &'static str) -> Answer {
    let typed = call.address.parameter("name").map(|text| text.trim().to_owned());
    let typed = typed.ok_or_else(|| ApiError::blank("name"))?;
    if typed.chars().count() < FEWEST_CHARACTERS {
        let words = format!("must have {FEWEST_CHARACTERS} characters or more");
        return Err(ApiError::invalid("name", words));
    }
    listed(call, Wanted::Beginning(kind, typed), name).await
}

async fn listed(call: Call, wanted: Wanted, name: &'static str) -> Answer {
    let page = Page::of(&call)?;
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
    let (mut rows, referred) = rows(call, found).await?;
    for row in &mut rows {
        if let Some(row) = row.as_object_mut() {
            row.remove("result_type");
        }
    }
    let mut envelope = Map::new();
    envelope.insert(name.to_owned(), Value::Array(rows));
    page.end(call, count, &mut envelope);
    referred.add_to(&mut envelope, call).await?;
    Ok(Json(Value::Object(envelope)))
}

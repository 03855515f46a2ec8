//! Looking at a view: its rows, or its tickets as other lists show them.

use super::{
    columns::{Called, listed, row},
    fields::ViewFields,
    output::{is_descending, order_of, ordered_by},
    paging::ViewPaging,
    seen, shape,
};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        input::Sent,
    },
    search::told,
    shapes::{group::group, organization::organization, user::user},
    sideloads::Referred,
    tickets,
};
use axum::Json;
use docket_domain::{
    PersonId, TicketNumber, ViewId,
    ticket::Ticket,
    view::{View, ViewSort},
};
use docket_search::{Asker, Basis, PageEnd, SearchAnswer, SearchRequest, ViewOrder, ViewQuestion, Wanted};
use http::HeaderMap;
use serde_json::{Map, Value};

/// Columns of a view that names none.
const COLUMNS: [&str; 5] = ["nice_id", "subject", "requester", "created", "status"];

type Answer = Result<(HeaderMap, Json<Value>), ApiError>;

/// `GET views/{id}/execute`: its rows in its order, or in the one that the call asks for.
pub(super) async fn execute(call: Call, Ids(id): Ids<u64>) -> Answer {
    let view = seen(&call, id).await?;
    rows_of(&call, view).await
}

/// `POST views/preview`: the same of a view that is not saved.
pub(super) async fn preview(call: Call, sent: Sent) -> Answer {
    let view = sent_view(&call, &sent).await?;
    rows_of(&call, view).await
}

/// `GET views/{id}/tickets`.
pub(super) async fn tickets(call: Call, Ids(id): Ids<u64>) -> Answer {
    let view = seen(&call, id).await?;
    let page = Page::of(&call, &view).await?;
    let (rows, referred) = tickets::rows(&call, &page.heads).await?;
    let mut envelope = Map::new();
    envelope.insert("tickets".to_owned(), Value::Array(rows));
    page.paging.end(&call, &page.answer, &mut envelope);
    referred.add_to(&mut envelope, &call).await?;
    Ok((told(&page.answer), Json(Value::Object(envelope))))
}

/// A view that is only looked at.
pub(super) async fn sent_view(call: &Call, sent: &Sent) -> Result<View, ApiError> {
    let fields: ViewFields = sent.read("view")?;
    let mut view = View::new(ViewId(0), "", call.desk.now());
    fields.checked(call).await?.put_into(&mut view)?;
    Ok(view)
}

/// A page of a view's tickets.
struct Page {
    paging: ViewPaging,
    answer: SearchAnswer,
    heads: Vec<Ticket>,
}

impl Page {
    async fn of(call: &Call, view: &View) -> Result<Self, ApiError> {
        let order = order_asked_for(call, view)?;
        let paging = ViewPaging::of(call, order)?;
        let answer = ask(call, view, order, (paging.skip, paging.take), paging.after).await?;
        let heads = heads_of(call, &answer).await?;
        Ok(Self {
            paging,
            answer,
            heads,
        })
    }
}

/// The tickets that were found, in that order, as they are now.
pub(super) async fn heads_of(call: &Call, answer: &SearchAnswer) -> Result<Vec<Ticket>, ApiError> {
    let numbers: Vec<TicketNumber> = answer
        .found
        .iter()
        .map(|found| TicketNumber(found.number))
        .collect();
    let mut heads = call.desk.heads_now(&numbers).await?;
    let place = |head: &Ticket| numbers.iter().position(|number| *number == head.number);
    heads.sort_by_key(place);
    Ok(heads)
}

/// Asks whoever has the index for tickets of a view.
pub(super) async fn ask(
    call: &Call,
    view: &View,
    order: ViewOrder,
    (skip, take): (usize, usize),
    after: Option<PageEnd>,
) -> Result<SearchAnswer, ApiError> {
    let question = ViewQuestion {
        all: view.all.clone(),
        any: view.any.clone(),
        groups: call.caller.groups.clone(),
        order,
    };
    let request = SearchRequest {
        by: Asker::Staff(Some(call.caller.id)),
        wanted: Wanted::View(question),
        sort_by: None,
        sort_order: None,
        skip,
        take,
        after,
        time_zone: call.caller.time_zone.clone(),
        with_snippets: false,
        with_facets: false,
    };
    let answer = call.desk.find(request).await?;
    // Only that of queries is made of the newest alone.
    debug_assert!(answer.basis != Basis::Heads, "a view is answered whole");
    Ok(answer)
}

/// The view's order, or the one that the call asks for instead.
fn order_asked_for(call: &Call, view: &View) -> Result<ViewOrder, ApiError> {
    let mut output = view.output.clone();
    let asked = |by: &str, order: &str, is_group: bool, sort: &mut Option<ViewSort>| {
        let parameter = |name: &str| call.address.parameter(name).filter(|text| !text.is_empty());
        let descending = parameter(order)
            .map(|text| is_descending(text, order))
            .transpose()?;
        if let Some(column) = parameter(by) {
            let turned = column.strip_prefix('-');
            *sort = Some(ViewSort {
                column: ordered_by(turned.unwrap_or(column), by, is_group)?,
                descending: descending.unwrap_or(turned.is_some()),
            });
        } else if let (Some(descending), Some(sort)) = (descending, sort) {
            sort.descending = descending;
        }
        Ok::<(), ApiError>(())
    };
    asked("group_by", "group_order", true, &mut output.group)?;
    asked("sort", "sort_order", false, &mut output.sort)?;
    asked("sort_by", "sort_order", false, &mut output.sort)?;
    Ok(order_of(&output))
}

async fn rows_of(call: &Call, view: View) -> Answer {
    let page = Page::of(call, &view).await?;
    let (shown, referred) = tickets::rows(call, &page.heads).await?;
    let mut columns = view.output.columns.clone();
    if columns.is_empty() {
        columns = COLUMNS.map(str::to_owned).to_vec();
    }
    let mut envelope = Map::new();
    let called = put_referred(call, referred, &mut envelope).await?;
    // What they are grouped by stands in each row.
    let mut of_row = columns.clone();
    if let Some(group) = &view.output.group
        && let Ok(column) = super::columns::column_named(&group.column, "group_by")
        && !of_row.contains(&column)
    {
        of_row.push(column);
    }
    let rows = page.heads.iter().zip(&shown);
    let rows = rows.map(|(head, shown)| Value::Object(row(&of_row, head, shown, &called)));
    envelope.insert("rows".to_owned(), rows.collect());
    let columns = columns.iter().map(|column| listed(column));
    envelope.insert("columns".to_owned(), columns.collect());
    envelope.insert("view".to_owned(), shape::view(&call.address, &view));
    page.paging.end(call, &page.answer, &mut envelope);
    Ok((told(&page.answer), Json(Value::Object(envelope))))
}

/// Puts people, groups and organizations that rows refer to into an answer, and tells what they are called.
async fn put_referred(
    call: &Call,
    referred: Referred,
    envelope: &mut Map<String, Value>,
) -> Result<Called, ApiError> {
    let ids: Vec<PersonId> = referred.people.iter().copied().collect();
    let mut people = call.desk.people().get_many(&ids).await?;
    people.sort_by_key(|person| person.id);
    let mut groups = call.desk.groups().all().await?;
    groups.retain(|row| referred.groups.contains(&row.id));
    let mut organizations = referred.organizations;
    organizations.sort_by_key(|row| row.id);
    organizations.dedup_by_key(|row| row.id);
    let default = call.desk.setup().await?.default_group;
    let rows = people.iter().map(|person| user(&call.address, person));
    envelope.insert("users".to_owned(), rows.collect());
    let rows = groups.iter().map(|row| group(&call.address, row, default));
    envelope.insert("groups".to_owned(), rows.collect());
    let rows = organizations.iter().map(|row| organization(&call.address, row));
    envelope.insert("organizations".to_owned(), rows.collect());
    Ok(Called {
        people: people.into_iter().map(|row| (row.id.0, row.name)).collect(),
        groups: groups.into_iter().map(|row| (row.id.0, row.name)).collect(),
        organizations: organizations
            .into_iter()
            .map(|row| (row.id.0, row.name))
            .collect(),
    })
}

/// What a view's tickets show in columns, for whoever writes them down.
pub(super) async fn cells(
    call: &Call,
    columns: &[String],
    heads: &[Ticket],
) -> Result<Vec<Map<String, Value>>, ApiError> {
    let (shown, referred) = tickets::rows(call, heads).await?;
    let called = put_referred(call, referred, &mut Map::new()).await?;
    let rows = heads.iter().zip(&shown);
    Ok(rows
        .map(|(head, shown)| row(columns, head, shown, &called))
        .collect())
}

/// The columns that a view shows.
pub(super) fn columns_of(view: &View) -> Vec<String> {
    match view.output.columns.is_empty() {
        true => COLUMNS.map(str::to_owned).to_vec(),
        false => view.output.columns.clone(),
    }
}

//! The list of tickets.

use super::{
    list_reading::{Read, beside, read, saved_view},
    proven::ProofOf,
};
use crate::{
    access::may_change_view,
    came_from::CameFrom,
    failure::Failure,
    frame::Frame,
    models::{
        bulk::{Act, Told},
        due::Here,
        list_menus::{Known, ListMenus},
        listed::{Rows, rows},
        outcome::Outcome,
        view_edit::SavedShown,
    },
    session::SignedIn,
    views::{
        ROWS, View,
        address::ListAddress,
        filters::Filter,
        keyed::{Listed, number_in_words},
    },
};
use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use docket_desk::Desk;
use docket_domain::{
    OrganizationId,
    job::JobId,
    people::{organization::Claim, person::Identity, staff::Role},
};

#[derive(Template)]
#[template(path = "tickets.html")]
struct TicketsPage {
    frame: Frame,
    title: String,
    empty: (&'static str, &'static str),
    sections: Vec<Rows>,
    from: CameFrom,
    /// The address of the page as forms send it back.
    here: String,
    view: View,
    /// How many there are in all, in words; empty where that is not known.
    total: String,
    /// The first and the last row, such as "1–50 of 120".
    range_words: String,
    previous: Option<String>,
    next: Option<String>,
    overdue: String,
    soon: String,
    menus: ListMenus,
    /// What is to be known about the list, in words.
    said: Vec<String>,
    problem: Option<String>,
    done: Option<Done>,
    /// Whether more than this page has can be changed at once.
    has_more: bool,
    /// Tells one form from another one with the same ticks.
    once: String,
    /// What is known of the view that was saved, if this is one.
    saved: Option<SavedShown>,
    may_share: bool,
    first_day: String,
    rows_of_a_page: usize,
}

/// What became of what was done to several tickets.
struct Done {
    words: String,
    /// The job that goes on with it.
    job: Option<JobId>,
    /// What the form that puts it back sends; empty where nothing can be.
    undo: String,
    proof: String,
}

/// What is to be said on the page of a list beside its rows.
#[derive(Default)]
pub struct Said {
    /// What is wrong with what was asked.
    pub problem: Option<String>,
    /// The status of the answer.
    pub status: StatusCode,
    /// The name that was typed for the view and could not be saved.
    pub typed_title: Option<String>,
}

/// The page.
pub async fn show(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let address = ListAddress::read(&query);
    if address.is_garbled() {
        return Err(Failure::Missing);
    }
    match typed(&desk, &query, address).await? {
        Typed::Nothing(address) => page(&desk, &signed_in, (&address, &query), Said::default()).await,
        Typed::Found(address) => Ok(Redirect::to(&address.href()).into_response()),
        Typed::Unknown(address, problem) => {
            let said = Said {
                problem: Some(problem),
                ..Said::default()
            };
            page(&desk, &signed_in, (&address, ""), said).await
        }
    }
}

/// What became of the names that were typed into the form of the filters.
enum Typed {
    /// Nothing was typed.
    Nothing(ListAddress),
    /// All are known: where the list is that is narrowed to them.
    Found(ListAddress),
    /// One is not.
    Unknown(ListAddress, String),
}

/// Looks up a customer's address and an organization's name.
async fn typed(desk: &Desk, query: &str, mut address: ListAddress) -> Result<Typed, Failure> {
    let mut is_typed = false;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        let (filter, id, what) = match name.as_ref() {
            "who" => {
                let person = desk.people().find(&Identity::email(value)).await?;
                (
                    Filter::Requester,
                    person.map(|person| person.id.to_string()),
                    t!("No customer has the address {address}.", address = value),
                )
            }
            "org" => {
                let claim = Claim::Name(value.to_owned());
                let organization = desk.organizations().find(&claim).await?;
                (
                    Filter::Organization,
                    organization.map(|organization| organization.id.to_string()),
                    t!("There is no organization {name}.", name = value),
                )
            }
            _ => continue,
        };
        is_typed = true;
        match id {
            Some(id) => address.filters.add(filter, &id),
            None => return Ok(Typed::Unknown(address, what)),
        }
    }
    Ok(match is_typed {
        true => Typed::Found(address),
        false => Typed::Nothing(address),
    })
}

/// The page of a list, with something to say beside it.
pub async fn page(
    desk: &Desk,
    signed_in: &SignedIn,
    (address, query): (&ListAddress, &str),
    said: Said,
) -> Result<Response, Failure> {
    let groups = desk.groups().all().await?;
    let view = address.view();
    if matches!(view, View::Group(id) if !groups.iter().any(|group| group.id == id)) {
        return Err(Failure::Missing);
    }
    let saved = saved_view(desk, signed_in, view).await?;
    let (frame, read) = tokio::try_join!(
        Frame::of_view(desk, signed_in, &groups, view),
        read(desk, signed_in, (address, saved.as_ref()), &groups)
    )?;
    let Read {
        listed,
        is_by_due,
        silent,
    } = read;
    let done = done_in(signed_in, query);
    let staff = signed_in.kept.staff(desk).await?;
    let book = desk.rules().book().await?;
    let beside = beside(desk, signed_in.person.id, &listed.tickets, &groups, {
        let asked = address.filters.requesters().chain(address.filters.assignees());
        asked
            .chain(done.iter().filter_map(|(act, _)| act.person()))
            .collect()
    })
    .await?;
    let organizations: Vec<OrganizationId> = address.filters.organizations().collect();
    let organizations = match organizations.is_empty() {
        true => vec![],
        false => desk.organizations().get_many(&organizations).await?,
    };
    let known = Known {
        me: &signed_in.person,
        groups: &groups,
        staff: &staff,
        organizations: &organizations,
        names: &beside.names,
        rules: &book.rules,
    };
    let menus = ListMenus::of(address, &known);
    let here = Here::of(desk.now());
    // An admin looks at views, too, that do not stand at their left.
    let title = saved
        .as_ref()
        .map_or_else(|| frame.back.clone(), |view| view.title.clone());
    let urgent = listed.urgent.unwrap_or_default();
    let number = |number: usize| match number {
        0 => String::new(),
        some => number_in_words(some),
    };
    let total = total(&listed, &frame.back_count);
    let page = TicketsPage {
        title,
        range_words: range_in_words(&listed, &total),
        total,
        empty: match address.is_narrowed() {
            true => (t!("No ticket fits"), t!("Take a filter away to see more.")),
            false => view.empty(),
        },
        sections: rows(&listed.tickets, &beside, &here, is_by_due),
        from: CameFrom::list_at(&with_view(address)),
        here: address.parameters(),
        view,
        previous: listed.previous.as_ref().map(ListAddress::href),
        next: listed.next.as_ref().map(ListAddress::href),
        overdue: number(urgent.overdue),
        soon: number(urgent.soon),
        menus,
        said: silent.into_iter().chain(listed.lacking.clone()).collect(),
        problem: said.problem,
        done: done.map(|(act, outcome)| {
            let told = Told {
                me: signed_in.person.id,
                names: &beside.names,
                rules: &book.rules,
            };
            Done::of(&act, &outcome, signed_in, &told)
        }),
        has_more: listed.next.is_some() || listed.previous.is_some(),
        once: desk.unguessable(),
        saved: saved.map(|view| {
            let person = &signed_in.person;
            let reader = (person.id, may_change_view(person, &view));
            SavedShown::of(&view, said.typed_title, reader, &groups)
        }),
        may_share: signed_in.person.role == Role::Admin,
        first_day: tomorrow(&here),
        rows_of_a_page: ROWS,
        frame,
    };
    Ok((said.status, Html(page.render()?)).into_response())
}

/// The address with its view, so that a ticket opened from the landing page leads back to it.
fn with_view(address: &ListAddress) -> ListAddress {
    match address.known_view() {
        Some(_) => address.clone(),
        None => ListAddress::of(address.view()),
    }
}

fn tomorrow(here: &Here) -> String {
    let today = here.now.to_zoned(here.zone.clone()).date();
    today
        .tomorrow()
        .map_or_else(|_| String::new(), |day| day.to_string())
}

/// How many there are in all. What is all on one page is counted there: the counters may be a moment old.
fn total(listed: &Listed, counted: &str) -> String {
    let is_whole = listed.next.is_none() && listed.previous.is_none();
    match listed.count {
        _ if is_whole => number_in_words(listed.tickets.len()),
        Some(count) => number_in_words(count),
        None => counted.to_owned(),
    }
}

/// The first and the last row of a page, and of how many, where that is known.
fn range_in_words(listed: &Listed, total: &str) -> String {
    let first = listed.first_row;
    let last = first + listed.tickets.len().saturating_sub(1);
    match total {
        "" => t!("{first}–{last}", first, last),
        total => t!("{first}–{last} of {total}", first, last, total),
    }
}

impl Done {
    fn of(act: &Act, outcome: &Outcome, signed_in: &SignedIn, told: &Told<'_>) -> Self {
        let can_be_undone = !outcome.was.is_empty() && !outcome.is_undo;
        let undo = match can_be_undone {
            true => outcome.written(act),
            false => String::new(),
        };
        Self {
            words: outcome.said(act, told),
            job: outcome.job.clone(),
            proof: ProofOf::Bulk.made(signed_in, &undo),
            undo,
        }
    }
}

/// What an address says became of something, if it is true.
fn done_in(signed_in: &SignedIn, query: &str) -> Option<(Act, Outcome)> {
    let value = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let found = pairs.find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.into_owned())
    };
    let written = value("did")?;
    let proof = value("proof")?;
    ProofOf::Bulk
        .holds(signed_in, &written, &proof)
        .then(|| Outcome::read(&written))
        .flatten()
}

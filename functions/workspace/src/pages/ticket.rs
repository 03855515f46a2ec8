//! One ticket: thread, form, and why it is here.

use super::ticket_number;
use crate::{
    came_from::CameFrom,
    failure::Failure,
    frame::Frame,
    models::{
        comment::BlockKind,
        composer::Composer,
        copies::CopyField,
        merged::{self, MergedView},
        offered_macros,
        properties::{Earlier, MOST_EARLIER, Properties, earlier},
        reasons::{self, Reasons},
        saved::saved,
        timeline::{Entry, EventLine, timeline},
        typed::Typed,
    },
    names::Names,
    session::SignedIn,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use docket_desk::{BlobError, Decisions, Desk, TicketFile, TicketList, files::most_file_bytes};
use docket_domain::{
    Digest, GroupId, PersonId, TicketNumber,
    configuration::Group,
    contact::comment::{Comment, CommentBody},
    ticket::{Ticket, TicketEvent},
};
use docket_search::limits::are_all_searched;
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

/// Comments shown at first; the rest is one click away.
const FIRST_SHOWN: usize = 30;
/// Comments shown at most.
const MOST_SHOWN: usize = 300;

#[derive(Template)]
#[template(path = "ticket.html")]
struct TicketPage {
    frame: Frame,
    ticket: Properties,
    entries: Vec<Entry>,
    hidden: usize,
    /// Whether the search knows all of its comments.
    is_searched_whole: bool,
    composer: Composer,
    earlier: Vec<Earlier>,
    reasons: Reasons,
    /// What was just saved, in words; nothing where nothing was.
    saved: Option<String>,
    from: CameFrom,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    all: String,
    /// The first version of what was just saved; 0 where that is not known.
    saved: Option<u64>,
}

/// What a page of a ticket is to show.
#[derive(Default)]
struct Look {
    from: CameFrom,
    /// Most comments.
    most: usize,
    saved: Option<u64>,
    returned: Option<Returned>,
}

/// What is to be said when the form comes back instead of being done.
pub struct Returned {
    /// What was typed.
    pub typed: Typed,
    /// The names of the files that were chosen: a browser does not choose them again by itself.
    pub files: Vec<String>,
    /// What is wrong with it.
    pub problem: Option<String>,
    /// Events that the person had not seen.
    pub news: Vec<TicketEvent>,
    /// The status of the answer.
    pub status: StatusCode,
}

/// The page.
pub async fn show(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
    Query(from): Query<CameFrom>,
) -> Result<Response, Failure> {
    let number = ticket_number(&number)?;
    let file = desk
        .tickets()
        .standing_file(number)
        .await?
        .ok_or(Failure::Missing)?;
    let most = if wanted.all.is_empty() {
        FIRST_SHOWN
    } else {
        MOST_SHOWN
    };
    let look = Look {
        from,
        most,
        saved: wanted.saved,
        returned: None,
    };
    page(&desk, &signed_in, file, look).await
}

/// The page with the form as it was filled in.
pub async fn show_again(
    desk: &Desk,
    signed_in: &SignedIn,
    file: TicketFile,
    from: CameFrom,
    returned: Returned,
) -> Result<Response, Failure> {
    let look = Look {
        from,
        most: FIRST_SHOWN,
        saved: None,
        returned: Some(returned),
    };
    page(desk, signed_in, file, look).await
}

/// The page with what is wrong with something that was asked for beside its form.
pub async fn show_problem(
    desk: &Desk,
    signed_in: &SignedIn,
    (number, from): (TicketNumber, CameFrom),
    problem: String,
) -> Result<Response, Failure> {
    let file = desk
        .tickets()
        .standing_file(number)
        .await?
        .ok_or(Failure::Missing)?;
    let returned = Returned {
        typed: Typed::default(),
        files: vec![],
        problem: Some(problem),
        news: vec![],
        status: StatusCode::UNPROCESSABLE_ENTITY,
    };
    show_again(desk, signed_in, file, from, returned).await
}

/// The way to a ticket's page, which says what was saved.
pub fn to_saved(from: &CameFrom, number: TicketNumber, events: &[TicketEvent], anchor: &str) -> Response {
    let first_v = events.first().map_or(0, |event| event.v);
    let address = from.ticket_with(number, format!("saved={first_v}"));
    Redirect::to(&format!("{address}#{anchor}")).into_response()
}

async fn page(desk: &Desk, signed_in: &SignedIn, file: TicketFile, look: Look) -> Result<Response, Failure> {
    let Look {
        from,
        most,
        saved: saved_v,
        returned,
    } = look;
    let ticket = &file.ticket;
    let now = desk.now();
    let groups = desk.groups().all().await?;
    let frame = Frame::of_ticket(desk, signed_in, &groups, (&from, ticket.number)).await?;
    let members = candidates(desk, &file).await?;
    let triaged = reasons::triaged(&file.events);
    let assigned = reasons::assigned(&file.events);
    let triage_decision = decision(
        desk,
        ticket.number,
        triaged.map(|(_, digest)| digest),
        &file.decisions,
    )
    .await?;
    let assignment_decision: Option<docket_domain::assignment::Decision> = decision(
        desk,
        ticket.number,
        assigned.and_then(|(_, digest)| digest),
        &file.decisions,
    )
    .await?;
    let merged_files = desk.tickets().merged_files(ticket).await?;
    let mut people = people_of(&file);
    people.extend(
        merged::shown_of(ticket, &merged_files)
            .iter()
            .map(|(_, comment)| comment.author),
    );
    people.extend(members.iter().copied());
    people.insert(signed_in.person.id);
    people.extend(
        assignment_decision
            .iter()
            .flat_map(|decision| &decision.considered)
            .map(|considered| considered.agent),
    );
    let names = Names::read(desk, people, &groups).await?;
    let others = desk
        .tickets()
        .list(&TicketList::Person(ticket.requester), MOST_EARLIER + 1)
        .await?;

    let first = file.comments.len().saturating_sub(most);
    let first_v = if first == 0 { 0 } else { file.comments[first].v };
    let own = file.comments[first..]
        .iter()
        .map(|comment| (ticket.number, comment));
    let bodies = bodies(desk, own.collect()).await?;
    let bodies = bodies.into_iter().map(|((_, v), body)| (v, body)).collect();
    let merged_bodies = self::bodies(desk, merged::shown_of(ticket, &merged_files)).await?;
    let merged = MergedView::all(ticket, &merged_files, &merged_bodies, &names, now);
    let news: BTreeSet<u64> = returned
        .iter()
        .flat_map(|returned| returned.news.iter().map(|event| event.v))
        .collect();
    let typed = returned.as_ref().map(|returned| &returned.typed);
    let me = signed_in.person.id;
    let mut composer = Composer::of(ticket, &members, me, &names, desk.unguessable(), typed);
    let setup = desk.setup().await?;
    composer.copies = CopyField::of(&file, me, &names, &setup, typed);
    let book = desk.rules().book().await?;
    let put_in = typed.map_or_else(Vec::new, |typed| offered_macros::inserted(&book.rules, typed));
    composer.offer(&offered_macros::offered(&book.rules), &put_in);
    composer.most_file_bytes = most_file_bytes(desk.settings.is_local);
    let mut status = StatusCode::OK;
    if let Some(returned) = &returned {
        status = returned.status;
        composer.problem.clone_from(&returned.problem);
        composer.files_again = returned.files.join(", ");
        composer.news = returned
            .news
            .iter()
            .map(|event| EventLine::of(event, &names, now, true))
            .collect();
    }
    let mut properties = Properties::of(ticket, &names, now);
    properties.duplicate_of = reasons::duplicate_of(&file.events).map(|number| number.0);
    properties.above = above(ticket, &groups);
    let page = TicketPage {
        frame,
        ticket: properties,
        entries: timeline(&file, (bodies, merged), first_v, &news, &names, now),
        hidden: first,
        is_searched_whole: are_all_searched(file.comments.iter().map(|comment| comment.body.bytes)),
        composer,
        earlier: earlier(&others, ticket),
        reasons: Reasons {
            triage: triaged.map(|(event, _)| reasons::triage_reason(event, triage_decision, &names, now)),
            assignment: assigned
                .map(|(event, _)| reasons::assignment_reason(event, assignment_decision, &names, now)),
        },
        saved: saved_v.map(|first_v| saved(&file.events, first_v, me, &names)),
        from,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// The group above a ticket's own, if the ticket can go there.
fn above(ticket: &Ticket, groups: &[Group]) -> Option<(u64, String)> {
    let of = |id: GroupId| groups.iter().find(|group| group.id == id && !group.is_archived);
    let above = of(of(ticket.group?)?.assignment.escalates_to?)?;
    let can_go = ticket.status.is_unsolved();
    can_go.then(|| (above.id.0, above.name.clone()))
}

/// Who may be given the ticket: the members of its group, or of the group it will most likely go to.
pub async fn candidates(desk: &Desk, file: &TicketFile) -> Result<Vec<PersonId>, Failure> {
    let group = match file.ticket.group {
        Some(group) => group,
        None => desk.setup().await?.default_group,
    };
    Ok(desk.groups().members(group).await?)
}

fn people_of(file: &TicketFile) -> BTreeSet<PersonId> {
    use docket_domain::ticket::{Fact, fact};
    let mut people = BTreeSet::from([file.ticket.requester]);
    people.extend(file.ticket.assignee);
    people.extend(file.ticket.ccs.iter().copied());
    people.extend(file.comments.iter().map(|comment| comment.author));
    for event in &file.events {
        people.extend(event.actor.person());
        match &event.fact {
            Fact::CommentAdded(fact::CommentAdded { cc, .. }) => people.extend(cc),
            Fact::Assigned { assignee, .. } => people.extend([*assignee]),
            Fact::HandedBack { from, .. } => people.extend([*from]),
            Fact::CcsChanged { added, removed } => people.extend(added.iter().chain(removed)),
            Fact::FollowersChanged(changed) => people.extend(changed.added.iter().chain(&changed.removed)),
            Fact::AssigneeChanged { from, to, .. } => people.extend([from, to].into_iter().flatten()),
            _ => {}
        }
    }
    people
}

/// The texts of these comments, read at once; one that is not there is left out.
async fn bodies(
    desk: &Desk,
    comments: Vec<(TicketNumber, &Comment)>,
) -> Result<BTreeMap<(TicketNumber, u64), CommentBody>, Failure> {
    let mut reads = JoinSet::new();
    for (number, comment) in comments {
        let (desk, comment) = (desk.clone(), comment.clone());
        reads.spawn(async move { ((number, comment.v), desk.blobs().body_of(number, &comment).await) });
    }
    let mut bodies = BTreeMap::new();
    while let Some(read) = reads.join_next().await {
        let (v, body) = read?;
        if let Some(body) = unless_missing(body)? {
            bodies.insert(v, body);
        }
    }
    Ok(bodies)
}

async fn decision<D: DeserializeOwned>(
    desk: &Desk,
    number: TicketNumber,
    digest: Option<&Digest>,
    at_hand: &Decisions,
) -> Result<Option<D>, Failure> {
    match digest {
        Some(digest) => unless_missing(desk.tickets().decision(number, digest, at_hand).await),
        None => Ok(None),
    }
}

/// A page is shown without a blob that is gone: the rest of it is still of use.
fn unless_missing<T>(read: Result<T, BlobError>) -> Result<Option<T>, Failure> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(BlobError::Missing(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

//! The page of a ticket: what it reads, a bounded number of reads however long the ticket is, and how that comes together.

use super::{
    at_hand::AtHand,
    beside::{Beside, bodies, decision},
    kept_text::text_of,
};
use crate::{
    came_from::CameFrom,
    failure::Failure,
    frame::Frame,
    models::{
        comment::BlockKind,
        company::{Companion, company},
        composer::Composer,
        copies::CopyField,
        customer::Customer,
        due::Here,
        forward::{ForwardFields, usually_forwarded},
        links::{self, LinkView},
        merged::{self, MergedView},
        offered_macros,
        properties::Properties,
        property_form::{FieldInput, PropertyForm},
        queue::{self, Queue},
        reasons::{self, Reasons},
        recall::{Unsaved, Waiting},
        saved::saved,
        seen::Shown,
        timeline::{Entry, EventLine, mark_fresh, timeline},
        typed::{Kind, Typed},
    },
    names::Names,
    session::SignedIn,
    views::address::Page,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use docket_desk::{Desk, TicketFile, TicketPart, files::most_file_bytes};
use docket_domain::{
    GroupId, PersonId,
    configuration::Group,
    contact::{comment::Comment, tells::Tells},
    ticket::{Fact, Ticket, TicketEvent},
};
use docket_mail::{markdown_to_html, paragraphs};
use docket_search::limits::are_all_searched;
use futures_util::future::BoxFuture;
use std::collections::BTreeSet;

/// Comments shown at once; earlier ones have pages of their own.
pub const SHOWN: usize = 30;

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
    /// Whether to show what the text will look like.
    pub preview: bool,
    /// The status of the answer.
    pub status: StatusCode,
}

#[derive(Template)]
#[template(path = "ticket.html")]
struct TicketPage {
    frame: Frame,
    ticket: Properties,
    form: PropertyForm,
    entries: Vec<Entry>,
    earlier: Option<EarlierPart>,
    /// Whether this is the newest part.
    is_newest: bool,
    /// Whether the search knows all of its comments.
    is_searched_whole: bool,
    company: Vec<Companion>,
    waiting: Vec<Waiting>,
    unsaved: Option<Unsaved>,
    composer: Composer,
    queue: Option<Queue>,
    customer: Customer,
    links: Vec<LinkView>,
    reasons: Reasons,
    /// What was just saved, in words; nothing where nothing was.
    saved: Option<String>,
    from: CameFrom,
}

/// What was written before what is shown.
struct EarlierPart {
    /// Where it is shown.
    href: String,
    /// How much it is, as far as that is known.
    words: String,
}

/// What a page of a ticket is to show.
#[derive(Default)]
pub struct Look {
    pub from: CameFrom,
    /// Only what was written before this version.
    pub before: Option<u64>,
    pub saved: Option<u64>,
    /// The comment that is to be forwarded: its version.
    pub forward: Option<u64>,
    /// What is shown of it already to whoever saved something beside what they type.
    pub shown: Option<Shown>,
    pub returned: Option<Returned>,
}

/// The page of a part of a ticket: much to read, which has its own place in memory.
pub fn page<'a>(
    desk: &'a Desk,
    signed_in: &'a SignedIn,
    part: TicketPart,
    look: Look,
) -> BoxFuture<'a, Result<Response, Failure>> {
    Box::pin(made(desk, signed_in, part, look))
}

async fn made(
    desk: &Desk,
    signed_in: &SignedIn,
    mut part: TicketPart,
    look: Look,
) -> Result<Response, Failure> {
    let Look {
        from,
        before,
        saved: saved_v,
        forward: forward_v,
        shown: shown_before,
        mut returned,
    } = look;
    let from_v = cut(&mut part, before);
    let file = part.file;
    let ticket = &file.ticket;
    let (now, me) = (desk.now(), signed_in.person.id);
    let groups = desk.groups().all().await?;
    let frame = Frame::of_ticket(desk, signed_in, &groups, (&from, ticket.number)).await?;
    let members = candidates(desk, &file).await?;
    let triaged = reasons::triaged(&file.events);
    let assigned = reasons::assigned(&file.events);
    let digest = triaged.map(|(_, digest)| digest);
    let triage_decision = decision(desk, ticket.number, digest, &file.decisions).await?;
    let digest = assigned.and_then(|(_, digest)| digest);
    let assignment_decision: Option<docket_domain::assignment::Decision> =
        decision(desk, ticket.number, digest, &file.decisions).await?;
    let versions = from_v..before.unwrap_or(u64::MAX);
    let came = merged::came(&file.events, &versions);
    let tickets = desk.tickets();
    let merged_parts = tickets.merged_parts(ticket, &came, merged::MOST_SHOWN).await?;
    let beside = Beside::read(desk, (&file, &from), signed_in, &groups).await?;
    let at_hand = AtHand::of(desk, me, ticket).await?;
    let mut unsaved = match Unsaved::newest(&file.recallable, me) {
        Some(answer) => Some(Unsaved::of(answer, text_of(desk, answer).await?)),
        None => None,
    };
    // What somebody typed just now goes before what they took back.
    let sent = returned.as_ref().map(|returned| &returned.typed);
    // A draft was begun after what was taken back: with the sending it was forgotten.
    let draft = at_hand.draft.as_ref().map(|(typed, _)| typed);
    let typed = sent
        .filter(|typed| !typed.text.is_empty())
        .or(draft)
        .or(unsaved.as_ref().map(|unsaved| &unsaved.typed))
        .or(sent);
    let forwarded = forwarded(desk, &file, forward_v, typed).await?;
    let mut people = people_of(&file);
    people.extend(forwarded.iter().map(|comment| comment.author));
    let merged_shown = merged::shown_of(ticket, &merged_parts);
    people.extend(merged_shown.iter().map(|(_, comment)| comment.author));
    people.extend(members.iter().copied());
    people.insert(me);
    people.extend(at_hand.people());
    people.extend(queue::people_of(&beside.queue));
    let considered = assignment_decision
        .iter()
        .flat_map(|decision| &decision.considered);
    people.extend(considered.map(|considered| considered.agent));
    let names = Names::read(desk, people, &groups).await?;
    let requester = names.known(ticket.requester);
    let organization = match requester.and_then(|person| person.organization) {
        Some(id) => desk.organizations().get(id).await?,
        None => None,
    };

    let shown = file.comments.iter().filter(|comment| comment.v >= from_v);
    let own = shown.map(|comment| (ticket.number, comment));
    let own_bodies = bodies(desk, own.collect()).await?;
    let own_bodies = own_bodies.into_iter().map(|((_, v), body)| (v, body)).collect();
    let merged_bodies = bodies(desk, merged_shown).await?;
    let merged = MergedView::all(ticket, &merged_parts, &merged_bodies, &names, now);
    let mut waiting = Vec::new();
    for answer in file.recallable.iter().filter(|answer| answer.waits()) {
        waiting.push(Waiting::of(answer, text_of(desk, answer).await?, me, &names, now));
    }
    let news: BTreeSet<u64> = returned
        .iter()
        .flat_map(|returned| returned.news.iter().map(|event| event.v))
        .collect();
    let mut composer = Composer::of(ticket, &names, desk.unguessable(), typed);
    let setup = desk.setup().await?;
    composer.copies = CopyField::of(&file, me, &names, &setup, typed);
    let forwards = forwarded.as_ref();
    composer.forward = forwards.map(|comment| ForwardFields::of(comment, typed, &names, now));
    if forwards.is_some_and(|comment| Some(comment.v) == forward_v) {
        composer.kind = Kind::Forward;
    }
    let book = desk.rules().book().await?;
    let put_in = typed.map_or_else(Vec::new, |typed| offered_macros::inserted(&book.rules, typed));
    composer.offer(&offered_macros::offered(&book.rules), &put_in);
    composer.most_file_bytes = most_file_bytes(desk.settings.is_local);
    composer.draft_v = at_hand.draft_v();
    if let Some(shown) = shown_before {
        composer.seen = shown.past_own(&file, me);
    }
    composer.saw(&waiting);
    // What was typed instead of it does not take its place: it stays until its author goes on with it or lets go of it.
    if let Some(unsaved) = &mut unsaved {
        unsaved.is_apart = unsaved.name != composer.restores;
    }
    let unsaved_files = unsaved
        .iter()
        .filter(|unsaved| !unsaved.is_apart)
        .flat_map(|unsaved| &unsaved.files)
        .cloned()
        .collect();
    composer.ask_for_files_again(unsaved_files);
    let mut status = StatusCode::OK;
    if let Some(returned) = &mut returned {
        status = returned.status;
        composer.problem = returned.problem.take();
        composer.preview = returned.preview.then(|| in_html(&returned.typed.text));
        composer.ask_for_files_again(std::mem::take(&mut returned.files));
        composer.news = returned
            .news
            .iter()
            .map(|event| EventLine::of(event, &names, now, true))
            .collect();
    }
    let mut properties = Properties::of(ticket, &names, now);
    properties.above = above(ticket, &groups);
    let count = match from.address().page() {
        Page::First => frame.back_count.clone(),
        Page::After(_) | Page::Before(_) => String::new(),
    };
    let here = Here::of(now);
    let queue = beside.place.as_ref().map(|place| {
        let at = (ticket.number, &from);
        Queue {
            title: frame.back.clone(),
            ..Queue::of(place, &beside.queue, at, &count, &names, &here)
        }
    });
    composer.next = queue.as_ref().map(|queue| queue.next_number.clone());
    let mut entries = timeline(&file, (own_bodies, merged), versions, &news, &names, now);
    mark_fresh(&mut entries, &file.comments, (at_hand.marks.read_v, me));
    let page = TicketPage {
        form: PropertyForm::of(ticket, (&members, me), &groups, &book.rules.fields, &names),
        customer: Customer::of(ticket, &names, organization.as_ref(), &beside.others),
        links: links::shown(&beside.named, &beside.linked, ticket),
        frame,
        ticket: properties,
        earlier: earlier(&file, from_v, &from),
        is_newest: before.is_none(),
        is_searched_whole: are_all_searched(file.comments.iter().map(|comment| comment.body.bytes)),
        entries,
        company: company(&at_hand.marks, me, &names),
        waiting,
        unsaved,
        composer,
        queue,
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

/// Leaves so many comments of a ticket that was read whole as a page shows; from which version on it is shown.
fn cut(part: &mut TicketPart, before: Option<u64>) -> u64 {
    let is_whole = part.is_whole();
    let file = &mut part.file;
    if let Some(before) = before {
        file.comments.retain(|comment| comment.v < before);
    }
    if !is_whole {
        return part.from_v;
    }
    let first = file.comments.len().saturating_sub(SHOWN);
    if first == 0 { 0 } else { file.comments[first].v }
}

/// The comment that the form forwards: the one that was asked for, or that it was filled in for, else the one that is usually meant.
async fn forwarded(
    desk: &Desk,
    file: &TicketFile,
    asked: Option<u64>,
    typed: Option<&Typed>,
) -> Result<Option<Comment>, Failure> {
    let typed = typed.filter(|typed| typed.chosen_kind() == Kind::Forward);
    let shown = |v: u64| file.comments.iter().find(|comment| comment.v == v).cloned();
    if let Some(v) = asked.or_else(|| typed?.forward.comment()) {
        let found = match shown(v) {
            Some(comment) => Some(comment),
            None => desk.tickets().comment(file.ticket.number, v).await?,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(usually_forwarded(file).and_then(shown))
}

/// Who may be given the ticket: the members of its group, or of the group it will most likely go to.
pub async fn candidates(desk: &Desk, file: &TicketFile) -> Result<Vec<PersonId>, Failure> {
    let group = match file.ticket.group {
        Some(group) => group,
        None => desk.setup().await?.default_group,
    };
    Ok(desk.groups().members(group).await?)
}

fn earlier(file: &TicketFile, from_v: u64, from: &CameFrom) -> Option<EarlierPart> {
    if from_v <= 1 {
        return None;
    }
    // Of a long ticket nobody has counted them.
    let is_known = file.events.iter().zip(1..).all(|(event, v)| event.v == v);
    let words = if is_known {
        let messages = file.comments.iter().filter(|comment| comment.v < from_v).count();
        let events = file.events.iter().filter(|event| event.v < from_v).count() - messages;
        let messages = tn!("{count} earlier message", "{count} earlier messages", messages);
        let events = tn!("{count} event", "{count} events", events);
        t!("{messages} and {events}", messages, events)
    } else {
        t!("Earlier messages").to_owned()
    };
    Some(EarlierPart {
        href: from.ticket_with(file.ticket.number, format!("before_v={from_v}")),
        words,
    })
}

/// What a text will look like.
fn in_html(text: &str) -> String {
    markdown_to_html(text).unwrap_or_else(|| paragraphs(text))
}

/// The group above a ticket's own, if the ticket can go there.
fn above(ticket: &Ticket, groups: &[Group]) -> Option<(u64, String)> {
    let of = |id: GroupId| groups.iter().find(|group| group.id == id && !group.is_archived);
    let above = of(of(ticket.group?)?.assignment.escalates_to?)?;
    let can_go = ticket.status.is_unsolved();
    can_go.then(|| (above.id.0, above.name.clone()))
}

fn people_of(file: &TicketFile) -> BTreeSet<PersonId> {
    let mut people = BTreeSet::from([file.ticket.requester]);
    people.extend(file.ticket.assignee);
    people.extend(file.ticket.ccs.iter().copied());
    people.extend(file.ticket.followers.iter().copied());
    people.extend(file.recallable.iter().map(|answer| answer.id.author));
    people.extend(file.comments.iter().map(|comment| comment.author));
    for event in &file.events {
        people.extend(event.actor.person());
        match &event.fact {
            Fact::CommentAdded(added) => {
                people.extend(added.cc.iter().chain(&added.mentions));
                match &added.tells {
                    Some(Tells::Call(call)) => people.extend(call.with),
                    Some(Tells::Forward(forward)) => people.extend(&forward.to),
                    None => {}
                }
            }
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

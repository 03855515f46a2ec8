//! A macro for several tickets: what it will do, before it is done, and putting back what it did. It is run on each by the same command as on
//! one.

use super::{
    bulk_change::change_if,
    bulk_form::{Form, refused},
};
use crate::{
    failure::Failure,
    frame::Frame,
    models::{
        bulk::Act,
        macro_preview::{Line, Text, deeds, line, people_in, replies, stays, texts},
        macro_undo::{Back, Changes, SaveAt},
        outcome::Reason,
        put_back::sleeps_on,
    },
    names::Names,
    session::SignedIn,
    views::ROWS,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use docket_desk::{Attempt, Desk, StoreError};
use docket_domain::{
    Digest, PersonId, TicketNumber,
    rule::{Rule, RuleBook, Text as TextOfRule},
    ticket::{Actor, Command, Rules as _, Status, Ticket, fold},
};
use std::collections::BTreeMap;

/// Digits of the digest that names what is shown.
const SHOWN_DIGITS: usize = 16;
/// Longest history, in events, that is read for what fields had before.
const MOST_READ_BACK: u64 = 2_000;

#[derive(Template)]
#[template(path = "bulk_macro.html")]
struct MacroPage {
    frame: Frame,
    name: String,
    /// The button's word that runs it.
    act: String,
    /// How many tickets it is run on.
    count: usize,
    deeds: Vec<String>,
    texts: Vec<Text>,
    /// The tickets; the first of very many.
    lines: Vec<Line>,
    /// The newest comment of each, where one that comes meanwhile is to stop it.
    seen: Vec<(TicketNumber, u64)>,
    /// Whether all tickets of a list are meant.
    all: bool,
    /// What no undo takes back, in words.
    stays: Vec<&'static str>,
    /// The address of the list as forms send it back, and as a link.
    list: String,
    back: String,
    once: String,
    /// By what it is seen that what is done is what this shows.
    shown: String,
    /// Whether another was shown before.
    is_again: bool,
}

/// Shows what a macro will do. Nothing is changed.
pub async fn preview(
    desk: &Desk,
    signed_in: &SignedIn,
    form: &Form,
    (rule, book): (&Rule, &RuleBook),
    all: Option<Vec<TicketNumber>>,
) -> Result<Response, Failure> {
    let is_again = form.act != Act::CHOSEN_MACRO;
    let seen_as = shown(rule, all.as_ref().map(Vec::len));
    let numbers = all.unwrap_or_else(|| form.ticked.iter().copied().collect());
    let first: Vec<TicketNumber> = numbers.iter().copied().take(ROWS).collect();
    let groups = desk.groups().all().await?;
    let address = form.address();
    let (frame, tickets) =
        tokio::try_join!(Frame::of_view(desk, signed_in, &groups, address.view()), async {
            Ok::<_, Failure>(desk.tickets().get_many(&first).await?)
        })?;
    if tickets.is_empty() {
        let problem = t!("Nothing was changed: none of these tickets is there any more.");
        return refused(desk, signed_in, form, problem.to_owned()).await;
    }
    let mut people = people_in(rule);
    people.extend(tickets.iter().map(|ticket| ticket.requester));
    let names = Names::read(desk, people, &groups).await?;
    let seen_of = |ticket: &Ticket| (ticket.number, ticket.newest_comment_v());
    let seen = match replies(rule) && !form.all {
        true => tickets.iter().map(seen_of).collect(),
        false => vec![],
    };
    let page = MacroPage {
        name: rule.name.clone(),
        act: format!("macro:{}", rule.id),
        count: if form.all { numbers.len() } else { tickets.len() },
        deeds: deeds(rule, book, &names),
        texts: filled(desk, signed_in.person.id, rule, &tickets).await?,
        lines: tickets.iter().map(|ticket| line(rule, ticket, &names)).collect(),
        seen,
        all: form.all,
        stays: stays(rule, &tickets),
        list: address.parameters(),
        back: address.href(),
        once: form.once.clone(),
        shown: seen_as,
        is_again,
        frame,
    };
    let status = match is_again {
        true => StatusCode::CONFLICT,
        false => StatusCode::OK,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// What tells one macro on so many tickets of a whole list from another one, or the same as it was changed since.
pub fn shown(rule: &Rule, of_all: Option<usize>) -> String {
    let written = serde_json::to_vec(rule).unwrap_or_default();
    let digest = Digest::of(&written);
    let digest = &digest.as_str()[..SHOWN_DIGITS];
    match of_all {
        Some(count) => format!("{digest}.{count}"),
        None => digest.to_owned(),
    }
}

/// The texts that it writes, as the first ticket gets them that it can write to.
async fn filled(desk: &Desk, me: PersonId, rule: &Rule, tickets: &[Ticket]) -> Result<Vec<Text>, Failure> {
    let writes = rule.actions.iter().any(|action| action.text().is_some());
    let open = tickets.iter().find(|ticket| ticket.status != Status::Closed);
    let Some(example) = open.filter(|_| writes) else {
        return Ok(vec![]);
    };
    let rules = desk.rules().to_write(example, me).await?;
    let fill = |text: &TextOfRule, is_public: bool| {
        rules
            .write(text, example, is_public)
            .map(|written| written.text.text)
    };
    Ok(texts(rule, example, fill))
}

/// Puts back what a macro changed of a ticket, where nobody changed any of it since.
pub async fn put_back(
    desk: &Desk,
    me: PersonId,
    (number, was): (TicketNumber, &str),
) -> Result<Back, Reason> {
    let save = SaveAt::read(was).ok_or(Reason::Refused)?;
    let changes = changes_of(desk, me, (number, save)).await.map_err(|error| {
        tracing::error!(ticket = %number, %error, "what a macro did to ticket {number} could not be read");
        Reason::Unreached
    })?;
    // So much happened since that its save is none of the newest, or before that all of it is too much to read.
    let Some((changes, fields)) = changes else {
        return Err(Reason::Changed);
    };
    let attempt = Attempt::by(Actor::Agent(me), "workspace");
    let slept_until = sleeps_on(save.slept_until, desk.now());
    let undone = |ticket: &Ticket| {
        let update = changes.undone(&fields, slept_until, ticket)?;
        Ok(Command::Update(Box::new(update)))
    };
    let saved = change_if(desk, number, attempt, undone).await;
    saved.map(|_| changes.back())
}

/// What was changed, and what fields had before; nothing where it is not found.
async fn changes_of(
    desk: &Desk,
    me: PersonId,
    (number, save): (TicketNumber, SaveAt),
) -> Result<Option<(Changes, BTreeMap<String, String>)>, StoreError> {
    let after = save.first_v.saturating_sub(1);
    let mut events = desk.tickets().newest_events(number, after).await?;
    events.retain(|event| save.has(event));
    let changes = Changes::of(&events, me);
    if events.is_empty() {
        return Ok(None);
    }
    if !changes.has_fields() {
        return Ok(Some((changes, BTreeMap::new())));
    }
    // Values of fields are words, which stand beside events; and what one had before, all there was before tells. Nothing that is pressed
    // reads a history without an end.
    if save.last_v > MOST_READ_BACK {
        return Ok(None);
    }
    let history = desk.tickets().events(number, save.last_v).await?;
    let (of_save, others): (Vec<_>, Vec<_>) = history.into_iter().partition(|event| save.has(event));
    let before = fold(number, &others);
    Ok(Some((Changes::of(&of_save, me), before.fields)))
}

//! Mail that was held: its list, each by itself, and the decision to let it in or to throw it away, which is carried out by the very code that
//! does it for the API.

use super::{attachments::answer, proven::ProofOf};
use crate::{
    failure::Failure,
    frame::Frame,
    models::{
        decided::{Decided, Decision, Why},
        due::Here,
        held::{HeldMail, HeldRow, MailText, asks_twice},
    },
    names::Names,
    session::SignedIn,
    views::{ROWS, address::is_place},
};
use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, RawForm, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use docket_desk::{Desk, HeldContact, ViewPage};
use docket_domain::{
    PersonId, TicketNumber,
    people::access::{Action, Kind, Principal, Resource, authorize},
};
use docket_intake::{IntakeError, Opened, Receipt, Settled, discard, release};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Most that are let in at once: the whole of each is read.
const MOST_LET_IN: usize = 10;
/// Longest reason, in characters, as over the API.
const LONGEST_REASON: usize = 500;
/// Where the list is.
const LIST: &str = "/agent/held";

/// The routes.
pub fn routes() -> Router<Desk> {
    Router::new()
        .route("/agent/held", get(list).post(decide))
        .route("/agent/held/{id}", get(show))
        .route("/agent/held/{id}/original", get(original))
}

#[derive(Template)]
#[template(path = "held.html")]
struct HeldPage {
    frame: Frame,
    rows: Vec<HeldRow>,
    /// How much there is in all, in words; empty where that is not known.
    total: String,
    newer: Option<String>,
    older: Option<String>,
    rows_of_a_page: usize,
    problem: Option<String>,
    done: Option<Done>,
}

/// What became of a decision.
struct Done {
    words: String,
    ticket: Option<TicketNumber>,
}

#[derive(Template)]
#[template(path = "held_mail.html")]
struct HeldMailPage {
    frame: Frame,
    mail: HeldMail,
    longest_reason: usize,
}

/// Which page of the list, and what it is to say.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    after: String,
    before: String,
    did: String,
    proof: String,
}

/// The list.
async fn list(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    page(&desk, &signed_in, &wanted, None).await
}

async fn page(
    desk: &Desk,
    signed_in: &SignedIn,
    wanted: &Wanted,
    problem: Option<String>,
) -> Result<Response, Failure> {
    let groups = desk.groups().all().await?;
    let (frame, rows) = tokio::try_join!(Frame::of_held(desk, signed_in, &groups), rows(desk, wanted))?;
    let here = Here::of(desk.now());
    let row = |held: &HeldContact| HeldRow::of(held, &here, authorized(signed_in, held).is_ok());
    let is_whole = rows.newer.is_none() && rows.older.is_none();
    let is_said = ProofOf::Held.holds(signed_in, &wanted.did, &wanted.proof);
    let done = is_said.then(|| Decided::read(&wanted.did)).flatten();
    let status = match &problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = HeldPage {
        total: match is_whole {
            true => rows.contacts.len().to_string(),
            false => frame.back_count.clone(),
        },
        rows: rows.contacts.iter().map(row).collect(),
        newer: rows.newer,
        older: rows.older,
        rows_of_a_page: ROWS,
        problem,
        done: done.map(|decided| Done {
            words: decided.said(),
            ticket: decided.ticket,
        }),
        frame,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// A page of them, the newest first.
struct Rows {
    contacts: Vec<HeldContact>,
    newer: Option<String>,
    older: Option<String>,
}

async fn rows(desk: &Desk, wanted: &Wanted) -> Result<Rows, Failure> {
    let places = [&wanted.after, &wanted.before];
    if places.iter().any(|place| !place.is_empty() && !is_place(place)) {
        return Err(Failure::Missing);
    }
    let newest = ViewPage::newest(ROWS);
    if !wanted.before.is_empty() {
        let asked = ViewPage {
            after: Some(wanted.before.clone()),
            oldest_first: true,
            ..newest.clone()
        };
        let mut held = desk.held().page(&asked).await?;
        // Where no more come before them, they are the first page, which is shown whole.
        if held.has_more {
            held.contacts.reverse();
            return Ok(Rows {
                contacts: held.contacts,
                newer: held.last.map(|place| at("before", &place)),
                older: held.first.map(|place| at("after", &place)),
            });
        }
    }
    let is_first = wanted.after.is_empty() || !wanted.before.is_empty();
    let asked = ViewPage {
        after: (!is_first).then(|| wanted.after.clone()),
        ..newest
    };
    let held = desk.held().page(&asked).await?;
    let has_more = held.has_more;
    Ok(Rows {
        contacts: held.contacts,
        newer: match held.first {
            _ if is_first => None,
            Some(place) => Some(at("before", &place)),
            // Behind the end there is a way back.
            None => Some(LIST.to_owned()),
        },
        older: held.last.filter(|_| has_more).map(|place| at("after", &place)),
    })
}

fn at(word: &str, place: &str) -> String {
    format!("{LIST}?{word}={}", utf8_percent_encode(place, NON_ALPHANUMERIC))
}

/// One by itself, also when it was decided about.
async fn show(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let held = contact(&desk, &id).await?;
    let by: BTreeSet<PersonId> = held.resolution.iter().map(|resolution| resolution.by).collect();
    let groups = desk.groups().all().await?;
    let (frame, names) = tokio::try_join!(
        Frame::of_held(&desk, &signed_in, &groups),
        Names::read(&desk, by, &[])
    )?;
    let text = text_of(&desk, &held).await;
    let here = Here::of(desk.now());
    let may_decide = authorized(&signed_in, &held).is_ok();
    let page = HeldMailPage {
        frame,
        mail: HeldMail::of(&held, text, &names, &here, may_decide),
        longest_reason: LONGEST_REASON,
    };
    Ok(Html(page.render()?).into_response())
}

/// What it says. Nobody reads what may harm; and of what was erased, or can't be had now, its first words are all there is.
async fn text_of(desk: &Desk, held: &HeldContact) -> Option<MailText> {
    if held.reason.is_quarantine() {
        return None;
    }
    let raw = match desk.spool().original(&held.stored_at).await {
        Ok(raw) => raw,
        Err(error) => {
            tracing::warn!(held = held.id, %error, "the original of held contact {} can't be had", held.id);
            return None;
        }
    };
    match Opened::read(&raw, &Receipt::on_top_of(&raw), false) {
        Opened::Mail(mail) => Some(MailText::of(&mail)),
        Opened::Shut { .. } => None,
    }
}

/// The mail as it came, to be saved.
async fn original(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let held = contact(&desk, &id).await?;
    authorized(&signed_in, &held)?;
    let bytes = desk.spool().original(&held.stored_at).await?;
    // As plain bytes: a mail's characters are its own, and none may be taken for others on the way.
    answer(
        &desk,
        bytes,
        "application/octet-stream",
        &format!("held-{}.eml", held.id),
    )
}

async fn contact(desk: &Desk, id: &str) -> Result<HeldContact, Failure> {
    let id = id.parse().map_err(|_| Failure::Missing)?;
    desk.held().get(id).await?.ok_or(Failure::Missing)
}

/// Whether somebody may decide about it, by the table that says who may do what.
fn authorized(signed_in: &SignedIn, held: &HeldContact) -> Result<(), Failure> {
    let kind = match held.reason.is_quarantine() {
        true => Kind::Quarantine,
        false => Kind::HeldMail,
    };
    let principal = Principal::of(&signed_in.person).ok_or(Failure::Missing)?;
    let owner = None;
    Ok(authorize(principal, Action::Change, Resource { kind, owner })?)
}

/// The form as it comes.
#[derive(Default)]
struct Form {
    csrf: String,
    act: String,
    reason: String,
    /// Whether it was asked for twice to let it in: only the button of the mail's own page says so.
    sure: bool,
    ticked: BTreeSet<u64>,
}

impl Form {
    fn read(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            match name.as_ref() {
                "csrf" => form.csrf = value.into_owned(),
                "act" => form.act = value.into_owned(),
                "reason" => value.trim().clone_into(&mut form.reason),
                "sure" => form.sure = value == "1",
                "t" => form.ticked.extend(value.parse::<u64>()),
                _ => {}
            }
        }
        form
    }

    /// What is decided.
    fn decision(&self) -> Option<Decision> {
        match self.sure {
            true => Some(Decision::LetIn),
            false => Decision::named(&self.act),
        }
    }

    /// Whether what is asked for twice was: of one mail, which is looked at.
    fn is_sure(&self) -> bool {
        self.sure && self.ticked.len() == 1
    }

    /// In words for the person, why nothing is done.
    fn problem(&self, decision: Decision) -> Option<String> {
        let most = match decision {
            Decision::LetIn => MOST_LET_IN,
            Decision::Discard => ROWS,
        };
        match self.ticked.len() {
            0 => Some(t!("Nothing was changed: tick a mail first.").to_owned()),
            many if many > most => Some(t!("Nothing was changed: at most {most} at once.", most)),
            _ if self.reason.chars().count() > LONGEST_REASON => Some(t!(
                "Nothing was changed: a reason has at most {most} characters.",
                most = LONGEST_REASON
            )),
            _ => None,
        }
    }
}

/// Carries out a decision about those that are ticked, each by itself: one where it can't be done stops no other.
async fn decide(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    RawForm(body): RawForm,
) -> Result<Response, Failure> {
    let form = Form::read(&body);
    signed_in.check(&form.csrf)?;
    let decision = form.decision().ok_or(Failure::Garbled)?;
    if let Some(problem) = form.problem(decision) {
        return page(&desk, &signed_in, &Wanted::default(), Some(problem)).await;
    }
    let mut decided = Decided::new(decision);
    for id in &form.ticked {
        let result = carry_out(&desk, &signed_in, (*id, decision), &form).await;
        decided.note(result);
    }
    signed_in.kept.forget_held();
    let said = ProofOf::Held.said_at(&signed_in, LIST, &decided.written());
    Ok(Redirect::to(&said).into_response())
}

/// Carries it out about one; the ticket that it is on, if it was let in.
async fn carry_out(
    desk: &Desk,
    signed_in: &SignedIn,
    (id, decision): (u64, Decision),
    form: &Form,
) -> Result<Option<TicketNumber>, Why> {
    let held = match desk.held().get(id).await {
        Ok(held) => held.ok_or(Why::Gone)?,
        Err(error) => {
            tracing::error!(held = id, %error, "held contact {id} could not be read");
            return Err(Why::Unreached);
        }
    };
    authorized(signed_in, &held).map_err(|_| Why::Quarantined)?;
    let is_open = held.resolution.is_none();
    if decision == Decision::LetIn && is_open && asks_twice(held.reason) && !form.is_sure() {
        return Err(Why::OnItsPage);
    }
    let (me, reason) = (signed_in.person.id, form.reason.as_str());
    let settled = match decision {
        // What a mail becomes is much to carry from hand to hand.
        Decision::LetIn => Box::pin(release(desk, id, me, reason)).await,
        Decision::Discard => discard(desk, id, me, reason).await,
    };
    match (decision, settled) {
        (Decision::LetIn, Ok(Settled::OnTicket(number))) => Ok(Some(number)),
        (Decision::Discard, Ok(Settled::Discarded)) => Ok(None),
        (_, Ok(Settled::Missing)) => Err(Why::Gone),
        (_, Ok(Settled::OnTicket(_) | Settled::Discarded)) => Err(Why::Otherwise),
        (_, Err(error)) => {
            tracing::error!(held = id, %error, "held contact {id} could not be decided about");
            Err(match error {
                IntakeError::Refused(_) => Why::Refused,
                _ => Why::Unreached,
            })
        }
    }
}

//! What is done to the ticked tickets of a list, and putting it back. A page of them is done at once, each by itself, as the form of a
//! single ticket does it; a whole view is a job.

use super::{
    bulk_change::change_if,
    bulk_form::{Form, refused},
    bulk_macro,
    list_reading::all_numbers,
    proven::ProofOf,
};
use crate::{
    failure::Failure,
    models::{
        bulk::{Act, Asked},
        macro_undo::{Back, Changes, SaveAt, left_undone},
        offered_macros::offered,
        outcome::{Outcome, Reason},
    },
    session::SignedIn,
    views::{ROWS, address::ListAddress},
};
use axum::{
    extract::{RawForm, State},
    response::{IntoResponse, Redirect, Response},
};
use docket_desk::{Attempt, Desk, Guard, GuardKey, JobRows, Saved, jobs::Begun};
use docket_domain::{
    GroupId, PersonId, TicketNumber,
    ticket::{Actor, Command, Ticket},
};
use futures_util::{StreamExt as _, future::try_join_all, stream};
use std::collections::{BTreeMap, BTreeSet};

/// How many tickets are changed at once.
const AT_ONCE: usize = 8;
/// How long a form that is sent again is known, in seconds: longer than a session.
const ONCE_SECONDS: i64 = 24 * 3600;

/// Does what was chosen.
pub async fn submit(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    RawForm(body): RawForm,
) -> Result<Response, Failure> {
    let form = Form::read(&body);
    signed_in.check(&form.csrf)?;
    let me = signed_in.person.id;
    let asked = Asked {
        act: &form.act,
        tags: &form.tags,
        date: &form.date,
        macro_id: &form.macro_id,
    };
    let act = match Act::of(&asked, me, desk.now()) {
        Ok(act) => act,
        Err(problem) => return refused(&desk, &signed_in, &form, problem.to_owned()).await,
    };
    if let Some(problem) = form.problem() {
        return refused(&desk, &signed_in, &form, problem).await;
    }
    let all = match form.all {
        true => match all_numbers(&desk, &signed_in, &form.address()).await? {
            Ok(numbers) => Some(numbers),
            Err(problem) => return refused(&desk, &signed_in, &form, problem.to_owned()).await,
        },
        false => None,
    };
    if let Act::Macro(id) = act {
        let book = desk.rules().book().await?;
        let Some(rule) = offered(&book.rules).into_iter().find(|rule| rule.id == id) else {
            let problem = t!("Nothing was changed: there is no such macro any more.").to_owned();
            return refused(&desk, &signed_in, &form, problem).await;
        };
        // What is done is what was shown: the same macro, on as many.
        if form.shown != bulk_macro::shown(rule, all.as_ref().map(Vec::len)) {
            let preview = bulk_macro::preview(&desk, &signed_in, &form, (rule, &book.rules), all);
            return Box::pin(preview).await;
        }
    }
    let outcome = match all {
        Some(numbers) => match begin(&desk, me, &form, &act, numbers).await? {
            Ok(outcome) => outcome,
            Err(problem) => return refused(&desk, &signed_in, &form, problem.to_owned()).await,
        },
        None => change(&desk, me, &form, &act).await?,
    };
    Ok(to_done(&signed_in, &form.address(), &act, &outcome))
}

/// Puts back what was done, on each ticket where nobody changed it since.
pub async fn undo(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    RawForm(body): RawForm,
) -> Result<Response, Failure> {
    let form = Form::read(&body);
    signed_in.check(&form.csrf)?;
    if !ProofOf::Bulk.holds(&signed_in, &form.did, &form.proof) {
        return Err(Failure::Foreign);
    }
    let (act, done) = Outcome::read(&form.did).ok_or(Failure::Garbled)?;
    let me = signed_in.person.id;
    let mut undoing = Vec::new();
    for (number, was) in done.was.iter().take(ROWS) {
        undoing.push(put_back(&desk, me, &act, (*number, was)));
    }
    let mut results: Vec<_> = stream::iter(undoing).buffer_unordered(AT_ONCE).collect().await;
    results.sort_by_key(|(number, _)| *number);
    let mut outcome = Outcome {
        is_undo: true,
        ..Outcome::default()
    };
    for (number, result) in results {
        match result {
            Ok(back) => {
                outcome.done += 1;
                if back == Back::Partly {
                    outcome.fail(number, Reason::Partly);
                }
            }
            Err(reason) => outcome.fail(number, reason),
        }
    }
    Ok(to_done(&signed_in, &form.address(), &act, &outcome))
}

async fn put_back(
    desk: &Desk,
    me: PersonId,
    act: &Act,
    (number, was): (TicketNumber, &str),
) -> (TicketNumber, Result<Back, Reason>) {
    if let Act::Macro(_) = act {
        return (number, bulk_macro::put_back(desk, me, (number, was)).await);
    }
    let attempt = Attempt::by(Actor::Agent(me), "workspace");
    let now = desk.now();
    let undone = |ticket: &Ticket| {
        let update = act.undone(was, ticket, now).ok_or(Reason::Changed)?;
        Ok(Command::Update(Box::new(update)))
    };
    let saved = change_if(desk, number, attempt, undone).await;
    (number, saved.map(|_| Back::InFull))
}

/// Changes each of the ticked tickets by itself: one that can't be changed stops no other.
async fn change(desk: &Desk, me: PersonId, form: &Form, act: &Act) -> Result<Outcome, Failure> {
    let numbers: Vec<TicketNumber> = form.ticked.iter().copied().collect();
    let mut outcome = Outcome::default();
    let others = of_other_groups(desk, me, &numbers, act).await?;
    let mut changing = Vec::new();
    for number in &numbers {
        if !others.contains(number) {
            changing.push(change_one(desk, me, form, (*number, act)));
        }
    }
    let mut results: Vec<_> = stream::iter(changing).buffer_unordered(AT_ONCE).collect().await;
    results.sort_by_key(|(number, _)| *number);
    for number in others {
        outcome.fail(number, Reason::OtherGroup);
    }
    for (number, result) in results {
        match result {
            Ok(did) => {
                outcome.done += 1;
                outcome.was.extend(did.was.map(|was| (number, was)));
                if did.is_partial {
                    outcome.fail(number, Reason::Partly);
                }
            }
            Err(reason) => outcome.fail(number, reason),
        }
    }
    Ok(outcome)
}

/// What was done to one.
#[derive(Default)]
struct Did {
    /// What it had instead, where that can be put back.
    was: Option<String>,
    /// Whether something of it could not be done.
    is_partial: bool,
}

impl Did {
    fn of(act: &Act, saved: &Saved, me: PersonId) -> Self {
        let Act::Macro(_) = act else {
            return Self {
                was: act.was(&saved.before, &saved.ticket),
                is_partial: false,
            };
        };
        let has_changed = Changes::of(&saved.events, me) != Changes::default();
        let save = SaveAt::of(&saved.events).filter(|_| has_changed);
        let woken = saved.before.snoozed_until;
        let woken = woken.filter(|_| saved.ticket.snoozed_until.is_none());
        Self {
            was: save.map(|save| save.waking(woken).written()),
            is_partial: left_undone(&saved.events).is_some(),
        }
    }
}

/// Changes one.
async fn change_one(
    desk: &Desk,
    me: PersonId,
    form: &Form,
    (number, act): (TicketNumber, &Act),
) -> (TicketNumber, Result<Did, Reason>) {
    let guards = once(form, format!("workspace {me} {number}"), act);
    let attempt = Attempt::by(Actor::Agent(me), "workspace").guarded(guards);
    let seen = form.seen.get(&number).copied();
    let wanted = |ticket: &Ticket| {
        let is_unseen = seen.is_some_and(|seen| ticket.newest_comment_v() > seen);
        match is_unseen {
            true => Err(Reason::Changed),
            false => Ok(act.command()),
        }
    };
    let saved = change_if(desk, number, attempt, wanted).await;
    let did = saved.map(|saved| saved.map_or_else(Did::default, |saved| Did::of(act, &saved, me)));
    (number, did)
}

/// What keeps a form that is sent twice from being done twice.
fn once(form: &Form, of: String, act: &Act) -> Vec<Guard> {
    let guard = Guard {
        seconds: ONCE_SECONDS,
        ..Guard::new(GuardKey::Idempotency(of, format!("bulk {} {act}", form.once)))
    };
    match form.once.is_empty() {
        true => vec![],
        false => vec![guard],
    }
}

/// Those to whose group the agent does not belong whom they would get; oneself takes what one likes.
async fn of_other_groups(
    desk: &Desk,
    me: PersonId,
    numbers: &[TicketNumber],
    act: &Act,
) -> Result<BTreeSet<TicketNumber>, Failure> {
    let Some(agent) = act.person().filter(|agent| *agent != me) else {
        return Ok(BTreeSet::new());
    };
    let tickets: Vec<Ticket> = desk.tickets().get_many(numbers).await?;
    let default = desk.setup().await?.default_group;
    let group_of = |ticket: &Ticket| ticket.group.unwrap_or(default);
    let groups: BTreeSet<GroupId> = tickets.iter().map(group_of).collect();
    let members = groups.into_iter().map(|group| async move {
        let members = desk.groups().members(group).await?;
        Ok::<_, Failure>((group, members))
    });
    let members: BTreeMap<GroupId, Vec<PersonId>> = try_join_all(members).await?.into_iter().collect();
    let is_of_another = |ticket: &&Ticket| {
        let members = members.get(&group_of(ticket));
        !members.is_some_and(|members| members.contains(&agent)) && ticket.assignee != Some(agent)
    };
    Ok(tickets
        .iter()
        .filter(is_of_another)
        .map(|ticket| ticket.number)
        .collect())
}

/// Has a job change all tickets of the list.
async fn begin(
    desk: &Desk,
    me: PersonId,
    form: &Form,
    act: &Act,
    numbers: Vec<TicketNumber>,
) -> Result<Result<Outcome, &'static str>, Failure> {
    let others = of_other_groups(desk, me, &numbers, act).await?;
    let numbers: Vec<TicketNumber> = numbers
        .into_iter()
        .filter(|number| !others.contains(number))
        .collect();
    let mut outcome = Outcome {
        done: numbers.len(),
        is_begun: !numbers.is_empty(),
        ..Outcome::default()
    };
    for number in others {
        outcome.fail(number, Reason::OtherGroup);
    }
    if numbers.is_empty() {
        return Ok(Ok(outcome));
    }
    let (kind, common) = act.job();
    let rows = JobRows {
        rows: numbers.iter().map(|number| number.0.into()).collect(),
        common,
    };
    let guards = once(form, format!("workspace {me}"), act);
    Ok(match desk.jobs().begin(kind, me, &rows, guards).await? {
        Begun::New(job) => Ok(Outcome {
            job: Some(job.id),
            ..outcome
        }),
        Begun::Before(earlier) => Ok(Outcome {
            job: earlier.job,
            ..outcome
        }),
        Begun::TooMany => Err(t!(
            "Nothing was changed: too much else is being changed right now. Try again in a minute."
        )),
    })
}

/// Back to the list, which says what became of it.
fn to_done(signed_in: &SignedIn, address: &ListAddress, act: &Act, outcome: &Outcome) -> Response {
    let said = ProofOf::Bulk.said_at(signed_in, &address.href(), &outcome.written(act));
    Redirect::to(&said).into_response()
}

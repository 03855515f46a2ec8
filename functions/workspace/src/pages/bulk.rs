//! What is done to the ticked tickets of a list, and putting it back. A page of them is done at once, each by itself, as the form of a
//! single ticket does it; a whole view is a job.

use super::{
    list_reading::saved_view,
    proven::ProofOf,
    tickets::{Said, page},
};
use crate::{
    failure::Failure,
    models::{
        bulk::{Act, Asked},
        outcome::{Outcome, Reason},
    },
    session::SignedIn,
    views::{
        ROWS, View,
        address::ListAddress,
        asked::{self, Question},
        counts::ids,
        keyed::{self, Looking},
        mentions,
    },
};
use axum::{
    extract::{RawForm, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use docket_desk::{
    Attempt, Changed, Desk, Guard, GuardKey, JobRows, MOST_COUNTED, Saved, StoreError, Try, Wish,
    jobs::Begun,
    tickets::{Alongside, Amendment},
};
use docket_domain::{
    GroupId, PersonId, TicketNumber,
    job::JobKind,
    ticket::{Actor, Command, Ticket},
};
use futures_util::{StreamExt as _, future::try_join_all, stream};
use std::collections::{BTreeMap, BTreeSet};

/// How many tickets are changed at once.
const AT_ONCE: usize = 8;
/// How long a form that is sent again is known, in seconds: longer than a session.
const ONCE_SECONDS: i64 = 24 * 3600;
/// Most tickets that a job changes: as many as are counted exactly.
const MOST_OF_A_JOB: usize = MOST_COUNTED;
/// Rows that the index is asked for at once.
const ASKED_AT_ONCE: usize = 100;

/// The form as it comes.
#[derive(Default)]
struct Form {
    csrf: String,
    once: String,
    act: String,
    tags: String,
    date: String,
    /// The address of the list.
    list: String,
    all: bool,
    ticked: BTreeSet<TicketNumber>,
    did: String,
    proof: String,
}

impl Form {
    fn read(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let value = value.into_owned();
            match name.as_ref() {
                "csrf" => form.csrf = value,
                "once" => form.once = value,
                "act" => form.act = value,
                "tags" => form.tags = value,
                "date" => form.date = value,
                "list" => form.list = value,
                "all" => form.all = true,
                "did" => form.did = value,
                "proof" => form.proof = value,
                "t" => form.ticked.extend(value.parse::<TicketNumber>()),
                _ => {}
            }
        }
        form
    }

    fn address(&self) -> ListAddress {
        ListAddress::read(&self.list)
    }
}

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
    };
    let act = match Act::of(&asked, me, desk.now()) {
        Ok(act) => act,
        Err(problem) => return refused(&desk, &signed_in, &form, problem.to_owned()).await,
    };
    let outcome = if form.all {
        match begin(&desk, &signed_in, &form, &act).await? {
            Ok(outcome) => outcome,
            Err(problem) => return refused(&desk, &signed_in, &form, problem.to_owned()).await,
        }
    } else if form.ticked.is_empty() {
        let problem = t!("Nothing was changed: tick a ticket first.").to_owned();
        return refused(&desk, &signed_in, &form, problem).await;
    } else if form.ticked.len() > ROWS {
        let problem = t!(
            "Nothing was changed: at most {most} tickets can be ticked.",
            most = ROWS
        );
        return refused(&desk, &signed_in, &form, problem).await;
    } else {
        change(&desk, me, &form, &act).await?
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
    let actor = Actor::Agent(signed_in.person.id);
    let mut undoing = Vec::new();
    for (number, was) in done.was.iter().take(ROWS) {
        undoing.push(put_back(&desk, &act, (*number, was), actor.clone()));
    }
    let mut results: Vec<_> = stream::iter(undoing).buffer_unordered(AT_ONCE).collect().await;
    results.sort_by_key(|(number, _)| *number);
    let mut outcome = Outcome {
        is_undo: true,
        ..Outcome::default()
    };
    for (number, result) in results {
        match result {
            Ok(()) => outcome.done += 1,
            Err(reason) => outcome.fail(number, reason),
        }
    }
    Ok(to_done(&signed_in, &form.address(), &act, &outcome))
}

async fn put_back(
    desk: &Desk,
    act: &Act,
    (number, was): (TicketNumber, &str),
    actor: Actor,
) -> (TicketNumber, Result<(), Reason>) {
    let mut is_changed = false;
    let changed = {
        let mut want = |on: Try| {
            let update = act.undone(was, &on.ticket);
            is_changed = update.is_none();
            let wish = update.map(|update| Wish::from(Command::Update(Box::new(update))));
            async move { Ok::<_, docket_desk::StoreError>(wish) }
        };
        desk.change(number, Attempt::by(actor, "workspace"), &mut want)
            .await
    };
    let result = match saved_or_why(number, changed) {
        Ok(Some(_)) if is_changed => Err(Reason::Changed),
        result => result.map(drop),
    };
    (number, result)
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
            Ok(was) => {
                outcome.done += 1;
                outcome.was.extend(was.map(|was| (number, was)));
            }
            Err(reason) => outcome.fail(number, reason),
        }
    }
    Ok(outcome)
}

/// Changes one; what it had instead, where that can be put back.
async fn change_one(
    desk: &Desk,
    me: PersonId,
    form: &Form,
    (number, act): (TicketNumber, &Act),
) -> (TicketNumber, Result<Option<String>, Reason>) {
    let guard = Guard {
        seconds: ONCE_SECONDS,
        ..Guard::new(GuardKey::Idempotency(
            format!("workspace {me} {number}"),
            format!("bulk {} {act}", form.once),
        ))
    };
    let amendment = Amendment {
        alongside: Alongside {
            guards: match form.once.is_empty() {
                true => vec![],
                false => vec![guard],
            },
            writes: vec![],
        },
        ..Amendment::of(Actor::Agent(me), "workspace", act.update())
    };
    let saved = saved_or_why(number, desk.tickets().amend(number, amendment).await);
    let was = saved.map(|saved| saved.and_then(|saved| act.was(&saved.before, &saved.ticket)));
    (number, was)
}

/// What was saved, nothing where it had been saved before; or why it was not.
fn saved_or_why(number: TicketNumber, changed: Result<Changed, StoreError>) -> Result<Option<Saved>, Reason> {
    match changed {
        Ok(Changed::Done(saved)) => Ok(Some(saved)),
        Ok(Changed::Duplicate(_)) => Ok(None),
        Ok(Changed::Refused(refusal)) => Err(Reason::of(&refusal)),
        Ok(Changed::NotThere) => Err(Reason::Gone),
        Err(error) => {
            tracing::error!(ticket = %number, %error, "ticket {number} could not be changed from a list");
            Err(Reason::Unreached)
        }
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
    signed_in: &SignedIn,
    form: &Form,
    act: &Act,
) -> Result<Result<Outcome, &'static str>, Failure> {
    let numbers = match all_numbers(desk, signed_in, &form.address().first()).await? {
        Ok(numbers) if numbers.is_empty() => {
            return Ok(Err(t!("Nothing was changed: the list is empty by now.")));
        }
        Ok(numbers) => numbers,
        Err(problem) => return Ok(Err(problem)),
    };
    let rows = JobRows {
        rows: numbers.iter().map(|number| number.0.into()).collect(),
        common: act.record(),
    };
    let me = signed_in.person.id;
    let guard = Guard {
        seconds: ONCE_SECONDS,
        ..Guard::new(GuardKey::Idempotency(
            format!("workspace {me}"),
            format!("bulk {} {act}", form.once),
        ))
    };
    let guards = match form.once.is_empty() {
        true => vec![],
        false => vec![guard],
    };
    Ok(
        match desk
            .jobs()
            .begin(JobKind::UpdateTickets, me, &rows, guards)
            .await?
        {
            Begun::New(_) | Begun::Before(_) => Ok(Outcome {
                done: numbers.len(),
                is_begun: true,
                ..Outcome::default()
            }),
            Begun::TooMany => Err(t!(
                "Nothing was changed: too much else is being changed right now. Try again in a minute."
            )),
        },
    )
}

/// The numbers of all tickets of a list, as far as a job goes.
async fn all_numbers(
    desk: &Desk,
    signed_in: &SignedIn,
    address: &ListAddress,
) -> Result<Result<Vec<TicketNumber>, &'static str>, Failure> {
    let groups = ids(&desk.groups().all().await?);
    let looking = Looking {
        me: signed_in.person.id,
        mine: &signed_in.person.groups,
        groups: &groups,
    };
    if address.view() == View::Mentions {
        return mentions::numbers(desk, signed_in.person.id).await.map(Ok);
    }
    if !address.is_asked() {
        return keyed::numbers(desk, address.view(), looking, MOST_OF_A_JOB)
            .await
            .map(Ok);
    }
    let saved = saved_view(desk, signed_in, address.view()).await?;
    let question = Question::asked_by(signed_in, address, saved.as_ref());
    let (mut numbers, mut after) = (Vec::new(), None);
    while numbers.len() < MOST_OF_A_JOB {
        let Ok(answer) = asked::ask(desk, signed_in, &question, (0, ASKED_AT_ONCE), after).await else {
            return Ok(Err(t!(
                "Nothing was changed: the search does not answer right now. Try again in a moment."
            )));
        };
        numbers.extend(answer.found.iter().map(|found| TicketNumber(found.number)));
        after = answer.next;
        if after.is_none() {
            break;
        }
    }
    numbers.truncate(MOST_OF_A_JOB);
    Ok(Ok(numbers))
}

/// Back to the list, which says what became of it.
fn to_done(signed_in: &SignedIn, address: &ListAddress, act: &Act, outcome: &Outcome) -> Response {
    let said = ProofOf::Bulk.said_at(signed_in, &address.href(), &outcome.written(act));
    Redirect::to(&said).into_response()
}

/// The list again, with what is wrong.
async fn refused(
    desk: &Desk,
    signed_in: &SignedIn,
    form: &Form,
    problem: String,
) -> Result<Response, Failure> {
    let said = Said {
        problem: Some(problem),
        status: StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(desk, signed_in, (&form.address(), ""), said).await
}

//! A ticket that an agent opens because somebody phoned: who it was is looked for, or filled in; the rest is as with any other ticket.

use super::{kept_text::keep_unopened, ticket::to_saved};
use crate::{
    came_from::CameFrom,
    failure::{Failure, WithCauses},
    frame::Frame,
    models::new_ticket::{LONGEST_FIND, NewTicketForm, NewTyped, Opened, Whose, identities_of},
    refusals,
    session::SignedIn,
};
use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use docket_desk::{
    Attempt, Changed, Desk, Find, Found, Guard, GuardKey, StoreError, Wish, Write,
    tickets::{NewComment, StoredOnce},
};
use docket_domain::{
    PersonId, Timestamp,
    audit::ChangedBy,
    contact::{
        comment::{AuthorRole, CommentBody},
        tells::{Call, Tells},
    },
    people::person::Person,
    ticket::{Actor, Channel, Command, NewTicket, ReplyVia, Ticket, Update},
};
use docket_mail::markdown_to_html;
use docket_search::{Asker, Kind, SearchRequest, Wanted as WantedOf};
use serde::Deserialize;

/// How long a form that is sent again is known, in seconds: longer than a session.
const ONCE_SECONDS: i64 = 24 * 3600;
/// Most people who are offered.
const MOST_CALLERS: usize = 8;
/// What stands in histories as the cause.
const CAUSE: &str = "workspace";

#[derive(Template)]
#[template(path = "new_ticket.html")]
struct NewTicketPage {
    frame: Frame,
    form: NewTicketForm,
}

/// Whom the page is to begin with.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    customer: String,
}

/// The page.
pub async fn show(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let typed = NewTyped {
        customer: wanted.customer,
        ..NewTyped::default()
    };
    page(&desk, &signed_in, &typed, None).await
}

/// Looks for whoever phoned, or opens the ticket; whatever goes wrong, what was typed stays.
pub async fn submit(
    State(desk): State<Desk>,
    signed_in: Result<SignedIn, Failure>,
    Form(typed): Form<NewTyped>,
) -> Result<Response, Failure> {
    let kept = |status, why| keep_unopened(&desk, &typed.text, (status, why));
    let signed_in = match signed_in {
        Ok(signed_in) => signed_in,
        Err(Failure::SignedOut { .. }) => {
            let why = t!("You are signed out. Copy your text, sign in and open the ticket again.");
            return kept(StatusCode::UNAUTHORIZED, why);
        }
        Err(failure) => return Err(failure),
    };
    if signed_in.check(&typed.csrf).is_err() {
        let why = t!("The page was from an earlier sign-in. Copy your text and open the ticket again.");
        return kept(StatusCode::FORBIDDEN, why);
    }
    if typed.act != "open" {
        return page(&desk, &signed_in, &typed, None).await;
    }
    match Box::pin(open(&desk, &signed_in, &typed)).await {
        Ok(response) => Ok(response),
        Err(failure) => {
            let why = t!(
                "The desk could not be reached. Look for the ticket before you open it again: it may have been saved."
            );
            tracing::error!(error = %WithCauses(&failure), "A ticket by phone could not be opened.");
            kept(StatusCode::SERVICE_UNAVAILABLE, why)
        }
    }
}

async fn open(desk: &Desk, signed_in: &SignedIn, typed: &NewTyped) -> Result<Response, Failure> {
    let me = signed_in.person.id;
    let (groups, setup) = (desk.groups().all().await?, desk.setup().await?);
    let opened = match typed.read(&groups, &setup, desk.now()) {
        Ok(opened) => opened,
        Err(problem) => return page(desk, signed_in, typed, Some(problem)).await,
    };
    let key = GuardKey::Idempotency(format!("workspace {me} new"), typed.once.clone());
    let guard = (!typed.once.is_empty()).then(|| Guard {
        seconds: ONCE_SECONDS,
        ..Guard::new(key)
    });
    let mut opening = Opening {
        desk,
        me,
        opened: &opened,
        stored: StoredOnce::default(),
    };
    let attempt = Attempt::by(Actor::Agent(me), CAUSE).guarded(guard.into_iter().collect());
    let problem = match Box::pin(desk.change_found(attempt, &mut opening)).await {
        Ok(Changed::Done(saved)) => {
            let from = CameFrom::default();
            return Ok(to_saved(&from, saved.ticket.number, &saved.events, "main"));
        }
        // A form that was sent twice stands.
        Ok(Changed::Duplicate(answer)) => {
            let opened = answer.ticket.map(|number| CameFrom::default().ticket(number));
            let place = opened.unwrap_or_else(|| "/agent/tickets".to_owned());
            return Ok(Redirect::to(&place).into_response());
        }
        Ok(Changed::NotThere) => t!("Not opened: whoever you chose is not there any more.").to_owned(),
        Ok(Changed::Refused(refusal)) => {
            t!("Not opened: {reason}.", reason = refusals::refusal(&refusal))
        }
        Err(Failure::Store(StoreError::Contended { .. })) => {
            t!("Somebody else was first to note who phoned. Open it again.").to_owned()
        }
        Err(failure) => return Err(failure),
    };
    page(desk, signed_in, typed, Some(problem)).await
}

/// The form with what was typed, and what is wrong with it.
async fn page(
    desk: &Desk,
    signed_in: &SignedIn,
    typed: &NewTyped,
    problem: Option<String>,
) -> Result<Response, Failure> {
    let groups = desk.groups().all().await?;
    let frame = Frame::of_place(desk, signed_in, &groups).await?;
    let (found, is_silent) = callers(desk, signed_in.person.id, typed).await?;
    let once = match typed.once.as_str() {
        "" => desk.unguessable(),
        once => once.to_owned(),
    };
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let form = NewTicketForm {
        problem,
        ..NewTicketForm::of(typed, &groups, (&found, is_silent), once)
    };
    let page = NewTicketPage { frame, form };
    Ok((status, Html(page.render()?)).into_response())
}

/// Who may have phoned: whoever was chosen, whoever has the address or the number, and whom the search finds; and whether that did not
/// answer.
async fn callers(desk: &Desk, me: PersonId, typed: &NewTyped) -> Result<(Vec<Person>, bool), Failure> {
    let people = desk.people();
    let mut ids: Vec<PersonId> = typed.customer.parse::<PersonId>().ok().into_iter().collect();
    let text: String = typed.find.trim().chars().take(LONGEST_FIND).collect();
    for identity in identities_of(&text) {
        ids.extend(people.find(&identity).await?.map(|person| person.id));
    }
    let mut is_silent = false;
    if text.chars().any(char::is_alphanumeric) {
        let request = SearchRequest {
            by: Asker::Staff(Some(me)),
            wanted: WantedOf::Beginning(Kind::Person, text),
            sort_by: None,
            sort_order: None,
            skip: 0,
            take: MOST_CALLERS,
            after: None,
            time_zone: None,
            with_snippets: false,
            with_facets: false,
        };
        match desk.find(request).await {
            Ok(answer) => ids.extend(answer.found.into_iter().map(|found| PersonId(found.number))),
            // Whoever is not found is filled in by hand.
            Err(_) => is_silent = true,
        }
    }
    let mut seen = Vec::new();
    ids.retain(|id| {
        let is_new = !seen.contains(id);
        seen.push(*id);
        is_new
    });
    ids.truncate(MOST_CALLERS);
    let known = people.as_of_now(&ids).await?;
    let in_order = ids
        .iter()
        .filter_map(|id| known.iter().find(|person| person.id == *id));
    let found = in_order.filter(|person| can_ask(person)).cloned().collect();
    Ok((found, is_silent))
}

/// Whether a ticket can be somebody's.
fn can_ask(person: &Person) -> bool {
    person.deleted_at.is_none() && person.forgotten_at.is_none() && person.merged_into.is_none()
}

/// A ticket in the making. Somebody else may make its customer at the same time: each try looks for them anew.
struct Opening<'a> {
    desk: &'a Desk,
    me: PersonId,
    opened: &'a Opened,
    /// Its number, and where its text lies.
    stored: StoredOnce,
}

impl Opening<'_> {
    /// Whose it is, with the parts that store somebody new; nothing where they are gone.
    async fn customer(&self, now: Timestamp) -> Result<Option<(Person, Vec<Write>)>, StoreError> {
        let people = self.desk.people();
        match &self.opened.whose {
            Whose::Known(id) => {
                let person = people.now(*id).await?.filter(can_ask);
                Ok(person.map(|person| (person, vec![])))
            }
            Whose::New { name, identities } => {
                let by = ChangedBy::new(Actor::Agent(self.me), CAUSE, now);
                let made = people.find_or_make(identities.clone(), name, None, &by);
                made.await.map(Some)
            }
        }
    }

    /// Answers go by mail to whoever has an address, from the first mailbox.
    async fn reply_via(&self, customer: &Person) -> Result<ReplyVia, StoreError> {
        let setup = self.desk.setup().await?;
        Ok(match setup.mailboxes.first() {
            Some(mailbox) if customer.email.is_some() => ReplyVia::Mail {
                mailbox: mailbox.address.clone(),
            },
            _ => ReplyVia::Nowhere,
        })
    }

    fn comment(&self) -> NewComment {
        let text = self.opened.text.clone();
        NewComment {
            author: self.me,
            role: AuthorRole::Agent,
            public: self.opened.is_public,
            channel: Channel::Phone,
            body: CommentBody {
                html: markdown_to_html(&text),
                text,
                ..CommentBody::default()
            },
            attachments: vec![],
            mail: None,
            automatic: None,
        }
    }
}

impl Find<Failure> for Opening<'_> {
    async fn find(&mut self, now: Timestamp) -> Result<Found, Failure> {
        let (desk, opened) = (self.desk, self.opened);
        let Some((customer, writes)) = self.customer(now).await? else {
            return Ok(Found::NotThere);
        };
        let number = self.stored.number(desk).await?;
        let comment = self.comment();
        let words = self.stored.words(desk, number, &comment).await?;
        let call = Call {
            with: Some(customer.id),
            ..opened.call.clone()
        };
        let (comment, facts) = comment.stored_telling(&words, Some(Tells::Call(call)));
        let new = NewTicket {
            subject: opened.subject.clone(),
            requester: customer.id,
            channel: Channel::Phone,
            reply_via: self.reply_via(&customer).await?,
            external_id: None,
            priority: opened.priority,
            ticket_type: None,
            tags: vec![],
            follows: None,
            acknowledge: false,
            unacknowledged: Some("it was taken by phone".to_owned()),
            comment: facts,
            note: None,
            ccs: vec![],
        };
        let update = Update {
            group: opened.group,
            assignee: opened.is_mine.then_some(Some(self.me)),
            ..Update::default()
        };
        let wish = Wish {
            commands: vec![Command::Create(Box::new(new)), Command::Update(Box::new(update))],
            comments: vec![comment],
            writes,
            ..Wish::default()
        };
        Ok(Found::wish(Ticket::blank(number), wish))
    }
}

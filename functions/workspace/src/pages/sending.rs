//! What an agent's form asks for on its ticket as it is: what others did that they have not seen stops it.

use super::{
    copies::copies, forward::forward, macros, reading::read_form, ticket::newest, ticket_page::candidates,
};
use crate::{
    directions::isolated,
    failure::Failure,
    form::Chosen,
    models::{
        mentions::{MOST_MENTIONED, may_mention, mentioned},
        offered_macros,
        seen::Shown,
        typed::{Kind, Typed},
    },
    sentences::holds_back,
};
use docket_desk::{
    Desk, Find, Found, TicketFile, TicketPart, Wish,
    tickets::{Amendment, MOST_RECALLABLE, StoredOnce},
};
use docket_domain::{
    Digest, PersonId, TicketNumber, Timestamp,
    contact::{comment::Comment, tells::Tells},
    outbox::{RecallState, RecallableAnswer, RecallableId},
    ticket::{Command, Ticket, TicketEvent, Update},
};
use std::collections::BTreeSet;

/// Digits of an answer's name: enough that no two are the same.
const NAME_DIGITS: usize = 32;

/// What an agent sends, tried on the ticket as it is.
pub struct Sending<'a> {
    pub desk: &'a Desk,
    pub me: PersonId,
    pub number: TicketNumber,
    pub typed: &'a Typed,
    pub chosen: &'a Chosen,
    /// Where text and files lie.
    pub stored: StoredOnce,
    /// Why it is not sent, with the ticket as it was then.
    pub stopped: Option<(Box<TicketPart>, Stop)>,
}

/// Why a form is shown again.
pub enum Stop {
    /// Others did something that the sender has not seen.
    News(Vec<TicketEvent>),
    /// The form can't be sent as it is.
    Problem(String),
}

/// A form that can be sent, on the ticket as it is.
struct Ready {
    file: TicketFile,
    update: Update,
    comment: Option<Comment>,
}

impl Sending<'_> {
    /// What the form asks for, with text and files stored; nothing where it is stopped, or there is no such ticket.
    async fn ready(&mut self) -> Result<Option<Ready>, Failure> {
        let (desk, typed) = (self.desk, self.typed);
        let part = match newest(desk, self.number).await {
            Ok(part) => part,
            Err(Failure::Missing) => return Ok(None),
            Err(failure) => return Err(failure),
        };
        let file = &part.file;
        let news = unseen(file, typed);
        if !news.is_empty() {
            self.stopped = Some((Box::new(part), Stop::News(news)));
            return Ok(None);
        }
        if let Some(problem) = self.others_answer(file).await? {
            self.stopped = Some((Box::new(part), Stop::Problem(problem)));
            return Ok(None);
        }
        let (mut amendment, tells) = match self.wanted(file).await? {
            Ok(wanted) => wanted,
            Err(problem) => {
                self.stopped = Some((Box::new(part), Stop::Problem(problem)));
                return Ok(None);
            }
        };
        if !typed.macros.is_empty() {
            let book = desk.rules().book().await?;
            macros::add_rest(
                &mut amendment.update,
                &offered_macros::inserted(&book.rules, typed),
            );
        }
        // What was read a moment ago is what is decided on.
        amendment.update.seen = None;
        let mut stored = None;
        if let Some(comment) = amendment.comment {
            let words = self.stored.words(desk, self.number, &comment).await?;
            let (stored_comment, mut facts) = comment.stored_telling(&words, tells);
            if !comment.public && typed.kind() != Kind::Forward {
                facts.mentions = self.call(&comment.body.text, file, &mut amendment.update).await?;
            }
            amendment.update.comment = Some(facts);
            stored = Some(stored_comment);
        }
        Ok(Some(Ready {
            file: part.file,
            update: amendment.update,
            comment: stored,
        }))
    }

    /// What the form asks for, with what its comment tells of besides its words. The inner error says in words for the person what is
    /// wrong with it.
    async fn wanted(&self, file: &TicketFile) -> Result<Result<(Amendment, Option<Tells>), String>, Failure> {
        let (desk, me, form) = (self.desk, self.me, (self.typed, self.chosen));
        let members = candidates(desk, file).await?;
        let (amendment, tells) = match read_form(file, form, (me, &members), desk.now()) {
            Ok(read) => read,
            Err(problem) => return Ok(Err(problem)),
        };
        let tells = match self.typed.kind() {
            Kind::Forward => match forward(desk, file, form, me).await? {
                Ok(forward) => Some(Tells::Forward(forward)),
                Err(problem) => return Ok(Err(problem)),
            },
            Kind::Reply | Kind::Note | Kind::Call => tells,
        };
        let amendment = with_copies(desk, file, (self.typed, me), amendment).await?;
        Ok(amendment.map(|amendment| (amendment, tells)))
    }

    /// Whom a note speaks to. Whoever is called by name follows the ticket from now on, and is told of the note like of all that
    /// comes; who is called with a group is told of this one.
    async fn call(
        &self,
        text: &str,
        file: &TicketFile,
        update: &mut Update,
    ) -> Result<Vec<PersonId>, Failure> {
        if !may_mention(text) {
            return Ok(vec![]);
        }
        let (agents, groups) = tokio::try_join!(self.desk.agents().all(), self.desk.groups().all())?;
        let found = mentioned(text, &agents, &groups);
        let mut called = found.people;
        called.retain(|person| *person != self.me);
        let room = Ticket::MOST_FOLLOWERS.saturating_sub(file.ticket.followers.len());
        let new = called
            .iter()
            .filter(|person| !file.ticket.followers.contains(person));
        update.add_followers.extend(new.take(room));
        for group in found.groups {
            called.extend(self.desk.groups().members(group).await?);
        }
        called.retain(|person| *person != self.me);
        let mut seen = BTreeSet::new();
        called.retain(|person| seen.insert(*person));
        called.truncate(MOST_MENTIONED);
        Ok(called)
    }

    /// That a colleague's answer goes out in some seconds, which the sender of another one has not seen.
    async fn others_answer(&self, file: &TicketFile) -> Result<Option<String>, Failure> {
        let is_news = |answer: &&RecallableAnswer| {
            answer.waits() && answer.id.author != self.me && !has_seen(self.typed, &answer.id)
        };
        let other = file.recallable.iter().find(is_news);
        let Some(other) = other.filter(|_| self.typed.is_answer()) else {
            return Ok(None);
        };
        let person = self.desk.people().get(other.id.author).await?;
        let name = person.map_or_else(|| t!("A colleague").to_owned(), |person| person.name);
        Ok(Some(t!(
            "Not sent yet: {name}’s answer goes out in some seconds. What you wrote is kept below. Look at it above, then send again.",
            name = isolated(&name)
        )))
    }

    /// The answer as it waits, with the ticket that it is for; nothing where it is saved at once, or stopped.
    pub async fn waiting(
        &mut self,
        send_at: Timestamp,
    ) -> Result<Option<(RecallableAnswer, Ticket)>, Failure> {
        let Some(Ready {
            file,
            update,
            comment: Some(comment),
        }) = self.ready().await?
        else {
            return Ok(None);
        };
        let own = file
            .recallable
            .iter()
            .filter(|answer| answer.id.author == self.me);
        if own.count() >= MOST_RECALLABLE {
            return Ok(None);
        }
        let name = name_of(self.typed).unwrap_or_else(|| {
            let drawn = self.desk.unguessable();
            let letters = drawn.chars().filter(char::is_ascii_alphanumeric);
            letters.take(NAME_DIGITS).collect()
        });
        let id = RecallableId::new(self.number, self.me, &name).ok_or(Failure::Missing)?;
        let answer = RecallableAnswer {
            id,
            state: RecallState::Waiting,
            created_at: self.desk.now(),
            send_at,
            last_public_v: file.ticket.last_public_v,
            comment,
            update,
            form: self.typed.kept(),
        };
        // What is refused anyway is refused at once.
        let refusal = self.desk.tickets().refuses_answer(&file.ticket, &answer).await?;
        Ok(refusal.is_none().then_some((answer, file.ticket)))
    }
}

impl Find<Failure> for Sending<'_> {
    async fn find(&mut self, _now: Timestamp) -> Result<Found, Failure> {
        let Some(ready) = self.ready().await? else {
            return Ok(Found::NotThere);
        };
        let wish = Wish {
            comments: ready.comment.into_iter().collect(),
            ..Wish::from(Command::Update(Box::new(ready.update)))
        };
        Ok(Found::wish(ready.file.ticket, wish))
    }
}

/// What was done since the page was made that whoever answers must have seen: by others, or by the same agent on another page.
fn unseen(file: &TicketFile, typed: &Typed) -> Vec<TicketEvent> {
    let shown = Shown::of(&typed.seen, &typed.saw);
    file.events
        .iter()
        .filter(|event| !shown.has(event) && holds_back(event))
        .cloned()
        .collect()
}

/// The change with who comes in copy and who goes, where it has words for the requester.
async fn with_copies(
    desk: &Desk,
    file: &TicketFile,
    (typed, me): (&Typed, PersonId),
    mut amendment: Amendment,
) -> Result<Result<Amendment, String>, Failure> {
    if typed.is_answer() {
        match copies(desk, file, typed, me).await? {
            Ok(copies) => {
                amendment.update.add_ccs = copies.add;
                amendment.update.remove_ccs = copies.remove;
            }
            Err(problem) => return Ok(Err(t!("Not saved. Copy to: {problem}", problem))),
        }
    }
    Ok(Ok(amendment))
}

/// Whether the page showed an answer while it waited.
pub fn has_seen(typed: &Typed, id: &RecallableId) -> bool {
    typed.saw.split(',').any(|name| name == id.name)
}

/// The name that a form's answer has; nothing for a form that has none of its own.
pub fn name_of(typed: &Typed) -> Option<String> {
    let digest = Digest::of_parts(["answer", typed.once.as_str()]);
    let name = digest.as_str().chars().take(NAME_DIGITS).collect();
    (!typed.once.is_empty()).then_some(name)
}

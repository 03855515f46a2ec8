//! What whoever changes a ticket hands in and gets back.

use docket_domain::{
    Timestamp, assignment,
    contact::comment::Comment,
    ticket::{Actor, Command, Refusal, Ticket, TicketEvent},
};
use docket_store::{
    table::{Answer, Guard, Write},
    tickets::KeptDecision,
};
use std::future::Future;

/// What all tries of a change have in common.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Who commands.
    pub actor: Actor,
    /// What led to it, as it will stand in the events.
    pub cause: String,
    /// Guards against repeats.
    pub guards: Vec<Guard>,
    /// The ticket as somebody read it a moment ago: the first try begins with it.
    pub read: Option<Ticket>,
}

impl Attempt {
    /// A change that nothing guards: done twice, it finds nothing to do.
    pub fn by(actor: Actor, cause: impl Into<String>) -> Self {
        Self {
            actor,
            cause: cause.into(),
            guards: vec![],
            read: None,
        }
    }

    /// The same, with guards against repeats.
    #[must_use]
    pub fn guarded(self, guards: Vec<Guard>) -> Self {
        Self { guards, ..self }
    }

    /// The same, beginning with a ticket that was just read.
    #[must_use]
    pub fn having_read(self, ticket: Ticket) -> Self {
        Self {
            read: Some(ticket),
            ..self
        }
    }
}

/// One try.
#[derive(Clone, Debug)]
pub struct Try {
    /// The ticket as it is.
    pub ticket: Ticket,
    /// The time of this try.
    pub now: Timestamp,
}

/// Another ticket that changes in the same transaction: both changes stand, or neither.
#[derive(Clone, Debug)]
pub struct Beside {
    /// It, as this try read it.
    pub ticket: Ticket,
    /// The commands, each decided on what the one before it led to.
    pub commands: Vec<Command>,
    /// The comments that they add, stored, in their order.
    pub comments: Vec<Comment>,
}

/// What is to be done with a ticket, and what goes into the same transaction.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The commands, each decided on what the one before it led to. None: only the rest counts.
    pub commands: Vec<Command>,
    /// Who commands, where that follows from the ticket.
    pub actor: Option<Actor>,
    /// What led to it, where that follows from the ticket.
    pub cause: Option<String>,
    /// The comments that the commands add, stored, in their order.
    pub comments: Vec<Comment>,
    /// Guards besides, where they follow from what was found.
    pub guards: Vec<Guard>,
    /// New people, conversations, mail ids, outgoing work.
    pub writes: Vec<Write>,
    /// The whole decisions that the commands name.
    pub decisions: Vec<KeptDecision>,
    /// Another ticket that changes with it.
    pub beside: Option<Box<Beside>>,
    /// The load that was found when an agent was chosen.
    pub expected_load: Option<assignment::Choice>,
    /// Whether it is an answer that waited beside the ticket: others that do are left to wait.
    pub has_waited: bool,
}

impl From<Command> for Wish {
    fn from(command: Command) -> Self {
        Self {
            commands: vec![command],
            ..Self::default()
        }
    }
}

/// What somebody wants of a ticket as it is. Asked at each try; nothing: it is as it should be.
pub trait Want<E>: Send {
    /// Says what is wanted.
    fn want(&mut self, on: Try) -> impl Future<Output = Result<Option<Wish>, E>> + Send;
}

impl<E, F, Fut> Want<E> for F
where
    F: FnMut(Try) -> Fut + Send,
    Fut: Future<Output = Result<Option<Wish>, E>> + Send,
{
    fn want(&mut self, on: Try) -> impl Future<Output = Result<Option<Wish>, E>> + Send {
        self(on)
    }
}

/// Which ticket a change is about, where only the try itself can say: a contact goes where it belongs now.
pub trait Find<E>: Send {
    /// Finds the ticket, blank where it is to be made, and says what is wanted of it.
    fn find(&mut self, now: Timestamp) -> impl Future<Output = Result<Found, E>> + Send;
}

/// What a [`Find`] found.
#[derive(Clone, Debug)]
pub enum Found {
    /// This is to be done with this ticket.
    Wish(Box<Ticket>, Box<Wish>),
    /// The ticket is as it should be.
    Nothing(Box<Ticket>),
    /// There is no such ticket.
    NotThere,
}

impl Found {
    /// This is to be done with this ticket.
    pub fn wish(ticket: Ticket, wish: Wish) -> Self {
        Self::Wish(Box::new(ticket), Box::new(wish))
    }
}

/// A change that stands.
#[derive(Clone, Debug)]
pub struct Saved {
    /// The ticket as it was.
    pub before: Box<Ticket>,
    /// The ticket with it.
    pub ticket: Box<Ticket>,
    /// The events; none if nothing was to be changed.
    pub events: Vec<TicketEvent>,
    /// The comments, as they lie beside the ticket.
    pub comments: Vec<Comment>,
}

impl Saved {
    pub(crate) fn nothing(ticket: Box<Ticket>) -> Self {
        Self {
            before: ticket.clone(),
            ticket,
            events: vec![],
            comments: vec![],
        }
    }
}

/// What became of a change.
#[derive(Clone, Debug)]
pub enum Changed {
    /// It stands, or there was nothing to change.
    Done(Saved),
    /// It was done before; the guard's answer.
    Duplicate(Answer),
    /// The domain says no.
    Refused(Refusal),
    /// There is no such ticket.
    NotThere,
}

impl Changed {
    /// Whether it stands, now or from before.
    ///
    /// # Errors
    /// When the domain says no.
    pub fn stands(self) -> Result<(), Refusal> {
        self.events().map(drop)
    }

    /// The same with the events that it was saved as; none where it stood before.
    ///
    /// # Errors
    /// When the domain says no.
    pub fn events(self) -> Result<Vec<TicketEvent>, Refusal> {
        match self {
            Self::Done(saved) => Ok(saved.events),
            Self::Duplicate(_) => Ok(vec![]),
            Self::Refused(refusal) => Err(refusal),
            Self::NotThere => Err(Refusal::Missing),
        }
    }
}

//! Taking a call in: verified, read, and committed as a new ticket or as a comment of the conversation's ticket.

use crate::{
    answer::{HookError, Taken},
    contact,
    payload::{self, Call},
    verify::verify,
};
use axum::http::HeaderMap;
use docket_desk::{
    Answer, Attempt, Changed, Conversation, Desk, Find, Found, Guard, GuardKey, Wish, Write,
    tickets::{Alongside, NewComment, NewContact, StoredOnce, TicketDraft},
};
use docket_domain::{
    Digest, Timestamp,
    audit::ChangedBy,
    configuration::Setup,
    contact::comment::AuthorRole,
    ledger::{LedgerEntry, LedgerLine},
    people::person::Person,
    ticket::{Actor, Channel, Command, Refusal, Status, Ticket, Update},
};
use jiff::SignedDuration;

/// How long a conversation that has no name stays open after its last contact.
const WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// How far the end of the window moves at least when it moves.
const WINDOW_STEP: SignedDuration = SignedDuration::from_mins(1);

/// A call on its way in.
struct Contact<'a> {
    desk: &'a Desk,
    setup: &'a Setup,
    channel: &'a str,
    call: &'a Call,
    cause: String,
}

/// Looks where a call belongs: its conversation may have got a ticket, or lost it, since the last try.
struct Conversing<'a> {
    contact: Contact<'a>,
    stored: StoredOnce,
}

/// Takes a call in.
pub(crate) async fn take_call(
    desk: &Desk,
    channel: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Taken, HookError> {
    let setup = desk.setup().await?;
    let channel = &setup.channel(channel).ok_or(HookError::UnknownChannel)?.name;
    let secrets = desk.channel_secrets(channel).await?;
    let id = verify(headers, body, &secrets, desk.now())?;
    let guard = Guard::new(GuardKey::Webhook(channel.clone(), id.to_owned()));
    if let Some(entry) = desk.guard(&guard.key).await? {
        return repeated(desk, &entry.answer).await;
    }
    let call = payload::read(body)?;
    let cause = format!(
        "hook {}",
        &Digest::of_parts([channel.as_str(), id]).as_str()[..16]
    );
    let contact = Contact {
        desk,
        setup: &setup,
        channel,
        call: &call,
        cause: cause.clone(),
    };
    let attempt = Attempt::by(Actor::System, cause).guarded(vec![guard]);
    let mut conversing = Conversing {
        contact,
        stored: StoredOnce::default(),
    };
    let taken = match desk.change_found(attempt, &mut conversing).await? {
        Changed::Done(saved) => Taken {
            ticket: saved.ticket.number,
            status: saved.ticket.status,
            created: saved.before.v == 0,
            repeated: false,
        },
        Changed::Duplicate(answer) => return repeated(desk, &answer).await,
        Changed::Refused(refusal) => return Err(HookError::Refused(refusal)),
        Changed::NotThere => return Err(HookError::Refused(Refusal::Missing)),
    };
    count(desk).await;
    Ok(taken)
}

/// Adds to the ledger. The contact counts for more: where that fails it is told, and a recount mends it.
async fn count(desk: &Desk) {
    let line = LedgerLine::hook(LedgerEntry::Accepted);
    if let Err(error) = desk.ledger().add_contacts(line, 1).await {
        tracing::warn!(%line, %error, "line {line} of the ledger could not be added to");
    }
}

/// The answer to a call that was taken before.
async fn repeated(desk: &Desk, answer: &Answer) -> Result<Taken, HookError> {
    let number = answer.ticket.ok_or(HookError::Refused(Refusal::Missing))?;
    let ticket = desk
        .tickets()
        .get(number)
        .await?
        .ok_or(HookError::Refused(Refusal::Missing))?;
    Ok(Taken {
        ticket: number,
        status: ticket.status,
        created: false,
        repeated: true,
    })
}

impl Find<HookError> for Conversing<'_> {
    async fn find(&mut self, now: Timestamp) -> Result<Found, HookError> {
        let (desk, data) = (self.contact.desk, &self.contact.call.data);
        let channel = self.contact.channel;
        let identities = contact::identities(channel, data.external_id.as_deref(), &data.customer);
        let (digest, is_named) = contact::conversation(channel, data.external_id.as_deref(), &identities[0]);
        let name = data.customer.name.as_deref().unwrap_or_default();
        let locale = data.customer.locale.as_deref().or(data.language.as_deref());
        let by = ChangedBy::system(self.contact.cause.clone(), now);
        let (mut person, mut writes) = desk.people().find_or_make(identities, name, locale, &by).await?;
        if !writes.is_empty() && person.email.is_none() && data.customer.email.is_some() {
            // Answers go to the address given, though it is not taken for proof of who it is.
            person.email.clone_from(&data.customer.email);
            writes = desk.people().new_writes(&person, &by)?;
        }
        let conversation = desk.tickets().conversation(&digest).await?;
        let open_until = (!is_named).then(|| now.checked_add(WINDOW).unwrap_or(now));
        let known = conversation
            .as_ref()
            .filter(|known| known.open_until.is_none_or(|until| until >= now));
        if let Some(known) = known
            && let Some(ticket) = desk.tickets().get(known.ticket).await?
            && ticket.status != Status::Closed
        {
            return self
                .append(ticket, (known, &digest, open_until), &person, writes)
                .await;
        }
        self.create((conversation.as_ref(), &digest, open_until), &person, writes)
            .await
    }
}

impl Conversing<'_> {
    async fn append(
        &mut self,
        ticket: Ticket,
        (known, digest, open_until): (&Conversation, &Digest, Option<Timestamp>),
        person: &Person,
        mut writes: Vec<Write>,
    ) -> Result<Found, HookError> {
        let desk = self.contact.desk;
        // The window moves in steps, so that contacts of one moment do not push each other aside.
        let moves = open_until
            .zip(known.open_until)
            .is_some_and(|(to, was)| to > was + WINDOW_STEP);
        if moves {
            writes.push(
                desk.tickets()
                    .conversation_write(digest, Some(known), known.ticket, open_until)?,
            );
        }
        let is_requester = ticket.requester == person.id;
        let role = if is_requester {
            AuthorRole::Requester
        } else {
            AuthorRole::ThirdParty
        };
        let actor = if is_requester {
            Actor::Requester(person.id)
        } else {
            Actor::ThirdParty(person.id)
        };
        let comment = self.contact.comment(person, role)?;
        let words = self.stored.words(desk, ticket.number, &comment).await?;
        let (comment, facts) = comment.stored(&words);
        let update = Update {
            comment: Some(facts),
            ..Update::default()
        };
        let wish = Wish {
            actor: Some(actor),
            comments: vec![comment],
            writes,
            ..Wish::from(Command::Update(Box::new(update)))
        };
        Ok(Found::wish(ticket, wish))
    }

    async fn create(
        &mut self,
        (read, digest, open_until): (Option<&Conversation>, &Digest, Option<Timestamp>),
        person: &Person,
        mut writes: Vec<Write>,
    ) -> Result<Found, HookError> {
        let desk = self.contact.desk;
        let number = self.stored.number(desk).await?;
        writes.push(
            desk.tickets()
                .conversation_write(digest, read, number, open_until)?,
        );
        let data = &self.contact.call.data;
        let channel = self.contact.channel;
        let comment = self.contact.comment(person, AuthorRole::Requester)?;
        let words = self.stored.words(desk, number, &comment).await?;
        let contact = NewContact {
            actor: Actor::Requester(person.id),
            cause: self.contact.cause.clone(),
            ticket: TicketDraft {
                subject: contact::subject(data, &comment.body),
                requester: person.id,
                channel: Channel::Hook {
                    channel: channel.to_owned(),
                },
                reply_via: contact::reply_via(channel, data, self.contact.setup),
                external_id: data.external_id.clone(),
                priority: data.priority,
                ticket_type: None,
                tags: data.tags.clone(),
                // A conversation that goes on after its ticket closed, or long after, is a follow-up.
                follows: read.map(|read| read.ticket),
                acknowledge: false,
                unacknowledged: None,
            },
            comment,
            note: None,
            alongside: Alongside {
                guards: vec![],
                writes,
            },
        };
        Ok(Found::wish(Ticket::blank(number), contact.wish(&words, None)))
    }
}

impl Contact<'_> {
    fn comment(&self, person: &Person, role: AuthorRole) -> Result<NewComment, HookError> {
        Ok(NewComment {
            author: person.id,
            role,
            public: role == AuthorRole::Requester,
            channel: Channel::Hook {
                channel: self.channel.to_owned(),
            },
            body: contact::body(self.call),
            attachments: contact::attachments(&self.call.data)?,
            mail: None,
            automatic: None,
        })
    }
}

//! Taking a call in: verified, read, and committed as a new ticket or as a comment of the conversation's ticket.

use crate::{
    answer::{HookError, Taken},
    contact,
    payload::{self, Call},
    verify::verify,
};
use axum::http::HeaderMap;
use docket_aws::{
    Desk, StoreError,
    keys::GuardKey,
    operations::{Alongside, Amended, Amendment, NewComment, NewContact, OperationError, TicketDraft},
    store::{Answer, Committed, Conversation, Guard, MOST_TRIES, Write},
};
use docket_domain::{
    Digest, TicketNumber, Timestamp,
    comment::AuthorRole,
    configuration::Setup,
    ledger::{LedgerEntry, LedgerLine},
    person::Person,
    ticket::{Actor, Channel, Refusal, Status, Update},
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
    guard: Guard,
    cause: String,
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
        guard,
        cause,
    };
    for _ in 0..MOST_TRIES {
        if let Some(taken) = contact.try_once().await? {
            if !taken.repeated {
                count(desk).await;
            }
            return Ok(taken);
        }
    }
    Err(StoreError::Contended {
        what: "the conversation".to_owned(),
        tries: MOST_TRIES,
    }
    .into())
}

/// Adds to the ledger. The contact counts for more: where that fails it is told, and a recount mends it.
async fn count(desk: &Desk) {
    let line = LedgerLine::hook(LedgerEntry::Accepted);
    if let Err(error) = desk.count_contacts(line, 1).await {
        tracing::warn!(%line, %error, "line {line} of the ledger could not be added to");
    }
}

/// The answer to a call that was taken before.
async fn repeated(desk: &Desk, answer: &Answer) -> Result<Taken, HookError> {
    let number = answer.ticket.ok_or(OperationError::Refused(Refusal::Missing))?;
    let ticket = desk
        .ticket(number)
        .await?
        .ok_or(OperationError::Refused(Refusal::Missing))?;
    Ok(Taken {
        ticket: number,
        status: ticket.status,
        created: false,
        repeated: true,
    })
}

impl Contact<'_> {
    /// One try; nothing when somebody else was first.
    async fn try_once(&self) -> Result<Option<Taken>, HookError> {
        let (desk, data, now) = (self.desk, &self.call.data, self.desk.now());
        let identities = contact::identities(self.channel, data.external_id.as_deref(), &data.customer);
        let (digest, is_named) =
            contact::conversation(self.channel, data.external_id.as_deref(), &identities[0]);
        let name = data.customer.name.as_deref().unwrap_or_default();
        let locale = data.customer.locale.as_deref().or(data.language.as_deref());
        let (mut person, mut writes) = desk.find_or_make_person(identities, name, locale, now).await?;
        if !writes.is_empty() && person.email.is_none() && data.customer.email.is_some() {
            // Answers go to the address given, though it is not taken for proof of who it is.
            person.email.clone_from(&data.customer.email);
            writes = desk.new_person_writes(&person)?;
        }
        let conversation = desk.conversation(&digest).await?;
        let open_until = (!is_named).then(|| now.checked_add(WINDOW).unwrap_or(now));
        let known = conversation
            .as_ref()
            .filter(|known| known.open_until.is_none_or(|until| until >= now));
        if let Some(known) = known {
            let status = desk.ticket(known.ticket).await?.map(|ticket| ticket.status);
            if status.is_some_and(|status| status != Status::Closed) {
                return self.append(known, &digest, open_until, &person, writes).await;
            }
        }
        self.create(conversation.as_ref(), &digest, open_until, &person, writes)
            .await
    }

    async fn append(
        &self,
        known: &Conversation,
        digest: &Digest,
        open_until: Option<Timestamp>,
        person: &Person,
        mut writes: Vec<Write>,
    ) -> Result<Option<Taken>, HookError> {
        // The window moves in steps, so that contacts of one moment do not push each other aside.
        let moves = open_until
            .zip(known.open_until)
            .is_some_and(|(to, was)| to > was + WINDOW_STEP);
        if moves {
            writes.push(
                self.desk
                    .conversation_write(digest, Some(known), known.ticket, open_until)?,
            );
        }
        let ticket = self
            .desk
            .ticket(known.ticket)
            .await?
            .ok_or(OperationError::Refused(Refusal::Missing))?;
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
        let amendment = Amendment {
            actor,
            cause: self.cause.clone(),
            update: Update::default(),
            comment: Some(self.comment(person, role)?),
            alongside: Alongside {
                guards: vec![self.guard.clone()],
                writes,
            },
        };
        match self.desk.amend_ticket(known.ticket, amendment).await {
            Ok(Amended::Done { ticket, .. }) => Ok(Some(Taken {
                ticket: ticket.number,
                status: ticket.status,
                created: false,
                repeated: false,
            })),
            Ok(Amended::Duplicate(answer)) => repeated(self.desk, &answer).await.map(Some),
            // It closed in this moment, or the conversation moved on: look again.
            Err(
                OperationError::Refused(Refusal::Closed)
                | OperationError::Store(StoreError::Contended { .. }),
            ) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn create(
        &self,
        read: Option<&Conversation>,
        digest: &Digest,
        open_until: Option<Timestamp>,
        person: &Person,
        mut writes: Vec<Write>,
    ) -> Result<Option<Taken>, HookError> {
        let number: TicketNumber = self.desk.next_ticket_number().await?;
        writes.push(self.desk.conversation_write(digest, read, number, open_until)?);
        let data = &self.call.data;
        let comment = self.comment(person, AuthorRole::Requester)?;
        let contact = NewContact {
            actor: Actor::Requester(person.id),
            cause: self.cause.clone(),
            ticket: TicketDraft {
                subject: contact::subject(data, &comment.body),
                requester: person.id,
                channel: Channel::Hook {
                    channel: self.channel.to_owned(),
                },
                reply_via: contact::reply_via(self.channel, data, self.setup),
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
                guards: vec![self.guard.clone()],
                writes,
            },
        };
        match self.desk.create_ticket(number, contact).await? {
            Committed::Done(ticket) => Ok(Some(Taken {
                ticket: ticket.number,
                status: ticket.status,
                created: true,
                repeated: false,
            })),
            Committed::Duplicate(answer) => repeated(self.desk, &answer).await.map(Some),
            Committed::Lost => Ok(None),
        }
    }

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

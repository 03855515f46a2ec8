//! Taking a call in: verified, read, and committed as a new ticket or as a comment of the conversation's ticket.

use crate::{
    answer::{HookError, Taken},
    contact,
    payload::{self, Call, CallKind},
    verify::verify,
};
use axum::http::HeaderMap;
use docket_desk::{
    Answer, Attempt, Changed, Conversation, Desk, Find, Found, Guard, GuardKey, Wish, Write,
    tickets::{Alongside, NewComment, NewContact, StoredOnce, TicketDraft},
};
use docket_domain::{
    Digest, PersonId, Timestamp,
    audit::ChangedBy,
    configuration::Setup,
    contact::comment::AuthorRole,
    ledger::{LedgerEntry, LedgerLine},
    people::person::{Identity, Person},
    ticket::{Actor, Channel, Command, Refusal, Ticket, Update},
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
    let call = payload::read(body, desk.settings.is_local)?;
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
    Ok(match desk.change_found(attempt, &mut conversing).await? {
        Changed::Done(saved) => {
            // When its fact is of: the commit's time, which all its events have.
            let accepted_at = saved.events.first().map_or(desk.now(), |event| event.at);
            count(desk, accepted_at).await;
            Taken {
                ticket: saved.ticket.number,
                status: saved.ticket.status,
                created: saved.before.v == 0,
                repeated: false,
                problems: call.problems.clone(),
            }
        }
        Changed::Duplicate(answer) => return repeated(desk, &answer).await,
        Changed::Refused(refusal) => return Err(HookError::Refused(refusal)),
        Changed::NotThere => return Err(HookError::Refused(Refusal::Missing)),
    })
}

/// Adds to the ledger. The contact counts for more: where that fails it is told, and a recount mends it.
async fn count(desk: &Desk, at: Timestamp) {
    let line = LedgerLine::hook(LedgerEntry::Accepted);
    if let Err(error) = desk.ledger().add_contacts(line, 1, at).await {
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
        problems: vec![],
    })
}

/// Who wrote, and what goes into the save because of them.
struct Writer {
    person: Person,
    writes: Vec<Write>,
    /// What of the call about them is not as it says, in words.
    problems: Vec<String>,
}

impl Find<HookError> for Conversing<'_> {
    async fn find(&mut self, now: Timestamp) -> Result<Found, HookError> {
        let (desk, data) = (self.contact.desk, &self.contact.call.data);
        let channel = self.contact.channel;
        let external_id = data.external_id.as_deref();
        // The surest identity alone, so that what is told later does not lead to another conversation.
        let given = contact::identities(channel, &data.customer, data.customer.verified != Some(false));
        let named_by = given.into_iter().next();
        let named_by = named_by.unwrap_or_else(|| contact::stand_in(channel, external_id, &data.customer));
        let (digest, is_named) = contact::conversation(channel, external_id, &named_by);
        let conversation = desk.tickets().conversation(&digest).await?;
        let open_until = (!is_named).then(|| now.checked_add(WINDOW).unwrap_or(now));
        let known = conversation
            .as_ref()
            .filter(|known| known.open_until.is_none_or(|until| until >= now));
        if let Some(known) = known
            && let Some(found) = desk.tickets().get(known.ticket).await?
        {
            // The conversation of a ticket that was merged goes on where it does.
            let ticket = desk.tickets().where_it_goes_on(found.clone()).await?;
            if ticket.takes_contacts() {
                let writer = self.contact.writer(Some(&found), now).await?;
                return self
                    .append((ticket, found.requester), (known, &digest, open_until), writer)
                    .await;
            }
        }
        let writer = self.contact.writer(None, now).await?;
        self.create((conversation.as_ref(), &digest, open_until), writer)
            .await
    }
}

impl Conversing<'_> {
    async fn append(
        &mut self,
        (ticket, asked_by): (Ticket, PersonId),
        (known, digest, open_until): (&Conversation, &Digest, Option<Timestamp>),
        mut writer: Writer,
    ) -> Result<Found, HookError> {
        let desk = self.contact.desk;
        // The window moves in steps, so that contacts of one moment do not push each other aside.
        let moves = open_until
            .zip(known.open_until)
            .is_some_and(|(to, was)| to > was + WINDOW_STEP);
        if moves {
            let write = desk
                .tickets()
                .conversation_write(digest, Some(known), known.ticket, open_until)?;
            writer.writes.push(write);
        }
        let person = writer.person.id;
        let is_requester = writer.person.is_or_was(ticket.requester);
        let (role, actor) = if is_requester {
            (AuthorRole::Requester, Actor::Requester(person))
        } else if asked_by == person {
            (AuthorRole::Participant, Actor::ThirdParty(person))
        } else {
            (AuthorRole::ThirdParty, Actor::ThirdParty(person))
        };
        let mut update = self.contact.changes(&ticket, &mut writer.problems);
        // Answers go to whoever asks there.
        update.reply_via.take_if(|_| asked_by != ticket.requester);
        let comment = self.contact.comment(person, role, writer.problems);
        let words = self.stored.words(desk, ticket.number, &comment).await?;
        let (comment, facts) = comment.stored(&words);
        update.comment = Some(facts);
        let wish = Wish {
            actor: Some(actor),
            comments: vec![comment],
            writes: writer.writes,
            ..Wish::from(Command::Update(Box::new(update)))
        };
        Ok(Found::wish(ticket, wish))
    }

    async fn create(
        &mut self,
        (read, digest, open_until): (Option<&Conversation>, &Digest, Option<Timestamp>),
        writer: Writer,
    ) -> Result<Found, HookError> {
        let desk = self.contact.desk;
        let number = self.stored.number(desk).await?;
        let (person, mut writes) = (writer.person, writer.writes);
        writes.push(
            desk.tickets()
                .conversation_write(digest, read, number, open_until)?,
        );
        let data = &self.contact.call.data;
        let channel = self.contact.channel;
        let comment = self
            .contact
            .comment(person.id, AuthorRole::Requester, writer.problems);
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
                reply_via: contact::reply_via(channel, data, &person, self.contact.setup),
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
    /// Who wrote. In a conversation that has a ticket it is its customer, unless the call says otherwise; what is told of them later
    /// is kept.
    async fn writer(&self, ticket: Option<&Ticket>, now: Timestamp) -> Result<Writer, HookError> {
        let (people, data) = (self.desk.people(), &self.call.data);
        let (customer, mut problems) = (&data.customer, Vec::new());
        let by = ChangedBy::system(self.cause.clone(), now);
        let name = customer.name.as_deref().unwrap_or_default();
        let locale = customer.locale.as_deref().or(data.language.as_deref());
        let mut vouched = customer.verified != Some(false);
        let mut found = people
            .look_up(contact::identities(self.channel, customer, vouched))
            .await?;
        // Nobody becomes a colleague by an address that a customer typed.
        let is_staffs_address = found.known.as_ref().is_some_and(|(identity, person)| {
            person.role.is_staff() && !matches!(identity, Identity::Channel(..))
        });
        if is_staffs_address && customer.verified != Some(true) {
            vouched = false;
            found = people
                .look_up(contact::identities(self.channel, customer, vouched))
                .await?;
        }
        let claims = customer
            .email
            .as_ref()
            .or(customer.phone.as_ref())
            .filter(|_| !vouched);
        if let Some(claim) = claims {
            problems.push(format!(
                "{claim} is not verified: the channel does not vouch that it is theirs"
            ));
        }
        let requester = match ticket {
            Some(ticket) if found.known.is_none() => people.now(ticket.requester).await?,
            _ => None,
        };
        let nobodys = found.nobodys;
        let requester = requester.filter(|person| self.can_be(person, &nobodys));
        let (mut person, mut writes) = match found.known.map(|(_, person)| person).or(requester) {
            Some(known) => people.learn(known, nobodys, name, &by).await?,
            None if nobodys.is_empty() => {
                let stand_in = contact::stand_in(self.channel, data.external_id.as_deref(), customer);
                people.find_or_make(vec![stand_in], name, locale, &by).await?
            }
            None => people.make(nobodys, name, locale, &by).await?,
        };
        if person.is_suspended() {
            return Err(HookError::Suspended);
        }
        // Answers go to the address given, though it is not taken for proof of who it is.
        let asked = data.reply_via.email.as_ref().or(customer.email.as_ref());
        match (asked, &person.email) {
            (Some(asked), None) if person.takes_first_address() => {
                person.email = Some(asked.clone());
                writes = match people.get(person.id).await? {
                    Some(stored) => people.changed_writes(&stored, &person, &by).await?,
                    None => people.new_writes(&person, &by)?,
                };
            }
            (Some(asked), None) => problems.push(format!(
                "answers do not go to {asked}: of the customer's addresses somebody at the desk has to say first which it is"
            )),
            (Some(asked), Some(known))
                if data.reply_via.email.is_some() && !known.eq_ignore_ascii_case(asked) =>
            {
                problems.push(format!(
                    "data.reply_via.email: answers go to {known}, which is the customer's address, and not to {asked}"
                ));
            }
            _ => {}
        }
        Ok(Writer {
            person,
            writes,
            problems,
        })
    }

    /// Whether the customer of a conversation can be who these identities are of: nobody's on this channel so far, or the same one's.
    fn can_be(&self, requester: &Person, given: &[Identity]) -> bool {
        let stands_in = |id: &str| id.starts_with("of ") || id.starts_with("claims ");
        let is_another = |identity: &&Identity| match identity {
            Identity::Channel(channel, id) => {
                channel == self.channel && !stands_in(id) && !given.contains(identity)
            }
            _ => false,
        };
        let says_who = given
            .iter()
            .any(|identity| matches!(identity, Identity::Channel(..)));
        !says_who || !requester.identities.iter().any(|identity| is_another(&identity))
    }

    /// What a call changes of a ticket that is there: a hand-off brings tags and a priority, and the newest word of where answers go holds.
    fn changes(&self, ticket: &Ticket, problems: &mut Vec<String>) -> Update {
        let data = &self.call.data;
        let mut update = Update {
            reply_via: contact::asked_reply_via(self.channel, data, self.setup),
            ..Update::default()
        };
        if self.call.kind != CallKind::HandOff {
            return update;
        }
        update.priority = data.priority;
        let mut tags = data.tags.clone();
        tags.retain(|tag| !ticket.tags.contains(tag));
        let room = Ticket::MOST_TAGS.saturating_sub(ticket.tags.len());
        if tags.len() > room {
            problems.push(format!(
                "data.tags: {room} more fit on the ticket, the others were left out"
            ));
            tags.truncate(room);
        }
        update.add_tags = tags;
        update
    }

    fn comment(&self, person: PersonId, role: AuthorRole, problems: Vec<String>) -> NewComment {
        NewComment {
            author: person,
            role,
            public: role.is_customer(),
            channel: Channel::Hook {
                channel: self.channel.to_owned(),
            },
            body: contact::body(self.call, problems),
            attachments: contact::attachments(&self.call.data),
            mail: None,
            automatic: None,
        }
    }
}

//! From a mail to a ticket or a comment.

use crate::{
    Delivery, IntakeError,
    comment::comment,
    incident::Told,
    known::Known,
    passed_on::PassedOn,
    reaction::reaction,
    understood::{Author, Understood},
};
use docket_desk::{
    Found, Wish, Write,
    tickets::{Alongside, NewComment, NewContact, StoredOnce, TicketDraft},
};
use docket_domain::{
    Digest, PersonId, TicketNumber, Timestamp,
    audit::ChangedBy,
    contact::{
        automatic::{AUTOMATIC_SUBJECTS, AutomaticHistory, AutomaticMail, OverBudget, counted_address},
        comment::AuthorRole,
        intake::{Acknowledging, Dmarc},
    },
    outbox::acknowledgement_of,
    people::person::{Identity, Person, Undeliverable},
    ticket::{Actor, Channel, Command, ReplyVia, Ticket, Update, subject_from_outside},
};
use docket_mail::{AutomaticSign, ForwardSign, InboundMail, Verdict, without_forward_prefixes};

/// Adds a mail to a ticket.
pub(crate) async fn append(
    delivery: &Delivery<'_>,
    mail: &Understood<'_>,
    known: &Known,
    ticket: Ticket,
    (role, is_note, told): (AuthorRole, bool, Option<&Told>),
    new_ids: &[String],
    stored: &mut StoredOnce,
) -> Result<Found, IntakeError> {
    let now = known.now;
    let (author, mut writes) = match &known.author {
        Some(person) => heard_from(delivery, &mail.author, person, known.now).await?,
        None => newcomer(delivery, &mail.author, known, stored.person(delivery.desk).await?)?,
    };
    let author = author.id;
    writes.extend(mail_ids(delivery, new_ids, ticket.number));
    writes.extend(delivery.writes(ticket.number, now)?);
    let actor = match role {
        AuthorRole::Requester => Actor::Requester(author),
        AuthorRole::Agent => Actor::Agent(author),
        AuthorRole::Participant | AuthorRole::ThirdParty | AuthorRole::System => Actor::ThirdParty(author),
    };
    let mut comment = comment(delivery, mail, author, role);
    if let Some(facts) = &mut comment.mail {
        facts.reaction = reaction(delivery, mail, ticket.number).await?;
        facts.incident = told.map(Told::facts);
    }
    if let Some(told) = told {
        writes.extend(told.write(delivery, ticket.number));
        if told.joined {
            let sign = comment.automatic.take();
            comment.automatic = sign.or(Some(AutomaticSign::Monitor.as_str().to_owned()));
        }
    }
    // What an agent passes on was not written to the requester, and neither is what they answer to the desk.
    if is_note || (role == AuthorRole::Agent && passes_on(mail.mail)) {
        comment.public = false;
    }
    let words = stored.words(delivery.desk, ticket.number, &comment).await?;
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

/// Whether an agent's mail onto a ticket says of itself that it passes something on. Outlook writes the same lines above
/// what is answered: they alone do not make a note of an answer.
fn passes_on(mail: &InboundMail) -> bool {
    let says_so = without_forward_prefixes(&mail.subject) != mail.subject;
    let sign = docket_mail::forwarded(mail).map(|found| found.sign);
    sign.is_some_and(|sign| says_so || sign != ForwardSign::HeaderLines)
}

/// Makes a ticket of a mail: the sender's, or that of whoever wrote what an agent passes on. Nothing where it claims to be an agent's
/// and nobody vouches for that.
pub(crate) async fn create(
    delivery: &Delivery<'_>,
    mail: &Understood<'_>,
    known: &Known,
    (follows, answers_us, told): (Option<TicketNumber>, bool, Option<&Told>),
    new_ids: &[String],
    stored: &mut StoredOnce,
) -> Result<Option<Found>, IntakeError> {
    let desk = delivery.desk;
    let (from, now) = (&mail.author, known.now);
    let (author, mut writes) = match &known.author {
        Some(person) => heard_from(delivery, from, person, now).await?,
        None => newcomer(delivery, from, known, stored.requester(desk).await?)?,
    };
    if author.role.is_staff() && from.dmarc != Dmarc::Pass {
        return Ok(None);
    }
    let passed_on = PassedOn::of(delivery, mail).filter(|_| author.role.is_staff());
    let number = stored.number(desk).await?;
    let acknowledged = Acknowledged::of(delivery, known, &author, from).await?;
    let mut opening = match passed_on {
        Some(passed_on) => {
            let (requester, made_by) = requester(delivery, &passed_on.author, now).await?;
            writes.extend(made_by);
            passed_on_by(delivery, mail, author.id, (passed_on, requester.id))
        }
        None => Opening {
            actor: Actor::Requester(author.id),
            requester: author.id,
            subject: mail.mail.subject.clone(),
            comment: comment(delivery, mail, author.id, AuthorRole::Requester),
            note: None,
            unacknowledged: unacknowledged(delivery, mail, &acknowledged, (&author, answers_us)),
        },
    };
    if let (Some(told), Some(facts)) = (told, &mut opening.comment.mail) {
        facts.incident = Some(told.facts());
        writes.extend(told.write(delivery, number));
    }
    if opening.unacknowledged.is_none() {
        match acknowledged.write(delivery, mail, number)? {
            Ok(counted) => writes.push(counted),
            Err(over) => opening.unacknowledged = Some(over.to_string()),
        }
    }
    let acknowledge = opening.unacknowledged.is_none();
    writes.extend(mail_ids(delivery, new_ids, number));
    writes.extend(delivery.writes(number, now)?);
    if delivery.drawn == Some(number) {
        writes.push(desk.present_write(number));
    }
    let mailbox = delivery.place.written_to.clone();
    let contact = NewContact {
        actor: opening.actor,
        cause: delivery.cause(),
        ticket: TicketDraft {
            subject: opening.subject,
            requester: opening.requester,
            channel: Channel::Mail {
                mailbox: mailbox.clone(),
            },
            reply_via: ReplyVia::Mail { mailbox },
            external_id: None,
            priority: None,
            ticket_type: None,
            tags: vec![],
            follows,
            acknowledge,
            unacknowledged: opening.unacknowledged.take(),
        },
        comment: opening.comment,
        note: opening.note,
        alongside: Alongside {
            guards: vec![],
            writes,
        },
    };
    let words = stored.words(desk, number, &contact.comment).await?;
    let note_words = match &contact.note {
        Some(note) => Some(stored.note_words(desk, number, note).await?),
        None => None,
    };
    let wish = contact.wish(&words, note_words.as_ref());
    Ok(Some(Found::wish(Ticket::blank(number), wish)))
}

/// How a ticket begins.
struct Opening {
    actor: Actor,
    requester: PersonId,
    subject: String,
    comment: NewComment,
    note: Option<NewComment>,
    /// Why nobody is told that we have it.
    unacknowledged: Option<String>,
}

/// How a ticket begins that an agent passes on. The customer did not write to this desk: the agent answers first.
fn passed_on_by(
    delivery: &Delivery<'_>,
    mail: &Understood<'_>,
    agent: PersonId,
    (passed_on, requester): (PassedOn, PersonId),
) -> Opening {
    let mut note = comment(delivery, mail, agent, AuthorRole::Agent);
    note.public = false;
    Opening {
        actor: Actor::Agent(agent),
        requester,
        subject: passed_on.subject.clone(),
        comment: passed_on.comment(&note, requester),
        note: Some(note),
        unacknowledged: Some("an agent passed it on".to_owned()),
    }
}

/// Why the sender of a new ticket is not told that we have it; nothing: they are.
fn unacknowledged(
    delivery: &Delivery<'_>,
    mail: &Understood<'_>,
    acknowledged: &Acknowledged<'_>,
    (author, answers_us): (&Person, bool),
) -> Option<String> {
    if author.role.is_staff() {
        return Some("its sender works here".to_owned());
    }
    if delivery.release.is_some() {
        return Some("a person let it in".to_owned());
    }
    if delivery.mailbox().is_some_and(|mailbox| mailbox.is_silent) {
        return Some("its mailbox acknowledges nothing".to_owned());
    }
    let own_subjects = delivery
        .setup
        .mailboxes
        .iter()
        .filter_map(|mailbox| mailbox.acknowledgement_subject.as_deref());
    let mut subjects = own_subjects.chain(AUTOMATIC_SUBJECTS);
    let facts = Acknowledging {
        automatic: mail.automatic.map(|sign| sign.words()),
        hold_back: mail.mail.hold_back.map(|sign| sign.words()),
        dmarc: mail.author.dmarc,
        spf_failed: delivery.receipt.verdicts.spf == Verdict::Fail,
        answers_us: answers_us
            || subjects.any(|subject| mail.mail.subject.contains(&format!("{subject} (ticket "))),
        told_today: acknowledged.history.was_told_on_day_of(acknowledged.now),
    };
    facts.withheld()
}

/// Whom "we have it" would go to, and what automatic mail went there lately.
struct Acknowledged<'a> {
    address: &'a str,
    history: AutomaticHistory,
    now: Timestamp,
}

impl<'a> Acknowledged<'a> {
    /// Answers go to the address that is kept of a person, which may be another one than they wrote from.
    async fn of(
        delivery: &Delivery<'_>,
        known: &Known,
        author: &'a Person,
        from: &'a Author,
    ) -> Result<Self, IntakeError> {
        let address = author.email.as_deref().unwrap_or(&from.address);
        let history = if counted_address(address) == counted_address(&from.address) {
            known.automatic.clone()
        } else {
            delivery.desk.mail().automatic_history(address).await?
        };
        Ok(Self {
            address,
            history,
            now: known.now,
        })
    }

    /// The part that counts it; of two at once one loses. The inner error: too many automatic mails went there.
    fn write(
        &self,
        delivery: &Delivery<'_>,
        mail: &Understood<'_>,
        number: TicketNumber,
    ) -> Result<Result<Write, OverBudget>, IntakeError> {
        let subject = subject_from_outside(&mail.mail.subject);
        let counted = self.history.with_acknowledgement(AutomaticMail {
            at: self.now,
            outbox: acknowledgement_of(number),
            subject: Digest::of(docket_mail::normalised_subject(&subject).as_bytes()),
        });
        Ok(match counted {
            Ok(history) => {
                let mail = delivery.desk.mail();
                Ok(mail.automatic_history_write(self.address, &history)?)
            }
            Err(over) => Err(over),
        })
    }
}

/// Somebody who writes for the first time, with the number drawn for them. Who was not known a moment ago has nothing more to tell.
fn newcomer(
    delivery: &Delivery<'_>,
    from: &Author,
    known: &Known,
    id: PersonId,
) -> Result<(Person, Vec<Write>), IntakeError> {
    let by = ChangedBy::system(delivery.cause(), known.now);
    let told = (vec![Identity::email(&from.address)], from.name.as_str(), None);
    let people = delivery.desk.people();
    Ok(people.make_as(id, known.organization, told, &by)?)
}

/// The person who wrote what an agent passes on, new if need be.
async fn requester(
    delivery: &Delivery<'_>,
    from: &Author,
    now: Timestamp,
) -> Result<(Person, Vec<Write>), IntakeError> {
    let by = ChangedBy::system(delivery.cause(), now);
    let (people, identity) = (delivery.desk.people(), Identity::email(&from.address));
    match people.find(&identity).await? {
        Some(person) => heard_from(delivery, from, &person, now).await,
        None => Ok(people.make(vec![identity], &from.name, None, &by).await?),
    }
}

/// Somebody who is known, with what their mail tells of them.
async fn heard_from(
    delivery: &Delivery<'_>,
    from: &Author,
    before: &Person,
    now: Timestamp,
) -> Result<(Person, Vec<Write>), IntakeError> {
    let mut person = before.clone();
    // Whoever writes from an address can be expected to read there, too. Only they: an address in a form may be mistyped.
    let is_back =
        |known: &mut Undeliverable| known.address.eq_ignore_ascii_case(&from.address) && from.is_sender;
    person.undeliverable.take_if(is_back);
    person.learn(vec![], &from.name);
    if person == *before {
        return Ok((person, vec![]));
    }
    person.updated_at = now;
    let by = ChangedBy::system(delivery.cause(), now);
    let people = delivery.desk.people();
    let writes = people.changed_writes(before, &person, &by).await?;
    Ok((person, writes))
}

fn mail_ids(delivery: &Delivery<'_>, new_ids: &[String], number: TicketNumber) -> Vec<Write> {
    let ids = new_ids.iter().map(String::as_str);
    delivery
        .desk
        .tickets()
        .mail_id_writes(ids, &delivery.place.mailbox, number)
}

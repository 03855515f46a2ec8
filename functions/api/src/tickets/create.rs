//! `POST tickets`.

use super::{
    answer::Written,
    fields::{Draft, RequesterFields, TicketFields, UNKEPT},
};
use crate::kit::{
    call::Call,
    error::ApiError,
    idempotency::Once,
    input::{Sent, at_most},
};
use axum::response::Response;
use docket_desk::{Attempt, Find, Found, Wish, Write, tickets::StoredOnce};
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    audit::ChangedBy,
    contact::comment::{AuthorRole, Comment},
    people::person::{Identity, Person},
    ticket::{Actor, Channel, Command, CommentFacts, NewTicket, Refusal, ReplyVia, Ticket, Update},
};

/// Longest name or id of a caller's own in characters.
pub(super) const LONGEST_TEXT: usize = 255;

/// Makes a ticket. What is said of status, assignee and group is part of the same save.
pub(crate) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let once = Once::of(&call, &sent)?;
    if let Some(answer) = once.earlier(&call).await? {
        return Written::before(&answer)?.answer(&call, &once).await;
    }
    let fields: TicketFields = sent.read("ticket")?;
    sent.refuse("ticket", UNKEPT)?;
    let draft = fields.first_comment()?.draft(&call, fields.submitter_id).await?;
    let changes = Update {
        status: fields.status.flatten(),
        assignee: fields.assignee(&call, None).await?,
        group: fields.group(&call, None).await?,
        snooze: fields.snooze(None),
        skills: fields.skills(&call).await?,
        problem: fields.problem(&call, None).await?,
        add_followers: fields
            .followers(&call, &Ticket::blank(TicketNumber(0)))
            .await?
            .add,
        ..fields.own(&call, None).await?
    };
    check(&fields)?;
    let number = call.desk.tickets().next_number().await?;
    let mut creating = Creating {
        call: &call,
        cause: &once.cause,
        number,
        fields: &fields,
        draft,
        changes,
        stored: StoredOnce::default(),
    };
    let attempt = Attempt::by(Actor::Agent(call.caller.id), once.cause.clone()).guarded(once.guards(true));
    let changed = call.desk.change_found(attempt, &mut creating).await?;
    Written::of(changed, &once)?.answer(&call, &once).await
}

/// A ticket in the making. Somebody else may make its requester at the same time: each try looks for them anew.
struct Creating<'a> {
    call: &'a Call,
    cause: &'a str,
    number: TicketNumber,
    fields: &'a TicketFields,
    draft: Draft,
    changes: Update,
    /// Where text and files lie.
    stored: StoredOnce,
}

impl Creating<'_> {
    fn by(&self, now: Timestamp) -> ChangedBy {
        ChangedBy::new(Actor::Agent(self.call.caller.id), self.cause, now)
    }
}

impl Find<ApiError> for Creating<'_> {
    async fn find(&mut self, now: Timestamp) -> Result<Found, ApiError> {
        let (call, fields) = (self.call, self.fields);
        let (requester, writes) = requester(call, fields, &self.by(now)).await?;
        fields.check_organization(&requester)?;
        let blank = Ticket::blank(self.number);
        let copies = fields.copies(call, &blank, Some(&requester)).await?;
        let draft = self.draft.clone().of_requester(fields, &requester);
        let (comment, actor) = draft.on_ticket_of(requester.id, call.caller.id);
        let words = self.stored.words(&call.desk, self.number, &comment).await?;
        let (comment, facts) = comment.stored(&words);
        let new = new_ticket(call, fields, (&requester, copies.add), &comment, facts).await?;
        let wish = Wish {
            commands: vec![
                Command::Create(Box::new(new)),
                Command::Update(Box::new(self.changes.clone())),
            ],
            actor: Some(actor),
            comments: vec![comment],
            writes,
            ..Wish::default()
        };
        Ok(Found::wish(blank, wish))
    }
}

/// Refuses what could not be stored.
pub(super) fn check(fields: &TicketFields) -> Result<(), ApiError> {
    at_most("external_id", fields.new_external_id(), LONGEST_TEXT)?;
    let tags = all_tags(fields);
    if tags.len() > Ticket::MOST_TAGS || tags.iter().any(|tag| tag.chars().count() > Ticket::LONGEST_TAG) {
        return Err(Refusal::Tags.into());
    }
    match (&fields.requester, fields.requester_id) {
        (Some(requester), None) => {
            at_most("requester.name", requester.name.as_deref(), LONGEST_TEXT)?;
            at_most("requester.locale", requester.language()?, LONGEST_TEXT)?;
            requester.identity().map(drop)
        }
        _ => Ok(()),
    }
}

/// Who asks: whoever is named by id or address, else the caller; with the parts that store somebody new.
async fn requester(
    call: &Call,
    fields: &TicketFields,
    by: &ChangedBy,
) -> Result<(Person, Vec<Write>), ApiError> {
    if let Some(id) = fields.requester_id {
        let found = call.desk.people().get(PersonId(id)).await?;
        let found = found.ok_or_else(|| ApiError::invalid("requester_id", "is nobody's id"))?;
        return Ok((found, vec![]));
    }
    let Some(requester) = &fields.requester else {
        return Ok((call.caller.as_ref().clone(), vec![]));
    };
    let identity = identity_of(call, requester).await?;
    let name = requester.name.as_deref().unwrap_or_default();
    let locale = requester.language()?;
    let made = call.desk.people().find_or_make(vec![identity], name, locale, by);
    Ok(made.await?)
}

/// By what a requester is recognised; a mailbox of the desk asks for nothing.
pub(super) async fn identity_of(call: &Call, requester: &RequesterFields) -> Result<Identity, ApiError> {
    let identity = requester.identity()?;
    if let Identity::Email(email) = &identity
        && call.desk.setup().await?.mailbox(email).is_some()
    {
        return Err(ApiError::invalid("requester.email", "is a mailbox of this desk"));
    }
    Ok(identity)
}

/// The ticket as it begins.
async fn new_ticket(
    call: &Call,
    fields: &TicketFields,
    (requester, ccs): (&Person, Vec<PersonId>),
    comment: &Comment,
    facts: CommentFacts,
) -> Result<NewTicket, ApiError> {
    let reply_via = reply_via(call, fields, requester).await?;
    let asks_by_themselves = comment.role == AuthorRole::Requester && !requester.role.is_staff();
    Ok(NewTicket {
        subject: subject(fields, comment),
        requester: requester.id,
        channel: Channel::Api,
        unacknowledged: None,
        acknowledge: asks_by_themselves && comment.public && reply_via != ReplyVia::Nowhere,
        reply_via,
        external_id: fields.new_external_id().map(str::to_owned),
        priority: fields.priority.flatten(),
        ticket_type: fields.ticket_type.flatten(),
        tags: all_tags(fields),
        follows: fields.followed(call).await?,
        comment: facts,
        note: None,
        ccs,
    })
}

/// Answers go by mail to whoever has an address: from the mailbox that is named as `recipient`, else from the first.
pub(super) async fn reply_via(
    call: &Call,
    fields: &TicketFields,
    requester: &Person,
) -> Result<ReplyVia, ApiError> {
    let has_address = requester
        .identities
        .iter()
        .any(|identity| matches!(identity, Identity::Email(_)));
    let setup = call.desk.setup().await?;
    let mailbox = match fields.recipient.as_deref().map(str::trim) {
        None | Some("") => setup.mailboxes.first(),
        Some(address) => match setup.mailbox(&address.to_lowercase()) {
            Some(mailbox) => Some(mailbox),
            None => return Err(ApiError::invalid("recipient", "is no address of this desk")),
        },
    };
    Ok(match mailbox {
        Some(mailbox) if has_address || requester.email.is_some() => ReplyVia::Mail {
            mailbox: mailbox.address.clone(),
        },
        _ => ReplyVia::Nowhere,
    })
}

/// The subject; the first words of the comment where none is given.
fn subject(fields: &TicketFields, comment: &Comment) -> String {
    match fields.wanted_subject("") {
        Some(subject) => subject.trim().to_owned(),
        None => comment.snippet.clone(),
    }
}

pub(super) fn all_tags(fields: &TicketFields) -> Vec<String> {
    let lists = [&fields.tags, &fields.additional_tags];
    lists.into_iter().flatten().flatten().cloned().collect()
}

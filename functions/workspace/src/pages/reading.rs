//! What an agent's form asks for, before anything is stored.

use crate::{
    form::Chosen,
    models::{
        call::people_of_call,
        typed::{Kind, Typed},
    },
};
use docket_desk::{
    TicketFile,
    tickets::{Amendment, NewComment},
};
use docket_domain::{
    PersonId, Timestamp,
    contact::{
        comment::{AuthorRole, CommentBody, LONGEST_TEXT_BYTES},
        tells::Tells,
    },
    ticket::{Actor, Channel, Update},
};
use docket_mail::markdown_to_html;

/// Reads the form against the ticket as it is: only what the person changed is changed. With it, what its comment tells of besides
/// its words.
///
/// # Errors
/// In words for the person, what is wrong with it.
pub fn read_form(
    file: &TicketFile,
    (typed, chosen): (&Typed, &Chosen),
    (me, members): (PersonId, &[PersonId]),
    now: Timestamp,
) -> Result<(Amendment, Option<Tells>), String> {
    if let Some(problem) = &chosen.problem {
        return Err(problem.clone());
    }
    let text = typed.text.replace("\r\n", "\n").trim_end().to_owned();
    if text.len() > LONGEST_TEXT_BYTES {
        return Err(t!(
            "The text is too long: {size} KB of at most {most} KB.",
            size = text.len().div_ceil(1024),
            most = LONGEST_TEXT_BYTES / 1024
        ));
    }
    let update = changes(file, typed, me, members)?;
    let has_text = !text.trim().is_empty();
    let goes_without = typed.kind() == Kind::Forward;
    if !has_text && !chosen.names.is_empty() && !goes_without {
        return Err(t!("Write a few words to go with the files.").to_owned());
    }
    let tells = match typed.kind() {
        // What is forwarded, and to whom, is looked for.
        Kind::Reply | Kind::Note | Kind::Forward => None,
        Kind::Call if !has_text => return Err(t!("Write what was said on the phone.").to_owned()),
        Kind::Call => Some(Tells::Call(typed.call.read(&people_of_call(&file.ticket), now)?)),
    };
    let changes = update.status.is_some() || update.priority.is_some() || update.assignee.is_some();
    if !has_text && !changes && !goes_without {
        return Err(t!(
            "There is nothing to save yet: write something, or change status, assignee or priority."
        )
        .to_owned());
    }
    let comment = (has_text || goes_without).then(|| NewComment {
        author: me,
        role: AuthorRole::Agent,
        // Whatever is not clearly meant for the requester stays inside.
        public: match typed.kind() {
            Kind::Reply => true,
            Kind::Note | Kind::Forward => false,
            Kind::Call => typed.call.is_public(),
        },
        channel: match typed.kind() {
            Kind::Reply | Kind::Note | Kind::Forward => Channel::Agent,
            Kind::Call => Channel::Phone,
        },
        body: CommentBody {
            // What has no marks says all by its text.
            html: markdown_to_html(&text),
            text,
            ..CommentBody::default()
        },
        attachments: chosen.files.clone(),
        mail: None,
        automatic: None,
    });
    let amendment = Amendment {
        comment,
        ..Amendment::of(Actor::Agent(me), "workspace", update)
    };
    Ok((amendment, tells))
}

/// What is chosen beside the text.
fn changes(file: &TicketFile, typed: &Typed, me: PersonId, members: &[PersonId]) -> Result<Update, String> {
    let mut update = Update {
        seen: Some(file.ticket.v),
        ..Update::default()
    };
    let status = typed.wanted_status();
    if !status.is_empty() {
        match status.parse() {
            Ok(status) => update.status = Some(status),
            Err(_) => return Err(t!("There is no such status.").to_owned()),
        }
    }
    if typed.priority != typed.was_priority && !typed.priority.is_empty() {
        match typed.priority.parse() {
            Ok(priority) => update.priority = Some(priority),
            Err(_) => return Err(t!("There is no such priority.").to_owned()),
        }
    }
    if typed.assignee != typed.was_assignee {
        let assignee = match typed.assignee.as_str() {
            "" => None,
            id => match id.parse() {
                Ok(id) if id == me || members.contains(&id) || file.ticket.assignee == Some(id) => Some(id),
                _ => return Err(t!("The assignee is not an agent of the ticket's group.").to_owned()),
            },
        };
        update.assignee = Some(assignee);
    }
    Ok(update)
}

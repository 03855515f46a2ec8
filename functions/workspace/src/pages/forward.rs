//! What an agent forwards: which comments, and to whom.

use crate::{
    directions::isolated,
    failure::Failure,
    form::Chosen,
    models::{copies::read_addresses, typed::Typed},
    refusals::unreachable,
    words::size_up,
};
use docket_desk::{Desk, Part, TicketFile, files::MOST_BYTES_TOGETHER};
use docket_domain::{
    PersonId,
    audit::ChangedBy,
    contact::{comment::Comment, tells::Forward},
    people::person::{Identity, Person},
    ticket::Actor,
};

/// Most bytes of all texts of one mail, HTML included.
const MOST_TEXT_BYTES: u64 = 1_000_000;
/// Bytes of texts for which there is room beside as many files as may be: what is more takes it from them, twice, as text and as HTML.
const ROOM_FOR_TEXT_BYTES: u64 = 100_000;

/// What the form asks to be forwarded. Whoever is new is stored. The inner error says in words for the person what is wrong with it.
pub async fn forward(
    desk: &Desk,
    file: &TicketFile,
    (typed, chosen): (&Typed, &Chosen),
    me: PersonId,
) -> Result<Result<Forward, String>, Failure> {
    let comments = match comments(desk, file, typed).await? {
        Ok(comments) => comments,
        Err(problem) => return Ok(Err(problem)),
    };
    let has_files = comments.iter().any(|comment| !comment.attachments.is_empty());
    let with_files = has_files && typed.forward.has_files();
    if let Some(problem) = too_much(&comments, with_files, chosen) {
        return Ok(Err(problem));
    }
    let to = match recipients(desk, file, typed, me).await? {
        Ok(people) => people.into_iter().map(|person| person.id).collect(),
        Err(problem) => return Ok(Err(t!("Not forwarded. {problem}", problem))),
    };
    Ok(Ok(Forward {
        comments: comments.iter().map(|comment| comment.v).collect(),
        with_files,
        to,
    }))
}

/// The comment that was chosen, with what was said in public before it where that is to go along.
async fn comments(
    desk: &Desk,
    file: &TicketFile,
    typed: &Typed,
) -> Result<Result<Vec<Comment>, String>, Failure> {
    let Some(v) = typed.forward.comment() else {
        return Ok(Err(t!("Choose what is to be forwarded.").to_owned()));
    };
    let gone = || t!("What was to be forwarded is not there any more.").to_owned();
    if !typed.forward.has_all() {
        let shown = file.comments.iter().find(|comment| comment.v == v).cloned();
        let comment = match shown {
            Some(comment) => Some(comment),
            None => desk.tickets().comment(file.ticket.number, v).await?,
        };
        return Ok(comment.map(|comment| vec![comment]).ok_or_else(gone));
    }
    let until = Part {
        comments: Forward::MOST_COMMENTS,
        before: Some(v.saturating_add(1)),
    };
    let Some(part) = desk.tickets().standing_part(file.ticket.number, until).await? else {
        return Ok(Err(gone()));
    };
    let mut comments = part.file.comments;
    comments.retain(|comment| comment.v == v || (comment.v < v && comment.public));
    let first = comments.len().saturating_sub(Forward::MOST_COMMENTS);
    let comments = comments.split_off(first);
    let is_there = comments.iter().any(|comment| comment.v == v);
    Ok(if is_there { Ok(comments) } else { Err(gone()) })
}

/// That it does not fit into one mail.
fn too_much(comments: &[Comment], with_files: bool, chosen: &Chosen) -> Option<String> {
    let text: u64 = comments.iter().map(|comment| comment.body.bytes).sum();
    if text > MOST_TEXT_BYTES {
        return Some(t!("That is too much text for one mail. Forward less of it.").to_owned());
    }
    let files = comments.iter().flat_map(|comment| &comment.attachments);
    let theirs: u64 = files.map(|file| file.bytes).filter(|_| with_files).sum();
    let own: usize = chosen.files.iter().map(|file| file.bytes.len()).sum();
    let together = theirs + own as u64;
    let most = MOST_BYTES_TOGETHER - 2 * text.saturating_sub(ROOM_FOR_TEXT_BYTES);
    (together > most).then(|| {
        t!(
            "The files have {size} together, at most {most} go with one mail. Forward it without files, or less of it.",
            size = size_up(together),
            most = size_up(most)
        )
    })
}

/// Those to whom it goes.
async fn recipients(
    desk: &Desk,
    file: &TicketFile,
    typed: &Typed,
    me: PersonId,
) -> Result<Result<Vec<Person>, String>, Failure> {
    let wanted = match read_addresses(&typed.forward.forward_to) {
        Ok(wanted) => wanted,
        Err(problem) => return Ok(Err(problem)),
    };
    let setup = desk.setup().await?;
    let problem = if wanted.is_empty() {
        Some(t!("Say to whom.").to_owned())
    } else if wanted.len() > Forward::MOST_RECIPIENTS {
        Some(t!(
            "There are {count} recipients, at most {most} are allowed.",
            count = wanted.len(),
            most = Forward::MOST_RECIPIENTS
        ))
    } else if setup.mailboxes.is_empty() {
        Some(t!("This desk has no mailbox to send from.").to_owned())
    } else {
        let own = wanted.iter().find(|one| setup.mailbox(&one.address).is_some());
        own.map(|own| t!("{address} is a mailbox of this desk.", address = own.address))
    };
    if let Some(problem) = problem {
        return Ok(Err(problem));
    }
    let by = ChangedBy::new(Actor::Agent(me), "workspace", desk.now());
    let mut people: Vec<Person> = Vec::with_capacity(wanted.len());
    for one in wanted {
        let name = (one.name.as_deref().unwrap_or_default(), None);
        let identity = Identity::email(&one.address);
        let person = desk.people().find_or_store(identity, name, &by).await?;
        let named = isolated(&one.address).into_owned();
        if person.is_or_was(file.ticket.requester) {
            return Ok(Err(t!("{named} is the customer: answer them instead.", named)));
        }
        // Mail goes to the address that is kept of a person.
        if !person
            .email
            .as_deref()
            .is_some_and(|email| email.eq_ignore_ascii_case(&one.address))
        {
            let name = isolated(&person.name);
            return Ok(Err(match person.email.as_deref().map(isolated) {
                Some(kept) => t!(
                    "{named} belongs to {name}, who is written to at {kept}.",
                    named,
                    name,
                    kept
                ),
                None => t!(
                    "{named} belongs to {name}, who is written to at no address.",
                    named,
                    name
                ),
            }));
        }
        if let Some(why) = unreachable(&person) {
            let why = isolated(&why);
            return Ok(Err(t!("Nothing reaches {named}: {why}.", named, why)));
        }
        if !people.iter().any(|known| known.id == person.id) {
            people.push(person);
        }
    }
    Ok(Ok(people))
}

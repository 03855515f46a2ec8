//! What the field "Copy to" asks for: who is to get the answers in copy, and who no more.

use crate::{
    failure::Failure,
    models::{
        copies::{name_in_mail, read_addresses},
        typed::Typed,
    },
};
use docket_desk::{Desk, TicketFile};
use docket_domain::{
    PersonId,
    audit::ChangedBy,
    people::person::Identity,
    ticket::{Actor, ReplyVia, Ticket},
};

/// Who comes and goes.
#[derive(Debug, Default)]
pub struct Copies {
    /// Who comes.
    pub add: Vec<PersonId>,
    /// Who goes.
    pub remove: Vec<PersonId>,
}

/// Works out the difference between the field and the ticket. Whoever came in copy since the page was made stays: the
/// field did not show them. The inner error says in words what is wrong with the field.
pub async fn copies(
    desk: &Desk,
    file: &TicketFile,
    typed: &Typed,
    me: PersonId,
) -> Result<Result<Copies, String>, Failure> {
    let by_mail = matches!(file.ticket.reply_via, ReplyVia::Mail { .. });
    let Some(field) = typed.copies.as_ref().filter(|_| by_mail) else {
        return Ok(Ok(Copies::default()));
    };
    let wanted = match read_addresses(field) {
        Ok(wanted) => wanted,
        Err(problem) => return Ok(Err(problem)),
    };
    let setup = desk.setup().await?;
    if let Some(own) = wanted.iter().find(|one| setup.mailbox(&one.address).is_some()) {
        return Ok(Err(t!(
            "{address} is a mailbox of this desk: answers come from it and can't go to it in copy.",
            address = own.address
        )));
    }
    if wanted.len() > Ticket::MOST_CCS {
        return Ok(Err(t!(
            "There are {count} addresses in copy, at most {most} are allowed.",
            count = wanted.len(),
            most = Ticket::MOST_CCS
        )));
    }
    let had = desk.people().get_many(&file.ticket.ccs).await?;
    let mut copies = Copies::default();
    let mut kept = Vec::new();
    let by = ChangedBy::new(Actor::Agent(me), "workspace", desk.now());
    for one in wanted {
        let identity = Identity::email(&one.address);
        if let Some(known) = had.iter().find(|person| person.identities.contains(&identity)) {
            kept.push(known.id);
            continue;
        }
        let name = one.name.as_deref().or_else(|| name_in_mail(file, &one.address));
        let name = name.unwrap_or_default();
        copies
            .add
            .push(desk.people().find_or_store(identity, (name, None), &by).await?.id);
    }
    let shown = read_addresses(&typed.was_cc).unwrap_or_default();
    let gone = had.iter().filter(|person| {
        let was_shown = shown
            .iter()
            .any(|one| person.email.as_deref() == Some(&one.address));
        was_shown && !kept.contains(&person.id)
    });
    copies.remove = gone.map(|person| person.id).collect();
    Ok(Ok(copies))
}

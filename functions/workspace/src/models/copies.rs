//! Who gets an answer in copy: the field in which the agent says so, and what the thread says of it.

use super::typed::Typed;
use crate::{directions::isolated, names::Names};
use docket_desk::TicketFile;
use docket_domain::{
    PersonId,
    configuration::Setup,
    contact::comment::{AuthorRole, Comment, Correspondent, MailFacts},
    people::person::{Identity, is_email},
    ticket::ReplyVia,
};

/// The field as shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct CopyField {
    /// Addresses, with commas between.
    pub text: String,
    /// Those to whom answers go in copy already.
    pub was: String,
}

impl CopyField {
    /// The field for a ticket that is answered by mail, filled with what was typed before; nothing for other tickets.
    pub fn of(
        file: &TicketFile,
        me: PersonId,
        names: &Names,
        setup: &Setup,
        typed: Option<&Typed>,
    ) -> Option<Self> {
        if !matches!(file.ticket.reply_via, ReplyVia::Mail { .. }) {
            return None;
        }
        let now = addresses_of(&file.ticket.ccs, names);
        if let Some((typed, text)) = typed.and_then(|typed| Some((typed, typed.copies.as_ref()?))) {
            return Some(Self::again(text, &typed.was_cc, &now));
        }
        let involved = file.ticket.ccs.iter().chain([&file.ticket.requester, &me]);
        let involved: Vec<&Identity> = involved
            .filter_map(|id| names.known(*id))
            .flat_map(|person| &person.identities)
            .collect();
        let is_new = |other: &&Correspondent| {
            is_email(&other.address)
                && setup.mailbox(&other.address).is_none()
                && !involved.contains(&&Identity::email(&other.address))
        };
        let others = suggested(&file.comments).iter().filter(is_new);
        let others = others.map(|other| other.address.to_lowercase());
        let all: Vec<String> = now.iter().cloned().chain(others).collect();
        Some(Self {
            text: all.join(", "),
            was: now.join(", "),
        })
    }

    /// The field as it was typed, with what somebody else changed meanwhile. What can't be read stays as it is.
    fn again(text: &str, was: &str, now: &[String]) -> Self {
        let as_typed = || Self {
            text: text.to_owned(),
            was: was.to_owned(),
        };
        let (Ok(wanted), Ok(had)) = (read_addresses(text), read_addresses(was)) else {
            return as_typed();
        };
        let is_in = |list: &[Addressee], address: &str| list.iter().any(|one| one.address == address);
        let came = now.iter().filter(|address| !is_in(&had, address));
        let came: Vec<&String> = came.filter(|address| !is_in(&wanted, address)).collect();
        let gone = |address: &String| is_in(&had, address) && !now.contains(address);
        if came.is_empty() && !wanted.iter().any(|one| gone(&one.address)) {
            return Self {
                was: now.join(", "),
                ..as_typed()
            };
        }
        let stays = wanted.iter().map(|one| &one.address).filter(|one| !gone(one));
        let all: Vec<&str> = stays.chain(came).map(String::as_str).collect();
        Self {
            text: all.join(", "),
            was: now.join(", "),
        }
    }
}

/// The address by which each of these people gets mail.
fn addresses_of(people: &[PersonId], names: &Names) -> Vec<String> {
    let people = people.iter().filter_map(|id| names.known(*id));
    people.filter_map(|person| person.email.clone()).collect()
}

/// To whom the customers' newest mail went besides, while nobody has answered it: whoever answers is shown them, and
/// decides. A mail whose sender is not who they say names nobody.
fn suggested(comments: &[Comment]) -> &[Correspondent] {
    let unanswered = comments
        .iter()
        .rev()
        .take_while(|comment| comment.role != AuthorRole::Agent || !comment.public);
    let newest = unanswered
        .filter(|comment| comment.role.is_customer() && comment.automatic.is_none())
        .find_map(|comment| comment.mail.as_ref());
    match newest {
        Some(mail) if mail.dmarc.as_deref() != Some("FAIL") => &mail.copied,
        _ => &[],
    }
}

/// Somebody in the field.
#[derive(Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The address, in lower case.
    pub address: String,
    /// The name beside it.
    pub name: Option<String>,
}

/// Reads the field: addresses with or without names, parted by commas, semicolons or lines; each address once.
///
/// # Errors
/// In words, what is no address.
pub fn read_addresses(text: &str) -> Result<Vec<Addressee>, String> {
    let mut read: Vec<Addressee> = Vec::new();
    for part in parts(text) {
        let (name, address) = match part.rsplit_once('<') {
            Some((name, address)) => (name, address.strip_suffix('>').unwrap_or(address)),
            None => ("", part),
        };
        if !is_email(address) {
            return Err(t!("“{text}” is not a mail address.", text = part));
        }
        let address = address.trim().to_lowercase();
        let name = name.replace('"', "").trim().to_owned();
        if !read.iter().any(|one| one.address == address) {
            read.push(Addressee {
                address,
                name: Some(name).filter(|name| !name.is_empty()),
            });
        }
    }
    Ok(read)
}

/// The parts of a list. A sign within quotes parts nothing: "Lee, Ann" is one name.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let parts = text.split(move |c: char| {
        if c == '"' {
            is_quoted = !is_quoted;
        }
        !is_quoted && matches!(c, ',' | ';' | '\n')
    });
    parts.map(str::trim).filter(|part| !part.is_empty())
}

/// The name that one of the ticket's mails gave to an address.
pub fn name_in_mail<'f>(file: &'f TicketFile, address: &str) -> Option<&'f str> {
    let mails = file
        .comments
        .iter()
        .rev()
        .filter_map(|comment| comment.mail.as_ref());
    let named = mails
        .flat_map(|mail| &mail.copied)
        .find(|other| other.name.is_some() && other.address.eq_ignore_ascii_case(address))?;
    named.name.as_deref()
}

/// Whom a mail was copied to.
pub fn also_to(mail: &MailFacts) -> Option<String> {
    let others = mail.copied.iter();
    let others: Vec<String> = others
        .map(|other| full(other.name.as_deref().unwrap_or_default(), &other.address))
        .collect();
    (!others.is_empty()).then(|| t!("Also to {people}", people = others.join(", ")))
}

/// Who got an answer in copy.
pub fn in_copy(people: &[PersonId], names: &Names) -> Option<String> {
    let named = people.iter().map(|id| {
        let address = names.known(*id).and_then(|person| person.email.as_deref());
        address.map_or_else(|| names.told(*id), |address| full(&names.person(*id), address))
    });
    let named: Vec<String> = named.collect();
    (!named.is_empty()).then(|| t!("In copy to {people}", people = named.join(", ")))
}

fn full(name: &str, address: &str) -> String {
    if name.is_empty() || name.eq_ignore_ascii_case(address) {
        isolated(address).into_owned()
    } else {
        format!("{} <{}>", isolated(name), isolated(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, Option<String>)>, String> {
        let read = read_addresses(text)?;
        Ok(read.into_iter().map(|one| (one.address, one.name)).collect())
    }

    #[test]
    fn the_field_is_read_as_mail_programs_write_it() {
        let bob = || ("bob@example.org".to_owned(), None);
        let ann = || ("ann@example.org".to_owned(), Some("Lee, Ann".to_owned()));
        assert_eq!(read(""), Ok(vec![]));
        assert_eq!(read(" , ;\n"), Ok(vec![]));
        assert_eq!(read("Bob@Example.org, bob@example.org,"), Ok(vec![bob()]));
        assert_eq!(
            read("\"Lee, Ann\" <ann@example.org>; bob@example.org"),
            Ok(vec![ann(), bob()])
        );
    }

    #[test]
    fn what_is_no_address_is_named() {
        for (text, wrong) in [
            ("bob", "bob"),
            (
                "bob@example.org ann@example.org",
                "bob@example.org ann@example.org",
            ),
            ("bob@example.org, Ann <ann>", "Ann <ann>"),
        ] {
            assert_eq!(
                read(text),
                Err(format!("\u{201c}{wrong}\u{201d} is not a mail address."))
            );
        }
    }

    #[test]
    fn a_field_shown_again_takes_what_others_changed_and_keeps_what_was_typed() {
        let again = |text: &str, was: &str, now: &[&str]| {
            let now: Vec<String> = now.iter().map(|&address| address.to_owned()).collect();
            CopyField::again(text, was, &now).text
        };
        assert_eq!(
            again("Kim <kim@x.example>", "a@x.example", &["a@x.example"]),
            "Kim <kim@x.example>"
        );
        assert_eq!(
            again("kim@x.example", "", &["a@x.example"]),
            "kim@x.example, a@x.example"
        );
        assert_eq!(
            again("kim@x.example, a@x.example", "a@x.example", &[]),
            "kim@x.example"
        );
        assert_eq!(again("kim", "", &["a@x.example"]), "kim");
    }
}

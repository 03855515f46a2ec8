//! Who asks: what an agent needs to know of them beside the ticket.

use super::row::Pill;
use crate::{names::Names, refusals::unreachable, words};
use docket_domain::{
    people::{organization::Organization, person::Person},
    ticket::Ticket,
};

/// Most of the customer's other tickets that are listed.
pub const MOST_EARLIER: usize = 6;

/// The card.
pub struct Customer {
    pub name: String,
    /// Their initials.
    pub face: String,
    pub email: String,
    pub phone: String,
    pub locale: String,
    pub time_zone: String,
    pub tier: String,
    pub organization: String,
    /// What colleagues noted of them and of their organization.
    pub notes: Vec<String>,
    /// Why mail does not reach them.
    pub unreachable: Option<String>,
    pub earlier: Vec<Earlier>,
    /// Whether there are more than those.
    pub has_more: bool,
}

/// One of their other tickets.
pub struct Earlier {
    pub number: u64,
    pub status: Pill,
    pub subject: String,
}

impl Customer {
    /// Their telephone number as it is dialled.
    pub fn dialled(&self) -> String {
        let is_dialled = |c: &char| c.is_ascii_digit() || matches!(c, '+' | '*' | '#');
        self.phone.chars().filter(is_dialled).collect()
    }

    /// The card of a ticket's requester. `tickets`: their newest ones, one more than are listed.
    pub fn of(
        ticket: &Ticket,
        names: &Names,
        organization: Option<&Organization>,
        tickets: &[Ticket],
    ) -> Self {
        let name = names.person(ticket.requester);
        let known = names.known(ticket.requester);
        let text = |of: fn(&Person) -> Option<&String>| known.and_then(of).cloned().unwrap_or_default();
        let email = text(|person| person.email.as_ref());
        let tier = known.and_then(|person| person.tier.clone());
        let notes = [
            known.and_then(|person| person.notes.clone()),
            organization.and_then(|organization| organization.notes.clone()),
        ];
        let others: Vec<&Ticket> = tickets
            .iter()
            .filter(|other| other.number != ticket.number)
            .collect();
        Self {
            face: initials(&name),
            email: if email == name { String::new() } else { email },
            phone: text(|person| person.phone.as_ref()),
            locale: text(|person| person.locale.as_ref()),
            time_zone: text(|person| person.time_zone.as_ref()),
            tier: tier
                .or_else(|| organization.and_then(|organization| organization.tier.clone()))
                .unwrap_or_default(),
            organization: organization.map_or_else(String::new, |organization| organization.name.clone()),
            notes: notes
                .into_iter()
                .flatten()
                .filter(|note| !note.is_empty())
                .collect(),
            unreachable: known.and_then(unreachable),
            has_more: others.len() > MOST_EARLIER,
            earlier: others
                .into_iter()
                .take(MOST_EARLIER)
                .map(|other| Earlier {
                    number: other.number.0,
                    status: Pill::of(other),
                    subject: words::subject(&other.subject),
                })
                .collect(),
            name,
        }
    }
}

/// The first letters of somebody's first and last name.
fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let letters = words.next().into_iter().chain(words.next_back());
    letters.flat_map(char::to_uppercase).collect()
}

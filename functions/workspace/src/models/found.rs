//! What was found: rows, what they can be narrowed by, and what the answer is made of.

use super::{excerpt::Sentence, narrowing::narrowed, row::Row};
use crate::{
    names::Names,
    searched::Searched,
    words::{self, Moment},
};
use docket_domain::{
    GroupId, PersonId, Timestamp,
    people::{organization::Organization, person::Person},
    ticket::{Status, Ticket},
};
use docket_search::{Basis, Facet, FoundPlace, Query};

/// Something that was found.
pub enum Hit {
    /// A ticket.
    Ticket(Box<TicketHit>),
    /// A person or an organization.
    Party(Party),
}

/// A ticket, and the sentence that was found in it.
pub struct TicketHit {
    pub row: Row,
    pub sentence: Option<Sentence>,
}

/// A person or an organization, with the way to their tickets.
pub struct Party {
    /// What it is.
    pub kind: &'static str,
    pub name: String,
    /// Addresses, or domains.
    pub address: String,
    /// Where their tickets are.
    pub href: String,
}

impl Hit {
    /// A ticket.
    pub fn ticket(ticket: &Ticket, place: Option<&FoundPlace>, names: &Names, now: Timestamp) -> Self {
        Self::Ticket(Box::new(TicketHit {
            row: Row::of(ticket, names, now),
            sentence: place.map(Sentence::of),
        }))
    }

    /// A person.
    pub fn person(person: &Person) -> Self {
        let asks = match &person.email {
            Some(address) => term("requester", address),
            None => format!("requester:{}", person.id),
        };
        let address = person.email.as_ref().or(person.phone.as_ref());
        Self::Party(Party {
            kind: t!("Person"),
            name: person.name.clone(),
            address: address.cloned().unwrap_or_default(),
            href: Searched::of(asks).address(),
        })
    }

    /// An organization.
    pub fn organization(organization: &Organization) -> Self {
        Self::Party(Party {
            kind: t!("Organization"),
            name: organization.name.clone(),
            address: organization.domains.join(", "),
            href: Searched::of(format!("organization:{}", organization.id)).address(),
        })
    }
}

/// A condition with a value that may have any characters.
fn term(name: &str, value: &str) -> String {
    let is_plain = value.chars().all(|c| c.is_alphanumeric() || "@.-_+".contains(c));
    if is_plain {
        return format!("{name}:{value}");
    }
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{name}:\"{escaped}\"")
}

/// What a property of what was found can be narrowed to.
pub struct FacetList {
    pub title: &'static str,
    /// Its name in queries.
    pub name: String,
    pub links: Vec<FacetLink>,
}

/// One value.
pub struct FacetLink {
    pub label: String,
    pub count: u64,
    pub href: String,
    /// Whether the query asks for it: then the link takes it back.
    pub is_asked: bool,
}

/// The lists; one without values is left out.
pub fn facets(
    answered: &[(String, Vec<Facet>)],
    (searched, query): (&Searched, &Query),
    names: &Names,
    me: PersonId,
) -> Vec<FacetList> {
    let link = |name: &str, facet: &Facet| {
        let narrowed = narrowed((searched.query(), query), &facet.term, me)?;
        Some(FacetLink {
            label: label(name, &facet.value, names),
            count: facet.count,
            href: searched.for_query(narrowed.query).address(),
            is_asked: narrowed.is_wider,
        })
    };
    let lists = answered.iter().filter_map(|(name, facets)| {
        let links: Vec<FacetLink> = facets.iter().filter_map(|facet| link(name, facet)).collect();
        let list = FacetList {
            title: title(name)?,
            name: name.clone(),
            links,
        };
        Some(list).filter(|list| !list.links.is_empty())
    });
    lists.collect()
}

/// The agents whose names the lists need.
pub fn assignees(answered: &[(String, Vec<Facet>)]) -> impl Iterator<Item = PersonId> {
    let lists = answered.iter().filter(|(name, _)| name == "assignee");
    lists
        .flat_map(|(_, facets)| facets)
        .filter_map(|facet| facet.value.parse().ok().map(PersonId))
}

fn title(name: &str) -> Option<&'static str> {
    match name {
        "status" => Some(t!("Status")),
        "group" => Some(t!("Group")),
        "assignee" => Some(t!("Assignee")),
        "tags" => Some(t!("Tags")),
        _ => None,
    }
}

fn label(name: &str, value: &str, names: &Names) -> String {
    let known = match name {
        "status" => value
            .parse::<Status>()
            .ok()
            .map(|it| words::status(it).to_owned()),
        "group" => value.parse().ok().map(|id| names.group(GroupId(id))),
        "assignee" => value.parse().ok().map(|id| names.person(PersonId(id))),
        _ => None,
    };
    known.unwrap_or_else(|| value.to_owned())
}

/// Stands in a sentence for the place of a time that is shown as one.
const PLACE: char = '\u{1}';

/// What an answer may lack.
#[derive(Debug, PartialEq, Eq)]
pub enum Lacking {
    /// What changed since a time: the words before it, the time, and the words behind it.
    Since(String, Moment, String),
    /// All but what the newest tickets' heads tell.
    AllButHeads,
}

impl Lacking {
    /// What it lacks; nothing where it is whole.
    pub fn of(basis: Basis, now: Timestamp) -> Option<Self> {
        match basis {
            Basis::Whole => None,
            Basis::Until(until) => {
                let behind = now.duration_since(until).as_millis();
                let behind = i64::try_from(behind).unwrap_or(i64::MAX).max(0);
                let said = t!(
                    "The search is {time} behind: what changed since {at} may be missing.",
                    time = words::span(behind),
                    at = PLACE
                );
                let (before, after) = said.split_once(PLACE).unwrap_or((said.as_str(), ""));
                Some(Self::Since(
                    before.to_owned(),
                    words::exact(until),
                    after.to_owned(),
                ))
            }
            Basis::Heads => Some(Self::AllButHeads),
        }
    }
}

/// What can be written in a query, and what it does.
pub fn operators() -> [(&'static str, &'static str); 11] {
    [
        (
            "lantern red",
            t!("has both words, wherever they stand; a number alone is also the ticket's number"),
        ),
        ("\"red lantern\"", t!("has these words in this order")),
        (
            "-lantern",
            t!("does not have the word; a condition can have a minus, too: -status:closed"),
        ),
        ("lant*", t!("has a word that begins so")),
        (
            "status:open",
            t!(
                "has this status: new, open, pending, hold, solved or closed; status<solved is all that comes before solved"
            ),
        ),
        (
            "requester:ann@shop.example",
            t!("was asked by this person: an address, a name or me"),
        ),
        ("assignee:me", t!("is yours; also a name, or none")),
        ("group:Support", t!("lies in this group; also none")),
        ("tags:refund", t!("has this tag; tags:\"refund urgent\" has both")),
        (
            "created>2026-01-31",
            t!(
                "was made after that day; created>4hours in the last four hours. The same with updated and solved, and with < <= >="
            ),
        ),
        ("has_attachment:true", t!("has files")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_that_is_suggested_can_be_read() {
        for (operator, _) in operators() {
            assert!(Query::read(operator).is_ok(), "{operator}");
        }
    }

    #[test]
    fn an_address_of_any_characters_is_one_value() {
        for (address, expected) in [
            ("ann+a@shop.example", "requester:ann+a@shop.example"),
            ("\"a b\"@x.example", "requester:\"\\\"a b\\\"@x.example\""),
        ] {
            let asks = term("requester", address);
            assert_eq!(asks, expected);
            assert_eq!(Query::read(&asks).unwrap().terms.len(), 1, "{address}");
        }
    }

    #[test]
    fn an_answer_says_how_far_behind_it_is() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-03-02T12:00:00Z");
        assert_eq!(Lacking::of(Basis::Whole, now), None);
        let Some(Lacking::Since(before, since, after)) =
            Lacking::of(Basis::Until(at("2026-03-02T11:48:00Z")), now)
        else {
            panic!("nothing is lacking");
        };
        assert_eq!(before, "The search is 12 min behind: what changed since ");
        assert_eq!(since.words, "2 Mar, 11:48 UTC");
        assert_eq!(after, " may be missing.");
    }
}

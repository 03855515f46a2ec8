//! The documents of people and organizations.

use super::{
    head::{tag_keywords, value_keywords},
    in_order, milliseconds, tombstone, with_words,
};
use crate::{
    document::{Columns, Document, Kind, TextField},
    keyword::{self, Absent},
    limits::MOST_NAMES_BYTES,
    text::{clip, digits_of, ends_of_number, words, words_of_all},
};
use docket_domain::{
    field::Values,
    people::{
        organization::Organization,
        person::{Identity, Person},
    },
};

/// A person's document: found by name, addresses, telephone numbers and their ends, ids, what describes them.
pub fn person_document(person: &Person) -> Document {
    if !person.is_standing() {
        return tombstone(Kind::Person, person.id.0, person.v);
    }
    let known = Known::of(person);
    let ends = known.phones.iter().flat_map(|digits| ends_of_number(digits));
    let described = person.details.as_deref().map(|text| clip(text, MOST_NAMES_BYTES));
    let body = known.written.iter().copied().chain(ends).chain(described);
    let notes = person.notes.as_deref().unwrap_or_default();
    Document {
        kind: Kind::Person,
        number: person.id.0,
        version: person.v,
        columns: Columns {
            created: Some(milliseconds(person.created_at)),
            updated: Some(milliseconds(person.updated_at)),
            ..Columns::default()
        },
        texts: with_words(vec![
            (TextField::Title, words(&person.name)),
            (TextField::Body, words_of_all(body)),
            (TextField::Notes, words(clip(notes, MOST_NAMES_BYTES))),
        ]),
        keywords: in_order(person_keywords(person, &known)),
        tombstone: false,
        erases_before: 0,
    }
}

/// What somebody is reached and recognised by, each once.
struct Known<'p> {
    emails: Vec<&'p str>,
    phones: Vec<String>,
    external: Vec<&'p str>,
    /// All of it as it is written.
    written: Vec<&'p str>,
}

impl<'p> Known<'p> {
    fn of(person: &'p Person) -> Self {
        let mut known = Self {
            emails: person.email.as_deref().into_iter().collect(),
            phones: person.phone.as_deref().map(digits_of).into_iter().collect(),
            external: person.external_id.as_deref().into_iter().collect(),
            written: Vec::new(),
        };
        let stated = [&person.email, &person.phone, &person.external_id];
        known
            .written
            .extend(stated.into_iter().flatten().map(String::as_str));
        for identity in &person.identities {
            match identity {
                Identity::Email(address) => known.emails.push(address),
                Identity::Phone(number) => known.phones.push(digits_of(number)),
                Identity::External(id) => known.external.push(id),
                Identity::Channel(..) => {}
            }
            let (Identity::Email(text)
            | Identity::Phone(text)
            | Identity::External(text)
            | Identity::Channel(_, text)) = identity;
            if !known.written.contains(&text.as_str()) {
                known.written.push(text);
            }
        }
        known.phones.retain(|digits| !digits.is_empty());
        known.phones.sort_unstable();
        known.phones.dedup();
        known
    }
}

fn person_keywords(person: &Person, known: &Known<'_>) -> Vec<String> {
    let mut keywords = vec![keyword::role(person.role), keyword::verified(person.verified)];
    keywords.extend(tag_keywords(&person.tags));
    let all = [
        (
            person
                .organizations()
                .into_iter()
                .map(keyword::organization)
                .collect(),
            Absent::Organization,
        ),
        (
            person.groups.iter().copied().map(keyword::group).collect(),
            Absent::Group,
        ),
        (
            known.external.iter().map(|id| keyword::external_id(id)).collect(),
            Absent::ExternalId,
        ),
        (
            person.tier.as_deref().map(keyword::tier).into_iter().collect(),
            Absent::Tier,
        ),
        (
            person
                .locale
                .as_deref()
                .map(keyword::language)
                .into_iter()
                .collect(),
            Absent::Language,
        ),
        (
            known
                .phones
                .iter()
                .flat_map(|digits| ends_of_number(digits))
                .map(keyword::phone)
                .collect(),
            Absent::Phone,
        ),
        (
            known
                .emails
                .iter()
                .map(|address| keyword::email(address))
                .collect(),
            Absent::Email,
        ),
    ];
    keywords.extend(
        all.into_iter()
            .flat_map(|(some, absent)| or_without(some, absent)),
    );
    let domains = known.emails.iter().filter_map(|address| address.rsplit_once('@'));
    keywords.extend(domains.map(|(_, domain)| keyword::email_domain(domain)));
    keywords.extend(values_keywords(&person.user_fields));
    keywords
}

/// What conditions ask of values of the operator's own fields.
fn values_keywords(values: &Values) -> impl Iterator<Item = String> {
    values.iter().flat_map(|(key, value)| value_keywords(key, value))
}

/// An organization's document: found by name, domains, ids, what describes it.
pub fn organization_document(organization: &Organization) -> Document {
    let details = organization
        .details
        .as_deref()
        .map(|text| clip(text, MOST_NAMES_BYTES));
    let domains = organization.domains.iter().map(String::as_str);
    let others = [&organization.external_id, &organization.tier];
    let body = domains
        .chain(others.into_iter().flatten().map(String::as_str))
        .chain(details);
    let notes = organization.notes.as_deref().unwrap_or_default();
    let mut keywords = tag_keywords(&organization.tags);
    keywords.extend(organization.domains.iter().map(|domain| keyword::domain(domain)));
    keywords.extend(values_keywords(&organization.organization_fields));
    let all = [
        (organization.group.map(keyword::group), Absent::Group),
        (
            organization.external_id.as_deref().map(keyword::external_id),
            Absent::ExternalId,
        ),
        (organization.tier.as_deref().map(keyword::tier), Absent::Tier),
    ];
    keywords.extend(
        all.into_iter()
            .flat_map(|(some, absent)| or_without(some.into_iter().collect(), absent)),
    );
    Document {
        kind: Kind::Organization,
        number: organization.id.0,
        version: organization.v,
        columns: Columns {
            created: Some(milliseconds(organization.created_at)),
            updated: Some(milliseconds(organization.updated_at)),
            ..Columns::default()
        },
        texts: with_words(vec![
            (TextField::Title, words(&organization.name)),
            (TextField::Body, words_of_all(body)),
            (TextField::Notes, words(clip(notes, MOST_NAMES_BYTES))),
        ]),
        keywords: in_order(keywords),
        tombstone: false,
        erases_before: 0,
    }
}

fn or_without(some: Vec<String>, absent: Absent) -> Vec<String> {
    if some.is_empty() {
        vec![keyword::without(absent)]
    } else {
        some
    }
}

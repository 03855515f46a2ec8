//! A property as a matcher.

use super::{
    asking::Asking,
    seen::Seen,
    ways::{self, all_of, any_of},
};
use crate::{
    document::{Column, Kind, TextField},
    keyword::{self, Absent},
    make::{priority_rank, status_rank},
    matcher::{Bounds, Matcher},
    query::{Key, Operator, Property, Text, Value, When},
    text::{digits_of, fold_exactly, pieces},
};
use docket_domain::{GroupId, OrganizationId, PersonId, field::CustomStatus, ticket::Status};
use std::ops::Bound;

/// What customers may ask for besides words. All else tells of how the desk works: for them nothing has it.
const OF_CUSTOMERS: &[Key] = &[
    Key::AttachmentName,
    Key::Comment,
    Key::Copied,
    Key::Created,
    Key::HasAttachment,
    Key::Id,
    Key::Kind,
    Key::Organization,
    Key::Requester,
    Key::Solved,
    Key::Status,
    Key::Subject,
    Key::TicketId,
    Key::Updated,
];

impl Seen {
    /// Whether somebody may ask for a property. Whoever may not is answered as if nothing had it.
    pub fn may_ask(&self, key: Key) -> bool {
        self.is_staff() || OF_CUSTOMERS.contains(&key)
    }
}

/// The matcher of a property's value. The kind of document is asked for elsewhere.
pub(super) fn matcher(property: &Property, seen: &Seen, asking: &Asking<'_>) -> Matcher {
    if !seen.may_ask(property.key) {
        return Matcher::Nothing;
    }
    match &property.value {
        Value::Absent => absent(property),
        Value::Present => present(property),
        Value::Me => asking
            .me
            .map_or(Matcher::Nothing, |me| person(property.key, me.0)),
        Value::Number(number) => party(property.key, *number),
        Value::Named(_) => {
            let numbers = property
                .name()
                .map(|name| asking.names.of(&name))
                .unwrap_or_default();
            any_of(numbers.iter().map(|number| party(property.key, *number)))
        }
        Value::Text(text) if property.key == Key::Phone => phone_beginning(&text.text),
        Value::Text(text) => words(property.key, text, seen),
        Value::Exact(text) => exact(property, text),
        Value::Status(status) => {
            let rank = status_rank(*status);
            within(Column::Status, property.operator, (rank, rank), None)
        }
        Value::Priority(priority) => {
            let rank = priority_rank(*priority);
            within(Column::Priority, property.operator, (rank, rank), Some(1))
        }
        Value::TicketType(ticket_type) => Matcher::Keyword(keyword::ticket_type(*ticket_type)),
        Value::Role(role) => Matcher::Keyword(keyword::role(*role)),
        Value::Flag(flag) => is(property.key, *flag, seen),
        Value::When(when) => time(property.key, property.operator, *when, asking),
        Value::Kind(_) => Matcher::All,
        Value::NotHere(value) => match fold_exactly(value).as_str() {
            "none" | "unoffered" => Matcher::All,
            // There is one brand, and everything is of it.
            "1" if property
                .field
                .as_deref()
                .is_some_and(|name| name.starts_with("brand")) =>
            {
                Matcher::All
            }
            _ => Matcher::Nothing,
        },
    }
}

fn time(key: Key, operator: Operator, when: When, asking: &Asking<'_>) -> Matcher {
    match (column(key), when.bounds(asking.now, asking.zone)) {
        (Some(column), Some(bounds)) => within(column, operator, bounds, None),
        _ => Matcher::Nothing,
    }
}

fn column(key: Key) -> Option<Column> {
    match key {
        Key::Created => Some(Column::Created),
        Key::Updated => Some(Column::Updated),
        Key::Solved => Some(Column::Solved),
        Key::Due => Some(Column::Due),
        Key::Priority => Some(Column::Priority),
        _ => None,
    }
}

/// A column compared with what lasts from a first to a last value: a day, a second, a rank. `floor` is the least that counts as a
/// value at all.
fn within(column: Column, operator: Operator, (first, last): (i64, i64), floor: Option<i64>) -> Matcher {
    let (least, most) = match operator {
        Operator::Is => (Some(first), Some(last)),
        Operator::Below => (floor, Some(first.saturating_sub(1))),
        Operator::AtMost => (floor, Some(last)),
        Operator::Above => (Some(last.saturating_add(1)), None),
        Operator::AtLeast => (Some(first), None),
    };
    Matcher::Within(column, Bounds { least, most })
}

fn absent(property: &Property) -> Matcher {
    match property.key {
        Key::Priority => within(Column::Priority, Operator::Is, (0, 0), None),
        Key::TicketForm => not(Matcher::Keyword(keyword::WITH_FORM.to_owned())),
        // Every ticket is in a status.
        Key::CustomStatus => Matcher::Nothing,
        Key::Field => not(Matcher::Keyword(keyword::with_field(
            property.field.as_deref().unwrap_or_default(),
        ))),
        key => match (column(key), absent_word(key)) {
            (Some(column), _) => not(Matcher::Has(column)),
            (None, Some(word)) => Matcher::Keyword(keyword::without(word)),
            // every ticket has these
            (None, None) => Matcher::Nothing,
        },
    }
}

fn present(property: &Property) -> Matcher {
    match property.key {
        Key::Priority => within(Column::Priority, Operator::AtLeast, (1, 1), None),
        _ => not(absent(property)),
    }
}

fn not(matcher: Matcher) -> Matcher {
    match matcher {
        Matcher::Not(inner) => *inner,
        Matcher::Nothing => Matcher::All,
        matcher => Matcher::Not(Box::new(matcher)),
    }
}

fn absent_word(key: Key) -> Option<Absent> {
    match key {
        Key::Assignee => Some(Absent::Assignee),
        Key::Copied => Some(Absent::Copies),
        Key::Email => Some(Absent::Email),
        Key::ExternalId => Some(Absent::ExternalId),
        Key::Group => Some(Absent::Group),
        Key::Language => Some(Absent::Language),
        Key::Organization => Some(Absent::Organization),
        Key::Phone => Some(Absent::Phone),
        Key::Recipient => Some(Absent::Recipient),
        Key::Tags => Some(Absent::Tags),
        Key::TicketType => Some(Absent::TicketType),
        Key::Tier => Some(Absent::Tier),
        _ => None,
    }
}

fn party(key: Key, number: u64) -> Matcher {
    match key {
        Key::Group => Matcher::Keyword(keyword::group(GroupId(number))),
        Key::Organization => Matcher::Keyword(keyword::organization(OrganizationId(number))),
        Key::TicketForm => Matcher::Keyword(keyword::form(number)),
        Key::CustomStatus => custom_status(number),
        Key::Id => Matcher::Number(number),
        Key::TicketId => Matcher::And(vec![Matcher::Kind(Kind::Ticket), Matcher::Number(number)]),
        _ => person(key, number),
    }
}

/// A status of the operator's own; one that every desk has is that of tickets that are in none of these.
pub(crate) fn custom_status(number: u64) -> Matcher {
    let of_every_desk = Status::ALL
        .iter()
        .filter(|category| CustomStatus::of_every_desk(**category) == number);
    let ranks: Vec<Matcher> = of_every_desk
        .map(|category| status_rank(*category))
        .map(|rank| within(Column::Status, Operator::Is, (rank, rank), None))
        .collect();
    if ranks.is_empty() {
        return Matcher::Keyword(keyword::custom_status(number));
    }
    let own = Matcher::Keyword(keyword::WITH_CUSTOM_STATUS.to_owned());
    Matcher::And(vec![any_of(ranks), not(own)])
}

fn person(key: Key, number: u64) -> Matcher {
    let person = PersonId(number);
    match key {
        Key::Assignee => Matcher::Keyword(keyword::assignee(person)),
        Key::Requester => Matcher::Keyword(keyword::requester(person)),
        Key::Submitter => Matcher::Keyword(keyword::submitter(person)),
        Key::Copied => Matcher::Keyword(keyword::copied(person)),
        Key::Commenter => any_of([
            Matcher::Keyword(keyword::commenter(person)),
            Matcher::Keyword(keyword::internal_commenter(person)),
        ]),
        _ => Matcher::Nothing,
    }
}

fn is(key: Key, flag: bool, seen: &Seen) -> Matcher {
    match key {
        Key::HasAttachment => {
            let internal = seen.is_staff().then_some(keyword::WITH_INTERNAL_FILES);
            let words = [keyword::WITH_FILES].into_iter().chain(internal);
            let has = any_of(words.map(|word| Matcher::Keyword(word.to_owned())));
            if flag { has } else { not(has) }
        }
        Key::Verified => Matcher::Keyword(keyword::verified(flag)),
        // nobody is
        Key::Suspended if !flag => Matcher::All,
        _ => Matcher::Nothing,
    }
}

impl Key {
    /// Whether its values are looked for by their words, and count for relevance.
    pub(super) fn is_of_words(self) -> bool {
        fields(self).is_some()
    }
}

/// Where the words of a property stand.
fn fields(key: Key) -> Option<&'static [TextField]> {
    match key {
        Key::Subject | Key::Name => Some(&[TextField::Title]),
        Key::Comment => Some(&[TextField::Body, TextField::Notes]),
        Key::AttachmentName => Some(&[TextField::Files, TextField::Notes]),
        Key::Details => Some(&[TextField::Body]),
        Key::Notes => Some(&[TextField::Notes]),
        Key::User => Some(&[TextField::Title, TextField::Body]),
        _ => None,
    }
}

/// Only `user:` takes beginnings of words, as free words are: it is one that is meant for people (Zendesk Support search reference,
/// "Property keywords" and "Using the 'user' keyword").
fn words(key: Key, text: &Text, seen: &Seen) -> Matcher {
    let fields = seen.fields(fields(key).unwrap_or_default());
    ways::matcher(text, key == Key::User, &fields)
}

/// A number that has these digits together: one of its ends begins so.
fn phone_beginning(text: &str) -> Matcher {
    let digits = digits_of(text);
    if digits.is_empty() {
        return Matcher::Nothing;
    }
    let from = keyword::phone(&digits);
    // The colon is behind every digit.
    let to = format!("{from}:");
    Matcher::KeywordWithin(Bound::Included(from), Bound::Excluded(to))
}

fn exact(property: &Property, text: &str) -> Matcher {
    let keyword = match property.key {
        Key::Tags => return tags(text),
        Key::Email => return email(text),
        Key::Field => {
            let name = property.field.as_deref().unwrap_or_default();
            return field(text, |value| keyword::field(name, value));
        }
        Key::FieldValue => return field(text, keyword::any_field),
        Key::OwnField => {
            let name = property.field.as_deref().unwrap_or_default();
            keyword::whole_field(name, &fold_exactly(text))
        }
        Key::Via => keyword::via(text),
        Key::ExternalId => keyword::external_id(text),
        Key::Recipient => keyword::recipient(text),
        Key::Language => keyword::language(text),
        Key::Phone => keyword::phone(&digits_of(text)),
        Key::Domain => keyword::domain(text),
        Key::Tier => keyword::tier(text),
        _ => return Matcher::Nothing,
    };
    Matcher::Keyword(keyword)
}

/// A tag, or several that all must be there: `tags:"important urgent"`.
fn tags(text: &str) -> Matcher {
    let each = all_of(
        text.split_whitespace()
            .map(|tag| Matcher::Keyword(keyword::tag(tag))),
    );
    let whole = Matcher::Keyword(keyword::tag(text));
    if each == whole {
        each
    } else {
        any_of([whole, each])
    }
}

/// An address, a domain, or a part of an address by its words.
fn email(text: &str) -> Matcher {
    match text.split_once('@') {
        Some(("", domain)) => Matcher::Keyword(keyword::email_domain(domain)),
        Some(_) => Matcher::Keyword(keyword::email(text)),
        None => {
            let part = Text {
                text: text.to_owned(),
                shape: crate::query::Shape::Phrase,
            };
            let by_words = ways::matcher(&part, false, &[TextField::Body]);
            any_of([Matcher::Keyword(keyword::email_domain(text)), by_words])
        }
    }
}

/// A field's value as a whole, or one with all of these words.
fn field(text: &str, keyword: impl Fn(&str) -> String) -> Matcher {
    let found = pieces(text);
    let words = found.iter().filter(|piece| piece.role.is_of_order());
    let words: Vec<Matcher> = words
        .map(|piece| Matcher::Keyword(keyword(&piece.text)))
        .collect();
    let whole = Matcher::Keyword(keyword(&fold_exactly(text)));
    if words.is_empty() || words.as_slice() == [whole.clone()] {
        return whole;
    }
    any_of([whole, all_of(words)])
}

//! What a query says.

use super::{keys::Key, sorting::Sorting, when::When};
use crate::document::Kind;
use docket_domain::{
    people::staff::Role,
    ticket::{Priority, Status, TicketType},
};
use std::collections::BTreeSet;

/// A query. [`Query::read`] makes it of a text, and its text, which [`ToString`] gives, reads as the same; what a program makes of
/// words that are no language ([`Query::names_beginning`], [`Query::phones_with`]) is shown, and not to be read back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// What is asked for: all of it, except that values of one property are alternatives.
    pub terms: Vec<Term>,
    /// In which order.
    pub sorting: Sorting,
    /// Whether words were left out in which no letter and no digit is. A query of nothing else finds nothing.
    pub has_ignored: bool,
}

/// A condition or its opposite.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Whether it must not hold.
    pub negated: bool,
    /// What is to hold.
    pub condition: Condition,
}

/// What is to hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `*`: whatever there is.
    Everything,
    /// A word, a word's beginning or a phrase, wherever it stands.
    Words(Text),
    /// A property.
    Property(Property),
}

/// How a text is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As a word; where it is free, also as a word's beginning.
    Word,
    /// `photo*`: as a word's beginning.
    Beginning,
    /// `"in quotes"`: these words in this order.
    Phrase,
}

/// A text that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// As it was written, without quotes and `*`.
    pub text: String,
    /// How it is looked for.
    pub shape: Shape,
}

/// How a property is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `:`
    Is,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// A property and what it is compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Which.
    pub key: Key,
    /// The name of the field, for [`Key::Field`]; the property's own, for [`Key::NotHere`].
    pub field: Option<String>,
    /// How.
    pub operator: Operator,
    /// With what.
    pub value: Value,
}

/// What a property is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `none`: it is absent.
    Absent,
    /// `*`: it is there.
    Present,
    /// `me`: whoever asks.
    Me,
    /// A number: an id.
    Number(u64),
    /// The name, the address or the telephone number of a person, the name of a group or of an organization.
    Named(String),
    /// A text that is looked for by its words.
    Text(Text),
    /// A text that is compared as a whole, or (tags) word by word.
    Exact(String),
    /// A status.
    Status(Status),
    /// A priority.
    Priority(Priority),
    /// A ticket's type.
    TicketType(TicketType),
    /// A role.
    Role(Role),
    /// Yes or no.
    Flag(bool),
    /// A time.
    When(When),
    /// A kind of document; nothing for a kind that Zendesk has and that is not searched here.
    Kind(Option<Kind>),
    /// The value of a property that Docket does not have: nothing has it.
    NotHere(String),
}

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameOf {
    /// A person: full or partial name, mail address, telephone number.
    Person,
    /// A group's name.
    Group,
    /// An organization's name.
    Organization,
    /// A form's name.
    TicketForm,
    /// What a status of the operator's own is called.
    CustomStatus,
}

/// A name that stands in a query, and whose numbers are to be found before it can be asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// What it names.
    pub of: NameOf,
    /// As it was written.
    pub text: String,
}

impl Query {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty() && !self.has_ignored
    }

    /// The names whose numbers are to be found, each once.
    pub fn names(&self) -> BTreeSet<Name> {
        let properties = self.terms.iter().filter_map(|term| match &term.condition {
            Condition::Property(property) => Some(property),
            Condition::Everything | Condition::Words(_) => None,
        });
        properties.filter_map(Property::name).collect()
    }

    /// Whether words are looked for, which a place in a text can show.
    pub fn has_words(&self) -> bool {
        self.wanted_texts().next().is_some()
    }

    /// The texts that are to be found, and whether each is free, for marking them: those that must not be there are left out, and so
    /// are names and terms.
    pub(crate) fn wanted_texts(&self) -> impl Iterator<Item = (&Text, bool)> {
        let wanted = self.terms.iter().filter(|term| !term.negated);
        wanted.filter_map(|term| match &term.condition {
            Condition::Words(text) => Some((text, true)),
            Condition::Property(Property {
                key,
                value: Value::Text(text),
                ..
            }) => Some((text, *key == Key::User)),
            Condition::Property(_) | Condition::Everything => None,
        })
    }
}

impl Property {
    /// The name that stands in it.
    pub(crate) fn name(&self) -> Option<Name> {
        let Value::Named(text) = &self.value else {
            return None;
        };
        let of = match self.key {
            Key::Group => NameOf::Group,
            Key::Organization => NameOf::Organization,
            Key::TicketForm => NameOf::TicketForm,
            Key::CustomStatus => NameOf::CustomStatus,
            _ => NameOf::Person,
        };
        Some(Name {
            of,
            text: text.clone(),
        })
    }
}

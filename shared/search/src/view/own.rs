//! Conditions on what the operator defined: values of fields of tickets (`custom_fields_<id>`), of who asks
//! (`requester.custom_fields.<key>`) and of their organization (`organization.custom_fields.<key>`), forms, statuses; and on whether a
//! ticket sleeps.

use super::{
    ViewAsker, ordered,
    wrong::{WrongCondition, WrongPart, not, wrong, wrong_operator, wrong_value},
};
use crate::{
    keyword::{self, Absent},
    matcher::{Around, Matcher},
    text::fold_exactly,
};
use docket_domain::{field::TIER, view::ViewCondition};

/// Which field a condition is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnField<'n> {
    /// The field of tickets with this id.
    OfTicket(u64),
    /// The field with this key of who asks.
    OfRequester(&'n str),
    /// The field with this key of their organization.
    OfOrganization(&'n str),
}

/// What the names of tickets' fields begin with.
const OF_TICKETS: [&str; 2] = ["custom_fields_", "ticket_fields_"];
const OF_REQUESTERS: &str = "requester.custom_fields.";
const OF_ORGANIZATIONS: &str = "organization.custom_fields.";
/// What can be done with values.
const OPERATORS: &str = "is, is_not, includes, not_includes, present, not_present; of numbers and dates less_than, less_than_equal, greater_than, greater_than_equal; of dates within_previous_n_days, within_next_n_days";

impl<'n> OwnField<'n> {
    /// The field that a condition of this name is about, if it is one that an operator can define.
    #[must_use]
    pub fn named(name: &'n str) -> Option<Self> {
        if let Some(key) = name.strip_prefix(OF_REQUESTERS) {
            return (!key.is_empty()).then_some(Self::OfRequester(key));
        }
        if let Some(key) = name.strip_prefix(OF_ORGANIZATIONS) {
            return (!key.is_empty()).then_some(Self::OfOrganization(key));
        }
        let id = OF_TICKETS.iter().find_map(|start| name.strip_prefix(start))?;
        let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| id.parse().ok()).flatten().map(Self::OfTicket)
    }
}

/// A field has this value, or one of these options, or any, or one that is before or behind another.
pub(super) fn value(
    condition: &ViewCondition,
    field: OwnField<'_>,
    asker: &ViewAsker<'_>,
) -> Result<Matcher, WrongCondition> {
    let (operator, is_negated) = match condition.operator.as_str() {
        "value" => ("is", false),
        "is_not" | "not_value" => ("is", true),
        "not_includes" => ("includes", true),
        "not_present" => ("present", true),
        operator => (operator, false),
    };
    let around = |which, key| said(condition, operator, Terms::Keyed(which, key), asker);
    let said = match field {
        OwnField::OfTicket(id) => said(condition, operator, Terms::Named(&id.to_string()), asker)?,
        OwnField::OfRequester(key) => around(Around::Requester, key)?,
        OwnField::OfOrganization(key) => around(Around::Organization, key)?,
    };
    Ok(if is_negated { not(said) } else { said })
}

fn said(
    condition: &ViewCondition,
    operator: &str,
    terms: Terms<'_>,
    asker: &ViewAsker<'_>,
) -> Result<Matcher, WrongCondition> {
    match operator {
        "is" => terms.have_one_of(condition, false),
        "includes" => terms.have_one_of(condition, true),
        "present" => Ok(terms.any()),
        operator if ordered::is_within_days(operator) => {
            ordered::within_days(condition, operator, terms.name(), asker).map(|said| terms.place(said))
        }
        operator if ordered::is_by_order(operator) => {
            ordered::compared(condition, operator, terms.name()).map(|said| terms.place(said))
        }
        _ => Err(wrong_operator(condition, OPERATORS)),
    }
}

/// The terms that stand for values of a field.
#[derive(Clone, Copy)]
enum Terms<'n> {
    /// Of a field of tickets, by the name under which they stand.
    Named(&'n str),
    /// Of a field of whoever is around tickets, by its key.
    Keyed(Around, &'n str),
}

impl<'n> Terms<'n> {
    fn name(self) -> &'n str {
        let (Self::Named(name) | Self::Keyed(_, name)) = self;
        name
    }

    /// Whether it is the field that everybody has, which has terms of its own.
    fn is_tier(self) -> bool {
        matches!(self, Self::Keyed(_, TIER))
    }

    /// What is said of whoever has the field, as what is said of tickets.
    fn place(self, said: Matcher) -> Matcher {
        match self {
            Self::Named(_) => said,
            Self::Keyed(which, _) => Matcher::Around(which, Box::new(said)),
        }
    }

    /// That there is a value.
    fn any(self) -> Matcher {
        self.place(match self.is_tier() {
            true => not(Matcher::Keyword(keyword::without(Absent::Tier))),
            false => Matcher::Keyword(keyword::with_field(self.name())),
        })
    }

    /// That one of the condition's values is the value, or one of the options that are chosen.
    fn have_one_of(self, condition: &ViewCondition, is_option: bool) -> Result<Matcher, WrongCondition> {
        let values = condition.value.each().iter().map(String::as_str);
        let (absent, there): (Vec<&str>, Vec<&str>) =
            values.partition(|value| matches!(*value, "" | "false"));
        let mut each: Vec<Matcher> = absent.into_iter().map(|value| self.lacks(value)).collect();
        if !there.is_empty() {
            let there = there.into_iter().map(|value| self.has(value, is_option));
            each.push(self.place(Matcher::Or(there.collect())));
        }
        match each.is_empty() {
            true => Err(wrong(WrongPart::Value, "cannot be blank")),
            false => Ok(Matcher::Or(each)),
        }
    }

    /// That there is no value, or that a box is not ticked, which has none where it never was. The tickets of all who lack it would be
    /// named one by one; so those of the others are, and left out.
    fn lacks(self, value: &str) -> Matcher {
        not(match value {
            "" => self.any(),
            _ => self.place(Matcher::Keyword(keyword::whole_field(self.name(), "true"))),
        })
    }

    /// That whoever has the field has this value in it, or this option.
    fn has(self, value: &str, is_option: bool) -> Matcher {
        let name = self.name();
        match value {
            value if self.is_tier() => Matcher::Keyword(keyword::tier(value)),
            value if is_option => Matcher::Keyword(keyword::field_option(name, &fold_exactly(value))),
            value => Matcher::Keyword(keyword::whole_field(name, &fold_exactly(value))),
        }
    }
}

/// A ticket belongs to one of these forms; or to any.
pub(super) fn form(condition: &ViewCondition) -> Result<Matcher, WrongCondition> {
    let with = || Matcher::Keyword(keyword::WITH_FORM.to_owned());
    one_of(condition, with(), |value| match value {
        "" => Some(not(with())),
        value => Some(Matcher::Keyword(keyword::form(value.parse().ok()?))),
    })
}

/// A ticket sleeps, or is awake.
pub(super) fn snoozed(condition: &ViewCondition) -> Result<Matcher, WrongCondition> {
    let sleeps = Matcher::Keyword(keyword::SNOOZED.to_owned());
    match condition.operator.as_str() {
        "present" => Ok(sleeps),
        "not_present" => Ok(not(sleeps)),
        _ => Err(wrong_operator(condition, "present, not_present")),
    }
}

/// What has one of some values; `with` is what has any.
pub(super) fn one_of(
    condition: &ViewCondition,
    with: Matcher,
    has: impl Fn(&str) -> Option<Matcher>,
) -> Result<Matcher, WrongCondition> {
    match condition.operator.as_str() {
        "is" | "value" | "includes" => any_of(condition, has),
        "is_not" | "not_value" | "not_includes" => any_of(condition, has).map(not),
        "present" => Ok(with),
        "not_present" => Ok(not(with)),
        _ => {
            let allowed = "is, is_not, includes, not_includes, present, not_present";
            Err(wrong_operator(condition, allowed))
        }
    }
}

fn any_of(
    condition: &ViewCondition,
    has: impl Fn(&str) -> Option<Matcher>,
) -> Result<Matcher, WrongCondition> {
    let each = condition.value.each().iter();
    let each = each.map(|value| has(value).ok_or_else(|| wrong_value(condition, value)));
    let each: Vec<Matcher> = each.collect::<Result<_, _>>()?;
    match each.is_empty() {
        true => Err(wrong(WrongPart::Value, "cannot be blank")),
        false => Ok(Matcher::Or(each)),
    }
}

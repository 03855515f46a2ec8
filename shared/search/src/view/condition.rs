//! A condition as a matcher.

use super::{
    ViewAsker,
    own::{self, OwnField},
    values,
    wrong::{WrongCondition, WrongPart, not, single, wrong, wrong_operator, wrong_value},
};
use crate::{
    ask::custom_status,
    document::{Column, TextField},
    keyword::{self, Absent},
    make::{priority_rank, status_rank},
    matcher::{Bounds, Matcher},
};
use docket_domain::{
    GroupId, OrganizationId, PersonId, Timestamp,
    ticket::{Priority, Status, TicketType},
    view::ViewCondition,
};
use jiff::tz::TimeZone;

/// What a condition compares, and of what kind it is.
enum Subject {
    Status,
    Priority,
    Type,
    Group,
    Assignee,
    Requester,
    Copied,
    Organization,
    Tags,
    Via,
    Recipient,
    Language,
    ExternalId,
    /// Words in these texts.
    Words(&'static [TextField]),
    /// Hours since, or until.
    Hours(Column, Way),
    Form,
    CustomStatus,
    Satisfaction,
    Role,
    Brand,
    Snoozed,
}

/// Which way hours are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Since,
    Until,
}

/// The fields that can be answered.
const FIELDS: &[(&str, Subject)] = &[
    ("status", Subject::Status),
    ("priority", Subject::Priority),
    ("type", Subject::Type),
    ("group_id", Subject::Group),
    ("assignee_id", Subject::Assignee),
    ("requester_id", Subject::Requester),
    ("cc", Subject::Copied),
    ("organization_id", Subject::Organization),
    ("current_tags", Subject::Tags),
    ("via_id", Subject::Via),
    ("recipient", Subject::Recipient),
    ("locale_id", Subject::Language),
    ("external_id", Subject::ExternalId),
    ("ticket_form_id", Subject::Form),
    ("custom_status_id", Subject::CustomStatus),
    ("satisfaction_score", Subject::Satisfaction),
    ("requester_role", Subject::Role),
    ("brand_id", Subject::Brand),
    ("snoozed_until", Subject::Snoozed),
    (
        "description_includes_word",
        Subject::Words(&[TextField::Title, TextField::Body, TextField::Notes]),
    ),
    ("subject_includes_word", Subject::Words(&[TextField::Title])),
    ("NEW", Subject::Hours(Column::Created, Way::Since)),
    ("SOLVED", Subject::Hours(Column::Solved, Way::Since)),
    ("updated_at", Subject::Hours(Column::Updated, Way::Since)),
    (
        "requester_updated_at",
        Subject::Hours(Column::RequesterWrote, Way::Since),
    ),
    ("sla_next_breach_at", Subject::Hours(Column::Due, Way::Since)),
    (
        "until_sla_next_breach_at",
        Subject::Hours(Column::Due, Way::Until),
    ),
    ("due_date", Subject::Hours(Column::TaskDue, Way::Since)),
    ("until_due_date", Subject::Hours(Column::TaskDue, Way::Until)),
];

/// Fields of Zendesk's that can't be answered, and why.
const REFUSED: &[(&str, &str)] = &[
    ("OPEN", OF_HISTORY),
    ("PENDING", OF_HISTORY),
    ("HOLD", OF_HISTORY),
    ("CLOSED", OF_HISTORY),
    ("assigned_at", OF_HISTORY),
    ("assignee_updated_at", OF_HISTORY),
];
const OF_HISTORY: &str = "needs a ticket's history, which views do not read: take NEW, SOLVED, updated_at, requester_updated_at or sla_next_breach_at";

/// Says whether a condition can be answered, before it is kept.
///
/// # Errors
/// When it can't.
pub fn check_condition(condition: &ViewCondition) -> Result<(), WrongCondition> {
    let anybody = ViewAsker {
        me: Some(PersonId(1)),
        groups: &[],
        now: Timestamp::UNIX_EPOCH,
        zone: &TimeZone::UTC,
    };
    matcher(condition, &anybody).map(drop)
}

/// What an index is asked for a condition.
pub(super) fn matcher(condition: &ViewCondition, asker: &ViewAsker<'_>) -> Result<Matcher, WrongCondition> {
    let field = condition.field.as_str();
    if let Some(own) = OwnField::named(field) {
        return own::value(condition, own, asker);
    }
    let Some((_, subject)) = FIELDS.iter().find(|(name, _)| *name == field) else {
        return Err(unknown(field));
    };
    match subject {
        Subject::Status => ranked(condition, Column::Status, |word| {
            word.parse::<Status>().ok().map(status_rank)
        }),
        Subject::Priority => ranked(condition, Column::Priority, |word| match word {
            "" => Some(0),
            word => word.parse::<Priority>().ok().map(priority_rank),
        }),
        Subject::Type => one_of(condition, Some(Absent::TicketType), |word| {
            let known = word.parse::<TicketType>().ok();
            Some(Matcher::Keyword(keyword::ticket_type(known?)))
        }),
        Subject::Group => one_of(condition, Some(Absent::Group), |word| {
            if word == "current_groups" {
                let own = asker.groups.iter().copied().map(keyword::group);
                return Some(Matcher::Or(own.map(Matcher::Keyword).collect()));
            }
            Some(Matcher::Keyword(keyword::group(GroupId(word.parse().ok()?))))
        }),
        Subject::Assignee => person(condition, Some(Absent::Assignee), asker, keyword::assignee),
        Subject::Requester => person(condition, None, asker, keyword::requester),
        Subject::Copied => person(condition, Some(Absent::Copies), asker, keyword::copied),
        Subject::Organization => one_of(condition, Some(Absent::Organization), |word| {
            let id = OrganizationId(word.parse().ok()?);
            Some(Matcher::Keyword(keyword::organization(id)))
        }),
        Subject::Tags => tags(condition),
        Subject::Via => one_of(condition, None, values::via),
        Subject::Recipient => text(condition, Absent::Recipient, keyword::recipient),
        Subject::Language => text(condition, Absent::Language, keyword::language),
        Subject::ExternalId => text(condition, Absent::ExternalId, keyword::external_id),
        Subject::Words(fields) => values::words(condition, fields),
        Subject::Hours(column, way) => hours(condition, *column, *way, asker.now),
        Subject::Form => own::form(condition),
        Subject::Snoozed => own::snoozed(condition),
        Subject::CustomStatus => {
            let status = |word: &str| match word {
                // Every ticket is in one.
                "" => Some(Matcher::Nothing),
                word => Some(custom_status(word.parse().ok()?)),
            };
            own::one_of(condition, Matcher::All, status)
        }
        Subject::Satisfaction => one_of(condition, None, values::satisfaction),
        Subject::Role => one_of(condition, None, values::requester_role),
        // A desk is one brand.
        Subject::Brand => one_of(condition, None, |word| (word == "1").then_some(Matcher::All)),
    }
}

fn unknown(field: &str) -> WrongCondition {
    let refused = REFUSED.iter().find(|(name, _)| *name == field);
    let words = match refused {
        Some((_, why)) => format!("{field:?} {why}"),
        None => {
            let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
            format!(
                "{field:?} is none of {}, custom_fields_<id>, requester.custom_fields.<key>, organization.custom_fields.<key>",
                known.join(", ")
            )
        }
    };
    wrong(WrongPart::Field, words)
}

/// What can be compared by its place among others.
fn ranked(
    condition: &ViewCondition,
    column: Column,
    rank: impl Fn(&str) -> Option<i64>,
) -> Result<Matcher, WrongCondition> {
    let rank = |word: &str| rank(word).ok_or_else(|| wrong_value(condition, word));
    let within = |least, most| Matcher::Within(column, Bounds { least, most });
    let is = |word: &String| rank(word).map(|rank| within(Some(rank), Some(rank)));
    Ok(match condition.operator.as_str() {
        "is" | "value" | "includes" => any_of(condition, is)?,
        "is_not" | "not_value" | "not_includes" => not(any_of(condition, is)?),
        // Without a value nothing is less.
        "less_than" => within(least_of(column), Some(rank(single(condition)?)? - 1)),
        "greater_than" => within(Some(rank(single(condition)?)? + 1), None),
        _ => {
            let allowed = "is, is_not, includes, not_includes, less_than, greater_than";
            return Err(wrong_operator(condition, allowed));
        }
    })
}

/// The least that is a value at all.
fn least_of(column: Column) -> Option<i64> {
    (column == Column::Priority).then_some(1)
}

fn any_of(
    condition: &ViewCondition,
    each: impl Fn(&String) -> Result<Matcher, WrongCondition>,
) -> Result<Matcher, WrongCondition> {
    let matchers: Vec<Matcher> = condition
        .value
        .each()
        .iter()
        .map(each)
        .collect::<Result<_, _>>()?;
    if matchers.is_empty() {
        return Err(wrong(WrongPart::Value, "cannot be blank"));
    }
    Ok(Matcher::Or(matchers))
}

/// What is one of some values, or has none.
fn one_of(
    condition: &ViewCondition,
    absent: Option<Absent>,
    is: impl Fn(&str) -> Option<Matcher>,
) -> Result<Matcher, WrongCondition> {
    let each = |word: &String| {
        let none = absent.filter(|_| word.is_empty());
        let matcher = match none {
            Some(absent) => Some(Matcher::Keyword(keyword::without(absent))),
            None => is(word),
        };
        matcher.ok_or_else(|| wrong_value(condition, word))
    };
    match condition.operator.as_str() {
        "is" | "value" | "includes" => any_of(condition, each),
        "is_not" | "not_value" | "not_includes" => Ok(not(any_of(condition, each)?)),
        _ => Err(wrong_operator(condition, "is, is_not, includes, not_includes")),
    }
}

fn person(
    condition: &ViewCondition,
    absent: Option<Absent>,
    asker: &ViewAsker<'_>,
    keyword: impl Fn(PersonId) -> String,
) -> Result<Matcher, WrongCondition> {
    one_of(condition, absent, |word| {
        let person = match word {
            "current_user" => match asker.me {
                Some(me) => me,
                None => return Some(Matcher::Nothing),
            },
            word => PersonId(word.parse().ok()?),
        };
        Some(Matcher::Keyword(keyword(person)))
    })
}

fn text(
    condition: &ViewCondition,
    absent: Absent,
    keyword: impl Fn(&str) -> String,
) -> Result<Matcher, WrongCondition> {
    one_of(condition, Some(absent), |word| {
        Some(Matcher::Keyword(keyword(word)))
    })
}

/// Tags: one of these is there, or none of them.
fn tags(condition: &ViewCondition) -> Result<Matcher, WrongCondition> {
    let tags = condition
        .value
        .each()
        .iter()
        .flat_map(|text| text.split_whitespace());
    let each: Vec<Matcher> = tags.map(|tag| Matcher::Keyword(keyword::tag(tag))).collect();
    let any = match each.is_empty() {
        true => Matcher::Keyword(keyword::without(Absent::Tags)),
        false => Matcher::Or(each),
    };
    match condition.operator.as_str() {
        "includes" | "is" => Ok(any),
        "not_includes" | "is_not" => Ok(not(any)),
        _ => Err(wrong_operator(condition, "includes, not_includes")),
    }
}

/// Most hours that are counted: ten years.
const MOST_HOURS: i64 = 87_600;
const HOUR: i64 = 3_600_000;

/// Whole hours since something, or until it: what is longer ago is more hours.
fn hours(
    condition: &ViewCondition,
    column: Column,
    way: Way,
    now: Timestamp,
) -> Result<Matcher, WrongCondition> {
    let value = single(condition)?;
    let hours = value.trim().parse::<i64>().ok();
    let hours = hours.filter(|hours| (0..=MOST_HOURS).contains(hours));
    let hours = hours.ok_or_else(|| {
        let words = format!("{value:?} has to be a number of hours, at most {MOST_HOURS}");
        wrong(WrongPart::Value, words)
    })?;
    // So many milliseconds, from and to: [0, n), [n, n + 1 hour), beyond n hours.
    let (from, to) = match condition.operator.as_str() {
        "less_than" => (Some(0), Some(hours * HOUR - 1)),
        "is" => (Some(hours * HOUR), Some((hours + 1) * HOUR - 1)),
        "greater_than" => (Some(hours * HOUR + 1), None),
        "is_business_hours" | "less_than_business_hours" | "greater_than_business_hours" => {
            let words = "counts business hours, which views can't: take is, less_than or greater_than";
            return Err(wrong(WrongPart::Operator, words));
        }
        _ => return Err(wrong_operator(condition, "is, less_than, greater_than")),
    };
    let now = now.as_millisecond();
    let bounds = match way {
        Way::Since => Bounds {
            least: to.map(|to| now - to),
            most: from.map(|from| now - from),
        },
        Way::Until => Bounds {
            least: from.map(|from| now + from),
            most: to.map(|to| now + to),
        },
    };
    Ok(Matcher::Within(column, bounds))
}

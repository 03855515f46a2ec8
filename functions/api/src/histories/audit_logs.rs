//! `audit_logs`: who changed what of people, groups, organizations, the set-up and the rules, the newest first. For admins.

use super::newest::{ChangedLast, Moment, NewestPage, beginning};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
    },
    shapes::time,
};
use axum::Json;
use docket_desk::ChangedClass;
use docket_domain::{
    GroupId, OrganizationId, PersonId, Timestamp, ViewId,
    audit::{AuditEvent, Subject, What},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Most rows of a page.
const MOST_ROWS: usize = 100;
/// Records that are looked at at once.
const SUBJECTS_AT_ONCE: usize = 25;
/// Most records that are looked at for a page.
const MOST_SUBJECTS: usize = 1_000;
/// Most changes of one record that are told.
const MOST_OF_A_SUBJECT: usize = 1_000;
/// Most characters of a value that are told.
const MOST_CHARACTERS: usize = 200;
/// How many kinds of records there may be, for ids.
const MOST_KINDS: u64 = 10;
/// Versions of a record that have ids of their own.
const VERSIONS: u64 = 100_000;
/// Kinds of records: their letter in the index, how clients call them.
const KINDS: &[(ChangedClass, &str)] = &[
    (ChangedClass::People, "user"),
    (ChangedClass::Agents, "agent"),
    (ChangedClass::Groups, "group"),
    (ChangedClass::Organizations, "organization"),
    (ChangedClass::Setup, "account_setting"),
    (ChangedClass::Rules, "rule"),
    (ChangedClass::Views, "view"),
];

/// A change, with the place of its kind.
type Change = (Moment, usize, u64, AuditEvent);

/// `GET audit_logs`, the newest first unless the oldest are asked for.
pub(super) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let page = NewestPage::of_either_order(&call.address, MOST_ROWS)?;
    let filters = Filters::of(&call)?;
    // What changed last before the times that are asked for did not change within them.
    let from = beginning(&call).await?;
    let from = filters.times.map_or(from, |(first, _)| from.max(first));
    let (mut found, mut since) = (Vec::new(), i64::MIN);
    for (kind, (class, name)) in KINDS.iter().enumerate() {
        if filters.kind.as_deref().is_some_and(|wanted| wanted != *name) {
            continue;
        }
        let (changes, whole_since) = of_kind(&call, (kind, *class), &page, &filters, from).await?;
        found.extend(changes);
        since = since.max(whole_since);
    }
    found.retain(|((at, _), ..): &Change| *at > since);
    if page.oldest_first && since > i64::MIN {
        let words =
            "has too many records to be told oldest first. Narrow filter[created_at], or name source_type.";
        return Err(ApiError::invalid("sort", words));
    }
    page.sort(&mut found, |(moment, ..)| *moment);
    let has_more = found.len() > page.size || since > i64::MIN;
    found.truncate(page.size);
    let more_behind = found.last().map(|(moment, ..)| *moment).filter(|_| has_more);
    if found.is_empty() && has_more {
        let words = "This list goes no further back with these filters. Name source_type and source_id.";
        return Err(ApiError::BadRequest(words.to_owned()));
    }
    let rows = rows(&call, &found).await?;
    let envelope = page.envelope(&call.address, "audit_logs", rows, more_behind);
    Ok(Json(Value::Object(envelope)))
}

/// `GET audit_logs/{id}`.
pub(super) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let (of, v) = (id / VERSIONS, id % VERSIONS);
    let kind = usize::try_from(of % MOST_KINDS).unwrap_or(usize::MAX);
    let number = of / MOST_KINDS;
    let subject = subject(kind, number).ok_or(ApiError::Missing)?;
    let events = call
        .desk
        .audits()
        .newest_events(subject, MOST_OF_A_SUBJECT)
        .await?;
    let event = events.into_iter().find(|event| event.v == v);
    let event = event.ok_or(ApiError::Missing)?;
    let change = ((event.at.as_millisecond(), id), kind, number, event);
    let row = rows(&call, &[change]).await?.pop();
    Ok(Json(json!({ "audit_log": row })))
}

/// What of all changes is asked for.
#[derive(Debug, Default)]
struct Filters {
    kind: Option<String>,
    number: Option<u64>,
    actor: Option<u64>,
    action: Option<String>,
    /// From and until.
    times: Option<(Timestamp, Timestamp)>,
}

impl Filters {
    fn of(call: &Call) -> Result<Self, ApiError> {
        let text = |name: &str| call.address.parameter(name).filter(|text| !text.is_empty());
        let number = |name: &str| match text(name) {
            None => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| ApiError::invalid(name, "must be an id")),
        };
        let one_of = |name: &str, words: &[&str]| match text(name) {
            None => Ok(None),
            Some(text) if words.contains(&text) => Ok(Some(text.to_owned())),
            Some(_) => Err(ApiError::invalid(
                name,
                format!("must be one of {}", words.join(", ")),
            )),
        };
        let kinds: Vec<_> = KINDS.iter().map(|(_, name)| *name).collect();
        Ok(Self {
            kind: one_of("filter[source_type]", &kinds)?,
            number: number("filter[source_id]")?,
            actor: number("filter[actor_id]")?,
            action: one_of("filter[action]", &["create", "update", "destroy"])?,
            times: times(call)?,
        })
    }

    fn takes(&self, event: &AuditEvent) -> bool {
        let actor = event.actor.person().map(|person| person.0);
        self.actor.is_none_or(|wanted| actor == Some(wanted))
            && self
                .action
                .as_deref()
                .is_none_or(|wanted| wanted == action(event.what))
            && self
                .times
                .is_none_or(|(from, until)| (from..=until).contains(&event.at))
    }
}

/// Two times, from and until, of `filter[created_at][]`.
fn times(call: &Call) -> Result<Option<(Timestamp, Timestamp)>, ApiError> {
    let given = call.address.query.iter();
    let given = given.filter(|(name, _)| name == "filter[created_at][]" || name == "filter[created_at]");
    let given = given.map(|(_, text)| text.trim()).filter(|text| !text.is_empty());
    let times: Vec<&str> = given.collect();
    let wrong = || ApiError::invalid("filter[created_at]", "must be two times, from and until");
    let read = |text: &str| text.parse::<Timestamp>().map_err(|_| wrong());
    match times[..] {
        [] => Ok(None),
        [from] => Ok(Some((read(from)?, Timestamp::MAX))),
        [from, until] => Ok(Some((read(from)?, read(until)?))),
        _ => Err(wrong()),
    }
}

fn subject(kind: usize, number: u64) -> Option<Subject> {
    Some(match KINDS.get(kind)?.0 {
        ChangedClass::People => Subject::Person(PersonId(number)),
        ChangedClass::Agents => Subject::Agent(PersonId(number)),
        ChangedClass::Groups => Subject::Group(GroupId(number)),
        ChangedClass::Organizations => Subject::Organization(OrganizationId(number)),
        ChangedClass::Views => Subject::View(ViewId(number)),
        // Of these there is one each.
        ChangedClass::Setup if number == 1 => Subject::Setup,
        ChangedClass::Rules if number == 1 => Subject::Rules,
        ChangedClass::Setup | ChangedClass::Rules | ChangedClass::Tickets | ChangedClass::Saves => {
            return None;
        }
    })
}

/// Changes of one kind until there are enough for a page, and since when none is missing.
async fn of_kind(
    call: &Call,
    (kind, class): (usize, ChangedClass),
    page: &NewestPage,
    filters: &Filters,
    from: Timestamp,
) -> Result<(Vec<Change>, i64), ApiError> {
    let mut found = Vec::new();
    let mut changed = ChangedLast::of(call, class, from);
    let mut looked_at = 0;
    loop {
        let numbers = match filters.number {
            Some(number) if looked_at == 0 => vec![number],
            Some(_) => return Ok((found, i64::MIN)),
            None => changed.next(SUBJECTS_AT_ONCE).await?,
        };
        if numbers.is_empty() {
            return Ok((found, i64::MIN));
        }
        looked_at += numbers.len();
        for number in numbers {
            let Some(subject) = subject(kind, number) else {
                continue;
            };
            let events = call
                .desk
                .audits()
                .newest_events(subject, MOST_OF_A_SUBJECT)
                .await?;
            let of_page = events
                .into_iter()
                .filter(|event| filters.takes(event))
                .map(|event| {
                    let id = (number * MOST_KINDS + kind as u64) * VERSIONS + event.v;
                    ((event.at.as_millisecond(), id), kind, number, event)
                });
            found.extend(of_page.filter(|(moment, ..)| page.reaches(*moment)));
        }
        let since = changed.whole_since().unwrap_or(i64::MIN);
        let whole = found.iter().filter(|((at, _), ..): &&Change| *at > since);
        // The oldest may be of any record.
        let is_enough = !page.oldest_first && whole.count() > page.size;
        if filters.number.is_none() && (is_enough || looked_at >= MOST_SUBJECTS) {
            return Ok((found, since));
        }
    }
}

async fn rows(call: &Call, changes: &[Change]) -> Result<Vec<Value>, ApiError> {
    let people = changes.iter().filter_map(|(.., event)| event.actor.person());
    let people: Vec<PersonId> = people.collect();
    let people = call.desk.people().get_many(&people).await?;
    let names: BTreeMap<_, _> = people
        .iter()
        .map(|person| (person.id, person.name.as_str()))
        .collect();
    let row = |((_, id), kind, number, event): &Change| {
        let actor = event.actor.person();
        let name = actor.and_then(|actor| names.get(&actor).copied());
        let action = action(event.what);
        let kind = KINDS.get(*kind).map_or("", |(_, name)| *name);
        json!({
            "id": id,
            "url": call.address.resource(&format!("/audit_logs/{id}")),
            "action": action,
            "action_label": match event.what {
                What::Created => "Created",
                What::Changed => "Updated",
                What::Removed => "Deleted",
            },
            "actor_id": actor.map_or_else(|| json!(-1), |actor| json!(actor)),
            "actor_name": name.unwrap_or("System"),
            "change_description": described(event),
            "created_at": time(event.at),
            "ip_address": null,
            "source_id": number,
            "source_label": format!("{kind} {number}"),
            "source_type": kind,
        })
    };
    Ok(changes.iter().map(row).collect())
}

fn action(what: What) -> &'static str {
    match what {
        What::Created => "create",
        What::Changed => "update",
        What::Removed => "destroy",
    }
}

/// Each field in a line, before and after.
fn described(event: &AuditEvent) -> String {
    let value = |value: &Option<Value>| match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) => text.chars().take(MOST_CHARACTERS).collect(),
        Some(value) => value.to_string().chars().take(MOST_CHARACTERS).collect(),
    };
    let lines = event.changed.iter().map(|(name, field)| {
        let (from, to) = (value(&field.from), value(&field.to));
        match event.what {
            What::Created => format!("{name}: {to}"),
            What::Changed | What::Removed => format!("{name} changed from {from} to {to}"),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

//! From a book to a file.

mod agents;
mod groups;
mod rules;
mod setup;

use crate::{
    names::DeskNames,
    sections::{
        ActionEntry, BY_CONDITION, CalendarEntry, DateKey, DeskFile, EscalationEntry, HolidayEntry, HoursOf,
        PausingStatus, PolicyEntry, PromiseEntry, ROUND_THE_CLOCK, RecipientEntry, Targets, UNNAMED,
    },
    values::{Days, Duration, Hours as Openings, Opening, WarnAt},
};
use docket_domain::{
    GroupId, PersonId, PolicyId, SkillId,
    calendar::{Calendar, Day, Holiday},
    rule::RuleKind,
    sla::{Action, Book, Hours, Metric, Policy, Promise, Recipient},
    ticket::Status,
};
use std::collections::BTreeMap;

/// What a book means has no name that could be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoName {
    /// A group is not there.
    #[error("{of} names group {group}, which is not there")]
    Group {
        /// The policy or rule.
        of: String,
        /// The group.
        group: GroupId,
    },
    /// An agent is not there, or has no mail address.
    #[error("{of} names agent {agent}, who is not there or has no mail address")]
    Agent {
        /// The policy or rule.
        of: String,
        /// The agent.
        agent: PersonId,
    },
    /// Somebody is not there, or has no mail address.
    #[error("{of} names person {person}, who is not there or has no mail address")]
    Person {
        /// The rule.
        of: String,
        /// The person.
        person: PersonId,
    },
    /// A rule's policy is not there.
    #[error("{of} names SLA policy {policy}, which is not there")]
    Policy {
        /// The rule.
        of: String,
        /// The policy.
        policy: PolicyId,
    },
    /// A rule requires a skill that is not there.
    #[error("{of} requires skill {skill}, which is not there")]
    Skill {
        /// The rule.
        of: String,
        /// The skill.
        skill: SkillId,
    },
    /// A rule's policy has a name that means something else.
    #[error("{0} names an SLA policy that is called {BY_CONDITION}, which is a word of its own there")]
    ReservedPolicy(String),
    /// A policy's calendar is not there.
    #[error("policy {0:?} counts by a calendar that is not there")]
    Calendar(String),
    /// A calendar has a name that means something else.
    #[error("a calendar is called {ROUND_THE_CLOCK}, which is a word of its own in the file")]
    ReservedName,
}

/// The file of a book, with every section that a book has; see [`DeskFile::with_setup`] for the others.
///
/// # Errors
///
/// When the book speaks of what has no name.
pub fn file_of(book: &Book, names: &DeskNames) -> Result<DeskFile, NoName> {
    let mut calendars = BTreeMap::new();
    for calendar in &book.calendars {
        let name = calendar.draft().name.clone();
        if name == ROUND_THE_CLOCK {
            return Err(NoName::ReservedName);
        }
        calendars.insert(name, calendar_entry(calendar));
    }
    let policies = ordered(book).into_iter();
    Ok(DeskFile {
        calendars: Some(calendars),
        sla_policies: Some(
            policies
                .map(|policy| policy_entry(policy, book, names))
                .collect::<Result<_, _>>()?,
        ),
        timers: Some(book.timers.into()),
        skills: Some(rules::skills(book)),
        channel_weights: Some(book.rules.weights.clone()),
        routing: Some(rules::rules(book, RuleKind::Routing, names)?),
        triggers: Some(rules::rules(book, RuleKind::Trigger, names)?),
        automations: Some(rules::automations(book, names)?),
        macros: Some(rules::macros(book, names)?),
        templates: Some(rules::templates(book)),
        ..DeskFile::default()
    })
}

/// The policies in the order in which they are tried.
pub(crate) fn ordered(book: &Book) -> Vec<&Policy> {
    let mut policies: Vec<&Policy> = book.policies.iter().collect();
    policies.sort_by_key(|policy| (policy.position, policy.id));
    policies
}

/// A file as text. What it reads back to is the file.
///
/// # Errors
///
/// Never for a file that this crate made; the writer's own words otherwise.
pub fn text_of(file: &DeskFile) -> Result<String, String> {
    let mut text = Vec::new();
    let mut serializer = yaml_serde::Serializer::new(&mut text);
    // Maps of one key where YAML's own way would be tags.
    yaml_serde::with::singleton_map_recursive::serialize(file, &mut serializer)
        .map_err(|error| error.to_string())?;
    String::from_utf8(text).map_err(|error| error.to_string())
}

/// A calendar as it is written.
pub(crate) fn calendar_entry(calendar: &Calendar) -> CalendarEntry {
    let draft = calendar.draft();
    let mut week: BTreeMap<Day, Vec<Opening>> = BTreeMap::new();
    for opening in &draft.week {
        week.entry(opening.day).or_default().push(Opening(opening.span));
    }
    let hours_on = |day: &Day| {
        let mut hours = week.get(day).cloned().unwrap_or_default();
        hours.sort();
        Openings(hours)
    };
    let mut hours: Vec<(Day, Day, Openings)> = Vec::new();
    for day in Day::ALL {
        let of_day = hours_on(&day);
        match hours.last_mut() {
            Some((_, last, of_those)) if *of_those == of_day => *last = day,
            _ => hours.push((day, day, of_day)),
        }
    }
    let mut holidays = draft.holidays.clone();
    holidays.sort();
    let other_hours = draft.dates.iter().map(|hours| {
        let mut spans: Vec<Opening> = hours.spans.iter().map(|span| Opening(*span)).collect();
        spans.sort();
        (DateKey(hours.date), Openings(spans))
    });
    CalendarEntry {
        zone: draft.zone.clone(),
        hours: hours
            .into_iter()
            .filter(|(.., hours)| !hours.0.is_empty())
            .map(|(first, last, hours)| (Days::from_to(first, last), hours))
            .collect(),
        holidays: holidays.into_iter().map(holiday_entry).collect(),
        other_hours: other_hours.collect(),
    }
}

fn holiday_entry(holiday: Holiday) -> HolidayEntry {
    HolidayEntry::Date {
        date: holiday.date,
        name: Some(holiday.name).filter(|name| name != UNNAMED),
    }
}

/// A policy's terms, whatever the order in which they stand: two policies that are alike in them are the same.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PolicyTerms {
    position: u32,
    description: String,
    condition: String,
    hours: Hours,
    pausing: Vec<Status>,
    promises: Vec<Promise>,
}

impl PolicyTerms {
    /// The terms of a policy.
    pub(crate) fn of(policy: &Policy) -> Self {
        let mut pausing = policy.pausing.clone();
        pausing.sort_by_key(|status| status.as_str());
        pausing.dedup();
        let in_order = Metric::ALL
            .into_iter()
            .filter_map(|metric| policy.promise(metric));
        let promises = in_order.map(|promise| {
            let mut promise = promise.clone();
            promise.warnings.sort();
            promise
                .escalations
                .sort_by_key(|escalation| escalation.after_seconds);
            promise
        });
        Self {
            position: policy.position,
            description: policy.description.clone(),
            condition: policy.condition.clone(),
            hours: policy.hours,
            pausing,
            promises: promises.collect(),
        }
    }
}

/// A policy as it is written.
pub(crate) fn policy_entry(policy: &Policy, book: &Book, names: &DeskNames) -> Result<PolicyEntry, NoName> {
    let hours = match policy.hours {
        Hours::RoundTheClock => HoursOf::RoundTheClock,
        Hours::Calendar(id) => {
            let calendar = book
                .calendar(id)
                .ok_or_else(|| NoName::Calendar(policy.title.clone()))?;
            HoursOf::Calendar(calendar.draft().name.clone())
        }
    };
    let terms = PolicyTerms::of(policy);
    let mut pauses_in: Vec<PausingStatus> = terms
        .pausing
        .iter()
        .filter_map(|s| PausingStatus::of(*s))
        .collect();
    pauses_in.sort();
    let mut targets = Targets::default();
    for promise in terms.promises {
        let escalations = promise.escalations.iter().map(|escalation| {
            let actions = escalation.actions.iter();
            Ok(EscalationEntry {
                after: Duration {
                    seconds: escalation.after_seconds,
                },
                actions: actions
                    .map(|action| action_entry(action, &policy.title, names))
                    .collect::<Result<_, _>>()?,
            })
        });
        let entry = PromiseEntry {
            within: (&promise.target_seconds).into(),
            warn: promise.warnings.iter().copied().map(WarnAt).collect(),
            escalations: escalations.collect::<Result<_, _>>()?,
        };
        targets.put(promise.metric, entry);
    }
    Ok(PolicyEntry {
        name: policy.title.clone(),
        description: Some(policy.description.clone()).filter(|text| !text.is_empty()),
        when: policy.condition.clone(),
        hours,
        pauses_in,
        targets,
    })
}

fn action_entry(action: &Action, policy: &str, names: &DeskNames) -> Result<ActionEntry, NoName> {
    let of = || format!("policy {policy:?}");
    Ok(match action {
        Action::Notify(recipient) => ActionEntry::Notify(recipient_entry(*recipient, names, of)?),
        Action::RaisePriority(priority) => ActionEntry::RaisePriority((*priority).into()),
        Action::MoveToGroup(id) => ActionEntry::MoveToGroup(group_name(*id, names, of)?),
        Action::AddTag(tag) => ActionEntry::AddTag(tag.clone()),
        Action::CallWebhook(name) => ActionEntry::CallWebhook(name.clone()),
    })
}

fn recipient_entry(
    recipient: Recipient,
    names: &DeskNames,
    of: impl Fn() -> String,
) -> Result<RecipientEntry, NoName> {
    Ok(match recipient {
        Recipient::Assignee => RecipientEntry::Assignee,
        Recipient::Group(id) => RecipientEntry::Group(group_name(id, names, of)?),
        Recipient::Agent(id) => RecipientEntry::Agent(agent_address(id, names, of)?),
    })
}

fn group_name(id: GroupId, names: &DeskNames, of: impl Fn() -> String) -> Result<String, NoName> {
    let name = names.group(id).map(str::to_owned);
    name.ok_or_else(|| NoName::Group { of: of(), group: id })
}

fn agent_address(id: PersonId, names: &DeskNames, of: impl Fn() -> String) -> Result<String, NoName> {
    let address = names.agent(id).map(str::to_owned);
    address.ok_or_else(|| NoName::Agent { of: of(), agent: id })
}

//! Section `sla_policies`.

use super::{
    Work,
    lookup::{agent, condition_problem, group, vocabulary},
};
use crate::{
    of_book::PolicyTerms,
    problem::{Path, hint},
    sections::{ActionEntry, EscalationEntry, HoursOf, PolicyEntry, PromiseEntry, RecipientEntry},
};
use docket_conditions::Vocabulary;
use docket_domain::{
    CalendarId, PolicyId,
    calendar::Calendar,
    sla::{
        Action, Book, Escalation, Hours, Metric, Policy, PolicyDraft, PolicyError, Promise, Recipient,
        Warning,
    },
};
use docket_rules::{Wrong, read_condition};
use std::collections::BTreeMap;

/// The policies of a file, in its order. One that has kept its title keeps its id; positions change only where the order
/// does.
pub(super) fn policies(
    work: &mut Work<'_>,
    entries: &[PolicyEntry],
    base: &Book,
    calendars: &[Calendar],
) -> Vec<Policy> {
    let vocabulary = vocabulary(work, calendars);
    let section = Path::default().key("sla_policies");
    let mut next = base.next_policy_id().0;
    let mut titles: BTreeMap<&str, usize> = BTreeMap::new();
    let mut last_position = None;
    let mut found = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let path = section.entry(index);
        if let Some(first) = titles.insert(&entry.name, index) {
            let message = format!("sla_policies[{first}] is called {:?}, too", entry.name);
            work.problem(&path.key("name"), message);
        }
        let existing = base.policies.iter().find(|policy| policy.title == entry.name);
        let (id, version) = existing.map_or((PolicyId(next), 0), |known| (known.id, known.version));
        if existing.is_none() {
            next += 1;
        }
        let least = last_position.map_or(0, |last: u32| last.saturating_add(1));
        let position = existing.map_or(least.max(1), |known| known.position.max(least));
        last_position = Some(position);
        check_condition(work, entry, &path, &vocabulary);
        let draft = PolicyDraft {
            id,
            version,
            title: entry.name.clone(),
            position,
            description: entry.description.clone().unwrap_or_default(),
            condition: entry.when.clone(),
            hours: hours(work, entry, &path, calendars),
            pausing: entry.pauses_in.iter().map(|status| (*status).into()).collect(),
            promises: promises(work, entry, &path),
        };
        match Policy::new(draft) {
            // One that says the same in another order is the one that stands.
            Ok(new) => match existing.filter(|known| PolicyTerms::of(known) == PolicyTerms::of(&new)) {
                Some(known) => found.push(known.clone()),
                None => found.push(new),
            },
            Err(error) => {
                let (path, message) = placed(&error, entry, &path);
                work.problem(&path, message);
            }
        }
    }
    found
}

fn check_condition(work: &mut Work<'_>, entry: &PolicyEntry, path: &Path, vocabulary: &Vocabulary) {
    let path = path.key("when");
    match read_condition(&entry.when, vocabulary) {
        Ok(_) => {}
        Err(Wrong::Condition(error)) => condition_problem(work, &path, &error),
        Err(wrong) => work.problem(&path, wrong.to_string()),
    }
}

fn hours(work: &mut Work<'_>, entry: &PolicyEntry, path: &Path, calendars: &[Calendar]) -> Hours {
    let HoursOf::Calendar(name) = &entry.hours else {
        return Hours::RoundTheClock;
    };
    match calendars.iter().find(|calendar| calendar.draft().name == *name) {
        Some(calendar) => Hours::Calendar(calendar.id()),
        None => {
            // A calendar of the file that has a mistake of its own is there all the same.
            let is_written = work
                .written
                .file
                .calendars
                .as_ref()
                .is_some_and(|all| all.contains_key(name));
            if !is_written {
                let known = calendars.iter().map(|calendar| calendar.draft().name.as_str());
                let hint = hint(name, known.chain(["round_the_clock"]));
                work.problem(
                    &path.key("hours"),
                    format!("no calendar is called {name:?}{hint}"),
                );
            }
            Hours::Calendar(CalendarId(0))
        }
    }
}

fn promises(work: &mut Work<'_>, entry: &PolicyEntry, path: &Path) -> Vec<Promise> {
    let targets = path.key("targets");
    let mut promises = Vec::new();
    for metric in Metric::ALL {
        let Some(promise) = entry.targets.of(metric) else {
            continue;
        };
        let path = targets.key(metric.as_str()).key("escalations");
        let escalations = promise.escalations.iter().enumerate();
        promises.push(Promise {
            metric,
            target_seconds: promise.within.seconds(),
            warnings: promise.warn.iter().map(|warning| warning.0).collect(),
            escalations: escalations
                .map(|(index, escalation)| self::escalation(work, escalation, &path.entry(index)))
                .collect(),
        });
    }
    promises
}

fn escalation(work: &mut Work<'_>, entry: &EscalationEntry, path: &Path) -> Escalation {
    let path = path.key("actions");
    let actions = entry.actions.iter().enumerate();
    Escalation {
        after_seconds: entry.after.seconds,
        actions: actions
            .map(|(index, action)| self::action(work, action, &path.entry(index)))
            .collect(),
    }
}

fn action(work: &mut Work<'_>, entry: &ActionEntry, path: &Path) -> Action {
    match entry {
        ActionEntry::Notify(RecipientEntry::Assignee) => Action::Notify(Recipient::Assignee),
        ActionEntry::Notify(RecipientEntry::Group(name)) => Action::Notify(Recipient::Group(group(
            work,
            name,
            &path.key("notify").key("group"),
        ))),
        ActionEntry::Notify(RecipientEntry::Agent(address)) => Action::Notify(Recipient::Agent(agent(
            work,
            address,
            &path.key("notify").key("agent"),
        ))),
        ActionEntry::RaisePriority(priority) => Action::RaisePriority((*priority).into()),
        ActionEntry::MoveToGroup(name) => Action::MoveToGroup(group(work, name, &path.key("move_to_group"))),
        ActionEntry::AddTag(tag) => Action::AddTag(tag.clone()),
        ActionEntry::CallWebhook(name) => Action::CallWebhook(name.clone()),
    }
}

/// Where in a policy an error is, and what it says.
fn placed(error: &PolicyError, entry: &PolicyEntry, path: &Path) -> (Path, String) {
    let promise = |metric: &Metric| path.key("targets").key(metric.as_str());
    let warning = |metric: &Metric, wanted: Warning| {
        let list = entry.targets.of(*metric).map(|promise| &promise.warn);
        let index = list.and_then(|list| list.iter().position(|warning| warning.0 == wanted));
        let path = promise(metric).key("warn");
        index.map_or(path.clone(), |index| path.entry(index))
    };
    let escalation = |metric: &Metric, seconds: i64| {
        let is_it = |entry: &EscalationEntry| entry.after.seconds == seconds;
        let list = entry
            .targets
            .of(*metric)
            .map(|promise: &PromiseEntry| &promise.escalations);
        let index = list.and_then(|list| list.iter().position(is_it));
        let path = promise(metric).key("escalations");
        index.map_or(path.clone(), |index| path.entry(index).key("after"))
    };
    let year = "a second (1s) to 366 days (366d) is allowed";
    match error {
        PolicyError::Title(_) => (path.key("name"), error.to_string()),
        PolicyError::Description(_) => (path.key("description"), error.to_string()),
        PolicyError::Tag { metric, .. } | PolicyError::Webhook(metric) => {
            (promise(metric).key("escalations"), error.to_string())
        }
        PolicyError::Condition(_) => (path.key("when"), error.to_string()),
        PolicyError::Pausing(_) => (path.key("pauses_in"), error.to_string()),
        PolicyError::NoTarget(metric) => {
            let message = "there is no duration; name one for at least one priority";
            (promise(metric).key("within"), message.to_owned())
        }
        PolicyError::Target { metric, priority, .. } => (
            promise(metric).key("within").key(priority.as_str()),
            year.to_owned(),
        ),
        PolicyError::Percent { metric, percent } => (
            warning(metric, Warning::Percent(*percent)),
            "1% to 99% is allowed".to_owned(),
        ),
        PolicyError::SecondsBefore {
            metric,
            seconds,
            target_seconds,
        } => {
            let message = format!(
                "a warning so long before does not fit into the shortest duration, {}",
                crate::values::Duration {
                    seconds: *target_seconds
                }
            );
            (warning(metric, Warning::SecondsBefore(*seconds)), message)
        }
        PolicyError::Escalation { metric, seconds } => (
            escalation(metric, *seconds),
            "at the breach (0m) to 366 days after it (366d) is allowed".to_owned(),
        ),
        PolicyError::SameStep(metric) => (
            promise(metric),
            "two warnings or two escalations come at the same moment".to_owned(),
        ),
        PolicyError::TooMany { metric, what, .. } => {
            let key = if *what == "warnings" {
                "warn"
            } else {
                "escalations"
            };
            (promise(metric).key(key), error.to_string())
        }
        PolicyError::Twice(metric) => (promise(metric), error.to_string()),
    }
}

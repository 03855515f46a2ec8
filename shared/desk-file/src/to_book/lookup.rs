//! What a file names, and where in a text something is wrong.

use super::Work;
use crate::{
    problem::{Path, hint},
    tree::Data,
};
use docket_conditions::{ConditionError, Vocabulary};
use docket_domain::{GroupId, PersonId, calendar::Calendar};
use std::collections::BTreeMap;

/// The words that conditions know.
pub(super) fn vocabulary(work: &Work<'_>, calendars: &[Calendar]) -> Vocabulary {
    let calendars = calendars.iter().map(|calendar| calendar.draft().name.clone());
    Vocabulary {
        calendars: Some(calendars.collect()),
        groups: work.names.map(|names| names.groups.keys().cloned().collect()),
        mailboxes: work.names.map(|names| names.mailboxes.clone()),
        fields: None,
    }
}

/// Tells what is wrong with a condition, at its character.
pub(super) fn condition_problem(work: &mut Work<'_>, path: &Path, error: &ConditionError) {
    let (line, column) = (error.place.line as usize, error.place.column as usize);
    if !problem_in_text(work, path, line, column, &error.message) {
        work.problem(path, error.to_string());
    }
}

/// Tells what is wrong at a line and column of a text, both from 1; not where the text does not stand in the file as it is.
pub(super) fn problem_in_text(
    work: &mut Work<'_>,
    path: &Path,
    line: usize,
    column: usize,
    message: &str,
) -> bool {
    let place = match &work.written.tree.follow(path).data {
        Data::Scalar(scalar) => scalar.place_in_file(line, column),
        _ => None,
    };
    let Some(place) = place else {
        return false;
    };
    let mut problem = work.written.tree.problem(path, message);
    problem.place = place;
    work.problems.push(problem);
    true
}

/// The group of a name.
pub(super) fn group(work: &mut Work<'_>, name: &str, path: &Path) -> GroupId {
    let Some(names) = work.names else {
        return GroupId(0);
    };
    names.groups.get(name).copied().unwrap_or_else(|| {
        let hint = hint(name, names.groups.keys().map(String::as_str));
        work.problem(path, format!("the desk has no group {name:?}{hint}"));
        GroupId(0)
    })
}

/// The group of a name among those of a file.
pub(super) fn group_among(
    work: &mut Work<'_>,
    name: &str,
    path: &Path,
    groups: &BTreeMap<String, GroupId>,
) -> GroupId {
    groups.get(name).copied().unwrap_or_else(|| {
        let hint = hint(name, groups.keys().map(String::as_str));
        work.problem(path, format!("no group is called {name:?}{hint}"));
        GroupId(0)
    })
}

/// The agent with an address.
pub(super) fn agent(work: &mut Work<'_>, address: &str, path: &Path) -> PersonId {
    let Some(names) = work.names else {
        return PersonId(0);
    };
    let found = names.agents.get(&address.to_lowercase()).copied();
    found.unwrap_or_else(|| {
        let message = format!("the desk has no agent with the address {address:?}");
        work.problem(path, message);
        PersonId(0)
    })
}

/// Whoever has an address.
pub(super) fn person(work: &mut Work<'_>, address: &str, path: &Path) -> PersonId {
    let Some(names) = work.names else {
        return PersonId(0);
    };
    let found = names.people.get(&address.to_lowercase()).copied();
    found.unwrap_or_else(|| {
        let message = format!("the desk knows nobody with the address {address:?}");
        work.problem(path, message);
        PersonId(0)
    })
}

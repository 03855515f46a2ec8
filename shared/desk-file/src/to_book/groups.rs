//! Section `groups`.

use super::{
    Work,
    lookup::{agent, group_among},
};
use crate::{
    names::DeskNames,
    problem::{Path, Problems},
    sections::GroupEntry,
    written::Written,
};
use docket_domain::{
    GroupId, PersonId, Timestamp,
    assignment::{GroupAssignment, LONGEST_RELAX_SECONDS},
    configuration::{Group, LONGEST_DESCRIPTION, LONGEST_NAME},
    sla::Book,
};
use std::collections::{BTreeMap, BTreeSet};

/// The groups of a desk, and who belongs to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskGroups {
    /// Groups, by id; archived ones, too.
    pub groups: Vec<Group>,
    /// Members; nothing is said of a group that is not here.
    pub members: BTreeMap<GroupId, BTreeSet<PersonId>>,
    /// Where a ticket goes that no rule sends elsewhere; nothing where there is no desk.
    pub default: Option<GroupId>,
}

impl DeskGroups {
    /// A group by its id.
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// Those that take tickets, by their names.
    pub fn names(&self) -> BTreeMap<String, GroupId> {
        let open = self.groups.iter().filter(|group| !group.is_archived);
        open.map(|group| (group.name.clone(), group.id)).collect()
    }
}

impl Written {
    /// The groups that the file makes of `base`: one that has kept its name keeps its id, new ones have the next ids, and one that
    /// is not in the file takes no more tickets.
    ///
    /// # Errors
    ///
    /// All that is wrong with what the file says of them.
    pub fn groups(
        &self,
        base: &DeskGroups,
        names: Option<&DeskNames>,
        now: Timestamp,
    ) -> Result<DeskGroups, Problems> {
        let Some(entries) = &self.file.groups else {
            return Ok(base.clone());
        };
        let book = Book::default();
        let mut work = Work {
            written: self,
            base: &book,
            names,
            imports: &|_| Err("there is nothing to import".to_owned()),
            problems: Vec::new(),
            notes: Vec::new(),
        };
        let after = groups(&mut work, entries, base, now);
        Problems::of(work.problems)?;
        Ok(after)
    }
}

fn groups(work: &mut Work<'_>, entries: &[GroupEntry], base: &DeskGroups, now: Timestamp) -> DeskGroups {
    let section = Path::default().key("groups");
    let mut after = base.clone();
    let known = base.names();
    let mut last = base.groups.last().map_or(0, |group| group.id.0);
    let mut ids: BTreeMap<String, GroupId> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let path = section.entry(index).key("name");
        let length = entry.name.trim().chars().count();
        if length == 0 || length > LONGEST_NAME {
            work.problem(
                &path,
                format!("a name has 1 to {LONGEST_NAME} characters, not {length}"),
            );
        }
        if ids.contains_key(&entry.name) {
            work.problem(&path, format!("another group is called {:?}, too", entry.name));
            continue;
        }
        let id = known.get(&entry.name).copied().unwrap_or_else(|| {
            last += 1;
            after.groups.push(Group::new(GroupId(last), &entry.name, now));
            GroupId(last)
        });
        ids.insert(entry.name.clone(), id);
    }
    for group in after.groups.iter_mut().filter(|group| !group.is_archived) {
        group.is_archived = !ids.values().any(|id| *id == group.id);
    }
    for (index, entry) in entries.iter().enumerate() {
        let path = section.entry(index);
        let Some(id) = ids.get(&entry.name).copied() else {
            continue;
        };
        let assignment = assignment(work, entry, &path, &ids);
        let description = entry.description.clone().unwrap_or_default();
        if description.chars().count() > LONGEST_DESCRIPTION {
            let message = format!("a description has at most {LONGEST_DESCRIPTION} characters");
            work.problem(&path.key("description"), message);
        }
        if let Some(group) = after.groups.iter_mut().find(|group| group.id == id) {
            group.description = description;
            group.assignment = assignment;
        }
        if let Some(members) = &entry.members {
            let path = path.key("members");
            let members = members.iter().enumerate();
            let members = members.map(|(at, address)| agent(work, address, &path.entry(at)));
            after.members.insert(id, members.collect());
        }
        if entry.default {
            after.default = Some(id);
        }
    }
    let mut defaults = entries.iter().enumerate().filter(|(_, entry)| entry.default);
    if let (Some(_), Some((second, _))) = (defaults.next(), defaults.next()) {
        work.problem(
            &section.entry(second).key("default"),
            "one group is the default, and another is named before",
        );
    }
    if after
        .default
        .is_some_and(|default| !ids.values().any(|id| *id == default))
    {
        work.problem(
            &section,
            "the group that tickets go to by default is not among these; say `default: true` of one that is",
        );
    }
    after
}

fn assignment(
    work: &mut Work<'_>,
    entry: &GroupEntry,
    path: &Path,
    ids: &BTreeMap<String, GroupId>,
) -> GroupAssignment {
    let relax = entry.relax_skills_after.map(|after| after.seconds);
    let relax_skills_after_seconds = relax.and_then(|seconds| u32::try_from(seconds).ok());
    if relax.is_some() && relax_skills_after_seconds.is_none_or(|seconds| seconds > LONGEST_RELAX_SECONDS) {
        work.problem(
            &path.key("relax_skills_after"),
            "at most 30 days (30d) is allowed",
        );
    }
    let escalates_to = entry.escalates_to.as_ref().map(|name| {
        let path = path.key("escalates_to");
        if *name == entry.name {
            work.problem(&path, "a group is not escalated to itself");
        }
        group_among(work, name, &path, ids)
    });
    GroupAssignment {
        strategy: entry.strategy.into(),
        prefers_previous_agent: entry.previous_agent_first,
        relax_skills_after_seconds,
        escalates_to,
    }
}

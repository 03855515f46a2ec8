//! Groups as they are written.

use super::{NoName, group_name};
use crate::{
    names::DeskNames,
    sections::{DeskFile, GroupEntry},
    to_book::DeskGroups,
    values::Duration,
};
use docket_domain::configuration::Group;

impl DeskFile {
    /// The file with the groups that take tickets.
    ///
    /// # Errors
    ///
    /// When a group speaks of what has no name.
    pub fn with_groups(mut self, groups: &DeskGroups, names: &DeskNames) -> Result<Self, NoName> {
        let open = groups.groups.iter().filter(|group| !group.is_archived);
        let entries = open.map(|group| group_entry(group, groups, names));
        self.groups = Some(entries.collect::<Result<_, _>>()?);
        Ok(self)
    }
}

fn group_entry(group: &Group, groups: &DeskGroups, names: &DeskNames) -> Result<GroupEntry, NoName> {
    let of = || format!("group {:?}", group.name);
    let assignment = &group.assignment;
    // Where somebody has no address, nothing is said of the members, so that the file takes nobody out.
    let addresses = groups.members.get(&group.id).and_then(|members| {
        let addresses = members
            .iter()
            .map(|member| names.agent(*member).map(str::to_owned));
        addresses.collect::<Option<Vec<_>>>()
    });
    let members = addresses.map(|mut addresses| {
        addresses.sort();
        addresses
    });
    Ok(GroupEntry {
        name: group.name.clone(),
        description: Some(group.description.clone()).filter(|text| !text.is_empty()),
        default: Some(group.id) == groups.default,
        members,
        strategy: assignment.strategy.into(),
        previous_agent_first: assignment.prefers_previous_agent,
        relax_skills_after: assignment.relax_skills_after_seconds.map(|seconds| Duration {
            seconds: i64::from(seconds),
        }),
        escalates_to: match assignment.escalates_to {
            Some(group) => Some(group_name(group, names, of)?),
            None => None,
        },
    })
}

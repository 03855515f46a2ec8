//! Groups as they stand, and as a file has them.

use super::APPLY;
use anyhow::{Context as _, anyhow, bail};
use docket_desk::{Desk, MOST_GROUPS, MOST_MEMBERS, groups::MembershipChange, setup::SetupChange};
use docket_desk_file::DeskGroups;
use docket_domain::{GroupId, PersonId, assignment::GroupAssignment, configuration::Group};
use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
};

/// The groups of a desk, with the members of those that take tickets.
pub async fn groups_of(desk: &Desk) -> anyhow::Result<DeskGroups> {
    let groups = desk.groups().all().await?;
    let mut members = BTreeMap::new();
    for group in groups.iter().filter(|group| !group.is_archived) {
        let of_group = desk.groups().members(group.id).await?;
        members.insert(group.id, of_group.into_iter().collect());
    }
    Ok(DeskGroups {
        groups,
        members,
        default: Some(desk.setup().await?.default_group),
    })
}

/// Puts groups in force: new ones first, since others may be escalated to them, and those that take no more tickets last.
pub async fn put_in_force(desk: &Desk, before: &DeskGroups, after: &DeskGroups) -> anyhow::Result<()> {
    for group in after
        .groups
        .iter()
        .filter(|group| before.group(group.id).is_none())
    {
        let bare = |id| Group {
            id,
            assignment: GroupAssignment::default(),
            ..group.clone()
        };
        let made = desk.groups().create(desk.by_system(APPLY), bare).await?;
        let made = made.with_context(|| format!("a desk has at most {MOST_GROUPS} groups"))?;
        if made.id != group.id {
            bail!(
                "another group was made at the same time as {:?}; apply the file again",
                group.name
            );
        }
    }
    for group in after.groups.iter().filter(|group| !group.is_archived) {
        change(desk, group, before).await?;
    }
    for (group, members) in &after.members {
        let none = BTreeSet::new();
        let had = before.members.get(group).unwrap_or(&none);
        for agent in members.difference(had) {
            belongs(
                desk.groups()
                    .add_member(*group, *agent, desk.by_system(APPLY))
                    .await?,
                *group,
                *agent,
            )?;
        }
        for agent in had.difference(members) {
            belongs(
                desk.groups()
                    .remove_member(*group, *agent, desk.by_system(APPLY))
                    .await?,
                *group,
                *agent,
            )?;
        }
    }
    if let Some(default) = after.default.filter(|_| before.default != after.default) {
        let changed = desk.change_setup(desk.by_system(APPLY), vec![], |setup| {
            setup.default_group = default;
            Ok::<_, Infallible>(())
        });
        changed.await.context("the default group can't be changed")?;
    }
    for group in after.groups.iter().filter(|group| group.is_archived) {
        change(desk, group, before).await?;
    }
    Ok(())
}

/// Changes what differs of a group.
async fn change(desk: &Desk, group: &Group, before: &DeskGroups) -> anyhow::Result<()> {
    let settings = |group: &Group| {
        let Group {
            description,
            assignment,
            is_archived,
            ..
        } = group.clone();
        (description, assignment, is_archived)
    };
    let bare = (group.description.clone(), GroupAssignment::default(), false);
    let had = before.group(group.id).map_or(bare, settings);
    if had == settings(group) {
        return Ok(());
    }
    let changed = desk
        .groups()
        .change(desk.by_system(APPLY), group.id, |now| {
            (now.description, now.assignment, now.is_archived) = settings(group);
            Ok::<_, Infallible>(())
        })
        .await?;
    match changed {
        Some(SetupChange::Done(..) | SetupChange::Repeated(_)) => Ok(()),
        Some(SetupChange::Refused(never)) => match never {},
        None => Err(anyhow!(
            "group {:?} is not there any more; apply the file again",
            group.name
        )),
    }
}

fn belongs(change: MembershipChange, group: GroupId, agent: PersonId) -> anyhow::Result<()> {
    match change {
        MembershipChange::Done | MembershipChange::Unchanged => Ok(()),
        MembershipChange::NoGroup => Err(anyhow!(
            "group {group} takes no more members; apply the file again"
        )),
        MembershipChange::NoAgent => Err(anyhow!(
            "person {agent} does not work here any more; apply the file again"
        )),
        MembershipChange::Full => Err(anyhow!(
            "group {group} has {MOST_MEMBERS} members, more are not possible"
        )),
    }
}

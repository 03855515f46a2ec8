//! Groups of a file.

use super::names;
use docket_desk_file::{DeskFile, DeskGroups, changes_of, parse, text_of};
use docket_domain::{GroupId, PersonId, Timestamp, assignment::Strategy, configuration::Group};
use serde_json::json;

fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

/// `Support`, which is the default and has an agent, `Sales`, and one that takes no more tickets.
fn base() -> DeskGroups {
    let mut gone = Group::new(GroupId(3), "Gone", now());
    gone.is_archived = true;
    DeskGroups {
        groups: vec![
            Group::new(GroupId(1), "Support", now()),
            Group::new(GroupId(2), "Sales", now()),
            gone,
        ],
        members: [(GroupId(1), [PersonId(1)].into()), (GroupId(2), [].into())].into(),
        default: Some(GroupId(1)),
    }
}

fn groups(text: &str) -> Result<DeskGroups, Vec<String>> {
    let groups = parse(text).and_then(|written| written.groups(&base(), Some(&names()), now()));
    groups.map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn groups_that_keep_their_names_keep_their_ids_and_others_come_and_go() {
    let after = groups(
        "groups:\n  - {name: Gone, escalates_to: Support}\n  - name: Support\n    strategy: round_robin\n    previous_agent_first: true\n    \
         relax_skills_after: 30m\n    escalates_to: Gone\n    members: []\n",
    )
    .unwrap();
    let told: Vec<(u64, &str, bool)> = after
        .groups
        .iter()
        .map(|group| (group.id.0, group.name.as_str(), group.is_archived))
        .collect();
    assert_eq!(
        told,
        [
            (1, "Support", false),
            (2, "Sales", true),
            (3, "Gone", true),
            (4, "Gone", false)
        ]
    );
    let support = &after.groups[0].assignment;
    assert_eq!(
        (support.strategy, support.prefers_previous_agent),
        (Strategy::RoundRobin, true)
    );
    assert_eq!(
        (support.relax_skills_after_seconds, support.escalates_to),
        (Some(1800), Some(GroupId(4)))
    );
    assert!(after.members[&GroupId(1)].is_empty());
    assert!(
        !after.members.contains_key(&GroupId(4)),
        "nothing is said of its members"
    );
    assert_eq!(
        groups("timers: {}").unwrap(),
        base(),
        "a section that is left out stays as it is"
    );
}

#[test]
fn what_is_written_of_groups_reads_back_as_the_same() {
    let file = DeskFile::default().with_groups(&base(), &names()).unwrap();
    let text = text_of(&file).unwrap();
    assert_eq!(
        text,
        "groups:\n- name: Support\n  default: true\n  members:\n  - admin@docket.local\n- name: Sales\n  members: []\n"
    );
    assert_eq!(groups(&text).unwrap(), base());
    let other = groups("groups: [{name: Support, strategy: manual, members: []}]").unwrap();
    let other = DeskFile::default().with_groups(&other, &names()).unwrap();
    assert_eq!(
        serde_json::to_value(changes_of(&file, &other)).unwrap(),
        json!([
            { "section": "group", "name": "Support", "kind": "changed", "fields": [
                { "path": "members", "from": "admin@docket.local" },
                { "path": "strategy", "to": "manual" },
            ] },
            { "section": "group", "name": "Sales", "kind": "removed" },
        ])
    );
}

#[test]
fn a_group_that_could_not_work_is_told_where_it_stands() {
    for (text, expected) in [
        (
            "groups: [{name: Support, default: true}, {name: Support}]",
            "1:49: groups[1].name: another group is called \"Support\", too",
        ),
        (
            "groups: [{name: Support}, {name: ''}]",
            "1:34: groups[1].name: a name has 1 to 200 characters, not 0",
        ),
        (
            "groups: [{name: Support, members: [eve@x.example]}]",
            "1:36: groups[0].members[0]: the desk has no agent with the address \"eve@x.example\"",
        ),
        (
            "groups: [{name: Support, escalates_to: Sales}]",
            "1:40: groups[0].escalates_to: no group is called \"Sales\"; there are: Support",
        ),
        (
            "groups: [{name: Support, escalates_to: Support}]",
            "1:40: groups[0].escalates_to: a group is not escalated to itself",
        ),
        (
            "groups: [{name: Support, relax_skills_after: 31d}]",
            "1:46: groups[0].relax_skills_after: at most 30 days (30d) is allowed",
        ),
        (
            "groups: [{name: Support, strategy: random}]",
            "1:36: groups[0].strategy: `random` is none of the words that can stand here; there are: least_loaded, round_robin, \
             manual",
        ),
        (
            "groups: [{name: Sales}]",
            "1:9: groups: the group that tickets go to by default is not among these; say `default: true` of one that is",
        ),
        (
            "groups: [{name: Support, default: true}, {name: Sales, default: true}]",
            "1:65: groups[1].default: one group is the default, and another is named before",
        ),
    ] {
        assert_eq!(groups(text).unwrap_err(), [expected], "{text}");
    }
}

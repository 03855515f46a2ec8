//! The views that every desk has: they are stored nowhere, and nobody can change them.

use docket_domain::{
    GroupId, PersonId, Timestamp, ViewId,
    ticket::counted::{Count, CountedOf},
    view::{View, ViewCondition, ViewOutput, ViewSort, ViewValue},
};

/// One of them.
struct Standing {
    title: &'static str,
    description: &'static str,
    all: &'static [(&'static str, &'static str, &'static str)],
    sort: (&'static str, bool),
    counted: Counted,
}

/// By which kept counters it is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    /// By these of the agent's.
    Own(&'static [Count]),
    /// By these of the agent's groups.
    OfGroups(&'static [Count]),
    /// By these of all groups, and of none.
    OfAll(&'static [Count]),
    /// By none: the index is asked.
    Nothing,
}

const UNSOLVED: &[Count] = &[Count::New, Count::Open, Count::Pending, Count::Hold];

const ALL: [Standing; 8] = [
    Standing {
        title: "Your unsolved tickets",
        description: "Unsolved tickets that are assigned to you",
        all: &[
            ("assignee_id", "is", "current_user"),
            ("status", "less_than", "solved"),
        ],
        sort: ("sla_next_breach_at", false),
        counted: Counted::Own(UNSOLVED),
    },
    Standing {
        title: "Unassigned tickets in your groups",
        description: "Unsolved tickets in your groups that nobody has",
        all: &[
            ("group_id", "is", "current_groups"),
            ("assignee_id", "is", ""),
            ("status", "less_than", "solved"),
        ],
        sort: ("sla_next_breach_at", false),
        counted: Counted::OfGroups(&[Count::Unassigned]),
    },
    Standing {
        title: "All unsolved tickets",
        description: "Unsolved tickets of everybody",
        all: &[("status", "less_than", "solved")],
        sort: ("sla_next_breach_at", false),
        counted: Counted::OfAll(UNSOLVED),
    },
    Standing {
        title: "Recently updated tickets",
        description: "Tickets that changed within a day",
        all: &[
            ("updated_at", "less_than", "24"),
            ("status", "less_than", "closed"),
        ],
        sort: ("updated", true),
        counted: Counted::Nothing,
    },
    Standing {
        title: "New tickets in your groups",
        description: "Tickets in your groups that nobody has looked at",
        all: &[("group_id", "is", "current_groups"), ("status", "is", "new")],
        sort: ("created", true),
        counted: Counted::OfGroups(&[Count::New]),
    },
    Standing {
        title: "Pending tickets",
        description: "Tickets that wait for their requester",
        all: &[("status", "is", "pending")],
        sort: ("updated", true),
        counted: Counted::OfAll(&[Count::Pending]),
    },
    Standing {
        title: "Recently solved tickets",
        description: "Tickets that were solved within a day",
        all: &[("SOLVED", "less_than", "24"), ("status", "greater_than", "hold")],
        sort: ("solved", true),
        counted: Counted::Nothing,
    },
    Standing {
        title: "Unsolved tickets in your groups",
        description: "Unsolved tickets in your groups",
        all: &[
            ("group_id", "is", "current_groups"),
            ("status", "less_than", "solved"),
        ],
        sort: ("sla_next_breach_at", false),
        counted: Counted::OfGroups(UNSOLVED),
    },
];

const COLUMNS: [&str; 7] = [
    "nice_id",
    "status",
    "subject",
    "requester",
    "created",
    "priority",
    "assignee",
];

/// All of them, in their order.
pub(super) fn all() -> Vec<View> {
    (1..).map(ViewId).map_while(view).collect()
}

/// The one with this id.
pub(super) fn view(id: ViewId) -> Option<View> {
    let standing = place(id).and_then(|place| ALL.get(place))?;
    let conditions = standing.all.iter();
    let conditions = conditions.map(|(field, operator, value)| ViewCondition {
        field: (*field).to_owned(),
        operator: (*operator).to_owned(),
        value: ViewValue::One((*value).to_owned()),
    });
    let (column, descending) = standing.sort;
    let mut view = View::new(id, standing.title, Timestamp::UNIX_EPOCH);
    standing.description.clone_into(&mut view.description);
    view.position = u32::try_from(id.0).unwrap_or_default();
    view.all = conditions.collect();
    view.output = ViewOutput {
        columns: COLUMNS.map(str::to_owned).to_vec(),
        group: None,
        sort: Some(ViewSort {
            column: column.to_owned(),
            descending,
        }),
    };
    Some(view)
}

/// Whether every desk has it.
pub(super) fn is_standing(id: ViewId) -> bool {
    place(id).is_some_and(|place| place < ALL.len())
}

/// Of whom counters are kept that count it, and which; nothing where the index is asked.
pub(super) fn counted_by(
    id: ViewId,
    me: PersonId,
    groups: &[GroupId],
    most_groups: u64,
) -> Option<(Vec<CountedOf>, &'static [Count])> {
    let standing = place(id).and_then(|place| ALL.get(place))?;
    let group = |group: GroupId| CountedOf::Group(Some(group));
    match standing.counted {
        Counted::Own(counts) => Some((vec![CountedOf::Agent(me)], counts)),
        Counted::OfGroups(counts) => Some((groups.iter().copied().map(group).collect(), counts)),
        Counted::OfAll(counts) => {
            let all = (1..=most_groups).map(GroupId).map(group);
            Some((
                std::iter::once(CountedOf::Group(None)).chain(all).collect(),
                counts,
            ))
        }
        Counted::Nothing => None,
    }
}

fn place(id: ViewId) -> Option<usize> {
    usize::try_from(id.0.checked_sub(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_search::{ViewColumn, check_condition};

    #[test]
    fn every_view_that_a_desk_has_can_be_answered() {
        assert_eq!(all().len(), ALL.len());
        for view in all() {
            for condition in &view.all {
                assert_eq!(check_condition(condition), Ok(()), "{}", view.title);
            }
            let sort = view.output.sort.unwrap();
            assert!(ViewColumn::named(&sort.column).is_some(), "{}", view.title);
        }
        assert!(!is_standing(ViewId(0)) && is_standing(ViewId(8)) && !is_standing(ViewId(9)));
    }
}

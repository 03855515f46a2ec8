//! A saved view, as its page shows it and has it changed.

use crate::models::list_menus::Choice;
use docket_domain::{
    PersonId,
    configuration::Group,
    view::{View as SavedView, ViewFor},
};

/// The view.
pub struct SavedShown {
    pub id: u64,
    /// The version that is shown.
    pub v: u64,
    pub description: String,
    /// Whether whoever looks may change it, or delete it.
    pub may_change: bool,
    /// Its name as the form has it: as it was typed, where that could not be saved.
    pub name: String,
    /// For whom it can be.
    pub is_for: Vec<Choice>,
}

impl SavedShown {
    /// A view as somebody sees it.
    pub fn of(
        view: &SavedView,
        typed_title: Option<String>,
        (me, may_change): (PersonId, bool),
        groups: &[Group],
    ) -> Self {
        Self {
            id: view.id.0,
            v: view.v,
            description: view.description.clone(),
            may_change,
            name: typed_title.unwrap_or_else(|| view.title.clone()),
            is_for: choices(&view.is_for, me, groups),
        }
    }
}

/// For whom a view can be: whoever it is for now is one of these, and stays where nothing else is chosen.
fn choices(is_for: &ViewFor, me: PersonId, groups: &[Group]) -> Vec<Choice> {
    let choice = |value: &str, label: &str, is_chosen: bool| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        is_chosen,
    };
    let mut choices = vec![
        choice("me", t!("Me"), *is_for == ViewFor::Person(me)),
        choice("everyone", t!("Everybody"), *is_for == ViewFor::Everyone),
    ];
    choices.extend(groups.iter().map(|group| {
        let is_chosen = *is_for == ViewFor::Groups(vec![group.id]);
        choice(&format!("group-{}", group.id), &group.name, is_chosen)
    }));
    if !choices.iter().any(|choice| choice.is_chosen) {
        let label = match is_for {
            ViewFor::Person(_) => t!("Whoever has it now"),
            _ => t!("The same groups as now"),
        };
        choices.insert(0, choice("stay", label, true));
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{GroupId, Timestamp};

    #[test]
    fn whoever_a_view_is_for_now_is_chosen_once() {
        let group = |id, name| Group::new(GroupId(id), name, Timestamp::UNIX_EPOCH);
        let groups = [group(1, "Support"), group(2, "Billing")];
        let me = PersonId(7);
        for (is_for, chosen, count) in [
            (ViewFor::Person(me), "me", 4),
            (ViewFor::Everyone, "everyone", 4),
            (ViewFor::Groups(vec![GroupId(2)]), "group-2", 4),
            (ViewFor::Groups(vec![GroupId(1), GroupId(2)]), "stay", 5),
            (ViewFor::Groups(vec![GroupId(9)]), "stay", 5),
            (ViewFor::Person(PersonId(8)), "stay", 5),
        ] {
            let choices = choices(&is_for, me, &groups);
            let are_chosen: Vec<&str> = choices
                .iter()
                .filter(|choice| choice.is_chosen)
                .map(|choice| choice.value.as_str())
                .collect();
            assert_eq!((are_chosen, choices.len()), (vec![chosen], count), "{is_for:?}");
        }
    }
}

//! How two books differ, as people read it.

use crate::{
    names::DeskNames,
    of_book::{NoName, file_of},
    sections::DeskFile,
};
use docket_domain::sla::Book;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A section of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// A calendar.
    Calendar,
    /// A policy.
    SlaPolicy,
    /// The timers.
    Timers,
    /// The skills of a kind.
    Skills,
    /// What a channel's tickets weigh.
    ChannelWeight,
    /// A routing rule.
    RoutingRule,
    /// A trigger.
    Trigger,
    /// An automation.
    Automation,
    /// A macro.
    Macro,
    /// A template.
    Template,
    /// Somebody who works here.
    Agent,
    /// A group.
    Group,
    /// A mailbox.
    Mailbox,
    /// A channel.
    Channel,
}

impl Section {
    /// What one thing of it is called.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::SlaPolicy => "policy",
            Self::Timers => "timers",
            Self::Skills => "skills of",
            Self::ChannelWeight => "channel weight",
            Self::RoutingRule => "routing rule",
            Self::Trigger => "trigger",
            Self::Automation => "automation",
            Self::Macro => "macro",
            Self::Template => "template",
            Self::Agent => "agent",
            Self::Group => "group",
            Self::Mailbox => "mailbox",
            Self::Channel => "channel",
        }
    }
}

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
}

/// One value that is another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldChange {
    /// The way to it, such as `hours.fri`; of a list entry that came or went, the way to the list.
    pub path: String,
    /// What it was, as it is written; nothing where it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// What it is; nothing where it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
}

/// What changes of one thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Which section it is in.
    pub section: Section,
    /// Its name; empty for the timers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What becomes of it.
    pub kind: ChangeKind,
    /// Its values that change; of something new or gone, none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// What changes from one book to another: calendars by name, policies in their order, timers, rules in their order, templates
/// by name. Nothing where both say the same.
///
/// # Errors
///
/// When a book speaks of what has no name.
pub fn changes(from: &Book, to: &Book, names: &DeskNames) -> Result<Vec<Change>, NoName> {
    Ok(changes_of(&file_of(from, names)?, &file_of(to, names)?))
}

/// What changes from one file to another that has the same sections. Nothing where both say the same.
pub fn changes_of(from: &DeskFile, to: &DeskFile) -> Vec<Change> {
    let mut changes = Vec::new();
    for section in [Section::Calendar, Section::SlaPolicy] {
        compare_section(section, from, to, &mut changes);
    }
    let mut fields = Vec::new();
    compare_values("", &value_of(&from.timers), &value_of(&to.timers), &mut fields);
    if !fields.is_empty() {
        changes.push(Change {
            section: Section::Timers,
            name: String::new(),
            kind: ChangeKind::Changed,
            fields,
        });
    }
    for section in [
        Section::Skills,
        Section::ChannelWeight,
        Section::RoutingRule,
        Section::Trigger,
        Section::Automation,
        Section::Macro,
        Section::Template,
        Section::Agent,
        Section::Group,
        Section::Mailbox,
        Section::Channel,
    ] {
        compare_section(section, from, to, &mut changes);
    }
    changes
}

fn compare_section(section: Section, from: &DeskFile, to: &DeskFile, changes: &mut Vec<Change>) {
    let (old, new) = (entries(section, from), entries(section, to));
    compare(section, &old, &new, changes);
    // What stands in a map has no order, and that of agents, groups and channels means nothing.
    let has_no_order = [
        Section::Calendar,
        Section::Skills,
        Section::ChannelWeight,
        Section::Template,
        Section::Agent,
        Section::Group,
        Section::Channel,
    ];
    if !has_no_order.contains(&section) {
        note_order(section, &old, &new, changes);
    }
}

/// The entries of a section by their names, in their order.
fn entries(section: Section, file: &DeskFile) -> Vec<(String, Value)> {
    fn named<'e, T: Serialize + 'e>(
        entries: impl Iterator<Item = (&'e String, &'e T)>,
    ) -> Vec<(String, Value)> {
        entries
            .map(|(name, entry)| (name.clone(), value_of(entry)))
            .collect()
    }
    match section {
        Section::Calendar => named(file.calendars.iter().flatten()),
        Section::SlaPolicy => named(
            file.sla_policies
                .iter()
                .flatten()
                .map(|entry| (&entry.name, entry)),
        ),
        Section::Timers => Vec::new(),
        Section::Skills => named(file.skills.iter().flatten()),
        Section::ChannelWeight => named(file.channel_weights.iter().flatten()),
        Section::RoutingRule => named(file.routing.iter().flatten().map(|entry| (&entry.name, entry))),
        Section::Trigger => named(file.triggers.iter().flatten().map(|entry| (&entry.name, entry))),
        Section::Automation => named(
            file.automations
                .iter()
                .flatten()
                .map(|entry| (&entry.name, entry)),
        ),
        Section::Macro => named(file.macros.iter().flatten().map(|entry| (&entry.name, entry))),
        Section::Template => named(file.templates.iter().flatten()),
        Section::Group => named(file.groups.iter().flatten().map(|entry| (&entry.name, entry))),
        Section::Mailbox => named(
            file.mailboxes
                .iter()
                .flatten()
                .map(|entry| (&entry.address, entry)),
        ),
        Section::Agent => named(file.agents.iter().flatten().map(|entry| (&entry.email, entry))),
        Section::Channel => named(file.channels.iter().flatten().map(|entry| (&entry.name, entry))),
    }
}

fn value_of(entry: &impl Serialize) -> Value {
    serde_json::to_value(entry).unwrap_or_default()
}

fn compare(section: Section, old: &[(String, Value)], new: &[(String, Value)], changes: &mut Vec<Change>) {
    let find = |all: &[(String, Value)], wanted: &str| {
        let found = all.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone())
    };
    let change = |name: &str, kind, fields| Change {
        section,
        name: name.to_owned(),
        kind,
        fields,
    };
    for (name, value) in new {
        match find(old, name) {
            None => changes.push(change(name, ChangeKind::Added, Vec::new())),
            Some(before) => {
                let mut fields = Vec::new();
                compare_values("", &before, value, &mut fields);
                if !fields.is_empty() {
                    changes.push(change(name, ChangeKind::Changed, fields));
                }
            }
        }
    }
    let gone = old.iter().filter(|(name, _)| find(new, name).is_none());
    changes.extend(gone.map(|(name, _)| change(name, ChangeKind::Removed, Vec::new())));
}

/// Adds the places of policies and rules that are tried in another order than before, among those that stay.
fn note_order(section: Section, old: &[(String, Value)], new: &[(String, Value)], changes: &mut Vec<Change>) {
    let staying = |all: &[(String, Value)], others: &[(String, Value)]| -> Vec<String> {
        let stays = all.iter().map(|(name, _)| name.clone());
        stays
            .filter(|name| others.iter().any(|(other, _)| other == name))
            .collect()
    };
    let (before, after) = (staying(old, new), staying(new, old));
    for (name, _) in new {
        let place = |order: &[String]| order.iter().position(|other| other == name).map(|at| at + 1);
        let (Some(was), Some(is)) = (place(&before), place(&after)) else {
            continue;
        };
        if was == is {
            continue;
        }
        let field = FieldChange {
            path: "place".to_owned(),
            from: Some(was.into()),
            to: Some(is.into()),
        };
        let is_it = |change: &&mut Change| change.section == section && change.name == *name;
        match changes.iter_mut().find(is_it) {
            Some(change) => change.fields.push(field),
            None => changes.push(Change {
                section,
                name: name.clone(),
                kind: ChangeKind::Changed,
                fields: vec![field],
            }),
        }
    }
}

fn compare_values(path: &str, from: &Value, to: &Value, fields: &mut Vec<FieldChange>) {
    let field = |from: Option<&Value>, to: Option<&Value>| FieldChange {
        path: path.to_owned(),
        from: from.cloned(),
        to: to.cloned(),
    };
    match (from, to) {
        _ if from == to => {}
        (Value::Object(old), Value::Object(new)) => {
            let keys: BTreeMap<&String, ()> = old.keys().chain(new.keys()).map(|key| (key, ())).collect();
            for key in keys.into_keys() {
                let below = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                match (old.get(key), new.get(key)) {
                    (Some(old), Some(new)) => compare_values(&below, old, new, fields),
                    (old, new) => fields.push(FieldChange {
                        path: below,
                        from: old.cloned(),
                        to: new.cloned(),
                    }),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            let gone: Vec<&Value> = old.iter().filter(|value| !new.contains(value)).collect();
            let come: Vec<&Value> = new.iter().filter(|value| !old.contains(value)).collect();
            if gone.is_empty() && come.is_empty() {
                fields.push(field(Some(from), Some(to)));
            }
            fields.extend(gone.into_iter().map(|value| field(Some(value), None)));
            fields.extend(come.into_iter().map(|value| field(None, Some(value))));
        }
        _ => fields.push(field(Some(from), Some(to))),
    }
}

//! A file that was read.

use crate::{
    problem::{Path, Problem, Problems, hint},
    reader::read,
    sections::{ActionEntry, DeskFile, NOBODY, NotifyEntry, RecipientEntry, RuleActionEntry, SECTIONS},
    tree::{Data, Node, tree},
};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// A file that was read, with the places of its values.
#[derive(Clone, Debug)]
pub struct Written {
    pub(crate) file: DeskFile,
    pub(crate) tree: Node,
}

/// Reads a file. Each calendar, policy, rule and template and the timers are read on their own, so that a mistake in one does not hide
/// those in another.
///
/// # Errors
///
/// When it is no YAML, has keys that mean nothing, or values of the wrong kind.
pub fn parse(text: &str) -> Result<Written, Problems> {
    let tree = tree(text)?;
    let root = Path::default();
    let mut file = DeskFile::default();
    let mut problems = Vec::new();
    let Data::Map(sections) = &tree.data else {
        let known = SECTIONS.join(", ");
        return Err(tree
            .problem(&root, format!("the file is a map of sections: {known}"))
            .into());
    };
    for (key, section) in sections {
        let name = key.text().unwrap_or_default();
        let path = root.key(name);
        match name {
            "calendars" => file.calendars = Some(read_map(key, section, &mut problems)),
            "sla_policies" => file.sla_policies = Some(read_list(key, section, &mut problems)),
            "timers" => file.timers = read(section, &path).map_err(|p| problems.push(p)).ok(),
            "skills" => file.skills = Some(read_map(key, section, &mut problems)),
            "channel_weights" => file.channel_weights = Some(read_map(key, section, &mut problems)),
            "routing" => file.routing = Some(read_list(key, section, &mut problems)),
            "triggers" => file.triggers = Some(read_list(key, section, &mut problems)),
            "automations" => file.automations = Some(read_list(key, section, &mut problems)),
            "macros" => file.macros = Some(read_list(key, section, &mut problems)),
            "agents" => file.agents = Some(read_list(key, section, &mut problems)),
            "groups" => file.groups = Some(read_list(key, section, &mut problems)),
            "mailboxes" => file.mailboxes = Some(read_list(key, section, &mut problems)),
            "channels" => file.channels = Some(read_list(key, section, &mut problems)),
            "templates" => file.templates = Some(read_map(key, section, &mut problems)),
            _ => problems.push(Problem {
                place: key.place,
                path: path.to_string(),
                message: format!("there is no section `{name}`{}", hint(name, SECTIONS)),
            }),
        }
    }
    Problems::of(problems)?;
    Ok(Written { file, tree })
}

/// A problem with a whole section, where it stands; with one that has no value, at its key.
fn section_problem(key: &Node, section: &Node, message: String) -> Problem {
    let is_nothing = matches!(&section.data, Data::Scalar(scalar) if scalar.is_nothing());
    let shown = if is_nothing { key } else { section };
    shown.problem(&Path::default(), message)
}

fn read_map<T: DeserializeOwned>(
    key: &Node,
    section: &Node,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, T> {
    let name = key.text().unwrap_or_default();
    let path = Path::default().key(name);
    let mut entries = BTreeMap::new();
    match &section.data {
        Data::Map(pairs) => {
            for (key, value) in pairs {
                let entry_name = key.text().unwrap_or_default();
                match read(value, &path.key(entry_name)) {
                    Ok(entry) => {
                        entries.insert(entry_name.to_owned(), entry);
                    }
                    Err(problem) => problems.push(problem),
                }
            }
        }
        _ => problems.push(section_problem(
            key,
            section,
            format!("`{name}` is a map of names; write `{name}: {{}}` for none"),
        )),
    }
    entries
}

fn read_list<T: DeserializeOwned>(key: &Node, section: &Node, problems: &mut Vec<Problem>) -> Vec<T> {
    let name = key.text().unwrap_or_default();
    let path = Path::default().key(name);
    let mut entries = Vec::new();
    match &section.data {
        Data::List(nodes) => {
            for (index, node) in nodes.iter().enumerate() {
                match read(node, &path.entry(index)) {
                    Ok(entry) => entries.push(entry),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        _ => problems.push(section_problem(
            key,
            section,
            format!("`{name}` is a list; write `{name}: []` for none"),
        )),
    }
    entries
}

impl Written {
    /// What it says.
    pub fn file(&self) -> &DeskFile {
        &self.file
    }

    /// Whether it has a section of rules, or of what they write.
    pub(crate) fn has_rules(&self) -> bool {
        let file = &self.file;
        file.templates.is_some()
            || file.skills.is_some()
            || file.channel_weights.is_some()
            || file.routing.is_some()
            || file.triggers.is_some()
            || file.automations.is_some()
            || file.macros.is_some()
    }

    /// The mail addresses of the people that it names, in lower case.
    pub fn addresses(&self) -> BTreeSet<String> {
        let members = self.file.groups.iter().flatten().flat_map(|group| &group.members);
        let members = members.flatten().map(String::as_str);
        let agents = self.file.agents.iter().flatten();
        let agents = agents.map(|agent| agent.email.trim());
        let named = self.named_by_policies().chain(self.named_by_rules());
        named
            .chain(members)
            .chain(agents)
            .map(str::to_lowercase)
            .collect()
    }

    fn named_by_policies(&self) -> impl Iterator<Item = &str> {
        let policies = self.file.sla_policies.iter().flatten();
        let promises = policies.flat_map(|policy| {
            let targets = &policy.targets;
            [
                &targets.first_reply,
                &targets.next_reply,
                &targets.periodic_update,
                &targets.resolution,
            ]
        });
        let escalations = promises.flatten().flat_map(|promise| &promise.escalations);
        escalations
            .flat_map(|escalation| &escalation.actions)
            .filter_map(|action| match action {
                ActionEntry::Notify(RecipientEntry::Agent(address)) => Some(address.as_str()),
                _ => None,
            })
    }

    fn named_by_rules(&self) -> impl Iterator<Item = &str> {
        let file = &self.file;
        let rules = file
            .routing
            .iter()
            .chain(&file.triggers)
            .flatten()
            .map(|rule| &rule.actions);
        let automations = file.automations.iter().flatten().map(|rule| &rule.actions);
        let macros = file.macros.iter().flatten().map(|rule| &rule.actions);
        let actions = rules.chain(automations).chain(macros).flatten();
        actions.flat_map(|action| match action {
            RuleActionEntry::SetAssignee(address) if address != NOBODY => vec![address.as_str()],
            RuleActionEntry::AddCcs(addresses) => addresses.iter().map(String::as_str).collect(),
            RuleActionEntry::Notify(NotifyEntry {
                to: RecipientEntry::Agent(address),
                ..
            }) => vec![address.as_str()],
            _ => vec![],
        })
    }
}

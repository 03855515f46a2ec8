//! What rules of a file do.

use super::{
    Work,
    lookup::{agent, group, person},
    skills::required,
    texts::text,
};
use crate::{
    problem::{Path, hint},
    sections::{BY_CONDITION, NOBODY, RecipientEntry, RuleActionEntry},
};
use docket_domain::{
    PolicyId,
    rule::{RuleAction, RuleBook, RuleKind},
    sla::{Policy, Recipient},
};

/// What actions name that the file itself may have.
pub(super) struct NamedInFile<'n> {
    pub policies: &'n [Policy],
    /// For its skills.
    pub rules: &'n RuleBook,
}

/// An action of a rule of this kind, its action `at`.
pub(super) fn action(
    work: &mut Work<'_>,
    entry: &RuleActionEntry,
    (kind, at): (RuleKind, usize),
    path: &Path,
    known: &NamedInFile<'_>,
) -> RuleAction {
    let below = path.key(key_of(entry));
    let before = work.problems.len();
    let action = match entry {
        RuleActionEntry::SetPriority(priority) => RuleAction::SetPriority((*priority).into()),
        RuleActionEntry::SetType(name) => RuleAction::SetType((*name).into()),
        RuleActionEntry::SetStatus(status) => RuleAction::SetStatus((*status).into()),
        RuleActionEntry::SetGroup(name) => RuleAction::SetGroup(group(work, name, &below)),
        RuleActionEntry::SetAssignee(address) => {
            let is_somebody = address != NOBODY;
            RuleAction::SetAssignee(is_somebody.then(|| agent(work, address, &below)))
        }
        RuleActionEntry::AssignToMe => RuleAction::AssignToActor,
        RuleActionEntry::AddTags(tags) => RuleAction::AddTags(tags.clone()),
        RuleActionEntry::RemoveTags(tags) => RuleAction::RemoveTags(tags.clone()),
        RuleActionEntry::SetField(field) => RuleAction::SetField {
            name: field.name.clone(),
            value: field.value.clone(),
        },
        RuleActionEntry::SetCustomStatus(id) => RuleAction::SetCustomStatus(*id),
        RuleActionEntry::SetForm(id) => RuleAction::SetForm(*id),
        RuleActionEntry::SetSlaPolicy(name) => {
            let is_named = name != BY_CONDITION;
            RuleAction::SetSlaPolicy(is_named.then(|| policy(work, name, &below, known.policies)))
        }
        RuleActionEntry::RequireSkills(skills) => {
            RuleAction::RequireSkills(required(work, skills, &below, known.rules))
        }
        RuleActionEntry::Escalate(entry) => RuleAction::Escalate {
            to: group(work, &entry.to, &below.key("to")),
            reason: entry.reason.clone(),
        },
        RuleActionEntry::AddCcs(addresses) => {
            let addresses = addresses.iter().enumerate();
            let people = addresses.map(|(at, address)| person(work, address, &below.entry(at)));
            RuleAction::AddCcs(people.collect())
        }
        RuleActionEntry::AddNote(entry) => RuleAction::AddNote(text(work, entry, &below)),
        RuleActionEntry::Reply(entry) => RuleAction::Reply(text(work, entry, &below)),
        RuleActionEntry::Notify(entry) => RuleAction::Notify {
            to: recipient(work, &entry.to, &below.key("to")),
            text: text(work, &entry.text, &below),
        },
        RuleActionEntry::CallWebhook(url) => RuleAction::CallWebhook(url.clone()),
    };
    // What was told of a part of it is not told again of the whole.
    if work.problems.len() == before
        && let Err(error) = action.check(kind, at)
    {
        let said = error.to_string();
        let said = said
            .strip_prefix(&format!("action {}: ", at + 1))
            .unwrap_or(&said);
        let shown = if matches!(entry, RuleActionEntry::AssignToMe) {
            path
        } else {
            &below
        };
        work.problem(shown, said.replace(action.name(), key_of(entry)));
    }
    action
}

fn recipient(work: &mut Work<'_>, entry: &RecipientEntry, path: &Path) -> Recipient {
    match entry {
        RecipientEntry::Assignee => Recipient::Assignee,
        RecipientEntry::Group(name) => Recipient::Group(group(work, name, &path.key("group"))),
        RecipientEntry::Agent(address) => Recipient::Agent(agent(work, address, &path.key("agent"))),
    }
}

fn policy(work: &mut Work<'_>, name: &str, path: &Path, policies: &[Policy]) -> PolicyId {
    if let Some(policy) = policies.iter().find(|policy| policy.title == name) {
        return policy.id;
    }
    // A policy of the file that has a mistake of its own is there all the same.
    let mut written = work.written.file.sla_policies.iter().flatten();
    if !written.any(|entry| entry.name == name) {
        let known = policies.iter().map(|policy| policy.title.as_str());
        let hint = hint(name, known.chain([BY_CONDITION]));
        work.problem(path, format!("no SLA policy is called {name:?}{hint}"));
    }
    PolicyId(0)
}

/// The key under which an action is written.
fn key_of(entry: &RuleActionEntry) -> &'static str {
    match entry {
        RuleActionEntry::SetPriority(_) => "set_priority",
        RuleActionEntry::SetType(_) => "set_type",
        RuleActionEntry::SetStatus(_) => "set_status",
        RuleActionEntry::SetGroup(_) => "set_group",
        RuleActionEntry::SetAssignee(_) => "set_assignee",
        RuleActionEntry::AssignToMe => "assign_to_me",
        RuleActionEntry::AddTags(_) => "add_tags",
        RuleActionEntry::RemoveTags(_) => "remove_tags",
        RuleActionEntry::SetField(_) => "set_field",
        RuleActionEntry::SetCustomStatus(_) => "set_custom_status",
        RuleActionEntry::SetForm(_) => "set_form",
        RuleActionEntry::SetSlaPolicy(_) => "set_sla_policy",
        RuleActionEntry::RequireSkills(_) => "require_skills",
        RuleActionEntry::Escalate(_) => "escalate",
        RuleActionEntry::AddCcs(_) => "add_ccs",
        RuleActionEntry::AddNote(_) => "add_note",
        RuleActionEntry::Reply(_) => "reply",
        RuleActionEntry::Notify(_) => "notify",
        RuleActionEntry::CallWebhook(_) => "call_webhook",
    }
}

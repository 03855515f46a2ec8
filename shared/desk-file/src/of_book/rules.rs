//! Rules and templates as they are written.

use super::{NoName, agent_address, group_name, recipient_entry};
use crate::{
    names::DeskNames,
    sections::{
        AutomationEntry, BY_CONDITION, EscalateEntry, FieldEntry, MacroEntry, NOBODY, NotifyEntry,
        RuleActionEntry, RuleEntry, TemplateEntry, TextEntry, WordsEntry,
    },
    values::Duration,
};
use docket_domain::{
    PersonId, PolicyId,
    rule::{Rule, RuleAction, RuleKind, TemplateText, Text},
    sla::Book,
};
use std::collections::BTreeMap;

/// The rules of a kind that answers to what happens, in their order.
pub(super) fn rules(book: &Book, kind: RuleKind, names: &DeskNames) -> Result<Vec<RuleEntry>, NoName> {
    let rules = book.rules.of_kind(kind).into_iter();
    rules
        .map(|rule| {
            Ok(RuleEntry {
                name: rule.name.clone(),
                description: description(rule),
                when: rule.condition.clone(),
                actions: actions(rule, book, names)?,
                last: rule.is_last,
                budget: rule.budget,
                active: rule.is_active,
            })
        })
        .collect()
}

/// The automations in their order.
pub(super) fn automations(book: &Book, names: &DeskNames) -> Result<Vec<AutomationEntry>, NoName> {
    let rules = book.rules.of_kind(RuleKind::Automation).into_iter();
    rules
        .filter_map(|rule| Some((rule, rule.timing?)))
        .map(|(rule, timing)| {
            Ok(AutomationEntry {
                name: rule.name.clone(),
                description: description(rule),
                when: rule.condition.clone(),
                after: Duration {
                    seconds: timing.after_seconds,
                },
                since: timing.since.into(),
                actions: actions(rule, book, names)?,
                budget: rule.budget,
                active: rule.is_active,
            })
        })
        .collect()
}

/// The macros in their order.
pub(super) fn macros(book: &Book, names: &DeskNames) -> Result<Vec<MacroEntry>, NoName> {
    let rules = book.rules.of_kind(RuleKind::Macro).into_iter();
    rules
        .map(|rule| {
            Ok(MacroEntry {
                name: rule.name.clone(),
                description: description(rule),
                actions: actions(rule, book, names)?,
                active: rule.is_active,
            })
        })
        .collect()
}

/// The templates, by name.
pub(super) fn templates(book: &Book) -> BTreeMap<String, TemplateEntry> {
    let templates = book.rules.templates.iter().map(|template| {
        let texts = template.texts.iter();
        let entry = TemplateEntry {
            default_language: Some(template.default_language.clone()),
            texts: texts
                .map(|(language, text)| (language.clone(), words(text)))
                .collect(),
        };
        (template.name.clone(), entry)
    });
    templates.collect()
}

fn description(rule: &Rule) -> Option<String> {
    Some(rule.description.clone()).filter(|text| !text.is_empty())
}

fn words(text: &TemplateText) -> WordsEntry {
    WordsEntry {
        subject: text.subject.clone(),
        text: text.body.clone(),
    }
}

/// Skills by what they are of, which may have none yet.
pub(super) fn skills(book: &Book) -> BTreeMap<String, Vec<String>> {
    let attributes = book.rules.attributes.iter();
    let mut skills: BTreeMap<String, Vec<String>> = attributes
        .map(|attribute| (attribute.name.clone(), Vec::new()))
        .collect();
    for skill in &book.rules.skills {
        skills
            .entry(skill.attribute.clone())
            .or_default()
            .push(skill.name.clone());
    }
    skills
}

fn text(text: &Text) -> TextEntry {
    match text {
        Text::Template(name) => TextEntry::Template(name.clone()),
        Text::Own(own) => TextEntry::Words(words(own)),
    }
}

fn actions(rule: &Rule, book: &Book, names: &DeskNames) -> Result<Vec<RuleActionEntry>, NoName> {
    let of = || format!("{} {:?}", rule.kind, rule.name);
    let actions = rule.actions.iter();
    actions
        .map(|action| action_entry(action, book, names, of))
        .collect()
}

fn action_entry(
    action: &RuleAction,
    book: &Book,
    names: &DeskNames,
    of: impl Fn() -> String + Copy,
) -> Result<RuleActionEntry, NoName> {
    Ok(match action {
        RuleAction::SetPriority(priority) => RuleActionEntry::SetPriority((*priority).into()),
        RuleAction::SetType(ticket_type) => RuleActionEntry::SetType((*ticket_type).into()),
        RuleAction::SetStatus(status) => RuleActionEntry::SetStatus((*status).into()),
        RuleAction::SetGroup(group) => RuleActionEntry::SetGroup(group_name(*group, names, of)?),
        RuleAction::SetAssignee(None) => RuleActionEntry::SetAssignee(NOBODY.to_owned()),
        RuleAction::SetAssignee(Some(agent)) => {
            RuleActionEntry::SetAssignee(agent_address(*agent, names, of)?)
        }
        RuleAction::AssignToActor => RuleActionEntry::AssignToMe,
        RuleAction::AddTags(tags) => RuleActionEntry::AddTags(tags.clone()),
        RuleAction::RemoveTags(tags) => RuleActionEntry::RemoveTags(tags.clone()),
        RuleAction::SetField { name, value } => RuleActionEntry::SetField(FieldEntry {
            name: name.clone(),
            value: value.clone(),
        }),
        RuleAction::SetCustomStatus(id) => RuleActionEntry::SetCustomStatus(*id),
        RuleAction::SetForm(id) => RuleActionEntry::SetForm(*id),
        RuleAction::SetSlaPolicy(None) => RuleActionEntry::SetSlaPolicy(BY_CONDITION.to_owned()),
        RuleAction::SetSlaPolicy(Some(policy)) => {
            RuleActionEntry::SetSlaPolicy(policy_name(*policy, book, of)?)
        }
        RuleAction::RequireSkills(skills) => {
            let skills = skills.iter().map(|need| match book.rules.skill(need.skill) {
                Some(skill) => Ok((skill.name.clone(), need.level)),
                None => Err(NoName::Skill {
                    of: of(),
                    skill: need.skill,
                }),
            });
            RuleActionEntry::RequireSkills(skills.collect::<Result<_, _>>()?)
        }
        RuleAction::Escalate { to, reason } => RuleActionEntry::Escalate(EscalateEntry {
            to: group_name(*to, names, of)?,
            reason: reason.clone(),
        }),
        RuleAction::AddCcs(people) => {
            let people = people.iter().map(|person| person_address(*person, names, of));
            RuleActionEntry::AddCcs(people.collect::<Result<_, _>>()?)
        }
        RuleAction::AddNote(note) => RuleActionEntry::AddNote(text(note)),
        RuleAction::Reply(reply) => RuleActionEntry::Reply(text(reply)),
        RuleAction::Notify { to, text: told } => RuleActionEntry::Notify(NotifyEntry {
            to: recipient_entry(*to, names, of)?,
            text: text(told),
        }),
        RuleAction::CallWebhook(url) => RuleActionEntry::CallWebhook(url.clone()),
    })
}

fn policy_name(id: PolicyId, book: &Book, of: impl Fn() -> String) -> Result<String, NoName> {
    match book.policy(id) {
        Some(policy) if policy.title == BY_CONDITION => Err(NoName::ReservedPolicy(of())),
        Some(policy) => Ok(policy.title.clone()),
        None => Err(NoName::Policy { of: of(), policy: id }),
    }
}

fn person_address(id: PersonId, names: &DeskNames, of: impl Fn() -> String) -> Result<String, NoName> {
    let address = names.person(id).map(str::to_owned);
    address.ok_or_else(|| NoName::Person { of: of(), person: id })
}

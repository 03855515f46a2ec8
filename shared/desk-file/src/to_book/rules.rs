//! Sections `routing`, `triggers`, `automations` and `macros`.

use super::{
    Work, actions,
    lookup::{condition_problem, vocabulary},
    skills::{attributes, skills},
    texts,
};
use crate::{
    problem::Path,
    sections::{AutomationEntry, DeskFile, MacroEntry, RuleActionEntry, RuleEntry},
};
use docket_conditions::Vocabulary;
use docket_domain::{
    RuleId,
    calendar::Calendar,
    rule::{DEFAULT_BUDGET, Rule, RuleAction, RuleBook, RuleError, RuleKind, Timing},
    sla::{Book, Policy},
};
use docket_rules::{RuleWrong, check_rules, read_rule_condition};
use std::collections::BTreeMap;

/// What a file may name: what the book has after it.
struct Known<'k> {
    vocabulary: Vocabulary,
    named: actions::NamedInFile<'k>,
}

/// An entry of any of the sections.
struct Entry<'e> {
    name: &'e str,
    description: Option<&'e String>,
    /// Nothing in a macro.
    condition: Option<&'e str>,
    actions: &'e [RuleActionEntry],
    /// Nothing in an automation and a macro.
    is_last: Option<bool>,
    /// Nothing in a macro.
    budget: Option<u32>,
    is_active: bool,
    timing: Option<Timing>,
}

/// The rules and templates that a file makes of those in force. A rule that has kept its name keeps its id; positions change
/// only where the order does.
pub(super) fn rules(work: &mut Work<'_>, calendars: &[Calendar], policies: &[Policy]) -> RuleBook {
    let base = work.base;
    let mut book = base.rules.clone();
    let file = &work.written.file;
    if let Some(entries) = &file.skills {
        book.skills = skills(work, entries);
        book.last_skill_id = base.rules.next_skill_id().0 - 1;
        book.attributes = attributes(work, entries);
        book.last_attribute_id = base.rules.next_attribute_id() - 1;
    }
    if let Some(weights) = &file.channel_weights {
        book.weights.clone_from(weights);
    }
    if let Some(entries) = &file.templates {
        book.templates = texts::templates(work, entries);
    }
    let of_skills = RuleBook {
        skills: book.skills.clone(),
        ..RuleBook::default()
    };
    let known = Known {
        vocabulary: vocabulary(work, calendars),
        named: actions::NamedInFile {
            policies,
            rules: &of_skills,
        },
    };
    book.last_rule_id = book.next_rule_id().0 - 1;
    for kind in RuleKind::ALL {
        if let Some(entries) = entries_of(file, kind) {
            book.rules.retain(|rule| rule.kind != kind);
            let rules = section(work, kind, &entries, &known, book.last_rule_id);
            book.rules.extend(rules);
            book.last_rule_id = book.next_rule_id().0 - 1;
        }
    }
    book.settle();
    book
}

/// Asks of all rules together what is asked before any can come into force. Of a rule that the file leaves out, only that the
/// calendars and mailboxes of its condition are still there is asked anew: what else it names the file can't have changed.
pub(super) fn check_standing(work: &mut Work<'_>, book: &Book) {
    let file = &work.written.file;
    let is_written = |rule: &Rule| entries_of(file, rule.kind).is_some();
    let (written, left_out): (Vec<Rule>, Vec<Rule>) = book.rules.rules.iter().cloned().partition(is_written);
    let of = |rules: Vec<Rule>| RuleBook {
        rules,
        ..book.rules.clone()
    };
    let all = vocabulary(work, &book.calendars);
    let calendars = Vocabulary {
        calendars: all.calendars.clone(),
        ..Vocabulary::default()
    };
    let mailboxes = Vocabulary {
        mailboxes: all.mailboxes.clone(),
        ..Vocabulary::default()
    };
    let left_out = of(left_out);
    let root = Path::default();
    let looks = [
        (work.written.has_rules(), of(written), all, root.clone(), ""),
        (
            file.calendars.is_some(),
            left_out.clone(),
            calendars,
            root.key("calendars"),
            "of the desk: ",
        ),
        (
            file.mailboxes.is_some(),
            left_out,
            mailboxes,
            root.key("mailboxes"),
            "of the desk: ",
        ),
    ];
    for (is_asked, rules, vocabulary, path, of) in looks {
        if is_asked && let Err(error) = check_rules(&rules, &vocabulary) {
            work.problem(&path, format!("{of}{error}"));
        }
    }
}

/// The section of a kind.
pub(super) fn section_of(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Routing => "routing",
        RuleKind::Trigger => "triggers",
        RuleKind::Automation => "automations",
        RuleKind::Macro => "macros",
    }
}

fn entries_of(file: &DeskFile, kind: RuleKind) -> Option<Vec<Entry<'_>>> {
    match kind {
        RuleKind::Routing => Some(file.routing.as_ref()?.iter().map(Entry::from).collect()),
        RuleKind::Trigger => Some(file.triggers.as_ref()?.iter().map(Entry::from).collect()),
        RuleKind::Automation => Some(file.automations.as_ref()?.iter().map(Entry::from).collect()),
        RuleKind::Macro => Some(file.macros.as_ref()?.iter().map(Entry::from).collect()),
    }
}

fn section(
    work: &mut Work<'_>,
    kind: RuleKind,
    entries: &[Entry<'_>],
    known: &Known<'_>,
    last_id: u64,
) -> Vec<Rule> {
    let section = Path::default().key(section_of(kind));
    let base: &Book = work.base;
    let mut next = last_id + 1;
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut last_position = None;
    let mut found = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let path = section.entry(index);
        if let Some(first) = names.insert(entry.name, index) {
            let message = format!("{section}[{first}] is called {:?}, too", entry.name);
            work.problem(&path.key("name"), message);
        }
        let of_kind = |rule: &&Rule| rule.kind == kind && rule.name == entry.name;
        let existing = base.rules.rules.iter().find(of_kind);
        let id = existing.map_or(RuleId(next), |known| known.id);
        next += u64::from(existing.is_none());
        let least = last_position.map_or(0, |last: u32| last.saturating_add(1));
        let position = existing.map_or(least.max(1), |known| known.position.max(least));
        last_position = Some(position);
        let rule = rule(work, entry, (id, kind, position), existing, known, &path);
        // One that does the same is the one that stands.
        let standing = existing.filter(|known| settled(known) == settled(&rule)).cloned();
        found.push(standing.unwrap_or(rule));
    }
    found
}

fn rule(
    work: &mut Work<'_>,
    entry: &Entry<'_>,
    (id, kind, position): (RuleId, RuleKind, u32),
    existing: Option<&Rule>,
    known: &Known<'_>,
    path: &Path,
) -> Rule {
    if let Some(condition) = entry.condition {
        check_condition(work, kind, condition, &path.key("when"), &known.vocabulary);
    }
    let before = work.problems.len();
    let actions = entry.actions.iter().enumerate();
    let actions: Vec<RuleAction> = actions
        .map(|(at, action)| {
            let path = path.key("actions").entry(at);
            actions::action(work, action, (kind, at), &path, &known.named)
        })
        .collect();
    // What a rule of its kind has no use for stays as it is.
    let condition = existing.map_or("true", |known| known.condition.as_str());
    let budget = existing.map_or(DEFAULT_BUDGET, |known| known.budget);
    let is_last = existing.is_some_and(|known| known.is_last);
    let rule = Rule {
        id,
        kind,
        name: entry.name.to_owned(),
        description: entry.description.cloned().unwrap_or_default(),
        position,
        condition: entry.condition.unwrap_or(condition).to_owned(),
        actions,
        is_last: entry.is_last.unwrap_or(is_last),
        budget: entry.budget.unwrap_or(budget),
        is_active: entry.is_active,
        timing: entry.timing,
    };
    if work.problems.len() == before
        && let Err(error) = rule.check()
    {
        let (path, message) = placed(&error, path);
        work.problem(&path, message);
    }
    rule
}

fn check_condition(work: &mut Work<'_>, kind: RuleKind, source: &str, path: &Path, vocabulary: &Vocabulary) {
    match read_rule_condition(kind, source, vocabulary) {
        Ok(_) => {}
        Err(RuleWrong::Condition(error)) => condition_problem(work, path, &error),
        Err(wrong) => work.problem(path, wrong.to_string()),
    }
}

/// A rule as it is compared: tags and people in copy are sets, and white space around a condition means nothing.
fn settled(rule: &Rule) -> Rule {
    let mut rule = rule.clone();
    rule.condition = rule.condition.trim().to_owned();
    for action in &mut rule.actions {
        match action {
            RuleAction::AddTags(tags) | RuleAction::RemoveTags(tags) => {
                tags.sort();
                tags.dedup();
            }
            RuleAction::AddCcs(people) => {
                people.sort();
                people.dedup();
            }
            _ => {}
        }
    }
    rule
}

/// Where in a rule an error is, and what it says; those of single actions were told before.
fn placed(error: &RuleError, path: &Path) -> (Path, String) {
    let key = match error {
        RuleError::Name(_) => "name",
        RuleError::Description(_) => "description",
        RuleError::Budget(_) => "budget",
        RuleError::Wait(_) => {
            return (
                path.key("after"),
                "a minute (1m) to a year (365d) is allowed".to_owned(),
            );
        }
        _ => "actions",
    };
    (path.key(key), error.to_string())
}

impl<'e> From<&'e RuleEntry> for Entry<'e> {
    fn from(entry: &'e RuleEntry) -> Self {
        Self {
            name: &entry.name,
            description: entry.description.as_ref(),
            condition: Some(&entry.when),
            actions: &entry.actions,
            is_last: Some(entry.last),
            budget: Some(entry.budget),
            is_active: entry.active,
            timing: None,
        }
    }
}

impl<'e> From<&'e AutomationEntry> for Entry<'e> {
    fn from(entry: &'e AutomationEntry) -> Self {
        Self {
            name: &entry.name,
            description: entry.description.as_ref(),
            condition: Some(&entry.when),
            actions: &entry.actions,
            is_last: None,
            budget: Some(entry.budget),
            is_active: entry.active,
            timing: Some(Timing {
                since: entry.since.into(),
                after_seconds: entry.after.seconds,
            }),
        }
    }
}

impl<'e> From<&'e MacroEntry> for Entry<'e> {
    fn from(entry: &'e MacroEntry) -> Self {
        Self {
            name: &entry.name,
            description: entry.description.as_ref(),
            condition: None,
            actions: &entry.actions,
            is_last: None,
            budget: None,
            is_active: entry.active,
            timing: None,
        }
    }
}

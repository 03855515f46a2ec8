//! From a file to the book that it makes of the one in force.

mod actions;
mod agents;
mod calendars;
mod groups;
mod lookup;
mod mailboxes;
mod policies;
mod rules;
mod skills;
mod texts;

pub use agents::{DeskAgent, DeskAgents};
pub use groups::DeskGroups;

use crate::{
    names::DeskNames,
    problem::{Path, Problem, Problems},
    written::Written,
};
use docket_domain::{
    rule::RuleBookError,
    sla::{Book, BookError},
};
use serde::Serialize;
use std::fmt;

/// Reads a file that another one imports, by its path from there; or says in words why it can't.
pub type Imports<'i> = dyn Fn(&str) -> Result<String, String> + 'i;

/// Something the author should know that is no mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The way to the value it is about.
    pub path: String,
    /// What.
    pub message: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// What a file makes of a book.
#[derive(Clone, Debug)]
pub struct BookFromFile {
    /// The book. Versions are those of the book in force: who stores it gives new ones.
    pub book: Book,
    /// What the author should know.
    pub notes: Vec<Note>,
}

/// What is gathered on the way.
struct Work<'w> {
    written: &'w Written,
    base: &'w Book,
    names: Option<&'w DeskNames>,
    imports: &'w Imports<'w>,
    problems: Vec<Problem>,
    notes: Vec<Note>,
}

impl Work<'_> {
    fn problem(&mut self, path: &Path, message: impl Into<String>) {
        let problem = self.written.tree.problem(path, message);
        self.problems.push(problem);
    }

    fn note(&mut self, path: &Path, message: impl Into<String>) {
        self.notes.push(Note {
            path: path.to_string(),
            message: message.into(),
        });
    }
}

impl Written {
    /// The book that the file makes of `base`. Without the desk's names, groups and agents may be called anything: the
    /// book is then fit for looking at only.
    ///
    /// # Errors
    ///
    /// All that is wrong with what the file says.
    pub fn book(
        &self,
        base: &Book,
        names: Option<&DeskNames>,
        imports: &Imports<'_>,
    ) -> Result<BookFromFile, Problems> {
        let mut work = Work {
            written: self,
            base,
            names,
            imports,
            problems: Vec::new(),
            notes: Vec::new(),
        };
        let mut book = base.clone();
        if let Some(entries) = &self.file.calendars {
            book.calendars = calendars::calendars(&mut work, entries, base);
        }
        book.last_calendar_id = base.next_calendar_id().0 - 1;
        book.last_calendar_id = book.next_calendar_id().0 - 1;
        if let Some(entries) = &self.file.sla_policies {
            book.policies = policies::policies(&mut work, entries, base, &book.calendars);
        }
        book.last_policy_id = base.next_policy_id().0 - 1;
        book.last_policy_id = book.next_policy_id().0 - 1;
        if let Some(entry) = &self.file.timers {
            book.timers = entry.rules();
        }
        if self.has_rules() {
            book.rules = rules::rules(&mut work, &book.calendars, &book.policies);
        }
        // What is wrong with a part would be told again as something wrong with the whole.
        if work.problems.is_empty()
            && let Err(error) = book.check()
        {
            let path = self.place_of(&error);
            work.problem(&path, in_words(&error));
        }
        if work.problems.is_empty() {
            rules::check_standing(&mut work, &book);
        }
        Problems::of(work.problems)?;
        Ok(BookFromFile {
            book,
            notes: work.notes,
        })
    }
}

impl Written {
    /// The part of the file that an error of the whole is about.
    fn place_of(&self, error: &BookError) -> Path {
        let root = Path::default();
        match error {
            BookError::TooManyPolicies(_)
            | BookError::RepeatedPolicy(_)
            | BookError::RepeatedTitle(_)
            | BookError::MissingPolicy { .. } => root.key("sla_policies"),
            BookError::TooManyCalendars(_)
            | BookError::RepeatedCalendar(_)
            | BookError::RepeatedName(_)
            | BookError::MissingCalendar { .. } => root.key("calendars"),
            BookError::Wait { name, .. } => root
                .key("timers")
                .key(name.strip_suffix("_seconds").unwrap_or(name)),
            BookError::Reminders(_) => root.key("timers").key("most_reminders"),
            BookError::Rules(error) => match error {
                RuleBookError::TooMany { kind, .. }
                | RuleBookError::RepeatedName { kind, .. }
                | RuleBookError::Rule { kind, .. } => root.key(rules::section_of(*kind)),
                // Only where the file has templates and not the rules that write them.
                RuleBookError::TooManyTemplates(_)
                | RuleBookError::RepeatedTemplate(_)
                | RuleBookError::Template { .. }
                | RuleBookError::MissingTemplate { .. } => root.key("templates"),
                RuleBookError::RepeatedSkill { .. }
                | RuleBookError::RepeatedAttribute { .. }
                | RuleBookError::Skills
                | RuleBookError::MissingSkill { .. } => root.key("skills"),
                RuleBookError::Weight { channel, .. } => root.key("channel_weights").key(channel),
                RuleBookError::RepeatedId(_) | RuleBookError::Fields(_) => root,
            },
        }
    }
}

fn in_words(error: &BookError) -> String {
    match error {
        // Only where the file has calendars and no policies.
        BookError::MissingCalendar { title, .. } => {
            format!("the policy {title:?} of the desk counts by a calendar that is not among these")
        }
        // Only where the file has policies and not these rules, or templates and not these rules.
        BookError::MissingPolicy { kind, name, .. } => {
            format!("the {kind} {name:?} of the desk sets an SLA policy that is not among these")
        }
        BookError::Rules(RuleBookError::MissingTemplate { kind, name, template }) => {
            format!(
                "the {kind} {name:?} of the desk writes the template {template:?}, which is not among these"
            )
        }
        // Only where the file has skills and not the rules that require them.
        BookError::Rules(RuleBookError::MissingSkill { kind, name, .. }) => {
            format!("the {kind} {name:?} of the desk requires a skill that is not among these")
        }
        BookError::Wait { .. } => "a minute (1m) to a year (365d) is allowed".to_owned(),
        other => other.to_string(),
    }
}

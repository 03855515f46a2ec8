//! Section `agents`.

use super::{Work, skills::levels};
use crate::{
    names::DeskNames,
    problem::{Path, Problems, hint},
    sections::AgentEntry,
    written::Written,
};
use docket_domain::{
    CalendarId, PersonId, SkillId,
    assignment::{HIGHEST_LEVEL, LoadSettings, MOST_AGENT_SKILLS},
    people::{
        person::{LONGEST_PERSON_TEXT, is_email},
        staff::{MOST_STAFF, Role},
    },
    sla::Book,
};
use std::collections::{BTreeMap, BTreeSet};

/// The numbers from here on stand for people who are not there yet.
const FIRST_NEW: u64 = u64::MAX - MOST_STAFF as u64;

/// Somebody who works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskAgent {
    /// Who. Of somebody who is not there yet, a number that stands for them until they are.
    pub id: PersonId,
    /// Their address, in lower case.
    pub email: String,
    /// Their name; nothing where a file says none of somebody who does not work here yet.
    pub name: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Units of load that they take.
    pub capacity: u32,
    /// What they can do, and how well.
    pub skills: BTreeMap<SkillId, u8>,
    /// When they work.
    pub calendar: Option<CalendarId>,
    /// Their language.
    pub locale: Option<String>,
}

impl DeskAgent {
    /// Whether they are still to be made.
    pub fn is_new(&self) -> bool {
        self.id.0 >= FIRST_NEW
    }
}

/// Those who work at a desk and have an address, by it. A file says nothing of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskAgents(pub Vec<DeskAgent>);

impl DeskAgents {
    /// Somebody by their id.
    pub fn agent(&self, id: PersonId) -> Option<&DeskAgent> {
        self.0.iter().find(|agent| agent.id == id)
    }
}

impl Written {
    /// The addresses of those who work here, where the file says who does; people who are not there yet get numbers that stand
    /// for them.
    pub fn agent_names(&self, names: &DeskNames) -> Option<BTreeMap<String, PersonId>> {
        let mut next = FIRST_NEW;
        let mut agents = BTreeMap::new();
        for entry in self.file.agents.as_ref()? {
            let address = address_of(entry);
            let known = names.people.get(&address).or_else(|| names.agents.get(&address));
            let id = known.copied().unwrap_or_else(|| {
                next += 1;
                PersonId(next)
            });
            agents.entry(address).or_insert(id);
        }
        Some(agents)
    }

    /// Those who work here after the file, whose names are among `names`. Skills and calendars are looked for in `book`: without
    /// one, they may be called anything.
    ///
    /// # Errors
    ///
    /// All that is wrong with what the file says of them.
    pub fn agents(
        &self,
        base: &DeskAgents,
        names: Option<&DeskNames>,
        book: Option<&Book>,
    ) -> Result<DeskAgents, Problems> {
        let Some(entries) = &self.file.agents else {
            return Ok(base.clone());
        };
        let nothing = Book::default();
        let mut work = Work {
            written: self,
            base: book.unwrap_or(&nothing),
            names,
            imports: &|_| Err("there is nothing to import".to_owned()),
            problems: Vec::new(),
            notes: Vec::new(),
        };
        let mut agents = agents(&mut work, entries, book);
        Problems::of(work.problems)?;
        for agent in &mut agents {
            if let (None, Some(known)) = (&agent.name, base.agent(agent.id)) {
                agent.name.clone_from(&known.name);
            }
        }
        agents.sort_by(|one, other| one.email.cmp(&other.email));
        Ok(DeskAgents(agents))
    }
}

fn agents(work: &mut Work<'_>, entries: &[AgentEntry], book: Option<&Book>) -> Vec<DeskAgent> {
    let section = Path::default().key("agents");
    if entries.len() > MOST_STAFF {
        let message = format!("{} agents, at most {MOST_STAFF} are possible", entries.len());
        work.problem(&section, message);
        return Vec::new();
    }
    if !entries.iter().any(|entry| Role::from(entry.role) == Role::Admin) {
        work.problem(&section, "a desk has an admin: say `role: admin` of one of them");
    }
    let mut seen = BTreeSet::new();
    let mut agents = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let path = section.entry(index);
        let email = address_of(entry);
        if !is_email(&email) {
            let message = format!("{:?} is not a mail address", entry.email);
            work.problem(&path.key("email"), message);
        } else if !seen.insert(email.clone()) {
            let message = format!("another agent has the address {email:?}, too");
            work.problem(&path.key("email"), message);
        }
        let id = work.names.and_then(|names| names.agents.get(&email));
        let settings = LoadSettings {
            capacity: Some(entry.capacity),
            ..LoadSettings::default()
        };
        if let Err(bad) = settings.check() {
            work.problem(&path.key("capacity"), bad.to_string());
        }
        agents.push(DeskAgent {
            id: id.copied().unwrap_or(PersonId(0)),
            name: short(work, entry.name.as_ref(), &path.key("name")),
            role: entry.role.into(),
            capacity: entry.capacity,
            skills: skills(work, &entry.skills, &path.key("skills"), book),
            calendar: entry
                .calendar
                .as_ref()
                .and_then(|name| calendar(work, name, &path.key("calendar"), book)),
            locale: short(work, entry.locale.as_ref(), &path.key("locale")),
            email,
        });
    }
    agents
}

fn address_of(entry: &AgentEntry) -> String {
    entry.email.trim().to_lowercase()
}

fn short(work: &mut Work<'_>, text: Option<&String>, path: &Path) -> Option<String> {
    let text = text?.trim();
    let length = text.chars().count();
    if !(1..=LONGEST_PERSON_TEXT).contains(&length) {
        let message = format!("it has 1 to {LONGEST_PERSON_TEXT} characters, not {length}");
        work.problem(path, message);
    }
    Some(text.to_owned())
}

fn skills(
    work: &mut Work<'_>,
    entries: &BTreeMap<String, u8>,
    path: &Path,
    book: Option<&Book>,
) -> BTreeMap<SkillId, u8> {
    if entries.len() > MOST_AGENT_SKILLS {
        work.problem(path, format!("an agent has at most {MOST_AGENT_SKILLS} skills"));
    }
    for (name, level) in entries {
        if !(1..=HIGHEST_LEVEL).contains(level) {
            let message = format!("a level goes from 1 to {HIGHEST_LEVEL}, not {level}");
            work.problem(&path.key(name), message);
        }
    }
    match book {
        Some(book) => levels(work, entries, path, &book.rules),
        None => BTreeMap::new(),
    }
}

fn calendar(work: &mut Work<'_>, name: &str, path: &Path, book: Option<&Book>) -> Option<CalendarId> {
    let calendars = &book?.calendars;
    let found = calendars.iter().find(|calendar| calendar.draft().name == name);
    if found.is_none() {
        let names = calendars.iter().map(|calendar| calendar.draft().name.as_str());
        let hint = hint(name, names);
        work.problem(path, format!("no calendar is called {name:?}{hint}"));
    }
    found.map(|calendar| calendar.id())
}

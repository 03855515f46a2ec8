//! What is done to several tickets at once.

use crate::{directions::isolated, models::snooze, names::Names, words};
use docket_domain::{
    PersonId, RuleId, Timestamp,
    job::JobKind,
    rule::RuleBook,
    ticket::{Command, Priority, Status, Ticket, Update},
};
use serde_json::{Value, json};
use std::fmt;

/// Most tags that are set at once.
const MOST_TAGS: usize = 10;

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// They get an agent, or none.
    Assign(Option<PersonId>),
    /// They get a status.
    Status(Status),
    /// They get a priority.
    Priority(Priority),
    /// They get tags.
    AddTags(Vec<String>),
    /// They lose tags.
    RemoveTags(Vec<String>),
    /// They sleep until a time, or wake up.
    Snooze(Option<Timestamp>),
    /// A macro is run on each.
    Macro(RuleId),
}

/// The part of a form that says it.
pub struct Asked<'a> {
    /// The button: `assign:7`, `status:solved`, `tags:add`, `snooze:tomorrow`, `macro:4`.
    pub act: &'a str,
    /// Tags with spaces between.
    pub tags: &'a str,
    /// A day.
    pub date: &'a str,
    /// The macro that is chosen.
    pub macro_id: &'a str,
}

/// What a sentence about an act names.
pub struct Told<'a> {
    /// Who reads it.
    pub me: PersonId,
    /// People.
    pub names: &'a Names,
    /// Macros.
    pub rules: &'a RuleBook,
}

impl Act {
    /// The button that shows what a macro will do.
    pub const CHOSEN_MACRO: &'static str = "macro:chosen";

    /// Reads it.
    ///
    /// # Errors
    /// In words for the person, what is wrong with it.
    pub fn of(asked: &Asked<'_>, me: PersonId, now: Timestamp) -> Result<Self, &'static str> {
        let none = t!("Nothing was changed: there is no such choice.");
        let (kind, value) = asked.act.split_once(':').ok_or(none)?;
        match (kind, value) {
            ("assign", "me") => Ok(Self::Assign(Some(me))),
            ("assign", "none") => Ok(Self::Assign(None)),
            ("assign", id) => id.parse().map(|id| Self::Assign(Some(id))).map_err(|_| none),
            ("status", status) => status.parse().map(Self::Status).map_err(|_| none),
            ("priority", priority) => priority.parse().map(Self::Priority).map_err(|_| none),
            ("tags", "add") => tags(asked.tags).map(Self::AddTags),
            ("tags", "remove") => tags(asked.tags).map(Self::RemoveTags),
            ("snooze", until) => {
                let wish = snooze::Asked {
                    until: until.to_owned(),
                    date: asked.date.to_owned(),
                    ..snooze::Asked::default()
                };
                wish.wish(now).map(Self::Snooze)
            }
            ("macro", "chosen") => {
                let chosen = asked.macro_id.parse().map(Self::Macro);
                chosen.map_err(|_| t!("Nothing was changed: choose a macro first."))
            }
            ("macro", id) => id.parse().map(Self::Macro).map_err(|_| none),
            _ => Err(none),
        }
    }

    /// Reads what [`Act`] writes.
    pub fn read(written: &str) -> Option<Self> {
        let (kind, value) = written.split_once(':')?;
        let words = || value.split(' ').map(str::to_owned).collect();
        match (kind, value) {
            ("assign", "none") => Some(Self::Assign(None)),
            ("assign", id) => Some(Self::Assign(Some(id.parse().ok()?))),
            ("status", status) => status.parse().ok().map(Self::Status),
            ("priority", priority) => priority.parse().ok().map(Self::Priority),
            ("tag", _) => Some(Self::AddTags(words())),
            ("untag", _) => Some(Self::RemoveTags(words())),
            ("snooze", "none") => Some(Self::Snooze(None)),
            ("snooze", at) => {
                let at = Timestamp::from_millisecond(at.parse().ok()?).ok()?;
                Some(Self::Snooze(Some(at)))
            }
            ("macro", id) => id.parse().ok().map(Self::Macro),
            _ => None,
        }
    }

    /// What is wanted of a ticket.
    pub fn command(&self) -> Command {
        match self {
            Self::Macro(rule) => Command::RunMacro { rule: *rule },
            _ => Command::Update(Box::new(self.update())),
        }
    }

    /// As a change of a ticket; of a macro, which only its rules know, none.
    fn update(&self) -> Update {
        let nothing = Update::default();
        match self {
            Self::Assign(to) => Update {
                assignee: Some(*to),
                ..nothing
            },
            Self::Status(to) => Update {
                status: Some(*to),
                ..nothing
            },
            Self::Priority(to) => Update {
                priority: Some(*to),
                ..nothing
            },
            Self::AddTags(tags) => Update {
                add_tags: tags.clone(),
                ..nothing
            },
            Self::RemoveTags(tags) => Update {
                remove_tags: tags.clone(),
                ..nothing
            },
            Self::Snooze(until) => Update {
                snooze: Some(*until),
                ..nothing
            },
            Self::Macro(_) => nothing,
        }
    }

    /// The kind of job that does it, and what it asks of each of its rows, in the shape of the API.
    pub fn job(&self) -> (JobKind, Value) {
        let record = match self {
            Self::Assign(to) => json!({ "assignee_id": to }),
            Self::Status(to) => json!({ "status": to.as_str() }),
            Self::Priority(to) => json!({ "priority": to.as_str() }),
            Self::AddTags(tags) => json!({ "additional_tags": tags }),
            Self::RemoveTags(tags) => json!({ "remove_tags": tags }),
            Self::Snooze(until) => json!({ "docket": { "snoozed_until": until } }),
            Self::Macro(rule) => return (JobKind::RunMacro, json!({ "macro_id": rule })),
        };
        (JobKind::UpdateTickets, record)
    }

    /// Whom the sentence about it names.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Assign(to) => *to,
            _ => None,
        }
    }

    /// So many tickets, and what was done to them.
    pub fn done(&self, count: usize, told: &Told<'_>) -> String {
        match self {
            Self::Assign(Some(to)) if *to == told.me => t!("{count} assigned to you", count),
            Self::Assign(Some(to)) => {
                t!("{count} assigned to {agent}", count, agent = told.names.told(*to))
            }
            Self::Assign(None) => t!("{count} assigned to nobody", count),
            Self::Status(Status::Solved) => t!("{count} solved", count),
            Self::Status(to) => t!("{count} set to {value}", count, value = words::status(*to)),
            Self::Priority(to) => t!(
                "{count} set to {value}",
                count,
                value = words::priority(Some(*to))
            ),
            Self::AddTags(_) => t!("{count} tagged", count),
            Self::RemoveTags(_) => t!("{count} untagged", count),
            Self::Snooze(Some(_)) => t!("{count} snoozed", count),
            Self::Snooze(None) => t!("{count} woken", count),
            Self::Macro(rule) => match told.rules.rule(*rule) {
                Some(rule) => t!("{count} changed by {name}", count, name = isolated(&rule.name)),
                None => t!("{count} changed by a macro", count),
            },
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Assign(None) => f.write_str("assign:none"),
            Self::Assign(Some(to)) => write!(f, "assign:{to}"),
            Self::Status(to) => write!(f, "status:{}", to.as_str()),
            Self::Priority(to) => write!(f, "priority:{}", to.as_str()),
            Self::AddTags(tags) => write!(f, "tag:{}", tags.join(" ")),
            Self::RemoveTags(tags) => write!(f, "untag:{}", tags.join(" ")),
            Self::Snooze(None) => f.write_str("snooze:none"),
            Self::Snooze(Some(until)) => write!(f, "snooze:{}", until.as_millisecond()),
            Self::Macro(rule) => write!(f, "macro:{rule}"),
        }
    }
}

fn tags(text: &str) -> Result<Vec<String>, &'static str> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split([' ', ',']).filter(|tag| !tag.is_empty()) {
        let tag = tag.to_lowercase();
        if tag.chars().count() > Ticket::LONGEST_TAG {
            return Err(t!("Nothing was changed: a tag has at most 40 characters."));
        }
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    match tags.len() {
        0 => Err(t!("Nothing was changed: write a tag first.")),
        1..=MOST_TAGS => Ok(tags),
        _ => Err(t!("Nothing was changed: at most 10 tags at once.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: PersonId = PersonId(7);
    const NOW: &str = "2026-03-02T08:00:00Z";

    fn act(act: &str, tags: &str, date: &str) -> Result<Act, &'static str> {
        let asked = Asked {
            act,
            tags,
            date,
            macro_id: "",
        };
        Act::of(&asked, ME, NOW.parse().unwrap())
    }

    #[test]
    fn a_macro_is_run_and_nothing_else() {
        let chosen = |macro_id: &str| {
            let asked = Asked {
                act: Act::CHOSEN_MACRO,
                tags: "",
                date: "",
                macro_id,
            };
            Act::of(&asked, ME, NOW.parse().unwrap())
        };
        let run = chosen("4").unwrap();
        assert_eq!(
            (run.to_string().as_str(), act("macro:4", "", "")),
            ("macro:4", Ok(run.clone()))
        );
        assert_eq!(Act::read("macro:4"), Some(run.clone()));
        assert_eq!(run.command(), Command::RunMacro { rule: RuleId(4) });
        assert_eq!(run.job(), (JobKind::RunMacro, json!({ "macro_id": 4 })));
        assert!(chosen("").is_err() && act("macro:x", "", "").is_err());
    }

    #[test]
    fn what_is_no_choice_is_refused_in_words() {
        for (asked, tags) in [
            ("", ""),
            ("status:gone", ""),
            ("tags:add", "  "),
            ("snooze:never", ""),
            ("assign:x", ""),
        ] {
            assert!(act(asked, tags, "").is_err(), "{asked}");
        }
        assert!(act("tags:add", &"a ".repeat(3), "").is_ok());
        assert!(act("tags:add", "a b c d e f g h i j k", "").is_err());
    }
}

//! What is done to several tickets at once, and how it is put back.

use crate::{models::snooze, names::Names, words};
use docket_domain::{
    PersonId, Timestamp,
    ticket::{Priority, Status, Ticket, Update},
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
}

/// The part of a form that says it.
pub struct Asked<'a> {
    /// The button: `assign:7`, `status:solved`, `tags:add`, `snooze:tomorrow`.
    pub act: &'a str,
    /// Tags with spaces between.
    pub tags: &'a str,
    /// A day.
    pub date: &'a str,
}

impl Act {
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
            _ => None,
        }
    }

    /// As a change of a ticket.
    pub fn update(&self) -> Update {
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
        }
    }

    /// The same as a job asks it of each of its rows, in the shape of the API.
    pub fn record(&self) -> Value {
        match self {
            Self::Assign(to) => json!({ "assignee_id": to }),
            Self::Status(to) => json!({ "status": to.as_str() }),
            Self::Priority(to) => json!({ "priority": to.as_str() }),
            Self::AddTags(tags) => json!({ "additional_tags": tags }),
            Self::RemoveTags(tags) => json!({ "remove_tags": tags }),
            Self::Snooze(until) => json!({ "docket": { "snoozed_until": until } }),
        }
    }

    /// What a ticket had instead, as short as it can be written; nothing where it was not changed, or nothing could be put back.
    pub fn was(&self, before: &Ticket, after: &Ticket) -> Option<String> {
        let id = |id: Option<PersonId>| id.map_or_else(|| "0".to_owned(), |id| id.to_string());
        match self {
            Self::Assign(to) => (before.assignee != *to).then(|| id(before.assignee)),
            Self::Status(to) => (before.status != *to).then(|| {
                let status = before.status.as_str();
                // Whoever solves a ticket that nobody has, has it.
                match after.assignee == before.assignee {
                    true => status.to_owned(),
                    false => format!("{status}~{}~{}", id(before.assignee), id(after.assignee)),
                }
            }),
            Self::Priority(to) => {
                let was = before.priority.filter(|was| was != to)?;
                Some(was.as_str().to_owned())
            }
            Self::AddTags(tags) => bits(tags, |tag| !before.tags.contains(tag)),
            Self::RemoveTags(tags) => bits(tags, |tag| before.tags.contains(tag)),
            Self::Snooze(until) => (before.snoozed_until != *until).then(|| {
                let was = before.snoozed_until.map(|at| at.as_millisecond());
                was.map_or_else(|| "0".to_owned(), |at| at.to_string())
            }),
        }
    }

    /// The change that puts back what a ticket had; nothing where somebody changed it since.
    pub fn undone(&self, was: &str, ticket: &Ticket) -> Option<Update> {
        let nothing = Update::default();
        match self {
            Self::Assign(to) => {
                let was = person(was)?;
                (ticket.assignee == *to).then_some(Update {
                    assignee: Some(was),
                    ..nothing
                })
            }
            Self::Status(to) => {
                let mut parts = was.split('~');
                let status = parts.next()?.parse().ok()?;
                let (had, got) = (parts.next(), parts.next());
                let assignee = match (had, got) {
                    (Some(had), Some(got)) if ticket.assignee == person(got)? => Some(person(had)?),
                    _ => None,
                };
                let back = Update {
                    status: Some(status),
                    assignee,
                    ..nothing
                };
                (ticket.status == *to).then_some(back)
            }
            Self::Priority(to) => {
                let was = was.parse().ok()?;
                (ticket.priority == Some(*to)).then_some(Update {
                    priority: Some(was),
                    ..nothing
                })
            }
            Self::AddTags(tags) => {
                let tags = chosen(tags, was)?;
                let are_there = tags.iter().all(|tag| ticket.tags.contains(tag));
                are_there.then_some(Update {
                    remove_tags: tags,
                    ..nothing
                })
            }
            Self::RemoveTags(tags) => {
                let tags = chosen(tags, was)?;
                let are_gone = !tags.iter().any(|tag| ticket.tags.contains(tag));
                are_gone.then_some(Update {
                    add_tags: tags,
                    ..nothing
                })
            }
            Self::Snooze(until) => {
                let was = match was.parse().ok()? {
                    0 => None,
                    at => Some(Timestamp::from_millisecond(at).ok()?),
                };
                (ticket.snoozed_until == *until).then_some(Update {
                    snooze: Some(was),
                    ..nothing
                })
            }
        }
    }

    /// Whom the sentence about it names.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Assign(to) => *to,
            _ => None,
        }
    }

    /// So many tickets, and what was done to them.
    pub fn done(&self, count: usize, me: PersonId, names: &Names) -> String {
        match self {
            Self::Assign(Some(to)) if *to == me => t!("{count} assigned to you", count),
            Self::Assign(Some(to)) => t!("{count} assigned to {agent}", count, agent = names.told(*to)),
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

/// Somebody, or nobody, as an outcome writes it.
fn person(written: &str) -> Option<Option<PersonId>> {
    match written.parse().ok()? {
        0 => Some(None),
        id => Some(Some(PersonId(id))),
    }
}

/// Which of these tags, as bits; nothing where it is none.
fn bits(tags: &[String], is: impl Fn(&String) -> bool) -> Option<String> {
    let bits = tags
        .iter()
        .enumerate()
        .filter(|(_, tag)| is(tag))
        .fold(0_u32, |bits, (place, _)| bits | (1 << place));
    (bits != 0).then(|| bits.to_string())
}

fn chosen(tags: &[String], bits: &str) -> Option<Vec<String>> {
    let bits: u32 = bits.parse().ok()?;
    let of = tags
        .iter()
        .enumerate()
        .filter(|(place, _)| (bits >> place) & 1 == 1);
    Some(of.map(|(_, tag)| tag.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::TicketNumber;

    const ME: PersonId = PersonId(7);
    const NOW: &str = "2026-03-02T08:00:00Z";

    fn act(act: &str, tags: &str, date: &str) -> Result<Act, &'static str> {
        Act::of(&Asked { act, tags, date }, ME, NOW.parse().unwrap())
    }

    fn ticket() -> Ticket {
        Ticket {
            status: Status::Open,
            assignee: Some(PersonId(3)),
            priority: Some(Priority::Low),
            tags: vec!["vip".to_owned()],
            ..Ticket::blank(TicketNumber(12))
        }
    }

    #[test]
    fn every_act_is_read_as_it_is_written_and_puts_back_what_was() {
        for (asked, tags, date) in [
            ("assign:me", "", ""),
            ("assign:none", "", ""),
            ("assign:9", "", ""),
            ("status:solved", "", ""),
            ("priority:urgent", "", ""),
            ("tags:add", "VIP refund", ""),
            ("tags:remove", "vip, gone", ""),
            ("snooze:tomorrow", "", ""),
            ("snooze:date", "", "2026-04-01"),
        ] {
            let act = act(asked, tags, date).unwrap();
            assert_eq!(Act::read(&act.to_string()), Some(act.clone()), "{asked}");
            let before = ticket();
            let mut after = before.clone();
            match &act {
                Act::Assign(to) => after.assignee = *to,
                Act::Status(to) => after.status = *to,
                Act::Priority(to) => after.priority = Some(*to),
                Act::AddTags(_) => after.tags.push("refund".to_owned()),
                Act::RemoveTags(_) => after.tags.clear(),
                Act::Snooze(until) => after.snoozed_until = *until,
            }
            let was = act
                .was(&before, &after)
                .unwrap_or_else(|| panic!("{asked} changes something"));
            let back = act
                .undone(&was, &after)
                .unwrap_or_else(|| panic!("{asked} is put back"));
            let expected = match &act {
                Act::Assign(_) => Update {
                    assignee: Some(before.assignee),
                    ..Update::default()
                },
                Act::Status(_) => Update {
                    status: Some(before.status),
                    ..Update::default()
                },
                Act::Priority(_) => Update {
                    priority: before.priority,
                    ..Update::default()
                },
                Act::AddTags(_) => Update {
                    remove_tags: vec!["refund".to_owned()],
                    ..Update::default()
                },
                Act::RemoveTags(_) => Update {
                    add_tags: vec!["vip".to_owned()],
                    ..Update::default()
                },
                Act::Snooze(_) => Update {
                    snooze: Some(None),
                    ..Update::default()
                },
            };
            assert_eq!(back, expected, "{asked}");
            assert_eq!(
                act.undone(&was, &before),
                None,
                "{asked}: somebody changed it since"
            );
        }
    }

    #[test]
    fn what_stood_already_is_not_put_back() {
        let was = |asked: &str, tags: &str| act(asked, tags, "").unwrap().was(&ticket(), &ticket());
        assert_eq!(was("assign:3", ""), None);
        assert_eq!(was("tags:add", "vip"), None);
    }

    #[test]
    fn whoever_got_a_ticket_by_solving_it_loses_it_again() {
        let before = Ticket {
            assignee: None,
            ..ticket()
        };
        let after = Ticket {
            status: Status::Solved,
            assignee: Some(ME),
            ..ticket()
        };
        let act = act("status:solved", "", "").unwrap();
        let was = act.was(&before, &after).unwrap();
        assert_eq!(was, "open~0~7");
        let back = act.undone(&was, &after).unwrap();
        assert_eq!((back.status, back.assignee), (Some(Status::Open), Some(None)));
        let taken = Ticket {
            assignee: Some(PersonId(9)),
            ..after
        };
        assert_eq!(act.undone(&was, &taken).unwrap().assignee, None);
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

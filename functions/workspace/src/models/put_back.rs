//! What a ticket had before something was done to several, and the change that puts it back.

use crate::models::bulk::Act;
use docket_domain::{
    PersonId, Timestamp,
    ticket::{Ticket, Update},
};

impl Act {
    /// What a ticket had instead, as short as it can be written; nothing where it was not changed, or nothing could be put back. What a
    /// macro did is told by the events of its save (`macro_undo`).
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
            Self::Macro(_) => None,
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
            Self::Macro(_) => None,
        }
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
    use crate::models::bulk::Asked;
    use docket_domain::{
        TicketNumber,
        ticket::{Priority, Status},
    };

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
                Act::Macro(_) => {}
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
                Act::Macro(_) => Update::default(),
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
}

//! What a ticket had before something was done to several, and the change that puts it back.

use crate::models::bulk::Act;
use docket_domain::{
    PersonId, Timestamp,
    ticket::{Status, Ticket, Update},
};

/// Less than this, in seconds, nobody sets a ticket to sleep any more: the shortest sleep, with time to save it.
const SHORTEST_SLEEP: i64 = 90;

/// Until when a ticket is to sleep on that was woken; nothing where that is over, or as good as over.
pub fn sleeps_on(until: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    until.filter(|until| until.as_second() - now.as_second() > SHORTEST_SLEEP)
}

impl Act {
    /// What a ticket had instead, as short as it can be written; nothing where it was not changed, or nothing could be put back. What a
    /// macro did is told by the events of its save (`macro_undo`).
    pub fn was(&self, before: &Ticket, after: &Ticket) -> Option<String> {
        let id = |id: Option<PersonId>| id.map_or_else(|| "0".to_owned(), |id| id.to_string());
        match self {
            Self::Assign(to) => (before.assignee != *to).then(|| id(before.assignee)),
            Self::Status(to) => (before.status != *to).then(|| {
                let mut was = before.status.as_str().to_owned();
                // Nothing makes a ticket new again: then it is open, as the desk has it.
                if before.status != Status::New {
                    was += &format!("~c{}", before.custom_status_id());
                }
                // What is solved wakes up.
                if let Some(until) = before.snoozed_until
                    && after.snoozed_until.is_none()
                {
                    was += &format!("~s{}", until.as_millisecond());
                }
                // Whoever solves a ticket that nobody has, has it.
                if after.assignee != before.assignee {
                    was += &format!("~{}~{}", id(before.assignee), id(after.assignee));
                }
                was
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
    pub fn undone(&self, was: &str, ticket: &Ticket, now: Timestamp) -> Option<Update> {
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
                let back = status_back(was, ticket, now)?;
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

/// The status that a ticket had, with what went with it.
fn status_back(was: &str, ticket: &Ticket, now: Timestamp) -> Option<Update> {
    let mut parts = was.split('~');
    let status = match parts.next()?.parse::<Status>().ok()? {
        Status::New => Status::Open,
        status => status,
    };
    let mut back = Update {
        status: Some(status),
        ..Update::default()
    };
    while let Some(part) = parts.next() {
        if let Some(id) = part.strip_prefix('c') {
            back.custom_status = Some(id.parse().ok()?);
        } else if let Some(until) = part.strip_prefix('s') {
            let until = Timestamp::from_millisecond(until.parse().ok()?).ok()?;
            back.snooze = sleeps_on(Some(until), now).map(Some);
        } else {
            let (had, got) = (person(part)?, person(parts.next()?)?);
            back.assignee = (ticket.assignee == got).then_some(had);
        }
    }
    Some(back)
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
    use docket_domain::{TicketNumber, field::CustomStatus, ticket::Priority};

    const ME: PersonId = PersonId(7);
    const NOW: &str = "2026-03-02T08:00:00Z";

    fn now() -> Timestamp {
        NOW.parse().unwrap()
    }

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
                .undone(&was, &after, now())
                .unwrap_or_else(|| panic!("{asked} is put back"));
            let expected = match &act {
                Act::Assign(_) => Update {
                    assignee: Some(before.assignee),
                    ..Update::default()
                },
                Act::Status(_) => Update {
                    status: Some(before.status),
                    custom_status: Some(CustomStatus::of_every_desk(before.status)),
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
                act.undone(&was, &before, now()),
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
        assert_eq!(was, "open~c2~0~7");
        let back = act.undone(&was, &after, now()).unwrap();
        assert_eq!((back.status, back.assignee), (Some(Status::Open), Some(None)));
        let taken = Ticket {
            assignee: Some(PersonId(9)),
            ..after
        };
        assert_eq!(act.undone(&was, &taken, now()).unwrap().assignee, None);
    }

    #[test]
    fn a_ticket_that_was_new_is_open_again() {
        let before = Ticket {
            status: Status::New,
            ..ticket()
        };
        let act = act("status:pending", "", "").unwrap();
        let after = Ticket {
            status: Status::Pending,
            ..ticket()
        };
        let was = act.was(&before, &after).unwrap();
        assert_eq!(was, "new");
        let back = act.undone(&was, &after, now()).unwrap();
        assert_eq!((back.status, back.custom_status), (Some(Status::Open), None));
    }

    #[test]
    fn what_was_solved_sleeps_on_and_has_its_own_status_again() {
        let until: Timestamp = "2026-03-03T08:00:00Z".parse().unwrap();
        let before = Ticket {
            custom_status: Some(70),
            snoozed_until: Some(until),
            ..ticket()
        };
        let after = Ticket {
            status: Status::Solved,
            ..ticket()
        };
        let act = act("status:solved", "", "").unwrap();
        let was = act.was(&before, &after).unwrap();
        let back = act.undone(&was, &after, now()).unwrap();
        let expected = Update {
            status: Some(Status::Open),
            custom_status: Some(70),
            snooze: Some(Some(until)),
            ..Update::default()
        };
        assert_eq!(back, expected);
        let late = act.undone(&was, &after, until).unwrap();
        assert_eq!(late.snooze, None, "it would be awake by now");
    }
}

//! What a macro changed of a ticket by its agent's hand, read off the events of its save, and the change that puts it back. What was written,
//! mailed or called stays, and so does what triggers did in answer to it.

use docket_domain::{
    GroupId, PersonId,
    assignment::RequiredSkill,
    ticket::{Actor, Fact, Priority, Status, Ticket, TicketEvent, TicketType, Update, fact},
};
use std::collections::BTreeMap;

/// The versions of one save: the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaveAt {
    /// The version of its first event.
    pub first_v: u64,
    /// That of its last.
    pub last_v: u64,
}

impl SaveAt {
    /// That of these events; nothing where there are none.
    pub fn of(events: &[TicketEvent]) -> Option<Self> {
        Some(Self {
            first_v: events.first()?.v,
            last_v: events.last()?.v,
        })
    }

    /// As short as it can be written.
    pub fn written(self) -> String {
        format!("{}~{}", self.first_v, self.last_v)
    }

    /// Reads it back.
    pub fn read(written: &str) -> Option<Self> {
        let (first, last) = written.split_once('~')?;
        Some(Self {
            first_v: first.parse().ok()?,
            last_v: last.parse().ok()?,
        })
    }

    /// Whether an event is of this save.
    pub fn has(self, event: &TicketEvent) -> bool {
        (self.first_v..=self.last_v).contains(&event.v)
    }
}

/// Why a macro did not do all that it says: the first thing that it left undone; nothing where it did all of it.
pub fn left_undone(events: &[TicketEvent]) -> Option<&str> {
    events.iter().find_map(|event| match &event.fact {
        Fact::RuleRan(fact::RuleRan { left_undone, .. }) if event.actor.is_agent() => {
            left_undone.first().map(String::as_str)
        }
        _ => None,
    })
}

/// What was changed: from what, to what.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    status: Option<(Status, Status)>,
    custom_status: Option<(Option<u64>, Option<u64>)>,
    priority: Option<(Option<Priority>, Option<Priority>)>,
    ticket_type: Option<(Option<TicketType>, Option<TicketType>)>,
    group: Option<(Option<GroupId>, Option<GroupId>)>,
    assignee: Option<(Option<PersonId>, Option<PersonId>)>,
    form: Option<(Option<u64>, Option<u64>)>,
    skills: Option<(Vec<RequiredSkill>, Vec<RequiredSkill>)>,
    tags: CameAndWent<String>,
    copies: CameAndWent<PersonId>,
    /// What fields have with it; what they had is not told by the event.
    fields: BTreeMap<String, Option<String>>,
}

/// What came to a list, and what went of it.
#[derive(Debug, PartialEq, Eq)]
struct CameAndWent<T> {
    came: Vec<T>,
    went: Vec<T>,
}

impl<T> Default for CameAndWent<T> {
    fn default() -> Self {
        Self {
            came: vec![],
            went: vec![],
        }
    }
}

impl<T: PartialEq + Clone> CameAndWent<T> {
    fn take(&mut self, came: &[T], went: &[T]) {
        self.came.extend_from_slice(came);
        self.went.extend_from_slice(went);
    }

    /// Whether a list is as it was left.
    fn stands_in(&self, list: &[T]) -> bool {
        self.came.iter().all(|one| list.contains(one)) && !self.went.iter().any(|one| list.contains(one))
    }
}

/// Of several changes the first says what was, the last what is.
fn widen<T>(slot: &mut Option<(T, T)>, from: T, to: T) {
    *slot = Some(match slot.take() {
        Some((first, _)) => (first, to),
        None => (from, to),
    });
}

/// Whether something is still what it was changed to.
fn stands<T: PartialEq>(slot: Option<&(T, T)>, now: &T) -> bool {
    slot.is_none_or(|(_, to)| to == now)
}

impl Changes {
    /// What an agent did in a save.
    pub fn of(events: &[TicketEvent], agent: PersonId) -> Self {
        let mut changes = Self::default();
        let by = Actor::Agent(agent);
        for event in events.iter().filter(|event| event.actor == by) {
            changes.take(&event.fact);
        }
        changes
    }

    fn take(&mut self, fact: &Fact) {
        match fact {
            Fact::StatusChanged { from, to, .. } => widen(&mut self.status, *from, *to),
            Fact::CustomStatusChanged { from, to } => widen(&mut self.custom_status, *from, *to),
            Fact::PriorityChanged { from, to } => widen(&mut self.priority, *from, Some(*to)),
            Fact::TypeChanged { from, to } => widen(&mut self.ticket_type, *from, *to),
            Fact::GroupChanged { from, to, .. } => widen(&mut self.group, *from, Some(*to)),
            Fact::AssigneeChanged { from, to, .. } => widen(&mut self.assignee, *from, *to),
            Fact::Escalated {
                from, to, assignee, ..
            } => {
                widen(&mut self.group, *from, Some(*to));
                if assignee.is_some() {
                    widen(&mut self.assignee, *assignee, None);
                }
            }
            Fact::FormChanged { from, to } => widen(&mut self.form, *from, *to),
            Fact::SkillsRequired { from, to, .. } => widen(&mut self.skills, from.clone(), to.clone()),
            Fact::TagsChanged { added, removed } => self.tags.take(added, removed),
            Fact::CcsChanged { added, removed } => self.copies.take(added, removed),
            Fact::FieldsChanged { changed } => self.fields.extend(changed.clone()),
            _ => {}
        }
    }

    /// Whether what fields had before has to be known.
    pub fn has_fields(&self) -> bool {
        !self.fields.is_empty()
    }

    /// The change that puts it back, by what fields had before; nothing where somebody changed any of it since.
    pub fn undone(&self, fields_before: &BTreeMap<String, String>, now: &Ticket) -> Option<Update> {
        let of_fields = |(name, value): (&String, &Option<String>)| now.fields.get(name) == value.as_ref();
        let is_as_left = stands(self.status.as_ref(), &now.status)
            && stands(self.custom_status.as_ref(), &now.custom_status)
            && stands(self.priority.as_ref(), &now.priority)
            && stands(self.ticket_type.as_ref(), &now.ticket_type)
            && stands(self.group.as_ref(), &now.group)
            && stands(self.assignee.as_ref(), &now.assignee)
            && stands(self.form.as_ref(), &now.form)
            && stands(self.skills.as_ref(), &now.skills)
            && self.tags.stands_in(&now.tags)
            && self.copies.stands_in(&now.ccs)
            && self.fields.iter().all(of_fields);
        let was = |name: &String| (name.clone(), fields_before.get(name).cloned());
        is_as_left.then(|| Update {
            // Nothing makes a ticket new again, or takes away a priority or a group: what they replaced nobody misses.
            status: self
                .status
                .map(|(from, _)| from)
                .filter(|from| *from != Status::New),
            custom_status: self.custom_status.and_then(|(from, _)| from),
            priority: self.priority.and_then(|(from, _)| from),
            ticket_type: self.ticket_type.map(|(from, _)| from),
            group: self.group.and_then(|(from, _)| from),
            assignee: self.assignee.map(|(from, _)| from),
            form: self.form.map(|(from, _)| from),
            skills: self.skills.as_ref().map(|(from, _)| from.clone()),
            add_tags: self.tags.went.clone(),
            remove_tags: self.tags.came.clone(),
            add_ccs: self.copies.went.clone(),
            remove_ccs: self.copies.came.clone(),
            fields: self.fields.keys().map(was).collect(),
            ..Update::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{TicketNumber, Timestamp};

    const BEN: PersonId = PersonId(2);

    fn event(v: u64, actor: Actor, fact: Fact) -> TicketEvent {
        TicketEvent {
            v,
            at: Timestamp::UNIX_EPOCH,
            actor,
            cause: "workspace".into(),
            fact,
            clocks: None,
            automations: None,
            is_erased: false,
        }
    }

    fn by_ben(v: u64, fact: Fact) -> TicketEvent {
        event(v, Actor::Agent(BEN), fact)
    }

    fn priority(from: Option<Priority>, to: Priority) -> Fact {
        Fact::PriorityChanged { from, to }
    }

    fn tagged(added: &str) -> Fact {
        Fact::TagsChanged {
            added: vec![added.to_owned()],
            removed: vec!["old".to_owned()],
        }
    }

    fn given(from: Option<PersonId>, to: Option<PersonId>) -> Fact {
        Fact::AssigneeChanged {
            from,
            to,
            assignment_overdue_at: None,
        }
    }

    fn opened() -> Fact {
        Fact::StatusChanged {
            from: Status::New,
            to: Status::Open,
            reason: "an agent has it".into(),
            close_due_at: None,
            wait: None,
        }
    }

    /// The ticket after a macro took it, gave it a priority, a tag and a field.
    fn after() -> (Vec<TicketEvent>, Ticket) {
        let fields = BTreeMap::from([("colour".to_owned(), Some("red".to_owned()))]);
        let events = vec![
            by_ben(7, given(None, Some(BEN))),
            by_ben(8, opened()),
            by_ben(9, priority(Some(Priority::Low), Priority::High)),
            by_ben(10, tagged("refund")),
            by_ben(11, Fact::FieldsChanged { changed: fields }),
            event(12, Actor::Rule("Tell".into()), tagged("told")),
        ];
        let ticket = Ticket {
            status: Status::Open,
            assignee: Some(BEN),
            priority: Some(Priority::High),
            tags: vec!["refund".to_owned(), "told".to_owned()],
            fields: BTreeMap::from([("colour".to_owned(), "red".to_owned())]),
            ..Ticket::blank(TicketNumber(1))
        };
        (events, ticket)
    }

    #[test]
    fn what_a_macro_did_is_put_back_and_what_a_trigger_did_stays() {
        let (events, ticket) = after();
        let changes = Changes::of(&events, BEN);
        assert!(changes.has_fields());
        let before = BTreeMap::from([("colour".to_owned(), "blue".to_owned())]);
        let back = changes.undone(&before, &ticket).unwrap();
        let expected = Update {
            assignee: Some(None),
            priority: Some(Priority::Low),
            add_tags: vec!["old".to_owned()],
            remove_tags: vec!["refund".to_owned()],
            fields: BTreeMap::from([("colour".to_owned(), Some("blue".to_owned()))]),
            ..Update::default()
        };
        assert_eq!(back, expected, "nothing makes it new again");
        let none = changes.undone(&BTreeMap::new(), &ticket).unwrap();
        assert_eq!(none.fields.get("colour"), Some(&None), "it had no value");
    }

    #[test]
    fn of_what_somebody_changed_since_nothing_is_put_back() {
        let (events, ticket) = after();
        let changes = Changes::of(&events, BEN);
        let undone = |change: &dyn Fn(&mut Ticket)| {
            let mut now = ticket.clone();
            change(&mut now);
            changes.undone(&BTreeMap::new(), &now).is_some()
        };
        assert!(undone(&|_| {}));
        assert!(
            undone(&|now| now.subject = "Other".to_owned()),
            "what it did not touch"
        );
        assert!(!undone(&|now| now.assignee = Some(PersonId(3))));
        assert!(!undone(&|now| now.priority = Some(Priority::Urgent)));
        assert!(!undone(&|now| now.status = Status::Solved));
        assert!(!undone(&|now| now.tags.push("old".to_owned())));
        assert!(!undone(&|now| now.tags.clear()));
        assert!(!undone(&|now| now.fields.clear()));
    }

    #[test]
    fn of_two_changes_the_first_says_what_was_and_the_last_what_is() {
        let events = [
            by_ben(1, given(Some(PersonId(9)), None)),
            by_ben(2, given(None, Some(BEN))),
        ];
        let mut now = Ticket::blank(TicketNumber(1));
        now.assignee = Some(BEN);
        let back = Changes::of(&events, BEN).undone(&BTreeMap::new(), &now).unwrap();
        assert_eq!(back.assignee, Some(Some(PersonId(9))));
        assert_eq!(Changes::of(&events, PersonId(3)), Changes::default());
    }

    #[test]
    fn a_save_is_read_as_it_is_written_and_has_its_own_events() {
        let (events, _) = after();
        let save = SaveAt::of(&events).unwrap();
        assert_eq!(save.written(), "7~12");
        assert_eq!(SaveAt::read(&save.written()), Some(save));
        assert!(events.iter().all(|event| save.has(event)));
        assert!(!save.has(&by_ben(13, opened())));
        for garbled in ["", "7", "x~1"] {
            assert_eq!(SaveAt::read(garbled), None);
        }
        assert_eq!(SaveAt::of(&[]), None);
    }
}

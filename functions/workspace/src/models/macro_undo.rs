//! What a macro changed of a ticket by its agent's hand, read off the events of its save, and the change that puts it back. What was written,
//! mailed or called stays, and so does what triggers did in answer to it.

use crate::models::outcome::Reason;
use docket_domain::{
    GroupId, PersonId, Timestamp,
    assignment::RequiredSkill,
    field::CustomStatus,
    ticket::{Actor, Fact, Priority, Status, Ticket, TicketEvent, TicketType, Update, fact},
};
use std::collections::BTreeMap;

/// How far what a macro did to a ticket was put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// All of it.
    InFull,
    /// All but what nothing puts back.
    Partly,
}

/// The versions of one save: the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaveAt {
    /// The version of its first event.
    pub first_v: u64,
    /// That of its last.
    pub last_v: u64,
    /// Until when the ticket slept that it woke: its events do not tell.
    pub slept_until: Option<Timestamp>,
}

impl SaveAt {
    /// That of these events; nothing where there are none.
    pub fn of(events: &[TicketEvent]) -> Option<Self> {
        Some(Self {
            first_v: events.first()?.v,
            last_v: events.last()?.v,
            slept_until: None,
        })
    }

    /// The same of a ticket that was to sleep until then.
    pub fn waking(self, slept_until: Option<Timestamp>) -> Self {
        Self { slept_until, ..self }
    }

    /// As short as it can be written.
    pub fn written(self) -> String {
        let versions = format!("{}~{}", self.first_v, self.last_v);
        match self.slept_until {
            Some(until) => format!("{versions}~{}", until.as_millisecond()),
            None => versions,
        }
    }

    /// Reads it back.
    pub fn read(written: &str) -> Option<Self> {
        let (first, rest) = written.split_once('~')?;
        let (last, until) = match rest.split_once('~') {
            Some((last, until)) => (last, Some(until)),
            None => (rest, None),
        };
        let slept_until = match until {
            Some(until) => Some(Timestamp::from_millisecond(until.parse().ok()?).ok()?),
            None => None,
        };
        Some(Self {
            first_v: first.parse().ok()?,
            last_v: last.parse().ok()?,
            slept_until,
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
    /// Whether it woke up; until when it was to sleep is not told by the event.
    is_woken: bool,
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
            Fact::SnoozeEnded { .. } => self.is_woken = true,
            _ => {}
        }
    }

    /// Whether what fields had before has to be known.
    pub fn has_fields(&self) -> bool {
        !self.fields.is_empty()
    }

    /// How far it can be put back: nothing takes away a priority or a group where there was none.
    pub fn back(&self) -> Back {
        let has_stayed = self.priority.is_some_and(|(from, _)| from.is_none())
            || self.group.is_some_and(|(from, _)| from.is_none());
        match has_stayed {
            true => Back::Partly,
            false => Back::InFull,
        }
    }

    /// The status to put back, and the desk's own. Nothing makes a ticket new again: it is open.
    fn status_back(&self, now: &Ticket) -> (Option<Status>, Option<u64>) {
        if let Some((Status::New, _)) = self.status {
            return ((now.status != Status::Open).then_some(Status::Open), None);
        }
        let status = self.status.map_or(now.status, |(from, _)| from);
        let own = self.custom_status.map_or(now.custom_status, |(from, _)| from);
        if status == now.status && own == now.custom_status {
            return (None, None);
        }
        let own = own.unwrap_or_else(|| CustomStatus::of_every_desk(status));
        (Some(status), Some(own))
    }

    /// The change that puts it back, by what fields had before, and until when it slept that still is to.
    ///
    /// # Errors
    /// Where somebody changed any of it since, or where there is nothing that can be put back.
    pub fn undone(
        &self,
        fields_before: &BTreeMap<String, String>,
        slept_until: Option<Timestamp>,
        now: &Ticket,
    ) -> Result<Update, Reason> {
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
            && self.fields.iter().all(of_fields)
            && !(self.is_woken && now.snoozed_until.is_some());
        if !is_as_left {
            return Err(Reason::Changed);
        }
        let was = |name: &String| (name.clone(), fields_before.get(name).cloned());
        let (status, custom_status) = self.status_back(now);
        let after = status.unwrap_or(now.status);
        let back = Update {
            status,
            custom_status,
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
            snooze: slept_until
                .filter(|_| self.is_woken && after.is_unsolved())
                .map(Some),
            ..Update::default()
        };
        match back == Update::default() {
            true => Err(Reason::Refused),
            false => Ok(back),
        }
    }
}

#[cfg(test)]
#[path = "macro_undo_tests.rs"]
mod tests;

//! What a ticket says of itself: subject, priority, type, tags, fields of the operator's own, who gets the answers in copy.

use super::{
    Fact, Priority, Refusal, ReplyVia, Ticket, TicketType, create::tag_is_well_formed, custom::put,
    decide::Log, fact,
};
use crate::{PersonId, field::own_id};
use std::collections::{BTreeMap, BTreeSet};

impl Log<'_> {
    pub(super) fn change_ccs(&mut self, add: Vec<PersonId>, remove: Vec<PersonId>) -> Result<(), Refusal> {
        let had = |person: &PersonId| self.ticket.ccs.contains(person);
        let is_new = |person: &PersonId| !had(person) && *person != self.ticket.requester;
        let mut added: Vec<PersonId> = add.into_iter().filter(is_new).collect();
        added.sort();
        added.dedup();
        let mut removed: Vec<PersonId> = remove.into_iter().filter(had).collect();
        removed.sort();
        removed.dedup();
        if !added.is_empty() && !matches!(self.ticket.reply_via, ReplyVia::Mail { .. }) {
            return Err(Refusal::CopiesWithoutMail);
        }
        let count = self.ticket.ccs.len() + added.len() - removed.len();
        if count > Ticket::MOST_CCS {
            return Err(Refusal::TooManyCcs(count));
        }
        self.check_labels(|ticket| {
            ticket.ccs.retain(|person| !removed.contains(person));
            ticket.ccs.extend(&added);
        })?;
        if !added.is_empty() || !removed.is_empty() {
            self.push(Fact::CcsChanged { added, removed });
        }
        Ok(())
    }

    pub(super) fn change_fields(
        &mut self,
        subject: Option<String>,
        priority: Option<Priority>,
        ticket_type: Option<Option<TicketType>>,
    ) -> Result<(), Refusal> {
        if let Some(to) = subject.filter(|to| *to != self.ticket.subject) {
            let length = to.chars().count();
            if to.trim().is_empty() || length > Ticket::LONGEST_SUBJECT {
                return Err(Refusal::SubjectLength(length));
            }
            self.check_labels(|ticket| ticket.subject.clone_from(&to))?;
            let from = self.ticket.subject.clone();
            self.push(Fact::SubjectChanged { from, to });
        }
        if let Some(to) = priority.filter(|to| Some(*to) != self.ticket.priority) {
            self.push(Fact::PriorityChanged {
                from: self.ticket.priority,
                to,
            });
        }
        if let Some(to) = ticket_type.filter(|to| *to != self.ticket.ticket_type) {
            self.push(Fact::TypeChanged {
                from: self.ticket.ticket_type,
                to,
            });
        }
        Ok(())
    }

    /// Another id in another system, or none there any more.
    pub(super) fn change_external_id(&mut self, to: Option<String>) -> Result<(), Refusal> {
        if to == self.ticket.external_id {
            return Ok(());
        }
        self.check_labels(|ticket| ticket.external_id.clone_from(&to))?;
        let from = self.ticket.external_id.clone();
        self.push(Fact::ExternalIdChanged(fact::ExternalIdChanged { from, to }));
        Ok(())
    }

    /// Sends answers another way. Nobody who could be told no is there: what does not fit stays as it is.
    pub(super) fn answer_via(&mut self, to: ReplyVia) {
        let fits = self.check_labels(|ticket| ticket.reply_via.clone_from(&to));
        if to != self.ticket.reply_via && fits.is_ok() {
            self.push(Fact::ReplyViaChanged { to });
        }
    }

    pub(super) fn change_tags(&mut self, add: Vec<String>, remove: Vec<String>) -> Result<(), Refusal> {
        let mut added: Vec<_> = add
            .into_iter()
            .filter(|tag| !self.ticket.tags.contains(tag))
            .collect();
        added.sort();
        added.dedup();
        let mut removed: Vec<_> = remove
            .into_iter()
            .filter(|tag| self.ticket.tags.contains(tag) && !added.contains(tag))
            .collect();
        removed.sort();
        removed.dedup();
        let count = self.ticket.tags.len() + added.len() - removed.len();
        if count > Ticket::MOST_TAGS || !added.iter().all(|tag| tag_is_well_formed(tag)) {
            return Err(Refusal::Tags);
        }
        self.check_labels(|ticket| {
            ticket.tags.retain(|tag| !removed.contains(tag));
            ticket.tags.extend(added.iter().cloned());
        })?;
        if !added.is_empty() || !removed.is_empty() {
            self.push(Fact::TagsChanged {
                added: added.clone(),
                removed: removed.clone(),
            });
            self.follow_tags(&added, &removed);
        }
        Ok(())
    }

    /// Sets fields of the operator's own, with the tags that go with them.
    pub(super) fn set_fields(&mut self, mut fields: BTreeMap<String, Option<String>>) -> Result<(), Refusal> {
        fields.retain(|name, value| self.ticket.fields.get(name) != value.as_ref());
        let is_right =
            |(name, value): (&String, &Option<String>)| Ticket::field_is_well_formed(name, value.as_deref());
        self.check_own(&fields)?;
        let names = self.ticket.fields.keys().chain(fields.keys());
        let names = names.filter(|name| own_id(name).is_none());
        let is_left = |name: &&String| fields.get(*name).is_none_or(Option::is_some);
        let count = names.filter(is_left).collect::<BTreeSet<_>>().len();
        if !fields.iter().all(is_right) || count > Ticket::MOST_FIELDS {
            return Err(Refusal::Fields);
        }
        let (come, go) = self.tags_of_values(&fields);
        let tags = self.ticket.tags.len() + come.len() - go.len();
        if !come.is_empty() && tags > Ticket::MOST_TAGS {
            return Err(Refusal::Tags);
        }
        self.check_labels(|ticket| {
            put(&mut ticket.fields, &fields);
            ticket.tags.retain(|tag| !go.contains(tag));
            ticket.tags.extend(come.iter().cloned());
        })?;
        if !fields.is_empty() {
            self.push(Fact::FieldsChanged { changed: fields });
        }
        if !come.is_empty() || !go.is_empty() {
            let (mut added, mut removed) = (come, go);
            added.sort();
            added.dedup();
            removed.sort();
            removed.dedup();
            self.push(Fact::TagsChanged { added, removed });
        }
        Ok(())
    }
}

//! What the operator's own fields, forms and statuses mean to a ticket: values and tags follow each other, a status is of one
//! category, and an agent solves only what has everything that is required.

use super::{Actor, Fact, Refusal, Status, Ticket, TicketType, decide::Log, fact::SET_BY_HAND};
use crate::{
    GroupId, PersonId, Timestamp,
    field::{CustomStatus, FieldDefinition, FieldKind, MOST_VALUES, own_id},
};
use std::collections::BTreeMap;

/// Fields by name with their new values.
type Changed = BTreeMap<String, Option<String>>;

impl Ticket {
    /// The status of the operator's own that it is in, if it is in one. A ticket that was merged is closed: it keeps its own for
    /// when the merge is undone.
    pub fn own_status(&self) -> Option<u64> {
        self.custom_status.filter(|_| self.merged_into.is_none())
    }

    /// The status of the operator's own that it is in, or the one that every desk has.
    pub fn custom_status_id(&self) -> u64 {
        self.own_status()
            .unwrap_or_else(|| CustomStatus::of_every_desk(self.status))
    }

    /// Those of its fields that the operator named: what `docket.fields` shows.
    pub fn named_fields(&self) -> BTreeMap<&str, &str> {
        let named = self.fields.iter().filter(|(name, _)| own_id(name).is_none());
        named
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// The values of fields that the operator defined, by their numbers.
    pub fn field_values(&self) -> BTreeMap<u64, &str> {
        let own = self.fields.iter();
        own.filter_map(|(name, value)| Some((own_id(name)?, value.as_str())))
            .collect()
    }
}

impl Log<'_> {
    /// Refuses values of defined fields that are none. What a deleted field had can be taken away.
    pub(super) fn check_own(&self, changed: &Changed) -> Result<(), Refusal> {
        let fields = self.context.rules.fields();
        for (name, value) in changed {
            let (Some(id), Some(value)) = (own_id(name), value) else {
                continue;
            };
            let refused = |words: &str| Refusal::OwnField {
                id,
                words: words.to_owned(),
            };
            let field = fields
                .own_ticket_field(id)
                .ok_or_else(|| refused("is no ticket field's id"))?;
            if !field.is_kept_so(value) {
                return Err(refused("is no value of the field"));
            }
        }
        let own = |name: &&String| own_id(name).is_some();
        let count = self.ticket.fields.keys().filter(own).count() + changed.keys().filter(own).count();
        match changed.keys().find_map(|name| own_id(name)) {
            Some(id) if count > MOST_VALUES && self.own_after(changed) > MOST_VALUES => {
                Err(Refusal::OwnField {
                    id,
                    words: format!("a ticket has values of at most {MOST_VALUES} fields"),
                })
            }
            _ => Ok(()),
        }
    }

    fn own_after(&self, changed: &Changed) -> usize {
        let mut after = self.ticket.fields.clone();
        put(&mut after, changed);
        after.keys().filter(|name| own_id(name).is_some()).count()
    }

    /// The tags that go and come with new values of fields. A tag that another field's value has stays.
    pub(super) fn tags_of_values(&self, changed: &Changed) -> (Vec<String>, Vec<String>) {
        let fields = self.context.rules.fields();
        let mut after = self.ticket.fields.clone();
        put(&mut after, changed);
        let of_all: Vec<String> = after
            .iter()
            .filter_map(|(name, value)| Some((fields.named(name)?, value)))
            .flat_map(|(field, value)| owned(field.tags_of(Some(value))))
            .collect();
        let (mut come, mut go) = (Vec::new(), Vec::new());
        for (name, value) in changed {
            let Some(field) = fields.named(name) else { continue };
            come.extend(owned(field.tags_of(value.as_deref())));
            let was = self.ticket.fields.get(name).map(String::as_str);
            go.extend(owned(field.tags_of(was)));
        }
        go.retain(|tag| !of_all.contains(tag) && self.ticket.tags.contains(tag));
        come.retain(|tag| !self.ticket.tags.contains(tag));
        (come, go)
    }

    /// The fields whose values follow from tags that came and went by themselves.
    pub(super) fn values_of_tags(&self, added: &[String], removed: &[String]) -> Changed {
        let mut changed = Changed::new();
        let fields = &self.context.rules.fields().ticket_fields;
        let follows = |field: &&FieldDefinition| field.is_active && field.is_own();
        for field in fields.iter().filter(follows) {
            let name = field.name();
            let was = self.ticket.fields.get(&name).cloned();
            let mut value = was.clone();
            let tags = removed.iter().map(|tag| (tag, false));
            for (tag, came) in tags.chain(added.iter().map(|tag| (tag, true))) {
                if let Some(after) = field.after_tag(value.as_deref(), tag, came) {
                    value = after;
                }
            }
            if value != was {
                changed.insert(name, value);
            }
        }
        changed
    }

    /// Sets what follows from tags, as far as there is room for it: nobody asked for it by itself.
    pub(super) fn follow_tags(&mut self, added: &[String], removed: &[String]) {
        let changed = self.values_of_tags(added, removed);
        let fits = self
            .check_labels(|ticket| put(&mut ticket.fields, &changed))
            .is_ok();
        if !changed.is_empty() && fits && self.check_own(&changed).is_ok() {
            self.push(Fact::FieldsChanged { changed });
        }
    }

    /// What a ticket that moved to another status is in: the operator's own default of it, where that is another than the one
    /// that every desk has.
    pub(super) fn take_default_status(&mut self, category: Status) {
        if category == Status::Closed {
            return;
        }
        let default = self.context.rules.fields().default_status(category);
        self.be_in_status(default);
    }

    /// Status and whose it is, as a person sets them. A status of the operator's own goes before its category.
    pub(super) fn change_status_and_hands(
        &mut self,
        (status, custom): (Option<Status>, Option<u64>),
        group: Option<GroupId>,
        assignee: Option<Option<PersonId>>,
    ) -> Result<(), Refusal> {
        let status = self.category_of(custom)?.or(status);
        self.check_required(status)?;
        self.change_hands(group, assignee, status);
        let Some(to) = status else { return Ok(()) };
        let was_said_again = to == self.ticket.status;
        self.set_status(to, SET_BY_HAND)?;
        match custom {
            Some(id) => self.set_custom_status(id)?,
            None if was_said_again => self.take_default_status(to),
            None => {}
        }
        Ok(())
    }

    /// Which status a command asks for.
    ///
    /// # Errors
    /// When there is no such status.
    pub(super) fn category_of(&self, custom: Option<u64>) -> Result<Option<Status>, Refusal> {
        let Some(id) = custom else { return Ok(None) };
        let status = self.context.rules.fields().status(id);
        // What it is in already can be said again, used or not.
        let is_there = |status: &CustomStatus| status.is_active || id == self.ticket.custom_status_id();
        let status = status.filter(is_there).ok_or(Refusal::NoCustomStatus(id))?;
        if self.ticket.status == Status::Closed && status.category == Status::Solved {
            return Ok(Some(Status::Closed));
        }
        Ok(Some(status.category))
    }

    /// Puts the ticket, which is in its category, into a status.
    pub(super) fn set_custom_status(&mut self, id: u64) -> Result<(), Refusal> {
        let form = self
            .ticket
            .form
            .and_then(|id| self.context.rules.fields().form(id));
        if let Some(form) = form.filter(|form| !form.takes_status(id)) {
            return Err(Refusal::StatusOfForm {
                form: form.id,
                status: id,
            });
        }
        self.be_in_status(id);
        Ok(())
    }

    fn be_in_status(&mut self, id: u64) {
        let from = self.ticket.custom_status;
        let to = (id != CustomStatus::of_every_desk(self.ticket.status)).then_some(id);
        if to != from {
            self.push(Fact::CustomStatusChanged { from, to });
        }
    }

    pub(super) fn set_form(&mut self, to: Option<u64>) -> Result<(), Refusal> {
        let from = self.ticket.form;
        if to == from {
            return Ok(());
        }
        if let Some(id) = to {
            let form = self.context.rules.fields().form(id);
            form.filter(|form| form.is_active).ok_or(Refusal::NoForm(id))?;
        }
        self.check_labels(|ticket| ticket.form = to)?;
        self.push(Fact::FormChanged { from, to });
        Ok(())
    }

    pub(super) fn set_due(&mut self, to: Option<Timestamp>) -> Result<(), Refusal> {
        let from = self.ticket.due_at;
        if to == from {
            return Ok(());
        }
        if to.is_some() && self.ticket.ticket_type != Some(TicketType::Task) {
            return Err(Refusal::DueWithoutTask);
        }
        self.check_labels(|ticket| ticket.due_at = to)?;
        self.push(Fact::DueChanged { from, to });
        Ok(())
    }

    /// Refuses that an agent solves a ticket that lacks what has to be filled in: of its form, where it has one.
    pub(super) fn check_required(&self, to: Option<Status>) -> Result<(), Refusal> {
        let is_solved = to == Some(Status::Solved) && self.ticket.status != Status::Solved;
        if !is_solved || !matches!(self.actor(), Actor::Agent(_)) {
            return Ok(());
        }
        let book = self.context.rules.fields();
        let form = self.ticket.form.and_then(|id| book.form(id));
        let is_asked = |field: &&FieldDefinition| {
            let is_of_form = form.is_none_or(|form| form.fields.contains(&field.id));
            field.required && field.is_active && is_of_form
        };
        let lacks = |field: &&FieldDefinition| match field.kind {
            FieldKind::TicketType => self.ticket.ticket_type.is_none(),
            FieldKind::Priority => self.ticket.priority.is_none(),
            FieldKind::Checkbox => self.ticket.fields.get(&field.name()).map(String::as_str) != Some("true"),
            _ if field.is_own() => !self.ticket.fields.contains_key(&field.name()),
            // A ticket always has these, or gets them when it is solved.
            _ => false,
        };
        match book.ticket_fields.iter().filter(is_asked).find(lacks) {
            Some(field) => Err(Refusal::RequiredField {
                id: field.id,
                title: field.title.clone(),
            }),
            None => Ok(()),
        }
    }
}

fn owned(tags: Vec<&str>) -> Vec<String> {
    tags.into_iter().map(str::to_owned).collect()
}

/// Puts changed values into those that are there.
pub(super) fn put(fields: &mut BTreeMap<String, String>, changed: &Changed) {
    for (name, value) in changed {
        match value {
            Some(value) => fields.insert(name.clone(), value.clone()),
            None => fields.remove(name),
        };
    }
}

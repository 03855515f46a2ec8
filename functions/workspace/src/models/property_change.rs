//! What the form of a ticket's properties asks for: what differs from what it showed, and nothing else.

use super::property_form::{Shown, input_name};
use crate::refusals::said;
use docket_domain::{
    GroupId, PersonId, Timestamp,
    field::{FieldBook, FieldDefinition, FieldKind, FieldsOf},
    ticket::{Priority, Ticket, TicketType, Update},
};
use serde_json::Value;
use std::{collections::BTreeMap, str::FromStr};

/// The form as it was sent: its names and values.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    values: BTreeMap<String, Vec<String>>,
    /// What it showed; nothing for a button by itself.
    was: Shown,
}

impl Sent {
    /// Reads it. What it showed and can't be read is as if it had shown nothing.
    pub fn of(pairs: Vec<(String, String)>) -> Self {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            values.entry(name).or_default().push(value);
        }
        let was = values.get("was").and_then(|was| was.last());
        let was = was
            .and_then(|was| serde_json::from_str(was).ok())
            .unwrap_or_default();
        Self { values, was }
    }

    /// The last value of a name: a checkbox stands behind what it is where it is not checked.
    pub fn last(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.last().map(String::as_str)
    }

    /// A value that is another than the one the form showed.
    fn changed(&self, name: &str) -> Option<&str> {
        let value = self.last(name)?.trim();
        (self.was.get(name).map(String::as_str) != Some(value)).then_some(value)
    }

    /// The group whose members can be named: the one that is chosen, or the ticket's.
    pub fn group(&self, ticket: &Ticket) -> Option<GroupId> {
        let chosen = self.changed("group").and_then(|id| id.parse().ok());
        chosen.or(ticket.group)
    }

    /// The change.
    ///
    /// # Errors
    /// In words for the person, what is wrong with it.
    pub fn update(
        &self,
        ticket: &Ticket,
        book: &FieldBook,
        members: &[PersonId],
        me: PersonId,
    ) -> Result<Update, String> {
        let mut update = Update::default();
        if let Some(status) = self.changed("status") {
            update.custom_status = Some(read(status, t!("There is no such status."))?);
        }
        if let Some(priority) = self.changed("priority").filter(|said| !said.is_empty()) {
            update.priority = Some(read::<Priority>(priority, t!("There is no such priority."))?);
        }
        if let Some(kind) = self.changed("type") {
            let kind = optional::<TicketType>(kind, t!("There is no such type."))?;
            update.ticket_type = Some(kind);
        }
        if let Some(group) = self.changed("group").filter(|said| !said.is_empty()) {
            update.group = Some(read(group, t!("There is no such group."))?);
        }
        if let Some(form) = self.changed("form") {
            update.form = Some(optional(form, t!("There is no such form."))?);
        }
        if let Some(assignee) = self.changed("assignee") {
            let assignee: Option<PersonId> = optional(assignee, no_member())?;
            let may_be = |id: PersonId| id == me || members.contains(&id) || ticket.assignee == Some(id);
            if assignee.is_some_and(|id| !may_be(id)) {
                return Err(no_member().to_owned());
            }
            update.assignee = Some(assignee);
        }
        if let Some(due) = self.changed("due") {
            update.due_at = Some(day(due)?);
        }
        if let Some(tags) = self.changed("tags") {
            let before = self.was.get("tags").map_or("", String::as_str);
            let had: Vec<&str> = before.split_whitespace().collect();
            let has: Vec<&str> = tags.split([',', ' ']).filter(|tag| !tag.is_empty()).collect();
            let not_in = |of: &[&str], than: &[&str]| -> Vec<String> {
                let other = of.iter().filter(|tag| !than.contains(tag));
                other.map(|tag| (*tag).to_owned()).collect()
            };
            update.add_tags = not_in(&has, &had);
            update.remove_tags = not_in(&had, &has);
        }
        match self.last("follow") {
            Some("yes") => update.add_followers = vec![me],
            Some("no") => update.remove_followers = vec![me],
            _ => {}
        }
        self.change_fields(&mut update, book)?;
        Ok(update)
    }

    fn change_fields(&self, update: &mut Update, book: &FieldBook) -> Result<(), String> {
        for field in book.own(FieldsOf::Tickets) {
            let name = input_name(field);
            let Some(values) = self.values.get(&name) else {
                continue;
            };
            let value = read_field(field, values)?;
            // Browsers end each line their own way.
            let was = self
                .was
                .get(&name)
                .map_or_else(String::new, |was| was.replace("\r\n", "\n"));
            // A box that nobody has ticked yet is shown as one that is off.
            let is_off =
                field.kind == FieldKind::Checkbox && was.is_empty() && value.as_deref() == Some("false");
            if !is_off && value.as_deref().unwrap_or_default() != was {
                update.fields.insert(field.name(), value);
            }
        }
        Ok(())
    }
}

fn no_member() -> &'static str {
    t!("The assignee is not an agent of the ticket's group.")
}

fn read_field(field: &FieldDefinition, values: &[String]) -> Result<Option<String>, String> {
    let sent = match field.kind {
        FieldKind::Multiselect => values
            .iter()
            .flat_map(|value| value.split_whitespace())
            .map(Value::from)
            .collect(),
        _ => Value::from(
            values
                .last()
                .map_or_else(String::new, |value| value.replace("\r\n", "\n")),
        ),
    };
    let read = field.read(&sent);
    read.map_err(|words| {
        format!(
            "{}: {}",
            field.title,
            said(words, t!("that does not fit into the field"))
        )
    })
}

fn read<T: FromStr>(text: &str, problem: &str) -> Result<T, String> {
    text.parse().map_err(|_| problem.to_owned())
}

fn optional<T: FromStr>(text: &str, problem: &str) -> Result<Option<T>, String> {
    match text {
        "" => Ok(None),
        text => read(text, problem).map(Some),
    }
}

/// The middle of a day, as due dates of tasks have it: they are days, told as they are in UTC.
fn day(text: &str) -> Result<Option<Timestamp>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || t!("Choose a day for the due date.").to_owned();
    let date: jiff::civil::Date = text.parse().map_err(|_| wrong())?;
    let at = date.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
    at.map(|at| Some(at.timestamp())).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::property_form::shown;
    use docket_domain::TicketNumber;

    fn ticket() -> Ticket {
        let mut ticket = Ticket::blank(TicketNumber(1));
        ticket.assignee = Some(PersonId(7));
        ticket.priority = Some(Priority::High);
        ticket.tags = vec!["lamp".to_owned(), "red".to_owned()];
        ticket
    }

    fn book() -> FieldBook {
        let mut book = FieldBook::default();
        let id = book.take_id();
        let order = FieldDefinition::new(id, FieldKind::Integer, "Order", Timestamp::UNIX_EPOCH);
        book.ticket_fields.push(order);
        book
    }

    fn sent(pairs: &[(&str, &str)]) -> Sent {
        let was = serde_json::to_string(&shown(&ticket(), &book())).unwrap();
        let pairs = pairs.iter().map(|(name, value)| (*name, *value));
        let pairs = pairs.chain([("was", was.as_str())]);
        Sent::of(
            pairs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    fn update(pairs: &[(&str, &str)]) -> Result<Update, String> {
        sent(pairs).update(&ticket(), &book(), &[PersonId(3)], PersonId(2))
    }

    #[test]
    fn only_what_differs_from_what_was_shown_is_changed() {
        let same = [
            ("priority", "high"),
            ("assignee", "7"),
            ("tags", "lamp red"),
            ("type", ""),
        ];
        assert_eq!(update(&same), Ok(Update::default()));
        let changed = update(&[("priority", "low"), ("assignee", "3"), ("tags", "red, new")]).unwrap();
        assert_eq!(changed.priority, Some(Priority::Low));
        assert_eq!(changed.assignee, Some(Some(PersonId(3))));
        assert_eq!(
            (changed.add_tags, changed.remove_tags),
            (vec!["new".into()], vec!["lamp".into()])
        );
    }

    #[test]
    fn a_field_is_read_as_what_it_is_and_named_where_it_can_t_be() {
        let name = input_name(&book().ticket_fields[0]);
        let id = book().ticket_fields[0].name();
        let changed = update(&[(&name, "0012")]).unwrap();
        assert_eq!(changed.fields.get(&id), Some(&Some("12".to_owned())));
        let problem = update(&[(&name, "twelve")]).unwrap_err();
        assert!(problem.starts_with("Order: "), "{problem}");
    }

    #[test]
    fn a_line_end_of_the_browser_is_no_change() {
        let mut book = FieldBook::default();
        let id = book.take_id();
        book.ticket_fields.push(FieldDefinition::new(
            id,
            FieldKind::Textarea,
            "Address",
            Timestamp::UNIX_EPOCH,
        ));
        let name = input_name(&book.ticket_fields[0]);
        let was = serde_json::json!({ (name.as_str()): "One\nTwo" }).to_string();
        let pairs = vec![("was".to_owned(), was), (name, "One\r\nTwo".to_owned())];
        let update = Sent::of(pairs).update(&ticket(), &book, &[], PersonId(2));
        assert_eq!(update, Ok(Update::default()));
    }

    #[test]
    fn a_box_that_nobody_ticked_is_no_change() {
        let mut book = FieldBook::default();
        let id = book.take_id();
        let gift = FieldDefinition::new(id, FieldKind::Checkbox, "Gift", Timestamp::UNIX_EPOCH);
        book.ticket_fields.push(gift);
        let name = input_name(&book.ticket_fields[0]);
        let update = |values: &[&str]| {
            let pairs = values.iter().map(|value| (name.clone(), (*value).to_owned()));
            Sent::of(pairs.collect()).update(&ticket(), &book, &[], PersonId(2))
        };
        assert_eq!(update(&["false"]), Ok(Update::default()));
        assert_eq!(update(&["false", "true"]).unwrap().fields.len(), 1);
    }

    #[test]
    fn a_stranger_can_t_be_given_the_ticket() {
        assert!(update(&[("assignee", "99")]).is_err());
        assert!(update(&[("assignee", "2")]).is_ok());
        assert_eq!(update(&[("assignee", "")]).unwrap().assignee, Some(None));
    }

    #[test]
    fn a_button_by_itself_says_what_it_wants() {
        let alone = Sent::of(vec![("assignee".to_owned(), "2".to_owned())]);
        let update = alone.update(&ticket(), &book(), &[], PersonId(2)).unwrap();
        assert_eq!(update.assignee, Some(Some(PersonId(2))));
    }
}

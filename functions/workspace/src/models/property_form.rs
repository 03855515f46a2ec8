//! The form of a ticket's properties: what it says of itself, each to be changed by itself. Fields, forms and statuses of the
//! operator's own stand with the names that agents know them by.

use super::{
    choice::{Choice, choice},
    composer::{assignees, priorities},
};
use crate::{names::Names, words};
use docket_domain::{
    PersonId,
    configuration::Group,
    field::{CustomStatus, FieldBook, FieldDefinition, FieldKind, FieldsOf, TicketForm, own_id},
    ticket::{Status, Ticket, TicketType},
};
use std::collections::BTreeMap;

/// Most fields that are shown.
const MOST_FIELDS: usize = 60;
/// Most options of a field that a page has; a longer one is written by its value.
const MOST_OPTIONS: usize = 200;

/// What the form showed, by the names of its fields. It comes back with the form, so that only what the person changed is changed.
pub type Shown = BTreeMap<String, String>;

/// The form.
pub struct PropertyForm {
    /// What it shows, as JSON.
    pub was: String,
    pub statuses: Vec<Choice>,
    pub assignees: Vec<Choice>,
    pub groups: Vec<Choice>,
    pub priorities: Vec<Choice>,
    pub types: Vec<Choice>,
    /// None where the desk has no forms.
    pub forms: Vec<Choice>,
    pub fields: Vec<FieldView>,
    pub tags: String,
    /// The day by which a task is due; nothing for what is no task.
    pub due: Option<String>,
    /// Whoever looks, as the form names them.
    pub me: String,
    pub is_mine: bool,
    /// The status by which it is solved.
    pub solved: u64,
    pub is_following: bool,
    pub followers: Vec<String>,
}

/// A field of the operator's own.
pub struct FieldView {
    /// Its name in the form.
    pub name: String,
    pub label: String,
    /// What agents are told of it.
    pub hint: String,
    /// Whether it has to be filled in before the ticket is solved.
    pub is_required: bool,
    pub value: String,
    pub input: FieldInput,
}

/// How it is filled in.
pub enum FieldInput {
    /// A line of text.
    Line,
    /// Several lines.
    Lines,
    /// Yes or no.
    Check,
    /// A day.
    Day,
    /// One of these.
    One(Vec<Choice>),
    /// Some of these.
    Some(Vec<Choice>),
}

impl PropertyForm {
    /// The form for a ticket.
    pub fn of(
        ticket: &Ticket,
        (members, me): (&[PersonId], PersonId),
        groups: &[Group],
        book: &FieldBook,
        names: &Names,
    ) -> Self {
        let shown = shown(ticket, book);
        let said = |name: &str| shown.get(name).map_or("", String::as_str);
        let form = ticket.form.and_then(|id| book.form(id));
        let group_choices = groups
            .iter()
            .filter(|group| !group.is_archived || Some(group.id) == ticket.group)
            .map(|group| choice(&group.id.to_string(), &group.name, said("group")));
        let types = TicketType::ALL
            .iter()
            .map(|kind| choice(kind.as_str(), words::ticket_type(*kind), said("type")));
        Self {
            was: serde_json::to_string(&shown).unwrap_or_default(),
            statuses: statuses(ticket, book, form),
            assignees: assignees(ticket, members, me, names, said("assignee")),
            groups: ticket
                .group
                .is_none()
                .then(|| choice("", t!("None yet"), ""))
                .into_iter()
                .chain(group_choices)
                .collect(),
            priorities: priorities(ticket, said("priority")),
            types: std::iter::once(choice("", t!("None"), said("type")))
                .chain(types)
                .collect(),
            forms: forms(book, said("form")),
            fields: fields_of(ticket, book, form)
                .into_iter()
                .take(MOST_FIELDS)
                .map(|field| FieldView::of(field, said(&input_name(field))))
                .collect(),
            tags: said("tags").to_owned(),
            due: (ticket.ticket_type == Some(TicketType::Task)).then(|| said("due").to_owned()),
            me: me.to_string(),
            is_mine: ticket.assignee == Some(me),
            solved: book.default_status(Status::Solved),
            is_following: ticket.followers.contains(&me),
            followers: ticket.followers.iter().map(|id| names.person(*id)).collect(),
        }
    }
}

impl PropertyForm {
    /// The status that it is in.
    pub fn status_label(&self) -> &str {
        chosen(&self.statuses)
    }

    /// What it says, for a ticket that does not change any more.
    pub fn words(&self) -> Vec<(&str, String)> {
        let fixed = [
            (t!("Status"), &self.statuses),
            (t!("Assignee"), &self.assignees),
            (t!("Group"), &self.groups),
            (t!("Priority"), &self.priorities),
            (t!("Type"), &self.types),
        ];
        let fixed = fixed.map(|(name, choices)| (name, chosen(choices).to_owned()));
        let tags = (!self.tags.is_empty()).then(|| (t!("Tags"), self.tags.clone()));
        let fields = self.fields.iter().filter(|field| !field.value.is_empty());
        let fields = fields.map(|field| (field.label.as_str(), field.words()));
        fixed.into_iter().chain(tags).chain(fields).collect()
    }
}

fn chosen(choices: &[Choice]) -> &str {
    let chosen = choices.iter().find(|choice| choice.is_selected);
    chosen.map_or("", |choice| choice.label.as_str())
}

/// The name of a field's input.
pub fn input_name(field: &FieldDefinition) -> String {
    format!("field_{}", field.id)
}

/// What the form shows of a ticket.
pub fn shown(ticket: &Ticket, book: &FieldBook) -> Shown {
    let mut shown: Shown = [
        ("status", ticket.custom_status_id().to_string()),
        (
            "assignee",
            ticket.assignee.map_or_else(String::new, |id| id.to_string()),
        ),
        (
            "group",
            ticket.group.map_or_else(String::new, |id| id.to_string()),
        ),
        (
            "priority",
            ticket
                .priority
                .map_or_else(String::new, |priority| priority.as_str().to_owned()),
        ),
        (
            "type",
            ticket
                .ticket_type
                .map_or_else(String::new, |kind| kind.to_string()),
        ),
        ("form", ticket.form.map_or_else(String::new, |id| id.to_string())),
        ("tags", ticket.tags.join(" ")),
        (
            "due",
            ticket
                .due_at
                .map_or_else(String::new, |at| at.strftime("%Y-%m-%d").to_string()),
        ),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    let form = ticket.form.and_then(|id| book.form(id));
    for field in fields_of(ticket, book, form).into_iter().take(MOST_FIELDS) {
        let value = ticket.fields.get(&field.name()).cloned().unwrap_or_default();
        shown.insert(input_name(field), value);
    }
    shown
}

/// The fields that a ticket is shown with: those of its form, or all in use; and what has a value.
fn fields_of<'b>(
    ticket: &Ticket,
    book: &'b FieldBook,
    form: Option<&TicketForm>,
) -> Vec<&'b FieldDefinition> {
    let own = book.own(FieldsOf::Tickets);
    let is_shown = |field: &&FieldDefinition| {
        let is_asked = field.is_active && form.is_none_or(|form| form.fields.contains(&field.id));
        let has_value = ticket.fields.keys().any(|name| own_id(name) == Some(field.id));
        is_asked || has_value
    };
    own.into_iter().filter(is_shown).collect()
}

impl FieldView {
    /// Its value in words.
    fn words(&self) -> String {
        match &self.input {
            FieldInput::Check if self.value == "true" => t!("Yes").to_owned(),
            FieldInput::Check => t!("No").to_owned(),
            FieldInput::One(choices) | FieldInput::Some(choices) => {
                let chosen = choices.iter().filter(|choice| choice.is_selected);
                chosen
                    .map(|choice| choice.label.as_str())
                    .collect::<Vec<_>>()
                    .join(", ")
            }
            _ => self.value.clone(),
        }
    }

    fn of(field: &FieldDefinition, value: &str) -> Self {
        let is_chosen = |option: &str| value.split(' ').any(|one| one == option);
        let options = || {
            field.options.iter().map(|option| Choice {
                value: option.value.clone(),
                label: option.name.clone(),
                is_selected: is_chosen(&option.value),
            })
        };
        let is_short = field.options.len() <= MOST_OPTIONS;
        let input = match field.kind {
            FieldKind::Checkbox => FieldInput::Check,
            FieldKind::Date => FieldInput::Day,
            FieldKind::Textarea => FieldInput::Lines,
            FieldKind::Tagger | FieldKind::Dropdown if is_short => {
                let none = choice("", t!("None"), value);
                FieldInput::One(std::iter::once(none).chain(options()).collect())
            }
            FieldKind::Multiselect if is_short => FieldInput::Some(options().collect()),
            _ => FieldInput::Line,
        };
        Self {
            name: input_name(field),
            label: field.title.clone(),
            hint: field.agent_description.clone(),
            is_required: field.required,
            value: value.to_owned(),
            input,
        }
    }
}

/// What a status is called: one of the operator's own by its name.
pub fn status_label(status: &CustomStatus) -> String {
    if status.id == CustomStatus::of_every_desk(status.category) {
        words::status(status.category).to_owned()
    } else {
        status.agent_label.clone()
    }
}

fn statuses(ticket: &Ticket, book: &FieldBook, form: Option<&TicketForm>) -> Vec<Choice> {
    let current = ticket.custom_status_id();
    let can_be = |status: &CustomStatus| {
        let is_offered = status.is_active
            && !matches!(status.category, Status::New | Status::Closed)
            && form.is_none_or(|form| form.takes_status(status.id));
        is_offered || status.id == current
    };
    book.all_statuses()
        .iter()
        .filter(|status| can_be(status))
        .map(|status| {
            choice(
                &status.id.to_string(),
                &status_label(status),
                &current.to_string(),
            )
        })
        .collect()
}

fn forms(book: &FieldBook, current: &str) -> Vec<Choice> {
    let mut used: Vec<&TicketForm> = book
        .forms
        .iter()
        .filter(|form| form.is_active || form.id.to_string() == current)
        .collect();
    if used.is_empty() {
        return vec![];
    }
    used.sort_by_key(|form| (form.position, form.id));
    let all = used
        .into_iter()
        .map(|form| choice(&form.id.to_string(), &form.name, current));
    std::iter::once(choice("", t!("None"), current))
        .chain(all)
        .collect()
}

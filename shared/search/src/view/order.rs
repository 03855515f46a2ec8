//! Orders of views.

use crate::{
    document::{Column, Kind},
    make::head_columns,
    matcher::{Direction, Order},
    request::PageEnd,
};
use docket_domain::{OrganizationId, ticket::Ticket};
use serde::{Deserialize, Serialize};

/// What tickets of a view can be ordered or grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is called what its name in views says")]
pub enum ViewColumn {
    Number,
    Created,
    Updated,
    Solved,
    Due,
    Status,
    Priority,
    Requester,
    Assignee,
    Group,
    Organization,
    TicketType,
    RequesterWrote,
    TaskDue,
    Form,
    Language,
    Satisfaction,
    Brand,
}

/// Names of columns, the one that views show first.
const NAMES: &[(ViewColumn, &[&str])] = &[
    (ViewColumn::Number, &["nice_id", "id", "ticket_id"]),
    (ViewColumn::Created, &["created", "created_at"]),
    (ViewColumn::Updated, &["updated", "updated_at"]),
    (ViewColumn::Solved, &["solved", "solved_at"]),
    (ViewColumn::Due, &["sla_next_breach_at", "due_at"]),
    (ViewColumn::Status, &["status"]),
    (ViewColumn::Priority, &["priority"]),
    (ViewColumn::Requester, &["requester", "requester_id"]),
    (ViewColumn::Assignee, &["assignee", "assignee_id"]),
    (ViewColumn::Group, &["group", "group_id"]),
    (ViewColumn::Organization, &["organization", "organization_id"]),
    (ViewColumn::TicketType, &["type", "ticket_type"]),
    (
        ViewColumn::RequesterWrote,
        &["updated_requester", "requester_updated_at"],
    ),
    (ViewColumn::TaskDue, &["due_date"]),
    (ViewColumn::Form, &["ticket_form", "ticket_form_id"]),
    (ViewColumn::Language, &["locale", "locale_id"]),
    (ViewColumn::Satisfaction, &["satisfaction_score"]),
    (ViewColumn::Brand, &["brand", "brand_id"]),
];

impl ViewColumn {
    /// The column of a name; nothing where there is no order by it.
    pub fn named(name: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(_, names)| names.contains(&name))?;
        Some(found.0)
    }

    /// The names of all.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().filter_map(|(_, names)| names.first().copied())
    }

    /// Nothing: the number is no column, and there is one brand.
    fn column(self) -> Option<Column> {
        Some(match self {
            Self::Number | Self::Brand => return None,
            Self::Created => Column::Created,
            Self::Updated => Column::Updated,
            Self::Solved => Column::Solved,
            Self::Due => Column::Due,
            Self::Status => Column::Status,
            Self::Priority => Column::Priority,
            Self::Requester => Column::Requester,
            Self::Assignee => Column::Assignee,
            Self::Group => Column::Group,
            Self::Organization => Column::Organization,
            Self::TicketType => Column::TicketType,
            Self::RequesterWrote => Column::RequesterWrote,
            Self::TaskDue => Column::TaskDue,
            Self::Form => Column::Form,
            Self::Language => Column::Language,
            Self::Satisfaction => Column::Satisfaction,
        })
    }
}

/// An order by one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewSorted {
    /// By what.
    pub by: ViewColumn,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl ViewSorted {
    fn direction(self) -> Direction {
        match self.descending {
            true => Direction::Descending,
            false => Direction::Ascending,
        }
    }
}

/// The order of a view: in groups where it has some, and inside of each. What has no value comes last; of equal ones the number decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewOrder {
    /// What the groups are by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<ViewSorted>,
    /// What they are ordered by inside.
    pub sort: ViewSorted,
}

/// A place in an order, for as long as there is no index: the lesser comes first.
pub type ListedPlace = [(bool, i64); 3];

impl ViewOrder {
    pub(super) fn order(self) -> Order {
        let group = self.group.and_then(|group| {
            let column = group.by.column()?;
            Some((column, group.direction()))
        });
        Order::Listed {
            group,
            by: self.sort.by.column(),
            direction: self.sort.direction(),
        }
    }

    /// Where a page that ends with a ticket ends.
    pub fn end_at(self, head: &Ticket, organization: Option<OrganizationId>) -> PageEnd {
        let columns = head_columns(head, organization);
        let value = |of: Option<ViewSorted>| columns.of(of?.by.column()?);
        PageEnd {
            group: value(self.group),
            created: value(Some(self.sort)),
            number: head.number.0,
            kind: Kind::Ticket,
        }
    }

    /// The place at which a page ends.
    pub fn place(self, end: &PageEnd) -> ListedPlace {
        let turned = |value: i64, descending: bool| if descending { !value } else { value };
        let part = |value: Option<i64>, descending: bool| {
            let number = value.map_or(0, |value| turned(value, descending));
            (value.is_none(), number)
        };
        let number = i64::try_from(end.number).unwrap_or(i64::MAX);
        [
            part(end.group, self.group.is_some_and(|group| group.descending)),
            part(end.created, self.sort.descending),
            (false, turned(number, self.sort.descending)),
        ]
    }
}

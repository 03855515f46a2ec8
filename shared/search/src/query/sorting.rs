//! The order of what is found, as a query or the parameters beside it ask for it.

use super::error::{Place, Problem, QueryError};
use crate::{
    document::Column,
    matcher::{Direction, Order},
};

/// By what is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is called what its name in queries says")]
pub enum SortKey {
    Relevance,
    Created,
    Updated,
    Solved,
    Due,
    Status,
    Priority,
    Requester,
    /// Understood, and answered by relevance: types have no order.
    TicketType,
}

/// Names of orders. `commented` is Zendesk's name for the last change.
const SORT_KEYS: &[(SortKey, &[&str])] = &[
    (SortKey::Relevance, &["relevance"]),
    (SortKey::Created, &["created", "created_at"]),
    (
        SortKey::Updated,
        &["updated", "updated_at", "commented", "commented_at"],
    ),
    (SortKey::Solved, &["solved", "solved_at"]),
    (SortKey::Due, &["due_date", "due", "due_at"]),
    (SortKey::Status, &["status"]),
    (SortKey::Priority, &["priority"]),
    (SortKey::Requester, &["requester", "requester_id"]),
    (SortKey::TicketType, &["ticket_type", "type"]),
];

impl SortKey {
    /// Its name in queries.
    pub fn as_str(self) -> &'static str {
        let found = SORT_KEYS.iter().find(|(key, _)| *key == self);
        found
            .and_then(|(_, names)| names.first())
            .copied()
            .unwrap_or("relevance")
    }

    fn find(name: &str) -> Option<Self> {
        let found = SORT_KEYS.iter().find(|(_, names)| names.contains(&name))?;
        Some(found.0)
    }
}

/// An order as it was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sorting {
    /// By what; nothing: by relevance.
    pub by: Option<SortKey>,
    /// In which direction; nothing: the greatest first.
    pub direction: Option<Direction>,
}

impl Sorting {
    /// The order that it is.
    pub fn order(self) -> Order {
        let column = match self.by {
            None | Some(SortKey::Relevance | SortKey::TicketType) => return Order::Relevance,
            Some(SortKey::Created) => Column::Created,
            Some(SortKey::Updated) => Column::Updated,
            Some(SortKey::Solved) => Column::Solved,
            Some(SortKey::Due) => Column::Due,
            Some(SortKey::Status) => Column::Status,
            Some(SortKey::Priority) => Column::Priority,
            Some(SortKey::Requester) => Column::Requester,
        };
        Order::By(column, self.direction.unwrap_or(Direction::Descending))
    }

    /// The order with what the parameters `sort_by` and `sort_order` of a call say, where the query says nothing itself.
    ///
    /// # Errors
    ///
    /// When there is no such order; the place is that of the parameter's text.
    pub fn or_by(self, sort_by: Option<&str>, sort_order: Option<&str>) -> Result<Self, QueryError> {
        let by = sort_by.filter(|text| !text.is_empty()).map(read_key).transpose();
        let direction = sort_order
            .filter(|text| !text.is_empty())
            .map(read_direction)
            .transpose();
        let at = Place {
            byte: 0,
            character: 0,
        };
        let refused = |message| QueryError {
            place: at,
            problem: Problem::Order,
            message,
        };
        Ok(Self {
            by: self.by.or(by.map_err(refused)?),
            direction: self.direction.or(direction.map_err(refused)?),
        })
    }
}

pub(super) fn read_key(text: &str) -> Result<SortKey, String> {
    SortKey::find(&text.to_lowercase()).ok_or_else(|| {
        let names: Vec<_> = SORT_KEYS
            .iter()
            .filter_map(|(_, names)| names.first())
            .copied()
            .collect();
        format!("there is no order by `{text}`: it can be {}", names.join(", "))
    })
}

pub(super) fn read_direction(text: &str) -> Result<Direction, String> {
    match text.to_lowercase().as_str() {
        "asc" | "ascending" => Ok(Direction::Ascending),
        "desc" | "descending" => Ok(Direction::Descending),
        _ => Err(format!("an order is `asc` or `desc`, not `{text}`")),
    }
}

//! By which properties what was found is counted.

use crate::{document::Column, make::status_rank, request::Facet};
use docket_domain::ticket::Status;

/// A property by which what was found is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facets {
    /// By status.
    Status,
    /// By group.
    Group,
    /// By assignee.
    Assignee,
    /// By tag.
    Tags,
}

impl Facets {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Status, Self::Group, Self::Assignee, Self::Tags];

    /// The property's name in queries.
    pub fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Group => "group",
            Self::Assignee => "assignee",
            Self::Tags => "tags",
        }
    }

    /// The column that has it, where it is a number of its own.
    pub fn column(self) -> Option<Column> {
        (self == Self::Status).then_some(Column::Status)
    }

    /// What its exact terms begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Status => "",
            Self::Group => "g:",
            Self::Assignee => "a:",
            Self::Tags => "tag:",
        }
    }

    /// What exact terms of tags begin with that begin so.
    pub fn tags_beginning(text: &str) -> String {
        crate::keyword::tag(text)
    }

    /// So many have a rank of the column.
    pub fn of_rank(self, rank: i64, count: u64) -> Option<Facet> {
        let status = Status::ALL
            .iter()
            .copied()
            .find(|status| status_rank(*status) == rank)?;
        Some(self.of_value(status.as_str(), count))
    }

    /// So many have a value.
    pub fn of_value(self, value: &str, count: u64) -> Facet {
        let value = value.strip_prefix(self.prefix()).unwrap_or(value);
        let is_plain = value.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        let term = if is_plain {
            format!("{}:{value}", self.name())
        } else {
            format!("{}:\"{}\"", self.name(), value.replace('"', " "))
        };
        Facet {
            term,
            value: value.to_owned(),
            count,
        }
    }
}

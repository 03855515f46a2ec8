//! Orders that a list can be put into.

use docket_domain::view::ViewSort;
use docket_search::{ViewColumn, ViewOrder, ViewSorted};

/// An order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// What is due first first.
    Due,
    /// The newest ticket first.
    Newest,
    /// The oldest ticket first.
    Oldest,
    /// The most urgent first.
    Priority,
    /// The last change first.
    Changed,
    /// Tickets of one customer beside each other.
    Customer,
}

impl Order {
    /// All of them, in the order they stand in.
    pub const ALL: [Self; 6] = [
        Self::Due,
        Self::Newest,
        Self::Oldest,
        Self::Priority,
        Self::Changed,
        Self::Customer,
    ];

    /// The order of this word in an address.
    pub fn named(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.slug() == slug)
    }

    /// The word in the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Priority => "priority",
            Self::Changed => "changed",
            Self::Customer => "customer",
        }
    }

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Due => t!("Due first"),
            Self::Newest => t!("Newest first"),
            Self::Oldest => t!("Oldest first"),
            Self::Priority => t!("By priority"),
            Self::Changed => t!("Last change first"),
            Self::Customer => t!("By customer"),
        }
    }

    fn sorted(self) -> ViewSorted {
        let (by, descending) = match self {
            Self::Due => (ViewColumn::Due, false),
            Self::Newest => (ViewColumn::Created, true),
            Self::Oldest => (ViewColumn::Created, false),
            Self::Priority => (ViewColumn::Priority, true),
            Self::Changed => (ViewColumn::Updated, true),
            Self::Customer => (ViewColumn::Requester, false),
        };
        ViewSorted { by, descending }
    }

    /// As the index is asked for it.
    pub fn asked(self) -> ViewOrder {
        ViewOrder {
            group: None,
            sort: self.sorted(),
        }
    }

    /// As a saved view keeps it, by the names that views over the API have.
    pub fn kept(self) -> ViewSort {
        let (column, descending) = match self {
            Self::Due => ("sla_next_breach_at", false),
            Self::Newest => ("created", true),
            Self::Oldest => ("created", false),
            Self::Priority => ("priority", true),
            Self::Changed => ("updated", true),
            Self::Customer => ("requester", false),
        };
        ViewSort {
            column: column.to_owned(),
            descending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_that_is_kept_is_the_one_that_was_asked_for() {
        for order in Order::ALL {
            let kept = order.kept();
            let sorted = order.sorted();
            assert_eq!(ViewColumn::named(&kept.column), Some(sorted.by), "{order:?}");
            assert_eq!(kept.descending, sorted.descending);
            assert_eq!(Order::named(order.slug()), Some(order));
        }
    }
}

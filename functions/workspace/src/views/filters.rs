//! What a list is narrowed to: status, priority, group, assignee, tags, channel, organization, customer. Each becomes a condition of the
//! kind that saved views have, so that what is filtered can be kept as a view.

use docket_domain::{
    OrganizationId, PersonId,
    ticket::{Priority, Status, Ticket},
    view::{LONGEST_VALUE, MOST_VALUES, ViewCondition, ViewValue},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

/// Stands for that there is no value.
pub const NONE: &str = "none";
/// Stands for whoever looks.
pub const ME: &str = "me";
/// Ways in which tickets come: the word in the address, which conditions know, too.
pub const CHANNELS: [&str; 4] = ["mail", "web_form", "web_service", "any_channel"];

/// What such a way is called.
pub fn channel_title(channel: &str) -> &str {
    match channel {
        "mail" => t!("Mail"),
        "web_form" => t!("Web"),
        "web_service" => t!("API"),
        "any_channel" => t!("Chat or app"),
        other => other,
    }
}

/// Longest text of one kind, in bytes: what is more is as if it were not there.
const LONGEST_TEXT: usize = 8 * 1024;

/// One kind of filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// By status.
    Status,
    /// By priority.
    Priority,
    /// By group.
    Group,
    /// By who has it.
    Assignee,
    /// By tags, all of which it must have.
    Tag,
    /// By how it came.
    Channel,
    /// By the customer's organization.
    Organization,
    /// By customer.
    Requester,
}

impl Filter {
    /// All of them, in the order they stand in.
    pub const ALL: [Self; 8] = [
        Self::Status,
        Self::Priority,
        Self::Group,
        Self::Assignee,
        Self::Tag,
        Self::Channel,
        Self::Organization,
        Self::Requester,
    ];

    /// The word in the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Group => "group",
            Self::Assignee => "assignee",
            Self::Tag => "tag",
            Self::Channel => "channel",
            Self::Organization => "organization",
            Self::Requester => "requester",
        }
    }

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Status => t!("Status"),
            Self::Priority => t!("Priority"),
            Self::Group => t!("Group"),
            Self::Assignee => t!("Assignee"),
            Self::Tag => t!("Tag"),
            Self::Channel => t!("Channel"),
            Self::Organization => t!("Organization"),
            Self::Requester => t!("Customer"),
        }
    }

    fn field(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Group => "group_id",
            Self::Assignee => "assignee_id",
            Self::Tag => "current_tags",
            Self::Channel => "via_id",
            Self::Organization => "organization_id",
            Self::Requester => "requester_id",
        }
    }

    /// Whether a value can be asked for.
    fn takes(self, value: &str) -> bool {
        let is_id = || value.parse::<u64>().is_ok_and(|id| id > 0);
        match self {
            Self::Status => value.parse::<Status>().is_ok(),
            Self::Priority => value == NONE || value.parse::<Priority>().is_ok(),
            Self::Group => value == NONE || is_id(),
            Self::Assignee => value == NONE || value == ME || is_id(),
            Self::Tag => {
                (1..=Ticket::LONGEST_TAG).contains(&value.chars().count())
                    && !value.contains(char::is_whitespace)
            }
            Self::Channel => CHANNELS.contains(&value),
            Self::Organization | Self::Requester => is_id(),
        }
    }

    fn value_of_condition(self, value: &str) -> String {
        match (self, value) {
            (Self::Assignee, ME) => "current_user".to_owned(),
            (Self::Priority | Self::Group | Self::Assignee, NONE) => String::new(),
            (_, value) => value.to_owned(),
        }
    }
}

/// The part of an address that says what a list is narrowed to: values with commas between. What can't be asked for is as if it were not
/// there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Filters {
    status: String,
    priority: String,
    group: String,
    assignee: String,
    tag: String,
    channel: String,
    organization: String,
    requester: String,
}

impl Filters {
    fn text(&self, filter: Filter) -> &str {
        match filter {
            Filter::Status => &self.status,
            Filter::Priority => &self.priority,
            Filter::Group => &self.group,
            Filter::Assignee => &self.assignee,
            Filter::Tag => &self.tag,
            Filter::Channel => &self.channel,
            Filter::Organization => &self.organization,
            Filter::Requester => &self.requester,
        }
    }

    fn text_mut(&mut self, filter: Filter) -> &mut String {
        match filter {
            Filter::Status => &mut self.status,
            Filter::Priority => &mut self.priority,
            Filter::Group => &mut self.group,
            Filter::Assignee => &mut self.assignee,
            Filter::Tag => &mut self.tag,
            Filter::Channel => &mut self.channel,
            Filter::Organization => &mut self.organization,
            Filter::Requester => &mut self.requester,
        }
    }

    /// The values of one kind, each once, at most as many as a condition takes.
    pub fn values(&self, filter: Filter) -> Vec<&str> {
        let mut values: Vec<&str> = Vec::new();
        let parts = self.text(filter).split([',', ' ']).map(str::trim);
        for value in parts.filter(|value| value.len() <= LONGEST_VALUE && filter.takes(value)) {
            if !values.contains(&value) && values.len() < MOST_VALUES {
                values.push(value);
            }
        }
        values
    }

    /// Whether a value of a kind is asked for.
    pub fn has(&self, filter: Filter, value: impl ToString) -> bool {
        self.values(filter).contains(&value.to_string().as_str())
    }

    /// Adds a value as a form sends it.
    pub fn add(&mut self, filter: Filter, value: &str) {
        let text = self.text_mut(filter);
        if text.len() + value.len() >= LONGEST_TEXT {
            return;
        }
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(value);
    }

    /// The same without one kind.
    #[must_use]
    pub fn without(&self, filter: Filter) -> Self {
        let mut rest = self.clone();
        rest.text_mut(filter).clear();
        rest
    }

    /// The kinds that are asked for.
    pub fn asked(&self) -> impl Iterator<Item = Filter> {
        Filter::ALL
            .into_iter()
            .filter(|filter| !self.values(*filter).is_empty())
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.asked().next().is_none()
    }

    /// The customer, if one is asked for.
    pub fn requesters(&self) -> impl Iterator<Item = PersonId> {
        let values = self.values(Filter::Requester).into_iter();
        values.filter_map(|id| id.parse().ok()).map(PersonId)
    }

    /// Agents that are asked for by their ids.
    pub fn assignees(&self) -> impl Iterator<Item = PersonId> {
        let values = self.values(Filter::Assignee).into_iter();
        values.filter_map(|id| id.parse().ok()).map(PersonId)
    }

    /// Organizations that are asked for.
    pub fn organizations(&self) -> impl Iterator<Item = OrganizationId> {
        let values = self.values(Filter::Organization).into_iter();
        values.filter_map(|id| id.parse().ok()).map(OrganizationId)
    }

    /// As conditions of a view.
    pub fn conditions(&self) -> Vec<ViewCondition> {
        let condition = |filter: Filter, values: Vec<String>| ViewCondition {
            field: filter.field().to_owned(),
            operator: "includes".to_owned(),
            value: ViewValue::Many(values),
        };
        self.asked()
            .flat_map(|filter| {
                let values = self.values(filter).into_iter();
                let values: Vec<String> = values.map(|value| filter.value_of_condition(value)).collect();
                match filter {
                    // A ticket has several tags: each narrows it further.
                    Filter::Tag => values
                        .into_iter()
                        .map(|tag| condition(filter, vec![tag]))
                        .collect(),
                    _ => vec![condition(filter, values)],
                }
            })
            .collect()
    }

    /// As part of an address, with `&` in front of each; empty where nothing is asked for.
    pub fn parameters(&self) -> String {
        let part = |filter: Filter| {
            let values: Vec<String> = self
                .values(filter)
                .into_iter()
                .map(|value| utf8_percent_encode(value, NON_ALPHANUMERIC).to_string())
                .collect();
            format!("&{}={}", filter.slug(), values.join(","))
        };
        self.asked().map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_search::check_condition;

    fn filters(text: &[(Filter, &str)]) -> Filters {
        let mut filters = Filters::default();
        for (filter, value) in text {
            filters.add(*filter, value);
        }
        filters
    }

    #[test]
    fn an_address_says_what_is_asked_for_once_and_nothing_else() {
        let asked = filters(&[
            (Filter::Status, "open"),
            (Filter::Status, "pending,open"),
            (Filter::Tag, "vip ä&b"),
            (Filter::Group, "x"),
            (Filter::Assignee, "me"),
            (Filter::Channel, "\"><b>"),
        ]);
        assert_eq!(
            asked.parameters(),
            "&status=open,pending&assignee=me&tag=vip,%C3%A4%26b"
        );
        assert_eq!(
            asked.without(Filter::Status).parameters(),
            "&assignee=me&tag=vip,%C3%A4%26b"
        );
        assert!(Filters::default().is_empty());
        assert!(filters(&[(Filter::Requester, "0")]).is_empty());
        assert!(filters(&[(Filter::Tag, "a,".repeat(LONGEST_TEXT).as_str())]).is_empty());
    }

    #[test]
    fn every_filter_is_a_condition_that_can_be_asked() {
        let asked = filters(&[
            (Filter::Status, "open"),
            (Filter::Priority, "none,high"),
            (Filter::Group, "none,2"),
            (Filter::Assignee, "me,none,7"),
            (Filter::Tag, "a,b"),
            (Filter::Channel, "mail,web_form,web_service,any_channel"),
            (Filter::Organization, "3"),
            (Filter::Requester, "9"),
        ]);
        let conditions = asked.conditions();
        assert_eq!(conditions.len(), 9, "a condition for each tag");
        for condition in conditions {
            assert_eq!(check_condition(&condition), Ok(()), "{}", condition.field);
        }
    }
}

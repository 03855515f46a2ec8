//! What stands above and below the rows of a list: filters as a form and as chips, orders, what can be done to the ticked ones.

use crate::{
    models::offered_macros::offered,
    names::Names,
    views::{
        View,
        address::ListAddress,
        asked::usual_order,
        filters::{CHANNELS, Filter, ME, NONE, channel_title},
        order::Order,
    },
    words,
};
use docket_domain::{
    PersonId,
    configuration::Group,
    people::{organization::Organization, person::Person},
    rule::{Rule, RuleBook},
    ticket::{Priority, Status},
};

/// Most agents that are offered: whoever is not among them is found by a filter of another kind, or on the ticket.
const MOST_AGENTS: usize = 50;

/// A value that can be chosen.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

/// What a list is narrowed to, as a chip that takes it back.
pub struct Chip {
    pub words: String,
    pub href: String,
}

/// The way to another order.
pub struct OrderLink {
    pub title: &'static str,
    pub href: String,
    pub is_current: bool,
}

/// All of it.
pub struct ListMenus {
    /// Whether the list can be narrowed and ordered at all.
    pub can_be_asked: bool,
    pub view: String,
    /// The order that is asked for; empty for the view's own.
    pub order: &'static str,
    pub order_title: &'static str,
    pub orders: Vec<OrderLink>,
    pub statuses: Vec<Choice>,
    pub priorities: Vec<Choice>,
    pub groups: Vec<Choice>,
    pub assignees: Vec<Choice>,
    pub channels: Vec<Choice>,
    /// Tags with spaces between.
    pub tags: String,
    /// The ids of what is narrowed to already; empty where nothing is.
    pub organization: String,
    pub requester: String,
    pub chips: Vec<Chip>,
    /// The whole view.
    pub whole: String,
    /// The page itself, with nothing more to say.
    pub here: String,
    /// Agents whom tickets can be given to.
    pub agents: Vec<Choice>,
    /// Macros that can be run on tickets.
    pub macros: Vec<Choice>,
}

/// What is known for them.
pub struct Known<'a> {
    pub me: &'a Person,
    pub groups: &'a [Group],
    pub staff: &'a [Person],
    pub organizations: &'a [Organization],
    pub names: &'a Names,
    pub rules: &'a RuleBook,
}

impl ListMenus {
    /// Those of a list.
    pub fn of(address: &ListAddress, known: &Known<'_>) -> Self {
        let filters = &address.filters;
        let choice = |filter: Filter, value: &str, label: &str| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            is_chosen: filters.has(filter, value),
        };
        let agents = agents(known);
        let of_agent = |person: &&Person| choice(Filter::Assignee, &person.id.to_string(), &person.name);
        let mut assignees = vec![
            choice(Filter::Assignee, ME, t!("Me")),
            choice(Filter::Assignee, NONE, t!("Nobody")),
        ];
        assignees.extend(agents.iter().map(of_agent));
        let mut groups: Vec<Choice> = known
            .groups
            .iter()
            .map(|group| choice(Filter::Group, &group.id.to_string(), &group.name))
            .collect();
        groups.push(choice(Filter::Group, NONE, t!("No group")));
        let priority = |priority: &Priority| {
            let label = words::priority(Some(*priority));
            choice(Filter::Priority, priority.as_str(), label)
        };
        let mut priorities: Vec<Choice> = Priority::ALL.iter().rev().map(priority).collect();
        priorities.push(choice(Filter::Priority, NONE, t!("None")));
        let status = |status: &Status| choice(Filter::Status, status.as_str(), words::status(*status));
        let channel = |value: &&str| choice(Filter::Channel, value, channel_title(value));
        let of_macro = |rule: &Rule| Choice {
            value: rule.id.to_string(),
            label: rule.name.clone(),
            is_chosen: false,
        };
        let join = |filter: Filter, with: &str| filters.values(filter).join(with);
        let (orders, order_title) = orders(address);
        Self {
            can_be_asked: address.view().can_be_asked(),
            view: address.view().slug(),
            order: address.order().map_or("", Order::slug),
            order_title,
            orders,
            statuses: Status::ALL.iter().map(status).collect(),
            priorities,
            groups,
            assignees,
            channels: CHANNELS.iter().map(channel).collect(),
            tags: join(Filter::Tag, " "),
            organization: join(Filter::Organization, ","),
            requester: join(Filter::Requester, ","),
            chips: chips(address, known),
            whole: address.whole().href(),
            here: address.href(),
            agents: agents.iter().map(of_agent).collect(),
            macros: offered(known.rules).into_iter().map(of_macro).collect(),
        }
    }
}

/// Agents whom tickets can be given to: those of the same groups first, else by name.
fn agents<'p>(known: &Known<'p>) -> Vec<&'p Person> {
    let mut agents: Vec<&Person> = known
        .staff
        .iter()
        .filter(|person| person.id != known.me.id)
        .collect();
    agents.sort_by_key(|person| {
        let is_near = person.groups.iter().any(|group| known.me.groups.contains(group));
        (!is_near, person.name.to_lowercase(), person.id)
    });
    agents.truncate(MOST_AGENTS);
    agents
}

fn orders(address: &ListAddress) -> (Vec<OrderLink>, &'static str) {
    let view = address.view();
    let current = address.order();
    let own = match view {
        View::Unassigned => t!("As they are given out"),
        View::Mentions => t!("Last named first"),
        View::Paused => t!("Longest waiting first"),
        View::Snoozed => t!("Next to wake first"),
        View::Saved(_) => t!("The view's own order"),
        view => usual_order(view).title(),
    };
    let link = |order: Option<Order>, title: &'static str| OrderLink {
        title,
        href: address.in_order(order).href(),
        is_current: current == order,
    };
    let mut links = vec![link(None, own)];
    let others = Order::ALL.into_iter().filter(|order| order.title() != own);
    links.extend(others.map(|order| link(Some(order), order.title())));
    let title = current.map_or(own, Order::title);
    if !links.iter().any(|link| link.is_current)
        && let Some(first) = links.first_mut()
    {
        first.is_current = true;
    }
    (links, title)
}

fn chips(address: &ListAddress, known: &Known<'_>) -> Vec<Chip> {
    if !address.is_narrowed() {
        return vec![];
    }
    let chip = |filter: Filter| {
        let values = address.filters.values(filter);
        let labels: Vec<String> = values.iter().map(|value| label(filter, value, known)).collect();
        Chip {
            words: format!("{}: {}", filter.title(), labels.join(", ")),
            href: address.without(filter).href(),
        }
    };
    address.filters.asked().map(chip).collect()
}

fn label(filter: Filter, value: &str, known: &Known<'_>) -> String {
    let id: u64 = value.parse().unwrap_or(0);
    match filter {
        Filter::Status => value
            .parse()
            .map_or_else(|_| value.to_owned(), |status| words::status(status).to_owned()),
        Filter::Priority => words::priority(value.parse().ok()).to_owned(),
        Filter::Group if value == NONE => t!("No group").to_owned(),
        Filter::Group => known.names.group(docket_domain::GroupId(id)),
        Filter::Assignee if value == ME => t!("Me").to_owned(),
        Filter::Assignee if value == NONE => t!("Nobody").to_owned(),
        Filter::Assignee | Filter::Requester => known.names.person(PersonId(id)),
        Filter::Tag => value.to_owned(),
        Filter::Channel => channel_title(value).to_owned(),
        Filter::Organization => known
            .organizations
            .iter()
            .find(|organization| organization.id.0 == id)
            .map_or_else(
                || t!("Organization {id}", id),
                |organization| organization.name.clone(),
            ),
    }
}

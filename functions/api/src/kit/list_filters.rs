//! Filters and orders of lists that clients know from other desks, and that a list here does not have: one that is passed over would
//! be answered with everything.

use crate::kit::{address::Address, error::ApiError};

/// By which clients leave rows of lists out or put them in order.
const KNOWN_TO_CLIENTS: &[&str] = &[
    "access",
    "assignee_id",
    "brand_id",
    "created_after",
    "created_before",
    "email",
    "end_time",
    "external_id",
    "external_ids",
    "group_id",
    "name",
    "only_viewable",
    "organization_id",
    "permission_set",
    "phone",
    "priority",
    "query",
    "recipient",
    "requester_id",
    "role",
    "role[]",
    "roles",
    "sort",
    "sort_by",
    "sort_order",
    "start_time",
    "status",
    "submitter_id",
    "subject",
    "tags",
    "type",
    "updated_after",
    "updated_before",
    "user_id",
];
/// The filters that a list has, by its path.
const HERE: &[(&str, &[&str])] = &[
    ("/users", &["role", "role[]", "permission_set", "external_id"]),
    ("/users/count", &["role", "role[]", "permission_set"]),
    ("/requests", &["status", "sort_by"]),
    ("/requests/open", &["sort_by"]),
    ("/requests/solved", &["sort_by"]),
    ("/requests/ccd", &["sort_by"]),
    (
        "/requests/search",
        &["query", "status", "organization_id", "cc_id", "sort_by"],
    ),
    ("/users/search", &["query", "external_id"]),
    ("/users/show_many", &["external_ids"]),
    ("/organizations/show_many", &["external_ids"]),
    ("/users/autocomplete", &["name", "phone"]),
    ("/organizations/search", &["external_id", "name", "query"]),
    ("/organizations/autocomplete", &["name"]),
    ("/autocomplete/tags", &["name"]),
    ("/satisfaction_ratings", &["score", "start_time", "end_time"]),
    (
        "/satisfaction_ratings/count",
        &["score", "start_time", "end_time"],
    ),
    (
        "/satisfaction_ratings/received",
        &["score", "start_time", "end_time"],
    ),
    (
        "/audit_logs",
        &[
            "filter[source_type]",
            "filter[source_id]",
            "filter[actor_id]",
            "filter[action]",
            "filter[created_at]",
            "filter[created_at][]",
        ],
    ),
    ("/search", SEARCHED_BY),
    ("/search/count", SEARCHED_BY),
    ("/search/export", &["query", "filter[type]"]),
    ("/routing/agents/instance_values", &["filter[agent_ids]"]),
];
/// What a search has; its orders are read by whoever has the language of queries.
const SEARCHED_BY: &[&str] = &["query", "filter[type]", "sort_by", "sort_order"];
/// Lists that read their filters and orders themselves, by how their paths begin, and refuse what they do not have.
const OWN: &[(&str, &[&str])] = &[
    (
        "/views",
        &["access", "group_id", "query", "sort", "sort_by", "sort_order"],
    ),
    (
        "/macros",
        &[
            "access",
            "only_viewable",
            "query",
            "sort",
            "sort_by",
            "sort_order",
        ],
    ),
    ("/triggers", &["query", "sort", "sort_by", "sort_order"]),
    ("/automations", &["query", "sort", "sort_by", "sort_order"]),
    ("/trigger_categories", &["sort"]),
];
/// Orders that every list has: ids are given in the order in which things come.
const ORDERS: &[&str] = &["id", "created_at"];

/// Orders that lists of tickets have beside.
const ORDERS_OF_TICKETS: &[&str] = &["priority", "status", "updated_at"];

/// Whether a list is one of tickets that the index of the search puts in order.
fn is_of_tickets(path: &str) -> bool {
    let of_somebody = path.starts_with("/users/") || path.starts_with("/organizations/");
    let ends = [
        "/tickets",
        "/tickets/requested",
        "/tickets/assigned",
        "/tickets/ccd",
    ];
    path == "/tickets" || (of_somebody && ends.iter().any(|end| path.ends_with(end)))
}

/// The filters that a list of the people of a group or an organization has; none of any other list.
fn of_members(path: &str) -> &'static [&'static str] {
    let is_of_many = path.starts_with("/groups/") || path.starts_with("/organizations/");
    match () {
        () if is_of_many && path.ends_with("/users") => &["role", "role[]", "permission_set", "external_id"],
        () if is_of_many && path.ends_with("/users/count") => &["role", "role[]", "permission_set"],
        () => &[],
    }
}

/// Refuses a filter or order that the list at this address does not have.
pub(crate) fn refuse_others(address: &Address) -> Result<(), ApiError> {
    let of_path = HERE.iter().find(|(path, _)| *path == address.path);
    let here = of_path.map(|(_, names)| *names).unwrap_or_default();
    let own = OWN.iter().find(|(path, _)| address.path.starts_with(path));
    let own = own.map(|(_, names)| *names).unwrap_or_default();
    for (name, value) in &address.query {
        let is_filter = KNOWN_TO_CLIENTS.contains(&name.as_str()) || name.starts_with("filter[");
        let is_here = match name.as_str() {
            "sort_by" | "sort" if is_of_tickets(&address.path) => {
                let by = value.trim_start_matches('-');
                ORDERS.contains(&by) || ORDERS_OF_TICKETS.contains(&by)
            }
            "external_id" if address.path == "/tickets" => true,
            "type" if address.path.starts_with("/users/") && address.path.ends_with("/identities") => true,
            "start_time" if address.path.starts_with("/incremental/") => true,
            name if here.contains(&name) || own.contains(&name) => true,
            name if of_members(&address.path).contains(&name) => true,
            "sort_by" | "sort" => ORDERS.contains(&value.trim_start_matches('-')),
            "sort_order" => ["asc", "desc"].contains(&value.to_ascii_lowercase().as_str()),
            _ => false,
        };
        if is_filter && !is_here {
            let words = "is no filter or order that this list has, or not with this value";
            return Err(ApiError::invalid(name, words));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_works_or_is_refused() {
        let is_refused = |path: &str, query: &str| refuse_others(&Address::for_test(path, query)).is_err();
        for (path, query) in [
            ("/groups", "external_id=7"),
            ("/groups", "sort_by=status"),
            ("/groups/7/memberships", "role=agent"),
            ("/organizations/7/users/count", "external_id=a"),
            ("/tickets", "sort=-assignee.name"),
            ("/tickets/recent", "sort=-updated_at"),
            ("/users/7/group_memberships", "sort_by=status"),
            ("/tickets", "sort_order=up"),
            ("/groups", "permission_set=1"),
            ("/groups", "filter[name]=x"),
            ("/search/export", "query=a&sort_by=status"),
            ("/tickets", "filter[agent_ids]=3"),
            ("/routing/attributes", "filter[agent_ids]=3"),
        ] {
            assert!(is_refused(path, query), "{path} {query}");
        }
        for (path, query) in [
            (
                "/tickets",
                "page=2&per_page=5&include=users&sort_by=created_at&sort_order=desc",
            ),
            ("/tickets", "external_id=7"),
            ("/tickets", "sort_by=status&sort_order=desc"),
            ("/tickets", "sort=-updated_at"),
            ("/users/7/tickets/assigned", "sort_by=priority"),
            ("/organizations/7/tickets", "sort_by=updated_at"),
            ("/incremental/tickets/cursor", "start_time=0"),
            ("/tickets", "page[size]=5&sort=-id&_=17"),
            ("/users", "role[]=agent&role[]=admin"),
            ("/users", "external_id=7"),
            ("/users/autocomplete", "phone=49&filter=assignable"),
            ("/groups/7/users", "role[]=agent&role[]=admin&external_id=7"),
            ("/organizations/7/users/count", "role=end-user&permission_set=1"),
            ("/users/show_many", "external_ids=a,b"),
            ("/organizations/show_many", "external_ids=a"),
            ("/users/7/identities", "type=email"),
            ("/organizations/search", "name=Acme"),
            (
                "/search",
                "query=a&sort_by=status&sort_order=asc&filter[type]=user",
            ),
            ("/routing/agents/instance_values", "filter[agent_ids]=3"),
        ] {
            assert!(!is_refused(path, query), "{path} {query}");
        }
    }
}

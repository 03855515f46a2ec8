//! Who may do what: one table for all paths, which says no to whatever it does not name. A handler decides further only what depends on
//! the record: an agent changes customers and no colleagues, a customer sees what is theirs ([`super::sight`]).

use crate::kit::error::ApiError;
use docket_domain::people::{person::Person, staff::Role};
use http::Method;

/// Who calls, as far as it says what they may do. Whoever was suspended or deleted is let in as nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Principal {
    /// Somebody without credentials.
    Stranger,
    /// Somebody who asks.
    Customer,
    /// Somebody who answers.
    Agent,
    /// Somebody who sets the desk up.
    Admin,
}

impl Principal {
    /// Who somebody is by their role.
    pub fn of(person: &Person) -> Self {
        match person.role {
            Role::EndUser => Self::Customer,
            Role::Agent => Self::Agent,
            Role::Admin => Self::Admin,
        }
    }
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Read,
    Write,
}

impl Action {
    fn of(method: &Method) -> Self {
        match *method {
            Method::GET | Method::HEAD => Self::Read,
            _ => Self::Write,
        }
    }
}

use Principal::{Admin, Agent, Customer, Stranger};

/// Paths that are not as the rest of their resource.
const PATHS: &[(Method, &str, Principal)] = &[
    (Method::POST, "/requests", Stranger),
    (Method::GET, "/users/me", Customer),
    (Method::PUT, "/agents/{id}/settings", Admin),
    // For good: nobody can undo it.
    (Method::DELETE, "/deleted_tickets/{id}", Admin),
    (Method::DELETE, "/deleted_tickets/destroy_many", Admin),
    (Method::GET, "/routing/drift", Admin),
    (Method::POST, "/users/{id}/group_memberships", Admin),
    (
        Method::DELETE,
        "/users/{id}/group_memberships/{membership}",
        Admin,
    ),
    (Method::GET, "/organizations/{id}/merges", Admin),
    (Method::POST, "/routing/tickets/{id}/instance_values", Agent),
];

/// The least that somebody has to be to read of a resource, and to change it: what stands first in its path.
const RESOURCES: &[(&str, Principal, Principal)] = &[
    ("account", Agent, Admin),
    ("activities", Agent, Admin),
    ("agents", Agent, Agent),
    ("apps", Agent, Admin),
    ("attachments", Agent, Agent),
    ("audit_logs", Admin, Admin),
    ("autocomplete", Agent, Admin),
    ("automations", Agent, Admin),
    ("bookmarks", Agent, Agent),
    ("brand_agents", Agent, Admin),
    ("brands", Agent, Admin),
    ("business_hours", Agent, Admin),
    ("channels", Agent, Admin),
    ("comment_redactions", Agent, Agent),
    ("custom_objects", Agent, Admin),
    ("custom_roles", Agent, Admin),
    ("custom_status", Agent, Admin),
    ("custom_statuses", Agent, Admin),
    ("deleted_tickets", Agent, Agent),
    ("deleted_users", Agent, Admin),
    ("deletion_schedules", Agent, Admin),
    ("dynamic_content", Agent, Admin),
    ("email_notifications", Agent, Admin),
    ("end_users", Admin, Admin),
    ("group_memberships", Agent, Admin),
    ("group_slas", Agent, Admin),
    ("groups", Agent, Admin),
    ("imports", Admin, Admin),
    ("incremental", Agent, Admin),
    ("job_statuses", Agent, Admin),
    ("ledger", Agent, Admin),
    ("locales", Agent, Admin),
    ("macros", Agent, Admin),
    ("oauth", Admin, Admin),
    ("object_layouts", Agent, Admin),
    ("organization_fields", Agent, Admin),
    ("organization_memberships", Agent, Agent),
    ("organization_merges", Admin, Admin),
    ("organization_subscriptions", Agent, Agent),
    ("organizations", Agent, Admin),
    ("problems", Agent, Agent),
    ("queues", Agent, Admin),
    ("recipient_addresses", Agent, Admin),
    ("requests", Customer, Customer),
    ("resource_collections", Agent, Admin),
    ("routing", Agent, Admin),
    ("routing_rules", Agent, Admin),
    ("satisfaction_ratings", Agent, Admin),
    ("satisfaction_reasons", Agent, Admin),
    ("search", Agent, Admin),
    ("sessions", Agent, Admin),
    ("sharing_agreements", Agent, Admin),
    ("skips", Agent, Agent),
    ("slas", Agent, Admin),
    ("suspended_tickets", Agent, Agent),
    ("tags", Agent, Agent),
    ("target_failures", Agent, Admin),
    ("targets", Agent, Admin),
    ("ticket_audits", Agent, Admin),
    ("ticket_content_pins", Agent, Agent),
    ("ticket_fields", Agent, Admin),
    ("ticket_form_statuses", Agent, Admin),
    ("ticket_forms", Agent, Admin),
    ("ticket_metrics", Agent, Admin),
    ("tickets", Agent, Agent),
    ("trigger_categories", Agent, Admin),
    ("triggers", Agent, Admin),
    ("uploads", Customer, Customer),
    ("user_fields", Agent, Admin),
    ("users", Agent, Agent),
    ("views", Agent, Agent),
    ("workspaces", Agent, Admin),
    ("zen:organization", Agent, Admin),
    ("zen:ticket", Agent, Admin),
    ("zen:user", Agent, Admin),
];

/// The least that somebody has to be for a path; nothing: nobody may.
fn least(method: &Method, route: &str) -> Option<Principal> {
    // Whoever asks for the head of an answer asks for it.
    let method = if *method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let own = PATHS
        .iter()
        .find(|(of, path, _)| of == method && is_same(path, route));
    if let Some((.., least)) = own {
        return Some(*least);
    }
    let resource = route.split('/').find(|segment| !segment.is_empty())?;
    let (_, read, write) = RESOURCES.iter().find(|(name, ..)| *name == resource)?;
    Some(match Action::of(method) {
        Action::Read => *read,
        Action::Write => *write,
    })
}

/// Whether somebody may call a path, by its pattern; what the table does not name nobody may.
///
/// # Errors
/// When they may not.
pub(crate) fn authorize(principal: Principal, method: &Method, route: &str) -> Result<(), ApiError> {
    let route = route.strip_prefix("/api/v2").unwrap_or(route);
    match least(method, route) {
        Some(least) if principal >= least => Ok(()),
        Some(Stranger | Customer) => Err(ApiError::Unauthenticated),
        Some(Agent) => Err(ApiError::Forbidden("Only agents and admins may do this.")),
        Some(Admin) => Err(ApiError::Forbidden("Only admins may do this.")),
        None => Err(ApiError::Forbidden("Nobody may do this.")),
    }
}

/// Whether two patterns are the same, whatever their parameters are called.
fn is_same(one: &str, other: &str) -> bool {
    let is_parameter = |segment: &str| segment.starts_with('{');
    let mut segments = one.split('/').zip(other.split('/'));
    one.split('/').count() == other.split('/').count()
        && segments.all(|(a, b)| a == b || (is_parameter(a) && is_parameter(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(principal: Principal, method: &Method, route: &str) -> bool {
        authorize(principal, method, route).is_ok()
    }

    #[test]
    fn what_the_table_does_not_name_nobody_may() {
        for principal in [Stranger, Customer, Agent, Admin] {
            assert!(!may(principal, &Method::GET, "/secrets"));
            assert!(!may(principal, &Method::GET, "/"));
        }
    }

    #[test]
    fn a_resource_is_read_and_changed_by_whom_the_table_names_and_those_above() {
        assert!(may(Admin, &Method::POST, "/groups") && !may(Agent, &Method::POST, "/groups"));
        assert!(may(Agent, &Method::GET, "/groups/{id}") && !may(Customer, &Method::GET, "/groups/{id}"));
        assert!(
            may(Customer, &Method::PUT, "/requests/{id}") && !may(Stranger, &Method::PUT, "/requests/{id}")
        );
    }

    #[test]
    fn a_path_of_its_own_goes_before_its_resource() {
        assert!(may(Stranger, &Method::POST, "/api/v2/requests"));
        assert!(!may(Stranger, &Method::GET, "/api/v2/requests"));
        assert!(may(Customer, &Method::GET, "/users/me") && !may(Customer, &Method::GET, "/users/{id}"));
        assert!(!may(Customer, &Method::GET, "/users/{user_id}/requests"));
        assert!(may(
            Agent,
            &Method::POST,
            "/routing/tickets/{any}/instance_values"
        ));
        for (method, route) in [
            (Method::GET, "/routing/drift"),
            (Method::HEAD, "/routing/drift"),
            (Method::DELETE, "/deleted_tickets/{number}"),
            (Method::DELETE, "/deleted_tickets/destroy_many"),
        ] {
            assert!(
                may(Admin, &method, route) && !may(Agent, &method, route),
                "{method} {route}"
            );
        }
        assert!(may(Agent, &Method::PUT, "/deleted_tickets/{id}/restore"));
    }

    #[test]
    fn a_resource_stands_in_the_table_once() {
        let names: Vec<&str> = RESOURCES.iter().map(|(name, ..)| *name).collect();
        assert!(
            names.windows(2).all(|pair| pair[0] < pair[1]),
            "in order, each once"
        );
    }
}

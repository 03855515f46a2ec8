//! Who may see what.

use crate::desk::{ACME, ask, found_by, heads, organization_of};
use docket_domain::{GroupId, OrganizationId, PersonId};
use docket_search::{Column, Direction, Order, Seen, Sight};

fn of_customer(query: &str) -> String {
    found_by(query, &Seen::customer(PersonId(11), []), 11)
}

#[test]
fn a_customer_finds_their_own_tickets_and_nothing_internal() {
    for (query, expected) in [
        ("", "1 2 1234"),
        ("lamp", "1 1234"),
        ("dossier", ""),
        ("comment:dossier", ""),
        ("attachment_name:dossier.pdf", ""),
        ("attachment_name:photo.jpg", "1"),
        ("has_attachment:true", "1"),
        ("has_attachment:false", "2 1234"),
        ("gold", ""),
        ("erp-7", ""),
        ("password", ""),
        ("status<solved", "1"),
        ("type:user", ""),
        ("jane type:user", ""),
        ("requester:bob", "2"),
    ] {
        assert_eq!(of_customer(query), expected, "{query}");
    }
}

#[test]
fn a_customer_learns_nothing_of_how_the_desk_works() {
    for query in [
        "tags:vip",
        "assignee:agatha",
        "group:support",
        "priority:urgent",
        "commenter:agatha",
        "external_id:erp-7",
        "custom_field_plan:gold",
        "fieldvalue:gold",
        "submitter:bob",
        "due_date:none",
        "via:mail",
        "language:en",
    ] {
        assert_eq!(of_customer(query), "", "{query}");
        assert_eq!(of_customer(&format!("-{query}")), "1 2 1234", "{query}");
    }
}

#[test]
fn agents_see_their_groups_and_no_query_widens_it() {
    let seen = Seen::staff([Sight::Group(GroupId(5)), Sight::Assignee(PersonId(12))]);
    for (query, expected) in [
        ("type:ticket", "1 1234"),
        ("group:6", ""),
        ("-group:5 type:ticket", "1234"),
        ("refund", ""),
        ("jane type:user", "p11"),
    ] {
        assert_eq!(found_by(query, &seen, 21), expected, "{query}");
    }
    assert_eq!(found_by("type:ticket", &Seen::staff([]), 21), "");
    let shared = Seen::customer(PersonId(99), [ACME]);
    assert_eq!(found_by("*", &shared, 99), "1 1234");
    assert_eq!(
        found_by("*", &Seen::customer(PersonId(99), [OrganizationId(1)]), 99),
        ""
    );
}

#[test]
fn a_ticket_that_moved_away_is_seen_no_more_whatever_the_index_says() {
    let seen = Seen::staff([Sight::Group(GroupId(5))]);
    let asked = ask("lamp", &seen, 21);
    let mut head = heads().remove(0);
    assert!(asked.matches(&head, organization_of(&head)));
    head.group = Some(GroupId(6));
    assert!(!asked.matches(&head, organization_of(&head)));

    let shared = ask("lamp", &Seen::customer(PersonId(99), [ACME]), 99);
    assert!(shared.matches(&head, Some(ACME)) && !shared.matches(&head, None));
}

#[test]
fn a_customer_can_not_order_by_what_is_internal() {
    let order = |seen| ask("lamp order_by:priority", &seen, 11).question(0, 1).order;
    assert_eq!(order(Seen::customer(PersonId(11), [])), Order::Relevance);
    assert_eq!(
        order(Seen::everything()),
        Order::By(Column::Priority, Direction::Descending)
    );
}

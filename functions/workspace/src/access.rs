//! What each page is about, for the one table that says who may do what (`docket_domain::people::access`). A page that is not named
//! here nobody sees.

use crate::failure::Failure;
use axum::http::Method;
use docket_domain::{
    people::{
        access::{Action, Kind, Principal, Resource, authorize},
        person::Person,
    },
    view::{View, ViewFor},
};

/// What stands first in an address below `/agent`, what it is about, and whether that is always one's own.
const PLACES: &[(&str, Kind, bool)] = &[
    ("availability", Kind::Availability, true),
    // What may harm, its handler asks for.
    ("held", Kind::HeldMail, false),
    ("notifications", Kind::Notices, true),
    ("palette", Kind::Search, false),
    ("preferences", Kind::Preferences, true),
    ("search", Kind::Search, false),
    ("sessions", Kind::Sessions, true),
    ("sign-out", Kind::Sessions, true),
    ("tickets", Kind::Tickets, false),
    ("version", Kind::Tickets, false),
    // Whose a saved view is, its handler knows.
    ("views", Kind::Views, true),
];

/// Lets somebody do what they ask for, by the pattern of its address.
pub fn admit(principal: Principal, method: &Method, route: &str) -> Result<(), Failure> {
    let first = route
        .strip_prefix("/agent/")
        .and_then(|rest| rest.split('/').next());
    let place = PLACES.iter().find(|(name, ..)| Some(*name) == first);
    let Some((_, kind, is_own)) = place else {
        tracing::error!(
            route,
            "a page is not named in the table of places, so nobody sees it"
        );
        return Err(Failure::Missing);
    };
    let resource = if *is_own {
        principal.own(*kind)
    } else {
        let owner = None;
        Resource { kind: *kind, owner }
    };
    let action = match *method {
        Method::GET | Method::HEAD => Action::Read,
        _ => Action::Change,
    };
    Ok(authorize(principal, action, resource)?)
}

/// Whether somebody may change a saved view, or take it away.
pub fn may_change_view(person: &Person, view: &View) -> bool {
    let owner = match view.is_for {
        ViewFor::Person(owner) => Some(owner),
        ViewFor::Everyone | ViewFor::Groups(_) => None,
    };
    let kind = Kind::Views;
    Principal::of(person)
        .is_some_and(|principal| authorize(principal, Action::Change, Resource { kind, owner }).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::people::staff::Role;

    #[test]
    fn a_view_is_changed_by_whose_it_is_and_any_by_an_admin() {
        let now = docket_domain::Timestamp::UNIX_EPOCH;
        let person = |id, role| {
            let mut person = Person::first_seen(docket_domain::PersonId(id), "Ben", vec![], now);
            person.role = role;
            person
        };
        let (ben, ada) = (person(2, Role::Agent), person(1, Role::Admin));
        let mut view = View::new(docket_domain::ViewId(1001), "Late", now);
        for (is_for, ben_may) in [
            (ViewFor::Person(ben.id), true),
            (ViewFor::Person(docket_domain::PersonId(3)), false),
            (ViewFor::Everyone, false),
            (ViewFor::Groups(vec![docket_domain::GroupId(1)]), false),
        ] {
            view.is_for = is_for;
            assert_eq!(
                (may_change_view(&ben, &view), may_change_view(&ada, &view)),
                (ben_may, true)
            );
        }
    }

    /// Those that are for whoever is not signed in.
    const OPEN: [&str; 2] = ["assets", "sign-in"];

    #[test]
    fn every_page_for_those_who_are_signed_in_is_named() {
        let sources = [
            include_str!("app.rs"),
            include_str!("pages/held.rs"),
            include_str!("pages/sign_in/mod.rs"),
            include_str!("pages/sessions.rs"),
        ];
        let routes = sources
            .iter()
            .flat_map(|source| source.split("\"/agent/").skip(1));
        let firsts = routes.filter_map(|rest| rest.split(['/', '"', '?']).next());
        let mut seen = 0;
        for first in firsts.filter(|first| !first.is_empty() && !OPEN.contains(first)) {
            assert!(
                PLACES.iter().any(|(name, ..)| *name == first),
                "/agent/{first} stands in no row of PLACES"
            );
            seen += 1;
        }
        assert!(seen >= PLACES.len());
        assert!(PLACES.windows(2).all(|pair| pair[0].0 < pair[1].0), "in order");
    }
}

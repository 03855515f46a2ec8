//! Who may do what in the workspace: one table, which says no to whatever it does not name.

use super::{person::Person, staff::Role};
use crate::PersonId;

/// Somebody who is signed in. Whoever does not work here, or not now, is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Principal {
    person: PersonId,
    role: Role,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is looked at.
    Read,
    /// It is changed.
    Change,
}

/// What it is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Tickets, with their comments and files. Theirs who has it in hand.
    Tickets,
    /// Customers and their organizations.
    Customers,
    /// Mail that was held, and that a person may let in.
    HeldMail,
    /// Mail that was held because it may harm, or can't be read.
    Quarantine,
    /// What a search finds, and the palette.
    Search,
    /// Saved views. Theirs who saved it.
    Views,
    /// Drafts. Theirs who writes.
    Drafts,
    /// What somebody is told, and what they want to be told.
    Notices,
    /// In which language and time zone somebody reads the desk.
    Preferences,
    /// Whether somebody takes new tickets.
    Availability,
    /// Browsers in which somebody is signed in.
    Sessions,
    /// How the desk is set up.
    Settings,
    /// How the desk is.
    Health,
}

/// A thing of a kind, with whose it is, where it is anybody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The kind.
    pub kind: Kind,
    /// Whose it is; nothing: the desk's.
    pub owner: Option<PersonId>,
}

/// The table does not allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{role:?} may not {action:?} {kind:?} that are {whose}", whose = if *is_own { "their own" } else { "not their own" })]
pub struct NotAllowed {
    role: Role,
    action: Action,
    kind: Kind,
    is_own: bool,
}

impl Principal {
    /// Who somebody is here; nobody, where they do not work here now.
    pub fn of(person: &Person) -> Option<Self> {
        person.may_work().then_some(Self {
            person: person.id,
            role: person.role,
        })
    }

    /// The same of whom nothing but this is known.
    #[cfg(test)]
    fn new(person: PersonId, role: Role) -> Self {
        Self { person, role }
    }

    /// A thing of this person's own.
    pub fn own(self, kind: Kind) -> Resource {
        Resource {
            kind,
            owner: Some(self.person),
        }
    }
}

use Action::{Change, Read};
use Kind::{
    Availability, Customers, Drafts, Health, HeldMail, Notices, Preferences, Quarantine, Search, Sessions,
    Settings, Tickets, Views,
};

/// For each action on each kind the least that somebody has to be where it is their own, and where it is another's or the desk's.
/// Nothing: nobody may.
const TABLE: &[(Kind, Action, Option<Role>, Option<Role>)] = &[
    (Tickets, Read, Some(Role::Agent), Some(Role::Agent)),
    (Tickets, Change, Some(Role::Agent), Some(Role::Agent)),
    (Customers, Read, Some(Role::Agent), Some(Role::Agent)),
    (Customers, Change, Some(Role::Agent), Some(Role::Agent)),
    (HeldMail, Read, Some(Role::Agent), Some(Role::Agent)),
    (HeldMail, Change, Some(Role::Agent), Some(Role::Agent)),
    (Quarantine, Read, Some(Role::Agent), Some(Role::Agent)),
    (Quarantine, Change, Some(Role::Admin), Some(Role::Admin)),
    (Search, Read, Some(Role::Agent), Some(Role::Agent)),
    (Views, Read, Some(Role::Agent), Some(Role::Agent)),
    (Views, Change, Some(Role::Agent), Some(Role::Admin)),
    (Drafts, Read, Some(Role::Agent), None),
    (Drafts, Change, Some(Role::Agent), None),
    (Notices, Read, Some(Role::Agent), None),
    (Notices, Change, Some(Role::Agent), None),
    (Preferences, Read, Some(Role::Agent), None),
    (Preferences, Change, Some(Role::Agent), None),
    (Availability, Read, Some(Role::Agent), Some(Role::Agent)),
    (Availability, Change, Some(Role::Agent), Some(Role::Admin)),
    (Sessions, Read, Some(Role::Agent), None),
    (Sessions, Change, Some(Role::Agent), None),
    (Settings, Read, Some(Role::Admin), Some(Role::Admin)),
    (Settings, Change, Some(Role::Admin), Some(Role::Admin)),
    (Health, Read, Some(Role::Admin), Some(Role::Admin)),
];

/// Whether somebody may do something.
///
/// # Errors
/// When the table does not say that they may.
pub fn authorize(principal: Principal, action: Action, resource: Resource) -> Result<(), NotAllowed> {
    let is_own = resource.owner == Some(principal.person);
    let row = TABLE
        .iter()
        .find(|(kind, of, ..)| (*kind, *of) == (resource.kind, action));
    let least = row.and_then(|(.., own, others)| if is_own { *own } else { *others });
    match least {
        Some(least) if rank(principal.role) >= rank(least) && principal.role.is_staff() => Ok(()),
        _ => Err(NotAllowed {
            role: principal.role,
            action,
            kind: resource.kind,
            is_own,
        }),
    }
}

/// A role's place: who may do more stands higher.
fn rank(role: Role) -> u8 {
    match role {
        Role::EndUser => 0,
        Role::Agent => 1,
        Role::Admin => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Kind; 13] = [
        Tickets,
        Customers,
        HeldMail,
        Quarantine,
        Search,
        Views,
        Drafts,
        Notices,
        Preferences,
        Availability,
        Sessions,
        Settings,
        Health,
    ];

    /// The whole matrix, each cell written out: kind, action, then for own and another's who may. `-` nobody, `a` agents and admins,
    /// `A` admins alone.
    const MATRIX: &str = "
        Tickets      Read   a a
        Tickets      Change a a
        Customers    Read   a a
        Customers    Change a a
        HeldMail     Read   a a
        HeldMail     Change a a
        Quarantine   Read   a a
        Quarantine   Change A A
        Search       Read   a a
        Search       Change - -
        Views        Read   a a
        Views        Change a A
        Drafts       Read   a -
        Drafts       Change a -
        Notices      Read   a -
        Notices      Change a -
        Preferences  Read   a -
        Preferences  Change a -
        Availability Read   a a
        Availability Change a A
        Sessions     Read   a -
        Sessions     Change a -
        Settings     Read   A A
        Settings     Change A A
        Health       Read   A A
        Health       Change - -
    ";

    #[test]
    fn each_role_may_do_what_the_matrix_says_to_their_own_and_to_others_and_no_more() {
        let me = PersonId(7);
        let mut cells = 0;
        for line in MATRIX.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let kind = KINDS
                .into_iter()
                .find(|kind| format!("{kind:?}") == words[0])
                .unwrap();
            let action = if words[1] == "Read" { Read } else { Change };
            let owners = [Some(me), Some(PersonId(8)), None];
            for (owner, who) in owners.into_iter().zip([words[2], words[3], words[3]]) {
                for role in [Role::EndUser, Role::Agent, Role::Admin] {
                    let expected =
                        matches!((who, role), ("a", Role::Agent | Role::Admin) | ("A", Role::Admin));
                    let principal = Principal::new(me, role);
                    let may = authorize(principal, action, Resource { kind, owner }).is_ok();
                    assert_eq!(may, expected, "{role:?} {action:?} {kind:?} of {owner:?}");
                    cells += 1;
                }
            }
        }
        assert_eq!(cells, KINDS.len() * 2 * 3 * 3, "every cell is written out");
    }

    #[test]
    fn who_does_not_work_here_now_is_nobody() {
        let now = crate::Timestamp::UNIX_EPOCH;
        let person = |change: &dyn Fn(&mut Person)| {
            let mut person = Person::first_seen(PersonId(1), "Ann", vec![], now);
            person.role = Role::Admin;
            change(&mut person);
            Principal::of(&person).is_some()
        };
        assert!(person(&|_| {}));
        assert!(!person(&|person| person.role = Role::EndUser));
        assert!(!person(&|person| person.suspended_at = Some(now)));
        assert!(!person(&|person| person.deleted_at = Some(now)));
        assert!(!person(&|person| person.merged_into = Some(PersonId(2))));
        assert!(!person(&|person| person.forgotten_at = Some(now)));
    }
}

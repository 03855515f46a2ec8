//! There is one way to change a ticket. Loops that try again stand elsewhere only where no ticket changes, each for a reason.

use super::files::files;
use docket_tests::template::repository;

/// Where something is tried again outside of `Desk::change`, and what changes there instead of a ticket.
const ELSEWHERE: [(&str, &str); 21] = [
    (
        "functions/api/src/organizations/write.rs",
        "an organization and what leads to it",
    ),
    (
        "functions/api/src/tags/on_people.rs",
        "the tags of a person or an organization",
    ),
    ("functions/api/src/users/changing.rs", "a person as they are now"),
    (
        "functions/api/src/users/write.rs",
        "a person, their identities and role",
    ),
    ("shared/desk/src/agents/availability.rs", "an agent's settings"),
    (
        "shared/desk/src/forgetting.rs",
        "a person of whom nothing is known any more",
    ),
    ("shared/desk/src/groups.rs", "a group, and who belongs to it"),
    ("shared/desk/src/jobs.rs", "a job, and which jobs are open"),
    (
        "shared/desk/src/merging.rs",
        "two people who become one, or two again",
    ),
    (
        "shared/desk/src/organization_merging.rs",
        "which organization becomes part of which, and to which its people belong",
    ),
    ("shared/desk/src/people.rs", "a person by their address"),
    (
        "shared/desk/src/rules/book_change.rs",
        "the versions of policies, calendars and rules",
    ),
    ("shared/desk/src/setup.rs", "mailboxes and channels"),
    (
        "shared/desk/src/sign_in.rs",
        "whose sign-in at a provider belongs to whom",
    ),
    (
        "shared/desk/src/tickets/recall.rs",
        "an answer that waits beside its ticket",
    ),
    ("shared/desk/src/views.rs", "a saved view"),
    (
        "shared/intake/src/hold.rs",
        "a contact that is held: it has no ticket",
    ),
    (
        "shared/store/src/people/sessions.rs",
        "which sessions somebody has",
    ),
    (
        "shared/store/src/people/sign_in_links.rs",
        "accounts at a provider that lead to somebody",
    ),
    (
        "shared/store/src/workspace/drafts.rs",
        "what an agent has begun to write",
    ),
    (
        "shared/intake/src/release.rs",
        "a held contact that is thrown away",
    ),
];
const THE_WAY: &str = "shared/desk/src/tickets/change.rs";

/// The files of the desk's own code that have these words outside of their tests.
fn with(words: &str) -> Vec<String> {
    let root = repository();
    let is_code = |path: &String| {
        let ours = ["shared/", "functions/", "cli/src", "local/src"];
        path.ends_with(".rs")
            && ours.iter().any(|folder| path.starts_with(folder))
            && !path.contains("/tests")
    };
    let mut found: Vec<String> = files()
        .into_iter()
        .filter_map(|path| Some(path.strip_prefix(&root).ok()?.to_string_lossy().into_owned()))
        .filter(is_code)
        .filter(|path| std::fs::read_to_string(root.join(path)).unwrap().contains(words))
        .collect();
    found.sort();
    found
}

#[test]
fn what_is_tried_again_elsewhere_changes_no_ticket_and_says_what() {
    let mut allowed: Vec<&str> = ELSEWHERE.iter().map(|(path, _)| *path).chain([THE_WAY]).collect();
    allowed.sort_unstable();
    assert_eq!(with("0..MOST_TRIES"), allowed);
}

#[test]
fn a_decision_is_committed_in_one_place() {
    let commit = "shared/store/src/table/commit.rs";
    assert_eq!(with(".commit_both_at("), [THE_WAY, commit]);
    assert_eq!(with(".commit_at("), [commit]);
    assert_eq!(with("desk.commit("), Vec::<String>::new());
}

use super::*;
use crate::people::staff::Role;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn person(id: u64, email: &str) -> Person {
    Person::first_seen(PersonId(id), "", vec![Identity::email(email)], at(0))
}

#[test]
fn an_identitys_number_is_its_own_and_exact_in_json() {
    let ann = Identity::email("ann@example.com").number();
    assert_eq!(ann, Identity::email("ANN@example.com").number());
    assert_ne!(ann, Identity::email("bob@example.com").number());
    assert!(ann < 1 << 52);
}

#[test]
fn what_one_was_found_by_finds_the_other_and_goes_back_with_the_undo() {
    let mut ann = person(1, "ann@home.example");
    ann.set_organizations([OrganizationId(1)]);
    let mut lee = person(2, "ann@work.example");
    lee.set_organizations([OrganizationId(1), OrganizationId(2)]);
    lee.phone = Some("+49 1".into());
    let (winner, loser) = lee.merged_into(&ann, at(60)).unwrap();
    assert_eq!(winner.identities.len(), 2);
    assert_eq!(winner.organizations(), [OrganizationId(1), OrganizationId(2)]);
    assert_eq!(
        (winner.phone.as_deref(), winner.email.as_deref()),
        (Some("+49 1"), Some("ann@home.example"))
    );
    assert!(winner.is_or_was(PersonId(2)) && !winner.is_or_was(PersonId(3)));
    assert!(!loser.is_standing() && loser.held_identities().is_empty() && loser.organizations().is_empty());
    let (kept, back) = loser.parted_from(&winner, at(120)).unwrap();
    assert_eq!(
        Person {
            updated_at: at(0),
            ..kept
        },
        ann
    );
    assert_eq!(
        Person {
            updated_at: at(0),
            ..back
        },
        lee
    );
}

#[test]
fn an_organization_that_became_part_of_another_goes_back_as_that_one_with_whom_it_came() {
    let (gone, stays, own) = (OrganizationId(1), OrganizationId(2), OrganizationId(3));
    let mut lee = person(2, "ann@work.example");
    lee.set_organizations([gone]);
    // Whether who stays had the other one before decides whether they keep it.
    for (had, kept_then) in [(vec![own], vec![own]), (vec![own, stays], vec![own, stays])] {
        let mut ann = person(1, "ann@home.example");
        ann.set_organizations(had);
        let (mut winner, loser) = lee.merged_into(&ann, at(60)).unwrap();
        winner.go_over(gone, stays);
        assert_eq!(winner.organizations(), [own, stays]);
        let (kept, _) = loser.parted_from(&winner, at(120)).unwrap();
        assert_eq!(kept.organizations(), kept_then);
    }
}

#[test]
fn what_the_other_gave_up_meanwhile_does_not_come_back() {
    let (ann, lee) = (person(1, "ann@home.example"), person(2, "ann@work.example"));
    let (mut winner, loser) = lee.merged_into(&ann, at(60)).unwrap();
    winner.drop_identity(&Identity::email("ann@work.example"));
    let (_, back) = loser.parted_from(&winner, at(120)).unwrap();
    assert_eq!((back.email, back.identities.len()), (None, 0));
}

#[test]
fn who_works_here_or_stands_no_more_is_merged_with_nobody() {
    let (ann, lee) = (person(1, "a@x.example"), person(2, "b@x.example"));
    assert_eq!(ann.merged_into(&ann, at(1)).unwrap_err(), MergeRefused::Same);
    let bo = Person {
        role: Role::Agent,
        ..lee.clone()
    };
    assert_eq!(bo.merged_into(&ann, at(1)).unwrap_err(), MergeRefused::WorksHere);
    assert_eq!(ann.merged_into(&bo, at(1)).unwrap_err(), MergeRefused::WorksHere);
    let (winner, loser) = lee.merged_into(&ann, at(1)).unwrap();
    assert_eq!(loser.merged_into(&winner, at(2)).unwrap_err(), MergeRefused::Gone);
    assert_eq!(
        ann.parted_from(&winner, at(2)).unwrap_err(),
        MergeRefused::NotMerged
    );
}

#[test]
fn one_who_was_merged_on_keeps_what_came_until_that_is_undone() {
    let (ann, lee, kim) = (
        person(1, "a@x.example"),
        person(2, "b@x.example"),
        person(3, "c@x.example"),
    );
    let (winner, first) = lee.merged_into(&ann, at(1)).unwrap();
    let (_, second) = winner.merged_into(&kim, at(2)).unwrap();
    assert_eq!(
        first.parted_from(&second, at(3)).unwrap_err(),
        MergeRefused::MergedOn(PersonId(1))
    );
}

#[test]
fn as_many_identities_as_one_can_have_become_one_and_one_more_does_not() {
    let of = |id, count: usize| {
        let identities = (0..count).map(|n| Identity::email(&format!("p{id}n{n}@x.example")));
        Person::first_seen(PersonId(id), "", identities.collect(), at(0))
    };
    assert!(of(1, 25).merged_into(&of(2, 25), at(1)).is_ok());
    let refused = of(1, 25).merged_into(&of(2, 26), at(1));
    assert_eq!(refused.unwrap_err(), MergeRefused::TooManyIdentities);
}

#[test]
fn another_address_becomes_the_one_that_answers_go_to() {
    let identities = ["a@x.example", "b@x.example"].map(Identity::email).to_vec();
    let mut ann = Person::first_seen(PersonId(1), "", identities.clone(), at(0));
    ann.note_identity(&identities[1], true, at(5));
    assert!(!ann.verified && ann.note_of(&identities[1]).verified);
    ann.drop_identity(&identities[0]);
    assert_eq!((ann.email.as_deref(), ann.verified), (Some("b@x.example"), true));
    ann.drop_identity(&identities[1]);
    assert_eq!(
        (ann.email.as_deref(), ann.verified, ann.identity_notes.len()),
        (None, false, 0)
    );
}

#[test]
fn an_address_that_nobody_confirmed_does_not_become_the_one_that_answers_go_to() {
    let identities = ["a@x.example", "stray@x.example", "b@x.example"].map(Identity::email);
    let mut ann = Person::first_seen(PersonId(1), "", identities.to_vec(), at(0));
    ann.note_identity(&identities[0], true, at(1));
    let mut other = ann.clone();
    ann.drop_identity(&identities[0]);
    assert_eq!((ann.email.as_deref(), ann.verified), (None, false));
    assert!(!ann.signs_in_by("stray@x.example"));
    assert_eq!(ann.identities.len(), 2, "they stay theirs");
    // Of several the one that was confirmed, wherever it stands.
    other.note_identity(&identities[2], true, at(5));
    other.drop_identity(&identities[0]);
    assert_eq!(
        (other.email.as_deref(), other.verified),
        (Some("b@x.example"), true)
    );
}

#[test]
fn whoever_names_an_identity_means_whom_answers_reach_by_it_or_whose_somebody_said_that_it_is() {
    let mut ann = person(1, "ann@home.example");
    let (stray, number) = (
        Identity::email("stray@x.example"),
        Identity::Phone("+49 1".to_owned()),
    );
    let (external, other) = (
        Identity::External("c-7".to_owned()),
        Identity::External("c-8".to_owned()),
    );
    ann.identities
        .extend([stray.clone(), number.clone(), external.clone()]);
    let named = |ann: &Person| [&stray, &number, &external, &other].map(|one| ann.is_named_by(one));
    assert!(ann.is_named_by(&Identity::email("Ann@Home.example")));
    assert_eq!(named(&ann), [false, false, true, false]);
    // With a record that becomes part of another its addresses name that one, and a stray one still nobody.
    let lee = person(2, "lee@home.example");
    let (winner, loser) = ann.merged_into(&lee, at(1)).unwrap();
    assert!(winner.is_named_by(&Identity::email("ann@home.example")));
    assert_eq!(named(&winner), [false, false, true, false]);
    assert_eq!(named(&loser), [false; 4]);
    ann.note_identity(&stray, false, at(1));
    ann.phone = Some("+49 1".to_owned());
    assert_eq!(named(&ann), [true, true, true, false]);
    assert!(!ann.signs_in_by("stray@x.example"), "that takes a confirmation");
}

#[test]
fn a_suspension_that_came_with_the_other_goes_with_them() {
    let (ann, mut lee) = (person(1, "a@x.example"), person(2, "b@x.example"));
    lee.suspended_at = Some(at(30));
    let (winner, loser) = lee.merged_into(&ann, at(60)).unwrap();
    assert!(winner.is_suspended());
    let (kept, back) = loser.parted_from(&winner, at(120)).unwrap();
    assert_eq!((kept.is_suspended(), back.is_suspended()), (false, true));
    // Who was suspended for what they did themselves stays it.
    let ann = Person {
        suspended_at: Some(at(10)),
        ..ann
    };
    let (winner, loser) = lee.merged_into(&ann, at(60)).unwrap();
    let (kept, _) = loser.parted_from(&winner, at(120)).unwrap();
    assert!(kept.is_suspended());
}

#[test]
fn one_signs_in_by_the_address_that_answers_go_to_or_one_that_was_confirmed() {
    let mut ann = person(1, "ann@home.example");
    let (stray, work) = (
        Identity::email("stray@x.example"),
        Identity::email("ann@work.example"),
    );
    ann.identities.extend([stray.clone(), work.clone()]);
    ann.note_identity(&work, true, at(1));
    for (address, does) in [
        ("Ann@Home.example", true),
        // With the Kelvin sign, which is a small k in lower case.
        ("ann@wor\u{212a}.example", false),
        ("ann@work.example", true),
        ("stray@x.example", false),
        ("eve@x.example", false),
        ("", false),
    ] {
        assert_eq!(ann.signs_in_by(address), does, "{address}");
    }
    ann.deleted_at = Some(at(2));
    assert!(!ann.signs_in_by("ann@home.example"));
}

#[test]
fn who_is_suspended_or_does_not_work_here_may_not_work() {
    let mut ann = person(1, "ann@home.example");
    assert!(!ann.may_work());
    ann.role = Role::Agent;
    assert!(ann.may_work());
    ann.suspended_at = Some(at(1));
    assert!(!ann.may_work());
}

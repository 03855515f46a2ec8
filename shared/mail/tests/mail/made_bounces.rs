//! Bounces made up from what programs and hosts write: no living address is ever marked dead, and most is read as it
//! is meant. Each failure says its seed.

use crate::made::delays::{delay, no_bounce};
use crate::made::notices::bounce;
use crate::made::refusals::Fate;
use crate::made::several::several;
use crate::made::tally::Tally;
use docket_mail::{Bounce, Permanence, read, read_bounces};

/// Every program with every refusal comes up about once.
const BOUNCES: u64 = 3_000;

const SEVERAL: u64 = 600;

const DELAYS: u64 = 300;

const OTHERS: u64 = 300;

fn seen(raw: &str) -> Option<Vec<Bounce>> {
    read_bounces(&read(raw.as_bytes(), Some("")).unwrap())
}

#[test]
fn bounces_made_up_are_read_as_they_are_meant_and_no_living_address_dies() {
    let mut is_bounce = Tally::new("is a bounce");
    let mut permanence = Tally::new("permanence");
    let mut address = Tally::new("address");
    let mut dead = Tally::new("dead address");
    let mut killed = Vec::new();
    for seed in 0..BOUNCES {
        let made = bounce(seed);
        let told = || format!("seed {seed}, {}: {}", made.program, made.said);
        let seen = seen(&made.raw);
        is_bounce.count(seen.is_some(), told);
        let Some(seen) = seen else { continue };
        address.count(
            seen.len() == 1 && seen[0].address.as_deref() == Some(&made.address),
            || {
                format!(
                    "{}: {:?}",
                    told(),
                    seen.iter().map(|b| &b.address).collect::<Vec<_>>()
                )
            },
        );
        if let Some(stated) = made.permanence {
            permanence.count(seen.iter().all(|bounce| bounce.kind == stated), || {
                format!("{}: {:?}", told(), seen[0].kind)
            });
        }
        let dies = seen.iter().any(Bounce::address_is_dead);
        match made.fate {
            Fate::Gone => dead.count(dies, || format!("{}: {:?}", told(), seen[0].reason)),
            Fate::Alive if dies => killed.push(format!("{}: {:?}", told(), seen[0].reason)),
            Fate::Alive => {}
        }
    }
    for tally in [&is_bounce, &permanence, &address, &dead] {
        tally.print();
    }
    assert!(
        killed.is_empty(),
        "{} living addresses marked dead:\n{killed:#?}",
        killed.len()
    );
    is_bounce.assert_at_least(99.5);
    permanence.assert_at_least(99.5);
    address.assert_at_least(99.5);
    dead.assert_at_least(99.0);
}

#[test]
fn of_two_recipients_made_up_each_is_judged_by_what_is_said_of_it() {
    let mut named = Tally::new("both are named");
    let mut dead = Tally::new("dead among two");
    for seed in 0..SEVERAL {
        let made = several(seed);
        let seen = seen(&made.raw).unwrap_or_default();
        let told = || format!("seed {seed}, {}: {:?}", made.program, made.recipients);
        named.count(seen.len() == 2, || format!("{}: {} seen", told(), seen.len()));
        for (address, _, fate) in &made.recipients {
            let found = seen
                .iter()
                .find(|bounce| bounce.address.as_deref() == Some(address));
            let dies = found.is_some_and(Bounce::address_is_dead);
            match fate {
                Fate::Gone => dead.count(dies, || format!("{}: {found:?}", told())),
                Fate::Alive => assert!(!dies, "{}: {found:?}\n{}", told(), made.raw),
            }
        }
    }
    named.print();
    dead.print();
    named.assert_at_least(99.0);
    dead.assert_at_least(99.0);
}

#[test]
fn a_delay_made_up_marks_no_address() {
    let mut read = Tally::new("is a delay of the address");
    for seed in 0..DELAYS {
        let (raw, to) = delay(seed);
        let seen = seen(&raw).unwrap_or_default();
        assert!(
            seen.iter().all(|bounce| bounce.kind != Permanence::Permanent),
            "seed {seed}: {seen:?}\n{raw}"
        );
        let agrees = matches!(&seen[..], [one] if one.address.as_deref() == Some(&to));
        read.count(agrees, || format!("seed {seed}: {seen:?}"));
    }
    read.assert_at_least(99.0);
}

#[test]
fn mails_of_machines_and_people_that_speak_of_delivery_are_no_bounces() {
    for seed in 0..OTHERS {
        let raw = no_bounce(seed);
        let mail = read(raw.as_bytes(), Some("somebody@x.example")).unwrap();
        assert_eq!(read_bounces(&mail), None, "seed {seed}\n{raw}");
    }
}

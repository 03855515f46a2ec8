//! The ledger: what was accepted, and what became of it.

use crate::{hand_over, in_world, mail};
use docket_domain::{
    TicketNumber, Timestamp,
    ledger::{LedgerChannel, LedgerCounts, LedgerEntry, LedgerLine, hour_of},
};
use docket_intake::{put_recount, recount};
use docket_local::world::{World, WorldOptions};
use embedded_aws::{Call, Fate, Fault, Verdict, Verdicts};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

const SECOND_MAILBOX: &str = "sales@in.docket.local";

/// Sums of the ledger over the first day.
async fn counted(world: &World) -> LedgerCounts {
    let (from, to) = day(world);
    let mut sums = LedgerCounts::default();
    for counts in world.local.desk.ledger().hours(from, to).await.unwrap().values() {
        sums.add_all(counts);
    }
    sums
}

fn day(world: &World) -> (Timestamp, Timestamp) {
    let now = world.local.desk.now();
    let day = SignedDuration::from_hours(24);
    (
        now.checked_sub(day).unwrap(),
        now.checked_add(SignedDuration::from_hours(1)).unwrap(),
    )
}

async fn busy_hour() -> World {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    let second = json!({ "recipient_address": { "email": SECOND_MAILBOX, "name": "Sales" } });
    let made = world
        .api("POST", "recipient_addresses", None, &second)
        .await
        .unwrap();
    assert_eq!(made.status, 201, "{made:?}");
    world.pass(SignedDuration::from_mins(1)).await;
    let help = mail("eve@example.com", "m1@example.com", "", "Help!");
    world.receive(&help, &[], false);
    world.settle().await;
    // Once more by another way, then to two mailboxes at once, then as an addition.
    world.receive(&help, &[], false);
    let both = mail("kim@example.com", "m2@example.com", "", "Hello both");
    world.receive(&both, &["support@in.docket.local", SECOND_MAILBOX], false);
    let more = mail(
        "eve@example.com",
        "m3@example.com",
        "In-Reply-To: <m1@example.com>\r\n",
        "And?",
    );
    world.receive(&more, &[], false);
    let spam = Verdicts {
        spam: Verdict::Fail,
        ..Verdicts::PASS
    };
    world.receive_judged(
        &mail("bad@example.com", "m4@example.com", "", "Buy!"),
        &[],
        spam,
        Fate::Once,
    );
    let virus = Verdicts {
        virus: Verdict::Fail,
        ..Verdicts::PASS
    };
    world.receive_judged(
        &mail("bad@example.com", "m5@example.com", "", "Open!"),
        &[],
        virus,
        Fate::Once,
    );
    assert!(hand_over(&world, "msg_1", "Let me talk to a human.").await);
    assert!(
        hand_over(&world, "msg_1", "Let me talk to a human.").await,
        "a repeat is answered"
    );
    world.settle().await;
    world
}

#[test]
fn whatever_was_accepted_is_on_one_line() {
    in_world(async {
        let world = busy_hour().await;
        let sums = counted(&world).await;
        let expected = [
            (LedgerEntry::Accepted, 7, 1),
            (LedgerEntry::Ticketed, 3, 1),
            (LedgerEntry::Appended, 1, 0),
            (LedgerEntry::Suspended, 1, 0),
            (LedgerEntry::Quarantined, 1, 0),
            (LedgerEntry::Repeated, 1, 0),
        ];
        for (entry, mails, hooks) in expected {
            let found = (
                sums.of(LedgerChannel::Mail, entry),
                sums.of(LedgerChannel::Hook, entry),
            );
            assert_eq!(found, (mails, hooks), "{entry:?}");
        }
        let shown = world
            .api("GET", "ledger.json", None, &Value::Null)
            .await
            .unwrap()
            .body;
        assert_eq!(shown["ledger"]["is_balanced"], true, "{shown}");
        assert_eq!(shown["ledger"]["total"]["mail"]["ticketed"], 3);
    });
}

#[test]
fn the_ledger_is_counted_anew_from_facts_alone() {
    in_world(async {
        let world = busy_hour().await;
        let (from, to) = day(&world);
        let kept = world.local.desk.ledger().hours(from, to).await.unwrap();
        let anew = recount(&world.local.desk, from, to).await.unwrap();
        assert_eq!(anew.missing, Vec::<String>::new());
        assert_eq!(anew.ledger, kept);
        // What was counted wrongly is mended.
        let wrong = LedgerLine::mail(LedgerEntry::Appended);
        let now = world.local.desk.now();
        world
            .local
            .desk
            .ledger()
            .add_contacts(wrong, 5, now)
            .await
            .unwrap();
        put_recount(&world.local.desk, &anew, from, to).await.unwrap();
        assert_eq!(world.local.desk.ledger().hours(from, to).await.unwrap(), kept);
    });
}

#[test]
fn a_contact_that_a_person_lets_in_is_counted_once() {
    in_world(async {
        let mut world = busy_hour().await;
        // The one held for spam, and the same mail again, held too and let in after it.
        let spam = Verdicts {
            spam: Verdict::Fail,
            ..Verdicts::PASS
        };
        world.receive_judged(
            &mail("bad@example.com", "m4@example.com", "", "Buy!"),
            &[],
            spam,
            Fate::Once,
        );
        world.settle().await;
        let listed = world
            .api("GET", "suspended_tickets", None, &Value::Null)
            .await
            .unwrap()
            .body;
        for held in listed["suspended_tickets"].as_array().unwrap() {
            let path = format!("suspended_tickets/{}/recover", held["id"]);
            assert_eq!(
                world.api("PUT", &path, None, &Value::Null).await.unwrap().status,
                200
            );
        }
        world.settle().await;
        let (from, to) = day(&world);
        let kept = world.local.desk.ledger().hours(from, to).await.unwrap();
        let anew = recount(&world.local.desk, from, to).await.unwrap();
        assert_eq!((&anew.ledger, anew.missing.len()), (&kept, 0));
        assert_eq!(counted(&world).await.in_hand(LedgerChannel::Mail), 0);
    });
}

#[test]
fn an_original_that_nobody_took_in_is_found_and_put_back() {
    in_world(async {
        let mut world = busy_hour().await;
        let (from, to) = day(&world);
        let desk = world.local.desk.clone();
        let raw = format!(
            "Received: from a.example by inbound-smtp.us-east-1.amazonaws.com with SMTP id lost1 for support@in.docket.local\r\n{}",
            mail("lost@example.com", "lost@example.com", "", "Nobody saw this.")
        );
        let id = world.receive(&raw, &[], true);
        // As if it had left the spool without a commit.
        let spooled = desk.spool().get(&id).await.unwrap().unwrap();
        let key = desk.spool().keep(&spooled).await.unwrap();
        desk.spool().leave(&[&id]).await.unwrap();
        world.settle().await;
        assert_eq!(
            recount(&desk, from, to).await.unwrap().missing,
            std::slice::from_ref(&key)
        );
        desk.spool().take_back(&key).await.unwrap();
        world.pass(SignedDuration::from_mins(12)).await;
        let (from, to) = day(&world);
        assert_eq!(
            recount(&desk, from, to).await.unwrap().missing,
            Vec::<String>::new()
        );
        let number = desk.tickets().last_number().await.unwrap();
        let ticket = desk.tickets().get(TicketNumber(number)).await.unwrap().unwrap();
        let requester = desk.people().get(ticket.requester).await.unwrap().unwrap();
        assert_eq!(requester.email.as_deref(), Some("lost@example.com"));
    });
}

#[test]
fn a_recount_that_is_run_again_within_ten_minutes_takes_effect() {
    in_world(async {
        let world = busy_hour().await;
        let desk = &world.local.desk;
        let (from, to) = day(&world);
        let right = recount(desk, from, to).await.unwrap();
        put_recount(desk, &right, from, to).await.unwrap();
        let sums = counted(&world).await;
        // Somebody's mistake between two recounts of the same figures.
        desk.ledger()
            .add_contacts(LedgerLine::mail(LedgerEntry::Accepted), 7, desk.now())
            .await
            .unwrap();
        assert_ne!(counted(&world).await, sums);
        put_recount(desk, &right, from, to).await.unwrap();
        assert_eq!(counted(&world).await, sums);
    });
}

/// Has every transaction of a world fail for as long as the switch is on.
fn commits_fail(world: &World) -> Arc<AtomicBool> {
    let is_down = Arc::new(AtomicBool::new(true));
    let switch = is_down.clone();
    let plan = move |call: &Call| match call.operation.as_str() {
        "TransactWriteItems" if switch.load(Ordering::SeqCst) => Fault::Throttle,
        _ => Fault::None,
    };
    world.local.aws.set_fault_plan(Some(Arc::new(plan)));
    is_down
}

/// The ledger of an hour.
async fn hour(world: &World, begin: Timestamp) -> LedgerCounts {
    let end = begin.checked_add(SignedDuration::from_hours(1)).unwrap();
    let ledger = world.local.desk.ledger().hours(begin, end).await.unwrap();
    ledger.get(&begin).cloned().unwrap_or_default()
}

#[test]
fn an_hour_that_does_not_balance_is_counted_anew_by_the_sweep() {
    in_world(async {
        let mut world = busy_hour().await;
        let desk = world.local.desk.clone();
        let begin = hour_of(desk.now());
        let right = hour(&world, begin).await;
        assert!(right.is_balanced(), "{right:?}");
        // Counts that came twice, or to nowhere.
        for (line, count) in [
            (LedgerLine::mail(LedgerEntry::Appended), 5),
            (LedgerLine::mail(LedgerEntry::Suspended), 1),
            (LedgerLine::hook(LedgerEntry::Ticketed), 2),
            (LedgerLine::mail(LedgerEntry::Unreadable), 3),
        ] {
            desk.ledger().add_contacts(line, count, begin).await.unwrap();
        }
        // One held that was dealt with, and left the lists, stands where it stood.
        let listed = world
            .api("GET", "suspended_tickets", None, &Value::Null)
            .await
            .unwrap()
            .body;
        let path = format!(
            "suspended_tickets/{}/recover",
            listed["suspended_tickets"][0]["id"]
        );
        assert_eq!(
            world.api("PUT", &path, None, &Value::Null).await.unwrap().status,
            200
        );
        world.pass(SignedDuration::from_mins(70)).await;
        let before = hour(&world, begin).await;
        assert!(
            !before.is_balanced() && before.recounted_at.is_none(),
            "{before:?}"
        );
        world.pass(SignedDuration::from_mins(10)).await;
        let after = hour(&world, begin).await;
        assert_eq!(after, right);
        assert!(after.recounted_at.is_some());
        let shown = world
            .api("GET", "ledger.json", None, &Value::Null)
            .await
            .unwrap()
            .body;
        assert!(shown["ledger"]["hours"][0]["recounted_at"].is_string(), "{shown}");
        // What balances is left alone.
        let recounted_at = after.recounted_at;
        world.pass(SignedDuration::from_hours(2)).await;
        assert_eq!(hour(&world, begin).await.recounted_at, recounted_at);
    });
}

#[test]
fn a_mail_that_nobody_took_in_is_put_back_by_the_sweep_of_its_hour() {
    in_world(async {
        let mut world = busy_hour().await;
        let desk = world.local.desk.clone();
        let begin = hour_of(desk.now());
        let raw = mail("lost@example.com", "lost@example.com", "", "Nobody saw this.");
        let raw = format!(
            "Received: from a.example by inbound-smtp.us-east-1.amazonaws.com with SMTP id lost1 for support@in.docket.local\r\n{raw}"
        );
        let id = world.receive(&raw, &[], true);
        // As if it was accepted, and had left the spool without a commit.
        desk.count_attempt(&id, &["support@in.docket.local".to_owned()])
            .await
            .unwrap();
        let accepted = LedgerLine::mail(LedgerEntry::Accepted);
        desk.ledger().add_contacts(accepted, 1, begin).await.unwrap();
        let spooled = desk.spool().get(&id).await.unwrap().unwrap();
        desk.spool().keep(&spooled).await.unwrap();
        desk.spool().leave(&[&id]).await.unwrap();
        world.settle().await;
        assert_eq!(hour(&world, begin).await.in_hand(LedgerChannel::Mail), 1);
        world.pass(SignedDuration::from_mins(150)).await;
        let number = desk.tickets().last_number().await.unwrap();
        let ticket = desk.tickets().get(TicketNumber(number)).await.unwrap().unwrap();
        let requester = desk.people().get(ticket.requester).await.unwrap().unwrap();
        assert_eq!(requester.email.as_deref(), Some("lost@example.com"));
        // It stands in the hour in which it was accepted, which balances.
        let counts = hour(&world, begin).await;
        assert!(counts.is_balanced(), "{counts:?}");
        assert_eq!(counts.of(LedgerChannel::Mail, LedgerEntry::Ticketed), 4);
    });
}

#[test]
fn a_contact_stands_in_the_hour_in_which_it_was_accepted_however_late_it_is_taken_in() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        world.pass(SignedDuration::from_mins(59)).await;
        let begin = hour_of(world.local.desk.now());
        let is_down = commits_fail(&world);
        world.receive(
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        let spam = Verdicts {
            spam: Verdict::Fail,
            ..Verdicts::PASS
        };
        let bad = mail("bad@example.com", "m4@example.com", "", "Buy!");
        world.receive_judged(&bad, &[], spam, Fate::Once);
        world.settle().await;
        world.pass(SignedDuration::from_mins(5)).await;
        assert_eq!(hour(&world, begin).await.in_hand(LedgerChannel::Mail), 2);
        is_down.store(false, Ordering::SeqCst);
        world.pass(SignedDuration::from_mins(40)).await;
        let counts = hour(&world, begin).await;
        assert!(counts.is_balanced(), "{counts:?}");
        assert_eq!(counts.of(LedgerChannel::Mail, LedgerEntry::Ticketed), 1);
        assert_eq!(counts.of(LedgerChannel::Mail, LedgerEntry::Suspended), 1);
        let (from, to) = day(&world);
        let anew = recount(&world.local.desk, from, to).await.unwrap();
        assert_eq!(anew.ledger[&begin], counts);
    });
}

#[test]
fn what_could_not_be_read_of_a_contact_counts_beside_the_balance() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        world.receive(
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        // A date that is none, and a field of a bot that can't be read.
        let odd = mail(
            "kim@example.com",
            "m2@example.com",
            "Date: yesterday\r\n",
            "Help, too!",
        );
        world.receive(&odd, &[], false);
        world.settle().await;
        let told = json!({ "type": "handoff.requested", "data": {
            "external_id": "c", "customer": { "id": "u" }, "text": "x", "priority": "very", "tags": 7,
        } });
        assert!(world.hook("msg_1", &told).await.unwrap().is_success());
        world.settle().await;
        let counts = counted(&world).await;
        assert_eq!(counts.of(LedgerChannel::Mail, LedgerEntry::Unreadable), 1);
        assert_eq!(counts.of(LedgerChannel::Mail, LedgerEntry::Ticketed), 2);
        assert_eq!(counts.of(LedgerChannel::Hook, LedgerEntry::Unreadable), 1);
        assert_eq!(counts.in_hand(LedgerChannel::Mail), 0);
        assert_eq!(counts.in_hand(LedgerChannel::Hook), 0);
        // Counted anew it is the same.
        let (from, to) = day(&world);
        let found = recount(&world.local.desk, from, to).await.unwrap();
        let mut anew = LedgerCounts::default();
        found.ledger.values().for_each(|counts| anew.add_all(counts));
        assert_eq!(anew, counts);
        // The hour that begins this very moment has no ledger yet.
        world.pass(SignedDuration::from_mins(1)).await;
        let shown = world
            .api("GET", "ledger.json", None, &Value::Null)
            .await
            .unwrap()
            .body;
        assert_eq!(shown["ledger"]["total"]["mail"]["unreadable"], 1);
        assert_eq!(shown["ledger"]["is_balanced"], true);
    });
}

#[test]
fn a_mail_to_two_mailboxes_reaches_both_though_its_notice_is_lost_between_two_attempts() {
    in_world(async {
        let mut world = busy_hour().await;
        let tickets = world.local.desk.tickets().last_number().await.unwrap();
        let begin = hour_of(world.local.desk.now());
        let is_down = commits_fail(&world);
        let both = mail("lee@example.com", "two@example.com", "", "Hello both");
        world.receive(&both, &["support@in.docket.local", SECOND_MAILBOX], false);
        world.settle().await;
        // What named its recipients is gone; the sweep finds the mail in the spool.
        world.local.aws.empty_queues().unwrap();
        is_down.store(false, Ordering::SeqCst);
        world.pass(SignedDuration::from_mins(90)).await;
        assert_eq!(
            world.local.desk.tickets().last_number().await.unwrap(),
            tickets + 2
        );
        let counts = hour(&world, begin).await;
        assert!(counts.is_balanced(), "{counts:?}");
        assert_eq!(counts.of(LedgerChannel::Mail, LedgerEntry::Ticketed), 5);
    });
}

#[test]
fn a_recount_leaves_the_hours_before_it_alone() {
    in_world(async {
        let mut world = busy_hour().await;
        let desk = world.local.desk.clone();
        let begin = hour_of(desk.now());
        let before = hour(&world, begin).await;
        // An original of that hour is kept again in the next one, as when it is tried again.
        let (key, _) = desk.spool().kept(begin, end_of(begin)).await.unwrap()[0].clone();
        world.pass(SignedDuration::from_mins(80)).await;
        desk.spool().take_back(&key).await.unwrap();
        world.pass(SignedDuration::from_mins(15)).await;
        let (from, to) = (end_of(begin), end_of(end_of(begin)));
        let found = recount(&desk, from, to).await.unwrap();
        put_recount(&desk, &found, from, to).await.unwrap();
        assert_eq!(hour(&world, begin).await, before);
        let (from, to) = day(&world);
        let all = recount(&desk, from, to).await.unwrap();
        assert_eq!(all.ledger[&begin], before);
    });
}

fn end_of(hour: Timestamp) -> Timestamp {
    hour.checked_add(SignedDuration::from_hours(1)).unwrap()
}

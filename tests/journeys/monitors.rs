//! Mail of monitors: what tells of the same joins the ticket of the problem.

use crate::{file, in_world, status};
use docket_domain::{
    contact::comment::{AuthorRole, IncidentState},
    ticket::{Fact, Status, fact},
};
use docket_local::world::{World, WorldOptions};
use embedded_aws::{Fate, Verdict, Verdicts};
use jiff::SignedDuration;
use serde_json::{Value, json};

const NAGIOS: &str = "nagios@example.com";

fn notice(from: &str, id: &str, subject: &str) -> String {
    format!("From: {from}\r\nSubject: {subject}\r\nMessage-ID: <{id}@example.com>\r\n\r\nInfo: see above\r\n")
}

async fn world() -> World {
    World::new(WorldOptions::default()).await.unwrap()
}

async fn tell(world: &mut World, id: &str, subject: &str) {
    world.receive(&notice(NAGIOS, id, subject), &[], false);
    world.settle().await;
}

/// Has a rule solve a ticket where this holds.
async fn solve_where(world: &mut World, condition: &str) {
    let trigger = json!({ "trigger": {
        "title": "What recovers is solved",
        "docket": { "condition": condition },
        "actions": [{ "field": "status", "value": "solved" }],
    } });
    let made = world.api("POST", "triggers.json", Some("t"), &trigger).await;
    let made = made.unwrap();
    assert!(made.is_success(), "{made:?}");
    world.pass(SignedDuration::from_mins(1)).await;
}

async fn tickets(world: &World) -> u64 {
    world.local.desk.tickets().last_number().await.unwrap()
}

#[test]
fn a_recovery_joins_the_ticket_of_its_problem_and_changes_nothing_else() {
    in_world(async {
        let mut world = world().await;
        tell(
            &mut world,
            "p1",
            "** PROBLEM Service Alert: shop1/HTTP is WARNING **",
        )
        .await;
        let before = status(&world, 1).await;
        world.leap(SignedDuration::from_hours(2)).await;
        // It gets worse: still the same.
        tell(
            &mut world,
            "p2",
            "** PROBLEM Service Alert: shop1/HTTP is CRITICAL **",
        )
        .await;
        tell(&mut world, "r1", "** RECOVERY Service Alert: shop1/HTTP is OK **").await;
        assert_eq!(tickets(&world).await, 1);
        assert_eq!(status(&world, 1).await, before);
        let after = file(&world, 1).await;
        let told: Vec<(IncidentState, bool)> = after
            .comments
            .iter()
            .filter_map(|comment| comment.mail.as_ref()?.incident.as_ref())
            .map(|incident| (incident.state, incident.joined))
            .collect();
        assert_eq!(
            told,
            [
                (IncidentState::Problem, false),
                (IncidentState::Problem, true),
                (IncidentState::Recovery, true)
            ]
        );
        let events: Vec<IncidentState> = after
            .events
            .iter()
            .filter_map(|event| match &event.fact {
                Fact::CommentAdded(fact::CommentAdded { monitor, .. }) => *monitor,
                _ => None,
            })
            .collect();
        assert_eq!(events.len(), 3);
        let listed = world
            .api("GET", "tickets/1/comments.json", None, &Value::Null)
            .await
            .unwrap()
            .body;
        let custom = &listed["comments"][2]["metadata"]["custom"];
        assert_eq!(custom["monitor"]["state"], "recovery");
        assert_eq!(custom["automatic"], "monitor");
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_recovery_reopens_no_solved_ticket_and_a_new_problem_is_a_ticket_of_its_own() {
    in_world(async {
        let mut world = world().await;
        tell(&mut world, "p1", "Problem: Load is too high on db2").await;
        let solve = json!({ "ticket": { "status": "solved" } });
        assert!(
            world
                .api("PUT", "tickets/1.json", Some("s"), &solve)
                .await
                .unwrap()
                .is_success()
        );
        tell(&mut world, "r1", "Resolved in 5m 2s: Load is too high on db2").await;
        assert_eq!(
            (tickets(&world).await, status(&world, 1).await),
            (1, Status::Solved)
        );
        assert_eq!(file(&world, 1).await.comments.len(), 2);
        tell(&mut world, "p2", "Problem: Load is too high on db2").await;
        assert_eq!(
            (tickets(&world).await, status(&world, 1).await),
            (2, Status::Solved)
        );
        // What follows is about the new one.
        tell(&mut world, "r2", "Resolved in 1m: Load is too high on db2").await;
        assert_eq!(file(&world, 2).await.comments.len(), 2);
    });
}

#[test]
fn rules_say_what_a_recovery_does() {
    in_world(async {
        let mut world = world().await;
        solve_where(
            &mut world,
            "event.monitor == \"recovery\" && ticket.status != \"solved\"",
        )
        .await;
        tell(&mut world, "p1", "[FIRING:1] HighLoad db (db2 node)").await;
        assert!(status(&world, 1).await.is_unsolved());
        tell(&mut world, "r1", "[RESOLVED] HighLoad db (db2 node)").await;
        assert_eq!(
            (tickets(&world).await, status(&world, 1).await),
            (1, Status::Solved)
        );
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn in_doubt_a_mail_is_a_ticket_of_its_own() {
    in_world(async {
        let mut world = world().await;
        tell(&mut world, "p1", "** PROBLEM Host Alert: shop1 is DOWN **").await;
        // Another host, another sender, another mailbox's word, and a sender for whom nobody vouches.
        tell(&mut world, "r1", "** RECOVERY Host Alert: shop2 is UP **").await;
        let other = notice(
            "icinga@example.com",
            "r2",
            "** RECOVERY Host Alert: shop1 is UP **",
        );
        world.receive(&other, &[], false);
        world.settle().await;
        let forged = notice(NAGIOS, "r3", "** RECOVERY Host Alert: shop1 is UP **");
        for dmarc in [Verdict::Fail, Verdict::Gray] {
            let verdicts = Verdicts {
                dmarc,
                ..Verdicts::PASS
            };
            let raw = forged.replace("<r3@", &format!("<r-{dmarc:?}@"));
            world.receive_judged(&raw, &[], verdicts, Fate::Once);
            world.settle().await;
        }
        assert_eq!(tickets(&world).await, 5);
        assert_eq!(file(&world, 1).await.comments.len(), 1);
        // A person's problem is nobody's incident.
        for id in ["a1", "a2"] {
            world.receive(
                &notice("ann@example.com", id, &format!("Problem: my printer {id}")),
                &[],
                false,
            );
            world.settle().await;
        }
        world.receive(
            &notice("ann@example.com", "a3", "Problem: my printer a1"),
            &[],
            false,
        );
        world.settle().await;
        assert_eq!(tickets(&world).await, 8);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn after_a_week_of_silence_a_notice_is_about_something_else() {
    in_world(async {
        let mut world = world().await;
        tell(&mut world, "p1", "** PROBLEM Host Alert: shop1 is DOWN **").await;
        world.leap(SignedDuration::from_hours(24 * 6)).await;
        tell(&mut world, "p2", "** PROBLEM Host Alert: shop1 is DOWN **").await;
        assert_eq!(tickets(&world).await, 1);
        world.leap(SignedDuration::from_hours(24 * 7)).await;
        tell(&mut world, "r1", "** RECOVERY Host Alert: shop1 is UP **").await;
        assert_eq!(tickets(&world).await, 2);
    });
}

#[test]
fn a_notice_that_nobody_vouches_for_joins_in_nobody_s_name_and_rules_do_not_act_on_it() {
    in_world(async {
        let mut world = world().await;
        solve_where(&mut world, "event.monitor == \"recovery\"").await;
        let unknown = Verdicts {
            dmarc: Verdict::Gray,
            ..Verdicts::PASS
        };
        for (id, subject) in [
            ("p1", "** PROBLEM Host Alert: shop1 is DOWN **"),
            ("r1", "** RECOVERY Host Alert: shop1 is UP **"),
        ] {
            world.receive_judged(&notice(NAGIOS, id, subject), &[], unknown, Fate::Once);
            world.settle().await;
        }
        assert_eq!(tickets(&world).await, 1);
        assert!(status(&world, 1).await.is_unsolved());
        let joined = file(&world, 1).await.comments.pop().unwrap();
        assert_eq!((joined.role, joined.public), (AuthorRole::ThirdParty, false));
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn what_one_form_sends_for_many_are_contacts_of_their_own() {
    in_world(async {
        let mut world = world().await;
        for (id, reply_to) in [("a", "eve@example.com"), ("b", "kim@example.com")] {
            let raw = notice("alerts@example.com", id, "Problem: my printer");
            let raw = raw.replace("Subject:", &format!("Reply-To: {reply_to}\r\nSubject:"));
            world.receive(&raw, &[], false);
            world.settle().await;
        }
        assert_eq!(tickets(&world).await, 2);
    });
}

//! Tickets that go into others: who replies reaches the last, both change together or not at all, and they come back.

use crate::{
    answer, file, hand_over, in_world, mail,
    removal::{ask, found, get, pass_minutes},
};
use docket_domain::{TicketNumber, contact::comment::AuthorRole, ticket::Ticket};
use docket_local::world::{World, WorldOptions};
use embedded_aws::{Call, Fault};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// A world in which Eve's mail is ticket 1 and Kim's is ticket 2, each with an agent.
async fn two_tickets() -> World {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    for (name, id, text) in [
        ("Eve", "m1", "The crimson lantern burns."),
        ("Kim", "m2", "Mine, too."),
    ] {
        let from = format!("{name} <{}@example.com>", name.to_lowercase());
        world.receive(&mail(&from, &format!("{id}@example.com"), "", text), &[], false);
        world.settle().await;
    }
    pass_minutes(&mut world, 1).await;
    world
}

async fn head(world: &World, number: u64) -> Ticket {
    let found = world.local.desk.tickets().get(TicketNumber(number)).await;
    found.unwrap().unwrap()
}

/// Merges, and sends again what was not answered.
async fn merge(world: &World, target: u64, source: u64, key: Option<&str>) -> Value {
    let body = json!({ "ids": [source], "target_comment": "The same fire." });
    for _ in 0..20 {
        let answer = world
            .api("POST", &format!("tickets/{target}/merge.json"), key, &body)
            .await;
        match answer {
            Some(answer) if answer.status < 500 && answer.status != 409 => {
                return answer.body["job_status"]["results"][0].clone();
            }
            _ => {}
        }
    }
    Value::Null
}

#[test]
fn a_reply_to_a_merged_ticket_reaches_the_last() {
    in_world(async {
        let mut world = two_tickets().await;
        world.receive(
            &mail("Pat <pat@example.com>", "m3@example.com", "", "All of them."),
            &[],
            false,
        );
        world.settle().await;
        pass_minutes(&mut world, 1).await;
        assert_eq!(merge(&world, 2, 1, None).await["success"], true);
        assert_eq!(merge(&world, 3, 2, None).await["success"], true);
        let reply = "In-Reply-To: <m1@example.com>\r\n";
        world.receive(
            &mail(
                "Eve <eve@example.com>",
                "m4@example.com",
                reply,
                "It still burns.",
            ),
            &[],
            false,
        );
        world.settle().await;
        pass_minutes(&mut world, 2).await;
        let last = file(&world, 3).await;
        let comment = last.comments.last().unwrap();
        assert_eq!(comment.author, head(&world, 1).await.requester);
        assert_eq!((comment.role, comment.public), (AuthorRole::Participant, true));
        assert_eq!(
            world.local.desk.tickets().last_number().await.unwrap(),
            3,
            "no ticket of its own"
        );
        // A merged ticket is found as a closed one.
        assert_eq!(found(&world, "crimson status:closed").await, [1]);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_conversation_of_a_merged_ticket_goes_on_where_it_went() {
    in_world(async {
        let mut world = two_tickets().await;
        assert!(hand_over(&world, "h1", "The red one.").await);
        world.settle().await;
        pass_minutes(&mut world, 1).await;
        assert_eq!(merge(&world, 2, 3, None).await["success"], true);
        let before = head(&world, 2).await.reply_via;
        assert!(hand_over(&world, "h2", "The blue one.").await);
        world.settle().await;
        let target = file(&world, 2).await;
        assert_eq!(
            target.comments.last().unwrap().author,
            head(&world, 3).await.requester
        );
        assert_eq!(
            target.ticket.reply_via, before,
            "answers go to whoever asks there"
        );
        pass_minutes(&mut world, 2).await;
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn both_tickets_may_change_while_they_are_merged() {
    in_world(async {
        let mut world = two_tickets().await;
        let urgent = json!({ "ticket": { "priority": "urgent" } });
        let (merged, on_source, on_target, _) = tokio::join!(
            merge(&world, 2, 1, None),
            answer(&world, 1, "To the source.", false),
            answer(&world, 2, "To the target.", true),
            ask(&world, "PUT", "tickets/2.json", urgent),
        );
        assert_eq!(merged["success"], true, "{merged}");
        assert!(on_target);
        let (source, target) = (file(&world, 1).await, file(&world, 2).await);
        assert_eq!(source.ticket.merged_into.unwrap().ticket.0, 2);
        assert_eq!(target.ticket.merged, [TicketNumber(1)]);
        assert_eq!(source.comments.len(), 1 + usize::from(on_source));
        assert_eq!(target.comments.len(), 3);
        pass_minutes(&mut world, 3).await;
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn of_two_merges_of_one_ticket_one_stands() {
    in_world(async {
        let mut world = two_tickets().await;
        world.receive(
            &mail("Pat <pat@example.com>", "m3@example.com", "", "All of them."),
            &[],
            false,
        );
        world.settle().await;
        let (two, three) = tokio::join!(merge(&world, 2, 1, None), merge(&world, 3, 1, None));
        let stand = [&two, &three].map(|result| result["success"] == true);
        assert_eq!(stand.iter().filter(|stands| **stands).count(), 1, "{two} {three}");
        let merged = [
            head(&world, 2).await.merged.len(),
            head(&world, 3).await.merged.len(),
        ];
        assert_eq!(merged, stand.map(usize::from));
        pass_minutes(&mut world, 3).await;
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

/// Merges while the first transactions go wrong in a way.
fn merged_through(fault: &Fault, times: usize) {
    in_world(async {
        let mut world = two_tickets().await;
        let seen = Arc::new(AtomicUsize::new(0));
        let (counted, fault) = (seen.clone(), fault.clone());
        let plan = move |call: &Call| {
            let is_commit = call.actor == "api" && call.operation == "TransactWriteItems";
            match is_commit && counted.fetch_add(1, Ordering::SeqCst) < times {
                true => fault.clone(),
                false => Fault::None,
            }
        };
        world.local.aws.set_fault_plan(Some(Arc::new(plan)));
        let merged = merge(&world, 2, 1, Some("once")).await;
        world.local.aws.set_fault_plan(None);
        assert!(seen.load(Ordering::SeqCst) >= times, "it went wrong so often");
        assert_eq!(merged["success"], true, "{merged}");
        let (source, target) = (file(&world, 1).await, file(&world, 2).await);
        let count = |file: &docket_desk::TicketFile, name: &str| {
            file.events
                .iter()
                .filter(|event| event.fact.name() == name)
                .count()
        };
        assert_eq!((count(&source, "Merged"), count(&target, "MergedIn")), (1, 1));
        assert_eq!(target.comments.len(), 2, "what was said is said once");
        pass_minutes(&mut world, 3).await;
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_merge_that_breaks_off_is_done_once_or_not_at_all() {
    for fault in [
        Fault::FailBefore(500),
        Fault::FailAfter(500),
        Fault::LoseReply,
        Fault::TransactionConflict,
        Fault::ConnectionRefused,
    ] {
        for times in [1, 3] {
            merged_through(&fault, times);
        }
    }
}

#[test]
fn a_merge_that_is_undone_leaves_both_as_they_were_and_their_clocks_go_on() {
    in_world(async {
        let mut world = two_tickets().await;
        let before = (head(&world, 1).await, head(&world, 2).await);
        assert_eq!(merge(&world, 2, 1, None).await["success"], true);
        pass_minutes(&mut world, 1).await;
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
        // Long enough for whatever was promised to be broken, if it went on.
        world.leap(SignedDuration::from_hours(30)).await;
        let breached = |file: &docket_desk::TicketFile| {
            file.events.iter().any(|event| event.fact.name() == "SlaBreached")
        };
        assert!(!breached(&file(&world, 1).await), "its clocks ended");
        assert!(breached(&file(&world, 2).await), "those of the other go on");
        let undone = ask(&world, "POST", "tickets/1/merge/undo.json", json!({})).await;
        assert!(undone.is_success(), "{undone:?}");
        let after = head(&world, 1).await;
        assert_eq!(
            (after.status, after.assignee),
            (before.0.status, before.0.assignee)
        );
        let due = |ticket: &Ticket| ticket.clocks.as_ref().and_then(|clocks| clocks.next_due_at());
        assert_eq!(due(&after), due(&before.0));
        assert_eq!(head(&world, 2).await.ccs, before.1.ccs);
        pass_minutes(&mut world, 3).await;
        assert!(breached(&file(&world, 1).await), "what was promised is due again");
        let listed = get(&world, "tickets/2/comments.json").await.body;
        assert_eq!(listed["count"], 2, "what was written there stays: {listed}");
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

//! What follows from there being one way to change a ticket: nothing is decided that can't be committed, what stands is
//! never answered as failed.

use crate::{answer, file, in_world, mail};
use docket_domain::{
    RuleId, TicketNumber,
    rule::{Rule, RuleAction, RuleKind},
    sla::BookError,
};
use docket_local::world::{World, WorldOptions};
use docket_store::sabotage::Sabotage;
use embedded_aws::{Call, Fault};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

fn trigger(id: u64, condition: &str, actions: Vec<RuleAction>) -> Rule {
    Rule {
        id: RuleId(id),
        kind: RuleKind::Trigger,
        name: format!("Rule {id}"),
        description: String::new(),
        position: u32::try_from(id).unwrap(),
        condition: condition.to_owned(),
        actions,
        is_last: false,
        budget: 10,
        is_active: true,
        timing: None,
    }
}

/// Eve's ticket on a desk where five triggers make twenty calls each once it is urgent.
async fn with_many_calls(options: WorldOptions) -> World {
    let mut world = World::new(options).await.unwrap();
    let calls = || {
        (0..20)
            .map(|n| RuleAction::CallWebhook(format!("https://erp.example/{n}")))
            .collect()
    };
    let rules: Vec<Rule> = (1..=5)
        .map(|id| trigger(id, r#"ticket.priority == "urgent""#, calls()))
        .collect();
    let changed = world.local.desk.rules().change_book(world.by(), vec![], |book| {
        book.rules.rules.clone_from(&rules);
        Ok::<_, BookError>(())
    });
    changed.await.unwrap();
    world.pass(SignedDuration::from_mins(1)).await;
    world.receive(
        &mail("Eve <eve@example.com>", "m1@example.com", "", "Help!"),
        &[],
        false,
    );
    world.settle().await;
    world
}

pub async fn put(world: &World, number: u64, key: Option<&str>, ticket: Value) -> (u16, Value) {
    let body = json!({ "ticket": ticket });
    let answer = world
        .api("PUT", &format!("tickets/{number}.json"), key, &body)
        .await
        .unwrap();
    (answer.status, answer.body)
}

/// Whether another mail of the group still finds an agent.
pub async fn others_are_assigned(world: &mut World, id: &str) -> bool {
    let raw = mail(
        "Kim <kim@example.com>",
        &format!("{id}@example.com"),
        "",
        "Me, too",
    );
    world.receive(&raw, &[], false);
    world.settle().await;
    let newest = (1..=9).rev().map(TicketNumber);
    for number in newest {
        if let Some(ticket) = world.local.desk.tickets().get(number).await.unwrap_or(None) {
            return ticket.assignee.is_some();
        }
    }
    false
}

#[test]
fn a_save_with_more_calls_than_fit_is_bounded_and_the_ticket_stays_workable() {
    in_world(async {
        let mut world = with_many_calls(WorldOptions::default()).await;
        let (status, body) = put(&world, 1, None, json!({ "priority": "urgent" })).await;
        assert_eq!(status, 200, "{body}");
        let file = file(&world, 1).await;
        let stopped = file
            .events
            .iter()
            .filter(|event| event.fact.name() == "RuleStopped")
            .count();
        assert_eq!(stopped, 1);
        let calls = file.outbox.iter().filter(|item| item.work.is_call()).count();
        assert_eq!(calls, 80, "four of the five rules fit");
        assert!(answer(&world, 1, "We are on it.", false).await);
        assert!(others_are_assigned(&mut world, "m2").await);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn without_the_count_of_parts_such_a_save_can_never_stand() {
    in_world(async {
        let options = WorldOptions {
            sabotage: Sabotage {
                no_part_count: true,
                ..Sabotage::default()
            },
            ..WorldOptions::default()
        };
        let world = with_many_calls(options).await;
        let (status, body) = put(&world, 1, None, json!({ "priority": "urgent" })).await;
        assert_eq!(status, 500, "what can never work is not 'send it again': {body}");
        assert_eq!(body["error"], "InternalError");
    });
}

#[test]
fn forty_new_people_in_copy_fit_or_are_refused_with_words() {
    in_world(async {
        let mut world = with_many_calls(WorldOptions::default()).await;
        let copies = |from: usize, to: usize| -> Vec<Value> {
            (from..to)
                .map(|n| json!({ "user_email": format!("p{n}@example.org"), "action": "put" }))
                .collect()
        };
        let ticket = json!({ "priority": "urgent", "email_ccs": copies(0, 40),
            "comment": { "body": "We are all on it.", "public": true } });
        let (status, body) = put(&world, 1, None, ticket).await;
        assert_eq!(status, 200, "{body}");
        let after = file(&world, 1).await;
        assert_eq!(after.ticket.ccs.len(), 40);
        let (status, body) = put(&world, 1, None, json!({ "email_ccs": copies(40, 45) })).await;
        assert_eq!(status, 422, "{body}");
        let mut swap = copies(50, 90);
        let gone = |n: usize| json!({ "user_email": format!("p{n}@example.org"), "action": "delete" });
        swap.extend((0..40).map(gone));
        let (status, body) = put(&world, 1, None, json!({ "email_ccs": swap })).await;
        assert_eq!(status, 200, "{body}");
        let after = file(&world, 1).await;
        assert_eq!(after.ticket.ccs.len(), 40);
        // More people than one call names: refused with words, not "try again", and nobody is made of them.
        let known = world.local.desk.people().last_number().await.unwrap();
        swap.extend((200..215).map(gone));
        let (status, body) = put(&world, 1, None, json!({ "email_ccs": swap })).await;
        assert_eq!(status, 422, "{body}");
        assert!(body.to_string().contains("do it in several steps"), "{body}");
        assert_eq!(world.local.desk.people().last_number().await.unwrap(), known);
        assert!(answer(&world, 1, "Still here.", false).await);
        assert!(others_are_assigned(&mut world, "m2").await);
    });
}

#[test]
fn the_right_to_assign_is_given_back_when_a_run_fails() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let fails = Arc::new(AtomicBool::new(true));
        let switch = fails.clone();
        let plan = move |call: &Call| {
            let is_it = call.actor == "assignment" && call.operation == "TransactWriteItems";
            if is_it && switch.load(Ordering::Relaxed) {
                Fault::FailBefore(500)
            } else {
                Fault::None
            }
        };
        world.local.aws.set_fault_plan(Some(Arc::new(plan)));
        for n in 1..=4 {
            let raw = mail("eve@example.com", &format!("m{n}@example.com"), "", "Help!");
            world.receive(&raw, &[], false);
        }
        world.settle().await;
        fails.store(false, Ordering::Relaxed);
        let desk = &world.local.desk;
        let lease = desk
            .lease_assignment(docket_desk::seed::SUPPORT, &[])
            .await
            .unwrap();
        let mut lease = lease.expect("nobody holds it, though its time is not over");
        desk.release_lease(&mut lease).await.unwrap();
        world.pass(SignedDuration::from_mins(5)).await;
        for n in 1..=4 {
            let ticket = world
                .local
                .desk
                .tickets()
                .get(TicketNumber(n))
                .await
                .unwrap()
                .unwrap();
            assert!(ticket.assignee.is_some(), "ticket {n}");
        }
    });
}

#[test]
fn a_mail_with_more_files_than_its_comment_can_name_is_taken_in_once() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let id = |n: usize| format!("{n}-{}", "x".repeat(890));
        let part = |n: usize| {
            format!(
                "--b\r\nContent-Type: image/gif; name=\"{n}.gif\"\r\nContent-Disposition: inline; filename=\"{n}.gif\"\r\n\
                 Content-ID: <{}>\r\n\r\nGIF89a{n}\r\n",
                id(n)
            )
        };
        let parts: String = (0..400).map(part).collect();
        let raw = format!(
            "From: Eve <eve@example.com>\r\nTo: support@in.docket.local\r\nSubject: Icons\r\nMessage-ID: <m1@example.com>\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nLook at these.\r\n{parts}--b--\r\n"
        );
        assert!(raw.len() > 400_000);
        world.receive(&raw, &[], false);
        world.settle().await;
        let file = file(&world, 1).await;
        assert_eq!(file.comments.len(), 1);
        assert_eq!(file.comments[0].attachments.len(), 400, "all of them are at hand");
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
        let next = mail("Kim <kim@example.com>", "m2@example.com", "", "Me, too");
        world.receive(&next, &[], false);
        world.settle().await;
        let second = world.local.desk.tickets().get(TicketNumber(2)).await.unwrap();
        assert!(second.is_some(), "no number was drawn twice");
    });
}

#[test]
fn a_call_with_a_field_beyond_its_limit_is_refused_with_its_path() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let long = |count: usize| "x".repeat(count);
        let url = format!("https://bot.example/{}", long(400_000));
        for (n, (path, data)) in [
            ("data.reply_via.url", json!({ "reply_via": { "url": url } })),
            ("data.customer.locale", json!({ "customer": { "id": "u-1", "locale": long(900_000) } })),
            ("data.customer.name", json!({ "customer": { "id": "u-1", "name": long(100_000) } })),
            ("data.external_id", json!({ "external_id": long(100_000) })),
            ("data.language", json!({ "language": long(100_000) })),
            (
                "data.attachments[0].content_type",
                json!({ "attachments": [{ "name": "a", "content_type": "text/plain\r\nX: y", "content_base64": "YQ==" }] }),
            ),
        ]
        .into_iter()
        .enumerate()
        {
            let mut whole = json!({ "customer": { "id": "u-1" }, "text": "Hello" });
            whole.as_object_mut().unwrap().extend(data.as_object().unwrap().clone());
            let payload = json!({ "type": "message.created", "data": whole });
            let answer = world.hook(&format!("call-{n}"), &payload).await.unwrap();
            assert_eq!((answer.status, &answer.body["path"]), (400, &json!(path)), "{path}: {:?}", answer.body);
        }
    });
}

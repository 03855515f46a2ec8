//! A promise that is long overdue is told to agents by mail, and what they answer to that stays with them.

use crate::{eves_ticket, file, in_world, mail};
use docket_desk::seed::SUPPORT;
use docket_domain::{
    PolicyId,
    sla::{Action, BookError, Escalation, Hours, Metric, Policy, PolicyDraft, Promise, Recipient},
    ticket::Priority,
};
use docket_local::world::World;
use docket_store::secrets::WEBHOOKS_CHANNEL;
use jiff::SignedDuration;

/// A policy that promises a first reply within an hour, and tells the group ten minutes after that.
fn policy() -> Policy {
    let all = Priority::ALL.iter().map(|priority| (*priority, 3600));
    let promise = Promise {
        metric: Metric::FirstReply,
        target_seconds: all.collect(),
        warnings: vec![],
        escalations: vec![Escalation {
            after_seconds: 600,
            actions: vec![
                Action::Notify(Recipient::Group(SUPPORT)),
                Action::CallWebhook("https://pager.example/docket".to_owned()),
            ],
        }],
    };
    let draft = PolicyDraft {
        id: PolicyId(1),
        version: 1,
        title: "Quick".into(),
        description: String::new(),
        position: 1,
        condition: "true".into(),
        hours: Hours::RoundTheClock,
        pausing: vec![],
        promises: vec![promise],
    };
    Policy::new(draft).unwrap()
}

async fn overdue() -> World {
    let mut world = eves_ticket().await;
    let changed = world.local.desk.rules().change_book(world.by(), vec![], |book| {
        book.policies = vec![policy()];
        Ok::<_, BookError>(())
    });
    changed.await.unwrap();
    world.pass(SignedDuration::from_mins(1)).await;
    let more = mail(
        "eve@example.com",
        "m2@example.com",
        "In-Reply-To: <m1@example.com>\r\n",
        "Please!",
    );
    world.receive(&more, &[], false);
    world.settle().await;
    world
}

#[test]
fn the_group_is_told_once_with_the_way_to_the_ticket() {
    in_world(async {
        let mut world = overdue().await;
        let sent = world.local.aws.sent_count();
        world.pass(SignedDuration::from_mins(68)).await;
        assert_eq!(world.local.aws.sent_count(), sent);
        world.pass(SignedDuration::from_mins(5)).await;
        world.leap(SignedDuration::from_hours(5)).await;
        assert_eq!(world.local.aws.sent_count(), sent + 1);
        let mut told = world.local.aws.sent_mails().pop().unwrap();
        told.destinations.sort();
        let agents = ["anna@docket.local", "ben@docket.local", "cleo@docket.local"];
        assert_eq!(told.destinations, agents);
        let read = docket_mail::read(&told.as_received, None).unwrap();
        assert_eq!(read.subject, "Ticket 1: the first reply is long overdue");
        assert!(
            read.text.starts_with(
                "The first reply of ticket 1 is long overdue. It was due on 2 March 2026 at 09:00 UTC."
            ),
            "{}",
            read.text
        );
        assert!(
            read.text.contains("\nhttp://desk.test/agent/tickets/1\n"),
            "{}",
            read.text
        );
        assert!(String::from_utf8_lossy(&told.as_received).contains("Auto-Submitted: auto-generated"));
        assert_eq!(read.reply_to, None);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn the_webhook_is_called_with_what_is_overdue_until_it_answers_well() {
    in_world(async {
        let mut world = overdue().await;
        world.outside.answer_next_with(&[500]);
        world.leap(SignedDuration::from_hours(2)).await;
        for _ in 0..3 {
            world.leap(SignedDuration::from_mins(10)).await;
        }
        let calls = world.outside.calls();
        assert!(
            calls.len() >= 2,
            "a call that was answered with 500 is made again"
        );
        assert!(calls.iter().all(|call| call.webhook_id == calls[0].webhook_id));
        assert_eq!(calls[0].url, "https://pager.example/docket");
        let body: serde_json::Value = serde_json::from_str(&calls[0].body).unwrap();
        assert_eq!(body["type"], "sla.escalated");
        assert_eq!(body["data"]["ticket"]["id"], 1);
        assert_eq!(body["data"]["sla"]["metric"], "first_reply");
        assert_eq!(body["data"]["sla"]["due_at"], "2026-03-02T09:10:00Z");
        let secrets = world.local.desk.channel_secrets(WEBHOOKS_CHANNEL).await.unwrap();
        let key = standardwebhooks::Webhook::new(secrets[0].expose()).unwrap();
        let signature = key.sign(&calls[0].webhook_id, calls[0].timestamp, calls[0].body.as_bytes());
        assert_eq!(signature.unwrap(), calls[0].signature);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn what_an_agent_answers_to_it_does_not_reach_the_customer() {
    in_world(async {
        let mut world = overdue().await;
        world.leap(SignedDuration::from_hours(2)).await;
        let told = world.local.aws.sent_mails().pop().unwrap();
        let told = docket_mail::read(&told.as_received, None).unwrap();
        assert!(told.subject.starts_with("Ticket 1: "), "{}", told.subject);
        let before = file(&world, 1).await.comments.len();
        let threaded = format!("In-Reply-To: <{}>\r\n", told.message_id.unwrap());
        let reply = mail(
            "ben@docket.local",
            "m3@docket.local",
            &threaded,
            "That one again...",
        );
        world.receive(&reply, &[], false);
        world.settle().await;
        let comments = file(&world, 1).await.comments;
        assert_eq!(comments.len(), before + 1);
        assert!(!comments.last().unwrap().public, "a note of the agent's");
    });
}

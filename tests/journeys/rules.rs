//! Rules on the whole desk: what a trigger writes is sent once, an automation runs at its time, a macro is its agent's hand.

use crate::{answer, file, in_world, mail, timers::calm_world};
use docket_desk::{JobRows, jobs::Begun, seed::SUPPORT, setup::SetupChange};
use docket_domain::{
    PersonId, RuleId, TicketNumber,
    contact::comment::AuthorRole,
    job::{JobKind, JobStatus},
    rule::{Anchor, Rule, RuleAction, RuleBook, RuleKind, Template, TemplateText, Text, Timing},
    sla::Recipient,
    ticket::{Fact, Priority, Status, TicketEvent, fact},
};
use docket_local::world::{World, WorldOptions};
use docket_store::secrets::WEBHOOKS_CHANNEL;
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// Seeds of the normal run; `DOCKET_SEEDS` sets another number.
const SEEDS: u64 = 20;

pub(crate) fn rule(id: u64, kind: RuleKind, name: &str, condition: &str, actions: Vec<RuleAction>) -> Rule {
    Rule {
        id: RuleId(id),
        kind,
        name: name.to_owned(),
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

fn own(body: &str) -> Text {
    Text::Own(TemplateText {
        subject: None,
        body: body.to_owned(),
    })
}

fn tag(tag: &str) -> RuleAction {
    RuleAction::AddTags(vec![tag.to_owned()])
}

/// One rule of each kind, and a template in two languages.
fn rules() -> RuleBook {
    let text = |body: &str| TemplateText {
        subject: Some("Welcome".to_owned()),
        body: body.to_owned(),
    };
    let greeting = Template {
        name: "welcome".to_owned(),
        default_language: "en".to_owned(),
        texts: BTreeMap::from([
            (
                "en".to_owned(),
                text("Hello {{ requester.first_name }}, it is ticket {{ ticket.number }}."),
            ),
            ("de".to_owned(), text("Guten Tag, {{ requester.name }}.")),
        ]),
    };
    let mut waits = rule(
        3,
        RuleKind::Automation,
        "Two days of silence",
        r#"ticket.status == "pending""#,
        vec![tag("silent"), RuleAction::SetStatus(Status::Solved)],
    );
    waits.timing = Some(Timing {
        since: Anchor::AgentWrote,
        after_seconds: 2 * 24 * 3600,
    });
    RuleBook {
        rules: vec![
            rule(
                1,
                RuleKind::Routing,
                "Fire",
                r#"ticket.subject.lowerAscii().contains("burns")"#,
                vec![RuleAction::SetPriority(Priority::Urgent), tag("fire")],
            ),
            rule(
                2,
                RuleKind::Trigger,
                "Welcome",
                r#"event.kind == "ticket_created" && ticket.priority == "urgent""#,
                vec![
                    RuleAction::Reply(Text::Template("welcome".to_owned())),
                    RuleAction::AddNote(own("Greeted {{ requester.name }}.")),
                    RuleAction::Notify {
                        to: Recipient::Group(SUPPORT),
                        text: own("{{ ticket.subject }} ({{ ticket.url }})"),
                    },
                    RuleAction::CallWebhook("https://pager.example/docket".to_owned()),
                ],
            ),
            waits,
            rule(
                4,
                RuleKind::Macro,
                "Ask",
                "true",
                vec![
                    RuleAction::Reply(own(
                        "Is it still burning, {{ requester.first_name }}? {{ agent.name }}",
                    )),
                    RuleAction::SetStatus(Status::Pending),
                ],
            ),
        ],
        templates: vec![greeting],
        last_rule_id: 4,
        ..RuleBook::default()
    }
}

pub(crate) async fn lay_down(world: &World, rules: &RuleBook) {
    for _ in 0..20 {
        let changed = world.local.desk.rules().change_book(world.by(), vec![], |book| {
            book.rules = rules.clone();
            book.check()
        });
        match changed.await {
            Ok(SetupChange::Done(..)) => return,
            Ok(other) => panic!("{other:?}"),
            // The world is one in which calls fail.
            Err(_) => {}
        }
    }
    panic!("the rules could not be laid down");
}

/// The runs of a rule on a ticket.
fn runs(events: &[TicketEvent], id: u64) -> usize {
    let is_run = |event: &&TicketEvent| matches!(&event.fact, Fact::RuleRan(fact::RuleRan { rule, .. }) if *rule == RuleId(id));
    events.iter().filter(is_run).count()
}

/// Eve's mail becomes ticket 1, and waits for her answer.
async fn ask_eve(world: &mut World) {
    let wrote = mail("eve@example.com", "m1@example.com", "", "Help!");
    world.receive(&wrote, &[], false);
    world.settle().await;
    let asked = serde_json::json!({ "status": "pending", "comment": { "body": "Is it out?" } });
    let body = serde_json::json!({ "ticket": asked });
    let answer = world.api("PUT", "tickets/1.json", None, &body).await.unwrap();
    assert!(answer.is_success(), "{answer:?}");
}

#[test]
fn a_new_ticket_is_routed_answered_and_told_of_by_rules() {
    in_world(async {
        let mut world = calm_world().await;
        lay_down(&world, &rules()).await;
        let sent = world.local.aws.sent_count();
        world.receive(
            &mail("Eve Lee <eve@example.com>", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        let file = file(&world, 1).await;
        assert_eq!(file.ticket.priority, Some(Priority::Urgent));
        assert_eq!(file.ticket.tags, ["fire"]);
        assert_eq!(runs(&file.events, 2), 1);
        let by_desk: Vec<(bool, &str)> = file
            .comments
            .iter()
            .filter(|comment| comment.role == AuthorRole::System)
            .map(|comment| (comment.public, comment.snippet.as_str()))
            .collect();
        assert_eq!(
            by_desk,
            [(true, "Hello Eve, it is ticket 1."), (false, "Greeted Eve Lee.")]
        );
        let mails = world.local.aws.sent_mails();
        let said: Vec<(String, String)> = mails[sent..]
            .iter()
            .map(|mail| {
                let read = docket_mail::read(&mail.as_received, None).unwrap();
                (read.subject, read.text)
            })
            .collect();
        let welcome = said
            .iter()
            .find(|(subject, _)| subject == "Welcome (ticket 1)")
            .unwrap();
        assert!(welcome.1.starts_with("Hello Eve, it is ticket 1."), "{welcome:?}");
        let told = said
            .iter()
            .find(|(subject, _)| subject == "Ticket 1: The printer burns")
            .unwrap();
        assert!(
            told.1
                .starts_with("The printer burns (http://desk.test/agent/tickets/1)"),
            "{told:?}"
        );
        assert_eq!(said.len(), 3, "with the acknowledgement: {said:?}");
        let calls = world.outside.calls();
        assert_eq!(calls.len(), 1);
        let body: serde_json::Value = serde_json::from_str(&calls[0].body).unwrap();
        assert_eq!(body["type"], "rule.ran");
        assert_eq!(body["data"]["rule"]["name"], "Welcome");
        let secrets = world.local.desk.channel_secrets(WEBHOOKS_CHANNEL).await.unwrap();
        assert!(!secrets.is_empty());
        assert!(world.broken_invariants().await.is_empty());
    });
}

#[test]
fn an_automation_solves_what_nobody_answers_and_counts_from_our_last_word() {
    in_world(async {
        let mut world = calm_world().await;
        lay_down(&world, &rules()).await;
        ask_eve(&mut world).await;
        world.pass(SignedDuration::from_hours(30)).await;
        assert!(answer(&world, 1, "Still waiting.", false).await);
        world.settle().await;
        world.leap(SignedDuration::from_hours(40)).await;
        assert_eq!(file(&world, 1).await.ticket.status, Status::Pending);
        world.leap(SignedDuration::from_hours(9)).await;
        world.leap(SignedDuration::from_hours(9)).await;
        let file = file(&world, 1).await;
        assert_eq!((runs(&file.events, 3), file.ticket.status), (1, Status::Solved));
        assert!(file.ticket.tags.contains(&"silent".to_owned()));
        assert!(world.broken_invariants().await.is_empty());
    });
}

#[test]
fn an_automation_that_comes_into_force_finds_the_tickets_that_are_there() {
    in_world(async {
        let mut world = calm_world().await;
        ask_eve(&mut world).await;
        world.pass(SignedDuration::from_hours(3)).await;
        lay_down(&world, &rules()).await;
        world.pass(SignedDuration::from_mins(5)).await;
        assert_eq!(file(&world, 1).await.ticket.automations.len(), 1);
        world.leap(SignedDuration::from_hours(46)).await;
        assert_eq!(runs(&file(&world, 1).await.events, 3), 1);
    });
}

#[test]
fn a_macro_is_run_on_many_by_a_job_as_on_one_and_what_is_closed_says_why() {
    in_world(async {
        let mut world = calm_world().await;
        lay_down(&world, &rules()).await;
        for nth in 1..=3 {
            let from = format!("eve{nth}@example.com");
            world.receive(
                &mail(&from, &format!("m{nth}@example.com"), "", "Help!"),
                &[],
                false,
            );
            world.settle().await;
        }
        for status in ["solved", "closed"] {
            let body = serde_json::json!({ "ticket": { "status": status } });
            let answer = world.api("PUT", "tickets/2.json", None, &body).await.unwrap();
            assert!(answer.is_success(), "{answer:?}");
        }
        let rows = JobRows {
            rows: (1..=3).map(|number| serde_json::json!(number)).collect(),
            common: serde_json::json!({ "macro_id": 4 }),
        };
        let jobs = world.local.desk.jobs();
        let begun = jobs.begin(JobKind::RunMacro, PersonId(1), &rows, vec![]).await;
        let Begun::New(begun) = begun.unwrap() else {
            panic!("it is new")
        };
        world.settle().await;
        let over = world.local.desk.jobs().get(&begun.id).await.unwrap().unwrap();
        assert_eq!(
            (over.status, over.done, over.failed),
            (JobStatus::Completed, 3, 1)
        );
        let why = over.results[1].error.as_ref().unwrap();
        assert!(why.details.contains("closed"), "{why:?}");
        for number in [1, 3] {
            let file = file(&world, number).await;
            let said = file
                .comments
                .iter()
                .find(|comment| comment.role == AuthorRole::Agent);
            assert!(
                said.unwrap().snippet.starts_with("Is it still burning,"),
                "{number}"
            );
            assert_eq!((runs(&file.events, 4), file.ticket.status), (1, Status::Pending));
        }
        assert_eq!(runs(&file(&world, 2).await.events, 4), 0);
        assert!(world.broken_invariants().await.is_empty());
    });
}

/// Mails and answers under rules and faults; what is broken at the end.
async fn troubled(seed: u64) -> Vec<String> {
    let options = WorldOptions {
        seed,
        faults: true,
        ..WorldOptions::default()
    };
    let mut world = World::new(options).await.unwrap();
    lay_down(&world, &rules()).await;
    for (from, id) in [
        ("eve@example.com", "m1@example.com"),
        ("max@example.com", "m2@example.com"),
    ] {
        world.receive(&mail(from, id, "", "Help!"), &[], false);
    }
    world.settle().await;
    world.lose_something();
    world.pass(SignedDuration::from_mins(3)).await;
    for number in 1..=2 {
        let words = format!("Is {number} out?");
        if answer(&world, number, &words, false).await {
            world.contacts.answers.push(words);
        }
        let body = serde_json::json!({ "ticket": { "status": "pending" } });
        for _ in 0..20 {
            let answer = world
                .api("PUT", &format!("tickets/{number}.json"), Some("pending"), &body)
                .await;
            if answer.is_some_and(|answer| answer.status < 500) {
                break;
            }
        }
    }
    world.settle().await;
    world.lose_something();
    world.calm();
    for minutes in [2, 2, 5, 10, 20, 40, 40 * 60, 10 * 60, 10, 20, 40] {
        world.leap(SignedDuration::from_mins(minutes)).await;
    }
    let mut broken = world.broken_invariants().await;
    let last = world.local.desk.tickets().last_number().await.unwrap();
    for number in 1..=last {
        let Some(file) = world
            .local
            .desk
            .tickets()
            .file(TicketNumber(number))
            .await
            .unwrap()
        else {
            continue;
        };
        let was_pending = file.events.iter().any(|event| {
            matches!(
                event.fact,
                Fact::StatusChanged {
                    to: Status::Pending,
                    ..
                }
            )
        });
        for (id, expected) in [(2, 1), (3, usize::from(was_pending))] {
            let found = runs(&file.events, id);
            if found != expected {
                broken.push(format!(
                    "ticket {number}: rule {id} ran {found} times, not {expected}"
                ));
            }
        }
        let replies = file
            .comments
            .iter()
            .filter(|comment| comment.role == AuthorRole::System && comment.public);
        if replies.count() != 1 {
            broken.push(format!("ticket {number}: not one automatic answer"));
        }
    }
    broken
}

#[test]
fn under_faults_each_rule_runs_once_where_it_should() {
    let seeds = std::env::var_os("DOCKET_SEEDS")
        .and_then(|count| count.to_str()?.parse().ok())
        .unwrap_or(SEEDS);
    for seed in 0..seeds {
        let broken = in_world(troubled(seed));
        assert!(broken.is_empty(), "seed {seed}: {broken:#?}");
    }
}

#[test]
fn a_trigger_reads_the_words_that_a_ticket_began_with_however_few_they_are() {
    in_world(async {
        let mut world = calm_world().await;
        let refund = rule(
            1,
            RuleKind::Trigger,
            "Refunds",
            r#"event.kind == "comment_added" && event.comment_text.contains("refund")"#,
            vec![tag("refund")],
        );
        let book = RuleBook {
            rules: vec![refund],
            last_rule_id: 1,
            ..RuleBook::default()
        };
        lay_down(&world, &book).await;
        let long = format!("{} I want a refund.", "Word. ".repeat(1_000));
        for (id, text) in [("r1", "A refund, please."), ("r2", &long), ("r3", "Nothing.")] {
            let letter = mail("eve@example.com", &format!("{id}@example.com"), "", text);
            world.receive(&letter, &[], false);
            world.settle().await;
        }
        for (number, is_tagged) in [(1, true), (2, true), (3, false)] {
            let tags = file(&world, number).await.ticket.tags;
            assert_eq!(
                tags.contains(&"refund".to_owned()),
                is_tagged,
                "{number}: {tags:?}"
            );
        }
    });
}

//! What is stored for ever: nobody's words stand in it, and nothing of it can be changed without being found.

use crate::{
    file, hand_over, in_world,
    rules::{lay_down, rule},
};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::{
    GroupId, TicketNumber,
    rule::{RuleAction, RuleBook, RuleKind, TemplateText, Text},
    sla::Recipient,
};
use docket_local::world::{World, WorldOptions};
use docket_store::{keys::ItemKey, sabotage::Sabotage};
use embedded_aws::BounceKind;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A word that stands in everything that people say here.
const CANARY: &str = "quetzal";

fn text(body: &str) -> Text {
    Text::Own(TemplateText {
        subject: Some("About {{ ticket.subject }}".to_owned()),
        body: body.to_owned(),
    })
}

/// A rule that reads what people said, and says it again in each way there is.
fn parrot() -> RuleBook {
    let actions = vec![
        RuleAction::Reply(text("You said {{ ticket.subject }}.")),
        RuleAction::AddNote(text("They said {{ ticket.subject }}.")),
        RuleAction::Notify {
            to: Recipient::Group(GroupId(1)),
            text: text("{{ ticket.subject }}"),
        },
        RuleAction::CallWebhook("https://pager.example/docket".to_owned()),
    ];
    let condition = r#"event.kind == "ticket_created" && ticket.subject.contains("quetzal")"#;
    let routing = vec![RuleAction::AddTags(vec!["bird".to_owned()])];
    RuleBook {
        rules: vec![
            rule(1, RuleKind::Trigger, "Parrot", condition, actions),
            // It has no answer, and says so.
            rule(
                3,
                RuleKind::Trigger,
                "Counts",
                r#"event.kind == "ticket_created" && int(ticket.subject) > 5"#,
                vec![RuleAction::AddTags(vec!["many".to_owned()])],
            ),
            rule(
                2,
                RuleKind::Routing,
                "Birds",
                r#"ticket.subject.contains("quetzal")"#,
                routing,
            ),
        ],
        last_rule_id: 3,
        ..RuleBook::default()
    }
}

/// A desk on which the canary was said in every place there is for words; with all that was ever stored of tickets.
async fn said_everywhere() -> (World, Vec<(String, Value)>) {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    let table = world.local.desk.settings.tickets_table.clone();
    world.local.aws.keep_history(&table);
    lay_down(&world, &parrot()).await;
    world.pass(SignedDuration::from_mins(1)).await;
    let dead = format!("{CANARY}@example.com");
    world.local.aws.bounce_mail_to(&dead, BounceKind::Permanent);
    world.receive(
        &format!(
            "From: {CANARY} <{dead}>\r\nSubject: The {CANARY} burns\r\nMessage-ID: <{CANARY}@example.com>\r\n\r\n{CANARY}!\r\n"
        ),
        &[],
        false,
    );
    world.settle().await;
    assert!(hand_over(&world, "msg_1", &format!("A {CANARY} has landed")).await);
    world.settle().await;
    let say = |n: u64, ticket: Value| {
        let world = &world;
        async move {
            let body = json!({ "ticket": ticket });
            let answer = world
                .api("PUT", &format!("tickets/{n}.json"), None, &body)
                .await
                .unwrap();
            assert!(answer.is_success(), "{answer:?}");
        }
    };
    say(
        1,
        json!({ "subject": format!("Two {CANARY}s burn"), "docket": { "fields": { "category": format!("{CANARY}s") } },
            "comment": { "body": format!("Which {CANARY}?"), "public": true } }),
    )
    .await;
    say(
        2,
        json!({ "comment": { "body": format!("Your {CANARY} is here."), "public": true } }),
    )
    .await;
    let made = json!({ "ticket": { "subject": format!("{CANARY} by phone"), "external_id": format!("{CANARY}-17"),
        "requester": { "name": CANARY, "email": "eve@example.com" }, "comment": { "body": CANARY } } });
    let made = world.api("POST", "tickets.json", None, &made).await.unwrap();
    assert!(made.is_success(), "{made:?}");
    world.settle().await;
    let reason = format!("the {CANARY} wants an engineer");
    let up = json!({ "escalation": { "group_id": 2, "reason": reason } });
    let group = json!({ "group": { "name": "Engineers" } });
    assert!(
        world
            .api("POST", "groups.json", None, &group)
            .await
            .unwrap()
            .is_success()
    );
    let escalated = world.api("POST", "tickets/1/escalate", None, &up).await.unwrap();
    assert!(escalated.is_success(), "{escalated:?}");
    world.leap(SignedDuration::from_hours(80)).await;
    world.sweep().await;
    world.settle().await;
    let clocks = world
        .api("GET", "tickets/3/sla", None, &Value::Null)
        .await
        .unwrap();
    let clocks = clocks.body["sla"]["clocks"].as_array().unwrap().clone();
    let broken = clocks.iter().find(|clock| clock["is_breached"] == true);
    let broken = broken.unwrap_or_else(|| panic!("{clocks:?}"));
    let void = json!({ "metric": broken["metric"], "instance": broken["instance"],
        "reason": format!("the {CANARY} asked us to wait") });
    let voided = world
        .api("POST", "tickets/3/sla/void", None, &void)
        .await
        .unwrap();
    assert!(voided.is_success(), "{voided:?}");
    world.settle().await;
    let stored = world
        .local
        .aws
        .take_history(&table)
        .into_iter()
        .filter_map(|record| {
            let sk = record.keys["SK"]["S"].as_str()?.to_owned();
            let pk = record.keys["PK"]["S"].as_str()?;
            let image = record.new_image?;
            pk.starts_with("T#").then_some((sk, image))
        });
    let stored = stored.collect();
    (world, stored)
}

#[test]
fn what_people_say_stands_in_no_event() {
    in_world(async {
        let (world, stored) = said_everywhere().await;
        let of = |prefix: &str| {
            let items = stored.iter().filter(|(sk, _)| sk.starts_with(prefix));
            items
                .map(|(_, image)| image.to_string().to_lowercase())
                .collect::<Vec<_>>()
        };
        let (events, words) = (of("E#"), of("W#"));
        assert!(events.len() >= 20, "{}", events.len());
        for item in &events {
            assert!(!item.contains(CANARY), "{item}");
        }
        // They are told of, all the same: each kind of event that has words is there with them.
        let said = words.concat();
        for place in [
            "subject",
            "external_id",
            "reply_via/url",
            "body/digest",
            "written_by/snippet",
            "from",
            "changed/category",
            "read",
            "reason",
            "detail",
            "decision",
        ] {
            assert!(said.contains(&format!("\\\"{place}\\\":")), "{place}");
        }
        assert!(
            said.matches(CANARY).count() >= 12,
            "{}",
            said.matches(CANARY).count()
        );
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn once_words_are_erased_the_history_holds_and_says_that_they_are_gone() {
    in_world(async {
        let (mut world, _) = said_everywhere().await;
        for number in 1..=3 {
            for path in [
                format!("tickets/{number}.json"),
                format!("deleted_tickets/{number}.json"),
            ] {
                let answer = world.api("DELETE", &path, None, &Value::Null).await.unwrap();
                assert!(answer.is_success(), "{answer:?}");
            }
        }
        for _ in 0..3 {
            world.pass(SignedDuration::from_secs(61)).await;
        }
        for number in 1..=3 {
            let after = file(&world, number).await;
            let verified = world.local.desk.tickets().verify(after.ticket.number).await;
            let verified = verified.unwrap().unwrap();
            assert_eq!(verified.flaws, []);
            assert!(verified.erased_saves > 0);
            let said = serde_json::to_string(&after.events).unwrap().to_lowercase();
            assert!(!said.contains(CANARY), "{said}");
        }
    });
}

#[test]
fn words_that_are_gone_without_a_reason_are_noticed() {
    in_world(async {
        let world = crate::eves_ticket().await;
        let settings = &world.local.desk.settings;
        let key = ItemKey::Words(TicketNumber(1), 1);
        let dynamo = aws_sdk_dynamodb::Client::new(&world.local.aws.config("test"));
        let delete = dynamo
            .delete_item()
            .table_name(&settings.tickets_table)
            .key("PK", AttributeValue::S(key.pk(&settings.tenant)))
            .key("SK", AttributeValue::S(key.sk()));
        delete.send().await.unwrap();
        let broken = world.broken_invariants().await;
        let is_told = broken
            .iter()
            .any(|flaw| flaw.contains("nothing says that they had to go"));
        assert!(is_told, "{broken:?}");
    });
}

async fn flaws_of(options: WorldOptions) -> Vec<String> {
    let mut world = World::new(options).await.unwrap();
    world.receive(
        &crate::mail("eve@example.com", "m1@example.com", "", "Help!"),
        &[],
        false,
    );
    world.settle().await;
    world.broken_invariants().await
}

#[test]
fn a_history_without_its_chain_is_noticed() {
    in_world(async {
        let flaws = flaws_of(WorldOptions {
            sabotage: Sabotage {
                no_chain: true,
                ..Sabotage::default()
            },
            ..WorldOptions::default()
        })
        .await;
        assert!(
            flaws.iter().any(|flaw| flaw.contains("not what was stored")),
            "{flaws:?}"
        );
    });
}

#[test]
fn commitments_that_are_plain_digests_are_noticed() {
    in_world(async {
        let flaws = flaws_of(WorldOptions {
            sabotage: Sabotage {
                plain_commitments: true,
                ..Sabotage::default()
            },
            ..WorldOptions::default()
        })
        .await;
        assert!(
            flaws.iter().any(|flaw| flaw.contains("the words at subject")),
            "{flaws:?}"
        );
    });
}

use crate::support::World;
use docket_desk::{Attempt, Changed};
use docket_domain::{
    GroupId, TicketNumber, assignment,
    ticket::{Actor, Command, Priority},
    triage,
};
use serde_json::json;

/// Lets the desk itself decide about ticket 1.
async fn decided(world: &World, command: Command) {
    let before = world.desk.tickets().get(TicketNumber(1)).await.unwrap().unwrap();
    let attempt = Attempt::by(
        Actor::Rule("default/1".to_owned()),
        format!("version {}", before.v),
    );
    let changed = world
        .desk
        .change_by(TicketNumber(1), attempt, command)
        .await
        .unwrap();
    assert!(matches!(changed, Changed::Done(_)), "{changed:?}");
}

/// A ticket that was triaged and, at once, given to the first free agent.
async fn routed() -> World {
    let world = World::new().await;
    world.ticket("a").await;
    let number = TicketNumber(1);
    let kept = json!({ "rule_set": "default/1" });
    let (decision, _) = world.desk.blobs().put_json(number, &kept).await.unwrap();
    let outcome = triage::TriageOutcome {
        priority: Priority::High,
        group: GroupId(1),
        ticket_type: None,
        tags_added: vec!["hand-off".to_owned()],
        found: triage::Findings::default(),
        skills: vec![],
        rule: "hand-off".to_owned(),
        reason: "a bot handed a waiting person over".to_owned(),
        rules: vec![],
        also: vec![],
    };
    world.advance(1);
    decided(
        &world,
        Command::Triage {
            outcome,
            decision,
            began: vec![],
        },
    )
    .await;
    let roster = world.desk.agents().roster(GroupId(1)).await.unwrap();
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    let candidates = assignment::Candidates {
        group: GroupId(1),
        assignment: &assignment::GroupAssignment::default(),
        roster: &roster,
        calendars: &[],
        previous: None,
        skill_names: &assignment::SkillNames::new(),
        now: world.desk.now(),
    };
    let (choice, kept) = assignment::choose(&ticket, &candidates);
    let (decision, _) = world.desk.blobs().put_json(number, &kept).await.unwrap();
    let choice = choice.unwrap();
    world.advance(1);
    decided(&world, Command::Assign { choice, decision }).await;
    world
}

#[tokio::test]
async fn what_the_rules_changed_stands_with_its_reason() {
    let world = routed().await;
    let body = world.get("tickets/1/audits.json").await.body;
    assert_eq!(body["count"], 3);
    let triage = &body["audits"][1];
    assert_eq!(triage["id"], 100_003);
    assert_eq!(triage["author_id"], -1);
    assert_eq!(triage["via"]["channel"], "rule");
    let events = triage["events"].as_array().unwrap();
    let priority = events
        .iter()
        .find(|event| event["field_name"] == "priority")
        .unwrap();
    assert_eq!(
        (&priority["type"], &priority["previous_value"], &priority["value"]),
        (&json!("Change"), &json!(null), &json!("high"))
    );
    assert_eq!(priority["reason"], "a bot handed a waiting person over");
    assert!(events.iter().any(|event| event["type"] == "DocketTriage"));
}

#[tokio::test]
async fn an_assignment_tells_agent_and_status() {
    let world = routed().await;
    let body = world.get("tickets/1/audits?sort_order=desc").await.body;
    let assignment = &body["audits"][0];
    let fields: Vec<_> = assignment["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|event| event["field_name"].as_str())
        .collect();
    assert_eq!(fields, ["assignee_id", "status"]);
    let id = &assignment["id"];
    let one = world.get(&format!("tickets/1/audits/{id}.json")).await.body;
    assert_eq!(one["audit"], *assignment);
}

#[tokio::test]
async fn decisions_come_with_everything_that_was_looked_at() {
    let world = routed().await;
    let body = world.get("tickets/1/decisions.json").await.body;
    let decisions = body["decisions"].as_array().unwrap();
    assert_eq!(decisions.len(), 2);
    assert_eq!(decisions[0]["type"], "triage");
    assert_eq!(decisions[0]["rule"], "hand-off");
    assert_eq!(decisions[0]["details"]["rule_set"], "default/1");
    assert_eq!(decisions[1]["type"], "assignment");
    assert_eq!(decisions[1]["details"]["considered"].as_array().unwrap().len(), 2);
    assert_eq!(decisions[1]["details"]["winner"], decisions[1]["assignee_id"]);
}

#[tokio::test]
async fn a_comment_names_the_audit_that_holds_it() {
    let world = World::new().await;
    world.ticket("a").await;
    let comments = world.get("tickets/1/comments").await.body;
    let comment = &comments["comments"][0];
    let audit = world
        .get(&format!("tickets/1/audits/{}", comment["audit_id"]))
        .await
        .body;
    let events = audit["audit"]["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["id"] == comment["id"]));
}

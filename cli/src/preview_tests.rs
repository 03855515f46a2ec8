//! Against a desk at work: tickets that policies of a file would have judged otherwise.

use super::*;
use docket_local::world::{World, WorldOptions};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A file of configuration, gone with the test.
struct Draft(PathBuf);

impl Draft {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("docket-preview-{}-{name}.yaml", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn report(world: &World, draft: &Draft, since: &str, most: usize) -> Report {
    let file = ConfigFile::read(&draft.0).unwrap();
    preview(&world.local.desk, &file, since.parse().unwrap(), most)
        .await
        .unwrap()
}

/// A mail from a customer becomes the next ticket.
async fn write(world: &mut World, customer: &str) {
    let mail = format!(
        "From: {customer} <{customer}@example.com>\r\nSubject: The printer burns\r\nMessage-ID: <{customer}@example.com>\r\n\
         \r\nHelp!\r\n"
    );
    world.receive(&mail, &[], false);
    world.settle().await;
}

async fn answer(world: &mut World, ticket: u64, status: &str) {
    let body = json!({ "ticket": { "status": status, "comment": { "body": "Take the extinguisher." } } });
    let path = format!("tickets/{ticket}.json");
    let answered = world
        .api("PUT", &path, Some(&format!("{ticket}{status}")), &body)
        .await
        .unwrap();
    assert!(answered.is_success(), "{answered:?}");
    world.settle().await;
}

const FOUR_HOURS: &str =
    "sla_policies:\n  - name: Quick\n    targets:\n      first_reply: {within: 4h, warn: [50%]}\n";

#[tokio::test]
async fn tickets_that_would_have_been_breached_are_told_beside_what_holds_today() {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    // Answered after an hour, after three, and not at all.
    for customer in ["ada", "bob", "eve"] {
        write(&mut world, customer).await;
    }
    world.leap(SignedDuration::from_hours(1)).await;
    answer(&mut world, 1, "open").await;
    world.leap(SignedDuration::from_hours(2)).await;
    answer(&mut world, 2, "open").await;
    world.leap(SignedDuration::from_hours(2)).await;
    let draft = Draft::new("beside", FOUR_HOURS);
    let report = report(&world, &draft, "30d", 100).await;
    let value = serde_json::to_value(&report).unwrap();
    assert_eq!(value["tickets"], 3);
    assert_eq!(
        value["today"]["first_reply"],
        json!({ "tickets": 3, "warned": 0, "breached": 0 })
    );
    assert_eq!(
        value["today"]["resolution"],
        json!({ "tickets": 3, "warned": 0, "breached": 0 })
    );
    assert_eq!(
        value["preview"],
        json!({ "first_reply": { "tickets": 3, "warned": 2, "breached": 1 } })
    );
    assert_eq!(
        value["moves"],
        json!([{ "from": "default", "to": "Quick", "tickets": 3 }])
    );
    let differences: Vec<&Value> = value["differences"].as_array().unwrap().iter().collect();
    assert_eq!(differences.len(), 2, "{differences:?}");
    assert_eq!(
        (&differences[0]["ticket"], &differences[1]["ticket"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(differences[0]["preview"].get("breached_at"), None);
    let created = world
        .local
        .desk
        .tickets()
        .get(docket_domain::TicketNumber(3))
        .await
        .unwrap()
        .unwrap()
        .created_at;
    let due = created + SignedDuration::from_hours(4);
    assert_eq!(report.differences[1].preview.breached_at, Some(due));
    assert_eq!(
        world.local.desk.rules().book().await.unwrap().v,
        0,
        "nothing was changed"
    );
}

#[tokio::test]
async fn what_is_open_is_looked_at_however_old_and_what_was_done_before_is_not() {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    write(&mut world, "ada").await;
    write(&mut world, "bob").await;
    answer(&mut world, 1, "solved").await;
    world.leap(SignedDuration::from_hours(20 * 24)).await;
    write(&mut world, "eve").await;
    let draft = Draft::new("old", FOUR_HOURS);
    let looked = |since, most| report(&world, &draft, since, most);
    assert_eq!(looked("30d", 100).await.tickets, 3);
    // The second is open; the first was solved before, though it was closed lately.
    assert_eq!(looked("10d", 100).await.tickets, 2);
    let cut = looked("30d", 2).await;
    assert_eq!(cut.tickets, 2);
    assert!(
        cut.not_known.iter().any(|what| what.contains("are left out")),
        "{:?}",
        cut.not_known
    );
}

#[tokio::test]
async fn each_ticket_is_judged_by_the_policy_that_its_condition_chooses() {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    write(&mut world, "ada").await;
    write(&mut world, "bob").await;
    world.leap(SignedDuration::from_hours(5)).await;
    let text = "sla_policies:\n  - name: Ada\n    when: requester.email == \"ada@example.com\"\n    targets: {first_reply: \
                {within: 1h}}\n  - name: Support\n    when: ticket.group == \"Support\"\n    targets: {first_reply: {within: 9h}}\n";
    let draft = Draft::new("choice", text);
    let report = report(&world, &draft, "30d", 100).await;
    let breached: Vec<u64> = report
        .differences
        .iter()
        .filter(|difference| difference.preview.breached_at.is_some())
        .map(|difference| difference.ticket.0)
        .collect();
    assert_eq!(breached, [1]);
    let moves: Vec<_> = report
        .moves
        .iter()
        .map(|moved| (moved.to.as_deref(), moved.tickets))
        .collect();
    assert_eq!(moves, [(Some("Ada"), 1), (Some("Support"), 1)]);
    assert!(
        report
            .not_known
            .iter()
            .any(|what| what.contains("each requester")),
        "{:?}",
        report.not_known
    );
}

#[tokio::test]
async fn the_table_says_how_many_and_which_and_what_is_not_known() {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    write(&mut world, "ada").await;
    world.leap(SignedDuration::from_hours(5)).await;
    let draft = Draft::new("table", FOUR_HOURS);
    let report = report(&world, &draft, "2d", 100).await;
    let mut out = Vec::new();
    report.table("docket.yaml", &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(
        lines[0],
        "1 tickets looked at: created or open since 2026-02-28 13:00 UTC"
    );
    assert!(
        out.contains("\nfirst_reply              1        0        0          1        1        1\n"),
        "{out}"
    );
    assert!(
        out.contains("\n1 tickets would come under Quick instead of default\n"),
        "{out}"
    );
    assert!(
        out.contains(
            "\n#1       first_reply      neither                     → breached 2026-03-02 12:00 UTC\n"
        ),
        "{out}"
    );
    assert!(out.contains("\nnot known:\n  group, tags, subject"), "{out}");
}

#[tokio::test]
async fn a_broken_file_is_refused_before_any_ticket_is_read() {
    let world = World::new(WorldOptions::default()).await.unwrap();
    let draft = Draft::new("broken", "sla_policies: [{name: A, hours: nowhere}]\n");
    let file = ConfigFile::read(&draft.0).unwrap();
    let refused = preview(&world.local.desk, &file, "1d".parse().unwrap(), 100)
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("no calendar is called \"nowhere\""),
        "{refused}"
    );
}

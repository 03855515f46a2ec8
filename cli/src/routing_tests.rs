//! Against a desk at work: where its tickets would have gone, and what its rules do.

use super::*;
use docket_local::world::{World, WorldOptions};
use docket_rules::past_tickets::DriftReport;
use serde_json::{Value, json};

/// A file of configuration, gone with the test.
struct Draft(PathBuf);

impl Draft {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("docket-routing-{}-{name}.yaml", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn file(&self) -> ConfigFile {
        ConfigFile::read(&self.0).unwrap()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

const DRAFT: &str = r#"
routing:
  - name: Printers
    when: ticket.subject.contains("printer")
    actions: [{set_priority: urgent}, {add_tags: [hardware]}]
  - name: Large
    when: ticket.fields.size + 3 > 3
    actions: [{set_priority: high}]
"#;

/// A desk with a solved ticket about a printer, and one about something else.
async fn desk_at_work() -> World {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    for (customer, subject) in [("ada", "The printer is slow"), ("bob", "My mouse")] {
        let mail = format!(
            "From: {customer}@example.com\r\nSubject: {subject}\r\nMessage-ID: <{customer}@example.com>\r\n\r\nHelp!\r\n"
        );
        world.receive(&mail, &[], false);
        world.settle().await;
    }
    let body = json!({ "ticket": { "status": "solved", "comment": { "body": "Done." } } });
    let answered = world
        .api("PUT", "tickets/1.json", Some("1"), &body)
        .await
        .unwrap();
    assert!(answered.is_success(), "{answered:?}");
    world.settle().await;
    world
}

async fn backtested(world: &World, draft: &Draft, most: usize) -> backtest::Report {
    let since = "30d".parse().unwrap();
    backtest::run(&world.local.desk, &draft.file(), since, most)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_table_says_what_would_be_otherwise_and_who_solved_it() {
    let world = desk_at_work().await;
    let draft = Draft::new("table", DRAFT);
    let report = backtested(&world, &draft, 100).await;
    let mut out = Vec::new();
    report.table("docket.yaml", &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    let expected = [
        "2 tickets looked at, triaged since 2026-01-31 08:00 UTC; 1 would be otherwise with docket.yaml\n",
        "\nthe first group is the one that solved it, of 1 ticket:\n",
        "\ndocket.yaml          1  100.0 %\n",
        "\notherwise  tickets\npriority         1\ntags             1\n",
        "\nrule      matched  no answer\nPrinters        1          0\nLarge           0          2\n",
        "\nLarge has no answer, for instance: ",
        "\n#1       priority normal → urgent; tags none → hardware\n",
        "\nnot known:\n  groups of mailboxes",
    ];
    for part in expected {
        assert!(out.contains(part), "{part:?} is not in\n{out}");
    }
    assert_eq!(
        world.local.desk.rules().book().await.unwrap().v,
        0,
        "nothing was changed"
    );
}

#[tokio::test]
async fn as_json_it_says_the_same_and_the_oldest_are_left_out_first() {
    let world = desk_at_work().await;
    let draft = Draft::new("json", DRAFT);
    let value = serde_json::to_value(backtested(&world, &draft, 1).await).unwrap();
    assert_eq!((&value["tickets"], &value["otherwise"]), (&json!(1), &json!(0)));
    assert_eq!(value["groups"]["1"], "Support");
    let cut = "there are more tickets than 1: the oldest are left out";
    assert!(
        value["not_known"].as_array().unwrap().contains(&json!(cut)),
        "{value}"
    );
    let value: Value = serde_json::to_value(backtested(&world, &draft, 2).await).unwrap();
    assert_eq!(value["examples"][0]["ticket"], 1);
}

#[tokio::test]
async fn conditions_see_the_words_that_the_ticket_began_with() {
    let world = desk_at_work().await;
    let draft = Draft::new(
        "words",
        "routing: [{name: A, when: 'ticket.text.contains(\"Help\") && requester.tickets_total == 0', actions: [{add_tags: \
         [a]}]}]",
    );
    let report = backtested(&world, &draft, 100).await;
    assert_eq!(report.counted.rules[0].matched, 2, "{report:?}");
    assert_eq!(report.counted.not_judged.len(), 0);
}

#[tokio::test]
async fn a_broken_file_is_refused_before_any_ticket_is_read() {
    let world = World::new(WorldOptions::default()).await.unwrap();
    let draft = Draft::new(
        "broken",
        "routing: [{name: A, when: ticket.colour, actions: [{add_tags: [a]}]}]",
    );
    let refused = backtest::run(&world.local.desk, &draft.file(), "1d".parse().unwrap(), 9).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("ticket.colour"), "{refused}");
}

#[tokio::test]
async fn a_desk_without_rules_has_no_drift() {
    let world = desk_at_work().await;
    let report = drift::run(&world.local.desk, "30d".parse().unwrap(), 100)
        .await
        .unwrap();
    let DriftReport { looked, tickets, .. } = report.found;
    assert_eq!((looked, tickets), (2, 2));
    let mut out = Vec::new();
    report.table(&mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(
        out.starts_with(
            "2 tickets looked at on which something happened since 2026-01-31 08:00 UTC; 2 of them triaged since then\n\n\
             every rule does something, and none is always overruled\n"
        ),
        "{out}"
    );
}

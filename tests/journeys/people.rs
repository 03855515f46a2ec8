//! Who asks: organizations and tiers, earlier tickets, the language somebody writes in, what they send twice.

use crate::{answer, hand_over, in_world};
use docket_conditions::{Condition, Facts};
use docket_domain::{
    TicketNumber,
    ticket::Ticket,
    triage::{Decision, LikelyDuplicate},
};
use docket_local::world::{HttpAnswer, World, WorldOptions};
use docket_rules::Reads;
use jiff::SignedDuration;
use serde_json::{Value, json};

const FAULT: &str = "Guten Tag,\r\n\r\nseit heute Morgen druckt der Drucker im zweiten Stock jede Seite doppelt. Wir haben \
    das Papier gewechselt und ihn neu gestartet, aber es hilft nicht. Bitte schauen Sie sich das heute noch an.\r\n";

async fn world() -> World {
    World::new(WorldOptions::default()).await.unwrap()
}

async fn api(world: &World, method: &str, path: &str, body: Value) -> HttpAnswer {
    let answer = world.api(method, path, None, &body).await.unwrap();
    assert!(answer.is_success(), "{answer:?}");
    answer
}

/// An organization of the tier gold, whose addresses end in `@acme.example`.
async fn acme(world: &World) {
    let acme = json!({ "organization": {
        "name": "Acme",
        "domain_names": ["acme.example"],
        "external_id": "crm-7",
        "tags": ["vip"],
        "organization_fields": { "tier": "gold" },
    } });
    api(world, "POST", "organizations", acme).await;
}

async fn take_in(world: &mut World, from: &str, subject: &str, id: &str, text: &str) {
    let raw = format!(
        "From: {from}\r\nSubject: {subject}\r\nMessage-ID: <{id}@x.example>\r\nContent-Type: text/plain; \
         charset=utf-8\r\n\r\n{text}\r\n"
    );
    world.receive(&raw, &[], false);
    world.settle().await;
}

async fn ticket(world: &World, number: u64) -> Ticket {
    let found = world.local.desk.tickets().get(TicketNumber(number)).await;
    found.unwrap().unwrap()
}

/// Why triage decided as it did: the API's row and what is kept with it.
async fn triaged(world: &World, number: u64) -> (Value, Decision) {
    let path = format!("tickets/{number}/decisions");
    let answer = api(world, "GET", &path, Value::Null).await;
    let row = answer.body["decisions"][0].clone();
    let decision = serde_json::from_value(row["details"].clone()).unwrap();
    (row, decision)
}

/// What conditions see of a ticket, with what they say they need and nothing else.
async fn facts(world: &World, number: u64, conditions: &[Condition]) -> Facts {
    let desk = &world.local.desk;
    let ticket = ticket(world, number).await;
    let around = desk
        .rules()
        .surroundings(&Reads::of(conditions), &ticket)
        .await
        .unwrap();
    around.facts(&ticket, desk.now())
}

async fn all_hold(world: &World, number: u64, sources: &[&str]) {
    let conditions: Vec<Condition> = sources.iter().map(|source| source.parse().unwrap()).collect();
    // Together, and each with its own needs alone.
    let together = facts(world, number, &conditions).await;
    for condition in &conditions {
        let alone = facts(world, number, std::slice::from_ref(condition)).await;
        for facts in [&together, &alone] {
            let evaluation = condition.evaluate(facts).unwrap();
            assert!(evaluation.result, "{condition}: {:?}", evaluation.read);
        }
    }
}

#[test]
fn somebody_new_is_of_the_organization_of_their_domain_and_triage_knows_it() {
    in_world(async {
        let mut world = world().await;
        acme(&world).await;
        take_in(&mut world, "Ann <ann@Acme.example>", "Drucker", "m1", FAULT).await;
        let (row, decision) = triaged(&world, 1).await;
        assert_eq!(
            (&row["language"], &row["duplicate_of"]),
            (&json!("de"), &Value::Null)
        );
        let known = decision.history.organization.unwrap();
        assert_eq!(
            (known.name.as_str(), decision.history.tier.as_deref()),
            ("Acme", Some("gold"))
        );
        assert_eq!(
            (decision.history.tickets_total, decision.history.last_contact),
            (0, None)
        );
        assert_eq!(ticket(&world, 1).await.language.as_deref(), Some("de"));
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_mail_sent_again_is_a_ticket_of_its_own_that_names_the_first() {
    in_world(async {
        let mut world = world().await;
        take_in(&mut world, "ann@acme.example", "Drucker", "m1", FAULT).await;
        world.pass(SignedDuration::from_mins(10)).await;
        let again = format!("Hallo nochmal!\r\n{}", FAULT.replace("heute noch", "bald"));
        take_in(&mut world, "ann@acme.example", "Zweiter Versuch", "m2", &again).await;
        let (row, decision) = triaged(&world, 2).await;
        assert_eq!(row["duplicate_of"], 1);
        let LikelyDuplicate {
            ticket: first,
            likeness_percent,
            same_subject,
        } = decision.found.duplicate.unwrap();
        assert_eq!((first, same_subject), (TicketNumber(1), false));
        assert!((60..100).contains(&likeness_percent), "{likeness_percent}");
        assert_eq!(
            (decision.history.tickets_total, decision.history.tickets_open),
            (1, 1)
        );
        assert_eq!(
            decision.history.last_contact,
            Some(ticket(&world, 1).await.created_at)
        );
        // It is a hint: nothing was merged, and the first does not change.
        assert_eq!(triaged(&world, 1).await.0["duplicate_of"], Value::Null);
        assert_eq!(world.local.desk.tickets().last_number().await.unwrap(), 2);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn what_others_wrote_and_what_is_solved_is_no_duplicate() {
    in_world(async {
        let mut world = world().await;
        take_in(&mut world, "ann@acme.example", "Drucker", "m1", FAULT).await;
        take_in(&mut world, "bob@acme.example", "Drucker", "m2", FAULT).await;
        assert_eq!(triaged(&world, 2).await.0["duplicate_of"], Value::Null);
        assert!(answer(&world, 1, "Erledigt.", true).await);
        world.settle().await;
        take_in(&mut world, "ann@acme.example", "Drucker", "m3", FAULT).await;
        let (row, decision) = triaged(&world, 3).await;
        assert_eq!(row["duplicate_of"], Value::Null);
        assert_eq!(
            (decision.history.tickets_total, decision.history.tickets_open),
            (1, 0)
        );
    });
}

#[test]
fn conditions_that_read_who_asks_hold_for_a_ticket_as_it_is() {
    in_world(async {
        let mut world = world().await;
        acme(&world).await;
        let office = json!({ "schedule": { "name": "Office", "time_zone": "UTC" } });
        api(&world, "POST", "business_hours/schedules", office).await;
        take_in(&mut world, "Ann <ann@acme.example>", "Drucker", "m1", FAULT).await;
        world.pass(SignedDuration::from_mins(10)).await;
        take_in(
            &mut world,
            "Ann <ann@acme.example>",
            "Rechnung",
            "m2",
            "Wo ist sie?",
        )
        .await;
        let assignee = ticket(&world, 2).await.assignee.unwrap();
        let assignee = world.local.desk.people().get(assignee).await.unwrap().unwrap();
        all_hold(
            &world,
            2,
            &[
                r#"requester.tier == "gold""#,
                r#"organization.name == "Acme" && organization.tier == "gold""#,
                r#"organization.domain == "acme.example" && organization.external_id == "crm-7""#,
                r#""vip" in organization.tags"#,
                "requester.tickets_total == 1 && requester.tickets_open == 1",
                r#"requester.last_contact != null && requester.last_contact < ticket.created_at"#,
                r#"ticket.text.contains("Wo ist sie")"#,
                "ticket.language == null && bot == null",
                r#"ticket.group == "Support""#,
                &format!("ticket.assignee == {:?}", assignee.email.unwrap()),
                r#"calendar("Office").open(now) || !calendar("Office").open(now)"#,
            ],
        )
        .await;
        all_hold(
            &world,
            1,
            &[
                r#"ticket.language == "de""#,
                "requester.tickets_total == 0 && requester.last_contact == null",
            ],
        )
        .await;
        // Their own tier goes before their organization's.
        let ann = ticket(&world, 1).await.requester;
        let own = json!({ "user": { "user_fields": { "tier": "silver" } } });
        api(&world, "PUT", &format!("users/{ann}"), own).await;
        all_hold(
            &world,
            1,
            &[r#"requester.tier == "silver" && organization.tier == "gold""#],
        )
        .await;
    });
}

#[test]
fn conditions_read_what_a_bot_handed_over() {
    in_world(async {
        let mut world = world().await;
        assert!(hand_over(&world, "h1", "I want to talk to a person").await);
        world.settle().await;
        all_hold(
            &world,
            1,
            &[
                r#"bot != null && bot.intent == "" && bot.confidence == 0.0"#,
                r#"organization == null && requester.tier == null"#,
            ],
        )
        .await;
    });
}

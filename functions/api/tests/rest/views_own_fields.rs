//! Views by due dates, by numbers and days of the operator's own fields, and by fields of who asks and of their organization.

use crate::{
    fields::{choice, field},
    support::{ADMIN, World},
    views::clause,
    views_running::Searching,
};
use serde_json::{Value, json};

/// A ticket with what is sent besides; its id.
async fn ticket(world: &World, fields: Value) -> u64 {
    let mut record = json!({ "subject": "Lamp", "comment": { "body": "It does not glow." } });
    for (name, value) in fields.as_object().unwrap() {
        record[name] = value.clone();
    }
    let made = world
        .as_admin("POST", "tickets", json!({ "ticket": record }))
        .await;
    made["ticket"]["id"].as_u64().unwrap()
}

/// The tickets of a view with this condition, by number.
async fn found(desk: &Searching, condition: Value) -> Vec<u64> {
    let mut found = desk.preview(&json!({ "all": [condition] })).await;
    found.sort_unstable();
    found
}

#[tokio::test]
async fn tasks_stand_in_the_order_of_their_due_dates() {
    let desk = Searching::new().await;
    let due = |day: &str| json!({ "type": "task", "due_at": format!("{day}T12:00:00Z") });
    let late = ticket(&desk.world, due("2026-03-05")).await;
    let none = ticket(&desk.world, json!({})).await;
    let early = ticket(&desk.world, due("2026-03-03")).await;
    desk.index().await;
    let all = clause("status", "less_than", "closed");
    let view =
        |order: &str| json!({ "all": [all], "output": { "sort_by": "due_date", "sort_order": order } });
    assert_eq!(desk.preview(&view("asc")).await, [early, late, none]);
    assert_eq!(desk.preview(&view("desc")).await, [late, early, none]);
    // It is noon on the 2nd.
    assert_eq!(
        found(&desk, clause("until_due_date", "less_than", "48")).await,
        [early]
    );
    desk.world.advance(25 * 3_600);
    assert_eq!(found(&desk, clause("due_date", "is", "1")).await, [early]);
}

#[tokio::test]
async fn numbers_and_days_of_fields_are_compared() {
    let desk = Searching::new().await;
    let world = &desk.world;
    let seats = field(world, json!({ "type": "integer", "title": "Seats" })).await;
    let renewal = field(world, json!({ "type": "date", "title": "Renewal" })).await;
    let with = |count: i64, day: &str| json!({ "custom_fields": [{ "id": seats, "value": count }, { "id": renewal, "value": day }] });
    let small = ticket(world, with(9, "2026-03-02")).await;
    let large = ticket(world, with(10, "2026-03-04")).await;
    ticket(world, json!({})).await;
    desk.index().await;
    let (seats, renewal) = (
        format!("custom_fields_{seats}"),
        format!("custom_fields_{renewal}"),
    );
    for (field, operator, value, expected) in [
        (&seats, "less_than", "10", vec![small]),
        (&seats, "greater_than_equal", "9", vec![small, large]),
        (&seats, "greater_than", "10", vec![]),
        (&renewal, "greater_than", "2026-03-02", vec![large]),
        (&renewal, "within_previous_n_days", "1", vec![small]),
        (&renewal, "within_next_n_days", "2", vec![large]),
        (&renewal, "within_next_n_days", "1", vec![]),
    ] {
        let tickets = found(&desk, clause(field, operator, value)).await;
        assert_eq!(tickets, expected, "{field} {operator} {value}");
    }
    for (field, operator, value, part) in [
        (&seats, "within_next_n_days", "2", "operator"),
        (&seats, "less_than", "2026-03-02", "value"),
        (&renewal, "less_than", "7", "value"),
        (
            &"requester.custom_fields.shoe_size".to_owned(),
            "is",
            "7",
            "field",
        ),
        (
            &"organization.custom_fields.shoe_size".to_owned(),
            "is",
            "7",
            "field",
        ),
    ] {
        let view = json!({ "view": { "all": [clause(field, operator, value)] } });
        let reply = world.post("views/preview", view).await;
        assert_eq!(reply.status, 422, "{field} {operator}: {}", reply.body);
        let at = format!("all[0].{part}");
        assert!(reply.body["details"][&at].is_array(), "{field}: {}", reply.body);
    }
}

#[tokio::test]
async fn a_view_asks_for_fields_of_who_asks_and_of_their_organization() {
    let desk = Searching::new().await;
    let world = &desk.world;
    let mut plan = choice("dropdown", "Plan", &["free", "gold"]);
    plan["key"] = json!("plan");
    world
        .as_admin("POST", "user_fields", json!({ "user_field": plan }))
        .await;
    let renewal = json!({ "organization_field": { "type": "date", "title": "Renewal", "key": "renewal" } });
    world.as_admin("POST", "organization_fields", renewal).await;
    let acme = json!({ "organization": {
        "name": "Acme", "organization_fields": { "renewal": "2026-03-10" },
    } });
    let acme = world.as_admin("POST", "organizations", acme).await["organization"]["id"].clone();
    let mut people = Vec::new();
    for (name, organization, plan) in [("ann", acme.clone(), "gold"), ("ben", Value::Null, "free")] {
        let user = json!({ "user": {
            "name": name, "email": format!("{name}@example.com"), "organization_id": organization,
            "user_fields": { "plan": plan },
        } });
        people.push(world.as_admin("POST", "users", user).await["user"]["id"].clone());
    }
    let anns = ticket(world, json!({ "requester_id": people[0] })).await;
    let bens = ticket(world, json!({ "requester_id": people[1] })).await;
    let gold = || clause("requester.custom_fields.plan", "is", "gold");
    let soon = |days: &str| clause("organization.custom_fields.renewal", "within_next_n_days", days);
    // Before there is an index, and with one.
    for _ in 0..2 {
        assert_eq!(found(&desk, gold()).await, [anns]);
        let others = clause("requester.custom_fields.plan", "is_not", "gold");
        assert_eq!(found(&desk, others).await, [bens]);
        assert_eq!(found(&desk, soon("8")).await, [anns]);
        assert_eq!(found(&desk, soon("7")).await, [0_u64; 0]);
        desk.index().await;
    }
    // Who changed changed no ticket: their tickets are found all the same.
    let change = json!({ "user": { "user_fields": { "plan": "gold" } } });
    let ben = format!("users/{}", people[1]);
    let reply = world.call_as(ADMIN, "PUT", &ben, &[], Some(change)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    desk.index().await;
    assert_eq!(found(&desk, gold()).await, [anns, bens]);
}

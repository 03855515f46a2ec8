//! What leads to somebody by a field is found: tickets, people and organizations.

use crate::{
    in_world,
    removal::{ask, pass_minutes},
};
use docket_local::world::{World, WorldOptions};
use serde_json::{Value, json};

async fn made(world: &World, path: &str, record: &str, body: Value) -> u64 {
    let answered = ask(world, "POST", path, json!({ record: body })).await;
    assert!(answered.is_success(), "{path}: {answered:?}");
    answered.body[record]["id"].as_u64().unwrap()
}

fn field(key: &str) -> Value {
    json!({ "type": "lookup", "title": key, "key": key, "relationship_target_type": "zen:user" })
}

#[test]
fn whatever_leads_to_somebody_is_listed_by_its_field() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let manager = made(&world, "ticket_fields", "ticket_field", field("manager")).await;
        let buddy = made(&world, "user_fields", "user_field", field("buddy")).await;
        let carer = made(
            &world,
            "organization_fields",
            "organization_field",
            field("carer"),
        )
        .await;
        let kim = json!({ "name": "Kim", "email": "kim@example.com" });
        let kim = made(&world, "users", "user", kim).await;
        let mut tickets = Vec::new();
        for nth in 0..3 {
            let ticket = json!({
                "subject": format!("Parcel {nth}"), "comment": { "body": "Where?" },
                "custom_fields": [{ "id": manager, "value": kim }],
            });
            tickets.push(made(&world, "tickets", "ticket", ticket).await);
        }
        let other = json!({ "subject": "Lamp", "comment": { "body": kim.to_string() } });
        made(&world, "tickets", "ticket", other).await;
        let ann = json!({ "name": "Ann", "email": "ann@example.com", "user_fields": { "buddy": kim } });
        let ann = made(&world, "users", "user", ann).await;
        let acme = json!({ "name": "Acme", "organization_fields": { "carer": kim } });
        let acme = made(&world, "organizations", "organization", acme).await;
        world.settle().await;
        pass_minutes(&mut world, 2).await;

        let listed = async |query: &str| {
            let path = format!("zen:user/{kim}/relationship_fields/{query}");
            let answered = ask(&world, "GET", &path, Value::Null).await;
            assert!(answered.is_success(), "{path}: {answered:?}");
            answered.body
        };
        let ids = |body: &Value, list: &str| -> Vec<u64> {
            let rows = body[list].as_array().unwrap();
            rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
        };
        let all = listed(&format!("{manager}/zen:ticket")).await;
        assert_eq!(ids(&all, "tickets"), tickets);
        assert_eq!(all["count"], 3);
        assert_eq!(all["tickets"][0].get("result_type"), None);
        let first = listed(&format!("{manager}/zen:ticket?page[size]=2&include=users")).await;
        assert_eq!(ids(&first, "tickets"), tickets[..2]);
        assert!(first["users"].is_array());
        let after = first["meta"]["after_cursor"].as_str().unwrap();
        let second = listed(&format!("{manager}/zen:ticket?page[size]=2&page[after]={after}")).await;
        assert_eq!(ids(&second, "tickets"), tickets[2..]);
        let people = listed(&format!("{buddy}/zen:user")).await;
        assert_eq!(ids(&people, "users"), [ann]);
        let organizations = listed(&format!("{carer}/zen:organization")).await;
        assert_eq!(ids(&organizations, "organizations"), [acme]);
    });
}

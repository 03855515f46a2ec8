//! What changes about people, agents, groups, organizations and settings: each change leaves an event that says who, when and
//! from what to what, and that nobody's words stand in.

use crate::in_world;
use docket_domain::{
    GroupId, OrganizationId, PersonId, Timestamp,
    audit::{AuditEvent, Subject, What},
    ticket::Actor,
};
use docket_local::world::{World, WorldOptions};
use docket_store::keys::ChangedClass;
use jiff::SignedDuration;
use serde_json::{Value, json};

const CANARY: &str = "quetzal";
const ADMIN: PersonId = PersonId(1);
const ANNA: PersonId = PersonId(2);

async fn call(world: &World, method: &str, path: &str, body: Value) -> Value {
    let answer = world.api(method, path, None, &body).await.unwrap();
    assert!(answer.is_success(), "{method} {path}: {answer:?}");
    answer.body
}

async fn events(world: &World, subject: Subject) -> Vec<AuditEvent> {
    world.local.desk.audits().events(subject).await.unwrap()
}

/// A field's value before and after, as the last event of a subject says it.
async fn last(world: &World, subject: Subject, field: &str) -> (Value, Value) {
    let events = events(world, subject).await;
    let event = events.last().unwrap();
    let changed = event.changed.get(field);
    let changed = changed.unwrap_or_else(|| panic!("{subject}: {field} is not in {event:?}"));
    let value = |value: &Option<Value>| value.clone().unwrap_or_default();
    (value(&changed.from), value(&changed.to))
}

#[test]
fn who_made_whom_an_admin_and_who_was_online_when_can_be_told() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let user = format!("users/{ANNA}.json");
        call(&world, "PUT", &user, json!({ "user": { "role": "admin" } })).await;
        let person = Subject::Person(ANNA);
        assert_eq!(
            last(&world, person, "role").await,
            ("agent".into(), "admin".into())
        );
        assert_eq!(
            events(&world, person).await.last().unwrap().actor,
            Actor::Agent(ADMIN)
        );
        let agent = Subject::Agent(ANNA);
        let availability = format!("agents/{ANNA}/availability.json");
        for (status, was) in [("away", "online"), ("online", "away")] {
            world.pass(SignedDuration::from_mins(7)).await;
            call(&world, "PUT", &availability, json!({ "status": status })).await;
            assert_eq!(
                last(&world, agent, "availability").await,
                (was.into(), status.into())
            );
            assert_eq!(
                events(&world, agent).await.last().unwrap().at,
                world.local.desk.now()
            );
        }
        let count = events(&world, agent).await.len();
        call(&world, "PUT", &availability, json!({ "status": "online" })).await;
        assert_eq!(
            events(&world, agent).await.len(),
            count,
            "what changes nothing says nothing"
        );
        let settings = json!({ "settings": { "capacity_units": 3 } });
        call(&world, "PUT", &format!("agents/{ANNA}/settings.json"), settings).await;
        assert_eq!(last(&world, agent, "capacity").await, (20.into(), 3.into()));
        let role = json!({ "user": { "role": "end-user" } });
        call(&world, "PUT", &user, role).await;
        assert_eq!(
            last(&world, agent, "availability").await,
            ("online".into(), "away".into())
        );
        // Whoever leaves leaves their groups, too.
        assert_eq!(last(&world, person, "groups").await, (json!([1]), Value::Null));
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn groups_memberships_and_settings_tell_their_changes() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let made = call(
            &world,
            "POST",
            "groups.json",
            json!({ "group": { "name": "Engineers" } }),
        )
        .await;
        let group = GroupId(made["group"]["id"].as_u64().unwrap());
        let path = format!("groups/{group}.json");
        call(
            &world,
            "PUT",
            &path,
            json!({ "group": { "description": "Who mend" } }),
        )
        .await;
        let subject = Subject::Group(group);
        assert_eq!(
            last(&world, subject, "description").await,
            (Value::Null, "Who mend".into())
        );
        let membership = json!({ "group_membership": { "user_id": ANNA, "group_id": group } });
        call(&world, "POST", "group_memberships.json", membership).await;
        let groups = last(&world, Subject::Person(ANNA), "groups").await;
        assert_eq!(groups, (json!([1]), json!([1, group])));
        call(&world, "DELETE", &path, Value::Null).await;
        assert_eq!(
            last(&world, subject, "is_archived").await,
            (Value::Null, true.into())
        );
        let address = json!({ "recipient_address": { "email": "sales@in.docket.local", "name": "Sales" } });
        let made = call(&world, "POST", "recipient_addresses.json", address).await;
        let field = format!("mailboxes.{}.name", made["recipient_address"]["id"]);
        assert_eq!(
            last(&world, Subject::Setup, &field).await,
            (Value::Null, "Sales".into())
        );
        let trigger = json!({ "trigger": { "title": "Shout", "conditions": { "all": [
            { "field": "status", "operator": "is", "value": "new" } ], "any": [] },
            "actions": [ { "field": "priority", "value": "high" } ] } });
        let made = call(&world, "POST", "triggers.json", trigger).await;
        let field = format!("rules.{}", made["trigger"]["id"]);
        let (from, to) = last(&world, Subject::Rules, &field).await;
        assert!(from.is_null() && to.is_string(), "{from} {to}");
        assert_eq!(
            events(&world, Subject::Rules).await.last().unwrap().actor,
            Actor::Agent(ADMIN)
        );
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn people_and_organizations_tell_their_changes_without_anybodys_words() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let table = world.local.desk.settings.tickets_table.clone();
        world.local.aws.keep_history(&table);
        let since = world.local.desk.now();
        world.receive(
            &format!("From: {CANARY} <{CANARY}@example.com>\r\nSubject: Help\r\nMessage-ID: <1@example.com>\r\n\r\nHelp\r\n"),
            &[],
            false,
        );
        world.settle().await;
        let id = world.local.desk.people().last_number().await.unwrap();
        let person = Subject::Person(PersonId(id));
        let born = events(&world, person).await;
        assert_eq!(born[0].what, What::Created);
        assert!(born[0].cause.starts_with("mail "), "{born:?}");
        let organization = json!({ "organization": { "name": format!("{CANARY} Ltd"), "notes": format!("{CANARY} pays late"),
            "domain_names": [format!("{CANARY}.example")], "external_id": format!("{CANARY}-1") } });
        let made = call(&world, "POST", "organizations.json", organization).await;
        let organization = OrganizationId(made["organization"]["id"].as_u64().unwrap());
        let user = json!({ "user": { "phone": "+1 555 0100", "organization_id": organization,
            "external_id": format!("{CANARY}-2") } });
        call(&world, "PUT", &format!("users/{id}.json"), user).await;
        let joined = last(&world, person, "organization").await;
        assert_eq!(joined, (Value::Null, json!(organization)));
        let (_, identities) = last(&world, person, "identities").await;
        assert_eq!(identities.as_array().unwrap().len(), 2, "{identities}");
        let path = format!("organizations/{organization}.json");
        let renamed = json!({ "organization": { "details": format!("{CANARY} street") } });
        call(&world, "PUT", &path, renamed).await;
        call(&world, "DELETE", &path, Value::Null).await;
        let gone = events(&world, Subject::Organization(organization)).await;
        assert_eq!(
            gone.iter().map(|event| event.what).collect::<Vec<_>>(),
            [What::Created, What::Changed, What::Removed]
        );
        let mut seen = 0;
        for record in world.local.aws.take_history(&table) {
            let (Some(sk), Some(image)) = (record.keys["SK"]["S"].as_str(), record.new_image) else {
                continue;
            };
            if !sk.starts_with("E#") {
                continue;
            }
            seen += 1;
            // The words lie in an attribute of their own, and go with it.
            let mut image = image;
            image.as_object_mut().unwrap().remove("words");
            assert!(!image.to_string().to_lowercase().contains(CANARY), "{image}");
        }
        assert!(seen >= 8, "{seen}");
        let changed = |class| world.local.desk.changed_in_order(class, since);
        let numbers = |changed: Vec<(Timestamp, u64)>| -> Vec<u64> {
            changed.into_iter().map(|(_, number)| number).collect()
        };
        assert!(numbers(changed(ChangedClass::People).await.unwrap()).contains(&id));
        let organizations = numbers(changed(ChangedClass::Organizations).await.unwrap());
        assert_eq!(
            organizations,
            [organization.0],
            "what was removed is still told of"
        );
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn two_who_change_an_agent_at_once_both_stand_and_both_are_told() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let availability = json!({ "status": "away" });
        let settings = json!({ "settings": { "capacity_units": 5 } });
        tokio::join!(
            call(&world, "PUT", "agents/2/availability.json", availability),
            call(&world, "PUT", "agents/2/settings.json", settings),
        );
        let load = world.local.desk.agents().load(ANNA).await.unwrap().unwrap();
        assert_eq!((load.capacity, load.availability.as_str()), (5, "away"));
        assert_eq!(events(&world, Subject::Agent(ANNA)).await.len(), 3);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

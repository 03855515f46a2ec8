//! Views as they are looked at: their rows are the tickets for which their conditions hold, in their order, page by page.

use crate::{
    support::{ADMIN, BO, World},
    views::{call, clause, saved},
};
use docket_projection::Projections;
use docket_search_index::{Finder, SearchFollower, SplitsAtHand};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A desk whose search answers.
pub struct Searching {
    pub world: World,
    splits: Arc<SplitsAtHand>,
}

impl Searching {
    pub async fn new() -> Self {
        let world = World::new().await;
        let splits = Arc::new(SplitsAtHand::in_memory());
        let finder = Finder::new(world.desk.store().clone(), splits.clone());
        // A handle has one finder: all handles of this desk ask it.
        let _ = world.desk.clone().finding_by(Arc::new(finder));
        Self { world, splits }
    }

    /// What the function that keeps the index would do.
    pub async fn index(&self) {
        let at_hand = self.splits.clone();
        let follower = SearchFollower { at_hand };
        let projections = Projections::new(self.world.desk.store(), &follower);
        projections.catch_up().await.unwrap();
    }

    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = call(&self.world, BO, "GET", path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// The ids of a view that is not saved, in its order.
    pub async fn preview(&self, view: &Value) -> Vec<u64> {
        let body = json!({ "view": view });
        let (status, body) = call(&self.world, BO, "POST", "views/preview", body).await;
        assert_eq!(status, 200, "{view}: {body}");
        ids(&body["rows"], "ticket_id")
    }
}

pub fn ids(rows: &Value, name: &str) -> Vec<u64> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row[name].as_u64().unwrap()).collect()
}

/// The next page's path below the root.
pub fn path_of(link: &Value) -> Option<String> {
    let (_, path) = link.as_str()?.split_once("/api/v2/")?;
    Some(path.to_owned())
}

/// Numbers that look drawn at random and are the same each time.
pub struct Dice(pub u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}

const STATUSES: [&str; 5] = ["new", "open", "pending", "hold", "solved"];
const PRIORITIES: [&str; 4] = ["low", "normal", "high", "urgent"];
const TYPES: [&str; 4] = ["question", "incident", "problem", "task"];
const TAGS: [&str; 4] = ["vip", "gold", "lamp", "beta"];

/// Makes tickets of all sorts, hours apart.
pub async fn fill(world: &World, count: u64, dice: &mut Dice) {
    for at in 0..count {
        let mut ticket = json!({
            "subject": format!("Ticket {at}"),
            "comment": { "body": "We look into it." },
            "requester": { "name": "R", "email": format!("r{}@example.com", dice.below(5)) },
            "tags": TAGS.iter().filter(|_| dice.below(3) == 0).collect::<Vec<_>>(),
        });
        if dice.below(4) > 0 {
            ticket["priority"] = json!(dice.one(&PRIORITIES));
        }
        if dice.below(3) > 0 {
            ticket["type"] = json!(dice.one(&TYPES));
        }
        if dice.below(2) > 0 {
            ticket["assignee_id"] = json!(dice.below(2) + 2);
        }
        let made = world.post("tickets", json!({ "ticket": ticket })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let id = made.body["ticket"]["id"].as_u64().unwrap();
        if dice.below(2) > 0 {
            let status = dice.one(&STATUSES[1..]);
            let mut change = json!({ "status": status });
            if status == "solved" || status == "open" {
                change["assignee_id"] = json!(2);
            }
            world.change(id, change).await;
        }
        if dice.below(3) == 0 {
            world.advance(1_700 + i64::try_from(dice.below(9_000)).unwrap());
        }
    }
}

/// Whether a condition holds for a ticket as it is shown: written anew, from the words of the documentation alone.
fn holds(ticket: &Value, condition: &Value, now: i64) -> bool {
    let text = |name: &str| condition[name].as_str().unwrap();
    let (field, operator, value) = (text("field"), text("operator"), text("value"));
    let rank = |all: &[&str], word: &Value| all.iter().position(|known| word == known);
    let compare = |all: &[&str], word: &Value| {
        let (have, want) = (rank(all, word), rank(all, &json!(value)));
        match operator {
            "is" => have == want,
            "is_not" => have != want,
            "less_than" => have.is_some() && have < want,
            "greater_than" => have.is_some() && have > want,
            _ => panic!("{operator}"),
        }
    };
    let same = |have: &Value| {
        let have = match have {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let value = if value == "current_user" { "2" } else { value };
        (have == value) == (operator == "is")
    };
    match field {
        "status" => compare(
            &["new", "open", "pending", "hold", "solved", "closed"],
            &ticket["status"],
        ),
        "priority" => compare(&PRIORITIES, &ticket["priority"]),
        "type" => same(&ticket["type"]),
        "assignee_id" | "group_id" | "requester_id" => same(&ticket[field]),
        "current_tags" => {
            let tags = ticket["tags"].as_array().unwrap();
            let any = value.split(' ').any(|tag| tags.contains(&json!(tag)));
            any == (operator == "includes")
        }
        "NEW" | "updated_at" => {
            let name = if field == "NEW" {
                "created_at"
            } else {
                "updated_at"
            };
            let at: docket_domain::Timestamp = ticket[name].as_str().unwrap().parse().unwrap();
            let (age, hours) = (now - at.as_second(), value.parse::<i64>().unwrap());
            match operator {
                "less_than" => age < hours * 3_600,
                "greater_than" => age > hours * 3_600,
                _ => age / 3_600 == hours,
            }
        }
        _ => panic!("{field}"),
    }
}

fn any_condition(dice: &mut Dice) -> Value {
    let ranked = ["is", "is_not", "less_than", "greater_than"];
    let same = ["is", "is_not"];
    match dice.below(8) {
        0 | 1 => clause("status", dice.one(&ranked), dice.one(&STATUSES)),
        2 => clause("priority", dice.one(&ranked), dice.one(&PRIORITIES)),
        3 => clause(
            "type",
            dice.one(&same),
            dice.one(&["", "question", "incident", "task"]),
        ),
        4 => clause(
            "assignee_id",
            dice.one(&same),
            dice.one(&["", "2", "3", "current_user"]),
        ),
        5 => clause(
            "current_tags",
            dice.one(&["includes", "not_includes"]),
            dice.one(&["vip", "gold lamp", "beta vip lamp"]),
        ),
        6 => clause("requester_id", dice.one(&same), dice.one(&["4", "5", "6", "7"])),
        _ => clause(
            dice.one(&["NEW", "updated_at"]),
            dice.one(&["less_than", "greater_than", "is"]),
            dice.one(&["3", "20", "60", "100"]),
        ),
    }
}

/// All tickets as the list of tickets shows them.
async fn all_tickets(world: &World) -> Vec<Value> {
    let mut path = "tickets?page[size]=100".to_owned();
    let mut tickets = Vec::new();
    loop {
        let page = world.get(&path).await.body;
        tickets.extend(page["tickets"].as_array().unwrap().iter().cloned());
        match path_of(&page["links"]["next"]) {
            Some(next) => path = next,
            None => return tickets,
        }
    }
}

/// The views' answers against the conditions held one by one against every ticket.
async fn check_against_all(desk: &Searching, dice: &mut Dice, views: usize) {
    let tickets = all_tickets(&desk.world).await;
    let now = desk.world.desk.now().as_second();
    let mut sizes = BTreeSet::new();
    for _ in 0..views {
        let (alls, anys) = (dice.below(3), dice.below(3));
        let all: Vec<Value> = (0..alls.max(u64::from(anys == 0)))
            .map(|_| any_condition(dice))
            .collect();
        let any: Vec<Value> = (0..anys).map(|_| any_condition(dice)).collect();
        let fits = |ticket: &&Value| {
            all.iter().all(|condition| holds(ticket, condition, now))
                && (any.is_empty() || any.iter().any(|condition| holds(ticket, condition, now)))
        };
        let expected: BTreeSet<u64> = tickets
            .iter()
            .filter(fits)
            .map(|row| row["id"].as_u64().unwrap())
            .collect();
        let view = json!({ "all": all, "any": any, "output": { "sort_by": "nice_id" } });
        let made = saved(
            &desk.world,
            json!({ "title": "x", "all": all, "any": any, "output": { "sort_by": "nice_id" } }),
        )
        .await;
        let mut path = format!("views/{}/tickets?page[size]=37", made["id"]);
        let mut found = Vec::new();
        loop {
            let page = desk.get(&path).await;
            found.extend(ids(&page["tickets"], "id"));
            match path_of(&page["links"]["next"]) {
                Some(next) => path = next,
                None => break,
            }
        }
        assert_eq!(found, expected.iter().copied().collect::<Vec<_>>(), "{view}");
        let counted = desk.get(&format!("views/{}/count", made["id"])).await;
        assert_eq!(counted["view_count"]["value"], expected.len(), "{view}");
        call(
            &desk.world,
            ADMIN,
            "DELETE",
            &format!("views/{}", made["id"]),
            Value::Null,
        )
        .await;
        sizes.insert(expected.len());
    }
    // Not all were empty or everything.
    assert!(sizes.len() > views / 4, "{sizes:?}");
}

#[tokio::test]
async fn a_view_has_the_tickets_for_which_its_conditions_hold_and_no_other() {
    let desk = Searching::new().await;
    let mut dice = Dice(17);
    fill(&desk.world, 150, &mut dice).await;
    // Before there is an index, with one, and with what changed since.
    check_against_all(&desk, &mut dice, 12).await;
    desk.index().await;
    check_against_all(&desk, &mut dice, 40).await;
    desk.world.advance(4_000);
    fill(&desk.world, 30, &mut dice).await;
    desk.index().await;
    for at in 0..10 {
        desk.world.ticket(&format!("Fresh {at}")).await;
    }
    for id in [3, 50, 80] {
        desk.world
            .change(id, json!({ "priority": "urgent", "tags": ["vip"] }))
            .await;
    }
    check_against_all(&desk, &mut dice, 25).await;
}

#[tokio::test]
async fn rows_are_in_the_order_asked_for_in_groups() {
    let desk = Searching::new().await;
    let mut dice = Dice(5);
    fill(&desk.world, 60, &mut dice).await;
    desk.index().await;
    let tickets: BTreeMap<u64, Value> = all_tickets(&desk.world)
        .await
        .into_iter()
        .map(|row| (row["id"].as_u64().unwrap(), row))
        .collect();
    let all = clause("status", "less_than", "closed");
    // What a ticket is ordered by; what has none comes last both ways.
    let key = |id: &u64, by: &str| {
        let ticket = &tickets[id];
        let rank =
            |all: &[&str], word: &Value| all.iter().position(|known| word == known).map(|at| at as i64);
        let time = |name: &str| {
            ticket[name]
                .as_str()
                .unwrap()
                .parse::<docket_domain::Timestamp>()
                .unwrap()
                .as_second()
        };
        match by {
            "status" => rank(&STATUSES, &ticket["status"]),
            "priority" => Some(rank(&PRIORITIES, &ticket["priority"]).map_or(0, |rank| rank + 1)),
            "type" => rank(&TYPES, &ticket["type"]),
            "created" => Some(time("created_at")),
            "updated" => Some(time("updated_at")),
            "nice_id" => i64::try_from(*id).ok(),
            "assignee" | "group" | "requester" => ticket[format!("{by}_id")].as_i64(),
            _ => panic!("{by}"),
        }
    };
    for (group, sort) in [
        (None, ("created", "asc")),
        (None, ("priority", "desc")),
        (None, ("assignee", "desc")),
        (Some(("status", "asc")), ("updated", "desc")),
        (Some(("type", "desc")), ("nice_id", "asc")),
        (Some(("assignee", "asc")), ("priority", "desc")),
        (Some(("requester", "desc")), ("nice_id", "desc")),
        (Some(("group", "asc")), ("type", "asc")),
    ] {
        let mut output = json!({ "sort_by": sort.0, "sort_order": sort.1 });
        if let Some((by, order)) = group {
            (output["group_by"], output["group_order"]) = (json!(by), json!(order));
        }
        let found = desk.preview(&json!({ "all": [all], "output": output })).await;
        assert_eq!(found.len(), 60);
        let place = |id: &u64, (by, order): (&str, &str)| {
            let value = key(id, by);
            let number = value.unwrap_or(0);
            (value.is_none(), if order == "desc" { -number } else { number })
        };
        let whole = |id: &u64| {
            let turn = if sort.1 == "desc" { -1 } else { 1 };
            (
                group.map(|group| place(id, group)),
                place(id, sort),
                i64::try_from(*id).unwrap() * turn,
            )
        };
        let mut expected = found.clone();
        expected.sort_by_key(whole);
        assert_eq!(found, expected, "{output}");
    }
}

#[tokio::test]
async fn a_view_asks_for_fields_that_the_operator_defined() {
    let desk = Searching::new().await;
    let field = json!({ "ticket_field": { "type": "text", "title": "Plan" } });
    let field = desk.world.as_admin("POST", "ticket_fields", field).await["ticket_field"]["id"].clone();
    let mut made = Vec::new();
    for plan in ["pro", "free", "pro"] {
        let ticket = json!({ "ticket": {
            "subject": plan, "comment": { "body": "Hello" }, "custom_fields": [{ "id": field, "value": plan }],
        } });
        let ticket = desk.world.as_admin("POST", "tickets", ticket).await;
        made.push(ticket["ticket"]["id"].as_u64().unwrap());
    }
    desk.index().await;
    let view = |field: &str, value: &str| {
        json!({ "all": [
            { "field": field, "operator": "is", "value": value },
            { "field": "status", "operator": "less_than", "value": "closed" },
        ] })
    };
    let name = format!("custom_fields_{field}");
    let mut found = desk.preview(&view(&name, "pro")).await;
    found.sort_unstable();
    assert_eq!(found, [made[0], made[2]]);
    let unknown = json!({ "view": view("custom_fields_1999999", "pro") });
    let reply = desk.world.post("views/preview", unknown).await;
    assert_eq!(reply.status, 422, "{}", reply.body);
}

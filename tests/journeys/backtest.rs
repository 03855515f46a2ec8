//! Rules are tried on a year of past tickets: what is foretold comes true, and rules that do nothing of use are found.

use crate::{
    in_world,
    made_up_year::{BILLING, Kind, SHIPPING, SUPPORT, Year, rules_of_the_year},
};
use docket_domain::{
    GroupId, TicketNumber, Timestamp,
    rule::RuleBookError,
    ticket::{Fact, fact},
};
use docket_local::world::{World, WorldOptions};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Tickets of the year.
const COUNT: u64 = 3_000;
/// New tickets of each kind.
const NEW: u64 = 4;

/// Longer than it takes until all functions see another version of the rules.
const SEEN_WITHIN: SignedDuration = SignedDuration::from_secs(60);

/// The rules of the year with one more: invoices go to Billing at once.
const DRAFT: &str = r#"
routing:
  - name: Everybody
    actions: [{add_tags: [seen]}]
  - name: Refunds
    when: ticket.subject.contains("Refund")
    actions: [{set_group: Billing}, {set_priority: high}]
  - name: Invoices
    when: ticket.subject.contains("Invoice")
    actions: [{set_group: Billing}]
  - name: Logins
    when: ticket.subject.contains("Login")
    actions: [{set_type: incident}, {add_tags: [login]}]
  - name: Parcels
    when: ticket.subject.contains("Parcel")
    actions: [{set_group: Shipping}]
    last: true
  - name: Late parcels
    when: ticket.subject.contains("has not arrived")
    actions: [{set_priority: high}]
"#;

/// A world after that year, its rules in force.
async fn after_the_year() -> (World, Year) {
    let world = World::new(WorldOptions::default()).await.unwrap();
    let now = world.local.desk.now();
    for (id, name) in [(BILLING, "Billing"), (SHIPPING, "Shipping")] {
        world.local.fill_group(id, name, now).unwrap();
    }
    let year = Year::new(20_251_126, now, COUNT);
    world.local.fill_written(year.tickets()).unwrap();
    let changed = world.local.desk.rules().change_book(world.by(), vec![], |book| {
        book.rules = rules_of_the_year();
        Ok::<_, RuleBookError>(())
    });
    changed.await.unwrap();
    (world, year)
}

async fn call(world: &World, method: &str, path: &str, body: &Value) -> Value {
    let answer = world.api(method, path, None, body).await.unwrap();
    assert!(answer.is_success(), "{answer:?}");
    answer.body
}

/// The counts of a back-test over all tickets, call by call.
async fn backtest(world: &World, rules: &str, since: &str) -> Value {
    let mut sums: Option<Value> = None;
    let mut after = Value::Null;
    loop {
        let body = json!({ "rules": rules, "since": since, "after": after, "limit": 900 });
        let page = call(world, "POST", "routing/backtest", &body).await;
        match &mut sums {
            None => sums = Some(page["backtest"].clone()),
            Some(sums) => add(sums, &page["backtest"]),
        }
        after = page["meta"]["after"].clone();
        assert_eq!(page["meta"]["has_more"], json!(!after.is_null()));
        if after.is_null() {
            return sums.unwrap();
        }
    }
}

/// Adds the counts of another part.
fn add(sums: &mut Value, more: &Value) {
    for path in [
        "/tickets",
        "/otherwise",
        "/changes/group",
        "/moves/0/tickets",
        "/first_group/solved",
        "/first_group/draft",
        "/first_group/today",
        "/first_group/happened",
    ] {
        let sum =
            sums.pointer(path).unwrap().as_u64().unwrap() + more.pointer(path).unwrap().as_u64().unwrap();
        *sums.pointer_mut(path).unwrap() = json!(sum);
    }
    for part in ["from", "to"] {
        assert_eq!(sums["moves"][0][part], more["moves"][0][part]);
    }
}

/// How many tickets of the year are so.
fn count(is_so: impl Fn(u64) -> bool) -> u64 {
    (0..COUNT).filter(|n| is_so(*n)).count() as u64
}

/// The numbers of the new tickets whose subject begins so.
async fn tickets_about(world: &World, subject: &str) -> Vec<u64> {
    let last = world.local.desk.tickets().last_number().await.unwrap();
    let numbers: Vec<TicketNumber> = (1..=last).map(TicketNumber).collect();
    let tickets = world
        .local
        .desk
        .tickets()
        .get_many(&numbers)
        .await
        .unwrap()
        .into_iter();
    tickets
        .filter(|ticket| ticket.subject.starts_with(subject))
        .map(|ticket| ticket.number.0)
        .collect()
}

/// Where each new ticket was sent, by its subject.
async fn new_tickets(world: &mut World, round: u64) -> BTreeMap<String, GroupId> {
    let mut sent = BTreeMap::new();
    for kind in Kind::ALL {
        for n in 0..NEW {
            let subject = kind.subject(1_000_000 + 1_000 * round + n);
            let mail = format!(
                "From: Eve <eve{round}{n}@example.com>\r\nSubject: {subject}\r\nMessage-ID: <{kind:?}{round}{n}@example.com>\
                 \r\n\r\nPlease help.\r\n"
            );
            world.receive(&mail, &[], false);
        }
    }
    world.settle().await;
    let last = world.local.desk.tickets().last_number().await.unwrap();
    for number in 1..=last {
        let file = world
            .local
            .desk
            .tickets()
            .file(TicketNumber(number))
            .await
            .unwrap()
            .unwrap();
        let group = file.events.iter().find_map(|event| match &event.fact {
            Fact::Triaged(fact::Triaged { group, .. }) => Some(*group),
            _ => None,
        });
        sent.insert(file.ticket.subject, group.unwrap());
    }
    sent
}

#[test]
fn a_change_is_foretold_applied_and_comes_true_for_new_tickets() {
    in_world(async {
        let (mut world, year) = after_the_year().await;
        let told = backtest(&world, DRAFT, "366d").await;
        let invoices = count(|n| year.kind(n) == Kind::Invoice);
        let solved = count(|n| year.is_solved(n));
        // Invoices are solved by Billing, and one in ten forgotten passwords.
        let of_group = |is_so: &dyn Fn(u64) -> bool| count(|n| year.is_solved(n) && is_so(n));
        let odd = of_group(&|n| year.is_odd(n));
        let moved = of_group(&|n| year.kind(n) == Kind::Invoice);
        assert!(invoices > 800 && odd > 20, "{invoices} {odd}");
        assert_eq!(
            (&told["tickets"], &told["otherwise"]),
            (&json!(COUNT), &json!(invoices))
        );
        assert_eq!(told["changes"], json!({ "group": invoices }));
        let moves = json!([{ "from": SUPPORT, "to": BILLING, "tickets": invoices }]);
        assert_eq!(told["moves"], moves);
        let first_group = json!({
            "solved": solved,
            "draft": solved - odd,
            "today": solved - odd - moved,
            "happened": solved - odd - moved,
        });
        assert_eq!(told["first_group"], first_group);
        assert_eq!(told["not_judged"], json!({}));

        // As long as it is not applied, new ones go where they went.
        let is = |subject: &str, group: GroupId, invoices: GroupId| match subject {
            subject if subject.starts_with("Invoice") => group == invoices,
            subject if subject.starts_with("Parcel") => group == SHIPPING,
            subject if subject.starts_with("Refund") => group == BILLING,
            _ => group == SUPPORT,
        };
        let sent = new_tickets(&mut world, 1).await;
        assert_eq!(sent.len() as u64, NEW * 5);
        assert!(
            sent.iter().all(|(subject, group)| is(subject, *group, SUPPORT)),
            "{sent:?}"
        );

        apply(&world, DRAFT).await;
        world.local.aws.clock().advance(SEEN_WITHIN);
        let mut sent = new_tickets(&mut world, 2).await;
        sent.retain(|subject, _| subject.contains(" 1002") || subject.contains("(1002"));
        assert_eq!(sent.len() as u64, NEW * 5);
        assert!(
            sent.iter().all(|(subject, group)| is(subject, *group, BILLING)),
            "{sent:?}"
        );
        // Whoever has them solves them, and nobody has to move them any more. What was a draft would change nothing now.
        let invoices = tickets_about(&world, "Invoice 1002").await;
        for number in &invoices {
            assert!(
                crate::answer(
                    &world,
                    *number,
                    &format!("Here is the right one for {number}."),
                    true
                )
                .await
            );
            world.settle().await;
        }
        let told = backtest(&world, DRAFT, "30s").await;
        assert_eq!(
            (&told["tickets"], &told["otherwise"]),
            (&json!(NEW * 5), &json!(0))
        );
        let all = json!({ "solved": NEW, "draft": NEW, "today": NEW, "happened": NEW });
        assert_eq!(told["first_group"], all);
    });
}

/// Puts a draft in force.
async fn apply(world: &World, draft: &str) {
    let written = docket_desk_file::parse(draft).unwrap();
    let names = docket_desk_file::DeskNames {
        groups: [(SUPPORT, "Support"), (BILLING, "Billing"), (SHIPPING, "Shipping")]
            .map(|(id, name)| (name.to_owned(), id))
            .into(),
        ..docket_desk_file::DeskNames::default()
    };
    let changed = world.local.desk.rules().change_book(world.by(), vec![], |book| {
        let outcome = written.book(book, Some(&names), &|_| Err(String::new())).unwrap();
        *book = outcome.book;
        Ok::<_, RuleBookError>(())
    });
    changed.await.unwrap();
}

#[test]
fn drift_finds_the_shadowed_and_the_overruled_rule_and_no_other() {
    in_world(async {
        let (world, _) = after_the_year().await;
        let mut rules: BTreeMap<String, (u64, u64, u64)> = BTreeMap::new();
        let mut after = String::new();
        loop {
            let path = format!("routing/drift?since=366d{after}");
            let page = call(&world, "GET", &path, &Value::Null).await;
            let names = |of: &str| -> Vec<(String, Value)> {
                let all = page["drift"][of].as_array().unwrap().iter();
                all.map(|rule| (rule["name"].as_str().unwrap().to_owned(), rule.clone()))
                    .collect()
            };
            assert_eq!(names("never_fired"), []);
            let [(name, overruled)] = &names("overruled")[..] else {
                panic!("{page:#}")
            };
            assert_eq!(
                (name.as_str(), &overruled["target"]),
                ("Refunds", &json!("priority"))
            );
            let [(name, shadowed)] = &names("shadowed")[..] else {
                panic!("{page:#}")
            };
            assert_eq!(
                (name.as_str(), &shadowed["how"]),
                ("Late parcels", &json!(["ended"]))
            );
            assert_eq!(shadowed["by"][0]["name"], "Parcels");
            for rule in page["drift"]["rules"].as_array().unwrap() {
                let of = |name: &str| rule[name].as_u64().unwrap();
                let sums = rules
                    .entry(rule["name"].as_str().unwrap().to_owned())
                    .or_default();
                *sums = (
                    sums.0 + of("fired"),
                    sums.1 + of("held"),
                    sums.2 + of("without_effect"),
                );
            }
            match page["meta"]["after"].as_u64() {
                Some(number) => after = format!("&after={number}"),
                None => break,
            }
        }
        assert_eq!(rules["Everybody"], (COUNT, COUNT, 0));
        let (fired, held, without_effect) = rules["Late parcels"];
        assert_eq!((fired, held), (0, without_effect));
        assert_eq!(rules["Parcels"].0, held);
    });
}

#[test]
fn a_year_is_made_up_the_same_each_time() {
    let until: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
    let make = || Year::new(7, until, 40).tickets().collect::<Vec<_>>();
    assert_eq!(make(), make());
}

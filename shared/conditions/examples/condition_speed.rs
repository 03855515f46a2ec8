//! How long 500 rules take over one ticket.
//!
//! `cargo run --release -p docket-conditions --example condition_speed`

use std::hint::black_box;
use std::time::{Duration, Instant};

use docket_conditions::{BotFacts, Condition, ConditionSet, Facts, RequesterFacts, TicketFacts, Vocabulary};
use docket_domain::TicketNumber;
use docket_domain::ticket::{Channel, Priority, Status, Ticket};

/// Rules of a large desk.
const RULES: usize = 500;

/// Times each measurement is taken; the middle one is told.
const ROUNDS: usize = 201;

/// What rules look like; `{n}` is another number in each.
const SHAPES: [&str; 20] = [
    r#"ticket.mailbox == "desk-{n}@example.com""#,
    r#"ticket.subject.lower().contains("product {n}")"#,
    r#"ticket.text.lower().contains("order {n}") && ticket.status == "new""#,
    r#"requester.domain in ["customer-{n}.example", "partner-{n}.example", "reseller-{n}.example"]"#,
    r#"organization != null && organization.tier == "tier-{n}""#,
    r#""area-{n}" in ticket.tags"#,
    r#"ticket.tags.exists(tag, tag.startsWith("area-{n}"))"#,
    r#"bot.intent == "intent-{n}" && bot.confidence > 0.8"#,
    r#"ticket.priority_rank >= rank("high") && requester.tickets_open > {n}"#,
    r#"ticket.fields.product == "product-{n}""#,
    r#"has(ticket.fields.contract) && ticket.fields.contract > {n}"#,
    r#"ticket.language == "de" && ticket.subject.contains("Rechnung {n}")"#,
    r#"ticket.status in ["new", "open"] && ticket.age > duration("{n}h")"#,
    r#"requester.last_contact != null && now - requester.last_contact > duration("{n}d")"#,
    r#"ticket.text.matches(r"(?i)\border[- ]?{n}\d{3}\b")"#,
    r#"ticket.subject.matches("(?i)(refund|rückgabe|remboursement) {n}")"#,
    r#"calendar("support").open(now) && requester.tier == "tier-{n}""#,
    r#"now.getHours("Europe/Berlin") >= 8 && now.getDayOfWeek("Europe/Berlin") in [1, 2, 3, 4, 5] && ticket.number == {n}"#,
    r#"["refund {n}", "chargeback {n}", "invoice {n}"].exists(word, ticket.text.lower().contains(word))"#,
    r#"(requester.tier == "gold" ? 1 : organization.tier == "gold" ? 2 : 3) == 1 && ticket.reopens > {n}"#,
];

fn facts(text_bytes: usize) -> Facts {
    let at = |text: &str| text.parse().unwrap_or_default();
    let sentence = "Guten Tag, seit gestern ist die Lieferung überfällig; please look into order 77. ";
    let mut ticket = TicketFacts::of(&Ticket::blank(TicketNumber(4711)));
    ticket.subject = "Lieferung überfällig: bitte um Rückruf".to_owned();
    ticket.text = sentence.repeat(text_bytes / sentence.len() + 1);
    ticket.channel = Channel::Mail {
        mailbox: "help@example.com".to_owned(),
    };
    ticket.status = Status::New;
    ticket.priority = Some(Priority::High);
    ticket.tags = ["delivery", "vip", "area-north"].map(str::to_owned).to_vec();
    ticket.language = Some("de".to_owned());
    ticket.fields.insert("product".to_owned(), "product-x".into());
    ticket.fields.insert("contract".to_owned(), 3.into());
    ticket.created_at = at("2026-01-29T14:30:00Z");
    Facts {
        ticket,
        requester: RequesterFacts {
            name: "Bea Kunz".to_owned(),
            email: Some("bea@acme.example".to_owned()),
            tier: Some("gold".to_owned()),
            tickets_open: 3,
            tickets_total: 17,
            last_contact: Some(at("2026-01-20T08:00:00Z")),
            ..RequesterFacts::default()
        },
        organization: None,
        event: None,
        bot: Some(BotFacts {
            intent: "late_delivery".to_owned(),
            confidence: 0.9,
            ..BotFacts::default()
        }),
        now: at("2026-01-30T16:30:00Z"),
        calendars_open: [("support".to_owned(), true)].into(),
    }
}

fn middle(mut act: impl FnMut()) -> Duration {
    let mut taken: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            act();
            start.elapsed()
        })
        .collect();
    taken.sort();
    taken[ROUNDS / 2]
}

fn main() {
    let sources: Vec<(String, String)> = (0..RULES)
        .map(|n| {
            (
                format!("rule {n}"),
                SHAPES[n % SHAPES.len()].replace("{n}", &n.to_string()),
            )
        })
        .collect();
    let named = || {
        sources
            .iter()
            .map(|(name, source)| (name.as_str(), source.as_str()))
    };
    let start = Instant::now();
    let set = match ConditionSet::parse(named(), &Vocabulary::default()) {
        Ok(set) => set,
        Err(refused) => {
            println!("{refused:?}");
            return;
        }
    };
    println!("{RULES} rules parsed and checked: {:?}", start.elapsed());
    for text_bytes in [500, 2_000, 16_000] {
        let facts = facts(text_bytes);
        let held = set
            .evaluate(&facts)
            .filter(|(_, result)| result.as_ref().is_ok_and(|e| e.result));
        let held = held.count();
        let taken = middle(|| {
            black_box(
                set.evaluate(&facts)
                    .map(|(_, result)| u32::from(result.is_ok()))
                    .sum::<u32>(),
            );
        });
        println!(
            "{RULES} rules over a text of {text_bytes} bytes: {} µs ({held} hold)",
            taken.as_micros()
        );
    }
    let facts = facts(2_000);
    for shape in SHAPES {
        let source = shape.replace("{n}", "7");
        if let Ok(condition) = Condition::parse(&source) {
            let taken = middle(|| {
                for _ in 0..100 {
                    let _ = black_box(condition.evaluate(black_box(&facts)));
                }
            });
            println!("{:>7} ns  {source}", taken.as_nanos() / 100);
        }
    }
}

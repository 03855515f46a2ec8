//! What conditions say of a ticket of which nothing is known: what is absent reads as the empty value of its
//! type, and only `has(…)` and `null` tell it from that.

use docket_conditions::Condition;

use crate::facts::blank;

const ROWS: &[(&str, bool)] = &[
    ("organization == null", true),
    ("organization != null", false),
    ("null == bot", true),
    ("event == null", true),
    ("has(organization.name)", false),
    ("organization.name == null", true),
    (r#"organization.name == """#, true),
    (r#"organization.name == "Acme""#, false),
    (r#"organization.tier in ["gold", "platinum"]"#, false),
    (r#"organization.name.startsWith("A")"#, false),
    (r#""emea" in organization.tags"#, false),
    ("organization.tags.size() == 0", true),
    ("organization.tags.exists(tag, true)", false),
    ("bot.confidence > 0.8", false),
    ("bot.confidence == 0.0", true),
    (r#"bot.intent == "refund" && bot.confidence > 0.5"#, false),
    ("event.comment_public", false),
    (r#"event.monitor == "recovery""#, false),
    ("has(event.monitor)", false),
    (r#"event.kind == "comment_added""#, false),
    (r#"event.kind == """#, true),
    (r#""status" in event.changed"#, false),
    (r#"ticket.priority == "high""#, false),
    (r#"ticket.priority == """#, true),
    ("ticket.priority == null", true),
    ("has(ticket.priority)", false),
    ("ticket.priority_rank == 0", true),
    ("ticket.priority_rank == null", true),
    (r#"ticket.priority_rank >= rank("low")"#, false),
    ("rank(ticket.priority) == 0", true),
    (
        "has(ticket.type) || has(ticket.group) || has(ticket.assignee)",
        false,
    ),
    ("has(ticket.tags)", false),
    ("has(ticket.subject)", false),
    ("has(ticket.number)", true),
    ("has(ticket.fields)", false),
    ("requester.last_contact == null", true),
    (r#"now - requester.last_contact > duration("30d")"#, true),
    (
        r#"requester.last_contact != null && now - requester.last_contact > duration("30d")"#,
        false,
    ),
    (r#"requester.domain == """#, true),
    ("requester.tickets_open == 0", true),
    ("has(ticket.fields.product)", false),
    (r#"ticket.fields.product == "x""#, false),
    (r#"ticket.fields.product != "x""#, true),
    (r#"ticket.fields.product.contains("x")"#, false),
    ("ticket.fields.amount > 100", false),
    ("ticket.fields.amount < 100", false),
    ("ticket.fields.amount == null", true),
    ("ticket.fields.paid == true", false),
    (r#"ticket.fields.address.city == "Bonn""#, false),
    (r#""Bonn" in ticket.fields.cities"#, false),
    ("ticket.fields.cities.exists(city, true)", false),
    ("ticket.fields.cities.size() == 0", true),
    ("ticket.fields.cities[0] == null", true),
    (r#"ticket.fields["größe"] == null"#, true),
    (
        "ticket.fields.package == null && ticket.fields.if == null && ticket.fields.for == null",
        true,
    ),
    (
        "ticket.fields.as == null && ticket.fields.type == null && ticket.fields.size == null",
        true,
    ),
];

#[test]
fn absent_things_read_as_empty_ones() {
    let facts = blank();
    for (source, expected) in ROWS {
        let condition = Condition::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        let evaluation = condition
            .evaluate(&facts)
            .unwrap_or_else(|error| panic!("{source}: {error}"));
        assert_eq!(evaluation.result, *expected, "{source}");
    }
}

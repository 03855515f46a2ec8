//! What conditions say of a ticket of which everything is known.

use docket_conditions::Condition;

use crate::facts::known;

/// Condition and whether it holds.
pub const ROWS: &[(&str, bool)] = &[
    // texts
    (r#"ticket.subject == "DRINGEND: Drucker druckt nicht""#, true),
    (r#"ticket.subject != "DRINGEND: Drucker druckt nicht""#, false),
    (r#"ticket.subject.startsWith("DRINGEND")"#, true),
    (r#"ticket.subject.startsWith("dringend")"#, false),
    (r#"ticket.subject.endsWith("nicht")"#, true),
    (r#"ticket.subject.contains("druckt")"#, true),
    (r#"ticket.subject.contains("")"#, true),
    (r#"ticket.text.contains("Bestellung AB-1234")"#, true),
    (r#"ticket.text.contains("Größe: 42 €")"#, true),
    (r#"ticket.subject.lower().contains("dringend")"#, true),
    (r#"ticket.text.lower().contains("größe")"#, true),
    (
        r#"ticket.subject.lowerAscii() == "dringend: drucker druckt nicht""#,
        true,
    ),
    (r#""  x ".trim() == "x""#, true),
    (
        r#"requester.name.lower().startsWith(requester.email.lower().trim() == "" ? "x" : "bea")"#,
        true,
    ),
    (r#"requester.email.endsWith("@" + requester.domain)"#, true),
    (r#"requester.email.contains(requester.domain)"#, true),
    ("size(ticket.subject) == 30", true),
    (r#""größe".size() == 5"#, true),
    (r#"requester.name < "C""#, true),
    (r#"'single' == "single""#, true),
    (r#""""three "quotes" in a row""".contains("row")"#, true),
    (r#""a\"b" == 'a"b'"#, true),
    (r#""\u00e9" == "é""#, true),
    // regular expressions
    (r#"ticket.text.matches(r"\bAB-\d{4}\b")"#, true),
    (r#"matches(ticket.text, r"\bXY-\d{4}\b")"#, false),
    (r#"ticket.subject.matches("(?i)dringend|urgent")"#, true),
    (r#"ticket.subject.matches("^Drucker")"#, false),
    (r#"ticket.text.matches("(?m)^Viele")"#, true),
    (r#"ticket.text.matches("(?i)GRÜSSE|GRÜßE")"#, true),
    // words
    (r#"ticket.status == "open""#, true),
    (r#"ticket.status in ["new", "open"]"#, true),
    (r#"!(ticket.status in ["solved", "closed"])"#, true),
    (r#"ticket.type == "incident""#, true),
    (r#"ticket.type != "question""#, true),
    (r#"ticket.channel == "mail""#, true),
    (r#"ticket.mailbox == "help@desk.example""#, true),
    (r#"ticket.channel_name == """#, true),
    (r#"ticket.group == "Support""#, true),
    (
        r#"event.kind == "comment_added" && event.actor == "requester""#,
        true,
    ),
    (r#""status" in event.changed"#, true),
    (r#""priority" in event.changed"#, false),
    (r#"event.changed.exists(what, what == "comments")"#, true),
    ("event.comment_public", true),
    (r#"event.monitor == "recovery""#, true),
    (r#"event.monitor == "problem""#, false),
    (r#"event.comment_text.size() > 3"#, true),
    // priorities
    (r#"ticket.priority == "high""#, true),
    (r#"ticket.priority in ["high", "urgent"]"#, true),
    (r#"ticket.priority_rank >= rank("high")"#, true),
    (r#"ticket.priority_rank > rank("high")"#, false),
    (r#"rank(ticket.priority) == ticket.priority_rank"#, true),
    (
        r#"rank("low") < rank("normal") && rank("normal") < rank("high") && rank("high") < rank("urgent")"#,
        true,
    ),
    // numbers
    ("ticket.number == 4711", true),
    ("ticket.reopens >= 2", true),
    (
        "requester.tickets_open > 2 && requester.tickets_total >= 17",
        true,
    ),
    (
        "requester.tickets_open * 100 / requester.tickets_total == 17",
        true,
    ),
    ("requester.tickets_total % 5 == 2", true),
    ("-ticket.number == -4711", true),
    ("bot.confidence > 0.8", true),
    ("bot.confidence >= 1", false),
    ("bot.confidence * 100.0 >= 87.0", true),
    ("1 == 1.0", true),
    ("9007199254740993 == 9007199254740992.0", false),
    ("double(requester.tickets_open) / 2.0 == 1.5", true),
    (r#"int("42") == 42"#, true),
    ("int(2.9) == 2", true),
    (r#"double("2.5") == 2.5"#, true),
    (r#"string(42) + "!" == "42!""#, true),
    (r#"string(true) == "true""#, true),
    ("0x1F == 31", true),
    // logic
    ("true", true),
    ("false || true && false", false),
    ("!false == true", true),
    ("(ticket.number > 1 ? 1 : 2) == 1", true),
    (
        r#"ticket.priority == "low" ? false : ticket.status == "new" ? false : true"#,
        true,
    ),
    (r#"(requester.tier == "gold" ? 2 : 24) < 4"#, true),
    // lists
    (r#""vip" in ticket.tags"#, true),
    (r#""vi" in ticket.tags"#, false),
    (r#"requester.tier in ["gold", "platinum"]"#, true),
    ("ticket.number in [1, 2, 4711]", true),
    ("2 in [1, 3]", false),
    ("2.5 in [1.5, 2.5]", true),
    ("1 in []", false),
    ("size(ticket.tags) == 3 && ticket.tags.size() == 3", true),
    (r#"ticket.tags[0] == "hardware""#, true),
    (r#"ticket.tags == ["hardware", "printer", "vip"]"#, true),
    (r#"ticket.tags != ["vip"]"#, true),
    ("ticket.tags == []", false),
    (r#"ticket.tags.exists(tag, tag.startsWith("print"))"#, true),
    (r#"ticket.tags.all(tag, tag.size() > 3)"#, false),
    (r#"ticket.tags.exists_one(tag, tag.contains("w"))"#, true),
    (r#"ticket.tags.existsOne(tag, tag.contains("r"))"#, false),
    (r#"ticket.tags.filter(tag, tag != "vip").size() == 2"#, true),
    (r#"ticket.tags.map(tag, tag.size()) == [8, 7, 3]"#, true),
    (
        r#"ticket.tags.map(tag, tag.size() > 3, tag)[1] == "printer""#,
        true,
    ),
    (
        r#"ticket.tags.exists(a, organization.tags.exists(b, a == b))"#,
        false,
    ),
    (
        r#"["urgent", "dringend"].exists(word, ticket.subject.lower().contains(word))"#,
        true,
    ),
    (
        r#"[requester.tier, organization.tier].exists(tier, tier == "platinum")"#,
        true,
    ),
    (r#"[].all(x, x == 1)"#, true),
    (r#"(bot.confidence > 0.5 ? ticket.tags : []).size() == 3"#, true),
    // the operator's own fields
    (r#"ticket.fields.product == "LaserJet 9""#, true),
    (r#"ticket.fields["product"] == "LaserJet 9""#, true),
    (r#"ticket.fields.product.startsWith("Laser")"#, true),
    (r#"ticket.fields.product.matches("^Laser")"#, true),
    (r#""product" in ticket.fields"#, true),
    (r#""nothing" in ticket.fields"#, false),
    ("has(ticket.fields.product)", true),
    ("has(ticket.fields.color)", false),
    ("has(ticket.fields.nothing)", false),
    ("ticket.fields.color == null", true),
    ("ticket.fields.product != null", true),
    ("ticket.fields.amount > 100", true),
    ("ticket.fields.seats == 12", true),
    ("ticket.fields.seats * ticket.fields.amount > 1500", true),
    ("ticket.fields.seats + 1 == 13", true),
    ("ticket.fields.paid == true", true),
    (r#"ticket.fields.address.city == "Köln""#, true),
    ("ticket.fields.address.floor in [1, 2, 3]", true),
    (r#""Bonn" in ticket.fields.cities"#, true),
    (r#"ticket.fields.cities[0] == "Berlin""#, true),
    (r#"ticket.fields.cities.exists(city, city == "Bonn")"#, true),
    (r#"ticket.fields.cities == ["Berlin", "Bonn"]"#, true),
    ("ticket.fields.cities.size() == 2", true),
    (r#"ticket.fields.exists(name, name.startsWith("prod"))"#, true),
    ("ticket.fields.address == ticket.fields.address", true),
    ("ticket.fields.product == 3", false),
    (
        r#"ticket.fields[ticket.tags[2] == "vip" ? "product" : "amount"] == "LaserJet 9""#,
        true,
    ),
    // presence
    ("organization != null && bot != null && event != null", true),
    ("has(organization.name)", true),
    ("has(organization.external_id)", false),
    ("organization.external_id == null", true),
    ("has(ticket.priority) && has(ticket.tags)", true),
    ("ticket.solved_at == null", true),
    ("null != requester.last_contact", true),
    // instants and durations
    (r#"ticket.age > duration("1d")"#, true),
    (r#"ticket.age == duration("26h")"#, true),
    (r#"ticket.age < duration("24h")"#, false),
    ("ticket.age.getHours() == 26", true),
    (
        "ticket.age.getMinutes() == 1560 && ticket.age.getSeconds() == 93600",
        true,
    ),
    ("now - ticket.created_at == ticket.age", true),
    (r#"ticket.created_at + duration("2h") < now"#, true),
    (r#"now - duration("30d") < requester.last_contact"#, true),
    (r#"ticket.created_at < timestamp("2026-02-01T00:00:00Z")"#, true),
    (r#"timestamp("2026-01-30T17:30:00+01:00") == now"#, true),
    (r#"duration("1h") + duration("30m") == duration("90m")"#, true),
    (r#"duration("1h") - duration("90m") == duration("-30m")"#, true),
    (
        "now.getFullYear() == 2026 && now.getMonth() == 0 && now.getDate() == 30",
        true,
    ),
    ("now.getDayOfMonth() == 29 && now.getDayOfYear() == 29", true),
    ("now.getDayOfWeek() == 5", true),
    (
        "now.getHours() == 16 && now.getMinutes() == 30 && now.getSeconds() == 0",
        true,
    ),
    (r#"now.getHours("Europe/Berlin") == 17"#, true),
    (
        r#"now.getHours("+02:00") == 18 && now.getMinutes("-05:30") == 0"#,
        true,
    ),
    (r#"now.getDayOfWeek("Pacific/Auckland") == 6"#, true),
    ("now.getMilliseconds() == 0", true),
    ("int(now) == 1769790600", true),
    (r#"string(ticket.created_at) == "2026-01-29T14:30:00Z""#, true),
    (r#"string(ticket.age) == "93600s""#, true),
    // calendars
    (r#"calendar("support").open(now)"#, true),
    (r#"!calendar("sales").open(now)"#, true),
    // errors that a decided side makes harmless, as CEL has it
    ("1 / 0 == 1 || true", true),
    ("1 / 0 == 1 && false", false),
    ("[0, 1].exists(x, 1 / x == 1)", true),
    ("[0, 2].all(x, 2 / x == 2)", false),
    // form
    ("  // a remark\n  ticket.number ==\n\t4711 // and another", true),
    (r#"ticket . subject . startsWith ( "DRINGEND" )"#, true),
];

#[test]
fn conditions_hold_or_not() {
    let facts = known();
    let mut wrong = Vec::new();
    for (source, expected) in ROWS {
        let result = Condition::parse(source).map(|condition| condition.evaluate(&facts));
        if !matches!(&result, Ok(Ok(evaluation)) if evaluation.result == *expected) {
            wrong.push(format!("{source}: {result:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ROWS.len() >= 80);
}

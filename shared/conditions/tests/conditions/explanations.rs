//! What an evaluation read, for the explanation of a decision.

use docket_conditions::{Condition, Facts};

use crate::facts::{blank, known};

fn read(source: &str, facts: &Facts) -> Vec<String> {
    let evaluation = Condition::parse(source).unwrap().evaluate(facts).unwrap();
    let line = |(name, value): &(String, String)| format!("{name} = {value}");
    evaluation.read.iter().map(line).collect()
}

#[test]
fn values_stand_in_the_order_of_reading_once_each() {
    let source = r#"ticket.priority == "high" && ("vip" in ticket.tags || requester.tickets_open > 5)
        && ticket.age > duration("1d") && ticket.priority != "low" && bot.confidence > 0.5"#;
    assert_eq!(
        read(source, &known()),
        [
            r#"ticket.priority = "high""#,
            r#"ticket.tags = ["hardware", "printer", "vip"]"#,
            "ticket.age = 26h",
            "bot.confidence = 0.87",
        ]
    );
}

#[test]
fn what_was_passed_over_was_not_read() {
    let read = read(r#"ticket.status == "new" && ticket.subject == "x""#, &known());
    assert_eq!(read, [r#"ticket.status = "open""#]);
}

#[test]
fn absent_things_say_so() {
    let source = r#"organization != null || ticket.priority == "high" || has(bot.intent)
        || requester.last_contact == null && ticket.fields.product == "x""#;
    assert_eq!(
        read(source, &blank()),
        [
            "organization = absent",
            "ticket.priority = absent",
            "bot.intent = absent",
            "requester.last_contact = absent",
            "ticket.fields.product = absent",
        ]
    );
}

#[test]
fn calendars_fields_and_instants_are_shown() {
    let source = r#"calendar("support").open(now) && ticket.fields.amount > 1
        && ticket.fields.address.city == "Köln" && now > ticket.created_at"#;
    assert_eq!(
        read(source, &known()),
        [
            r#"calendar("support").open(now) = true"#,
            "ticket.fields.amount = 129.5",
            "ticket.fields.address = a map with 2 keys",
            "now = 2026-01-30T16:30:00Z",
            "ticket.created_at = 2026-01-29T14:30:00Z",
        ]
    );
}

#[test]
fn long_values_are_cut() {
    let mut facts = known();
    facts.ticket.text = "ä".repeat(1000);
    facts.ticket.tags = vec!["tag".to_owned(); 1000];
    for line in read(r#"ticket.text.contains("x") || "x" in ticket.tags"#, &facts) {
        let (_, value) = line.split_once(" = ").unwrap();
        assert_eq!(value.chars().count(), 80);
        assert!(value.ends_with('…'), "{value}");
    }
}

#[test]
fn a_condition_tells_what_it_can_read() {
    let source = r#"ticket.subject.lower().contains("x") && (organization == null
        || ticket.fields.product == "y") && has(bot.intent) && calendar("support").open(now)"#;
    assert_eq!(
        Condition::parse(source).unwrap().names(),
        [
            "bot.intent",
            r#"calendar("support")"#,
            "now",
            "organization",
            "ticket.fields.product",
            "ticket.subject",
        ]
    );
}

#[test]
fn own_fields_are_told_one_by_one_unless_all_are_read() {
    let names = |source: &str| Condition::parse(source).unwrap().names().to_vec();
    let keys = r#"has(ticket.fields.a) && ticket.fields["b"] == 1 && "c" in ticket.fields"#;
    assert_eq!(
        names(keys),
        ["ticket.fields.a", "ticket.fields.b", "ticket.fields.c"]
    );
    let all = r#"size(ticket.fields) > 1 && ticket.fields.a == 1"#;
    assert_eq!(names(all), ["ticket.fields", "ticket.fields.a"]);
    let chosen = r#"ticket.fields.a == 1 && ticket.fields[ticket.subject] == 2"#;
    assert_eq!(
        names(chosen),
        ["ticket.fields", "ticket.fields.a", "ticket.subject"]
    );
}

#[test]
fn an_error_tells_what_was_read_before_it() {
    let source = r#"ticket.priority == "high" && ticket.tags[7] == "vip" && ticket.number > 1"#;
    let error = Condition::parse(source).unwrap().evaluate(&known()).unwrap_err();
    let names: Vec<&str> = error.read.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["ticket.priority", "ticket.tags", "ticket.number"]);
}

#[test]
fn a_condition_tells_which_changes_it_reads() {
    let reads = |source: &str| {
        let condition = Condition::parse(source).unwrap();
        let all = docket_conditions::Attribute::ALL.iter();
        all.filter(|attribute| condition.reads(**attribute))
            .map(|attribute| attribute.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        reads(r#"ticket.priority_rank > 2 && "vip" in ticket.tags"#),
        ["priority", "tags"]
    );
    assert_eq!(reads(r#"ticket.fields.product == "x""#), ["fields"]);
    assert_eq!(
        reads(r#"has(ticket.group) || ticket.assignee == null"#),
        ["group", "assignee"]
    );
    assert!(reads(r#"requester.tier == "gold" && bot.confidence > 0.5"#).is_empty());
    assert_eq!(
        reads("event.comment_public").len(),
        docket_conditions::Attribute::ALL.len()
    );
    assert_eq!(
        reads("event != null").len(),
        docket_conditions::Attribute::ALL.len()
    );
}

use super::*;
use crate::Timestamp;
use serde_json::{Value, json};

fn field(kind: FieldKind) -> FieldDefinition {
    let option = |id, value: &str| FieldOption {
        id,
        name: value.to_uppercase(),
        value: value.to_owned(),
        is_default: false,
    };
    let mut field = FieldDefinition::new(FIRST_ID, kind, "Field", Timestamp::UNIX_EPOCH);
    if kind.has_options() {
        field.options = vec![option(1, "gold"), option(2, "silver"), option(3, "lead")];
    }
    if kind == FieldKind::Checkbox {
        field.tag = Some("checked".to_owned());
    }
    if kind == FieldKind::Lookup {
        field.target = Some(FieldsOf::People);
    }
    field
}

/// What is sent, kept, shown.
fn check(kind: FieldKind, sent: Value, kept: &str, shown: Value) {
    let field = field(kind);
    let read = field.read(&sent).unwrap().unwrap();
    assert_eq!(read, kept, "{sent}");
    assert_eq!(field.show(&read), shown, "{sent}");
    assert!(field.is_kept_so(kept), "{kept}");
}

#[test]
fn a_value_is_kept_in_one_form_and_shown_typed() {
    check(FieldKind::Text, json!("A 7"), "A 7", json!("A 7"));
    check(FieldKind::Text, json!(7), "7", json!("7"));
    check(FieldKind::Checkbox, json!(true), "true", json!(true));
    check(FieldKind::Checkbox, json!("0"), "false", json!(false));
    check(FieldKind::Integer, json!("+007"), "7", json!(7));
    check(FieldKind::Integer, json!(-5), "-5", json!(-5));
    check(FieldKind::Lookup, json!(" 0123 "), "123", json!("123"));
    check(FieldKind::Lookup, json!(123), "123", json!("123"));
    check(FieldKind::Decimal, json!(12.5), "12.5", json!(12.5));
    check(FieldKind::Decimal, json!("-0.50"), "-0.5", json!(-0.5));
    check(FieldKind::Decimal, json!(3), "3.0", json!(3.0));
    check(
        FieldKind::Date,
        json!("2026-02-28"),
        "2026-02-28",
        json!("2026-02-28"),
    );
    check(
        FieldKind::Date,
        json!("2026-02-28T10:00:00Z"),
        "2026-02-28",
        json!("2026-02-28"),
    );
    check(FieldKind::Tagger, json!("gold"), "gold", json!("gold"));
    check(
        FieldKind::Multiselect,
        json!(["lead", "gold", "lead"]),
        "lead gold",
        json!(["lead", "gold"]),
    );
    check(FieldKind::Multiselect, json!("gold"), "gold", json!(["gold"]));
    check(
        FieldKind::PartialCreditCard,
        json!("4111 1111 1111 1234"),
        "XXXXXXXXXXXX1234",
        json!("XXXXXXXXXXXX1234"),
    );
}

#[test]
fn nothing_takes_a_value_away() {
    for kind in FieldKind::OWN {
        assert_eq!(field(kind).read(&Value::Null), Ok(None));
        assert_eq!(field(kind).read(&json!(" ")), Ok(None));
    }
    assert_eq!(field(FieldKind::Multiselect).read(&json!([])), Ok(None));
}

#[test]
fn what_is_no_value_is_refused_with_words() {
    for (kind, sent) in [
        (FieldKind::Checkbox, json!("maybe")),
        (FieldKind::Integer, json!("7.5")),
        (FieldKind::Integer, json!(7.5)),
        (FieldKind::Integer, json!("99999999999999999999")),
        (FieldKind::Lookup, json!("ann")),
        (FieldKind::Lookup, json!(0)),
        (FieldKind::Lookup, json!(-1)),
        (FieldKind::Decimal, json!("1e5")),
        (FieldKind::Decimal, json!("1,5")),
        (FieldKind::Decimal, json!(".5")),
        (FieldKind::Date, json!("2026-02-29")),
        (FieldKind::Date, json!("28.02.2026")),
        (FieldKind::Tagger, json!("Gold")),
        (FieldKind::Multiselect, json!(["gold", "tin"])),
        (FieldKind::Multiselect, json!([1])),
        (FieldKind::PartialCreditCard, json!("123")),
        (FieldKind::PartialCreditCard, json!("4111-1111-1111-ABCD")),
        (FieldKind::Text, json!({ "a": 1 })),
        (FieldKind::Text, json!(["a"])),
        (FieldKind::Text, json!("x".repeat(LONGEST_VALUE + 1))),
    ] {
        assert!(field(kind).read(&sent).is_err(), "{kind:?} {sent}");
    }
    assert!(
        field(FieldKind::Text)
            .read(&json!("x".repeat(LONGEST_VALUE)))
            .is_ok()
    );
}

#[test]
fn tags_go_with_values_and_values_with_tags() {
    let tagger = field(FieldKind::Tagger);
    assert_eq!(tagger.tags_of(Some("gold")), ["gold"]);
    assert_eq!(
        tagger.after_tag(None, "gold", true),
        Some(Some("gold".to_owned()))
    );
    assert_eq!(tagger.after_tag(Some("gold"), "gold", false), Some(None));
    assert_eq!(tagger.after_tag(Some("gold"), "lead", false), None);
    assert_eq!(tagger.after_tag(None, "other", true), None);
    let many = field(FieldKind::Multiselect);
    assert_eq!(many.tags_of(Some("gold lead")), ["gold", "lead"]);
    assert_eq!(
        many.after_tag(Some("gold"), "lead", true),
        Some(Some("gold lead".to_owned()))
    );
    assert_eq!(
        many.after_tag(Some("gold lead"), "gold", false),
        Some(Some("lead".to_owned()))
    );
    assert_eq!(many.after_tag(Some("gold"), "gold", false), Some(None));
    let checkbox = field(FieldKind::Checkbox);
    assert_eq!(checkbox.tags_of(Some("true")), ["checked"]);
    assert_eq!(checkbox.tags_of(Some("false")), Vec::<&str>::new());
    assert_eq!(
        checkbox.after_tag(None, "checked", true),
        Some(Some("true".to_owned()))
    );
}

#[test]
fn names_of_own_fields_are_numbers_from_the_first_on() {
    assert_eq!(own_id("1000001"), Some(FIRST_ID));
    for name in ["1000000", "01000001", "+1000001", "order", "2024", ""] {
        assert_eq!(own_id(name), None, "{name}");
    }
}

#[test]
fn what_every_desk_has_can_be_changed_and_does_not_come_twice() {
    let mut book = FieldBook::default();
    assert!(book.is_empty());
    assert_eq!(book.all(FieldsOf::Tickets).len(), 8);
    assert_eq!(book.take_id(), FIRST_ID);
    assert_eq!(book.take_id(), FIRST_ID + 1);
    let mut subject = book.field(FieldsOf::Tickets, 1).unwrap();
    subject.title = "What is it about?".to_owned();
    book.ticket_fields.push(subject);
    let all = book.all(FieldsOf::Tickets);
    assert_eq!((all.len(), all[0].title.as_str()), (8, "What is it about?"));
    assert_eq!(book.all_statuses().len(), 5);
    assert_eq!(book.default_status(Status::Pending), 3);
}

#[test]
fn a_field_without_what_it_needs_is_refused_at_its_attribute() {
    let wrong = |change: fn(&mut FieldDefinition)| {
        let mut tagger = field(FieldKind::Tagger);
        change(&mut tagger);
        tagger.check().unwrap_err().0
    };
    assert_eq!(field(FieldKind::Tagger).check(), Ok(()));
    assert_eq!(wrong(|field| field.title = " ".to_owned()), "title");
    assert_eq!(wrong(|field| field.options.clear()), "custom_field_options");
    assert_eq!(
        wrong(|field| field.options[0].value = "a b".to_owned()),
        "custom_field_options"
    );
    assert_eq!(
        wrong(|field| field.options[0].value = "lead".to_owned()),
        "custom_field_options"
    );
    assert_eq!(wrong(|field| field.key = Some("12".to_owned())), "key");
    assert_eq!(wrong(|field| field.tag = Some(String::new())), "tag");
    assert_eq!(
        field(FieldKind::Regexp).check().unwrap_err().0,
        "regexp_for_validation"
    );
}

#[test]
fn a_lookup_leads_to_something_and_no_other_field_does() {
    let mut lookup = field(FieldKind::Lookup);
    assert_eq!(lookup.check(), Ok(()));
    assert_eq!(lookup.target_of("7"), Some((FieldsOf::People, 7)));
    let kept = serde_json::to_value(&lookup).unwrap();
    assert_eq!(
        (&kept["kind"], &kept["target"]),
        (&json!("lookup"), &json!("people"))
    );
    lookup.target = None;
    assert_eq!(lookup.check().unwrap_err().0, "relationship_target_type");
    let mut text = field(FieldKind::Text);
    assert_eq!(text.target_of("7"), None);
    text.target = Some(FieldsOf::Tickets);
    assert_eq!(text.check().unwrap_err().0, "relationship_target_type");
}

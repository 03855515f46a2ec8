use super::*;
use crate::document::Kind;
use crate::limits::{LONGEST_PHRASE, LONGEST_QUERY_BYTES, MOST_CONDITIONS, MOST_WORDS};
use docket_domain::{
    Timestamp,
    people::staff::Role,
    ticket::{Priority, Status, TicketType},
};
use jiff::tz::TimeZone;
use proptest::prelude::*;

fn read(text: &str) -> Query {
    Query::read(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The query as it reads back, which shows how it was understood.
fn understood(text: &str) -> String {
    read(text).to_string()
}

#[test]
fn a_query_is_read_as_zendesk_reads_it() {
    for (text, expected) in [
        ("", ""),
        ("Greenbriar", "Greenbriar"),
        ("type:user \"Jane Doe\"", "type:user \"Jane Doe\""),
        (
            "status<solved requester:user@domain.com",
            "status<solved requester:\"user@domain.com\"",
        ),
        ("priority>=high -tags:invoice", "priority>=high -tags:\"invoice\""),
        ("created_at>2012-07-17", "created>\"2012-07-17\""),
        (
            "assignee_id:5 group_id:none requester:me",
            "assignee:5 group:none requester:me",
        ),
        ("subject:photo* photo*", "subject:photo* photo*"),
        (
            "custom_field_plan:* -custom_field_plan:*",
            "custom_field_plan:* -custom_field_plan:*",
        ),
        (
            "status:new order_by:updated_at sort:asc",
            "status:new order_by:updated sort:asc",
        ),
        ("brand: \"Banana Republic\"", "brand:\"Banana Republic\""),
        ("type:incident", "ticket_type:incident"),
        ("Status:OPEN", "status:open"),
        ("ｓｔａｔｕｓ：open　山田", "status:open 山田"),
        ("“two words”", "\"two words\""),
        ("\"say \\\"hi\\\"\"", "\"say \\\"hi\\\"\""),
        ("tags:a AND tags:b", "tags:\"a\" tags:\"b\""),
        ("status:new OR status:open", "status:new status:open"),
        ("rock AND roll OR not", "rock AND roll OR not"),
        ("updated < 2025", "updated 2025 ?"),
        ("lamp & - \"…\"", "lamp ?"),
        ("*", "*"),
        (
            "created>\"7 days ago\" updated<30minutes",
            "created>\"7days\" updated<\"30minutes\"",
        ),
        (
            "email:\"none\" phone:+555-111-2222",
            "email:none phone:\"+555-111-2222\"",
        ),
        (
            "role:end_user is_verified:false",
            "role:end-user is_verified:false",
        ),
    ] {
        assert_eq!(understood(text), expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_a_property_is_words() {
    for text in [
        "https://shop.example/orders?id=5",
        "Re: lamp",
        "10:30",
        "C:\\temp",
        "std::fmt",
        "mailto:a@b.example",
        "localhost:8080",
        "ac:de:48:00:11:22",
        "fe80::1",
        "Fehler: Lampe",
        "a<b",
        "<jane@example.com>",
        "x=5",
        "(415)",
        "5\"",
    ] {
        let query = read(text);
        let are_words = query
            .terms
            .iter()
            .all(|term| matches!(term.condition, Condition::Words(_)));
        assert!(are_words && !query.terms.is_empty(), "{text}: {query:?}");
    }
}

#[test]
fn a_mistake_is_told_with_its_place_and_what_would_be_right() {
    for (text, byte, problem, words) in [
        (
            "lamp statsu:open",
            5,
            Problem::UnknownKey,
            "did you mean `status`?",
        ),
        ("größe colour:red", 8, Problem::UnknownKey, "put them in quotes"),
        ("craeted>2026-01-01", 0, Problem::UnknownKey, "`created`"),
        (
            "status:done",
            7,
            Problem::Value,
            "new, open, pending, hold, solved, closed",
        ),
        ("status:open,pending", 7, Problem::Value, "several times"),
        ("priority:p1", 9, Problem::Value, "low, normal, high, urgent"),
        ("type:ticketz", 5, Problem::Value, "ticket, user, organization"),
        ("created>01/02/2026", 8, Problem::Date, "2026-01-31"),
        ("created>2026-02-30", 8, Problem::Date, "2026-02-30"),
        ("created>4fortnights", 8, Problem::Date, "4hours"),
        ("created:4hours", 8, Problem::Operator, "created>4hours"),
        ("lamp *foo", 5, Problem::Wildcard, "not before it"),
        ("fo*o", 0, Problem::Wildcard, "fo*"),
        ("f*", 0, Problem::ShortPrefix, "2 letters"),
        ("subject:f*", 8, Problem::ShortPrefix, "2 letters"),
        ("email:dwight*", 6, Problem::Wildcard, "email:*"),
        ("lamp \"is dark", 5, Problem::UnclosedQuote, "not closed"),
        ("subject:\"is dark", 8, Problem::UnclosedQuote, "not closed"),
        ("requester: status:open", 10, Problem::NoValue, "requester"),
        ("tags:\"\"", 5, Problem::NoValue, "tags"),
        ("subject>lamp", 8, Problem::Operator, "subject:lamp"),
        ("status=open", 0, Problem::Operator, "status:"),
        ("status!=open", 0, Problem::Operator, "-status:"),
        (
            "(status:new OR status:open)",
            0,
            Problem::Logic,
            "status:new status:open",
        ),
        ("-status:new OR -status:open", 12, Problem::Logic, "no OR"),
        ("status:new OR tags:vip", 11, Problem::Logic, "no OR"),
        ("order_by:colour", 9, Problem::Order, "relevance"),
        ("sort:up", 5, Problem::Order, "`asc` or `desc`"),
        ("is_verified:maybe", 12, Problem::Value, "true"),
        ("role:boss", 5, Problem::Value, "end-user, agent, admin"),
        ("phone:none-yet", 6, Problem::Value, "telephone"),
        ("id:x", 3, Problem::Value, "number"),
        ("assignee>5", 9, Problem::Operator, "assignee:5"),
        ("solved>none", 7, Problem::Operator, "solved:none"),
    ] {
        let error = Query::read(text).expect_err(text);
        assert_eq!(
            (error.place.byte, error.problem),
            (byte, problem),
            "{text}: {error}"
        );
        assert!(error.message.contains(words), "{text}: {error}");
    }
    let error = Query::read("größe colour:red").unwrap_err();
    assert_eq!((error.place.byte, error.place.character), (8, 6));
    assert!(error.to_string().starts_with("character 7: "));
}

#[test]
fn limits_have_two_sides() {
    let problem = |text: &str| Query::read(text).err().map(|error| error.problem);
    assert_eq!(problem(&"a".repeat(LONGEST_QUERY_BYTES)), None);
    assert_eq!(
        problem(&"a".repeat(LONGEST_QUERY_BYTES + 1)),
        Some(Problem::TooLong)
    );
    assert_eq!(problem(&"a ".repeat(MOST_WORDS)), None);
    assert_eq!(problem(&"a ".repeat(MOST_WORDS + 1)), Some(Problem::TooLong));
    assert_eq!(problem(&"tags:a ".repeat(MOST_CONDITIONS)), None);
    assert_eq!(
        problem(&"tags:a ".repeat(MOST_CONDITIONS + 1)),
        Some(Problem::TooLong)
    );
    let phrase = |words| format!("\"{}\"", "a ".repeat(words));
    assert_eq!(problem(&phrase(LONGEST_PHRASE)), None);
    assert_eq!(problem(&phrase(LONGEST_PHRASE + 1)), Some(Problem::TooLong));
    let run = |characters| "山".repeat(characters);
    assert_eq!(problem(&run(LONGEST_PHRASE)), None);
    assert_eq!(problem(&run(LONGEST_PHRASE + 2)), Some(Problem::TooLong));
    assert_eq!(
        problem(&format!("subject:{}", run(LONGEST_PHRASE + 2))),
        Some(Problem::TooLong)
    );
}

#[test]
fn what_somebody_types_of_a_name_is_no_language() {
    for (text, expected) in [
        ("ja", "type:user ja*"),
        ("Jane  Mü", "type:user Jane Mü*"),
        ("j", "type:user j"),
        ("status:open -x", "type:user status:open -x"),
        ("山", "type:user 山*"),
        ("jane.doe@ac", "type:user jane.doe@ac*"),
        ("\"* (", "type:user ?"),
        ("กิ่", "type:user กิ่*"),
        ("", "type:user"),
    ] {
        let query = Query::names_beginning(Kind::Person, text);
        assert_eq!(query.to_string(), expected, "{text}");
    }
    let long = Query::names_beginning(Kind::Person, &"ab ".repeat(10_000));
    assert_eq!(long.terms.len(), MOST_WORDS + 1);
    let by_id = Query::by_external_id(Kind::Organization, "none* \"x");
    assert_eq!(by_id.to_string(), "type:organization external_id:\"none* \\\"x\"");
}

#[test]
fn names_are_listed_once() {
    let query = read(
        "assignee:\"Jane Doe\" requester:\"Jane Doe\" group:Support organization:7 assignee:me -cc:+4930123",
    );
    let names: Vec<_> = query
        .names()
        .into_iter()
        .map(|name| (name.of, name.text))
        .collect();
    assert_eq!(
        names,
        [
            (NameOf::Person, "+4930123".to_owned()),
            (NameOf::Person, "Jane Doe".to_owned()),
            (NameOf::Group, "Support".to_owned()),
        ]
    );
}

#[test]
fn parameters_say_the_order_where_the_query_does_not() {
    let sorting = |query: &str, by, order| read(query).sorting.or_by(by, order).map(Sorting::order);
    use crate::{Column, Direction, Order};
    assert_eq!(sorting("lamp", None, None), Ok(Order::Relevance));
    assert_eq!(
        sorting("lamp", Some("created_at"), Some("asc")),
        Ok(Order::By(Column::Created, Direction::Ascending))
    );
    assert_eq!(
        sorting("lamp order_by:status", Some("created_at"), None),
        Ok(Order::By(Column::Status, Direction::Descending))
    );
    assert_eq!(sorting("lamp", Some(""), Some("")), Ok(Order::Relevance));
    assert!(sorting("lamp", Some("colour"), None).is_err());
}

#[test]
fn times_last_as_long_as_they_were_written() {
    let now: Timestamp = "2026-03-31T12:00:00Z".parse().unwrap();
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
    for (text, first, last) in [
        ("2026-01-31", "2026-01-30T23:00:00Z", "2026-01-31T22:59:59.999Z"),
        // the clocks go forward on that day
        ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59.999Z"),
        (
            "2026-01-31T12:00:00Z",
            "2026-01-31T12:00:00Z",
            "2026-01-31T12:00:00.999Z",
        ),
        (
            "2026-01-31T12:00:00-08:00",
            "2026-01-31T20:00:00Z",
            "2026-01-31T20:00:00.999Z",
        ),
        (
            "2026-01-31T12:00:00+0000",
            "2026-01-31T12:00:00Z",
            "2026-01-31T12:00:00.999Z",
        ),
        (
            "2026-01-31T12:00:00.250Z",
            "2026-01-31T12:00:00.250Z",
            "2026-01-31T12:00:00.250Z",
        ),
        (
            "2026-01-31T12:00",
            "2026-01-31T11:00:00Z",
            "2026-01-31T11:00:00.999Z",
        ),
        (
            "2026-01-31 12:00:00",
            "2026-01-31T11:00:00Z",
            "2026-01-31T11:00:00.999Z",
        ),
        ("4hours", "2026-03-31T08:00:00Z", "2026-03-31T08:00:00Z"),
        ("1hour", "2026-03-31T11:00:00Z", "2026-03-31T11:00:00Z"),
        ("1month", "2026-02-28T13:00:00Z", "2026-02-28T13:00:00Z"),
        ("30daysAgo", "2026-03-01T13:00:00Z", "2026-03-01T13:00:00Z"),
    ] {
        let bounds = When::read(text).and_then(|when| when.bounds(now, &berlin));
        assert_eq!(bounds, Some((at(first), at(last))), "{text}");
    }
    for wrong in [
        "",
        "yesterday",
        "2026-1-1",
        "2026-13-01",
        "hours",
        "99999999hours",
        "2026-01-31T",
        "2026-01-31x",
    ] {
        assert_eq!(When::read(wrong), None, "{wrong}");
    }
    let beyond = When::read("9999-12-31").and_then(|when| when.bounds(now, &TimeZone::UTC));
    assert_eq!(beyond, None);
}

fn word() -> impl Strategy<Value = String> {
    "[a-z0-9äж山가ก][a-z0-9äж山가ก@.'-]{0,8}"
        .prop_filter("no joining words", |word| word != "AND" && word != "OR")
}

fn phrase() -> impl Strategy<Value = Text> {
    "[a-z山 \"\\\\:*-]{0,10}x".prop_map(|text| Text {
        text,
        shape: Shape::Phrase,
    })
}

fn text() -> impl Strategy<Value = Text> {
    prop_oneof![
        word().prop_map(|text| Text {
            text,
            shape: Shape::Word
        }),
        "[a-z]{2,6}".prop_map(|text| Text {
            text,
            shape: Shape::Beginning
        }),
        phrase(),
    ]
}

fn is(key: Key, value: Value) -> Property {
    Property {
        key,
        field: None,
        operator: Operator::Is,
        value,
    }
}

fn operator() -> impl Strategy<Value = Operator> {
    prop::sample::select(vec![
        Operator::Is,
        Operator::Below,
        Operator::AtMost,
        Operator::Above,
        Operator::AtLeast,
    ])
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        (2000_i16..2040, 1_i8..13, 1_i8..29)
            .prop_map(|(year, month, day)| When::Day(jiff::civil::date(year, month, day))),
        (0_i64..2_000_000_000).prop_map(|second| When::Second(Timestamp::from_second(second).unwrap())),
        (0_i64..2_000_000_000).prop_map(|second| When::Instant(Timestamp::new(second, 250_000_000).unwrap())),
        (0_i8..24).prop_map(|hour| When::Local(jiff::civil::date(2026, 5, 6).at(hour, 7, 8, 0))),
    ]
}

fn property() -> impl Strategy<Value = Property> {
    let people = prop::sample::select(vec![
        Key::Assignee,
        Key::Requester,
        Key::Submitter,
        Key::Copied,
        Key::Commenter,
    ]);
    let who = prop_oneof![
        Just(Value::Absent),
        Just(Value::Present),
        Just(Value::Me),
        any::<u64>().prop_map(Value::Number),
        "[A-Z][a-z]{1,5} [A-Z\"\\\\]{1,4}".prop_map(Value::Named),
    ];
    let exact = prop::sample::select(vec![
        Key::Tags,
        Key::ExternalId,
        Key::Email,
        Key::Via,
        Key::Recipient,
        Key::Domain,
    ]);
    let texts = prop::sample::select(vec![Key::Subject, Key::Comment, Key::Name, Key::User, Key::Notes]);
    let dates = prop::sample::select(vec![Key::Created, Key::Updated, Key::Solved, Key::Due]);
    prop_oneof![
        (people, who).prop_map(|(key, who)| is(key, who)),
        (exact, "[a-z]{1,5}[ \"\\\\*]?[a-z]{1,5}x").prop_map(|(key, text)| is(key, Value::Exact(text))),
        (texts, text()).prop_map(|(key, text)| is(key, Value::Text(text))),
        (dates, operator(), when()).prop_map(|(key, operator, when)| Property {
            key,
            field: None,
            operator,
            value: Value::When(when)
        }),
        (operator(), prop::sample::select(Status::ALL)).prop_map(|(operator, status)| Property {
            key: Key::Status,
            field: None,
            operator,
            value: Value::Status(status)
        }),
        (operator(), prop::sample::select(Priority::ALL)).prop_map(|(operator, priority)| Property {
            key: Key::Priority,
            field: None,
            operator,
            value: Value::Priority(priority)
        }),
        prop::sample::select(TicketType::ALL).prop_map(|it| is(Key::TicketType, Value::TicketType(it))),
        prop::sample::select(vec![Role::EndUser, Role::Agent, Role::Admin])
            .prop_map(|role| is(Key::Role, Value::Role(role))),
        ("[a-z_0-9]{1,8}", "[a-z ]{1,8}x").prop_map(|(field, text)| Property {
            field: Some(field),
            ..is(Key::Field, Value::Exact(text))
        }),
        any::<bool>().prop_map(|flag| is(Key::HasAttachment, Value::Flag(flag))),
        Just(is(Key::Kind, Value::Kind(None))),
        "[a-z]{1,8}x".prop_map(|text| Property {
            field: Some("satisfaction".to_owned()),
            ..is(Key::NotHere, Value::NotHere(text))
        }),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    let condition = prop_oneof![
        1 => Just(Condition::Everything),
        4 => text().prop_map(Condition::Words),
        8 => property().prop_map(Condition::Property),
    ];
    let term = (any::<bool>(), condition).prop_map(|(negated, condition)| Term { negated, condition });
    (prop::collection::vec(term, 0..6), any::<bool>()).prop_map(|(terms, has_ignored)| Query {
        terms,
        sorting: Sorting {
            by: Some(SortKey::Updated),
            direction: None,
        },
        has_ignored,
    })
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_or_refused_at_a_place(text in "\\PC{0,40}") {
        if let Err(error) = Query::read(&text) {
            prop_assert!(text.is_char_boundary(error.place.byte));
            prop_assert_eq!(text[..error.place.byte].chars().count(), error.place.character);
        }
    }

    #[test]
    fn what_was_read_reads_back_the_same(text in "(status|tags|created|subject|assignee|foo|-|:|<|>|=|\"|\\*|\\\\|none|me|open|AND|OR|ab|山|2026-01-01|\\(| ){0,16}") {
        if let Ok(query) = Query::read(&text) {
            prop_assert_eq!(Query::read(&query.to_string()), Ok(query));
        }
    }

    #[test]
    fn a_query_reads_back_from_its_text(query in query()) {
        prop_assert_eq!(Query::read(&query.to_string()), Ok(query));
    }
}

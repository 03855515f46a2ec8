use super::*;
use docket_domain::ticket::Ticket;
use serde_json::json;

fn body(data: Value) -> Vec<u8> {
    json!({ "type": "contact.created", "data": data })
        .to_string()
        .into_bytes()
}

fn taken(data: Value) -> Call {
    read(&body(data.clone()), false).unwrap_or_else(|error| panic!("{data}: {error}"))
}

fn path(body: &[u8]) -> String {
    match read(body, false) {
        Err(HookError::NotUnderstood { path, .. }) => path,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_makes_a_contact_nobodys_or_nothing_is_named_by_its_path() {
    let of = |data| path(&body(data));
    assert_eq!(path(br#"{"type":"nonsense","data":{}}"#), "type");
    assert_eq!(path(br#"{"data":{}}"#), "type");
    assert_eq!(of(json!({ "text": "x" })), "data.customer");
    assert_eq!(
        of(json!({ "customer": { "id": " " }, "text": "x" })),
        "data.customer"
    );
    assert_eq!(of(json!({ "customer": { "id": "1" } })), "data.text");
    assert_eq!(
        of(json!({ "customer": { "id": "1" }, "text": " ", "html": null })),
        "data.text"
    );
    assert_eq!(
        of(json!({ "customer": { "email": "nobody" }, "text": "x" })),
        "data.customer.email"
    );
    let url = json!({ "customer": { "id": "1" }, "text": "x", "reply_via": { "url": "http://10.0.0.1/" } });
    assert_eq!(of(url), "data.reply_via.url");
    let email = json!({ "customer": { "id": "1" }, "text": "x", "reply_via": { "email": "x" } });
    assert_eq!(of(email), "data.reply_via.email");
    for text in ["{", "[1]", "\"x\"", "", "{\"type\": 1e999}"] {
        assert_eq!(path(text.as_bytes()), ".", "{text}");
    }
    assert_eq!(path(b"{\"type\":\"contact.created\xff\"}"), ".");
}

#[test]
fn a_word_that_would_be_another_one_if_it_were_cut_is_refused() {
    for (field, data) in [
        (
            "data.external_id",
            json!({ "external_id": "x".repeat(501), "text": "x" }),
        ),
        (
            "data.customer.id",
            json!({ "customer": { "id": "a\u{0}b" }, "text": "x" }),
        ),
        (
            "data.customer.name",
            json!({ "customer": { "id": "1", "name": "a\u{1b}[2J" }, "text": "x" }),
        ),
        (
            "data.customer.locale",
            json!({ "customer": { "id": "1", "locale": "x".repeat(36) }, "text": "x" }),
        ),
        (
            "data.language",
            json!({ "customer": { "id": "1" }, "language": "x".repeat(36), "text": "x" }),
        ),
    ] {
        assert_eq!(path(&body(data)), field);
    }
}

#[test]
fn messages_of_errors_name_fields_and_no_types_of_ours() {
    for text in [
        r#"{"type":"contact.created","data":{"customer":{"id":{}},"text":"x"}}"#,
        r#"{"type":[],"data":1}"#,
        r#"{"type":"contact.created","data":[]}"#,
        "{]",
    ] {
        let said = read(text.as_bytes(), false).unwrap_err().to_string();
        for ours in [
            "struct",
            "enum",
            "variant",
            "invalid type",
            "expected",
            "Option",
            "String",
            "f64",
        ] {
            assert!(!said.contains(ours), "{said}");
        }
    }
}

#[test]
fn what_is_empty_is_absent() {
    for name in [
        "subject",
        "html",
        "priority",
        "tags",
        "fields",
        "attachments",
        "reason",
        "intent",
        "confidence",
        "language",
        "sentiment",
        "summary",
        "collected",
        "transcript",
        "bot",
        "reply_via",
        "external_id",
    ] {
        for empty in [Value::Null, json!("")] {
            let mut data = json!({ "customer": { "id": "1", "email": "", "verified": null }, "text": "x" });
            data[name] = empty.clone();
            let call = taken(data);
            let is_object = empty.is_string() && ["fields", "collected", "bot", "reply_via"].contains(&name);
            assert!(
                is_object || call.problems.is_empty(),
                "{name}: {:?}",
                call.problems
            );
        }
    }
    let via = json!({ "customer": { "id": "1" }, "text": "x", "reply_via": { "url": "", "email": null } });
    assert_eq!(taken(via).problems, Vec::<String>::new());
}

#[test]
fn harmless_forms_are_read() {
    let call = taken(json!({
        "external_id": 42, "customer": { "id": 7, "phone": 15550100, "verified": "true" }, "text": 5,
        "priority": "High", "tags": "vip", "confidence": "0.5",
        "transcript": ["hello", { "who": "bot", "text": "hi", "at": 1 }, null],
        "attachments": { "name": "a.txt", "content_base64": "aGVs\r\nbG8_" },
    }));
    let data = &call.data;
    assert_eq!(
        (data.external_id.as_deref(), data.customer.id.as_deref()),
        (Some("42"), Some("7"))
    );
    assert_eq!(
        (data.customer.verified, data.priority),
        (Some(true), Some(Priority::High))
    );
    assert_eq!(
        (data.tags.as_slice(), data.confidence),
        (["vip".to_owned()].as_slice(), Some(0.5))
    );
    assert_eq!(data.transcript[0].who, "user");
    assert_eq!(data.transcript[1].at.as_deref(), Some("1"));
    assert_eq!(data.attachments[0].content.as_deref(), Some(b"hello?".as_slice()));
    assert_eq!(call.problems, Vec::<String>::new());
}

#[test]
fn what_cannot_be_read_is_left_out_and_said() {
    let call = taken(json!({
        "external_id": "1", "customer": { "email": "nobody", "verified": "perhaps" }, "text": "x\u{1b}y",
        "subject": ["x"], "priority": "blocker", "confidence": 7, "tags": ["two words", "x".repeat(41), {}, "good"],
        "collected": { "long": "x".repeat(3_000), "order": 7 }, "fields": "none", "bot": [],
        "transcript": [7, { "text": "hello" }], "attachments": [{ "name": "a.txt", "content_base64": "%%" }, "b"],
    }));
    let data = &call.data;
    assert_eq!(data.text.as_deref(), Some("xy"));
    assert_eq!(
        (data.tags.as_slice(), data.collected.len()),
        (["good".to_owned()].as_slice(), 1)
    );
    assert_eq!((data.transcript.len(), data.attachments.len()), (1, 0));
    let said = call.problems.join("\n");
    for field in [
        "data.customer.email",
        "data.customer.verified",
        "data.text",
        "data.subject",
        "data.priority",
        "data.confidence",
        "data.tags",
        "data.collected.long",
        "data.fields",
        "data.bot",
        "data.transcript[0]",
        "data.attachments[0].content_base64",
        "data.attachments[1]",
    ] {
        assert!(said.contains(&format!("{field}: ")), "{field} is not in:\n{said}");
    }
}

#[test]
fn many_things_are_cut_to_what_can_be_kept_and_few_words_say_so() {
    let lines: Vec<Value> = (0..600)
        .map(|n| json!({ "who": "user", "text": n.to_string() }))
        .collect();
    let call = taken(json!({ "customer": { "id": "1" }, "transcript": lines,
        "tags": (0..50).map(|n| n.to_string()).collect::<Vec<_>>(),
        "attachments": (0..1000).map(|n| json!({ "name": n, "content_base64": "%" })).collect::<Vec<_>>() }));
    let transcript = &call.data.transcript;
    assert_eq!((transcript.len(), transcript[499].text.as_str()), (500, "599"));
    assert_eq!(call.data.tags.len(), Ticket::MOST_TAGS);
    assert!(call.problems.len() <= 21, "{}", call.problems.len());
}

#[test]
fn unknown_fields_a_byte_order_mark_and_half_a_pair_do_no_harm() {
    let body = "\u{feff}{\"type\":\"contact.created\",\"x\":1,\"data\":{\"customer\":{\"id\":\"1\"},\"text\":\"a\\ud83d\"}}";
    let call = read(body.as_bytes(), false).unwrap();
    assert_eq!(call.data.text.as_deref(), Some("a\u{fffd}"));
}

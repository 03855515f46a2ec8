//! Tickets that go into others and come back, comments that open new ones.

use crate::support::{ADMIN, World};
use docket_domain::{
    TicketNumber,
    ticket::{Ticket, TicketEvent},
};
use http::StatusCode;
use serde_json::{Value, json};

/// A ticket that somebody of this address wrote themselves; its id.
async fn letter_of(world: &World, address: &str, text: &str) -> u64 {
    let user = json!({ "user": { "name": address, "email": address } });
    let user = world.post("users/create_or_update", user).await.body["user"]["id"].clone();
    let body = json!({ "ticket": {
        "subject": text,
        "requester_id": user,
        "comment": { "body": text, "author_id": user },
    } });
    let reply = world.post("tickets", body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.body["ticket"]["id"].as_u64().unwrap()
}

pub async fn head(world: &World, id: u64) -> Ticket {
    world.desk.tickets().get(TicketNumber(id)).await.unwrap().unwrap()
}

async fn events(world: &World, id: u64) -> Vec<TicketEvent> {
    world
        .desk
        .tickets()
        .events(TicketNumber(id), u64::MAX)
        .await
        .unwrap()
}

async fn merge(world: &World, target: u64, body: Value) -> Value {
    let reply = world.post(&format!("tickets/{target}/merge"), body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body["job_status"].clone()
}

async fn texts(world: &World, id: u64) -> Vec<String> {
    let reply = world.get(&format!("tickets/{id}/comments")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let comments = reply.body["comments"].as_array().unwrap();
    assert_eq!(reply.body["count"], comments.len());
    let text = |comment: &Value| comment["body"].as_str().unwrap().to_owned();
    comments.iter().map(text).collect()
}

async fn types(world: &World, id: u64) -> Vec<String> {
    let reply = world.get(&format!("tickets/{id}/audits")).await;
    let audits = reply.body["audits"].as_array().unwrap();
    let events = audits
        .iter()
        .flat_map(|audit| audit["events"].as_array().unwrap());
    events
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_merged_ticket_closes_and_its_comments_are_shown_where_it_went() {
    let world = World::new().await;
    let source = letter_of(&world, "ann@example.com", "The lamp is broken.").await;
    world.advance(60);
    let target = letter_of(&world, "ben@example.com", "The lamp does not glow.").await;
    world
        .change(source, json!({ "followers": [{ "user_id": 3 }] }))
        .await;
    world.change(source, json!({ "assignee_id": 2 })).await;
    let before = head(&world, source).await;

    let job = merge(
        &world,
        target,
        json!({
            "ids": [source],
            "target_comment": "Both are about the lamp.",
            "source_comment": "See the other one.",
            "source_comment_is_public": true,
        }),
    )
    .await;
    assert_eq!(
        (&job["status"], &job["total"], &job["progress"]),
        (&json!("completed"), &json!(1), &json!(1))
    );
    assert_eq!(job["results"][0]["success"], true);
    let path = format!("job_statuses/{}", job["id"].as_str().unwrap());
    assert_eq!(world.get(&path).await.body["job_status"], job);

    let gone = head(&world, source).await;
    assert_eq!(gone.merged_into.unwrap().ticket.0, target);
    let shown = world.get(&format!("tickets/{source}")).await.body["ticket"].clone();
    assert_eq!(shown["status"], "closed");
    assert_eq!(shown["docket"]["merged_into_ticket_id"], target);
    assert!(
        shown["tags"]
            .as_array()
            .unwrap()
            .contains(&json!("closed_by_merge"))
    );
    assert_eq!(gone.next_timer_at(), None);
    let load = world
        .desk
        .agents()
        .load(before.assignee.unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(load.load_units, 0);

    let there = head(&world, target).await;
    assert_eq!(
        (there.ccs, there.followers),
        (vec![before.requester], before.followers.clone())
    );
    assert_eq!(
        texts(&world, target).await,
        [
            "The lamp is broken.",
            "The lamp does not glow.",
            "Both are about the lamp.",
            "See the other one."
        ]
    );
    let comments = world.get(&format!("tickets/{target}/comments")).await.body["comments"].clone();
    assert_eq!(comments[0]["metadata"]["custom"]["merged_from_ticket_id"], source);
    assert_eq!(
        comments[1]["metadata"]["custom"]["merged_from_ticket_id"],
        Value::Null
    );
    assert_eq!(
        texts(&world, source).await,
        ["The lamp is broken.", "See the other one."]
    );
    assert!(types(&world, source).await.contains(&"DocketMerged".to_owned()));
    assert!(types(&world, target).await.contains(&"DocketMergedIn".to_owned()));

    let again = merge(
        &world,
        target,
        json!({ "ids": [source], "target_comment": "Both are about the lamp." }),
    )
    .await;
    assert_eq!(again["results"][0]["success"], true);
    assert_eq!(texts(&world, target).await.len(), 4, "nothing is done twice");
    let refused = world
        .put(
            &format!("tickets/{source}"),
            json!({ "ticket": { "priority": "low" } }),
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let words = refused.body["details"]["status"][0]["description"]
        .as_str()
        .unwrap();
    assert!(words.contains(&format!("merged into ticket {target}")), "{words}");
}

#[tokio::test]
async fn a_merge_is_undone_as_if_it_had_not_been_but_for_what_was_written_since() {
    let world = World::new().await;
    let source = letter_of(&world, "ann@example.com", "One.").await;
    let target = letter_of(&world, "ben@example.com", "Two.").await;
    world
        .change(
            source,
            json!({ "priority": "urgent", "assignee_id": 2, "status": "pending" }),
        )
        .await;
    let before = head(&world, source).await;
    let there_before = head(&world, target).await;
    assert!(before.clocks.is_some());
    merge(&world, target, json!({ "ids": [source] })).await;
    let merged = head(&world, source).await;
    assert!(merged.clocks.unwrap().next_timer_at().is_none(), "its clocks end");
    world
        .change(target, json!({ "comment": { "body": "We look at both." } }))
        .await;
    world.advance(3600);
    let breached = events(&world, source).await;
    assert!(!breached.iter().any(|event| event.fact.name() == "SlaBreached"));

    let undone = world
        .post(&format!("tickets/{source}/merge/undo"), json!({}))
        .await;
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert_eq!(undone.body["ticket"]["status"], "pending");
    let after = head(&world, source).await;
    let clocks = |ticket: &Ticket| {
        let clocks = ticket.clocks.clone().unwrap();
        (clocks.in_force, clocks.is_over, clocks.states)
    };
    assert_eq!(clocks(&after), clocks(&before));
    assert_eq!(
        Ticket {
            v: before.v,
            updated_at: before.updated_at,
            clocks: before.clocks.clone(),
            chain: before.chain,
            automations: before.automations.clone(),
            ..after
        },
        before
    );
    let there = head(&world, target).await;
    assert_eq!((&there.ccs, &there.merged), (&there_before.ccs, &vec![]));
    assert_eq!(texts(&world, target).await, ["Two.", "We look at both."]);
    assert_eq!(texts(&world, source).await, ["One."]);
    let load = world
        .desk
        .agents()
        .load(before.assignee.unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(load.load_units, i64::from(before.weight));
    let again = world
        .post(&format!("tickets/{source}/merge/undo"), json!({}))
        .await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    world.change(source, json!({ "status": "open" })).await;
}

#[tokio::test]
async fn a_merge_of_the_merged_shows_all_and_is_undone_from_the_last() {
    let world = World::new().await;
    let [a, b, c] = [
        letter_of(&world, "ann@example.com", "One.").await,
        letter_of(&world, "ben@example.com", "Two.").await,
        letter_of(&world, "cid@example.com", "Three.").await,
    ];
    merge(&world, b, json!({ "ids": [a] })).await;
    merge(&world, c, json!({ "ids": [b.to_string()] })).await;
    let mut all = texts(&world, c).await;
    all.sort();
    assert_eq!(all, ["One.", "Three.", "Two."]);
    let first = head(&world, a).await;
    let last = world
        .desk
        .tickets()
        .where_it_goes_on(first.clone())
        .await
        .unwrap();
    assert_eq!(last.number.0, c);
    assert!(head(&world, c).await.ccs.contains(&first.requester));
    let refused = world.post(&format!("tickets/{a}/merge/undo"), json!({})).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for id in [b, a] {
        let undone = world.post(&format!("tickets/{id}/merge/undo"), json!({})).await;
        assert_eq!(undone.status, 200, "{}", undone.body);
    }
    assert_eq!(texts(&world, c).await, ["Three."]);
    assert_eq!(texts(&world, b).await, ["Two."]);
    assert_eq!(head(&world, c).await.ccs, vec![]);
}

#[tokio::test]
async fn what_can_not_be_merged_is_told_in_words() {
    let world = World::new().await;
    let one = letter_of(&world, "ann@example.com", "One.").await;
    let two = letter_of(&world, "ben@example.com", "Two.").await;
    let path = format!("tickets/{one}/merge");
    for (body, field) in [
        (json!({}), "ids"),
        (json!({ "ids": [] }), "ids"),
        (json!({ "ids": [one] }), "ids"),
        (json!({ "ids": ["x"] }), "ids[0]"),
    ] {
        let reply = world.post(&path, body.clone()).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(reply.body["details"][field].is_array(), "{body}: {}", reply.body);
    }
    let job = merge(&world, one, json!({ "ids": [99, two] })).await;
    assert_eq!(job["results"][0]["success"], false);
    assert_eq!(job["results"][0]["details"], "there is no ticket 99");
    assert_eq!(job["results"][1]["success"], true);
    assert_eq!(
        world
            .post("tickets/99/merge", json!({ "ids": [one] }))
            .await
            .status,
        404
    );
    let into_closed = world
        .post(&format!("tickets/{two}/merge"), json!({ "ids": [one] }))
        .await;
    assert_eq!(into_closed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let three = letter_of(&world, "ann@example.com", "Three.").await;
    world.change(three, json!({ "status": "solved" })).await;
    world.change(three, json!({ "status": "closed" })).await;
    let job = merge(&world, one, json!({ "ids": [three] })).await;
    assert_eq!(
        job["results"][0]["details"],
        format!("ticket {three} is closed and can't be merged")
    );
}

#[tokio::test]
async fn comments_open_a_ticket_of_their_own_and_come_back_by_a_merge() {
    let world = World::new().await;
    let old = letter_of(&world, "ann@example.com", "The lamp is broken.").await;
    let ann = head(&world, old).await.requester;
    let more = json!({ "comment": { "body": "And I want an invoice.", "author_id": ann } });
    world.change(old, more).await;
    let comments = world.get(&format!("tickets/{old}/comments")).await.body["comments"].clone();
    let id = comments[1]["id"].clone();
    let order = json!({ "comment_ids": [id], "subject": "Invoice" });
    let split = world.post(&format!("tickets/{old}/split"), order).await;
    assert_eq!(split.status, StatusCode::CREATED, "{}", split.body);
    let new = split.body["ticket"]["id"].as_u64().unwrap();
    assert_eq!(split.body["ticket"]["subject"], "Invoice");
    assert_eq!(split.body["ticket"]["requester_id"], json!(ann));
    assert_eq!(texts(&world, new).await, ["And I want an invoice."]);
    assert_eq!(
        texts(&world, old).await,
        ["The lamp is broken.", "And I want an invoice."]
    );
    let comments = world.get(&format!("tickets/{old}/comments")).await.body["comments"].clone();
    assert_eq!(comments[1]["metadata"]["custom"]["split_into_ticket_id"], new);
    assert_eq!(
        comments[0]["metadata"]["custom"]["split_into_ticket_id"],
        Value::Null
    );
    assert!(types(&world, old).await.contains(&"DocketSplitOff".to_owned()));
    assert!(types(&world, new).await.contains(&"DocketSplitFrom".to_owned()));
    let file = world
        .desk
        .tickets()
        .file(TicketNumber(new))
        .await
        .unwrap()
        .unwrap();
    assert!(file.outbox.is_empty(), "nobody is told again: {:?}", file.outbox);
    merge(&world, old, json!({ "ids": [new] })).await;
    assert_eq!(
        texts(&world, old).await,
        ["The lamp is broken.", "And I want an invoice."]
    );
    for order in [
        json!({ "comment_ids": [] }),
        json!({ "comment_ids": [1] }),
        json!({ "comment_ids": [old * 100_000 + 77] }),
    ] {
        let refused = world.post(&format!("tickets/{old}/split"), order).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            refused.body
        );
    }
}

/// The subject of a ticket, and its comments as they are shown.
async fn shown(world: &World, id: u64) -> (String, Vec<Value>) {
    let ticket = world.get(&format!("tickets/{id}")).await.body["ticket"].clone();
    let comments = world.get(&format!("tickets/{id}/comments")).await.body["comments"].clone();
    let subject = ticket["subject"].as_str().unwrap().to_owned();
    (subject, comments.as_array().unwrap().clone())
}

#[tokio::test]
async fn what_is_redacted_is_gone_from_what_a_split_copied() {
    let world = World::new().await;
    let old = letter_of(&world, "ann@example.com", "The lamp 4711 broke.").await;
    let ann = head(&world, old).await.requester;
    let token = world
        .upload("filename=card.txt", "text/plain", b"4111")
        .await
        .body["upload"]["token"]
        .clone();
    let more = json!({ "ticket": { "comment": {
        "body": "My card is 4111, call 555.",
        "author_id": ann,
        "uploads": [token],
    } } });
    let path = format!("tickets/{old}");
    let said = world.call_as(ADMIN, "PUT", &path, &[], Some(more)).await;
    assert_eq!(said.status, 200, "{}", said.body);
    let (_, comments) = shown(&world, old).await;
    let order = json!({ "comment_ids": [comments[1]["id"]] });
    let split = world.post(&format!("tickets/{old}/split"), order).await;
    let new = split.body["ticket"]["id"].as_u64().unwrap();
    let redact = async |ticket: u64, comment: &Value, rest: &str, text: &str| {
        let path = format!("tickets/{ticket}/comments/{}{rest}/redact", comment["id"]);
        let body = json!({ "text": text });
        let reply = world.call_as(ADMIN, "PUT", &path, &[], Some(body)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    };
    // From the old one to the new one.
    redact(old, &comments[1], "", "4111").await;
    let copied = shown(&world, new).await.1;
    for comment in [&shown(&world, old).await.1[1], &copied[0]] {
        let text = comment["body"].as_str().unwrap();
        assert!(!text.contains("4111") && text.contains("555"), "{text}");
    }
    // And from the new one to the old one.
    redact(new, &copied[0], "", "555").await;
    for comment in [&shown(&world, old).await.1[1], &shown(&world, new).await.1[0]] {
        assert!(!comment["body"].as_str().unwrap().contains("555"), "{comment}");
    }
    let file = format!("/attachments/{}", copied[0]["attachments"][0]["id"]);
    let repeated = head(&world, old).await.v;
    redact(new, &copied[0], &file, "").await;
    for comment in [&shown(&world, old).await.1[1], &shown(&world, new).await.1[0]] {
        assert_eq!(comment["attachments"][0]["size"], 0, "{comment}");
    }
    // Done again, nothing more happens to the copy.
    let changed = head(&world, old).await.v;
    assert!(changed > repeated);
    redact(new, &copied[0], &file, "").await;
    assert_eq!(head(&world, old).await.v, changed);
    // The new one has its subject from a comment that it has not.
    assert!(shown(&world, new).await.0.contains("4711"));
    redact(old, &comments[0], "", "4711").await;
    let (subject, comments) = shown(&world, new).await;
    assert!(!subject.contains("4711"), "{subject}");
    assert_eq!(comments.len(), 1);
    assert!(!shown(&world, old).await.0.contains("4711"));
}

#[tokio::test]
async fn a_merge_is_among_many_jobs_that_are_asked_for() {
    let world = World::new().await;
    let target = letter_of(&world, "ann@example.com", "The lamp is broken.").await;
    let source = letter_of(&world, "ann@example.com", "The lamp again.").await;
    let job = merge(&world, target, json!({ "ids": [source] })).await;
    let id = job["id"].as_str().unwrap();
    let many = world
        .get(&format!("job_statuses/show_many?ids={id},nobody"))
        .await
        .body;
    assert_eq!(many["count"], 1, "{many}");
    assert_eq!(many["job_statuses"][0]["id"], id);
    assert_eq!(many["job_statuses"][0]["status"], "completed");
}

//! Against the embedded AWS: dead letters put where five receives would have put them.

use super::*;
use docket_desk::dead_letters::Discarded;
use docket_local::{LocalDesk, Options};
use embedded_aws::{Call, Clock, Fault, Storage};
use std::sync::Arc;

const BODY: &str = r#"{"tenant":"main","ticket":7,"cause":"created"}"#;

/// A desk with these bodies dead in these queues.
async fn desk(letters: &[(Queue, &str)]) -> LocalDesk {
    let options = Options::new(
        Storage::Memory,
        Clock::manual("2026-03-02T09:00:00Z".parse().unwrap()),
    );
    let local = LocalDesk::open(options).await.unwrap();
    let mut dead = local.desk.settings.clone();
    for queue in [&mut dead.queues.triage, &mut dead.queues.inbound] {
        queue.push_str("-dead");
    }
    let sender = docket_desk::Desk::new(
        dead,
        docket_store::Clients::new(&local.aws.config("test")),
        Arc::new(docket_store::ports::SystemClock),
        Arc::new(docket_store::ports::SystemEntropy),
    );
    for (queue, body) in letters {
        sender
            .queues()
            .send_text(*queue, (*body).to_owned())
            .await
            .unwrap();
    }
    local
}

fn bodies(local: &LocalDesk, queue: &str) -> Vec<String> {
    let messages = local.aws.queue_messages(&local.aws.queue_url(queue));
    messages.into_iter().map(|message| message.body).collect()
}

/// Fails each call of one operation from here on.
fn fail(local: &LocalDesk, operation: &'static str) {
    local.aws.set_fault_plan(Some(Arc::new(move |call: &Call| {
        if call.operation == operation {
            Fault::FailBefore(400)
        } else {
            Fault::None
        }
    })));
}

#[tokio::test]
async fn inspection_says_what_is_there_and_leaves_it_there() {
    let local = desk(&[(Queue::Triage, BODY), (Queue::Inbound, "\u{9b}2Jno message")]).await;
    local.aws.clock().advance("PT3H".parse().unwrap());
    let id = local.aws.queue_messages(&local.aws.queue_url("triage-dead"))[0]
        .message_id
        .clone();
    for received in 1..=2 {
        let mut out = Vec::new();
        inspect(&local.desk, &Queue::ALL, &mut out).await.unwrap();
        let out = String::from_utf8(out).unwrap();
        let line =
            format!("{id}  queue triage, 3 hours old, received {received} times: ticket 7 (created)\n");
        assert!(out.contains(&line), "{out}");
        assert!(out.contains(&format!("    {BODY}\n")), "{out}");
        assert!(
            out.contains("nothing of the desk's\n    \u{fffd}2Jno message\n"),
            "{out}"
        );
        assert!(out.ends_with("2 dead letters\n"), "{out}");
    }
}

#[tokio::test]
async fn a_redrive_sends_all_to_the_queues_they_were_for() {
    let local = desk(&[(Queue::Triage, BODY), (Queue::Triage, "b"), (Queue::Inbound, "c")]).await;
    let mut out = Vec::new();
    redrive(&local.desk, &Queue::ALL, &mut out).await.unwrap();
    assert_eq!(bodies(&local, "triage"), [BODY, "b"]);
    assert_eq!(bodies(&local, "inbound"), ["c"]);
    assert!(bodies(&local, "triage-dead").is_empty() && bodies(&local, "inbound-dead").is_empty());
    assert!(
        String::from_utf8(out)
            .unwrap()
            .ends_with("3 dead letters sent back\n")
    );
}

#[tokio::test]
async fn a_redrive_of_one_queue_leaves_the_others() {
    let local = desk(&[(Queue::Triage, "a"), (Queue::Inbound, "c")]).await;
    redrive(&local.desk, &[Queue::Inbound], &mut Vec::new())
        .await
        .unwrap();
    assert_eq!(bodies(&local, "inbound"), ["c"]);
    assert_eq!(bodies(&local, "triage-dead"), ["a"]);
}

#[tokio::test]
async fn a_redrive_that_can_not_send_leaves_every_dead_letter_to_be_had_at_once() {
    let local = desk(&[(Queue::Triage, "a"), (Queue::Triage, "b")]).await;
    fail(&local, "SendMessage");
    let error = redrive(&local.desk, &Queue::ALL, &mut Vec::new())
        .await
        .unwrap_err();
    assert!(error.to_string().starts_with("0 were sent back"), "{error}");
    local.aws.set_fault_plan(None);
    assert_eq!(
        local.desk.dead_letters().take(Queue::Triage).await.unwrap().len(),
        2
    );
}

#[tokio::test]
async fn a_redrive_that_ends_between_sending_and_deleting_has_the_message_twice() {
    let local = desk(&[(Queue::Triage, "a")]).await;
    fail(&local, "DeleteMessage");
    redrive(&local.desk, &Queue::ALL, &mut Vec::new())
        .await
        .unwrap_err();
    assert_eq!(bodies(&local, "triage"), ["a"]);
    assert_eq!(bodies(&local, "triage-dead"), ["a"]);
}

#[tokio::test]
async fn dead_letters_in_hand_come_back_by_themselves_after_five_minutes() {
    let local = desk(&[(Queue::Triage, "a")]).await;
    local.desk.dead_letters().take(Queue::Triage).await.unwrap();
    let mut out = Vec::new();
    inspect(&local.desk, &[Queue::Triage], &mut out).await.unwrap();
    let expected = "queue triage: 1 more in somebody's hand, back within five minutes\nno dead letter\n";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    local.aws.clock().advance("PT5M".parse().unwrap());
    assert_eq!(
        local.desk.dead_letters().take(Queue::Triage).await.unwrap().len(),
        1
    );
}

#[tokio::test]
async fn what_is_discarded_is_kept_with_who_when_and_why_before_it_goes() {
    let local = desk(&[(Queue::Triage, BODY), (Queue::Triage, "b")]).await;
    let id = local.aws.queue_messages(&local.aws.queue_url("triage-dead"))[0]
        .message_id
        .clone();
    let mut out = Vec::new();
    discard(&local.desk, &Queue::ALL, Some(&id), "ada", "a test", &mut out)
        .await
        .unwrap();
    assert_eq!(bodies(&local, "triage-dead"), ["b"]);
    let kept = local
        .desk
        .blobs()
        .object(&format!("discarded/2026-03-02/{id}.json"))
        .await;
    let at = "2026-03-02T09:00:00Z".parse().unwrap();
    let expected = Discarded {
        message_id: id,
        queue: "triage".to_owned(),
        body: BODY.to_owned(),
        sent_at: Some(at),
        receive_count: 1,
        discarded_at: at,
        discarded_by: "ada".to_owned(),
        reason: "a test".to_owned(),
    };
    assert_eq!(
        serde_json::from_slice::<Discarded>(&kept.unwrap()).unwrap(),
        expected
    );
    // The other is to be had at once.
    assert_eq!(
        local.desk.dead_letters().take(Queue::Triage).await.unwrap().len(),
        1
    );
}

#[tokio::test]
async fn what_can_not_be_kept_is_not_discarded() {
    let local = desk(&[(Queue::Triage, BODY)]).await;
    fail(&local, "PutObject");
    let done = discard(&local.desk, &Queue::ALL, None, "ada", "a test", &mut Vec::new()).await;
    assert!(done.is_err());
    assert_eq!(bodies(&local, "triage-dead"), [BODY]);
}

#[tokio::test]
async fn an_id_that_no_dead_letter_has_is_said_and_nothing_goes() {
    let local = desk(&[(Queue::Triage, BODY)]).await;
    let done = discard(
        &local.desk,
        &Queue::ALL,
        Some("no"),
        "ada",
        "a test",
        &mut Vec::new(),
    )
    .await;
    assert_eq!(
        done.unwrap_err().to_string(),
        "no dead letter has the id no, or somebody has it in hand"
    );
    assert_eq!(bodies(&local, "triage-dead"), [BODY]);
}

#[tokio::test]
async fn a_run_takes_five_hundred_and_says_that_there_are_more() {
    let letters = vec![(Queue::Triage, "x"); MOST_PER_RUN + 1];
    let local = desk(&letters).await;
    let mut out = Vec::new();
    redrive(&local.desk, &[Queue::Triage], &mut out).await.unwrap();
    assert_eq!(bodies(&local, "triage").len(), 500);
    assert_eq!(bodies(&local, "triage-dead").len(), 1);
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains("queue triage: one run takes 500; there are more, run it again\n"));
}

#[test]
fn a_span_is_said_in_its_largest_unit() {
    let cases = [
        (0, "0 seconds"),
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7_199, "119 minutes"),
        (7_200, "2 hours"),
        (172_800, "2 days"),
        (-5, "0 seconds"),
    ];
    for (seconds, words) in cases {
        assert_eq!(in_words(seconds), words);
    }
}

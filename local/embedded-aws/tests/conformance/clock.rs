//! Queues on the moved clock.

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};
use embedded_aws::{Clock, EmbeddedAws, Storage};
use jiff::SignedDuration;

use crate::clients::{embedded, noon, queue, receive, sqs};
use crate::sqs::queue_with_dead_letters;

async fn one_queue() -> (EmbeddedAws, Client, String) {
    let aws = embedded();
    let client = sqs(&aws.config("test"));
    let url = queue(&client).await.unwrap();
    (aws, client, url)
}

async fn send(client: &Client, url: &str, body: &str) {
    client
        .send_message()
        .queue_url(url)
        .message_body(body)
        .send()
        .await
        .unwrap();
}

async fn poll(client: &Client, url: &str) -> Vec<Message> {
    let received = client
        .receive_message()
        .queue_url(url)
        .wait_time_seconds(20)
        .send()
        .await
        .unwrap();
    received.messages.unwrap_or_default()
}

/// Starts a long poll and lets it come to wait.
async fn polling(client: &Client, url: &str) -> tokio::task::JoinHandle<Vec<Message>> {
    let poll = tokio::spawn({
        let (client, url) = (client.clone(), url.to_owned());
        async move { poll(&client, &url).await }
    });
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!poll.is_finished());
    poll
}

#[tokio::test]
async fn a_received_message_comes_back_when_its_visibility_ends() {
    let (aws, client, url) = one_queue().await;
    send(&client, &url, "one").await;
    assert!(receive(&client, &url).await.unwrap().is_some());
    aws.clock().advance(SignedDuration::from_millis(29_999));
    assert!(receive(&client, &url).await.unwrap().is_none());
    aws.clock().advance(SignedDuration::from_millis(1));
    assert!(receive(&client, &url).await.unwrap().is_some());
}

#[tokio::test]
async fn an_outdated_receipt_deletes_nothing() {
    let (aws, client, url) = one_queue().await;
    send(&client, &url, "one").await;
    let first = receive(&client, &url).await.unwrap().unwrap();
    aws.clock().advance(SignedDuration::from_secs(30));
    receive(&client, &url).await.unwrap().unwrap();
    let receipt = first.receipt_handle().unwrap();
    client
        .delete_message()
        .queue_url(&url)
        .receipt_handle(receipt)
        .send()
        .await
        .unwrap();
    assert_eq!(aws.queues()[0].in_flight, 1);
}

#[tokio::test]
async fn a_late_delete_by_the_last_receipt_still_deletes() {
    let (aws, client, url) = one_queue().await;
    send(&client, &url, "one").await;
    let message = receive(&client, &url).await.unwrap().unwrap();
    aws.clock().advance(SignedDuration::from_secs(60));
    let receipt = message.receipt_handle().unwrap();
    client
        .delete_message()
        .queue_url(&url)
        .receipt_handle(receipt)
        .send()
        .await
        .unwrap();
    assert!(receive(&client, &url).await.unwrap().is_none());
}

#[tokio::test]
async fn a_delayed_message_comes_when_its_delay_ends() {
    let (aws, client, url) = one_queue().await;
    client
        .send_message()
        .queue_url(&url)
        .message_body("late")
        .delay_seconds(60)
        .send()
        .await
        .unwrap();
    aws.clock().advance(SignedDuration::from_secs(59));
    assert!(receive(&client, &url).await.unwrap().is_none());
    aws.clock().advance(SignedDuration::from_secs(1));
    assert!(receive(&client, &url).await.unwrap().is_some());
}

#[tokio::test]
async fn a_message_is_gone_when_the_retention_ends() {
    let (aws, client, url) = one_queue().await;
    send(&client, &url, "one").await;
    aws.clock().advance(SignedDuration::from_hours(96));
    assert!(receive(&client, &url).await.unwrap().is_none());
    assert_eq!(aws.queues()[0].oldest_age, None);
}

#[tokio::test]
async fn a_dead_letter_keeps_its_first_timestamp() {
    let aws = embedded();
    let client = sqs(&aws.config("test"));
    let (url, dead) = queue_with_dead_letters(&client).await.unwrap();
    send(&client, &url, "one").await;
    for _ in 0..3 {
        let _ = receive(&client, &url).await.unwrap();
        aws.clock().advance(SignedDuration::from_secs(30));
    }
    let message = receive(&client, &dead).await.unwrap().unwrap();
    let sent = &message.attributes().unwrap()[&MessageSystemAttributeName::SentTimestamp];
    assert_eq!(*sent, noon().as_millisecond().to_string());
}

#[tokio::test]
async fn a_long_poll_is_woken_by_a_message() {
    let (_aws, client, url) = one_queue().await;
    let poll = polling(&client, &url).await;
    send(&client, &url, "one").await;
    assert_eq!(poll.await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_long_poll_is_woken_when_the_clock_shows_a_message_again() {
    let (aws, client, url) = one_queue().await;
    send(&client, &url, "one").await;
    client
        .receive_message()
        .queue_url(&url)
        .visibility_timeout(5)
        .send()
        .await
        .unwrap();
    let poll = polling(&client, &url).await;
    aws.clock().advance(SignedDuration::from_secs(5));
    assert_eq!(poll.await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_long_poll_ends_with_nothing_when_the_clock_has_passed_its_wait() {
    let (aws, client, url) = one_queue().await;
    let poll = polling(&client, &url).await;
    aws.clock().advance(SignedDuration::from_secs(20));
    assert!(poll.await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_long_poll_ends_with_tokio_time_though_the_clock_stands_still() {
    let (_aws, client, url) = one_queue().await;
    let started = tokio::time::Instant::now();
    assert!(poll(&client, &url).await.is_empty());
    assert_eq!(started.elapsed(), Duration::from_secs(20));
}

#[tokio::test]
async fn a_long_poll_on_a_deleted_queue_is_refused() {
    let (_aws, client, url) = one_queue().await;
    let poll = tokio::spawn({
        let (client, url) = (client.clone(), url.clone());
        async move {
            client
                .receive_message()
                .queue_url(url)
                .wait_time_seconds(20)
                .send()
                .await
        }
    });
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    client.delete_queue().queue_url(&url).send().await.unwrap();
    assert!(poll.await.unwrap().is_err());
}

#[tokio::test]
async fn a_wall_clock_moved_ahead_shows_a_hidden_message() {
    let aws = EmbeddedAws::open(Storage::Memory, Clock::wall()).unwrap();
    let client = sqs(&aws.config("test"));
    let url = queue(&client).await.unwrap();
    send(&client, &url, "one").await;
    assert!(receive(&client, &url).await.unwrap().is_some());
    let poll = polling(&client, &url).await;
    aws.clock().advance(SignedDuration::from_secs(30));
    assert_eq!(poll.await.unwrap().len(), 1);
}

#[tokio::test]
async fn queues_tell_what_stands_in_them() {
    let (aws, client, url) = one_queue().await;
    for body in ["one", "two"] {
        send(&client, &url, body).await;
    }
    client
        .send_message()
        .queue_url(&url)
        .message_body("late")
        .delay_seconds(60)
        .send()
        .await
        .unwrap();
    receive(&client, &url).await.unwrap();
    aws.clock().advance(SignedDuration::from_secs(10));
    let status = aws.queues().remove(0);
    assert_eq!((status.visible, status.in_flight, status.delayed), (1, 1, 1));
    assert_eq!(status.oldest_age, Some(SignedDuration::from_secs(10)));
    assert_eq!(aws.queue_messages(&url)[1].body, "two");
    assert_eq!(aws.empty_queues().unwrap(), 3);
    assert!(aws.queue_messages(&url).is_empty());
}

#[tokio::test]
async fn a_changed_visibility_counts_from_now() {
    let (aws, client, url) = one_queue().await;
    client
        .set_queue_attributes()
        .queue_url(&url)
        .attributes(QueueAttributeName::VisibilityTimeout, "10")
        .send()
        .await
        .unwrap();
    send(&client, &url, "one").await;
    let message = receive(&client, &url).await.unwrap().unwrap();
    aws.clock().advance(SignedDuration::from_secs(9));
    client
        .change_message_visibility()
        .queue_url(&url)
        .receipt_handle(message.receipt_handle().unwrap())
        .visibility_timeout(10)
        .send()
        .await
        .unwrap();
    aws.clock().advance(SignedDuration::from_secs(9));
    assert!(receive(&client, &url).await.unwrap().is_none());
}

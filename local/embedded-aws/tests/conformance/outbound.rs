//! Mail that goes out, and what SES tells of it.

use std::sync::Arc;

use aws_sdk_ses::types::MessageTag;
use embedded_aws::{BounceKind, Call, EmbeddedAws, Fate, Fault, FaultPlan};
use serde_json::Value;

use crate::clients::{code, embedded, noon, queue, ses, sqs};
use crate::ses::{MAIL, raw};

async fn desk() -> (EmbeddedAws, String) {
    let aws = embedded();
    let url = queue(&sqs(&aws.config("test"))).await.unwrap();
    aws.set_ses_event_queue(Some(url.clone()));
    (aws, url)
}

async fn send(aws: &EmbeddedAws, to: &[&str]) -> String {
    let tag = MessageTag::builder()
        .name("docket-outbox")
        .value("O-17")
        .build()
        .unwrap();
    let sent = raw(&ses(&aws.config("delivery")), MAIL)
        .unwrap()
        .set_destinations(Some(to.iter().map(|&to| to.to_owned()).collect()))
        .configuration_set_name("docket")
        .tags(tag)
        .send()
        .await
        .unwrap();
    sent.message_id
}

fn events(aws: &EmbeddedAws, url: &str) -> Vec<Value> {
    aws.queue_messages(url)
        .iter()
        .map(|message| serde_json::from_str(&message.body).unwrap())
        .collect()
}

#[tokio::test]
async fn a_sent_mail_is_kept_as_it_was_and_as_it_arrives() {
    let (aws, _) = desk().await;
    let id = send(&aws, &["jane@example.com"]).await;
    let mail = aws.sent_mails().remove(0);
    assert_eq!((mail.ses_id.as_str(), mail.at), (id.as_str(), noon()));
    assert_eq!(mail.raw, MAIL.as_bytes());
    assert_eq!(mail.destinations, ["jane@example.com"]);
    assert_eq!(mail.tags["docket-outbox"], "O-17");
    let seen = String::from_utf8(mail.as_received.to_vec()).unwrap();
    assert!(seen.contains(&format!("Message-ID: <{id}@email.amazonses.com>")));
    assert!(!seen.contains("made-by-us"));
}

#[tokio::test]
async fn a_delivered_mail_is_told_as_sent_then_delivered() {
    let (aws, url) = desk().await;
    let id = send(&aws, &["jane@example.com"]).await;
    let events = events(&aws, &url);
    let kinds: Vec<_> = events
        .iter()
        .map(|event| event["eventType"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["Send", "Delivery"]);
    assert_eq!(events[0]["mail"]["messageId"], id);
    assert_eq!(events[0]["mail"]["tags"]["docket-outbox"][0], "O-17");
    assert_eq!(events[0]["mail"]["tags"]["ses:configuration-set"][0], "docket");
    assert_eq!(events[1]["delivery"]["recipients"][0], "jane@example.com");
}

#[tokio::test]
async fn a_bounced_mail_is_told_for_the_recipient_who_bounced() {
    let (aws, url) = desk().await;
    aws.bounce_mail_to("full@example.com", BounceKind::Transient);
    send(
        &aws,
        &[
            "bounce@simulator.amazonses.com",
            "Full@example.com",
            "jane@example.com",
        ],
    )
    .await;
    let events = events(&aws, &url);
    let kinds: Vec<_> = events
        .iter()
        .map(|event| event["eventType"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["Send", "Delivery", "Bounce", "Bounce"]);
    assert_eq!(events[1]["delivery"]["recipients"].as_array().unwrap().len(), 1);
    assert_eq!(events[2]["bounce"]["bounceType"], "Permanent");
    assert_eq!(events[3]["bounce"]["bounceType"], "Transient");
    assert_eq!(events[3]["bounce"]["bouncedRecipients"][0]["status"], "4.2.2");
}

#[tokio::test]
async fn a_complaint_follows_the_delivery() {
    let (aws, url) = desk().await;
    send(&aws, &["complaint@simulator.amazonses.com"]).await;
    let events = events(&aws, &url);
    let kinds: Vec<_> = events
        .iter()
        .map(|event| event["eventType"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["Send", "Delivery", "Complaint"]);
}

#[tokio::test]
async fn a_mail_without_configuration_set_has_no_events() {
    let (aws, url) = desk().await;
    let mail = raw(&ses(&aws.config("delivery")), MAIL).unwrap();
    mail.destinations("jane@example.com").send().await.unwrap();
    assert!(events(&aws, &url).is_empty());
    assert_eq!(aws.sent_count(), 1);
}

#[tokio::test]
async fn a_rejected_address_is_refused_and_nothing_is_sent() {
    let (aws, url) = desk().await;
    aws.reject_mail_with("jane@example.com");
    let mail = raw(&ses(&aws.config("delivery")), MAIL)
        .unwrap()
        .configuration_set_name("docket");
    assert_eq!(
        code(mail.destinations("jane@example.com").send().await),
        "MessageRejected"
    );
    assert!(events(&aws, &url).is_empty() && aws.sent_mails().is_empty());
}

#[tokio::test]
async fn a_mail_beyond_ten_megabytes_is_refused() {
    let (aws, _) = desk().await;
    let mail = format!("{MAIL}{}", "x".repeat(10 * 1024 * 1024));
    let sent = raw(&ses(&aws.config("delivery")), &mail)
        .unwrap()
        .destinations("a@example.com")
        .send()
        .await;
    assert_eq!(code(sent), "InvalidParameterValue");
}

#[tokio::test]
async fn a_tag_of_other_characters_is_refused() {
    let (aws, _) = desk().await;
    let tag = MessageTag::builder().name("outbox").value("a#b").build().unwrap();
    let mail = raw(&ses(&aws.config("delivery")), MAIL)
        .unwrap()
        .destinations("a@example.com")
        .tags(tag);
    assert_eq!(code(mail.send().await), "InvalidParameterValue");
}

/// Loses the events of one kind.
struct Losing(&'static str);

impl FaultPlan for Losing {
    fn plan(&self, _: &Call) -> Fault {
        Fault::None
    }

    fn plan_event(&self, event_type: &str, _: &str) -> Fate {
        if event_type == self.0 {
            Fate::Lost
        } else {
            Fate::Late(60)
        }
    }
}

#[tokio::test]
async fn a_plan_may_lose_or_delay_an_event() {
    let (aws, url) = desk().await;
    aws.set_fault_plan(Some(Arc::new(Losing("Send"))));
    send(&aws, &["jane@example.com"]).await;
    let events = events(&aws, &url);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["eventType"], "Delivery");
    assert_eq!(aws.queues()[0].delayed, 1);
}

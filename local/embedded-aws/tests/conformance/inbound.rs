//! Mail that comes in.

use bytes::Bytes;
use embedded_aws::{EmbeddedAws, Fate, Inbound, InboundError, Verdict, Verdicts};
use serde_json::Value;

use crate::clients::{bucket, embedded, queue, s3, sqs};

const RAW: &[u8] =
    b"From: Jane <jane@example.com>\r\nTo: support@in.example.com\r\nSubject: Help\r\n\r\nPlease.\r\n";

async fn desk() -> (EmbeddedAws, Inbound) {
    let aws = embedded();
    let config = aws.config("test");
    let mail = Inbound {
        bucket: bucket(&s3(&config)).await.unwrap(),
        prefix: "raw/".to_owned(),
        queue_url: queue(&sqs(&config)).await.unwrap(),
        raw: Bytes::from_static(RAW),
        mail_from: "jane@example.com".to_owned(),
        recipients: vec!["support@in.example.com".to_owned()],
        verdicts: Verdicts {
            dmarc: Verdict::Fail,
            spam: Verdict::Gray,
            ..Verdicts::PASS
        },
        receipt: Fate::Once,
    };
    (aws, mail)
}

#[tokio::test]
async fn the_object_has_the_header_block_of_ses_on_top_of_the_mail() {
    let (aws, mail) = desk().await;
    let id = aws.receive_mail(&mail).unwrap();
    let object = aws.object(&mail.bucket, &format!("raw/{id}")).unwrap();
    let text = String::from_utf8(object.to_vec()).unwrap();
    assert!(text.starts_with("Return-Path: <jane@example.com>\r\nReceived: from "));
    assert!(text.contains("\r\nX-SES-Spam-Verdict: GRAY\r\nX-SES-Virus-Verdict: PASS\r\n"));
    assert!(text.contains(" dmarc=fail header.from=example.com;\r\n"));
    assert!(text.find("X-SES-RECEIPT:").unwrap() < text.find("From: Jane").unwrap());
    assert!(text.ends_with(std::str::from_utf8(RAW).unwrap()));
}

#[tokio::test]
async fn the_receipt_names_object_recipients_and_verdicts() {
    let (aws, mail) = desk().await;
    let id = aws.receive_mail(&mail).unwrap();
    let receipt: Value = serde_json::from_str(&aws.queue_messages(&mail.queue_url)[0].body).unwrap();
    assert_eq!(receipt["notificationType"], "Received");
    assert_eq!(receipt["mail"]["messageId"], id);
    assert_eq!(receipt["mail"]["commonHeaders"]["subject"], "Help");
    assert_eq!(receipt["receipt"]["recipients"][0], "support@in.example.com");
    assert_eq!(receipt["receipt"]["dmarcVerdict"]["status"], "FAIL");
    assert_eq!(receipt["receipt"]["action"]["objectKey"], format!("raw/{id}"));
    assert_eq!(receipt["receipt"]["action"]["bucketName"], mail.bucket);
}

#[tokio::test]
async fn a_lost_receipt_leaves_the_object_alone() {
    let (aws, mail) = desk().await;
    let id = aws
        .receive_mail(&Inbound {
            receipt: Fate::Lost,
            ..mail.clone()
        })
        .unwrap();
    assert!(aws.queue_messages(&mail.queue_url).is_empty());
    assert_eq!(aws.objects("raw/")[0].key, format!("raw/{id}"));
}

#[tokio::test]
async fn the_null_sender_is_an_empty_return_path() {
    let (aws, mail) = desk().await;
    let id = aws
        .receive_mail(&Inbound {
            mail_from: String::new(),
            ..mail.clone()
        })
        .unwrap();
    let object = aws.object(&mail.bucket, &format!("raw/{id}")).unwrap();
    assert!(object.starts_with(b"Return-Path: <>\r\n"));
}

#[tokio::test]
async fn a_missing_bucket_takes_no_mail() {
    let (aws, mail) = desk().await;
    let taken = aws.receive_mail(&Inbound {
        bucket: "none".to_owned(),
        ..mail.clone()
    });
    assert!(matches!(taken, Err(InboundError::NoBucket(_))));
    assert!(aws.queue_messages(&mail.queue_url).is_empty());
}

//! How requests find their service when nothing is set but the region.

use aws_sdk_s3::primitives::ByteStream;

use crate::clients::{embedded, ses};

#[tokio::test]
async fn a_bucket_is_found_by_its_host() {
    let client = aws_sdk_s3::Client::new(&embedded().config("test"));
    client.create_bucket().bucket("mail").send().await.unwrap();
    let body = ByteStream::from_static(b"x");
    client
        .put_object()
        .bucket("mail")
        .key("raw/a")
        .body(body)
        .send()
        .await
        .unwrap();
    let listed = client.list_objects_v2().bucket("mail").send().await.unwrap();
    assert_eq!(listed.contents()[0].key(), Some("raw/a"));
}

#[tokio::test]
async fn a_bucket_with_dots_is_found_by_its_path() {
    let client = aws_sdk_s3::Client::new(&embedded().config("test"));
    client
        .create_bucket()
        .bucket("mail.example.com")
        .send()
        .await
        .unwrap();
    let body = ByteStream::from_static(b"x");
    client
        .put_object()
        .bucket("mail.example.com")
        .key("raw/a")
        .body(body)
        .send()
        .await
        .unwrap();
    let head = client
        .head_object()
        .bucket("mail.example.com")
        .key("raw/a")
        .send()
        .await
        .unwrap();
    assert_eq!(head.content_length(), Some(1));
}

#[tokio::test]
async fn ses_tells_about_the_account() {
    let client = ses(&embedded().config("test"));
    assert!(
        client
            .get_account_sending_enabled()
            .send()
            .await
            .unwrap()
            .enabled()
    );
    let verified = client
        .get_identity_verification_attributes()
        .identities("example.com")
        .send()
        .await
        .unwrap();
    assert!(verified.verification_attributes().contains_key("example.com"));
    let rules = client.describe_active_receipt_rule_set().send().await.unwrap();
    assert!(rules.rules().is_empty());
}

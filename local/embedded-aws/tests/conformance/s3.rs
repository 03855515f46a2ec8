//! S3 as the desk uses it.

use anyhow::{Context, ensure};
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, MetadataDirective, ObjectIdentifier};
use aws_types::SdkConfig;

use crate::clients::{Check, bucket, code, fresh, s3};

async fn put(client: &Client, bucket: &str, key: &str, bytes: &'static [u8]) -> Check {
    client
        .put_object()
        .bucket(bucket)
        .key(key)
        .body(ByteStream::from_static(bytes))
        .send()
        .await?;
    Ok(())
}

async fn get(client: &Client, bucket: &str, key: &str) -> Result<Vec<u8>, anyhow::Error> {
    let got = client.get_object().bucket(bucket).key(key).send().await?;
    Ok(got.body.collect().await?.to_vec())
}

pub async fn an_object_comes_back_with_its_metadata(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    client
        .put_object()
        .bucket(&bucket)
        .key("k")
        .body(ByteStream::from_static(b"hello"))
        .content_type("message/rfc822")
        .metadata("mailbox", "support")
        .send()
        .await?;
    let got = client.get_object().bucket(&bucket).key("k").send().await?;
    ensure!(got.content_type() == Some("message/rfc822"));
    ensure!(
        got.metadata()
            .and_then(|all| all.get("mailbox"))
            .map(String::as_str)
            == Some("support")
    );
    ensure!(got.content_length() == Some(5));
    ensure!(got.body.collect().await?.to_vec() == b"hello");
    Ok(())
}

pub async fn the_etag_is_the_digest(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    put(&client, &bucket, "k", b"hello").await?;
    let head = client.head_object().bucket(&bucket).key("k").send().await?;
    ensure!(head.e_tag() == Some("\"5d41402abc4b2a76b9719d911017c592\""));
    Ok(())
}

pub async fn a_streamed_upload_comes_back_whole(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    let file = std::env::temp_dir().join(fresh("upload"));
    let bytes: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    std::fs::write(&file, &bytes)?;
    let sent = client
        .put_object()
        .bucket(&bucket)
        .key("k")
        .body(ByteStream::from_path(&file).await?)
        .send()
        .await;
    std::fs::remove_file(&file)?;
    sent?;
    ensure!(get(&client, &bucket, "k").await? == bytes);
    Ok(())
}

pub async fn an_empty_object_comes_back_empty(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    put(&client, &bucket, "k", b"").await?;
    ensure!(get(&client, &bucket, "k").await?.is_empty());
    Ok(())
}

pub async fn a_missing_object_is_told_by_its_code(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    let got = client
        .get_object()
        .bucket(&bucket)
        .key("none")
        .send()
        .await
        .err()
        .context("refused")?;
    ensure!(got.into_service_error().is_no_such_key());
    let head = client
        .head_object()
        .bucket(&bucket)
        .key("none")
        .send()
        .await
        .err()
        .context("refused")?;
    ensure!(head.into_service_error().is_not_found());
    Ok(())
}

pub async fn a_missing_bucket_is_told_by_its_code(config: &SdkConfig) -> Check {
    let client = s3(config);
    let got = client.get_object().bucket(fresh("none")).key("k").send().await;
    ensure!(code(got) == "NoSuchBucket");
    Ok(())
}

pub async fn head_tells_of_an_object_without_its_bytes(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    put(&client, &bucket, "k", b"hello").await?;
    let head = client.head_object().bucket(&bucket).key("k").send().await?;
    ensure!(head.content_length() == Some(5));
    ensure!(head.last_modified().is_some_and(|at| at.secs() > 1_600_000_000));
    Ok(())
}

async fn marked(client: &Client, bucket: &str) -> Check {
    client
        .put_object()
        .bucket(bucket)
        .key("raw/a b")
        .metadata("mark", "old")
        .body(ByteStream::from_static(b"mail"))
        .send()
        .await?;
    Ok(())
}

async fn mark(client: &Client, bucket: &str, key: &str) -> Result<Option<String>, anyhow::Error> {
    let head = client.head_object().bucket(bucket).key(key).send().await?;
    Ok(head.metadata().and_then(|all| all.get("mark")).cloned())
}

pub async fn a_copy_keeps_the_metadata(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    marked(&client, &bucket).await?;
    let copied = client
        .copy_object()
        .copy_source(format!("{bucket}/raw/a%20b"))
        .bucket(&bucket)
        .key("mail/a")
        .send()
        .await?;
    ensure!(
        copied
            .copy_object_result()
            .is_some_and(|result| result.e_tag().is_some())
    );
    ensure!(get(&client, &bucket, "mail/a").await? == b"mail");
    ensure!(mark(&client, &bucket, "mail/a").await?.as_deref() == Some("old"));
    Ok(())
}

pub async fn a_copy_may_have_metadata_of_its_own(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    marked(&client, &bucket).await?;
    client
        .copy_object()
        .copy_source(format!("{bucket}/raw/a%20b"))
        .bucket(&bucket)
        .key("mail/a")
        .metadata_directive(MetadataDirective::Replace)
        .metadata("mark", "new")
        .send()
        .await?;
    ensure!(mark(&client, &bucket, "mail/a").await?.as_deref() == Some("new"));
    Ok(())
}

pub async fn a_listing_is_in_order_and_by_prefix(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    for key in ["raw/b", "raw/a", "mail/x", "rawer"] {
        put(&client, &bucket, key, b"x").await?;
    }
    let listed = client
        .list_objects_v2()
        .bucket(&bucket)
        .prefix("raw/")
        .send()
        .await?;
    let keys: Vec<_> = listed
        .contents()
        .iter()
        .filter_map(|object| object.key())
        .collect();
    ensure!(keys == ["raw/a", "raw/b"], "{keys:?}");
    ensure!(listed.contents()[0].last_modified().is_some());
    ensure!(listed.is_truncated() != Some(true));
    Ok(())
}

pub async fn a_listing_goes_on_where_its_page_ended(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    for key in ["a", "b", "c", "d", "e"] {
        put(&client, &bucket, key, b"x").await?;
    }
    let (mut token, mut keys, mut pages) = (None, Vec::new(), 0);
    loop {
        let page = client
            .list_objects_v2()
            .bucket(&bucket)
            .max_keys(2)
            .set_continuation_token(token)
            .send()
            .await?;
        keys.extend(
            page.contents()
                .iter()
                .filter_map(|object| object.key().map(str::to_owned)),
        );
        pages += 1;
        token = page.next_continuation_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    ensure!(keys == ["a", "b", "c", "d", "e"], "{keys:?}");
    ensure!(pages == 3);
    Ok(())
}

pub async fn a_listing_with_a_delimiter_gathers_folders(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    for key in ["mail/2026/a", "mail/2026/b", "mail/2027/a", "mail/index"] {
        put(&client, &bucket, key, b"x").await?;
    }
    let listed = client
        .list_objects_v2()
        .bucket(&bucket)
        .prefix("mail/")
        .delimiter("/")
        .send()
        .await?;
    let folders: Vec<_> = listed
        .common_prefixes()
        .iter()
        .filter_map(|folder| folder.prefix())
        .collect();
    ensure!(folders == ["mail/2026/", "mail/2027/"], "{folders:?}");
    let keys: Vec<_> = listed
        .contents()
        .iter()
        .filter_map(|object| object.key())
        .collect();
    ensure!(keys == ["mail/index"], "{keys:?}");
    Ok(())
}

pub async fn a_deleted_object_is_gone_and_deleting_again_succeeds(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    put(&client, &bucket, "k", b"x").await?;
    for _ in 0..2 {
        client.delete_object().bucket(&bucket).key("k").send().await?;
    }
    ensure!(code(client.get_object().bucket(&bucket).key("k").send().await) == "NoSuchKey");
    Ok(())
}

pub async fn many_objects_are_deleted_at_once(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    let mut delete = Delete::builder();
    for key in ["a & b", "c<d>", "e"] {
        put(&client, &bucket, key, b"x").await?;
        delete = delete.objects(ObjectIdentifier::builder().key(key).build()?);
    }
    let deleted = client
        .delete_objects()
        .bucket(&bucket)
        .delete(delete.build()?)
        .send()
        .await?;
    ensure!(deleted.errors().is_empty() && deleted.deleted().len() == 3);
    let left = client.list_objects_v2().bucket(&bucket).send().await?;
    ensure!(left.contents().is_empty());
    Ok(())
}

pub async fn keys_with_any_characters_come_back(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    let key = "raw/a b+c&d=e%2F\u{e9}'\"<f>#?.eml";
    put(&client, &bucket, key, b"x").await?;
    ensure!(get(&client, &bucket, key).await? == b"x");
    let listed = client.list_objects_v2().bucket(&bucket).send().await?;
    ensure!(
        listed.contents()[0].key() == Some(key),
        "{:?}",
        listed.contents()[0].key()
    );
    Ok(())
}

pub async fn an_upload_that_must_be_new_is_refused_over_another(config: &SdkConfig) -> Check {
    let client = s3(config);
    let bucket = bucket(&client).await?;
    let upload = || {
        client
            .put_object()
            .bucket(&bucket)
            .key("k")
            .if_none_match("*")
            .send()
    };
    upload().await?;
    ensure!(code(upload().await) == "PreconditionFailed");
    Ok(())
}

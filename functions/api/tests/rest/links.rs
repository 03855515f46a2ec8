//! Links to files: they work by themselves for an hour, and for one file.

use crate::support::World;
use docket_desk::Secret;
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";

/// Where the picture of a new comment of ticket 1 is fetched.
async fn link_in_a_comment(world: &World) -> String {
    world.ticket("Parcel").await;
    let token = world.upload("filename=a.png", "image/png", PNG).await.body["upload"]["token"].clone();
    let body = json!({ "ticket": { "comment": { "body": "See there", "uploads": [token] } } });
    assert_eq!(world.put("tickets/1.json", body).await.status, 200);
    newest_link(world).await
}

async fn newest_link(world: &World) -> String {
    let comments = world.get("tickets/1/comments.json").await.body;
    let file = &comments["comments"].as_array().unwrap().last().unwrap()["attachments"][0];
    file["content_url"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_link_hands_the_file_out_to_whoever_has_it_for_an_hour() {
    let world = World::on_one_machine().await;
    let link = link_in_a_comment(&world).await;
    let (status, headers, bytes) = world.fetch_with(&link, None).await;
    assert_eq!((status.as_u16(), bytes.as_slice()), (200, PNG));
    assert_eq!(headers["content-type"], "image/png");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-security-policy"], "default-src 'none'; sandbox");
    assert_eq!(headers["cache-control"], "private, no-store");
    assert_eq!(world.ask_for(&link).await, 200);
    world.advance(3599);
    assert_eq!(world.fetch_with(&link, None).await.0, 200);
    world.advance(1);
    let (status, _, body) = world.fetch_with(&link, None).await;
    assert_eq!(status, 403);
    let error: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(error["error"]["title"], "Forbidden");
    assert_eq!(world.fetch_with(&link, Some(&world.token)).await.0, 200);
    let anew = newest_link(&world).await;
    assert_eq!(world.fetch_with(&anew, None).await.0, 200);
}

#[tokio::test]
async fn a_link_opens_nothing_else() {
    let world = World::on_one_machine().await;
    let link = link_in_a_comment(&world).await;
    let (bare, signature) = link.split_once('?').unwrap();
    let root = "https://desk.example.com/api/v2";
    for path in [
        bare.replace("/content", ""),
        bare.replace("0/content", "1/content"),
        format!("{root}/tickets.json"),
        format!("{root}/users/me.json"),
    ] {
        let (status, ..) = world.fetch_with(&format!("{path}?{signature}"), None).await;
        assert_eq!(status, 403, "{path}");
        assert_eq!(world.fetch_with(&path, None).await.0, 401, "{path}");
    }
    let changed = link.replace("signature=1", "signature=2");
    assert_eq!(world.fetch_with(&changed, None).await.0, 403);
    assert_eq!(world.fetch_with(&changed, Some("another")).await.0, 401);
}

#[tokio::test]
async fn in_the_cloud_a_link_leads_to_the_bucket_for_a_minute() {
    let world = World::new().await;
    let link = link_in_a_comment(&world).await;
    let (status, headers, bytes) = world.fetch_with(&link, None).await;
    assert_eq!((status.as_u16(), bytes.len()), (302, 0));
    assert_eq!(headers["cache-control"], "no-store");
    let place = headers["location"].to_str().unwrap();
    for part in [
        "/bucket/blob/main/1/",
        "X-Amz-Expires=60",
        "X-Amz-Signature=",
        "response-content-type=image%2Fpng",
        "response-content-disposition=attachment%3B",
    ] {
        assert!(place.contains(part), "{part}: {place}");
    }
    let (status, _, bytes) = world.fetch_with(&link, Some(&world.token)).await;
    assert_eq!(
        (status.as_u16(), bytes.as_slice()),
        (200, PNG),
        "credentials are not sent on"
    );
}

#[tokio::test]
async fn a_file_that_waits_has_a_link_that_works_by_itself_too() {
    let world = World::on_one_machine().await;
    let upload = world
        .upload("filename=a.txt", "text/plain", b"<script>")
        .await
        .body["upload"]
        .clone();
    let link = upload["attachment"]["content_url"].as_str().unwrap();
    let (status, headers, bytes) = world.fetch_with(link, None).await;
    assert_eq!((status.as_u16(), bytes.as_slice()), (200, &b"<script>"[..]));
    assert_eq!(headers["content-type"], "application/octet-stream");
    let (bare, _) = link.split_once('?').unwrap();
    assert_eq!(world.fetch_with(bare, None).await.0, 401);
}

#[tokio::test]
async fn a_new_key_takes_over_while_links_of_the_old_one_work() {
    let world = World::on_one_machine().await;
    let keys = ["the-new-key-of-links", "the-old-key-of-links"].map(Secret::new);
    world.desk.put_file_link_keys(&keys[1..]).await.unwrap();
    let old = link_in_a_comment(&world).await;
    world.desk.put_file_link_keys(&keys).await.unwrap();
    let new = newest_link(&world).await;
    assert_ne!(old, new);
    for link in [&old, &new] {
        assert_eq!(world.fetch_with(link, None).await.0, 200);
    }
    world.desk.put_file_link_keys(&keys[..1]).await.unwrap();
    assert_eq!(world.fetch_with(&old, None).await.0, 403);
    assert_eq!(world.fetch_with(&new, None).await.0, 200);
}

#[tokio::test]
async fn a_desk_without_a_key_gives_addresses_that_work_with_credentials() {
    let world = World::new().await;
    world
        .desk
        .put_file_link_keys(&[Secret::new("short")])
        .await
        .unwrap();
    let link = link_in_a_comment(&world).await;
    assert!(link.ends_with("/content"), "{link}");
    assert_eq!(world.fetch(&link).await.0, 200);
    assert_eq!(world.fetch_with(&link, None).await.0, 401);
}

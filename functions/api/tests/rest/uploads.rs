//! Files: handed in, taken by a comment, fetched.

use crate::support::{Reply, World};
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";

fn token(reply: &Reply) -> String {
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.body["upload"]["token"].as_str().unwrap().to_owned()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn with_uploads(uploads: Value) -> Value {
    json!({ "ticket": { "comment": { "body": "See there", "uploads": uploads } } })
}

/// The files of the newest comment of ticket 1.
async fn files(world: &World) -> Vec<Value> {
    let comments = world.get("tickets/1/comments.json").await.body;
    let newest = comments["comments"].as_array().unwrap().last().unwrap();
    newest["attachments"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_file_waits_under_a_token_that_collects_more() {
    let world = World::new().await;
    let first = world.upload("filename=..%2Fa.png", "image/png; x=y", PNG).await;
    let token = token(&first);
    let upload = &first.body["upload"];
    assert_eq!(upload["expires_at"], "2026-03-05T12:00:00Z");
    assert_eq!(upload["attachment"]["file_name"], "a.png");
    assert_eq!(upload["attachment"]["content_type"], "image/png");
    assert_eq!(upload["attachment"]["size"], PNG.len());
    assert_eq!(upload["attachments"][0], upload["attachment"]);
    world.advance(1);
    let more = format!("filename=b.html&token={token}");
    let second = world.upload(&more, "text/html", b"<script>").await;
    let again = world.upload(&more, "text/html", b"<script>").await;
    assert_eq!(second.body, again.body, "a file that is sent twice is one");
    let upload = &second.body["upload"];
    assert_eq!(
        (&upload["token"], text(&upload["expires_at"])),
        (&json!(token), "2026-03-05T12:00:00Z")
    );
    assert_eq!(upload["attachment"]["file_name"], "b.html");
    assert_eq!(upload["attachments"].as_array().unwrap().len(), 2);
    let (status, headers, bytes) = world.fetch(text(&upload["attachment"]["content_url"])).await;
    assert_eq!((status.as_u16(), bytes.as_slice()), (200, &b"<script>"[..]));
    assert_eq!(headers["content-type"], "application/octet-stream");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(
        headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment;")
    );
}

#[tokio::test]
async fn a_file_comes_in_a_form_too() {
    let world = World::new().await;
    let form = |parts: &[(&str, &str)]| {
        let parts = parts.iter().map(|(head, body)| {
            format!("--edge\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n")
        });
        let all: String = parts.collect();
        format!("{all}--edge--\r\n").into_bytes()
    };
    let kind = "multipart/form-data; boundary=edge";
    let file = "name=\"uploaded_data\"; filename=\"local.txt\"\r\ncontent-type: text/plain";
    let sent = form(&[("name=\"filename\"", "notes.txt"), (file, "Hello")]);
    let first = world.upload("", kind, &sent).await;
    let token = token(&first);
    let shown = &first.body["upload"]["attachment"];
    assert_eq!(
        (&shown["file_name"], &shown["size"], &shown["content_type"]),
        (&json!("notes.txt"), &json!(5), &json!("text/plain"))
    );
    // Without a name it is called as the file is; a token collects more.
    let more = form(&[("name=\"token\"", &token), (file, "World!")]);
    let second = world.upload("", kind, &more).await;
    let upload = &second.body["upload"];
    assert_eq!(upload["token"], json!(token));
    assert_eq!(upload["attachment"]["file_name"], "local.txt");
    assert_eq!(upload["attachments"].as_array().unwrap().len(), 2);
    let (status, _, bytes) = world.fetch(text(&upload["attachment"]["content_url"])).await;
    assert_eq!((status.as_u16(), bytes.as_slice()), (200, &b"World!"[..]));
    let without = form(&[("name=\"filename\"", "notes.txt")]);
    let reply = world.upload("", kind, &without).await;
    assert_eq!(
        (
            reply.status.as_u16(),
            reply.body["details"]["uploaded_data"].is_array()
        ),
        (422, true)
    );
    // What is empty names nothing.
    let unnamed = form(&[("name=\"filename\"", ""), ("name=\"token\"", ""), (file, "Hello")]);
    for query in ["", "filename=&token="] {
        let reply = world.upload(query, kind, &unnamed).await;
        let name = &reply.body["upload"]["attachment"]["file_name"];
        assert_eq!(
            (reply.status.as_u16(), name),
            (201, &json!("local.txt")),
            "{query}"
        );
    }
    let other = "name=\"more\"; filename=\"more.txt\"\r\ncontent-type: text/plain";
    let two = world
        .upload("", kind, &form(&[(file, "Hello"), (other, "World!")]))
        .await;
    assert_eq!(
        (two.status.as_u16(), two.body["details"]["more"].is_array()),
        (422, true)
    );
    assert_eq!(world.upload("", kind, b"--edge").await.status, 400);
    assert_eq!(world.upload("", "multipart/form-data", &sent).await.status, 400);
    let large = "a".repeat(4_100_000);
    let large = form(&[(file, &large)]);
    assert_eq!(world.upload("", kind, &large).await.status, 413);
}

#[tokio::test]
async fn a_comment_takes_the_files_of_its_tokens() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let one = token(&world.upload("filename=a.png", "image/png", PNG).await);
    let other = token(&world.upload("filename=b.txt", "text/plain", b"b").await);
    let reply = world
        .put("tickets/1.json", with_uploads(json!([one, other, one])))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let files = files(&world).await;
    let names: Vec<_> = files.iter().map(|file| text(&file["file_name"])).collect();
    assert_eq!(names, ["a.png", "b.txt"]);
    assert_eq!(files[0]["inline"], false);
    let told = reply.body["audit"]["events"].as_array().unwrap();
    let told = told.iter().find(|event| event["type"] == "Comment").unwrap();
    assert_eq!(told["attachments"], json!(files));
    // What was taken no longer depends on the token.
    let gone = world
        .call_as(
            crate::support::BO,
            "DELETE",
            &format!("uploads/{one}.json"),
            &[],
            None,
        )
        .await;
    assert_eq!(gone.status, 204);
    let (status, headers, bytes) = world.fetch(text(&files[0]["content_url"])).await;
    assert_eq!((status.as_u16(), bytes.as_slice()), (200, PNG));
    assert_eq!(headers["content-type"], "image/png");
    let record = world.get(&format!("attachments/{}.json", files[0]["id"])).await;
    assert_eq!(record.body["attachment"], files[0]);
    let next = files[1]["id"].as_u64().unwrap() + 1;
    assert_eq!(world.get(&format!("attachments/{next}.json")).await.status, 404);
}

#[tokio::test]
async fn a_new_ticket_takes_one_token_by_itself() {
    let world = World::new().await;
    let token = token(&world.upload("filename=a.png", "image/png", PNG).await);
    let mut ticket = crate::support::anns_ticket("Parcel");
    ticket["ticket"]["comment"]["uploads"] = json!(token);
    assert_eq!(world.post("tickets.json", ticket).await.status, 201);
    assert_eq!(files(&world).await.len(), 1);
}

#[tokio::test]
async fn a_token_that_is_unknown_or_has_expired_is_named_and_nothing_is_saved() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let token = token(&world.upload("filename=a.png", "image/png", PNG).await);
    world.advance(3 * 24 * 3600);
    for token in [token.as_str(), "../../blob/main/1/x", ""] {
        let reply = world.put("tickets/1.json", with_uploads(json!([token]))).await;
        assert_eq!(reply.status, 422, "{token}");
        assert!(
            reply.body["details"]["comment.uploads"].is_array(),
            "{}",
            reply.body
        );
        let path = format!("uploads/{}.json", token.replace('/', "%2F"));
        let more = world
            .upload(&format!("filename=b&token={token}"), "a/b", b"b")
            .await;
        assert_eq!(more.status.as_u16(), if token.is_empty() { 201 } else { 422 });
        if token.starts_with('.') {
            let gone = world
                .call_as(crate::support::BO, "DELETE", &path, &[], None)
                .await;
            assert_eq!(gone.status, 404);
        }
    }
    let comments = world.get("tickets/1/comments.json").await.body;
    assert_eq!(comments["comments"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_token_of_a_moment_before_its_end_is_good() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let token = token(&world.upload("filename=a.png", "image/png", PNG).await);
    world.advance(3 * 24 * 3600 - 1);
    let reply = world.put("tickets/1.json", with_uploads(json!([token]))).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn more_than_one_mail_holds_is_refused_before_anything_is_saved() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let most = vec![b'x'; 4_000_000];
    let first = token(&world.upload("filename=a.bin", "a/b", &most).await);
    let beyond = world
        .upload("filename=c.bin", "a/b", &[&most[..], b"x"].concat())
        .await;
    assert_eq!(beyond.status, 413);
    let together = world
        .upload(&format!("filename=b.bin&token={first}"), "a/b", &most)
        .await;
    assert_eq!(together.status, 422);
    assert!(
        together.body.to_string().contains("8 MB together"),
        "{}",
        together.body
    );
    let second = token(&world.upload("filename=b.bin", "a/b", &most).await);
    let reply = world
        .put("tickets/1.json", with_uploads(json!([first, second])))
        .await;
    assert_eq!(reply.status, 422);
    assert!(
        reply.body["details"]["comment.uploads"].is_array(),
        "{}",
        reply.body
    );
    assert_eq!(world.upload("filename=%20", "a/b", b"x").await.status, 422);
}

#[tokio::test]
async fn images_within_the_html_are_shown_from_the_comments_own_files() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let first = world.upload("filename=my%20chart.png", "image/png", PNG).await;
    let token = token(&first);
    let second = world
        .upload(&format!("filename=b.png&token={token}"), "image/png", b"\x89PNG")
        .await;
    let url = text(&second.body["upload"]["attachment"]["content_url"]);
    let html = format!("<p>So: <img src=\"cid:my%20chart.png\"><img src='{url}'><img src=\"cid:other\"></p>");
    let body = json!({ "ticket": { "comment": { "html_body": html, "uploads": [token] } } });
    assert_eq!(world.put("tickets/1.json", body).await.status, 200);
    let comments = world.get("tickets/1/comments.json").await.body;
    let shown = &comments["comments"][1];
    let files = shown["attachments"].as_array().unwrap();
    assert!(files.iter().all(|file| file["inline"] == true), "{shown}");
    let html = text(&shown["html_body"]);
    for file in files {
        assert!(html.contains(text(&file["content_url"])), "{html}");
    }
    assert!(!html.contains("other"), "{html}");
}

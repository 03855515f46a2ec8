//! A folder outlives its process, however that ends.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_s3::primitives::ByteStream;
use embedded_aws::{Clock, EmbeddedAws, Storage};

use crate::clients::{bucket, dynamodb, fresh, noon, queue, receive, s3, ses, sqs, ssm};
use crate::dynamodb::{get, put, table};

/// Names the folder for the process which is to be killed.
const VICTIM_FOLDER: &str = "EMBEDDED_AWS_VICTIM_FOLDER";

/// Rounds acknowledged before the victim is killed.
const ROUNDS: usize = 20;

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(fresh("embedded-aws")))
    }

    fn open(&self) -> EmbeddedAws {
        EmbeddedAws::open(Storage::Dir(self.0.clone()), Clock::manual(noon())).expect("the folder opens")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_folder_that_another_process_holds_is_not_opened() {
    let folder = Folder::new();
    std::fs::create_dir_all(&folder.0).unwrap();
    let elsewhere = std::fs::File::create(folder.0.join("lock")).unwrap();
    elsewhere.lock().unwrap();
    let storage = Storage::Dir(folder.0.clone());
    let error = EmbeddedAws::open(storage, Clock::manual(noon())).unwrap_err();
    assert!(
        error.to_string().ends_with("is in use by another process"),
        "{error}"
    );
    drop(elsewhere);
    folder.open();
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

#[tokio::test]
async fn items_are_there_after_a_restart() {
    let folder = Folder::new();
    let client = dynamodb(&folder.open().config("test"));
    let table = table(&client).await.unwrap();
    put(&client, &table, &[("PK", s("a")), ("SK", s("1"))])
        .await
        .unwrap();
    drop(client);
    let client = dynamodb(&folder.open().config("test"));
    assert!(get(&client, &table, "a", "1").await.unwrap().is_some());
}

#[tokio::test]
async fn messages_are_there_after_a_restart_with_their_counts() {
    let folder = Folder::new();
    let client = sqs(&folder.open().config("test"));
    let url = queue(&client).await.unwrap();
    for body in ["one", "two", "three"] {
        client
            .send_message()
            .queue_url(&url)
            .message_body(body)
            .send()
            .await
            .unwrap();
    }
    let first = receive(&client, &url).await.unwrap().unwrap();
    receive(&client, &url).await.unwrap().unwrap();
    client
        .delete_message()
        .queue_url(&url)
        .receipt_handle(first.receipt_handle().unwrap())
        .send()
        .await
        .unwrap();
    drop(client);
    let aws = folder.open();
    let left: Vec<_> = aws
        .queue_messages(&url)
        .into_iter()
        .map(|message| (message.body, message.receive_count))
        .collect();
    assert_eq!(left, [("two".to_owned(), 1), ("three".to_owned(), 0)]);
    assert_eq!((aws.queues()[0].visible, aws.queues()[0].in_flight), (1, 1));
}

#[tokio::test]
async fn objects_are_there_after_a_restart() {
    let folder = Folder::new();
    let client = s3(&folder.open().config("test"));
    let bucket = bucket(&client).await.unwrap();
    for key in ["kept", "gone"] {
        let body = ByteStream::from_static(b"mail");
        client
            .put_object()
            .bucket(&bucket)
            .key(key)
            .metadata("m", "x")
            .body(body)
            .send()
            .await
            .unwrap();
    }
    client
        .delete_object()
        .bucket(&bucket)
        .key("gone")
        .send()
        .await
        .unwrap();
    drop(client);
    let aws = folder.open();
    assert_eq!(aws.objects("").len(), 1);
    assert_eq!(aws.objects("")[0].metadata["m"], "x");
    assert_eq!(aws.object(&bucket, "kept").unwrap(), "mail");
}

#[tokio::test]
async fn sent_mail_and_parameters_are_there_after_a_restart() {
    let folder = Folder::new();
    let config = folder.open().config("test");
    let mail = crate::ses::raw(&ses(&config), crate::ses::MAIL)
        .unwrap()
        .destinations("a@example.com");
    mail.send().await.unwrap();
    ssm(&config)
        .put_parameter()
        .name("/p")
        .value("v")
        .send()
        .await
        .unwrap();
    drop(config);
    let aws = folder.open();
    assert_eq!(aws.sent_mails()[0].raw, crate::ses::MAIL.as_bytes());
    let got = ssm(&aws.config("test"))
        .get_parameter()
        .name("/p")
        .send()
        .await
        .unwrap();
    assert_eq!(got.parameter().unwrap().value(), Some("v"));
}

/// Not a test of its own: the process that [`nothing_acknowledged_is_lost_by_a_kill`] starts and kills.
#[tokio::test]
async fn victim_of_a_kill() {
    let Ok(folder) = std::env::var(VICTIM_FOLDER) else {
        return;
    };
    let aws = EmbeddedAws::open(Storage::Dir(folder.into()), Clock::wall()).unwrap();
    let config = aws.config("victim");
    let (tables, queues, objects) = (dynamodb(&config), sqs(&config), s3(&config));
    let table = table(&tables).await.unwrap();
    let (url, bucket) = (queue(&queues).await.unwrap(), bucket(&objects).await.unwrap());
    say(&format!("names {table} {url} {bucket}"));
    for round in 0.. {
        let name = format!("{round:06}");
        let body = ByteStream::from(name.repeat(10_000).into_bytes());
        objects
            .put_object()
            .bucket(&bucket)
            .key(&name)
            .body(body)
            .send()
            .await
            .unwrap();
        put(&tables, &table, &[("PK", s("a")), ("SK", s(&name))])
            .await
            .unwrap();
        queues
            .send_message()
            .queue_url(&url)
            .message_body(&name)
            .send()
            .await
            .unwrap();
        say(&format!("done {name}"));
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .expect("the parent listens");
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_by_a_kill() {
    let folder = Folder::new();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "restart::victim_of_a_kill", "--nocapture"])
        .env(VICTIM_FOLDER, &folder.0)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    let (mut names, mut done) = (Vec::new(), Vec::new());
    for line in lines.map_while(Result::ok) {
        // The test harness begins the first line with words of its own.
        if let Some((_, rest)) = line.split_once("names ") {
            names = rest.split(' ').map(str::to_owned).collect();
        } else if let Some(name) = line.strip_prefix("done ") {
            done.push(name.to_owned());
        }
        if done.len() == ROUNDS {
            break;
        }
    }
    victim.kill().unwrap();
    victim.wait().unwrap();
    assert_eq!(done.len(), ROUNDS);
    let aws = folder.open();
    let tables = dynamodb(&aws.config("test"));
    let bodies: Vec<_> = aws
        .queue_messages(&names[1])
        .into_iter()
        .map(|message| message.body)
        .collect();
    for name in &done {
        assert!(
            get(&tables, &names[0], "a", name).await.unwrap().is_some(),
            "item {name}"
        );
        assert!(bodies.contains(name), "message {name}");
    }
    for object in aws.objects("") {
        assert_eq!(
            aws.object(&names[2], &object.key).unwrap(),
            object.key.repeat(10_000),
            "a whole object"
        );
    }
    assert!(aws.objects("").len() >= ROUNDS);
}

//! A client of its own against a desk in memory whose functions do not run: what was taken stands in the spool.

use super::{Limits, SmtpServer, connection::Connection};
use crate::stack::{LocalDesk, Options};
use docket_store::blob::SPOOL_PREFIX;
use embedded_aws::{Clock, Storage};
use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader, DuplexStream},
    net::TcpStream,
    time::Instant,
};

const TO_SUPPORT: &str = "RCPT TO:<support@in.docket.local>";

struct Client<S>(BufReader<S>);

impl Client<TcpStream> {
    /// Connects and reads the greeting.
    async fn connect(address: SocketAddr) -> (Self, String) {
        let mut client = Self(BufReader::new(TcpStream::connect(address).await.unwrap()));
        let greeting = client.hear().await;
        (client, greeting)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    async fn send(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).await.unwrap();
    }

    /// One answer, the last of its lines; nothing when the server hung up.
    async fn hear(&mut self) -> String {
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).await.unwrap();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line.trim_end().to_owned();
            }
        }
    }

    async fn say(&mut self, line: &str) -> String {
        self.send(format!("{line}\r\n").as_bytes()).await;
        self.hear().await
    }

    /// Everything up to the mail itself, and what DATA is answered with.
    async fn begin(&mut self, from: &str) -> String {
        self.say(&format!("MAIL FROM:<{from}>")).await;
        self.say(TO_SUPPORT).await;
        self.say("DATA").await
    }

    async fn mail(&mut self, from: &str, text: &str) -> String {
        assert!(self.begin(from).await.starts_with("354"));
        self.say(&format!("{text}\r\n.")).await
    }
}

async fn open() -> LocalDesk {
    LocalDesk::open(Options::new(Storage::Memory, Clock::wall()))
        .await
        .unwrap()
}

/// A client within a mail, by a pipe instead of a network: only so does paused time stand still while bytes are under way.
async fn within_a_mail(local: &LocalDesk) -> Client<DuplexStream> {
    let (ours, theirs) = tokio::io::duplex(1_024);
    tokio::spawn(Connection::new(theirs, Limits::default(), local.clone()).serve());
    let mut client = Client(BufReader::new(ours));
    client.hear().await;
    client.say("EHLO here").await;
    client.begin("eve@example.com").await;
    client
}

/// A desk that takes mail over SMTP, one client that has greeted it, and where it listens.
async fn desk(limits: Limits) -> (LocalDesk, Client<TcpStream>, SocketAddr) {
    let local = open().await;
    let server = SmtpServer {
        limits,
        ..SmtpServer::start(&local, 0).await.unwrap()
    };
    let address = server.address().unwrap();
    tokio::spawn(server.serve());
    let (mut client, greeting) = Client::connect(address).await;
    assert_eq!(greeting, "220 docket.local ESMTP Docket");
    assert!(client.say("EHLO here").await.starts_with("250 "));
    (local, client, address)
}

/// The mails in the spool below what SES puts on top, with the envelopes of their receipts, oldest first.
fn taken(local: &LocalDesk) -> Vec<(Value, Value, String)> {
    let receipts = local.aws.queue_messages("inbound");
    let mails: Vec<_> = receipts
        .iter()
        .map(|message| {
            let receipt: Value = serde_json::from_str(&message.body).unwrap();
            let key = receipt["receipt"]["action"]["objectKey"].as_str().unwrap();
            let stored = local.aws.object("docket", key).unwrap();
            let stored = String::from_utf8(stored.to_vec()).unwrap();
            let (_, below) = stored.split_once("X-SES-DKIM-SIGNATURE:").unwrap();
            let (_, raw) = below.split_once("\r\n").unwrap();
            let mail = &receipt["mail"];
            (
                mail["source"].clone(),
                mail["destination"].clone(),
                raw.to_owned(),
            )
        })
        .collect();
    assert_eq!(mails.len(), local.aws.objects(SPOOL_PREFIX).len());
    mails
}

#[tokio::test]
async fn what_is_answered_with_250_stands_in_the_spool_with_its_envelope() {
    let (local, mut client, _) = desk(Limits::default()).await;
    client
        .say("MAIL FROM:<eve@example.com> BODY=8BITMIME SMTPUTF8")
        .await;
    client.say(TO_SUPPORT).await;
    client.say("RCPT TO:<jörg@in.docket.local>").await;
    client.say("DATA").await;
    assert!(taken(&local).is_empty());
    let answer = client.say("Subject: Grüße\r\n\r\nfür dich\r\n.").await;
    let [(source, destination, raw)] = &taken(&local)[..] else {
        panic!("no mail or many")
    };
    assert!(answer.starts_with("250 2.0.0 Stored as "), "{answer}");
    assert_eq!(source, "eve@example.com");
    assert_eq!(
        *destination,
        serde_json::json!(["support@in.docket.local", "jörg@in.docket.local"])
    );
    assert_eq!(raw, "Subject: Grüße\r\n\r\nfür dich\r\n");
}

#[tokio::test]
async fn dots_put_before_lines_are_taken_off_and_others_stay() {
    let (local, mut client, _) = desk(Limits::default()).await;
    client
        .mail(
            "eve@example.com",
            "..first\r\n\r\n..\r\n...\r\na.b\r\n\n.\r\nlast",
        )
        .await;
    // A dot after a bare line feed ends nothing: otherwise a mail could smuggle in another.
    assert_eq!(
        taken(&local)[0].2,
        ".first\r\n\r\n.\r\n..\r\na.b\r\n\n.\r\nlast\r\n"
    );
}

#[tokio::test]
async fn a_mail_without_a_line_is_taken() {
    let (local, mut client, _) = desk(Limits::default()).await;
    assert!(client.begin("eve@example.com").await.starts_with("354"));
    assert!(client.say(".").await.starts_with("250"));
    assert_eq!(taken(&local)[0].2, "");
}

#[tokio::test]
async fn everything_may_be_sent_ahead_in_one_piece() {
    let (local, mut client, _) = desk(Limits::default()).await;
    let mail = |n: u8| {
        format!("MAIL FROM:<>\r\n{TO_SUPPORT}\r\nDATA\r\nSubject: {n}\r\n\r\nx\r\n.\r\n").into_bytes()
    };
    client
        .send(&[mail(1), mail(2), b"QUIT\r\n".to_vec()].concat())
        .await;
    let mut codes = Vec::new();
    for _ in 0..9 {
        codes.push(client.hear().await[..3].to_owned());
    }
    assert_eq!(
        codes,
        ["250", "250", "354", "250", "250", "250", "354", "250", "221"]
    );
    let taken = taken(&local);
    assert_eq!((taken.len(), &taken[1].0), (2, &Value::from("")));
    assert_eq!(taken[1].2, "Subject: 2\r\n\r\nx\r\n");
}

#[tokio::test]
async fn pieces_of_one_byte_are_put_together() {
    let (local, mut client, _) = desk(Limits::default()).await;
    client.0.get_ref().set_nodelay(true).unwrap();
    let all = format!("MAIL FROM:<>\r\n{TO_SUPPORT}\r\nDATA\r\n..a\r\n\r\n.b\r\n.\r\n");
    for byte in all.bytes() {
        client.send(&[byte]).await;
        tokio::task::yield_now().await;
    }
    for code in ["250", "250", "354", "250"] {
        assert!(client.hear().await.starts_with(code));
    }
    assert_eq!(taken(&local)[0].2, ".a\r\n\r\nb\r\n");
}

#[tokio::test]
async fn reset_forgets_the_envelope_and_the_connection_goes_on() {
    let (local, mut client, _) = desk(Limits::default()).await;
    client.say("MAIL FROM:<eve@example.com>").await;
    client.say("RCPT TO:<wrong@in.docket.local>").await;
    assert!(client.say("RSET").await.starts_with("250"));
    for n in 0..3 {
        assert!(
            client
                .mail("max@example.com", &format!("Subject: {n}\r\n\r\nx"))
                .await
                .starts_with("250")
        );
    }
    let taken = taken(&local);
    assert_eq!(taken.len(), 3);
    assert_eq!(taken[0].0, "max@example.com");
    assert_eq!(taken[0].1, serde_json::json!(["support@in.docket.local"]));
}

#[tokio::test]
async fn a_mail_of_the_largest_size_is_taken_and_one_byte_more_is_refused_and_not_kept() {
    let limits = Limits {
        most_mail_bytes: 200_000,
        ..Limits::default()
    };
    let (local, mut client, _) = desk(limits).await;
    let text = "x".repeat(199_998);
    assert!(client.mail("", &format!("{text}x")).await.starts_with("552"));
    assert!(taken(&local).is_empty());
    assert!(client.mail("", &text).await.starts_with("250"));
    assert_eq!(taken(&local)[0].2.len(), 200_000);
}

#[tokio::test]
async fn a_client_that_hangs_up_within_a_mail_leaves_nothing_and_the_mail_before_it() {
    let (local, mut client, address) = desk(Limits::default()).await;
    client.mail("eve@example.com", "Subject: whole\r\n\r\nx").await;
    client.begin("eve@example.com").await;
    client.send(b"Subject: half\r\n\r\nx\r\n").await;
    drop(client);
    let (mut next, _) = Client::connect(address).await;
    next.say("EHLO here").await;
    next.mail("eve@example.com", "Subject: next\r\n\r\nx").await;
    let subjects: Vec<String> = taken(&local).into_iter().map(|mail| mail.2).collect();
    assert_eq!(
        subjects,
        ["Subject: whole\r\n\r\nx\r\n", "Subject: next\r\n\r\nx\r\n"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_client_that_stalls_within_a_mail_is_hung_up_on_after_five_minutes() {
    let local = open().await;
    let mut client = within_a_mail(&local).await;
    let before = Instant::now();
    client.send(b"Subject: half\r\n").await;
    assert_eq!(client.hear().await, "421 4.4.2 Too slow: hanging up");
    assert_eq!(before.elapsed().as_secs(), 300);
    assert_eq!(client.hear().await, "");
    assert!(taken(&local).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_drips_a_mail_is_hung_up_on_after_ten_minutes() {
    let local = open().await;
    let mut client = within_a_mail(&local).await;
    let before = Instant::now();
    for _ in 0..5 {
        client.send(b"x").await;
        tokio::time::sleep(Duration::from_secs(119)).await;
    }
    assert_eq!(client.hear().await, "421 4.4.2 Too slow: hanging up");
    assert_eq!(before.elapsed().as_secs(), 600);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_reads_no_answers_is_hung_up_on() {
    let local = open().await;
    let (mut ours, theirs) = tokio::io::duplex(64);
    let served = tokio::spawn(Connection::new(theirs, Limits::default(), local).serve());
    // The answers to this do not fit into the pipe, and nobody takes them out.
    let _ = ours.write_all(&b"NOOP\r\n".repeat(10)).await;
    served.await.unwrap();
}

#[tokio::test]
async fn a_client_beyond_the_most_is_turned_away_until_one_has_left() {
    let limits = Limits {
        most_connections: 1,
        ..Limits::default()
    };
    let (_, mut first, address) = desk(limits).await;
    let (_, greeting) = Client::connect(address).await;
    assert!(greeting.starts_with("421 4.3.2"), "{greeting}");
    assert!(first.say("QUIT").await.starts_with("221"));
    // The place is free as soon as the server has closed, too.
    assert_eq!(first.hear().await, "");
    drop(first);
    let mut greeting = String::new();
    while !greeting.starts_with("220") {
        greeting = Client::connect(address).await.1;
    }
}

#[tokio::test]
async fn a_line_without_an_end_and_a_client_that_blunders_on_are_hung_up_on() {
    let (_, mut client, address) = desk(Limits::default()).await;
    client.send(&[b'x'; 4_097]).await;
    assert!(client.hear().await.starts_with("500"));
    assert_eq!(client.hear().await, "");
    let (mut client, _) = Client::connect(address).await;
    for _ in 0..20 {
        assert!(client.say("GET / HTTP/1.1").await.starts_with("500"));
    }
    assert!(client.hear().await.starts_with("421"));
}

#[tokio::test]
async fn a_mail_that_can_not_be_stored_is_not_acknowledged() {
    let (local, mut client, _) = desk(Limits::default()).await;
    let sqs = aws_sdk_sqs::Client::new(&local.aws.config("test"));
    let inbound = local.aws.queue_url("inbound");
    sqs.delete_queue().queue_url(inbound).send().await.unwrap();
    assert!(
        client
            .mail("eve@example.com", "Subject: x")
            .await
            .starts_with("451")
    );
}

//! Mails made to do harm, each in one batch with nine innocent ones.

use crate::{in_world, mail};
use docket_desk::ViewPage;
use docket_local::world::{World, WorldOptions};

const HEAD: &str = "From: a@example.com\r\nSubject: Boom\r\nMIME-Version: 1.0\r\n";

/// Takes a bomb in among nine innocents; why it is held, if it is.
fn among_nine(bomb: &str) -> Option<String> {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        for number in 0..10 {
            if number == 4 {
                world.receive(bomb, &[], false);
            } else {
                let from = format!("c{number}@example.com");
                world.receive(
                    &mail(&from, &format!("m{number}@example.com"), "", "Help!"),
                    &[],
                    false,
                );
            }
        }
        // One look at the queue, one invocation with all ten.
        let inbound = world
            .local
            .aws
            .queues()
            .into_iter()
            .find(|queue| queue.name == "inbound")
            .unwrap();
        assert_eq!(inbound.visible, 10);
        world.settle().await;
        let desk = &world.local.desk;
        let held = desk.held().page(&ViewPage::newest(10)).await.unwrap().contacts;
        let tickets = desk.tickets().last_number().await.unwrap();
        assert_eq!(held.len() as u64 + tickets, 10, "held: {held:?}");
        assert!(tickets >= 9);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
        held.first().map(|held| held.detail.clone())
    })
}

#[test]
fn mails_within_mails_are_held() {
    let bomb = HEAD.to_owned() + &"Content-Type: message/rfc822\r\n\r\n".repeat(22_000);
    assert_eq!(
        among_nine(&bomb).unwrap(),
        "the mail nests more than 20 mails within one another"
    );
}

#[test]
fn parts_without_end_are_held() {
    let bomb = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}",
        "--b\r\n\r\nx\r\n".repeat(100_000)
    );
    assert_eq!(among_nine(&bomb).unwrap(), "the mail has more than 1000 parts");
}

#[test]
fn a_header_of_a_megabyte_is_held() {
    let bomb = format!("{HEAD}X-Long: {}\r\n\r\nx", "x".repeat(1_000_000));
    assert_eq!(
        among_nine(&bomb).unwrap(),
        "a header block of the mail has more than 262144 bytes"
    );
}

#[test]
fn forty_megabytes_and_one_byte_are_held() {
    let bomb = format!("{HEAD}\r\n{}", "x".repeat(40 * 1024 * 1024));
    assert!(among_nine(&bomb).unwrap().ends_with("more than 41943040"));
}

#[test]
fn html_that_would_harm_a_parser_is_taken_in_as_text() {
    for html in [
        "<div>".repeat(110_000),
        "&amp;".repeat(380_000),
        format!("<p {}>", "a=b ".repeat(470_000)),
        "<blockquote>".repeat(240),
    ] {
        let bomb = format!("{HEAD}Content-Type: text/html\r\n\r\n{html}words\r\n");
        assert_eq!(among_nine(&bomb), None);
    }
}

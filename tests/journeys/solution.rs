//! Is it solved? The customer is asked by mail, says so on a page, is reminded where they are silent, and nobody is
//! written to by a machine who should not be.

use crate::{answer, eves_ticket, file, in_world, mail, status};
use docket_domain::{
    outbox::DeliveryOutcome,
    sla::{BookError, TimerRules},
    ticket::{Channel, Fact, Status},
};
use docket_local::{
    Functions,
    world::{World, WorldOptions},
};
use docket_mail::InboundMail;
use embedded_aws::BounceKind;
use jiff::SignedDuration;
use serde_json::json;

/// The address of a world, as mails have it.
const ROOT: &str = "http://desk.test";

fn newest(world: &World) -> InboundMail {
    let sent = world.local.aws.sent_mails().pop().unwrap();
    docket_mail::read(&sent.as_received, None).unwrap()
}

fn raw(world: &World) -> String {
    let sent = world.local.aws.sent_mails().pop().unwrap();
    String::from_utf8_lossy(&sent.as_received).into_owned()
}

/// The path of the link in a mail's text.
fn link(mail: &InboundMail) -> String {
    let start = format!("{ROOT}/portal/solution/");
    let at = mail.text.find(&start).unwrap_or_else(|| panic!("{}", mail.text));
    let link = mail.text[at + ROOT.len()..].split_whitespace().next();
    link.unwrap().to_owned()
}

async fn set(world: &mut World, to: &str) {
    let body = json!({ "ticket": { "status": to } });
    let answered = world.api("PUT", "tickets/1.json", None, &body).await.unwrap();
    assert_eq!(answered.status, 200, "{answered:?}");
    world.settle().await;
}

/// Why automatic mail of ticket 1 was held back.
async fn withheld(world: &World) -> Vec<String> {
    let told = file(world, 1).await.events.into_iter();
    told.filter_map(|event| match event.fact {
        Fact::DeliveryReported {
            outcome: DeliveryOutcome::Withheld,
            detail,
            ..
        } => Some(detail),
        _ => None,
    })
    .collect()
}

async fn nothing_is_broken(world: &World) {
    assert_eq!(world.broken_invariants().await, Vec::<String>::new());
}

#[test]
fn a_customer_says_no_in_words_and_then_yes() {
    in_world(async {
        let mut world = eves_ticket().await;
        assert!(answer(&world, 1, "Take the extinguisher.", true).await);
        world.settle().await;
        let asked = newest(&world);
        assert!(
            asked.text.starts_with("Take the extinguisher.\n\n"),
            "{}",
            asked.text
        );
        assert!(asked.text.contains("We have marked ticket 1 as solved. Is it?"));
        assert!(!raw(&world).contains("Auto-Submitted"), "a person wrote it");
        let path = link(&asked);
        let page = world.page("GET", &path, "").await.unwrap();
        assert_eq!(page.status, 200);
        assert_eq!(status(&world, 1).await, Status::Solved, "looking changes nothing");
        let once = page.text.split("name=\"once\" value=\"").nth(1).unwrap();
        let once = once.split('"').next().unwrap();

        let no = format!("answer=no&once={once}&words=It+still+burns.");
        for _ in 0..2 {
            let said = world.page("POST", &path, &no).await.unwrap();
            assert_eq!((said.status, said.location), (303, format!("{path}?said=no")));
        }
        world.settle().await;
        let told = file(&world, 1).await;
        assert_eq!(told.ticket.status, Status::Open);
        assert_eq!(told.comments.len(), 3);
        assert_eq!(told.comments[2].channel, Channel::Portal);
        assert_eq!(told.comments[2].snippet, "It still burns.");

        let sent = world.local.aws.sent_count();
        set(&mut world, "solved").await;
        assert_eq!(world.local.aws.sent_count(), sent + 1);
        let asked = newest(&world);
        assert_eq!(asked.subject, "Your request is solved (ticket 1)");
        assert_eq!(link(&asked), path);
        assert!(raw(&world).contains("Auto-Submitted: auto-generated"));
        for secret in ["printer", "burns", "extinguisher", "Eve,"] {
            assert!(!asked.text.contains(secret), "{}", asked.text);
        }
        for _ in 0..2 {
            let said = world.page("POST", &path, "answer=yes").await.unwrap();
            assert_eq!(said.status, 303);
        }
        world.settle().await;
        assert_eq!(status(&world, 1).await, Status::Closed);
        assert_eq!(world.local.aws.sent_count(), sent + 1, "nothing more is said");
        nothing_is_broken(&world).await;
    });
}

#[test]
fn a_reply_to_the_question_reopens_as_any_reply_does() {
    in_world(async {
        let mut world = eves_ticket().await;
        set(&mut world, "solved").await;
        let signed = newest(&world).reply_to.unwrap().address;
        let reply = mail("eve@example.com", "m2@example.com", "", "No!");
        world.receive(&reply, &[&signed], false);
        world.settle().await;
        assert_eq!(status(&world, 1).await, Status::Open);
        nothing_is_broken(&world).await;
    });
}

#[test]
fn the_html_of_an_answer_asks_too() {
    in_world(async {
        let mut world = eves_ticket().await;
        let comment = json!({ "html_body": "<p>Take the <b>extinguisher</b>.</p>" });
        let body = json!({ "ticket": { "status": "solved", "comment": comment } });
        let answered = world.api("PUT", "tickets/1.json", None, &body).await.unwrap();
        assert_eq!(answered.status, 200);
        world.settle().await;
        let asked = newest(&world);
        let html = asked.html.clone().unwrap();
        let href = format!("<a href=\"{ROOT}{}\"", link(&asked));
        assert!(html.contains(&href), "{html}");
    });
}

#[test]
fn a_desk_that_does_not_know_its_address_asks_without_a_link() {
    in_world(async {
        let mut world = eves_ticket().await;
        world.functions = Functions::new(&world.local.reached_at(""), world.outside.clone());
        assert!(answer(&world, 1, "Done.", true).await);
        world.settle().await;
        let words = "We have marked ticket 1 as solved. If it is not, just reply to this mail.";
        let asked = newest(&world).text;
        assert!(asked.contains(words) && !asked.contains("://"), "{asked}");
        set(&mut world, "open").await;
        set(&mut world, "solved").await;
        let asked = newest(&world).text;
        assert!(asked.starts_with(words) && !asked.contains("://"), "{asked}");
    });
}

#[test]
fn a_silent_customer_is_reminded_then_asked_and_then_left_in_peace() {
    in_world(async {
        let mut world = eves_ticket().await;
        let timers = TimerRules {
            remind_after_seconds: Some(24 * 3600),
            solve_after_seconds: Some(3 * 24 * 3600),
            ..TimerRules::default()
        };
        let changed = world.local.desk.rules().change_book(world.by(), vec![], |book| {
            book.timers = timers;
            Ok::<_, BookError>(())
        });
        changed.await.unwrap();
        // The functions see it once what they know of it is old.
        world.pass(SignedDuration::from_mins(1)).await;
        assert!(answer(&world, 1, "Which one?", false).await);
        set(&mut world, "pending").await;
        let sent = world.local.aws.sent_count();

        world.leap(SignedDuration::from_hours(23)).await;
        assert_eq!(world.local.aws.sent_count(), sent);
        world.leap(SignedDuration::from_hours(1)).await;
        let reminder = newest(&world);
        assert_eq!(world.local.aws.sent_count(), sent + 1);
        assert_eq!(reminder.subject, "We are waiting for your answer (ticket 1)");
        assert!(
            reminder.text.starts_with(
                "We have written to you about ticket 1 and are waiting for your answer. To answer, just reply to this mail."
            ),
            "{}",
            reminder.text
        );
        assert!(reminder.text.contains("until 5 March 2026"), "{}", reminder.text);
        assert!(reminder.text.trim_end().ends_with("Docket"), "{}", reminder.text);
        assert!(raw(&world).contains("Auto-Submitted: auto-generated"));

        world.leap(SignedDuration::from_hours(47)).await;
        assert_eq!(world.local.aws.sent_count(), sent + 1);
        world.leap(SignedDuration::from_hours(1)).await;
        assert_eq!(status(&world, 1).await, Status::Solved);
        assert_eq!(newest(&world).subject, "Your request is solved (ticket 1)");
        link(&newest(&world));
        world.leap(SignedDuration::from_hours(4 * 24)).await;
        assert_eq!(status(&world, 1).await, Status::Closed);
        assert_eq!(world.local.aws.sent_count(), sent + 2);
        nothing_is_broken(&world).await;
    });
}

#[test]
fn one_who_answers_in_time_is_not_reminded() {
    in_world(async {
        let mut world = eves_ticket().await;
        let changed = world.local.desk.rules().change_book(world.by(), vec![], |book| {
            book.timers.remind_after_seconds = Some(24 * 3600);
            Ok::<_, BookError>(())
        });
        changed.await.unwrap();
        world.pass(SignedDuration::from_mins(1)).await;
        set(&mut world, "pending").await;
        let sent = world.local.aws.sent_count();
        let more = mail(
            "eve@example.com",
            "m2@example.com",
            "In-Reply-To: <m1@example.com>\r\n",
            "This one.",
        );
        world.receive(&more, &[], false);
        world.settle().await;
        world.leap(SignedDuration::from_hours(30)).await;
        assert_eq!(status(&world, 1).await, Status::Open);
        assert_eq!(world.local.aws.sent_count(), sent);
    });
}

#[test]
fn a_silent_mailbox_asks_nobody_and_the_ticket_says_so() {
    in_world(async {
        let mut world = eves_ticket().await;
        let body = json!({ "recipient_address": { "docket": { "is_silent": true } } });
        let changed = world
            .api("PUT", "recipient_addresses/1", None, &body)
            .await
            .unwrap();
        assert_eq!(changed.status, 200, "{changed:?}");
        world.pass(SignedDuration::from_mins(1)).await;
        let sent = world.local.aws.sent_count();
        set(&mut world, "solved").await;
        assert_eq!(world.local.aws.sent_count(), sent);
        assert_eq!(withheld(&world).await, ["its mailbox sends no automatic mail"]);
        nothing_is_broken(&world).await;
    });
}

#[test]
fn an_address_that_was_never_written_to_is_not_asked() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let hand_off = json!({
            "type": "handoff.requested",
            "data": { "customer": { "email": "victim@example.com", "verified": false }, "text": "A person, please." },
        });
        let taken = world.hook("msg_1", &hand_off).await.unwrap();
        assert!(taken.is_success(), "{taken:?}");
        world.settle().await;
        set(&mut world, "solved").await;
        assert_eq!(world.local.aws.sent_count(), 0);
        let why = withheld(&world).await;
        assert!(
            why == ["no mail about this ticket went to the requester before"],
            "{why:?}"
        );
    });
}

#[test]
fn a_dead_address_is_not_asked() {
    in_world(async {
        let mut world = eves_ticket().await;
        world
            .local
            .aws
            .bounce_mail_to("eve@example.com", BounceKind::Permanent);
        assert!(answer(&world, 1, "First.", false).await);
        world.settle().await;
        let sent = world.local.aws.sent_count();
        set(&mut world, "solved").await;
        assert_eq!(world.local.aws.sent_count(), sent);
        let why = withheld(&world).await;
        assert!(
            why.len() == 1 && why[0].starts_with("mail to eve@example.com came back"),
            "{why:?}"
        );
        nothing_is_broken(&world).await;
    });
}

#[test]
fn solving_over_and_over_stays_within_the_budget() {
    in_world(async {
        let mut world = eves_ticket().await;
        for to in ["solved", "open", "solved"] {
            set(&mut world, to).await;
        }
        // The acknowledgement was the first about this subject.
        assert_eq!(world.local.aws.sent_count(), 2);
        assert_eq!(
            withheld(&world).await,
            ["2 automatic mails about this subject went to this address within three hours"]
        );
        nothing_is_broken(&world).await;
    });
}

#[test]
fn an_answer_with_the_question_that_failed_can_be_sent_again() {
    in_world(async {
        let mut world = eves_ticket().await;
        world
            .local
            .aws
            .bounce_mail_to("eve@example.com", BounceKind::Permanent);
        assert!(answer(&world, 1, "Done.", true).await);
        world.settle().await;
        let sent = world.local.aws.sent_count();
        let path = "tickets/1/comments";
        let comments = world
            .api("GET", path, None, &serde_json::Value::Null)
            .await
            .unwrap();
        let id = comments.body["comments"][1]["id"].as_u64().unwrap();
        let resend = format!("tickets/1/comments/{id}/resend");
        let again = world.api("PUT", &resend, None, &json!({})).await.unwrap();
        assert!(again.is_success(), "{again:?}");
        world.pass(SignedDuration::from_mins(1)).await;
        assert_eq!(world.local.aws.sent_count(), sent + 1);
        link(&newest(&world));
    });
}

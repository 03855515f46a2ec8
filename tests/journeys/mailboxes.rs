//! Mailboxes with aliases, contact forms, templates; people in copy; mail that an agent passes on.

use crate::{answer, file, in_world, mail, status};
use docket_domain::{
    TicketNumber,
    contact::{comment::AuthorRole, intake::HoldReason},
    people::person::Identity,
    ticket::Status,
};
use docket_local::world::{HttpAnswer, World, WorldOptions};
use docket_mail::InboundMail;
use embedded_aws::{BounceKind, Fate, Verdict, Verdicts};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// An agent of the local desk.
const AGENT: &str = "ben@docket.local";

async fn world() -> World {
    World::new(WorldOptions::default()).await.unwrap()
}

async fn api(world: &World, method: &str, path: &str, body: Value) -> HttpAnswer {
    world.api(method, path, None, &body).await.unwrap()
}

/// Sets the first mailbox; the functions see it once what they know of the set-up is old.
async fn set_mailbox(world: &mut World, extras: Value) {
    let body = json!({ "recipient_address": { "docket": extras } });
    let answer = api(world, "PUT", "recipient_addresses/1", body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    world.pass(SignedDuration::from_mins(1)).await;
}

async fn take_in(world: &mut World, raw: &str, recipients: &[&str]) {
    world.receive(raw, recipients, false);
    world.settle().await;
}

fn newest(world: &World) -> (InboundMail, Vec<String>) {
    let sent = world.local.aws.sent_mails().pop().unwrap();
    (
        docket_mail::read(&sent.as_received, None).unwrap(),
        sent.destinations,
    )
}

async fn requester(world: &World, number: u64) -> String {
    let ticket = world
        .local
        .desk
        .tickets()
        .get(TicketNumber(number))
        .await
        .unwrap()
        .unwrap();
    let person = world
        .local
        .desk
        .people()
        .get(ticket.requester)
        .await
        .unwrap()
        .unwrap();
    person.email.unwrap()
}

async fn text(world: &World, number: u64, at: usize) -> String {
    let file = file(world, number).await;
    let comment = &file.comments[at];
    world
        .local
        .desk
        .blobs()
        .body_of(TicketNumber(number), comment)
        .await
        .unwrap()
        .text
}

#[test]
fn an_answer_leaves_from_the_alias_that_was_written_to_within_its_templates() {
    in_world(async {
        let mut world = world().await;
        set_mailbox(
            &mut world,
            json!({
                "aliases": ["hilfe@in.docket.local"],
                "signature": "{{ agent }}\n{{ mailbox }}",
                "answer_template": "Guten Tag,\n\n{{ content }}\n\n{{ signature }}",
                "acknowledgement_subject": "Ihre Anfrage",
                "acknowledgement_template": "Ihre Nummer ist {{ ticket }}.",
            }),
        )
        .await;
        let help = mail("eve@example.com", "m1@example.com", "", "Hilfe!");
        // To the mailbox and its alias: one contact.
        take_in(
            &mut world,
            &help,
            &["hilfe@in.docket.local", "support@in.docket.local"],
        )
        .await;
        assert_eq!(world.local.desk.tickets().last_number().await.unwrap(), 1);
        let (told, _) = newest(&world);
        assert_eq!(told.subject, "Ihre Anfrage (ticket 1)");
        assert_eq!(told.text, "Ihre Nummer ist 1.");
        assert_eq!(told.from.unwrap().address, "hilfe@in.docket.local");

        assert!(answer(&world, 1, "Wir kommen.", false).await);
        world.settle().await;
        let (reply, _) = newest(&world);
        let from = reply.from.clone().unwrap();
        assert_eq!(from.address, "hilfe@in.docket.local");
        let text = reply.text.clone();
        assert!(text.starts_with("Guten Tag,\n\nWir kommen.\n\n"), "{text:?}");
        assert!(text.trim_end().ends_with(&from.name.unwrap()), "{text:?}");
        let signed = reply.reply_to.unwrap().address;
        assert!(signed.starts_with("hilfe+1."), "{signed}");
        let more = mail("eve@example.com", "m2@example.com", "", "Danke.");
        take_in(&mut world, &more, &[&signed]).await;
        assert_eq!(file(&world, 1).await.comments.len(), 3);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn who_wrote_into_a_contact_form_is_the_requester_and_gains_nothing_by_it() {
    in_world(async {
        let mut world = world().await;
        set_mailbox(&mut world, json!({ "contact_forms": ["form@shop.example"] })).await;
        let own = mail("eve@example.com", "m1@example.com", "", "Help!");
        take_in(&mut world, &own, &[]).await;
        let by_form = |id: &str, writer: &str, more: &str| {
            let fields = format!("Reply-To: {writer}\r\nAuto-Submitted: auto-generated\r\n{more}");
            mail("Shop <form@shop.example>", id, &fields, "Where is my parcel?")
        };
        take_in(
            &mut world,
            &by_form("f1@shop.example", "Kim <kim@example.org>", ""),
            &[],
        )
        .await;
        assert_eq!(requester(&world, 2).await, "kim@example.org");
        let comment = file(&world, 2).await.comments.remove(0);
        assert_eq!(comment.automatic, None, "a person wrote it");
        assert_eq!(
            comment.mail.unwrap().contact_form.as_deref(),
            Some("form@shop.example")
        );
        assert_eq!(
            newest(&world).1,
            ["kim@example.org"],
            "they are told that we have it"
        );

        // The form's domain does not vouch for what a visitor types into it.
        let forged = by_form(
            "f2@shop.example",
            "eve@example.com",
            "In-Reply-To: <m1@example.com>\r\n",
        );
        take_in(&mut world, &forged, &[]).await;
        assert_eq!(file(&world, 1).await.comments.len(), 1);
        assert_eq!(world.local.desk.tickets().last_number().await.unwrap(), 3);
        // Another sender's Reply-To is only where answers are wanted.
        let other = mail(
            "ann@example.net",
            "o1@example.net",
            "Reply-To: boss@example.net\r\n",
            "Hello",
        );
        take_in(&mut world, &other, &[]).await;
        assert_eq!(requester(&world, 4).await, "ann@example.net");
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn people_whom_an_agent_puts_in_copy_get_what_comes_after_and_may_write() {
    in_world(async {
        let mut world = world().await;
        let copied = "To: support@in.docket.local, Dan <dan@example.org>\r\nCc: Bob <bob@example.org>\r\n";
        take_in(
            &mut world,
            &mail("eve@example.com", "m1@example.com", copied, "Help!"),
            &[],
        )
        .await;
        let first = file(&world, 1).await.comments.remove(0).mail.unwrap();
        let kept: Vec<_> = first.copied.iter().map(|other| other.address.as_str()).collect();
        assert_eq!(kept, ["dan@example.org", "bob@example.org"]);

        let put = json!({ "ticket": {
            "comment": { "body": "Which printer?", "public": true },
            "email_ccs": [{ "user_email": "bob@example.org", "user_name": "Bob", "action": "put" }],
        } });
        assert_eq!(api(&world, "PUT", "tickets/1", put).await.status, 200);
        world.settle().await;
        let (reply, recipients) = newest(&world);
        assert_eq!(recipients, ["eve@example.com", "bob@example.org"]);
        assert_eq!(reply.cc.len(), 1);
        let shown = api(&world, "GET", "tickets/1/email_ccs", Value::Null).await.body;
        assert_eq!(shown["users"][0]["email"], "bob@example.org");

        let signed = reply.reply_to.unwrap().address;
        let unknown = Verdicts {
            dmarc: Verdict::Gray,
            ..Verdicts::PASS
        };
        world.receive_judged(
            &mail("bob@example.org", "b1@example.org", "", "The red one."),
            &[&signed],
            unknown,
            Fate::Once,
        );
        world.receive(
            &mail("dan@example.org", "d1@example.org", "", "Me too."),
            &[&signed],
            false,
        );
        world.settle().await;
        let mut roles: Vec<_> = file(&world, 1)
            .await
            .comments
            .iter()
            .map(|c| (c.role, c.public))
            .collect();
        roles.sort_by_key(|(role, _)| format!("{role:?}"));
        let expected = [
            (AuthorRole::Agent, true),
            (AuthorRole::Participant, true),
            (AuthorRole::Requester, true),
            (AuthorRole::ThirdParty, false),
        ];
        assert_eq!(roles, expected);

        let take = json!({ "ticket": {
            "comment": { "body": "It is on its way.", "public": true },
            "email_ccs": [{ "user_email": "bob@example.org", "action": "delete" }],
        } });
        assert_eq!(api(&world, "PUT", "tickets/1", take).await.status, 200);
        world.settle().await;
        assert_eq!(newest(&world).1, ["eve@example.com"]);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn what_an_agent_passes_on_is_the_ticket_of_whoever_wrote_it() {
    in_world(async {
        let mut world = world().await;
        let agent = Identity::email(AGENT);
        let agent = world
            .local
            .desk
            .people()
            .find(&agent)
            .await
            .unwrap()
            .expect("an agent of the local desk");
        let forward = format!(
            "From: Ben <{AGENT}>\r\nSubject: Fwd: Parcel\r\nMessage-ID: <w1@docket.local>\r\n\r\nA bit rude, this one.\r\n\r\n\
             ---------- Forwarded message ---------\r\nFrom: Kim <kim@example.org>\r\nDate: Mon, 2 Mar 2026 at 09:00\r\n\
             Subject: Parcel\r\nTo: <{AGENT}>\r\n\r\nWhere is it?\r\n"
        );
        take_in(&mut world, &forward, &[]).await;
        assert_eq!(requester(&world, 1).await, "kim@example.org");
        let opened = file(&world, 1).await;
        assert_eq!(opened.ticket.subject, "Parcel");
        let parts: Vec<_> = opened
            .comments
            .iter()
            .map(|c| (c.author == agent.id, c.role, c.public))
            .collect();
        assert_eq!(
            parts,
            [
                (false, AuthorRole::Requester, true),
                (true, AuthorRole::Agent, false)
            ]
        );
        let (shown, inside) = (text(&world, 1, 0).await, text(&world, 1, 1).await);
        assert!(
            shown.contains("Where is it?") && !shown.contains("rude"),
            "{shown:?}"
        );
        assert!(inside.contains("rude") && inside.contains("Where is it?"));
        assert_eq!(world.local.aws.sent_count(), 0, "the agent answers first");

        // Nobody vouches for this one.
        let unknown = Verdicts {
            dmarc: Verdict::Gray,
            ..Verdicts::PASS
        };
        world.receive_judged(&forward.replace("w1@", "w2@"), &[], unknown, Fate::Once);
        world.settle().await;
        let held = world.local.desk.held().get(1).await.unwrap().unwrap();
        assert_eq!(held.reason, HoldReason::UnverifiedAgent);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_program_that_answers_every_mail_reopens_a_ticket_five_times_in_three_hours() {
    in_world(async {
        let mut world = world().await;
        take_in(
            &mut world,
            &mail("eve@example.com", "m0@example.com", "", "Help!"),
            &[],
        )
        .await;
        for round in 1..=6 {
            assert!(answer(&world, 1, &format!("Solved, round {round}."), true).await);
            world.settle().await;
            let threaded = "In-Reply-To: <m0@example.com>\r\n";
            let again = mail(
                "eve@example.com",
                &format!("m{round}@example.com"),
                threaded,
                &format!("Round {round}"),
            );
            take_in(&mut world, &again, &[]).await;
            world.pass(SignedDuration::from_mins(2)).await;
        }
        assert_eq!(status(&world, 1).await, Status::Solved, "the sixth has to wait");
        let told = file(&world, 1).await;
        assert!(
            told.events
                .iter()
                .any(|event| event.fact.name() == "ReopenHeldBack")
        );
        assert_eq!(told.comments.len(), 13, "nothing is lost");
        world.pass(SignedDuration::from_hours(3)).await;
        assert_eq!(status(&world, 1).await, Status::Open, "and is not left behind");
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn a_mail_to_two_mailboxes_is_an_answer_at_one_and_a_linked_ticket_at_the_other() {
    in_world(async {
        let mut world = world().await;
        let sales = json!({ "recipient_address": { "email": "sales@in.docket.local", "name": "Sales" } });
        assert_eq!(
            api(&world, "POST", "recipient_addresses", sales).await.status,
            201
        );
        world.pass(SignedDuration::from_mins(1)).await;
        take_in(
            &mut world,
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
        )
        .await;
        assert!(answer(&world, 1, "Which printer?", false).await);
        world.settle().await;
        let signed = newest(&world).0.reply_to.unwrap().address;
        let threaded = "In-Reply-To: <m1@example.com>\r\n";
        let reply = mail(
            "eve@example.com",
            "m2@example.com",
            threaded,
            "The red one. Sales, too?",
        );
        take_in(&mut world, &reply, &[&signed, "sales@in.docket.local"]).await;
        assert_eq!(file(&world, 1).await.comments.len(), 3, "once on her ticket");
        let number = world.local.desk.tickets().last_number().await.unwrap();
        let at_sales = file(&world, number).await.ticket;
        assert_eq!(
            (at_sales.follows, at_sales.number),
            (Some(TicketNumber(1)), TicketNumber(2))
        );
        let by_id = mail(
            "eve@example.com",
            "m3@example.com",
            threaded,
            "To both once more.",
        );
        take_in(
            &mut world,
            &by_id,
            &["support@in.docket.local", "sales@in.docket.local"],
        )
        .await;
        assert_eq!(file(&world, 1).await.comments.len(), 4);
    });
}

#[test]
fn copies_named_with_a_new_ticket_get_its_first_answer_and_each_bounce_is_told() {
    in_world(async {
        let mut world = world().await;
        for address in ["bob@example.org", "dan@example.org"] {
            world.local.aws.bounce_mail_to(address, BounceKind::Permanent);
        }
        let body = json!({ "ticket": {
            "subject": "Your order", "submitter_id": 1,
            "comment": { "body": "It is delayed.", "public": true },
            "requester": { "name": "Eve", "email": "eve@example.com" },
            "email_ccs": [{ "user_email": "bob@example.org" }, { "user_email": "dan@example.org" }, { "user_email": "eve@example.com" }],
        } });
        assert_eq!(api(&world, "POST", "tickets", body).await.status, 201);
        world.settle().await;
        assert_eq!(
            newest(&world).1,
            ["eve@example.com", "bob@example.org", "dan@example.org"]
        );
        let told = file(&world, 1).await.events;
        let told: Vec<_> = told
            .iter()
            .filter(|event| event.fact.name() == "DeliveryReported")
            .collect();
        let words = format!("{told:?}");
        assert!(
            words.contains("bob@example.org") && words.contains("dan@example.org"),
            "{words}"
        );
        // The dead ones are left out from then on, and the requester is answered.
        assert!(answer(&world, 1, "It is on its way.", false).await);
        world.settle().await;
        assert_eq!(newest(&world).1, ["eve@example.com"]);
    });
}

#[test]
fn an_alias_that_is_taken_away_leaves_no_conversation_without_a_way_back() {
    in_world(async {
        let mut world = world().await;
        set_mailbox(&mut world, json!({ "aliases": ["hilfe@in.docket.local"] })).await;
        take_in(
            &mut world,
            &mail("eve@example.com", "m1@example.com", "", "Hilfe!"),
            &["hilfe@in.docket.local"],
        )
        .await;
        set_mailbox(&mut world, json!({ "aliases": [] })).await;
        assert!(answer(&world, 1, "Wir kommen.", false).await);
        world.settle().await;
        let (reply, _) = newest(&world);
        assert_eq!(reply.from.unwrap().address, "support@in.docket.local");
        let signed = reply.reply_to.unwrap().address;
        take_in(
            &mut world,
            &mail("eve@example.com", "m2@example.com", "", "Danke."),
            &[&signed],
        )
        .await;
        assert_eq!(file(&world, 1).await.comments.len(), 3);
    });
}

#[test]
fn a_mail_that_an_agent_attaches_is_read_for_its_author() {
    in_world(async {
        let mut world = world().await;
        let forward = format!(
            "From: Ben <{AGENT}>\r\nSubject: Fwd: Parcel\r\nMessage-ID: <w1@docket.local>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nCan we help him?\r\n--b\r\n\
             Content-Type: message/rfc822\r\n\r\nFrom: Kim <kim@example.org>\r\nSubject: Parcel\r\n\
             Message-ID: <k1@example.org>\r\n\r\nWhere is it?\r\n--b--\r\n"
        );
        take_in(&mut world, &forward, &[]).await;
        assert_eq!(requester(&world, 1).await, "kim@example.org");
        assert_eq!(text(&world, 1, 0).await.trim(), "Where is it?");
        assert_eq!(text(&world, 1, 1).await.trim(), "Can we help him?");
    });
}

#[test]
fn html_of_an_agent_goes_out_made_safe_with_its_text() {
    in_world(async {
        let mut world = world().await;
        take_in(
            &mut world,
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
        )
        .await;
        let html = "<p>Dear <b>Eve</b>,<script>x()</script></p><p>see <a href=\"https://docket.example/\">here</a></p>";
        let body = json!({ "ticket": { "comment": { "html_body": html, "public": true } } });
        assert_eq!(api(&world, "PUT", "tickets/1", body).await.status, 200);
        world.settle().await;
        let (reply, _) = newest(&world);
        let html = reply.html.unwrap();
        assert!(html.contains("<b>Eve</b>") && !html.contains("script"), "{html}");
        assert!(reply.text.starts_with("Dear Eve,"), "{}", reply.text);
    });
}

//! What the pages show.

use crate::world::{BEN, CLEO, World};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use docket_desk::tickets::NewAttachment;
use docket_domain::{
    configuration::Group,
    contact::comment::{CommentBody, HandOff},
    ticket::{Actor, Status, Update},
    triage::{Findings, LikelyDuplicate},
};
use docket_projection::{Counters, Projections};
use jiff::SignedDuration;

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");

#[tokio::test]
async fn the_list_shows_an_assigned_ticket_with_its_promise_and_counts() {
    let world = World::new().await.unwrap();
    let number = world
        .mail(ANN, "Where is my order?", "It is late.")
        .await
        .unwrap();
    world.triage(number).await.unwrap();
    world.assign(number).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(3));
    let agent = world
        .desk
        .tickets()
        .get(number)
        .await
        .unwrap()
        .unwrap()
        .assignee
        .unwrap();
    Projections::new(&world.desk, &Counters).catch_up().await.unwrap();
    let page = world.browser(agent).await.get("/agent/tickets?view=mine").await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows("Where is my order?");
    page.shows("Ann Lee");
    page.shows(">5 h</abbr>");
    page.shows("First reply due 2 Mar 2026, 16:00 UTC");
    page.shows("id=\"view-mine\" title=\"Mine\" aria-current=\"page\">");
    page.shows("<span>Mine</span> <b class=\"count\">1</b>");
    page.shows("<span>Unassigned</span> <b class=\"count\">0</b>");
    page.hides("due within the hour");
    let browser = world.browser(agent).await;
    for (hours, said, unsaid) in [
        (4, "1 due within the hour", "1 overdue"),
        (2, "1 overdue", "1 due within"),
    ] {
        world.clock.advance(SignedDuration::from_mins(60 * hours + 10));
        for view in ["mine", "open"] {
            let page = browser.get(&format!("/agent/tickets?view={view}")).await;
            page.shows(said);
            page.hides(unsaid);
        }
    }
}

#[tokio::test]
async fn a_ticket_that_no_rule_has_seen_yet_is_unassigned() {
    let world = World::new().await.unwrap();
    world.mail(ANN, "Fresh", "hello").await.unwrap();
    let browser = world.browser(BEN).await;
    browser.get("/agent/tickets?view=unassigned").await.shows("Fresh");
    browser
        .get("/agent/tickets?view=mine")
        .await
        .shows("Nothing waits for you");
}

#[tokio::test]
async fn a_solved_ticket_leaves_the_open_ones_for_the_recently_solved() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Done soon", "hello").await.unwrap();
    let solved = Update {
        status: Some(Status::Solved),
        ..Update::default()
    };
    world
        .write(number, Actor::Agent(BEN), "Done.", true, solved)
        .await
        .unwrap();
    let browser = world.browser(BEN).await;
    browser.get("/agent/tickets").await.hides("Done soon");
    browser.get("/agent/tickets?view=solved").await.shows("Done soon");
}

#[tokio::test]
async fn a_ticket_shows_thread_events_and_why_it_is_here() {
    let world = World::new().await.unwrap();
    let number = world
        .mail(ANN, "Urgent: brakes", "They fail.\n> you wrote")
        .await
        .unwrap();
    world.triage(number).await.unwrap();
    world.assign(number).await.unwrap();
    world
        .write(number, Actor::Agent(CLEO), "Looks bad", false, Update::default())
        .await
        .unwrap();
    let page = world
        .browser(BEN)
        .await
        .get(&format!("/agent/tickets/{number}"))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows("<p>They fail.</p>");
    page.shows("<blockquote>&#62; you wrote</blockquote>");
    page.shows("note, colleagues only by Cleo Marsh");
    page.shows("Triaged to Support: priority urgent because the contact uses a word of urgency");
    page.shows("Acknowledgement of receipt: Waiting to be sent");
    page.shows("<th scope=\"row\">urgent words</th>");
    page.shows("0 of 20");
    page.shows("To Ann Lee &#60;ann@shop.example&#62;, from support@in.docket.local");
    page.shows("Due in 8 h");
}

#[tokio::test]
async fn a_likely_duplicate_is_a_link_to_the_other_ticket_and_says_how_alike_they_are() {
    let world = World::new().await.unwrap();
    let first = world.mail(ANN, "Brakes", "They fail.").await.unwrap();
    let second = world.mail(ANN, "Brakes again", "They fail!").await.unwrap();
    let found = Findings {
        language: Some("en".to_owned()),
        duplicate: Some(LikelyDuplicate {
            ticket: first,
            likeness_percent: 71,
            same_subject: false,
        }),
    };
    world.triage_finding(second, found).await.unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get(&format!("/agent/tickets/{second}")).await;
    page.shows("<li id=\"property-duplicate\"><span class=\"q\">Maybe a duplicate of</span>");
    page.shows(&format!(
        "name=\"other\" value=\"{first}\">Merge into it</button>"
    ));
    page.shows("<dd id=\"property-language\">en</dd>");
    page.shows(&format!(
        "Ticket {first} has another subject and 71 % of its words in common with this one."
    ));
    let page = browser.get(&format!("/agent/tickets/{first}")).await;
    page.hides("property-duplicate");
}

#[tokio::test]
async fn a_hand_off_shows_what_the_bot_collected_and_said() {
    let world = World::new().await.unwrap();
    let hand_off: HandOff = serde_json::from_value(serde_json::json!({
        "reason": "asked for a person", "confidence": 0.42, "summary": "Wants a refund",
        "collected": {"order": "HB-1042"}, "bot": "Pedal 2.1",
        "transcript": [{"who": "user", "text": "refund please"}, {"who": "bot", "text": "One moment"}],
    }))
    .unwrap();
    let body = CommentBody {
        text: "refund please".into(),
        hand_off: Some(hand_off),
        ..CommentBody::default()
    };
    let number = world
        .contact(ANN, "Refund", body, vec![], Some("bot"))
        .await
        .unwrap();
    let page = world
        .browser(BEN)
        .await
        .get(&format!("/agent/tickets/{number}"))
        .await;
    for words in [
        "Wants a refund",
        "HB-1042",
        "42 %",
        "Pedal 2.1",
        "One moment",
        "Transcript, 2 lines",
    ] {
        page.shows(words);
    }
    page.shows("To Ann Lee, through channel bot");
    page.hides("Original mail");
}

#[tokio::test]
async fn the_requesters_other_tickets_are_listed() {
    let world = World::new().await.unwrap();
    let first = world.mail(ANN, "The first one", "a").await.unwrap();
    let second = world.mail(ANN, "The second one", "b").await.unwrap();
    let page = world
        .browser(BEN)
        .await
        .get(&format!("/agent/tickets/{second}"))
        .await;
    page.shows(&format!(
        "<a class=\"cut\" href=\"/agent/tickets/{first}\" dir=\"auto\">The first one</a>"
    ));
}

#[tokio::test]
async fn files_and_the_original_are_handed_out_to_be_saved() {
    let world = World::new().await.unwrap();
    let file = NewAttachment {
        name: "brake.html".into(),
        content_type: "text/html".into(),
        inline: false,
        content_id: None,
        bytes: b"<script>alert(1)</script>"[..].into(),
    };
    let body = CommentBody {
        text: "see file".into(),
        ..CommentBody::default()
    };
    let number = world.contact(ANN, "File", body, vec![file], None).await.unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get(&format!("/agent/tickets/{number}")).await.text();
    let at = page
        .find(&format!("/agent/tickets/{number}/attachments/"))
        .unwrap();
    let href = page[at..].split('"').next().unwrap().to_owned();
    let file = browser.get(&href).await;
    assert_eq!(file.bytes, b"<script>alert(1)</script>");
    assert_eq!(file.header("content-type"), "application/octet-stream");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(
        file.header("content-disposition")
            .starts_with("attachment; filename=\"brake.html\"")
    );
    let original = browser
        .get(&format!("/agent/tickets/{number}/comments/2/original"))
        .await;
    assert!(original.text().starts_with("From: ann@shop.example"));
    assert!(original.header("content-disposition").starts_with("attachment"));
}

#[tokio::test]
async fn a_long_thread_shows_its_end_and_a_way_to_its_beginning() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Long", "the very first words").await.unwrap();
    for n in 1..=30 {
        world
            .write(
                number,
                Actor::Agent(CLEO),
                &format!("note {n}."),
                false,
                Update::default(),
            )
            .await
            .unwrap();
    }
    let browser = world.browser(BEN).await;
    let page = browser.get(&format!("/agent/tickets/{number}")).await;
    page.shows("1 earlier message and ");
    page.shows("note 30.");
    page.hides("the very first words");
    let text = page.text();
    let (before, _) = text.split_once("#conversation\" id=\"earlier\"").unwrap();
    let (_, href) = before.rsplit_once("href=\"").unwrap();
    let earlier = browser.get(href).await;
    earlier.shows("the very first words");
    earlier.hides("note 30.");
    earlier.shows("To the newest messages");
}

#[tokio::test]
async fn assets_are_kept_for_ever_and_stay_small() {
    let world = World::new().await.unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get("/agent/tickets").await;
    assert!(page.bytes.len() < 60_000);
    let mut bytes = 0;
    for (start, end) in [
        ("href=\"/agent/assets/desk.", "css"),
        ("src=\"/agent/assets/desk.", "js"),
    ] {
        let text = page.text();
        let at = text.find(start).unwrap() + start.find('/').unwrap();
        let href = text[at..].split('"').next().unwrap().to_owned();
        assert!(href.ends_with(end), "{href}");
        let asset = browser.get(&href).await;
        assert_eq!(
            asset.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        let packed = Request::get(&href)
            .header(header::COOKIE, &browser.cookie)
            .header(header::ACCEPT_ENCODING, "gzip");
        bytes += browser
            .send(packed.body(Body::empty()).unwrap())
            .await
            .bytes
            .len();
    }
    assert!(bytes <= 20_000, "{bytes}");
}

#[tokio::test]
async fn pages_are_compressed_for_whoever_takes_that_and_files_come_as_they_are() {
    let world = World::new().await.unwrap();
    let file = NewAttachment {
        name: "long.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        inline: false,
        content_id: None,
        bytes: vec![b'x'; 5_000].into(),
    };
    let body = CommentBody {
        text: "See the file.".to_owned(),
        ..CommentBody::default()
    };
    let number = world.contact(ANN, "Hello", body, vec![file], None).await.unwrap();
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}");
    let plain = browser.get(&path).await;
    assert_eq!(plain.header("content-encoding"), "");
    let digest = plain.text().split("/attachments/").nth(1).unwrap()[..64].to_owned();
    let compressed = async |path: &str| {
        let request = Request::get(path)
            .header(header::COOKIE, &browser.cookie)
            .header(header::ACCEPT_ENCODING, "gzip, br");
        browser.send(request.body(Body::empty()).unwrap()).await
    };
    let packed = compressed(&path).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(packed.header("vary"), "accept-encoding");
    assert!(
        packed.bytes.len() * 2 < plain.bytes.len(),
        "{}",
        packed.bytes.len()
    );
    let file = compressed(&format!("{path}/attachments/{digest}")).await;
    assert_eq!((file.header("content-encoding"), file.bytes.len()), ("", 5_000));
}

#[tokio::test]
async fn what_forms_send_back_is_another_on_each_page_and_all_of_it_is_taken() {
    let world = World::new().await.unwrap();
    let browser = world.browser(BEN).await;
    let (first, second) = (
        browser.get("/agent/tickets").await,
        browser.get("/agent/tickets").await,
    );
    assert_ne!(first.field("csrf"), second.field("csrf"));
    for page in [first, second] {
        let fields = [("csrf", page.field("csrf")), ("status", "online".to_owned())];
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let sent = browser.post("/agent/availability", &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn what_is_not_there_says_so() {
    let world = World::new().await.unwrap();
    let browser = world.browser(BEN).await;
    for path in [
        "/agent/tickets/77",
        "/agent/tickets/x",
        "/agent/nothing",
        "/agent/assets/desk.css",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        page.shows("There is no such page");
    }
}

#[tokio::test]
async fn a_page_of_a_desk_with_ninety_nine_groups_costs_what_one_of_a_desk_with_one_does() {
    let world = World::new().await.unwrap();
    world.mail(ANN, "Where is it?", "My order.").await.unwrap();
    let browser = world.browser(BEN).await;
    let calls = async || {
        world.aws.reset_calls();
        browser
            .get("/agent/tickets?view=mine")
            .await
            .shows("<h1>Mine</h1>");
        world.aws.calls()
    };
    // What is kept for half a minute is read by the first.
    calls().await;
    let before = calls().await;
    for n in 2..=99 {
        let now = world.desk.now();
        let make = |id| Group::new(id, &format!("Group {n}"), now);
        world
            .desk
            .groups()
            .create(world.desk.by_system("a test"), make)
            .await
            .unwrap()
            .unwrap();
    }
    assert_eq!(calls().await, before);
}

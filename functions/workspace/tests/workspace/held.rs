//! Mail that was held: who sees it, who may let it in or throw it away, and what is said of it.

use crate::{
    browser::{Browser, Page},
    listing::href,
    world::{ADMIN, BEN, CLEO, MAILBOX, World},
};
use axum::http::StatusCode;
use docket_desk::{HeldContact, Preview};
use docket_domain::{PersonId, TicketNumber, contact::intake::HoldReason};
use docket_store::blob::FileContent;
use jiff::SignedDuration;

const LIST: &str = "/agent/held";

/// Mail that is held, as intake stores it.
async fn hold(world: &World, reason: HoldReason, subject: &str, text: &str) -> u64 {
    let desk = &world.desk;
    let id = desk.held().next_number().await.unwrap();
    let raw = format!(
        "From: Eve Noor <eve@example.com>\r\nTo: {MAILBOX}\r\nSubject: {subject}\r\n\
         Message-ID: <held-{id}@example.com>\r\n\r\n{text}\r\n"
    );
    let file = FileContent {
        bytes: raw.into(),
        content_type: "message/rfc822".to_owned(),
    };
    let place = TicketNumber(900_000);
    let stored = desk.blobs().put_files(place, &[file]).await.unwrap();
    let held = HeldContact {
        id,
        v: 1,
        at: desk.now(),
        accepted_at: None,
        reason,
        detail: String::new(),
        mailbox: MAILBOX.to_owned(),
        ses_id: format!("ses-held-{id}"),
        stored_at: format!("blob/main/{place}/{}", stored[0].digest),
        preview: Preview {
            from: "eve@example.com".to_owned(),
            name: "Eve Noor".to_owned(),
            subject: subject.to_owned(),
            message_id: None,
            text: text.chars().take(40).collect(),
        },
        resolution: None,
    };
    let write = desk.held().write(&held).unwrap();
    desk.commit_writes(vec![], vec![write]).await.unwrap();
    id
}

/// Decides about these, as the page of one and the bar of the list do it.
async fn decide(browser: &Browser, ids: &[u64], act: &str, reason: &str) -> Page {
    let csrf = browser.get("/agent/tickets").await.field("csrf");
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let mut fields = vec![("csrf", csrf.as_str()), ("act", act), ("reason", reason)];
    fields.extend(ids.iter().map(|id| ("t", id.as_str())));
    browser.post(LIST, &fields).await
}

/// What the list says became of it.
async fn said(browser: &Browser, answer: &Page) -> (Page, String) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = browser.get(answer.header("location")).await;
    let text = page.text();
    let at = text.find("id=\"done\"><span>").unwrap() + "id=\"done\"><span>".len();
    let words = text[at..].split("</span>").next().unwrap().to_owned();
    (page, words)
}

async fn decided(world: &World, by: PersonId, ids: &[u64], act: &str, reason: &str) -> String {
    let browser = world.browser(by).await;
    let answer = decide(&browser, ids, act, reason).await;
    said(&browser, &answer).await.1
}

fn listed(page: &Page) -> Vec<u64> {
    let text = page.text();
    let rows = text.split("<li id=\"held-").skip(1);
    rows.map(|row| row.split('"').next().unwrap().parse().unwrap())
        .collect()
}

#[tokio::test]
async fn the_list_says_who_wrote_what_and_why_it_is_held_and_whoever_works_here_lets_it_in() {
    let world = World::new().await.unwrap();
    let first = hold(&world, HoldReason::Spam, "<b>Lamps</b>", "Do you sell lamps?").await;
    world.clock.advance(SignedDuration::from_mins(5));
    let second = hold(&world, HoldReason::UnknownMailbox, "Order 7", "Where is it?").await;
    let ben = world.browser(BEN).await;
    let page = ben.get(LIST).await;
    assert_eq!(listed(&page), [second, first]);
    page.shows("Eve Noor &#60;eve@example.com&#62;");
    page.shows("&#60;b&#62;Lamps&#60;/b&#62;");
    page.shows("<span class=\"pill \">Spam</span>");
    page.shows("<span class=\"pill \">No such mailbox</span>");
    page.shows("id=\"view-held\" title=\"Held mail\" aria-current=\"page\"");
    page.shows("<span>Held mail</span> <b class=\"count\">2</b>");

    let path = format!("{LIST}/{first}");
    let mail = ben.get(&path).await;
    mail.shows("Held: the receiving service takes it for spam.");
    mail.shows("<p dir=\"auto\">Do you sell lamps?");
    let original = ben.get(&format!("{path}/original")).await;
    assert!(original.text().starts_with("From: Eve Noor"));
    let disposition = original.header("content-disposition");
    assert!(disposition.starts_with(&format!("attachment; filename=\"held-{first}.eml\"")));

    let (page, words) = said(&ben, &decide(&ben, &[first], "release", "a customer").await).await;
    assert_eq!(words, "1 let in");
    page.shows("<a class=\"b\" href=\"/agent/tickets/1\" id=\"let-in-as\">Ticket 1</a>");
    assert_eq!(listed(&page), [second]);
    page.shows("<span>Held mail</span> <b class=\"count\">1</b>");
    let ticket = world.desk.tickets().get(TicketNumber(1)).await.unwrap().unwrap();
    assert_eq!(ticket.subject, "<b>Lamps</b>");
    let mail = ben.get(&path).await;
    mail.shows("Let in by Ben Okafor");
    mail.shows("<p dir=\"auto\">a customer</p>");
    mail.hides("id=\"decide\"");
    // Sent again it is where it is.
    assert_eq!(decided(&world, CLEO, &[first], "release", "").await, "1 let in");
    assert_eq!(world.desk.tickets().get(TicketNumber(2)).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_discarded_leaves_the_list_and_keeps_its_reason_and_its_original() {
    let world = World::new().await.unwrap();
    let id = hold(&world, HoldReason::UnverifiedAgent, "New account", "Pay here.").await;
    let ben = world.browser(BEN).await;
    let mail = ben.get(&format!("{LIST}/{id}")).await;
    // Letting in what may be forged is asked for twice.
    mail.shows("popovertarget=\"let-in-menu\" id=\"let-in\">Let in</button>");
    mail.shows("carries that colleague\u{2019}s name");
    assert_eq!(
        decided(&world, BEN, &[id], "discard", "forged").await,
        "1 discarded"
    );
    let list = ben.get(LIST).await;
    list.shows("No mail waits for a decision");
    list.shows("<span>Held mail</span> <b class=\"count\">0</b>");
    let mail = ben.get(&format!("{LIST}/{id}")).await;
    mail.shows("Discarded by Ben Okafor");
    mail.shows("<p dir=\"auto\">forged</p>");
    let original = ben.get(&format!("{LIST}/{id}/original")).await;
    assert_eq!(original.status, StatusCode::OK);
    // Who decides otherwise later is told so.
    assert_eq!(
        decided(&world, CLEO, &[id], "release", "").await,
        "1 decided otherwise by somebody before"
    );
    assert_eq!(world.desk.tickets().get(TicketNumber(1)).await.unwrap(), None);
}

#[tokio::test]
async fn what_may_harm_is_an_admins_to_decide_and_is_not_read_for_a_page() {
    let world = World::new().await.unwrap();
    let harmful = hold(
        &world,
        HoldReason::Virus,
        "Invoice",
        "Open the file, it is long enough to be cut.",
    )
    .await;
    let harmless = hold(&world, HoldReason::Spam, "Lamps", "Buy lamps.").await;
    let ben = world.browser(BEN).await;
    let list = ben.get(LIST).await;
    list.shows("<span class=\"pill late\">Virus</span>");
    list.hides(&format!("name=\"t\" value=\"{harmful}\""));
    let path = format!("{LIST}/{harmful}");
    let mail = ben.get(&path).await;
    mail.shows("That is for an admin to decide.");
    mail.hides("id=\"decide\"");
    let original = ben.get(&format!("{path}/original")).await;
    assert_eq!(original.status, StatusCode::FORBIDDEN);
    // What an agent may decide is decided, the other is not.
    assert_eq!(
        decided(&world, BEN, &[harmful, harmless], "discard", "").await,
        "1 discarded, 1 for an admin to decide"
    );
    let admin = world.browser(ADMIN).await;
    let mail = admin.get(&path).await;
    mail.shows("id=\"decide\"");
    mail.hides("long enough to be cut");
    assert_eq!(
        decided(&world, ADMIN, &[harmful], "discard", "").await,
        "1 discarded"
    );
    assert_eq!(listed(&admin.get(LIST).await), Vec::<u64>::new());
}

#[tokio::test]
async fn what_may_be_forged_or_harm_is_let_in_on_its_own_page_only() {
    let world = World::new().await.unwrap();
    let forged = hold(&world, HoldReason::UnverifiedAgent, "New account", "Pay here.").await;
    let harmful = hold(&world, HoldReason::Virus, "Invoice", "Open the file.").await;
    let harmless = hold(&world, HoldReason::Spam, "Lamps", "Buy lamps.").await;
    let admin = world.browser(ADMIN).await;
    let list = admin.get(LIST).await;
    assert_eq!(list.text().matches("let in on its own page").count(), 2);
    let by_the_list = [forged, harmful, harmless];
    assert_eq!(
        decided(&world, ADMIN, &by_the_list, "release", "").await,
        "1 let in, 2 to be let in on their own page"
    );
    let mut left = listed(&admin.get(LIST).await);
    left.sort_unstable();
    assert_eq!(left, [forged, harmful]);
    let csrf = admin.get("/agent/tickets").await.field("csrf");
    let (first, second) = (forged.to_string(), harmful.to_string());
    // Nobody is sure of several at once.
    let both = [
        ("csrf", csrf.as_str()),
        ("sure", "1"),
        ("t", first.as_str()),
        ("t", second.as_str()),
    ];
    let answer = admin.post(LIST, &both).await;
    assert_eq!(said(&admin, &answer).await.1, "2 to be let in on their own page");
    let page = admin.get(&format!("{LIST}/{forged}")).await;
    page.shows("name=\"sure\" value=\"1\" id=\"let-in-all-the-same\"");
    let answer = admin.post(LIST, &both[..3]).await;
    assert_eq!(said(&admin, &answer).await.1, "1 let in");
    assert_eq!(listed(&admin.get(LIST).await), [harmful]);
}

#[tokio::test]
async fn what_can_not_be_decided_is_refused_beside_the_list() {
    let world = World::new().await.unwrap();
    let mut ids = Vec::new();
    for nth in 1..=11 {
        ids.push(hold(&world, HoldReason::Spam, &format!("Lamp {nth}"), "Buy.").await);
    }
    let ben = world.browser(BEN).await;
    for (ids, act, reason, words) in [
        (&ids[..0], "discard", "", "tick a mail first"),
        (&ids[..], "release", "", "at most 10 at once"),
        (
            &ids[..1],
            "discard",
            &*"x".repeat(501),
            "a reason has at most 500 characters",
        ),
    ] {
        let page = decide(&ben, ids, act, reason).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{act}");
        page.shows(words);
        assert_eq!(listed(&page).len(), 11, "the list is still there");
    }
    let none = decide(&ben, &ids[..1], "keep", "").await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST);
    let id = ids[0].to_string();
    let foreign = [("csrf", ""), ("act", "discard"), ("t", id.as_str())];
    assert_eq!(ben.post(LIST, &foreign).await.status, StatusCode::FORBIDDEN);
    for path in ["/agent/held/999", "/agent/held/x", "/agent/held?after=%27"] {
        assert_eq!(ben.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    // A link that says something is believed only of a page of one's own.
    ben.get("/agent/held?did=discard%7C1%7C0%7C&proof=x")
        .await
        .hides("id=\"done\"");
    assert_eq!(decided(&world, BEN, &ids, "discard", "").await, "11 discarded");
}

#[tokio::test]
async fn a_long_list_is_paged_back_and_forth() {
    let world = World::new().await.unwrap();
    let mut ids = Vec::new();
    for nth in 1..=110 {
        let reason = if nth % 3 == 0 {
            HoldReason::Virus
        } else {
            HoldReason::Spam
        };
        ids.push(hold(&world, reason, &format!("Lamp {nth}"), "Buy.").await);
        world.clock.advance(SignedDuration::from_millis(1));
    }
    ids.reverse();
    let ben = world.browser(BEN).await;
    let first = ben.get(LIST).await;
    first.shows("<span>Held mail</span> <b class=\"count\">99+</b>");
    assert_eq!(href(&first, "previous"), None);
    let second = ben.get(&href(&first, "next").unwrap()).await;
    let third = ben.get(&href(&second, "next").unwrap()).await;
    assert_eq!(href(&third, "next"), None);
    let all: Vec<u64> = [&first, &second, &third].into_iter().flat_map(listed).collect();
    assert_eq!(all, ids);
    let back = ben.get(&href(&third, "previous").unwrap()).await;
    assert_eq!(listed(&back), listed(&second));
    let begin = ben.get(&href(&back, "previous").unwrap()).await;
    assert_eq!((listed(&begin), href(&begin, "previous")), (listed(&first), None));
}

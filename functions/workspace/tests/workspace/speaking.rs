//! Pages in the reader's language and time zone.

use crate::{
    browser::{Browser, Page},
    world::{BEN, World},
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use docket_domain::{
    TicketNumber, Timestamp,
    ticket::{Actor, Priority, Update},
};

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");

/// A page for a browser that asks for a language and says in which zone it is.
async fn page_for(browser: &Browser, path: &str, language: &str, zone: &str) -> Page {
    let request = Request::get(path)
        .header(header::COOKIE, format!("{}; docket_zone={zone}", browser.cookie))
        .header(header::ACCEPT_LANGUAGE, language);
    browser.send(request.body(Body::empty()).unwrap()).await
}

async fn german(browser: &Browser, path: &str) -> Page {
    page_for(browser, path, "de-DE,de;q=0.9,en;q=0.5", "").await
}

fn stranger(world: &World) -> Browser {
    Browser {
        app: world.app.clone(),
        cookie: String::new(),
    }
}

/// A ticket on which something of everything happened.
async fn world_with_ticket() -> (World, TicketNumber) {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Where is it?", "It is late.").await.unwrap();
    world.triage(number).await.unwrap();
    world.assign(number).await.unwrap();
    let urgent = Update {
        priority: Some(Priority::Urgent),
        add_tags: vec!["late".to_owned()],
        ..Update::default()
    };
    world
        .write(number, Actor::Agent(BEN), "Look at it.", false, urgent)
        .await
        .unwrap();
    world.index().await.unwrap();
    (world, number)
}

/// English texts that are others in German.
fn english() -> Vec<String> {
    let catalogue = polib::po_file::parse_from_reader(&include_bytes!("../../locales/de.po")[..]).unwrap();
    let others = catalogue
        .messages()
        .filter(|message| message.msgstr().is_ok_and(|german| german != message.msgid()));
    others
        .map(|message| message.msgid().replace('\'', "&#39;"))
        .collect()
}

#[tokio::test]
async fn every_page_is_wholly_in_the_language_that_the_browser_asks_for() {
    let (world, number) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let english = english();
    assert!(english.len() > 500, "{}", english.len());
    for path in [
        "/agent/tickets?view=open".to_owned(),
        "/agent/tickets?view=snoozed".to_owned(),
        format!("/agent/tickets/{number}?view=open"),
        format!("/agent/tickets/{number}/sla"),
        "/agent/search".to_owned(),
        "/agent/search?q=late".to_owned(),
        "/agent/search?q=stat:open".to_owned(),
        "/agent/notifications".to_owned(),
        "/agent/sessions".to_owned(),
        "/agent/preferences".to_owned(),
        "/agent/nothing".to_owned(),
    ] {
        let page = german(&browser, &path).await;
        page.shows("<html lang=\"de\"");
        let text = page.text();
        let is_there = |words: &&String| {
            let read_out = ["aria-label", "title", "placeholder", "data-palette"];
            let is_read_out = |name: &&str| text.contains(&format!(" {name}=\"{words}\""));
            text.contains(&format!(">{words}<")) || read_out.iter().any(is_read_out)
        };
        let left: Vec<&String> = english.iter().filter(is_there).collect();
        assert_eq!(left, Vec::<&String>::new(), "{path}");
    }
}

#[tokio::test]
async fn what_happened_is_told_in_german_around_the_reasons_as_they_were_stored() {
    let (world, number) = world_with_ticket().await;
    let page = german(&world.browser(BEN).await, &format!("/agent/tickets/{number}")).await;
    page.shows("Ann Lee hat das Ticket per Mail an support@in.docket.local eröffnet");
    page.shows("auf Dringend gesetzt");
    page.shows("Ben Okafor hat die Tags late ergänzt");
    page.shows("Zugeordnet zu Support: ");
    page.shows("Notiz, nur intern");
    page.shows("gerade eben");
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_spoken_to_as_their_browser_asks() {
    let world = World::new().await.unwrap();
    let page = german(&stranger(&world), "/agent/sign-in").await;
    page.shows("<html lang=\"de\">");
    page.shows("Wer arbeitet?");
    let page = german(&stranger(&world), "/portal/solution/none").await;
    page.shows("Dieser Link gilt nicht");
    let page = page_for(&stranger(&world), "/agent/sign-in", "fr, en;q=0.2", "").await;
    page.shows("<html lang=\"en\">");
    page.shows("Who are you?");
}

#[tokio::test]
async fn the_script_speaks_the_language_of_its_page() {
    let world = World::new().await.unwrap();
    let browser = world.browser(BEN).await;
    let script = async |page: Page| {
        let text = page.text();
        let (_, rest) = text.split_once("<script src=\"").unwrap();
        let href = rest.split('"').next().unwrap().to_owned();
        browser.get(&href).await
    };
    let english = script(browser.get("/agent/tickets").await).await;
    english.shows("\"Take the answer back\"");
    english.hides("\"Antwort zurückholen\"");
    let german = script(german(&browser, "/agent/tickets").await).await;
    german.shows("\"Antwort zurückholen\"");
    german.hides("\"Take the answer back\"");
}

#[tokio::test]
async fn times_are_told_in_the_zone_that_the_browser_says() {
    let (world, _) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = page_for(&browser, "/agent/tickets?view=open", "en", "Asia/Tokyo").await;
    page.shows("<html lang=\"en\" data-zone=\"Asia/Tokyo\" data-follows>");
    page.shows("title=\"2 Mar 2026, 17:00 JST\"");
    // What is no zone is as if it had not been said.
    let page = page_for(&browser, "/agent/tickets?view=open", "en", "Mars/Olympus").await;
    page.shows("<html lang=\"en\" data-zone=\"UTC\" data-follows>");
    page.shows("title=\"2 Mar 2026, 08:00 UTC\"");
    let page = page_for(&browser, "/agent/tickets?view=open", "de", "Europe/Berlin").await;
    page.shows("title=\"2. März 2026, 09:00 CET\"");
}

#[tokio::test]
async fn an_agent_chooses_language_and_zone_and_they_stand_in_their_record() {
    let (world, number) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get("/agent/preferences").await;
    page.shows("<option value=\"Europe/Berlin\">Europe/Berlin</option>");
    page.shows("<option value=\"de\" lang=\"de\">Deutsch</option>");
    let csrf = page.field("csrf");
    let choose = async |csrf: &str, language: &str, zone: &str| {
        let fields = [("csrf", csrf), ("language", language), ("zone", zone)];
        browser.post("/agent/preferences", &fields).await
    };
    for (csrf, language, zone, status) in [
        ("x", "de", "Europe/Berlin", StatusCode::FORBIDDEN),
        (csrf.as_str(), "xx", "Europe/Berlin", StatusCode::BAD_REQUEST),
        (csrf.as_str(), "de", "Mars/Olympus", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(
            choose(csrf, language, zone).await.status,
            status,
            "{language} {zone}"
        );
    }
    let of_record = async || {
        let person = world.desk.people().get(BEN).await.unwrap().unwrap();
        (person.locale, person.time_zone)
    };
    assert_eq!(of_record().await, (None, None));

    let done = choose(&csrf, "de", "Europe/Berlin").await;
    assert_eq!(done.header("location"), "/agent/preferences?saved=1");
    let said = |words: &str| Some(words.to_owned());
    assert_eq!(of_record().await, (said("de"), said("Europe/Berlin")));
    // What was chosen goes before what the browser says.
    let page = page_for(&browser, "/agent/preferences?saved=1", "en", "Asia/Tokyo").await;
    page.shows("<html lang=\"de\" data-zone=\"Europe/Berlin\">");
    page.shows("id=\"chosen\">Gespeichert.</p>");
    page.shows("<option value=\"Europe/Berlin\" selected>");

    // A morning is one where the agent is.
    let page = browser.get(&format!("/agent/tickets/{number}")).await;
    page.shows("Morgen, 3. März, 08:00<");
    let fields = [("csrf", csrf.as_str()), ("until", "tomorrow")];
    browser
        .post(&format!("/agent/tickets/{number}/snooze"), &fields)
        .await;
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    let morning: Timestamp = "2026-03-03T07:00:00Z".parse().unwrap();
    assert_eq!(ticket.snoozed_until, Some(morning));

    choose(&csrf, "", "").await;
    assert_eq!(of_record().await, (None, None));
    browser
        .get("/agent/preferences")
        .await
        .shows("<html lang=\"en\" data-zone=\"UTC\" data-follows>");
}

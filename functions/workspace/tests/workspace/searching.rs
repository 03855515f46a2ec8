//! What is found, how it is shown, and what is said when nothing is.

use crate::{
    browser::{Browser, Page},
    world::{BEN, World},
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use docket_desk::Desk;
use docket_domain::{
    TicketNumber,
    ticket::{Actor, Status, Update},
};
use docket_search::{Answering, Basis, Finding, Found, FoundPlace, Kind, SearchAnswer, SearchRequest};
use std::sync::Arc;
use tower::ServiceExt as _;

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");
const EVE: (&str, &str) = ("eve@hill.example", "Eve Müller");

/// Two tickets about lanterns, of which the first is solved; Ben has both.
async fn world_with_lanterns() -> (World, [TicketNumber; 2]) {
    let world = World::new().await.unwrap();
    let first = world
        .mail(
            ANN,
            "Lamp",
            "Hello.\n\nMy lantern <script>alert(1)</script> is dark & cold.",
        )
        .await
        .unwrap();
    let second = world.mail(EVE, "Light", "A lantern, please.").await.unwrap();
    for (number, status, tag) in [(first, Status::Solved, "dark"), (second, Status::Open, "order")] {
        world.triage(number).await.unwrap();
        let update = Update {
            status: Some(status),
            assignee: Some(Some(BEN)),
            add_tags: vec![tag.to_owned()],
            ..Update::default()
        };
        world
            .write(number, Actor::Agent(BEN), "", true, update)
            .await
            .unwrap();
    }
    (world, [first, second])
}

/// What the index knows is no page of: this instead.
pub struct Told(pub SearchAnswer);

impl Finding for Told {
    fn find(&self, _: SearchRequest) -> Answering<'_> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// A browser on the same desk, for which somebody else searches; nobody where nobody is named.
pub async fn browser_with(world: &World, finding: Option<Told>) -> Browser {
    let mut desk = Desk::over(world.desk.store().clone());
    if let Some(finding) = finding {
        desk = desk.finding_by(Arc::new(finding));
    }
    Browser {
        app: workspace::app(desk),
        ..world.browser(BEN).await
    }
}

fn told(found: Vec<Found>, count: u64, basis: Basis) -> Told {
    Told(SearchAnswer {
        found,
        count,
        next: None,
        basis,
        facets: vec![],
    })
}

#[tokio::test]
async fn the_sentence_that_was_found_is_marked_and_stays_text() {
    let (world, [first, second]) = world_with_lanterns().await;
    world.index().await.unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get("/agent/search?q=lantern").await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows("My <mark>lantern</mark> &#60;script&#62;alert(1)&#60;/script&#62; is dark &#38; cold.");
    page.hides("<script>alert");
    page.shows("A <mark>lantern</mark>, please.");
    page.shows("<span id=\"count\">2 found</span>");
    page.shows(&format!(
        "<a class=\"cut\" href=\"/agent/tickets/{first}?q=lantern\" id=\"open-{first}\" dir=\"auto\">Lamp</a> <span class=\"push line\"><span class=\"pill\">Solved</span>"
    ));
    page.shows("<bdi>Eve Müller</bdi>, <bdi>Support</bdi>, <bdi>Ben Okafor</bdi>, changed <time");
    // The field says what was searched for, and the ticket leads back to it.
    page.shows("id=\"search\" value=\"lantern\"");
    let ticket = browser.get(&format!("/agent/tickets/{second}?q=lantern")).await;
    ticket.shows(&format!(
        "<a class=\"b flat\" href=\"/agent/search?q=lantern#open-{second}\" id=\"back\""
    ));
    for inline in ["style=", "<style", "onclick", "<script>"] {
        page.hides(inline);
    }
}

#[tokio::test]
async fn a_query_itself_is_text_too() {
    let world = World::new().await.unwrap();
    world.index().await.unwrap();
    let page = world
        .browser(BEN)
        .await
        .get("/agent/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        .await;
    page.hides("<script>");
    page.shows("&#34;&#62;&#60;script&#62;");
}

#[tokio::test]
async fn a_refused_query_is_shown_with_the_place_and_what_would_be_right() {
    let world = World::new().await.unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get("/agent/search?q=lantern+stat:open+%3Cb%3E").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.shows("can&#39;t be read at character 9");
    page.shows("<code dir=\"auto\">lantern <mark>stat:open</mark> &#60;b&#62;</code>");
    page.shows("status");
    page.shows("value=\"lantern stat:open &#60;b&#62;\"");
    let long = "ab+".repeat(1_366);
    let page = browser.get(&format!("/agent/search?q={long}")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.shows("the query has 4097 bytes, 4096 are the most");
}

#[tokio::test]
async fn what_stands_beside_narrows_it() {
    let (world, [first, second]) = world_with_lanterns().await;
    world.index().await.unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get("/agent/search?q=lantern&sort=created").await;
    for link in [
        "lantern%20status%3Asolved&#38;sort=created\"><bdi>Solved</bdi> <span class=\"count\">1</span>",
        "lantern%20group%3A1&#38;sort=created\"><bdi>Support</bdi> <span class=\"count\">2</span>",
        "lantern%20assignee%3A2&#38;sort=created\"><bdi>Ben Okafor</bdi> <span class=\"count\">2</span>",
        "lantern%20tags%3Aorder&#38;sort=created\"><bdi>order</bdi> <span class=\"count\">1</span>",
    ] {
        page.shows(&format!("<a href=\"/agent/search?q={link}"));
    }
    let only = browser.get("/agent/search?q=lantern%20status%3Asolved").await;
    only.shows(&format!("id=\"ticket-{first}\""));
    only.hides(&format!("id=\"ticket-{second}\""));
    only.shows(
        "<a href=\"/agent/search?q=lantern\" aria-current=\"true\" title=\"Take it back\"><bdi>Solved</bdi>",
    );
}

#[tokio::test]
async fn an_order_can_be_chosen_and_one_in_the_query_goes_first() {
    let (world, [first, second]) = world_with_lanterns().await;
    world.index().await.unwrap();
    let browser = world.browser(BEN).await;
    let place =
        |page: &Page, number: TicketNumber| page.text().find(&format!("id=\"ticket-{number}\"")).unwrap();
    let newest = browser.get("/agent/search?q=lantern&sort=created").await;
    assert!(place(&newest, second) < place(&newest, first));
    newest.shows("<a href=\"/agent/search?q=lantern&#38;sort=created\" aria-current=\"true\">Created</a>");
    newest.shows("<input type=\"hidden\" name=\"sort\" value=\"created\">");
    let oldest = browser
        .get("/agent/search?q=lantern+order_by:created+sort:asc&sort=created")
        .await;
    assert!(place(&oldest, first) < place(&oldest, second));
    oldest.shows("In the order that the query asks for.");
}

#[tokio::test]
async fn a_person_leads_to_their_tickets() {
    let (world, [first, second]) = world_with_lanterns().await;
    world.index().await.unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get("/agent/search?q=type:user+muller").await;
    page.shows("<a href=\"/agent/search?q=requester%3Aeve%40hill%2Eexample\" dir=\"auto\">Eve Müller</a>");
    page.shows("<bdi>eve@hill.example</bdi>");
    let theirs = browser
        .get("/agent/search?q=requester%3Aeve%40hill%2Eexample")
        .await;
    theirs.shows(&format!("id=\"ticket-{second}\""));
    theirs.hides(&format!("id=\"ticket-{first}\""));
}

#[tokio::test]
async fn without_an_index_the_page_says_what_was_looked_at() {
    let (world, [first, _]) = world_with_lanterns().await;
    let browser = world.browser(BEN).await;
    let page = browser.get("/agent/search?q=lamp").await;
    page.shows("There is no index yet");
    page.shows(&format!("id=\"ticket-{first}\""));
    let none = browser.get("/agent/search?q=lantern").await;
    none.shows("There is no index yet");
    none.shows("Nothing was found");
    none.shows("Try fewer words");
    world.index().await.unwrap();
    browser
        .get("/agent/search?q=lamp")
        .await
        .hides("There is no index yet");
}

#[tokio::test]
async fn an_answer_that_is_behind_says_so_and_marks_that_are_wrong_are_left_out() {
    let (world, [first, _]) = world_with_lanterns().await;
    let place = FoundPlace {
        text: "Ärger <b>".to_owned(),
        marks: vec![1..3, 2..99, 0..6],
        comment: 2,
        goes_on_before: true,
        goes_on_behind: false,
    };
    let found = Found {
        kind: Kind::Ticket,
        number: first.0,
        place: Some(place),
    };
    // What is gone by now is passed over.
    let gone = Found {
        kind: Kind::Organization,
        number: 99,
        place: None,
    };
    let until = "2026-03-02T07:48:00Z".parse().unwrap();
    let told = told(vec![gone, found], 1, Basis::Until(until));
    let page = browser_with(&world, Some(told))
        .await
        .get("/agent/search?q=a")
        .await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows("The search is 12 min behind: what changed since <time datetime=\"2026-03-02T07:48:00Z\"");
    page.shows("<p class=\"hit-place\" dir=\"auto\">… <mark>Ärger</mark> &#60;b&#62;</p>");
}

#[tokio::test]
async fn pages_reach_to_the_thousandth_row() {
    let (world, [first, _]) = world_with_lanterns().await;
    let found = Found {
        kind: Kind::Ticket,
        number: first.0,
        place: None,
    };
    let browser = browser_with(&world, Some(told(vec![found], 5_000, Basis::Whole))).await;
    let page = browser.get("/agent/search?q=a&page=2").await;
    page.shows("<a class=\"b\" href=\"/agent/search?q=a\" rel=\"prev\">");
    page.shows("<a class=\"b\" href=\"/agent/search?q=a&#38;page=3\" rel=\"next\">");
    page.shows(&format!("/agent/tickets/{first}?q=a&#38;page=2"));
    let last = browser.get("/agent/search?q=a&page=40").await;
    last.hides("rel=\"next\"");
    last.shows("Pages reach to the 1000th row");
    for page in ["41", "0", "x"] {
        let page = browser.get(&format!("/agent/search?q=a&page={page}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_search_that_does_not_answer_leaves_the_views_in_reach() {
    let (world, _) = world_with_lanterns().await;
    let page = browser_with(&world, None)
        .await
        .get("/agent/search?q=lantern&sort=updated")
        .await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    page.shows("The search does not answer right now");
    page.shows("<a href=\"/agent/search?q=lantern&#38;sort=updated\">Ask once more</a>");
    page.shows("id=\"view-mine\"");
}

#[tokio::test]
async fn every_page_has_the_field_and_an_empty_one_explains_queries() {
    let (world, [first, _]) = world_with_lanterns().await;
    let browser = world.browser(BEN).await;
    for path in ["/agent/tickets".to_owned(), format!("/agent/tickets/{first}")] {
        let page = browser.get(&path).await;
        page.shows("<form class=\"find\" action=\"/agent/search\" role=\"search\">");
        page.shows("<label class=\"sr\" for=\"search\">Search</label>");
        page.shows("id=\"search\" value=\"\"");
    }
    let page = browser.get("/agent/search?q=+").await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows("<details class=\"operators\" open>");
    page.shows("<code>assignee:me</code>");
    page.shows("id=\"unasked\"");
}

#[tokio::test]
async fn hits_of_one_kind_alone_are_shown_on_request() {
    let (world, [first, _]) = world_with_lanterns().await;
    world.index().await.unwrap();
    let browser = world.browser(BEN).await;
    let all = browser.get("/agent/search?q=eve").await;
    all.shows("<a href=\"/agent/search?q=eve&#38;of=people\">People</a>");
    let people = browser.get("/agent/search?q=eve&of=people").await;
    people.shows("<a href=\"/agent/search?q=eve&#38;of=people\" aria-current=\"page\">People</a>");
    people.shows("<bdi>eve@hill.example</bdi>");
    people.hides(&format!("id=\"ticket-{first}\""));
    let tickets = browser.get("/agent/search?q=lantern&of=tickets").await;
    tickets.shows(&format!("id=\"ticket-{first}\""));
    tickets.hides("hit-head\"><span class=\"q small\">Person");
}

#[tokio::test]
async fn whoever_is_signed_out_comes_back_to_the_search() {
    let world = World::new().await.unwrap();
    let request = Request::get("/agent/search?q=a+b").body(Body::empty()).unwrap();
    let response = world.app.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        response.headers()[header::LOCATION],
        "/agent/sign-in?next=%2Fagent%2Fsearch%3Fq%3Da%2Bb"
    );
}

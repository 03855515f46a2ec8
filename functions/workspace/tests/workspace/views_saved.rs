//! Lists that are saved as views, which are those of the API.

use crate::{
    browser::Page,
    listing::{href, listed},
    searching::browser_with,
    world::{ADMIN, BEN, CLEO, World},
};
use axum::http::StatusCode;
use docket_domain::{
    ticket::{Actor, Status, Update},
    view::{View, ViewFor},
};

async fn save(world: &World, page: &Page, title: &str, person: docket_domain::PersonId) -> Page {
    let (csrf, once, list) = (page.field("csrf"), page.field("once"), page.field("list"));
    let list = list.replace("&#38;", "&");
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("list", list.as_str()),
        ("title", title),
        ("is_for", "everyone"),
    ];
    world.browser(person).await.post("/agent/views", &fields).await
}

async fn saved(world: &World) -> Vec<View> {
    world.desk.store().views().all().await.unwrap()
}

/// Two tickets of which one is pending.
async fn pending_one() -> (World, u64) {
    let world = World::new().await.unwrap();
    world.mail_about(BEN, "Open").await;
    let number = world.mail_about(BEN, "Waits").await;
    let pending = Update {
        status: Some(Status::Pending),
        ..Update::default()
    };
    world
        .write(number, Actor::Agent(BEN), "", true, pending)
        .await
        .unwrap();
    (world, number.0)
}

#[tokio::test]
async fn what_is_overdue_is_saved_for_all_groups_by_whoever_belongs_to_none() {
    let world = World::new().await.unwrap();
    for group in world.desk.groups().all().await.unwrap() {
        let by = world.desk.by_system("a test");
        world
            .desk
            .groups()
            .remove_member(group.id, BEN, by)
            .await
            .unwrap();
    }
    for (person, has_groups) in [(BEN, false), (CLEO, true)] {
        let browser = world.browser(person).await;
        let page = browser.get("/agent/tickets?view=open").await;
        let (csrf, once) = (page.field("csrf"), page.field("once"));
        let fields = [
            ("csrf", csrf.as_str()),
            ("once", once.as_str()),
            ("list", "view=overdue&status=open"),
            ("title", "Late"),
        ];
        let made = browser.post("/agent/views", &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
        let views = saved(&world).await;
        let of_person = |view: &&View| view.is_for == ViewFor::Person(person);
        let view = views.iter().find(of_person).unwrap();
        let asks = view.all.iter().any(|condition| condition.field == "group_id");
        assert_eq!(asks, has_groups);
    }
}

#[tokio::test]
async fn what_a_list_is_narrowed_to_becomes_a_view_of_ones_own() {
    let (world, number) = pending_one().await;
    let browser = world.browser(BEN).await;
    let page = browser
        .get("/agent/tickets?view=open&order=changed&status=pending")
        .await;
    // A form of one session is none of another: the browser's own is taken.
    let csrf = page.field("csrf");
    let once = page.field("once");
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("list", "view=open&order=changed&status=pending"),
        ("title", "  Waits  for <Ann> "),
        ("is_for", "everyone"),
    ];
    let made = browser.post("/agent/views", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let again = browser.post("/agent/views", &fields).await;
    assert_eq!(
        again.header("location"),
        made.header("location"),
        "it is made once"
    );
    let views = saved(&world).await;
    assert_eq!(views.len(), 1);
    assert_eq!(views[0].title, "Waits for <Ann>");
    assert_eq!(
        views[0].is_for,
        ViewFor::Person(BEN),
        "only admins make views for everybody"
    );
    assert_eq!(views[0].all.len(), 3, "unsolved, awake, pending");
    let page = browser.get(made.header("location")).await;
    assert_eq!(listed(&page), [number]);
    page.shows("<h1>Waits for &#60;Ann&#62;</h1>");
    page.shows(&format!("id=\"view-saved-{}\"", views[0].id));
    assert!(href(&page, "order").is_none());

    // Its number comes after the page, and stands on the next one.
    let counts = browser.get("/agent/views/counts").await;
    counts.shows(&format!("\"saved-{}\":\"1\"", views[0].id));
    browser
        .get("/agent/tickets")
        .await
        .shows("<span>Waits for &#60;Ann&#62;</span> <b class=\"count\">1</b>");

    // Nobody else is offered it.
    let other = world.browser(CLEO).await;
    other.get("/agent/tickets").await.hides("Waits for");
    let path = format!("/agent/tickets?view=saved-{}", views[0].id);
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    let delete = format!("/agent/views/{}/delete", views[0].id);
    let csrf_of_other = other.get("/agent/tickets").await.field("csrf");
    let foreign = other.post(&delete, &[("csrf", &csrf_of_other)]).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(saved(&world).await.len(), 1);
    let gone = browser.post(&delete, &[("csrf", &csrf)]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert!(saved(&world).await.is_empty());
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_admin_saves_a_view_for_everybody() {
    let (world, number) = pending_one().await;
    let browser = world.browser(ADMIN).await;
    let page = browser.get("/agent/tickets?view=open&status=pending").await;
    let csrf = page.field("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("list", "view=open&status=pending"),
        ("title", "Waits"),
        ("is_for", "everyone"),
    ];
    let made = browser.post("/agent/views", &fields).await;
    let page = world.browser(CLEO).await.get(made.header("location")).await;
    assert_eq!(listed(&page), [number]);
    page.hides("Delete view");
    // A view of a view has the conditions of both.
    let csrf = browser.get("/agent/tickets").await.field("csrf");
    let id = saved(&world).await[0].id;
    let list = format!("view=saved-{id}&assignee=me");
    let fields = [
        ("csrf", csrf.as_str()),
        ("list", list.as_str()),
        ("title", "Mine that waits"),
    ];
    browser.post("/agent/views", &fields).await;
    assert_eq!(saved(&world).await[1].all.len(), 4);
}

#[tokio::test]
async fn a_view_without_a_name_is_not_saved_and_says_why() {
    let (world, _) = pending_one().await;
    let browser = world.browser(BEN).await;
    let csrf = browser.get("/agent/tickets").await.field("csrf");
    for (title, list, words) in [
        (" ", "view=open", "give it a name first"),
        (&*"x".repeat(251), "view=open", "its name can have 250 characters"),
        ("Sleeps", "view=snoozed", "what is snoozed"),
    ] {
        let fields = [("csrf", csrf.as_str()), ("list", list), ("title", title)];
        let refused = browser.post("/agent/views", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.shows(words);
    }
    let forged = save(&world, &browser.get("/agent/tickets").await, "Forged", CLEO).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert!(saved(&world).await.is_empty());
}

#[tokio::test]
async fn where_the_search_is_silent_a_view_is_shown_whole_and_says_so() {
    let (world, _) = pending_one().await;
    let browser = browser_with(&world, None).await;
    for query in ["view=open&status=pending", "view=open&order=newest"] {
        let page = browser.get(&format!("/agent/tickets?{query}")).await;
        page.shows("The search does not answer right now.");
        assert_eq!(listed(&page).len(), 2, "{query}");
    }
    let solved = browser.get("/agent/tickets?view=solved").await;
    assert_eq!(solved.status, StatusCode::OK);
    browser
        .get("/agent/tickets?view=open")
        .await
        .hides("The search does not answer");
}

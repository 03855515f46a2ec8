//! Saved views that get another name, are for others, or ask for something else.

use crate::{
    browser::{Browser, Page},
    listing::listed,
    world::{ADMIN, BEN, CLEO, World},
};
use axum::http::StatusCode;
use docket_desk::seed::SUPPORT;
use docket_domain::{
    PersonId, ViewId,
    ticket::{Actor, Priority, Status, Update},
    view::{View, ViewFor},
};

/// A desk with a view of what is pending, and what is in it.
async fn with_view(is_for: ViewFor) -> (World, ViewId) {
    let world = World::new().await.unwrap();
    for (subject, status, priority) in [
        ("Waits", Status::Pending, Priority::Low),
        ("Burns", Status::Open, Priority::Urgent),
    ] {
        let number = world.mail_about(BEN, subject).await;
        let update = Update {
            status: Some(status),
            priority: Some(priority),
            ..Update::default()
        };
        world
            .write(number, Actor::Agent(BEN), "", true, update)
            .await
            .unwrap();
    }
    let owner = match is_for {
        ViewFor::Person(owner) => owner,
        _ => ADMIN,
    };
    let browser = world.browser(owner).await;
    let csrf = browser.get("/agent/tickets").await.field("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("list", "view=open&status=pending"),
        ("title", "Waits"),
        ("is_for", "everyone"),
    ];
    browser.post("/agent/views", &fields).await;
    let id = saved(&world).await.id;
    (world, id)
}

async fn saved(world: &World) -> View {
    let mut views = world.desk.store().views().all().await.unwrap();
    assert_eq!(views.len(), 1);
    views.remove(0)
}

/// Sends the form of a view as its page has it, but for this.
async fn edit(browser: &Browser, page: &Page, id: ViewId, changed: &[(&str, &str)]) -> Page {
    let (csrf, v) = (page.field("csrf"), page.field("v"));
    let list = format!("view=saved-{id}");
    let mut fields = vec![
        ("csrf", csrf.as_str()),
        ("v", v.as_str()),
        ("list", list.as_str()),
    ];
    fields.extend(changed);
    browser.post(&format!("/agent/views/{id}"), &fields).await
}

async fn page_of(browser: &Browser, id: ViewId) -> Page {
    browser.get(&format!("/agent/tickets?view=saved-{id}")).await
}

/// Somebody else changes it meanwhile.
async fn renamed_by_other(world: &World, id: ViewId) {
    let by = world.desk.by_system("a test");
    let rename = |view: &mut View| {
        view.title = "Theirs".to_owned();
        Ok::<_, ()>(())
    };
    world.desk.change_views(&by, &[id], rename).await.unwrap();
}

#[tokio::test]
async fn a_view_gets_another_name_and_sent_again_it_is_as_it_was_to_be() {
    let (world, id) = with_view(ViewFor::Person(BEN)).await;
    let ben = world.browser(BEN).await;
    let page = page_of(&ben, id).await;
    page.shows("name=\"title\" maxlength=\"250\" required autocomplete=\"off\" dir=\"auto\" value=\"Waits\"");
    for _ in 0..2 {
        let changed = edit(&ben, &page, id, &[("title", "  Waits for <Ann> ")]).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
        assert_eq!(
            changed.header("location"),
            format!("/agent/tickets?view=saved-{id}")
        );
    }
    let view = saved(&world).await;
    assert_eq!((view.title.as_str(), view.v), ("Waits for <Ann>", 2));
    assert_eq!(view.is_for, ViewFor::Person(BEN));
    let page = page_of(&ben, id).await;
    page.shows("<h1>Waits for &#60;Ann&#62;</h1>");
    page.shows("<span>Waits for &#60;Ann&#62;</span>");
    assert_eq!(listed(&page).len(), 1);
}

#[tokio::test]
async fn what_somebody_changed_meanwhile_is_not_written_over() {
    let (world, id) = with_view(ViewFor::Person(BEN)).await;
    let ben = world.browser(BEN).await;
    let page = page_of(&ben, id).await;
    renamed_by_other(&world, id).await;
    let refused = edit(&ben, &page, id, &[("title", "Mine")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.shows("somebody changed it meanwhile");
    refused.shows("<h1>Theirs</h1>");
    refused.shows("value=\"Mine\"");
    assert_eq!(saved(&world).await.title, "Theirs");
    // The page that says so is of the view as it is now: from there it goes on.
    let changed = edit(&ben, &refused, id, &[("title", "Mine")]).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER);
    assert_eq!(saved(&world).await.title, "Mine");
}

#[tokio::test]
async fn an_admin_says_for_whom_a_view_is_and_nobody_else_gives_any_away() {
    let (world, id) = with_view(ViewFor::Everyone).await;
    let admin = world.browser(ADMIN).await;
    let page = page_of(&admin, id).await;
    page.shows("<option value=\"everyone\" selected>Everybody</option>");
    let group = format!("group-{SUPPORT}");
    let for_group = [("title", "Waits"), ("is_for", group.as_str())];
    edit(&admin, &page, id, &for_group).await;
    assert_eq!(saved(&world).await.is_for, ViewFor::Groups(vec![SUPPORT]));
    let unknown = [("title", "Waits"), ("is_for", "group-99")];
    let refused = edit(&admin, &page_of(&admin, id).await, id, &unknown).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows("there is no such group");
    // Who is offered it can't change it.
    let cleo = world.browser(CLEO).await;
    let page = page_of(&cleo, id).await;
    assert_eq!(page.status, StatusCode::OK);
    page.hides("id=\"edit-view\"");
    assert_eq!(
        try_to_edit(&cleo, id, "Stolen", "stay").await,
        StatusCode::NOT_FOUND
    );
    let to_me = [("title", "Waits"), ("is_for", "me")];
    edit(&admin, &page_of(&admin, id).await, id, &to_me).await;
    assert_eq!(saved(&world).await.is_for, ViewFor::Person(ADMIN));

    let (world, id) = with_view(ViewFor::Person(BEN)).await;
    let ben = world.browser(BEN).await;
    assert_eq!(
        try_to_edit(&ben, id, "Waits", "everyone").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(saved(&world).await.is_for, ViewFor::Person(BEN));
}

async fn try_to_edit(browser: &Browser, id: ViewId, title: &str, is_for: &str) -> StatusCode {
    let csrf = browser.get("/agent/tickets").await.field("csrf");
    let v = "1";
    let fields = [
        ("csrf", csrf.as_str()),
        ("v", v),
        ("title", title),
        ("is_for", is_for),
    ];
    browser.post(&format!("/agent/views/{id}"), &fields).await.status
}

#[tokio::test]
async fn a_list_is_saved_over_a_view_that_keeps_its_name_and_whose_it_is() {
    let (world, id) = with_view(ViewFor::Person(BEN)).await;
    let ben = world.browser(BEN).await;
    let list = "view=open&order=newest&priority=urgent";
    let page = ben.get(&format!("/agent/tickets?{list}")).await;
    let over = format!("saved-{id}.1");
    page.shows(&format!("<option value=\"{over}\">Over “Waits”</option>"));
    let before = page_of(&ben, id).await;
    let save = async |over: &str, list: &str, title: &str| {
        let csrf = page.field("csrf");
        let fields = [
            ("csrf", csrf.as_str()),
            ("list", list),
            ("over", over),
            ("title", title),
        ];
        ben.post("/agent/views", &fields).await
    };
    let made = save(&over, list, "").await;
    assert_eq!(made.header("location"), format!("/agent/tickets?view=saved-{id}"));
    let view = saved(&world).await;
    assert_eq!((view.title.as_str(), view.v), ("Waits", 2));
    assert_eq!(view.is_for, ViewFor::Person(BEN));
    let after = page_of(&ben, id).await;
    assert_ne!(listed(&after), listed(&before));
    // What is narrowed in a view itself becomes a part of it, under another name if one is given.
    let conditions = view.all.len();
    let narrowed = format!("view=saved-{id}&assignee=me");
    save(&format!("saved-{id}.2"), &narrowed, "Burns, mine").await;
    let view = saved(&world).await;
    assert_eq!(
        (view.all.len(), view.title.as_str()),
        (conditions + 1, "Burns, mine")
    );

    // Of a version that is not the newest nothing is written over, nor a view of somebody else's.
    let late = save(&over, "view=open", "").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.shows("somebody changed it meanwhile");
    assert_eq!(saved(&world).await.v, 3);
    for (over, status) in [
        ("saved-9999.1", StatusCode::NOT_FOUND),
        ("mine.1", StatusCode::NOT_FOUND),
        ("saved-1001", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(save(over, list, "").await.status, status, "{over}");
    }
    assert_eq!(
        save_as(&world, CLEO, &format!("saved-{id}.3")).await,
        StatusCode::NOT_FOUND
    );
}

async fn save_as(world: &World, person: PersonId, over: &str) -> StatusCode {
    let browser = world.browser(person).await;
    let page = browser.get("/agent/tickets?view=open").await;
    page.hides("Over “");
    let csrf = page.field("csrf");
    let fields = [("csrf", csrf.as_str()), ("list", "view=open"), ("over", over)];
    browser.post("/agent/views", &fields).await.status
}

#[tokio::test]
async fn a_name_that_is_none_is_refused_beside_the_list() {
    let (world, id) = with_view(ViewFor::Person(BEN)).await;
    let ben = world.browser(BEN).await;
    let page = page_of(&ben, id).await;
    for (title, words) in [
        (" ", "give it a name first"),
        (&*"x".repeat(251), "its name can have 250 characters"),
    ] {
        let refused = edit(&ben, &page, id, &[("title", title)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.shows(words);
    }
    let foreign = [("csrf", ""), ("v", "1"), ("title", "Forged")];
    let foreign = ben.post(&format!("/agent/views/{id}"), &foreign).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    assert_eq!(saved(&world).await.title, "Waits");
}

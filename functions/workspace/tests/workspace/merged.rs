//! A ticket that went into another is shown there, and says where it went.

use crate::{
    mailed::ANN,
    world::{BEN, World},
};
use docket_desk::{Attempt, tickets::MergeWords};
use docket_domain::ticket::Actor;

#[tokio::test]
async fn what_was_written_on_a_merged_ticket_is_shown_where_it_went() {
    let world = World::new().await.unwrap();
    let source = world.mail(ANN, "The lamp", "It does not glow").await.unwrap();
    let target = world.mail(ANN, "My lamp", "Still dark").await.unwrap();
    let browser = world.browser(BEN).await;
    let attempt = Attempt::by(Actor::Agent(BEN), "test");
    let tickets = world.desk.tickets();
    let words = MergeWords::default();
    tickets
        .merge(target, source, &words, attempt.clone())
        .await
        .unwrap();
    let page = browser.get(&format!("/agent/tickets/{target}")).await;
    page.shows(&format!("merged ticket {source} into this one"));
    page.shows("It does not glow");
    page.shows(&format!("id=\"merged-{source}\""));
    let page = browser.get(&format!("/agent/tickets/{source}")).await;
    page.shows(&format!("merged the ticket into ticket {target}"));
    tickets.undo_merge(source, attempt).await.unwrap();
    let page = browser.get(&format!("/agent/tickets/{target}")).await;
    page.hides("It does not glow");
    page.shows(&format!("took the merge of ticket {source} back"));
}

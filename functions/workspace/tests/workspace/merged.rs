//! A ticket that went into another is shown there, and says where it went.

use crate::{
    mailed::ANN,
    world::{BEN, World},
};
use docket_desk::{Attempt, tickets::MergeWords};
use docket_domain::ticket::{Actor, Update};

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

#[tokio::test]
async fn what_a_merged_ticket_costs_does_not_follow_from_how_long_it_is() {
    let world = World::new().await.unwrap();
    let source = world.mail(ANN, "The lamp", "It does not glow").await.unwrap();
    let target = world.mail(ANN, "My lamp", "Still dark").await.unwrap();
    let browser = world.browser(BEN).await;
    let attempt = Attempt::by(Actor::Agent(BEN), "test");
    let tickets = world.desk.tickets();
    let mut last = 0;
    let mut costs = Vec::new();
    for more in [31, 100, 200] {
        for n in last + 1..=last + more {
            let text = format!("note {n}.");
            let written = world.write(source, Actor::Agent(BEN), &text, false, Update::default());
            written.await.unwrap();
        }
        last += more;
        let words = MergeWords::default();
        let merged = tickets.merge(target, source, &words, attempt.clone()).await;
        merged.unwrap();
        world.aws.tally_capacity(true);
        let page = browser.get(&format!("/agent/tickets/{target}")).await;
        let used = world.aws.capacity().into_iter();
        costs.push(used.map(|used| used.units).sum::<f64>());
        world.aws.tally_capacity(false);
        page.shows("arlier comments stand there.");
        page.shows(&format!("note {last}."));
        page.shows(&format!("note {}.", last - 29));
        page.hides(&format!("note {}.", last - 30));
        tickets.undo_merge(source, attempt.clone()).await.unwrap();
    }
    assert!(costs[2] <= costs[1] + 10.0, "units {costs:?}");
}

//! Agents are told of what concerns them, once, whatever is lost on the way.

use crate::{in_world, mails_of_writers};
use docket_domain::{
    PersonId, TicketNumber,
    notification::{NotificationKind, NotificationSettings, Ways},
};
use docket_local::world::{World, WorldOptions};
use docket_store::workspace::MOST_NOTIFICATIONS;
use jiff::SignedDuration;

/// Everything that every agent was told, by ticket.
async fn told(world: &World) -> Vec<(TicketNumber, NotificationKind, PersonId)> {
    let desk = &world.local.desk;
    let mut all = Vec::new();
    for agent in desk.agents().all().await.unwrap() {
        let told = desk
            .notifications()
            .newest(agent.id, MOST_NOTIFICATIONS)
            .await
            .unwrap();
        all.extend(
            told.into_iter()
                .map(|it| (it.notification.ticket, it.notification.kind, agent.id)),
        );
    }
    all.sort();
    all
}

/// What they should have been told of these tickets: each is given to its agent.
async fn expected(world: &World, last: u64) -> Vec<(TicketNumber, NotificationKind, PersonId)> {
    let numbers: Vec<TicketNumber> = (1..=last).map(TicketNumber).collect();
    let heads = world.local.desk.tickets().get_many(&numbers).await.unwrap();
    let given = heads
        .iter()
        .map(|head| (head.number, NotificationKind::Assigned, head.assignee.unwrap()));
    given.collect()
}

#[test]
fn whoever_is_given_a_ticket_by_the_desk_is_told_once_within_seconds() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        mails_of_writers(&mut world, 1..=3).await;
        world.pass(SignedDuration::from_secs(5)).await;
        assert_eq!(told(&world).await, expected(&world, 3).await);
        world.pass(SignedDuration::from_mins(10)).await;
        assert_eq!(
            told(&world).await,
            expected(&world, 3).await,
            "the sweep tells nothing twice"
        );
    });
}

#[test]
fn what_a_lost_nudge_left_is_told_by_the_sweep() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        mails_of_writers(&mut world, 1..=1).await;
        world.pass(SignedDuration::from_secs(5)).await;
        mails_of_writers(&mut world, 2..=2).await;
        world
            .local
            .aws
            .drop_stream(&world.local.desk.settings.tickets_table);
        world.local.aws.empty_queues().unwrap();
        world.settle().await;
        assert_ne!(told(&world).await, expected(&world, 2).await, "nobody was told");
        world.pass(SignedDuration::from_mins(4)).await;
        assert_eq!(told(&world).await, expected(&world, 2).await);
    });
}

#[test]
fn a_mail_of_a_choice_goes_out_as_every_mail_does() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let desk = world.local.desk.clone();
        let by_mail = Ways {
            page: false,
            browser: false,
            mail: true,
        };
        let settings = NotificationSettings::of([(NotificationKind::Assigned, by_mail)]);
        for agent in desk.agents().all().await.unwrap() {
            desk.notifications().choose(agent.id, &settings).await.unwrap();
        }
        mails_of_writers(&mut world, 1..=1).await;
        world.pass(SignedDuration::from_mins(2)).await;
        let head = desk.tickets().get(TicketNumber(1)).await.unwrap().unwrap();
        let agent = desk.people().get(head.assignee.unwrap()).await.unwrap().unwrap();
        let sent = world.local.aws.sent_mails();
        let theirs = sent
            .iter()
            .filter(|mail| mail.destinations == [agent.email.clone().unwrap()]);
        let told: Vec<_> = theirs
            .map(|mail| docket_mail::read(&mail.as_received, None).unwrap())
            .collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].subject, "Ticket 1: it is yours now");
        assert!(
            !told[0].text.contains("Help!"),
            "what was written stays in the desk: {}",
            told[0].text
        );
        let broken = world.broken_invariants().await;
        assert_eq!(broken, Vec::<String>::new());
    });
}

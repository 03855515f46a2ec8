//! Who may assign in a group, on the embedded desk.

use docket_desk::Desk;
use docket_domain::{GroupId, TicketNumber};
use docket_local::world::{World, WorldOptions};
use jiff::SignedDuration;

const GROUP: GroupId = GroupId(1);

async fn world() -> (World, Desk) {
    let world = World::new(WorldOptions::default()).await.unwrap();
    let desk = world.local.desk_of("assignment");
    (world, desk)
}

#[tokio::test(start_paused = true)]
async fn a_group_is_leased_to_one_and_free_again_once_released() {
    let (_world, desk) = world().await;
    let mut lease = desk.lease_assignment(GROUP, &[]).await.unwrap().unwrap();
    assert!(!desk.release_lease(&mut lease).await.unwrap());
    assert!(desk.lease_assignment(GROUP, &[]).await.unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn who_finds_the_group_taken_is_heard_by_its_holder() {
    let (_world, desk) = world().await;
    let mut lease = desk
        .lease_assignment(GROUP, &[TicketNumber(1)])
        .await
        .unwrap()
        .unwrap();
    assert_eq!(lease.asked, [TicketNumber(1)]);
    assert!(
        desk.lease_assignment(GROUP, &[TicketNumber(2)])
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        desk.release_lease(&mut lease).await.unwrap(),
        "look again: ticket 2 asked"
    );
    assert_eq!(lease.asked, [TicketNumber(1), TicketNumber(2)]);
    assert!(!desk.release_lease(&mut lease).await.unwrap());
    let next = desk.lease_assignment(GROUP, &[]).await.unwrap().unwrap();
    assert_eq!(next.asked, [], "they have been heard");
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_nobody_gave_back_ends_by_itself_and_its_tickets_are_heard_by_the_next() {
    let (world, desk) = world().await;
    let mut dead = desk
        .lease_assignment(GROUP, &[TicketNumber(1)])
        .await
        .unwrap()
        .unwrap();
    world.local.aws.clock().advance(SignedDuration::from_secs(61));
    let next = desk.lease_assignment(GROUP, &[]).await.unwrap().unwrap();
    assert_eq!(next.asked, [TicketNumber(1)]);
    assert!(
        !desk.release_lease(&mut dead).await.unwrap(),
        "the old holder has nothing to give back"
    );
    assert!(desk.lease_assignment(GROUP, &[]).await.unwrap().is_none());
}

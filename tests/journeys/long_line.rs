//! A line of waiting tickets longer than one run of assignment goes through.

use crate::in_world;
use docket_desk::seed::SUPPORT;
use docket_domain::{
    SkillId, TicketNumber,
    assignment::RequiredSkill,
    ticket::{Priority, Ticket},
};
use docket_local::{
    fill::open_ticket,
    world::{World, WorldOptions},
};
use jiff::SignedDuration;

/// Waiting tickets that one run looks at.
const OF_A_RUN: u64 = 1_000;

#[test]
fn the_only_ticket_that_anybody_can_have_is_found_behind_all_others() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let now = world.local.desk.now();
        let later = now.checked_add(SignedDuration::from_hours(1)).unwrap();
        let unknown = RequiredSkill {
            skill: SkillId(7),
            level: 1,
        };
        let last = TicketNumber(OF_A_RUN + 2);
        let waiting = |number| Ticket {
            priority: Some(Priority::High),
            skills: vec![unknown],
            ..open_ticket(TicketNumber(number), now, later)
        };
        let behind = Ticket {
            priority: Some(Priority::Low),
            ..open_ticket(last, now, later)
        };
        let line = (1..last.0).map(waiting).chain([behind]);
        world.local.fill(line).unwrap();
        let desk = world.local.desk.clone();
        desk.groups().nudge(&[SUPPORT], "test").await.unwrap();
        world.settle().await;
        assert!(
            desk.tickets()
                .get(last)
                .await
                .unwrap()
                .unwrap()
                .assignee
                .is_some()
        );
        let first = desk.tickets().get(TicketNumber(1)).await.unwrap().unwrap();
        assert_eq!(
            first.waiting.unwrap().reason.as_deref(),
            Some("no agent of its group has skill 7 at level 1")
        );
    });
}

//! Who gets a ticket and who gives it back, with nothing going wrong but what a test makes go wrong.

use crate::{answer, file, in_world, mail};
use docket_desk::{
    Changed, Desk, TicketList,
    groups::MembershipChange,
    seed::SUPPORT,
    tickets::{Alongside, Amendment},
};
use docket_domain::{
    CalendarId, GroupId, PersonId, SkillId, TicketNumber,
    assignment::{AgentLoad, LoadSettings, RequiredSkill, Strategy},
    calendar::{Calendar, CalendarDraft, Day, Span, WeekSpan},
    configuration::Group,
    sla::BookError,
    ticket::{Actor, Fact, Refusal, Ticket, Update},
};
use docket_local::world::{World, WorldOptions};
use embedded_aws::{Call, Fault};
use jiff::SignedDuration;
use std::{convert::Infallible, sync::Arc};

/// The agents that a desk starts with.
const ANNA: PersonId = PersonId(2);
const BEN: PersonId = PersonId(3);
const CLEO: PersonId = PersonId(4);
const FRENCH: RequiredSkill = RequiredSkill {
    skill: SkillId(7),
    level: 3,
};

async fn world() -> World {
    World::new(WorldOptions::default()).await.unwrap()
}

/// A world in which only Anna takes tickets.
async fn with_anna_alone() -> World {
    let mut world = world().await;
    for agent in [BEN, CLEO] {
        world.go_away(agent, false).await;
    }
    world.settle().await;
    world
}

/// Mails of as many people, each a ticket.
async fn mails(world: &mut World, ids: std::ops::RangeInclusive<u64>) {
    for id in ids {
        let from = format!("writer{id}@example.com");
        world.receive(
            &mail(&from, &format!("h{id}@example.com"), "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
    }
}

async fn ticket(world: &World, number: u64) -> Ticket {
    let ticket = world.local.desk.tickets().get(TicketNumber(number)).await;
    ticket.unwrap().unwrap()
}

async fn assignees(world: &World, numbers: std::ops::RangeInclusive<u64>) -> Vec<Option<PersonId>> {
    let mut assignees = Vec::new();
    for number in numbers {
        assignees.push(ticket(world, number).await.assignee);
    }
    assignees
}

async fn load(world: &World, agent: PersonId) -> AgentLoad {
    world.local.desk.agents().load(agent).await.unwrap().unwrap()
}

async fn amend(desk: &Desk, number: u64, update: Update) {
    let amendment = Amendment {
        actor: Actor::Agent(ANNA),
        cause: "test".to_owned(),
        update,
        comment: None,
        alongside: Alongside::default(),
    };
    desk.tickets()
        .amend(TicketNumber(number), amendment)
        .await
        .unwrap();
}

async fn set(world: &mut World, agent: PersonId, settings: LoadSettings) {
    world
        .local
        .desk
        .agents()
        .change_load_settings(agent, &settings)
        .await
        .unwrap();
    world.settle().await;
}

fn capacity(units: u32) -> LoadSettings {
    LoadSettings {
        capacity: Some(units),
        ..LoadSettings::default()
    }
}

async fn change_support(world: &World, change: impl Fn(&mut Group)) {
    let changed = world.local.desk.groups().change(world.by(), SUPPORT, |group| {
        change(group);
        Ok::<_, Infallible>(())
    });
    changed.await.unwrap().unwrap();
}

async fn is_sound(world: &World) {
    assert_eq!(world.broken_invariants().await, Vec::<String>::new());
}

#[test]
fn who_goes_away_hands_open_tickets_back_and_keeps_those_that_wait_for_customers() {
    in_world(async {
        let mut world = with_anna_alone().await;
        mails(&mut world, 1..=3).await;
        let pending = Update {
            status: Some(docket_domain::ticket::Status::Pending),
            ..Update::default()
        };
        amend(&world.local.desk, 2, pending).await;
        world.go_away(ANNA, true).await;
        world.settle().await;
        assert_eq!(assignees(&world, 1..=3).await, [None, Some(ANNA), None]);
        assert_eq!(load(&world, ANNA).await.load_units, 1);
        let reason = ticket(&world, 1).await.waiting.unwrap().reason;
        assert_eq!(reason.as_deref(), Some("every agent of its group is away"));
        world.come_online(BEN).await;
        world.settle().await;
        assert_eq!(assignees(&world, 1..=3).await, [Some(BEN), Some(ANNA), Some(BEN)]);
        world.leap(SignedDuration::from_mins(2)).await;
        world.leap(SignedDuration::from_mins(2)).await;
        assert_eq!(world.local.desk.agents().work(ANNA).await.unwrap(), None);
        is_sound(&world).await;
    });
}

#[test]
fn a_hand_back_that_dies_half_way_is_taken_on_by_the_sweep() {
    in_world(async {
        let mut world = with_anna_alone().await;
        mails(&mut world, 1..=4).await;
        let dies = |call: &Call| match (call.actor.as_str(), call.operation.as_str()) {
            ("api", "TransactWriteItems") => Fault::KillAfter,
            _ => Fault::None,
        };
        world.local.aws.set_fault_plan(Some(Arc::new(dies)));
        let desk = world.local.desk_of("api");
        assert!(
            world
                .call("api", desk.agents().go_away(ANNA, true, world.by()))
                .await
                .is_none()
        );
        world.local.aws.set_fault_plan(Some(world.faults()));
        let had = assignees(&world, 1..=4).await;
        assert_eq!(had.iter().flatten().count(), 3, "one went back: {had:?}");
        world.pass(SignedDuration::from_mins(3)).await;
        assert_eq!(assignees(&world, 1..=4).await, [None; 4]);
        is_sound(&world).await;
    });
}

#[test]
fn who_comes_online_while_the_word_of_it_is_lost_is_found_by_the_sweep() {
    in_world(async {
        let mut world = with_anna_alone().await;
        world.go_away(ANNA, false).await;
        mails(&mut world, 1..=1).await;
        world.leap(SignedDuration::from_mins(5)).await;
        world.come_online(ANNA).await;
        world.local.aws.empty_queues().unwrap();
        world.leap(SignedDuration::from_hours(6)).await;
        assert_eq!(assignees(&world, 1..=1).await, [Some(ANNA)]);
        is_sound(&world).await;
    });
}

#[test]
fn a_ticket_that_nobody_can_have_keeps_none_behind_it_waiting() {
    in_world(async {
        let mut world = world().await;
        for agent in [ANNA, BEN, CLEO] {
            world.go_away(agent, false).await;
        }
        mails(&mut world, 1..=3).await;
        let french = Update {
            skills: Some(vec![FRENCH]),
            ..Update::default()
        };
        amend(&world.local.desk, 1, french).await;
        world.come_online(ANNA).await;
        world.settle().await;
        assert_eq!(assignees(&world, 1..=3).await, [None, Some(ANNA), Some(ANNA)]);
        let reason = ticket(&world, 1).await.waiting.unwrap().reason;
        assert_eq!(
            reason.as_deref(),
            Some("no agent of its group has skill 7 at level 3")
        );
        let skilled = LoadSettings {
            skills: Some([(FRENCH.skill, 3)].into()),
            ..LoadSettings::default()
        };
        set(&mut world, ANNA, skilled).await;
        assert_eq!(assignees(&world, 1..=1).await, [Some(ANNA)], "she has learned it");
        is_sound(&world).await;
    });
}

#[test]
fn skills_are_waived_at_their_instant_with_nobody_touching_the_ticket() {
    in_world(async {
        let mut world = with_anna_alone().await;
        change_support(&world, |group| {
            group.assignment.relax_skills_after_seconds = Some(1800)
        })
        .await;
        world.go_away(ANNA, false).await;
        mails(&mut world, 1..=1).await;
        let french = Update {
            skills: Some(vec![FRENCH]),
            ..Update::default()
        };
        amend(&world.local.desk, 1, french).await;
        world.come_online(ANNA).await;
        world.pass(SignedDuration::from_mins(29)).await;
        assert_eq!(assignees(&world, 1..=1).await, [None]);
        world.pass(SignedDuration::from_mins(2)).await;
        assert_eq!(assignees(&world, 1..=1).await, [Some(ANNA)]);
        is_sound(&world).await;
    });
}

#[test]
fn a_ticket_that_came_at_night_is_given_out_when_the_first_day_begins() {
    in_world(async {
        let mut world = with_anna_alone().await;
        let span = Span {
            start: "10:00".parse().unwrap(),
            end: "18:00".parse().unwrap(),
        };
        let draft = CalendarDraft {
            id: CalendarId(1),
            version: 1,
            name: "Days".to_owned(),
            zone: "UTC".to_owned(),
            week: vec![WeekSpan {
                day: Day::Monday,
                span,
            }],
            holidays: vec![],
            dates: vec![],
        };
        let changed = world.local.desk.rules().change_book(world.by(), vec![], |book| {
            book.calendars = vec![Calendar::new(draft.clone()).unwrap()];
            Ok::<_, BookError>(())
        });
        changed.await.unwrap();
        let days = LoadSettings {
            calendar: Some(Some(CalendarId(1))),
            ..LoadSettings::default()
        };
        set(&mut world, ANNA, days).await;
        // What was read before serves for half a minute.
        world.pass(SignedDuration::from_mins(1)).await;
        mails(&mut world, 1..=1).await;
        let waiting = ticket(&world, 1).await.waiting.unwrap();
        assert_eq!(
            (waiting.reason.as_deref(), waiting.overdue_at),
            (
                Some("every agent of its group is away or outside working hours until 2026-03-02T10:00:00Z"),
                "2026-03-02T10:00:00Z".parse().unwrap()
            )
        );
        world.pass(SignedDuration::from_mins(118)).await;
        assert_eq!(assignees(&world, 1..=1).await, [None]);
        world.pass(SignedDuration::from_mins(2)).await;
        assert_eq!(assignees(&world, 1..=1).await, [Some(ANNA)]);
        is_sound(&world).await;
    });
}

#[test]
fn room_in_one_group_is_given_to_what_waits_in_another() {
    in_world(async {
        let mut world = with_anna_alone().await;
        set(&mut world, ANNA, capacity(1)).await;
        let desk = world.local.desk.clone();
        let make = |id| Group::new(id, "Second", desk.now());
        let second = desk.groups().create(world.by(), make).await.unwrap().unwrap().id;
        assert_eq!(
            desk.groups().add_member(second, ANNA, world.by()).await.unwrap(),
            MembershipChange::Done
        );
        mails(&mut world, 1..=2).await;
        let moved = Update {
            group: Some(second),
            ..Update::default()
        };
        amend(&desk, 2, moved).await;
        world.settle().await;
        assert_eq!(assignees(&world, 1..=2).await, [Some(ANNA), None]);
        assert!(answer(&world, 1, "Done.", true).await);
        world.settle().await;
        assert_eq!(assignees(&world, 2..=2).await, [Some(ANNA)]);
    });
}

#[test]
fn a_ticket_that_comes_back_asks_for_no_room_and_the_load_says_so() {
    in_world(async {
        let mut world = with_anna_alone().await;
        set(&mut world, ANNA, capacity(1)).await;
        mails(&mut world, 1..=1).await;
        assert!(answer(&world, 1, "Done.", true).await);
        world.settle().await;
        mails(&mut world, 2..=2).await;
        assert_eq!(assignees(&world, 2..=2).await, [Some(ANNA)]);
        let reopened = Update {
            status: Some(docket_domain::ticket::Status::Open),
            ..Update::default()
        };
        amend(&world.local.desk, 1, reopened).await;
        world.settle().await;
        let full = load(&world, ANNA).await;
        assert_eq!((full.load_units, full.override_units, full.capacity), (2, 1, 1));
        assert!(answer(&world, 1, "Really done.", true).await);
        world.settle().await;
        let one = load(&world, ANNA).await;
        assert_eq!((one.load_units, one.override_units), (1, 0));
        world
            .contacts
            .answers
            .extend(["Done.".to_owned(), "Really done.".to_owned()]);
        assert_eq!(one.capacity, 1);
    });
}

#[test]
fn the_previous_agent_gets_the_requesters_next_ticket_where_the_group_prefers_them() {
    in_world(async {
        let mut world = with_anna_alone().await;
        let first = mail("eve@example.com", "p1@example.com", "", "Help!");
        world.receive(&first, &[], false);
        world.settle().await;
        for agent in [BEN, CLEO] {
            world.come_online(agent).await;
        }
        change_support(&world, |group| group.assignment.prefers_previous_agent = true).await;
        world.settle().await;
        let second = mail("eve@example.com", "p2@example.com", "", "Another thing.");
        world.receive(&second, &[], false);
        world.settle().await;
        assert_eq!(assignees(&world, 2..=2).await, [Some(ANNA)]);
        let why = file(&world, 2)
            .await
            .events
            .into_iter()
            .find_map(|event| match event.fact {
                Fact::Assigned { reason, .. } => Some(reason),
                _ => None,
            });
        assert_eq!(
            why.as_deref(),
            Some("the requester's previous agent: 1 of 20 before this one")
        );
    });
}

#[test]
fn a_manual_group_keeps_its_tickets_until_an_agent_takes_them_or_the_group_changes() {
    in_world(async {
        let mut world = with_anna_alone().await;
        change_support(&world, |group| group.assignment.strategy = Strategy::Manual).await;
        mails(&mut world, 1..=2).await;
        let reason = ticket(&world, 2).await.waiting.unwrap().reason;
        assert_eq!(
            reason.as_deref(),
            Some("the agents of its group take its tickets themselves")
        );
        let taken = Update {
            assignee: Some(Some(ANNA)),
            ..Update::default()
        };
        amend(&world.local.desk, 1, taken).await;
        assert_eq!(assignees(&world, 1..=2).await, [Some(ANNA), None]);
        change_support(&world, |group| group.assignment.strategy = Strategy::LeastLoaded).await;
        world.settle().await;
        assert_eq!(assignees(&world, 1..=2).await, [Some(ANNA), Some(ANNA)]);
        is_sound(&world).await;
    });
}

#[test]
fn a_ticket_is_escalated_to_the_group_above_its_own_or_refused() {
    in_world(async {
        let mut world = with_anna_alone().await;
        mails(&mut world, 1..=1).await;
        let desk = world.local.desk.clone();
        let escalate = || {
            let actor = &Actor::Agent(ANNA);
            desk.tickets()
                .escalate(TicketNumber(1), None, "too hard", (actor, "test"), vec![])
        };
        let refused = escalate().await;
        assert!(
            matches!(
                &refused,
                Ok(Changed::Refused(Refusal::NoHigherGroup(Some(SUPPORT))))
            ),
            "{refused:?}"
        );
        let make = |id| Group::new(id, "Engineers", desk.now());
        let above = desk.groups().create(world.by(), make).await.unwrap().unwrap().id;
        desk.groups().add_member(above, BEN, world.by()).await.unwrap();
        desk.agents().come_online(BEN, world.by()).await.unwrap();
        change_support(&world, |group| group.assignment.escalates_to = Some(above)).await;
        assert!(matches!(escalate().await.unwrap(), Changed::Done(_)));
        world.settle().await;
        let ticket = ticket(&world, 1).await;
        assert_eq!((ticket.group, ticket.assignee), (Some(above), Some(BEN)));
        assert_eq!(load(&world, ANNA).await.load_units, 0);
        is_sound(&world).await;
    });
}

#[test]
fn memberships_stand_on_the_person_and_in_the_group_and_settings_leave_the_load_alone() {
    in_world(async {
        let mut world = with_anna_alone().await;
        mails(&mut world, 1..=2).await;
        let desk = world.local.desk.clone();
        assert_eq!(
            desk.groups().add_member(SUPPORT, ANNA, world.by()).await.unwrap(),
            MembershipChange::Unchanged
        );
        assert_eq!(
            desk.groups()
                .add_member(GroupId(9), ANNA, world.by())
                .await
                .unwrap(),
            MembershipChange::NoGroup
        );
        let nobody = desk
            .groups()
            .add_member(SUPPORT, PersonId(999), world.by())
            .await
            .unwrap();
        assert_eq!(nobody, MembershipChange::NoAgent);
        set(&mut world, ANNA, capacity(5)).await;
        let read = load(&world, ANNA).await;
        assert_eq!((read.load_units, read.capacity), (2, 5));
        assert_eq!(
            desk.groups()
                .remove_member(SUPPORT, ANNA, world.by())
                .await
                .unwrap(),
            MembershipChange::Done
        );
        assert!(!desk.groups().members(SUPPORT).await.unwrap().contains(&ANNA));
        assert_eq!(desk.people().get(ANNA).await.unwrap().unwrap().groups, []);
        let list = TicketList::Agent(ANNA);
        assert_eq!(
            desk.tickets().numbers(&list, 10).await.unwrap().len(),
            2,
            "they stay hers"
        );
        is_sound(&world).await;
    });
}

//! Promises: configured, counted in office hours, escalated, changed while tickets are open.
//!
//! `DOCKET_RECOMPUTE` sets another number of open tickets than that of the normal run.

use crate::{answer, file, in_world, mail, timers::calm_world};
use docket_desk::{TicketFile, setup::SetupChange};
use docket_domain::{
    CalendarId, GroupId, PolicyId, TicketNumber, Timestamp,
    calendar::{Calendar, CalendarDraft, Day, Span, WeekSpan},
    sla::{
        Action, Book, Escalation, Hours, Metric, Policy, PolicyDraft, Promise, Recipient, TimerRules, Warning,
    },
    ticket::{Fact, Priority, Status},
};
use docket_local::{fill::written_ticket, world::World};
use jiff::SignedDuration;

/// Open tickets of the normal run.
const OPEN: u64 = 300;

const HOUR: i64 = 3600;

fn policy(condition: &str, hours: Hours, first_reply_hours: i64) -> Policy {
    let target_seconds = Priority::ALL
        .iter()
        .map(|priority| (*priority, first_reply_hours * HOUR));
    let actions = vec![
        Action::Notify(Recipient::Group(GroupId(1))),
        Action::RaisePriority(Priority::Urgent),
        Action::AddTag("late".to_owned()),
    ];
    let draft = PolicyDraft {
        id: PolicyId(1),
        version: 0,
        title: "Customers".to_owned(),
        description: String::new(),
        position: 1,
        condition: condition.to_owned(),
        hours,
        pausing: vec![Status::Pending],
        promises: vec![Promise {
            metric: Metric::FirstReply,
            target_seconds: target_seconds.collect(),
            warnings: vec![Warning::SecondsBefore(HOUR)],
            escalations: vec![Escalation {
                after_seconds: HOUR,
                actions,
            }],
        }],
    };
    Policy::new(draft).unwrap()
}

/// Monday to Friday, 09:00 to 17:00 UTC.
fn office() -> Calendar {
    let days = [
        Day::Monday,
        Day::Tuesday,
        Day::Wednesday,
        Day::Thursday,
        Day::Friday,
    ];
    let span = Span {
        start: "09:00".parse().unwrap(),
        end: "17:00".parse().unwrap(),
    };
    let draft = CalendarDraft {
        id: CalendarId(1),
        version: 0,
        name: "Office".to_owned(),
        zone: "UTC".to_owned(),
        week: days.map(|day| WeekSpan { day, span }).into(),
        holidays: vec![],
        dates: vec![],
    };
    Calendar::new(draft).unwrap()
}

async fn configure(world: &World, change: impl Fn(&mut Book)) {
    let changed = world.local.desk.rules().change_book(world.by(), vec![], |book| {
        change(book);
        book.check()
    });
    let changed = changed.await.unwrap();
    assert!(matches!(changed, SetupChange::Done(..)), "{changed:?}");
}

fn names(file: &TicketFile) -> Vec<&'static str> {
    file.events.iter().map(|event| event.fact.name()).collect()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn wait_until(world: &mut World, time: &str) {
    let wait = at(time).duration_since(world.local.desk.now());
    world.leap(wait).await;
    world.settle().await;
}

#[test]
fn a_promise_in_office_hours_outlasts_the_weekend_and_each_step_comes_once_on_monday() {
    in_world(async {
        let mut world = calm_world().await;
        let hours = Hours::Calendar(CalendarId(1));
        configure(&world, |book| {
            book.calendars = vec![office()];
            book.policies = vec![policy(r#"ticket.channel == "mail""#, hours, 4)];
        })
        .await;
        wait_until(&mut world, "2026-03-06T15:00:00Z").await;
        world.receive(
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        let clocks = file(&world, 1).await.ticket.clocks.unwrap();
        let due_at = clocks.newest(Metric::FirstReply).unwrap().due_at;
        assert_eq!(
            due_at,
            Some(at("2026-03-09T11:00:00Z")),
            "two hours of Friday, two of Monday"
        );

        // Nobody sweeps from Friday to Monday afternoon.
        wait_until(&mut world, "2026-03-09T16:00:00Z").await;
        world.sweep().await;
        world.settle().await;
        let ticket = file(&world, 1).await;
        let steps: Vec<(&str, Timestamp)> = ticket
            .events
            .iter()
            .filter_map(|event| match &event.fact {
                Fact::SlaWarned { due_at, .. } => Some(("warned", *due_at)),
                Fact::SlaBreached { due_at, .. } => Some(("breached", *due_at)),
                Fact::SlaEscalated { firing, .. } => Some(("escalated", firing.due_at)),
                _ => None,
            })
            .collect();
        assert_eq!(
            steps,
            [
                ("warned", at("2026-03-09T10:00:00Z")),
                ("breached", at("2026-03-09T11:00:00Z")),
                ("escalated", at("2026-03-09T12:00:00Z")),
            ]
        );
        assert_eq!(ticket.ticket.priority, Some(Priority::Urgent));
        assert_eq!(ticket.ticket.tags, ["late"]);
    });
}

#[test]
fn a_ticket_for_which_no_policy_holds_has_no_clock() {
    in_world(async {
        let mut world = calm_world().await;
        configure(&world, |book| {
            book.policies = vec![policy(r#"ticket.channel == "hook""#, Hours::RoundTheClock, 4)];
        })
        .await;
        world.receive(
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        world.leap(SignedDuration::from_hours(100)).await;
        let ticket = file(&world, 1).await;
        assert_eq!(ticket.ticket.clocks, None);
        assert!(!names(&ticket).contains(&"SlaBreached"), "{:?}", names(&ticket));
    });
}

#[test]
fn what_waits_for_its_customer_is_solved_and_closed_by_itself() {
    in_world(async {
        let mut world = calm_world().await;
        configure(&world, |book| {
            book.timers = TimerRules {
                remind_after_seconds: Some(24 * HOUR),
                most_reminders: 1,
                solve_after_seconds: Some(72 * HOUR),
                close_after_seconds: 24 * HOUR,
            };
        })
        .await;
        world.receive(
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        let pending = serde_json::json!({ "ticket": { "status": "pending" } });
        world.api("PUT", "tickets/1.json", None, &pending).await.unwrap();
        for _ in 0..5 {
            world.leap(SignedDuration::from_hours(24)).await;
            world.sweep().await;
            world.settle().await;
        }
        let ticket = file(&world, 1).await;
        assert_eq!(ticket.ticket.status, Status::Closed);
        let reminded = names(&ticket)
            .iter()
            .filter(|name| **name == "CustomerReminded")
            .count();
        assert_eq!(reminded, 1, "{:?}", names(&ticket));
    });
}

#[test]
fn open_tickets_follow_a_changed_policy_and_none_is_broken_by_the_old_one() {
    in_world(async {
        let mut world = calm_world().await;
        let open = std::env::var("DOCKET_RECOMPUTE")
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(OPEN);
        let now = world.local.desk.now();
        let written = now.checked_sub(SignedDuration::from_hours(6)).unwrap();
        let tickets = (1..=open).map(|number| written_ticket(TicketNumber(number), written).unwrap());
        world.local.fill_written(tickets).unwrap();
        // The old promise is due in two hours, the new one in a day; nobody sweeps before the old one is over.
        configure(&world, |book| {
            book.policies = vec![policy("true", Hours::RoundTheClock, 30)];
        })
        .await;
        assert!(answer(&world, 5, "We are looking for it.", false).await);
        let mut sweeps = 0;
        while sweeps == 0
            || world
                .local
                .desk
                .rules()
                .recompute()
                .await
                .unwrap()
                .unwrap()
                .after
                .is_some()
        {
            world
                .leap(SignedDuration::from_mins(if sweeps == 0 { 180 } else { 1 }))
                .await;
            world.settle().await;
            sweeps += 1;
            assert!(sweeps < 100);
        }
        let mut by_walk = 0;
        for number in 1..=open {
            let ticket = file(&world, number).await;
            let names = names(&ticket);
            assert!(!names.contains(&"SlaBreached"), "{number}: {names:?}");
            let applied: Vec<_> = ticket
                .events
                .iter()
                .filter(|event| matches!(event.fact, Fact::SlaPolicyApplied { .. }))
                .collect();
            assert_eq!(applied.len(), 1, "{number}: {names:?}");
            by_walk += usize::from(applied[0].cause.starts_with("SLA policies"));
            let clocks = ticket.ticket.clocks.unwrap();
            assert_eq!(clocks.in_force.policy, PolicyId(1));
            let reply = clocks.newest(Metric::FirstReply).unwrap();
            if number != 5 {
                assert_eq!(
                    reply.due_at,
                    written.checked_add(SignedDuration::from_hours(30)).ok()
                );
            }
        }
        println!(
            "{open} open tickets follow after {sweeps} sweeps: {by_walk} by the walk, the others when their old timers were due"
        );
    });
}

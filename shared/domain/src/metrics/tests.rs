//! Whole histories, and what is measured of them.

use super::*;
use crate::{
    CalendarId, Digest, GroupId, PersonId, PolicyId, Timestamp,
    calendar::{Calendar, CalendarDraft, Day, Span, WeekSpan},
    contact::comment::{AuthorRole, BodyRef},
    sla::{Clocks, Hours, Measure, Metric, Policy, PolicyDraft, Terms, happenings},
    ticket::{Actor, Channel, Fact, ReplyVia, Status, TicketEvent, fact},
};

const ANN: PersonId = PersonId(9);
const BO: PersonId = PersonId(2);
const CY: PersonId = PersonId(3);

/// Monday, 2 March 2026, at a time of day in UTC.
fn at(time: &str) -> Timestamp {
    format!("2026-03-02T{time}:00Z").parse().unwrap()
}

/// A history in the making.
#[derive(Default)]
struct Story(Vec<TicketEvent>);

impl Story {
    fn add(&mut self, time: &str, actor: Actor, fact: Fact) -> u64 {
        let v = self.0.len() as u64 + 1;
        self.0.push(TicketEvent {
            v,
            at: at(time),
            actor,
            cause: format!("test {v}"),
            fact,
            clocks: None,
            automations: None,
            is_erased: false,
        });
        v
    }

    fn created(time: &str) -> Self {
        let mut story = Self::default();
        let created = Fact::TicketCreated(fact::TicketCreated {
            subject: "Help".to_owned(),
            requester: ANN,
            channel: Channel::Api,
            reply_via: ReplyVia::Nowhere,
            external_id: None,
            priority: None,
            ticket_type: None,
            tags: vec![],
            follows: None,
            acknowledge: false,
            unacknowledged: None,
            weight: None,
            triage_overdue_at: at(time),
        });
        story.add(time, Actor::Requester(ANN), created);
        story.wrote(time, ANN, AuthorRole::Requester);
        story
    }

    fn wrote(&mut self, time: &str, author: PersonId, role: AuthorRole) -> u64 {
        let actor = match role {
            AuthorRole::Agent => Actor::Agent(author),
            _ => Actor::Requester(author),
        };
        let body = BodyRef {
            digest: Digest::of(b"x"),
            bytes: 1,
        };
        let comment = Fact::CommentAdded(fact::CommentAdded {
            role,
            author,
            public: true,
            body,
            automatic: None,
            cc: vec![],
            written_by: None,
            monitor: None,
            reaches_nobody: false,
            mentions: vec![],
            tells: None,
        });
        self.add(time, actor, comment)
    }

    fn moved(&mut self, time: &str, to: Status) -> u64 {
        let mut statuses = self.0.iter().rev().filter_map(|event| match event.fact {
            Fact::StatusChanged { to, .. } => Some(to),
            _ => None,
        });
        let from = statuses.next().unwrap_or(Status::New);
        let moved = Fact::StatusChanged {
            from,
            to,
            reason: "a test".to_owned(),
            close_due_at: None,
            wait: None,
        };
        self.add(time, Actor::Agent(BO), moved)
    }

    fn given(&mut self, time: &str, to: PersonId) {
        let given = Fact::AssigneeChanged {
            from: None,
            to: Some(to),
            assignment_overdue_at: None,
        };
        self.add(time, Actor::Agent(CY), given);
    }

    /// The last event carries the clocks after it.
    fn clocked(&mut self, terms: &Terms) {
        let clocks = Clocks::recompute(&happenings(&self.0), terms);
        self.0.last_mut().unwrap().clocks = Some(clocks);
    }

    /// The metric events of one measure, each as `instance kind time`.
    fn told(&self, measured: Measured) -> Vec<String> {
        let pausing = [Status::Pending, Status::Hold];
        let events = metric_events(&self.0, &pausing, &Measure::RoundTheClock);
        let of_measure = events.iter().filter(|event| event.measured == measured);
        of_measure
            .map(|event| {
                let kind = match event.kind {
                    Kind::Activate => "activate".to_owned(),
                    Kind::Pause => "pause".to_owned(),
                    Kind::Fulfill => "fulfill".to_owned(),
                    Kind::UpdateStatus(elapsed) => format!("status {}", elapsed.calendar_seconds / 60),
                    Kind::ApplySla(target) => format!("apply {}", target.target_seconds / 60),
                    Kind::Breach { is_void } => format!("breach {is_void}"),
                };
                format!("{} {kind} {}", event.instance, event.time.strftime("%H:%M"))
            })
            .collect()
    }
}

fn figures_of(story: &Story) -> Figures {
    figures(&story.0, &Measure::RoundTheClock).unwrap()
}

fn minutes(elapsed: Elapsed) -> (i64, i64) {
    (elapsed.calendar_seconds / 60, elapsed.business_seconds / 60)
}

#[test]
fn a_ticket_without_events_has_no_figures() {
    assert_eq!(figures(&[], &Measure::RoundTheClock), None);
}

#[test]
fn times_begin_when_the_ticket_came() {
    let mut story = Story::created("09:00");
    story.wrote("09:20", BO, AuthorRole::Agent);
    story.wrote("09:50", BO, AuthorRole::Agent);
    story.moved("10:00", Status::Solved);
    story.moved("11:00", Status::Open);
    story.moved("12:30", Status::Solved);
    let figures = figures_of(&story);
    assert_eq!(figures.reply_time.map(minutes), Some((20, 20)));
    assert_eq!(figures.first_resolution_time.map(minutes), Some((60, 60)));
    assert_eq!(figures.full_resolution_time.map(minutes), Some((210, 210)));
    assert_eq!((figures.replies, figures.reopens), (2, 1));
    assert_eq!(figures.solved_at, Some(at("12:30")));
    assert_eq!(figures.status_updated_at, at("12:30"));
    assert_eq!(figures.updated_at, at("12:30"));
}

#[test]
fn waits_count_once_they_are_over() {
    let mut story = Story::created("09:00");
    story.moved("09:10", Status::Pending);
    story.moved("09:40", Status::Hold);
    let open = figures_of(&story);
    assert_eq!(minutes(open.requester_wait_time), (10, 10));
    assert_eq!(minutes(open.agent_wait_time), (30, 30));
    assert_eq!(minutes(open.on_hold_time), (0, 0));
    story.moved("10:00", Status::Solved);
    let solved = figures_of(&story);
    assert_eq!(minutes(solved.requester_wait_time), (30, 30));
    assert_eq!(minutes(solved.on_hold_time), (20, 20));
}

#[test]
fn business_time_is_what_lies_within_the_hours_of_the_calendar() {
    let time = |text: &str| text.parse().unwrap();
    let draft = CalendarDraft {
        id: CalendarId(1),
        version: 1,
        name: "Office".to_owned(),
        zone: "UTC".to_owned(),
        week: vec![WeekSpan {
            day: Day::Monday,
            span: Span {
                start: time("10:00"),
                end: time("12:00"),
            },
        }],
        holidays: vec![],
        dates: vec![],
    };
    let calendar = Calendar::new(draft).unwrap();
    let mut story = Story::created("09:00");
    story.wrote("11:00", BO, AuthorRole::Agent);
    story.moved("11:30", Status::Pending);
    story.moved("14:00", Status::Solved);
    let figures = figures(&story.0, &Measure::Business(&calendar)).unwrap();
    assert_eq!(figures.reply_time.map(minutes), Some((120, 60)));
    assert_eq!(figures.full_resolution_time.map(minutes), Some((300, 120)));
    assert_eq!(minutes(figures.agent_wait_time), (150, 30));
}

#[test]
fn stations_are_counted_and_the_last_word_of_each_side_is_kept() {
    let mut story = Story::created("09:00");
    let moved = Fact::GroupChanged {
        from: None,
        to: GroupId(1),
        assignment_overdue_at: None,
    };
    story.add("09:05", Actor::Agent(CY), moved.clone());
    story.add("09:06", Actor::Agent(CY), moved);
    story.given("09:10", BO);
    story.wrote("09:20", BO, AuthorRole::Agent);
    story.wrote("09:30", ANN, AuthorRole::Requester);
    story.given("09:40", CY);
    story.wrote("09:50", BO, AuthorRole::Agent);
    let figures = figures_of(&story);
    assert_eq!((figures.group_stations, figures.assignee_stations), (1, 2));
    assert_eq!(figures.initially_assigned_at, Some(at("09:10")));
    assert_eq!(figures.assigned_at, Some(at("09:40")));
    assert_eq!(
        figures.assignee_updated_at,
        Some(at("09:40")),
        "Bo has it no more"
    );
    assert_eq!(figures.requester_updated_at, Some(at("09:30")));
    assert_eq!(figures.latest_comment_added_at, Some(at("09:50")));
}

#[test]
fn each_wait_for_an_answer_is_an_instance_of_the_reply_time() {
    let mut story = Story::created("09:00");
    story.wrote("09:20", BO, AuthorRole::Agent);
    story.wrote("09:30", ANN, AuthorRole::Requester);
    story.moved("09:40", Status::Hold);
    story.moved("09:45", Status::Open);
    story.wrote("10:00", BO, AuthorRole::Agent);
    assert_eq!(
        story.told(Measured::ReplyTime),
        [
            "1 activate 09:00",
            "1 fulfill 09:20",
            "1 status 20 09:20",
            "2 activate 09:30",
            "2 pause 09:40",
            "2 status 10 09:40",
            "2 activate 09:45",
            "2 fulfill 10:00",
            "2 status 25 10:00",
        ]
    );
}

#[test]
fn waits_and_work_are_measured_of_every_ticket() {
    let mut story = Story::created("09:00");
    story.moved("09:10", Status::Hold);
    story.moved("09:30", Status::Pending);
    story.moved("10:00", Status::Solved);
    assert_eq!(
        story.told(Measured::RequesterWaitTime),
        [
            "1 activate 09:00",
            "1 pause 09:30",
            "1 status 30 09:30",
            "1 fulfill 10:00",
            "1 status 30 10:00"
        ]
    );
    assert_eq!(
        story.told(Measured::AgentWorkTime),
        [
            "1 activate 09:00",
            "1 pause 09:10",
            "1 status 10 09:10",
            "1 fulfill 10:00",
            "1 status 10 10:00"
        ]
    );
}

fn breached(metric: Metric, due: &str, instance: Option<u64>) -> Fact {
    Fact::SlaBreached {
        metric,
        due_at: at(due),
        instance,
        in_force: None,
    }
}

#[test]
fn a_breach_stands_at_the_time_it_was_due_and_says_whether_it_is_void() {
    let mut story = Story::created("09:00");
    story.add(
        "11:00",
        Actor::System,
        breached(Metric::FirstReply, "10:00", Some(1)),
    );
    story.add(
        "11:00",
        Actor::System,
        breached(Metric::Resolution, "10:30", None),
    );
    assert_eq!(
        story.told(Measured::ReplyTime),
        ["1 activate 09:00", "1 breach false 10:00"]
    );
    assert_eq!(
        story.told(Measured::ResolutionTime),
        ["1 activate 09:00", "1 breach false 10:30"]
    );
    let voided = Fact::SlaBreachVoided {
        metric: Metric::FirstReply,
        instance: 1,
        due_at: at("10:00"),
        reason: "the line was down".to_owned(),
    };
    story.add("12:00", Actor::Agent(BO), voided);
    assert_eq!(
        story.told(Measured::ReplyTime),
        ["1 activate 09:00", "1 breach true 10:00"]
    );
    assert_eq!(
        story.told(Measured::ResolutionTime),
        ["1 activate 09:00", "1 breach false 10:30"]
    );
    let pausing = [Status::Pending];
    let events = metric_events(&story.0, &pausing, &Measure::RoundTheClock);
    let breach = events
        .iter()
        .find(|event| matches!(event.kind, Kind::Breach { .. }))
        .unwrap();
    assert_eq!((breach.time, breach.recorded_at), (at("10:00"), at("11:00")));
}

#[test]
fn a_target_is_told_when_it_comes_to_hold_and_when_it_moves() {
    let policy = |version, first_reply: i64| {
        let mut draft: PolicyDraft = Policy::standard().into();
        draft.id = PolicyId(1);
        draft.version = version;
        draft.hours = Hours::RoundTheClock;
        for seconds in draft.promises[0].target_seconds.values_mut() {
            *seconds = first_reply * 60;
        }
        Policy::new(draft).unwrap()
    };
    let (first, second) = (policy(1, 60), policy(2, 120));
    let (first, second) = (Terms::new(&first, []).unwrap(), Terms::new(&second, []).unwrap());
    let mut story = Story::created("09:00");
    story.clocked(&first);
    story.moved("09:10", Status::Open);
    story.clocked(&first);
    story.moved("09:20", Status::Hold);
    story.clocked(&second);
    story.moved("09:30", Status::Open);
    story.wrote("09:40", BO, AuthorRole::Agent);
    story.clocked(&second);
    let applied: Vec<_> = story
        .told(Measured::ReplyTime)
        .into_iter()
        .filter(|told| told.contains("apply"))
        .collect();
    assert_eq!(applied, ["1 apply 60 09:00", "1 apply 120 09:20"]);
    assert_eq!(story.told(Measured::PeriodicUpdateTime), ["1 activate 09:40"]);
}

#[test]
fn no_two_metric_events_of_a_ticket_have_one_name() {
    let mut story = Story::created("09:00");
    story.wrote("09:20", BO, AuthorRole::Agent);
    story.moved("09:20", Status::Pending);
    story.moved("10:00", Status::Solved);
    let events = metric_events(&story.0, &[Status::Pending], &Measure::RoundTheClock);
    let mut names: Vec<_> = events.iter().map(|event| (event.v, event.n)).collect();
    let count = names.len();
    assert!(count > 10, "{count}");
    names.dedup();
    assert_eq!(names.len(), count);
}

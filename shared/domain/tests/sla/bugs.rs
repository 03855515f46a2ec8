//! Bugs that other help desks shipped, each a test. (That an office opens on Monday and on Thursday is with the calendar's
//! own tests.)

use crate::{
    desk::{HOUR, always, clocks, due_at, monday, office, policy, steps_due},
    story::{Story, at, comment},
};
use docket_domain::{
    CalendarId,
    contact::comment::AuthorRole,
    sla::{
        Clocks, Course, Happening, Hours, MOST_OLDER_CYCLES, Metric, Policy, PolicyDraft, Signal, Step,
        Terms, Warning,
    },
    ticket::Status,
};

#[test]
fn a_policy_change_while_paused_keeps_the_pause() {
    let old = always(&[(Metric::Resolution, 8)]);
    let new = always(&[(Metric::Resolution, 4)]);
    let story = Story::begun(monday("09:00")).moves(monday("10:00"), Status::Pending);
    let office = office();
    let terms = Terms::new(&new, [&office]).unwrap();
    let renewed = clocks(&story, &old).renewed(&story.happenings, &terms);
    let state = renewed.newest(Metric::Resolution).unwrap();
    assert!(state.is_paused() && state.due_at.is_none());
    assert_eq!(state.elapsed_ms, HOUR * 1000);
    let resumed = story.moves(monday("12:00"), Status::Open);
    assert_eq!(due_at(&resumed, &new, Metric::Resolution), Some(monday("15:00")));
}

#[test]
fn a_pause_outside_business_hours_does_not_move_the_due_time() {
    let policy = policy(Hours::Calendar(CalendarId(1)), &[(Metric::Resolution, 10)]);
    let story = Story::begun(monday("09:00"));
    let without = due_at(&story, &policy, Metric::Resolution);
    assert_eq!(without, Some(at("2026-03-03T11:00:00Z")));
    let paused = story
        .moves(monday("18:00"), Status::Pending)
        .moves(at("2026-03-03T08:00:00Z"), Status::Open);
    assert_eq!(due_at(&paused, &policy, Metric::Resolution), without);
}

#[test]
fn solved_straight_from_pending_keeps_the_last_pause() {
    let policy = always(&[(Metric::Resolution, 8)]);
    let story = Story::begun(monday("09:00"))
        .moves(monday("10:00"), Status::Pending)
        .moves(monday("15:00"), Status::Solved);
    let solved = clocks(&story, &policy);
    let state = solved.newest(Metric::Resolution).unwrap();
    assert_eq!((state.course, state.elapsed_ms), (Course::Fulfilled, HOUR * 1000));
    let reopened = story.moves(monday("16:00"), Status::Open);
    assert_eq!(
        due_at(&reopened, &policy, Metric::Resolution),
        Some(monday("23:00"))
    );
}

#[test]
fn two_pauses_that_start_in_one_minute_both_count() {
    let policy = always(&[(Metric::Resolution, 8)]);
    let story = Story::begun(monday("09:00"))
        .moves(at("2026-03-02T10:00:00Z"), Status::Pending)
        .moves(at("2026-03-02T10:00:10Z"), Status::Open)
        .moves(at("2026-03-02T10:00:20Z"), Status::Hold)
        .moves(at("2026-03-02T10:00:50Z"), Status::Open);
    assert_eq!(
        due_at(&story, &policy, Metric::Resolution),
        Some(at("2026-03-02T17:00:40Z"))
    );
}

#[test]
fn the_next_reply_clock_does_not_run_while_the_agent_answered_last() {
    let policy = always(&[(Metric::NextReply, 2)]);
    let answered = Story::begun(monday("09:00")).agent(monday("10:00"));
    assert_eq!(clocks(&answered, &policy).next_timer_at(), None);
    let asked = answered.requester(monday("11:00")).requester(monday("12:00"));
    assert_eq!(
        due_at(&asked, &policy, Metric::NextReply),
        Some(monday("13:00")),
        "the oldest unanswered comment counts"
    );
    let answered = asked.agent(monday("12:30"));
    assert_eq!(clocks(&answered, &policy).next_timer_at(), None);
}

#[test]
fn the_next_reply_clock_waits_for_the_first_reply() {
    let policy = always(&[(Metric::NextReply, 2)]);
    let story = Story::begun(monday("09:00")).requester(monday("10:00"));
    assert!(clocks(&story, &policy).states.is_empty());
}

#[test]
fn no_clock_overrules_another() {
    let policy = always(&[
        (Metric::FirstReply, 1),
        (Metric::NextReply, 2),
        (Metric::PeriodicUpdate, 3),
        (Metric::Resolution, 24),
    ]);
    let story = Story::begun(monday("09:00"))
        .agent(monday("09:30"))
        .requester(monday("10:00"));
    let clocks = clocks(&story, &policy);
    let due: Vec<_> = Metric::ALL
        .iter()
        .map(|metric| clocks.newest(*metric).and_then(|state| state.due_at))
        .collect();
    assert_eq!(
        due,
        [
            None,
            Some(monday("12:00")),
            Some(monday("12:30")),
            Some(at("2026-03-03T09:00:00Z")),
        ]
    );
    assert_eq!(
        clocks.next_timer_at(),
        Some(monday("11:00")),
        "half of the next reply"
    );
}

#[test]
fn a_reply_and_a_status_change_in_one_save_count_both() {
    let policy = always(&[(Metric::FirstReply, 4), (Metric::Resolution, 8)]);
    let story = Story::begun(monday("09:00"))
        .agent(monday("10:00"))
        .moves(monday("10:00"), Status::Pending);
    let clocks = clocks(&story, &policy);
    let first_reply = clocks.newest(Metric::FirstReply).unwrap();
    assert_eq!(first_reply.course, Course::Fulfilled);
    assert!(clocks.newest(Metric::Resolution).unwrap().is_paused());
}

#[test]
fn a_closed_or_merged_ticket_does_not_escalate() {
    let policy = always(&[(Metric::FirstReply, 1), (Metric::Resolution, 2)]);
    let late = monday("23:00");
    let open = Story::begun(monday("09:00"));
    let merged = open.clone().signal(monday("09:30"), Signal::Merged);
    let closed = open
        .moves(monday("09:30"), Status::Solved)
        .moves(monday("09:31"), Status::Closed);
    for story in [merged, closed] {
        let clocks = clocks(&story, &policy);
        assert_eq!(clocks.next_timer_at(), None);
        assert_eq!(steps_due(&clocks, &policy, late), []);
    }
}

#[test]
fn a_new_ticket_is_not_breached_at_its_creation() {
    let policy = policy(Hours::Calendar(CalendarId(1)), &[(Metric::FirstReply, 1)]);
    let saturday = at("2026-03-07T12:00:00Z");
    let clocks = clocks(&Story::begun(saturday), &policy);
    assert_eq!(steps_due(&clocks, &policy, saturday), []);
    assert_eq!(clocks.next_timer_at(), Some(at("2026-03-09T09:30:00Z")));
}

#[test]
fn a_warning_that_would_come_before_the_clock_starts_is_refused() {
    let mut draft: PolicyDraft = always(&[(Metric::FirstReply, 1)]).into();
    draft.promises[0].warnings = vec![Warning::SecondsBefore(HOUR)];
    let refusal = Policy::new(draft).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "first_reply: a warning 3600 s before a target of 3600 s"
    );
}

#[test]
fn automatic_mail_notes_and_third_parties_neither_stop_nor_start_a_clock() {
    let policy = always(&[(Metric::FirstReply, 8), (Metric::NextReply, 2)]);
    let quiet = [
        comment(AuthorRole::Agent, true, true),
        comment(AuthorRole::Agent, false, false),
        comment(AuthorRole::ThirdParty, false, false),
        comment(AuthorRole::System, true, false),
    ];
    for fact in quiet {
        let story = Story::begun(monday("09:00")).fact(monday("10:00"), fact);
        assert_eq!(due_at(&story, &policy, Metric::FirstReply), Some(monday("17:00")));
    }
    let answered = Story::begun(monday("09:00")).agent(monday("10:00"));
    let away = answered.fact(monday("11:00"), comment(AuthorRole::Requester, true, true));
    assert!(clocks(&away, &policy).newest(Metric::NextReply).is_none());
}

#[test]
fn a_breach_that_the_head_had_no_room_for_is_recorded_once_there_is() {
    let policy = always(&[(Metric::NextReply, 1)]);
    let terms = Terms::round_the_clock(&policy);
    let mut story = Story::begun(monday("00:00")).agent(monday("00:01"));
    // More late answers than the head keeps, all within one absence of the sweep.
    let late = MOST_OLDER_CYCLES + 3;
    for nth in 0..late {
        story = story
            .requester(monday(&format!("{:02}:00", 2 * nth + 1)))
            .agent(monday(&format!("{:02}:30", 2 * nth + 2)));
    }
    let mut history = story.happenings;
    let mut clocks = Clocks::none(&terms);
    for (at, happening) in history.iter().enumerate() {
        clocks = match clocks.clone().advance(happening, &terms) {
            Ok(next) => next,
            Err(_) => clocks.renewed(&history[..=at], &terms),
        };
    }
    assert!(clocks.is_cut);
    let now = monday("23:00");
    let mut breached = Vec::new();
    while let Some(firing) = clocks.due(&terms, now).first().copied() {
        breached.extend((firing.step == Step::Breach).then_some(firing.instance));
        let happening = Happening {
            v: history.len() as u64 + 1,
            at: now,
            signal: firing.signal(),
        };
        history.push(happening);
        clocks = match clocks.clone().advance(&happening, &terms) {
            Ok(next) => next,
            Err(_) => clocks.renewed(&history, &terms),
        };
    }
    breached.sort_unstable();
    breached.dedup();
    assert_eq!(breached.len(), late);
    assert!(!clocks.is_cut);
}

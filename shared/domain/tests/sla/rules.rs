//! Rules of clocks that are easily broken: what is due when, how often, and after what.

use crate::{
    desk::{HOUR, always, clocks, due_at, monday, office, policy, steps_due},
    story::{Story, at},
};
use docket_domain::{
    CalendarId, PolicyId,
    sla::{
        Course, Hours, Metric, NeedsHistory, Policy, PolicyDraft, Signal, Step, Terms, Warning,
        choose_policy, prove,
    },
    ticket::{Fact, Priority, Status},
};

#[test]
fn a_breach_just_before_a_pause_or_an_answer_is_recorded_by_a_late_sweep() {
    let policy = always(&[(Metric::FirstReply, 1)]);
    let late = monday("12:00");
    let breach = (Metric::FirstReply, Step::Breach, monday("10:00"));
    let story = Story::begun(monday("09:00"));
    let paused = story.clone().moves(monday("10:01"), Status::Pending);
    assert_eq!(steps_due(&clocks(&paused, &policy), &policy, late), [breach]);
    let answered = story.agent(monday("10:01"));
    assert_eq!(steps_due(&clocks(&answered, &policy), &policy, late), [breach]);
}

#[test]
fn an_answer_at_the_very_instant_it_is_due_keeps_the_promise() {
    let policy = always(&[(Metric::FirstReply, 1)]);
    let story = Story::begun(monday("09:00")).agent(monday("10:00"));
    assert_eq!(clocks(&story, &policy).next_timer_at(), None);
}

#[test]
fn a_breach_of_an_older_cycle_is_not_lost_when_a_new_one_begins() {
    let policy = always(&[(Metric::NextReply, 1)]);
    let story = Story::begun(monday("09:00"))
        .agent(monday("09:10"))
        .requester(monday("10:00"))
        .agent(monday("11:01"))
        .requester(monday("11:02"));
    let clocks = clocks(&story, &policy);
    assert_eq!(
        steps_due(&clocks, &policy, monday("11:05")),
        [(Metric::NextReply, Step::Breach, monday("11:00"))]
    );
    let fired = clocks.states[0].clone();
    assert_eq!((fired.instance, fired.course), (4, Course::Fulfilled));
}

#[test]
fn after_an_outage_everything_is_due_in_order_and_once() {
    let policy = always(&[(Metric::FirstReply, 2)]);
    let mut story = Story::begun(monday("09:00"));
    let late = at("2026-03-05T09:00:00Z");
    let before = clocks(&story, &policy);
    assert_eq!(
        steps_due(&before, &policy, late),
        [
            (
                Metric::FirstReply,
                Step::Warning(Warning::Percent(50)),
                monday("10:00")
            ),
            (Metric::FirstReply, Step::Breach, monday("11:00")),
            (Metric::FirstReply, Step::Escalation(HOUR), monday("12:00")),
        ]
    );
    let office = office();
    for firing in before.due(&Terms::new(&policy, [&office]).unwrap(), late) {
        story = story.signal(late, firing.signal());
    }
    let after = clocks(&story, &policy);
    assert_eq!(steps_due(&after, &policy, late), []);
    assert!(after.newest(Metric::FirstReply).unwrap().is_breached());
}

#[test]
fn nothing_is_done_a_moment_early() {
    let policy = always(&[(Metric::FirstReply, 2)]);
    let clocks = clocks(&Story::begun(monday("09:00")), &policy);
    assert_eq!(steps_due(&clocks, &policy, at("2026-03-02T09:59:59.999Z")), []);
    assert_eq!(steps_due(&clocks, &policy, monday("10:00")).len(), 1);
}

#[test]
fn a_voided_breach_comes_again_only_when_it_is_due_anew() {
    let old = always(&[(Metric::Resolution, 1)]);
    let void = Signal::Voided {
        metric: Metric::Resolution,
        instance: 1,
        due_at: monday("10:00"),
    };
    let breach = Signal::Fired {
        metric: Metric::Resolution,
        instance: Some(1),
        step: Step::Breach,
    };
    let story = Story::begun(monday("09:00"))
        .signal(monday("10:00"), breach)
        .signal(monday("10:30"), void);
    let unchanged = clocks(&story, &old);
    let steps = steps_due(&unchanged, &old, monday("23:00"));
    let warning = Step::Warning(Warning::Percent(50));
    assert_eq!(steps, [(Metric::Resolution, warning, monday("09:30"))]);
    let longer = always(&[(Metric::Resolution, 5)]);
    let steps = steps_due(&clocks(&story, &longer), &longer, monday("14:00"));
    assert!(steps.contains(&(Metric::Resolution, Step::Breach, monday("14:00"))));
}

#[test]
fn a_breach_that_was_stored_before_cycles_were_numbered_is_not_repeated() {
    let policy = always(&[(Metric::FirstReply, 1)]);
    let breached = Fact::SlaBreached {
        metric: Metric::FirstReply,
        due_at: monday("10:00"),
        instance: None,
        in_force: None,
    };
    let story = Story::begun(monday("09:00")).fact(monday("10:01"), breached);
    assert!(
        !steps_due(&clocks(&story, &policy), &policy, monday("23:00"))
            .iter()
            .any(|(_, step, _)| *step == Step::Breach)
    );
}

#[test]
fn a_higher_priority_is_applied_to_the_whole_history() {
    let mut draft: PolicyDraft = always(&[(Metric::Resolution, 24)]).into();
    let targets = &mut draft.promises[0].target_seconds;
    targets.insert(Priority::Urgent, 4 * HOUR);
    let policy = Policy::new(draft).unwrap();
    let story = Story::begun(monday("09:00"))
        .moves(monday("10:00"), Status::Pending)
        .moves(monday("11:00"), Status::Open)
        .priority(monday("12:00"), Priority::Urgent);
    assert_eq!(due_at(&story, &policy, Metric::Resolution), Some(monday("14:00")));
}

#[test]
fn what_has_ended_is_not_judged_again_by_a_new_policy() {
    let old = always(&[(Metric::FirstReply, 8)]);
    let new = always(&[(Metric::FirstReply, 1)]);
    let story = Story::begun(monday("09:00")).agent(monday("12:00"));
    let office = office();
    let terms = Terms::new(&new, [&office]).unwrap();
    let renewed = clocks(&story, &old).renewed(&story.happenings, &terms);
    assert_eq!(renewed.next_timer_at(), None);
    assert_eq!(renewed.states[0].target_seconds, Some(8 * HOUR));
}

#[test]
fn the_standard_policy_promises_what_the_desk_always_promised() {
    let policy = Policy::standard();
    for priority in Priority::ALL {
        let seconds = |metric| policy.target_seconds(metric, Some(*priority));
        assert_eq!(seconds(Metric::FirstReply), Some(8 * HOUR));
        assert_eq!(seconds(Metric::Resolution), Some(3 * 24 * HOUR));
    }
    assert_eq!(Policy::new(policy.clone().into()), Ok(policy));
}

#[test]
fn the_first_policy_in_order_whose_condition_holds_is_chosen() {
    let with = |id: u64, position: u32, condition: &str| {
        let mut draft: PolicyDraft = Policy::standard().into();
        draft.id = PolicyId(id);
        draft.position = position;
        draft.condition = condition.to_owned();
        Policy::new(draft).unwrap()
    };
    let policies = [
        with(1, 9, "true"),
        with(2, 1, "false"),
        with(3, 4, "true"),
        with(4, 4, "true"),
    ];
    let chosen = choose_policy(&policies, |condition| condition == "true").unwrap();
    assert_eq!(chosen.id, PolicyId(3));
    assert_eq!(choose_policy(&policies, |_| false), None);
}

#[test]
fn all_clocks_of_a_ticket_leave_most_of_its_head_to_others() {
    let policy = policy(
        Hours::Calendar(CalendarId(1)),
        &[
            (Metric::FirstReply, 1),
            (Metric::NextReply, 2),
            (Metric::PeriodicUpdate, 3),
            (Metric::Resolution, 24),
        ],
    );
    let story = Story::begun(monday("09:00"))
        .agent(monday("09:30"))
        .requester(monday("10:00"));
    let written = serde_json::to_string(&clocks(&story, &policy)).unwrap();
    assert!(written.len() <= 800, "{} bytes: {written}", written.len());
}

#[test]
fn the_proof_lists_what_was_counted_paused_and_out_of_hours() {
    let policy = policy(Hours::Calendar(CalendarId(1)), &[(Metric::Resolution, 8)]);
    let story = Story::begun(monday("08:00"))
        .moves(monday("10:00"), Status::Pending)
        .moves(monday("16:00"), Status::Open);
    let office = office();
    let terms = Terms::new(&policy, [&office]).unwrap();
    let proof = prove(&story.happenings, &terms, monday("18:00"));
    let written = serde_json::to_value(&proof).unwrap();
    let piece = |start: &str, end: &str, kind: &str| {
        serde_json::json!({
            "start": monday(start).to_string(), "end": monday(end).to_string(), "kind": kind,
        })
    };
    assert_eq!(written["calendar_version"], 7);
    let clock = &written["clocks"][0];
    assert_eq!(clock["elapsed_seconds"], 2 * HOUR);
    assert_eq!(clock["due_at"], "2026-03-03T15:00:00Z");
    assert_eq!(
        clock["pieces"],
        serde_json::json!([
            piece("08:00", "09:00", "out_of_hours"),
            piece("09:00", "10:00", "counted"),
            piece("10:00", "16:00", "paused"),
            piece("16:00", "17:00", "counted"),
            piece("17:00", "18:00", "out_of_hours"),
        ])
    );
}

#[test]
fn clocks_of_another_policy_version_are_not_carried_on_without_the_history() {
    let old = always(&[(Metric::Resolution, 8)]);
    let mut draft: PolicyDraft = old.clone().into();
    draft.version += 1;
    let new = Policy::new(draft).unwrap();
    let story = Story::begun(monday("09:00")).agent(monday("10:00"));
    let terms = Terms::new(&new, []).unwrap();
    let advanced = clocks(&story, &old).advance(&story.happenings[2], &terms);
    assert_eq!(advanced, Err(NeedsHistory::Terms));
}

#[test]
fn a_policy_without_its_calendar_says_which_is_missing() {
    let policy = policy(Hours::Calendar(CalendarId(1)), &[(Metric::Resolution, 8)]);
    let missing = Terms::new(&policy, []).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "policy 1 counts by calendar 1, which is not there"
    );
}

//! Past tickets triaged again: the back-test, and the rules that do nothing of use.

use crate::case::{AGENT, BILLING, Case, SUPPORT, minute, rule, tag};
use docket_domain::{
    GroupId, PersonId, RuleId, TicketNumber,
    rule::{Rule, RuleAction, RuleKind},
    ticket::{Priority, Status, TicketEvent, TicketType, Update},
    triage::History,
};
use docket_rules::past_tickets::{
    BackTest, Change, Drift, DriftReport, FEWEST_TICKETS, FirstGroup, How, Known, Move, NotJudged,
    PastTicket, Property, Target,
};

fn routing(id: u64, condition: &str, actions: Vec<RuleAction>) -> Rule {
    rule(id, RuleKind::Routing, &format!("R{id}"), condition, actions)
}

fn last(mut rule: Rule) -> Rule {
    rule.is_last = true;
    rule
}

fn about(word: &str) -> String {
    format!("ticket.subject.contains({word:?})")
}

fn known() -> Known {
    Known {
        text: String::new(),
        handed_off: false,
        history: History::default(),
        mailbox_group: None,
        default_group: SUPPORT,
    }
}

/// A past ticket under these rules, to which somebody did something afterwards.
fn past(rules: &[Rule], subject: &str, then: impl FnOnce(&mut Case)) -> Vec<TicketEvent> {
    let mut case = Case::under(rules.to_vec());
    case.create(subject, minute(0));
    case.triage(minute(1));
    then(&mut case);
    case.events
}

fn solve(case: &mut Case) {
    let update = Update {
        status: Some(Status::Solved),
        ..Update::default()
    };
    case.update(update, minute(90));
}

fn hand(update: Update) -> impl Fn(&mut Case) {
    move |case| {
        case.update(update.clone(), minute(30));
    }
}

fn to_group(group: GroupId) -> Update {
    Update {
        group: Some(group),
        ..Update::default()
    }
}

fn to_priority(priority: Priority) -> Update {
    Update {
        priority: Some(priority),
        ..Update::default()
    }
}

/// What drift finds under these rules on these tickets.
fn drift(rules: &[Rule], tickets: &[Vec<TicketEvent>]) -> DriftReport {
    let case = Case::under(rules.to_vec());
    let mut drift = Drift::new(case.rules(minute(0)).checked(), minute(0));
    for events in tickets {
        drift.look(events);
        match PastTicket::of(TicketNumber(7), events, minute(0)) {
            Ok(past) => drift.add(&past, &known(), &case.rules(past.triaged_at)),
            Err(why) => drift.skip(TicketNumber(7), why),
        }
    }
    drift.report()
}

/// The rules that are shadowed, and how.
fn shadowed(rules: &[Rule], subjects: &[&str]) -> Vec<(u64, Vec<How>, Vec<u64>)> {
    let tickets: Vec<_> = subjects
        .iter()
        .map(|subject| past(rules, subject, |_| ()))
        .collect();
    let found = drift(rules, &tickets).shadowed.into_iter();
    found
        .map(|shadow| {
            let by = shadow.by.iter().map(|by| by.id.0).collect();
            (shadow.id.0, shadow.how.into_iter().collect(), by)
        })
        .collect()
}

fn never(report: &DriftReport) -> Vec<u64> {
    report.never_fired.iter().map(|rule| rule.id.0).collect()
}

const FIVE: [&str; 5] = ["invoice"; 5];

#[test]
fn a_back_test_says_what_would_go_elsewhere_and_which_first_group_solved_it() {
    let today = [routing(1, &about("invoice"), vec![tag("money")])];
    let draft = [
        routing(
            1,
            &about("invoice"),
            vec![RuleAction::SetGroup(BILLING), tag("money")],
        ),
        routing(2, "ticket.fields.size + 3 > 3", vec![tag("big")]),
    ];
    // Two of three invoices were moved to Billing by hand before they were solved.
    let moved = |case: &mut Case| {
        hand(to_group(BILLING))(case);
        solve(case);
    };
    let tickets = [
        past(&today, "invoice", moved),
        past(&today, "invoice", moved),
        past(&today, "invoice", solve),
        past(&today, "printer", solve),
        past(&today, "invoice", |_| ()),
    ];
    let (today, draft) = (Case::under(today.to_vec()), Case::under(draft.to_vec()));
    let mut test = BackTest::new(draft.rules(minute(0)).checked());
    for events in &tickets {
        let past = PastTicket::of(TicketNumber(7), events, minute(0)).unwrap();
        let at = past.triaged_at;
        assert_eq!(at, minute(1));
        test.add(&past, &known(), &today.rules(at), &draft.rules(at));
    }
    assert_eq!((test.tickets, test.otherwise), (5, 4));
    assert_eq!(
        test.moves,
        [Move {
            from: SUPPORT,
            to: BILLING,
            tickets: 4
        }]
    );
    assert_eq!(
        test.first_group,
        FirstGroup {
            solved: 4,
            draft: 3,
            today: 2,
            happened: 2
        }
    );
    assert_eq!(
        test.changes.into_iter().collect::<Vec<_>>(),
        [(Property::Group, 4)]
    );
    let counts: Vec<_> = test
        .rules
        .iter()
        .map(|rule| (rule.id.0, rule.matched, rule.unanswered, rule.why.is_some()))
        .collect();
    assert_eq!(counts, [(1, 4, 0, false), (2, 0, 5, true)]);
    assert_eq!(
        test.examples[0].changes,
        [Change {
            property: Property::Group,
            today: "1".to_owned(),
            draft: "2".to_owned()
        }]
    );
}

#[test]
fn without_routing_rules_the_standard_ones_have_their_say() {
    let events = past(&[], "printer", |_| ());
    let past = PastTicket::of(TicketNumber(7), &events, minute(0)).unwrap();
    let urgent = routing(
        1,
        r#"ticket.priority == "normal""#,
        vec![RuleAction::SetPriority(Priority::Low)],
    );
    let (today, draft) = (Case::under(vec![]), Case::under(vec![urgent]));
    let mut test = BackTest::new(draft.rules(minute(0)).checked());
    let mut known = known();
    known.text = "It is urgent".to_owned();
    test.add(&past, &known, &today.rules(minute(1)), &draft.rules(minute(1)));
    let change = &test.examples[0].changes[0];
    assert_eq!((change.today.as_str(), change.draft.as_str()), ("urgent", "low"));
}

#[test]
fn a_ticket_is_judged_if_its_history_is_whole_and_its_triage_in_time() {
    let events = past(&[], "printer", |_| ());
    let judged = |events: &[TicketEvent], from| {
        PastTicket::of(TicketNumber(7), events, minute(from)).map(|past| past.before.v)
    };
    assert_eq!(judged(&events, 1), Ok(2));
    assert_eq!(judged(&events, 2), Err(NotJudged::TriagedBefore));
    assert_eq!(judged(&events[..2], 0), Err(NotJudged::NotTriaged));
    assert_eq!(judged(&events[1..], 0), Err(NotJudged::NoHistory));
    assert_eq!(judged(&[], 0), Err(NotJudged::NoHistory));
    let mut erased = events.clone();
    erased[0].is_erased = true;
    assert_eq!(judged(&erased, 0), Err(NotJudged::Erased));
}

#[test]
fn the_group_that_solved_it_is_that_of_the_last_time() {
    let solved_by = |then: &dyn Fn(&mut Case)| {
        let events = past(&[], "printer", then);
        let past = PastTicket::of(TicketNumber(7), &events, minute(0)).unwrap();
        (past.solved_by, past.is_done)
    };
    let reopen = |case: &mut Case| {
        let update = Update {
            status: Some(Status::Open),
            group: Some(BILLING),
            ..Update::default()
        };
        case.update(update, minute(95));
    };
    assert_eq!(solved_by(&|_| ()), (None, false));
    assert_eq!(solved_by(&solve), (Some(SUPPORT), true));
    assert_eq!(
        solved_by(&|case| {
            solve(case);
            reopen(case);
        }),
        (None, false)
    );
    assert_eq!(
        solved_by(&|case| {
            solve(case);
            reopen(case);
            solve(case);
        }),
        (Some(BILLING), true)
    );
}

#[test]
fn a_rule_behind_the_end_of_the_list_is_shadowed() {
    let ends = last(routing(1, &about("invoice"), vec![tag("money")]));
    let behind = routing(2, &about("invoice"), vec![RuleAction::SetGroup(BILLING)]);
    let rules = [ends.clone(), behind.clone()];
    assert_eq!(shadowed(&rules, &FIVE), [(2, vec![How::Ended], vec![1])]);
    assert_eq!(shadowed(&rules, &FIVE[1..]), [], "four may be chance");
    // One ticket on which it runs is enough.
    let wider = routing(2, "true", vec![RuleAction::SetGroup(BILLING)]);
    let subjects = [&FIVE[..], &["printer"]].concat();
    assert_eq!(shadowed(&[ends, wider], &subjects), []);
}

#[test]
fn a_rule_that_sets_what_an_earlier_one_set_is_shadowed_and_not_the_earlier_one() {
    let sets = |id| {
        routing(
            id,
            &about("invoice"),
            vec![RuleAction::SetGroup(BILLING), tag("money")],
        )
    };
    assert_eq!(
        shadowed(&[sets(1), sets(2)], &FIVE),
        [(2, vec![How::Repeats], vec![1])]
    );
    let mut more = sets(2);
    more.actions.push(tag("more"));
    assert_eq!(shadowed(&[sets(1), more], &FIVE), [], "a tag of its own");
    // It keeps others from running.
    let third = routing(3, "true", vec![tag("third")]);
    assert_eq!(
        shadowed(&[sets(1), last(sets(2)), third], &FIVE),
        [(3, vec![How::Ended], vec![2])]
    );
}

#[test]
fn what_the_ticket_has_anyway_is_not_held_against_a_rule() {
    let default = routing(1, "true", vec![RuleAction::SetGroup(SUPPORT)]);
    assert_eq!(shadowed(&[default], &FIVE), []);
}

#[test]
fn a_rule_whose_work_is_always_undone_behind_it_is_shadowed_unless_somebody_read_it() {
    let high = routing(1, "true", vec![RuleAction::SetPriority(Priority::High)]);
    let low = routing(3, "true", vec![RuleAction::SetPriority(Priority::Low)]);
    assert_eq!(
        shadowed(&[high.clone(), low.clone()], &FIVE),
        [(1, vec![How::Overwritten], vec![3])]
    );
    let reads = routing(2, r#"ticket.priority == "high""#, vec![tag("was high")]);
    let reads = Rule {
        actions: vec![tag("was-high")],
        ..reads
    };
    assert_eq!(shadowed(&[high, reads, low], &FIVE), []);
}

#[test]
fn a_rule_never_fires_if_it_neither_ran_nor_would_run() {
    let rules = [
        routing(1, &about("invoice"), vec![tag("a")]),
        routing(2, &about("refund"), vec![tag("b")]),
        routing(3, "ticket.fields.size + 3 > 3", vec![tag("c")]),
        rule(
            4,
            RuleKind::Trigger,
            "T",
            r#"event.kind == "triaged""#,
            vec![tag("d")],
        ),
        rule(
            5,
            RuleKind::Trigger,
            "U",
            r#"ticket.status == "hold""#,
            vec![tag("e")],
        ),
        rule(6, RuleKind::Macro, "M", "true", vec![tag("f")]),
    ];
    let tickets: Vec<_> = FIVE.iter().map(|subject| past(&rules, subject, |_| ())).collect();
    let report = drift(&rules, &tickets);
    assert_eq!(never(&report), [2, 3, 5]);
    let unanswered: Vec<_> = report
        .never_fired
        .iter()
        .map(|rule| (rule.tickets, rule.unanswered))
        .collect();
    assert_eq!(unanswered, [(5, 0), (5, 5), (5, 0)]);
    assert_eq!(never(&drift(&rules, &tickets[1..])), [0; 0], "four may be chance");
    // What did run then is not said to never run, whatever it says today.
    let mut changed = rules.clone();
    changed[0].condition = about("refund");
    assert_eq!(never(&drift(&changed, &tickets)), [2, 3, 5]);
    let mut off = rules.clone();
    off[1].is_active = false;
    assert_eq!(never(&drift(&off, &tickets)), [3, 5]);
}

/// In what the one rule is found to be always overruled, with how many tickets.
fn overruled(rule: &Rule, tickets: &[&dyn Fn(&mut Case)]) -> Vec<(Target, u64)> {
    let rules = [rule.clone()];
    let tickets: Vec<_> = tickets.iter().map(|then| past(&rules, "invoice", then)).collect();
    let found = drift(&rules, &tickets).overruled.into_iter();
    found.map(|found| (found.target, found.tickets)).collect()
}

#[test]
fn a_rule_whose_work_a_person_always_changes_is_overruled() {
    let high = routing(1, "true", vec![RuleAction::SetPriority(Priority::High), tag("a")]);
    let lowered = hand(to_priority(Priority::Low));
    let five: [&dyn Fn(&mut Case); 5] = [&lowered; 5];
    assert_eq!(FEWEST_TICKETS, 5);
    assert_eq!(overruled(&high, &five), [(Target::Priority, 5)]);
    assert_eq!(overruled(&high, &five[1..]), [], "four may be chance");
    // One that was solved as the rule said is enough; one that is still open says nothing.
    let solved = [&five[..], &[&solve]].concat();
    assert_eq!(overruled(&high, &solved), []);
    let open = |_: &mut Case| ();
    let untouched = [&five[..], &[&open]].concat();
    assert_eq!(overruled(&high, &untouched), [(Target::Priority, 5)]);
}

#[test]
fn what_a_person_sets_back_or_changes_otherwise_is_no_overruling() {
    let high = routing(1, "true", vec![RuleAction::SetPriority(Priority::High)]);
    let back = |case: &mut Case| {
        hand(to_priority(Priority::Low))(case);
        hand(to_priority(Priority::High))(case);
    };
    let elsewhere = |case: &mut Case| {
        hand(to_group(BILLING))(case);
        solve(case);
    };
    let back_five: [&dyn Fn(&mut Case); 5] = [&back; 5];
    let elsewhere_five: [&dyn Fn(&mut Case); 5] = [&elsewhere; 5];
    assert_eq!(overruled(&high, &back_five), []);
    assert_eq!(overruled(&high, &elsewhere_five), []);
}

#[test]
fn group_type_and_assignee_can_be_overruled_too() {
    let rule = routing(
        1,
        "true",
        vec![
            RuleAction::SetGroup(BILLING),
            RuleAction::SetType(Some(TicketType::Task)),
            RuleAction::SetAssignee(Some(PersonId(9))),
        ],
    );
    let change = hand(Update {
        group: Some(SUPPORT),
        ticket_type: Some(None),
        assignee: Some(Some(AGENT)),
        ..Update::default()
    });
    let five: [&dyn Fn(&mut Case); 5] = [&change; 5];
    assert_eq!(
        overruled(&rule, &five),
        [(Target::Group, 5), (Target::Type, 5), (Target::Assignee, 5)]
    );
}

#[test]
fn what_a_later_rule_set_is_not_the_earlier_ones_to_be_overruled_in() {
    let rules = [
        routing(1, "true", vec![RuleAction::SetPriority(Priority::High)]),
        routing(2, "true", vec![RuleAction::SetPriority(Priority::Urgent)]),
        routing(3, "true", vec![RuleAction::SetPriority(Priority::Urgent)]),
    ];
    let lowered = hand(to_priority(Priority::Low));
    let tickets: Vec<_> = FIVE
        .iter()
        .map(|subject| past(&rules, subject, &lowered))
        .collect();
    let report = drift(&rules, &tickets);
    let found: Vec<_> = report.overruled.iter().map(|found| found.id).collect();
    assert_eq!(found, [RuleId(2)]);
}

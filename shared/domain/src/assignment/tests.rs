use super::*;
use crate::{
    CalendarId, GroupId, PersonId, SkillId, TicketNumber, Timestamp,
    calendar::{Calendar, CalendarDraft, Day, Span, WeekSpan},
    ticket::{Ticket, Waiting},
};

const FRENCH: RequiredSkill = RequiredSkill {
    skill: SkillId(7),
    level: 3,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Monday, 10 o'clock.
fn now() -> Timestamp {
    at("2026-03-02T10:00:00Z")
}

fn load(agent: u64, load_units: i64, capacity: u32) -> AgentLoad {
    AgentLoad {
        load_units,
        capacity,
        ..AgentLoad::new(PersonId(agent))
    }
}

fn speaks_french(mut load: AgentLoad, level: u8) -> AgentLoad {
    load.skills.insert(FRENCH.skill, level);
    load
}

fn away(mut load: AgentLoad) -> AgentLoad {
    load.availability = Availability::Away;
    load
}

/// Whose last ticket was at this minute of the hour before.
fn last_at(mut load: AgentLoad, minute: u8) -> AgentLoad {
    load.last_assigned_at = Some(at(&format!("2026-03-02T09:{minute:02}:00Z")));
    load
}

/// Whose day is Tuesday.
fn on_tuesdays(mut load: AgentLoad) -> AgentLoad {
    load.calendar = Some(CalendarId(1));
    load
}

fn tuesdays() -> Calendar {
    Calendar::new(CalendarDraft {
        id: CalendarId(1),
        version: 1,
        name: "Tuesdays".to_owned(),
        zone: "UTC".to_owned(),
        week: vec![WeekSpan {
            day: Day::Tuesday,
            span: Span {
                start: "09:00".parse().unwrap(),
                end: "17:00".parse().unwrap(),
            },
        }],
        holidays: vec![],
        dates: vec![],
    })
    .unwrap()
}

fn waiting(skills: &[RequiredSkill]) -> Ticket {
    Ticket {
        skills: skills.to_vec(),
        waiting: Some(Waiting {
            since: now(),
            overdue_at: now(),
            reason: None,
            changes_at: None,
        }),
        ..Ticket::blank(TicketNumber(7))
    }
}

/// A choice by a group's rules, of those who have Tuesday as their day or none.
struct Case {
    ticket: Ticket,
    assignment: GroupAssignment,
    previous: Option<PersonId>,
    now: Timestamp,
}

impl Case {
    fn new(skills: &[RequiredSkill]) -> Self {
        Self {
            ticket: waiting(skills),
            assignment: GroupAssignment::default(),
            previous: None,
            now: now(),
        }
    }

    fn by(strategy: Strategy) -> Self {
        let mut case = Self::new(&[]);
        case.assignment.strategy = strategy;
        case
    }

    fn with<T>(&self, roster: &[AgentLoad], ask: impl Fn(&Ticket, &Candidates<'_>) -> T) -> T {
        let candidates = Candidates {
            group: GroupId(1),
            assignment: &self.assignment,
            roster,
            calendars: &[tuesdays()],
            previous: self.previous,
            skill_names: &SkillNames::from([(FRENCH.skill, "French".to_owned())]),
            now: self.now,
        };
        ask(&self.ticket, &candidates)
    }

    fn decision(&self, roster: &[AgentLoad]) -> Decision {
        self.with(roster, choose).1
    }

    fn winner(&self, roster: &[AgentLoad]) -> Option<u64> {
        let (choice, decision) = self.with(roster, choose);
        assert_eq!(choice.as_ref().map(|choice| choice.agent), decision.winner);
        let could = |load: &&AgentLoad| {
            let seen = decision.considered.iter().find(|seen| seen.agent == load.agent);
            seen.is_some_and(|seen| seen.passed_over.is_none())
        };
        assert_eq!(decision.winner.is_some(), roster.iter().any(|load| could(&load)));
        choice.map(|choice| choice.agent.0)
    }
}

fn winner(roster: &[AgentLoad]) -> Option<u64> {
    Case::new(&[]).winner(roster)
}

#[test]
fn the_least_share_of_capacity_wins_not_the_least_count() {
    assert_eq!(winner(&[load(1, 3, 5), load(2, 4, 20)]), Some(2));
}

#[test]
fn one_unit_of_room_is_enough_and_none_is_not() {
    assert_eq!(winner(&[load(1, 19, 20)]), Some(1));
    assert_eq!(winner(&[load(1, 20, 20)]), None);
    assert_eq!(winner(&[load(1, 0, 0)]), None);
}

#[test]
fn a_heavy_ticket_needs_as_much_room_as_it_weighs() {
    let mut case = Case::new(&[]);
    case.ticket.weight = 4;
    assert_eq!(case.winner(&[load(1, 16, 20)]), Some(1));
    let full = case.decision(&[load(1, 17, 20)]);
    assert_eq!(
        full.considered[0].passed_over.as_deref(),
        Some("full: 17 of 20, and it weighs 4")
    );
}

#[test]
fn who_is_full_takes_not_even_what_weighs_nothing() {
    let mut case = Case::new(&[]);
    case.ticket.weight = 0;
    assert_eq!(case.winner(&[load(1, 19, 20)]), Some(1));
    assert_eq!(case.winner(&[load(1, 20, 20)]), None);
}

#[test]
fn of_equals_the_one_who_waited_longest_wins() {
    let (first, second) = (last_at(load(1, 1, 20), 50), last_at(load(2, 1, 20), 40));
    assert_eq!(winner(&[first.clone(), second.clone()]), Some(2));
    let decision = Case::new(&[]).decision(&[first, second]);
    assert_eq!(
        decision.tie_break.as_deref(),
        Some("longest without a new ticket")
    );
}

#[test]
fn the_order_of_the_roster_decides_nothing() {
    let (a, b, c) = (load(1, 0, 20), load(2, 0, 20), load(3, 0, 20));
    assert_eq!(winner(&[a.clone(), b.clone(), c.clone()]), winner(&[c, b, a]));
}

#[test]
fn round_robin_looks_at_the_last_ticket_and_not_at_the_load() {
    let roster = [last_at(load(1, 0, 20), 50), last_at(load(2, 19, 20), 40)];
    assert_eq!(Case::by(Strategy::RoundRobin).winner(&roster), Some(2));
    assert_eq!(Case::by(Strategy::LeastLoaded).winner(&roster), Some(1));
    let never = [last_at(load(1, 0, 20), 1), load(2, 5, 20)];
    assert_eq!(Case::by(Strategy::RoundRobin).winner(&never), Some(2));
}

#[test]
fn a_manual_group_gives_nothing_out_and_says_so() {
    let case = Case::by(Strategy::Manual);
    let (choice, decision) = case.with(&[load(1, 0, 20)], choose);
    assert_eq!(choice, None);
    assert_eq!(
        decision.reason,
        "the agents of its group take its tickets themselves"
    );
    assert!(!case.with(&[load(1, 0, 20)], |_, from| has_room(from)));
}

#[test]
fn the_previous_agent_comes_first_where_the_group_says_so_and_only_if_they_can() {
    let mut case = Case::new(&[]);
    case.previous = Some(PersonId(2));
    assert_eq!(case.winner(&[load(1, 0, 20), load(2, 19, 20)]), Some(2));
    let decision = case.decision(&[load(1, 0, 20), load(2, 19, 20)]);
    assert_eq!(
        decision.reason,
        "the requester's previous agent: 19 of 20 before this one"
    );
    assert_eq!(case.winner(&[load(1, 0, 20), away(load(2, 0, 20))]), Some(1));
    assert_eq!(case.winner(&[load(1, 0, 20), load(2, 20, 20)]), Some(1));
}

#[test]
fn a_required_skill_is_needed_at_its_level() {
    let case = Case::new(&[FRENCH]);
    let (weak, able) = (
        speaks_french(load(1, 0, 20), 2),
        speaks_french(load(2, 10, 20), 3),
    );
    assert_eq!(case.winner(&[weak.clone(), able, load(3, 0, 20)]), Some(2));
    let decision = case.decision(&[weak]);
    assert_eq!(decision.reason, "no agent of its group has French at level 3");
    assert_eq!(
        decision.considered[0].passed_over.as_deref(),
        Some("lacks French at level 3")
    );
}

#[test]
fn skills_are_waived_once_the_ticket_has_waited_long_enough_and_not_a_second_before() {
    let mut case = Case::new(&[FRENCH]);
    case.assignment.relax_skills_after_seconds = Some(600);
    let roster = [load(1, 0, 20)];
    case.now = at("2026-03-02T10:09:59Z");
    let decision = case.decision(&roster);
    assert_eq!(decision.winner, None);
    assert_eq!(decision.changes_at, Some(at("2026-03-02T10:10:00Z")));
    assert_eq!(
        decision.reason,
        "no agent of its group has French at level 3; required skills are waived from 2026-03-02T10:10:00Z on"
    );
    case.now = at("2026-03-02T10:10:00Z");
    let decision = case.decision(&roster);
    assert_eq!(
        (decision.winner, decision.skills_waived),
        (Some(PersonId(1)), true)
    );
    assert!(
        decision
            .reason
            .ends_with("required skills are waived, it has waited too long for them")
    );
}

#[test]
fn who_is_outside_working_hours_gets_nothing_and_their_opening_is_when_to_look_again() {
    let mut case = Case::new(&[]);
    let roster = [on_tuesdays(load(1, 0, 20)), away(load(2, 0, 20))];
    let decision = case.decision(&roster);
    assert_eq!(decision.winner, None);
    assert_eq!(decision.changes_at, Some(at("2026-03-03T09:00:00Z")));
    assert_eq!(
        decision.reason,
        "every agent of its group is away or outside working hours until 2026-03-03T09:00:00Z"
    );
    assert!(!case.with(&roster, |_, from| has_room(from)));
    case.now = at("2026-03-03T09:00:00Z");
    assert!(case.with(&roster, |_, from| has_room(from)));
    assert_eq!(case.winner(&roster), Some(1));
}

#[test]
fn a_calendar_that_is_no_longer_in_force_keeps_nobody_from_working() {
    let mut gone = load(1, 0, 20);
    gone.calendar = Some(CalendarId(9));
    assert_eq!(winner(&[gone]), Some(1));
}

#[test]
fn when_nobody_can_the_decision_says_why() {
    let reason = |roster: &[AgentLoad]| Case::new(&[]).decision(roster).reason;
    let one_away = away(load(1, 0, 20));
    assert_eq!(
        reason(std::slice::from_ref(&one_away)),
        "every agent of its group is away"
    );
    assert_eq!(
        reason(&[one_away, load(2, 20, 20)]),
        "every available agent of its group is at capacity"
    );
    assert_eq!(reason(&[]), "its group has no agents");
}

#[test]
fn skills_stand_sorted_each_once_at_its_highest_level() {
    let need = |skill, level| RequiredSkill {
        skill: SkillId(skill),
        level,
    };
    assert_eq!(
        in_order(vec![need(9, 1), need(7, 2), need(9, 4)]),
        Ok(vec![need(7, 2), need(9, 4)])
    );
    let many = (1..=9).map(|skill| need(skill, 1)).collect();
    assert_eq!(in_order(many), Err(BadSkills::TooMany(9)));
    for level in [0, 6] {
        let bad = BadSkills::Level {
            skill: SkillId(1),
            level,
        };
        assert_eq!(in_order(vec![need(1, level)]), Err(bad));
    }
}

#[test]
fn a_load_of_before_skills_and_calendars_reads() {
    let stored = r#"{"agent":1,"load_units":3,"capacity":20,"availability":"online"}"#;
    let read: AgentLoad = serde_json::from_str(stored).unwrap();
    assert_eq!(read, load(1, 3, 20));
}

#[test]
fn settings_of_a_load_have_bounds() {
    let skills = |skill, level| LoadSettings {
        skills: Some([(SkillId(skill), level)].into()),
        ..LoadSettings::default()
    };
    assert_eq!(skills(1, 5).check(), Ok(()));
    assert!(skills(1, 0).check().is_err());
    assert!(skills(1, 6).check().is_err());
    let capacity = |capacity| LoadSettings {
        capacity: Some(capacity),
        ..LoadSettings::default()
    };
    assert_eq!(capacity(MOST_CAPACITY).check(), Ok(()));
    assert!(capacity(MOST_CAPACITY + 1).check().is_err());
}

//! Whose hands a ticket is in, and what that means to loads.

use super::{
    tests::{AGENT, Case, REQUESTER, create, minute},
    *,
};
use crate::{
    GroupId, PersonId, SkillId, TicketNumber, Timestamp,
    assignment::{self, BadSkills, RequiredSkill},
    nudge,
    sla::{InForce, Terms, TimerRules},
};

/// Rules of a desk on which every ticket weighs as much.
struct Heavy(StandardRules, u32);

impl Rules for Heavy {
    fn choose(&self, ticket: &Ticket) -> Option<Chosen<'_>> {
        self.0.choose(ticket)
    }
    fn terms(&self, in_force: &InForce) -> Option<Terms<'_>> {
        self.0.terms(in_force)
    }
    fn timers(&self) -> TimerRules {
        self.0.timers()
    }
    fn members(&self, group: GroupId) -> Vec<PersonId> {
        self.0.members(group)
    }
    fn weight(&self, _channel: &Channel) -> u32 {
        self.1
    }
}

fn weighing(weight: u32) -> Ticket {
    let mut case = Case {
        ticket: Ticket::blank(TicketNumber(1)),
        events: vec![],
        rules: Box::new(Heavy(StandardRules::default(), weight)),
        room: MOST_PARTS,
    };
    case.run(Actor::Requester(REQUESTER), create(), minute(0))
        .unwrap();
    case.ticket
}

fn need(skill: u64, level: u8) -> RequiredSkill {
    RequiredSkill {
        skill: SkillId(skill),
        level,
    }
}

fn requiring(skills: Vec<RequiredSkill>) -> Update {
    Update {
        skills: Some(skills),
        ..Update::default()
    }
}

fn set(status: Status) -> Update {
    Update {
        status: Some(status),
        ..Update::default()
    }
}

fn nudges(case: &Case, events: &[TicketEvent]) -> Vec<nudge::Nudge> {
    nudge::nudges(&case.ticket, events)
}

fn hand_back(case: &mut Case, from: PersonId, now: Timestamp) -> Vec<TicketEvent> {
    let command = Command::HandBack {
        from,
        leaves: false,
        reason: "away".into(),
    };
    case.run(Actor::System, command, now).unwrap()
}

fn escalate(case: &mut Case, to: Option<u64>, reason: &str) -> Result<Vec<TicketEvent>, Refusal> {
    let command = Command::Escalate {
        to: to.map(GroupId),
        reason: reason.into(),
    };
    case.run(Actor::Agent(AGENT), command, minute(9))
}

#[test]
fn whoever_solves_a_ticket_nobody_has_has_it() {
    let mut case = Case::triaged();
    case.solve(minute(5));
    assert_eq!(case.ticket.assignee, Some(AGENT));
    assert_eq!(
        assignment::load_changes(&Case::triaged().ticket, &case.ticket),
        vec![]
    );
}

#[test]
fn loads_follow_assignment_solving_and_reopening() {
    let load = |units, override_units| assignment::LoadChange {
        agent: AGENT,
        units,
        override_units,
    };
    let (triaged, mut case) = (Case::triaged(), Case::assigned());
    assert_eq!(
        assignment::load_changes(&triaged.ticket, &case.ticket),
        vec![load(1, 0)]
    );
    let open = case.ticket.clone();
    case.solve(minute(5));
    assert_eq!(assignment::load_changes(&open, &case.ticket), vec![load(-1, 0)]);
    let solved = case.ticket.clone();
    case.customer_writes(minute(6)).unwrap();
    assert_eq!(assignment::load_changes(&solved, &case.ticket), vec![load(1, 1)]);
}

#[test]
fn a_move_to_another_group_looks_for_an_agent_there() {
    let mut case = Case::assigned();
    let update = Update {
        group: Some(GroupId(2)),
        ..Update::default()
    };
    let events = case.update(Actor::Agent(AGENT), update, minute(5)).unwrap();
    assert_eq!(case.ticket.assignee, None);
    assert!(case.ticket.waiting.is_some());
    let nudges = nudge::nudges(&case.ticket, &events);
    assert!(nudges.contains(&nudge::Nudge::Assignment {
        group: GroupId(2),
        freed: Some(AGENT),
    }));
}

#[test]
fn a_ticket_weighs_what_its_channel_says_and_a_hundred_at_most() {
    assert_eq!(
        [0, 1, 4, 100, 101].map(|weight| weighing(weight).weight),
        [0, 1, 4, 100, 100]
    );
}

#[test]
fn a_load_changes_by_what_the_ticket_weighs() {
    let waiting = weighing(4);
    let taken = Ticket {
        assignee: Some(AGENT),
        status: Status::Open,
        ..waiting.clone()
    };
    let units = |before: &Ticket, after: &Ticket| -> Vec<i64> {
        let changes = assignment::load_changes(before, after);
        changes.iter().map(|change| change.units).collect()
    };
    assert_eq!(units(&waiting, &taken), [4]);
    let other = Ticket {
        assignee: Some(PersonId(3)),
        ..taken.clone()
    };
    assert_eq!(units(&taken, &other), [-4, 4]);
    assert_eq!(units(&other, &other), [0; 0]);
}

#[test]
fn what_is_given_by_hand_asks_for_no_room_and_what_the_desk_gives_does() {
    let mut case = Case::assigned();
    assert!(!case.ticket.by_override);
    let by_hand = Update {
        assignee: Some(Some(PersonId(3))),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), by_hand, minute(5)).unwrap();
    assert!(case.ticket.by_override);
    hand_back(&mut case, PersonId(3), minute(6));
    assert!(!case.ticket.by_override);
}

#[test]
fn other_skills_of_a_waiting_ticket_are_looked_for_at_once() {
    let mut case = Case::triaged();
    let update = requiring(vec![need(9, 2), need(7, 1)]);
    let events = case
        .update(Actor::Agent(AGENT), update.clone(), minute(5))
        .unwrap();
    assert_eq!(case.ticket.skills, [need(7, 1), need(9, 2)]);
    let here = nudge::Nudge::Assignment {
        group: GroupId(1),
        freed: None,
    };
    assert_eq!(nudges(&case, &events), [here]);
    let same = case.update(Actor::Agent(AGENT), update, minute(6)).unwrap();
    assert_eq!(same, [], "the same skills are no change");
}

#[test]
fn a_ticket_that_somebody_has_keeps_them_when_it_requires_other_skills() {
    let mut case = Case::assigned();
    let events = case
        .update(Actor::Agent(AGENT), requiring(vec![need(7, 1)]), minute(5))
        .unwrap();
    assert_eq!(nudges(&case, &events), []);
    assert_eq!(case.ticket.assignee, Some(AGENT));
}

#[test]
fn skills_that_can_not_be_are_refused() {
    let mut case = Case::triaged();
    let bad = case.update(Actor::Agent(AGENT), requiring(vec![need(7, 6)]), minute(5));
    let level = BadSkills::Level {
        skill: SkillId(7),
        level: 6,
    };
    assert_eq!(bad, Err(Refusal::Skills(level)));
}

#[test]
fn only_what_is_open_is_handed_back_and_only_by_whoever_has_it() {
    let mut case = Case::assigned();
    assert_eq!(hand_back(&mut case, PersonId(3), minute(5)), []);
    let events = hand_back(&mut case, AGENT, minute(5));
    assert_eq!(events.len(), 1);
    assert_eq!((case.ticket.assignee, case.ticket.status), (None, Status::Open));
    assert_eq!(case.ticket.waiting.as_ref().unwrap().since, minute(5));
    assert_eq!(nudges(&case, &events).len(), 1);
    for status in [Status::Pending, Status::Hold, Status::Solved] {
        let mut case = Case::assigned();
        case.update(Actor::Agent(AGENT), set(status), minute(4)).unwrap();
        assert_eq!(hand_back(&mut case, AGENT, minute(5)), [], "{status}");
    }
}

#[test]
fn an_escalated_ticket_waits_in_the_higher_group_with_its_history() {
    let mut case = Case::assigned();
    let before = case.events.len();
    let events = escalate(&mut case, Some(2), " needs an engineer ").unwrap();
    assert_eq!(
        (case.ticket.group, case.ticket.assignee),
        (Some(GroupId(2)), None)
    );
    assert_eq!(case.ticket.waiting.as_ref().unwrap().since, minute(9));
    assert_eq!(case.events.len(), before + 1);
    let Fact::Escalated {
        from,
        assignee,
        reason,
        ..
    } = &events[0].fact
    else {
        panic!("{events:?}");
    };
    assert_eq!(
        (*from, *assignee, reason.as_str()),
        (Some(GroupId(1)), Some(AGENT), "needs an engineer")
    );
    let freed = nudge::Nudge::Assignment {
        group: GroupId(2),
        freed: Some(AGENT),
    };
    assert_eq!(nudges(&case, &events), [freed]);
}

#[test]
fn an_escalation_that_leads_nowhere_is_refused_in_words() {
    let refused = |to, reason: &str| {
        escalate(&mut Case::assigned(), to, reason)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused(None, "x"),
        "no group stands above group 1, so the ticket can't be escalated"
    );
    assert_eq!(refused(Some(1), "x"), "the ticket is in group 1 already");
    assert_eq!(
        refused(Some(2), " "),
        "the reason has 0 characters, 1 to 500 are allowed"
    );
    let mut solved = Case::assigned();
    solved.solve(minute(5));
    assert_eq!(
        escalate(&mut solved, Some(2), "x"),
        Err(Refusal::EscalateSolved(Status::Solved))
    );
}

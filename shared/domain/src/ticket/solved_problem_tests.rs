//! A problem that is solved, and the tickets that are its incidents.

use super::tests::{AGENT, Case, REQUESTER, comment, minute};
use super::*;
use crate::{
    GroupId, PersonId, TicketNumber, Timestamp,
    contact::comment::AuthorRole,
    nudge::{self, Nudge},
    sla::{InForce, Terms, TimerRules},
};

const PROBLEM: TicketNumber = TicketNumber(9);

fn problem() -> Case {
    let mut case = Case::assigned();
    let update = Update {
        ticket_type: Some(Some(TicketType::Problem)),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), update, minute(3)).unwrap();
    case
}

fn solving(comment: Option<CommentFacts>) -> Update {
    Update {
        status: Some(Status::Solved),
        comment,
        ..Update::default()
    }
}

fn reopening() -> Update {
    Update {
        status: Some(Status::Open),
        ..Update::default()
    }
}

/// Solves, and says what is asked for.
fn solve(case: &mut Case, comment: Option<CommentFacts>) -> Option<fact::IncidentsQueued> {
    let events = case.update(Actor::Agent(AGENT), solving(comment), minute(10));
    events.unwrap().into_iter().find_map(|event| match event.fact {
        Fact::IncidentsQueued(queued) => Some(queued),
        _ => None,
    })
}

#[test]
fn a_problem_that_is_solved_has_its_incidents_solved_within_a_minute() {
    let mut case = problem();
    let queued = solve(&mut case, None).unwrap();
    assert_eq!(queued.comment, None);
    let due = case.ticket.incidents_due.unwrap();
    assert_eq!(
        (due.v, due.since, due.overdue_at),
        (case.ticket.v, minute(10), minute(11))
    );
    assert_eq!(
        case.ticket.next_timer_at(),
        Some(minute(11)),
        "the sweep finds it"
    );
    let own = case.ticket.next_own_timer_at().unwrap();
    assert!(own > minute(11), "and may push it behind: {own}");
    let nudges = nudge::nudges(&case.ticket, &case.events[case.events.len() - 1..]);
    assert_eq!(nudges, [Nudge::Incidents { v: due.v }]);
}

#[test]
fn whatever_else_is_solved_has_no_incidents() {
    let mut case = Case::assigned();
    assert_eq!(solve(&mut case, None), None);
    assert_eq!(case.ticket.incidents_due, None);
}

#[test]
fn a_problem_that_was_solved_before_asks_for_nothing() {
    let mut case = problem();
    solve(&mut case, None).unwrap();
    assert_eq!(solve(&mut case, None), None);
}

#[test]
fn what_becomes_a_problem_with_the_save_that_solves_it_has_its_incidents_solved() {
    let mut case = Case::assigned();
    let update = Update {
        ticket_type: Some(Some(TicketType::Problem)),
        ..solving(None)
    };
    case.update(Actor::Agent(AGENT), update, minute(3)).unwrap();
    assert!(case.ticket.incidents_due.is_some());
}

#[test]
fn the_agents_public_comment_goes_to_the_incidents() {
    let mut case = problem();
    let said_at = case.ticket.v + 1;
    let queued = solve(&mut case, Some(comment(AuthorRole::Agent, AGENT, true))).unwrap();
    assert_eq!(queued.comment, Some(said_at));
}

#[test]
fn an_internal_note_stays_where_it_is() {
    let mut case = problem();
    let queued = solve(&mut case, Some(comment(AuthorRole::Agent, AGENT, false))).unwrap();
    assert_eq!(queued.comment, None);
}

#[test]
fn what_a_customer_says_goes_to_no_other() {
    let mut case = problem();
    let update = solving(Some(comment(AuthorRole::Requester, REQUESTER, true)));
    case.update(Actor::Requester(REQUESTER), update, minute(10))
        .unwrap();
    assert_eq!(case.ticket.incidents_due.unwrap().comment, None);
}

/// Rules of a desk that knows of somebody whether they work here.
struct Known(Option<bool>);

impl Rules for Known {
    fn choose(&self, _: &Ticket) -> Option<Chosen<'_>> {
        None
    }
    fn terms(&self, _: &InForce) -> Option<Terms<'_>> {
        None
    }
    fn timers(&self) -> TimerRules {
        TimerRules::default()
    }
    fn members(&self, _: GroupId) -> Vec<PersonId> {
        vec![]
    }
    fn is_staff(&self, _: PersonId) -> Option<bool> {
        self.0
    }
}

#[test]
fn an_agent_who_made_the_problem_speaks_to_the_incidents_and_it_is_asked_who_they_are() {
    let mut case = problem();
    case.rules = Box::new(Known(None));
    let said = || solving(Some(comment(AuthorRole::Requester, REQUESTER, true)));
    let lacks = case.update(Actor::Requester(REQUESTER), said(), minute(10));
    assert_eq!(lacks, Err(Refusal::Lacks(Box::new(Needs::staff(REQUESTER)))));
    case.rules = Box::new(Known(Some(true)));
    let said_at = case.ticket.v + 1;
    case.update(Actor::Requester(REQUESTER), said(), minute(10))
        .unwrap();
    assert_eq!(case.ticket.incidents_due.unwrap().comment, Some(said_at));
}

#[test]
fn a_problem_that_is_reopened_leaves_what_is_not_solved_yet() {
    let mut case = problem();
    solve(&mut case, None).unwrap();
    case.update(Actor::Agent(AGENT), reopening(), minute(11)).unwrap();
    assert_eq!(case.ticket.incidents_due, None);
}

#[test]
fn that_the_incidents_are_solved_is_recorded_once() {
    let mut case = problem();
    solve(&mut case, None).unwrap();
    let v = case.ticket.incidents_due.unwrap().v;
    let record = |v| Command::Link(Box::new(LinkCommand::RecordIncidents { v, left: 1 }));
    let of_another = case.run(Actor::System, record(v - 1), minute(11)).unwrap();
    assert_eq!(of_another, []);
    let events = case.run(Actor::System, record(v), minute(11)).unwrap();
    assert_eq!(
        events[0].fact,
        Fact::IncidentsSolved(fact::IncidentsSolved { left: 1 })
    );
    assert_eq!(case.ticket.incidents_due, None);
    assert_eq!(case.run(Actor::System, record(v), minute(12)).unwrap(), []);
}

fn incident() -> Case {
    let mut case = Case::assigned();
    let update = Update {
        ticket_type: Some(Some(TicketType::Incident)),
        problem: Some(Some(PROBLEM)),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), update, minute(3)).unwrap();
    case
}

fn solve_with(
    case: &mut Case,
    problem: TicketNumber,
    since: Timestamp,
    now: Timestamp,
) -> Result<Vec<TicketEvent>, Refusal> {
    let command = LinkCommand::SolveIncident {
        problem,
        since,
        comment: Some(comment(AuthorRole::Agent, PersonId(3), true)),
    };
    case.run(Actor::System, Command::Link(Box::new(command)), now)
}

#[test]
fn an_incident_is_solved_with_its_problem_and_says_why() {
    let mut case = incident();
    let events = solve_with(&mut case, PROBLEM, minute(10), minute(11)).unwrap();
    let Fact::CommentAdded(said) = &events[0].fact else {
        panic!("{events:?}")
    };
    assert_eq!((said.author, said.public), (PersonId(3), true));
    let is_solved = |event: &TicketEvent| match &event.fact {
        Fact::StatusChanged { to, reason, .. } => {
            *to == Status::Solved && reason == "its problem #9 was solved"
        }
        _ => false,
    };
    assert!(events.iter().any(is_solved), "{events:?}");
    assert_eq!(case.ticket.status, Status::Solved);
}

#[test]
fn an_incident_that_is_solved_or_somebody_elses_stays_as_it_is() {
    let mut case = incident();
    let other = solve_with(&mut case, TicketNumber(8), minute(10), minute(11));
    assert_eq!(other.unwrap(), []);
    case.solve(minute(12));
    let solved = solve_with(&mut case, PROBLEM, minute(10), minute(13));
    assert_eq!(solved.unwrap(), []);
}

#[test]
fn an_incident_that_was_reopened_after_its_problem_was_solved_stays_open() {
    let mut case = incident();
    case.solve(minute(5));
    case.update(Actor::Agent(AGENT), reopening(), minute(11)).unwrap();
    let since_then = solve_with(&mut case, PROBLEM, minute(10), minute(12));
    assert_eq!(since_then.unwrap(), []);
    assert_eq!(case.ticket.status, Status::Open);
    // As it was open when that was solved, it is no other than the rest.
    let before = solve_with(&mut case, PROBLEM, minute(11), minute(12));
    assert!(!before.unwrap().is_empty());
}

//! Times and counts of one ticket.

use crate::{
    Timestamp,
    sla::{Happening, Measure, Run, Signal, happenings, pauses},
    ticket::{Actor, Fact, Status, Ticket, TicketEvent, evolve},
};

/// How long something took, on the clock on the wall and in opening hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elapsed {
    /// All seconds.
    pub calendar_seconds: i64,
    /// Seconds in which the office was open; all of them where no calendar counts.
    pub business_seconds: i64,
}

impl Elapsed {
    /// From an instant to another.
    pub fn between(from: Timestamp, to: Timestamp, measure: &Measure) -> Self {
        Self {
            calendar_seconds: Measure::RoundTheClock.length(from, to).as_secs(),
            business_seconds: measure.length(from, to).as_secs(),
        }
    }

    /// The time of these runs that are over. One that goes on counts once it has ended, so that a number changes with an
    /// event only.
    pub fn of_ended<'r>(runs: impl IntoIterator<Item = &'r Run>, measure: &Measure) -> Self {
        let ended = runs.into_iter().filter_map(|run| Some((run.start, run.end?)));
        ended.fold(Self::default(), |sum, (start, end)| {
            sum.and(Self::between(start, end, measure))
        })
    }

    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self {
            calendar_seconds: self.calendar_seconds + other.calendar_seconds,
            business_seconds: self.business_seconds + other.business_seconds,
        }
    }
}

/// Times and counts of one ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// When it came.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// From when it came to the first public answer of an agent.
    pub reply_time: Option<Elapsed>,
    /// From when it came until it was solved first.
    pub first_resolution_time: Option<Elapsed>,
    /// From when it came until it was solved last.
    pub full_resolution_time: Option<Elapsed>,
    /// How long agents waited for the requester: pending.
    pub agent_wait_time: Elapsed,
    /// How long the requester waited: new, open, on hold.
    pub requester_wait_time: Elapsed,
    /// How long it was on hold.
    pub on_hold_time: Elapsed,
    /// How often it was reopened.
    pub reopens: u32,
    /// Public answers of agents.
    pub replies: u32,
    /// How often it was given to an agent.
    pub assignee_stations: u32,
    /// How often it came to a group.
    pub group_stations: u32,
    /// When it was given to an agent first.
    pub initially_assigned_at: Option<Timestamp>,
    /// When it was given to an agent last.
    pub assigned_at: Option<Timestamp>,
    /// When it was solved last.
    pub solved_at: Option<Timestamp>,
    /// When its status moved last.
    pub status_updated_at: Timestamp,
    /// When the agent who had it changed it last.
    pub assignee_updated_at: Option<Timestamp>,
    /// When the requester wrote last.
    pub requester_updated_at: Option<Timestamp>,
    /// When somebody wrote last.
    pub latest_comment_added_at: Option<Timestamp>,
}

/// The figures of a ticket by its events, in version order; nothing of a ticket without events.
pub fn figures(events: &[TicketEvent], measure: &Measure) -> Option<Figures> {
    let happenings = happenings(events);
    let created_at = happenings.first()?.at;
    let in_status = |statuses: &[Status]| Elapsed::of_ended(&pauses(statuses, &happenings), measure);
    let mut figures = Figures {
        created_at,
        updated_at: created_at,
        reply_time: None,
        first_resolution_time: None,
        full_resolution_time: None,
        agent_wait_time: in_status(&[Status::Pending]),
        requester_wait_time: in_status(&[Status::New, Status::Open, Status::Hold]),
        on_hold_time: in_status(&[Status::Hold]),
        reopens: 0,
        replies: 0,
        assignee_stations: 0,
        group_stations: 0,
        initially_assigned_at: None,
        assigned_at: None,
        solved_at: None,
        status_updated_at: created_at,
        assignee_updated_at: None,
        requester_updated_at: None,
        latest_comment_added_at: None,
    };
    let mut ticket = Ticket::blank(crate::TicketNumber(0));
    for (event, happening) in events.iter().zip(&happenings) {
        let after = evolve(ticket.clone(), event);
        figures.take_signal(happening, measure);
        figures.take_people(&ticket, &after, event, happening.at);
        ticket = after;
    }
    figures.reopens = ticket.reopens;
    Some(figures)
}

impl Figures {
    fn take_signal(&mut self, happening: &Happening, measure: &Measure) {
        let at = happening.at;
        self.updated_at = at;
        match happening.signal {
            Signal::AgentAnswered => {
                self.replies += 1;
                let first = Elapsed::between(self.created_at, at, measure);
                self.reply_time.get_or_insert(first);
            }
            Signal::StatusMoved { to, .. } => {
                self.status_updated_at = at;
                if to == Status::Solved {
                    let whole = Elapsed::between(self.created_at, at, measure);
                    self.first_resolution_time.get_or_insert(whole);
                    self.full_resolution_time = Some(whole);
                    self.solved_at = Some(at);
                }
            }
            _ => {}
        }
    }

    fn take_people(&mut self, before: &Ticket, after: &Ticket, event: &TicketEvent, at: Timestamp) {
        if after.assignee.is_some() && after.assignee != before.assignee {
            self.assignee_stations += 1;
            self.assigned_at = Some(at);
            self.initially_assigned_at.get_or_insert(at);
        }
        if after.group.is_some() && after.group != before.group {
            self.group_stations += 1;
        }
        if matches!(event.fact, Fact::CommentAdded(_)) {
            self.latest_comment_added_at = Some(at);
        }
        match event.actor {
            Actor::Agent(agent) if after.assignee == Some(agent) => self.assignee_updated_at = Some(at),
            Actor::Requester(_) => self.requester_updated_at = Some(at),
            _ => {}
        }
    }
}

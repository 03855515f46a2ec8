//! Metric events: the course of each clock of a ticket, one event at a time.

use super::{
    Elapsed,
    course::{Course, Turning, in_statuses, of_cycle},
};
use crate::{
    Timestamp,
    sla::{Clocks, Cycle, Happening, InForce, Measure, Metric, Signal, Step, cycles, happenings, pauses},
    ticket::{Fact, Status, TicketEvent},
};
use std::collections::BTreeMap;

/// What is measured of every ticket, whether or not something was promised of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measured {
    /// Each wait of the requester for an answer: the first is instance 1.
    ReplyTime,
    /// From each answer of an agent to the next, while the ticket is unsolved.
    PeriodicUpdateTime,
    /// Created until solved.
    ResolutionTime,
    /// New, open or on hold.
    RequesterWaitTime,
    /// New or open.
    AgentWorkTime,
}

impl Measured {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::ReplyTime,
        Self::PeriodicUpdateTime,
        Self::ResolutionTime,
        Self::RequesterWaitTime,
        Self::AgentWorkTime,
    ];

    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReplyTime => "reply_time",
            Self::PeriodicUpdateTime => "periodic_update_time",
            Self::ResolutionTime => "resolution_time",
            Self::RequesterWaitTime => "requester_wait_time",
            Self::AgentWorkTime => "agent_work_time",
        }
    }

    fn of(metric: Metric) -> Self {
        match metric {
            Metric::FirstReply | Metric::NextReply => Self::ReplyTime,
            Metric::PeriodicUpdate => Self::PeriodicUpdateTime,
            Metric::Resolution => Self::ResolutionTime,
        }
    }
}

/// A target that came to hold for a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppliedTarget {
    /// The target in seconds.
    pub target_seconds: i64,
    /// By which policy and calendar.
    pub in_force: InForce,
}

/// What happened to a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It runs, or runs on.
    Activate,
    /// It stands still.
    Pause,
    /// It has ended.
    Fulfill,
    /// It has counted so much.
    UpdateStatus(Elapsed),
    /// It got a target, or another one.
    ApplySla(AppliedTarget),
    /// It was due.
    Breach {
        /// Whether the breach was declared void.
        is_void: bool,
    },
}

/// Something that happened to a clock of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricEvent {
    /// What is measured.
    pub measured: Measured,
    /// Which instance of it, from 1.
    pub instance: u64,
    /// When it happened.
    pub time: Timestamp,
    /// When it was recorded: a breach that was found late is recorded after it happened.
    pub recorded_at: Timestamp,
    /// Version of the ticket that it came with.
    pub v: u64,
    /// Which of that version's metric events it is, from 0.
    pub n: u32,
    /// What happened.
    pub kind: Kind,
}

/// The metric events of a ticket by its events, in order. `pausing` and `measure` are what its policy counts by.
pub fn metric_events(events: &[TicketEvent], pausing: &[Status], measure: &Measure) -> Vec<MetricEvent> {
    let happenings = happenings(events);
    let instances = Instances::of(&happenings);
    let mut list = List {
        happenings: &happenings,
        measure,
        events: Vec::new(),
    };
    let policy_pauses = pauses(pausing, &happenings);
    for (cycle, instance) in &instances.cycles {
        let measured = Measured::of(cycle.metric);
        list.course(measured, *instance, &of_cycle(cycle, &policy_pauses));
    }
    let waits = in_statuses(&[Status::New, Status::Open, Status::Hold], &happenings);
    list.course(Measured::RequesterWaitTime, 1, &waits);
    let work = in_statuses(&[Status::New, Status::Open], &happenings);
    list.course(Measured::AgentWorkTime, 1, &work);
    list.breaches(events, &instances);
    list.targets(events, &instances);
    list.numbered()
}

/// The cycles of all clocks, each with its number.
struct Instances {
    cycles: Vec<(Cycle, u64)>,
}

impl Instances {
    fn of(happenings: &[Happening]) -> Self {
        let mut numbers: BTreeMap<Measured, u64> = BTreeMap::new();
        // The first reply's cycle comes before those of the next replies.
        let cycles = Metric::ALL
            .into_iter()
            .flat_map(|metric| cycles(metric, happenings));
        let cycles = cycles.map(|cycle| {
            let number = numbers.entry(Measured::of(cycle.metric)).or_default();
            *number += 1;
            (cycle, *number)
        });
        Self {
            cycles: cycles.collect(),
        }
    }

    /// The number of the cycle that an event started; of the newest by then, where the event is not said.
    fn number(&self, metric: Metric, started_by: Option<u64>, v: u64) -> Option<u64> {
        let is_it = |cycle: &Cycle| match started_by {
            Some(started_by) => cycle.instance == started_by,
            None => cycle.instance <= v,
        };
        let mut of_metric = self.cycles.iter().filter(|(cycle, _)| cycle.metric == metric);
        let found = of_metric.rfind(|(cycle, _)| is_it(cycle))?;
        Some(found.1)
    }
}

/// Metric events in the making.
struct List<'a> {
    happenings: &'a [Happening],
    measure: &'a Measure<'a>,
    events: Vec<MetricEvent>,
}

impl List<'_> {
    fn put(&mut self, measured: Measured, instance: u64, (v, time): (u64, Timestamp), kind: Kind) {
        self.events.push(MetricEvent {
            measured,
            instance,
            time,
            recorded_at: time,
            v,
            n: 0,
            kind,
        });
    }

    fn course(&mut self, measured: Measured, instance: u64, course: &Course) {
        let mut elapsed = Elapsed::default();
        let mut added = 0;
        for (turning, at, over) in &course.turns {
            let at = *at;
            elapsed = elapsed.and(Elapsed::of_ended(&course.runs[added..*over], self.measure));
            added = *over;
            let place = self.happenings.partition_point(|happening| happening.at < at);
            let v = self.happenings.get(place).map_or(0, |happening| happening.v);
            let kind = match turning {
                Turning::Activate => Kind::Activate,
                Turning::Pause => Kind::Pause,
                Turning::Fulfil => Kind::Fulfill,
            };
            self.put(measured, instance, (v, at), kind);
            if kind != Kind::Activate {
                self.put(measured, instance, (v, at), Kind::UpdateStatus(elapsed));
            }
        }
    }

    fn breaches(&mut self, events: &[TicketEvent], instances: &Instances) {
        for (event, happening) in events.iter().zip(self.happenings) {
            let Signal::Fired {
                metric,
                instance,
                step: Step::Breach,
            } = happening.signal
            else {
                continue;
            };
            let Fact::SlaBreached { due_at, .. } = event.fact else {
                continue;
            };
            let Some(number) = instances.number(metric, instance, happening.v) else {
                continue;
            };
            let is_void = self.happenings.iter().any(|later| {
                matches!(later.signal, Signal::Voided { metric: of, instance: started_by, due_at: due }
                    if later.v > happening.v && of == metric && due == due_at
                        && instance.is_none_or(|instance| instance == started_by))
            });
            self.events.push(MetricEvent {
                measured: Measured::of(metric),
                instance: number,
                time: due_at,
                recorded_at: happening.at,
                v: happening.v,
                n: 0,
                kind: Kind::Breach { is_void },
            });
        }
    }

    fn targets(&mut self, events: &[TicketEvent], instances: &Instances) {
        let mut before: Option<&Clocks> = None;
        for (event, happening) in events.iter().zip(self.happenings) {
            let Some(clocks) = &event.clocks else { continue };
            for state in &clocks.states {
                let known = before.and_then(|before| before.find(state.metric, state.instance));
                let held = before.filter(|_| known.is_some()).map(|before| before.in_force);
                let is_new = known.is_none_or(|known| known.target_seconds != state.target_seconds)
                    || (held != Some(clocks.in_force) && !state.course.has_ended());
                let number = instances.number(state.metric, Some(state.instance), state.instance);
                if let (true, Some(target_seconds), Some(number)) = (is_new, state.target_seconds, number) {
                    let target = AppliedTarget {
                        target_seconds,
                        in_force: clocks.in_force,
                    };
                    let at = (happening.v, happening.at);
                    self.put(Measured::of(state.metric), number, at, Kind::ApplySla(target));
                }
            }
            before = Some(clocks);
        }
    }

    /// The events in order, numbered within their versions.
    fn numbered(mut self) -> Vec<MetricEvent> {
        self.events
            .sort_by_key(|event| (event.v, event.measured, event.instance));
        let mut last = (0, 0);
        for event in &mut self.events {
            let n = if last.0 == event.v { last.1 + 1 } else { 0 };
            event.n = n;
            last = (event.v, n);
        }
        self.events
    }
}

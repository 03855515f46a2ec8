//! The proof of a ticket's clocks: each interval that was counted, paused or out of hours.

use super::{
    Course, Cycle, Happening, InForce, Mark, Metric, Run, Terms, counted, cycles, pauses, reached_at,
};
use crate::Timestamp;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Most intervals that the proof of one cycle lists; a ticket that runs in office hours for two years has a thousand.
/// What is beyond is counted, not listed.
pub const MOST_PIECES: usize = 2_000;

/// What an interval of a clock is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PieceKind {
    /// It counts.
    Counted,
    /// The ticket's status pauses the clock.
    Paused,
    /// The calendar is closed.
    OutOfHours,
}

/// An interval of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The first instant.
    pub start: Timestamp,
    /// The instant after the last.
    pub end: Timestamp,
    /// What it is.
    pub kind: PieceKind,
}

/// How one cycle of a clock came to its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockProof {
    /// Of which clock.
    pub metric: Metric,
    /// Version of the event that started the cycle.
    pub instance: u64,
    /// When it started.
    pub started_at: Timestamp,
    /// How it stands.
    pub course: Course,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// The target; nothing where the ticket's priority has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_seconds: Option<i64>,
    /// What has counted, in whole seconds.
    pub elapsed_seconds: i64,
    /// When it is due, or was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Steps recorded, with the time of each.
    pub steps: Vec<Mark>,
    /// Due time of a breach that was declared void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided_due_at: Option<Timestamp>,
    /// The intervals in which it ran, in order and without a gap within a run.
    pub pieces: Vec<Piece>,
    /// How many intervals more there are than listed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pieces_left_out: usize,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// How all clocks of a ticket came to their numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Until when it was counted.
    pub until: Timestamp,
    /// Which versions hold.
    #[serde(flatten)]
    pub in_force: InForce,
    /// Every cycle of every clock that is promised something, by metric and age.
    pub clocks: Vec<ClockProof>,
}

/// Proves all clocks of a ticket, counted until `until`.
pub fn prove(happenings: &[Happening], terms: &Terms, until: Timestamp) -> Proof {
    let pauses = pauses(&terms.policy().pausing, happenings);
    let promised = Metric::ALL
        .into_iter()
        .filter(|metric| terms.promise(*metric).is_some());
    Proof {
        until,
        in_force: terms.in_force(),
        clocks: promised
            .flat_map(|metric| cycles(metric, happenings))
            .filter(|cycle| cycle.started_at <= until)
            .map(|cycle| prove_cycle(&cycle, &pauses, terms, until))
            .collect(),
    }
}

fn prove_cycle(cycle: &Cycle, pauses: &[Run], terms: &Terms, until: Timestamp) -> ClockProof {
    let counting = counted(&cycle.runs, pauses);
    let target_seconds = terms.target_seconds(cycle.metric, cycle.priority);
    let target = target_seconds.map(SignedDuration::from_secs);
    let mut pieces = Vec::new();
    for run in &cycle.runs {
        add_run(&mut pieces, run, pauses, terms, until);
    }
    let counts = pieces.iter().filter(|piece| piece.kind == PieceKind::Counted);
    let elapsed: SignedDuration = counts.map(|piece| piece.end.duration_since(piece.start)).sum();
    let pieces_left_out = pieces.len().saturating_sub(MOST_PIECES);
    pieces.truncate(MOST_PIECES);
    ClockProof {
        metric: cycle.metric,
        instance: cycle.instance,
        started_at: cycle.started_at,
        course: cycle.course,
        ended_at: cycle.ended_at,
        target_seconds,
        elapsed_seconds: elapsed.as_secs(),
        due_at: target.and_then(|target| reached_at(&counting, &terms.measure(), target)),
        steps: cycle.marks.clone(),
        voided_due_at: cycle.voided_due_at,
        pieces,
        pieces_left_out,
    }
}

/// Lists the pieces of one run: what counts and is not paused, cut at the calendar's hours, and the pauses between.
fn add_run(pieces: &mut Vec<Piece>, run: &Run, pauses: &[Run], terms: &Terms, until: Timestamp) {
    let end = run.end.unwrap_or(until).min(until);
    let mut at = run.start;
    let mut put = |start: Timestamp, end: Timestamp, kind| {
        if start < end {
            pieces.push(Piece { start, end, kind });
        }
    };
    let whole = Run {
        start: run.start,
        end: Some(end.max(run.start)),
    };
    for stretch in counted(&[whole], pauses) {
        let stretch_end = stretch.end.unwrap_or(end);
        put(at, stretch.start, PieceKind::Paused);
        at = stretch.start;
        for open in terms.measure().intervals(stretch.start, stretch_end) {
            put(at, open.start, PieceKind::OutOfHours);
            put(open.start, open.end, PieceKind::Counted);
            at = open.end;
        }
        put(at, stretch_end, PieceKind::OutOfHours);
        at = stretch_end;
    }
    put(at, end, PieceKind::Paused);
}

//! A clock's proof as it is shown.

use crate::words::{self, Moment};
use docket_domain::sla::{ClockProof, PieceKind};

/// Most intervals of a clock that are listed, the newest.
const MOST_LISTED: usize = 200;

/// A cycle of a clock.
pub struct ClockView {
    pub name: &'static str,
    pub began: Moment,
    pub ended: Option<Moment>,
    pub due: Option<Moment>,
    /// What has counted, of what.
    pub counted: String,
    pub is_over: bool,
    pub pieces: Vec<PieceView>,
    /// How many intervals are not listed.
    pub left_out: usize,
}

/// An interval.
pub struct PieceView {
    pub start: Moment,
    pub end: Moment,
    pub kind: &'static str,
    pub length: String,
}

impl ClockView {
    /// The view of a proof.
    pub fn of(proof: &ClockProof) -> Self {
        let first = proof.pieces.len().saturating_sub(MOST_LISTED);
        let elapsed = words::span(proof.elapsed_seconds * 1000);
        let target = proof.target_seconds.map(|seconds| words::span(seconds * 1000));
        Self {
            name: words::metric(proof.metric),
            began: words::exact(proof.started_at),
            ended: proof.ended_at.map(words::exact),
            due: proof.due_at.map(words::exact),
            counted: match target {
                Some(target) => t!("{time} of {target}", time = elapsed, target),
                None => elapsed,
            },
            is_over: proof
                .target_seconds
                .is_some_and(|target| proof.elapsed_seconds > target),
            pieces: proof.pieces[first..]
                .iter()
                .map(|piece| PieceView {
                    start: words::exact(piece.start),
                    end: words::exact(piece.end),
                    kind: match piece.kind {
                        PieceKind::Counted => t!("counts"),
                        PieceKind::Paused => t!("paused by its status"),
                        PieceKind::OutOfHours => t!("out of hours"),
                    },
                    length: words::span(piece.end.as_millisecond() - piece.start.as_millisecond()),
                })
                .collect(),
            left_out: first + proof.pieces_left_out,
        }
    }
}

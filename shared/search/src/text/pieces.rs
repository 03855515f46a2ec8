//! A text cut into words and what else it is found by.

use super::{
    LONGEST_TOKEN_BYTES, clip,
    fold::{Folded, Kind, Unit},
    numbers::{Groups, Number},
};

/// Most parts of one thing that is also found as a whole: more are a path or a line of a table.
const MOST_PARTS: usize = 6;
/// Longest such thing in bytes.
const LONGEST_WHOLE_BYTES: usize = LONGEST_TOKEN_BYTES;

/// What a piece is to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A word of a script with spaces.
    Word,
    /// Two neighbours of a script without.
    Pair,
    /// The only character of a run.
    Single,
    /// The last character of a longer run.
    Tail,
    /// The last of a run and the first of the next, where only a line's end or a space stands between.
    Bridge,
    /// Another spelling of the word at this place.
    Reading,
    /// Several parts as one word: `ab1234` of `AB-1234`.
    Joined,
    /// Several parts with what connects them: `jane.doe@example.com`.
    Whole,
}

impl Role {
    /// Whether a text is made of these, in their order; the others are further ways to find it.
    pub(crate) fn is_of_order(self) -> bool {
        matches!(self, Self::Word | Self::Pair | Self::Single)
    }
}

/// A piece, folded, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) position: u32,
    pub(crate) role: Role,
    /// Where the original begins, in bytes.
    pub(crate) from: usize,
    /// Where it ends.
    pub(crate) to: usize,
}

/// Cuts a text, in order of places.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let folded = Folded::of(text);
    let mut cutter = Cutter {
        folded: &folded,
        found: Vec::new(),
        position: 0,
        groups: Groups::default(),
        last_group_end: None,
    };
    let mut at = 0;
    while let Some(unit) = folded.units.get(at) {
        at = match unit.kind {
            Kind::Letter => cutter.take_compound(at),
            Kind::Unspaced => cutter.take_run(at),
            Kind::Connector(_) | Kind::Blank | Kind::Other(_) => at + 1,
        };
    }
    cutter.end_number();
    let mut found = cutter.found;
    found.sort_by_key(|piece| piece.position);
    found
}

struct Cutter<'f> {
    folded: &'f Folded,
    found: Vec<Piece>,
    position: u32,
    groups: Groups,
    /// The unit after the last group of digits.
    last_group_end: Option<usize>,
}

impl Cutter<'_> {
    fn kind(&self, at: usize) -> Option<Kind> {
        self.folded.units.get(at).map(|unit| unit.kind)
    }

    fn end_of(&self, start: usize, kind: Kind) -> usize {
        let units = self.folded.units.get(start..).unwrap_or_default();
        start + units.iter().take_while(|unit| unit.kind == kind).count()
    }

    fn span(&self, start: usize, end: usize) -> (usize, usize) {
        let units = self.folded.units.get(start..end).unwrap_or_default();
        (
            units.first().map_or(0, |unit| unit.from),
            units.last().map_or(0, |unit| unit.to),
        )
    }

    fn push(&mut self, role: Role, position: u32, text: &str, (from, to): (usize, usize)) {
        let text = clip(text, LONGEST_TOKEN_BYTES);
        let stands = |piece: &Piece| piece.position == position && piece.text == text;
        let near = self.found.len().saturating_sub(2 * MOST_PARTS);
        if text.is_empty() || self.found[near..].iter().any(stands) {
            return;
        }
        self.found.push(Piece {
            text: text.to_owned(),
            position,
            role,
            from,
            to,
        });
    }

    /// Takes words that are joined by connectors; answers the unit behind them.
    fn take_compound(&mut self, start: usize) -> usize {
        let first_position = self.position;
        let mut parts: Vec<(usize, usize)> = Vec::new();
        let mut connectors = String::new();
        let mut at = start;
        loop {
            let end = self.end_of(at, Kind::Letter);
            self.take_word(at, end);
            parts.push((at, end));
            match (self.kind(end), self.kind(end + 1)) {
                (Some(Kind::Connector(c)), Some(Kind::Letter)) => {
                    connectors.push(c);
                    at = end + 1;
                }
                _ => {
                    at = end;
                    break;
                }
            }
        }
        let span = self.span(start, at);
        if (2..=MOST_PARTS).contains(&parts.len()) && span.1 - span.0 <= LONGEST_WHOLE_BYTES {
            let whole = self.folded.between(start, at).to_owned();
            let has_digit = whole.bytes().any(|byte| byte.is_ascii_digit());
            let joins = |c: char| matches!(c, '-' | '\'') || (has_digit && matches!(c, '.' | '/' | '_'));
            if connectors.chars().all(joins) {
                let texts = parts.iter().map(|(start, end)| self.folded.between(*start, *end));
                let joined: String = texts.collect();
                self.push(Role::Joined, first_position, &joined, span);
            }
            self.push(Role::Whole, first_position, &whole, span);
        }
        at
    }

    fn take_word(&mut self, start: usize, end: usize) {
        let span = self.span(start, end);
        let position = self.position;
        let text = self.folded.between(start, end).to_owned();
        self.push(Role::Word, position, &text, span);
        if let Some(spelled) = self.spelled_out(start, end) {
            self.push(Role::Reading, position, &spelled, span);
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            let units = &self.folded.units;
            let before = self.last_group_end.and_then(|last| units.get(last..start));
            let between = before.map(|units| units.iter().map(character_between));
            let ended = self.groups.add(&text, position, span, between);
            self.take_number(ended);
            self.last_group_end = Some(end);
        } else {
            self.end_number();
        }
        self.position = position.saturating_add(1);
    }

    fn spelled_out(&self, start: usize, end: usize) -> Option<String> {
        let units = self.folded.units.get(start..end)?;
        units.iter().find(|unit| unit.spelled_out.is_some())?;
        let mut text = String::new();
        for (at, unit) in (start..).zip(units) {
            text.push_str(self.folded.between(at, at + 1));
            text.extend(unit.spelled_out);
        }
        Some(text)
    }

    fn end_number(&mut self) {
        let number = self.groups.end();
        self.last_group_end = None;
        self.take_number(number);
    }

    fn take_number(&mut self, number: Option<Number>) {
        if let Some(number) = number {
            let span = (number.from, number.to);
            self.push(Role::Joined, number.position, &number.digits, span);
        }
    }

    /// Takes a run of a script without spaces; answers the unit behind it.
    fn take_run(&mut self, start: usize) -> usize {
        self.end_number();
        let end = self.end_of(start, Kind::Unspaced);
        for at in start..end {
            let is_last = at + 1 == end;
            let position = self.position;
            let (role, until) = match (is_last, at == start) {
                (true, true) => (Role::Single, at + 1),
                (true, false) => (Role::Tail, at + 1),
                (false, _) => (Role::Pair, at + 2),
            };
            let text = self.folded.between(at, until).to_owned();
            self.push(role, position, &text, self.span(at, until));
            if is_last && let Some(next) = self.run_after(end) {
                let pair = format!("{text}{}", self.folded.between(next, next + 1));
                let span = (self.span(at, end).0, self.span(next, next + 1).1);
                self.push(Role::Bridge, position, &pair, span);
            }
            self.position = position.saturating_add(1);
        }
        end
    }

    /// The next run, where nothing but a space, a line's end or a name's middle dot stands between.
    fn run_after(&self, end: usize) -> Option<usize> {
        let may_stand_between = |kind| matches!(kind, Kind::Blank | Kind::Other('\u{30fb}'));
        let next = (end..end + 2).find(|at| !self.kind(*at).is_some_and(may_stand_between));
        let next = next.unwrap_or(end + 2);
        (next > end && self.kind(next) == Some(Kind::Unspaced)).then_some(next)
    }
}

fn character_between(unit: &Unit) -> char {
    match unit.kind {
        Kind::Connector(c) | Kind::Other(c) => c,
        Kind::Blank => ' ',
        Kind::Letter | Kind::Unspaced => 'x',
    }
}

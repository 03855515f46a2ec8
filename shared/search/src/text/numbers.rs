//! Numbers that people write in groups: telephone numbers above all.

/// Fewest digits that are taken for one number when they stand in groups: fewer are a date or a price.
const FEWEST_DIGITS: usize = 7;
/// Most (ITU-T E.164, section 6: fifteen).
const MOST_DIGITS: usize = 15;
/// Most characters between two groups: `) ` and the like.
const MOST_BETWEEN: usize = 3;
/// Fewest digits of a number's end by which it is found: the number without its country's or its town's code.
const SHORTEST_END: usize = 5;

/// Groups of digits that may be one number.
#[derive(Default)]
pub(super) struct Groups {
    groups: Vec<Group>,
}

struct Group {
    digits: String,
    position: u32,
    from: usize,
    to: usize,
}

/// A number put together.
pub(super) struct Number {
    pub(super) digits: String,
    pub(super) position: u32,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Groups {
    /// Takes a group, if it goes on with those before. What stood between is told; where it was more than separators, the number
    /// before ends.
    pub(super) fn add(
        &mut self,
        digits: &str,
        position: u32,
        (from, to): (usize, usize),
        between: Option<impl Iterator<Item = char>>,
    ) -> Option<Number> {
        let goes_on = between.is_some_and(|mut between| {
            let count = between.by_ref().take(MOST_BETWEEN + 1).try_fold(0, |count, c| {
                let separates = c.is_whitespace() || "-/.()+".contains(c);
                separates.then_some(count + 1)
            });
            count.is_some_and(|count| count <= MOST_BETWEEN)
        });
        let ended = if goes_on { None } else { self.end() };
        self.groups.push(Group {
            digits: digits.to_owned(),
            position,
            from,
            to,
        });
        ended
    }

    /// The number that the groups are, if they are one that does not stand there as it is.
    pub(super) fn end(&mut self) -> Option<Number> {
        let groups = std::mem::take(&mut self.groups);
        let (first, last) = (groups.first()?, groups.last()?);
        let written: usize = groups.iter().map(|group| group.digits.len()).sum();
        if !(FEWEST_DIGITS..=MOST_DIGITS).contains(&written) {
            return None;
        }
        let rest = groups.iter().skip(1).filter(|group| group.digits != "0");
        let digits: String = std::iter::once(first)
            .chain(rest)
            .map(|group| group.digits.as_str())
            .collect();
        let digits = digits.trim_start_matches('0');
        let stands_there = groups.len() == 1 && digits == first.digits;
        (!stands_there && digits.len() >= SHORTEST_END).then(|| Number {
            digits: digits.to_owned(),
            position: first.position,
            from: first.from,
            to: last.to,
        })
    }
}

/// The digits of a telephone number without what is dialled before it: the plus, zeros, the zero in brackets.
pub fn digits_of(number: &str) -> String {
    let folded = super::fold_exactly(number).replace("(0)", "");
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

/// The ends of a number by which people look for it, the whole first: nobody knows where its country's code ends.
pub(crate) fn ends_of_number(digits: &str) -> impl Iterator<Item = &str> {
    let digits = super::clip(digits, 2 * MOST_DIGITS);
    let starts = 0..=digits.len().saturating_sub(SHORTEST_END);
    starts
        .filter_map(|start| digits.get(start..))
        .filter(|end| !end.is_empty() && !end.starts_with('0'))
}

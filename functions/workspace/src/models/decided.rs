//! What became of what was decided about held mail, in words, and as it stands in the address of the page that says so.

use docket_domain::TicketNumber;
use std::collections::BTreeMap;

/// What is decided about mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is let in.
    LetIn,
    /// It is thrown away.
    Discard,
}

impl Decision {
    /// The one of this word in a form.
    pub fn named(word: &str) -> Option<Self> {
        [Self::LetIn, Self::Discard]
            .into_iter()
            .find(|decision| decision.word() == word)
    }

    fn word(self) -> &'static str {
        match self {
            Self::LetIn => "release",
            Self::Discard => "discard",
        }
    }
}

/// Why a decision was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It may harm: that is for an admin to decide.
    Quarantined,
    /// It is let in on its own page, where that is asked for twice.
    OnItsPage,
    /// Somebody decided otherwise before.
    Otherwise,
    /// There is no such mail.
    Gone,
    /// It can't be done.
    Refused,
    /// It could not be reached.
    Unreached,
}

impl Why {
    const ALL: [Self; 6] = [
        Self::Quarantined,
        Self::OnItsPage,
        Self::Otherwise,
        Self::Gone,
        Self::Refused,
        Self::Unreached,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Quarantined => "quarantined",
            Self::OnItsPage => "page",
            Self::Otherwise => "otherwise",
            Self::Gone => "gone",
            Self::Refused => "refused",
            Self::Unreached => "unreached",
        }
    }

    fn said(self, count: usize) -> String {
        match self {
            Self::Quarantined => t!("{count} for an admin to decide", count),
            Self::OnItsPage => t!("{count} to be let in on their own page", count),
            Self::Otherwise => t!("{count} decided otherwise by somebody before", count),
            Self::Gone => t!("{count} not there any more", count),
            Self::Refused => t!("{count} not possible", count),
            Self::Unreached => t!("{count} could not be reached, try again", count),
        }
    }
}

/// What became of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// What was decided.
    pub decision: Decision,
    /// How much of it was carried out.
    pub done: usize,
    /// The ticket that it is on, of a single one that was let in.
    pub ticket: Option<TicketNumber>,
    /// How much was not, by why.
    pub failed: BTreeMap<Why, usize>,
}

impl Decided {
    /// Of nothing yet.
    pub fn new(decision: Decision) -> Self {
        Self {
            decision,
            done: 0,
            ticket: None,
            failed: BTreeMap::new(),
        }
    }

    /// Notes what became of one.
    pub fn note(&mut self, result: Result<Option<TicketNumber>, Why>) {
        match result {
            Ok(ticket) => {
                self.done += 1;
                self.ticket = ticket.filter(|_| self.done == 1);
            }
            Err(why) => *self.failed.entry(why).or_default() += 1,
        }
    }

    /// What stands in an address of it.
    pub fn written(&self) -> String {
        let failed = self.failed.iter();
        let failed: Vec<String> = failed
            .map(|(why, count)| format!("{}.{count}", why.word()))
            .collect();
        format!(
            "{}|{}|{}|{}",
            self.decision.word(),
            self.done,
            self.ticket.map_or(0, |ticket| ticket.0),
            failed.join("-")
        )
    }

    /// Reads it back.
    pub fn read(written: &str) -> Option<Self> {
        let parts: Vec<&str> = written.split('|').collect();
        let [decision, done, ticket, failed] = parts.as_slice() else {
            return None;
        };
        let mut decided = Self {
            done: done.parse().ok()?,
            ticket: Some(TicketNumber(ticket.parse().ok()?)).filter(|ticket| ticket.0 > 0),
            ..Self::new(Decision::named(decision)?)
        };
        for part in failed.split('-').filter(|part| !part.is_empty()) {
            let (word, count) = part.split_once('.')?;
            let why = Why::ALL.into_iter().find(|why| why.word() == word)?;
            decided.failed.insert(why, count.parse().ok()?);
        }
        Some(decided)
    }

    /// The sentence about it.
    pub fn said(&self) -> String {
        let mut parts = Vec::new();
        if self.done > 0 || self.failed.is_empty() {
            parts.push(match self.decision {
                Decision::LetIn => t!("{count} let in", count = self.done),
                Decision::Discard => t!("{count} discarded", count = self.done),
            });
        }
        parts.extend(self.failed.iter().map(|(why, count)| why.said(*count)));
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_a_decision_is_told_and_read_as_it_is_written() {
        let mut decided = Decided::new(Decision::LetIn);
        decided.note(Ok(Some(TicketNumber(12))));
        assert_eq!(decided.written(), "release|1|12|");
        assert_eq!(Decided::read(&decided.written()), Some(decided.clone()));
        assert_eq!(
            (decided.said().as_str(), decided.ticket),
            ("1 let in", Some(TicketNumber(12)))
        );
        decided.note(Ok(Some(TicketNumber(13))));
        decided.note(Err(Why::Gone));
        decided.note(Err(Why::Quarantined));
        decided.note(Err(Why::Gone));
        assert_eq!(decided.written(), "release|2|0|quarantined.1-gone.2");
        assert_eq!(Decided::read(&decided.written()), Some(decided.clone()));
        assert_eq!(
            decided.said(),
            "2 let in, 1 for an admin to decide, 2 not there any more"
        );
        for garbled in [
            "",
            "release|1|1",
            "keep|1|0|",
            "discard|x|0|",
            "discard|1|0|never.1",
            "discard|1|0|gone",
        ] {
            assert_eq!(Decided::read(garbled), None, "{garbled}");
        }
    }
}

//! What became of what was done to several tickets, in words, and as it stands in the address of the page that says so.

use crate::models::bulk::{Act, Told};
use docket_domain::{TicketNumber, job::JobId, ticket::Refusal};
use std::collections::BTreeMap;

/// Tickets that are named by their numbers where no more are meant.
const MOST_NAMED: usize = 3;

/// Why a ticket was not changed, or not in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It is closed.
    Closed,
    /// It is not there any more.
    Gone,
    /// The agent does not belong to its group.
    OtherGroup,
    /// Somebody changed it since.
    Changed,
    /// Something of a macro could not be done on it; the rest was.
    Partly,
    /// The ticket itself does not allow it.
    Refused,
    /// It could not be reached.
    Unreached,
}

impl Reason {
    const ALL: [Self; 7] = [
        Self::Closed,
        Self::Gone,
        Self::OtherGroup,
        Self::Changed,
        Self::Partly,
        Self::Refused,
        Self::Unreached,
    ];

    /// That of a refusal.
    pub fn of(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Closed => Self::Closed,
            Refusal::Missing | Refusal::Deleted | Refusal::DeletedForGood => Self::Gone,
            Refusal::NotInGroup(_) => Self::OtherGroup,
            _ => Self::Refused,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Gone => "gone",
            Self::OtherGroup => "group",
            Self::Changed => "changed",
            Self::Partly => "partly",
            Self::Refused => "refused",
            Self::Unreached => "unreached",
        }
    }

    fn said(self, count: usize) -> String {
        match self {
            Self::Closed => t!("{count} closed", count),
            Self::Gone => t!("{count} not there any more", count),
            Self::OtherGroup => t!("{count} of another group than the agent", count),
            Self::Changed => t!("{count} changed by somebody since", count),
            Self::Partly => t!("{count} not in full", count),
            Self::Refused => t!("{count} not possible", count),
            Self::Unreached => t!("{count} could not be reached, try again", count),
        }
    }
}

/// Tickets that one thing kept from being changed: how many, and the first of them, since all of a long list fit into no address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Those {
    count: usize,
    first: Vec<TicketNumber>,
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many tickets stand as they were to.
    pub done: usize,
    /// What those that were changed had instead.
    pub was: Vec<(TicketNumber, String)>,
    /// The others, by why.
    pub failed: BTreeMap<Reason, Those>,
    /// Whether it goes on by itself: so many are to be changed.
    pub is_begun: bool,
    /// The job that goes on with it.
    pub job: Option<JobId>,
    /// Whether it put something back.
    pub is_undo: bool,
}

impl Outcome {
    /// Notes one that was not changed.
    pub fn fail(&mut self, number: TicketNumber, reason: Reason) {
        let those = self.failed.entry(reason).or_default();
        those.count += 1;
        if those.first.len() < MOST_NAMED {
            those.first.push(number);
        }
    }

    /// What stands in an address of it. It is short, since there are at most as many as a page has.
    pub fn written(&self, act: &Act) -> String {
        let join = |numbers: &[TicketNumber]| {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            numbers.join("_")
        };
        let was: Vec<String> = self
            .was
            .iter()
            .map(|(number, was)| format!("{number}.{was}"))
            .collect();
        let failed = self.failed.iter();
        let failed: Vec<String> = failed
            .map(|(reason, those)| format!("{}.{}.{}", reason.word(), those.count, join(&those.first)))
            .collect();
        let kind = match (self.is_begun, self.is_undo) {
            (true, _) => "begun",
            (_, true) => "undone",
            _ => "done",
        };
        let job = self.job.as_ref().map(|job| format!("~{job}"));
        format!(
            "{kind}{}|{}|{act}|{}|{}",
            job.unwrap_or_default(),
            self.done,
            was.join("_"),
            failed.join("-")
        )
    }

    /// Reads it back.
    pub fn read(written: &str) -> Option<(Act, Self)> {
        // A tag among what was done may have the sign that stands between the parts: that one is read from both ends.
        let mut parts = written.splitn(3, '|');
        let (kind, done, rest) = (parts.next()?, parts.next()?, parts.next()?);
        let mut ends = rest.rsplitn(3, '|');
        let (failed, was, act) = (ends.next()?, ends.next()?, ends.next()?);
        let number = |text: &str| text.parse::<u64>().ok().map(TicketNumber);
        let (kind, job) = match kind.split_once('~') {
            Some((kind, job)) => (kind, Some(JobId::parse(job)?)),
            None => (kind, None),
        };
        let mut outcome = Self {
            done: done.parse().ok()?,
            is_begun: kind == "begun",
            is_undo: kind == "undone",
            job,
            ..Self::default()
        };
        for part in was.split('_').filter(|part| !part.is_empty()) {
            let (of, was) = part.split_once('.')?;
            outcome.was.push((number(of)?, was.to_owned()));
        }
        for part in failed.split('-').filter(|part| !part.is_empty()) {
            let mut parts = part.splitn(3, '.');
            let (word, count, first) = (parts.next()?, parts.next()?, parts.next()?);
            let reason = Reason::ALL.into_iter().find(|reason| reason.word() == word)?;
            let those = Those {
                count: count.parse().ok()?,
                first: first.split('_').map(number).collect::<Option<Vec<_>>>()?,
            };
            outcome.failed.insert(reason, those);
        }
        Some((Act::read(act)?, outcome))
    }

    /// The sentence about it: `3 assigned to you, 1 closed`.
    pub fn said(&self, act: &Act, told: &Told<'_>) -> String {
        let failed = self.said_of_others();
        if self.is_begun {
            return match failed.is_empty() {
                true => tn!(
                    "{count} ticket is being changed. You can go on meanwhile.",
                    "{count} tickets are being changed. You can go on meanwhile.",
                    self.done
                ),
                false => tn!(
                    "{count} ticket is being changed, but not {others}. You can go on meanwhile.",
                    "{count} tickets are being changed, but not {others}. You can go on meanwhile.",
                    self.done,
                    others = failed.join(", ")
                ),
            };
        }
        let mut parts = Vec::new();
        if self.done > 0 || self.failed.is_empty() {
            parts.push(match self.is_undo {
                true => t!("{count} put back", count = self.done),
                false => act.done(self.done, told),
            });
        }
        parts.extend(failed);
        parts.join(", ")
    }

    fn said_of_others(&self) -> Vec<String> {
        let said = |(reason, those): (&Reason, &Those)| {
            let mut said = reason.said(those.count);
            if those.count == those.first.len() {
                let numbers: Vec<String> = those.first.iter().map(ToString::to_string).collect();
                said += &format!(" ({})", numbers.join(", "));
            }
            said
        };
        self.failed.iter().map(said).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Names;
    use docket_domain::{PersonId, rule::RuleBook};

    const ME: PersonId = PersonId(7);

    fn said(outcome: &Outcome, act: &Act) -> String {
        let told = Told {
            me: ME,
            names: &Names::default(),
            rules: &RuleBook::default(),
        };
        outcome.said(act, &told)
    }

    #[test]
    fn an_outcome_is_told_and_read_as_it_is_written() {
        let act = Act::Assign(Some(ME));
        let mut outcome = Outcome {
            done: 3,
            was: vec![
                (TicketNumber(1), "0".to_owned()),
                (TicketNumber(2), "3".to_owned()),
            ],
            ..Outcome::default()
        };
        outcome.fail(TicketNumber(4), Reason::Closed);
        outcome.fail(TicketNumber(5), Reason::Closed);
        outcome.fail(TicketNumber(6), Reason::Gone);
        let written = outcome.written(&act);
        assert_eq!(written, "done|3|assign:7|1.0_2.3|closed.2.4_5-gone.1.6");
        assert_eq!(Outcome::read(&written), Some((act.clone(), outcome.clone())));
        assert_eq!(
            said(&outcome, &act),
            "3 assigned to you, 2 closed (4, 5), 1 not there any more (6)"
        );
        let act = Act::AddTags(vec!["a|b".to_owned(), "|".to_owned()]);
        assert_eq!(
            Outcome::read(&outcome.written(&act)),
            Some((act, outcome.clone())),
            "a tag has signs of its own"
        );
        for garbled in [
            "",
            "done|x|assign:7||",
            "done|1|assign:7|1|",
            "done|1|assign:7||never.1.1",
            "done|1|assign:7||gone.1",
        ] {
            assert_eq!(Outcome::read(garbled), None, "{garbled}");
        }
    }

    #[test]
    fn of_very_many_that_were_not_changed_a_few_are_noted_and_all_counted() {
        let mut outcome = Outcome {
            done: 500,
            is_begun: true,
            ..Outcome::default()
        };
        for number in 1..=1_500 {
            outcome.fail(TicketNumber(number), Reason::OtherGroup);
        }
        let act = Act::Assign(Some(PersonId(3)));
        assert_eq!(outcome.written(&act), "begun|500|assign:3||group.1500.1_2_3");
        outcome.job = JobId::parse("019cadf7300007070707070707070707");
        let written = outcome.written(&act);
        assert_eq!(
            written,
            "begun~019cadf7300007070707070707070707|500|assign:3||group.1500.1_2_3"
        );
        assert_eq!(Outcome::read("begun~x|1|assign:3||"), None);
        assert_eq!(Outcome::read(&written), Some((act.clone(), outcome.clone())));
        assert_eq!(
            said(&outcome, &act),
            "500 tickets are being changed, but not 1500 of another group than the agent. You can go on meanwhile."
        );
    }
}

//! What the requester thinks of how they were helped; and that an agent passed a ticket over.

use super::{Decided, Fact, Refusal, Status, decide::Log};
use crate::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};

/// How somebody was helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Score {
    /// Well.
    Good,
    /// Badly.
    Bad,
}

impl Score {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
        }
    }
}

/// What a requester says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// How it was.
    pub score: Score,
    /// Why, as a code of the reasons there are.
    pub reason: Option<u16>,
    /// In their own words.
    pub comment: Option<String>,
}

impl Rating {
    /// Longest comment in characters.
    pub const LONGEST_COMMENT: usize = 2_000;
}

/// The rating that counts: the last one. What was said with it stands beside its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Satisfaction {
    /// How it was.
    pub score: Score,
    /// Why, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<u16>,
    /// Version of its event.
    pub v: u64,
    /// When.
    pub at: Timestamp,
}

impl Log<'_> {
    /// The customer's yes closes the ticket, their no brings it back to the agents.
    pub(super) fn answer_solution(&mut self, is_solved: bool) -> Result<(), Refusal> {
        if self.ticket.status != Status::Solved {
            return Err(Refusal::NotSolved(self.ticket.status));
        }
        if is_solved {
            self.push(Fact::SolutionConfirmed {});
            self.move_to(Status::Closed, "the customer confirmed that it is solved");
        } else {
            self.move_to(Status::Open, "the customer says that it is not solved");
        }
        Ok(())
    }

    /// Whoever was helped can say how, once they were, and think otherwise later.
    pub(super) fn rate(&mut self, rating: Rating) -> Result<(), Refusal> {
        let Rating {
            score,
            reason,
            comment,
        } = rating;
        if self.ticket.status != Status::Solved {
            return Err(Refusal::NotSolved(self.ticket.status));
        }
        let is_as_before = self
            .ticket
            .satisfaction
            .is_some_and(|before| (before.score, before.reason) == (score, reason));
        if !is_as_before || comment.is_some() {
            self.push(Fact::SatisfactionRated {
                score,
                reason,
                comment,
            });
        }
        Ok(())
    }

    /// It tells who looks at the history, and changes nothing: no rule hears of it.
    pub(super) fn skip(mut self, agent: PersonId, reason: Option<String>) -> Result<Decided, Refusal> {
        self.push(Fact::Skipped { agent, reason });
        self.and_nothing_else()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        TicketNumber,
        ticket::{Actor, Command, Context, MOST_PARTS, StandardRules, Ticket, decide, evolve},
    };

    fn decided(ticket: &Ticket, command: Command) -> Result<Ticket, Refusal> {
        let context = Context {
            actor: &Actor::Requester(PersonId(9)),
            cause: "api n",
            rules: &StandardRules::default(),
            history: None,
            room: MOST_PARTS,
        };
        let decided = decide(ticket, command, &context, Timestamp::from_second(60).unwrap())?;
        Ok(decided.events.iter().fold(ticket.clone(), evolve))
    }

    fn ticket(status: Status) -> Ticket {
        let mut ticket = Ticket::blank(TicketNumber(7));
        (ticket.v, ticket.status) = (4, status);
        ticket
    }

    fn rate(ticket: &Ticket, score: Score, comment: Option<&str>) -> Result<Ticket, Refusal> {
        let comment = comment.map(str::to_owned);
        let rating = Rating {
            score,
            reason: None,
            comment,
        };
        decided(ticket, Command::Rate(Box::new(rating)))
    }

    #[test]
    fn the_last_rating_of_a_solved_ticket_counts() {
        let good = rate(&ticket(Status::Solved), Score::Good, None).unwrap();
        let kept = good.satisfaction.unwrap();
        assert_eq!((kept.score, kept.v), (Score::Good, 5));
        let again = rate(&good, Score::Good, None).unwrap();
        assert_eq!(again.v, good.v);
        let bad = rate(&good, Score::Bad, Some("Too late")).unwrap();
        assert_eq!(bad.satisfaction.map(|kept| kept.score), Some(Score::Bad));
    }

    #[test]
    fn what_is_not_solved_is_not_rated() {
        for status in [Status::Open, Status::Pending, Status::Closed] {
            let refused = rate(&ticket(status), Score::Good, None);
            assert_eq!(refused, Err(Refusal::NotSolved(status)));
        }
    }

    #[test]
    fn a_ticket_that_was_passed_over_is_as_it_was() {
        let before = ticket(Status::Open);
        let skip = Command::Skip {
            agent: PersonId(2),
            reason: Some("Not mine".to_owned()),
        };
        let after = decided(&before, skip).unwrap();
        assert_eq!((after.v, after.status, after.assignee), (5, Status::Open, None));
    }
}

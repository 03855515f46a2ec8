//! What a ticket is an incident of, and which agents follow it.

use super::{Fact, LinkRefusal, Refusal, Ticket, TicketType, decide::Log, fact};
use crate::{PersonId, TicketNumber};

impl Log<'_> {
    /// What it is an incident of. Whatever is no incident any more has no problem either.
    pub(super) fn change_problem(&mut self, problem: Option<Option<TicketNumber>>) -> Result<(), Refusal> {
        let from = self.ticket.problem;
        let is_incident = self.ticket.ticket_type == Some(TicketType::Incident);
        let to = match problem {
            Some(Some(to)) if to == self.ticket.number => return Err(LinkRefusal::OwnProblem.into()),
            Some(Some(_)) if !is_incident => return Err(LinkRefusal::NotAnIncident.into()),
            Some(to) => to,
            None => from.filter(|_| is_incident),
        };
        if to != from {
            self.push(Fact::ProblemChanged(fact::ProblemChanged { from, to }));
        }
        Ok(())
    }

    pub(super) fn change_followers(
        &mut self,
        add: Vec<PersonId>,
        remove: Vec<PersonId>,
    ) -> Result<(), Refusal> {
        let has = |follower: &PersonId| self.ticket.followers.contains(follower);
        let mut added: Vec<PersonId> = add.into_iter().filter(|person| !has(person)).collect();
        let mut removed: Vec<PersonId> = remove.into_iter().filter(has).collect();
        for people in [&mut added, &mut removed] {
            people.sort();
            people.dedup();
        }
        removed.retain(|person| !added.contains(person));
        let count = self.ticket.followers.len() + added.len() - removed.len();
        if count > Ticket::MOST_FOLLOWERS {
            return Err(LinkRefusal::TooManyFollowers(count).into());
        }
        self.check_labels(|ticket| {
            ticket.followers.retain(|person| !removed.contains(person));
            ticket.followers.extend(&added);
        })?;
        if !added.is_empty() || !removed.is_empty() {
            self.push(Fact::FollowersChanged(fact::FollowersChanged { added, removed }));
        }
        Ok(())
    }
}

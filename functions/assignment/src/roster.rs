//! The members of a group as one run of assignment sees them.

use docket_desk::{Desk, StoreError};
use docket_domain::{
    GroupId, PersonId, Timestamp,
    assignment::{
        AgentLoad, Candidates, Choice, Decision, GroupAssignment, SkillNames, Strategy, choose, has_room,
    },
    sla::Book,
    ticket::Ticket,
};
use std::sync::Arc;

/// The members of a group, and how it gives out its tickets.
pub(crate) struct Roster {
    group: GroupId,
    assignment: GroupAssignment,
    loads: Vec<AgentLoad>,
    book: Arc<Book>,
    skill_names: SkillNames,
}

impl Roster {
    /// Reads them. A group that nobody set up has no members.
    pub(crate) async fn read(desk: &Desk, group: GroupId) -> Result<Self, StoreError> {
        let book = desk.rules().book().await?;
        let (known, loads) = desk.agents().of_group(group).await?;
        Ok(Self {
            group,
            assignment: known.map(|known| known.assignment).unwrap_or_default(),
            loads,
            skill_names: book.rules.skill_names(),
            book,
        })
    }

    /// Whether anybody could have a ticket at all.
    pub(crate) fn has_room(&self, now: Timestamp) -> bool {
        has_room(&self.candidates(None, now))
    }

    /// Whether its agents take tickets themselves.
    pub(crate) fn is_manual(&self) -> bool {
        self.assignment.strategy == Strategy::Manual
    }

    /// Who gets a ticket.
    pub(crate) async fn choose(
        &self,
        desk: &Desk,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<(Option<Choice>, Decision), StoreError> {
        let previous = if self.assignment.prefers_previous_agent {
            desk.tickets().previous_agent(ticket).await?
        } else {
            None
        };
        Ok(choose(ticket, &self.candidates(previous, now)))
    }

    /// Notes what an agent was given.
    pub(crate) fn gave(&mut self, agent: PersonId, weight: u32, now: Timestamp) {
        if let Some(load) = self.loads.iter_mut().find(|load| load.agent == agent) {
            load.load_units += i64::from(weight);
            load.last_assigned_at = Some(now);
        }
    }

    fn candidates(&self, previous: Option<PersonId>, now: Timestamp) -> Candidates<'_> {
        Candidates {
            group: self.group,
            assignment: &self.assignment,
            roster: &self.loads,
            calendars: &self.book.calendars,
            previous,
            skill_names: &self.skill_names,
            now,
        }
    }
}

//! Those who work here, as they are written.

use crate::{
    sections::{AgentEntry, DeskFile, RoleName},
    to_book::{DeskAgent, DeskAgents},
};
use docket_domain::sla::Book;

impl DeskFile {
    /// The file with those who work here and have an address. Skills and calendars that are there no more are nobody's.
    #[must_use]
    pub fn with_agents(mut self, agents: &DeskAgents, book: &Book) -> Self {
        let entries = agents.0.iter().filter_map(|agent| agent_entry(agent, book));
        self.agents = Some(entries.collect());
        self
    }
}

fn agent_entry(agent: &DeskAgent, book: &Book) -> Option<AgentEntry> {
    let skills = agent.skills.iter().filter_map(|(id, level)| {
        let skill = book.rules.skill(*id)?;
        Some((skill.name.clone(), *level))
    });
    let calendar = agent.calendar.and_then(|id| book.calendar(id));
    Some(AgentEntry {
        email: agent.email.clone(),
        name: agent.name.clone(),
        role: RoleName::of(agent.role)?,
        capacity: agent.capacity,
        skills: skills.collect(),
        calendar: calendar.map(|calendar| calendar.draft().name.clone()),
        locale: agent.locale.clone(),
    })
}

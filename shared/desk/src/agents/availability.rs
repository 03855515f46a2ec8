//! Agents come and go, and what follows from it.
//!
//! Each change of what an agent takes is one transaction about their load item, which then stands in the index `due` until what
//! follows is done: their groups are nudged, their open tickets are handed back. Whoever made the change does that at once;
//! if it dies half-way, the sweep goes on a minute later.

use crate::{
    Attempt, Changed, Desk, Saved, Try, Want, Wish,
    parts::{Agents, Groups, Tickets},
};
use docket_domain::{
    GroupId, PersonId, TicketNumber,
    assignment::{AgentLoad, Availability, BadLoadSettings, LoadSettings},
    audit::ChangedBy,
    ticket::{Actor, Command, Refusal, Status},
};
use docket_store::{
    Nudge, Queue, StoreError,
    keys::sortable_time,
    people::Follows,
    table::{Committed, Guard, MOST_TRIES},
    tickets::TicketList,
};

/// Most tickets of an agent that one pass looks at.
const MOST_LOOKED_AT: usize = 1_000;
/// Most tickets that one pass hands back, each with two calls; the sweep goes on with the rest.
const MOST_HANDED_BACK: usize = 100;
/// Why a ticket comes back from somebody who does not work here any more.
const LEFT: &str = "its agent does not work here any more";
/// Why a ticket comes back from somebody who went away.
const HANDED_BACK: &str = "its agent went away and handed open tickets back";

/// Settings of a load were not made.
#[derive(Debug, thiserror::Error)]
pub enum LoadSettingsError {
    /// They can't be.
    #[error(transparent)]
    Bad(#[from] BadLoadSettings),
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Desk {
    /// Does what follows from a change of an agent that stands. What fails is done by the sweep: the agent's load item stays
    /// in the index `due` until it is.
    pub async fn settle_agent_soon(&self, agent: PersonId) {
        if let Err(error) = self.agents().settle(agent).await {
            tracing::warn!(%agent, %error, "what follows from a change of agent {agent} is left to the sweep");
        }
    }
}

impl Agents<'_> {
    /// The agent takes new tickets; what waits in their groups is looked at.
    pub async fn come_online(self, agent: PersonId, by: ChangedBy) -> Result<(), StoreError> {
        let comes = |load: &mut AgentLoad| load.availability = Availability::Online;
        self.change_load(agent, comes, Follows::Keep, by).await
    }

    /// The agent takes no new tickets from this moment on. `hand_back`: those they have open go back to their groups; what
    /// waits for a customer or a third party stays with them.
    pub async fn go_away(self, agent: PersonId, hand_back: bool, by: ChangedBy) -> Result<(), StoreError> {
        let goes = |load: &mut AgentLoad| load.availability = Availability::Away;
        let follows = if hand_back {
            Follows::HandBack
        } else {
            Follows::Keep
        };
        self.change_load(agent, goes, follows, by).await
    }

    /// Sets capacity, skills and calendar of an agent, as far as they are named; what waits in their groups is looked at.
    pub async fn change_load_settings(
        self,
        agent: PersonId,
        settings: &LoadSettings,
        by: ChangedBy,
    ) -> Result<(), LoadSettingsError> {
        settings.check()?;
        let set = |load: &mut AgentLoad| settings.apply_to(load);
        Ok(self.change_load(agent, set, Follows::Look, by).await?)
    }

    /// Changes an agent's settings as they are now; decides again when somebody else was first. What follows is done.
    async fn change_load(
        self,
        agent: PersonId,
        change: impl Fn(&mut AgentLoad),
        follows: Follows,
        by: ChangedBy,
    ) -> Result<(), StoreError> {
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let read = self.load(agent).await?.filter(|load| load.v > 0);
            let mut after = read.clone().unwrap_or_else(|| AgentLoad::new(agent));
            change(&mut after);
            let writes = self.settings_writes(read.as_ref(), &after, follows, &by)?;
            if let Committed::Done(_) = self.desk.commit_writes(vec![], writes).await? {
                self.desk.settle_agent_soon(agent).await;
                return Ok(());
            }
        }
        Err(StoreError::contended(format!("the settings of agent {agent}")))
    }

    /// Does what follows from a change of an agent, as far as it is not done.
    pub async fn settle(self, agent: PersonId) -> Result<(), StoreError> {
        let Some(work) = self.work(agent).await? else {
            return Ok(());
        };
        let mut again = false;
        let person = self.desk.people().get(agent).await?;
        let leaves = !person.as_ref().is_some_and(|person| person.role.is_staff());
        if work.hands_back {
            let (handed_back, failed) = self.hand_back(agent, leaves).await?;
            // The index of their tickets may lag behind: only a pass a minute later that finds nothing is the last.
            let is_late = work.due_sk < format!("{}#~", sortable_time(self.desk.now()));
            again = handed_back > 0 || failed > 0 || !is_late;
        }
        if let Some(person) = person {
            self.desk
                .groups()
                .nudge(&person.groups, &format!("agent {agent} changed"))
                .await?;
            let by = ChangedBy::system(LEFT, self.desk.now());
            self.end_memberships(person, &by).await?;
        }
        self.work_done(agent, &work, again).await?;
        Ok(())
    }

    /// Hands open tickets of an agent back, or all they have if they leave; how many, and how many could not be just now.
    async fn hand_back(self, agent: PersonId, leaves: bool) -> Result<(usize, usize), StoreError> {
        let numbers = self
            .desk
            .tickets()
            .numbers(&TicketList::Agent(agent), MOST_LOOKED_AT)
            .await?;
        let mut open = self.desk.tickets().get_many(&numbers).await?;
        open.retain(|ticket| {
            let is_open = matches!(ticket.status, Status::New | Status::Open);
            ticket.assignee == Some(agent) && (is_open || leaves)
        });
        let (mut handed_back, mut failed) = (0, 0);
        for ticket in open.iter().take(MOST_HANDED_BACK) {
            match self.hand_back_ticket(ticket.number, agent, leaves).await {
                Ok(went) => handed_back += usize::from(went),
                // One that can't be handed back keeps none of the others. The next pass looks at it again, unless it never can be.
                Err(error) => {
                    failed += usize::from(!error.is_final());
                    let number = ticket.number;
                    tracing::error!(%number, %agent, %error, "ticket {number} could not be handed back");
                }
            }
        }
        Ok((handed_back, failed))
    }

    /// Hands a ticket back, if the agent still has it open.
    async fn hand_back_ticket(
        self,
        number: TicketNumber,
        agent: PersonId,
        leaves: bool,
    ) -> Result<bool, StoreError> {
        let (why, what) = if leaves {
            (LEFT, "left")
        } else {
            (HANDED_BACK, "went away")
        };
        let attempt = Attempt::by(Actor::System, format!("agent {agent} {what}"));
        let command = Command::HandBack {
            from: agent,
            leaves,
            reason: why.to_owned(),
        };
        // One that can't be changed stays where it is, and keeps none of the others.
        let changed = self.desk.change_by(number, attempt, command).await?;
        Ok(matches!(changed, Changed::Done(Saved { events, .. }) if !events.is_empty()))
    }
}

impl Groups<'_> {
    /// Nudges assignment in these groups.
    pub async fn nudge(self, groups: &[GroupId], cause: &str) -> Result<(), StoreError> {
        let tenant = &self.desk.settings.tenant;
        let nudges: Vec<Nudge> = groups
            .iter()
            .map(|group| Nudge::assignment(tenant, *group, cause))
            .collect();
        let lost = self.desk.queues().send_all(Queue::Assignment, &nudges).await?;
        if lost.is_empty() {
            return Ok(());
        }
        Err(StoreError::NotTaken {
            queue: Queue::Assignment.name(),
            lost: lost.len(),
        })
    }
}

impl Tickets<'_> {
    /// Takes a ticket to a group of a higher tier: `to`, or the one its own group names.
    pub async fn escalate(
        self,
        number: TicketNumber,
        to: Option<GroupId>,
        reason: &str,
        (actor, cause): (&Actor, &str),
        guards: Vec<Guard>,
    ) -> Result<Changed, StoreError> {
        let attempt = Attempt::by(actor.clone(), cause).guarded(guards);
        let mut escalation = Escalation {
            desk: self.desk,
            to,
            reason,
        };
        let changed = self.desk.change(number, attempt, &mut escalation).await;
        changed.or_else(|error| match error {
            EscalationError::TakesNone(group) => Ok(Changed::Refused(Refusal::GroupTakesNone(group))),
            EscalationError::Store(error) => Err(error),
        })
    }
}

/// Takes a ticket to a group: the one named, or the one that stands above its own.
struct Escalation<'a> {
    desk: &'a Desk,
    to: Option<GroupId>,
    reason: &'a str,
}

enum EscalationError {
    TakesNone(GroupId),
    Store(StoreError),
}

impl From<StoreError> for EscalationError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Want<EscalationError> for Escalation<'_> {
    async fn want(&mut self, on: Try) -> Result<Option<Wish>, EscalationError> {
        let mut target = self.to;
        if let (None, Some(group)) = (self.to, on.ticket.group) {
            let group = self.desk.groups().get(group).await?;
            target = group.and_then(|group| group.assignment.escalates_to);
        }
        if let Some(to) = target
            && self
                .desk
                .groups()
                .get(to)
                .await?
                .is_none_or(|group| group.is_archived)
        {
            return Err(EscalationError::TakesNone(to));
        }
        Ok(Some(Wish::from(Command::Escalate {
            to: target,
            reason: self.reason.to_owned(),
        })))
    }
}

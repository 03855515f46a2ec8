//! Decisions about tickets: what they need to know of the operator's rules is fetched, then the domain decides.

use super::blobs::BlobError;
use super::item::value_in;
use super::page::Query;
use crate::{Desk, StoreError, keys::ticket_pk};
use docket_domain::{
    Digest, GroupId, PersonId, RuleId, TicketNumber,
    sla::InForce,
    ticket::{Actor, Command, Context, Fact, Refusal, Rules, Status, Ticket, TicketEvent, decide},
};
use docket_rules::{DeskRules, Running};
use std::collections::BTreeMap;

/// Most events of a ticket that are read to compute its clocks anew.
const MOST_EVENTS: usize = 20_000;

impl Desk {
    /// Decides a command about a ticket as it was read.
    pub async fn decide<E: From<StoreError> + From<Refusal>>(
        &self,
        ticket: &Ticket,
        command: Command,
        actor: &Actor,
        cause: &str,
    ) -> Result<Vec<TicketEvent>, E> {
        self.decide_after(ticket, &[], command, actor, cause).await
    }

    /// Decides a command about a ticket whose last events are not stored yet.
    pub async fn decide_after<E: From<StoreError> + From<Refusal>>(
        &self,
        ticket: &Ticket,
        unsaved: &[TicketEvent],
        command: Command,
        actor: &Actor,
        cause: &str,
    ) -> Result<Vec<TicketEvent>, E> {
        let mut rules = match &command {
            Command::Create(new) => self.rules(new.requester, None).await?,
            _ if ticket.v == unsaved.len() as u64 => self.rules(ticket.requester, None).await?,
            _ => self.rules_for(ticket).await?,
        };
        // Only a ticket that comes back may come back to somebody who is gone.
        if ticket.status == Status::Solved
            && let Some(agent) = ticket.assignee
            && !self
                .person(agent)
                .await?
                .is_some_and(|person| person.role.is_staff())
        {
            rules = rules.without(agent);
        }
        // Only an escalation or a rule tells a group.
        if matches!(command, Command::FireTimers) || rules.checked().may_write() {
            let told = self.told_groups(&rules).await?;
            rules = rules.telling(told);
        }
        if rules.checked().may_write() || rules.checked().reads_comments() {
            let running = self.running(&rules, ticket, &command, actor).await?;
            rules = rules.running_with(running);
        }
        let context = Context {
            actor,
            cause,
            rules: &rules,
            history: None,
        };
        let now = self.now();
        match decide(ticket, command.clone(), &context, now) {
            Err(Refusal::NeedsHistory) => drop(rules.take_written()),
            decided => {
                self.store_written(ticket, &rules).await?;
                return Ok(decided?);
            }
        }
        let stored_until = ticket.v - unsaved.len() as u64;
        let mut history = self.events(ticket.number, stored_until).await?;
        history.extend(unsaved.iter().cloned());
        let context = Context {
            history: Some(&history),
            ..context
        };
        let decided = decide(ticket, command, &context, now);
        self.store_written(ticket, &rules).await?;
        Ok(decided?)
    }

    /// Stores what rules wrote, before the save that names it.
    async fn store_written(&self, ticket: &Ticket, rules: &DeskRules) -> Result<(), StoreError> {
        for body in rules.take_written() {
            self.put_body(ticket.number, &body).await?;
        }
        Ok(())
    }

    /// The rules that hold for a ticket, ready to fill in what somebody's macro writes.
    pub async fn rules_to_write(&self, ticket: &Ticket, actor: &Actor) -> Result<DeskRules, StoreError> {
        let rules = self.rules_for(ticket).await?;
        let command = Command::RunMacro { rule: RuleId(0) };
        let running = self.running(&rules, ticket, &command, actor).await?;
        Ok(rules.running_with(running))
    }

    /// What rules need while they run.
    async fn running(
        &self,
        rules: &DeskRules,
        ticket: &Ticket,
        command: &Command,
        actor: &Actor,
    ) -> Result<Running, StoreError> {
        let mut running = Running::default();
        running.shown.brand.clone_from(&self.settings.brand_name);
        if !self.settings.public_url.is_empty() {
            let root = &self.settings.public_url;
            running.shown.url = format!("{root}/agent/tickets/{}", ticket.number);
        }
        if let (Command::RunMacro { .. }, Actor::Agent(agent)) = (command, actor)
            && let Some(person) = self.person(*agent).await?
        {
            running.shown.agent = person.name;
        }
        if rules.checked().reads_comments() {
            for body in comments_of(command) {
                // A body that can't be had says nothing; whoever stored it a moment ago would know.
                match self.body(ticket.number, &body).await {
                    Ok(text) => running.comment_texts.insert(body, text.shown_text().into_owned()),
                    Err(BlobError::Missing(_)) => None,
                    Err(BlobError::Store(error)) => return Err(error),
                };
            }
        }
        Ok(running)
    }

    /// The rules that hold for tickets of a requester, and the versions that one of them is still under.
    pub async fn rules(
        &self,
        requester: PersonId,
        in_force: Option<InForce>,
    ) -> Result<DeskRules, StoreError> {
        let checked = self.checked_book_for(in_force.as_ref()).await?;
        let around = self.surroundings_of_requester(checked.needs(), requester).await?;
        self.with_held(DeskRules::new(checked, around, self.now()), in_force)
            .await
    }

    /// The rules that hold for a ticket, with everything that some condition reads.
    pub async fn rules_for(&self, ticket: &Ticket) -> Result<DeskRules, StoreError> {
        let in_force = ticket.clocks.as_ref().map(|clocks| clocks.in_force);
        let checked = self.checked_book_for(in_force.as_ref()).await?;
        let around = self.surroundings(checked.needs(), ticket).await?;
        self.with_held(DeskRules::new(checked, around, self.now()), in_force)
            .await
    }

    async fn with_held(&self, rules: DeskRules, in_force: Option<InForce>) -> Result<DeskRules, StoreError> {
        match in_force {
            Some(in_force) if rules.terms(&in_force).is_none() => {
                Ok(rules.holding(self.held(&in_force).await?))
            }
            _ => Ok(rules),
        }
    }

    /// The agents of the groups that an escalation may tell.
    async fn told_groups(&self, rules: &DeskRules) -> Result<BTreeMap<GroupId, Vec<PersonId>>, StoreError> {
        let mut members = BTreeMap::new();
        for group in rules.told_groups() {
            members.insert(group, self.members(group).await?);
        }
        Ok(members)
    }

    /// The events of a ticket until a version, as of now.
    pub async fn events(&self, number: TicketNumber, until: u64) -> Result<Vec<TicketEvent>, StoreError> {
        let from_to = vec![
            (":from", format!("E#{:010}", 1)),
            (":to", format!("E#{until:010}")),
        ];
        let query = Query::partition(ticket_pk(&self.settings.tenant, number), MOST_EVENTS)
            .range("SK BETWEEN :from AND :to", from_to);
        let items = self.query(query).await?;
        items
            .into_iter()
            .map(|mut item| value_in(&mut item, "event"))
            .collect()
    }
}

/// The bodies of the comments that a command adds, or makes triggers hear of.
fn comments_of(command: &Command) -> Vec<Digest> {
    match command {
        Command::Update(update) => update
            .comment
            .iter()
            .map(|comment| comment.body.digest.clone())
            .collect(),
        Command::Triage { began, .. } => began
            .iter()
            .filter_map(|event| match &event.fact {
                Fact::CommentAdded { body, .. } => Some(body.digest.clone()),
                _ => None,
            })
            .collect(),
        _ => vec![],
    }
}

//! Decisions about tickets: what they need to know of the operator's rules is fetched, then the domain decides.

use super::item::value_in;
use super::page::Query;
use crate::{Desk, StoreError, keys::ticket_pk};
use docket_domain::{
    GroupId, PersonId, TicketNumber,
    sla::InForce,
    ticket::{Actor, Command, Context, Refusal, Rules, Ticket, TicketEvent, decide},
};
use docket_rules::DeskRules;
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
        let requester = match &command {
            Command::Create(new) => new.requester,
            _ => ticket.requester,
        };
        let in_force = ticket.clocks.as_ref().map(|clocks| clocks.in_force);
        let mut rules = self.rules(requester, in_force).await?;
        // Only an escalation tells a group.
        if matches!(command, Command::FireTimers) {
            let told = self.told_groups(&rules).await?;
            rules = rules.telling(told);
        }
        let context = Context {
            actor,
            cause,
            rules: &rules,
            history: None,
        };
        let now = self.now();
        match decide(ticket, command.clone(), &context, now) {
            Err(Refusal::NeedsHistory) => {}
            decided => return Ok(decided?),
        }
        let stored_until = ticket.v - unsaved.len() as u64;
        let mut history = self.events(ticket.number, stored_until).await?;
        history.extend(unsaved.iter().cloned());
        let context = Context {
            history: Some(&history),
            ..context
        };
        Ok(decide(ticket, command, &context, now)?)
    }

    /// The rules that hold for tickets of a requester, and the versions that one of them is still under.
    pub async fn rules(
        &self,
        requester: PersonId,
        in_force: Option<InForce>,
    ) -> Result<DeskRules, StoreError> {
        let checked = self.checked_book_for(in_force.as_ref()).await?;
        let around = self.surroundings_of_requester(checked.needs(), requester).await?;
        let rules = DeskRules::new(checked, around, self.now());
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

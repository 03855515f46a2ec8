//! The operator's rules, with what they need to know of a ticket, ready to be asked.

use crate::{Desk, parts::OperatorRules};
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    sla::InForce,
    ticket::{Rules as _, Ticket},
};
use docket_rules::{DeskRules, Shown};
use docket_store::StoreError;

impl Desk {
    /// What texts about a ticket show besides the facts.
    pub(crate) fn shown_of(&self, number: TicketNumber) -> Shown {
        let root = &self.settings.public_url;
        let url = if root.is_empty() {
            String::new()
        } else {
            format!("{root}/agent/tickets/{number}")
        };
        Shown {
            brand: self.settings.brand_name.clone(),
            url,
            agent: String::new(),
        }
    }

    /// The same, as they are asked at this time.
    pub(crate) async fn rules_at(
        &self,
        requester: PersonId,
        in_force: Option<InForce>,
        now: Timestamp,
    ) -> Result<DeskRules, StoreError> {
        let checked = self.rules().checked_book_for(in_force.as_ref()).await?;
        let around = self
            .rules()
            .surroundings_of_requester(checked.reads(), requester)
            .await?;
        self.rules()
            .with_superseded(DeskRules::new(checked, around, now), in_force)
            .await
    }

    /// The same, as they are asked at this time.
    pub(crate) async fn rules_for_at(
        &self,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<DeskRules, StoreError> {
        let in_force = ticket.clocks.as_ref().map(|clocks| clocks.in_force);
        let checked = self.rules().checked_book_for(in_force.as_ref()).await?;
        let around = self.rules().surroundings(checked.reads(), ticket).await?;
        self.rules()
            .with_superseded(DeskRules::new(checked, around, now), in_force)
            .await
    }
}

impl OperatorRules<'_> {
    /// The rules that hold for a ticket, ready to fill in what an agent's macro writes.
    pub async fn to_write(self, ticket: &Ticket, agent: PersonId) -> Result<DeskRules, StoreError> {
        let mut rules = self.of_ticket(ticket, self.desk.now()).await?;
        let name = self.desk.people().get(agent).await?.map(|person| person.name);
        let fetched = rules.fetched();
        fetched.shown = self.desk.shown_of(ticket.number);
        fetched.shown.agent = name.unwrap_or_default();
        fetched.agent = Some(agent);
        Ok(rules)
    }

    /// The rules that hold for tickets of a requester, and the versions that one of them is still under.
    pub async fn of_requester(
        self,
        requester: PersonId,
        in_force: Option<InForce>,
    ) -> Result<DeskRules, StoreError> {
        self.desk.rules_at(requester, in_force, self.desk.now()).await
    }

    /// The rules that hold for a ticket, with everything that some condition reads, as they are asked at this time.
    pub async fn of_ticket(self, ticket: &Ticket, now: Timestamp) -> Result<DeskRules, StoreError> {
        self.desk.rules_for_at(ticket, now).await
    }

    async fn with_superseded(
        self,
        rules: DeskRules,
        in_force: Option<InForce>,
    ) -> Result<DeskRules, StoreError> {
        match in_force {
            Some(in_force) if rules.terms(&in_force).is_none() => {
                match self.superseded(&in_force).await {
                    // Versions that can't be read are as good as none: the clocks stand still, and nothing else of the ticket.
                    Err(StoreError::Never(error)) => {
                        tracing::error!(policy = %in_force.policy, %error, "a version of an SLA policy that tickets are under can't be read");
                        Ok(rules)
                    }
                    kept => Ok(rules.holding(kept?)),
                }
            }
            _ => Ok(rules),
        }
    }
}

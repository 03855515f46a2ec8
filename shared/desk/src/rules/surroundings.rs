//! What surrounds a ticket, for the conditions of policies and rules: fetched only as far as some condition reads it.

use crate::{parts::OperatorRules, tickets::Asker};
use docket_conditions::{OrganizationFacts, RequesterFacts};
use docket_domain::{
    PersonId,
    calendar::Calendar,
    people::{organization::Organization, person::Person},
    ticket::Ticket,
};
use docket_rules::{Reads, Surroundings, bot_facts};
use docket_store::StoreError;
use std::collections::BTreeMap;

impl OperatorRules<'_> {
    /// What surrounds a ticket, as far as it is needed.
    pub async fn surroundings(self, needs: &Reads, ticket: &Ticket) -> Result<Surroundings, StoreError> {
        let mut around = self.surroundings_of_requester(needs, ticket.requester).await?;
        if needs.history {
            let earlier = self.desk.tickets().earlier(ticket).await?;
            around.requester.tickets_total = earlier.total;
            around.requester.tickets_open = earlier.unsolved().count() as u64;
            around.requester.last_contact = earlier.last_contact();
        }
        if needs.text || needs.bot {
            let body = self.desk.first_body_or_words(ticket.number).await?;
            around.text = body.shown_text().into_owned();
            around.bot = body.hand_off.as_ref().map(bot_facts);
        }
        if needs.assignee
            && let Some(agent) = ticket.assignee
            && let Some(email) = self
                .desk
                .people()
                .get(agent)
                .await?
                .and_then(|person| person.email)
        {
            around.agents.insert(agent, email);
        }
        Ok(around)
    }

    /// What surrounds all tickets of a requester, as far as it is needed: what policies may look at.
    pub async fn surroundings_of_requester(
        self,
        needs: &Reads,
        requester: PersonId,
    ) -> Result<Surroundings, StoreError> {
        let mut around = Surroundings::default();
        let asker = match (needs.organization, needs.requester) {
            (true, _) => self.desk.people().asker(requester).await?,
            (false, true) => Asker {
                person: self.desk.people().get(requester).await?,
                organization: None,
            },
            (false, false) => Asker::default(),
        };
        if let Some(person) = &asker.person {
            around.requester = requester_facts(person, asker.tier());
            let organization = asker.organization.as_ref();
            around.organization = organization.map(|known| organization_facts(known, person));
        }
        if needs.groups {
            let groups = self.desk.groups().all().await?.into_iter();
            around.groups = groups
                .map(|group| (group.id, group.name))
                .collect::<BTreeMap<_, _>>();
        }
        if !needs.calendars.is_empty() {
            let book = self.book().await?;
            let named = |calendar: &&Calendar| needs.calendars.contains(&calendar.draft().name);
            around.calendars = book.calendars.iter().filter(named).cloned().collect();
        }
        Ok(around)
    }
}

fn requester_facts(person: &Person, tier: Option<&str>) -> RequesterFacts {
    RequesterFacts {
        name: person.name.clone(),
        email: person.email.clone(),
        tier: tier.map(str::to_owned),
        tags: person.tags.clone(),
        locale: person.locale.clone(),
        tickets_open: 0,
        tickets_total: 0,
        last_contact: None,
    }
}

fn organization_facts(organization: &Organization, person: &Person) -> OrganizationFacts {
    let domain = organization.domain_for(person.email.as_deref());
    OrganizationFacts {
        name: organization.name.clone(),
        domain: domain.map(str::to_owned),
        tier: organization.tier.clone(),
        tags: organization.tags.clone(),
        external_id: organization.external_id.clone(),
    }
}

//! Who is around tickets, as the tables have them now: what a question that asks for them is held against.

use crate::{error::IndexError, finder::Finder};
use docket_domain::{OrganizationId, PersonId, ticket::Ticket};
use docket_search::{Asked, Document, WhoIsAround, organization_document, person_document};
use std::collections::{BTreeSet, HashMap};

impl Finder {
    /// Who is around these tickets, by their requesters. Nobody is read for a question that does not ask for them; who can't be read is
    /// taken for nobody.
    pub(crate) async fn around(
        &self,
        asked: &Asked,
        heads: &[Ticket],
    ) -> Result<HashMap<PersonId, WhoIsAround>, IndexError> {
        if !asked.looks_around() {
            return Ok(HashMap::new());
        }
        let requesters: BTreeSet<PersonId> = heads.iter().map(|head| head.requester).collect();
        let requesters: Vec<PersonId> = requesters.into_iter().collect();
        let people = self.store.people().readable_now(&requesters).await?;
        let theirs: BTreeSet<OrganizationId> =
            people.iter().filter_map(|person| person.organization).collect();
        let theirs: Vec<OrganizationId> = theirs.into_iter().collect();
        let organizations = self.store.organizations().readable_now(&theirs).await?;
        let organizations: HashMap<OrganizationId, Document> = organizations
            .iter()
            .map(|organization| (organization.id, organization_document(organization)))
            .collect();
        let mut around: HashMap<PersonId, WhoIsAround> = requesters
            .into_iter()
            .map(|id| (id, WhoIsAround::default()))
            .collect();
        for person in &people {
            let organization = person.organization.and_then(|id| organizations.get(&id));
            around.insert(
                person.id,
                WhoIsAround {
                    requester: Some(person_document(person)),
                    organization: organization.cloned(),
                },
            );
        }
        Ok(around)
    }
}

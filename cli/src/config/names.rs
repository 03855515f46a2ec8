//! The names by which a file speaks of the desk's groups, agents and mailboxes.

use docket_aws::Desk;
use docket_desk_file::DeskNames;
use docket_domain::{
    PersonId,
    person::Identity,
    sla::{Action, Book, Recipient},
};
use std::collections::BTreeSet;

/// The names of the desk, with the agents of these addresses and those that these books speak of.
pub async fn desk_names(
    desk: &Desk,
    addresses: &BTreeSet<String>,
    books: &[&Book],
) -> anyhow::Result<DeskNames> {
    let mut names = DeskNames::default();
    for group in desk.groups().await? {
        names.groups.insert(group.name, group.id);
    }
    let setup = desk.setup().await?;
    names.mailboxes = setup.mail_addresses().map(str::to_owned).collect();
    for address in addresses {
        let found = desk.find_person(&Identity::email(address)).await?;
        if let Some(agent) = found.filter(|person| person.role.is_staff()) {
            names.agents.insert(address.clone(), agent.id);
        }
    }
    let told: BTreeSet<PersonId> = books.iter().flat_map(|book| told_agents(book)).collect();
    let told: Vec<PersonId> = told.into_iter().collect();
    for agent in desk.people(&told).await? {
        let is_named = names.agent(agent.id).is_some();
        if let Some(address) = agent.email.filter(|_| !is_named) {
            names.agents.insert(address.to_lowercase(), agent.id);
        }
    }
    Ok(names)
}

fn told_agents(book: &Book) -> impl Iterator<Item = PersonId> + '_ {
    let promises = book.policies.iter().flat_map(|policy| &policy.promises);
    let escalations = promises.flat_map(|promise| &promise.escalations);
    escalations
        .flat_map(|escalation| &escalation.actions)
        .filter_map(|action| match action {
            Action::Notify(Recipient::Agent(agent)) => Some(*agent),
            _ => None,
        })
}

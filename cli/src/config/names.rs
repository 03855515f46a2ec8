//! The names by which a file speaks of the desk's groups, agents and mailboxes.

use docket_desk::Desk;
use docket_desk_file::DeskNames;
use docket_domain::{PersonId, people::person::Identity, sla::Book};
use std::collections::BTreeSet;

/// The names of the desk, with the people of these addresses and those that these books speak of.
pub async fn desk_names(
    desk: &Desk,
    addresses: &BTreeSet<String>,
    books: &[&Book],
) -> anyhow::Result<DeskNames> {
    names_with(desk, addresses, books, &BTreeSet::new()).await
}

/// The same, with these members of groups.
pub(super) async fn names_with(
    desk: &Desk,
    addresses: &BTreeSet<String>,
    books: &[&Book],
    members: &BTreeSet<PersonId>,
) -> anyhow::Result<DeskNames> {
    let mut names = DeskNames::default();
    // Of a name that was used again, the group that takes tickets has it.
    let mut groups = desk.groups().all().await?;
    groups.sort_by_key(|group| !group.is_archived);
    for group in groups {
        names.groups.insert(group.name, group.id);
    }
    let setup = desk.setup().await?;
    names.mailboxes = setup.mail_addresses().map(str::to_owned).collect();
    for address in addresses {
        let found = desk.people().find(&Identity::email(address)).await?;
        if let Some(person) = found {
            names.people.insert(address.clone(), person.id);
            if person.role.is_staff() {
                names.agents.insert(address.clone(), person.id);
            }
        }
    }
    let agents: BTreeSet<PersonId> = books
        .iter()
        .flat_map(|book| book.named_agents().map(|(_, agent)| agent))
        .chain(members.iter().copied())
        .collect();
    let copied: BTreeSet<PersonId> = books.iter().flat_map(|book| book.copied_people()).collect();
    let all: Vec<PersonId> = agents.union(&copied).copied().collect();
    for person in desk.people().get_many(&all).await? {
        let Some(address) = person.email.map(|address| address.to_lowercase()) else {
            continue;
        };
        if person.role.is_staff() && names.agent(person.id).is_none() {
            names.agents.insert(address.clone(), person.id);
        }
        if names.person(person.id).is_none() {
            names.people.insert(address, person.id);
        }
    }
    Ok(names)
}

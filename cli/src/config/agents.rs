//! Those who work at a desk, as they stand and as a file has them.

use super::APPLY;
use anyhow::{Context as _, bail};
use docket_desk::Desk;
use docket_desk_file::{DeskAgent, DeskAgents};
use docket_domain::{
    assignment::{AgentLoad, LoadSettings},
    people::{
        person::{Identity, Person},
        staff::Role,
    },
};

/// Those who work at a desk and can be found by an address.
pub async fn agents_of(desk: &Desk) -> anyhow::Result<DeskAgents> {
    let staff = desk.agents().all().await?;
    let ids: Vec<_> = staff.iter().map(|person| person.id).collect();
    let loads = desk.agents().loads(&ids).await?;
    let mut agents = Vec::new();
    for person in staff {
        let Some(email) = person.email.as_deref().map(str::to_lowercase) else {
            continue;
        };
        if !person.identities.contains(&Identity::email(&email)) {
            continue;
        }
        let load = loads.iter().find(|load| load.agent == person.id);
        let load = load.cloned().unwrap_or_else(|| AgentLoad::new(person.id));
        agents.push(DeskAgent {
            id: person.id,
            email,
            name: Some(person.name),
            role: person.role,
            capacity: load.capacity,
            skills: load.skills,
            calendar: load.calendar,
            locale: person.locale,
        });
    }
    agents.sort_by(|one, other| one.email.cmp(&other.email));
    Ok(DeskAgents(agents))
}

/// Makes those who come and changes those who stay. Whoever becomes an admin comes first, so that the desk has one all the while.
pub async fn take_on(desk: &Desk, before: &DeskAgents, after: &DeskAgents) -> anyhow::Result<()> {
    for agent in after.0.iter().filter(|agent| before.agent(agent.id).is_none()) {
        refuse_stray(desk, &agent.email).await?;
    }
    let (admins, others): (Vec<_>, Vec<_>) = after.0.iter().partition(|agent| agent.role == Role::Admin);
    for agent in admins.into_iter().chain(others) {
        let record = |agent: &DeskAgent| (agent.name.clone(), agent.role, agent.locale.clone());
        if before
            .agent(agent.id)
            .is_some_and(|known| record(known) == record(agent))
        {
            continue;
        }
        let set = |person: &mut Person| {
            if let Some(name) = &agent.name {
                person.name.clone_from(name);
            }
            if !person.role.is_staff() {
                // Whoever keeps the file answers for the address.
                person.verified = true;
            }
            person.role = agent.role;
            person.locale.clone_from(&agent.locale);
        };
        let changed = desk
            .people()
            .change(desk.by_system(APPLY), &agent.email, set)
            .await;
        changed.with_context(|| format!("agent {} can't be changed", agent.email))?;
    }
    Ok(())
}

/// Stops where an address came to somebody else's record with a contact: whoever that is would become the agent, and sign in by the
/// address of their own.
async fn refuse_stray(desk: &Desk, email: &str) -> anyhow::Result<()> {
    let address = Identity::email(email);
    let found = desk.people().find(&address).await?;
    let is_stray = |person: &Person| !person.role.is_staff() && !person.is_primary(&address);
    if let Some(person) = found.filter(is_stray) {
        bail!(
            "{email} is a further address of customer {}, who may be somebody else: take it off them, or make it the one that answers \
             go to",
            person.id
        );
    }
    Ok(())
}

/// Sets what agents take, what they can do and when they work, as far as it is not so.
pub async fn set_loads(desk: &Desk, before: &DeskAgents, after: &DeskAgents) -> anyhow::Result<()> {
    for agent in &after.0 {
        let load = |agent: &DeskAgent| (agent.capacity, agent.skills.clone(), agent.calendar);
        if before
            .agent(agent.id)
            .is_some_and(|known| load(known) == load(agent))
        {
            continue;
        }
        let settings = LoadSettings {
            capacity: Some(agent.capacity),
            skills: Some(agent.skills.clone()),
            calendar: Some(agent.calendar),
        };
        let changed = desk
            .agents()
            .change_load_settings(agent.id, &settings, desk.by_system(APPLY))
            .await;
        changed.with_context(|| format!("what agent {} takes can't be changed", agent.email))?;
    }
    Ok(())
}

/// Lets those go who are not in the file: from then on they are customers.
pub async fn let_go(desk: &Desk, before: &DeskAgents, after: &DeskAgents) -> anyhow::Result<()> {
    let gone = before.0.iter().filter(|agent| after.agent(agent.id).is_none());
    for agent in gone {
        let leaves = |person: &mut Person| person.role = Role::EndUser;
        let changed = desk
            .people()
            .change(desk.by_system(APPLY), &agent.email, leaves)
            .await;
        changed.with_context(|| format!("agent {} can't be let go", agent.email))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_local::{LocalDesk, Options};
    use embedded_aws::{Clock, Storage};

    #[tokio::test]
    async fn a_customer_who_claimed_an_agents_address_does_not_become_the_agent() {
        let local = LocalDesk::open(Options::new(Storage::Memory, Clock::wall()))
            .await
            .unwrap();
        let desk = &local.desk;
        let by = desk.by_system("a test");
        let addresses = ["eve@elsewhere.example", "new@docket.local"];
        let identities = addresses.map(Identity::email).to_vec();
        let made = desk.people().make(identities, "Eve", None, &by).await;
        let (eve, writes) = made.unwrap();
        desk.commit_writes(vec![], writes).await.unwrap();
        let before = agents_of(desk).await.unwrap();
        let mut after = DeskAgents(before.0.clone());
        let mut agent = before.0[0].clone();
        (agent.id, agent.email) = (eve.id, "new@docket.local".to_owned());
        after.0.push(agent);
        let refused = take_on(desk, &before, &after).await.unwrap_err();
        assert!(refused.to_string().contains("further address"), "{refused}");
        let eve = desk.people().get(eve.id).await.unwrap().unwrap();
        assert!(!eve.role.is_staff());
        // By the address that answers go to they are meant.
        if let Some(agent) = after.0.last_mut() {
            agent.email = "eve@elsewhere.example".to_owned();
        }
        take_on(desk, &before, &after).await.unwrap();
        let eve = desk.people().get(eve.id).await.unwrap().unwrap();
        assert!(eve.signs_in_by("eve@elsewhere.example") && !eve.signs_in_by("new@docket.local"));
    }
}

//! What a file makes of a desk: checked as a whole before any of it is put in force.

use super::{APPLY, ConfigFile, agents, groups, names::names_with};
use anyhow::Context as _;
use docket_desk::{Desk, setup::SetupChange};
use docket_desk_file::{
    Change, DeskAgent, DeskAgents, DeskFile, DeskGroups, DeskNames, Note, Problems, Written, changes_of,
    file_of,
};
use docket_domain::{configuration::Setup, sla::Book};
use std::{collections::BTreeSet, io::Write, sync::Arc};

/// What a desk has that a file can say.
pub struct Standing {
    /// Policies, calendars, timers and rules.
    pub book: Arc<Book>,
    /// Who works here.
    pub agents: DeskAgents,
    /// Groups and their members.
    pub groups: DeskGroups,
    /// Mailboxes and channels.
    pub setup: Arc<Setup>,
}

impl Standing {
    /// That of a desk this moment.
    pub async fn of(desk: &Desk) -> anyhow::Result<Self> {
        Ok(Self {
            book: desk.rules().book().await?,
            agents: agents::agents_of(desk).await?,
            groups: groups::groups_of(desk).await?,
            setup: desk.setup().await?,
        })
    }

    /// Who and what a file may name: the people of these addresses, and whoever the desk's configuration speaks of.
    pub async fn names(&self, desk: &Desk, addresses: &BTreeSet<String>) -> anyhow::Result<DeskNames> {
        let members = self.groups.members.values().flatten().copied().collect();
        let mut names = names_with(desk, addresses, &[&self.book], &members).await?;
        let staff = self.agents.0.iter().map(|agent| (agent.email.clone(), agent.id));
        names.agents.extend(staff);
        names.groups = self.groups.names();
        Ok(names)
    }

    /// As a file with every section.
    pub fn file(&self, names: &DeskNames) -> anyhow::Result<DeskFile> {
        Ok(file_of(&self.book, names)?
            .with_agents(&self.agents, &self.book)
            .with_groups(&self.groups, names)?
            .with_setup(&self.setup, names)?)
    }
}

/// What a file makes of a desk.
pub struct Plan {
    /// What the desk has.
    pub before: Standing,
    /// What it would have.
    pub after: Standing,
    /// What would change.
    pub changes: Vec<Change>,
    /// What the author should know.
    pub notes: Vec<Note>,
    /// Who and what the file may name.
    pub names: DeskNames,
    /// The same with the groups and agents that go: what was in force may name them.
    pub all_names: DeskNames,
}

/// Checks all of a file against a desk.
///
/// # Errors
/// Everything that is wrong with the file.
pub async fn plan(desk: &Desk, file: &ConfigFile, written: &Written) -> anyhow::Result<Plan> {
    let before = Standing::of(desk).await?;
    let standing = before.names(desk, &written.addresses()).await?;
    let mut names = standing.clone();
    if let Some(agents) = written.agent_names(&standing) {
        // What else is in the file may name an agent who comes with it, and nobody who goes.
        names.people.extend(agents.clone());
        names.agents = agents;
    }
    let groups = written.groups(&before.groups, Some(&names), desk.now());
    if let Ok(groups) = &groups {
        // What else is in the file may name a group that comes with it.
        names.groups = groups.names();
    }
    let setup = written.setup(&before.setup, Some(&names), &desk.settings.mail_domain);
    if let Ok(setup) = &setup {
        // A condition may name a mailbox that comes with the same file.
        names.mailboxes = setup.mail_addresses().map(str::to_owned).collect();
    }
    let outcome = file.written_book(written, &before.book, Some(&names));
    // Skills and calendars of a book with mistakes are not looked for.
    let book = outcome.as_ref().ok().map(|outcome| &outcome.book);
    let agents = written.agents(&before.agents, Some(&names), book);
    let (agents, mut groups, setup, outcome) = match (agents, groups, setup, outcome) {
        (Ok(agents), Ok(groups), Ok(setup), Ok(outcome)) => (agents, groups, setup, outcome),
        (agents, groups, setup, outcome) => {
            let looks = [agents.err(), groups.err(), setup.err(), outcome.err()];
            return Err(file.refused(&Problems::all(looks.into_iter().flatten())));
        }
    };
    for agent in before
        .agents
        .0
        .iter()
        .filter(|agent| agents.agent(agent.id).is_none())
    {
        for members in groups.members.values_mut() {
            members.remove(&agent.id);
        }
    }
    let after = Standing {
        book: Arc::new(outcome.book),
        agents,
        groups,
        setup: Arc::new(setup),
    };
    let goes_on = "what a section that is left out speaks of would be gone; nothing was changed";
    Ok(Plan {
        changes: changes_of(&before.file(&standing)?, &after.file(&names).context(goes_on)?),
        before,
        after,
        notes: outcome.notes,
        all_names: {
            let mut all = names.clone();
            for (name, id) in standing.groups {
                all.groups.entry(name).or_insert(id);
            }
            for (address, id) in standing.agents {
                all.agents.entry(address).or_insert(id);
            }
            all
        },
        names,
    })
}

impl Plan {
    /// Makes those who come to work here and changes those who stay. They have ids from then on: what names them is planned anew.
    pub async fn take_on(&self, desk: &Desk) -> anyhow::Result<()> {
        agents::take_on(desk, &self.before.agents, &self.after.agents).await
    }

    /// Whether somebody is new who has no id yet.
    pub fn has_new_people(&self) -> bool {
        self.after.agents.0.iter().any(DeskAgent::is_new)
    }

    /// Sets what agents take, as the file has it, with the skills and calendars of the book in force, and lets those go whom the
    /// file does not name.
    pub async fn set_agents(&self, desk: &Desk, written: &Written, book: &Book) -> anyhow::Result<()> {
        let after = written.agents(&self.before.agents, Some(&self.names), Some(book))?;
        agents::set_loads(desk, &self.before.agents, &after).await?;
        agents::let_go(desk, &self.before.agents, &after).await
    }

    /// Puts groups in force as the file has them.
    pub async fn put_groups(&self, desk: &Desk) -> anyhow::Result<()> {
        groups::put_in_force(desk, &self.before.groups, &self.after.groups).await
    }

    /// Puts mailboxes and channels in force as the file has them. A channel that is new gets a secret, which is shown this once.
    pub async fn set_up(&self, desk: &Desk, written: &Written, out: &mut impl Write) -> anyhow::Result<()> {
        if self.before.setup == self.after.setup {
            return Ok(());
        }
        let known: BTreeSet<&str> = self
            .before
            .setup
            .channels
            .iter()
            .map(|channel| channel.name.as_str())
            .collect();
        for channel in &self.after.setup.channels {
            if known.contains(channel.name.as_str()) {
                continue;
            }
            match desk.make_channel_secret(&channel.name).await? {
                Some(secret) => writeln!(
                    out,
                    "secret of channel {}, shown this once: {}",
                    channel.name,
                    secret.expose()
                )?,
                None => writeln!(
                    out,
                    "channel {} goes on with the secret that it had before",
                    channel.name
                )?,
            }
        }
        let changed = desk
            .change_setup(desk.by_system(APPLY), vec![], |setup| {
                *setup = written.setup(setup, Some(&self.names), &desk.settings.mail_domain)?;
                Ok::<_, Problems>(())
            })
            .await
            .context("mailboxes and channels can't be changed")?;
        match changed {
            SetupChange::Refused(problems) => Err(problems.into()),
            SetupChange::Done(..) | SetupChange::Repeated(_) => Ok(()),
        }
    }
}

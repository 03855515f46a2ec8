//! First use: the people, the group, the mailbox and the channel that a desk starts with.

use crate::Desk;
use docket_domain::{
    GroupId, PersonId,
    audit::ChangedBy,
    configuration::{Group, HookChannel, HookKind, Mailbox, Setup},
    people::{
        person::{Identity, Person},
        staff::Role,
    },
};
use docket_store::{
    StoreError,
    keys::Counter,
    people::ApiToken,
    secrets::{ReplyKeySecret, Secret, WEBHOOKS_CHANNEL},
    table::Committed,
};

/// The group every desk starts with.
pub const SUPPORT: GroupId = GroupId(1);
/// The channel every desk starts with.
pub const BOT_CHANNEL: &str = "bot";

/// What a desk starts with.
#[derive(Clone, Debug)]
pub struct Start {
    /// Address and name of the admin.
    pub admin: (String, String),
    /// Addresses and names of the agents of the first group.
    pub agents: Vec<(String, String)>,
    /// The first mailbox.
    pub mailbox: Mailbox,
}

/// Secrets made on first use, to be shown once.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The admin, whom the API token stands for.
    pub admin: PersonId,
    /// The API token.
    pub api_token: Secret,
    /// The secret of the first channel.
    pub channel_secret: Secret,
    /// The secret that signs calls of webhooks.
    pub webhook_secret: Secret,
}

impl Desk {
    /// Sets the desk up, unless it is: then nothing is returned, and nothing changes but that a secret which desks did not always have
    /// is made.
    pub async fn set_up(&self, start: &Start) -> Result<Option<Shown>, StoreError> {
        match self.setup().await {
            Err(StoreError::NotSetUp(_)) => {}
            Ok(_) => {
                self.make_file_link_key().await?;
                return Ok(None);
            }
            Err(error) => return Err(error),
        }
        let now = self.now();
        let mut staff = Vec::new();
        let roles =
            std::iter::once((&start.admin, Role::Admin)).chain(start.agents.iter().map(|a| (a, Role::Agent)));
        for ((address, name), role) in roles {
            let id = PersonId(self.next_number(Counter::People).await?);
            let mut person = Person::first_seen(id, name, vec![Identity::email(address)], now);
            person.role = role;
            person.verified = true;
            // The admin answers, too, where nobody else is there to.
            let is_member = role == Role::Agent || start.agents.is_empty();
            person.groups.extend(is_member.then_some(SUPPORT));
            staff.push(person);
        }
        let setup = Setup {
            v: 1,
            mailboxes: vec![start.mailbox.clone()],
            channels: vec![HookChannel {
                name: BOT_CHANNEL.to_owned(),
                kind: HookKind::Docket,
            }],
            ..Setup::new(SUPPORT)
        }
        .numbered();
        let agents: Vec<PersonId> = staff
            .iter()
            .filter(|person| person.groups.contains(&SUPPORT))
            .map(|person| person.id)
            .collect();
        let group = Group::new(SUPPORT, "Support", now);
        let by = ChangedBy::system("first use", now);
        let mut writes = self.setup_writes(None, &setup, &by)?;
        writes.push(self.agents().listed_write());
        writes.push(self.organizations().members_listed_write());
        writes.extend(self.groups().first_writes(&group, &agents, &by)?);
        for person in &staff {
            writes.extend(self.people().new_writes(person, &by)?);
        }
        // Secrets first: a desk that is set up has them.
        let channel_secret = Secret::new(new_hook_secret(self));
        self.put_reply_keys(&[ReplyKeySecret {
            id: "1".to_owned(),
            secret: Secret::new(self.unguessable()),
        }])
        .await?;
        self.put_channel_secrets(BOT_CHANNEL, std::slice::from_ref(&channel_secret))
            .await?;
        self.make_file_link_key().await?;
        let webhook_secret = Secret::new(new_hook_secret(self));
        self.put_channel_secrets(WEBHOOKS_CHANNEL, std::slice::from_ref(&webhook_secret))
            .await?;
        if !matches!(self.commit_writes(vec![], writes).await?, Committed::Done(_)) {
            return Ok(None);
        }
        let api_token = Secret::new(self.unguessable());
        let admin = staff[0].id;
        self.put_api_token(admin, &api_token, "made on first use").await?;
        Ok(Some(Shown {
            admin,
            api_token,
            channel_secret,
            webhook_secret,
        }))
    }

    /// Gives the desk a key for links to files, unless it has one.
    async fn make_file_link_key(&self) -> Result<(), StoreError> {
        if self.file_link_keys().await?.is_empty() {
            self.put_file_link_keys(&[Secret::new(self.unguessable())])
                .await?;
        }
        Ok(())
    }

    /// Gives a channel a secret, to be shown once; nothing where it has one already.
    pub async fn make_channel_secret(&self, channel: &str) -> Result<Option<Secret>, StoreError> {
        if !self.channel_secrets(channel).await?.is_empty() {
            return Ok(None);
        }
        let secret = Secret::new(new_hook_secret(self));
        self.put_channel_secrets(channel, std::slice::from_ref(&secret))
            .await?;
        Ok(Some(secret))
    }

    /// Stores an API token for a person.
    pub async fn put_api_token(
        &self,
        person: PersonId,
        token: &Secret,
        description: &str,
    ) -> Result<(), StoreError> {
        let stored = ApiToken {
            person,
            description: description.to_owned(),
            created_at: self.now(),
            revoked_at: None,
        };
        self.commit_writes(vec![], vec![self.token_write(token.expose(), &stored)?])
            .await?;
        Ok(())
    }
}

/// A new secret of a channel, in the form of Standard Webhooks: `whsec_` and 32 bytes in base64.
fn new_hook_secret(desk: &Desk) -> String {
    use base64::Engine as _;
    format!(
        "whsec_{}",
        base64::engine::general_purpose::STANDARD.encode(desk.random_bytes())
    )
}

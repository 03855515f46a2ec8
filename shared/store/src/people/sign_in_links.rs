//! Whom a provider proves: its own name for somebody, which is given to nobody else, leads to one person here. The address that led
//! to them at their first sign-in may become another's.

use crate::{
    StoreError,
    keys::ItemKey,
    parts::People,
    table::{
        Committed, MOST_TRIES, Role, Write,
        item::{key_of, n, number_in, s, text_in},
        page::Query,
    },
};
use docket_domain::{Digest, PersonId, Timestamp};

/// Most providers that somebody signed in at, one after another; a transaction has room for the links of 50.
const MOST_PROVIDERS: usize = 40;
/// What the sort keys of somebody's sign-ins begin with.
const SIGN_IN: &str = "SIGN-IN#";
/// The attribute with the name under which somebody signs in at a provider.
const SIGNS_IN_AS: &str = "signs_in_as";
/// What it was called before: a word that conditions can't say.
const FORMER_SIGNS_IN_AS: &str = "name";

/// A provider's name for somebody. It stands in the tables as digests only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInName {
    provider: Digest,
    name: Digest,
}

impl SignInName {
    /// The name that a provider has for somebody.
    pub fn new(issuer: &str, subject: &str) -> Self {
        Self {
            provider: Digest::of_parts(["sign-in-at", issuer]),
            name: Digest::of_parts(["sign-in-as", issuer, subject]),
        }
    }
}

impl People<'_> {
    /// Who signs in under a name, if somebody ever did.
    pub async fn signing_in_as(self, name: &SignInName) -> Result<Option<PersonId>, StoreError> {
        self.led_to_by(&name.name).await
    }

    /// Whether somebody signs in at this provider, under whatever name.
    pub async fn signs_in_at(self, person: PersonId, name: &SignInName) -> Result<bool, StoreError> {
        let key = ItemKey::SignsInAt(person, name.provider.clone());
        Ok(self.0.get_item(&key).await?.is_some())
    }

    /// The parts by which a name leads to somebody from now on. They fail where it leads to anybody, or another name of the same
    /// provider's leads to them.
    pub fn sign_in_writes(self, person: PersonId, name: &SignInName, now: Timestamp) -> Vec<Write> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let mut link = key_of(tenant, &ItemKey::SignInLink(name.name.clone()));
        link.insert("person_id".to_owned(), n(person));
        link.insert("at".to_owned(), s(now.to_string()));
        let mut back = key_of(tenant, &ItemKey::SignsInAt(person, name.provider.clone()));
        back.insert(SIGNS_IN_AS.to_owned(), s(name.name.as_str()));
        [link, back]
            .into_iter()
            .map(|item| Write::put(table, Role::State, item).when_new())
            .collect()
    }

    /// Lets the next sign-in of somebody count as their first, at whatever provider; whether there was one. A name that leads to
    /// somebody else by now goes on leading there.
    pub async fn forget_sign_ins(self, person: PersonId) -> Result<bool, StoreError> {
        for _ in 0..MOST_TRIES {
            let writes = self.forgetting_writes(person).await?;
            if writes.is_empty() {
                return Ok(false);
            }
            if let Committed::Done(_) = self.0.commit_writes(vec![], writes).await? {
                return Ok(true);
            }
        }
        Err(StoreError::contended(format!("the sign-ins of person {person}")))
    }

    async fn forgetting_writes(self, person: PersonId) -> Result<Vec<Write>, StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        let query = Query::partition(ItemKey::Person(person).pk(tenant), MOST_PROVIDERS).range(
            "begins_with(SK, :sign_in)",
            vec![(":sign_in", SIGN_IN.to_owned())],
        );
        let mut writes = Vec::new();
        for item in self.0.query(query).await? {
            let Some(provider) = text_in(&item, "SK").and_then(|sk| sk.strip_prefix(SIGN_IN)) else {
                continue;
            };
            let key = ItemKey::SignsInAt(person, Digest::from_key(provider));
            let back = Write::delete(table, Role::State, key_of(tenant, &key));
            // Both ways or neither: they may have been let go by another, and signed in anew. A name to which nothing leads back would
            // lead to them for ever.
            let name = text_in(&item, SIGNS_IN_AS);
            writes.push(match name {
                Some(name) => back
                    .when(&format!("{SIGNS_IN_AS} = :name"))
                    .with(":name", s(name)),
                None => back.when(&format!("attribute_not_exists({SIGNS_IN_AS})")),
            });
            let name = name.or_else(|| text_in(&item, FORMER_SIGNS_IN_AS));
            let Some(name) = name.map(Digest::from_key) else {
                continue;
            };
            let leads_here = self.led_to_by(&name).await? == Some(person);
            let link = key_of(tenant, &ItemKey::SignInLink(name));
            let link = if leads_here {
                Write::delete(table, Role::State, link).when("person_id = :person")
            } else {
                // It may by now.
                let leads_elsewhere = "attribute_not_exists(PK) OR person_id <> :person";
                Write::check(table, Role::State, link, leads_elsewhere)
            };
            writes.push(link.with(":person", n(person)));
        }
        Ok(writes)
    }

    async fn led_to_by(self, name: &Digest) -> Result<Option<PersonId>, StoreError> {
        let item = self.0.get_item(&ItemKey::SignInLink(name.clone())).await?;
        Ok(item.and_then(|item| number_in(&item, "person_id")).map(PersonId))
    }
}

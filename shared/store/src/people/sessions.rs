//! Browsers that are signed in.

use crate::{
    StoreError,
    error::NameOperation,
    keys::GuardKey,
    parts::Sessions,
    table::{
        Guard,
        item::{number_in, s},
    },
};
use docket_domain::{Digest, PersonId};
use subtle::ConstantTimeEq as _;

/// How long a sign-in lasts, in seconds: a working day.
const SESSION_SECONDS: i64 = 12 * 3600;

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub person: PersonId,
    /// What every form must send back.
    pub csrf_token: String,
}

impl Sessions<'_> {
    /// Signs somebody in; the text for the browser's cookie.
    pub async fn open(self, person: PersonId) -> Result<String, StoreError> {
        let token = self.0.unguessable();
        let guard = Guard {
            seconds: SESSION_SECONDS,
            ..Guard::new(session_key(&token))
        };
        let now = self.0.now();
        let mut write = self.0.guard_write(&guard, now)?;
        if let crate::table::write::Action::Put(item) = &mut write.action {
            item.insert("person_id".to_owned(), crate::table::item::n(person));
        }
        self.0.commit_writes(vec![], vec![write]).await?;
        Ok(token)
    }

    /// The session of a cookie's text, unless it has ended.
    pub async fn get(self, token: &str) -> Result<Option<Session>, StoreError> {
        let item = self.0.guard_item(&session_key(token)).await?;
        let person = item.as_ref().and_then(|item| number_in(item, "person_id"));
        Ok(person.map(|person| Session {
            person: PersonId(person),
            csrf_token: csrf_token(token),
        }))
    }

    /// Signs out.
    pub async fn close(self, token: &str) -> Result<(), StoreError> {
        self.0
            .clients
            .dynamo
            .delete_item()
            .table_name(&self.0.settings.guard_table)
            .key("PK", s(session_key(token).pk(&self.0.settings.tenant)))
            .send()
            .await
            .named("DeleteItem")?;
        Ok(())
    }
}

impl Session {
    /// Whether a form sent back what the page gave it, compared in constant time.
    pub fn accepts(&self, sent: &str) -> bool {
        self.csrf_token.as_bytes().ct_eq(sent.as_bytes()).into()
    }
}

fn session_key(token: &str) -> GuardKey {
    GuardKey::Session(Digest::of_parts(["session", token]))
}

fn csrf_token(token: &str) -> String {
    Digest::of_parts(["csrf", token]).as_str()[..32].to_owned()
}

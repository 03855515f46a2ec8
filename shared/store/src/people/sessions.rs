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

/// Characters of what makes the token of one page another one than that of the next.
const NONCE_CHARACTERS: usize = 16;

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub person: PersonId,
    /// What the tokens of its forms are made of.
    secret: String,
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
            secret: secret_of(token),
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
    /// What the forms of one page send back. No two pages have the same, so the size of a compressed page tells nothing of it.
    pub fn form_token(&self, nonce: &str) -> String {
        let nonce: String = nonce
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(NONCE_CHARACTERS)
            .collect();
        let proof = Digest::of_parts(["form", &self.secret, &nonce]);
        format!("{nonce}.{}", &proof.as_str()[..32])
    }

    /// Whether a form sent back what a page of this session gave it, compared in constant time.
    pub fn accepts(&self, sent: &str) -> bool {
        let nonce = sent.split('.').next().unwrap_or_default();
        let expected = self.form_token(nonce);
        expected.as_bytes().ct_eq(sent.as_bytes()).into()
    }
}

fn session_key(token: &str) -> GuardKey {
    GuardKey::Session(Digest::of_parts(["session", token]))
}

fn secret_of(token: &str) -> String {
    Digest::of_parts(["csrf", token]).as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_each_page_is_another_and_every_one_of_the_session_is_taken() {
        let session = |token| Session {
            person: PersonId(1),
            secret: secret_of(token),
        };
        let (mine, other) = (session("a"), session("b"));
        let (first, second) = (mine.form_token("0123abcd"), mine.form_token("4567efgh"));
        assert_ne!(first, second);
        assert!(mine.accepts(&first) && mine.accepts(&second));
        assert!(!other.accepts(&first));
        for forged in [
            "",
            ".",
            "0123abcd",
            "0123abcd.",
            &first[1..],
            &first.replace('.', "x."),
        ] {
            assert!(!mine.accepts(forged), "{forged}");
        }
    }
}

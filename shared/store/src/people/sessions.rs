//! Browsers that are signed in: an item of each, and one that lists those of a person. Both change in one transaction, so that whoever
//! signs out everywhere leaves none behind.

use crate::{
    StoreError,
    error::NameOperation,
    keys::GuardKey,
    parts::Sessions,
    table::{
        Committed, Guard, MOST_TRIES, Role, Write,
        item::{Item, n, number_in, s, text_in, to_attribute, value_in},
        stands,
        write::Action,
    },
};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use docket_domain::{Digest, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

/// How long a sign-in lasts, in seconds: a working day.
const SESSION_SECONDS: i64 = 12 * 3600;
/// How long a session may be used before that is noted again, in seconds: a page is no reason to write.
const NOTED_SECONDS: i64 = 300;
/// Most browsers in which one person is signed in. The oldest gives way to the next.
pub const MOST_SESSIONS: usize = 20;
/// Longest name of a browser, in characters.
const LONGEST_BROWSER: usize = 100;
/// Characters of what makes the token of one page another one than that of the next.
const NONCE_CHARACTERS: usize = 16;
/// Hexadecimal digits that name a session on the list of its owner.
const ID_DIGITS: usize = 16;

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub person: PersonId,
    /// What its owner's list calls it. It opens nothing.
    pub id: String,
    /// When they signed in.
    pub opened_at: Timestamp,
    /// When it was used last, to five minutes.
    pub used_at: Timestamp,
    /// What the browser calls itself, in words.
    pub browser: String,
    key: Digest,
    /// What the tokens of its forms are made of; only whoever has the cookie makes them.
    secret: String,
}

/// A session on the list of its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Listed {
    key: Digest,
    /// Seconds since 1970.
    ends_at: i64,
}

/// The list, as it was read.
struct List {
    sessions: Vec<Listed>,
    /// Its version; 0 where there is none.
    v: u64,
}

impl Sessions<'_> {
    /// Signs somebody in; the text for the browser's cookie, which was never anybody's before.
    pub async fn open(self, person: PersonId, browser: &str) -> Result<String, StoreError> {
        let token = self.0.unguessable();
        let now = self.0.now();
        let key = key_of_token(&token);
        let guard = Guard {
            seconds: SESSION_SECONDS,
            ..Guard::new(GuardKey::Session(key.clone()))
        };
        let mut opened = self.0.guard_write(&guard, now)?;
        if let Action::Put(item) = &mut opened.action {
            item.insert("person_id".to_owned(), n(person));
            item.insert("opened_at".to_owned(), n(now.as_second()));
            item.insert("used_at".to_owned(), n(now.as_second()));
            let browser: String = browser.chars().take(LONGEST_BROWSER).collect();
            item.insert("browser".to_owned(), s(browser));
        }
        let listed = Listed {
            key,
            ends_at: now.as_second() + SESSION_SECONDS,
        };
        self.change_list(person, Some(opened), |list| {
            list.push(listed.clone());
            let given_way = list.len().saturating_sub(MOST_SESSIONS);
            list.drain(..given_way).collect()
        })
        .await?;
        Ok(token)
    }

    /// The session of a cookie's text, unless it has ended.
    pub async fn get(self, token: &str) -> Result<Option<Session>, StoreError> {
        let key = key_of_token(token);
        let item = self.0.guard_item(&GuardKey::Session(key.clone())).await?;
        let Some(session) = item
            .as_ref()
            .and_then(|item| session_in(item, key, secret_of(token)))
        else {
            return Ok(None);
        };
        self.note_use(session).await
    }

    /// Those of a person, the last used first. None of them makes tokens for forms.
    pub async fn of(self, person: PersonId) -> Result<Vec<Session>, StoreError> {
        let listed = self.list(person).await?.sessions;
        let keys: Vec<GuardKey> = listed.into_iter().map(|one| GuardKey::Session(one.key)).collect();
        if keys.is_empty() {
            return Ok(vec![]);
        }
        let items = self.0.get_from_both(&[], &keys).await?.guards;
        let now = self.0.now();
        let tenant = &self.0.settings.tenant;
        let mut sessions: Vec<Session> = items
            .iter()
            .filter(|item| stands(item, now))
            .filter_map(|item| {
                let key = keys.iter().find_map(|key| match key {
                    GuardKey::Session(digest) if text_in(item, "PK") == Some(&key.pk(tenant)) => Some(digest),
                    _ => None,
                })?;
                session_in(item, key.clone(), String::new())
            })
            .collect();
        sessions.sort_by(|one, other| {
            let at = |session: &Session| (session.used_at, session.opened_at, session.id.clone());
            at(other).cmp(&at(one))
        });
        Ok(sessions)
    }

    /// Signs a browser out.
    pub async fn close(self, session: &Session) -> Result<(), StoreError> {
        self.take_off(session.person, |one| one.key == session.key).await
    }

    /// Signs out the browser that a list calls so; nothing where there is none.
    pub async fn close_named(self, person: PersonId, id: &str) -> Result<(), StoreError> {
        self.take_off(person, |one| id_of(&one.key) == id).await
    }

    /// Signs somebody out everywhere.
    pub async fn close_all(self, person: PersonId) -> Result<(), StoreError> {
        self.take_off(person, |_| true).await
    }

    async fn take_off(self, person: PersonId, is_meant: impl Fn(&Listed) -> bool) -> Result<(), StoreError> {
        self.change_list(person, None, |list| {
            let (meant, kept) = list.drain(..).partition(&is_meant);
            *list = kept;
            meant
        })
        .await
    }

    /// Changes somebody's list, in one transaction with a session that is opened and those that `change` takes off.
    async fn change_list(
        self,
        person: PersonId,
        opened: Option<Write>,
        change: impl Fn(&mut Vec<Listed>) -> Vec<Listed>,
    ) -> Result<(), StoreError> {
        for _ in 0..MOST_TRIES {
            let List { mut sessions, v } = self.list(person).await?;
            let before = sessions.clone();
            let closed = change(&mut sessions);
            if before == sessions && closed.is_empty() {
                return Ok(());
            }
            let mut writes = vec![self.list_write(person, &sessions, v)?];
            writes.extend(closed.into_iter().map(|one| {
                let key = GuardKey::Session(one.key).pk(&self.0.settings.tenant);
                let key = Item::from([("PK".to_owned(), s(key))]);
                Write::delete(&self.0.settings.guard_table, Role::State, key)
            }));
            writes.extend(opened.clone());
            if let Committed::Done(_) = self.0.commit_writes(vec![], writes).await? {
                return Ok(());
            }
        }
        Err(StoreError::Contended {
            what: format!("the list of sessions of person {person}"),
            tries: MOST_TRIES,
        })
    }

    async fn list(self, person: PersonId) -> Result<List, StoreError> {
        let item = self.0.guard_item(&GuardKey::SessionsOf(person)).await?;
        let Some(mut item) = item else {
            return Ok(List {
                sessions: vec![],
                v: 0,
            });
        };
        let v = number_in(&item, "v").unwrap_or(0);
        let mut sessions: Vec<Listed> = value_in(&mut item, "sessions")?;
        let now = self.0.now().as_second();
        sessions.retain(|one| one.ends_at > now);
        Ok(List { sessions, v })
    }

    fn list_write(self, person: PersonId, sessions: &[Listed], v: u64) -> Result<Write, StoreError> {
        let now = self.0.now().as_second();
        let last = sessions.iter().map(|one| one.ends_at).max().unwrap_or(now);
        let item = Item::from([
            (
                "PK".to_owned(),
                s(GuardKey::SessionsOf(person).pk(&self.0.settings.tenant)),
            ),
            // With room for a clock that is behind: a list that goes too early would leave sessions that nothing ends.
            ("expires_at".to_owned(), n(last + SESSION_SECONDS)),
            ("v".to_owned(), n(v + 1)),
            ("sessions".to_owned(), to_attribute("sessions", &sessions)?),
        ]);
        let write = Write::put(&self.0.settings.guard_table, Role::State, item);
        // A list that has reached its end is as if it were not there.
        Ok(match v {
            0 => write
                .when("attribute_not_exists(PK) OR expires_at <= :now")
                .with(":now", n(now)),
            v => write.when("v = :read").with(":read", n(v)),
        })
    }

    /// Notes that a session is used, now and then. One that was ended meanwhile is none.
    async fn note_use(self, session: Session) -> Result<Option<Session>, StoreError> {
        let now = self.0.now();
        if now.as_second() - session.used_at.as_second() < NOTED_SECONDS {
            return Ok(Some(session));
        }
        let noted = self
            .0
            .clients
            .dynamo
            .update_item()
            .table_name(&self.0.settings.guard_table)
            .key(
                "PK",
                s(GuardKey::Session(session.key.clone()).pk(&self.0.settings.tenant)),
            )
            .update_expression("SET used_at = :now")
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_values(":now", n(now.as_second()))
            .send()
            .await;
        match noted {
            Ok(_) => Ok(Some(Session {
                used_at: now,
                ..session
            })),
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(UpdateItemError::ConditionalCheckFailedException(_))
                ) =>
            {
                Ok(None)
            }
            Err(error) => {
                // The page is what was asked for; the note is for a list.
                let error = Err::<(), _>(error).named("UpdateItem");
                tracing::warn!(?error, "the use of a session could not be noted");
                Ok(Some(session))
            }
        }
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
        !self.secret.is_empty() && bool::from(expected.as_bytes().ct_eq(sent.as_bytes()))
    }
}

fn session_in(item: &Item, key: Digest, secret: String) -> Option<Session> {
    let at = |name| Timestamp::from_second(number_in(item, name)?).ok();
    Some(Session {
        person: PersonId(number_in(item, "person_id")?),
        id: id_of(&key),
        opened_at: at("opened_at")?,
        used_at: at("used_at")?,
        browser: text_in(item, "browser").unwrap_or_default().to_owned(),
        key,
        secret,
    })
}

fn id_of(key: &Digest) -> String {
    key.as_str()[..ID_DIGITS].to_owned()
}

fn key_of_token(token: &str) -> Digest {
    Digest::of_parts(["session", token])
}

fn secret_of(token: &str) -> String {
    Digest::of_parts(["csrf", token]).as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(secret: String) -> Session {
        let key = key_of_token("a");
        Session {
            person: PersonId(1),
            id: id_of(&key),
            opened_at: Timestamp::UNIX_EPOCH,
            used_at: Timestamp::UNIX_EPOCH,
            browser: String::new(),
            key,
            secret,
        }
    }

    #[test]
    fn the_token_of_each_page_is_another_and_every_one_of_the_session_is_taken() {
        let (mine, other) = (session(secret_of("a")), session(secret_of("b")));
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
        // One of a list has no secret, and takes nothing.
        let listed = session(String::new());
        assert!(!listed.accepts(&listed.form_token("0123abcd")));
    }
}

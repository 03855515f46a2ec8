//! Sign-ins that have begun: a browser was sent to the provider and has not come back.

use crate::{
    StoreError,
    error::NameOperation,
    keys::GuardKey,
    parts::Sessions,
    table::{
        Guard,
        item::{s, to_attribute, value_in},
        stands,
        write::Action,
    },
};
use aws_sdk_dynamodb::types::ReturnValue;
use docket_domain::Digest;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How long somebody may take at the provider, in seconds.
const PENDING_SECONDS: i64 = 600;

/// What a sign-in began with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingSignIn {
    /// The digest of what the browser was given to be known again.
    pub browser: Digest,
    /// What the provider's token has to say.
    pub nonce: String,
    /// What is shown with the provider's code.
    pub verifier: String,
    /// Where the provider was asked to send the browser to.
    pub redirect_uri: String,
    /// The page that was wanted.
    pub next: String,
}

impl fmt::Debug for PendingSignIn {
    /// Without what only the provider may see.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingSignIn")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

impl Sessions<'_> {
    /// Keeps what a sign-in begins with, under a state that nobody can guess.
    pub async fn begin_sign_in(self, state: &str, pending: &PendingSignIn) -> Result<(), StoreError> {
        let guard = Guard {
            seconds: PENDING_SECONDS,
            ..Guard::new(key(state))
        };
        let mut write = self.0.guard_write(&guard, self.0.now())?;
        if let Action::Put(item) = &mut write.action {
            item.insert("pending".to_owned(), to_attribute("pending", pending)?);
        }
        self.0.commit_writes(vec![], vec![write]).await?;
        Ok(())
    }

    /// Takes it out. Of two who come with one state, the second finds nothing, nor does whoever comes too late.
    pub async fn take_sign_in(self, state: &str) -> Result<Option<PendingSignIn>, StoreError> {
        let output = self
            .0
            .clients
            .dynamo
            .delete_item()
            .table_name(&self.0.settings.guard_table)
            .key("PK", s(key(state).pk(&self.0.settings.tenant)))
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .named("DeleteItem")?;
        let now = self.0.now();
        match output.attributes.filter(|item| stands(item, now)) {
            Some(mut item) => value_in(&mut item, "pending").map(Some),
            None => Ok(None),
        }
    }
}

fn key(state: &str) -> GuardKey {
    GuardKey::SignIn(Digest::of_parts(["sign-in", state]))
}

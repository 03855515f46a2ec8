//! API tokens, stored as digests and shown once.

use crate::{
    Store, StoreError,
    keys::ItemKey,
    table::{
        Role, Write,
        item::{item_with, value_in},
    },
};
use docket_domain::{Digest, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

/// An API token as stored: all but the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Whom it stands for, unless the caller names somebody else by their address.
    pub person: PersonId,
    /// What it is for.
    pub description: String,
    /// Made.
    pub created_at: Timestamp,
    /// Revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

impl Store {
    /// The token with this text, unless it was revoked.
    pub async fn api_token(&self, token: &str) -> Result<Option<ApiToken>, StoreError> {
        let Some(mut item) = self.get_item(&ItemKey::ApiToken(token_digest(token))).await? else {
            return Ok(None);
        };
        let stored: ApiToken = value_in(&mut item, "token")?;
        Ok(Some(stored).filter(|token| token.revoked_at.is_none()))
    }

    /// The part that stores a token.
    pub fn token_write(&self, token: &str, stored: &ApiToken) -> Result<Write, StoreError> {
        let item = item_with(
            &self.settings.tenant,
            &ItemKey::ApiToken(token_digest(token)),
            "token",
            stored,
        )?;
        Ok(Write::put(&self.settings.tickets_table, Role::State, item))
    }
}

fn token_digest(token: &str) -> Digest {
    Digest::of_parts(["api-token", token])
}

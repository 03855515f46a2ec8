//! Rules and templates as stored: one item for all of a version, packed, named by its digest. What names it is written in the
//! same transaction.

use crate::{
    Never, StoreError,
    keys::ItemKey,
    parts::OperatorRules,
    table::{Role, Write, item::key_of},
};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use docket_domain::{Digest, rule::RuleBook};

/// Level of compression: rules are written seldom and read by every function.
const ZSTD_LEVEL: i32 = 9;
/// Most bytes of packed rules: an item has at most 400 KB.
const MOST_PACKED_BYTES: usize = 350 * 1024;
/// Most bytes they may unpack to.
const MOST_UNPACKED_BYTES: usize = 32 * 1024 * 1024;

/// The digest under which rules are stored.
pub fn digest_of(rules: &RuleBook) -> Result<Digest, StoreError> {
    Ok(Digest::of(&json_of(rules)?))
}

fn json_of(rules: &RuleBook) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(rules).map_err(|error| unreadable(error.to_string()))
}

fn unreadable(detail: String) -> StoreError {
    StoreError::from(Never::Unreadable {
        what: "rules",
        detail,
    })
}

impl OperatorRules<'_> {
    pub(crate) fn rule_book_write(self, digest: &Digest, rules: &RuleBook) -> Result<Write, StoreError> {
        let packed = zstd::bulk::compress(&json_of(rules)?, ZSTD_LEVEL)
            .map_err(|error| unreadable(error.to_string()))?;
        if packed.len() > MOST_PACKED_BYTES {
            let detail = format!(
                "packed they have {} bytes, at most {MOST_PACKED_BYTES} can be stored",
                packed.len()
            );
            return Err(unreadable(detail));
        }
        let mut item = key_of(&self.0.settings.tenant, &ItemKey::RuleBook(digest.clone()));
        item.insert("packed".to_owned(), AttributeValue::B(Blob::new(packed)));
        Ok(Write::put(&self.0.settings.tickets_table, Role::State, item))
    }

    /// The rules of a digest; none where there is none.
    pub(crate) async fn rule_book(self, digest: Option<&Digest>) -> Result<RuleBook, StoreError> {
        let Some(digest) = digest else {
            return Ok(RuleBook::default());
        };
        let item = self.0.get_item(&ItemKey::RuleBook(digest.clone())).await?;
        let packed = item.as_ref().and_then(|item| item.get("packed")?.as_b().ok());
        let packed = packed.ok_or_else(|| unreadable(format!("item {digest} is not there")))?;
        let json = zstd::bulk::decompress(packed.as_ref(), MOST_UNPACKED_BYTES)
            .map_err(|error| unreadable(error.to_string()))?;
        serde_json::from_slice(&json).map_err(|error| unreadable(error.to_string()))
    }
}

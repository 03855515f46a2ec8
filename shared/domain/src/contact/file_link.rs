//! Links to files that work by themselves for a while: where the API hands a file out, until when, and a proof that we wrote
//! it.
//!
//! `<path>?signature=<seconds since 1970>.<proof>`: the proof is HMAC-SHA256 over tenant, path and end, in base64 for addresses.
//! The path names the file: a comment and its place in it, or a token and what waits under it, by its digest. One parameter, so
//! that a link is the same in HTML.

use crate::{Tenant, TicketNumber, Timestamp};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use jiff::SignedDuration;
use sha2::Sha256;
use std::fmt;

/// How long a link works: until whoever got it has fetched the file.
pub const FILE_LINK_FOR: SignedDuration = SignedDuration::from_hours(1);
/// The parameter that says until when, and proves it.
pub const SIGNATURE: &str = "signature";

/// Fewest bytes of a key.
const MIN_KEY_BYTES: usize = 16;
/// What the key is used for: what is signed for another use proves nothing here.
const USE: &[u8] = b"docket file link 1";
/// Most attachments of a comment that have ids of their own.
pub const ATTACHMENTS_OF_A_COMMENT: u64 = 1_000;

/// The id of the file at a place of the comment that version `v` of a ticket added.
pub fn attachment_id(ticket: TicketNumber, v: u64, place: u64) -> u64 {
    let comment = ticket.child_id(v);
    comment
        .saturating_mul(ATTACHMENTS_OF_A_COMMENT)
        .saturating_add(place)
}

/// Where its content is fetched, below `/api/v2`.
pub fn attachment_path(ticket: TicketNumber, v: u64, place: u64) -> String {
    format!("/attachments/{}/content", attachment_id(ticket, v, place))
}

/// A key that signs links. Several are valid at once, so that a new one can take over.
#[derive(Clone)]
pub struct FileLinkKey(Vec<u8>);

impl FileLinkKey {
    /// A key of these bytes; nothing where they are too few to protect anything.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        (bytes.len() >= MIN_KEY_BYTES).then_some(Self(bytes))
    }

    /// A path below `/api/v2` with what makes it a link that works from now on for [`FILE_LINK_FOR`].
    pub fn link(&self, tenant: &Tenant, path: &str, now: Timestamp) -> String {
        let expires = now.as_second().saturating_add(FILE_LINK_FOR.as_secs());
        let proof = self.mac(tenant, path, expires);
        let proof = proof.map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
        let proof = proof.unwrap_or_default();
        format!("{path}?{SIGNATURE}={expires}.{proof}")
    }

    /// Whether this key signed it. The proofs are compared in constant time.
    fn has_signed(&self, tenant: &Tenant, path: &str, expires: i64, proof: &[u8]) -> bool {
        let mac = self.mac(tenant, path, expires);
        mac.is_some_and(|mac| mac.verify_slice(proof).is_ok())
    }

    fn mac(&self, tenant: &Tenant, path: &str, expires: i64) -> Option<Hmac<Sha256>> {
        // A key of any length is taken, so this can't fail.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        let expires = expires.to_be_bytes();
        for part in [USE, tenant.as_str().as_bytes(), path.as_bytes(), &expires] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Some(mac)
    }
}

impl fmt::Debug for FileLinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileLinkKey(..)")
    }
}

/// Whether one of the keys signed a link to this path, with this signature, and it works at `now`.
pub fn is_valid_link(
    keys: &[FileLinkKey],
    tenant: &Tenant,
    path: &str,
    signature: &str,
    now: Timestamp,
) -> bool {
    let (expires, proof) = signature.split_once('.').unwrap_or_default();
    let (Ok(expires), Ok(proof)) = (expires.parse::<i64>(), URL_SAFE_NO_PAD.decode(proof)) else {
        return false;
    };
    now.as_second() < expires
        && keys
            .iter()
            .any(|key| key.has_signed(tenant, path, expires, &proof))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/attachments/3500004002/content";

    fn key(name: &str) -> FileLinkKey {
        FileLinkKey::new(format!("the secret key {name}")).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn signature(link: &str) -> &str {
        link.split_once("?signature=").unwrap().1
    }

    fn is_valid(keys: &[FileLinkKey], tenant: &str, path: &str, link: &str, now: i64) -> bool {
        let tenant = Tenant::new(tenant).unwrap();
        is_valid_link(keys, &tenant, path, signature(link), at(now))
    }

    #[test]
    fn the_path_of_a_file_names_ticket_comment_and_place() {
        assert_eq!(attachment_path(TicketNumber(35), 4, 2), PATH);
    }

    #[test]
    fn a_link_works_for_an_hour_and_not_a_second_longer() {
        let link = key("1").link(&Tenant::main(), PATH, at(1_000));
        assert!(link.starts_with("/attachments/3500004002/content?signature=4600."));
        for (now, works) in [(1_000, true), (4_599, true), (4_600, false)] {
            assert_eq!(is_valid(&[key("1")], "main", PATH, &link, now), works, "{now}");
        }
    }

    #[test]
    fn another_file_tenant_key_or_end_is_refused() {
        let link = key("1").link(&Tenant::main(), PATH, at(1_000));
        let keys = [key("1")];
        assert!(!is_valid(
            &keys,
            "main",
            "/attachments/3500004003/content",
            &link,
            1_000
        ));
        assert!(!is_valid(&keys, "other", PATH, &link, 1_000));
        assert!(!is_valid(&[key("2")], "main", PATH, &link, 1_000));
        assert!(!is_valid(&[], "main", PATH, &link, 1_000));
        let later = link.replace("=4600.", "=4601.");
        assert!(!is_valid(&keys, "main", PATH, &later, 1_000));
    }

    #[test]
    fn old_and_new_keys_are_valid_together() {
        let keys = [key("2"), key("1")];
        for name in ["1", "2"] {
            let link = key(name).link(&Tenant::main(), PATH, at(0));
            assert!(is_valid(&keys, "main", PATH, &link, 1));
        }
    }

    #[test]
    fn any_changed_letter_is_refused() {
        let link = key("1").link(&Tenant::main(), PATH, at(0));
        for place in 0..signature(&link).len() {
            let mut changed = signature(&link).to_owned().into_bytes();
            changed[place] = if changed[place] == b'4' { b'5' } else { b'4' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(
                !is_valid_link(&[key("1")], &Tenant::main(), PATH, &changed, at(1)),
                "{changed}"
            );
        }
    }

    #[test]
    fn what_is_no_end_and_no_proof_is_refused() {
        for given in ["", ".", "x.AAAA", "99999999999", "99999999999.", "99999999999.%%"] {
            assert!(
                !is_valid_link(&[key("1")], &Tenant::main(), PATH, given, at(0)),
                "{given}"
            );
        }
    }

    #[test]
    fn a_key_that_can_be_guessed_is_none() {
        assert!(FileLinkKey::new("fifteen letters").is_none());
        assert!(FileLinkKey::new("sixteen letters!").is_some());
    }
}

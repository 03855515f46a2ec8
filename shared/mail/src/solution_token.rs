//! The token in the link by which a customer says whether their ticket is solved: the ticket's number with a proof that we
//! wrote it.
//!
//! `<no>.<k>.<mac>`: the mac is the first 160 bits of HMAC-SHA256 over tenant, number and key id, in base32, under the keys
//! of reply addresses and apart from these. It has no end of its own: what it may do depends on how the ticket stands.

use crate::reply_address::{ReplyKey, is_plain_number};
use subtle::ConstantTimeEq;

/// Bytes of the mac: 160 bits, 32 letters of base32.
const MAC_BYTES: usize = 20;
/// Longest token that is looked at, in bytes: twenty digits, eight letters of a key, the mac.
const LONGEST_TOKEN: usize = 64;

/// The token of a ticket; nothing where the key can't sign.
pub fn sign_solution(key: &ReplyKey, tenant: &str, number: u64) -> Option<String> {
    Some(format!("{number}.{}.{}", key.id(), mac(key, tenant, number)?))
}

/// The ticket number of a token, if one of the keys signed it for this tenant. The macs are compared in constant time.
pub fn verify_solution(keys: &[ReplyKey], tenant: &str, token: &str) -> Option<u64> {
    if token.len() > LONGEST_TOKEN {
        return None;
    }
    let mut fields = token.split('.');
    let (number, key_id, proof) = (fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() || !is_plain_number(number) {
        return None;
    }
    let number: u64 = number.parse().ok()?;
    let signed_by = |key: &&ReplyKey| {
        let expected = mac(key, tenant, number).unwrap_or_default();
        key.id() == key_id && bool::from(expected.as_bytes().ct_eq(proof.as_bytes()))
    };
    keys.iter().find(signed_by).map(|_| number)
}

fn mac(key: &ReplyKey, tenant: &str, number: u64) -> Option<String> {
    let fields = [
        tenant.as_bytes(),
        &number.to_be_bytes() as &[u8],
        key.id().as_bytes(),
    ];
    key.proof(b"docket solution link 1", fields, MAC_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str) -> ReplyKey {
        ReplyKey::new(id, format!("a secret of the key {id}")).unwrap()
    }

    fn token() -> String {
        sign_solution(&key("1"), "main", 1234).unwrap()
    }

    #[test]
    fn a_token_is_read_back_and_stays_as_it_is() {
        assert_eq!(token(), "1234.1.kuegdsvjqddurhdbxgcvlfwdg73yfs2t");
        assert_eq!(verify_solution(&[key("1")], "main", &token()), Some(1234));
    }

    #[test]
    fn any_changed_letter_is_refused() {
        let token = token();
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'3' { b'4' } else { b'3' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(verify_solution(&[key("1")], "main", &changed), None, "{changed}");
        }
    }

    #[test]
    fn another_tenant_or_key_is_refused() {
        assert_eq!(verify_solution(&[key("1")], "other", &token()), None);
        assert_eq!(verify_solution(&[key("2")], "main", &token()), None);
        let same_id = ReplyKey::new("1", "quite another secret").unwrap();
        assert_eq!(verify_solution(&[same_id], "main", &token()), None);
    }

    #[test]
    fn old_and_new_keys_are_valid_together() {
        let keys = [key("2"), key("1")];
        for id in ["1", "2"] {
            let token = sign_solution(&key(id), "main", 9).unwrap();
            assert_eq!(verify_solution(&keys, "main", &token), Some(9));
        }
    }

    #[test]
    fn the_proof_of_a_reply_address_is_no_token() {
        let address = crate::sign(&key("1"), "main", "help@in.desk.example", 1234).unwrap();
        let proof = &address["help+".len()..address.find('@').unwrap()];
        assert_eq!(verify_solution(&[key("1")], "main", proof), None);
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let long = format!("{}.1.{}", "1".repeat(30), "a".repeat(32));
        for text in [
            "",
            ".",
            "1234",
            "1234.1",
            "1234.1.",
            ".1.a",
            "01234.1.a",
            "1.1.a.b",
            &long,
        ] {
            assert_eq!(verify_solution(&[key("1")], "main", text), None, "{text}");
        }
    }
}

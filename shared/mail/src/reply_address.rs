//! The signed reply address: the ticket number in the Reply-To of our mail, with a proof that we wrote it.
//!
//! `<mailbox local>+<no>.<k>.<mac>@<domain>`: the mac is the first 80 bits of HMAC-SHA256 over tenant, mailbox,
//! number and key id, in base32. It says which ticket a reply belongs to; who may append is decided elsewhere. What is forwarded to
//! somebody outside has an address of its own kind, `<no>f` instead of the number: what is answered there is not for the requester.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Longest local part (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL_PART: usize = 64;

/// Bytes of the mac: 80 bits, sixteen letters of base32.
const MAC_BYTES: usize = 10;

/// Fewest bytes of a key's secret.
const MIN_SECRET_BYTES: usize = 16;

/// Most letters of a key's id: they are part of every local part.
const MAX_KEY_ID: usize = 8;

/// Why a reply address or its key cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyAddressError {
    /// The mailbox is not `local@domain`.
    #[error("{0:?} is not a mail address")]
    NotAnAddress(String),
    /// The signed local part would exceed 64 characters.
    #[error(
        "the local part of {mailbox:?} is too long for a signed reply address: {length} characters in all"
    )]
    LocalPartTooLong {
        /// The mailbox that was to be signed for.
        mailbox: String,
        /// The length it would have.
        length: usize,
    },
    /// A key id other than one to eight lower-case letters and digits.
    #[error("{0:?} is no key id: one to eight lower-case letters and digits")]
    BadKeyId(String),
    /// A secret too short to protect anything.
    #[error("the secret of a reply key has {0} bytes, fewer than {MIN_SECRET_BYTES}")]
    SecretTooShort(usize),
}

/// A key for signing reply addresses. Several are valid at once, so that a new one can take over.
#[derive(Clone)]
pub struct ReplyKey {
    id: String,
    secret: Vec<u8>,
}

impl ReplyKey {
    /// A key of its id (one to eight lower-case letters and digits) and its secret (16 bytes or more).
    pub fn new(id: impl Into<String>, secret: impl Into<Vec<u8>>) -> Result<Self, ReplyAddressError> {
        let (id, secret) = (id.into(), secret.into());
        let letters = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if id.is_empty() || id.len() > MAX_KEY_ID || !letters {
            return Err(ReplyAddressError::BadKeyId(id));
        }
        if secret.len() < MIN_SECRET_BYTES {
            return Err(ReplyAddressError::SecretTooShort(secret.len()));
        }
        Ok(Self { id, secret })
    }

    /// The id that stands in the address.
    pub fn id(&self) -> &str {
        &self.id
    }

    fn mac(&self, kind: Kind, tenant: &str, mailbox: &str, number: u64) -> Option<String> {
        let fields = [
            tenant.as_bytes(),
            mailbox.as_bytes(),
            &number.to_be_bytes(),
            self.id.as_bytes(),
        ];
        self.proof(kind.use_of_key(), fields, MAC_BYTES)
    }

    /// The first bytes of HMAC-SHA256 over what is signed, in base32. `use_of_key` starts it, so that what was signed for
    /// one use proves nothing for another.
    pub(crate) fn proof<const FIELDS: usize>(
        &self,
        use_of_key: &[u8],
        fields: [&[u8]; FIELDS],
        bytes: usize,
    ) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).ok()?;
        mac.update(use_of_key);
        for field in fields {
            mac.update(&(field.len() as u64).to_be_bytes());
            mac.update(field);
        }
        mac.finalize().into_bytes().get(..bytes).map(base32)
    }
}

impl std::fmt::Debug for ReplyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReplyKey")
            .field("id", &self.id)
            .field("secret", &"***")
            .finish()
    }
}

/// What is answered to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// What the requester was sent.
    Reply,
    /// What was forwarded to somebody else.
    Forward,
}

impl Kind {
    fn use_of_key(self) -> &'static [u8] {
        match self {
            Self::Reply => b"docket reply address 1",
            Self::Forward => b"docket forward address 1",
        }
    }

    /// What stands behind the number.
    fn mark(self) -> &'static str {
        match self {
            Self::Reply => "",
            Self::Forward => "f",
        }
    }
}

/// The signed reply address of a ticket, in lower case.
///
/// # Errors
/// When the mailbox is no address or the local part would exceed 64 characters.
pub fn sign(key: &ReplyKey, tenant: &str, mailbox: &str, number: u64) -> Result<String, ReplyAddressError> {
    signed(Kind::Reply, key, tenant, mailbox, number)
}

/// The same for what of a ticket is forwarded to somebody outside.
///
/// # Errors
/// As [`sign`].
pub fn sign_forward(
    key: &ReplyKey,
    tenant: &str,
    mailbox: &str,
    number: u64,
) -> Result<String, ReplyAddressError> {
    signed(Kind::Forward, key, tenant, mailbox, number)
}

fn signed(
    kind: Kind,
    key: &ReplyKey,
    tenant: &str,
    mailbox: &str,
    number: u64,
) -> Result<String, ReplyAddressError> {
    let mailbox = mailbox.to_ascii_lowercase();
    let not_an_address = || ReplyAddressError::NotAnAddress(mailbox.clone());
    let (local, domain) = mailbox.rsplit_once('@').ok_or_else(not_an_address)?;
    if local.is_empty() || domain.is_empty() {
        return Err(not_an_address());
    }
    let mac = key
        .mac(kind, tenant, &mailbox, number)
        .ok_or_else(not_an_address)?;
    let signed = format!("{local}+{number}{}.{}.{mac}", kind.mark(), key.id);
    if signed.len() > MAX_LOCAL_PART {
        return Err(ReplyAddressError::LocalPartTooLong {
            length: signed.len(),
            mailbox,
        });
    }
    Ok(format!("{signed}@{domain}"))
}

/// The ticket number of a signed reply address, if one of the keys signed it for one of the mailboxes.
///
/// The address is read without regard to case; the macs are compared in constant time.
pub fn verify<M: AsRef<str>>(keys: &[ReplyKey], tenant: &str, mailboxes: &[M], address: &str) -> Option<u64> {
    verified(Kind::Reply, keys, tenant, mailboxes, address)
}

/// The same of an address to which what was forwarded is answered.
pub fn verify_forward<M: AsRef<str>>(
    keys: &[ReplyKey],
    tenant: &str,
    mailboxes: &[M],
    address: &str,
) -> Option<u64> {
    verified(Kind::Forward, keys, tenant, mailboxes, address)
}

fn verified<M: AsRef<str>>(
    kind: Kind,
    keys: &[ReplyKey],
    tenant: &str,
    mailboxes: &[M],
    address: &str,
) -> Option<u64> {
    let address = address.trim().to_ascii_lowercase();
    let (signed, domain) = address.rsplit_once('@')?;
    let (local, proof) = signed.rsplit_once('+')?;
    let mut fields = proof.split('.');
    let (number, key_id, mac) = (fields.next()?, fields.next()?, fields.next()?);
    let number = number.strip_suffix(kind.mark())?;
    if fields.next().is_some() || !is_plain_number(number) {
        return None;
    }
    let number: u64 = number.parse().ok()?;
    let mailbox = format!("{local}@{domain}");
    if !mailboxes
        .iter()
        .any(|known| known.as_ref().eq_ignore_ascii_case(&mailbox))
    {
        return None;
    }
    let signed_by = |key: &&ReplyKey| {
        let expected = key.mac(kind, tenant, &mailbox, number).unwrap_or_default();
        key.id == key_id && bool::from(expected.as_bytes().ct_eq(mac.as_bytes()))
    };
    keys.iter().find(signed_by).map(|_| number)
}

/// Digits without a leading zero, so that each ticket has one address.
pub(crate) fn is_plain_number(number: &str) -> bool {
    !number.is_empty() && !number.starts_with('0') && number.bytes().all(|b| b.is_ascii_digit())
}

/// Base32 in lower case without padding (RFC 4648, section 6).
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[(buffer >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        text.push(char::from(LETTERS[(buffer << (5 - bits)) as usize & 31]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAILBOX: &str = "help@in.desk.example";

    fn key(id: &str) -> ReplyKey {
        ReplyKey::new(id, format!("a secret of the key {id}")).unwrap()
    }

    #[test]
    fn a_signed_address_is_read_back() {
        let address = sign(&key("1"), "main", MAILBOX, 1234).unwrap();
        assert!(
            address.starts_with("help+1234.1.") && address.ends_with("@in.desk.example"),
            "{address}"
        );
        assert_eq!(verify(&[key("1")], "main", &[MAILBOX], &address), Some(1234));
    }

    #[test]
    fn the_mac_stays_as_it_is() {
        let address = sign(&key("1"), "main", MAILBOX, 1234).unwrap();
        assert_eq!(address, "help+1234.1.o4fb3kqxhewlkayw@in.desk.example");
    }

    #[test]
    fn the_address_of_what_is_forwarded_is_of_another_kind() {
        let forward = sign_forward(&key("1"), "main", MAILBOX, 1234).unwrap();
        assert!(forward.starts_with("help+1234f.1."), "{forward}");
        assert_eq!(
            verify_forward(&[key("1")], "main", &[MAILBOX], &forward.to_ascii_uppercase()),
            Some(1234)
        );
        assert_eq!(verify(&[key("1")], "main", &[MAILBOX], &forward), None);
        // Neither becomes the other by its mark.
        let reply = sign(&key("1"), "main", MAILBOX, 1234).unwrap();
        assert_eq!(verify_forward(&[key("1")], "main", &[MAILBOX], &reply), None);
        for forged in [
            forward.replacen("1234f", "1234", 1),
            reply.replacen("1234", "1234f", 1),
        ] {
            assert_eq!(verify(&[key("1")], "main", &[MAILBOX], &forged), None);
            assert_eq!(verify_forward(&[key("1")], "main", &[MAILBOX], &forged), None);
        }
    }

    #[test]
    fn case_does_not_matter() {
        let address = sign(&key("1"), "main", "Help@In.Desk.example", 7).unwrap();
        assert_eq!(
            verify(&[key("1")], "main", &[MAILBOX], &address.to_ascii_uppercase()),
            Some(7)
        );
    }

    #[test]
    fn any_changed_letter_is_refused() {
        let address = sign(&key("1"), "main", MAILBOX, 1234).unwrap();
        for at in 0..address.find('@').unwrap() {
            let mut changed = address.clone().into_bytes();
            changed[at] = if changed[at] == b'3' { b'4' } else { b'3' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(
                verify(&[key("1")], "main", &[MAILBOX], &changed),
                None,
                "{changed}"
            );
        }
    }

    #[test]
    fn another_tenant_mailbox_or_key_is_refused() {
        let address = sign(&key("1"), "main", MAILBOX, 1234).unwrap();
        assert_eq!(verify(&[key("1")], "other", &[MAILBOX], &address), None);
        assert_eq!(
            verify(&[key("1")], "main", &["sales@in.desk.example"], &address),
            None
        );
        assert_eq!(verify(&[key("2")], "main", &[MAILBOX], &address), None);
        let moved = address.replacen("help", "sales", 1);
        assert_eq!(
            verify(&[key("1")], "main", &[MAILBOX, "sales@in.desk.example"], &moved),
            None
        );
        let same_id = ReplyKey::new("1", "quite another secret").unwrap();
        assert_eq!(verify(&[same_id], "main", &[MAILBOX], &address), None);
    }

    #[test]
    fn old_and_new_keys_are_valid_together() {
        let keys = [key("2"), key("1")];
        for id in ["1", "2"] {
            let address = sign(&key(id), "main", MAILBOX, 9).unwrap();
            assert_eq!(verify(&keys, "main", &[MAILBOX], &address), Some(9));
        }
    }

    #[test]
    fn a_mailbox_with_a_plus_is_read_back() {
        let address = sign(&key("1"), "main", "help+eu@in.desk.example", 5).unwrap();
        assert_eq!(
            verify(&[key("1")], "main", &["help+eu@in.desk.example"], &address),
            Some(5)
        );
    }

    #[test]
    fn addresses_that_are_not_signed_are_none() {
        for address in [
            "",
            "@",
            "help@in.desk.example",
            "help+1@in.desk.example",
            "help+1.1.@in.desk.example",
            "help+.1.aaaaaaaaaaaaaaaa@in.desk.example",
            "help+1.1.a.b@in.desk.example",
        ] {
            assert_eq!(
                verify(&[key("1")], "main", &[MAILBOX], address),
                None,
                "{address}"
            );
        }
    }

    #[test]
    fn a_local_part_of_64_characters_is_the_longest() {
        let fits = format!("{}@d.example", "a".repeat(64 - "+1.1.".len() - 16));
        assert_eq!(sign(&key("1"), "main", &fits, 1).unwrap().find('@'), Some(64));
        let error = sign(&key("1"), "main", &format!("a{fits}"), 1).unwrap_err();
        assert!(
            matches!(error, ReplyAddressError::LocalPartTooLong { length: 65, .. }),
            "{error}"
        );
    }

    #[test]
    fn a_key_prints_without_its_secret() {
        assert_eq!(
            format!("{:?}", key("1")),
            r#"ReplyKey { id: "1", secret: "***" }"#
        );
    }

    #[test]
    fn weak_keys_are_refused() {
        assert_eq!(
            ReplyKey::new("1", "short").unwrap_err(),
            ReplyAddressError::SecretTooShort(5)
        );
        assert!(ReplyKey::new("a.b", "a secret of the key").is_err());
        assert!(ReplyKey::new("", "a secret of the key").is_err());
    }

    #[test]
    fn base32_is_that_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "my"),
            ("fo", "mzxq"),
            ("foo", "mzxw6"),
            ("foobar", "mzxw6ytboi"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }
}

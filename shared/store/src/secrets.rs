//! Secrets, behind one port: SSM SecureStrings, held for at most five minutes, printed as `***`.

use crate::{Never, Store, StoreError, error::NameOperation};
use aws_sdk_ssm::{error::SdkError, operation::get_parameter::GetParameterError, types::ParameterType};
use docket_domain::{Timestamp, contact::file_link::FileLinkKey};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
};

/// The name under which the secret lies that signs calls of webhooks. No contact comes by it.
pub const WEBHOOKS_CHANNEL: &str = docket_domain::configuration::RESERVED_CHANNEL;

/// How long a secret that was read serves, in seconds. A rotated one is known everywhere after that.
const SERVES_SECONDS: i64 = 300;

/// A secret text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes a text as secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A key that signs reply addresses.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplyKeySecret {
    /// Its short name, which stands in the address.
    pub id: String,
    /// The key.
    pub secret: Secret,
}

/// The secret for signing in that is stored, as far as it concerns a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredSignInSecret {
    /// There is none: the provider knows the desk by its name alone.
    Nothing,
    /// It is this provider's.
    Its(Secret),
    /// It is another provider's, or nobody said whose it is.
    NotIts,
}

impl StoredSignInSecret {
    /// What a text says whose first line names the provider that it is for, and whose second is the secret.
    fn of(text: &str, issuer: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::Nothing;
        }
        match text.split_once('\n') {
            Some((named, secret)) if named.trim_end() == issuer => Self::Its(Secret::new(secret.trim())),
            _ => Self::NotIts,
        }
    }
}

/// Secrets read lately.
#[derive(Default)]
pub struct SecretCache(Mutex<HashMap<String, (Timestamp, Option<Secret>)>>);

impl Store {
    /// Secrets of a channel, all of them in force: usually one, two while it is being rotated.
    pub async fn channel_secrets(&self, channel: &str) -> Result<Vec<Secret>, StoreError> {
        let text = self.secret(&channel_secret_name(channel)).await?;
        Ok(text
            .iter()
            .flat_map(|text| text.expose().split_whitespace())
            .map(Secret::new)
            .collect())
    }

    /// Keys of reply addresses: the first signs, all are accepted.
    pub async fn reply_keys(&self) -> Result<Vec<ReplyKeySecret>, StoreError> {
        let text = self
            .secret(REPLY_KEYS)
            .await?
            .ok_or_else(|| StoreError::NotSetUp("the reply key".to_owned()))?;
        serde_json::from_str(text.expose()).map_err(|error| {
            // The parser's own words may quote the secret.
            let detail = format!("at line {} column {}", error.line(), error.column());
            Never::unreadable("reply keys", detail).into()
        })
    }

    /// Keys of links to files: the first signs, all are accepted. None where a desk is older than they are.
    pub async fn file_link_keys(&self) -> Result<Vec<FileLinkKey>, StoreError> {
        let text = self.secret(FILE_LINK_KEYS).await?;
        let keys = text.iter().flat_map(|text| text.expose().split_whitespace());
        Ok(keys.filter_map(FileLinkKey::new).collect())
    }

    /// The secret by which a sign-in provider knows the desk; none where it knows it by its name alone. One that is another provider's,
    /// or of which nobody said whose it is, is told to nobody.
    pub async fn sign_in_secret(&self, issuer: &str) -> Result<Option<Secret>, StoreError> {
        match self.stored_sign_in_secret(issuer).await? {
            StoredSignInSecret::Nothing => Ok(None),
            StoredSignInSecret::Its(secret) => Ok(Some(secret)),
            StoredSignInSecret::NotIts => {
                let parameter = self.sign_in_secret_parameter();
                tracing::warn!(
                    issuer,
                    parameter,
                    "a secret for signing in is stored that is not for {issuer}, and is not shown there: {parameter} has to hold two lines, first {issuer}, then the secret"
                );
                Ok(None)
            }
        }
    }

    /// Which secret for signing in is stored, as far as it concerns this provider.
    pub async fn stored_sign_in_secret(&self, issuer: &str) -> Result<StoredSignInSecret, StoreError> {
        let stored = self.secret(SIGN_IN_SECRET).await?;
        let text = stored.as_ref().map_or("", Secret::expose);
        Ok(StoredSignInSecret::of(text, issuer))
    }

    /// The name of the parameter with the secret for signing in.
    pub fn sign_in_secret_parameter(&self) -> String {
        self.parameter_name(SIGN_IN_SECRET)
    }

    /// Stores it in place of the one there was.
    pub async fn put_sign_in_secret(&self, issuer: &str, secret: &Secret) -> Result<(), StoreError> {
        let text = format!("{issuer}\n{}", secret.expose().trim());
        self.put_secret(SIGN_IN_SECRET, Secret(text)).await
    }

    async fn secret(&self, name: &str) -> Result<Option<Secret>, StoreError> {
        let now = self.now();
        let held = self
            .secrets
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned();
        if let Some((read_at, secret)) = held
            && now.as_second() - read_at.as_second() < SERVES_SECONDS
        {
            return Ok(secret);
        }
        let path = self.parameter_name(name);
        let secret = match self
            .clients
            .ssm
            .get_parameter()
            .name(path)
            .with_decryption(true)
            .send()
            .await
        {
            Ok(output) => output
                .parameter
                .and_then(|parameter| parameter.value)
                .map(Secret::new),
            Err(SdkError::ServiceError(answer))
                if matches!(answer.err(), GetParameterError::ParameterNotFound(_)) =>
            {
                None
            }
            Err(error) => return Err(error).named("GetParameter"),
        };
        self.secrets
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), (now, secret.clone()));
        Ok(secret)
    }

    /// Stores the secrets of a channel in place of those it had.
    pub async fn put_channel_secrets(&self, channel: &str, secrets: &[Secret]) -> Result<(), StoreError> {
        let text = secrets.iter().map(Secret::expose).collect::<Vec<_>>().join(" ");
        self.put_secret(&channel_secret_name(channel), Secret(text)).await
    }

    /// Stores the keys of reply addresses in place of those there were.
    pub async fn put_reply_keys(&self, keys: &[ReplyKeySecret]) -> Result<(), StoreError> {
        let text = serde_json::to_string(keys).map_err(|error| Never::Unreadable {
            what: "reply keys",
            detail: error.to_string(),
        })?;
        self.put_secret(REPLY_KEYS, Secret(text)).await
    }

    /// Stores the keys of links to files in place of those there were.
    pub async fn put_file_link_keys(&self, keys: &[Secret]) -> Result<(), StoreError> {
        let text = keys.iter().map(Secret::expose).collect::<Vec<_>>().join(" ");
        self.put_secret(FILE_LINK_KEYS, Secret(text)).await
    }

    fn parameter_name(&self, name: &str) -> String {
        format!("{}/{name}", self.settings.secrets_prefix)
    }

    async fn put_secret(&self, name: &str, secret: Secret) -> Result<(), StoreError> {
        self.clients
            .ssm
            .put_parameter()
            .name(self.parameter_name(name))
            .value(secret.0)
            .r#type(ParameterType::SecureString)
            .overwrite(true)
            .send()
            .await
            .named("PutParameter")?;
        self.secrets
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(name);
        Ok(())
    }
}

const REPLY_KEYS: &str = "reply-keys";
const FILE_LINK_KEYS: &str = "file-link-keys";
const SIGN_IN_SECRET: &str = "oidc-client-secret";

fn channel_secret_name(channel: &str) -> String {
    format!("channels/{channel}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_for_signing_in_is_the_providers_that_stands_before_it() {
        let text = "https://id.example\r\ns3cret with spaces\n";
        let of = StoredSignInSecret::of;
        let secret = Secret::new("s3cret with spaces");
        assert_eq!(of(text, "https://id.example"), StoredSignInSecret::Its(secret));
        for other in ["https://id.example/", "https://other.example", ""] {
            assert_eq!(of(text, other), StoredSignInSecret::NotIts, "{other}");
        }
        for nobodys in ["s3cret", "s3cret\n", "https://id.example\n"] {
            let found = of(nobodys, "https://id.example");
            assert_eq!(found, StoredSignInSecret::NotIts, "{nobodys:?}");
        }
        for nothing in ["\n", ""] {
            let found = of(nothing, "https://id.example");
            assert_eq!(found, StoredSignInSecret::Nothing, "{nothing:?}");
        }
    }

    #[test]
    fn a_secret_does_not_print() {
        let key = ReplyKeySecret {
            id: "1".into(),
            secret: Secret::new("canary"),
        };
        assert_eq!(format!("{key:?}"), r#"ReplyKeySecret { id: "1", secret: *** }"#);
    }
}

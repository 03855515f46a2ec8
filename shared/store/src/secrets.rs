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

    /// The secret by which the sign-in provider knows the desk; none where it knows it by its name alone.
    pub async fn sign_in_secret(&self) -> Result<Option<Secret>, StoreError> {
        let secret = self.secret(SIGN_IN_SECRET).await?;
        // A file that it was read from ends in a line of its own.
        let trimmed = secret.map(|secret| secret.expose().trim().to_owned());
        Ok(trimmed.filter(|text| !text.is_empty()).map(Secret::new))
    }

    /// Stores it in place of the one there was.
    pub async fn put_sign_in_secret(&self, secret: Secret) -> Result<(), StoreError> {
        self.put_secret(SIGN_IN_SECRET, secret).await
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
        let path = format!("{}/{name}", self.settings.secrets_prefix);
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

    async fn put_secret(&self, name: &str, secret: Secret) -> Result<(), StoreError> {
        self.clients
            .ssm
            .put_parameter()
            .name(format!("{}/{name}", self.settings.secrets_prefix))
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
    fn a_secret_does_not_print() {
        let key = ReplyKeySecret {
            id: "1".into(),
            secret: Secret::new("canary"),
        };
        assert_eq!(format!("{key:?}"), r#"ReplyKeySecret { id: "1", secret: *** }"#);
    }
}

//! What a function is told on start, read once from its environment. None of it is secret.

use docket_domain::Tenant;

/// Names and addresses of what the template made.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The tenant.
    pub tenant: Tenant,
    /// Table of facts.
    pub tickets_table: String,
    /// Table of what must not happen twice.
    pub guard_table: String,
    /// Bucket of bodies and mail.
    pub bucket: String,
    /// Addresses of the queues.
    pub queues: QueueUrls,
    /// Domain of inbound mail.
    pub mail_domain: String,
    /// The operator's name, in mails and pages.
    pub brand_name: String,
    /// Address under which people and programs reach the desk, without a slash at its end; empty where the
    /// caller's own is used.
    pub public_url: String,
    /// SES configuration set that reports what became of mail; empty for none.
    pub configuration_set: String,
    /// The region, which stands in the mail ids that SES gives.
    pub region: String,
    /// Prefix of the secrets' names.
    pub secrets_prefix: String,
    /// Whether this is a desk on somebody's own machine: it has a sign-in of its own and calls loopback.
    pub is_local: bool,
    /// Where agents sign in. Without it a desk in the cloud lets nobody in, and one on one's own machine lists its people.
    pub sign_in: Option<SignInSettings>,
}

/// The provider of OpenID Connect at which agents sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInSettings {
    /// Its name: an address, exactly as it says it itself.
    pub issuer: String,
    /// The name that it knows the desk by.
    pub client_id: String,
    /// Whether its addresses are believed where it does not say that they are verified.
    pub trusts_addresses: bool,
}

/// Addresses of the queues.
#[derive(Clone, Debug, Default)]
pub struct QueueUrls {
    /// Mail that came.
    pub inbound: String,
    /// Mail that is taken in alone.
    pub inbound_single: String,
    /// Tickets to triage.
    pub triage: String,
    /// Groups with waiting tickets.
    pub assignment: String,
    /// Mail to send.
    pub delivery: String,
    /// Calls to make.
    pub egress: String,
    /// What became of mail and calls.
    pub feedback: String,
    /// Timers of a busy minute.
    pub timers: String,
    /// Tickets that changed.
    pub projections: String,
    /// Tickets that changed, for the index of the search.
    pub index: String,
    /// Jobs of bulk calls.
    pub jobs: String,
}

/// A setting that is missing or can't be used.
#[derive(Debug, thiserror::Error)]
#[error("environment variable {name}: {problem}")]
pub struct SettingsError {
    name: &'static str,
    problem: String,
}

impl Settings {
    /// Reads the environment that `infra/template.yaml` gives every function.
    pub fn from_environment() -> Result<Self, SettingsError> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Reads the same names from elsewhere.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let required = |name: &'static str| match lookup(name) {
            Some(value) if !value.is_empty() => Ok(value),
            _ => Err(SettingsError {
                name,
                problem: "is not set".to_owned(),
            }),
        };
        let optional = |name: &str| lookup(name).unwrap_or_default();
        let tenant = Tenant::new(&required("DOCKET_TENANT")?).map_err(|error| SettingsError {
            name: "DOCKET_TENANT",
            problem: error.to_string(),
        })?;
        Ok(Self {
            tenant,
            tickets_table: required("TICKETS_TABLE")?,
            guard_table: required("GUARD_TABLE")?,
            bucket: required("BUCKET")?,
            queues: QueueUrls {
                inbound: required("INBOUND_QUEUE")?,
                inbound_single: required("INBOUND_SINGLE_QUEUE")?,
                triage: required("TRIAGE_QUEUE")?,
                assignment: required("ASSIGNMENT_QUEUE")?,
                delivery: required("DELIVERY_QUEUE")?,
                egress: required("EGRESS_QUEUE")?,
                feedback: required("FEEDBACK_QUEUE")?,
                timers: required("TIMERS_QUEUE")?,
                projections: required("PROJECTIONS_QUEUE")?,
                index: required("INDEX_QUEUE")?,
                jobs: required("JOBS_QUEUE")?,
            },
            mail_domain: optional("MAIL_DOMAIN"),
            brand_name: optional("BRAND_NAME"),
            public_url: optional("PUBLIC_URL").trim_end_matches('/').to_owned(),
            configuration_set: optional("CONFIGURATION_SET"),
            region: required("AWS_REGION")?,
            secrets_prefix: required("SECRETS_PREFIX")?,
            is_local: false,
            sign_in: SignInSettings::from_lookup(&lookup)?,
        })
    }
}

impl SignInSettings {
    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, SettingsError> {
        let given = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let Some(issuer) = given("OIDC_ISSUER") else {
            return Ok(None);
        };
        let client_id = given("OIDC_CLIENT_ID").ok_or(SettingsError {
            name: "OIDC_CLIENT_ID",
            problem: "is not set, and OIDC_ISSUER is".to_owned(),
        })?;
        let trusts_addresses = match given("OIDC_ADDRESSES").as_deref() {
            None | Some("verified") => false,
            Some("trusted") => true,
            Some(other) => {
                return Err(SettingsError {
                    name: "OIDC_ADDRESSES",
                    problem: format!("is {other:?}, and not verified or trusted"),
                });
            }
        };
        Ok(Some(Self {
            issuer,
            client_id,
            trusts_addresses,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_name_is_named() {
        let error =
            Settings::from_lookup(|name| (name == "DOCKET_TENANT").then(|| "main".into())).unwrap_err();
        assert_eq!(
            error.to_string(),
            "environment variable TICKETS_TABLE: is not set"
        );
    }

    #[test]
    fn a_sign_in_is_set_up_whole_or_not_at_all() {
        let read = |given: &[(&str, &str)]| {
            SignInSettings::from_lookup(|name| {
                let found = given.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        let issuer = ("OIDC_ISSUER", "https://id.example");
        let client = ("OIDC_CLIENT_ID", "desk");
        assert_eq!(read(&[("OIDC_ISSUER", ""), client]).unwrap(), None);
        assert!(read(&[issuer]).is_err());
        assert!(!read(&[issuer, client]).unwrap().unwrap().trusts_addresses);
        let trusting = read(&[issuer, client, ("OIDC_ADDRESSES", "trusted")]).unwrap();
        assert!(trusting.unwrap().trusts_addresses);
        assert!(read(&[issuer, client, ("OIDC_ADDRESSES", "all")]).is_err());
    }

    #[test]
    fn a_tenant_that_can_not_stand_in_a_key_is_refused() {
        let error = Settings::from_lookup(|_| Some("a#b".into())).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("environment variable DOCKET_TENANT: tenant name")
        );
    }
}

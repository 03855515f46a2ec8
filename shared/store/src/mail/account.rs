//! What SES says of the account and of the desk's domain. For whoever looks after a desk; no function asks.

use crate::{StoreError, error::NameOperation, parts::Mail};
use aws_sdk_ses::types::VerificationStatus;

/// What SES has found out about the domain that the desk sends from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainIdentity {
    /// Whether the domain is the account's, by SES's word: `Success`, `Pending`, `Failed`, `TemporaryFailure`,
    /// `NotStarted`; nothing when SES does not know the domain.
    pub verification: Option<String>,
    /// Whether SES signs the domain's mail, by the same words; nothing when it does not.
    pub dkim: Option<String>,
}

/// The receipt rule set by which SES receives in this region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveRuleSet {
    /// Its name.
    pub name: String,
    /// The buckets in which its enabled rules store mail.
    pub buckets: Vec<String>,
}

impl Mail<'_> {
    /// How many mails SES sends for the account in 24 hours; negative for any number.
    pub async fn most_a_day(self) -> Result<f64, StoreError> {
        let output = self.0.clients.ses.get_send_quota().send().await;
        Ok(output.named("GetSendQuota")?.max24_hour_send)
    }

    /// Whether SES sends for the account at all.
    pub async fn sending_is_enabled(self) -> Result<bool, StoreError> {
        let output = self.0.clients.ses.get_account_sending_enabled().send().await;
        Ok(output.named("GetAccountSendingEnabled")?.enabled)
    }

    /// What SES has found out about the desk's mail domain.
    pub async fn domain_identity(self) -> Result<DomainIdentity, StoreError> {
        let domain = &self.0.settings.mail_domain;
        let ses = &self.0.clients.ses;
        let verified = ses.get_identity_verification_attributes().identities(domain);
        let verified = verified.send().await.named("GetIdentityVerificationAttributes")?;
        let signed = ses.get_identity_dkim_attributes().identities(domain);
        let signed = signed.send().await.named("GetIdentityDkimAttributes")?;
        let word = |status: &VerificationStatus| status.as_str().to_owned();
        let found = verified.verification_attributes.get(domain);
        let dkim = signed
            .dkim_attributes
            .get(domain)
            .filter(|dkim| dkim.dkim_enabled);
        Ok(DomainIdentity {
            verification: found.map(|found| word(&found.verification_status)),
            dkim: dkim.map(|dkim| word(&dkim.dkim_verification_status)),
        })
    }

    /// The receipt rule set that is active in the region; nothing when none is.
    pub async fn active_rule_set(self) -> Result<Option<ActiveRuleSet>, StoreError> {
        let output = self.0.clients.ses.describe_active_receipt_rule_set().send().await;
        let output = output.named("DescribeActiveReceiptRuleSet")?;
        let buckets = output
            .rules()
            .iter()
            .filter(|rule| rule.enabled)
            .flat_map(|rule| rule.actions())
            .filter_map(|action| action.s3_action.as_ref())
            .map(|store| store.bucket_name.clone())
            .collect();
        let name = output.metadata.and_then(|set| set.name);
        Ok(name.map(|name| ActiveRuleSet { name, buckets }))
    }
}

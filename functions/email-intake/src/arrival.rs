//! What says that a mail has come: SES's receipt, or a nudge of the sweep about a mail in the spool.

use docket_intake::Receipt;
use docket_mail::Verdicts;
use docket_store::{blob::SPOOL_PREFIX, queue::SpoolNudge};
use serde::Deserialize;

/// A mail that has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub ses_id: String,
    /// What the receipt says; nothing when it was lost, and the mail's own top has to tell.
    pub receipt: Option<Receipt>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesNotification {
    notification_type: String,
    mail: SesMail,
    receipt: SesReceipt,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesMail {
    message_id: String,
    #[serde(default)]
    source: Option<String>,
}

#[derive(Deserialize)]
struct SesReceipt {
    recipients: Vec<String>,
    #[serde(flatten)]
    verdicts: Verdicts,
    #[serde(default)]
    action: SesAction,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesAction {
    #[serde(default)]
    object_key: Option<String>,
}

/// Reads a message of the queue. Nothing: it is about something else, such as SES's own note that it may publish.
pub(crate) fn read(body: &str) -> Result<Option<Arrival>, serde_json::Error> {
    if let Ok(nudge) = serde_json::from_str::<SpoolNudge>(body) {
        let ses_id = nudge
            .spool_key
            .strip_prefix(SPOOL_PREFIX)
            .unwrap_or(&nudge.spool_key)
            .to_owned();
        return Ok(Some(Arrival {
            ses_id,
            receipt: None,
        }));
    }
    let value: serde_json::Value = serde_json::from_str(body)?;
    if value.get("receipt").is_none() {
        tracing::info!("a message of the inbound queue is about no mail and is passed over");
        return Ok(None);
    }
    let notice: SesNotification = serde_json::from_value(value)?;
    if notice.notification_type != "Received" {
        return Ok(None);
    }
    let key = notice.receipt.action.object_key.unwrap_or_default();
    let ses_id = key
        .rsplit('/')
        .next()
        .filter(|id| !id.is_empty())
        .unwrap_or(&notice.mail.message_id)
        .to_owned();
    let receipt = Receipt {
        mail_from: notice.mail.source,
        recipients: notice.receipt.recipients,
        verdicts: notice.receipt.verdicts,
    };
    Ok(Some(Arrival {
        ses_id,
        receipt: Some(receipt),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_mail::Verdict;

    #[test]
    fn a_receipt_names_mail_recipients_and_verdicts() {
        let body = r#"{"notificationType":"Received","mail":{"messageId":"id1","source":"a@b.example"},
            "receipt":{"recipients":["support@in.example"],"dmarcVerdict":{"status":"GRAY"},"spamVerdict":{"status":"PASS"},
            "action":{"type":"S3","bucketName":"b","objectKey":"raw/id1"}}}"#;
        let notice = read(body).unwrap().unwrap();
        assert_eq!(notice.ses_id, "id1");
        let receipt = notice.receipt.unwrap();
        assert_eq!(receipt.recipients, ["support@in.example"]);
        assert_eq!(
            (receipt.verdicts.dmarc, receipt.verdicts.spam),
            (Verdict::Gray, Verdict::Pass)
        );
        assert_eq!(receipt.verdicts.virus, Verdict::Missing);
    }

    #[test]
    fn a_nudge_of_the_sweep_has_no_receipt() {
        let notice = read(r#"{"spool_key":"raw/id1"}"#).unwrap().unwrap();
        assert_eq!(
            notice,
            Arrival {
                ses_id: "id1".into(),
                receipt: None
            }
        );
    }

    #[test]
    fn what_is_no_json_fails_and_what_is_no_mail_is_passed_over() {
        assert!(read("nonsense").is_err());
        assert_eq!(
            read(r#"{"Type":"Notification","Message":"SES may publish"}"#).unwrap(),
            None
        );
    }
}

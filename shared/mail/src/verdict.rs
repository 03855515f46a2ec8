//! What SES found out about a mail: SPF, DKIM, DMARC, spam and virus verdicts.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One verdict. Words as in the receipt object of SES's notifications (SES developer guide, "Contents of
/// notifications for Amazon SES email receiving", read in July 2026).
///
/// Reads from the receipt's `{"status": "PASS"}` and from the plain word it is stored as; writes the word.
/// A word we do not know reads as [`Verdict::Missing`]: only PASS is PASS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The check passed.
    Pass,
    /// The check failed.
    Fail,
    /// The check came to no result: for DMARC, no policy; for spam, undecided.
    Gray,
    /// SES could not run the check.
    ProcessingFailed,
    /// No verdict is known.
    #[default]
    Missing,
}

impl Verdict {
    /// Whether the verdict is a plain PASS.
    pub fn passed(self) -> bool {
        self == Verdict::Pass
    }

    /// Whether the verdict is a plain FAIL.
    pub fn failed(self) -> bool {
        self == Verdict::Fail
    }

    /// The word as SES writes it; `MISSING` for none.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Pass => "PASS",
            Verdict::Fail => "FAIL",
            Verdict::Gray => "GRAY",
            Verdict::ProcessingFailed => "PROCESSING_FAILED",
            Verdict::Missing => "MISSING",
        }
    }

    /// Reads SES's word without regard to case.
    pub fn from_word(word: &str) -> Self {
        match word.trim().to_ascii_uppercase().as_str() {
            "PASS" => Verdict::Pass,
            "FAIL" => Verdict::Fail,
            "GRAY" => Verdict::Gray,
            "PROCESSING_FAILED" => Verdict::ProcessingFailed,
            _ => Verdict::Missing,
        }
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Verdict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Word(String),
            Object { status: Option<String> },
            Nothing(()),
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Word(word) => Verdict::from_word(&word),
            Form::Object { status } => status.as_deref().map(Verdict::from_word).unwrap_or_default(),
            Form::Nothing(()) => Verdict::Missing,
        })
    }
}

/// The five verdicts of one mail. Reads from storage and, by its aliases, from the receipt object itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Verdicts {
    /// Sender Policy Framework, on the envelope sender.
    #[serde(alias = "spfVerdict")]
    pub spf: Verdict,
    /// DomainKeys Identified Mail.
    #[serde(alias = "dkimVerdict")]
    pub dkim: Verdict,
    /// Whether SPF or DKIM vouch for the domain of From.
    #[serde(alias = "dmarcVerdict")]
    pub dmarc: Verdict,
    /// The spam scan; FAIL means spam.
    #[serde(alias = "spamVerdict")]
    pub spam: Verdict,
    /// The virus scan; FAIL means a virus was found.
    #[serde(alias = "virusVerdict")]
    pub virus: Verdict,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_read_from_a_receipt() {
        let receipt = r#"{"recipients":["a@b.example"],"spamVerdict":{"status":"PASS"},"virusVerdict":{"status":"FAIL"},
            "spfVerdict":{"status":"GRAY"},"dkimVerdict":{"status":"PROCESSING_FAILED"},"dmarcVerdict":null}"#;
        let verdicts: Verdicts = serde_json::from_str(receipt).unwrap();
        let expected = Verdicts {
            spf: Verdict::Gray,
            dkim: Verdict::ProcessingFailed,
            dmarc: Verdict::Missing,
            spam: Verdict::Pass,
            virus: Verdict::Fail,
        };
        assert_eq!(verdicts, expected);
    }

    #[test]
    fn verdicts_survive_storage() {
        let verdicts = Verdicts {
            spf: Verdict::Pass,
            dmarc: Verdict::ProcessingFailed,
            ..Verdicts::default()
        };
        let stored = serde_json::to_string(&verdicts).unwrap();
        assert_eq!(
            stored,
            r#"{"spf":"PASS","dkim":"MISSING","dmarc":"PROCESSING_FAILED","spam":"MISSING","virus":"MISSING"}"#
        );
        assert_eq!(serde_json::from_str::<Verdicts>(&stored).unwrap(), verdicts);
    }

    #[test]
    fn an_unknown_word_is_no_pass() {
        assert_eq!(
            serde_json::from_str::<Verdict>(r#"{"status":"PASSED"}"#).unwrap(),
            Verdict::Missing
        );
        assert_eq!(
            serde_json::from_str::<Verdict>(r#"{"status":"DISABLED"}"#).unwrap(),
            Verdict::Missing
        );
    }
}

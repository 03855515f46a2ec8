//! Mail about our mail: bounces, complaints, dispositions, automatic replies.
//!
//! Two facts shape this module. Most notices state their findings in a part made for machines (RFC 3464), and
//! many others only tell a person in prose; so the part is read first (`report`) and the prose fills what it
//! leaves open (`prose`). And a notice may lie or be none: whoever uses a [`Bounce`] must find the mail that
//! bounced among the mail that was sent before believing the rest.

mod addresses;
mod codes;
mod complaint_or_disposition;
mod cut;
mod failure_words;
mod fault;
mod fields;
mod host;
mod judge;
mod naming;
mod nobody;
mod notice;
mod phrases;
mod prose;
mod reader;
mod reason;
mod reason_words;
mod recipients;
mod report;
mod returned;
mod sign;
mod vocabulary;

pub use codes::EnhancedStatus;
pub use complaint_or_disposition::{Complaint, Disposition, complaint, disposition};
pub use notice::{Notice, notice};
pub use reader::read_bounces;
pub use vocabulary::Reason;
pub use vocabulary::{Bounce, MAX_BOUNCES, MAX_DIAGNOSTIC_BYTES, Permanence};

/// The addresses of the `X-Failed-Recipients` fields of a header.
pub(crate) fn failed_recipients(headers: &[(String, String)]) -> Vec<String> {
    let fields = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("X-Failed-Recipients"));
    let found = fields.flat_map(|(_, value)| addresses::addresses(value));
    found.map(|found| found.address).take(MAX_BOUNCES).collect()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

//! What is read from mails, rendered into them and told by them, from fixtures and from the case collection.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod bombs;
mod bounce_cases;
mod bounce_forms;
mod bounce_properties;
mod bounces;
mod cases;
mod collection;
mod fixtures;
mod forwarded_cases;
mod kinds;
mod made;
mod made_bounces;
mod made_quotes;
mod quotes;
mod report_cases;
mod tnef_cases;

//! What the desk relies on of AWS, checked on the embedded services always and on a foreign emulator when one
//! runs (`DOCKET_FOREIGN_AWS=http://127.0.0.1:PORT`), so that nothing rests on one reading of the manuals.
//!
//! `dynamodb`, `sqs`, `s3`, `ses` and `ssm` hold checks for both. The other modules test what only the embedded
//! services can: faults, kills, the moved clock, mail that comes in.

// Tests stop at what is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod checks;
mod clients;
mod dynamodb;
mod s3;
mod ses;
mod sqs;
mod ssm;

mod addresses;
mod capture;
mod clock;
mod faults;
mod fill;
mod foreign;
mod inbound;
mod kills;
mod outbound;
mod restart;

//! The same checks on a foreign emulator, if one runs.

use std::fmt::Write as _;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::checks::ALL;

/// Where the foreign emulator listens.
const ADDRESS: &str = "DOCKET_FOREIGN_AWS";

/// Checks that the foreign emulator (ministack 1.5) is known to fail, and what it does instead.
const KNOWN_DIFFERENCES: &[(&str, &str)] = &[
    (
        "deleting_again_succeeds",
        "refuses the receipt of a deleted message, where SQS succeeds",
    ),
    ("a_mail_without_from_is_refused", "accepts it"),
    ("fifty_one_recipients_are_refused", "accepts them"),
];

fn foreign(address: &str) -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "foreign");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(address)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .sleep_impl(TokioSleep::new())
        .build()
}

#[tokio::test]
async fn a_foreign_emulator_agrees_but_for_known_differences() {
    let Ok(address) = std::env::var(ADDRESS) else {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "{ADDRESS} is not set: start a foreign emulator and give its address"
        );
        println!("skipped: {ADDRESS} is not set");
        return;
    };
    let config = foreign(&address);
    let (mut held, mut report, mut surprises) = (0, String::new(), String::new());
    for (service, name, run) in ALL {
        let known = KNOWN_DIFFERENCES.iter().find(|(check, _)| check == name);
        match (run(config.clone()).await, known) {
            (Ok(()), None) => held += 1,
            (Ok(()), Some(_)) => {
                let _ = writeln!(
                    surprises,
                    "{service}: {name} holds now; take it off the known differences"
                );
            }
            (Err(_), Some((_, instead))) => {
                let _ = writeln!(report, "{service}: {name}: {instead}");
            }
            (Err(error), None) => {
                let _ = writeln!(surprises, "{service}: {name}: {error:#}");
            }
        }
    }
    println!(
        "{held} of {} checks hold at {address}; known differences:\n{report}",
        ALL.len()
    );
    assert!(surprises.is_empty(), "not as expected:\n{surprises}");
}

//! The lines, from answers written out; and a desk of one's own, looked at.

use super::{checks::*, of_desk};
use docket_local::{LocalDesk, Options, mail_in::Envelope};
use docket_store::mail::{ActiveRuleSet, DomainIdentity};
use embedded_aws::{Clock, Storage, Verdicts};

fn check(finding: Finding, expected: &str) {
    assert_eq!(finding.to_string(), expected);
}

fn begins(finding: &Finding, expected: &str) {
    let line = finding.to_string();
    assert!(line.starts_with(expected), "{line}");
}

fn no_answer<T>() -> Looked<T> {
    Err("access denied".to_owned())
}

#[test]
fn two_hundred_mails_a_day_are_the_sandbox() {
    begins(&sandbox(Ok(200.0)), "problem  SES is in the sandbox");
    check(sandbox(Ok(201.0)), "ok       SES sends 201 mails a day");
    check(sandbox(Ok(-1.0)), "ok       SES sends any number of mails a day");
    check(
        sandbox(no_answer()),
        "warning  whether SES is in the sandbox can't be looked up (access denied)",
    );
}

#[test]
fn paused_sending_is_a_problem() {
    check(sending(Ok(true)), "ok       sending is enabled for the account");
    begins(&sending(Ok(false)), "problem  sending is paused");
    begins(&sending(no_answer()), "warning  ");
}

#[test]
fn a_domain_is_verified_and_signed_or_the_line_says_what_is_missing() {
    let lines = |verification: Option<&str>, dkim: Option<&str>| {
        let found = DomainIdentity {
            verification: verification.map(str::to_owned),
            dkim: dkim.map(str::to_owned),
        };
        identity("help.example.com", Ok(found))
    };
    let good = lines(Some("Success"), Some("Success"));
    begins(&good[0], "ok       domain help.example.com is verified");
    begins(&good[1], "ok       mail of help.example.com is signed (DKIM)");
    let pending = lines(Some("Pending"), Some("Pending"));
    begins(
        &pending[0],
        "problem  domain help.example.com is not verified: Pending",
    );
    begins(
        &pending[1],
        "problem  mail of help.example.com is not signed: DKIM is Pending",
    );
    let none = lines(None, None);
    begins(&none[0], "problem  SES does not know domain help.example.com");
    begins(
        &none[1],
        "problem  mail of help.example.com is not signed: DKIM is off",
    );
    begins(&identity("help.example.com", no_answer())[0], "warning  ");
}

#[test]
fn the_active_rule_set_has_to_store_mail_in_this_desks_bucket() {
    let command = "aws ses set-active-receipt-rule-set --rule-set-name desk".to_owned();
    let line = |buckets: Option<&[&str]>| {
        let set = buckets.map(|buckets| ActiveRuleSet {
            name: "all".to_owned(),
            buckets: buckets.iter().map(|bucket| (*bucket).to_owned()).collect(),
        });
        rule_set(Ok(set), "desk-bucket", Some(&command))
    };
    begins(
        &line(Some(&["other", "desk-bucket"])),
        "ok       receipt rule set all is active",
    );
    check(
        line(Some(&["other"])),
        "problem  the active receipt rule set all stores no mail in bucket desk-bucket -> aws ses \
         set-active-receipt-rule-set --rule-set-name desk",
    );
    begins(&line(None), "problem  no receipt rule set is active");
    begins(&rule_set(no_answer(), "b", None), "warning  ");
}

#[test]
fn the_mx_record_has_to_name_the_host_that_the_stack_wants() {
    let record = "help.example.com MX 10 inbound-smtp.eu-west-1.amazonaws.com";
    let line = |hosts: &[&str]| {
        let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        mx("help.example.com", record, Ok(hosts))
    };
    begins(
        &line(&["Inbound-SMTP.eu-west-1.amazonaws.com"]),
        "ok       the MX record",
    );
    check(
        line(&[]),
        "problem  help.example.com has no MX record: nobody can write to it -> put into DNS: help.example.com MX 10 \
         inbound-smtp.eu-west-1.amazonaws.com",
    );
    begins(
        &line(&["mx.example.com"]),
        "problem  mail to help.example.com goes to mx.example.com, not to inbound-smtp",
    );
    begins(&mx("help.example.com", record, no_answer()), "warning  ");
}

#[test]
fn dead_letters_are_said_by_queue() {
    check(
        dead_letters(Ok(vec![("triage", 0)]), "--local"),
        "ok       no dead letter",
    );
    check(
        dead_letters(
            Ok(vec![("inbound", 2), ("triage", 0), ("egress", 1)]),
            "--stack desk",
        ),
        "problem  dead letters: 2 of queue inbound, 1 of queue egress -> docket deadletter inspect --stack desk",
    );
    begins(&dead_letters(no_answer(), "--local"), "problem  ");
}

#[test]
fn a_mail_may_wait_in_the_spool_for_fifteen_minutes_and_no_longer() {
    begins(&spool(Ok(vec![])), "ok       ");
    begins(&spool(Ok(vec![900])), "ok       ");
    begins(
        &spool(Ok(vec![901, 600, 7_200])),
        "problem  2 mail waits in the spool, the oldest for 2 hours",
    );
    begins(&spool(no_answer()), "problem  ");
}

#[test]
fn work_that_has_been_due_for_three_minutes_was_seen_by_no_sweep() {
    begins(&sweep(Ok(None), false), "ok       ");
    begins(&sweep(Ok(Some(180)), false), "ok       ");
    begins(
        &sweep(Ok(Some(181)), false),
        "problem  work has been due for 3 minutes",
    );
    begins(
        &sweep(Ok(Some(181)), true),
        "warning  work has been due for 3 minutes",
    );
    begins(&sweep(no_answer(), true), "problem  ");
}

#[test]
fn counts_that_lag_behind_are_told() {
    begins(&projections(&COUNTS, Ok(None), false), "ok       ");
    begins(&projections(&COUNTS, Ok(Some(600)), false), "ok       ");
    begins(
        &projections(&COUNTS, Ok(Some(601)), false),
        "warning  the counts of views: 10 minutes behind the tickets",
    );
    begins(&projections(&COUNTS, no_answer(), false), "problem  ");
}

#[test]
fn a_missing_secret_is_made_by_init() {
    let lines = secrets(Ok(1), Ok(1), Ok(0), "--stack desk");
    check(lines[0].clone(), "ok       the key of reply addresses is there");
    check(
        lines[2].clone(),
        "problem  the secret of channel bot is missing -> docket init --stack desk",
    );
}

fn levels(findings: &[Finding]) -> Vec<Level> {
    findings.iter().map(|finding| finding.level).collect()
}

#[tokio::test]
async fn a_new_desk_is_in_order_and_one_left_alone_with_a_mail_is_not() {
    let clock = Clock::manual("2026-03-02T09:00:00Z".parse().unwrap());
    let local = LocalDesk::open(Options::new(Storage::Memory, clock.clone()))
        .await
        .unwrap();
    assert_eq!(levels(&of_desk(&local.desk, "--local").await), [Level::Ok; 8]);
    let envelope = Envelope {
        mail_from: "eve@example.com".to_owned(),
        recipients: vec!["support@in.docket.local".to_owned()],
    };
    local
        .receive_mail(envelope, "Subject: x\r\n\r\nx".into(), Verdicts::PASS)
        .unwrap();
    clock.advance("PT16M".parse().unwrap());
    let findings = of_desk(&local.desk, "--local").await;
    begins(
        &findings[1],
        "problem  1 mail waits in the spool, the oldest for 16 minutes",
    );
    assert_eq!(findings[0].level, Level::Ok);
}

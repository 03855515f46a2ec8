//! Every mail of the case collection is read: none panics, none takes long, and what is read agrees with what
//! independent parsers agree on.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::collection::{cases, files_below};
use docket_mail::{InboundMail, read};
use serde_json::Value;

/// The least share of agreement with the consensus, in percent.
const LEAST_AGREEMENT_PERCENT: f64 = 99.0;

/// Longest time one mail may take; counted and printed, and far below it in practice.
const SLOW: Duration = Duration::from_secs(2);

#[test]
fn no_case_panics_or_takes_long() {
    let Some(cases) = cases() else { return };
    let mut files = Vec::new();
    for folder in ["mail", "bounces", "quotes"] {
        files_below(&cases.join(folder), &mut files).unwrap();
    }
    let mut refused = 0;
    let mut slow = Vec::new();
    let mut slowest = (Duration::ZERO, PathBuf::new());
    for file in files.iter() {
        let raw = std::fs::read(file).unwrap();
        let start = Instant::now();
        refused += usize::from(read(&raw, None).is_err());
        let taken = start.elapsed();
        if taken > SLOW {
            slow.push(file);
        }
        if taken > slowest.0 {
            slowest = (taken, file.clone());
        }
    }
    println!(
        "{} files read, {refused} refused; slowest {:?} ({})",
        files.len(),
        slowest.0,
        slowest.1.display()
    );
    assert!(slow.is_empty(), "slow: {slow:?}");
    assert!(files.len() > 1_000, "only {} files", files.len());
}

#[test]
fn the_consensus_of_other_parsers_is_read() {
    let Some(cases) = cases() else { return };
    let mut compared = 0;
    let mut missing = 0;
    let mut disagreements = Vec::new();
    for list in [
        "mail/reference_consensus.jsonl",
        "bounces/reference_consensus.jsonl",
    ] {
        let list = std::fs::read_to_string(cases.join(list)).unwrap();
        for line in list.lines() {
            let expected: Value = serde_json::from_str(line).unwrap();
            let file = expected["file"].as_str().unwrap();
            let Ok(raw) = std::fs::read(cases.join(file)) else {
                missing += 1;
                continue;
            };
            let read = read(&raw, None);
            for field in ["subject", "from", "to", "message_id", "date"] {
                let Some(expected) = expected.get(field) else {
                    continue;
                };
                compared += 1;
                let seen = match &read {
                    Ok(mail) => seen(mail, field),
                    // Refused is right where the others found nothing either.
                    Err(_) => Value::Null,
                };
                if comparable(expected, field) != comparable(&seen, field) {
                    disagreements.push(format!("{file} {field}: expected {expected}, read {seen}"));
                }
            }
        }
    }
    println!("{missing} files of the consensus are not there");
    for disagreement in &disagreements {
        println!("{disagreement}");
    }
    let percent = 100.0 - 100.0 * disagreements.len() as f64 / compared as f64;
    println!(
        "{compared} fields compared, {} disagree: {percent:.2} % agree",
        disagreements.len()
    );
    assert!(compared > 3_000, "only {compared} fields compared");
    assert!(percent >= LEAST_AGREEMENT_PERCENT, "{percent:.2} %");
}

fn seen(mail: &InboundMail, field: &str) -> Value {
    match field {
        "subject" => Value::from(mail.subject.as_str()),
        "from" => mail.from.as_ref().map(|from| from.address.as_str()).into(),
        "to" => mail.to.iter().map(|to| to.address.as_str()).collect(),
        "message_id" => mail.message_id.as_deref().into(),
        "date" => mail.date.map(|date| date.to_string()).into(),
        _ => Value::Null,
    }
}

/// A value in which the case and order of addresses, white space and control characters do not count, and nothing
/// is as good as empty.
fn comparable(value: &Value, field: &str) -> String {
    let mut items: Vec<String> = match value {
        Value::Array(list) => list
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_lowercase)
            .collect(),
        value => vec![value.as_str().unwrap_or_default().to_owned()],
    };
    items.sort();
    let text = items.join(" ").replace(char::is_control, " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if field == "from" {
        text.to_lowercase()
    } else {
        text
    }
}

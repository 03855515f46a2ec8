//! The bounces of the case collection, compared with the outcome that their origins state.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod collection;

use std::collections::BTreeMap;
use std::path::Path;

use collection::{cases, files_below};
use docket_mail::{Bounce, EnhancedStatus, InboundMail, Permanence, read, read_bounces};
use serde_json::Value;

/// What an origin states about one file, as far as it does.
#[derive(Default)]
struct Stated {
    is_bounce: bool,
    /// One for each recipient; empty where the origin states none.
    classes: Vec<Permanence>,
    addresses: Vec<String>,
    statuses: Vec<String>,
    dead: Vec<bool>,
    recipients: usize,
}

const QUESTIONS: [&str; 6] = [
    "is a bounce",
    "permanence",
    "address",
    "status",
    "dead address",
    "recipients",
];

fn stated(expected: &Value) -> Stated {
    let mut stated = Stated::default();
    match expected.get("kind").and_then(Value::as_str) {
        Some("bounce") => stated.is_bounce = true,
        Some(_) => return stated,
        None => {}
    }
    let results = expected.get("results").and_then(Value::as_array);
    for result in results.into_iter().flatten() {
        let field = |name: &str| result[name].as_str().unwrap_or_default();
        if matches!(field("reason"), "delivered" | "feedback") {
            // A report of success, or a complaint in the form of a bounce: neither is a failure.
            stated.is_bounce = false;
            continue;
        }
        stated.recipients += 1;
        stated.statuses.push(field("status").to_owned());
        stated.classes.push(class(field("status")));
        // "Filtered" is the origin's word for an unknown user that is refused after DATA.
        if field("reason") != "filtered" {
            stated.dead.push(result["hardbounce"].as_bool().unwrap());
        }
    }
    if let Some(detected) = expected.get("expected") {
        stated.is_bounce = true;
        for result in detected.as_array().into_iter().flatten() {
            let temporary = result["temporary"].as_bool().unwrap();
            let kind = if temporary {
                Permanence::Temporary
            } else {
                Permanence::Permanent
            };
            let addresses = result["addresses"].as_array().unwrap();
            stated
                .addresses
                .extend(addresses.iter().map(|a| a.as_str().unwrap().to_lowercase()));
            if !addresses.is_empty() {
                stated.classes.push(kind);
            }
        }
    }
    stated
}

fn class(status: &str) -> Permanence {
    match status.chars().next() {
        Some('5') => Permanence::Permanent,
        Some('4') => Permanence::Temporary,
        _ => Permanence::Unknown,
    }
}

/// Whether the origin made the status up from the reason: no registered detail has three digits beginning with 9.
fn is_made_up(status: &str) -> bool {
    status
        .split('.')
        .nth(2)
        .is_some_and(|detail| detail.len() == 3 && detail.starts_with('9'))
}

/// What is seen where it differs from what is stated, by question; `None` where nothing is stated.
fn answers(stated: &Stated, seen: Option<&[Bounce]>) -> [Option<Result<(), String>>; 6] {
    let same = |agree: bool, what: String| Some(if agree { Ok(()) } else { Err(what) });
    let mut answers = [const { None }; 6];
    answers[0] = same(
        stated.is_bounce == seen.is_some(),
        format!("stated {}", stated.is_bounce),
    );
    let (true, Some(seen)) = (stated.is_bounce, seen) else {
        return answers;
    };
    let kinds: Vec<_> = seen.iter().map(|bounce| bounce.kind).collect();
    if !stated.classes.is_empty() {
        answers[1] = same(
            alike(&stated.classes, &kinds),
            format!("stated {:?}, seen {kinds:?}", stated.classes),
        );
    }
    let addresses: Vec<_> = seen
        .iter()
        .filter_map(|bounce| bounce.address.as_ref())
        .map(|a| a.to_lowercase())
        .collect();
    if !stated.addresses.is_empty() {
        let agree =
            !addresses.is_empty() && addresses.iter().all(|address| stated.addresses.contains(address));
        answers[2] = same(
            agree,
            format!("stated {:?}, seen {addresses:?}", stated.addresses),
        );
    }
    if !stated.statuses.is_empty() {
        let statuses: Vec<_> = seen.iter().map(|bounce| bounce.status).collect();
        answers[3] = same(
            statuses_agree(&stated.statuses, seen),
            format!("stated {:?}, seen {:?}", stated.statuses, shown(&statuses)),
        );
    }
    if !stated.dead.is_empty() && stated.dead.len() == stated.recipients {
        let dead: Vec<_> = seen.iter().map(Bounce::address_is_dead).collect();
        let reasons: Vec<_> = seen.iter().map(|bounce| bounce.reason).collect();
        answers[4] = same(
            alike(&stated.dead, &dead),
            format!(
                "stated {:?}, seen {dead:?} {reasons:?} {:?}",
                stated.dead, seen[0].diagnostic
            ),
        );
    }
    if stated.recipients > 0 {
        let named = addresses.len();
        answers[5] = same(
            stated.recipients == named,
            format!("stated {}, seen {addresses:?}", stated.recipients),
        );
    }
    answers
}

fn shown(statuses: &[Option<EnhancedStatus>]) -> Vec<String> {
    statuses
        .iter()
        .map(|s| s.map(|s| s.to_string()).unwrap_or_default())
        .collect()
}

/// The same values, in any order and however often.
fn alike<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    one.iter().all(|value| other.contains(value)) && other.iter().all(|value| one.contains(value))
}

/// A status the origin made up agrees with none and with any general one of its class.
fn statuses_agree(stated: &[String], seen: &[Bounce]) -> bool {
    stated.iter().all(|stated| {
        seen.iter().any(|bounce| match bounce.status {
            Some(status) if status.to_string() == *stated => true,
            Some(status) => is_made_up(stated) && status.is_general(),
            None => is_made_up(stated) || *stated == "5.0.0" || *stated == "4.0.0",
        })
    })
}

fn reading(path: &Path) -> Option<InboundMail> {
    read(&std::fs::read(path).unwrap(), None).ok()
}

#[test]
fn bounces_are_read_as_their_origins_state() {
    let Some(cases) = cases() else { return };
    let mut files = Vec::new();
    files_below(&cases.join("bounces"), &mut files).unwrap();
    files.sort();
    let mut table: BTreeMap<(String, usize), (usize, usize)> = BTreeMap::new();
    let mut disagreements = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let Some(mail) = name.strip_suffix(".expected.json") else {
            continue;
        };
        let expected: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let Some(mail_read) = reading(&file.with_file_name(mail)) else {
            continue;
        };
        let seen = read_bounces(&mail_read);
        let origin = mail.split("__").next().unwrap();
        for (question, answer) in answers(&stated(&expected), seen.as_deref())
            .into_iter()
            .enumerate()
        {
            let Some(answer) = answer else { continue };
            let count = table.entry((origin.to_owned(), question)).or_default();
            match answer {
                Ok(()) => count.0 += 1,
                Err(what) => {
                    count.1 += 1;
                    disagreements.push((mail.to_owned(), QUESTIONS[question], what));
                }
            }
        }
    }
    for (file, question, what) in &disagreements {
        println!("{file}: {question}: {what}");
    }
    for ((origin, question), (agree, disagree)) in &table {
        println!(
            "{origin:10} {:14} {agree:4} agree {disagree:3} disagree",
            QUESTIONS[*question]
        );
    }
}

//! The bounces of the case collection, compared with the outcome that their origins state.

use std::collections::BTreeMap;
use std::path::Path;

use crate::collection::{cases, files_below};
use docket_mail::{Bounce, EnhancedStatus, InboundMail, Notice, Permanence, notice, read, read_bounces};
use serde_json::Value;

/// The least share of agreement on each question, in percent.
const LEAST_PERCENT: [f64; 6] = [98.0, 98.0, 97.0, 98.0, 97.0, 99.0];

const IS_BOUNCE: usize = 0;
const PERMANENCE: usize = 1;
const ADDRESS: usize = 2;
const STATUS: usize = 3;
const DEAD: usize = 4;
const RECIPIENTS: usize = 5;

/// Where we differ from the origin, on which questions, and why.
const EXCEPTIONS: &[(&str, &[usize], &str)] = &[
    (
        "cfortune__hotmailbounce.eml",
        &[IS_BOUNCE],
        "a complaint in the form of Outlook.com; only its file name calls it a bounce",
    ),
    (
        "flufl__simple_20.eml",
        &[IS_BOUNCE],
        "comes from a person's address, begins with RE and returns nothing: a person could have written it",
    ),
    (
        "flufl__yale_01.eml",
        &[ADDRESS],
        "names a local part alone, which the origin completes with domains it knows",
    ),
    (
        "sisimai__lhost-exchange2007-05.eml",
        &[STATUS],
        "two attempts with two statuses; the last one counts here",
    ),
    (
        "sisimai__lhost-exim-06.eml",
        &[PERMANENCE],
        "the notice says permanent; the origin makes the status up from its reason",
    ),
    (
        "sisimai__lhost-fml-02.eml",
        &[IS_BOUNCE],
        "a list manager that refuses a sender who is no member, without any sign of a bounce",
    ),
    (
        "sisimai__lhost-fml-03.eml",
        &[IS_BOUNCE],
        "a list manager that warns its owner of a loop",
    ),
    (
        "sisimai__lhost-notes-02.eml",
        &[DEAD],
        "says in Japanese that the address is not in the directory, which the origin does not read",
    ),
    (
        "sisimai__lhost-opensmtpd-06.eml",
        &[PERMANENCE, STATUS],
        "the report says delayed; the origin makes the status up from its reason",
    ),
    (
        "sisimai__lhost-opensmtpd-12.eml",
        &[PERMANENCE, DEAD],
        "the report says delayed; the origin makes the status up from its reason",
    ),
    (
        "sisimai__lhost-opensmtpd-15.eml",
        &[PERMANENCE, STATUS],
        "the report says delayed; the origin makes the status up from its reason",
    ),
    (
        "sisimai__lhost-postfix-05.eml",
        &[DEAD],
        "user unknown with a temporary code: an address does not die of a 450",
    ),
    (
        "sisimai__lhost-powermta-03.eml",
        &[DEAD],
        "the host says user unknown; the origin believes the category that the sender's software put",
    ),
    (
        "sisimai__lhost-sendmail-14.eml",
        &[IS_BOUNCE],
        "a person forwards a bounce within a mail of their own",
    ),
    (
        "sisimai__not-rb-issue-368-bug.eml",
        &[IS_BOUNCE],
        "an automatic bounce notification by its own words; its folder name says only that a reader failed on it",
    ),
    (
        "sisimai__rhost-cox-01.eml",
        &[RECIPIENTS],
        "the origin counts the one recipient twice",
    ),
    (
        "sisimai__rhost-messagelabs-03.eml",
        &[DEAD],
        "says rejected and no more; the origin knows what this host means by 542",
    ),
];

/// What an origin states about one file, as far as it does.
#[derive(Default)]
struct Stated {
    /// `None` where the origin names no address and does not say whether it takes the mail for a bounce.
    is_bounce: Option<bool>,
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
        Some("bounce") => stated.is_bounce = Some(true),
        Some(_) => {
            stated.is_bounce = Some(false);
            return stated;
        }
        None => {}
    }
    let results = expected.get("results").and_then(Value::as_array);
    for result in results.into_iter().flatten() {
        let field = |name: &str| result[name].as_str().unwrap_or_default();
        if matches!(field("reason"), "delivered" | "feedback") {
            // A report of success, or a complaint in the form of a bounce: neither is a failure.
            stated.is_bounce = stated.is_bounce.filter(|_| stated.recipients > 0).or(Some(false));
            continue;
        }
        stated.is_bounce = Some(true);
        stated.recipients += 1;
        stated.statuses.push(field("status").to_owned());
        stated.classes.push(class(field("status")));
        // "Filtered" is the origin's word for an unknown user that is refused after DATA.
        if field("reason") != "filtered" {
            stated.dead.push(result["hardbounce"].as_bool().unwrap());
        }
    }
    if let Some(detected) = expected.get("expected") {
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
                stated.is_bounce = Some(true);
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
    if let Some(is_bounce) = stated.is_bounce {
        answers[0] = same(is_bounce == seen.is_some(), format!("stated {is_bounce}"));
    }
    let (Some(true), Some(seen)) = (stated.is_bounce, seen) else {
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

/// A share and the disagreements behind it.
#[derive(Default)]
struct Tally {
    agree: usize,
    disagreements: Vec<(String, usize, String)>,
    table: BTreeMap<(String, usize), (usize, usize)>,
}

fn compare(cases: &Path) -> Tally {
    let mut files = Vec::new();
    files_below(&cases.join("bounces"), &mut files).unwrap();
    files.sort();
    let mut tally = Tally::default();
    for file in &files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let Some(mail) = name.strip_suffix(".expected.json") else {
            continue;
        };
        let expected: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let Some(seen) = reading(&file.with_file_name(mail)) else {
            continue;
        };
        let seen = read_bounces(&seen);
        let origin = mail.split("__").next().unwrap();
        let answers = answers(&stated(&expected), seen.as_deref());
        for (question, answer) in answers.into_iter().enumerate() {
            let Some(answer) = answer else { continue };
            let count = tally.table.entry((origin.to_owned(), question)).or_default();
            match answer {
                Ok(()) => {
                    count.0 += 1;
                    tally.agree += 1;
                }
                Err(what) => {
                    count.1 += 1;
                    tally.disagreements.push((mail.to_owned(), question, what));
                }
            }
        }
    }
    tally
}

#[test]
fn bounces_are_read_as_their_origins_state() {
    let Some(cases) = cases() else { return };
    let tally = compare(&cases);
    for (question, name) in QUESTIONS.iter().enumerate() {
        let (mut agree, mut disagree) = (0, 0);
        for ((origin, _), counts) in tally.table.iter().filter(|((_, q), _)| *q == question) {
            println!(
                "{name:14} {origin:10} {:4} agree {:3} disagree",
                counts.0, counts.1
            );
            agree += counts.0;
            disagree += counts.1;
        }
        let percent = 100.0 * agree as f64 / (agree + disagree) as f64;
        println!("{name:14} all        {agree:4} agree {disagree:3} disagree: {percent:.1} %");
        assert!(percent >= LEAST_PERCENT[question], "{name}: {percent:.1} %");
    }
    let mut unexplained = Vec::new();
    for (file, question, what) in &tally.disagreements {
        let reason = EXCEPTIONS
            .iter()
            .find(|(name, questions, _)| name == file && questions.contains(question));
        match reason {
            Some((_, _, reason)) => println!("{file}: {}: {reason}", QUESTIONS[*question]),
            None => unexplained.push(format!("{file}: {}: {what}", QUESTIONS[*question])),
        }
    }
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    for (file, questions, _) in EXCEPTIONS {
        for question in *questions {
            let still = tally
                .disagreements
                .iter()
                .any(|(name, q, _)| name == file && q == question);
            assert!(still, "{file} agrees by now: {}", QUESTIONS[*question]);
        }
    }
    assert!(tally.agree > 1_000, "only {} answers agree", tally.agree);
}

/// Mails of the folder of ordinary mails that are bounces indeed.
const BOUNCES_AMONG_MAILS: &[&str] = &[
    "cpython__msg_25.txt",
    "cpython__msg_43.txt",
    "enmime__multipart-wo-boundary.eml",
    "mime4j__badbound.msg",
    "mime4j__badbound.msg.expected_decoded.xml",
    "mimekit__bounce.txt",
    "mimekit__delivery-status.txt",
    "mimekit__delivery-status2.txt",
    "rubymail__raw_email_with_mimepart_without_content_type.eml",
];

#[test]
fn ordinary_mails_are_no_bounces() {
    let Some(cases) = cases() else { return };
    let mut files = Vec::new();
    for folder in ["mail", "quotes"] {
        files_below(&cases.join(folder), &mut files).unwrap();
    }
    let mut taken: Vec<String> = Vec::new();
    for file in &files {
        if reading(file).is_some_and(|mail| read_bounces(&mail).is_some()) {
            taken.push(file.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    taken.sort();
    println!("{} files, bounces among them: {taken:#?}", files.len());
    assert_eq!(taken, BOUNCES_AMONG_MAILS);
}

/// Reports that the origin calls complaints and we do not.
const NO_COMPLAINTS: &[&str] = &[
    // A request to be taken off a list, which Apple's mail program writes for its user.
    "sisimai__arf-26.eml",
];

#[test]
fn complaints_are_told_from_bounces() {
    let Some(cases) = cases() else { return };
    let mut files = Vec::new();
    files_below(&cases.join("bounces"), &mut files).unwrap();
    let mut missed = Vec::new();
    let mut read = 0;
    for file in &files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let Some(mail) = name.strip_suffix(".expected.json") else {
            continue;
        };
        let expected: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let kind = expected.get("kind").and_then(Value::as_str).unwrap_or_default();
        if !matches!(kind, "feedback-report" | "spam complaint (feedback loop)") {
            continue;
        }
        let notice = reading(&file.with_file_name(mail)).and_then(|mail| notice(&mail));
        if matches!(notice, Some(Notice::Complaint(_))) {
            read += 1;
        } else {
            missed.push(mail.to_owned());
        }
    }
    println!("{read} complaints read, missed: {missed:?}");
    assert_eq!(missed, NO_COMPLAINTS);
    assert!(read >= 14, "{read}");
}

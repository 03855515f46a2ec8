//! Every forwarded mail of the case collection, and every reply: who wrote the original, as its origin states it.
//! Each disagreement is listed with its reason; a new one fails, and so does a listed one that is none any more.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::collection::{cases, files_below};
use docket_mail::{Forwarded, InboundMail, Mailbox, forwarded, html_to_text, read};
use serde_json::Value;

/// Case and reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "forward__outlook_live_en_body_variant_8.txt 0",
        "Outlook writes the same lines above a reply's quote, and the case has no subject to tell",
    ),
    (
        "forward__ionos_one_and_one_en_body.txt 0",
        "says it is an original message, as replies do, and the case has no subject to tell",
    ),
    (
        "test_unwrap.py::test_unwrap#6",
        "header lines with quote marks and nothing that says they are passed on: a reply has them too",
    ),
    (
        "crisp__email_tricky_17_forward_header.txt",
        "stands among replies and is a forwarded mail",
    ),
];

/// How many of the fixtures are of forwarded mails, or of replies that look like one.
const FIXTURES: usize = 9;

/// One case: what is stated and what is seen.
struct CaseReport {
    client: String,
    case: String,
    expected: Option<(Mailbox, Option<String>)>,
    seen: Option<Forwarded>,
}

impl CaseReport {
    fn agrees(&self) -> bool {
        match (&self.expected, &self.seen) {
            (None, None) => true,
            (Some((from, subject)), Some(seen)) => {
                *from == seen.from && (seen.subject.is_none() || *subject == seen.subject)
            }
            _ => false,
        }
    }
}

fn mail(subject: &str, text: &str) -> InboundMail {
    InboundMail {
        subject: subject.to_owned(),
        text: text.to_owned(),
        ..InboundMail::default()
    }
}

/// The cases of a parser of forwarded mails, one file for each form of each client.
fn forms(folder: &Path) -> Vec<CaseReport> {
    let mut outcomes = Vec::new();
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("forward__") && name.ends_with(".txt"))
        .collect();
    names.sort();
    for name in names {
        let text = std::fs::read_to_string(folder.join(&name)).unwrap();
        let stated = name.replace(".txt", ".expected.json");
        let stated: Value =
            serde_json::from_str(&std::fs::read_to_string(folder.join(stated)).unwrap()).unwrap();
        for (number, case) in stated["cases"].as_array().unwrap().iter().enumerate() {
            let email = &case["result"]["email"];
            let expected = email["from"]["address"].as_str().map(|address| {
                let name = email["from"]["name"].as_str().map(str::to_owned);
                let from = Mailbox {
                    name,
                    address: address.to_owned(),
                };
                (from, email["subject"].as_str().map(str::to_owned))
            });
            let client = name["forward__".len()..].split("_body").next().unwrap();
            outcomes.push(CaseReport {
                client: client.rsplit_once('_').unwrap().0.to_owned(),
                case: format!("{name} {number}"),
                expected,
                seen: forwarded(&mail(case["subject"].as_str().unwrap_or_default(), &text)),
            });
        }
    }
    outcomes
}

/// The cases of a library that unwraps forwarded mails and replies.
fn unwrapped(folder: &Path) -> Vec<CaseReport> {
    let cases = std::fs::read_to_string(folder.join("quotequail-inline-cases.jsonl")).unwrap();
    let cases = cases
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    cases
        .filter_map(|case| {
            let kind = case["expected"]["type"].as_str()?.to_owned();
            let text = match case["html"].as_str() {
                Some(html) => html_to_text(html),
                None => case["text"].as_str()?.to_owned(),
            };
            let subject = if kind == "reply" { "Re: x" } else { "" };
            let expected = case["expected"]["from"].as_str().filter(|_| kind == "forward");
            let expected = expected.map(|from| {
                let (name, address) = from.split_once(" <").unwrap();
                let from = Mailbox::named(name.trim_matches('"'), address.trim_end_matches('>'));
                (from, case["expected"]["subject"].as_str().map(str::to_owned))
            });
            Some(CaseReport {
                client: format!("quotequail {kind}"),
                case: case["id"].as_str().unwrap().to_owned(),
                expected,
                seen: forwarded(&mail(subject, &text)),
            })
        })
        .collect()
}

/// Replies: nobody passes anything on. They get the subject of one, as their files have none.
fn replies(folder: &Path) -> Vec<CaseReport> {
    let mut outcomes = Vec::new();
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in names {
        let is_input =
            name.contains("__") && name.rsplit_once('.').is_some_and(|(stem, _)| !stem.contains('.'));
        let origin = name.split("__").next().unwrap_or_default().to_owned();
        if !is_input || origin == "forward" || name.contains("forwarded") {
            continue;
        }
        let raw = std::fs::read(folder.join(&name)).unwrap();
        let text = String::from_utf8_lossy(&raw).into_owned();
        let reply = if name.ends_with(".eml") {
            read(&raw, None).unwrap()
        } else if name.ends_with(".html") {
            mail("Re: x", &html_to_text(&text))
        } else {
            mail("Re: x", &text)
        };
        outcomes.push(CaseReport {
            client: format!("{origin} replies"),
            case: name,
            expected: None,
            seen: forwarded(&reply),
        });
    }
    outcomes
}

/// Mails passed on, as the test of a library that trims replies has them.
fn trimmed(folder: &Path) -> Vec<CaseReport> {
    let discourse = (
        "Foo Discourse",
        "foo@discourse.org",
        "This email is going to be forwarded",
    );
    let someone = ("Some One", "foo@bar.com", "Some subject that spans over 2 lines");
    [("apple", discourse), ("gmail", discourse), ("message", someone)]
        .into_iter()
        .map(|(client, (name, address, subject))| {
            let file = format!("trimmer__forwarded_{client}.txt");
            let text = std::fs::read_to_string(folder.join(&file)).unwrap();
            CaseReport {
                client: "trimmer forwarded".to_owned(),
                case: file,
                expected: Some((Mailbox::named(name, address), Some(subject.to_owned()))),
                seen: forwarded(&mail("", &text)),
            }
        })
        .collect()
}

#[test]
fn what_other_projects_state_about_forwarded_mails_is_met() {
    let Some(cases) = cases() else { return };
    let folder = cases.join("quotes");
    let mut outcomes = forms(&folder);
    outcomes.extend(unwrapped(&folder));
    outcomes.extend(replies(&folder));
    outcomes.extend(trimmed(&folder));
    let mut clients: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut unexpected = Vec::new();
    let mut met = Vec::new();
    let mut signs: BTreeMap<String, usize> = BTreeMap::new();
    for outcome in &outcomes {
        let excepted = EXCEPTIONS.iter().any(|(case, _)| *case == outcome.case);
        let counts = clients.entry(&outcome.client).or_default();
        if let Some(seen) = &outcome.seen {
            *signs.entry(format!("{:?}", seen.sign)).or_default() += 1;
        }
        if outcome.agrees() {
            counts.0 += 1;
            met.extend(excepted.then_some(&outcome.case));
        } else {
            counts.1 += 1;
            if !excepted {
                unexpected.push(format!(
                    "{}\n  expected {:?}\n  seen {:?}",
                    outcome.case, outcome.expected, outcome.seen
                ));
            }
        }
    }
    println!("{:<28} {:>6} {:>9}", "client", "agree", "disagree");
    for (client, (agree, disagree)) in &clients {
        println!("{client:<28} {agree:>6} {disagree:>9}");
    }
    let agree: usize = clients.values().map(|(agree, _)| agree).sum();
    println!("{agree} of {} agree; known by {signs:?}", outcomes.len());
    assert!(
        unexpected.is_empty(),
        "{} new disagreements:\n{}",
        unexpected.len(),
        unexpected.join("\n")
    );
    assert!(met.is_empty(), "listed as exceptions, but agree: {met:?}");
    assert!(outcomes.len() > 200, "only {} cases", outcomes.len());
}

#[test]
fn of_the_bounces_none_is_passed_on_and_all_mails_are_looked_at_fast() {
    let Some(cases) = cases() else { return };
    let mut files = Vec::new();
    for folder in ["mail", "bounces"] {
        files_below(&cases.join(folder), &mut files).unwrap();
    }
    files.sort();
    let mut of_bounces = Vec::new();
    for file in files {
        let Ok(mail) = read(&std::fs::read(&file).unwrap(), None) else {
            continue;
        };
        let start = Instant::now();
        let found = forwarded(&mail);
        assert!(start.elapsed() < Duration::from_secs(1), "{}", file.display());
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if let Some(found) = found {
            println!("{name}: {:?} of {:?}", found.sign, found.from);
            of_bounces.extend(file.starts_with(cases.join("bounces")).then_some(name));
        }
    }
    assert_eq!(
        of_bounces,
        ["sisimai__not-is-not-bounce-02.eml"],
        "a person's mail, by its name"
    );
}

/// The fixtures, for who does not have the collection. Their origins: `fixtures/FIXTURES.md`.
#[test]
fn what_is_stated_about_the_fixtures_is_met() {
    let outcomes = forms(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/quotes"));
    assert_eq!(outcomes.len(), FIXTURES);
    for outcome in outcomes {
        assert!(outcome.agrees(), "{}: {:?}", outcome.case, outcome.seen);
    }
}

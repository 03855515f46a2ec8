//! Every quote, signature and forward of the case collection, folded and compared with what its origin states.
//! White space does not count. Each disagreement is listed with its reason; a new one fails, and so does a
//! listed one that is none any more.

mod exceptions;
mod expectations;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::collection::cases;
use docket_mail::fold;
use exceptions::EXCEPTIONS;

/// The least share of agreement over all origins, in percent.
const LEAST_AGREEMENT_PERCENT: usize = 92;

/// Origin, how many cases it has at least, how many of them disagree at most.
const ORIGINS: &[(&str, usize, usize)] = &[
    ("crisp", 53, 5),
    ("forward", 97, 1),
    ("github", 6, 1),
    ("quotequail", 19, 3),
    ("talon", 4, 0),
    ("talon inline", 34, 3),
    ("talon-html", 3, 0),
    ("talon-signature", 3, 1),
    ("trimmer", 36, 4),
    ("willdurand", 3, 1),
    ("zapier", 3, 0),
];

/// How many outcomes the fixtures have.
const FIXTURES: usize = 24;

#[test]
fn what_other_projects_state_about_quotes_is_met() {
    let Some(cases) = cases() else { return };
    let outcomes = expectations::all(&cases.join("quotes"));
    let mut origins: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut unexpected = Vec::new();
    let mut met = Vec::new();
    for outcome in &outcomes {
        let excepted = EXCEPTIONS.iter().any(|(case, _)| *case == outcome.case);
        let counts = origins.entry(outcome.origin).or_default();
        match &outcome.difference {
            None => {
                counts.0 += 1;
                met.extend(excepted.then_some(outcome.case.as_str()));
            }
            Some(difference) => {
                counts.1 += 1;
                if !excepted {
                    unexpected.push(format!("{}\n{difference}", outcome.case));
                }
            }
        }
    }
    println!(
        "{:<16} {:>6} {:>9} {:>8}",
        "origin", "agree", "disagree", "percent"
    );
    for (origin, (agree, disagree)) in &origins {
        println!(
            "{origin:<16} {agree:>6} {disagree:>9} {:>8}",
            agree * 100 / (agree + disagree)
        );
    }
    let agree: usize = origins.values().map(|(agree, _)| agree).sum();
    println!(
        "{agree} of {} agree: {} %",
        outcomes.len(),
        agree * 100 / outcomes.len()
    );
    assert!(
        unexpected.is_empty(),
        "{} new disagreements:\n{}",
        unexpected.len(),
        unexpected.join("\n\n")
    );
    assert!(met.is_empty(), "listed as exceptions, but agree: {met:?}");
    assert!(agree * 100 >= LEAST_AGREEMENT_PERCENT * outcomes.len());
    for (origin, least_cases, most_disagreements) in ORIGINS {
        let (agree, disagree) = origins.get(origin).copied().unwrap_or_default();
        assert!(
            agree + disagree >= *least_cases,
            "{origin}: only {} cases",
            agree + disagree
        );
        assert!(
            disagree <= *most_disagreements,
            "{origin}: {disagree} disagreements"
        );
    }
}

#[test]
fn every_text_of_the_collection_is_covered_exactly_and_fast() {
    let Some(cases) = cases() else { return };
    for entry in std::fs::read_dir(cases.join("quotes")).unwrap() {
        let path = entry.unwrap().path();
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        let start = Instant::now();
        let spans = fold(&text);
        let taken = start.elapsed();
        assert!(taken < Duration::from_secs(1), "{}: {taken:?}", path.display());
        let joined: String = spans.iter().map(|span| span.of(&text)).collect();
        assert_eq!(joined, text, "{}", path.display());
    }
}

/// The fixtures, for who does not have the collection: one for each trait. Their origins: `fixtures/FIXTURES.md`.
#[test]
fn what_is_stated_about_the_fixtures_is_met() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/quotes");
    let outcomes = expectations::all(&folder);
    assert_eq!(outcomes.len(), FIXTURES);
    for outcome in outcomes {
        assert_eq!(outcome.difference, None, "{}", outcome.case);
    }
}

//! What people look for is the first thing they find: queries in many languages over real mails, read, made into documents and put into
//! splits as a desk does it.

mod corpus;

use crate::collection::cases;
use corpus::{Corpus, Letter, letters_below};
use docket_tests::template::repository;
use std::collections::BTreeSet;

/// Over the case collection and the mails made up here.
const QUERIES: &str = include_str!("search_relevance/queries.tsv");
/// Over fixtures of the repository alone.
const QUERIES_OF_FIXTURES: &str = include_str!("search_relevance/queries_of_fixtures.tsv");
/// Short English questions to a bank among which the others stand.
const QUESTIONS: usize = 2_000;

/// A line of the lists: language, query, and the file that is to come first. Where that file is from stands behind it.
struct Line {
    language: &'static str,
    query: &'static str,
    expected: &'static str,
}

fn lines(list: &'static str) -> Vec<Line> {
    let lines = list
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| match line.split('\t').collect::<Vec<_>>().as_slice() {
            [language, query, expected, _origin] => Line {
                language,
                query,
                expected,
            },
            _ => panic!("four columns: {line}"),
        })
        .collect()
}

/// Every query finds what it is to find first, dealt out to splits and merged into one alike.
fn check(letters: Vec<Letter>, list: &'static str) {
    let corpus = Corpus::of(letters);
    let merged = corpus.merged();
    let mut wrong = Vec::new();
    for line in lines(list) {
        for (splits, what) in [(&corpus.splits, "in several splits"), (&merged, "in one")] {
            let found = corpus.found(splits, line.query);
            if found.first().copied() != Some(line.expected) {
                wrong.push(format!(
                    "{} {} {what}: {} expected, found {found:?}",
                    line.language, line.query, line.expected
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "found otherwise:\n{}", wrong.join("\n"));
}

fn made_up() -> Vec<Letter> {
    letters_below(&repository().join("tests/search_relevance"), "mails")
}

#[test]
fn what_is_looked_for_comes_first_among_real_mails() {
    let Some(cases) = cases() else { return };
    let mut letters = made_up();
    for within in ["mail", "bounces", "quotes"] {
        letters.extend(letters_below(&cases, within));
    }
    let questions = letters_below(&cases, "classify/banking77");
    assert!(questions.len() >= QUESTIONS, "{} questions", questions.len());
    letters.extend(questions.into_iter().take(QUESTIONS));
    assert!(letters.len() > 3_000, "only {} letters", letters.len());
    check(letters, QUERIES);
}

#[test]
fn what_is_looked_for_comes_first_among_fixtures() {
    let mut letters = made_up();
    letters.extend(letters_below(&repository().join("shared/mail/tests"), "fixtures"));
    assert!(letters.len() > 40, "only {} letters", letters.len());
    check(letters, QUERIES_OF_FIXTURES);
}

#[test]
fn there_are_enough_queries_in_enough_languages() {
    for (list, queries, languages) in [(QUERIES, 30, 8), (QUERIES_OF_FIXTURES, 10, 6)] {
        let lines = lines(list);
        let of: BTreeSet<&str> = lines.iter().map(|line| line.language).collect();
        assert!(
            lines.len() >= queries && of.len() >= languages,
            "{} in {of:?}",
            lines.len()
        );
    }
}

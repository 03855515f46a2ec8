//! Queries as programs and people send them to Zendesk.

use docket_domain::Timestamp;
use docket_search::{Asking, Names, Query, Seen};
use jiff::tz::TimeZone;

const SAMPLES: &str = include_str!("client_queries.tsv");

/// Each sample: its origin, the query, how it is understood or why it is refused.
fn samples() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = SAMPLES
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| match line.split('\t').collect::<Vec<_>>().as_slice() {
        [origin, query, understood] => (*origin, *query, *understood),
        _ => panic!("three columns: {line}"),
    })
}

#[test]
fn queries_of_clients_are_understood() {
    let asking = Asking {
        now: Timestamp::UNIX_EPOCH,
        zone: &TimeZone::UTC,
        me: None,
        names: &Names::default(),
    };
    let mut differing = Vec::new();
    for (origin, query, expected) in samples() {
        let understood = match Query::read(query) {
            Ok(read) => {
                let _ = read.ask(&Seen::everything(), &asking);
                read.to_string()
            }
            Err(error) => format!("error {:?} at {}", error.problem, error.place.byte),
        };
        if understood != expected {
            differing.push(format!("{origin}\t{query}\t{understood}"));
        }
    }
    assert!(
        differing.is_empty(),
        "understood otherwise:\n{}",
        differing.join("\n")
    );
}

#[test]
fn there_are_enough_of_them() {
    assert!(samples().count() >= 60);
}

//! Whatever somebody types: a query is read or refused at a place within it, reads back the same from its own text, can be asked, and
//! marks what it finds within bounds.
//!
//! `cargo +nightly fuzz run search -- -max_total_time=60 -timeout=2 -rss_limit_mb=1024`, with the queries of
//! `shared/search/tests/search/client_queries.tsv` as a start.

#![no_main]

use docket_domain::{Timestamp, TicketNumber, ticket::Ticket};
use docket_search::{Asking, Names, Query, Seen, snippet, words};
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    assert!(words(text).iter().all(|token| token.text.len() <= docket_search::LONGEST_TOKEN_BYTES));
    let query = match Query::read(text) {
        Ok(query) => query,
        Err(error) => {
            assert!(text.is_char_boundary(error.place.byte));
            return;
        }
    };
    assert_eq!(Query::read(&query.to_string()).as_ref(), Ok(&query));
    let asking = Asking {
        now: Timestamp::UNIX_EPOCH,
        zone: &TimeZone::UTC,
        me: None,
        names: &Names::default(),
    };
    let asked = query.ask(&Seen::everything(), &asking);
    let mut head = Ticket::blank(TicketNumber(1));
    head.subject = text.to_owned();
    if asked.words_in_head(&head, None) {
        assert!(asked.matches(&head, None), "what a head finds stands by it");
    }
    if let Some(found) = snippet(text, &query) {
        assert!(found.marks.iter().all(|mark| found.text.get(mark.clone()).is_some()));
    }
});

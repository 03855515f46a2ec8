//! What is asked: kinds of queries as people write them, each with other words every time.

use super::corpus::{Dice, order_number, tag, unspaced_word, word};
use docket_domain::Timestamp;
use docket_search::{Asking, Names, Query, Question, Seen};
use jiff::tz::TimeZone;

/// How many a page shows.
const TAKEN: usize = 30;
/// Words of these ranks are asked for: neither those in every text nor those in none.
const FIRST_RANK: u64 = 20;
const RANKS: u64 = 5_000;

/// A kind of queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    OneWord,
    TwoWords,
    Phrase,
    Prefix,
    ShortPrefix,
    OrderNumber,
    Unspaced,
    Filters,
    WordAndFilters,
}

impl Shape {
    pub(super) const ALL: [Self; 9] = [
        Self::OneWord,
        Self::TwoWords,
        Self::Phrase,
        Self::Prefix,
        Self::ShortPrefix,
        Self::OrderNumber,
        Self::Unspaced,
        Self::Filters,
        Self::WordAndFilters,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::OneWord => "one word",
            Self::TwoWords => "two words",
            Self::Phrase => "a phrase",
            Self::Prefix => "a prefix of four letters",
            Self::ShortPrefix => "a prefix of two letters",
            Self::OrderNumber => "an order number",
            Self::Unspaced => "a word of Chinese",
            Self::Filters => "filters alone",
            Self::WordAndFilters => "a word, filters, by update",
        }
    }

    /// A query of this kind, as somebody types it.
    pub(super) fn query(self, tickets: u64, dice: &mut Dice) -> String {
        let mut some = || word(rank(dice));
        match self {
            Self::OneWord => some(),
            Self::TwoWords => format!("{} {}", some(), some()),
            // Only frequent words are often neighbours.
            Self::Phrase => format!("\"{} {}\"", word(dice.rank(50)), word(dice.rank(50))),
            Self::Prefix => format!("{}*", some().chars().take(4).collect::<String>()),
            Self::ShortPrefix => format!("{}*", some().chars().take(2).collect::<String>()),
            Self::OrderNumber => order_number(1 + dice.below(tickets)),
            Self::Unspaced => unspaced_word(rank(dice)),
            Self::Filters => format!("status<solved priority:urgent tags:{}", tag(dice.rank(50))),
            Self::WordAndFilters => {
                format!(
                    "{} status<solved created>=2026-01-02 order_by:updated sort:desc",
                    some()
                )
            }
        }
    }
}

fn rank(dice: &mut Dice) -> u64 {
    FIRST_RANK + dice.rank(RANKS)
}

/// What the index is asked for a query of an agent who sees everything.
pub(super) fn question(query: &str) -> anyhow::Result<Question> {
    let query = Query::read(query).map_err(|error| anyhow::anyhow!("{query}: {error}"))?;
    let names = Names::default();
    let asking = Asking {
        now: Timestamp::UNIX_EPOCH,
        zone: &TimeZone::UTC,
        me: None,
        names: &names,
    };
    Ok(query.ask(&Seen::everything(), &asking).question(0, TAKEN))
}

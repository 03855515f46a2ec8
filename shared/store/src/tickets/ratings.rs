//! Where ratings and skips are found: beside the events that say so, a small item each that leads to its ticket. Ratings stand by the month
//! in which they were given, skips by the agent.

use crate::{
    StoreError,
    keys::{given_sk, ratings_pk, skips_pk, sortable_time},
    parts::Tickets,
    table::{
        Role, Write,
        item::{Item, s, text_in},
        page::Query,
    },
};
use docket_domain::{PersonId, TicketNumber, Timestamp, ticket::Score};

/// Most months that are looked back: ten years.
const MOST_MONTHS: i32 = 120;

/// A rating, by its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RatingPlace {
    /// When it was given, in milliseconds since 1970.
    pub at: i64,
    /// On which ticket.
    pub ticket: TicketNumber,
    /// Version of its event.
    pub v: u64,
    /// Whether it is a good one.
    pub is_good: bool,
    /// Whether something was said with it.
    pub has_comment: bool,
}

/// A skip, by its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SkipPlace {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Which ticket.
    pub ticket: TicketNumber,
    /// Version of its event.
    pub v: u64,
}

fn place_in(item: &Item) -> Option<(i64, TicketNumber, u64)> {
    let mut parts = text_in(item, "SK")?.split('#');
    let at = parts.next()?.parse().ok()?;
    let ticket = TicketNumber(parts.next()?.parse().ok()?);
    Some((at, ticket, parts.next()?.parse().ok()?))
}

fn first_of_month(at: Timestamp) -> jiff::civil::Date {
    at.to_zoned(jiff::tz::TimeZone::UTC).date().first_of_month()
}

impl Tickets<'_> {
    /// The part that stores where a rating is found.
    pub fn rating_write(
        self,
        at: Timestamp,
        ticket: TicketNumber,
        v: u64,
        score: Score,
        has_comment: bool,
    ) -> Write {
        let tenant = &self.0.settings.tenant;
        let mut item = Item::from([
            ("PK".to_owned(), s(ratings_pk(tenant, first_of_month(at)))),
            ("SK".to_owned(), s(given_sk(at, ticket, v))),
            ("score".to_owned(), s(score.as_str())),
        ]);
        if has_comment {
            item.insert("has_comment".to_owned(), s("yes"));
        }
        Write::put(&self.0.settings.tickets_table, Role::State, item)
    }

    /// The part that stores where a skip is found.
    pub fn skip_write(self, at: Timestamp, ticket: TicketNumber, v: u64, agent: PersonId) -> Write {
        let tenant = &self.0.settings.tenant;
        let item = Item::from([
            ("PK".to_owned(), s(skips_pk(tenant, agent))),
            ("SK".to_owned(), s(given_sk(at, ticket, v))),
        ]);
        Write::put(&self.0.settings.tickets_table, Role::State, item)
    }

    /// Ratings from a time on until another, the newest first, at most `limit`.
    pub async fn ratings(
        self,
        (from, until): (Timestamp, Timestamp),
        limit: usize,
    ) -> Result<Vec<RatingPlace>, StoreError> {
        let now = self.0.now();
        let tenant = &self.0.settings.tenant;
        let until = until.min(now);
        let last = sortable_time(until);
        let mut found: Vec<RatingPlace> = Vec::new();
        let mut month = first_of_month(until);
        for _ in 0..MOST_MONTHS {
            if month < first_of_month(from) || found.len() >= limit {
                break;
            }
            let from_to = vec![(":from", sortable_time(from)), (":to", format!("{last}#~"))];
            let mut query = Query::partition(ratings_pk(tenant, month), limit - found.len())
                .range("SK BETWEEN :from AND :to", from_to);
            query.newest_first = true;
            for item in self.0.query(query).await? {
                let Some((at, ticket, v)) = place_in(&item) else {
                    continue;
                };
                found.push(RatingPlace {
                    at,
                    ticket,
                    v,
                    is_good: text_in(&item, "score") == Some(Score::Good.as_str()),
                    has_comment: text_in(&item, "has_comment").is_some(),
                });
            }
            month = month
                .checked_sub(jiff::ToSpan::months(1))
                .unwrap_or(jiff::civil::Date::MIN);
        }
        found.truncate(limit);
        Ok(found)
    }

    /// The tickets that an agent passed over, the newest first, at most `limit`.
    pub async fn skips_of(self, agent: PersonId, limit: usize) -> Result<Vec<SkipPlace>, StoreError> {
        let pk = skips_pk(&self.0.settings.tenant, agent);
        let mut query = Query::partition(pk, limit);
        query.newest_first = true;
        let items = self.0.query(query).await?;
        let places = items.iter().filter_map(place_in);
        Ok(places
            .map(|(at, ticket, v)| SkipPlace { at, ticket, v })
            .collect())
    }
}

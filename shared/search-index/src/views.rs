//! The tickets of views: asked of the index, in the view's order, each hit held against its head by the same conditions.

use crate::{
    error::IndexError,
    finder::{FindError, Finder, end_of, organizations_of, zone_of},
    kept::reading,
};
use docket_domain::{TicketNumber, Timestamp};
use docket_search::{Asked, Basis, Found, Kind, RefusedQuery, SearchAnswer, SearchRequest, ViewQuestion};
use docket_splits::{After, Answer, SplitError};

/// How many tickets there may be at most for a view without an index: all of them are looked at.
const MOST_LOOKED_AT: u64 = 500;
/// Tickets that are read at once.
const AT_ONCE: u64 = 100;

impl Finder {
    pub(crate) async fn find_view(
        &self,
        view: &ViewQuestion,
        request: &SearchRequest,
    ) -> Result<SearchAnswer, FindError> {
        let asked = self.asked_of(view, request)?;
        let Some((state, opened)) = self.opened().await? else {
            return self.of_heads(view, request).await;
        };
        let watermark = state.until.unwrap_or(Timestamp::UNIX_EPOCH);
        let fresh = self.recent.with(&self.store, opened.splits, watermark).await?;
        // One more than is wanted tells whether there is a next page.
        let question = asked.question(request.skip, request.take.saturating_add(1));
        let after = request.after.map(|end| After {
            group: end.group,
            value: end.created,
            number: end.number,
            kind: end.kind,
        });
        let splits = fresh.splits.clone();
        let answer: Answer = reading(&fresh.splits, move || {
            Ok(match after {
                Some(after) => splits.ask_after(&question, after)?,
                None => splits.ask(&question)?,
            })
        })
        .await
        .map_err(told)?;
        let has_more = answer.hits.len() > request.take;
        let mut answer = answer;
        answer.hits.truncate(request.take);
        let next = end_of(&answer, request.take).filter(|_| has_more);
        let found = self.checked(&asked, &answer.hits).await?;
        Ok(SearchAnswer {
            found,
            count: answer.count,
            next,
            basis: fresh.until.map_or(Basis::Whole, Basis::Until),
            facets: vec![],
        })
    }

    fn asked_of(&self, view: &ViewQuestion, request: &SearchRequest) -> Result<Asked, FindError> {
        let zone = zone_of(request);
        let asked = view.ask(&request.by.seen(), request.by.me(), (self.store.now(), &zone));
        asked.map_err(|wrong| refused(wrong.words))
    }

    /// Without an index: all tickets, as long as they are few, and as far as their heads tell.
    async fn of_heads(
        &self,
        view: &ViewQuestion,
        request: &SearchRequest,
    ) -> Result<SearchAnswer, FindError> {
        let store = &self.store;
        let asked = self.asked_of(view, request)?;
        let last = store.tickets().last_number().await.map_err(IndexError::from)?;
        if last > MOST_LOOKED_AT {
            return Err(IndexError::NotYet.into());
        }
        let mut ends = Vec::new();
        let mut first = 1;
        while first <= last {
            let numbers: Vec<TicketNumber> = (first..=last.min(first + AT_ONCE - 1))
                .map(TicketNumber)
                .collect();
            first += AT_ONCE;
            let mut heads = store.heads_now(&numbers).await.map_err(IndexError::from)?;
            heads.retain(|head| !head.is_deleted());
            let organization_of = organizations_of(store, &heads).await?;
            let around = self.around(&asked, &heads).await?;
            for head in &heads {
                let organization = organization_of.get(&head.requester).copied();
                let known = asked.known_by_head(head, organization, around.get(&head.requester));
                if known.ok_or(IndexError::NotYet)? {
                    ends.push(view.order.end_at(head, organization));
                }
            }
        }
        ends.sort_by_key(|end| view.order.place(end));
        let count = ends.len() as u64;
        let after = request.after.map(|end| view.order.place(&end));
        ends.retain(|end| after.is_none_or(|after| after < view.order.place(end)));
        let rest = ends.split_off(request.skip.min(ends.len()));
        let page = &rest[..request.take.min(rest.len())];
        let found = page.iter().map(|end| Found {
            kind: Kind::Ticket,
            number: end.number,
            place: None,
        });
        Ok(SearchAnswer {
            found: found.collect(),
            count,
            next: page.last().filter(|_| rest.len() > request.take).copied(),
            basis: Basis::Whole,
            facets: vec![],
        })
    }
}

/// A condition that is kept and can't be answered, or not any more.
fn refused(words: String) -> FindError {
    FindError::Refused(RefusedQuery {
        character: 0,
        message: words,
    })
}

/// A condition that too many people or organizations stand by is an answer to whoever asks; all else is a failure.
fn told(error: IndexError) -> FindError {
    match error {
        IndexError::Split(error @ SplitError::TooManyAround { .. }) => refused(error.to_string()),
        error => error.into(),
    }
}

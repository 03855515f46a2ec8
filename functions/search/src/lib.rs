//! Answers what the index of the search is asked. A query that is refused is an answer, too.

use docket_search::{Failed, Finding, SearchAnswer, SearchRequest};

/// Answers one question.
///
/// # Errors
/// When the query is refused, or the index could not be asked.
pub async fn handle(finder: &dyn Finding, request: SearchRequest) -> Result<SearchAnswer, Failed> {
    finder.find(request).await
}

//! What changes something is answered once a power cut does not take it back.

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use embedded_aws::EmbeddedAws;

/// Has what was written until the answer synced before it goes out; requests that come at once share one sync. Where the disk does
/// not take it, the caller hears that it failed: nobody knows what is left of it.
pub(crate) async fn answer_once_kept(
    State(aws): State<EmbeddedAws>,
    request: Request,
    next: Next,
) -> Response {
    let only_reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    let answer = next.run(request).await;
    if only_reads {
        return answer;
    }
    match aws.synced().await {
        Ok(_) => answer,
        Err(error) => {
            tracing::error!(%error, "what was changed can't be kept: the disk does not take it");
            let words = "What was changed can't be kept: the disk does not take it.\n";
            (StatusCode::SERVICE_UNAVAILABLE, words).into_response()
        }
    }
}

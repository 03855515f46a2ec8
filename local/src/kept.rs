//! What changes something is answered once a power cut does not take it back.

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use embedded_aws::EmbeddedAws;
use std::time::{Duration, Instant};

/// A wait for the disk that is worth being told: on a sound one it takes milliseconds.
const LONG: Duration = Duration::from_secs(1);

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
    let began = Instant::now();
    let kept = aws.synced().await;
    let took = began.elapsed();
    if took > LONG {
        let seconds = took.as_secs_f32();
        tracing::warn!(
            seconds,
            "an answer waited {seconds} s for the disk to keep what was changed"
        );
    }
    match kept {
        Ok(_) => answer,
        Err(error) => {
            tracing::error!(%error, "what was changed can't be kept: the disk does not take it");
            let words = "What was changed can't be kept: the disk does not take it.\n";
            (StatusCode::SERVICE_UNAVAILABLE, words).into_response()
        }
    }
}

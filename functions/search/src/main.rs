//! Wiring of the function `search`: a question in, its answer out. It is invoked by those that show what was found.

use docket_search::{Failed, SearchAnswer, SearchRequest};
use docket_search_index::{Finder, SplitsAtHand};
use docket_store::Store;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    docket_lambda::telemetry::start();
    let store = Store::from_environment().await?;
    let at_hand = Arc::new(SplitsAtHand::in_blocks(std::env::temp_dir()));
    let finder = &Finder::new(store, at_hand);
    run(service_fn(move |event: LambdaEvent<SearchRequest>| async move {
        let answer: Result<SearchAnswer, Failed> = search::handle(finder, event.payload).await;
        Ok::<_, Error>(answer)
    }))
    .await
}

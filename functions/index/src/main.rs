//! Wiring of the function `index`: queue `index` in, splits in the bucket out.

use aws_lambda_events::sqs::SqsEvent;
use docket_search_index::SplitsAtHand;
use docket_store::Store;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    docket_lambda::telemetry::start();
    let store = Store::from_environment().await?;
    let store = &store;
    let at_hand = &Arc::new(SplitsAtHand::in_folder(std::env::temp_dir()));
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(index::handle(store, at_hand, event.payload).await?)
    }))
    .await
}

//! Wiring of the function `projector`: queue `projections` in, what is kept beside tickets out.

use aws_lambda_events::sqs::SqsEvent;
use docket_store::Store;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    docket_lambda::telemetry::start();
    let store = Store::from_environment().await?;
    let store = &store;
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(projector::handle(store, event.payload).await?)
    }))
    .await
}

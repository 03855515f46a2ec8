//! Wiring of the function `relay`: the stream of table `tickets` in, queues out.

use aws_lambda_events::dynamodb::Event;
use docket_store::Store;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    docket_lambda::telemetry::start();
    let store = Store::from_environment().await?;
    let store = &store;
    run(service_fn(move |event: LambdaEvent<Event>| async move {
        Ok::<_, Error>(relay::handle(store, event.payload).await?)
    }))
    .await
}

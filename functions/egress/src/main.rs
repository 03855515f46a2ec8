//! Wiring of the function `egress`: queue `egress` in, calls to the outside and their results out.

use aws_lambda_events::sqs::SqsEvent;
use docket_store::Store;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    docket_lambda::telemetry::start();
    let store = Store::from_environment().await?;
    let outside = egress::Internet::new(false);
    let (store, outside) = (&store, &outside);
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(egress::handle(store, outside, event.payload).await?)
    }))
    .await
}

//! Wiring of the function `relay`: the stream of table `tickets` in, queues out.

use aws_lambda_events::dynamodb::Event;
use docket_aws::Desk;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    docket_lambda::telemetry::start();
    let desk = Desk::from_environment().await?;
    let desk = &desk;
    run(service_fn(move |event: LambdaEvent<Event>| async move {
        Ok::<_, Error>(relay::handle(desk, event.payload).await?)
    }))
    .await
}

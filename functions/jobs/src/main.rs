//! Wiring of the function `jobs`: queue `jobs` in, tickets, people and organizations out.

use aws_lambda_events::sqs::SqsEvent;
use docket_desk::Desk;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    docket_lambda::telemetry::start();
    let desk = Desk::from_environment().await?;
    let desk = &desk;
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(jobs::handle(desk, event.payload).await?)
    }))
    .await
}

//! Wiring of the function `assignment`: queue `assignment` in, tickets out.

use aws_lambda_events::sqs::SqsEvent;
use docket_desk::Desk;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    docket_lambda::telemetry::start();
    let desk = Desk::from_environment().await?;
    let desk = &desk;
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(assignment::handle(desk, event.payload).await?)
    }))
    .await
}

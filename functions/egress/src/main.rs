//! Wiring of the function `egress`: queue `egress` in, calls to the outside and their results out.

use aws_lambda_events::sqs::SqsEvent;
use docket_aws::Desk;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    docket_lambda::telemetry::start();
    let desk = Desk::from_environment().await?;
    let outside = egress::Internet::new(false);
    let (desk, outside) = (&desk, &outside);
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(egress::handle(desk, outside, event.payload).await?)
    }))
    .await
}

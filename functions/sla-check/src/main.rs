//! Wiring of the function `sla-check`: the clock's tick and queue `timers` in, tickets and nudges out.

use docket_desk::Desk;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    docket_lambda::telemetry::start();
    let desk = Desk::from_environment().await?;
    let desk = &desk;
    run(service_fn(
        move |event: LambdaEvent<serde_json::Value>| async move {
            Ok::<_, Error>(sla_check::handle(desk, event.payload).await?)
        },
    ))
    .await
}

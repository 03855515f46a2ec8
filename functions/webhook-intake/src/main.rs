//! Wiring of the function `webhook-intake`: HTTP calls of channels in, tickets out.

use docket_desk::Desk;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    docket_lambda::telemetry::start();
    let desk = Desk::from_environment().await?;
    lambda_http::run(webhook_intake::app(desk)).await
}

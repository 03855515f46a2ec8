//! The Lambda function `api`.

use docket_desk::Desk;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    docket_lambda::telemetry::start();
    let desk = Desk::from_environment_with_search().await?;
    lambda_http::run(api::app(desk))
        .await
        .map_err(anyhow::Error::from_boxed)
}

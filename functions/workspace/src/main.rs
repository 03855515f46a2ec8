//! The Lambda function `workspace`.

use docket_desk::Desk;
use docket_lambda::telemetry;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    telemetry::start();
    let desk = Desk::from_environment_with_search().await?;
    lambda_http::run(workspace::app(desk))
        .await
        .map_err(|error| anyhow::anyhow!(error))
}

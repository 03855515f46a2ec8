//! `routing/backtest`: where past tickets would have gone with other rules.

use super::{Window, answer, draft::draft};
use crate::kit::{call::Call, error::ApiError, input::Sent};
use axum::Json;
use docket_rules::{
    CheckedBook,
    past_tickets::{self, BackTest},
};
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    rules: Value,
    #[serde(default)]
    since: Option<String>,
    #[serde(default)]
    after: Option<u64>,
    #[serde(default)]
    limit: Option<u64>,
}

/// `POST routing/backtest`. Changes nothing.
pub(crate) async fn backtest(call: Call, sent: Sent) -> Result<Json<Value>, ApiError> {
    let asked: Asked = sent.read_whole()?;
    let window = Window::of(&call, asked.since.as_deref(), asked.after, asked.limit)?;
    let book = call.desk.rules().book().await?;
    let draft = CheckedBook::new(draft(&call, &book, &asked.rules).await?);
    let books = [Arc::new(CheckedBook::new(book)), Arc::new(draft)];
    let mut test = BackTest::new(&books[1]);
    let numbers = window.numbers(&call).await?;
    let setup = call.desk.setup().await?;
    {
        let seen = call
            .desk
            .rules()
            .past_tickets(&numbers.numbers, window.from, &books, &setup);
        let mut seen = std::pin::pin!(seen);
        while let Some(seen) = seen.next().await {
            seen?.back_test(&mut test);
        }
    }
    let not_known = past_tickets::not_known(&[&books[0], &books[1]]);
    let answer = answer(&call, "backtest", &window, &numbers, json!(test), not_known);
    answer.await.map(Json)
}

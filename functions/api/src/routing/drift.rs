//! `routing/drift`: rules in force that do nothing of use.

use super::{Window, answer};
use crate::kit::{call::Call, error::ApiError};
use axum::Json;
use docket_rules::{
    CheckedBook,
    past_tickets::{self, Drift},
};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET routing/drift?since=&after=&limit=`.
pub(crate) async fn drift(call: Call) -> Result<Json<Value>, ApiError> {
    let number = |name: &'static str| match call.address.parameter(name) {
        None => Ok(None),
        Some(text) => match text.parse::<u64>() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(ApiError::invalid(name, "has to be a number")),
        },
    };
    let since = call.address.parameter("since");
    let window = Window::of(&call, since, number("after")?, number("limit")?)?;
    let books = [Arc::new(CheckedBook::new(call.desk.rules().book().await?))];
    let mut drift = Drift::new(&books[0], window.from);
    let numbers = window.numbers(&call).await?;
    let setup = call.desk.setup().await?;
    {
        let seen = call
            .desk
            .rules()
            .past_tickets(&numbers.numbers, window.from, &books, &setup);
        let mut seen = std::pin::pin!(seen);
        while let Some(seen) = seen.next().await {
            seen?.drift(&mut drift);
        }
    }
    let mut not_known = past_tickets::not_known(&[&books[0]]);
    not_known.push(past_tickets::NOT_KNOWN_OF_TRIGGERS.to_owned());
    let answer = answer(
        &call,
        "drift",
        &window,
        &numbers,
        json!(drift.report()),
        not_known,
    );
    answer.await.map(Json)
}

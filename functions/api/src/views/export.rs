//! `GET views/{id}/export`: the rows of a view as a table of values with commas between them (RFC 4180).

use super::{
    columns::title_of,
    execute::{ask, cells, columns_of, heads_of},
    output::order_of,
    seen,
};
use crate::kit::{
    call::{Call, Ids},
    error::ApiError,
};
use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, header};
use serde_json::{Value, json};

/// Most rows of an export: what is read for one answer has an end.
const MOST_ROWS: usize = 1_000;
/// Rows that are read at once.
const AT_ONCE: usize = 100;

/// The table in the record that clients expect; or by itself for whoever accepts `text/csv`.
pub(super) async fn export(call: Call, Ids(id): Ids<u64>, headers: HeaderMap) -> Result<Response, ApiError> {
    let view = seen(&call, id).await?;
    let columns = columns_of(&view);
    let order = order_of(&view.output);
    let mut table = line(columns.iter().map(|column| title_of(column).to_owned()));
    let mut after = None;
    let mut rows = 0;
    loop {
        let answer = ask(&call, &view, order, (0, AT_ONCE), after).await?;
        if answer.count > MOST_ROWS as u64 {
            let words = format!(
                "the view has {} tickets, and an export has at most {MOST_ROWS}: page through views/{id}/execute by cursor",
                answer.count
            );
            return Err(ApiError::invalid("view", words));
        }
        let heads = heads_of(&call, &answer).await?;
        rows += heads.len();
        for row in cells(&call, &columns, &heads).await? {
            table.push_str(&line(columns.iter().map(|column| cell(&row[column]))));
        }
        after = answer.next;
        if after.is_none() || rows >= MOST_ROWS {
            break;
        }
    }
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accepts.is_some_and(|accepts| accepts.contains("text/csv")) {
        let name = format!("attachment; filename=\"view-{id}.csv\"");
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ];
        return Ok((headers, table).into_response());
    }
    let export = json!({ "view_id": id, "status": "completed", "rows": rows, "csv": table });
    Ok(Json(json!({ "export": export })).into_response())
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
    format!("{}\r\n", cells.join(","))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A cell. What a spreadsheet would take for a formula, somebody outside may have written: an apostrophe makes it a text.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if is_formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_is_quoted_where_it_has_to_be_and_never_a_formula() {
        for (cell, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"\nthere", "\"say \"\"hi\"\"\nthere\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("", ""),
        ] {
            assert_eq!(quoted(cell), expected);
        }
    }
}

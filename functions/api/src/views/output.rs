//! What a view shows and in which order, as it is sent.

use super::columns::column_named;
use crate::kit::{
    error::ApiError,
    input::{removable_text, text},
};
use docket_domain::view::{MOST_COLUMNS, ViewOutput, ViewSort};
use docket_search::{ViewColumn, ViewOrder, ViewSorted};
use serde::Deserialize;
use serde_json::Value;

/// As sent: by names, or in the form in which it is shown.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OutputFields {
    columns: Option<Vec<Value>>,
    #[serde(deserialize_with = "removable_text")]
    group_by: Option<Option<String>>,
    #[serde(deserialize_with = "text")]
    group_order: Option<String>,
    group: Option<Value>,
    #[serde(deserialize_with = "removable_text")]
    sort_by: Option<Option<String>>,
    #[serde(deserialize_with = "text")]
    sort_order: Option<String>,
    sort: Option<Value>,
}

impl OutputFields {
    /// The output after this was put into it; `root` is what the record's field is called.
    pub fn put_into(&self, output: &mut ViewOutput, root: &str) -> Result<(), ApiError> {
        if let Some(columns) = &self.columns {
            output.columns = columns_of(columns, &format!("{root}.columns"))?;
        }
        let group = Sent {
            by: &self.group_by,
            order: &self.group_order,
            whole: &self.group,
            names: [&format!("{root}.group_by"), &format!("{root}.group_order")],
        };
        group.put_into(&mut output.group, true)?;
        let sort = Sent {
            by: &self.sort_by,
            order: &self.sort_order,
            whole: &self.sort,
            names: [&format!("{root}.sort_by"), &format!("{root}.sort_order")],
        };
        sort.put_into(&mut output.sort, false)
    }
}

/// An order as sent.
struct Sent<'a> {
    by: &'a Option<Option<String>>,
    order: &'a Option<String>,
    whole: &'a Option<Value>,
    names: [&'a str; 2],
}

impl Sent<'_> {
    fn put_into(&self, sort: &mut Option<ViewSort>, is_group: bool) -> Result<(), ApiError> {
        let [by_name, order_name] = self.names;
        let in_whole = |name: &str| {
            let whole = self.whole.as_ref()?;
            whole[name].as_str().map(str::to_owned)
        };
        let by = self.by.clone().or_else(|| in_whole("id").map(Some));
        let descending = match self.order.clone().or_else(|| in_whole("order")) {
            Some(order) => Some(is_descending(&order, order_name)?),
            None => None,
        };
        match by {
            Some(None) => *sort = None,
            Some(Some(column)) => {
                let column = ordered_by(&column, by_name, is_group)?;
                let before = sort.as_ref().is_some_and(|sort| sort.descending);
                let descending = descending.unwrap_or(before);
                *sort = Some(ViewSort { column, descending });
            }
            None => {
                if let (Some(sort), Some(descending)) = (sort, descending) {
                    sort.descending = descending;
                }
            }
        }
        Ok(())
    }
}

/// Which way an order goes.
pub(super) fn is_descending(order: &str, field: &str) -> Result<bool, ApiError> {
    match order.trim().to_ascii_lowercase().as_str() {
        "" | "asc" => Ok(false),
        "desc" => Ok(true),
        _ => Err(ApiError::invalid(
            field,
            format!("{order:?} is neither asc nor desc"),
        )),
    }
}

/// A column that views can be ordered by.
pub(super) fn ordered_by(name: &str, field: &str, is_group: bool) -> Result<String, ApiError> {
    let name = name.trim();
    let column = ViewColumn::named(name).filter(|column| !is_group || *column != ViewColumn::Number);
    if column.is_some() {
        return Ok(name.to_owned());
    }
    let known: Vec<&str> = ViewColumn::names()
        .filter(|known| !is_group || *known != "nice_id")
        .collect();
    let words = format!("views have no order by {name:?}: one of {}", known.join(", "));
    Err(ApiError::invalid(field, words))
}

fn columns_of(sent: &[Value], field: &str) -> Result<Vec<String>, ApiError> {
    let mut columns: Vec<String> = Vec::new();
    for value in sent {
        let value = value.get("id").unwrap_or(value);
        let name = match value {
            Value::String(name) => name.clone(),
            Value::Number(number) => number.to_string(),
            other => return Err(ApiError::invalid(field, format!("{other} is no column"))),
        };
        let column = column_named(&name, field)?;
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    if columns.len() > MOST_COLUMNS {
        return Err(ApiError::invalid(
            field,
            format!("a view has at most {MOST_COLUMNS} columns"),
        ));
    }
    Ok(columns)
}

/// The order of a view, as the index is asked for it: the newest tickets first unless it says otherwise.
pub(super) fn order_of(output: &ViewOutput) -> ViewOrder {
    let sorted = |sort: &ViewSort| {
        let by = ViewColumn::named(&sort.column)?;
        Some(ViewSorted {
            by,
            descending: sort.descending,
        })
    };
    let newest = ViewSorted {
        by: ViewColumn::Created,
        descending: true,
    };
    ViewOrder {
        group: output.group.as_ref().and_then(sorted),
        sort: output.sort.as_ref().and_then(sorted).unwrap_or(newest),
    }
}

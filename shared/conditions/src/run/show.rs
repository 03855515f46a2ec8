//! How an explanation shows a value.

use std::fmt::Write;

use super::value::Value;
use crate::limits::LONGEST_SHOWN;

/// A value in at most [`LONGEST_SHOWN`] characters; a longer one ends in `…`.
pub(super) fn value(value: &Value<'_>) -> String {
    let mut shown = String::with_capacity(24);
    write(&mut shown, value);
    if let Some((end, _)) = shown.char_indices().nth(LONGEST_SHOWN) {
        let last = shown[..end].char_indices().next_back().map_or(0, |(at, _)| at);
        shown.truncate(last);
        shown.push('…');
    }
    shown
}

fn write(shown: &mut String, value: &Value<'_>) {
    // Writing to a string does not fail.
    let _ = match value {
        Value::Null => shown.write_str("absent"),
        Value::Bool(value) => write!(shown, "{value}"),
        Value::Int(value) => write!(shown, "{value}"),
        Value::Double(value) => write!(shown, "{value}"),
        Value::Text(text) => {
            let start = text
                .char_indices()
                .nth(LONGEST_SHOWN)
                .map_or(text.len(), |(at, _)| at);
            write!(shown, "{:?}", &text[..start])
        }
        Value::Timestamp(at) => write!(shown, "{at}"),
        Value::Duration(duration) => write!(shown, "{duration:#}"),
        Value::List(list) => {
            shown.push('[');
            for index in 0..list.len() {
                if shown.len() > LONGEST_SHOWN * 4 {
                    break;
                }
                if index > 0 {
                    shown.push_str(", ");
                }
                write(shown, &list.get(index).unwrap_or(Value::Null));
            }
            shown.push(']');
            Ok(())
        }
        Value::Fields(fields) => write!(shown, "a map with {} keys", fields.len()),
    };
}

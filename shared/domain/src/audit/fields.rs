//! The fields of a subject, each a plain value under the path that leads to it.

use super::Field;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Fields by their path: `role`, `assignment.strategy`, `mailboxes.2.name`. A list is one value.
pub type Fields = BTreeMap<String, Value>;

/// The fields of a value, without those of these names at its top.
///
/// # Errors
/// When it has no JSON.
pub fn fields_of(value: &impl Serialize, without: &[&str]) -> Result<Fields, serde_json::Error> {
    let mut fields = Fields::new();
    let mut json = serde_json::to_value(value)?;
    if let Some(members) = json.as_object_mut() {
        members.retain(|name, _| !without.contains(&name.as_str()));
    }
    add(json, String::new(), &mut fields);
    Ok(fields)
}

fn add(value: Value, at: String, fields: &mut Fields) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let at = if at.is_empty() {
                    name
                } else {
                    format!("{at}.{name}")
                };
                add(value, at, fields);
            }
        }
        Value::Null => {}
        value => drop(fields.insert(at, value)),
    }
}

/// The fields that are not the same before and after.
pub fn differences(before: &Fields, after: &Fields) -> BTreeMap<String, Field> {
    let names = before.keys().chain(after.keys());
    let each = names.filter_map(|name| {
        let (from, to) = (before.get(name), after.get(name));
        (from != to).then(|| {
            let (from, to) = (from.cloned(), to.cloned());
            (name.clone(), Field { from, to })
        })
    });
    each.collect()
}

//! A draft of the rules as a call sends it: `docket.yaml` as a text, or the same as JSON.

use crate::kit::{
    call::Call,
    error::{ApiError, Problem},
};
use docket_desk_file::{DeskNames, Problems, parse};
use docket_domain::{people::person::Identity, sla::Book};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};

/// The book that a draft makes of the one in force. Sections that it leaves out stay as they are.
pub(super) async fn draft(call: &Call, book: &Book, rules: &Value) -> Result<Arc<Book>, ApiError> {
    let text = match rules {
        Value::Null => return Err(ApiError::blank("rules")),
        Value::String(text) => text.clone(),
        // JSON is YAML.
        Value::Object(_) => rules.to_string(),
        _ => {
            let words = "has to be the text of a docket.yaml, or the same as an object";
            return Err(ApiError::invalid("rules", words));
        }
    };
    let written = parse(&text).map_err(|problems| refused(&problems))?;
    let names = names(call, &written.addresses()).await?;
    let import = |_: &str| Err("a call can't bring other files along".to_owned());
    let outcome = written
        .book(book, Some(&names), &import)
        .map_err(|problems| refused(&problems))?;
    Ok(Arc::new(outcome.book))
}

/// The names of the desk, with the people of these addresses.
async fn names(call: &Call, addresses: &BTreeSet<String>) -> Result<DeskNames, ApiError> {
    let mut names = DeskNames::default();
    for group in call.desk.groups().all().await? {
        names.groups.insert(group.name, group.id);
    }
    let setup = call.desk.setup().await?;
    names.mailboxes = setup.mail_addresses().map(str::to_owned).collect();
    for address in addresses {
        if let Some(person) = call.desk.people().find(&Identity::email(address)).await? {
            names.people.insert(address.clone(), person.id);
            if person.role.is_staff() {
                names.agents.insert(address.clone(), person.id);
            }
        }
    }
    Ok(names)
}

/// Everything that is wrong, each with its place.
fn refused(problems: &Problems) -> ApiError {
    let all = problems.iter().map(|problem| Problem {
        field: match problem.path.as_str() {
            "" => "rules".to_owned(),
            path => format!("rules.{path}"),
        },
        kind: "InvalidValue",
        words: format!("line {}: {}", problem.place.line, problem.message),
    });
    ApiError::Invalid(all.collect())
}

//! Rules looked for by their names, and several changed or taken away at once.

use super::{Of, checked, fields::RuleFields, listed_of, order, place, refuse_restriction};
use crate::{
    filters::Names,
    kit::{
        call::{API, Call},
        configuration::{book_error, done},
        error::ApiError,
        input::{Sent, read_record},
        paging::written_ids,
    },
};
use axum::{Extension, Json};
use docket_domain::{
    RuleId,
    rule::{MOST_OF_A_KIND, Rule},
    sla::Book,
};
use http::StatusCode;
use serde_json::Value;

/// `GET …/search?query=`: those whose names have these words in them.
pub(crate) async fn search(call: Call, Extension(of): Extension<Of>) -> Result<Json<Value>, ApiError> {
    let query = call.address.parameter("query").unwrap_or_default().to_lowercase();
    if query.trim().is_empty() {
        return Err(ApiError::blank("query"));
    }
    let book = call.desk.rules().book().await?;
    let mut rules = book.rules.of_kind(of.0);
    rules.retain(|rule| {
        let name = rule.name.to_lowercase();
        query.split_whitespace().all(|word| name.contains(word))
    });
    listed_of(&call, of, &book, rules).await
}

/// Those that the call's filters leave, in the order asked for.
pub(super) fn filtered<'b>(
    call: &Call,
    book: &'b Book,
    mut rules: Vec<&'b Rule>,
) -> Result<Vec<&'b Rule>, ApiError> {
    let parameter = |name: &str| call.address.parameter(name).filter(|value| !value.is_empty());
    if let Some(active) = call.address.flag("active")? {
        rules.retain(|rule| rule.is_active == active);
    }
    if let Some(category) = parameter("category_id") {
        let category = category.parse::<u64>();
        let category = category.map_err(|_| ApiError::invalid("category_id", "is no category's id"))?;
        rules.retain(|rule| book.rules.category_of(rule.id) == Some(category));
    }
    if let Some(category) = parameter("category") {
        rules.retain(|rule| category_in(&rule.name) == Some(category));
    }
    if call.address.path.starts_with("/macros") {
        match parameter("access") {
            // All macros are for everybody.
            None | Some("shared" | "account" | "agents") => {}
            Some("personal") => rules.clear(),
            Some(_) => {
                let words = "is none of personal, agents, shared, account";
                return Err(ApiError::invalid("access", words));
            }
        }
        match parameter("only_viewable") {
            None | Some("false") => {}
            // Only those in use can be used.
            Some("true") => rules.retain(|rule| rule.is_active),
            Some(_) => return Err(ApiError::invalid("only_viewable", "is neither true nor false")),
        }
    }
    let times = |rule: &Rule| book.rules.rule_times.get(&rule.id);
    let sort = parameter("sort").map(|sort| sort.trim_start_matches('-'));
    match parameter("sort_by").or(sort) {
        None | Some("position") => {}
        Some("alphabetical" | "title") => rules.sort_by_key(|rule| (rule.name.to_lowercase(), rule.id)),
        Some("created_at") => rules.sort_by_key(|rule| (times(rule).map(|times| times.created_at), rule.id)),
        Some("updated_at") => rules.sort_by_key(|rule| (times(rule).map(|times| times.updated_at), rule.id)),
        Some("id") => rules.sort_by_key(|rule| rule.id),
        Some(_) => {
            let words = "is none of alphabetical, created_at, updated_at, position";
            return Err(ApiError::invalid("sort_by", words));
        }
    }
    let is_turned = parameter("sort").is_some_and(|sort| sort.starts_with('-'));
    match parameter("sort_order").map(str::to_ascii_lowercase).as_deref() {
        Some("desc") => rules.reverse(),
        None if is_turned => rules.reverse(),
        Some("asc") | None => {}
        Some(_) => return Err(ApiError::invalid("sort_order", "is neither asc nor desc")),
    }
    Ok(rules)
}

/// What stands before `::` in a name: what clients sort macros into.
pub(super) fn category_in(name: &str) -> Option<&str> {
    let (category, _) = name.split_once("::")?;
    Some(category.trim()).filter(|category| !category.is_empty())
}

/// `PUT …/update_many`: all of them or none.
pub(crate) async fn update_many(
    call: Call,
    Extension(of): Extension<Of>,
    sent: Sent,
) -> Result<Json<Value>, ApiError> {
    let body: Value = sent.read_whole()?;
    let list = of.list();
    let records = body[list].as_array();
    let records = records.ok_or_else(|| ApiError::invalid(list, "has to be a list"))?;
    if records.is_empty() || records.len() > MOST_OF_A_KIND {
        let words = format!("has to name 1 to {MOST_OF_A_KIND} of them");
        return Err(ApiError::invalid(list, words));
    }
    let mut changes: Vec<(RuleId, RuleFields)> = Vec::new();
    for (nth, record) in records.iter().enumerate() {
        let id = record["id"].as_u64().map(RuleId);
        let id = id.ok_or_else(|| ApiError::blank(&format!("{list}[{nth}].id")))?;
        if changes.iter().any(|(known, _)| *known == id) {
            let words = format!("{id} stands there twice");
            return Err(ApiError::invalid(&format!("{list}[{nth}].id"), words));
        }
        let fields: RuleFields = read_record(record.clone(), &format!("{list}[{nth}]"))?;
        refuse_restriction(of, record)?;
        fields.check_people(&call).await?;
        changes.push((id, fields));
    }
    let names = Names::of(&call).await?;
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            for (id, fields) in &changes {
                let place = place(book, of, *id)?;
                let rule = fields.put_into(book.rules.rules[place].clone(), &names)?;
                checked(&rule, &names)?;
                fields.put_category(book, of, *id)?;
                if fields.position().is_some() {
                    order::make_room(book, &rule)?;
                }
                book.rules.rules[place] = rule;
            }
            book.check().map_err(|error| book_error(&error))
        })
        .await?;
    let book = done(changed)?;
    let ids: Vec<RuleId> = changes.iter().map(|(id, _)| *id).collect();
    let mut rules = book.rules.of_kind(of.0);
    rules.retain(|rule| ids.contains(&rule.id));
    listed_of(&call, of, &book, rules).await
}

/// `DELETE …/destroy_many?ids=1,2`: all of them or none.
pub(crate) async fn destroy_many(call: Call, Extension(of): Extension<Of>) -> Result<StatusCode, ApiError> {
    let ids = written_ids(call.address.parameter("ids").unwrap_or_default())?;
    if ids.is_empty() {
        return Err(ApiError::blank("ids"));
    }
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            book.rules.last_rule_id = book.rules.next_rule_id().0 - 1;
            for id in &ids {
                let place = place(book, of, RuleId(*id))?;
                book.rules.rules.remove(place);
            }
            Ok(())
        })
        .await?;
    done(changed)?;
    Ok(StatusCode::NO_CONTENT)
}

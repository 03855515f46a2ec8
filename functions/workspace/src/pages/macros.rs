//! Macros in the form of an answer: what one says is put into the form, to be read, changed and sent by its agent.

use super::{
    ticket::{newest, show_again},
    ticket_page::Returned,
};
use crate::{
    came_from::CameFrom,
    failure::Failure,
    form::Chosen,
    models::{offered_macros::offered, typed::Typed},
    refusals::said,
    session::SignedIn,
};
use axum::{http::StatusCode, response::Response};
use docket_desk::Desk;
use docket_domain::{
    RuleId, TicketNumber,
    rule::{Rule, RuleAction, Text},
    ticket::{Rules as _, Update},
};

/// Shows the form again with the chosen macro in it, below what was typed. Nothing is saved.
pub async fn insert(
    desk: &Desk,
    signed_in: &SignedIn,
    (number, from): (TicketNumber, CameFrom),
    typed: &Typed,
    chosen: &Chosen,
) -> Result<Response, Failure> {
    let part = newest(desk, number).await?;
    let ticket = &part.file.ticket;
    let me = signed_in.person.id;
    let rules = desk.rules().to_write(ticket, me).await?;
    let wanted = typed.macro_id.parse::<RuleId>().ok();
    let offered = offered(&rules.checked().book().rules);
    let rule = offered.into_iter().find(|rule| Some(rule.id) == wanted);
    let mut typed = typed.clone();
    let problem = match rule {
        None => Some(t!("Choose a macro first.").to_owned()),
        Some(rule) => {
            let fill =
                |text: &Text, public| rules.write(text, ticket, public).map(|written| written.text.text);
            let unwritten = |english| said(english, t!("The text of this macro can't be written."));
            put_into(&mut typed, rule, &me.to_string(), fill)
                .err()
                .map(unwritten)
        }
    };
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let returned = Returned {
        typed,
        files: chosen.names.clone(),
        problem,
        news: vec![],
        preview: false,
        status,
    };
    show_again(desk, signed_in, part, from, returned).await
}

/// Puts what the form has fields for into it, and remembers the macro for the rest.
fn put_into(
    typed: &mut Typed,
    rule: &Rule,
    me: &str,
    fill: impl Fn(&Text, bool) -> Result<String, String>,
) -> Result<(), String> {
    for action in &rule.actions {
        match action {
            RuleAction::Reply(text) | RuleAction::AddNote(text) => {
                let public = matches!(action, RuleAction::Reply(_));
                let filled = fill(text, public)?;
                typed.text = match typed.text.trim_end() {
                    "" => filled,
                    before => format!("{before}\n\n{filled}"),
                };
                typed.visibility = if public { "public" } else { "internal" }.to_owned();
            }
            RuleAction::SetStatus(status) => status.as_str().clone_into(&mut typed.status),
            RuleAction::SetPriority(priority) => priority.as_str().clone_into(&mut typed.priority),
            RuleAction::AssignToActor => me.clone_into(&mut typed.assignee),
            RuleAction::SetAssignee(agent) => {
                typed.assignee = agent.map_or_else(String::new, |agent| agent.to_string());
            }
            _ => {}
        }
    }
    if !typed.macros.is_empty() {
        typed.macros.push(',');
    }
    typed.macros.push_str(&rule.id.to_string());
    Ok(())
}

/// What the macros of a form do that it has no fields for.
pub fn add_rest(update: &mut Update, macros: &[&Rule]) {
    for action in macros.iter().flat_map(|rule| &rule.actions) {
        match action {
            RuleAction::AddTags(tags) => {
                update.remove_tags.retain(|tag| !tags.contains(tag));
                update.add_tags.extend(tags.iter().cloned());
            }
            RuleAction::RemoveTags(tags) => {
                update.add_tags.retain(|tag| !tags.contains(tag));
                update.remove_tags.extend(tags.iter().cloned());
            }
            RuleAction::SetType(kind) => update.ticket_type = Some(*kind),
            RuleAction::SetGroup(group) => update.group = Some(*group),
            RuleAction::SetField { name, value } => drop(update.fields.insert(name.clone(), value.clone())),
            RuleAction::SetForm(form) => update.form = Some(Some(*form)),
            RuleAction::SetCustomStatus(status) => update.custom_status = Some(*status),
            RuleAction::AddCcs(people) => update.add_ccs.extend(people),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::offered_macros::{macro_that, rest_in_words};
    use docket_domain::ticket::{Priority, Status};

    #[test]
    fn a_macro_fills_the_form_below_what_was_typed_and_loses_nothing() {
        let mut typed = Typed {
            text: "Hello Ann,\n".to_owned(),
            ..Typed::default()
        };
        let rule = macro_that(vec![
            RuleAction::Reply(Text::Template("restart".to_owned())),
            RuleAction::SetStatus(Status::Pending),
            RuleAction::SetPriority(Priority::Low),
            RuleAction::AssignToActor,
            RuleAction::AddTags(vec!["restart".to_owned()]),
        ]);
        put_into(&mut typed, &rule, "2", |_, _| Ok("please restart it.".to_owned())).unwrap();
        assert_eq!(typed.text, "Hello Ann,\n\nplease restart it.");
        assert_eq!(
            (
                typed.status.as_str(),
                typed.priority.as_str(),
                typed.assignee.as_str()
            ),
            ("pending", "low", "2")
        );
        assert_eq!(
            (typed.visibility.as_str(), typed.macros.as_str()),
            ("public", "4")
        );
        assert_eq!(
            rest_in_words(&rule),
            "sets the priority to low, gives you the ticket, adds the tags restart"
        );
        let mut update = Update::default();
        add_rest(&mut update, &[&rule]);
        assert_eq!(update.add_tags, ["restart"]);
    }

    #[test]
    fn a_text_that_can_t_be_filled_in_leaves_the_form_as_it_was() {
        let mut typed = Typed {
            text: "Hello".to_owned(),
            ..Typed::default()
        };
        let rule = macro_that(vec![RuleAction::Reply(Text::Template("gone".to_owned()))]);
        let refused = put_into(&mut typed, &rule, "2", |_, _| {
            Err("there is no template".to_owned())
        });
        assert!(refused.is_err());
        assert_eq!((typed.text.as_str(), typed.macros.as_str()), ("Hello", ""));
    }
}

//! Whether rules and templates can come into force: the one question that whoever stores them asks.

use crate::{
    checked_rules::{BadRule, check_rule},
    texts::{TextWrong, check_text},
};
use docket_conditions::Vocabulary;
use docket_domain::rule::{RuleBook, RuleBookError, Template};

/// Rules or templates that can't come into force.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BadRules {
    /// They do not hold together, or a part is not whole.
    #[error(transparent)]
    Book(#[from] RuleBookError),
    /// A rule's condition or text can't be used.
    #[error(transparent)]
    Rule(#[from] BadRule),
    /// A template can't be filled in.
    #[error(transparent)]
    Template(#[from] BadTemplate),
}

/// A template that can't be filled in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("template {name:?}, language {language:?}: {wrong}")]
pub struct BadTemplate {
    /// What it is called.
    pub name: String,
    /// In which language the mistake is.
    pub language: String,
    /// What is wrong.
    pub wrong: TextWrong,
}

/// Checks all rules and templates before they come into force: that each is whole, that they hold together, that conditions
/// know the words of the desk, and that texts show what there is.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_rules(book: &RuleBook, vocabulary: &Vocabulary) -> Result<(), BadRules> {
    book.check()?;
    for rule in &book.rules {
        check_rule(rule, vocabulary)?;
    }
    for template in &book.templates {
        check_template(template)?;
    }
    Ok(())
}

/// Checks what a template shows.
///
/// # Errors
/// The first language whose text can't be filled in.
pub fn check_template(template: &Template) -> Result<(), BadTemplate> {
    for (language, text) in &template.texts {
        check_text(text).map_err(|wrong| BadTemplate {
            name: template.name.clone(),
            language: language.clone(),
            wrong,
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{
        RuleId,
        rule::{Rule, RuleAction, RuleKind, TemplateText, Text},
    };
    use std::collections::BTreeMap;

    fn text(body: &str) -> TemplateText {
        TemplateText {
            subject: None,
            body: body.to_owned(),
        }
    }

    fn book(condition: &str, own: &str, german: &str) -> RuleBook {
        RuleBook {
            rules: vec![Rule {
                id: RuleId(1),
                kind: RuleKind::Trigger,
                name: "Greet".to_owned(),
                description: String::new(),
                position: 1,
                condition: condition.to_owned(),
                actions: vec![
                    RuleAction::Reply(Text::Template("hello".to_owned())),
                    RuleAction::AddNote(Text::Own(text(own))),
                ],
                is_last: false,
                budget: 10,
                is_active: true,
                timing: None,
            }],
            templates: vec![Template {
                name: "hello".to_owned(),
                default_language: "en".to_owned(),
                texts: BTreeMap::from([
                    ("en".to_owned(), text("Hello {{ requester.name }}")),
                    ("de".to_owned(), text(german)),
                ]),
            }],
            last_rule_id: 1,
            ..RuleBook::default()
        }
    }

    fn refused(book: &RuleBook) -> String {
        let vocabulary = Vocabulary {
            groups: Some(["Support".to_owned()].into()),
            ..Vocabulary::default()
        };
        check_rules(book, &vocabulary).map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn rules_come_into_force_only_where_every_part_of_them_can_be_used() {
        let support = r#"ticket.group == "Support""#;
        let hello = "Hallo {{ requester.name }}";
        assert_eq!(refused(&book(support, "greeted", hello)), "");
        assert_eq!(
            refused(&book(r#"ticket.group == "Suport""#, "greeted", hello)),
            "trigger \"Greet\": line 1, column 17: no group is \"Suport\"; did you mean `Support`?"
        );
        assert!(
            refused(&book(support, "{{ ticket.secret }}", hello))
                .starts_with("trigger \"Greet\": action 2: ticket.secret is none of ticket.number")
        );
        assert!(
            refused(&book(support, "greeted", "{% if %}"))
                .starts_with("template \"hello\", language \"de\": line 1")
        );
        let mut without = book(support, "greeted", hello);
        without.templates.clear();
        assert_eq!(
            refused(&without),
            "trigger \"Greet\" writes the template \"hello\", which is not there"
        );
    }
}

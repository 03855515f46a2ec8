//! What rules write: templates in Jinja, filled in with what is known of a ticket.
//!
//! A text comes out as plain text, and whoever makes HTML of it escapes all of it: what a customer wrote in a subject
//! stays text. Unknown names are refused when the text is saved.

mod first_name;
#[cfg(test)]
mod first_name_tests;
mod gaps;
mod words;

use docket_conditions::Facts;
use docket_domain::rule::TemplateText;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

/// Most steps of one filling: a template that loops for longer is an error.
const MOST_STEPS: u64 = 10_000;
/// Most bytes of a filled text: the longest comment.
const MOST_BYTES: usize = docket_domain::contact::comment::LONGEST_TEXT_BYTES;

/// Every name that a text can show, with what it is.
pub const TEXT_NAMES: [(&str, &str); 13] = [
    ("ticket.number", "the number"),
    ("ticket.subject", "what it is about"),
    ("ticket.status", "where it stands"),
    ("ticket.priority", "how urgent it is"),
    ("ticket.type", "what kind of request it is"),
    ("ticket.group", "the name of the group that works on it"),
    ("ticket.url", "where agents find it"),
    ("requester.name", "the name of the person who asks"),
    (
        "requester.first_name",
        "the first name in it; nothing where none can be made out",
    ),
    ("requester.email", "their address"),
    ("organization.name", "the name of their organization"),
    ("agent.name", "in a macro: the name of the agent who runs it"),
    ("brand", "the name of the desk"),
];

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextWrong {
    /// It is no template, or runs too long.
    #[error("{}{what}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    Invalid {
        /// In which line of it, from 1, where that is known.
        line: Option<usize>,
        /// What is wrong.
        what: String,
    },
    /// It shows what there is not.
    #[error("{0} is none of {names}", names = TEXT_NAMES.map(|(name, _)| name).join(", "))]
    Unknown(String),
    /// Too much came out.
    #[error("it becomes longer than 64 KB")]
    TooLong,
}

/// What a text shows besides the facts.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The name of the desk.
    pub brand: String,
    /// Where agents find the ticket; empty where that is not known.
    pub url: String,
    /// The agent who runs a macro.
    pub agent: String,
}

/// Checks a text before it comes into force.
///
/// # Errors
/// Says what is wrong, with the line.
pub fn check_text(text: &TemplateText) -> Result<(), TextWrong> {
    for source in text.subject.iter().chain([&text.body]) {
        let environment = environment();
        let template = environment
            .template_from_str(source)
            .map_err(|error| invalid(&error))?;
        let is_known = |name: &str| {
            TEXT_NAMES.iter().any(|(known, _)| *known == name)
                || environment.globals().any(|(global, _)| global == name)
        };
        let mut names: Vec<String> = template.undeclared_variables(true).into_iter().collect();
        names.sort();
        if let Some(name) = names.into_iter().find(|name| !is_known(name)) {
            return Err(TextWrong::Unknown(name));
        }
    }
    Ok(())
}

/// Fills a text in: subject and body.
///
/// # Errors
/// When it can't be filled in.
pub fn fill(
    text: &TemplateText,
    facts: &Facts,
    shown: &Shown,
) -> Result<(Option<String>, String), TextWrong> {
    let names = names(facts, shown);
    let render = |source: &str| -> Result<String, TextWrong> {
        let filled = environment()
            .render_str(source, &names)
            .map_err(|error| invalid(&error))?;
        if filled.len() > MOST_BYTES {
            Err(TextWrong::TooLong)
        } else {
            Ok(gaps::closed(&filled))
        }
    };
    let subject = match &text.subject {
        // A subject is one line, whatever stands in what it shows.
        Some(subject) => Some(render(subject)?.split_whitespace().collect::<Vec<_>>().join(" ")),
        None => None,
    };
    Ok((subject.filter(|subject| !subject.is_empty()), render(&text.body)?))
}

fn names(facts: &Facts, shown: &Shown) -> Value {
    let ticket = &facts.ticket;
    let name = facts.requester.name.as_str();
    context! {
        ticket => context! {
            number => ticket.number.0,
            subject => ticket.subject.as_str(),
            status => ticket.status.as_str(),
            priority => ticket.priority.map_or("", |priority| priority.as_str()),
            type => ticket.ticket_type.map_or(String::new(), |kind| kind.to_string()),
            group => ticket.group.clone().unwrap_or_default(),
            url => shown.url.as_str(),
        },
        requester => context! {
            name => name,
            first_name => first_name::first_name(name).unwrap_or_default(),
            email => facts.requester.email.clone().unwrap_or_default(),
        },
        organization => context! {
            name => facts.organization.as_ref().map_or("", |organization| organization.name.as_str()),
        },
        agent => context! { name => shown.agent.as_str() },
        brand => shown.brand.as_str(),
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_fuel(Some(MOST_STEPS));
    environment.set_formatter(gaps::formatter);
    environment
}

fn invalid(error: &minijinja::Error) -> TextWrong {
    let what = error
        .detail()
        .map_or_else(|| error.kind().to_string(), str::to_owned);
    TextWrong::Invalid {
        line: error.line(),
        what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(subject: Option<&str>, body: &str) -> TemplateText {
        TemplateText {
            subject: subject.map(str::to_owned),
            body: body.to_owned(),
        }
    }

    pub(super) fn facts() -> Facts {
        serde_json::from_str(
            r#"{"ticket": {"number": 7, "subject": "Bill\r\nBcc: x <b>", "channel": {"kind": "api"}, "status": "open",
                "created_at": "2026-01-29T14:30:00Z", "updated_at": "2026-01-29T14:30:00Z"},
                "requester": {"name": "Ann Lee"}, "now": "2026-01-30T16:30:00Z"}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_text_shows_what_is_known_and_a_subject_stays_one_line() {
        let text = text(
            Some("Re: {{ ticket.subject }}"),
            "Hello {{ requester.first_name }},\n{{ ticket.number }} is {{ ticket.status }}. {{ brand }}",
        );
        let shown = Shown {
            brand: "Acme".to_owned(),
            ..Shown::default()
        };
        assert_eq!(check_text(&text), Ok(()));
        assert_eq!(
            fill(&text, &facts(), &shown).unwrap(),
            (
                Some("Re: Bill Bcc: x <b>".to_owned()),
                "Hello Ann,\n7 is open. Acme".to_owned()
            )
        );
    }

    #[test]
    fn a_greeting_without_a_name_has_no_gap() {
        let greeted = |template: &str, name: &str| {
            let mut facts = facts();
            name.clone_into(&mut facts.requester.name);
            fill(&text(Some(template), template), &facts, &Shown::default())
                .unwrap()
                .1
        };
        let hello = "Hello {{ requester.first_name }},\nwe have it.";
        assert_eq!(greeted(hello, "Müller, Anna"), "Hello Anna,\nwe have it.");
        assert_eq!(greeted(hello, "n1@c.example"), "Hello,\nwe have it.");
        let there = "Hello {{ requester.first_name or 'there' }},";
        assert_eq!(greeted(there, "n1@c.example"), "Hello there,");
        let asked =
            "{% if requester.first_name %}Hello {{ requester.first_name }}{% else %}Good day{% endif %},";
        assert_eq!(greeted(asked, "n1@c.example"), "Good day,");
        assert_eq!(greeted(asked, "Ann"), "Hello Ann,");
        assert_eq!(
            greeted("Hello {{ requester.first_name | upper }}!", "Info"),
            "Hello!"
        );
    }

    #[test]
    fn every_name_that_is_offered_is_there() {
        let body = TEXT_NAMES.map(|(name, _)| format!("{{{{ {name} }}}}")).join(" ");
        let text = text(None, &body);
        assert_eq!(check_text(&text), Ok(()));
        assert!(fill(&text, &facts(), &Shown::default()).is_ok());
    }

    #[test]
    fn a_text_that_could_not_be_filled_in_is_refused_with_its_reason() {
        let refused = |body: &str| check_text(&text(None, body)).unwrap_err();
        assert_eq!(
            refused("{% if false %}{{ ticket.secret }}{% endif %}"),
            TextWrong::Unknown("ticket.secret".to_owned())
        );
        assert_eq!(
            refused("{{ customer }}"),
            TextWrong::Unknown("customer".to_owned())
        );
        assert!(matches!(
            refused("a\n{% if %}"),
            TextWrong::Invalid { line: Some(2), .. }
        ));
        let endless = "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}";
        assert!(fill(&text(None, endless), &facts(), &Shown::default()).is_err());
    }
}

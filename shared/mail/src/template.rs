//! Templates of what the desk writes by itself: "we have it", signatures, what stands around an answer.
//!
//! The language is Jinja as `minijinja` has it. A template sees the few names of its kind and nothing of what a sender
//! wrote, so that an acknowledgement can't echo to a forged sender's victim. An unknown name is an error, found when the
//! template is saved.

use minijinja::{Environment, UndefinedBehavior, context};

/// Most steps of one filling: a template that loops for longer is an error.
const MOST_STEPS: u64 = 10_000;

/// Most bytes of a filled template.
const MOST_BYTES: usize = 64 * 1024;

/// Stands for the answer's own words while what is around them is filled in (from Unicode's private use area).
const CONTENT: &str = "\u{e000}content\u{e000}";

/// What a template is for, and by that which names it sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateKind {
    /// "We have it": `brand`, `mailbox` (its name), `ticket` (its number).
    Acknowledgement,
    /// What stands below an answer: `brand`, `mailbox`, `ticket`, `agent` (their name).
    Signature,
    /// What stands around an answer: as the signature, with `content` and `signature`; `content` exactly once.
    Answer,
}

/// What templates show.
#[derive(Clone, Copy, Debug)]
pub struct TemplateNames<'a> {
    /// The name of the brand.
    pub brand: &'a str,
    /// The name of the mailbox.
    pub mailbox: &'a str,
    /// The ticket's number.
    pub ticket: u64,
    /// The name of the agent who answers.
    pub agent: &'a str,
    /// The signature as filled in.
    pub signature: &'a str,
}

/// Why a template can't be filled in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It is not a template, names what it does not see, or runs too long.
    #[error("{0}")]
    Invalid(String),
    /// The answer's own words have to stand in it exactly once.
    #[error("{{{{ content }}}} has to stand in it exactly once, not {0} times")]
    Content(usize),
    /// More than 64 KB came out.
    #[error("it becomes longer than 64 KB")]
    TooLong,
}

/// Fills in an acknowledgement or a signature.
///
/// # Errors
/// When it can't be filled in.
pub fn fill_template(
    kind: TemplateKind,
    source: &str,
    names: &TemplateNames<'_>,
) -> Result<String, TemplateError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_fuel(Some(MOST_STEPS));
    let TemplateNames {
        brand,
        mailbox,
        ticket,
        agent,
        signature,
    } = *names;
    let seen = match kind {
        TemplateKind::Acknowledgement => context! { brand, mailbox, ticket },
        TemplateKind::Signature => context! { brand, mailbox, ticket, agent },
        TemplateKind::Answer => context! { brand, mailbox, ticket, agent, signature, content => CONTENT },
    };
    let filled = environment
        .render_str(source, seen)
        .map_err(|error| TemplateError::Invalid(words(&error)))?;
    if filled.len() > MOST_BYTES {
        return Err(TemplateError::TooLong);
    }
    Ok(filled)
}

/// What stands before and after an answer's own words.
///
/// # Errors
/// When it can't be filled in, or has not exactly one place for them.
pub fn answer_frame(source: &str, names: &TemplateNames<'_>) -> Result<(String, String), TemplateError> {
    let filled = fill_template(TemplateKind::Answer, source, names)?;
    let count = filled.matches(CONTENT).count();
    match filled.split_once(CONTENT) {
        Some((before, after)) if count == 1 => Ok((before.to_owned(), after.to_owned())),
        _ => Err(TemplateError::Content(count)),
    }
}

/// Whether a template can be filled in.
///
/// # Errors
/// Says what is wrong, with the line.
pub fn check_template(kind: TemplateKind, source: &str) -> Result<(), TemplateError> {
    let names = TemplateNames {
        brand: "Brand",
        mailbox: "Support",
        ticket: 1,
        agent: "Ann",
        signature: "Ann",
    };
    check_names(kind, source)?;
    match kind {
        TemplateKind::Answer => answer_frame(source, &names).map(drop),
        kind => fill_template(kind, source, &names).map(drop),
    }
}

/// Whether a template names only what it sees, in branches not taken now, too.
fn check_names(kind: TemplateKind, source: &str) -> Result<(), TemplateError> {
    let seen: &[&str] = match kind {
        TemplateKind::Acknowledgement => &["brand", "mailbox", "ticket"],
        TemplateKind::Signature => &["brand", "mailbox", "ticket", "agent"],
        TemplateKind::Answer => &["brand", "mailbox", "ticket", "agent", "content", "signature"],
    };
    let environment = Environment::new();
    let template = environment
        .template_from_str(source)
        .map_err(|error| TemplateError::Invalid(words(&error)))?;
    let named = template.undeclared_variables(false);
    let builtin = |name: &str| environment.globals().any(|(known, _)| known == name);
    match named
        .into_iter()
        .find(|name| !seen.contains(&name.as_str()) && !builtin(name))
    {
        Some(name) => Err(TemplateError::Invalid(format!(
            "{name} is none of {}",
            seen.join(", ")
        ))),
        None => Ok(()),
    }
}

fn words(error: &minijinja::Error) -> String {
    let what = error
        .detail()
        .map_or_else(|| error.kind().to_string(), str::to_owned);
    match error.line() {
        Some(line) => format!("line {line}: {what}"),
        None => what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: TemplateNames<'_> = TemplateNames {
        brand: "Acme",
        mailbox: "Acme Support",
        ticket: 12,
        agent: "Ann <b>",
        signature: "Ann\nAcme",
    };

    #[test]
    fn a_template_shows_its_names_as_they_are() {
        let filled = fill_template(TemplateKind::Signature, "-- \n{{ agent }}, {{ mailbox }}", &NAMES);
        assert_eq!(filled.unwrap(), "-- \nAnn <b>, Acme Support");
    }

    #[test]
    fn an_answer_stands_in_its_frame() {
        let frame = answer_frame("Hello,\n\n{{ content }}\n\n{{ signature }}\n", &NAMES).unwrap();
        assert_eq!(frame, ("Hello,\n\n".into(), "\n\nAnn\nAcme".into()));
    }

    #[test]
    fn a_template_that_could_not_be_filled_in_is_refused_with_its_reason() {
        let refused = |kind, source: &str| check_template(kind, source).unwrap_err().to_string();
        assert!(refused(TemplateKind::Acknowledgement, "\n{{ brand.a.b }}").starts_with("line 2"));
        assert!(refused(TemplateKind::Acknowledgement, "{{ agent }}").contains("agent is none of brand"));
        let hidden = "{% if ticket > 100 %}{{ subject }}{% endif %}";
        assert!(refused(TemplateKind::Signature, hidden).contains("subject is none of"));
        assert!(refused(TemplateKind::Signature, "{% if %}").starts_with("line 1"));
        assert!(refused(TemplateKind::Answer, "no content").contains("not 0 times"));
        assert!(refused(TemplateKind::Answer, "{{ content }}{{ content }}").contains("not 2 times"));
        let endless = "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}";
        assert!(check_template(TemplateKind::Signature, endless).is_err());
    }
}

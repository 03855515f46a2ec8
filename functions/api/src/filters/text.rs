//! The fixed form in which filters are written as conditions, and how it is read back.

use super::{
    comparison::Test,
    letters::{Reader, quoted},
    own,
    subject::{Part, Subject},
};
use docket_domain::ticket::Priority;

const TAGGED: &str = "ticket.tags.exists(tag, tag in ";
const BELOW: &str = "ticket.priority_rank < rank(";
const ABOVE: &str = "ticket.priority_rank > rank(";

const CREATED: &str = "event.kind == \"ticket_created\"";
const NOT_CREATED: &str = "event.kind != \"ticket_created\"";
const COMMENTED: &str = "event.kind == \"comment_added\"";
const COMMENTED_TO_ALL: &str = "event.comment_public";
const COMMENTED_TO_AGENTS: &str = "(event.kind == \"comment_added\" && !event.comment_public)";
const BY_AGENT: &str = "event.actor == \"agent\"";
const NOT_BY_AGENT: &str = "event.actor != \"agent\"";
const IN_CHANGED: &str = " in event.changed";
/// Holds whatever happened.
const ANY_EVENT: &str = "event != null";

/// All of `all`, and one of `any` if there are any.
pub(super) fn written(all: &[Test], any: &[Test], is_of_any_event: bool) -> String {
    let first = is_of_any_event.then(|| ANY_EVENT.to_owned());
    let mut parts: Vec<String> = first.into_iter().chain(all.iter().map(test)).collect();
    if !any.is_empty() {
        let any: Vec<String> = any.iter().map(test).collect();
        parts.push(format!("({})", any.join(" || ")));
    }
    if parts.is_empty() {
        return "true".to_owned();
    }
    parts.join(" && ")
}

fn test(test: &Test) -> String {
    let word = |word: &Option<String>| word.as_deref().map_or_else(|| "null".to_owned(), quoted);
    match test {
        Test::Is(subject, value) => format!("{} == {}", subject.path(), word(value)),
        Test::IsNot(subject, value) => format!("{} != {}", subject.path(), word(value)),
        Test::OneOf(subject, values) => format!("{} in {}", subject.path(), list(values)),
        Test::NoneOf(subject, values) => format!("!({} in {})", subject.path(), list(values)),
        Test::Below(priority) => format!("{BELOW}{})", quoted(priority.as_str())),
        Test::Above(priority) => format!("{ABOVE}{})", quoted(priority.as_str())),
        Test::Tagged(tags) => format!("{TAGGED}{})", list(tags)),
        Test::Untagged(tags) => format!("!{TAGGED}{})", list(tags)),
        Test::Created(true) => CREATED.to_owned(),
        Test::Created(false) => NOT_CREATED.to_owned(),
        Test::Changed(subject, true) => changed(*subject),
        Test::Changed(subject, false) => format!("!({})", changed(*subject)),
        Test::ChangedTo(subject, value) => {
            format!("({} && {} == {})", changed(*subject), subject.path(), word(value))
        }
        Test::Commented(None) => COMMENTED.to_owned(),
        Test::Commented(Some(true)) => COMMENTED_TO_ALL.to_owned(),
        Test::Commented(Some(false)) => COMMENTED_TO_AGENTS.to_owned(),
        Test::Words(part, words, is_in) => {
            let not = if *is_in { "" } else { "!" };
            format!("{not}{}{}", list(words), contains(*part))
        }
        Test::ByAgent(true) => BY_AGENT.to_owned(),
        Test::ByAgent(false) => NOT_BY_AGENT.to_owned(),
        Test::Own(own) => own.written(),
    }
}

fn changed(subject: Subject) -> String {
    format!("{}{IN_CHANGED}", quoted(subject.attribute().unwrap_or_default()))
}

fn contains(part: Part) -> String {
    format!(".exists(word, {}.lowerAscii().contains(word))", part.path())
}

fn list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("[{}]", values.join(", "))
}

impl<'c> Reader<'c> {
    /// The tests of a condition that is written in the fixed form: all, and any.
    pub fn read(condition: &'c str) -> Option<(Vec<Test>, Vec<Test>)> {
        let (mut all, mut any) = (Vec::new(), Vec::new());
        let mut rest = Self(condition);
        if condition == "true" || condition == ANY_EVENT {
            return Some((all, any));
        }
        rest.takes(&format!("{ANY_EVENT} && "));
        loop {
            let is_in_brackets = rest.0.starts_with(COMMENTED_TO_AGENTS)
                || rest.is_changed_to()
                || own::read(&mut Reader(rest.0)).is_some();
            if !is_in_brackets && rest.takes("(") {
                any.push(rest.test()?);
                while rest.takes(" || ") {
                    any.push(rest.test()?);
                }
                // What any of them has to hold stands last.
                return (rest.takes(")") && rest.0.is_empty()).then_some((all, any));
            }
            all.push(rest.test()?);
            if rest.0.is_empty() {
                return Some((all, any));
            }
            if !rest.takes(" && ") {
                return None;
            }
        }
    }

    /// Whether it goes on with a change to something, which is in brackets of its own.
    fn is_changed_to(&self) -> bool {
        Self(self.0).changed_to().is_some()
    }

    fn changed_to(&mut self) -> Option<Test> {
        if !self.takes("(") {
            return None;
        }
        let subject = self.changed()?;
        let path = format!(" && {} == ", subject.path());
        if !self.takes(&path) {
            return None;
        }
        let word = if self.takes("null") {
            None
        } else {
            Some(self.text()?)
        };
        self.takes(")").then_some(Test::ChangedTo(subject, word))
    }

    fn changed(&mut self) -> Option<Subject> {
        let mut all = Subject::ALL
            .into_iter()
            .filter(|subject| subject.attribute().is_some());
        all.find(|subject| self.takes(&changed(*subject)))
    }

    /// What a trigger can say of what happened.
    fn event(&mut self) -> Option<Test> {
        let fixed = [
            (CREATED, Test::Created(true)),
            (NOT_CREATED, Test::Created(false)),
            (COMMENTED_TO_AGENTS, Test::Commented(Some(false))),
            (COMMENTED_TO_ALL, Test::Commented(Some(true))),
            (COMMENTED, Test::Commented(None)),
            (BY_AGENT, Test::ByAgent(true)),
            (NOT_BY_AGENT, Test::ByAgent(false)),
        ];
        if let Some((_, test)) = fixed.into_iter().find(|(text, _)| self.takes(text)) {
            return Some(test);
        }
        if let Some(subject) = self.changed() {
            return Some(Test::Changed(subject, true));
        }
        let mut other = Self(self.0);
        let found = other.changed_to().or_else(|| {
            other.0 = self.0;
            other.words()
        });
        let found = found.or_else(|| {
            other.0 = self.0;
            let subject = if other.takes("!(") { other.changed() } else { None };
            subject
                .filter(|_| other.takes(")"))
                .map(|subject| Test::Changed(subject, false))
        });
        if found.is_some() {
            self.0 = other.0;
        }
        found
    }

    fn words(&mut self) -> Option<Test> {
        let is_in = !self.takes("!");
        let words = self.list()?;
        let part = Part::ALL.into_iter().find(|part| self.takes(&contains(*part)))?;
        Some(Test::Words(part, words, is_in))
    }

    fn test(&mut self) -> Option<Test> {
        if let Some(own) = own::read(self) {
            return Some(Test::Own(own));
        }
        if let Some(test) = self.event() {
            return Some(test);
        }
        if self.takes("!(") {
            let subject = self.subject()?;
            let values = self.takes(" in ").then(|| self.list())??;
            return self.takes(")").then_some(Test::NoneOf(subject, values));
        }
        let is_not = self.takes("!");
        if self.takes(TAGGED) {
            let tags = self.list()?;
            let test = if is_not {
                Test::Untagged(tags)
            } else {
                Test::Tagged(tags)
            };
            return self.takes(")").then_some(test);
        }
        if is_not {
            return None;
        }
        if self.takes(BELOW) {
            return self.priority().map(Test::Below);
        }
        if self.takes(ABOVE) {
            return self.priority().map(Test::Above);
        }
        let subject = self.subject()?;
        if self.takes(" in ") {
            return Some(Test::OneOf(subject, self.list()?));
        }
        let make: fn(_, _) -> _ = if self.takes(" == ") {
            Test::Is
        } else if self.takes(" != ") {
            Test::IsNot
        } else {
            return None;
        };
        if self.takes("null") {
            return Some(make(subject, None));
        }
        Some(make(subject, Some(self.text()?)))
    }

    fn priority(&mut self) -> Option<Priority> {
        let priority = self.text()?.parse().ok()?;
        self.takes(")").then_some(priority)
    }

    fn subject(&mut self) -> Option<Subject> {
        let end = self.0.find(' ')?;
        let (path, rest) = self.0.split_at(end);
        let subject = Subject::ALL.into_iter().find(|subject| subject.path() == path)?;
        self.0 = rest;
        Some(subject)
    }

    fn list(&mut self) -> Option<Vec<String>> {
        if !self.takes("[") {
            return None;
        }
        let mut values = vec![self.text()?];
        while self.takes(", ") {
            values.push(self.text()?);
        }
        self.takes("]").then_some(values)
    }
}

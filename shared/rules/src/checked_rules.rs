//! Rules whose conditions were read.

use crate::texts::{TextWrong, check_text};
use docket_conditions::{Attribute, Condition, ConditionError, Vocabulary};
use docket_domain::{
    RuleId,
    rule::{Rule, RuleBook, RuleKind, Text},
};

/// Names that tell the time: an automation says by itself when it runs, and could not know when these change.
const TELL_THE_TIME: [&str; 3] = ["now", "ticket.age", "event"];

/// What is wrong with a rule's condition or text.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RuleWrong {
    /// The condition is none.
    #[error(transparent)]
    Condition(#[from] ConditionError),
    /// It reads what a rule of its kind can't know.
    #[error("{}", reads(*.kind, .name))]
    Reads {
        /// The kind.
        kind: RuleKind,
        /// What it reads.
        name: String,
    },
    /// A text can't be filled in.
    #[error("action {}: {error}", at + 1)]
    Text {
        /// Which of its actions, from 0.
        at: usize,
        /// What is wrong.
        error: TextWrong,
    },
}

fn reads(kind: RuleKind, name: &str) -> String {
    match kind {
        RuleKind::Automation => {
            format!("{name} can't stand in an automation's condition: when it runs is said by its own time")
        }
        _ => format!(
            "{name} can't stand in the condition of a {kind}: nothing has happened but that the ticket is there"
        ),
    }
}

/// A rule that can't be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{kind} {name:?}: {wrong}")]
pub struct BadRule {
    /// The rule.
    pub id: RuleId,
    /// Its kind.
    pub kind: RuleKind,
    /// What it is called.
    pub name: String,
    /// What is wrong.
    pub wrong: RuleWrong,
}

/// Reads the condition of a rule.
///
/// # Errors
/// When it is none, with line and column, or reads what a rule of its kind can't know.
pub fn read_rule_condition(
    kind: RuleKind,
    source: &str,
    vocabulary: &Vocabulary,
) -> Result<Condition, RuleWrong> {
    let condition = Condition::parse_with(source, vocabulary)?;
    let is_of = |name: &String, not: &str| {
        *name == not || name.strip_prefix(not).is_some_and(|rest| rest.starts_with('.'))
    };
    let is_refused = |name: &&String| match kind {
        RuleKind::Automation => {
            name.starts_with("calendar(") || TELL_THE_TIME.iter().any(|not| is_of(name, not))
        }
        RuleKind::Routing | RuleKind::Macro => is_of(name, "event"),
        RuleKind::Trigger => false,
    };
    match condition.names().iter().find(is_refused) {
        Some(name) => Err(RuleWrong::Reads {
            kind,
            name: name.clone(),
        }),
        None => Ok(condition),
    }
}

/// Checks a rule before it comes into force: its condition, and the texts that stand in it.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_rule(rule: &Rule, vocabulary: &Vocabulary) -> Result<(), BadRule> {
    let bad = |wrong| BadRule {
        id: rule.id,
        kind: rule.kind,
        name: rule.name.clone(),
        wrong,
    };
    read_rule_condition(rule.kind, &rule.condition, vocabulary).map_err(bad)?;
    for (at, action) in rule.actions.iter().enumerate() {
        if let Some(Text::Own(text)) = action.text() {
            check_text(text).map_err(|error| bad(RuleWrong::Text { at, error }))?;
        }
    }
    Ok(())
}

/// A rule with its condition.
#[derive(Clone, Debug)]
pub(crate) struct CheckedRule {
    /// Its place in the book.
    pub place: usize,
    /// Its condition.
    pub condition: Condition,
    /// Whether it is about what happens.
    pub reads_event: bool,
    /// What of a ticket it reads.
    pub reads: Vec<Attribute>,
}

/// The active rules of a book by their use, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct CheckedRules {
    /// Rules for new tickets.
    pub routing: Vec<CheckedRule>,
    /// Rules that run because something happened: routing rules first, then triggers.
    pub triggered: Vec<CheckedRule>,
    /// Rules that run when time has passed.
    pub automations: Vec<CheckedRule>,
}

impl CheckedRules {
    /// Reads the conditions of a book. One that was stored by another release and is none in this one never holds; the
    /// log says so.
    pub fn new(book: &RuleBook) -> Self {
        let of = |kind: RuleKind| -> Vec<CheckedRule> {
            let mut places: Vec<usize> = (0..book.rules.len())
                .filter(|place| book.rules[*place].kind == kind && book.rules[*place].is_active)
                .collect();
            places.sort_by_key(|place| (book.rules[*place].position, book.rules[*place].id));
            places
                .into_iter()
                .filter_map(|place| CheckedRule::new(book, place))
                .collect()
        };
        let routing = of(RuleKind::Routing);
        Self {
            triggered: routing.iter().cloned().chain(of(RuleKind::Trigger)).collect(),
            routing,
            automations: of(RuleKind::Automation),
        }
    }

    /// Every condition.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.triggered
            .iter()
            .chain(&self.automations)
            .map(|rule| &rule.condition)
    }

    /// Whether some condition reads what a comment says.
    pub fn reads_comments(&self) -> bool {
        let names = |rule: &CheckedRule| {
            rule.condition
                .names()
                .iter()
                .any(|name| name == "event.comment_text")
        };
        self.triggered.iter().any(names)
    }
}

impl CheckedRule {
    fn new(book: &RuleBook, place: usize) -> Option<Self> {
        let rule = &book.rules[place];
        match read_rule_condition(rule.kind, &rule.condition, &Vocabulary::default()) {
            Ok(condition) => {
                let reads_event = condition.names().iter().any(|name| name.starts_with("event"));
                let reads = Attribute::ALL
                    .iter()
                    .copied()
                    .filter(|attribute| condition.reads(*attribute));
                Some(Self {
                    place,
                    reads_event,
                    reads: reads.collect(),
                    condition,
                })
            }
            Err(error) => {
                tracing::error!(rule = %rule.id, %error, "the condition of a rule can't be used");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_reads_only_what_its_kind_can_know() {
        let read = |kind, source: &str| read_rule_condition(kind, source, &Vocabulary::default());
        for kind in RuleKind::ALL {
            assert!(read(kind, r#"requester.tier == "gold" && "vip" in ticket.tags"#).is_ok());
        }
        let happened = r#"event.kind == "comment_added""#;
        assert!(read(RuleKind::Trigger, happened).is_ok());
        for (kind, source, name) in [
            (RuleKind::Routing, happened, "event.kind"),
            (RuleKind::Automation, happened, "event.kind"),
            (
                RuleKind::Automation,
                r#"ticket.age > duration("1h")"#,
                "ticket.age",
            ),
            (
                RuleKind::Automation,
                r#"calendar("office").open(now)"#,
                r#"calendar("office")"#,
            ),
        ] {
            match read(kind, source) {
                Err(RuleWrong::Reads { name: read, .. }) => assert_eq!(read, name),
                other => panic!("{source}: {other:?}"),
            }
        }
        assert!(matches!(
            read(RuleKind::Trigger, "ticket.prio == 1"),
            Err(RuleWrong::Condition(_))
        ));
    }
}

//! A book whose conditions were read.

use crate::{Reads, checked_rules::CheckedRules};
use docket_conditions::{Condition, ConditionError, Vocabulary};
use docket_domain::{
    GroupId, PolicyId,
    rule::{RuleAction, TemplateText, Text},
    sla::{Action, Book, Policy, Recipient},
};
use std::sync::Arc;

/// Names that a policy's condition may not read: what is promised must not change because time passed, a status moved
/// or an agent took the ticket.
const NOT_FOR_POLICIES: [&str; 13] = [
    "now",
    "ticket.age",
    "ticket.updated_at",
    "ticket.solved_at",
    "ticket.status",
    "ticket.reopens",
    "ticket.assignee",
    "ticket.text",
    "requester.tickets_open",
    "requester.tickets_total",
    "requester.last_contact",
    "event",
    "bot",
];

/// A book ready to be asked: policies in their order, conditions read.
#[derive(Clone, Debug)]
pub struct CheckedBook {
    pub(crate) book: Arc<Book>,
    pub(crate) standard: Policy,
    /// Policies by their place in the book, in the order in which they are tried.
    pub(crate) order: Vec<(usize, Condition)>,
    pub(crate) rules: CheckedRules,
    needs: Reads,
}

/// What is wrong with a policy's condition.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Wrong {
    /// It is none.
    #[error(transparent)]
    Condition(#[from] ConditionError),
    /// It reads what changes by itself.
    #[error(
        "{0} can't decide which policy holds: what is promised must not change because time passes or work goes on"
    )]
    Reads(String),
}

/// A policy whose condition can't be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("policy {title:?}: {wrong}")]
pub struct BadPolicy {
    /// The policy.
    pub id: PolicyId,
    /// What it is called.
    pub title: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// Reads a policy's condition.
///
/// # Errors
///
/// When it is none, with line and column, or reads what a policy may not depend on.
pub fn read_condition(source: &str, vocabulary: &Vocabulary) -> Result<Condition, Wrong> {
    let condition = Condition::parse_with(source, vocabulary)?;
    let forbidden = |name: &&String| {
        name.starts_with("calendar(")
            || NOT_FOR_POLICIES
                .iter()
                .any(|not| *name == not || name.strip_prefix(not).is_some_and(|rest| rest.starts_with('.')))
    };
    match condition.names().iter().find(forbidden) {
        Some(name) => Err(Wrong::Reads(name.clone())),
        None => Ok(condition),
    }
}

/// Checks the conditions of policies before they come into force.
///
/// # Errors
///
/// The first that can't be used.
pub fn check_policies(policies: &[Policy], vocabulary: &Vocabulary) -> Result<(), BadPolicy> {
    for policy in policies {
        read_condition(&policy.condition, vocabulary).map_err(|wrong| BadPolicy {
            id: policy.id,
            title: policy.title.clone(),
            wrong,
        })?;
    }
    Ok(())
}

impl CheckedBook {
    /// Reads the conditions of a book. One that was stored by another release and is none in this one never holds; the
    /// log says so.
    pub fn new(book: Arc<Book>) -> Self {
        let mut order: Vec<(usize, Condition)> = Vec::with_capacity(book.policies.len());
        let mut needs = Reads::default();
        for (place, policy) in book.policies.iter().enumerate() {
            match read_condition(&policy.condition, &Vocabulary::default()) {
                Ok(condition) => {
                    needs.add(&condition);
                    order.push((place, condition));
                }
                Err(error) => {
                    tracing::error!(policy = %policy.id, %error, "the condition of an SLA policy can't be used");
                }
            }
            needs.members.extend(told_groups(policy));
        }
        let rules = CheckedRules::new(&book.rules);
        rules.conditions().for_each(|condition| needs.add(condition));
        needs.members.extend(told_by_rules(&book));
        // In whose language, and by which name.
        needs.requester |= texts_of(&book).next().is_some();
        needs.organization |= texts_of(&book).any(|text| text.body.contains("organization."));
        needs.groups |= texts_of(&book).any(|text| text.body.contains("ticket.group"));
        order.sort_by_key(|(place, _)| (book.policies[*place].position, book.policies[*place].id));
        Self {
            book,
            standard: Policy::standard(),
            order,
            rules,
            needs,
        }
    }

    /// Whether some rule reads what a comment of the save says.
    pub fn reads_comments(&self) -> bool {
        self.rules.reads_comments()
    }

    /// Whether the operator has rules for new tickets.
    pub fn has_routing(&self) -> bool {
        !self.rules.routing.is_empty()
    }

    /// What must be known of a new ticket's surroundings before the routing rules can be asked.
    pub fn routing_needs(&self) -> Reads {
        Reads::of(self.rules.routing.iter().map(|rule| &rule.condition))
    }

    /// Whether some rule can write or tell somebody something.
    pub fn may_write(&self) -> bool {
        texts_of(&self.book).next().is_some()
    }

    /// The book.
    pub fn book(&self) -> &Arc<Book> {
        &self.book
    }

    /// What must be known of a ticket's surroundings.
    pub fn reads(&self) -> &Reads {
        &self.needs
    }
}

/// Everything that a rule in force can write.
fn texts_of(book: &Book) -> impl Iterator<Item = &TemplateText> {
    let active = book.rules.rules.iter().filter(|rule| rule.is_active);
    let texts = active.flat_map(|rule| rule.actions.iter().filter_map(|action| action.text()));
    texts.flat_map(|text| match text {
        Text::Own(own) => vec![own],
        Text::Template(name) => {
            let template = book.rules.template(name);
            template.map_or_else(Vec::new, |template| template.texts.values().collect())
        }
    })
}

/// Groups that rules tell something.
fn told_by_rules(book: &Book) -> impl Iterator<Item = GroupId> + '_ {
    let actions = book.rules.rules.iter().flat_map(|rule| &rule.actions);
    actions.filter_map(|action| match action {
        RuleAction::Notify {
            to: Recipient::Group(group),
            ..
        } => Some(*group),
        _ => None,
    })
}

pub(crate) fn told_groups(policy: &Policy) -> impl Iterator<Item = GroupId> + '_ {
    let escalations = policy
        .promises
        .iter()
        .flat_map(|promise| &promise.escalations)
        .flat_map(|escalation| &escalation.actions);
    escalations.filter_map(|action| match action {
        Action::Notify(Recipient::Group(group)) => Some(*group),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_depends_on_nothing_that_changes_by_itself() {
        let read = |source: &str| read_condition(source, &Vocabulary::default());
        for source in [
            r#"ticket.priority == "high" && "vip" in ticket.tags"#,
            r#"organization.tier == "gold" || requester.domain == "acme.example""#,
            r#"ticket.channel == "mail" && ticket.group == "Billing""#,
        ] {
            assert!(read(source).is_ok(), "{source}");
        }
        for (source, name) in [
            (r#"ticket.age > duration("1h")"#, "ticket.age"),
            (r#"ticket.status == "open""#, "ticket.status"),
            (r#"calendar("office").open(now)"#, r#"calendar("office")"#),
            (r#"bot.intent == "refund""#, "bot.intent"),
        ] {
            match read(source) {
                Err(Wrong::Reads(read)) => assert_eq!(read, name),
                other => panic!("{source}: {other:?}"),
            }
        }
        assert!(matches!(read("ticket.prio == 1"), Err(Wrong::Condition(_))));
    }
}

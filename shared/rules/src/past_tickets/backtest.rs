//! The back-test: a draft beside the rules in force, over past tickets.

use super::{
    Known, NotJudged, PastTicket,
    placed::{Placed, place},
    settings::text,
};
use crate::{CheckedBook, DeskRules};
use docket_domain::{GroupId, RuleId, TicketNumber, rule::RuleKind, ticket::Ticket};
use serde::Serialize;
use std::collections::BTreeMap;

/// Most examples that are kept of anything; counts go on.
pub const MOST_EXAMPLES: usize = 20;

/// What of a ticket the two may set otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Property {
    /// The group.
    Group,
    /// The priority.
    Priority,
    /// The type.
    Type,
    /// The tags.
    Tags,
    /// The agent.
    Assignee,
    /// Fields of the operator's own.
    Fields,
    /// The SLA policy that a rule puts it under.
    SlaPolicy,
}

impl Property {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Group,
        Self::Priority,
        Self::Type,
        Self::Tags,
        Self::Assignee,
        Self::Fields,
        Self::SlaPolicy,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Priority => "priority",
            Self::Type => "type",
            Self::Tags => "tags",
            Self::Assignee => "assignee",
            Self::Fields => "fields",
            Self::SlaPolicy => "sla_policy",
        }
    }

    /// What stands there, as it is written: ids of groups and agents.
    fn of(self, ticket: &Ticket) -> String {
        match self {
            Self::Group => text(ticket.group.as_ref()),
            Self::Priority => text(ticket.priority.as_ref()),
            Self::Type => text(ticket.ticket_type.as_ref()),
            Self::Tags => ticket.tags.join(" "),
            Self::Assignee => text(ticket.assignee.as_ref()),
            Self::Fields => {
                let fields = ticket.fields.iter();
                let pairs: Vec<String> = fields.map(|(name, value)| format!("{name}={value}")).collect();
                pairs.join(" ")
            }
            Self::SlaPolicy => text(ticket.sla_policy.as_ref()),
        }
    }
}

/// Tickets that would go to another group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Move {
    /// Where they go today.
    pub from: GroupId,
    /// Where they would go.
    pub to: GroupId,
    /// How many.
    pub tickets: u64,
}

/// How often the first group was the one that solved the ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FirstGroup {
    /// Tickets that a group solved.
    pub solved: u64,
    /// Of these, those that the draft sends there at once.
    pub draft: u64,
    /// Of these, those that the rules in force send there at once.
    pub today: u64,
    /// Of these, those that really went there at once.
    pub happened: u64,
}

/// What a rule of the draft does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// The rule.
    pub id: RuleId,
    /// What it is called.
    pub name: String,
    /// Tickets that it matched.
    pub matched: u64,
    /// Tickets for which its condition has no answer.
    pub unanswered: u64,
    /// Why, for the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// One thing that would be otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What.
    pub property: Property,
    /// As the rules in force say.
    pub today: String,
    /// As the draft says.
    pub draft: String,
}

/// A ticket that would be otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The ticket.
    pub ticket: TicketNumber,
    /// What would be otherwise.
    pub changes: Vec<Change>,
}

/// Tickets that could not be judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// How many.
    pub tickets: u64,
    /// The first of them.
    pub examples: Vec<TicketNumber>,
}

impl Skipped {
    /// Counts another.
    pub(crate) fn count(all: &mut BTreeMap<NotJudged, Self>, ticket: TicketNumber, why: NotJudged) {
        let skipped = all.entry(why).or_default();
        skipped.tickets += 1;
        if skipped.examples.len() < MOST_EXAMPLES {
            skipped.examples.push(ticket);
        }
    }
}

/// What a draft would have done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BackTest {
    /// Tickets that were judged.
    pub tickets: u64,
    /// Tickets of which something would be otherwise than the rules in force say.
    pub otherwise: u64,
    /// Of these, how many by what would be otherwise.
    pub changes: BTreeMap<Property, u64>,
    /// Tickets that would go to another group, the most first.
    pub moves: Vec<Move>,
    /// How often the first group was the one that solved the ticket.
    pub first_group: FirstGroup,
    /// The draft's routing rules, in their order.
    pub rules: Vec<RuleCount>,
    /// The first tickets that would be otherwise.
    pub examples: Vec<Example>,
    /// Tickets that could not be judged.
    pub not_judged: BTreeMap<NotJudged, Skipped>,
}

impl BackTest {
    /// One without a ticket.
    pub fn new(draft: &CheckedBook) -> Self {
        let rules = draft.book().rules.of_kind(RuleKind::Routing).into_iter();
        let counts = rules.filter(|rule| rule.is_active).map(|rule| RuleCount {
            id: rule.id,
            name: rule.name.clone(),
            matched: 0,
            unanswered: 0,
            why: None,
        });
        Self {
            rules: counts.collect(),
            ..Self::default()
        }
    }

    /// Adds a ticket, with the rules in force and the draft's as of the moment when it was triaged.
    pub fn add(&mut self, past: &PastTicket, known: &Known, today: &DeskRules, draft: &DeskRules) {
        let (before, after) = (place(today, past, known), place(draft, past, known));
        self.tickets += 1;
        self.count_groups(past, known, &before, &after);
        for count in &mut self.rules {
            count.matched += u64::from(after.matched.contains(&count.id));
            if let Some((_, why)) = after.unanswered.iter().find(|(id, _)| *id == count.id) {
                count.unanswered += 1;
                count.why.get_or_insert_with(|| why.clone());
            }
        }
        let changes = changes(&before.ticket, &after.ticket);
        for change in &changes {
            *self.changes.entry(change.property).or_default() += 1;
        }
        if !changes.is_empty() {
            self.otherwise += 1;
            if self.examples.len() < MOST_EXAMPLES {
                self.examples.push(Example {
                    ticket: past.before.number,
                    changes,
                });
            }
        }
    }

    /// Adds a ticket that can't be judged.
    pub fn skip(&mut self, ticket: TicketNumber, why: NotJudged) {
        Skipped::count(&mut self.not_judged, ticket, why);
    }

    fn count_groups(&mut self, past: &PastTicket, known: &Known, before: &Placed, after: &Placed) {
        let group = |placed: &Placed| placed.ticket.group.unwrap_or(known.default_group);
        let (from, to) = (group(before), group(after));
        if from != to {
            match self
                .moves
                .iter_mut()
                .find(|known| (known.from, known.to) == (from, to))
            {
                Some(known) => known.tickets += 1,
                None => self.moves.push(Move { from, to, tickets: 1 }),
            }
            self.moves
                .sort_by_key(|known| (std::cmp::Reverse(known.tickets), known.from, known.to));
        }
        if let Some(solved_by) = past.solved_by {
            self.first_group.solved += 1;
            self.first_group.draft += u64::from(to == solved_by);
            self.first_group.today += u64::from(from == solved_by);
            self.first_group.happened += u64::from(past.first_group == solved_by);
        }
    }
}

fn changes(today: &Ticket, draft: &Ticket) -> Vec<Change> {
    let both = Property::ALL.map(|property| Change {
        property,
        today: property.of(today),
        draft: property.of(draft),
    });
    both.into_iter()
        .filter(|change| change.today != change.draft)
        .collect()
}

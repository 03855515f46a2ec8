//! What surrounds a ticket: what conditions can read that does not stand in its head.

use docket_conditions::{BotFacts, Condition, Facts, OrganizationFacts, RequesterFacts, TicketFacts};
use docket_domain::{
    GroupId, PersonId, Timestamp, calendar::Calendar, contact::comment::HandOff, field::FieldBook,
    ticket::Ticket,
};
use std::collections::{BTreeMap, BTreeSet};

/// What must be known of a ticket's surroundings before conditions can be asked about it. What none of them reads is not
/// fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Who asks.
    pub requester: bool,
    /// Their organization, or what is agreed with it.
    pub organization: bool,
    /// Their earlier tickets.
    pub history: bool,
    /// The first comment's text.
    pub text: bool,
    /// What a bot handed over.
    pub bot: bool,
    /// The names of groups.
    pub groups: bool,
    /// The address of the agent who works on it.
    pub assignee: bool,
    /// The calendars asked about, by their names.
    pub calendars: BTreeSet<String>,
    /// Groups whose members are told when a clock escalates.
    pub members: BTreeSet<GroupId>,
}

impl Reads {
    /// What these conditions read.
    pub fn of<'c>(conditions: impl IntoIterator<Item = &'c Condition>) -> Self {
        let mut needs = Self::default();
        for condition in conditions {
            needs.add(condition);
        }
        needs
    }

    /// What another condition reads besides.
    pub fn add(&mut self, condition: &Condition) {
        self.calendars.extend(condition.calendars().iter().cloned());
        for name in condition.names() {
            let root = name.split('.').next().unwrap_or_default();
            match (root, name.as_str()) {
                (_, "requester.tickets_open" | "requester.tickets_total" | "requester.last_contact") => {
                    self.history = true;
                }
                (_, "requester.tier") | ("organization", _) => {
                    self.requester = true;
                    self.organization = true;
                }
                ("requester", _) => self.requester = true,
                ("bot", _) => self.bot = true,
                (_, "ticket.text") => self.text = true,
                (_, "ticket.group") => self.groups = true,
                (_, "ticket.assignee") => self.assignee = true,
                _ => {}
            }
        }
    }
}

/// What surrounds a ticket, as far as [`Reads`] ask for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Surroundings {
    /// Who asks.
    pub requester: RequesterFacts,
    /// Their organization.
    pub organization: Option<OrganizationFacts>,
    /// The first comment's text, without what is folded away.
    pub text: String,
    /// What a bot handed over with it.
    pub bot: Option<BotFacts>,
    /// The names of groups.
    pub groups: BTreeMap<GroupId, String>,
    /// The addresses of agents.
    pub agents: BTreeMap<PersonId, String>,
    /// Calendars.
    pub calendars: Vec<Calendar>,
}

impl Surroundings {
    /// What conditions may look at, of a ticket as it is or is going to be, at an instant. Nothing happened: who looks at
    /// an event says which.
    pub fn facts(&self, ticket: &Ticket, now: Timestamp) -> Facts {
        let mut facts = TicketFacts::of(ticket);
        facts.text.clone_from(&self.text);
        facts.group = ticket.group.and_then(|group| self.groups.get(&group).cloned());
        facts.assignee = ticket.assignee.and_then(|agent| self.agents.get(&agent).cloned());
        let calendars = self.calendars.iter();
        Facts {
            ticket: facts,
            requester: self.requester.clone(),
            organization: self.organization.clone(),
            event: None,
            bot: self.bot.clone(),
            now,
            calendars_open: calendars
                .map(|calendar| (calendar.draft().name.clone(), calendar.is_open_at(now)))
                .collect(),
        }
    }
}

/// Gives values of defined fields their types: a number is compared as one, what was chosen is a list.
pub(crate) fn type_fields(fields: &FieldBook, values: &mut serde_json::Map<String, serde_json::Value>) {
    for (name, value) in values {
        if let (Some(field), Some(text)) = (fields.named(name), value.as_str()) {
            *value = field.show(text);
        }
    }
}

/// What a bot handed over, as conditions see it. What it did not say is empty, and no confidence is none.
pub fn bot_facts(hand_off: &HandOff) -> BotFacts {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    BotFacts {
        intent: text(&hand_off.intent),
        confidence: hand_off.confidence.unwrap_or(0.0),
        summary: text(&hand_off.summary),
        reason: text(&hand_off.reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(sources: &[&str]) -> Reads {
        let conditions: Vec<_> = sources.iter().map(|source| source.parse().unwrap()).collect();
        Reads::of(&conditions)
    }

    #[test]
    fn what_no_condition_reads_is_not_needed() {
        let head_alone = r#"ticket.priority == "high" && ticket.language == "de" && "vip" in ticket.tags"#;
        assert_eq!(needs(&[head_alone]), Reads::default());
        assert_eq!(needs(&[]), Reads::default());
    }

    #[test]
    fn a_tier_may_be_the_organizations() {
        let tier = needs(&[r#"requester.tier == "gold""#]);
        assert!(tier.requester && tier.organization && !tier.history);
        let domain = needs(&[r#"requester.domain == "acme.example""#]);
        assert!(domain.requester && !domain.organization);
        assert!(needs(&["organization == null"]).organization);
    }

    #[test]
    fn what_a_bot_did_not_say_is_empty() {
        let said = HandOff {
            intent: Some("refund".to_owned()),
            confidence: Some(0.42),
            ..HandOff::default()
        };
        let bot = bot_facts(&said);
        assert_eq!((bot.intent.as_str(), bot.confidence), ("refund", 0.42));
        assert_eq!((bot.summary.as_str(), bot.reason.as_str()), ("", ""));
        assert_eq!(bot_facts(&HandOff::default()), BotFacts::default());
    }

    #[test]
    fn an_assignee_is_told_only_of_the_agent_that_was_looked_up() {
        let mut ticket = Ticket::blank(docket_domain::TicketNumber(1));
        ticket.assignee = Some(PersonId(2));
        let around = Surroundings {
            agents: BTreeMap::from([(PersonId(2), "bo@desk.example".to_owned())]),
            ..Surroundings::default()
        };
        let assignee = |ticket: &Ticket| around.facts(ticket, Timestamp::UNIX_EPOCH).ticket.assignee;
        assert_eq!(assignee(&ticket).as_deref(), Some("bo@desk.example"));
        ticket.assignee = Some(PersonId(3));
        assert_eq!(assignee(&ticket), None);
    }

    #[test]
    fn each_name_asks_for_what_it_stands_for() {
        assert!(needs(&["requester.tickets_open > 3"]).history);
        assert!(needs(&["requester.last_contact == null"]).history);
        assert!(needs(&[r#"ticket.text.contains("refund")"#]).text);
        assert!(needs(&[r#"bot.intent == "refund""#]).bot);
        assert!(needs(&[r#"ticket.assignee == null"#]).assignee);
        let two = needs(&[r#"ticket.group == "Billing""#, r#"calendar("office").open(now)"#]);
        assert!(two.groups && two.calendars.contains("office"));
    }
}

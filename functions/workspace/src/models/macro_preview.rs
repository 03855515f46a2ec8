//! What a macro will do to several tickets, in words, before it is done.

use crate::{directions::isolated, names::Names, refusals::said, words};
use docket_domain::{
    PersonId,
    rule::{Rule, RuleAction, RuleBook},
    sla::Recipient,
    ticket::{ReplyVia, Status, Ticket},
};
use std::collections::BTreeSet;

/// A text that it writes, as one ticket gets it.
pub struct Text {
    /// Where it goes.
    pub heading: String,
    /// It, or why it can't be filled in.
    pub text: String,
    pub is_problem: bool,
}

/// A ticket that it is run on.
pub struct Line {
    pub number: u64,
    pub subject: String,
    pub who: String,
    /// Why not all of it is done there; empty where all of it is.
    pub but: &'static str,
}

/// What a macro does, each in a few words.
pub fn deeds(rule: &Rule, book: &RuleBook, names: &Names) -> Vec<String> {
    rule.actions
        .iter()
        .map(|action| in_words(action, book, names))
        .collect()
}

fn in_words(action: &RuleAction, book: &RuleBook, names: &Names) -> String {
    let list = |values: &[String]| isolated(&values.join(", ")).into_owned();
    match action {
        RuleAction::SetPriority(to) => {
            t!(
                "Sets the priority to {priority}",
                priority = words::priority(Some(*to))
            )
        }
        RuleAction::SetType(Some(to)) => t!("Sets the type to {kind}", kind = words::ticket_type(*to)),
        RuleAction::SetType(None) => t!("Takes the type away").to_owned(),
        RuleAction::SetStatus(to) => t!("Sets the status to {status}", status = words::status(*to)),
        RuleAction::SetGroup(to) => t!("Moves it to {group}", group = names.told_group(*to)),
        RuleAction::SetAssignee(Some(to)) => t!("Gives it to {agent}", agent = names.told(*to)),
        RuleAction::SetAssignee(None) => t!("Takes it away from whoever has it").to_owned(),
        RuleAction::AssignToActor => t!("Gives it to you").to_owned(),
        RuleAction::AddTags(tags) => t!("Adds the tags {tags}", tags = list(tags)),
        RuleAction::RemoveTags(tags) => t!("Takes the tags {tags} away", tags = list(tags)),
        RuleAction::SetField { name, value } => {
            let field = book.fields.named(name);
            let field = isolated(field.map_or(name.as_str(), |field| field.title.as_str()));
            match value {
                Some(value) => t!("Sets {field} to {value}", field, value = isolated(value)),
                None => t!("Empties {field}", field),
            }
        }
        RuleAction::SetCustomStatus(id) => match book.fields.status(*id) {
            Some(status) => t!(
                "Sets the status to {status}",
                status = isolated(&status.agent_label)
            ),
            None => t!("Sets the status {id}", id),
        },
        RuleAction::SetForm(id) => match book.fields.form(*id) {
            Some(form) => t!("Puts it into the form {form}", form = isolated(&form.name)),
            None => t!("Puts it into the form {form}", form = id),
        },
        RuleAction::SetSlaPolicy(Some(_)) => t!("Puts it under another SLA policy").to_owned(),
        RuleAction::SetSlaPolicy(None) => t!("Has its SLA policy chosen anew").to_owned(),
        RuleAction::RequireSkills(_) => t!("Asks for other skills of whoever gets it").to_owned(),
        RuleAction::Escalate { to, .. } => t!("Escalates it to {group}", group = names.told_group(*to)),
        RuleAction::AddCcs(people) => {
            let people: Vec<String> = people.iter().map(|person| names.told(*person)).collect();
            t!("Sends answers in copy to {people}", people = people.join(", "))
        }
        RuleAction::AddNote(_) => t!("Adds a note").to_owned(),
        RuleAction::Reply(_) => t!("Writes to the customer").to_owned(),
        RuleAction::Notify { to, .. } => match to {
            Recipient::Assignee => t!("Tells whoever has it, by mail").to_owned(),
            Recipient::Group(group) => t!("Tells {who}, by mail", who = names.told_group(*group)),
            Recipient::Agent(agent) => t!("Tells {who}, by mail", who = names.told(*agent)),
        },
        RuleAction::CallWebhook(_) => t!("Calls another system").to_owned(),
    }
}

/// Whose names that needs.
pub fn people_in(rule: &Rule) -> BTreeSet<PersonId> {
    let mut people = BTreeSet::new();
    for action in &rule.actions {
        match action {
            RuleAction::SetAssignee(Some(agent))
            | RuleAction::Notify {
                to: Recipient::Agent(agent),
                ..
            } => drop(people.insert(*agent)),
            RuleAction::AddCcs(ccs) => people.extend(ccs),
            _ => {}
        }
    }
    people
}

/// Whether it writes to customers: then what they wrote since somebody looked matters.
pub fn replies(rule: &Rule) -> bool {
    rule.actions
        .iter()
        .any(|action| matches!(action, RuleAction::Reply(_)))
}

/// Whether there is anything that no undo takes back.
fn leaves_something(rule: &Rule) -> bool {
    let stays = |action: &RuleAction| {
        matches!(
            action,
            RuleAction::AddNote(_)
                | RuleAction::Reply(_)
                | RuleAction::Notify { .. }
                | RuleAction::CallWebhook(_)
                | RuleAction::SetSlaPolicy(_)
        )
    };
    rule.actions.iter().any(stays)
}

/// What of it no undo takes back on these tickets, in words; nothing where all of it can be undone.
pub fn stays(rule: &Rule, tickets: &[Ticket]) -> Vec<&'static str> {
    let does = |is: fn(&RuleAction) -> bool| rule.actions.iter().any(is);
    let on = |is: fn(&Ticket) -> bool| {
        let mut open = tickets.iter().filter(|ticket| ticket.status != Status::Closed);
        open.any(is)
    };
    let sets_group =
        |action: &RuleAction| matches!(action, RuleAction::SetGroup(_) | RuleAction::Escalate { .. });
    let opens = |action: &RuleAction| {
        matches!(
            action,
            RuleAction::SetStatus(_)
                | RuleAction::SetCustomStatus(_)
                | RuleAction::AssignToActor
                | RuleAction::SetAssignee(Some(_))
                | RuleAction::Escalate { .. }
                | RuleAction::Reply(_)
        )
    };
    let first_priority =
        does(|action| matches!(action, RuleAction::SetPriority(_))) && on(|ticket| ticket.priority.is_none());
    let first_group = does(sets_group) && on(|ticket| ticket.group.is_none());
    let mut words = vec![];
    if leaves_something(rule) {
        words.push(t!(
            "Undo puts back what it sets. What it writes, mails or calls stays."
        ));
    }
    if first_priority || first_group {
        words.push(t!("A priority or a group stays where there was none."));
    }
    if does(opens) && on(|ticket| ticket.status == Status::New) {
        words.push(t!("A new ticket is open after Undo."));
    }
    words
}

/// The texts that it writes, as they are filled in.
pub fn texts(
    rule: &Rule,
    example: &Ticket,
    fill: impl Fn(&docket_domain::rule::Text, bool) -> Result<String, String>,
) -> Vec<Text> {
    let text = |action: &RuleAction| {
        let ticket = example.number;
        let (heading, is_public) = match action {
            RuleAction::Reply(_) => (t!("To the customer, on ticket {ticket}", ticket), true),
            RuleAction::AddNote(_) => (t!("Note, on ticket {ticket}", ticket), false),
            RuleAction::Notify { .. } => (t!("To agents, on ticket {ticket}", ticket), false),
            _ => return None,
        };
        let filled = fill(action.text()?, is_public);
        Some(Text {
            heading,
            is_problem: filled.is_err(),
            text: filled.unwrap_or_else(|why| {
                let english = format!("Can\u{2019}t be filled in: {why}.");
                said(english, t!("The text of this macro can't be written."))
            }),
        })
    };
    rule.actions.iter().filter_map(text).collect()
}

/// The line of a ticket.
pub fn line(rule: &Rule, ticket: &Ticket, names: &Names) -> Line {
    let is_unreachable = replies(rule) && matches!(ticket.reply_via, ReplyVia::Nowhere);
    Line {
        number: ticket.number.0,
        subject: words::subject(&ticket.subject),
        who: names.person(ticket.requester),
        but: match ticket.status {
            Status::Closed => t!("closed: nothing is done"),
            _ if is_unreachable => t!("the customer can’t be written to"),
            _ => "",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::offered_macros::macro_that;
    use docket_domain::{TicketNumber, ticket::Priority};

    fn own(text: &str) -> docket_domain::rule::Text {
        docket_domain::rule::Text::Template(text.to_owned())
    }

    #[test]
    fn each_deed_is_told_with_its_value() {
        let rule = macro_that(vec![
            RuleAction::SetStatus(Status::Hold),
            RuleAction::SetPriority(Priority::High),
            RuleAction::AddTags(vec!["refund".to_owned(), "vip".to_owned()]),
            RuleAction::SetField {
                name: "colour".to_owned(),
                value: None,
            },
            RuleAction::AssignToActor,
            RuleAction::SetAssignee(Some(PersonId(7))),
        ]);
        assert_eq!(
            deeds(&rule, &RuleBook::default(), &Names::default()),
            [
                "Sets the status to On hold",
                "Sets the priority to High",
                "Adds the tags refund, vip",
                "Empties colour",
                "Gives it to you",
                "Gives it to Person 7"
            ]
        );
        assert_eq!(people_in(&rule), BTreeSet::from([PersonId(7)]));
        assert!(!leaves_something(&rule));
    }

    #[test]
    fn texts_are_those_of_a_ticket_and_one_that_can_t_be_filled_in_says_why() {
        let rule = macro_that(vec![
            RuleAction::Reply(own("restart")),
            RuleAction::SetStatus(Status::Pending),
            RuleAction::AddNote(own("gone")),
        ]);
        let ticket = Ticket::blank(TicketNumber(12));
        let fill = |text: &docket_domain::rule::Text, is_public| match (text, is_public) {
            (docket_domain::rule::Text::Template(name), true) => Ok(format!("Please {name}.")),
            _ => Err("there is no such template".to_owned()),
        };
        let texts = texts(&rule, &ticket, fill);
        let said: Vec<(&str, &str, bool)> = texts
            .iter()
            .map(|text| (text.heading.as_str(), text.text.as_str(), text.is_problem))
            .collect();
        assert_eq!(
            said,
            [
                ("To the customer, on ticket 12", "Please restart.", false),
                (
                    "Note, on ticket 12",
                    "Can\u{2019}t be filled in: there is no such template.",
                    true
                )
            ]
        );
        assert!(replies(&rule) && leaves_something(&rule));
    }

    #[test]
    fn what_no_undo_takes_back_is_told_of_these_tickets() {
        let sets = macro_that(vec![
            RuleAction::SetPriority(Priority::High),
            RuleAction::AssignToActor,
        ]);
        let had = Ticket {
            status: Status::Open,
            priority: Some(Priority::Low),
            ..Ticket::blank(TicketNumber(1))
        };
        assert!(stays(&sets, std::slice::from_ref(&had)).is_empty());
        let none = Ticket {
            priority: None,
            ..had.clone()
        };
        let new = Ticket {
            status: Status::New,
            ..had
        };
        assert_eq!(
            stays(&sets, &[none, new.clone()]),
            [
                "A priority or a group stays where there was none.",
                "A new ticket is open after Undo."
            ]
        );
        let tags = macro_that(vec![RuleAction::AddTags(vec!["vip".to_owned()])]);
        assert!(stays(&tags, &[new]).is_empty());
    }

    #[test]
    fn what_is_closed_or_reaches_nobody_is_told_beforehand() {
        let replies = macro_that(vec![RuleAction::Reply(own("restart"))]);
        let mut ticket = Ticket::blank(TicketNumber(12));
        ticket.reply_via = ReplyVia::Nowhere;
        let but = |rule: &Rule, ticket: &Ticket| line(rule, ticket, &Names::default()).but;
        assert_eq!(but(&replies, &ticket), "the customer can\u{2019}t be written to");
        assert_eq!(but(&macro_that(vec![RuleAction::AssignToActor]), &ticket), "");
        ticket.status = Status::Closed;
        assert_eq!(but(&replies, &ticket), "closed: nothing is done");
    }
}

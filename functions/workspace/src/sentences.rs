//! What happened to a ticket, one sentence each. The sentences are ours; what others wrote keeps its own direction in them.

use crate::{
    directions::{isolated, quoted},
    linked,
    names::Names,
    promises, words,
};
use docket_domain::{
    PersonId,
    assignment::RequiredSkill,
    outbox::{DeliveryOutcome, MailPurpose, OutboxItem, State, Work},
    ticket::{Actor, Channel, Fact, ReplyVia, TicketEvent, fact},
};
use std::collections::BTreeMap;

/// The sentence for an event.
pub fn sentence(event: &TicketEvent, names: &Names) -> String {
    let sentence = whole_sentence(event, names);
    if event.is_erased {
        let begun = sentence.trim_end_matches([':', ' ']);
        format!("{begun} (what was said is erased)")
    } else {
        sentence
    }
}

fn whole_sentence(event: &TicketEvent, names: &Names) -> String {
    let who = actor(&event.actor, names);
    match &event.fact {
        Fact::TicketCreated(fact::TicketCreated { channel: came, .. }) => {
            format!("{who} opened the ticket {}", channel(came))
        }
        Fact::CommentAdded(fact::CommentAdded {
            author,
            public,
            written_by,
            reaches_nobody,
            ..
        }) => {
            let who = match written_by {
                Some(by) if author.is_of_the_desk() => format!("Rule {}", quoted(&by.name)),
                _ => names.told(*author),
            };
            if *reaches_nobody {
                format!("{who} wrote; it goes to nobody, for the ticket has no way to answer")
            } else if *public {
                format!("{who} wrote")
            } else {
                format!("{who} added an internal note")
            }
        }
        Fact::Triaged(fact::Triaged { group, reason, .. }) => {
            format!("Triaged to {}: {}", names.told_group(*group), isolated(reason))
        }
        Fact::Assigned { assignee, reason, .. } => {
            format!("Assigned to {}: {}", names.told(*assignee), isolated(reason))
        }
        Fact::AssignmentDeferred { reason, .. } => format!("Waits for an agent: {}", isolated(reason)),
        Fact::SkillsRequired { to, .. } => format!("{who} {}", skills(to)),
        Fact::HandedBack { from, reason, .. } => {
            format!("Back from {}: {}", names.told(*from), isolated(reason))
        }
        Fact::Escalated { to, reason, .. } => {
            let to = names.told_group(*to);
            format!("{who} escalated the ticket to {to}: {}", isolated(reason))
        }
        Fact::StatusChanged { from, to, reason, .. } => {
            let (from, to) = (words::status(*from), words::status(*to));
            if event.actor.person().is_some() && reason == "set by hand" {
                format!("{who} set the status from {from} to {to}")
            } else {
                format!("Status went from {from} to {to}: {}", isolated(reason))
            }
        }
        Fact::AssigneeChanged { from, to, .. } => match (from, to) {
            (_, Some(to)) if event.actor.person() == Some(*to) => format!("{who} took the ticket"),
            (_, Some(to)) => format!("{who} gave the ticket to {}", names.told(*to)),
            (Some(from), None) => format!("{who} took the ticket from {}", names.told(*from)),
            (None, None) => "The ticket waits for an agent again".to_owned(),
        },
        Fact::GroupChanged { to, .. } => format!("{who} moved the ticket to {}", names.told_group(*to)),
        Fact::PriorityChanged { from, to } => format!(
            "{who} set the priority from {} to {}",
            words::priority(*from),
            words::priority(Some(*to))
        ),
        Fact::TypeChanged { to: Some(to), .. } => format!("{who} set the type to {to}"),
        Fact::TypeChanged { to: None, .. } => format!("{who} took the type away"),
        Fact::SubjectChanged { .. } if event.is_erased => format!("{who} changed the subject"),
        Fact::SubjectChanged { from, .. } => format!("{who} changed the subject, which was {}", quoted(from)),
        Fact::ExternalIdChanged(fact::ExternalIdChanged { to: Some(to), .. }) => {
            format!("{who} set the id in another system to {}", quoted(to))
        }
        // None is left, or it was erased.
        Fact::ExternalIdChanged(_) => format!("{who} changed the id in another system"),
        Fact::ReplyViaChanged { to } => format!("Answers go {} from now on", where_to(to)),
        Fact::ReopenHeldBack { reason, .. } => format!("Not reopened yet: {}", isolated(reason)),
        Fact::CcsChanged { added, removed } => format!("{who} {}", copies(added, removed, names)),
        Fact::TagsChanged { added, removed } => format!("{who} {}", tags(added, removed)),
        Fact::FieldsChanged { changed } => format!("{who} {}", fields(changed)),
        Fact::FormChanged { to: Some(form), .. } => format!("{who} put the ticket into form {form}"),
        Fact::FormChanged { to: None, .. } => format!("{who} took the ticket out of its form"),
        Fact::CustomStatusChanged { to: Some(status), .. } => {
            format!("{who} set status {status} of the desk's own")
        }
        Fact::CustomStatusChanged { to: None, .. } => {
            format!("{who} took the status of the desk's own away")
        }
        Fact::DueChanged { to: Some(at), .. } => {
            format!("{who} set the task due {}", words::exact(*at).exact)
        }
        Fact::DueChanged { to: None, .. } => format!("{who} took the due date away"),
        Fact::SlaPolicySet { policy: Some(policy) } => {
            format!("{who} put the ticket under SLA policy {policy}, whatever its condition says")
        }
        Fact::SlaPolicySet { policy: None } => {
            format!("{who} left the SLA policy to the policies' conditions again")
        }
        Fact::RuleRan(fact::RuleRan {
            kind,
            name,
            reason,
            left_undone,
            ..
        }) => {
            let (name, reason) = (quoted(name), isolated(reason));
            format!("The {kind} {name} ran: {reason}{}", undone(left_undone))
        }
        Fact::RuleStopped(fact::RuleStopped {
            kind, name, reason, ..
        }) => {
            format!("The {kind} {} did not run: {}", quoted(name), isolated(reason))
        }
        Fact::AgentsNotified(fact::AgentsNotified { name, to, .. }) => {
            let people: Vec<String> = to.iter().map(|person| names.told(*person)).collect();
            format!("Rule {} tells {} by mail", quoted(name), people.join(", "))
        }
        Fact::AutomationsPlanned {} => "Which automations are to run was worked out anew".to_owned(),
        Fact::SlaWarned { .. }
        | Fact::SlaBreached { .. }
        | Fact::SlaFulfilled { .. }
        | Fact::SlaPolicyApplied { .. }
        | Fact::SlaEscalated { .. }
        | Fact::SlaBreachVoided { .. } => promises::sentence(event, &who, names),
        Fact::Snoozed { until } => format!("{who} snoozed the ticket until {}", words::exact(*until).exact),
        Fact::SnoozeEnded { reason } => format!("The ticket woke up: {}", isolated(reason)),
        Fact::CustomerReminded { nth, .. } => format!("The requester was reminded that we wait ({nth})"),
        Fact::SolutionConfirmed {} => "The requester confirmed that it is solved".to_owned(),
        Fact::SatisfactionRated { score, comment, .. } => match comment {
            Some(comment) => format!(
                "The requester was helped {}: {}",
                helped(*score),
                isolated(comment)
            ),
            None => format!("The requester was helped {}", helped(*score)),
        },
        Fact::Skipped { agent, reason } => match reason {
            Some(reason) => format!(
                "{} passed the ticket over: {}",
                names.told(*agent),
                isolated(reason)
            ),
            None => format!("{} passed the ticket over", names.told(*agent)),
        },
        Fact::DeliveryReported {
            outcome,
            detail,
            is_answered,
            ..
        } => delivery(*outcome, detail, *is_answered),
        Fact::Deleted { for_good_at } => format!(
            "{who} deleted the ticket; it can be restored until {}",
            words::exact(*for_good_at).exact
        ),
        Fact::Restored {} => format!("{who} restored the ticket"),
        Fact::PermanentlyDeleted { reason, .. } => {
            format!("The ticket was deleted for good: {}", isolated(reason))
        }
        Fact::CommentRedacted { whole: true, .. } => {
            format!("{who} made a whole comment unreadable, for good")
        }
        Fact::CommentRedacted { places, files, .. } => {
            let where_it_stood = redacted(*places, files.len());
            format!("{who} made something in a comment unreadable, for good: {where_it_stood}")
        }
        Fact::CommentMadePrivate { .. } => format!("{who} keeps a comment to agents that was public"),
        Fact::RequesterMerged { is_undone: false, .. } => {
            "Two records of the requester became one".to_owned()
        }
        Fact::RequesterMerged { is_undone: true, .. } => {
            "The records of the requester are two again".to_owned()
        }
        Fact::PersonForgotten { .. } => "Somebody who had to do with the ticket was forgotten".to_owned(),
        Fact::Erased { again_at: None, .. } => {
            "What had to go is gone from the history and from storage".to_owned()
        }
        Fact::Erased { .. } => "A part of what had to go is gone; the rest follows".to_owned(),
        Fact::Merged(_)
        | Fact::MergedIn(_)
        | Fact::MergeUndone(_)
        | Fact::MergedInUndone(_)
        | Fact::SplitOff(_)
        | Fact::SplitFrom(_)
        | Fact::ProblemChanged(_)
        | Fact::IncidentsQueued(_)
        | Fact::IncidentsSolved(_)
        | Fact::FollowersChanged(_)
        | Fact::Imported(_) => linked::sentence(event, &who, names),
    }
}

/// Where something stood that was made unreadable.
fn redacted(places: u64, files: usize) -> String {
    let places = match places {
        0 => None,
        1 => Some("in one place of its text".to_owned()),
        places => Some(format!("in {places} places of its text")),
    };
    let files = match files {
        0 => None,
        1 => Some("one of its files".to_owned()),
        files => Some(format!("{files} of its files")),
    };
    places.into_iter().chain(files).collect::<Vec<_>>().join(", ")
}

/// Whether whoever works on the ticket must have seen the event before they answer: somebody wrote, or somebody
/// else changed it. What the desk does by itself holds nobody back.
pub fn holds_back(event: &TicketEvent) -> bool {
    matches!(event.fact, Fact::CommentAdded(_)) || event.actor.person().is_some()
}

fn actor(actor: &Actor, names: &Names) -> String {
    match actor {
        Actor::Requester(id) | Actor::ThirdParty(id) | Actor::Agent(id) | Actor::Import(id) => {
            names.told(*id)
        }
        Actor::Rule(rule) => format!("Rule {rule}"),
        Actor::System => "The desk".to_owned(),
    }
}

/// The way a contact came.
pub fn channel(channel: &Channel) -> String {
    match channel {
        Channel::Mail { mailbox } => format!("by mail to {mailbox}"),
        Channel::Hook { channel } => format!("through channel {}", isolated(channel)),
        Channel::Api => "through the API".to_owned(),
        Channel::Agent => "in the workspace".to_owned(),
        Channel::Portal => "on the page for customers".to_owned(),
    }
}

fn tags(added: &[String], removed: &[String]) -> String {
    let named = |tags: &[String]| {
        tags.iter()
            .map(|tag| isolated(tag))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (added, removed) = (named(added), named(removed));
    match (added.is_empty(), removed.is_empty()) {
        (false, true) => format!("added the tags {added}"),
        (true, _) => format!("took the tags {removed} away"),
        (false, false) => format!("added the tags {added} and took {removed} away"),
    }
}

fn fields(changed: &BTreeMap<String, Option<String>>) -> String {
    let said = changed.iter().map(|(name, value)| match value {
        Some(value) if value.is_empty() => format!("set {}", isolated(name)),
        Some(value) => format!("set {} to {}", isolated(name), isolated(value)),
        None => format!("took {} away", isolated(name)),
    });
    said.collect::<Vec<_>>().join(" and ")
}

fn undone(left_undone: &[String]) -> String {
    match left_undone {
        [] => String::new(),
        all => format!("; left undone: {}", isolated(&all.join("; "))),
    }
}

fn skills(required: &[RequiredSkill]) -> String {
    let words: Vec<String> = required
        .iter()
        .map(|need| format!("skill {} at level {}", need.skill, need.level))
        .collect();
    match &words[..] {
        [] => "waived the required skills".to_owned(),
        words => format!("required {}", words.join(", ")),
    }
}

fn where_to(via: &ReplyVia) -> &'static str {
    match via {
        ReplyVia::Mail { .. } => "to the customer's address",
        ReplyVia::Callback { .. } => "back to the channel",
        ReplyVia::Nowhere => "nowhere",
    }
}

fn copies(added: &[PersonId], removed: &[PersonId], names: &Names) -> String {
    let named = |people: &[PersonId]| {
        let names: Vec<String> = people.iter().map(|person| names.told(*person)).collect();
        names.join(", ")
    };
    match (added.is_empty(), removed.is_empty()) {
        (false, true) => format!("put {} in copy", named(added)),
        (true, _) => format!("took {} out of copy", named(removed)),
        (false, false) => format!("put {} in copy and took {} out", named(added), named(removed)),
    }
}

fn delivery(outcome: DeliveryOutcome, detail: &str, is_answered: Option<bool>) -> String {
    let words = match outcome {
        DeliveryOutcome::InDoubt => "Nobody knows yet whether an answer went out",
        DeliveryOutcome::PossiblyDouble => "An answer was sent once more after a doubt, perhaps twice",
        DeliveryOutcome::Failed => "An answer could not be sent",
        DeliveryOutcome::Bounced => "An answer came back",
        DeliveryOutcome::Complained => "The recipient complained about an answer",
        DeliveryOutcome::Resent => "An answer is sent again",
        DeliveryOutcome::Delayed => "An answer has not arrived yet",
        DeliveryOutcome::Withheld => "An automatic mail was held back",
        DeliveryOutcome::Sent => "An answer went out after all",
    };
    let words = match is_answered {
        Some(false) => format!("{words}, and what was promised is due as if it had not been written"),
        Some(true) | None => words.to_owned(),
    };
    if detail.is_empty() {
        words
    } else {
        format!("{words}: {}", isolated(detail))
    }
}

/// What a mail is called.
pub fn mail(purpose: &MailPurpose) -> &'static str {
    match purpose {
        MailPurpose::Reply { .. } => "Answer",
        MailPurpose::Acknowledgement => "Acknowledgement of receipt",
        MailPurpose::Reminder => "Reminder to the requester",
        MailPurpose::Solved => "Question whether it is solved",
        MailPurpose::Escalation | MailPurpose::RuleNotice => "Mail to the agents",
        MailPurpose::RuleReply { .. } => "Automatic answer",
        MailPurpose::FollowerNotice { .. } => "Mail to those who follow",
        MailPurpose::Notification { .. } => "Notification",
    }
}

/// How an answer on its way out stands: words, and a tone that a style sheet colours.
pub fn outgoing(item: &OutboxItem) -> (String, &'static str) {
    let detail = |words: &str| match &item.detail {
        Some(detail) => format!("{words}: {}", isolated(detail)),
        None => words.to_owned(),
    };
    let is_mail = matches!(item.work, Work::Mail { .. });
    match (&item.state, is_mail) {
        (State::Pending, true) => (detail("Waiting to be sent"), "rest"),
        (State::Pending, false) => (detail("Waiting to be handed to the channel"), "rest"),
        (State::Sending { .. }, _) => ("Being sent".to_owned(), "rest"),
        (State::InDoubt { .. }, _) => (detail("In doubt whether it was sent"), "warn"),
        (State::Sent, true) if item.possibly_double => ("Sent, perhaps twice".to_owned(), "warn"),
        (State::Sent, true) => ("Sent".to_owned(), "calm"),
        (State::Sent, false) => ("Handed to the channel".to_owned(), "calm"),
        (State::Failed, _) => (detail("Not sent"), "late"),
    }
}

/// How the requester says that they were helped.
fn helped(score: docket_domain::ticket::Score) -> &'static str {
    match score {
        docket_domain::ticket::Score::Good => "well",
        docket_domain::ticket::Score::Bad => "badly",
    }
}

#[cfg(test)]
#[path = "sentences_tests.rs"]
mod tests;

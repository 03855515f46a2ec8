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
    contact::tells::Tells,
    outbox::DeliveryOutcome,
    rule::RuleKind,
    ticket::{Actor, Channel, Fact, ReplyVia, TicketEvent, fact},
};
use std::collections::BTreeMap;

/// The sentence for an event.
pub fn sentence(event: &TicketEvent, names: &Names) -> String {
    let sentence = whole_sentence(event, names);
    if event.is_erased {
        let begun = sentence.trim_end_matches([':', ' ']);
        t!("{sentence} (what was said is erased)", sentence = begun)
    } else {
        sentence
    }
}

fn whole_sentence(event: &TicketEvent, names: &Names) -> String {
    let who = actor(&event.actor, names);
    match &event.fact {
        Fact::TicketCreated(fact::TicketCreated { channel: came, .. }) => {
            t!("{who} opened the ticket {came}", who, came = channel(came))
        }
        Fact::CommentAdded(fact::CommentAdded {
            author,
            public,
            written_by,
            reaches_nobody,
            tells,
            ..
        }) => {
            let who = match written_by {
                Some(by) if author.is_of_the_desk() => t!("Rule {rule}", rule = quoted(&by.name)),
                _ => names.told(*author),
            };
            if let Some(Tells::Call(_)) = tells {
                t!("{who} logged a call", who)
            } else if let Some(Tells::Forward(_)) = tells {
                t!("{who} forwarded what was written here", who)
            } else if *reaches_nobody {
                t!(
                    "{who} wrote; it goes to nobody, for the ticket has no way to answer",
                    who
                )
            } else if *public {
                t!("{who} wrote", who)
            } else {
                t!("{who} added an internal note", who)
            }
        }
        Fact::Triaged(fact::Triaged { group, reason, .. }) => {
            let (group, reason) = (names.told_group(*group), isolated(reason));
            t!("Triaged to {group}: {reason}", group, reason)
        }
        Fact::Assigned { assignee, reason, .. } => {
            let (agent, reason) = (names.told(*assignee), isolated(reason));
            t!("Assigned to {agent}: {reason}", agent, reason)
        }
        Fact::AssignmentDeferred { reason, .. } => {
            t!("Waits for an agent: {reason}", reason = isolated(reason))
        }
        Fact::SkillsRequired { to, .. } => skills(&who, to),
        Fact::HandedBack { from, reason, .. } => {
            let (agent, reason) = (names.told(*from), isolated(reason));
            t!("Back from {agent}: {reason}", agent, reason)
        }
        Fact::Escalated { to, reason, .. } => {
            let (group, reason) = (names.told_group(*to), isolated(reason));
            t!(
                "{who} escalated the ticket to {group}: {reason}",
                who,
                group,
                reason
            )
        }
        Fact::StatusChanged { from, to, reason, .. } => {
            let (from, to) = (words::status(*from), words::status(*to));
            if event.actor.person().is_some() && reason == fact::SET_BY_HAND {
                t!("{who} set the status from {from} to {to}", who, from, to)
            } else {
                let reason = isolated(reason);
                t!("Status went from {from} to {to}: {reason}", from, to, reason)
            }
        }
        Fact::AssigneeChanged { from, to, .. } => match (from, to) {
            (_, Some(to)) if event.actor.person() == Some(*to) => t!("{who} took the ticket", who),
            (_, Some(to)) => t!("{who} gave the ticket to {agent}", who, agent = names.told(*to)),
            (Some(from), None) => t!(
                "{who} took the ticket from {agent}",
                who,
                agent = names.told(*from)
            ),
            (None, None) => t!("The ticket waits for an agent again").to_owned(),
        },
        Fact::GroupChanged { to, .. } => {
            t!(
                "{who} moved the ticket to {group}",
                who,
                group = names.told_group(*to)
            )
        }
        Fact::PriorityChanged { from: None, to } => {
            let to = words::priority(Some(*to));
            t!("{who} set the priority to {to}", who, to)
        }
        Fact::PriorityChanged { from, to } => {
            let (from, to) = (words::priority(*from), words::priority(Some(*to)));
            t!("{who} set the priority from {from} to {to}", who, from, to)
        }
        Fact::TypeChanged { to: Some(to), .. } => {
            t!(
                "{who} set the type to {kind}",
                who,
                kind = words::ticket_type(*to)
            )
        }
        Fact::TypeChanged { to: None, .. } => t!("{who} took the type away", who),
        Fact::SubjectChanged { .. } if event.is_erased => t!("{who} changed the subject", who),
        Fact::SubjectChanged { from, .. } => {
            t!(
                "{who} changed the subject, which was {subject}",
                who,
                subject = quoted(from)
            )
        }
        Fact::ExternalIdChanged(fact::ExternalIdChanged { to: Some(to), .. }) => {
            t!("{who} set the id in another system to {id}", who, id = quoted(to))
        }
        // None is left, or it was erased.
        Fact::ExternalIdChanged(_) => t!("{who} changed the id in another system", who),
        Fact::ReplyViaChanged { to } => where_to(to).to_owned(),
        Fact::ReopenHeldBack { reason, .. } => t!("Not reopened yet: {reason}", reason = isolated(reason)),
        Fact::CcsChanged { added, removed } => copies(&who, (added, removed), names),
        Fact::TagsChanged { added, removed } => tags(&who, added, removed),
        Fact::FieldsChanged { changed } => fields(&who, changed),
        Fact::FormChanged { to: Some(form), .. } => t!("{who} put the ticket into form {form}", who, form),
        Fact::FormChanged { to: None, .. } => t!("{who} took the ticket out of its form", who),
        Fact::CustomStatusChanged { to: Some(status), .. } => {
            t!("{who} set status {status} of the desk's own", who, status)
        }
        Fact::CustomStatusChanged { to: None, .. } => {
            t!("{who} took the status of the desk's own away", who)
        }
        Fact::DueChanged { to: Some(at), .. } => {
            t!("{who} set the task due {at}", who, at = words::due_day(*at))
        }
        Fact::DueChanged { to: None, .. } => t!("{who} took the due date away", who),
        Fact::SlaPolicySet { policy: Some(policy) } => {
            t!(
                "{who} put the ticket under SLA policy {policy}, whatever its condition says",
                who,
                policy
            )
        }
        Fact::SlaPolicySet { policy: None } => {
            t!("{who} left the SLA policy to the policies' conditions again", who)
        }
        Fact::RuleRan(fact::RuleRan {
            kind,
            name,
            reason,
            left_undone,
            ..
        }) => {
            let (rule, reason) = (rule(*kind, name), isolated(reason));
            t!("{rule} ran: {reason}", rule, reason) + &undone(left_undone)
        }
        Fact::RuleStopped(fact::RuleStopped {
            kind, name, reason, ..
        }) => {
            let (rule, reason) = (rule(*kind, name), isolated(reason));
            t!("{rule} did not run: {reason}", rule, reason)
        }
        Fact::AgentsNotified(fact::AgentsNotified { name, to, .. }) => {
            let people: Vec<String> = to.iter().map(|person| names.told(*person)).collect();
            let (rule, people) = (quoted(name), people.join(", "));
            t!("Rule {rule} tells {people} by mail", rule, people)
        }
        Fact::AutomationsPlanned {} => t!("Which automations are to run was worked out anew").to_owned(),
        Fact::SlaWarned { .. }
        | Fact::SlaBreached { .. }
        | Fact::SlaFulfilled { .. }
        | Fact::SlaPolicyApplied { .. }
        | Fact::SlaEscalated { .. }
        | Fact::SlaBreachVoided { .. } => promises::sentence(event, &who, names),
        Fact::Snoozed { until } => {
            t!(
                "{who} snoozed the ticket until {at}",
                who,
                at = words::exact(*until).exact
            )
        }
        Fact::SnoozeEnded { reason } => t!("The ticket woke up: {reason}", reason = isolated(reason)),
        Fact::CustomerReminded { nth, .. } => t!("The requester was reminded that we wait ({nth})", nth),
        Fact::SolutionConfirmed {} => t!("The requester confirmed that it is solved").to_owned(),
        Fact::SatisfactionRated { score, comment, .. } => with_detail(helped(*score), comment.as_deref()),
        Fact::Skipped { agent, reason } => {
            let said = t!("{agent} passed the ticket over", agent = names.told(*agent));
            with_detail(&said, reason.as_deref())
        }
        Fact::DeliveryReported {
            outcome,
            detail,
            is_answered,
            ..
        } => delivery(*outcome, detail, *is_answered),
        Fact::Deleted { for_good_at } => {
            let at = words::exact(*for_good_at).exact;
            t!("{who} deleted the ticket; it can be restored until {at}", who, at)
        }
        Fact::Restored {} => t!("{who} restored the ticket", who),
        Fact::PermanentlyDeleted { reason, .. } => {
            t!(
                "The ticket was deleted for good: {reason}",
                reason = isolated(reason)
            )
        }
        Fact::CommentRedacted { whole: true, .. } => {
            t!("{who} made a whole comment unreadable, for good", who)
        }
        Fact::CommentRedacted { places, files, .. } => {
            let places = redacted(*places, files.len());
            t!(
                "{who} made something in a comment unreadable, for good: {places}",
                who,
                places
            )
        }
        Fact::CommentMadePrivate { .. } => t!("{who} keeps a comment to agents that was public", who),
        Fact::RequesterMerged { is_undone: false, .. } => {
            t!("Two records of the requester became one").to_owned()
        }
        Fact::RequesterMerged { is_undone: true, .. } => {
            t!("The records of the requester are two again").to_owned()
        }
        Fact::PersonForgotten { .. } => t!("Somebody who had to do with the ticket was forgotten").to_owned(),
        Fact::Erased { again_at: None, .. } => {
            t!("What had to go is gone from the history and from storage").to_owned()
        }
        Fact::Erased { .. } => t!("A part of what had to go is gone; the rest follows").to_owned(),
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
        places => Some(tn!(
            "in one place of its text",
            "in {count} places of its text",
            places
        )),
    };
    let files = match files {
        0 => None,
        files => Some(tn!("one of its files", "{count} of its files", files)),
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
        Actor::Rule(rule) => t!("Rule {rule}", rule),
        Actor::System => t!("The desk").to_owned(),
    }
}

/// The way a contact came.
pub fn channel(channel: &Channel) -> String {
    match channel {
        Channel::Mail { mailbox } => t!("by mail to {mailbox}", mailbox),
        Channel::Hook { channel } => t!("through channel {channel}", channel = isolated(channel)),
        Channel::Api => t!("through the API").to_owned(),
        Channel::Agent => t!("in the workspace").to_owned(),
        Channel::Portal => t!("on the page for customers").to_owned(),
        Channel::Phone => t!("by phone").to_owned(),
    }
}

/// A rule by its kind and name.
fn rule(kind: RuleKind, name: &str) -> String {
    let name = quoted(name);
    match kind {
        RuleKind::Routing => t!("The routing rule {name}", name),
        RuleKind::Trigger => t!("The trigger {name}", name),
        RuleKind::Automation => t!("The automation {name}", name),
        RuleKind::Macro => t!("The macro {name}", name),
    }
}

/// A sentence of ours, and what somebody said to it.
fn with_detail(said: &str, detail: Option<&str>) -> String {
    match detail {
        Some(detail) => format!("{said}: {}", isolated(detail)),
        None => said.to_owned(),
    }
}

fn tags(who: &str, added: &[String], removed: &[String]) -> String {
    let named = |tags: &[String]| {
        tags.iter()
            .map(|tag| isolated(tag))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (added, removed) = (named(added), named(removed));
    match (added.is_empty(), removed.is_empty()) {
        (false, true) => t!("{who} added the tags {added}", who, added),
        (true, _) => t!("{who} took the tags {removed} away", who, removed),
        (false, false) => t!(
            "{who} added the tags {added} and took {removed} away",
            who,
            added,
            removed
        ),
    }
}

fn fields(who: &str, changed: &BTreeMap<String, Option<String>>) -> String {
    let said = changed.iter().map(|(field, value)| {
        let field = isolated(field);
        match value {
            Some(value) if value.is_empty() => t!("set {field}", field),
            Some(value) => t!("set {field} to {value}", field, value = isolated(value)),
            None => t!("took {field} away", field),
        }
    });
    let changes = said.collect::<Vec<_>>().join(&format!(" {} ", t!("and")));
    t!("{who} {changes}", who, changes)
}

fn undone(left_undone: &[String]) -> String {
    match left_undone {
        [] => String::new(),
        all => t!("; left undone: {actions}", actions = isolated(&all.join("; "))),
    }
}

fn skills(who: &str, required: &[RequiredSkill]) -> String {
    let skills: Vec<String> = required
        .iter()
        .map(|need| {
            t!(
                "skill {skill} at level {level}",
                skill = need.skill,
                level = need.level
            )
        })
        .collect();
    match &skills[..] {
        [] => t!("{who} waived the required skills", who),
        skills => t!("{who} required {skills}", who, skills = skills.join(", ")),
    }
}

fn where_to(via: &ReplyVia) -> &'static str {
    match via {
        ReplyVia::Mail { .. } => t!("Answers go to the customer's address from now on"),
        ReplyVia::Callback { .. } => t!("Answers go back to the channel from now on"),
        ReplyVia::Nowhere => t!("Answers go nowhere from now on"),
    }
}

fn copies(who: &str, (added, removed): (&[PersonId], &[PersonId]), names: &Names) -> String {
    let named = |people: &[PersonId]| {
        let names: Vec<String> = people.iter().map(|person| names.told(*person)).collect();
        names.join(", ")
    };
    match (added.is_empty(), removed.is_empty()) {
        (false, true) => t!("{who} put {added} in copy", who, added = named(added)),
        (true, _) => t!("{who} took {removed} out of copy", who, removed = named(removed)),
        (false, false) => {
            let (added, removed) = (named(added), named(removed));
            t!(
                "{who} put {added} in copy and took {removed} out",
                who,
                added,
                removed
            )
        }
    }
}

fn delivery(outcome: DeliveryOutcome, detail: &str, is_answered: Option<bool>) -> String {
    let words = match outcome {
        DeliveryOutcome::InDoubt => t!("Nobody knows yet whether an answer went out"),
        DeliveryOutcome::PossiblyDouble => t!("An answer was sent once more after a doubt, perhaps twice"),
        DeliveryOutcome::Failed => t!("An answer could not be sent"),
        DeliveryOutcome::Bounced => t!("An answer came back"),
        DeliveryOutcome::Complained => t!("The recipient complained about an answer"),
        DeliveryOutcome::Resent => t!("An answer is sent again"),
        DeliveryOutcome::Delayed => t!("An answer has not arrived yet"),
        DeliveryOutcome::Withheld => t!("An automatic mail was held back"),
        DeliveryOutcome::Sent => t!("An answer went out after all"),
    };
    let words = match is_answered {
        Some(false) => t!(
            "{what}, and what was promised is due as if it had not been written",
            what = words
        ),
        Some(true) | None => words.to_owned(),
    };
    if detail.is_empty() {
        words
    } else {
        format!("{words}: {}", isolated(detail))
    }
}

/// How the requester says that they were helped.
fn helped(score: docket_domain::ticket::Score) -> &'static str {
    match score {
        docket_domain::ticket::Score::Good => t!("The requester was helped well"),
        docket_domain::ticket::Score::Bad => t!("The requester was helped badly"),
    }
}

#[cfg(test)]
#[path = "sentences_tests.rs"]
mod tests;

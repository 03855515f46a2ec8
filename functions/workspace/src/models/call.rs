//! A call that an agent logs: what the form asks of it, and how the thread tells of it.

use super::{
    choice::{Choice, choice},
    typed_call::{DIRECTIONS, OUTCOMES, TypedCall, UNITS},
};
use crate::{
    names::Names,
    words::{self, Moment},
};
use docket_domain::{
    PersonId, Timestamp,
    contact::tells::{Call, CallDirection, CallOutcome},
    ticket::Ticket,
};

/// The part of the form that asks of a call.
pub struct CallFields {
    pub directions: Vec<Choice>,
    pub outcomes: Vec<Choice>,
    /// With whom it can have been.
    pub people: Vec<Choice>,
    pub ago: String,
    pub units: Vec<Choice>,
    pub minutes: String,
    pub is_public: bool,
}

impl CallFields {
    /// The fields, filled with what was typed. `people`: with whom it can have been, by value and name.
    pub fn of(typed: &TypedCall, people: &[(String, String)]) -> Self {
        let mut with: Vec<Choice> = people
            .iter()
            .map(|(id, name)| choice(id, name, &typed.spoke_with))
            .collect();
        // Whoever asks is meant, unless something was chosen.
        let is_chosen = !typed.direction.is_empty() && typed.spoke_with.is_empty();
        with.push(Choice {
            value: String::new(),
            label: t!("somebody else").to_owned(),
            is_selected: is_chosen,
        });
        Self {
            directions: DIRECTIONS
                .map(|one| choice(one.as_str(), direction(one), &typed.direction))
                .into(),
            outcomes: OUTCOMES
                .map(|one| choice(one.as_str(), outcome(one), &typed.outcome))
                .into(),
            people: with,
            ago: typed.ago.clone(),
            units: UNITS
                .map(|(name, _)| choice(name, unit(name), &typed.ago_unit))
                .into(),
            minutes: typed.minutes.clone(),
            is_public: typed.is_public(),
        }
    }
}

fn direction(direction: CallDirection) -> &'static str {
    match direction {
        CallDirection::Inbound => t!("They phoned"),
        CallDirection::Outbound => t!("We phoned"),
    }
}

fn outcome(outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Answered => t!("it is answered"),
        CallOutcome::AnswerDue => t!("they wait for an answer"),
        CallOutcome::NotReached => t!("nobody was reached"),
    }
}

fn unit(name: &str) -> &'static str {
    match name {
        "minutes" => t!("minutes ago"),
        "hours" => t!("hours ago"),
        _ => t!("days ago"),
    }
}

/// With whom a call about a ticket can have been: who asks, and who gets the answers in copy.
pub fn people_of_call(ticket: &Ticket) -> Vec<PersonId> {
    let mut people = vec![ticket.requester];
    people.extend(ticket.ccs.iter().filter(|person| **person != ticket.requester));
    people
}

/// A call as the thread tells of it.
pub struct CallView {
    pub words: String,
    pub began: Moment,
}

impl CallView {
    /// The call that this agent logged.
    pub fn of(call: &Call, author: PersonId, names: &Names, now: Timestamp) -> Self {
        let with = call.with.map(|id| names.told(id));
        let time = Some(call.length_seconds).filter(|seconds| *seconds > 0);
        let time = time.map(|seconds| words::span(i64::from(seconds) * 1000));
        let who = names.told(author);
        let told = match (call.direction, with, time) {
            (CallDirection::Inbound, Some(who), None) => t!("{who} phoned", who),
            (CallDirection::Inbound, Some(who), Some(time)) => t!("{who} phoned for {time}", who, time),
            (CallDirection::Inbound, None, None) => t!("Somebody else phoned").to_owned(),
            (CallDirection::Inbound, None, Some(time)) => t!("Somebody else phoned for {time}", time),
            (CallDirection::Outbound, Some(whom), None) => t!("{who} phoned {whom}", who, whom),
            (CallDirection::Outbound, Some(whom), Some(time)) => {
                t!("{who} phoned {whom} for {time}", who, whom, time)
            }
            (CallDirection::Outbound, None, None) => t!("{who} phoned somebody else", who),
            (CallDirection::Outbound, None, Some(time)) => {
                t!("{who} phoned somebody else for {time}", who, time)
            }
        };
        Self {
            words: format!("{told}; {}.", outcome(call.outcome)),
            began: words::ago(call.began_at, now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::people::person::Person;

    const ANN: PersonId = PersonId(5);
    const BEN: PersonId = PersonId(2);

    #[test]
    fn a_call_is_told_in_a_sentence() {
        let at = Timestamp::UNIX_EPOCH;
        let people = [(ANN, "Ann"), (BEN, "Ben")];
        let people = people.map(|(id, name)| Person::first_seen(id, name, vec![], at));
        let names = Names::of(people.into(), &[]);
        let told = |direction, with, length_seconds, outcome| {
            let call = Call {
                direction,
                began_at: at,
                length_seconds,
                with,
                outcome,
            };
            CallView::of(&call, BEN, &names, at).words
        };
        assert_eq!(
            told(CallDirection::Inbound, Some(ANN), 240, CallOutcome::Answered),
            "Ann phoned for 4 min; it is answered."
        );
        assert_eq!(
            told(CallDirection::Outbound, Some(ANN), 0, CallOutcome::NotReached),
            "Ben phoned Ann; nobody was reached."
        );
        assert_eq!(
            told(CallDirection::Inbound, None, 30, CallOutcome::AnswerDue),
            "Somebody else phoned for under 1 min; they wait for an answer."
        );
    }

    #[test]
    fn whoever_asks_is_offered_first_and_somebody_else_only_where_that_was_chosen() {
        let people = [("5".to_owned(), "Ann".to_owned())];
        let chosen = |typed: &TypedCall| {
            let fields = CallFields::of(typed, &people);
            let chosen = fields.people.iter().find(|choice| choice.is_selected);
            chosen.map(|choice| choice.label.clone())
        };
        assert_eq!(chosen(&TypedCall::default()), None);
        let typed = TypedCall {
            direction: "inbound".into(),
            ..TypedCall::default()
        };
        assert_eq!(chosen(&typed), Some("somebody else".to_owned()));
    }
}

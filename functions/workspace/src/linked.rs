//! What happened between tickets, and who follows one, in a sentence each.

use crate::names::Names;
use docket_domain::{
    PersonId,
    ticket::{Fact, TicketEvent},
};

/// The sentence for such an event.
pub fn sentence(event: &TicketEvent, who: &str, names: &Names) -> String {
    let people = |people: &[PersonId]| {
        let told: Vec<String> = people.iter().map(|person| names.told(*person)).collect();
        told.join(", ")
    };
    match &event.fact {
        Fact::Merged(merged) => {
            t!(
                "{who} merged the ticket into ticket {ticket}",
                who,
                ticket = merged.into
            )
        }
        Fact::MergedIn(merged) => t!(
            "{who} merged ticket {ticket} into this one",
            who,
            ticket = merged.source
        ),
        Fact::MergeUndone(undone) => {
            t!(
                "{who} took the merge into ticket {ticket} back",
                who,
                ticket = undone.from
            )
        }
        Fact::MergedInUndone(undone) => {
            t!(
                "{who} took the merge of ticket {ticket} back",
                who,
                ticket = undone.source
            )
        }
        Fact::SplitOff(split) => tn!(
            "{who} opened ticket {ticket} with {count} comment of this one",
            "{who} opened ticket {ticket} with {count} comments of this one",
            split.comments.len(),
            who,
            ticket = split.to
        ),
        Fact::SplitFrom(split) => {
            t!(
                "{who} opened the ticket with comments of ticket {ticket}",
                who,
                ticket = split.ticket
            )
        }
        Fact::ProblemChanged(changed) => match changed.to {
            Some(problem) => t!(
                "{who} made the ticket an incident of problem {problem}",
                who,
                problem
            ),
            None => t!("{who} took the ticket away from its problem", who),
        },
        Fact::IncidentsQueued(queued) => match queued.comment {
            Some(_) => {
                t!("The incidents of the problem are solved with it, and get the public comment").to_owned()
            }
            None => t!("The incidents of the problem are solved with it").to_owned(),
        },
        Fact::IncidentsSolved(solved) => match solved.left {
            0 => t!("The incidents of the problem are solved").to_owned(),
            left => tn!(
                "The incidents of the problem are solved, but for one that can't be changed",
                "The incidents of the problem are solved, but for {count} that can't be changed",
                left
            ),
        },
        Fact::FollowersChanged(changed) if changed.added.is_empty() => {
            let people = people(&changed.removed);
            t!("{who} had {people} follow the ticket no longer", who, people)
        }
        Fact::FollowersChanged(changed) => {
            t!(
                "{who} had {people} follow the ticket",
                who,
                people = people(&changed.added)
            )
        }
        _ => t!("{who} brought the ticket in from another system", who),
    }
}

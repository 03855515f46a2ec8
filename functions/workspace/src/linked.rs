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
        Fact::Merged(merged) => format!("{who} merged the ticket into ticket {}", merged.into),
        Fact::MergedIn(merged) => format!("{who} merged ticket {} into this one", merged.source),
        Fact::MergeUndone(undone) => {
            format!("{who} took the merge into ticket {} back", undone.from)
        }
        Fact::MergedInUndone(undone) => format!("{who} took the merge of ticket {} back", undone.source),
        Fact::SplitOff(split) => format!(
            "{who} opened ticket {} with {} comments of this one",
            split.to,
            split.comments.len()
        ),
        Fact::SplitFrom(split) => {
            format!("{who} opened the ticket with comments of ticket {}", split.ticket)
        }
        Fact::ProblemChanged(changed) => match changed.to {
            Some(problem) => format!("{who} made the ticket an incident of problem {problem}"),
            None => format!("{who} took the ticket away from its problem"),
        },
        Fact::IncidentsQueued(queued) => match queued.comment {
            Some(_) => {
                "The incidents of the problem are solved with it, and get the public comment".to_owned()
            }
            None => "The incidents of the problem are solved with it".to_owned(),
        },
        Fact::IncidentsSolved(solved) => match solved.left {
            0 => "The incidents of the problem are solved".to_owned(),
            1 => "The incidents of the problem are solved, but for one that can't be changed".to_owned(),
            left => format!("The incidents of the problem are solved, but for {left} that can't be changed"),
        },
        Fact::FollowersChanged(changed) if changed.added.is_empty() => {
            format!(
                "{who} had {} follow the ticket no longer",
                people(&changed.removed)
            )
        }
        Fact::FollowersChanged(changed) => format!("{who} had {} follow the ticket", people(&changed.added)),
        _ => format!("{who} brought the ticket in from another system"),
    }
}

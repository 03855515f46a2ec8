//! What is read for a list: its tickets, by keys or of the index, and what its rows show beside their heads.

use crate::{
    failure::Failure,
    models::listed::Beside,
    names::Names,
    refusals::said,
    session::SignedIn,
    views::{
        View,
        address::ListAddress,
        asked::{self, Question},
        counts::ids,
        keyed::{self, Listed, Looking, solved_lately},
        mentions,
    },
};
use docket_desk::{Desk, MOST_COUNTED};
use docket_domain::{
    GroupId, PersonId, TicketNumber, configuration::Group, people::staff::Role, ticket::Ticket,
    view::View as SavedView,
};
use docket_search::Failed;

/// Most tickets that a job changes: as many as are counted exactly.
const MOST_OF_A_JOB: usize = MOST_COUNTED;
/// Rows that the index is asked for at once.
const ASKED_AT_ONCE: usize = 100;

/// The view that was saved, if this is one that whoever looks may see.
pub async fn saved_view(desk: &Desk, signed_in: &SignedIn, view: View) -> Result<Option<SavedView>, Failure> {
    let View::Saved(id) = view else {
        return Ok(None);
    };
    let person = &signed_in.person;
    let may_see = |view: &SavedView| view.is_for(person.id, &person.groups) || person.role == Role::Admin;
    let view = desk.store().views().get(id).await?.filter(may_see);
    view.map(Some).ok_or(Failure::Missing)
}

/// What was read of a list.
pub struct Read {
    /// The page of it.
    pub listed: Listed,
    /// Whether what is due first comes first.
    pub is_by_due: bool,
    /// That the index could not be asked, in words.
    pub silent: Option<String>,
}

/// Reads a page of a list: by keys where it is a standing view in its own order, else of the index.
pub async fn read(
    desk: &Desk,
    signed_in: &SignedIn,
    (address, saved): (&ListAddress, Option<&SavedView>),
    groups: &[Group],
) -> Result<Read, Failure> {
    let (view, me) = (address.view(), signed_in.person.id);
    let all: Vec<GroupId> = ids(groups);
    let looking = Looking {
        me,
        mine: &signed_in.person.groups,
        groups: &all,
    };
    let by_keys = |listed: Listed, silent: Option<String>| Read {
        listed,
        is_by_due: view.is_by_due(),
        silent,
    };
    if view == View::Mentions {
        let listed = mentions::list(desk, address, me).await?;
        signed_in.kept.note_mentions(desk, me, listed.count.unwrap_or(0));
        return Ok(by_keys(listed, None));
    }
    if !address.is_asked() {
        return Ok(by_keys(keyed::list(desk, address, looking).await?, None));
    }
    let question = Question::asked_by(signed_in, address, saved);
    let failed = match asked::list(desk, signed_in, address, &question).await? {
        Ok(listed) => {
            return Ok(Read {
                listed,
                is_by_due: question.is_by_due(),
                silent: None,
            });
        }
        Err(failed) => failed,
    };
    let words = match &failed {
        Failed::Unavailable => t!(
            "The search does not answer right now. The view is shown whole and in its usual order; filters and other orders work again in a moment."
        )
        .to_owned(),
        Failed::Refused(refused) => {
            let reason = said(&refused.message, t!("one of its conditions no longer holds"));
            t!("The view can't be answered any more: {reason}.", reason)
        }
    };
    tracing::warn!(view = %view, error = %failed, "the list of {view} could not be asked of the index");
    let listed = match view {
        View::Saved(_) => Listed {
            first_row: 1,
            ..Listed::default()
        },
        View::Solved => Listed {
            tickets: solved_lately(desk, me).await?,
            first_row: 1,
            ..Listed::default()
        },
        view => keyed::list(desk, &ListAddress::of(view), looking).await?,
    };
    Ok(by_keys(listed, Some(words)))
}

/// What rows show beside their heads: one read for the newest comments, one for what agents have beside them, one for a hundred names.
pub async fn beside(
    desk: &Desk,
    me: PersonId,
    tickets: &[Ticket],
    groups: &[Group],
    also: Vec<PersonId>,
) -> Result<Beside, Failure> {
    let numbers: Vec<TicketNumber> = tickets.iter().map(|ticket| ticket.number).collect();
    let newest: Vec<(TicketNumber, u64)> = tickets
        .iter()
        .map(|ticket| (ticket.number, ticket.newest_comment_v()))
        .filter(|(_, v)| *v > 0)
        .collect();
    let (comments, marks) = tokio::try_join!(
        desk.tickets().comments_for_lists(&newest),
        desk.store().marks(me, &numbers)
    )?;
    let mut people = Beside::people(tickets, &comments, &marks);
    people.extend(also);
    Ok(Beside {
        me,
        names: Names::read(desk, people, groups).await?,
        comments,
        marks,
    })
}

/// The numbers of a page of a list, in its order, without what stands beside them.
pub async fn numbers(
    desk: &Desk,
    signed_in: &SignedIn,
    address: &ListAddress,
    groups: &[Group],
) -> Result<Vec<TicketNumber>, Failure> {
    let saved = match saved_view(desk, signed_in, address.view()).await {
        Err(Failure::Missing) => return Ok(vec![]),
        saved => saved?,
    };
    let read = match read(desk, signed_in, (address, saved.as_ref()), groups).await {
        // A place that is none in this order is as if the ticket was opened from nowhere.
        Err(Failure::Missing) => return Ok(vec![]),
        read => read?,
    };
    Ok(read.listed.tickets.iter().map(|ticket| ticket.number).collect())
}

/// The numbers of all tickets of a list, as far as a job goes; or in words for the person, why there are none.
pub async fn all_numbers(
    desk: &Desk,
    signed_in: &SignedIn,
    address: &ListAddress,
) -> Result<Result<Vec<TicketNumber>, &'static str>, Failure> {
    let found = find_all(desk, signed_in, &address.first()).await?;
    Ok(match found {
        Ok(numbers) if numbers.is_empty() => Err(t!("Nothing was changed: the list is empty by now.")),
        found => found,
    })
}

async fn find_all(
    desk: &Desk,
    signed_in: &SignedIn,
    address: &ListAddress,
) -> Result<Result<Vec<TicketNumber>, &'static str>, Failure> {
    let groups = ids(&desk.groups().all().await?);
    let looking = Looking {
        me: signed_in.person.id,
        mine: &signed_in.person.groups,
        groups: &groups,
    };
    if address.view() == View::Mentions {
        return mentions::numbers(desk, signed_in.person.id).await.map(Ok);
    }
    if !address.is_asked() {
        return keyed::numbers(desk, address.view(), looking, MOST_OF_A_JOB)
            .await
            .map(Ok);
    }
    let saved = saved_view(desk, signed_in, address.view()).await?;
    let question = Question::asked_by(signed_in, address, saved.as_ref());
    let (mut numbers, mut after) = (Vec::new(), None);
    while numbers.len() < MOST_OF_A_JOB {
        let Ok(answer) = asked::ask(desk, signed_in, &question, (0, ASKED_AT_ONCE), after).await else {
            return Ok(Err(t!(
                "Nothing was changed: the search does not answer right now. Try again in a moment."
            )));
        };
        numbers.extend(answer.found.iter().map(|found| TicketNumber(found.number)));
        after = answer.next;
        if after.is_none() {
            break;
        }
    }
    numbers.truncate(MOST_OF_A_JOB);
    Ok(Ok(numbers))
}

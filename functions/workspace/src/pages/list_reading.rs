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
use docket_desk::Desk;
use docket_domain::{
    GroupId, PersonId, TicketNumber, configuration::Group, people::staff::Role, ticket::Ticket,
    view::View as SavedView,
};
use docket_search::Failed;

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

/// Whether somebody may change or delete a view: their own, and any for an admin.
pub fn may_write(view: &SavedView, signed_in: &SignedIn) -> bool {
    signed_in.person.role == Role::Admin || view.is_of(signed_in.person.id)
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

//! One run over the tickets that wait in a group.

use crate::AssignmentError;
use docket_aws::{
    Desk, StoreError,
    store::{Change, Committed, MOST_TRIES, TicketList},
};
use docket_domain::{
    GroupId, TicketNumber,
    assignment::{AgentLoad, Choice, Decision, choose},
    delivery::wait_after,
    ticket::{Actor, Command, Ticket},
};

/// Most waiting tickets that one look at the index gives out.
const AT_ONCE: usize = 50;
/// Most looks of one run; the rest of a longer line is found by the next nudge.
const MOST_LOOKS: usize = 40;
/// Most tickets that one look tells why they wait; each takes about five calls of a few milliseconds.
const MOST_EXPLAINED: usize = 200;

/// What became of a waiting ticket.
enum Given {
    /// An agent has it.
    ToAgent,
    /// It waits no more, or not here.
    NotWaiting,
    /// Nobody has room.
    ToNobody,
}

/// Gives out waiting tickets, in order, until none waits or nobody has room; those it gave. `roster` may be a moment old:
/// each commit checks the load it was decided on.
pub(crate) async fn give_out(
    desk: &Desk,
    group: GroupId,
    mut roster: Vec<AgentLoad>,
) -> Result<Vec<TicketNumber>, AssignmentError> {
    let mut all_given = Vec::new();
    for _ in 0..MOST_LOOKS {
        let waiting = desk.ticket_numbers(&TicketList::Waiting(group), AT_ONCE).await?;
        let given_before = all_given.len();
        for number in &waiting {
            match give(desk, group, *number, &mut roster).await? {
                Given::ToAgent => all_given.push(*number),
                Given::NotWaiting => {}
                Given::ToNobody => return Ok(all_given),
            }
        }
        // An index lags behind: a page of tickets that have gone elsewhere is the last one worth reading now.
        if waiting.len() < AT_ONCE || all_given.len() == given_before {
            return Ok(all_given);
        }
    }
    Ok(all_given)
}

/// Gives one ticket out. `roster` is kept up to date with what this run gives, and read again after a lost race.
async fn give(
    desk: &Desk,
    group: GroupId,
    number: TicketNumber,
    roster: &mut Vec<AgentLoad>,
) -> Result<Given, AssignmentError> {
    for _ in 0..MOST_TRIES {
        let Some(ticket) = waiting_ticket(desk, group, number).await? else {
            return Ok(Given::NotWaiting);
        };
        let (choice, decision) = choose(group, number, roster);
        let Some(choice) = choice else {
            return Ok(Given::ToNobody);
        };
        let agent = choice.agent;
        let change = decided(desk, ticket, Some(choice), &decision).await?;
        match desk.commit(change).await? {
            Committed::Lost => *roster = desk.roster(group).await?,
            Committed::Done(_) | Committed::Duplicate(_) => {
                if let Some(load) = roster.iter_mut().find(|load| load.agent == agent) {
                    load.load_units += 1;
                    load.last_assigned_at = Some(desk.now());
                }
                return Ok(Given::ToAgent);
            }
        }
    }
    Err(StoreError::Contended {
        what: format!("ticket {number}"),
        tries: MOST_TRIES,
    }
    .into())
}

/// Writes onto those of some tickets that still wait why they do. More than a run has time for are left to the sweep.
pub(crate) async fn explain_waits(
    desk: &Desk,
    group: GroupId,
    numbers: &[TicketNumber],
) -> Result<(), AssignmentError> {
    for number in numbers.iter().take(MOST_EXPLAINED) {
        explain_wait(desk, group, *number).await?;
    }
    Ok(())
}

async fn explain_wait(desk: &Desk, group: GroupId, number: TicketNumber) -> Result<(), AssignmentError> {
    for _ in 0..MOST_TRIES {
        let Some(ticket) = waiting_ticket(desk, group, number).await? else {
            return Ok(());
        };
        let (choice, decision) = choose(group, number, &desk.roster(group).await?);
        if choice.is_some() {
            // Room came up meanwhile; whoever made it has nudged the group.
            return Ok(());
        }
        let change = decided(desk, ticket, None, &decision).await?;
        if change.events.is_empty() || !matches!(desk.commit(change).await?, Committed::Lost) {
            return Ok(());
        }
    }
    Err(StoreError::Contended {
        what: format!("ticket {number}"),
        tries: MOST_TRIES,
    }
    .into())
}

async fn waiting_ticket(
    desk: &Desk,
    group: GroupId,
    number: TicketNumber,
) -> Result<Option<Ticket>, StoreError> {
    let ticket = desk.ticket(number).await?;
    Ok(ticket.filter(|ticket| ticket.waiting.is_some() && ticket.group == Some(group)))
}

async fn decided(
    desk: &Desk,
    ticket: Ticket,
    choice: Option<Choice>,
    decision: &Decision,
) -> Result<Change, AssignmentError> {
    let (digest, now) = (desk.put_json(ticket.number, decision).await?.0, desk.now());
    let command = match &choice {
        Some(choice) => Command::Assign {
            choice: choice.clone(),
            decision: digest,
        },
        None => Command::Defer {
            reason: decision.reason.clone(),
            retry_at: now.checked_add(wait_after(1)).unwrap_or(now),
        },
    };
    let cause = format!("event {}", ticket.v);
    let events = desk
        .decide::<AssignmentError>(&ticket, command, &Actor::System, &cause)
        .await?;
    Ok(Change {
        expected_load: choice,
        ..Change::new(ticket, events)
    })
}

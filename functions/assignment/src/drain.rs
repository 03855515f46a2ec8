//! One run over the tickets that wait in a group.

use crate::{AssignmentError, roster::Roster};
use docket_aws::{
    Desk, StoreError,
    store::{Change, Committed, MOST_TRIES},
};
use docket_domain::{
    GroupId, TicketNumber,
    assignment::{Choice, Decision},
    delivery::wait_after,
    ticket::{Actor, Command, Ticket},
};
use jiff::SignedDuration;
use std::time::Duration;
use tokio::time::Instant;

/// Waiting tickets that are read at once.
const AT_ONCE: usize = 50;
/// Most pages of one run; the next run goes on behind them, so that tickets nobody can take keep none behind them waiting.
const MOST_PAGES: usize = 20;
/// How long a run begins further tickets: half of the function's timeout.
const WORKING_TIME: Duration = Duration::from_secs(15);
/// Most tickets that one run tells why they wait; each takes about three calls of a few milliseconds. Those left are told by
/// the sweep.
const MOST_EXPLAINED: usize = 200;
/// When a ticket is looked at again whose group's agents take tickets themselves: nothing but a change of the group changes
/// that, and it nudges.
const MANUAL_WAIT: SignedDuration = SignedDuration::from_hours(6);

/// What became of a waiting ticket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    /// An agent has it.
    ToAgent,
    /// It waits no more, or not here.
    NotWaiting,
    /// Nobody can have it.
    ToNobody,
}

/// How far a run came.
pub(crate) enum Reached {
    /// Whoever could get a ticket has one.
    TheEnd,
    /// Another run is to go on behind this place; at the head of the line where there is none.
    Place(Option<String>),
}

/// One run. `roster` may be a moment old: each commit checks what it was decided on.
pub(crate) struct Run<'d> {
    desk: &'d Desk,
    group: GroupId,
    roster: Roster,
    until: Instant,
    explained: usize,
}

impl<'d> Run<'d> {
    /// A run over a group, with its members as they are now.
    pub(crate) async fn begin(desk: &'d Desk, group: GroupId) -> Result<Self, StoreError> {
        Ok(Self {
            desk,
            group,
            roster: Roster::read(desk, group).await?,
            until: Instant::now() + WORKING_TIME,
            explained: 0,
        })
    }

    /// Whether anybody could have a ticket at all.
    pub(crate) fn has_room(&self) -> bool {
        self.roster.has_room(self.desk.now())
    }

    /// Reads the members again.
    pub(crate) async fn renew(&mut self) -> Result<(), StoreError> {
        self.roster = Roster::read(self.desk, self.group).await?;
        Ok(())
    }

    /// Gives out waiting tickets in their order, behind `after` if a place is given, until none waits or nobody has room.
    /// One that nobody can have is passed over and told why.
    pub(crate) async fn give_out(&mut self, after: Option<String>) -> Result<Reached, AssignmentError> {
        let mut after = after;
        for _ in 0..MOST_PAGES {
            let page = self
                .desk
                .waiting_page(self.group, after.as_deref(), AT_ONCE)
                .await?;
            let numbers: Vec<TicketNumber> = page.iter().map(|(_, number)| *number).collect();
            let heads = if numbers.is_empty() {
                vec![]
            } else {
                self.desk.tickets(&numbers).await?
            };
            for ticket in heads {
                if !self.has_room() {
                    return Ok(Reached::TheEnd);
                }
                if Instant::now() >= self.until {
                    return Ok(Reached::Place(after));
                }
                after = page
                    .iter()
                    .find(|(_, number)| *number == ticket.number)
                    .map(|(place, _)| place.clone());
                self.give(ticket.number, Some(ticket)).await?;
            }
            if page.len() < AT_ONCE {
                return Ok(Reached::TheEnd);
            }
            after = page.last().map(|(place, _)| place.clone());
        }
        Ok(Reached::Place(after))
    }

    /// Looks at tickets that asked: those that still wait get an agent, or are told why not. The index may not show them
    /// yet.
    pub(crate) async fn look_at(&mut self, asked: &[TicketNumber]) -> Result<(), AssignmentError> {
        for number in asked {
            if self.explained >= MOST_EXPLAINED || Instant::now() >= self.until {
                return Ok(());
            }
            self.give(*number, None).await?;
        }
        Ok(())
    }

    /// Tells tickets that asked why they wait, where nobody has room. Room that comes up meanwhile is not given out: whoever
    /// made it has nudged the group.
    pub(crate) async fn explain(&mut self, asked: &[TicketNumber]) -> Result<(), AssignmentError> {
        for number in asked.iter().take(MOST_EXPLAINED) {
            for _ in 0..MOST_TRIES {
                let Some(ticket) = waiting(self.desk.ticket(*number).await?, self.group) else {
                    break;
                };
                let (choice, decision) = self.roster.choose(self.desk, &ticket).await?;
                if choice.is_some() || self.defer(ticket, &decision).await? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Gives one ticket to an agent, or tells it why not. The roster is kept up to date with what this run gives, and read
    /// again after a lost race.
    async fn give(&mut self, number: TicketNumber, read: Option<Ticket>) -> Result<Given, AssignmentError> {
        let mut read = read;
        for _ in 0..MOST_TRIES {
            let ticket = match read.take() {
                Some(ticket) => Some(ticket),
                None => self.desk.ticket(number).await?,
            };
            let Some(ticket) = waiting(ticket, self.group) else {
                return Ok(Given::NotWaiting);
            };
            let (choice, decision) = self.roster.choose(self.desk, &ticket).await?;
            let Some(choice) = choice else {
                if self.explained >= MOST_EXPLAINED || self.defer(ticket, &decision).await? {
                    return Ok(Given::ToNobody);
                }
                continue;
            };
            let (agent, weight) = (choice.agent, ticket.weight);
            match self.assign(ticket, choice, &decision).await? {
                Committed::Lost => self.renew().await?,
                Committed::Done(_) | Committed::Duplicate(_) => {
                    self.roster.gave(agent, weight, self.desk.now());
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

    async fn assign(
        &self,
        ticket: Ticket,
        choice: Choice,
        decision: &Decision,
    ) -> Result<Committed, AssignmentError> {
        let (digest, _) = self.desk.put_json(ticket.number, decision).await?;
        let command = Command::Assign {
            choice: choice.clone(),
            decision: digest,
        };
        let change = Change {
            expected_load: Some(choice),
            ..self.decided(ticket, command).await?
        };
        Ok(self.desk.commit(change).await?)
    }

    /// Writes onto a ticket why it waits, unless it says so already; whether that stands.
    async fn defer(&mut self, ticket: Ticket, decision: &Decision) -> Result<bool, AssignmentError> {
        let known = ticket.waiting.as_ref();
        if known.is_some_and(|known| known.says(&decision.reason, decision.changes_at)) {
            return Ok(true);
        }
        let usual = if self.roster.is_manual() {
            MANUAL_WAIT
        } else {
            wait_after(1)
        };
        let (digest, _) = self.desk.put_json(ticket.number, decision).await?;
        let command = Command::Defer {
            reason: decision.reason.clone(),
            retry_at: decision.look_again_at(self.desk.now(), usual),
            changes_at: decision.changes_at,
            decision: Some(digest),
        };
        let change = self.decided(ticket, command).await?;
        self.explained += 1;
        Ok(!matches!(self.desk.commit(change).await?, Committed::Lost))
    }

    async fn decided(&self, ticket: Ticket, command: Command) -> Result<Change, AssignmentError> {
        let cause = format!("event {}", ticket.v);
        let events = self
            .desk
            .decide::<AssignmentError>(&ticket, command, &Actor::System, &cause)
            .await?;
        Ok(Change::new(ticket, events))
    }
}

/// The ticket, if it waits in this group.
fn waiting(ticket: Option<Ticket>, group: GroupId) -> Option<Ticket> {
    ticket.filter(|ticket| ticket.waiting.is_some() && ticket.group == Some(group))
}

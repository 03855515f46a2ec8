//! One run over the tickets that wait in a group.

use crate::{AssignmentError, roster::Roster};
use docket_desk::{Attempt, Changed, Desk, KeptDecision, StoreError, Try, Want, Wish};
use docket_domain::{
    GroupId, PersonId, TicketNumber, Timestamp,
    assignment::Decision,
    outbox::wait_after,
    ticket::{Actor, Command, Ticket},
};
use jiff::SignedDuration;
use std::{collections::BTreeSet, time::Duration};
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
/// Longest reason of a ticket that could not be given out, in characters.
const LONGEST_REASON: usize = 300;
/// After so many tickets in a row that could not be given out for another reason than themselves a run ends.
const MOST_FAILED_IN_A_ROW: u32 = 3;
/// When a ticket is looked at again whose group's agents take tickets themselves: nothing but a change of the group changes
/// that, and it nudges.
const MANUAL_WAIT: SignedDuration = SignedDuration::from_hours(6);

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
    failed_in_a_row: u32,
    /// Tickets that it has given out since it last read who asked.
    given: BTreeSet<TicketNumber>,
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
            failed_in_a_row: 0,
            given: BTreeSet::new(),
        })
    }

    /// The desk.
    pub(crate) fn desk(&self) -> &'d Desk {
        self.desk
    }

    /// Whether anybody could have a ticket at all.
    pub(crate) fn has_room(&self) -> bool {
        self.roster.has_room(self.desk.now())
    }

    /// Goes on for those who asked meanwhile: a ticket that was given out may be among them again.
    pub(crate) async fn go_on(&mut self) -> Result<(), StoreError> {
        self.given.clear();
        self.renew().await
    }

    /// Reads the members again.
    async fn renew(&mut self) -> Result<(), StoreError> {
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
                .tickets()
                .waiting_page(self.group, after.as_deref(), AT_ONCE)
                .await?;
            let numbers: Vec<TicketNumber> = page.iter().map(|(_, number)| *number).collect();
            let heads = if numbers.is_empty() {
                vec![]
            } else {
                self.desk.tickets().get_many(&numbers).await?
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
            if !self.given.contains(number) {
                self.give(*number, None).await?;
            }
        }
        Ok(())
    }

    /// Tells tickets that asked why they wait, where nobody has room. Room that comes up meanwhile is not given out: whoever
    /// made it has nudged the group.
    pub(crate) async fn explain(&mut self, asked: &[TicketNumber]) -> Result<(), AssignmentError> {
        for number in asked.iter().take(MOST_EXPLAINED) {
            let explained = self.change(*number, None, true).await;
            self.passed_over(*number, explained).await?;
        }
        Ok(())
    }

    /// Gives one ticket to an agent, or tells it why not. The roster is kept up to date with what this run gives.
    async fn give(&mut self, number: TicketNumber, read: Option<Ticket>) -> Result<(), AssignmentError> {
        let given = self.change(number, read, false).await;
        self.passed_over(number, given).await
    }

    async fn change(
        &mut self,
        number: TicketNumber,
        read: Option<Ticket>,
        only_explains: bool,
    ) -> Result<(), AssignmentError> {
        let desk = self.desk;
        let attempt = Attempt {
            read,
            ..Attempt::by(Actor::System, "assignment")
        };
        let mut giving = Giving {
            run: self,
            only_explains,
            chosen: None,
        };
        let changed = desk.change(number, attempt, &mut giving).await?;
        let chosen = giving.chosen.take();
        match changed {
            Changed::Done(saved) if saved.events.is_empty() => Ok(()),
            Changed::Done(_) | Changed::Duplicate(_) => {
                match chosen {
                    Some((agent, weight)) => {
                        self.roster.gave(agent, weight, desk.now());
                        self.given.insert(number);
                    }
                    None => self.explained += 1,
                }
                Ok(())
            }
            Changed::NotThere => Ok(()),
            Changed::Refused(refusal) => Err(refusal.into()),
        }
    }

    /// Has a ticket say that it could not be given out, as far as it can still be changed at all.
    async fn say_why(&self, number: TicketNumber, error: &AssignmentError) {
        let now = self.desk.now();
        // An error may quote what is stored, and a reason stands in an event: only what the domain says is repeated.
        let reason: String = match error {
            AssignmentError::Refused(refusal) => format!("it could not be given out: {refusal}"),
            _ => "it could not be given out, and never can be as it is stored; the log says why".to_owned(),
        };
        let command = Command::Defer {
            reason: reason.chars().take(LONGEST_REASON).collect(),
            retry_at: now.checked_add(MANUAL_WAIT).unwrap_or(now),
            changes_at: None,
            decision: None,
        };
        let attempt = Attempt::by(Actor::System, "assignment");
        let said = Box::pin(self.desk.change_by(number, attempt, command)).await;
        if !matches!(said, Ok(Changed::Done(_))) {
            tracing::error!(%number, ?said, "ticket {number} can't even say that it could not be given out");
        }
    }

    /// A ticket that can't be given out is noted and passed over: it keeps none behind it waiting. Where ticket after ticket
    /// fails for another reason than itself, the world does, and another run is to try.
    async fn passed_over(
        &mut self,
        number: TicketNumber,
        result: Result<(), AssignmentError>,
    ) -> Result<(), AssignmentError> {
        let Err(error) = result else {
            self.failed_in_a_row = 0;
            return Ok(());
        };
        tracing::error!(%number, group = %self.group, %error, "ticket {number} could not be given out and is passed over");
        let is_its_own = match &error {
            AssignmentError::Refused(_) => true,
            AssignmentError::Store(error) => error.is_final(),
            _ => false,
        };
        if is_its_own {
            self.say_why(number, &error).await;
            return Ok(());
        }
        self.failed_in_a_row += 1;
        if self.failed_in_a_row >= MOST_FAILED_IN_A_ROW {
            return Err(error);
        }
        Ok(())
    }
}

/// Looks for an agent for one ticket.
struct Giving<'r, 'd> {
    run: &'r mut Run<'d>,
    only_explains: bool,
    /// Whom this try chose, and what the ticket weighs.
    chosen: Option<(PersonId, u32)>,
}

impl Want<AssignmentError> for Giving<'_, '_> {
    async fn want(&mut self, on: Try) -> Result<Option<Wish>, AssignmentError> {
        // The race for an agent was lost: others were given tickets, too.
        if self.chosen.take().is_some() {
            self.run.renew().await?;
        }
        let Some(ticket) = waiting(Some(on.ticket), self.run.group) else {
            return Ok(None);
        };
        let (choice, decision) = self.run.roster.choose(self.run.desk, &ticket, on.now).await?;
        let wish = match choice {
            Some(_) if self.only_explains => return Ok(None),
            Some(choice) => {
                self.chosen = Some((choice.agent, ticket.weight));
                let decision = KeptDecision::of(&decision)?;
                Wish {
                    expected_load: Some(choice.clone()),
                    decisions: vec![decision.clone()],
                    ..Wish::from(Command::Assign {
                        choice,
                        decision: decision.digest,
                    })
                }
            }
            None => match self.run.deferral(&ticket, &decision, on.now)? {
                Some(wish) => wish,
                None => return Ok(None),
            },
        };
        Ok(Some(Wish {
            cause: Some(format!("event {}", ticket.v)),
            ..wish
        }))
    }
}

impl Run<'_> {
    /// What writes onto a ticket why it waits, unless it says so already or this run has told enough.
    fn deferral(
        &self,
        ticket: &Ticket,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Option<Wish>, StoreError> {
        let known = ticket.waiting.as_ref();
        let is_known = known.is_some_and(|known| known.says(&decision.reason, decision.changes_at));
        if is_known || self.explained >= MOST_EXPLAINED {
            return Ok(None);
        }
        let usual = if self.roster.is_manual() {
            MANUAL_WAIT
        } else {
            wait_after(1)
        };
        let kept = KeptDecision::of(decision)?;
        Ok(Some(Wish {
            decisions: vec![kept.clone()],
            ..Wish::from(Command::Defer {
                reason: decision.reason.clone(),
                retry_at: decision.look_again_at(now, usual),
                changes_at: decision.changes_at,
                decision: Some(kept.digest),
            })
        }))
    }
}

/// The ticket, if it waits in this group.
fn waiting(ticket: Option<Ticket>, group: GroupId) -> Option<Ticket> {
    ticket.filter(|ticket| ticket.waiting.is_some() && ticket.group == Some(group))
}

//! Tells the story of one ticket after the other: each save is decided by the domain and planned by the store, as if it had happened.

use super::{
    FILLED_MAIL, FillError,
    story::{A_MOMENT, ANSWERED_AFTER, Standing, Story, WRITTEN_AGAIN_AFTER},
};
use docket_desk::{Desk, Wish};
use docket_domain::{
    GroupId, TicketNumber, Timestamp,
    assignment::{AgentLoad, load_changes},
    outbox::{MailResult, NextStep, outgoing},
    ticket::{
        Actor, Command, Context, MOST_PARTS, StandardRules, Status, Ticket, TicketEvent, decide, evolve,
    },
};
use docket_projection::{Counters, Difference, Projection as _};
use docket_store::{
    projections::{COUNTERS, Kept},
    table::{Change, Filling},
};
use jiff::SignedDuration;

/// Domain of the addresses of requesters.
pub(super) const REQUESTERS_DOMAIN: &str = "example.net";

/// Where tickets come to.
pub(super) struct Places {
    /// The mailbox.
    pub mailbox: String,
    /// The group that gives its tickets out.
    pub group: GroupId,
    /// The group whose agents take them themselves.
    pub by_hand: GroupId,
    /// The generation of the counts of views.
    pub generation: u64,
}

/// Tells stories on a filling.
pub(super) struct Teller<'d> {
    pub desk: &'d Desk,
    pub filling: Filling,
    pub places: Places,
    /// The agents of the group that gives its tickets out.
    pub roster: Vec<AgentLoad>,
    /// The number of the first requester.
    pub first_person: u64,
    /// Among how many requesters the tickets are divided.
    pub requesters: u64,
    /// The address of a requester says by whom it was made: of two fillings none shares a requester.
    pub filled_before: u64,
    pub rules: StandardRules,
}

/// A ticket while its story is told.
pub(super) struct Telling {
    pub ticket: Ticket,
    pub events: Vec<TicketEvent>,
    pub at: Timestamp,
}

impl Teller<'_> {
    /// Tells a ticket. `nth`: of the filled ones, from 0.
    pub async fn tell(&mut self, number: TicketNumber, nth: u64, story: Story) -> Result<(), FillError> {
        let mut telling = Telling {
            ticket: Ticket::blank(number),
            events: vec![],
            at: story.created_at,
        };
        self.create(&mut telling, nth).await?;
        telling.pass(A_MOMENT);
        let waits = story.standing == Standing::Waiting;
        self.triage(
            &mut telling,
            if waits {
                self.places.by_hand
            } else {
                self.places.group
            },
        )
        .await?;
        telling.pass(A_MOMENT);
        self.give(&mut telling, waits).await?;
        let answered_at = story
            .created_at
            .checked_add(ANSWERED_AFTER)
            .unwrap_or(story.created_at);
        let status = match story.standing {
            Standing::Waiting | Standing::Open => None,
            Standing::WrittenAgain => Some(Status::Open),
            Standing::Pending => Some(Status::Pending),
            Standing::Solved | Standing::Closed => Some(Status::Solved),
        };
        if let Some(status) = status {
            telling.at = answered_at;
            self.answer(&mut telling, status).await?;
        }
        if story.standing == Standing::WrittenAgain {
            telling.at = story
                .created_at
                .checked_add(WRITTEN_AGAIN_AFTER)
                .unwrap_or(answered_at);
            self.write_again(&mut telling).await?;
        }
        if let (Standing::Closed, Some(due_at)) = (story.standing, telling.ticket.close_due_at) {
            telling.at = due_at;
            let wish = Wish::from(Command::FireTimers);
            self.save(&mut telling, (Actor::System, "timers"), wish).await?;
        }
        self.count(&telling.ticket)
    }

    /// One save, with the mails that it leads to sent.
    pub(super) async fn save(
        &mut self,
        telling: &mut Telling,
        (actor, cause): (Actor, &str),
        wish: Wish,
    ) -> Result<(), FillError> {
        let (number, at) = (telling.ticket.number, telling.at);
        let before = telling.ticket.clone();
        let mut after = before.clone();
        let mut events = Vec::new();
        for command in wish.commands {
            let context = Context {
                actor: &actor,
                cause,
                rules: &self.rules,
                history: Some(&telling.events),
                room: MOST_PARTS,
            };
            let decided = decide(&after, command, &context, at)?;
            after = decided.events.iter().fold(after, evolve);
            events.extend(decided.events);
        }
        let tickets = self.desk.tickets();
        let change = Change {
            comments: wish.comments,
            guards: wish.guards,
            expected_load: wish.expected_load,
            writes: wish.writes,
            decisions: tickets.keep_large_decisions(number, &wish.decisions).await?,
            ..Change::new(before.clone(), events.clone())
        };
        let after = self.filling.change(change, at)?;
        for item in outgoing(&after, &events, at) {
            let id = item.id;
            let NextStep::Send(claimed) = item.claim_mail(at, true) else {
                continue;
            };
            let ses_id = format!("{FILLED_MAIL}{number}-{}-{}", id.v, id.n);
            let sent = claimed.settle_mail(&MailResult::Accepted(ses_id.clone()), at);
            let mut writes = vec![self.desk.outbox().change_write(&item, &sent)?];
            writes.extend(tickets.mail_id_writes([ses_id.as_str()], &self.places.mailbox, number));
            self.filling.write(writes)?;
        }
        for change in load_changes(&before, &after) {
            if let Some(load) = self.roster.iter_mut().find(|load| load.agent == change.agent) {
                load.load_units += change.units;
                load.override_units += change.override_units;
                load.last_assigned_at = Some(at);
            }
        }
        telling.ticket = after;
        telling.events.extend(events);
        Ok(())
    }

    /// Counts the ticket in its views.
    fn count(&mut self, ticket: &Ticket) -> Result<(), FillError> {
        let value = Counters.of(ticket);
        if value == Default::default() {
            return Ok(());
        }
        let kept = Kept { v: ticket.v, value };
        let generation = self.places.generation;
        let store = self.desk.store();
        let mut writes = vec![store.kept_write(COUNTERS, generation, (ticket.number, &kept))?];
        let counted = Difference {
            number: ticket.number,
            before: Default::default(),
            after: kept,
        };
        writes.extend(Counters.writes(store, generation, &[counted]));
        self.filling.write(writes)?;
        Ok(())
    }
}

impl Telling {
    fn pass(&mut self, time: SignedDuration) {
        self.at = self.at.checked_add(time).unwrap_or(self.at);
    }
}

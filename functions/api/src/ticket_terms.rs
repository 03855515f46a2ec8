//! By which policy and hours a ticket's times count.

use docket_domain::{
    calendar::Calendar,
    sla::{Book, Hours, Measure, Policy, Terms},
    ticket::{Status, Ticket},
};

/// The policy that holds for a ticket, in its newest version, and its calendar; where none holds, the standard one.
pub(crate) struct TicketTerms {
    policy: Policy,
    calendar: Option<Calendar>,
}

impl TicketTerms {
    /// By what the times of this ticket count.
    pub fn of(book: &Book, ticket: &Ticket) -> Self {
        let in_force = ticket.clocks.as_ref().map(|clocks| clocks.in_force);
        let policy = in_force
            .and_then(|in_force| book.policy(in_force.policy))
            .cloned();
        let policy = policy.unwrap_or_else(Policy::standard);
        let calendar = match policy.hours {
            Hours::RoundTheClock => None,
            Hours::Calendar(id) => book.calendar(id).cloned(),
        };
        Self { policy, calendar }
    }

    /// Policy and hours.
    pub fn terms(&self) -> Terms<'_> {
        let calendars = self.calendar.as_ref();
        Terms::new(&self.policy, calendars).unwrap_or_else(|_| Terms::round_the_clock(&self.policy))
    }

    /// How time is counted.
    pub fn measure(&self) -> Measure<'_> {
        self.terms().measure()
    }

    /// Statuses in which clocks stand still.
    pub fn pausing(&self) -> &[Status] {
        &self.policy.pausing
    }
}

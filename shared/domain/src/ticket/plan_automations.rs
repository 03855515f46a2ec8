//! Which automations are to run on a ticket, and when. Each save works it out anew, so that none is searched for.

use super::{Fact, Refusal, Status, decide::Log};
use crate::{
    Timestamp,
    rule::{Anchor, Planned},
};

impl Log<'_> {
    /// Plans the automations whose condition holds for the ticket as it is now. Where nothing else happens, what changed is
    /// noted only if the desk itself looks at the ticket.
    pub(super) fn plan_automations(&mut self, is_of_the_desk: bool) -> Result<(), Refusal> {
        let has_any = self.context.rules.has_automations() || !self.ticket.automations.is_empty();
        if !has_any || (self.events.is_empty() && !is_of_the_desk) {
            return Ok(());
        }
        let planned = self.planned()?;
        if planned == self.ticket.automations {
            return Ok(());
        }
        if self.events.is_empty() {
            self.push(Fact::AutomationsPlanned {});
        }
        if let Some(event) = self.events.last_mut() {
            event.automations = Some(planned.clone());
            self.ticket.automations = planned;
        }
        Ok(())
    }

    fn planned(&self) -> Result<Vec<Planned>, Refusal> {
        if self.ticket.status == Status::Closed {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        for found in self.context.rules.automations(&self.ticket) {
            let Some(timing) = found.rule.timing else { continue };
            let known = self
                .ticket
                .automations
                .iter()
                .find(|planned| planned.rule == found.rule.id && planned.anchor == timing.since);
            let since = self.moment(timing.since, known)?;
            let has_run = known.is_some_and(|known| known.since == since && known.due_at.is_none());
            all.push(Planned {
                rule: found.rule.id,
                anchor: timing.since,
                since,
                due_at: (!has_run).then(|| timing.due_at(since)),
            });
        }
        // Those that ran make room for those that are to run, and these for what is due before them.
        if all.len() > Planned::MOST {
            all.sort_by_key(|planned| planned.due_at.unwrap_or(Timestamp::MAX));
            all.truncate(Planned::MOST);
        }
        all.sort_by_key(|planned| planned.rule);
        Ok(all)
    }

    /// The moment that an automation counts from.
    fn moment(&self, anchor: Anchor, known: Option<&Planned>) -> Result<Timestamp, Refusal> {
        if let Some(now) = anchor.last(self.events.iter()) {
            return Ok(now);
        }
        if let Some(known) = known {
            return Ok(known.since);
        }
        if let Some(known) = anchor.known(&self.ticket) {
            return Ok(known);
        }
        let history = self.context.history.ok_or_else(Refusal::lacks_history)?;
        Ok(anchor.last(history.iter()).unwrap_or(self.ticket.created_at))
    }
}

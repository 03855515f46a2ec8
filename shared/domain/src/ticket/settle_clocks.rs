//! The clocks of a ticket while a command is decided: kept up with the policy that holds and with every event.

use super::{Chosen, Fact, Priority, Refusal, Ticket, TicketEvent, decide::Log};
use crate::{
    PersonId, Timestamp,
    sla::{
        Action, ClockState, Clocks, Course, Firing, Happening, Metric, Step, Terms, happenings,
        whole_milliseconds,
    },
};

impl Log<'_> {
    /// Brings the clocks up to all events so far: the policy that holds for the ticket as it is now, in its newest
    /// version, and what its events mean to them. What was fulfilled by them becomes events, too.
    pub(super) fn settle_clocks(&mut self) -> Result<(), Refusal> {
        if self.settled == self.events.len() {
            return Ok(());
        }
        let known = self.ticket.clocks.clone();
        self.follow_policy()?;
        let Some(clocks) = self.ticket.clocks.clone() else {
            self.settled = self.events.len();
            return Ok(());
        };
        let Some(terms) = self.context.rules.terms(&clocks.in_force) else {
            return self.leave_clocks();
        };
        let mut clocks = self.advance(clocks, &terms)?;
        // Of a ticket that an agent opens with their answer nobody waited for the first reply.
        let fulfilled = known.map_or_else(Vec::new, |known| newly_fulfilled(&known, &clocks));
        if !fulfilled.is_empty() {
            self.settled = self.events.len();
            fulfilled.into_iter().for_each(|fact| self.push(fact));
            clocks = self.advance(clocks, &terms)?;
        }
        self.keep_clocks(clocks);
        Ok(())
    }

    /// Steps that the clocks take now, in the order in which they were due.
    pub(super) fn fire_clocks(&mut self) -> Result<(), Refusal> {
        self.follow_policy()?;
        let Some(clocks) = self.ticket.clocks.clone() else {
            return Ok(());
        };
        let Some(terms) = self.context.rules.terms(&clocks.in_force) else {
            return self.leave_clocks();
        };
        for firing in clocks.due(&terms, self.now) {
            match self.if_it_fits(|log| log.take_step(firing, &terms)) {
                Some(taken) => taken?,
                // What is left is due in the next sweep.
                None => {
                    self.is_full = true;
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Declares the breach of a cycle void.
    pub(super) fn void_breach(
        &mut self,
        metric: Metric,
        instance: u64,
        reason: String,
    ) -> Result<(), Refusal> {
        let clocks = self.ticket.clocks.as_ref();
        let state = clocks.and_then(|clocks| clocks.find(metric, instance));
        let due_at = match state.filter(|state| state.is_breached()) {
            Some(state) => state.due_at,
            // The head keeps the newest cycles only.
            None => recorded_breach(
                self.context.history.ok_or_else(Refusal::lacks_history)?,
                metric,
                instance,
            ),
        };
        let due_at = due_at.ok_or(Refusal::NoBreach { metric, instance })?;
        self.push(Fact::SlaBreachVoided {
            metric,
            instance,
            due_at,
            reason,
        });
        Ok(())
    }

    /// Puts the ticket under the policy that holds for it now. What is solved keeps what it had.
    pub(super) fn follow_policy(&mut self) -> Result<(), Refusal> {
        if !self.ticket.status.is_unsolved() {
            return Ok(());
        }
        let known = self.ticket.clocks.clone();
        let from = known.as_ref().map(|clocks| clocks.in_force);
        let Some(Chosen { terms, reason }) = self.context.rules.choose(&self.ticket) else {
            if from.is_some() {
                let reason = "the condition of no policy holds any more".to_owned();
                self.push(Fact::SlaPolicyApplied {
                    policy: None,
                    from,
                    to: None,
                    reason,
                });
                self.carried = None;
                self.settled = self.events.len();
            }
            return Ok(());
        };
        if from == Some(terms.in_force()) {
            return Ok(());
        }
        // A ticket that begins has no past: its clocks start with its first event.
        if known.is_none() && self.is_new() {
            self.ticket.clocks = Some(Clocks::none(&terms));
            return Ok(());
        }
        self.push(Fact::SlaPolicyApplied {
            policy: Some(terms.policy().title.clone()),
            from,
            to: Some(terms.in_force()),
            reason,
        });
        let history = self.history_until(self.ticket.v)?;
        self.keep_clocks(match known {
            Some(known) => known.renewed(&history, &terms),
            // What had ended while no policy held is judged by none.
            None => Clocks {
                v: self.ticket.v,
                ..Clocks::none(&terms)
            }
            .renewed(&history, &terms),
        });
        Ok(())
    }

    /// The clocks after the events that they have not seen yet.
    fn advance(&self, mut clocks: Clocks, terms: &Terms) -> Result<Clocks, Refusal> {
        clocks.at = clocks.at.max(whole_milliseconds(self.last_event_before));
        for event in &self.events[self.settled..] {
            clocks = match clocks.clone().advance(&Happening::from(event), terms) {
                Ok(next) => next,
                Err(_) => clocks.renewed(&self.history_until(event.v)?, terms),
            };
        }
        Ok(clocks)
    }

    /// The versions that the clocks run by are not stored any more: they stand still, and nothing else of the ticket is held
    /// up. A policy that comes to hold computes them anew from the history.
    fn leave_clocks(&mut self) -> Result<(), Refusal> {
        self.settled = self.events.len();
        Ok(())
    }

    /// All events until a version, as the clocks see them.
    fn history_until(&self, v: u64) -> Result<Vec<Happening>, Refusal> {
        let before = match self.context.history {
            Some(history) => history,
            None if self.is_new() => &[],
            None => return Err(Refusal::lacks_history()),
        };
        let until = |event: &&TicketEvent| event.v <= v;
        Ok(happenings(before.iter().chain(&self.events).filter(until)))
    }

    /// Whether the ticket begins with this save.
    fn is_new(&self) -> bool {
        self.events.first().is_some_and(|event| event.v == 1)
    }

    /// The last event carries the clocks, if they are others than its predecessors carried.
    fn keep_clocks(&mut self, clocks: Clocks) {
        self.settled = self.events.len();
        let says_more = self.carried.as_ref().is_none_or(|carried| {
            let (v, at) = (carried.v, carried.at);
            *carried
                != Clocks {
                    v,
                    at,
                    ..clocks.clone()
                }
        });
        if says_more && let Some(event) = self.events.last_mut() {
            event.clocks = Some(clocks.clone());
            self.carried = Some(clocks);
        }
        self.ticket.clocks.clone_from(&self.carried);
    }

    fn take_step(&mut self, firing: Firing, terms: &Terms) -> Result<(), Refusal> {
        let Firing {
            metric,
            instance,
            step,
            due_at,
            in_force,
        } = firing;
        match step {
            Step::Warning(_) => self.push(Fact::SlaWarned {
                metric,
                due_at,
                instance: Some(instance),
                step: Some(step),
                in_force: Some(in_force),
            }),
            Step::Breach => self.push(Fact::SlaBreached {
                metric,
                due_at,
                instance: Some(instance),
                in_force: Some(in_force),
            }),
            Step::Escalation(_) => {
                let promise = terms.promise(metric);
                self.escalate(firing, promise.map_or(&[], |promise| promise.actions(step)))?;
            }
        }
        Ok(())
    }

    fn escalate(&mut self, firing: Firing, actions: &[Action]) -> Result<(), Refusal> {
        let rules = self.context.rules;
        let mut notified: Vec<PersonId> = actions
            .iter()
            .flat_map(|action| match action {
                Action::Notify(recipient) => recipient.people(&self.ticket, rules),
                _ => Vec::new(),
            })
            .collect();
        notified.sort();
        notified.dedup();
        notified.truncate(Ticket::MOST_CCS);
        self.push(Fact::SlaEscalated {
            firing,
            actions: actions.to_vec(),
            notified,
        });
        for action in actions {
            match action {
                // What goes out follows from the event itself.
                Action::Notify(_) | Action::CallWebhook(_) => {}
                Action::RaisePriority(to) => {
                    let from = self.ticket.priority;
                    if from.unwrap_or(Priority::Normal) < *to {
                        self.push(Fact::PriorityChanged { from, to: *to });
                    }
                }
                Action::MoveToGroup(group) => self.change_hands(Some(*group), None, None),
                // A ticket that is full of tags keeps those it has.
                Action::AddTag(tag) => match self.change_tags(vec![tag.clone()], vec![]) {
                    Ok(()) | Err(Refusal::Tags | Refusal::HeadTooLarge { .. }) => {}
                    Err(refusal) => return Err(refusal),
                },
            }
        }
        Ok(())
    }
}

/// The due time of a cycle's breach that stands in a history.
fn recorded_breach(history: &[TicketEvent], metric: Metric, instance: u64) -> Option<Timestamp> {
    let mut found = None;
    for event in history {
        match &event.fact {
            Fact::SlaBreached {
                metric: of,
                instance: Some(cycle),
                due_at,
                ..
            } if (*of, *cycle) == (metric, instance) => found = Some(*due_at),
            Fact::SlaBreachVoided {
                metric: of,
                instance: cycle,
                ..
            } if (*of, *cycle) == (metric, instance) => found = None,
            _ => {}
        }
    }
    found
}

/// What was fulfilled between two states of the clocks.
fn newly_fulfilled(before: &Clocks, after: &Clocks) -> Vec<Fact> {
    let fact = |state: &ClockState| Fact::SlaFulfilled {
        metric: state.metric,
        due_at: state.due_at,
        instance: Some(state.instance),
    };
    let had_ended = |state: &ClockState| {
        let known = before.find(state.metric, state.instance);
        known.is_some_and(|known| known.course.has_ended())
    };
    // A cycle that another one follows is no longer in the head. One that began with an answer that was lost is not there
    // any more.
    let replaced = before.states.iter().filter(|state| {
        let newest = after.newest(state.metric);
        !state.course.has_ended()
            && after.find(state.metric, state.instance).is_none()
            && newest.is_some_and(|newest| newest.instance > state.instance)
    });
    let ended = after
        .states
        .iter()
        .filter(|state| state.course == Course::Fulfilled && !had_ended(state));
    replaced.chain(ended).map(fact).collect()
}

//! From a command to events, or to a refusal.

use super::{
    Actor, Command, Context, Fact, Refusal, Status, Ticket, TicketEvent, Triage, Update, evolve, fact, links,
    removal,
};
use crate::{
    Digest, TicketNumber, Timestamp, assignment, contact::comment::CommentBody, rule::RuleKind, sla::Clocks,
    triage,
};
use jiff::SignedDuration;

/// How long the fast path (stream, queue, function) has before the sweep looks after a step.
pub const FAST_PATH: SignedDuration = SignedDuration::from_secs(60);

/// What was decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decided {
    /// The events; they carry on from the ticket's version. None means that nothing is to be done.
    pub events: Vec<TicketEvent>,
    /// What rules wrote: stored before the events that name it.
    pub written: Vec<CommentBody>,
}

/// Decides a command at `now`.
///
/// # Errors
/// When the command may not be carried out, does not fit into one save, or the decision [lacks](Refusal::Lacks) something.
pub fn decide(
    ticket: &Ticket,
    command: Command,
    context: &Context<'_>,
    now: Timestamp,
) -> Result<Decided, Refusal> {
    if removal::is_nothing_to_do(ticket, &command)? || links::is_nothing_to_do(ticket, &command)? {
        return Ok(Decided::default());
    }
    let lacks = context.rules.lacks(ticket, &command, context.actor);
    if !lacks.is_nothing() {
        return Err(Refusal::Lacks(Box::new(lacks)));
    }
    let mut log = Log {
        before: ticket.clone(),
        ticket: ticket.clone(),
        events: Vec::new(),
        written: Vec::new(),
        is_full: false,
        context: *context,
        now,
        settled: 0,
        carried: ticket.clocks.clone(),
        last_event_before: ticket.updated_at,
        acting: None,
    };
    // Triggers hear of a new ticket once it is known what it is.
    let is_heard = !matches!(command, Command::Create(_));
    let is_of_the_desk = matches!(command, Command::FireTimers | Command::FollowPolicy);
    let mut happened_before = Vec::new();
    match (ticket.v, command) {
        (0, Command::Create(new)) => log.create(*new)?,
        (0, Command::Import(import)) => return log.import(*import),
        (_, Command::Create(_) | Command::Import(_)) => return Err(Refusal::AlreadyExists),
        (0, _) => return Err(Refusal::Missing),
        (_, Command::Update(update)) => log.update(*update)?,
        (
            _,
            Command::Triage {
                outcome,
                decision,
                began,
            },
        ) => {
            happened_before = began;
            log.triage(outcome, decision)?;
        }
        (_, Command::RunMacro { rule }) => log.run_macro(rule)?,
        (_, Command::Assign { choice, decision }) => log.assign(choice, decision),
        (
            _,
            Command::Defer {
                reason,
                retry_at,
                changes_at,
                decision,
            },
        ) => log.defer(reason, retry_at, changes_at, decision),
        (_, Command::HandBack { from, leaves, reason }) => log.hand_back(from, leaves, reason),
        (_, Command::Escalate { to, reason }) => log.escalate_to(to, &reason)?,
        (_, Command::FireTimers) if ticket.is_deleted() => return log.fire_deletion(),
        (_, Command::FireTimers) => log.fire_timers()?,
        (_, Command::FollowPolicy) => log.follow_policy()?,
        (
            _,
            Command::VoidBreach {
                metric,
                instance,
                reason,
            },
        ) => log.void_breach(metric, instance, reason)?,
        (_, Command::AnswerSolution { is_solved }) => log.answer_solution(is_solved)?,
        (_, Command::Rate(rating)) => log.rate(*rating)?,
        (_, Command::Skip { agent, reason }) => return log.skip(agent, reason),
        (
            _,
            Command::ReportDelivery {
                outbox,
                outcome,
                detail,
                is_answered,
            },
        ) => {
            log.push(Fact::DeliveryReported {
                outbox,
                outcome,
                detail,
                is_answered,
            });
        }
        (_, Command::Delete) => return log.delete(),
        (_, Command::Link(command)) => {
            if log.link(*command)? == links::Hear::Nobody {
                log.settle_clocks()?;
                return log.and_nothing_else();
            }
        }
        (_, Command::Restore) => log.restore(),
        (_, Command::DeletePermanently) => return log.delete_permanently("by hand"),
        (_, Command::Redact(redaction)) => return log.redact(redaction),
        (_, Command::MergeRequester { from, to, is_undone }) => {
            return log.merge_requester(from, to, is_undone);
        }
        (_, Command::ForgetPerson { person }) => return log.forget_person(person),
        (
            _,
            Command::MakePrivate {
                comment,
                last_public_v,
            },
        ) => return log.make_private(comment, last_public_v),
        (
            _,
            Command::RecordErasure {
                redacted_v,
                count,
                again_at,
            },
        ) => return log.record_erasure(redacted_v, count, again_at),
    }
    log.settle_clocks()?;
    if log.ticket.is_deleted() {
        return log.and_nothing_else();
    }
    if is_heard {
        log.run_triggers(&happened_before)?;
    }
    log.queue_incidents()?;
    log.plan_automations(is_of_the_desk)?;
    log.settle_clocks()?;
    log.check_parts()?;
    Ok(Decided {
        events: log.events,
        written: log.written,
    })
}

/// Events in the making, and the ticket as it stands with them.
pub(super) struct Log<'a> {
    /// The ticket as it was.
    pub(super) before: Ticket,
    pub(super) ticket: Ticket,
    pub(super) events: Vec<TicketEvent>,
    /// What rules wrote.
    pub(super) written: Vec<CommentBody>,
    /// Whether something of the rules did not fit into the save: no more of them run in it.
    pub(super) is_full: bool,
    pub(super) context: Context<'a>,
    pub(super) now: Timestamp,
    /// How many of the events the clocks have seen.
    pub(super) settled: usize,
    /// The clocks that the last event to carry any carried.
    pub(super) carried: Option<Clocks>,
    /// When the ticket was last changed before.
    pub(super) last_event_before: Timestamp,
    /// Who acts, where it is not whoever commands.
    pub(super) acting: Option<Actor>,
}

impl Log<'_> {
    pub(super) fn push(&mut self, fact: Fact) {
        let event = TicketEvent {
            v: self.ticket.v + 1,
            at: self.now,
            actor: self.actor().clone(),
            cause: self.context.cause.to_owned(),
            fact,
            clocks: None,
            automations: None,
            is_erased: false,
        };
        self.ticket = evolve(
            std::mem::replace(&mut self.ticket, Ticket::blank(TicketNumber(0))),
            &event,
        );
        self.events.push(event);
    }

    /// Who acts.
    pub(super) fn actor(&self) -> &Actor {
        self.acting.as_ref().unwrap_or(self.context.actor)
    }

    pub(super) fn later(&self, wait: SignedDuration) -> Timestamp {
        self.now.checked_add(wait).unwrap_or(Timestamp::MAX)
    }

    fn update(&mut self, update: Update) -> Result<(), Refusal> {
        if self.ticket.status == Status::Closed {
            return Err(Refusal::Closed);
        }
        if let Some(seen) = update.seen.filter(|seen| *seen != self.ticket.v) {
            return Err(Refusal::Stale {
                seen,
                now: self.ticket.v,
            });
        }
        self.change_ccs(update.add_ccs, update.remove_ccs)?;
        self.change_followers(update.add_followers, update.remove_followers)?;
        if let Some(comment) = update.comment {
            self.take_comment(comment, update.status.is_some());
        }
        self.change_fields(update.subject, update.priority, update.ticket_type)?;
        if let Some(external_id) = update.external_id {
            self.change_external_id(external_id)?;
        }
        self.change_problem(update.problem)?;
        if let Some(to) = update.reply_via {
            self.answer_via(to);
        }
        self.change_tags(update.add_tags, update.remove_tags)?;
        self.set_fields(update.fields)?;
        if let Some(form) = update.form {
            self.set_form(form)?;
        }
        if let Some(due_at) = update.due_at {
            self.set_due(due_at)?;
        }
        if let Some(skills) = update.skills {
            self.require_skills(skills)?;
        }
        self.change_status_and_hands(
            (update.status, update.custom_status),
            update.group,
            update.assignee,
        )?;
        match update.snooze {
            Some(Some(until)) => self.snooze(until)?,
            Some(None) => self.wake_up("woken by hand"),
            None => {}
        }
        Ok(())
    }

    fn triage(&mut self, outcome: triage::TriageOutcome, decision: Digest) -> Result<(), Refusal> {
        if self.ticket.triage == Triage::Done {
            return Ok(());
        }
        let triage::TriageOutcome {
            priority,
            group,
            ticket_type,
            mut tags_added,
            found,
            skills,
            rule,
            reason,
            rules,
            also,
        } = outcome;
        tags_added.retain(|tag| !self.ticket.tags.contains(tag));
        while self
            .check_labels(|ticket| ticket.tags.extend(tags_added.clone()))
            .is_err()
        {
            tags_added.pop();
        }
        let tags = tags_added.clone();
        self.push(Fact::Triaged(fact::Triaged {
            priority,
            group,
            ticket_type,
            tags_added,
            skills: assignment::in_order(skills)?,
            language: found.language,
            duplicate_of: found.duplicate.map(|duplicate| duplicate.ticket),
            rule,
            reason,
            rules,
            decision,
            assignment_overdue_at: self.later(FAST_PATH),
        }));
        self.follow_tags(&tags, &[]);
        for action in &also {
            // What can't be done was tried when the rules had their say, and stands in the decision.
            let fits = self.if_it_fits(|log| drop(log.act(action, RuleKind::Routing, &[])));
            if fits.is_none() {
                self.is_full = true;
                break;
            }
        }
        Ok(())
    }
}

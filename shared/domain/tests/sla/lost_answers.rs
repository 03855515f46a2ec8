//! An answer that was lost leaves the clocks as if it had not been written.

use crate::{
    desk::{HOUR, always, monday},
    random::Random,
    story::{comment, created, moved, second},
};
use docket_domain::{
    OutboxId, TicketNumber, Timestamp,
    contact::comment::AuthorRole,
    outbox::DeliveryOutcome,
    sla::{Clocks, Course, Metric, Step, Terms, happenings},
    ticket::{Actor, Fact, Status, TicketEvent},
};

const TARGETS: [(Metric, i64); 4] = [
    (Metric::FirstReply, 8),
    (Metric::NextReply, 4),
    (Metric::PeriodicUpdate, 24),
    (Metric::Resolution, 48),
];

/// A ticket's events, each a version of its own.
#[derive(Clone, Default)]
struct History(Vec<TicketEvent>);

impl History {
    fn begun(at: Timestamp) -> Self {
        let mut history = Self::default();
        history.add(at, created(None));
        history.add(at, comment(AuthorRole::Requester, true, false));
        history
    }

    fn add(&mut self, at: Timestamp, fact: Fact) -> u64 {
        let v = self.0.len() as u64 + 1;
        self.0.push(TicketEvent {
            v,
            at,
            actor: Actor::System,
            cause: String::new(),
            fact,
            clocks: None,
            automations: None,
            is_erased: false,
        });
        v
    }

    fn requester(&mut self, at: Timestamp) -> u64 {
        self.add(at, comment(AuthorRole::Requester, true, false))
    }

    fn agent(&mut self, at: Timestamp) -> u64 {
        self.add(at, comment(AuthorRole::Agent, true, false))
    }

    fn reported(&mut self, at: Timestamp, answer: u64, is_answered: bool) -> u64 {
        let outbox = OutboxId {
            ticket: TicketNumber(1),
            v: answer,
            n: 0,
        };
        let outcome = match is_answered {
            true => DeliveryOutcome::Resent,
            false => DeliveryOutcome::Failed,
        };
        let fact = Fact::DeliveryReported {
            outbox,
            outcome,
            detail: String::new(),
            is_answered: Some(is_answered),
        };
        self.add(at, fact)
    }

    fn clocks(&self) -> Clocks {
        let policy = always(&TARGETS);
        Clocks::recompute(&happenings(&self.0), &Terms::round_the_clock(&policy))
    }

    /// The clocks carried on event by event, each time from what the event before left.
    fn carried(&self, first: Clocks, from: usize) -> Clocks {
        let policy = always(&TARGETS);
        let terms = Terms::round_the_clock(&policy);
        let mut clocks = first;
        for until in from..self.0.len() {
            let known = happenings(&self.0[..=until]);
            clocks = match clocks.clone().advance(&known[until], &terms) {
                Ok(next) => next,
                Err(_) => clocks.renewed(&known, &terms),
            };
        }
        clocks
    }

    fn course(&self, metric: Metric) -> Option<(Course, Option<Timestamp>)> {
        let clocks = self.clocks();
        let newest = clocks.newest(metric)?;
        Some((newest.course, newest.due_at))
    }
}

#[test]
fn a_first_reply_that_was_lost_is_due_when_it_would_have_been() {
    let mut history = History::begun(monday("09:00"));
    let answer = history.agent(monday("10:00"));
    assert_eq!(
        history.course(Metric::FirstReply),
        Some((Course::Fulfilled, None))
    );
    history.reported(monday("10:01"), answer, false);
    let due_at = Some(monday("17:00"));
    assert_eq!(
        history.course(Metric::FirstReply),
        Some((Course::Running, due_at))
    );
    assert_eq!(history.course(Metric::PeriodicUpdate), None);
    let steps = history.clocks();
    let policy = always(&TARGETS);
    let due = steps.due(&Terms::round_the_clock(&policy), monday("18:00"));
    assert!(
        due.iter()
            .any(|firing| firing.step == Step::Breach && firing.due_at == monday("17:00")),
        "{due:?}"
    );
}

#[test]
fn what_is_sent_again_keeps_the_promise_from_then_on() {
    let mut history = History::begun(monday("09:00"));
    let answer = history.agent(monday("10:00"));
    history.reported(monday("10:01"), answer, false);
    history.reported(monday("11:00"), answer, true);
    let clocks = history.clocks();
    let first = clocks.newest(Metric::FirstReply).unwrap();
    assert_eq!(
        (first.course, first.ended_at, first.elapsed_ms),
        (Course::Fulfilled, Some(monday("11:00")), 2 * HOUR * 1000)
    );
    history.reported(monday("11:01"), answer, false);
    assert_eq!(
        history.course(Metric::FirstReply),
        Some((Course::Running, Some(monday("17:00"))))
    );
}

#[test]
fn a_later_answer_ends_the_wait_of_the_one_that_was_lost() {
    let mut history = History::begun(monday("09:00"));
    history.agent(monday("09:10"));
    let question = history.requester(monday("09:20"));
    let lost = history.agent(monday("09:30"));
    history.requester(monday("09:40"));
    history.agent(monday("15:00"));
    let before = history.clocks();
    let from = history.0.len();
    history.reported(monday("15:01"), lost, false);
    let clocks = history.carried(before, from);
    let next = clocks.newest(Metric::NextReply).unwrap();
    assert_eq!(
        (next.instance, next.ended_at, next.due_at),
        (question, Some(monday("15:00")), Some(monday("13:20")))
    );
    assert_eq!(clocks, history.clocks());
}

#[test]
fn of_a_solved_ticket_the_first_reply_waits_for_it_to_be_reopened() {
    let mut history = History::begun(monday("09:00"));
    let answer = history.agent(monday("10:00"));
    history.add(monday("10:00"), moved(Status::New, Status::Solved));
    history.reported(monday("10:01"), answer, false);
    assert_eq!(
        history.course(Metric::FirstReply),
        Some((Course::Suspended, None))
    );
    history.add(monday("12:00"), moved(Status::Solved, Status::Open));
    assert_eq!(
        history.course(Metric::FirstReply),
        Some((Course::Running, Some(monday("19:00"))))
    );
}

#[test]
fn an_answer_that_reaches_nobody_keeps_no_promise() {
    let mut history = History::begun(monday("09:00"));
    let mut nowhere = comment(AuthorRole::Agent, true, false);
    if let Fact::CommentAdded(added) = &mut nowhere {
        added.reaches_nobody = true;
    }
    history.add(monday("10:00"), nowhere);
    assert_eq!(
        history.course(Metric::FirstReply),
        Some((Course::Running, Some(monday("17:00"))))
    );
}

/// Takes the steps that are due, each an event.
fn sweep(history: &mut History, clocks: Clocks, at: Timestamp) -> Clocks {
    let policy = always(&TARGETS);
    let due = clocks.due(&Terms::round_the_clock(&policy), at);
    let from = history.0.len();
    for firing in due {
        let fact = match firing.step {
            Step::Warning(_) => Fact::SlaWarned {
                metric: firing.metric,
                due_at: firing.due_at,
                instance: Some(firing.instance),
                step: Some(firing.step),
                in_force: Some(firing.in_force),
            },
            Step::Breach => Fact::SlaBreached {
                metric: firing.metric,
                due_at: firing.due_at,
                instance: Some(firing.instance),
                in_force: Some(firing.in_force),
            },
            Step::Escalation(_) => Fact::SlaEscalated {
                firing,
                actions: vec![],
                notified: vec![],
            },
        };
        history.add(at, fact);
    }
    history.carried(clocks, from)
}

#[test]
fn carried_on_or_recomputed_the_clocks_are_those_of_a_history_without_the_lost_answers() {
    for seed in 0..2_000 {
        let mut random = Random::new(seed);
        let mut at = 1_772_442_000;
        let mut history = History::begun(second(at));
        let policy = always(&TARGETS);
        let none = Clocks::none(&Terms::round_the_clock(&policy));
        let mut clocks = history.carried(none, 0);
        let mut status = Status::New;
        // Answers that somebody has or is about to have, and those that were lost.
        let (mut sent, mut lost): (Vec<u64>, Vec<u64>) = (vec![], vec![]);
        for _ in 0..random.between(3, 14) {
            at += random.between(1, 6 * 3600);
            if random.percent(60) {
                clocks = sweep(&mut history, clocks, second(at));
            }
            let from = history.0.len();
            let now = second(at);
            match random.below(10) {
                0..3 => drop(history.requester(now)),
                3..6 => sent.push(history.agent(now)),
                6..8 if !sent.is_empty() => {
                    let answer = sent.remove(random.below(sent.len()));
                    history.reported(now, answer, false);
                    lost.push(answer);
                }
                8 if !lost.is_empty() => {
                    let answer = lost.remove(random.below(lost.len()));
                    history.reported(now, answer, true);
                    sent.push(answer);
                }
                _ => {
                    let to = random.pick(&[Status::Open, Status::Pending, Status::Solved]);
                    if to != status {
                        history.add(now, moved(status, to));
                        status = to;
                    }
                }
            }
            clocks = history.carried(clocks, from);
            assert_eq!(clocks, history.clocks(), "seed {seed}, {:#?}", history.0);
        }
        let mut without = history.clone();
        for answer in lost {
            let place = usize::try_from(answer).unwrap() - 1;
            without.0[place].fact = comment(AuthorRole::Agent, false, false);
        }
        for event in &mut without.0 {
            // What stays are the sendings that count, and where each first one was lost the second is the answer.
            if let Fact::DeliveryReported {
                is_answered: Some(false),
                ..
            } = event.fact
            {
                event.fact = Fact::AutomationsPlanned {};
            }
        }
        let resent: Vec<u64> = without
            .0
            .iter()
            .filter_map(|event| match &event.fact {
                Fact::DeliveryReported { outbox, .. } => Some(outbox.v),
                _ => None,
            })
            .collect();
        if resent.is_empty() {
            assert_eq!(without.clocks(), clocks, "seed {seed}");
        }
    }
}

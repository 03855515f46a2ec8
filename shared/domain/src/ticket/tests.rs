use super::*;
use crate::{
    Digest, GroupId, PersonId, TicketNumber, Timestamp, assignment,
    contact::comment::{AuthorRole, BodyRef},
    outbox,
    sla::Metric,
    triage,
};

pub(super) const REQUESTER: PersonId = PersonId(100);
pub(super) const AGENT: PersonId = PersonId(2);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn minute(n: i64) -> Timestamp {
    Timestamp::from_second(1_772_438_400 + n * 60).unwrap()
}

pub(super) fn comment(role: AuthorRole, author: PersonId, public: bool) -> CommentFacts {
    let body = BodyRef {
        digest: Digest::of(b"x"),
        bytes: 1,
    };
    CommentFacts {
        role,
        author,
        public,
        body,
        automatic: None,
        monitor: None,
        mentions: vec![],
        tells: None,
    }
}

/// A ticket under test, with the events that made it.
pub(super) struct Case {
    pub(super) ticket: Ticket,
    pub(super) events: Vec<TicketEvent>,
    pub(super) rules: Box<dyn Rules>,
    pub(super) room: usize,
}

impl Case {
    pub(super) fn created() -> Self {
        let mut case = Self {
            ticket: Ticket::blank(TicketNumber(1)),
            events: vec![],
            rules: Box::new(StandardRules::default()),
            room: MOST_PARTS,
        };
        case.run(Actor::Requester(REQUESTER), create(), minute(0))
            .unwrap();
        case
    }

    pub(super) fn triaged() -> Self {
        let mut case = Self::created();
        let command = Command::Triage {
            outcome: outcome(Priority::Normal),
            decision: Digest::of(b"d"),
            began: vec![],
        };
        case.run(Actor::System, command, minute(1)).unwrap();
        case
    }

    pub(super) fn assigned() -> Self {
        let mut case = Self::triaged();
        let choice = assignment::Choice {
            agent: AGENT,
            load_units: 0,
            capacity: 20,
            room_units: 19,
            settings_v: 0,
            reason: "test".into(),
        };
        let command = Command::Assign {
            choice,
            decision: Digest::of(b"d"),
        };
        case.run(Actor::System, command, minute(2)).unwrap();
        case
    }

    pub(super) fn run(
        &mut self,
        actor: Actor,
        command: Command,
        now: Timestamp,
    ) -> Result<Vec<TicketEvent>, Refusal> {
        let context = Context {
            actor: &actor,
            cause: "test",
            rules: &*self.rules,
            history: Some(&self.events),
            room: self.room,
        };
        let events = decide(&self.ticket, command, &context, now)?.events;
        self.ticket = events.iter().fold(self.ticket.clone(), evolve);
        self.events.extend(events.iter().cloned());
        assert_eq!(fold(self.ticket.number, &self.events), self.ticket);
        Ok(events)
    }

    pub(super) fn update(
        &mut self,
        actor: Actor,
        update: Update,
        now: Timestamp,
    ) -> Result<Vec<TicketEvent>, Refusal> {
        self.run(actor, Command::Update(Box::new(update)), now)
    }

    pub(super) fn solve(&mut self, now: Timestamp) {
        let update = Update {
            status: Some(Status::Solved),
            ..Update::default()
        };
        self.update(Actor::Agent(AGENT), update, now).unwrap();
    }

    pub(super) fn customer_writes(&mut self, now: Timestamp) -> Result<Vec<TicketEvent>, Refusal> {
        let comment = Some(comment(AuthorRole::Requester, REQUESTER, true));
        self.update(
            Actor::Requester(REQUESTER),
            Update {
                comment,
                ..Update::default()
            },
            now,
        )
    }
}

pub(super) fn create() -> Command {
    Command::Create(Box::new(NewTicket {
        ccs: vec![],
        note: None,
        subject: "  The   printer\r\nburns ".into(),
        requester: REQUESTER,
        channel: Channel::Mail {
            mailbox: "support@in.example.com".into(),
        },
        reply_via: ReplyVia::Mail {
            mailbox: "support@in.example.com".into(),
        },
        external_id: None,
        priority: None,
        ticket_type: None,
        tags: vec!["b".into(), "a".into(), "b".into(), "not a tag".into()],
        follows: None,
        acknowledge: true,
        unacknowledged: None,
        comment: comment(AuthorRole::Requester, REQUESTER, true),
    }))
}

pub(super) fn names(events: &[TicketEvent]) -> Vec<&'static str> {
    events.iter().map(|event| event.fact.name()).collect()
}

#[test]
fn a_contact_becomes_a_ticket_with_its_first_comment() {
    let case = Case::created();
    assert_eq!(names(&case.events), ["TicketCreated", "CommentAdded"]);
    assert_eq!((case.ticket.v, case.ticket.status), (2, Status::New));
    assert_eq!(case.ticket.subject, "The printer burns");
    assert_eq!(case.ticket.tags, ["a", "b"]);
    assert_eq!(case.ticket.next_timer_at(), Some(minute(1)));
}

#[test]
fn a_ticket_is_created_once() {
    let mut case = Case::created();
    assert_eq!(
        case.run(Actor::System, create(), minute(1)),
        Err(Refusal::AlreadyExists)
    );
}

#[test]
fn no_command_but_create_finds_a_ticket_that_is_not_there() {
    let mut case = Case {
        ticket: Ticket::blank(TicketNumber(1)),
        events: vec![],
        rules: Box::new(StandardRules::default()),
        room: MOST_PARTS,
    };
    assert_eq!(
        case.run(Actor::System, Command::FireTimers, minute(0)),
        Err(Refusal::Missing)
    );
}

fn outcome(priority: Priority) -> triage::TriageOutcome {
    triage::TriageOutcome {
        priority,
        group: GroupId(1),
        ticket_type: None,
        tags_added: vec![],
        found: triage::Findings::default(),
        skills: vec![],
        rule: "default".into(),
        reason: "test".into(),
        rules: vec![],
        also: vec![],
    }
}

#[test]
fn triage_happens_once_and_starts_the_clocks_at_the_contact() {
    let mut case = Case::triaged();
    let clocks = case.ticket.clocks.clone().unwrap();
    let due_at = |metric| clocks.newest(metric).unwrap().due_at;
    assert_eq!(due_at(Metric::FirstReply), Some(minute(8 * 60)));
    assert_eq!(due_at(Metric::Resolution), Some(minute(3 * 24 * 60)));
    let command = Command::Triage {
        outcome: outcome(Priority::Low),
        decision: Digest::of(b"e"),
        began: vec![],
    };
    assert_eq!(case.run(Actor::System, command, minute(2)), Ok(vec![]));
}

#[test]
fn an_assigned_ticket_is_open_and_waits_for_nobody() {
    let case = Case::assigned();
    assert_eq!(
        (case.ticket.status, case.ticket.assignee),
        (Status::Open, Some(AGENT))
    );
    assert_eq!(case.ticket.waiting, None);
}

#[test]
fn only_a_waiting_ticket_is_assigned() {
    let mut case = Case::assigned();
    let choice = assignment::Choice {
        agent: PersonId(3),
        load_units: 0,
        capacity: 20,
        room_units: 19,
        settings_v: 0,
        reason: "test".into(),
    };
    let command = Command::Assign {
        choice,
        decision: Digest::of(b"d"),
    };
    assert_eq!(case.run(Actor::System, command, minute(3)), Ok(vec![]));
}

#[test]
fn a_deferral_is_recorded_once_for_each_reason() {
    let mut case = Case::triaged();
    let defer = |reason: &str| Command::Defer {
        reason: reason.into(),
        retry_at: minute(9),
        changes_at: None,
        decision: None,
    };
    assert_eq!(
        case.run(Actor::System, defer("all away"), minute(2))
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        case.run(Actor::System, defer("all away"), minute(3))
            .unwrap()
            .len(),
        0
    );
    assert_eq!(
        case.run(Actor::System, defer("all full"), minute(4))
            .unwrap()
            .len(),
        1
    );
    assert_eq!(case.ticket.waiting.as_ref().map(|w| w.since), Some(minute(1)));
}

#[test]
fn a_public_answer_ends_the_wait_for_the_first_reply_and_a_note_does_not() {
    let mut case = Case::assigned();
    let note = Update {
        comment: Some(comment(AuthorRole::Agent, AGENT, false)),
        ..Update::default()
    };
    assert_eq!(
        names(&case.update(Actor::Agent(AGENT), note, minute(3)).unwrap()),
        ["CommentAdded"]
    );
    let answer = Update {
        comment: Some(comment(AuthorRole::Agent, AGENT, true)),
        ..Update::default()
    };
    assert_eq!(
        names(&case.update(Actor::Agent(AGENT), answer, minute(4)).unwrap()),
        ["CommentAdded", "SlaFulfilled"]
    );
}

#[test]
fn an_answer_goes_out_by_mail_and_a_note_does_not() {
    let mut case = Case::assigned();
    let answer = Update {
        comment: Some(comment(AuthorRole::Agent, AGENT, true)),
        ..Update::default()
    };
    let events = case.update(Actor::Agent(AGENT), answer, minute(4)).unwrap();
    let outgoing = outbox::outgoing(&case.ticket, &events, minute(4));
    assert_eq!(outgoing.len(), 1);
    let note = Update {
        comment: Some(comment(AuthorRole::Agent, AGENT, false)),
        ..Update::default()
    };
    let events = case.update(Actor::Agent(AGENT), note, minute(5)).unwrap();
    assert_eq!(outbox::outgoing(&case.ticket, &events, minute(5)), vec![]);
}

#[test]
fn a_reply_reopens_a_solved_ticket_until_it_closes() {
    let mut case = Case::assigned();
    case.solve(minute(10));
    assert_eq!(case.ticket.close_due_at, Some(minute(10 + 4 * 24 * 60)));
    case.customer_writes(minute(20)).unwrap();
    assert_eq!(
        (case.ticket.status, case.ticket.reopens, case.ticket.close_due_at),
        (Status::Open, 1, None)
    );
    case.solve(minute(30));
    let close_at = case.ticket.close_due_at.unwrap();
    let just_before = close_at
        .checked_sub(jiff::SignedDuration::from_millis(1))
        .unwrap();
    assert_eq!(
        case.run(Actor::System, Command::FireTimers, just_before),
        Ok(vec![])
    );
    case.run(Actor::System, Command::FireTimers, close_at).unwrap();
    assert_eq!(case.ticket.status, Status::Closed);
    assert_eq!(case.ticket.next_timer_at(), None);
    assert_eq!(
        case.customer_writes(at("2026-04-01T00:00:00Z")),
        Err(Refusal::Closed)
    );
}

#[test]
fn an_automatic_mail_does_not_reopen() {
    let mut case = Case::assigned();
    case.solve(minute(10));
    let mut automatic = comment(AuthorRole::Requester, REQUESTER, true);
    automatic.automatic = Some("auto-submitted".into());
    let update = Update {
        comment: Some(automatic),
        ..Update::default()
    };
    case.update(Actor::Requester(REQUESTER), update, minute(11))
        .unwrap();
    assert_eq!(case.ticket.status, Status::Solved);
}

#[test]
fn warning_then_breach_fire_once_each_and_late_both_at_once() {
    let mut case = Case::triaged();
    let warn_at = minute(8 * 60 * 8 / 10);
    assert_eq!(
        names(&case.run(Actor::System, Command::FireTimers, warn_at).unwrap()),
        ["SlaWarned"]
    );
    assert_eq!(
        names(&case.run(Actor::System, Command::FireTimers, warn_at).unwrap()),
        [""; 0]
    );
    let due_at = minute(8 * 60);
    assert_eq!(
        names(&case.run(Actor::System, Command::FireTimers, due_at).unwrap()),
        ["SlaBreached"]
    );
    let mut late = Case::triaged();
    assert_eq!(
        names(&late.run(Actor::System, Command::FireTimers, due_at).unwrap()),
        ["SlaWarned", "SlaBreached"]
    );
}

#[test]
fn a_breach_says_when_it_was_due() {
    let mut case = Case::triaged();
    let events = case
        .run(Actor::System, Command::FireTimers, minute(3 * 24 * 60))
        .unwrap();
    let breaches = events.iter().filter_map(|event| match event.fact {
        Fact::SlaBreached { metric, due_at, .. } => Some((metric, due_at)),
        _ => None,
    });
    let (reply, resolution) = (Metric::FirstReply, Metric::Resolution);
    let due = [(reply, minute(480)), (resolution, minute(4320))];
    assert_eq!(breaches.collect::<Vec<_>>(), due);
}

#[test]
fn clocks_stand_still_while_the_requester_is_waited_for() {
    let mut case = Case::assigned();
    let pending = Update {
        status: Some(Status::Pending),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), pending, minute(60)).unwrap();
    assert_eq!(case.ticket.next_own_timer_at(), None);
    case.customer_writes(minute(160)).unwrap();
    let clocks = case.ticket.clocks.as_ref().unwrap();
    let first_reply = clocks.newest(Metric::FirstReply).unwrap();
    assert_eq!(first_reply.due_at, Some(minute(8 * 60 + 100)));
}

#[test]
fn a_stale_save_is_refused() {
    let mut case = Case::assigned();
    let update = Update {
        seen: Some(1),
        status: Some(Status::Solved),
        ..Update::default()
    };
    let refusal = case.update(Actor::Agent(AGENT), update, minute(5));
    assert_eq!(
        refusal,
        Err(Refusal::Stale {
            seen: 1,
            now: case.ticket.v
        })
    );
}

#[test]
fn only_a_solved_ticket_can_be_closed_and_none_becomes_new() {
    let mut case = Case::assigned();
    for (to, from) in [(Status::Closed, Status::Open), (Status::New, Status::Open)] {
        let update = Update {
            status: Some(to),
            ..Update::default()
        };
        assert_eq!(
            case.update(Actor::Agent(AGENT), update, minute(5)),
            Err(Refusal::StatusMove { from, to })
        );
    }
}

#[test]
fn tags_are_bounded_and_without_white_space() {
    let mut case = Case::assigned();
    let bad = |tags: Vec<String>| Update {
        add_tags: tags,
        ..Update::default()
    };
    assert_eq!(
        case.update(Actor::Agent(AGENT), bad(vec!["a b".into()]), minute(5)),
        Err(Refusal::Tags)
    );
    let many = (0..40).map(|n| format!("t{n}")).collect();
    assert_eq!(
        case.update(Actor::Agent(AGENT), bad(many), minute(5)),
        Err(Refusal::Tags)
    );
}

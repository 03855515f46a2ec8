//! The table of what starts, stops, suspends and resumes each clock, walked whole: every fact, metric and phase.

use crate::story::{comment, created, moved};
use docket_domain::{
    Digest, GroupId, OutboxId, PersonId, PolicyId, RuleId, TicketNumber, Timestamp,
    contact::comment::{AuthorRole, BodyRef},
    outbox,
    rule::RuleKind,
    sla::{Effect, Firing, InForce, Metric, Phase, Signal, Step, Turn, effect},
    ticket::{Fact, Priority, ReplyVia, Status, fact},
};
use std::collections::BTreeSet;

/// Every kind of fact, and of those that differ for clocks each variety.
fn facts() -> Vec<(&'static str, Fact)> {
    let at = Timestamp::UNIX_EPOCH;
    let reason = || "test".to_owned();
    let decision = || Digest::of(b"");
    let mut facts = vec![
        ("TicketCreated", created(None)),
        ("requester writes", comment(AuthorRole::Requester, true, false)),
        (
            "requester's automatic mail",
            comment(AuthorRole::Requester, true, true),
        ),
        (
            "requester, internal",
            comment(AuthorRole::Requester, false, false),
        ),
        ("agent answers", comment(AuthorRole::Agent, true, false)),
        ("agent's automatic answer", comment(AuthorRole::Agent, true, true)),
        ("agent's internal note", comment(AuthorRole::Agent, false, false)),
        (
            "third party, public",
            comment(AuthorRole::ThirdParty, true, false),
        ),
        (
            "third party, internal",
            comment(AuthorRole::ThirdParty, false, false),
        ),
        ("desk, public", comment(AuthorRole::System, true, false)),
    ];
    for (name, from, to) in [
        ("new to open", Status::New, Status::Open),
        ("open to pending", Status::Open, Status::Pending),
        ("pending to hold", Status::Pending, Status::Hold),
        ("hold to open", Status::Hold, Status::Open),
        ("new to solved", Status::New, Status::Solved),
        ("open to solved", Status::Open, Status::Solved),
        ("pending to solved", Status::Pending, Status::Solved),
        ("solved to open", Status::Solved, Status::Open),
        ("solved to pending", Status::Solved, Status::Pending),
        ("solved to closed", Status::Solved, Status::Closed),
    ] {
        facts.push((name, moved(from, to)));
    }
    let metric = Metric::FirstReply;
    let quiet = [
        Fact::Triaged(fact::Triaged {
            priority: Priority::Normal,
            group: GroupId(1),
            ticket_type: None,
            tags_added: Vec::new(),
            skills: Vec::new(),
            language: None,
            duplicate_of: None,
            rule: reason(),
            reason: reason(),
            rules: Vec::new(),
            decision: decision(),
            assignment_overdue_at: at,
        }),
        Fact::Assigned {
            assignee: PersonId(2),
            reason: reason(),
            decision: decision(),
        },
        Fact::AssignmentDeferred {
            reason: reason(),
            retry_at: at,
            changes_at: None,
            decision: None,
        },
        Fact::SkillsRequired {
            from: Vec::new(),
            to: Vec::new(),
            assignment_overdue_at: None,
        },
        Fact::HandedBack {
            from: PersonId(2),
            reason: reason(),
            assignment_overdue_at: at,
        },
        Fact::Escalated {
            from: None,
            to: GroupId(2),
            assignee: None,
            reason: reason(),
            assignment_overdue_at: at,
        },
        Fact::AssigneeChanged {
            from: None,
            to: None,
            assignment_overdue_at: None,
        },
        Fact::GroupChanged {
            from: None,
            to: GroupId(1),
            assignment_overdue_at: None,
        },
        Fact::PriorityChanged {
            from: None,
            to: Priority::High,
        },
        Fact::TypeChanged { from: None, to: None },
        Fact::SubjectChanged {
            from: reason(),
            to: reason(),
        },
        Fact::ExternalIdChanged(fact::ExternalIdChanged { from: None, to: None }),
        Fact::ReplyViaChanged {
            to: ReplyVia::Nowhere,
        },
        Fact::TagsChanged {
            added: Vec::new(),
            removed: Vec::new(),
        },
        Fact::SlaWarned {
            metric,
            due_at: at,
            instance: None,
            step: None,
            in_force: None,
        },
        Fact::SlaBreached {
            metric,
            due_at: at,
            instance: None,
            in_force: None,
        },
        Fact::SlaFulfilled {
            metric,
            due_at: Some(at),
            instance: None,
        },
        Fact::SlaPolicyApplied {
            policy: None,
            from: None,
            to: None,
            reason: reason(),
        },
        Fact::SlaEscalated {
            firing: Firing {
                metric,
                instance: 1,
                step: Step::Escalation(0),
                due_at: at,
                in_force: InForce {
                    policy: PolicyId(1),
                    policy_version: 1,
                    calendar: None,
                    calendar_version: None,
                },
            },
            actions: Vec::new(),
            notified: Vec::new(),
        },
        Fact::SlaBreachVoided {
            metric,
            instance: 1,
            due_at: at,
            reason: reason(),
        },
        Fact::ReopenHeldBack {
            reason: reason(),
            reopen_due_at: at,
        },
        Fact::CcsChanged {
            added: Vec::new(),
            removed: Vec::new(),
        },
        Fact::Snoozed { until: at },
        Fact::SnoozeEnded { reason: reason() },
        Fact::CustomerReminded { nth: 1, due_at: at },
        Fact::SolutionConfirmed {},
        Fact::FieldsChanged {
            changed: Default::default(),
        },
        Fact::FormChanged { from: None, to: None },
        Fact::CustomStatusChanged { from: None, to: None },
        Fact::DueChanged { from: None, to: None },
        Fact::SlaPolicySet { policy: None },
        Fact::RuleRan(fact::RuleRan {
            rule: RuleId(1),
            kind: RuleKind::Trigger,
            name: reason(),
            reason: reason(),
            read: Vec::new(),
            left_undone: Vec::new(),
            calls: Vec::new(),
            due_at: None,
        }),
        Fact::RuleStopped(fact::RuleStopped {
            rule: RuleId(1),
            kind: RuleKind::Trigger,
            name: reason(),
            reason: reason(),
            due_at: None,
        }),
        Fact::AgentsNotified(fact::AgentsNotified {
            rule: RuleId(1),
            name: reason(),
            to: Vec::new(),
            subject: None,
            body: BodyRef {
                digest: decision(),
                bytes: 0,
            },
        }),
        Fact::AutomationsPlanned {},
        Fact::DeliveryReported {
            outbox: OutboxId {
                ticket: TicketNumber(1),
                v: 1,
                n: 0,
            },
            outcome: outbox::DeliveryOutcome::InDoubt,
            detail: reason(),
            is_answered: None,
        },
    ];
    facts.extend(quiet.into_iter().map(|fact| (fact.name(), fact)));
    for (name, outcome, is_answered) in [
        ("answer lost", outbox::DeliveryOutcome::Failed, false),
        ("answer sent again", outbox::DeliveryOutcome::Resent, true),
    ] {
        let outbox = OutboxId {
            ticket: TicketNumber(1),
            v: 1,
            n: 0,
        };
        let fact = Fact::DeliveryReported {
            outbox,
            outcome,
            detail: reason(),
            is_answered: Some(is_answered),
        };
        facts.push((name, fact));
    }
    facts
}

fn letter(effect: Effect) -> char {
    match effect {
        Effect::Nothing => '.',
        Effect::Start => 'S',
        Effect::Fulfil => 'F',
        Effect::Restart => 'X',
        Effect::AsPolicySays => 'P',
        Effect::Suspend => 'H',
        Effect::Resume => 'R',
        Effect::Drop => 'D',
        Effect::End => 'E',
    }
}

/// One word a metric, one letter a phase: idle, running, suspended, done, over.
fn row(turn: Turn) -> String {
    let words = Metric::ALL.map(|metric| {
        let letters = Phase::ALL.map(|phase| letter(effect(metric, turn, phase)));
        letters.into_iter().collect::<String>()
    });
    words.join(" ")
}

/// Columns: first reply, next reply, periodic update, resolution.
const TABLE: &str = "\
TicketCreated              S.... ..... ..... S....
requester writes           ..... ...S. ..... .....
requester's automatic mail ..... ..... ..... .....
requester, internal        ..... ..... ..... .....
agent answers              .FF.. FFF.. XXXX. .....
agent's automatic answer   ..... ..... ..... .....
agent's internal note      ..... ..... ..... .....
third party, public        ..... ..... ..... .....
third party, internal      ..... ..... ..... .....
desk, public               ..... ..... ..... .....
new to open                .P... .P... .P... .P...
open to pending            .P... .P... .P... .P...
pending to hold            .P... .P... .P... .P...
hold to open               .P... .P... .P... .P...
new to solved              .H... .D... .H... .F...
open to solved             .H... .D... .H... .F...
pending to solved          .H... .D... .H... .F...
solved to open             ..R.. ..R.. ..R.. ...R.
solved to pending          ..R.. ..R.. ..R.. ...R.
solved to closed           EEEE. EEEE. EEEE. EEEE.
Triaged                    ..... ..... ..... .....
Assigned                   ..... ..... ..... .....
AssignmentDeferred         ..... ..... ..... .....
SkillsRequired             ..... ..... ..... .....
HandedBack                 ..... ..... ..... .....
Escalated                  ..... ..... ..... .....
AssigneeChanged            ..... ..... ..... .....
GroupChanged               ..... ..... ..... .....
PriorityChanged            ..... ..... ..... .....
TypeChanged                ..... ..... ..... .....
SubjectChanged             ..... ..... ..... .....
ExternalIdChanged          ..... ..... ..... .....
ReplyViaChanged            ..... ..... ..... .....
TagsChanged                ..... ..... ..... .....
SlaWarned                  ..... ..... ..... .....
SlaBreached                ..... ..... ..... .....
SlaFulfilled               ..... ..... ..... .....
SlaPolicyApplied           ..... ..... ..... .....
SlaEscalated               ..... ..... ..... .....
SlaBreachVoided            ..... ..... ..... .....
ReopenHeldBack             ..... ..... ..... .....
CcsChanged                 ..... ..... ..... .....
Snoozed                    ..... ..... ..... .....
SnoozeEnded                ..... ..... ..... .....
CustomerReminded           ..... ..... ..... .....
SolutionConfirmed          ..... ..... ..... .....
FieldsChanged              ..... ..... ..... .....
FormChanged                ..... ..... ..... .....
CustomStatusChanged        ..... ..... ..... .....
DueChanged                 ..... ..... ..... .....
SlaPolicySet               ..... ..... ..... .....
RuleRan                    ..... ..... ..... .....
RuleStopped                ..... ..... ..... .....
AgentsNotified             ..... ..... ..... .....
AutomationsPlanned         ..... ..... ..... .....
DeliveryReported           ..... ..... ..... .....
answer lost                ..... ..... ..... .....
answer sent again          .FF.. FFF.. XXXX. .....
";

#[test]
fn every_fact_does_to_every_clock_in_every_phase_what_the_table_says() {
    let walked: String = facts()
        .iter()
        .map(|(name, fact)| format!("{name:<26} {}\n", row(Turn::of(Signal::of(fact)))))
        .collect();
    assert_eq!(walked, TABLE, "\n{walked}");
}

#[test]
fn the_table_walks_every_kind_of_fact() {
    let names: BTreeSet<&str> = facts().iter().map(|(_, fact)| fact.name()).collect();
    assert_eq!(names.len(), 39);
}

#[test]
fn a_merged_ticket_ends_every_clock_that_has_not_ended() {
    assert_eq!(row(Turn::of(Signal::Merged)), "EEEE. EEEE. EEEE. EEEE.");
}

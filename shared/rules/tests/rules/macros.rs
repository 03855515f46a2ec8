//! Macros: an agent's hand, several things at once.

use crate::case::{AGENT, Case, minute, own, ran, rule, tag};
use docket_domain::{
    RuleId,
    contact::comment::AuthorRole,
    outbox::{MailPurpose, Work, outgoing},
    rule::{RuleAction, RuleKind},
    ticket::{Actor, Command, Fact, Refusal, Status, Update, fact},
};

#[test]
fn a_macro_does_what_it_says_in_its_agent_s_name() {
    let actions = vec![
        RuleAction::Reply(own(
            "Have you tried turning it off and on again, {{ requester.first_name }}?",
        )),
        RuleAction::SetStatus(Status::Pending),
        RuleAction::AssignToActor,
        tag("restart"),
    ];
    let mut case = Case::under(vec![rule(4, RuleKind::Macro, "Restart", "true", actions)]).begun();
    let command = Command::RunMacro { rule: RuleId(4) };
    let events = case.run(Actor::Agent(AGENT), command, minute(5)).unwrap();
    assert_eq!(ran(&events), ["Restart"]);
    assert_eq!(
        (case.ticket.status, case.ticket.assignee, case.ticket.tags.clone()),
        (Status::Pending, Some(AGENT), vec!["restart".to_owned()])
    );
    assert!(
        events.iter().all(|event| event.actor == Actor::Agent(AGENT)),
        "{events:?}"
    );
    let wrote = events.iter().any(|event| {
        matches!(&event.fact, Fact::CommentAdded(fact::CommentAdded { role: AuthorRole::Agent, author, public: true, .. }) if *author == AGENT)
    });
    assert!(wrote);
    let work = outgoing(&case.ticket, &events, minute(5));
    assert!(matches!(
        work.iter().map(|item| &item.work).collect::<Vec<_>>()[..],
        [Work::Mail {
            purpose: MailPurpose::Reply { .. },
            ..
        }]
    ));
}

#[test]
fn one_that_is_not_there_or_not_active_is_refused() {
    let mut inactive = rule(4, RuleKind::Macro, "Old", "true", vec![tag("x")]);
    inactive.is_active = false;
    let trigger = rule(5, RuleKind::Trigger, "Trigger", "true", vec![tag("x")]);
    let mut case = Case::under(vec![inactive, trigger]).begun();
    for id in [4, 5, 6] {
        let command = Command::RunMacro { rule: RuleId(id) };
        let refused = case.run(Actor::Agent(AGENT), command, minute(5));
        assert_eq!(refused, Err(Refusal::NoMacro(RuleId(id))));
    }
}

#[test]
fn a_closed_ticket_takes_no_macro() {
    let tags = rule(4, RuleKind::Macro, "Tag", "true", vec![tag("late")]);
    let mut case = Case::under(vec![tags]).begun();
    let solve = Update {
        status: Some(Status::Solved),
        ..Update::default()
    };
    case.update(solve, minute(5));
    case.sweep(minute(60 * 24 * 60));
    assert_eq!(case.ticket.status, Status::Closed);
    let command = Command::RunMacro { rule: RuleId(4) };
    let refused = case.run(Actor::Agent(AGENT), command, minute(61 * 24 * 60));
    assert_eq!(refused, Err(Refusal::Closed));
}

//! Triggers: they answer to what happens, within the save.

use crate::case::{AGENT, BILLING, Case, SUPPORT, minute, own, ran, stopped, tag, trigger, undone, untag};
use docket_domain::{
    PersonId,
    contact::comment::AuthorRole,
    outbox::{MailPurpose, Work, outgoing},
    rule::{RuleAction, RuleKind, Text},
    sla::Recipient,
    ticket::{Actor, Fact, MOST_PARTS, Priority, Status, Update, fact, parts},
};

fn priority(priority: Priority) -> Update {
    Update {
        priority: Some(priority),
        ..Update::default()
    }
}

#[test]
fn a_trigger_answers_to_what_happens_once_and_says_why() {
    let wrote = r#"event.kind == "comment_added" && event.actor == "requester" && event.comment_text.contains("refund")"#;
    let mut case = Case::under(vec![trigger(1, "Refunds", wrote, vec![tag("refund")])]).begun();
    assert!(ran(&case.events).is_empty());
    let events = case.writes(AuthorRole::Requester, "I want a refund", minute(5));
    assert_eq!(ran(&events), ["Refunds"]);
    assert_eq!(case.ticket.tags, ["refund"]);
    let tagged = events
        .iter()
        .find(|event| matches!(event.fact, Fact::TagsChanged { .. }))
        .unwrap();
    assert_eq!(tagged.actor, Actor::Rule("Refunds".to_owned()));
    let Some(Fact::RuleRan(fact::RuleRan {
        reason, read, kind, ..
    })) = events.last().map(|event| &event.fact)
    else {
        panic!("{events:?}")
    };
    assert_eq!(
        (reason.as_str(), *kind),
        ("comment added by requester", RuleKind::Trigger)
    );
    assert!(
        read.contains(&("event.comment_text".to_owned(), "\"I want a refund\"".to_owned())),
        "{read:?}"
    );
    assert!(ran(&case.writes(AuthorRole::Requester, "Thanks", minute(6))).is_empty());
}

#[test]
fn a_trigger_that_names_no_event_runs_when_what_it_reads_changes_and_only_then() {
    let rule = trigger(1, "Urgent", r#"ticket.priority == "urgent""#, vec![tag("hot")]);
    let mut case = Case::under(vec![rule]).begun();
    assert_eq!(
        ran(&case.update(priority(Priority::Urgent), minute(5))),
        ["Urgent"]
    );
    assert!(ran(&case.writes(AuthorRole::Requester, "still there?", minute(6))).is_empty());
    assert!(ran(&case.update(priority(Priority::Low), minute(7))).is_empty());
    assert_eq!(
        ran(&case.update(priority(Priority::Urgent), minute(8))),
        ["Urgent"]
    );
}

#[test]
fn triggers_hear_of_a_new_ticket_once_it_is_known_what_it_is() {
    let created =
        r#"event.kind == "ticket_created" && ticket.group == "Support" && ticket.priority == "normal""#;
    let mut case = Case::under(vec![trigger(1, "New", created, vec![tag("seen")])]);
    case.create("Printer", minute(0));
    assert!(ran(&case.events).is_empty());
    assert_eq!(ran(&case.triage(minute(1))), ["New"]);
}

#[test]
fn a_rule_answers_to_what_another_did_and_the_last_one_ends_its_kind() {
    let rules = || {
        vec![
            trigger(1, "Answers", r#""a" in ticket.tags"#, vec![tag("b")]),
            trigger(2, "Begins", r#"ticket.priority == "high""#, vec![tag("a")]),
            trigger(3, "Too late", r#"ticket.priority == "high""#, vec![tag("c")]),
        ]
    };
    let mut case = Case::under(rules()).begun();
    let events = case.update(priority(Priority::High), minute(5));
    assert_eq!(ran(&events), ["Begins", "Too late", "Answers"]);
    let mut with_end = rules();
    with_end[1].is_last = true;
    let mut case = Case::under(with_end).begun();
    let events = case.update(priority(Priority::High), minute(5));
    assert_eq!(ran(&events), ["Begins", "Answers"]);
}

#[test]
fn five_triggers_of_twenty_webhooks_each_do_what_fits_and_say_which_did_not() {
    let calls = || {
        (0..20)
            .map(|n| RuleAction::CallWebhook(format!("https://erp.example/{n}")))
            .collect()
    };
    let rule = |id| trigger(id, &format!("Rule {id}"), r#"ticket.priority == "high""#, calls());
    let mut case = Case::under((1..=5).map(rule).collect()).begun();
    let before = case.ticket.clone();
    let events = case.update(priority(Priority::High), minute(5));
    assert!(parts(&before, &case.ticket, &events, minute(5)) <= MOST_PARTS);
    assert_eq!(ran(&events), ["Rule 1", "Rule 2", "Rule 3", "Rule 4"]);
    assert_eq!(stopped(&events), ["one save did as much as fits into it"]);
    let items = outgoing(&case.ticket, &events, minute(5));
    assert_eq!(items.len(), 80, "what ran made all of its calls");
    let later = case.writes(AuthorRole::Requester, "and more", minute(6));
    assert!(
        later.iter().any(|event| event.fact.name() == "CommentAdded"),
        "the ticket stays workable"
    );
}

#[test]
fn a_rule_is_not_run_by_its_own_change() {
    let rule = trigger(1, "Tagger", "size(ticket.tags) < 20", vec![tag("a"), tag("b")]);
    let mut case = Case::under(vec![rule]).begun();
    let update = Update {
        add_tags: vec!["x".to_owned()],
        ..Update::default()
    };
    assert_eq!(ran(&case.update(update, minute(5))), ["Tagger"]);
}

#[test]
fn two_rules_that_answer_each_other_stop_at_their_budget_and_the_ticket_says_so_once() {
    let mut on = trigger(1, "On", r#"!("x" in ticket.tags)"#, vec![tag("x")]);
    let mut off = trigger(2, "Off", r#""x" in ticket.tags"#, vec![untag("x")]);
    (on.budget, off.budget) = (3, 3);
    let mut case = Case::under(vec![on, off]).begun();
    let mut runs = case
        .events
        .iter()
        .filter(|e| matches!(e.fact, Fact::RuleRan(_)))
        .count();
    let mut said = Vec::new();
    for nth in 0..20 {
        let update = Update {
            add_tags: vec![format!("t{nth}")],
            ..Update::default()
        };
        let events = case.update(update, minute(5 + nth));
        runs += ran(&events).len();
        said.extend(stopped(&events).into_iter().map(str::to_owned));
    }
    assert_eq!(runs, 6);
    assert_eq!(said, ["it ran 3 times within an hour, as often as it may"]);
    let update = Update {
        add_tags: vec!["later".to_owned()],
        ..Update::default()
    };
    assert!(
        !ran(&case.update(update, minute(90))).is_empty(),
        "an hour later it runs again"
    );
}

#[test]
fn a_condition_without_an_answer_is_skipped_and_the_ticket_says_so_once_an_hour() {
    let broken = trigger(1, "Broken", r#"ticket.tags[9] == "x""#, vec![tag("never")]);
    let works = trigger(2, "Works", r#""y" in ticket.tags"#, vec![tag("done")]);
    let mut case = Case::under(vec![broken, works]).begun();
    let before = stopped(&case.events).len();
    let update = |tag: &str| Update {
        add_tags: vec![tag.to_owned()],
        ..Update::default()
    };
    let events = case.update(update("y"), minute(5));
    assert_eq!(ran(&events), ["Works"]);
    assert_eq!(before + stopped(&events).len(), 1, "{:?}", case.events);
    assert!(stopped(&case.update(update("z"), minute(6))).is_empty());
}

#[test]
fn a_reply_is_in_the_customer_s_language_and_goes_out_once() {
    let reply = RuleAction::Reply(Text::Template("greeting".to_owned()));
    let rule = trigger(1, "Greet", r#"event.kind == "ticket_created""#, vec![reply]);
    let mut case = Case::under(vec![rule]);
    case.requester.locale = Some("de-AT".to_owned());
    case.create("Drucker", minute(0));
    let events = case.triage(minute(1));
    assert_eq!(ran(&events), ["Greet"]);
    assert_eq!(case.written.len(), 1);
    assert_eq!(case.written[0].text, "Guten Tag Ann Lee");
    let work = outgoing(&case.ticket, &events, minute(1));
    let mails: Vec<_> = work.iter().map(|item| &item.work).collect();
    assert!(
        matches!(
            mails[..],
            [Work::Mail {
                purpose: MailPurpose::RuleReply { .. },
                ..
            }]
        ),
        "{mails:?}"
    );
    let said = events.iter().find_map(|event| match &event.fact {
        Fact::CommentAdded(fact::CommentAdded { written_by, role, .. }) => Some((written_by.clone()?, *role)),
        _ => None,
    });
    let (by, role) = said.unwrap();
    assert_eq!(
        (by.subject.as_deref(), by.language.as_deref(), role),
        (Some("Acme"), Some("de"), AuthorRole::System)
    );
}

#[test]
fn automatic_mail_gets_no_automatic_answer() {
    let reply = RuleAction::Reply(own("We have it"));
    let rule = trigger(
        1,
        "Answer",
        r#"event.kind == "comment_added""#,
        vec![reply, tag("answered")],
    );
    let mut case = Case::under(vec![rule]).begun();
    let comment = case.comment(AuthorRole::Requester, "I am away", Some("Auto-Submitted"));
    let update = Update {
        comment: Some(comment),
        ..Update::default()
    };
    let actor = Actor::Requester(crate::case::REQUESTER);
    let command = docket_domain::ticket::Command::Update(Box::new(update));
    let events = case.run(actor, command, minute(5)).unwrap();
    assert_eq!(
        undone(&events),
        ["reply: automatic mail gets no automatic answer"]
    );
    assert_eq!(case.ticket.tags, ["answered"]);
}

#[test]
fn a_trigger_tells_a_group_adds_a_note_and_calls_a_webhook() {
    let to = Recipient::Group(BILLING);
    let actions = vec![
        RuleAction::Notify {
            to,
            text: own("Ticket {{ ticket.number }} is urgent"),
        },
        RuleAction::AddNote(own("Billing was told")),
        RuleAction::CallWebhook("https://crm.example/hook".to_owned()),
    ];
    let rule = trigger(1, "Alarm", r#"ticket.priority == "urgent""#, actions);
    let mut case = Case::under(vec![rule]).begun();
    case.members.insert(BILLING, vec![PersonId(8), PersonId(9)]);
    let events = case.update(priority(Priority::Urgent), minute(5));
    let work = outgoing(&case.ticket, &events, minute(5));
    let told: Vec<_> = work
        .iter()
        .map(|item| (item.work.recipients(), item.work.is_call()))
        .collect();
    assert_eq!(told, [(vec![PersonId(8), PersonId(9)], false), (vec![], true)]);
    let texts: Vec<&str> = case.written.iter().map(|body| body.text.as_str()).collect();
    assert_eq!(texts, ["Ticket 7 is urgent", "Billing was told"]);
}

#[test]
fn what_can_t_be_done_is_said_and_the_rest_is_done() {
    let actions = vec![
        RuleAction::Notify {
            to: Recipient::Group(BILLING),
            text: own("hello"),
        },
        RuleAction::SetStatus(Status::Closed),
        RuleAction::SetGroup(BILLING),
    ];
    let rule = trigger(1, "Mixed", r#"ticket.priority == "high""#, actions);
    let mut case = Case::under(vec![rule]).begun();
    let update = Update {
        status: Some(Status::Open),
        priority: Some(Priority::High),
        ..Update::default()
    };
    let events = case.update(update, minute(5));
    assert_eq!(
        undone(&events),
        [
            "notify: there is nobody to tell",
            "set_status: status can't change from open to closed"
        ]
    );
    assert_eq!(case.ticket.group, Some(BILLING));
}

#[test]
fn a_routing_rule_runs_again_when_what_it_reads_changes_but_not_against_a_person_s_hand() {
    let route = crate::case::rule(
        1,
        RuleKind::Routing,
        "Invoices",
        r#""invoice" in ticket.tags"#,
        vec![RuleAction::SetGroup(BILLING)],
    );
    let mut case = Case::under(vec![route]).begun();
    assert_eq!(case.ticket.group, Some(SUPPORT));
    let tagged = |group| Update {
        add_tags: vec!["invoice".to_owned()],
        group,
        assignee: group.map(|_| Some(AGENT)),
        ..Update::default()
    };
    let mut by_hand = Case::under(case.book.rules.clone()).begun();
    let events = by_hand.update(tagged(Some(SUPPORT)), minute(5));
    assert_eq!(undone(&events), ["set_group: a person set it in the same save"]);
    assert_eq!(ran(&case.update(tagged(None), minute(5))), ["Invoices"]);
    assert_eq!(case.ticket.group, Some(BILLING));
}

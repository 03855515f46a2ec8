//! What a macro did, read off its events, and put back.

use super::*;
use docket_domain::TicketNumber;

const BEN: PersonId = PersonId(2);

fn event(v: u64, actor: Actor, fact: Fact) -> TicketEvent {
    TicketEvent {
        v,
        at: Timestamp::UNIX_EPOCH,
        actor,
        cause: "workspace".into(),
        fact,
        clocks: None,
        automations: None,
        is_erased: false,
    }
}

fn by_ben(v: u64, fact: Fact) -> TicketEvent {
    event(v, Actor::Agent(BEN), fact)
}

fn priority(from: Option<Priority>, to: Priority) -> Fact {
    Fact::PriorityChanged { from, to }
}

fn tagged(added: &str) -> Fact {
    Fact::TagsChanged {
        added: vec![added.to_owned()],
        removed: vec!["old".to_owned()],
    }
}

fn given(from: Option<PersonId>, to: Option<PersonId>) -> Fact {
    Fact::AssigneeChanged {
        from,
        to,
        assignment_overdue_at: None,
    }
}

fn opened() -> Fact {
    Fact::StatusChanged {
        from: Status::New,
        to: Status::Open,
        reason: "an agent has it".into(),
        close_due_at: None,
        wait: None,
    }
}

/// The ticket after a macro took it, gave it a priority, a tag and a field.
fn after() -> (Vec<TicketEvent>, Ticket) {
    let fields = BTreeMap::from([("colour".to_owned(), Some("red".to_owned()))]);
    let events = vec![
        by_ben(7, given(None, Some(BEN))),
        by_ben(8, opened()),
        by_ben(9, priority(Some(Priority::Low), Priority::High)),
        by_ben(10, tagged("refund")),
        by_ben(11, Fact::FieldsChanged { changed: fields }),
        event(12, Actor::Rule("Tell".into()), tagged("told")),
    ];
    let ticket = Ticket {
        status: Status::Open,
        assignee: Some(BEN),
        priority: Some(Priority::High),
        tags: vec!["refund".to_owned(), "told".to_owned()],
        fields: BTreeMap::from([("colour".to_owned(), "red".to_owned())]),
        ..Ticket::blank(TicketNumber(1))
    };
    (events, ticket)
}

#[test]
fn what_a_macro_did_is_put_back_and_what_a_trigger_did_stays() {
    let (events, ticket) = after();
    let changes = Changes::of(&events, BEN);
    assert!(changes.has_fields());
    let before = BTreeMap::from([("colour".to_owned(), "blue".to_owned())]);
    let back = changes.undone(&before, None, &ticket).unwrap();
    let expected = Update {
        assignee: Some(None),
        priority: Some(Priority::Low),
        add_tags: vec!["old".to_owned()],
        remove_tags: vec!["refund".to_owned()],
        fields: BTreeMap::from([("colour".to_owned(), Some("blue".to_owned()))]),
        ..Update::default()
    };
    assert_eq!(back, expected, "nothing makes it new again");
    let none = changes.undone(&BTreeMap::new(), None, &ticket).unwrap();
    assert_eq!(none.fields.get("colour"), Some(&None), "it had no value");
}

#[test]
fn of_what_somebody_changed_since_nothing_is_put_back() {
    let (events, ticket) = after();
    let changes = Changes::of(&events, BEN);
    let undone = |change: &dyn Fn(&mut Ticket)| {
        let mut now = ticket.clone();
        change(&mut now);
        changes.undone(&BTreeMap::new(), None, &now).is_ok()
    };
    assert!(undone(&|_| {}));
    assert!(
        undone(&|now| now.subject = "Other".to_owned()),
        "what it did not touch"
    );
    assert!(!undone(&|now| now.assignee = Some(PersonId(3))));
    assert!(!undone(&|now| now.priority = Some(Priority::Urgent)));
    assert!(!undone(&|now| now.status = Status::Solved));
    assert!(!undone(&|now| now.tags.push("old".to_owned())));
    assert!(!undone(&|now| now.tags.clear()));
    assert!(!undone(&|now| now.fields.clear()));
}

fn undone(events: &[TicketEvent], now: &Ticket, slept_until: Option<Timestamp>) -> Result<Update, Reason> {
    Changes::of(events, BEN).undone(&BTreeMap::new(), slept_until, now)
}

fn moved(from: Status, to: Status) -> Fact {
    Fact::StatusChanged {
        from,
        to,
        reason: "set by hand".into(),
        close_due_at: None,
        wait: None,
    }
}

#[test]
fn a_ticket_that_was_new_is_open_and_where_nothing_is_put_back_nothing_is_said_to_be() {
    let at = |status: Status| Ticket {
        status,
        priority: Some(Priority::High),
        ..Ticket::blank(TicketNumber(1))
    };
    let to_pending = [by_ben(1, moved(Status::New, Status::Pending))];
    let back = undone(&to_pending, &at(Status::Pending), None).unwrap();
    assert_eq!((back.status, back.custom_status), (Some(Status::Open), None));
    assert_eq!(
        undone(&[by_ben(1, opened())], &at(Status::Open), None),
        Err(Reason::Refused),
        "it stays open"
    );
    let first = [by_ben(1, priority(None, Priority::High))];
    assert_eq!(undone(&first, &at(Status::Open), None), Err(Reason::Refused));
    assert_eq!(Changes::of(&first, BEN).back(), Back::Partly);
    assert_eq!(Changes::of(&to_pending, BEN).back(), Back::InFull);
}

#[test]
fn the_status_of_the_desks_own_and_the_sleep_come_back_with_the_status() {
    let until = Timestamp::from_second(7_200).unwrap();
    let events = [
        by_ben(1, moved(Status::Open, Status::Solved)),
        by_ben(
            2,
            Fact::CustomStatusChanged {
                from: Some(70),
                to: None,
            },
        ),
        by_ben(
            3,
            Fact::SnoozeEnded {
                reason: "the ticket is solved".into(),
            },
        ),
    ];
    let now = Ticket {
        status: Status::Solved,
        ..Ticket::blank(TicketNumber(1))
    };
    let back = undone(&events, &now, Some(until)).unwrap();
    assert_eq!((back.status, back.custom_status), (Some(Status::Open), Some(70)));
    assert_eq!(back.snooze, Some(Some(until)));
    assert_eq!(undone(&events, &now, None).unwrap().snooze, None, "that is over");
    // Where it was in the one that every desk has, that is the one it comes back to.
    let own = [by_ben(
        1,
        Fact::CustomStatusChanged {
            from: None,
            to: Some(70),
        },
    )];
    let now = Ticket {
        status: Status::Open,
        custom_status: Some(70),
        ..Ticket::blank(TicketNumber(1))
    };
    let back = undone(&own, &now, None).unwrap();
    assert_eq!(
        back.custom_status,
        Some(CustomStatus::of_every_desk(Status::Open))
    );
}

#[test]
fn of_two_changes_the_first_says_what_was_and_the_last_what_is() {
    let events = [
        by_ben(1, given(Some(PersonId(9)), None)),
        by_ben(2, given(None, Some(BEN))),
    ];
    let mut now = Ticket::blank(TicketNumber(1));
    now.assignee = Some(BEN);
    let changes = Changes::of(&events, BEN);
    let back = changes.undone(&BTreeMap::new(), None, &now).unwrap();
    assert_eq!(back.assignee, Some(Some(PersonId(9))));
    assert_eq!(Changes::of(&events, PersonId(3)), Changes::default());
}

#[test]
fn a_save_is_read_as_it_is_written_and_has_its_own_events() {
    let (events, _) = after();
    let save = SaveAt::of(&events).unwrap();
    assert_eq!(save.written(), "7~12");
    assert_eq!(SaveAt::read(&save.written()), Some(save));
    assert!(events.iter().all(|event| save.has(event)));
    assert!(!save.has(&by_ben(13, opened())));
    let woken = save.waking(Some(Timestamp::from_second(60).unwrap()));
    assert_eq!(woken.written(), "7~12~60000");
    assert_eq!(SaveAt::read(&woken.written()), Some(woken));
    for garbled in ["", "7", "x~1", "7~12~", "7~12~x"] {
        assert_eq!(SaveAt::read(garbled), None);
    }
    assert_eq!(SaveAt::of(&[]), None);
}

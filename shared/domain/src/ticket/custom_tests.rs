//! Values of defined fields on a ticket's head, and what follows from them.

use super::{
    parts::label_bytes,
    tests::{AGENT, Case, minute},
    *,
};
use crate::{
    field::{CustomStatus, FIRST_ID, FieldBook, FieldDefinition, FieldKind, LONGEST_VALUE},
    sla::{InForce, TimerRules},
};
use std::collections::BTreeMap;

/// A desk that has fields.
struct Defined(StandardRules, FieldBook);

impl Rules for Defined {
    fn choose(&self, ticket: &Ticket) -> Option<Chosen<'_>> {
        self.0.choose(ticket)
    }

    fn terms(&self, in_force: &InForce) -> Option<crate::sla::Terms<'_>> {
        self.0.terms(in_force)
    }

    fn timers(&self) -> TimerRules {
        self.0.timers()
    }

    fn members(&self, group: crate::GroupId) -> Vec<crate::PersonId> {
        self.0.members(group)
    }

    fn fields(&self) -> &FieldBook {
        &self.1
    }
}

fn case(fields: FieldBook) -> Case {
    let mut case = Case::assigned();
    case.rules = Box::new(Defined(StandardRules::default(), fields));
    case
}

fn with_fields(kinds: &[FieldKind]) -> FieldBook {
    let mut book = FieldBook::default();
    for kind in kinds {
        let id = book.take_id();
        book.ticket_fields
            .push(FieldDefinition::new(id, *kind, "Field", minute(0)));
    }
    book
}

fn set(case: &mut Case, id: u64, value: &str) -> Result<Vec<TicketEvent>, Refusal> {
    let update = Update {
        fields: BTreeMap::from([(id.to_string(), Some(value.to_owned()))]),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), update, minute(5))
}

#[test]
fn a_head_that_is_full_of_values_is_within_its_limit_whatever_they_are_written_with() {
    for letter in ["x", "\"", "x\n", "\u{1F600}"] {
        let mut case = case(with_fields(&[FieldKind::Textarea; 100]));
        for id in FIRST_ID..FIRST_ID + 100 {
            if set(&mut case, id, &letter.repeat(30)).is_err() {
                break;
            }
        }
        let bytes = serde_json::to_vec(&case.ticket).unwrap().len();
        assert!(case.ticket.fields.len() > 10, "{letter:?}");
        assert!((2_500..MOST_HEAD_BYTES).contains(&bytes), "{letter:?}: {bytes}");
        assert!(label_bytes(&case.ticket) <= MOST_LABEL_BYTES);
        let longest: String = letter.chars().cycle().take(LONGEST_VALUE).collect();
        let refused = set(&mut case, FIRST_ID + 99, longest.trim_end());
        assert!(
            matches!(refused, Err(Refusal::HeadTooLarge { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn what_is_no_field_or_no_value_is_refused_and_what_a_deleted_field_had_can_go() {
    let mut case = case(with_fields(&[FieldKind::Integer]));
    assert!(
        matches!(set(&mut case, FIRST_ID + 1, "x"), Err(Refusal::OwnField { id, .. }) if id == FIRST_ID + 1)
    );
    assert!(matches!(
        set(&mut case, FIRST_ID, "07"),
        Err(Refusal::OwnField { .. })
    ));
    assert_eq!(set(&mut case, FIRST_ID, "7").unwrap().len(), 1);
    case.rules = Box::new(Defined(StandardRules::default(), FieldBook::default()));
    let gone = Update {
        fields: BTreeMap::from([(FIRST_ID.to_string(), None)]),
        ..Update::default()
    };
    assert_eq!(
        case.update(Actor::Agent(AGENT), gone, minute(6)).unwrap().len(),
        1
    );
    assert_eq!(case.ticket.field_values(), BTreeMap::new());
}

#[test]
fn named_fields_keep_their_limit_of_ten_beside_defined_ones() {
    let mut case = case(with_fields(&[FieldKind::Text; 12]));
    for id in FIRST_ID..FIRST_ID + 12 {
        set(&mut case, id, "x").unwrap();
    }
    let named = |count: usize| Update {
        fields: (0..count)
            .map(|n| (format!("own_{n}"), Some("x".to_owned())))
            .collect(),
        ..Update::default()
    };
    assert_eq!(
        case.update(Actor::Agent(AGENT), named(Ticket::MOST_FIELDS + 1), minute(6)),
        Err(Refusal::Fields)
    );
    assert!(
        case.update(Actor::Agent(AGENT), named(Ticket::MOST_FIELDS), minute(7))
            .is_ok()
    );
}

#[test]
fn a_status_of_one_s_own_ends_with_its_category_and_survives_closing() {
    let mut book = FieldBook::default();
    let id = book.take_id();
    book.statuses.push(CustomStatus {
        id,
        category: Status::Solved,
        agent_label: "Sent back".to_owned(),
        end_user_label: None,
        description: String::new(),
        end_user_description: String::new(),
        is_active: true,
        is_default: false,
        created_at: minute(0),
        updated_at: minute(0),
    });
    let mut case = case(book);
    let update = Update {
        custom_status: Some(id),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), update, minute(5)).unwrap();
    assert_eq!(
        (case.ticket.status, case.ticket.custom_status_id()),
        (Status::Solved, id)
    );
    let close = |status| Update {
        status: Some(status),
        ..Update::default()
    };
    case.update(Actor::Agent(AGENT), close(Status::Closed), minute(6))
        .unwrap();
    assert_eq!(
        (case.ticket.status, case.ticket.custom_status_id()),
        (Status::Closed, id)
    );
}

#[test]
fn a_merged_ticket_is_in_the_closed_status_and_comes_back_to_its_own() {
    let mut ticket = Ticket::blank(crate::TicketNumber(1));
    (ticket.status, ticket.custom_status) = (Status::Closed, Some(FIRST_ID));
    ticket.merged_into = Some(MergedInto {
        ticket: crate::TicketNumber(2),
        v: 3,
        status: Status::Open,
    });
    let closed = CustomStatus::of_every_desk(Status::Closed);
    assert_eq!((ticket.own_status(), ticket.custom_status_id()), (None, closed));
    ticket.merged_into = None;
    assert_eq!(ticket.custom_status_id(), FIRST_ID);
}

#[test]
fn events_of_defined_fields_hold_no_words_and_lead_to_the_same_head() {
    let mut case = case(with_fields(&[FieldKind::Text]));
    let events = set(&mut case, FIRST_ID, "canary").unwrap();
    let words = super::vocabulary::words_of(events[0].fact.name()).unwrap();
    assert!(
        words
            .iter()
            .any(|word| word.is_at(&format!("changed/{FIRST_ID}")))
    );
    assert_eq!(fold(case.ticket.number, &case.events), case.ticket);
}

//! What holds for every key.

use super::*;
use docket_domain::{
    OutboxId, PersonId, Tenant, TicketNumber, Timestamp, outbox::RecallableId, ticket::Ticket,
};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_tickets_items_read_back(no in any::<u64>(), v in any::<u64>(), n in any::<u32>()) {
        let tenant = Tenant::main();
        let no = TicketNumber(no);
        for key in [
            ItemKey::Head(no),
            ItemKey::Event(no, v),
            ItemKey::Words(no, v),
            ItemKey::Comment(no, v),
            ItemKey::Outbox(OutboxId { ticket: no, v, n }),
            ItemKey::Recallable(RecallableId::new(no, PersonId(v), "a1").unwrap()),
        ] {
            let parsed = ItemKey::parse_ticket_item(&key.pk(&tenant), &key.sk());
            prop_assert_eq!(parsed, Some((tenant.clone(), key)));
        }
    }

    #[test]
    fn times_in_keys_sort_as_times(a in 0i64..9_999_999_999_999, b in 0i64..9_999_999_999_999) {
        let at = |ms| sortable_time(Timestamp::from_millisecond(ms).unwrap());
        prop_assert_eq!(at(a).cmp(&at(b)), a.cmp(&b));
    }
}

#[test]
fn keys_that_are_none_of_ours_are_refused() {
    for (pk, sk) in [
        ("T#main", "HEAD"),
        ("T#main#1#2", "HEAD"),
        ("P#main#1", "P"),
        ("T#main#1", "E#x"),
        ("T#main#1", "A#2#a-b"),
    ] {
        assert_eq!(ItemKey::parse_ticket_item(pk, sk), None, "{pk} {sk}");
    }
}

#[test]
fn text_from_outside_stands_in_no_key() {
    let planted = "canary@example.com";
    for key in [
        GuardKey::Transport(planted.into(), planted.into()),
        GuardKey::Webhook(planted.into(), planted.into()),
        GuardKey::Idempotency(planted.into(), planted.into()),
        GuardKey::Attempts(planted.into()),
        GuardKey::AutomaticTo(planted.into()),
    ] {
        assert!(!key.pk(&Tenant::main()).contains("canary"));
    }
}

#[test]
fn a_closed_ticket_is_only_in_the_histories() {
    let mut ticket = Ticket::blank(TicketNumber(5));
    ticket.status = docket_domain::ticket::Status::Closed;
    let names: Vec<_> = head_index_attributes(&Tenant::main(), &ticket)
        .into_iter()
        .map(|(n, _)| n)
        .collect();
    assert_eq!(names, ["person_pk", "person_sk", "changed_pk", "changed_sk"]);
}

#[test]
fn saves_stand_under_their_second_by_ticket_and_version() {
    let tenant = Tenant::main();
    let at = |ms| Timestamp::from_millisecond(ms).unwrap();
    let place = |number, v, ms| save_attributes(&tenant, TicketNumber(number), v, at(ms));
    let noon = 1_772_452_800_000;
    assert_eq!(
        place(17, 3, noon + 999),
        [
            ("changed_pk", "U#main#E#20260302#01".to_owned()),
            ("changed_sk", "1772452800000#00000000001700003".to_owned()),
        ]
    );
    let in_order = [
        place(1, 2, noon),
        place(1, 10, noon),
        place(9, 1, noon + 1),
        place(99_999_999, 1, noon + 2),
        place(1, 1, noon + 1_000),
    ];
    let keys = in_order.map(|[_, (_, sk)]| sk);
    assert!(keys.is_sorted(), "{keys:?}");
    let bound = changed_sk(ChangedClass::Saves, at(noon), TicketNumber(9).child_id(1));
    assert_eq!(bound, keys[2]);
}

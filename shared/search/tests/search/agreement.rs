//! An index that is up to date and the heads themselves never differ.

use crate::index::Index;
use docket_domain::{
    GroupId, OrganizationId, PersonId, TicketNumber, Timestamp,
    ticket::{Channel, Priority, Status, Ticket, TicketType},
};
use docket_search::{Asked, Asking, CommentWords, Names, Query, Seen, Sight, TicketWords};
use jiff::tz::TimeZone;
use proptest::prelude::*;

fn maybe<T: Clone + std::fmt::Debug + 'static>(values: &'static [T]) -> impl Strategy<Value = Option<T>> {
    prop::option::of(prop::sample::select(values))
}

prop_compose! {
    fn head()(
        status in prop::sample::select(Status::ALL),
        priority in maybe(Priority::ALL),
        ticket_type in maybe(TicketType::ALL),
        (requester, assignee, group) in (1_u64..4, maybe(&[1_u64, 2, 3]), maybe(&[1_u64, 2])),
        ccs in prop::collection::btree_set(1_u64..4, 0..3),
        tags in prop::collection::btree_set("[ab]{1,2}", 0..3),
        field in maybe(&["gold", "Gold plan", "a-1"]),
        external_id in maybe(&["A-1", "B"]),
        language in maybe(&["de", "pt-BR"]),
        channel in prop::sample::select(vec![
            Channel::Api,
            Channel::Portal,
            Channel::Mail { mailbox: "a@b.example".to_owned() },
            Channel::Hook { channel: "bot".to_owned() },
        ]),
        (created, updated, solved) in (0_i64..10, 0_i64..10, prop::option::of(0_i64..10)),
    ) -> Ticket {
        let day = |day: i64| Timestamp::from_second(1_767_225_600 + day * 86_400).unwrap();
        let mut head = Ticket::blank(TicketNumber(7));
        head.subject = "lamp".to_owned();
        head.status = status;
        head.priority = priority;
        head.ticket_type = ticket_type;
        head.requester = PersonId(requester);
        head.assignee = assignee.map(PersonId);
        head.group = group.map(GroupId);
        head.ccs = ccs.into_iter().map(PersonId).collect();
        head.tags = tags.into_iter().collect();
        head.fields.extend(field.map(|value| ("plan".to_owned(), value.to_owned())));
        head.external_id = external_id.map(str::to_owned);
        head.language = language.map(str::to_owned);
        head.channel = channel;
        head.created_at = day(created);
        head.updated_at = day(updated);
        head.solved_at = solved.map(day);
        head
    }
}

/// A condition that a head answers by itself.
fn structured() -> impl Strategy<Value = String> {
    let operator = prop::sample::select(vec![":", "<", "<=", ">", ">="]);
    let date = prop::sample::select(vec!["created", "updated", "solved"]);
    let person = prop::sample::select(vec!["assignee", "requester", "cc"]);
    let whoever = prop::sample::select(vec!["1", "2", "none", "*", "me"]);
    let condition = prop_oneof![
        (operator.clone(), prop::sample::select(Status::ALL))
            .prop_map(|(operator, status)| format!("status{operator}{status}")),
        (operator.clone(), prop::sample::select(Priority::ALL))
            .prop_map(|(operator, it)| format!("priority{operator}{it}")),
        (date, operator, 1_u32..11)
            .prop_map(|(key, operator, day)| format!("{key}{operator}2026-01-{day:02}")),
        (person, whoever).prop_map(|(key, who)| format!("{key}:{who}")),
        prop::sample::select(vec![
            "group:1",
            "group:none",
            "group:*",
            "organization:1",
            "organization:none",
            "organization:*",
            "tags:a",
            "tags:\"a b\"",
            "tags:none",
            "tags:*",
            "via:mail",
            "via:web",
            "via:bot",
            "external_id:a-1",
            "external_id:none",
            "language:pt",
            "recipient:a@b.example",
            "recipient:none",
            "custom_field_plan:gold",
            "custom_field_plan:\"gold plan\"",
            "custom_field_plan:*",
            "custom_field_plan:none",
            "fieldvalue:gold",
            "ticket_type:problem",
            "ticket_type:none",
            "priority:none",
            "solved:none",
            "id:7",
            "id:8",
            "type:ticket",
            "type:user",
            "type:incident",
            "brand:x",
            "brand:none",
            "*",
        ])
        .prop_map(str::to_owned),
    ];
    (any::<bool>(), condition).prop_map(|(negated, condition)| {
        if negated {
            format!("-{condition}")
        } else {
            condition
        }
    })
}

fn seen() -> impl Strategy<Value = Seen> {
    prop::sample::select(vec![
        Seen::everything(),
        Seen::staff([Sight::Group(GroupId(1)), Sight::Assignee(PersonId(2))]),
        Seen::staff([Sight::Organization(OrganizationId(1))]),
        Seen::customer(PersonId(1), []),
        Seen::customer(PersonId(2), [OrganizationId(1)]),
    ])
}

fn asked(query: &str, seen: &Seen) -> Asked {
    let asking = Asking {
        now: Timestamp::UNIX_EPOCH,
        zone: &TimeZone::UTC,
        me: Some(PersonId(3)),
        names: &Names::default(),
    };
    Query::read(query)
        .unwrap_or_else(|error| panic!("{query}: {error}"))
        .ask(seen, &asking)
}

fn is_in_index(asked: &Asked, head: &Ticket, organization: Option<OrganizationId>) -> bool {
    let comments = [
        CommentWords {
            author: PersonId(1),
            public: true,
            text: "it is dark",
            files: &["a.pdf"],
        },
        CommentWords {
            author: PersonId(2),
            public: false,
            text: "it is not",
            files: &[],
        },
    ];
    let words = TicketWords {
        head,
        organization,
        comments: &comments,
        people: &[],
    };
    let index = Index {
        documents: vec![words.document().document],
    };
    let is_found = !index.found(&asked.question(0, 1).matcher).is_empty();
    assert_eq!(asked.finds(&index.documents[0]), is_found);
    is_found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_head_answers_as_the_index_does(
        head in head(),
        organization in maybe(&[OrganizationId(1), OrganizationId(2)]),
        conditions in prop::collection::vec(structured(), 0..5),
        seen in seen(),
    ) {
        let asked = asked(&conditions.join(" "), &seen);
        prop_assert_eq!(asked.matches(&head, organization), is_in_index(&asked, &head, organization));
    }

    #[test]
    fn what_a_fresh_index_found_stands_by_its_head(
        head in head(),
        conditions in prop::collection::vec(structured(), 0..3),
        words in prop::collection::vec(prop::sample::select(vec![
            "lamp", "-lamp", "dark", "-dark", "\"is dark\"", "subject:lamp", "comment:not", "submitter:1", "-submitter:1",
            "commenter:2", "-commenter:2", "commenter:none", "has_attachment:true", "has_attachment:false", "7", "-7", "da*",
        ]), 0..3),
        seen in seen(),
    ) {
        let query = format!("{} {}", conditions.join(" "), words.join(" "));
        let asked = asked(&query, &seen);
        if is_in_index(&asked, &head, None) {
            prop_assert!(asked.matches(&head, None));
        }
        if asked.words_in_head(&head, None) {
            prop_assert!(asked.matches(&head, None));
        }
    }
}

//! An answer that can be recalled, across the functions: the queue saves it when its time is over, the sweep what the queue lost,
//! and whatever goes wrong it is saved once or its author has its words.

use crate::{bad_neighbours::spoil, eves_ticket, file, in_world, mail};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_desk::tickets::{KeptAnswer, NewComment, Recalled, SavedAnswer};
use docket_desk::{Attempt, StoreError};
use docket_domain::{
    PersonId, TicketNumber,
    contact::comment::{AuthorRole, CommentBody},
    outbox::{RecallState, RecallableAnswer, RecallableId},
    ticket::{Actor, Channel, Refusal, Status, Ticket, Update},
};
use docket_local::world::{World, WorldOptions};
use docket_store::keys::ItemKey;
use jiff::SignedDuration;
use serde_json::{Value, json};

const AGENT: PersonId = PersonId(1);
const WAIT: SignedDuration = SignedDuration::from_secs(8);

/// An answer of an agent's that solves a ticket, and the ticket as they see it; nothing where the world failed.
async fn written(world: &World, number: u64, words: &str) -> Option<(RecallableAnswer, Ticket)> {
    let desk = world.local.desk_of("workspace");
    let number = TicketNumber(number);
    let id = RecallableId::new(number, AGENT, "a1")?;
    let comment = NewComment {
        author: AGENT,
        role: AuthorRole::Agent,
        public: true,
        channel: Channel::Agent,
        body: CommentBody {
            text: words.to_owned(),
            ..CommentBody::default()
        },
        attachments: vec![],
        mail: None,
        automatic: None,
    };
    let work = async {
        let words = desk.store_words(number, &comment).await.ok()?;
        let ticket = desk.tickets().get(number).await.ok()??;
        let (comment, facts) = comment.stored(&words);
        let answer = RecallableAnswer {
            id,
            state: RecallState::Waiting,
            created_at: desk.now(),
            send_at: desk.now().checked_add(WAIT).ok()?,
            last_public_v: ticket.last_public_v,
            comment,
            update: Update {
                comment: Some(facts),
                status: Some(Status::Solved),
                ..Update::default()
            },
            form: std::collections::BTreeMap::new(),
        };
        Some((answer, ticket))
    };
    world.call("workspace", work).await.flatten()
}

/// An agent sends it; nothing where the world failed.
async fn send(world: &World, number: u64, words: &str) -> Option<RecallableId> {
    let (answer, ticket) = written(world, number, words).await?;
    let desk = world.local.desk_of("workspace");
    let work = async { desk.tickets().keep_answer(&answer, ticket, None, None).await.ok() };
    let kept: Option<KeptAnswer> = world.call("workspace", work).await.flatten();
    kept.map(|_| answer.id.clone())
}

fn attempt() -> Attempt {
    Attempt::by(Actor::Agent(AGENT), "test")
}

async fn said(world: &World, number: u64) -> usize {
    file(world, number).await.comments.len() - 1
}

#[test]
fn the_queue_saves_an_answer_when_its_time_is_over_and_its_mail_goes_out() {
    in_world(async {
        let mut world = eves_ticket().await;
        send(&world, 1, "Come at nine.").await.unwrap();
        world.settle().await;
        assert_eq!(said(&world, 1).await, 0, "nobody gets the message before");
        world.local.aws.clock().advance(WAIT);
        world.settle().await;
        assert_eq!(said(&world, 1).await, 1);
        assert_eq!(file(&world, 1).await.ticket.status, Status::Solved);
        let sent = world.local.aws.sent_mails();
        assert!(
            sent.iter()
                .any(|mail| String::from_utf8_lossy(&mail.raw).contains("Come at nine."))
        );
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn the_sweep_saves_what_the_stream_and_the_queue_lost() {
    in_world(async {
        let mut world = eves_ticket().await;
        send(&world, 1, "Come at nine.").await.unwrap();
        let table = world.local.desk.settings.tickets_table.clone();
        world.local.aws.drop_stream(&table);
        world.pass(SignedDuration::from_mins(2)).await;
        assert_eq!(said(&world, 1).await, 1);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn whatever_goes_wrong_an_answer_is_saved_once_or_given_back() {
    for seed in 0..40 {
        in_world(async move {
            let options = WorldOptions {
                seed,
                faults: true,
                ..WorldOptions::default()
            };
            let mut world = World::new(options).await.unwrap();
            world.receive(
                &mail("Eve <eve@example.com>", "m1@example.com", "", "Help!"),
                &[],
                false,
            );
            // Numbers are skipped where something was drawn and not used.
            let mut number = None;
            for _ in 0..60 {
                world.pass(SignedDuration::from_mins(1)).await;
                let last = world.local.desk.tickets().last_number().await.unwrap();
                let drawn: Vec<TicketNumber> = (1..=last).map(TicketNumber).collect();
                let there = world.local.desk.tickets().get_many(&drawn).await.unwrap();
                number = there.first().map(|ticket| ticket.number.0);
                if number.is_some() {
                    break;
                }
            }
            let number = number.unwrap_or_else(|| panic!("seed {seed}: the mail did not come"));
            let mut id = None;
            for _ in 0..20 {
                id = send(&world, number, "Come at nine.").await;
                if id.is_some() {
                    break;
                }
            }
            let id = id.unwrap_or_else(|| panic!("seed {seed}: the answer is not taken"));
            // Sometimes its author recalls it, before or after its time.
            let recalls = world.choose(3);
            let mut recalled = None;
            if recalls > 0 {
                if recalls == 2 {
                    world.local.aws.clock().advance(WAIT);
                    world.step().await;
                }
                let desk = world.local.desk_of("workspace");
                let work = async { desk.tickets().recall_answer(&id).await.ok() };
                recalled = world.call("workspace", work).await.flatten();
            }
            world.lose_something();
            world.calm();
            world.pass(SignedDuration::from_mins(30)).await;
            let left = world.local.desk.recallable().get(&id).await.unwrap();
            let saved = said(&world, number).await;
            match recalled {
                Some(Recalled::Recalled(_)) => assert_eq!((saved, left.is_some()), (0, true), "seed {seed}"),
                Some(Recalled::TooLate) => assert_eq!((saved, left.is_some()), (1, false), "seed {seed}"),
                // Nobody knows what became of it: it is one of both.
                None => assert_eq!(saved == 1, left.is_none(), "seed {seed}"),
            }
            assert!(saved <= 1, "seed {seed}");
            assert_eq!(
                world.broken_invariants().await,
                Vec::<String>::new(),
                "seed {seed}"
            );
        });
    }
}

#[test]
fn of_a_ticket_that_is_gone_for_good_the_words_go_too() {
    in_world(async {
        let mut world = eves_ticket().await;
        let id = send(&world, 1, "Come at nine.").await.unwrap();
        let desk = world.local.desk.clone();
        let tickets = desk.tickets();
        tickets.recall_answer(&id).await.unwrap();
        tickets.delete(TicketNumber(1), attempt()).await.unwrap();
        let saved = tickets.save_answer_now(&id).await.unwrap();
        assert!(matches!(saved, SavedAnswer::Gone), "{saved:?}");
        assert!(desk.recallable().get(&id).await.unwrap().is_some());
        tickets
            .delete_permanently(TicketNumber(1), attempt())
            .await
            .unwrap();
        world.pass(SignedDuration::from_mins(5)).await;
        assert_eq!(world.local.desk.recallable().get(&id).await.unwrap(), None);
    });
}

#[test]
fn nothing_is_kept_beside_a_ticket_that_was_deleted_while_it_was_sent() {
    in_world(async {
        let mut world = eves_ticket().await;
        let desk = world.local.desk.clone();
        // It is sent on the ticket as it was a moment ago.
        let (answer, read) = written(&world, 1, "Come at nine.").await.unwrap();
        desk.tickets().delete(TicketNumber(1), attempt()).await.unwrap();
        let kept = desk
            .tickets()
            .keep_answer(&answer, read.clone(), None, None)
            .await;
        assert_eq!(kept.unwrap(), KeptAnswer::Refused(Refusal::Deleted));
        let gone = desk.tickets().delete_permanently(TicketNumber(1), attempt());
        gone.await.unwrap();
        world.pass(SignedDuration::from_mins(5)).await;
        let kept = desk.tickets().keep_answer(&answer, read, None, None).await;
        assert_eq!(kept.unwrap(), KeptAnswer::Refused(Refusal::DeletedForGood));
        assert_eq!(desk.recallable().of_ticket(TicketNumber(1)).await.unwrap(), []);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn an_answer_is_kept_on_a_ticket_that_somebody_else_changed_meanwhile() {
    in_world(async {
        let mut world = eves_ticket().await;
        let desk = world.local.desk.clone();
        let (answer, read) = written(&world, 1, "Come at nine.").await.unwrap();
        let tagged = json!({ "ticket": { "additional_tags": ["late"] } });
        world.api("PUT", "tickets/1.json", None, &tagged).await.unwrap();
        assert!(desk.tickets().get(TicketNumber(1)).await.unwrap().unwrap().v > read.v);
        let kept = desk.tickets().keep_answer(&answer, read, None, None).await;
        assert_eq!(kept.unwrap(), KeptAnswer::Kept);
        world.local.aws.clock().advance(WAIT);
        world.pass(SignedDuration::from_mins(2)).await;
        assert_eq!(said(&world, 1).await, 1);
    });
}

#[test]
fn an_answer_that_can_not_be_read_keeps_neither_another_one_nor_a_change_from_its_ticket() {
    in_world(async {
        let world = eves_ticket().await;
        let spoilt = send(&world, 1, "Come at nine.").await.unwrap();
        let (mut other, read) = written(&world, 1, "Come at ten.").await.unwrap();
        other.id = RecallableId::new(TicketNumber(1), AGENT, "a2").unwrap();
        let desk = world.local.desk.clone();
        let kept = desk.tickets().keep_answer(&other, read, None, None).await;
        assert_eq!(kept.unwrap(), KeptAnswer::Kept);
        let key = ItemKey::Recallable(spoilt.clone());
        let nonsense = AttributeValue::S("nonsense".to_owned());
        assert!(spoil(&world, &key, "answer", nonsense).await);
        assert!(desk.recallable().of_ticket(TicketNumber(1)).await.is_err());
        let own = desk.recallable().of_author(TicketNumber(1), AGENT).await.unwrap();
        assert_eq!(own.iter().map(|own| &own.id).collect::<Vec<_>>(), [&other.id]);
        let called = world.api("DELETE", "tickets/1.json", None, &Value::Null).await;
        assert!(called.unwrap().is_success());
        let file = file(&world, 1).await;
        assert!(file.ticket.is_deleted());
        assert_eq!((file.comments.len() - 1, file.recallable.len()), (1, 0));
        assert!(
            desk.recallable().get(&spoilt).await.is_err(),
            "it stands as it was"
        );
    });
}

#[test]
fn an_answer_that_meets_others_at_each_try_waits_between_them_and_is_said_to_have_met_them() {
    in_world(async {
        let world = eves_ticket().await;
        let (answer, read) = written(&world, 1, "Come at nine.").await.unwrap();
        // As if somebody had always been first.
        let key = ItemKey::Head(TicketNumber(1));
        let v = |v: u64| AttributeValue::N(v.to_string());
        assert!(spoil(&world, &key, "v", v(read.v + 100)).await);
        let desk = world.local.desk.clone();
        let from = tokio::time::Instant::now();
        let kept = desk
            .tickets()
            .keep_answer(&answer, read.clone(), None, None)
            .await;
        assert!(matches!(kept, Err(StoreError::Contended { .. })), "{kept:?}");
        assert!(from.elapsed() > std::time::Duration::from_millis(5), "it waits");
        assert!(spoil(&world, &key, "v", v(read.v)).await);
        let kept = desk.tickets().keep_answer(&answer, read, None, None).await;
        assert_eq!(kept.unwrap(), KeptAnswer::Kept);
    });
}

/// What was sent is never lost by it, and goes out once.
#[test]
fn what_is_done_by_the_api_while_an_answer_waits_comes_after_it() {
    let status = |status: &str| json!({ "ticket": { "status": status } });
    let calls = [
        ("DELETE", "tickets/1.json", Value::Null),
        ("PUT", "tickets/1/mark_as_spam.json", json!({})),
        ("PUT", "tickets/1.json", status("closed")),
        ("PUT", "tickets/1.json", status("hold")),
        ("POST", "tickets/2/merge.json", json!({ "ids": [1] })),
        ("DELETE", "tickets/destroy_many.json?ids=1,2", Value::Null),
    ];
    for (method, path, body) in calls {
        in_world(async {
            let mut world = eves_ticket().await;
            let again = mail("Eve <eve@example.com>", "m2@example.com", "", "Again!");
            world.receive(&again, &[], false);
            world.settle().await;
            let solved = world.api("PUT", "tickets/1.json", None, &status("solved")).await;
            assert!(solved.unwrap().is_success());
            world.settle().await;
            let id = send(&world, 1, "Come at nine.").await.unwrap();
            let called = world.api(method, path, None, &body).await.unwrap();
            assert!(called.is_success(), "{path}: {called:?}");
            world.pass(SignedDuration::from_mins(5)).await;
            let left = world.local.desk.recallable().get(&id).await.unwrap();
            assert_eq!(left, None, "{path}");
            let file = file(&world, 1).await;
            let saved = file.events.iter().filter(|event| event.cause == id.cause());
            let saved_v = saved.map(|event| event.v).max().unwrap();
            assert!(saved_v < file.ticket.v, "{path}: the call comes after it");
            let answers = file.comments.iter();
            let answers = answers.filter(|comment| comment.snippet == "Come at nine.");
            assert_eq!(answers.count(), 1, "{path}");
            let sent = world.local.aws.sent_mails();
            let is_answer = |raw: &[u8]| String::from_utf8_lossy(raw).contains("Come at nine.");
            assert!(sent.iter().any(|mail| is_answer(&mail.raw)), "{path}");
            assert_eq!(world.broken_invariants().await, Vec::<String>::new(), "{path}");
        });
    }
}

//! An answer that can be recalled, across the functions: the queue saves it when its time is over, the sweep what the queue lost,
//! and whatever goes wrong it is saved once or its author has its words.

use crate::{eves_ticket, file, in_world, mail};
use docket_desk::tickets::{KeptAnswer, NewComment, Recalled, SavedAnswer};
use docket_domain::{
    PersonId, TicketNumber,
    contact::comment::{AuthorRole, CommentBody},
    outbox::{RecallState, RecallableAnswer, RecallableId},
    ticket::{Channel, Status, Update},
};
use docket_local::world::{World, WorldOptions};
use jiff::SignedDuration;

const AGENT: PersonId = PersonId(1);
const WAIT: SignedDuration = SignedDuration::from_secs(8);

/// An agent sends an answer that solves a ticket; nothing where the world failed.
async fn send(world: &World, number: u64, words: &str) -> Option<RecallableId> {
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
            id: id.clone(),
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
        desk.tickets().keep_answer(&answer, None, None).await.ok()
    };
    let kept: Option<KeptAnswer> = world.call("workspace", work).await.flatten();
    kept.map(|_| id)
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
        let tickets = world.local.desk.tickets();
        let attempt = || docket_desk::Attempt::by(docket_domain::ticket::Actor::Agent(AGENT), "test");
        tickets.delete(TicketNumber(1), attempt()).await.unwrap();
        let saved = tickets.save_answer_now(&id).await.unwrap();
        assert!(matches!(saved, SavedAnswer::Refused(_)), "{saved:?}");
        tickets
            .delete_permanently(TicketNumber(1), attempt())
            .await
            .unwrap();
        world.pass(SignedDuration::from_mins(5)).await;
        assert_eq!(world.local.desk.recallable().get(&id).await.unwrap(), None);
    });
}

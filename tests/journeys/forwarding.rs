//! What is forwarded to others, across the functions: it reaches them, what they answer is for agents, and customers hear of none of it.

use crate::{answer, eves_ticket, file, in_world, mail};
use docket_desk::tickets::NewComment;
use docket_domain::{
    PersonId, TicketNumber,
    audit::ChangedBy,
    contact::{
        comment::{AuthorRole, CommentBody},
        tells::{Forward, Tells},
    },
    outbox::{RecallState, RecallableAnswer, RecallableId},
    people::person::Identity,
    ticket::{Actor, Channel, Update},
};
use docket_local::world::World;
use docket_mail::InboundMail;
use jiff::SignedDuration;
use serde_json::json;

const AGENT: PersonId = PersonId(1);
const WAIT: SignedDuration = SignedDuration::from_secs(8);
const SAM: &str = "sam@parts.example";
const BOB: &str = "bob@example.org";
const EVE: &str = "eve@example.com";

/// An agent forwards Eve's message to Sam and Bob; the mail that they get.
async fn forward(world: &mut World) -> InboundMail {
    let desk = world.local.desk_of("workspace");
    let number = TicketNumber(1);
    let message = file(world, 1).await.comments[0].v;
    let by = ChangedBy::new(Actor::Agent(AGENT), "workspace", desk.now());
    let mut to = Vec::new();
    for (address, name) in [(SAM, "Sam"), (BOB, "Bob")] {
        let identity = Identity::email(address);
        let person = desk.people().find_or_store(identity, (name, None), &by).await;
        to.push(person.unwrap().id);
    }
    let comment = NewComment {
        author: AGENT,
        role: AuthorRole::Agent,
        public: false,
        channel: Channel::Agent,
        body: CommentBody {
            text: "Is it one of yours?".to_owned(),
            ..CommentBody::default()
        },
        attachments: vec![],
        mail: None,
        automatic: None,
    };
    let words = desk.store_words(number, &comment).await.unwrap();
    let ticket = desk.tickets().get(number).await.unwrap().unwrap();
    let tells = Tells::Forward(Forward {
        comments: vec![message],
        with_files: true,
        to,
    });
    let (comment, facts) = comment.stored_telling(&words, Some(tells));
    let answer = RecallableAnswer {
        id: RecallableId::new(number, AGENT, "f1").unwrap(),
        state: RecallState::Waiting,
        created_at: desk.now(),
        send_at: desk.now().checked_add(WAIT).unwrap(),
        last_public_v: ticket.last_public_v,
        comment,
        update: Update {
            comment: Some(facts),
            ..Update::default()
        },
        form: std::collections::BTreeMap::new(),
    };
    desk.tickets()
        .keep_answer(&answer, ticket, None, None)
        .await
        .unwrap();
    world.local.aws.clock().advance(WAIT);
    world.pass(SignedDuration::from_mins(2)).await;
    let mut mails = mails_to(world, SAM);
    assert_eq!(mails.len(), 1);
    mails.remove(0)
}

fn mails_to(world: &World, address: &str) -> Vec<InboundMail> {
    let sent = world.local.aws.sent_mails();
    let theirs = sent
        .iter()
        .filter(|mail| mail.destinations.iter().any(|to| to == address));
    theirs
        .map(|mail| docket_mail::read(&mail.as_received, None).unwrap())
        .collect()
}

/// Somebody answers; whose word the newest comment is then, and whether it is public.
async fn answers(
    world: &mut World,
    (from, id): (&str, &str),
    in_reply_to: Option<&str>,
    to: &[&str],
) -> (AuthorRole, bool, usize) {
    let more = in_reply_to.map_or_else(String::new, |id| format!("In-Reply-To: <{id}>\r\n"));
    let id = format!("{id}@parts.example");
    world.receive(&mail(from, &id, &more, "It is ours."), to, false);
    world.settle().await;
    let comments = file(world, 1).await.comments;
    let newest = comments.last().unwrap();
    (newest.role, newest.public, comments.len())
}

#[test]
fn who_is_asked_answers_to_agents_alone_and_the_customer_hears_nothing() {
    in_world(async {
        let mut world = eves_ticket().await;
        // Bob gets copies of what is said to Eve.
        let copied = json!({ "ticket": {
            "email_ccs": [{ "user_email": BOB, "user_name": "Bob", "action": "put" }],
            "comment": { "body": "Which lamp?", "public": true },
        } });
        let done = world.api("PUT", "tickets/1.json", Some("k1"), &copied).await;
        assert!(done.unwrap().is_success());
        world.settle().await;
        let to_eve = mails_to(&world, EVE).len();
        let forwarded = forward(&mut world).await;
        assert_eq!(forwarded.subject, "Fwd: The printer burns");
        let text = &forwarded.text;
        for words in ["Is it one of yours?", "From: Eve <eve@example.com>", "Help!"] {
            assert!(text.contains(words), "{words:?} is not in {text}");
        }
        assert_eq!(forwarded.in_reply_to, Vec::<String>::new(), "no thread of Eve's");
        let given = forwarded.message_id.clone().unwrap();
        let address = forwarded.reply_to.clone().unwrap().address;

        let third_party = |count| (AuthorRole::ThirdParty, false, count);
        let by_address = answers(&mut world, (SAM, "s1"), Some(&given), &[&address]).await;
        assert_eq!(by_address, third_party(4));
        // A program that answers to From.
        let by_id = answers(&mut world, (SAM, "s2"), Some(&given), &[]).await;
        assert_eq!(by_id, third_party(5));
        let in_copy = answers(&mut world, (BOB, "b1"), Some(&given), &[&address]).await;
        assert_eq!(in_copy, third_party(6));
        let by_id = answers(&mut world, (BOB, "b2"), Some(&given), &[]).await;
        assert_eq!(by_id, third_party(7));
        assert_eq!(mails_to(&world, EVE).len(), to_eve, "Eve gets none of it");
        // What Bob says to an answer is said to all, as before.
        let copy = mails_to(&world, BOB).remove(0).message_id.unwrap();
        let said = answers(&mut world, (BOB, "b3"), Some(&copy), &[]).await;
        assert_eq!(said, (AuthorRole::Participant, true, 8));

        assert!(answer(&world, 1, "It is one of Sam's.", false).await);
        world.settle().await;
        let told = mails_to(&world, EVE).pop().unwrap();
        assert!(told.text.contains("It is one of Sam's."));
        assert!(!told.text.contains("It is ours."), "{}", told.text);
        let ids = told.references.iter().chain(&told.in_reply_to);
        for id in ids {
            assert!(
                *id != given && !id.starts_with("s1@") && !id.starts_with("s2@"),
                "{id}"
            );
        }
        assert_eq!(world.local.desk.tickets().last_number().await.unwrap(), 1);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

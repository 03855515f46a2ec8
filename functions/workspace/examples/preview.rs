//! The workspace over a small believable desk in memory, to look at: `cargo run -p workspace --example preview [PORT]`.
#![allow(
    clippy::unwrap_used,
    reason = "shared with the tests, whose helpers fail as they do"
)]

#[path = "../tests/workspace/world.rs"]
mod world;

use docket_desk::tickets::NewAttachment;
use docket_domain::{
    contact::comment::{CommentBody, Correspondent, HandOff, MailFacts},
    outbox::State,
    people::person::Identity,
    ticket::{Actor, Command, Priority, Status, Update},
};
use jiff::SignedDuration;
use world::{BEN, CLEO, World};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port: u16 = std::env::args().nth(1).map_or(Ok(3210), |text| text.parse())?;
    let clock = embedded_aws::Clock::manual(world::START.parse()?);
    let world = World::at(clock, true).await?;
    fill(&world).await?;
    world.index().await?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}/agent", listener.local_addr()?);
    axum::serve(listener, world.app).await?;
    Ok(())
}

async fn fill(world: &World) -> anyhow::Result<()> {
    for (from, subject, text, hours) in CONTACTS {
        let facts = MailFacts {
            copied: if subject.starts_with("Invoice") {
                copied()
            } else {
                vec![]
            },
            ..MailFacts::default()
        };
        let number = world.mail_with(*from, subject, text, facts).await?;
        world.triage(number).await?;
        world.assign(number).await?;
        world.clock.advance(SignedDuration::from_mins(*hours));
    }
    brakes(world).await?;
    refund(world).await?;
    let pending = Update {
        status: Some(Status::Pending),
        ..Update::default()
    };
    let text = "Hello Ingrid, which size do you ride at the moment? Then I can tell you which frame fits.";
    world
        .write(
            docket_domain::TicketNumber(2),
            Actor::Agent(CLEO),
            text,
            true,
            pending,
        )
        .await?;
    let solved = Update {
        status: Some(Status::Solved),
        ..Update::default()
    };
    world
        .write(
            docket_domain::TicketNumber(4),
            Actor::Agent(BEN),
            "Done, have a good ride!",
            true,
            solved,
        )
        .await?;
    let fresh = world
        .mail(
            ("noor@reed.example", "Noor Haddad"),
            "Opening hours on Easter Monday?",
            "Are you open?",
        )
        .await?;
    world.triage(fresh).await?;
    world.command(fresh, Command::FireTimers).await
}

/// Whom a mail went to besides.
fn copied() -> Vec<Correspondent> {
    let other = |name: Option<&str>, address: &str| Correspondent {
        name: name.map(str::to_owned),
        address: address.to_owned(),
    };
    vec![
        other(Some("Petra Lang"), "p.lang@riverside-school.example"),
        other(None, "treasurer@parents-of-riverside.example"),
    ]
}

/// A thread with everything a mail ticket can have.
async fn brakes(world: &World) -> anyhow::Result<()> {
    let html = "<p>The <b>front brake</b> squeals.</p><ul><li>since Friday</li><li>only when wet</li></ul>";
    let body = CommentBody {
        text: "Hello,\n\nthe front brake of my bike squeals since Friday, but only when it is wet. It is urgent: I ride \
               to work with it every day.\n\nPhoto and invoice attached.\n\nGreetings\nMaria\n\n> On 27 February you wrote:\n\
               > Your bike is ready to be picked up."
            .into(),
        html: Some(html.into()),
        ..CommentBody::default()
    };
    let file = |name: &str, bytes: usize| NewAttachment {
        name: name.into(),
        content_type: "application/octet-stream".into(),
        inline: false,
        content_id: None,
        bytes: vec![name.len() as u8; bytes].into(),
    };
    let files = vec![
        file("brake-front.jpg", 812_345),
        file("invoice 2026-0217.pdf", 48_211),
    ];
    let maria = ("maria.santos@post.example", "Maria Santos");
    let number = world
        .contact(maria, "Front brake squeals when wet", body, files, None)
        .await?;
    world.triage(number).await?;
    world.clock.advance(SignedDuration::from_mins(1));
    world.assign(number).await?;
    world.clock.advance(SignedDuration::from_mins(12));
    let take = Update {
        assignee: Some(Some(BEN)),
        priority: Some(Priority::High),
        add_tags: vec!["brakes".into(), "warranty".into()],
        ..Update::default()
    };
    let note = "Same pads as in the February batch. If it is those, we replace them for free.";
    world.write(number, Actor::Agent(BEN), note, false, take).await?;
    world.clock.advance(SignedDuration::from_mins(4));
    let answer = "Hello Maria,\n\nthat sounds like the pads, not the disc. Can you come by tomorrow before ten? It takes \
                  a quarter of an hour, and it costs you nothing.\n\nBen";
    let identity = vec![Identity::email("service@cargo-coop.example")];
    let by = world.desk.by_system("a preview");
    let found = world.desk.people().find_or_make(identity, "Sam Ode", None, &by);
    let (colleague, writes) = found.await?;
    world.desk.commit_writes(vec![], writes).await?;
    let pending = Update {
        status: Some(Status::Pending),
        add_ccs: vec![colleague.id],
        ..Update::default()
    };
    world
        .write(number, Actor::Agent(BEN), answer, true, pending)
        .await?;
    let file = world.desk.tickets().file(number).await?.unwrap();
    for item in &file.outbox {
        let mut sent = item.clone();
        sent.state = State::Sent;
        sent.next_due_at = None;
        world.desk.outbox().advance(item, &sent, vec![]).await?;
    }
    world.clock.advance(SignedDuration::from_mins(41));
    let text = "Tomorrow at nine works. Thank you!\n\n> Can you come by tomorrow before ten?";
    world
        .write(
            number,
            Actor::Requester(file.ticket.requester),
            text,
            true,
            Update::default(),
        )
        .await
}

/// A bot's hand-off.
async fn refund(world: &World) -> anyhow::Result<()> {
    let hand_off: HandOff = serde_json::from_value(serde_json::json!({
        "reason": "asked for a person", "intent": "refund", "confidence": 0.38, "sentiment": "annoyed",
        "summary": "Jonas returned a helmet on 18 February and has not had his money back.",
        "collected": {"order": "HB-20418", "returned on": "2026-02-18", "amount": "64.90 EUR", "paid by": "card"},
        "bot": "Pedal 2.1",
        "transcript": [
            {"at": "2026-03-02T08:58:10Z", "who": "user", "text": "where is my refund"},
            {"at": "2026-03-02T08:58:12Z", "who": "bot", "text": "Refunds take up to ten working days. Do you have an order number?"},
            {"at": "2026-03-02T08:59:01Z", "who": "user", "text": "HB-20418. it has been two weeks!!"},
            {"at": "2026-03-02T08:59:03Z", "who": "bot", "text": "I'm sorry. Shall I hand you to a colleague?"},
            {"at": "2026-03-02T08:59:20Z", "who": "user", "text": "yes please"},
        ],
    }))?;
    let body = CommentBody {
        text: "where is my refund\nHB-20418. it has been two weeks!!\nyes please".into(),
        hand_off: Some(hand_off),
        ..CommentBody::default()
    };
    let number = world
        .contact(
            ("jonas@brandt.example", "Jonas Brandt"),
            "Refund for order HB-20418",
            body,
            vec![],
            Some("bot"),
        )
        .await?;
    world.triage(number).await?;
    world.assign(number).await?;
    world.clock.advance(SignedDuration::from_mins(9));
    Ok(())
}

type Contact = ((&'static str, &'static str), &'static str, &'static str, i64);

/// Sender, subject, text, minutes until the next one.
const CONTACTS: &[Contact] = &[
    (
        ("maria.santos@post.example", "Maria Santos"),
        "When can I pick up my bike?",
        "Hello, is my bike ready? Maria",
        190,
    ),
    (
        ("ingrid@nilsen.example", "Ingrid Nilsen"),
        "Which frame size for 1.68 m?",
        "I would like to order the city bike and can't decide between 50 and 53.",
        165,
    ),
    (
        ("workshop@cargo-coop.example", "Cargo Co-op"),
        "URGENT: three bikes down, need spare chains today",
        "Three of our cargo bikes stand still. Do you have chains for them in stock?",
        120,
    ),
    (
        ("tom@tanaka.example", "Tom Tanaka"),
        "Newsletter",
        "Please take me off the list.",
        25,
    ),
    (
        (
            "accounts@riverside-school.example",
            "Riverside School, Accounts Department",
        ),
        "Invoice 2026-0188 was charged twice to the school's account, and the reminder that followed names a third amount",
        "Please see the statement.",
        18,
    ),
];

//! Who gets an answer in copy, and the files that go with it.

use crate::{
    browser::{Browser, Page},
    world::{BEN, CLEO, MAILBOX, World},
};
use axum::http::StatusCode;
use docket_domain::{
    PersonId, TicketNumber,
    comment::{Correspondent, MailFacts},
    person::Identity,
    ticket::{Actor, Update},
    work::Work,
};

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";

struct Ticket {
    world: World,
    number: TicketNumber,
    path: String,
    browser: Browser,
}

impl Ticket {
    /// A mail of Ann's that went to others too, with this verdict on its sender.
    async fn copied_to(others: &[(&str, &str)], dmarc: &str) -> Self {
        let world = World::new().await.unwrap();
        let copied = others.iter().map(|(address, name)| Correspondent {
            name: (!name.is_empty()).then(|| (*name).to_owned()),
            address: (*address).to_owned(),
        });
        let facts = MailFacts {
            copied: copied.collect(),
            dmarc: Some(dmarc.to_owned()),
            ..MailFacts::default()
        };
        let number = world
            .mail_with(ANN, "Where is my order?", "It is late.", facts)
            .await
            .unwrap();
        world.triage(number).await.unwrap();
        let browser = world.browser(BEN).await;
        let path = format!("/agent/tickets/{number}");
        Self {
            world,
            number,
            path,
            browser,
        }
    }

    async fn new() -> Self {
        Self::copied_to(&[], "PASS").await
    }

    async fn page(&self) -> Page {
        self.browser.get(&self.path).await
    }

    /// Answers with this in the field.
    async fn answer(&self, text: &str, copies: &str) -> Page {
        let page = self.page().await;
        let was = page.field("was_cc");
        let fields = [("text", text), ("copies", copies), ("was_cc", &was)];
        self.browser.answer(&page, self.number, &fields).await
    }

    async fn person(&self, address: &str) -> Option<docket_domain::person::Person> {
        self.world
            .desk
            .find_person(&Identity::email(address))
            .await
            .unwrap()
    }

    /// The addresses in copy from now on.
    async fn ccs(&self) -> Vec<String> {
        let ticket = self.world.desk.ticket(self.number).await.unwrap().unwrap();
        let people = self.world.desk.people(&ticket.ccs).await.unwrap();
        let mut addresses: Vec<_> = people.into_iter().filter_map(|person| person.email).collect();
        addresses.sort();
        addresses
    }

    /// Who got the newest answer in copy.
    async fn cc_of_newest(&self) -> Vec<PersonId> {
        let file = self.world.desk.ticket_file(self.number).await.unwrap().unwrap();
        match &file.outbox.last().unwrap().work {
            Work::Mail { cc, .. } => cc.clone(),
            Work::Call { .. } => vec![],
        }
    }

    async fn comments(&self) -> Vec<docket_domain::comment::Comment> {
        let file = self.world.desk.ticket_file(self.number).await.unwrap().unwrap();
        file.comments
    }
}

#[tokio::test]
async fn whoever_answers_sees_whom_the_mail_went_to_and_answers_all() {
    let others = [
        ("dan@x.example", "Dan"),
        (MAILBOX, ""),
        ("Bob@x.example", ""),
        (ANN.0, ""),
    ];
    let ticket = Ticket::copied_to(&others, "PASS").await;
    let page = ticket.page().await;
    page.shows("Also to Dan &#60;dan@x.example&#62;, support@in.docket.local, Bob@x.example");
    let field = page.field("copies");
    assert_eq!(
        (field.as_str(), page.field("was_cc").as_str()),
        ("dan@x.example, bob@x.example", "")
    );
    let sent = ticket.answer("It left today.", &field).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(ticket.ccs().await, ["bob@x.example", "dan@x.example"]);
    assert_eq!(ticket.cc_of_newest().await.len(), 2);
    assert_eq!(
        ticket.person("dan@x.example").await.unwrap().name,
        "Dan",
        "as the mail said"
    );
    ticket
        .page()
        .await
        .shows("In copy to Dan &#60;dan@x.example&#62;, bob@x.example");
}

#[tokio::test]
async fn whom_the_agent_takes_out_gets_nothing_and_does_not_come_back() {
    let ticket = Ticket::copied_to(&[("dan@x.example", "Dan"), ("bob@x.example", "")], "GRAY").await;
    ticket.answer("It left today.", "bob@x.example").await;
    assert_eq!(ticket.ccs().await, ["bob@x.example"]);
    let page = ticket.page().await;
    assert_eq!(page.field("copies"), "bob@x.example");
    ticket.answer("It has arrived.", "").await;
    assert_eq!(ticket.ccs().await, Vec::<String>::new());
    assert_eq!(ticket.cc_of_newest().await, vec![]);
    assert!(ticket.person("dan@x.example").await.is_none());
}

#[tokio::test]
async fn a_mail_whose_sender_is_forged_suggests_nobody() {
    let ticket = Ticket::copied_to(&[("dan@x.example", "Dan")], "FAIL").await;
    assert_eq!(ticket.page().await.field("copies"), "");
}

#[tokio::test]
async fn a_note_and_a_form_without_the_field_change_nobodys_copies() {
    let ticket = Ticket::new().await;
    ticket.answer("Hello", "Dan <dan@x.example>").await;
    assert_eq!(ticket.ccs().await, ["dan@x.example"]);
    assert_eq!(
        ticket.person("dan@x.example").await.unwrap().name,
        "Dan",
        "as was typed"
    );
    let page = ticket.page().await;
    let note = [
        ("text", "Careful"),
        ("visibility", "internal"),
        ("copies", ""),
        ("was_cc", "dan@x.example"),
    ];
    ticket.browser.answer(&page, ticket.number, &note).await;
    let page = ticket.page().await;
    ticket
        .browser
        .answer(&page, ticket.number, &[("text", "More")])
        .await;
    assert_eq!(ticket.comments().await.len(), 4);
    assert_eq!(ticket.ccs().await, ["dan@x.example"]);
}

#[tokio::test]
async fn what_can_not_be_in_copy_is_said_and_what_was_typed_is_kept() {
    let ticket = Ticket::new().await;
    let many: Vec<String> = (0..41).map(|n| format!("p{n}@x.example")).collect();
    for (copies, words) in [
        ("dan@x.example, bob", "\u{201c}bob\u{201d} is not a mail address."),
        (MAILBOX, "support@in.docket.local is a mailbox of this desk"),
        (
            &many.join(", "),
            "There are 41 addresses in copy, at most 40 are allowed.",
        ),
    ] {
        let page = ticket.answer("It left today.", copies).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{copies}");
        page.shows(words);
        page.shows("It left today.");
        assert_eq!(page.field("copies"), copies);
    }
    assert_eq!(ticket.comments().await.len(), 1);
    assert!(ticket.person("dan@x.example").await.is_none());
}

#[tokio::test]
async fn forty_new_people_fit_into_one_save() {
    let ticket = Ticket::new().await;
    let many: Vec<String> = (0..40).map(|n| format!("p{n}@x.example")).collect();
    let sent = ticket.answer("Hello all", &many.join(", ")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(ticket.ccs().await.len(), 40);
}

#[tokio::test]
async fn whoever_comes_in_copy_meanwhile_stays() {
    let ticket = Ticket::new().await;
    let page = ticket.page().await;
    let desk = &ticket.world.desk;
    let identity = vec![Identity::email("kim@x.example")];
    let (kim, _) = desk
        .find_or_make_person(identity, "Kim", None, desk.now())
        .await
        .unwrap();
    let writes = desk.new_person_writes(&kim).unwrap();
    desk.commit_writes(vec![], writes).await.unwrap();
    let update = Update {
        add_ccs: vec![kim.id],
        ..Update::default()
    };
    let world = &ticket.world;
    world
        .write(ticket.number, Actor::Agent(CLEO), "", false, update)
        .await
        .unwrap();
    let fields = [("text", "Hello"), ("copies", "dan@x.example"), ("was_cc", "")];
    let shown = ticket.browser.answer(&page, ticket.number, &fields).await;
    assert_eq!(shown.status, StatusCode::CONFLICT);
    assert_eq!(shown.field("copies"), "dan@x.example, kim@x.example");
    assert_eq!(shown.field("was_cc"), "kim@x.example");
}

#[tokio::test]
async fn a_ticket_that_is_not_answered_by_mail_has_no_such_field() {
    let world = World::new().await.unwrap();
    let body = docket_domain::comment::CommentBody {
        text: "hi".into(),
        ..Default::default()
    };
    let number = world
        .contact(ANN, "Refund", body, vec![], Some("bot"))
        .await
        .unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get(&format!("/agent/tickets/{number}")).await;
    page.hides("name=\"copies\"");
    page.shows("name=\"files\"");
}

#[tokio::test]
async fn files_go_with_an_answer() {
    let ticket = Ticket::new().await;
    let page = ticket.page().await;
    let files = [
        ("a b.png", "image/png", PNG),
        ("..\\x.html", "text/html; x=y", b"<script>"),
    ];
    let fields = [("text", "See there"), ("copies", "dan@x.example"), ("was_cc", "")];
    let sent = ticket
        .browser
        .answer_with(&page, ticket.number, &fields, &files)
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let comment = ticket.comments().await.pop().unwrap();
    let kept: Vec<_> = comment
        .attachments
        .iter()
        .map(|file| (file.name.as_str(), file.content_type.as_str(), file.bytes))
        .collect();
    assert_eq!(
        kept,
        [
            ("a b.png", "image/png", PNG.len() as u64),
            ("x.html", "text/html", 8)
        ]
    );
    assert_eq!(ticket.ccs().await, ["dan@x.example"]);
    let page = ticket.page().await;
    page.shows("a b.png</a>");
    let path = format!("{}/attachments/{}", ticket.path, comment.attachments[0].digest);
    assert_eq!(ticket.browser.get(&path).await.bytes, PNG);
}

#[tokio::test]
async fn a_form_without_a_chosen_file_is_an_answer_without_files() {
    let ticket = Ticket::new().await;
    let page = ticket.page().await;
    let none = [("", "application/octet-stream", &b""[..])];
    let sent = ticket
        .browser
        .answer_with(&page, ticket.number, &[("text", "Hi")], &none)
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert!(ticket.comments().await[1].attachments.is_empty());
}

#[tokio::test]
async fn files_that_are_not_taken_lose_no_words() {
    let ticket = Ticket::new().await;
    let page = ticket.page().await;
    let large = vec![b'x'; 4_000_000];
    let half = &large[..3_500_001];
    for (files, text, words) in [
        (
            vec![("a.png", "image/png", half), ("b.png", "image/png", half)],
            "Two",
            "7.1 MB together",
        ),
        (
            vec![("a.png", "image/png", &b"x"[..]); 21],
            "Many",
            "there are 21 files",
        ),
        (
            vec![("a.png", "image/png", &b"x"[..])],
            " ",
            "Write a few words to go with the files.",
        ),
    ] {
        let shown = ticket
            .browser
            .answer_with(&page, ticket.number, &[("text", text)], &files)
            .await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        shown.shows(words);
        shown.shows(text);
        shown.shows("Please choose again: a.png");
    }
    assert_eq!(ticket.comments().await.len(), 1);
}

#[tokio::test]
async fn files_of_somebody_who_is_signed_out_or_of_a_foreign_page_are_not_kept() {
    let ticket = Ticket::new().await;
    let page = ticket.page().await;
    let files = [("a.png", "image/png", PNG)];
    let foreign = [("text", "Keep me"), ("csrf", "wrong")];
    let shown = ticket
        .browser
        .answer_with(&page, ticket.number, &foreign, &files)
        .await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    shown.shows("Keep me");
    let stranger = Browser {
        app: ticket.world.app.clone(),
        cookie: String::new(),
    };
    let shown = stranger
        .answer_with(&page, ticket.number, &[("text", "Keep me")], &files)
        .await;
    assert_eq!(shown.status, StatusCode::UNAUTHORIZED);
    shown.shows("Keep me");
    assert_eq!(ticket.comments().await.len(), 1);
}

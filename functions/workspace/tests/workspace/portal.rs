//! The page on which a customer says whether their ticket is solved.

use crate::{
    browser::{Browser, Page},
    failing::Down,
    world::{BEN, START, World},
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use docket_desk::{Secret, TicketFile};
use docket_domain::{
    TicketNumber,
    ticket::{Actor, Channel, Status, Ticket, Update},
};
use docket_mail::ReplyKey;
use docket_store::secrets::ReplyKeySecret;
use jiff::SignedDuration;
use std::sync::Arc;

const SUBJECT: &str = "Private subject";

struct Customer {
    world: World,
    browser: Browser,
    number: TicketNumber,
}

impl Customer {
    /// Somebody whose ticket was just solved, in a browser that is signed in nowhere.
    async fn new() -> Self {
        let world = World::new().await.unwrap();
        let number = world
            .mail(("ann@shop.example", "Ann Lee"), SUBJECT, "Private words")
            .await
            .unwrap();
        let browser = Browser {
            app: world.app.clone(),
            cookie: String::new(),
        };
        let customer = Self {
            world,
            browser,
            number,
        };
        customer.set(Status::Solved).await;
        customer
    }

    async fn set(&self, status: Status) {
        let update = Update {
            status: Some(status),
            ..Update::default()
        };
        let agent = Actor::Agent(BEN);
        self.world
            .write(self.number, agent, "", true, update)
            .await
            .unwrap();
    }

    /// The address of the page, signed as mail is.
    async fn link(&self) -> String {
        let keys = self.world.desk.reply_keys().await.unwrap();
        let key = ReplyKey::new(keys[0].id.clone(), keys[0].secret.expose().as_bytes()).unwrap();
        let token = docket_mail::sign_solution(&key, "main", self.number.0).unwrap();
        format!("/portal/solution/{token}")
    }

    async fn ticket(&self) -> Ticket {
        self.world.desk.tickets().get(self.number).await.unwrap().unwrap()
    }

    async fn file(&self) -> TicketFile {
        self.world
            .desk
            .tickets()
            .file(self.number)
            .await
            .unwrap()
            .unwrap()
    }

    /// What was said is said again by a program that keeps nothing of the page: it is taken, and changes nothing.
    async fn says_again(&self, answer: &str) {
        let before = self.ticket().await;
        let again = self.browser.post(&self.link().await, &[("answer", answer)]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_eq!(self.ticket().await, before);
    }

    /// Says yes or no as the page asks for it.
    async fn say(&self, answer: &str, words: &str) -> Page {
        let link = self.link().await;
        let page = self.browser.get(&link).await;
        let once = page.field("once");
        let fields = [("answer", answer), ("words", words), ("once", once.as_str())];
        self.browser.post(&link, &fields).await
    }
}

#[tokio::test]
async fn the_page_asks_and_says_nothing_of_what_was_written() {
    let customer = Customer::new().await;
    let page = customer.browser.get(&customer.link().await).await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows("Is ticket 1 solved?");
    page.shows("Without an answer it is closed on 6 March 2026.");
    page.shows("Yes, it is solved");
    page.shows("No, it is still open");
    for secret in [
        SUBJECT,
        "Private words",
        "Ann",
        "ann@shop.example",
        "/agent/tickets",
    ] {
        page.hides(secret);
    }
}

#[tokio::test]
async fn a_program_that_follows_the_link_changes_nothing() {
    let customer = Customer::new().await;
    let (link, before) = (customer.link().await, customer.ticket().await);
    for method in [
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::PUT,
        Method::DELETE,
    ] {
        for query in ["", "?answer=yes", "?said=yes"] {
            let request = Request::builder()
                .method(method.clone())
                .uri(format!("{link}{query}"));
            customer.browser.send(request.body(Body::empty()).unwrap()).await;
        }
    }
    assert_eq!(customer.ticket().await, before);
}

#[tokio::test]
async fn yes_closes_and_yes_again_says_so() {
    let customer = Customer::new().await;
    let said = customer.say("yes", "").await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    assert_eq!(customer.ticket().await.status, Status::Closed);
    let page = customer.browser.get(said.header("location")).await;
    page.shows("Thank you, we have your answer.");
    page.shows("Ticket 1 is closed");
    customer.says_again("yes").await;
}

#[tokio::test]
async fn no_reopens_and_no_again_says_so() {
    let customer = Customer::new().await;
    let said = customer.say("no", "  \r\n ").await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    assert_eq!(customer.ticket().await.status, Status::Open);
    let page = customer.browser.get(said.header("location")).await;
    page.shows("Ticket 1 is being worked on");
    page.hides("<form");
    customer.says_again("no").await;
}

#[tokio::test]
async fn no_with_words_is_a_comment_of_the_requester_however_often_it_is_sent() {
    let customer = Customer::new().await;
    let link = customer.link().await;
    let once = customer.browser.get(&link).await.field("once");
    let fields = [
        ("answer", "no"),
        ("words", "It <b>still</b> burns.\r\nBadly."),
        ("once", once.as_str()),
    ];
    for _ in 0..3 {
        let sent = customer.browser.post(&link, &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
    }
    let file = customer.file().await;
    assert_eq!(file.ticket.status, Status::Open);
    assert_eq!(file.comments.len(), 2);
    let added = &file.comments[1];
    assert_eq!(
        (added.author, added.public, &added.channel),
        (file.ticket.requester, true, &Channel::Portal)
    );
    let body = customer
        .world
        .desk
        .blobs()
        .body_of(customer.number, added)
        .await
        .unwrap();
    assert_eq!(body.text, "It <b>still</b> burns.\nBadly.");
    let path = format!("/agent/tickets/{}", customer.number);
    let seen = customer.world.browser(BEN).await.get(&path).await;
    seen.shows("on the page for customers");
    seen.shows("It &#60;b&#62;still");
}

#[tokio::test]
async fn the_same_words_without_a_name_of_the_form_are_one_comment() {
    let customer = Customer::new().await;
    let link = customer.link().await;
    for _ in 0..2 {
        let fields = [("answer", "no"), ("words", "It burns.")];
        customer.browser.post(&link, &fields).await;
    }
    let file = customer.file().await;
    assert_eq!(file.comments.len(), 2);
}

#[tokio::test]
async fn an_answer_that_comes_too_late_changes_nothing_and_gives_the_words_back() {
    let customer = Customer::new().await;
    let link = customer.link().await;
    customer.set(Status::Open).await;
    let open = customer.ticket().await;
    let yes = customer.browser.post(&link, &[("answer", "yes")]).await;
    assert_eq!(yes.status, StatusCode::CONFLICT);
    yes.shows("Your answer came too late");
    yes.shows("Ticket 1 is being worked on");
    assert_eq!(customer.ticket().await, open);
    let more = [("answer", "no"), ("words", "And another thing.")];
    let more = customer.browser.post(&link, &more).await;
    assert_eq!(more.status, StatusCode::CONFLICT);
    more.shows("Your answer came too late");
    assert_eq!(customer.ticket().await, open);

    customer.set(Status::Solved).await;
    customer.say("yes", "").await;
    let closed = customer.ticket().await;
    for words in ["", "It still burns."] {
        let fields = [("answer", "no"), ("words", words)];
        let no = customer.browser.post(&link, &fields).await;
        assert_eq!(no.status, StatusCode::CONFLICT);
        no.shows("Ticket 1 is closed");
        no.shows(words);
    }
    assert_eq!(customer.ticket().await, closed);
}

#[tokio::test]
async fn a_ticket_that_waits_for_its_customer_says_so() {
    let customer = Customer::new().await;
    customer.set(Status::Pending).await;
    let page = customer.browser.get(&customer.link().await).await;
    page.shows("Ticket 1 waits for your answer");
    page.hides("<form");
}

#[tokio::test]
async fn a_forged_token_leads_nowhere_and_changes_nothing() {
    let customer = Customer::new().await;
    let (link, before) = (customer.link().await, customer.ticket().await);
    let other = link.replacen("/1.", "/2.", 1);
    let cut = &link[..link.len() - 1];
    for forged in [
        other.as_str(),
        cut,
        "/portal/solution/1",
        "/portal/solution/..%2F1",
        "/portal/x",
    ] {
        for page in [
            customer.browser.get(forged).await,
            customer.browser.post(forged, &[("answer", "yes")]).await,
        ] {
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{forged}");
            page.hides("ticket 1");
            page.hides("/agent/tickets");
        }
    }
    assert_eq!(customer.ticket().await, before);
}

#[tokio::test]
async fn a_key_that_went_takes_its_links_with_it_and_one_that_came_does_not() {
    let customer = Customer::new().await;
    let link = customer.link().await;
    let mut keys = customer.world.desk.reply_keys().await.unwrap();
    let new = ReplyKeySecret {
        id: "new".into(),
        secret: Secret::new("a secret of the key that came"),
    };
    keys.insert(0, new);
    customer.world.desk.put_reply_keys(&keys).await.unwrap();
    assert_eq!(customer.browser.get(&link).await.status, StatusCode::OK);
    customer.world.desk.put_reply_keys(&keys[..1]).await.unwrap();
    // A secret that was read serves for five minutes.
    customer.world.clock.advance(SignedDuration::from_mins(6));
    assert_eq!(customer.browser.get(&link).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_too_long_or_no_answer_changes_nothing() {
    let customer = Customer::new().await;
    let (link, before) = (customer.link().await, customer.ticket().await);
    let long = "x".repeat(20_001);
    let page = customer
        .browser
        .post(&link, &[("answer", "no"), ("words", &long)])
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.shows(&long);
    let huge = "x".repeat(100_000);
    let page = customer
        .browser
        .post(&link, &[("answer", "no"), ("words", &huge)])
        .await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    for fields in [&[("answer", "perhaps")][..], &[]] {
        let page = customer.browser.post(&link, fields).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(customer.ticket().await, before);
    let most = "x".repeat(20_000);
    let page = customer
        .browser
        .post(&link, &[("answer", "no"), ("words", &most)])
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_page_has_no_script_and_stays_out_of_search_engines() {
    let customer = Customer::new().await;
    for path in [customer.link().await, "/portal/solution/x".to_owned()] {
        let page = customer.browser.get(&path).await;
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'"),
            "{policy}"
        );
        assert!(!policy.contains("script"), "{policy}");
        assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        for inline in ["<script", "style=", "<style", "onclick"] {
            page.hides(inline);
        }
    }
}

#[tokio::test]
async fn a_desk_in_the_cloud_lets_customers_in_without_a_sign_in() {
    let clock = embedded_aws::Clock::manual(START.parse().unwrap());
    let world = World::at(clock, false).await.unwrap();
    let browser = Browser {
        app: world.app.clone(),
        cookie: String::new(),
    };
    let page = browser.get("/portal/solution/x").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    page.shows("This link is not valid");
    assert!(!page.header("strict-transport-security").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_customer_is_told_of_a_failure_and_not_sent_to_the_agents_pages() {
    let customer = Customer::new().await;
    let link = customer.link().await;
    customer.world.aws.set_fault_plan(Some(Arc::new(Down("GetItem"))));
    let page = customer.browser.get(&link).await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    page.shows("the id <code>");
    page.hides("/agent/tickets");
}

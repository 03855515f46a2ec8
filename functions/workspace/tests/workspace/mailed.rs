//! A ticket by mail with an agent before it, and what became of it.

use crate::{
    browser::{Browser, Page},
    world::{BEN, World},
};
use docket_domain::{
    PersonId, TicketNumber,
    contact::comment::{Comment, Correspondent, MailFacts},
    outbox::Work,
    people::person::{Identity, Person},
};

pub const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");

pub struct Ticket {
    pub world: World,
    pub number: TicketNumber,
    pub path: String,
    pub browser: Browser,
}

impl Ticket {
    /// A mail of Ann's that went to others too, with this verdict on its sender.
    pub async fn copied_to(others: &[(&str, &str)], dmarc: &str) -> Self {
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

    pub async fn new() -> Self {
        Self::copied_to(&[], "PASS").await
    }

    pub async fn page(&self) -> Page {
        self.browser.get(&self.path).await
    }

    /// Answers with this in the field.
    pub async fn answer(&self, text: &str, copies: &str) -> Page {
        let page = self.page().await;
        let was = page.field("was_cc");
        let fields = [("text", text), ("copies", copies), ("was_cc", &was)];
        self.browser.answer(&page, self.number, &fields).await
    }

    pub async fn person(&self, address: &str) -> Option<Person> {
        self.world
            .desk
            .people()
            .find(&Identity::email(address))
            .await
            .unwrap()
    }

    /// The addresses in copy from now on.
    pub async fn ccs(&self) -> Vec<String> {
        let ticket = self.world.desk.tickets().get(self.number).await.unwrap().unwrap();
        let people = self.world.desk.people().get_many(&ticket.ccs).await.unwrap();
        let mut addresses: Vec<_> = people.into_iter().filter_map(|person| person.email).collect();
        addresses.sort();
        addresses
    }

    /// Who got the newest answer in copy.
    pub async fn cc_of_newest(&self) -> Vec<PersonId> {
        let file = self
            .world
            .desk
            .tickets()
            .file(self.number)
            .await
            .unwrap()
            .unwrap();
        match &file.outbox.last().unwrap().work {
            Work::Mail { cc, .. } => cc.clone(),
            Work::Call { .. } | Work::StatusCall { .. } | Work::RuleCall { .. } | Work::Webhook { .. } => {
                vec![]
            }
        }
    }

    pub async fn comments(&self) -> Vec<Comment> {
        let file = self
            .world
            .desk
            .tickets()
            .file(self.number)
            .await
            .unwrap()
            .unwrap();
        file.comments
    }
}

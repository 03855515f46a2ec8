//! A year of made-up tickets: written by customers, triaged by the routing rules of that year, and worked on by agents who
//! know better. What happens to the n-th follows from the seed and n.

use docket_domain::{
    Digest, GroupId, PersonId, TicketNumber, Timestamp,
    rule::{Rule, RuleAction, RuleBook, RuleKind},
    sla::Book,
    ticket::{
        Actor, Command, Context, MOST_PARTS, Priority, Status, Ticket, TicketEvent, TicketType, Update,
        decide, evolve,
    },
    triage::{Facts, History},
};
use docket_local::fill::contact;
use docket_rules::{CheckedBook, DeskRules, Surroundings};
use jiff::SignedDuration;
use std::sync::Arc;

pub const SUPPORT: GroupId = GroupId(1);
pub const BILLING: GroupId = GroupId(2);
pub const SHIPPING: GroupId = GroupId(3);

/// The first number: new tickets have lower ones.
const FIRST: u64 = 100_001;
/// The agent who works on them.
const AGENT: PersonId = PersonId(2);
/// Of a hundred tickets so many are not solved yet.
const UNSOLVED: u64 = 5;

/// What a ticket is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No rule knows them; agents move them to Billing.
    Invoice,
    /// A rule sends them to Shipping.
    Parcel,
    /// A rule sends them to Billing as high; agents make them normal.
    Refund,
    /// Support's own.
    Password,
    /// A rule calls them incidents; some are none.
    Login,
}

impl Kind {
    pub const ALL: [Self; 5] = [
        Self::Invoice,
        Self::Parcel,
        Self::Refund,
        Self::Password,
        Self::Login,
    ];

    pub fn subject(self, n: u64) -> String {
        match self {
            Self::Invoice => format!("Invoice {n} is wrong"),
            Self::Parcel => format!("Parcel {n} has not arrived"),
            Self::Refund => format!("Refund for order {n}"),
            Self::Password => format!("I forgot my password again ({n})"),
            Self::Login => format!("Login fails with code {n}"),
        }
    }
}

/// The rules of the year. One is shadowed: it stands behind one that ends the list. One is always overruled by hand: agents
/// make each refund normal.
pub fn rules_of_the_year() -> RuleBook {
    let about = |word: &str| format!("ticket.subject.contains({word:?})");
    let tag = |tag: &str| RuleAction::AddTags(vec![tag.to_owned()]);
    let rules = [
        ("Everybody", "true".to_owned(), vec![tag("seen")], false),
        (
            "Refunds",
            about("Refund"),
            vec![
                RuleAction::SetGroup(BILLING),
                RuleAction::SetPriority(Priority::High),
            ],
            false,
        ),
        (
            "Logins",
            about("Login"),
            vec![RuleAction::SetType(Some(TicketType::Incident)), tag("login")],
            false,
        ),
        (
            "Parcels",
            about("Parcel"),
            vec![RuleAction::SetGroup(SHIPPING)],
            true,
        ),
        (
            "Late parcels",
            about("has not arrived"),
            vec![RuleAction::SetPriority(Priority::High)],
            false,
        ),
    ];
    let rules = rules
        .into_iter()
        .zip(1..)
        .map(|((name, condition, actions, is_last), id)| Rule {
            id: docket_domain::RuleId(id),
            kind: RuleKind::Routing,
            name: name.to_owned(),
            description: String::new(),
            position: u32::try_from(id).unwrap(),
            condition,
            actions,
            is_last,
            budget: 10,
            is_active: true,
            timing: None,
        });
    let mut book = RuleBook {
        rules: rules.collect(),
        ..RuleBook::default()
    };
    book.settle();
    book
}

/// The year.
pub struct Year {
    checked: Arc<CheckedBook>,
    seed: u64,
    until: Timestamp,
    count: u64,
}

impl Year {
    pub fn new(seed: u64, until: Timestamp, count: u64) -> Self {
        let book = Book {
            v: 1,
            rules: rules_of_the_year(),
            ..Book::default()
        };
        Self {
            checked: Arc::new(CheckedBook::new(Arc::new(book))),
            seed,
            until,
            count,
        }
    }

    /// A number that looks like any other, from the seed and two numbers (SplitMix64's mixing).
    fn chance(&self, n: u64, what: u64) -> u64 {
        let mut x = (self.seed ^ (n << 8) ^ what).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % 100
    }

    pub fn kind(&self, n: u64) -> Kind {
        match self.chance(n, 1) {
            0..30 => Kind::Invoice,
            30..55 => Kind::Parcel,
            55..65 => Kind::Refund,
            65..85 => Kind::Password,
            _ => Kind::Login,
        }
    }

    pub fn is_solved(&self, n: u64) -> bool {
        self.chance(n, 2) >= UNSOLVED
    }

    /// Whether agents move a ticket of Support's elsewhere, whatever it is about.
    pub fn is_odd(&self, n: u64) -> bool {
        self.kind(n) == Kind::Password && self.chance(n, 3) < 10
    }

    /// The tickets, as they are stored.
    pub fn tickets(&self) -> impl Iterator<Item = (Ticket, Vec<TicketEvent>)> + '_ {
        (0..self.count).map(|n| self.ticket(n))
    }

    fn ticket(&self, n: u64) -> (Ticket, Vec<TicketEvent>) {
        let year = SignedDuration::from_hours(24 * 365).as_secs();
        let ago = year - i64::try_from(n).unwrap() * year / i64::try_from(self.count).unwrap();
        let mut work = Work {
            checked: &self.checked,
            ticket: Ticket::blank(TicketNumber(FIRST + n)),
            events: vec![],
            now: self.until - SignedDuration::from_secs(ago),
        };
        let kind = self.kind(n);
        let new = contact(work.ticket.number, kind.subject(n));
        work.does(Actor::Requester(new.requester), Command::Create(Box::new(new)));
        work.triage();
        let mut update = Update {
            assignee: Some(Some(AGENT)),
            ..Update::default()
        };
        match kind {
            Kind::Invoice => update.group = Some(BILLING),
            Kind::Refund => update.priority = Some(Priority::Normal),
            Kind::Login if self.chance(n, 4) < 20 => update.ticket_type = Some(Some(TicketType::Question)),
            Kind::Password if self.is_odd(n) => update.group = Some(BILLING),
            _ => {}
        }
        work.agent(update);
        if self.is_solved(n) {
            work.agent(Update {
                status: Some(Status::Solved),
                ..Update::default()
            });
        }
        (work.ticket, work.events)
    }
}

struct Work<'y> {
    checked: &'y Arc<CheckedBook>,
    ticket: Ticket,
    events: Vec<TicketEvent>,
    now: Timestamp,
}

impl Work<'_> {
    fn rules(&self) -> DeskRules {
        DeskRules::new(self.checked.clone(), Surroundings::default(), self.now)
    }

    fn does(&mut self, actor: Actor, command: Command) {
        let context = Context {
            actor: &actor,
            cause: "made up",
            rules: &self.rules(),
            history: Some(&self.events),
            room: MOST_PARTS,
        };
        let events = decide(&self.ticket, command, &context, self.now).unwrap().events;
        self.ticket = events.iter().fold(self.ticket.clone(), evolve);
        self.events.extend(events);
        self.now += SignedDuration::from_secs(600);
    }

    fn agent(&mut self, update: Update) {
        self.does(Actor::Agent(AGENT), Command::Update(Box::new(update)));
    }

    fn triage(&mut self) {
        let facts = Facts {
            ticket: &self.ticket,
            text: "",
            handed_off: false,
            history: &History::default(),
            mailbox_group: None,
            default_group: SUPPORT,
        };
        let (outcome, decision) = docket_rules::triage(&self.rules(), &facts, None);
        let actor = Actor::Rule(format!("{}: {}", decision.rule_set, outcome.rule));
        let command = Command::Triage {
            outcome,
            decision: Digest::of(b"made up"),
            began: vec![],
        };
        self.does(actor, command);
    }
}

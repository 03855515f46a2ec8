//! A ticket under some rules.

use docket_conditions::RequesterFacts;
use docket_domain::{
    Digest, GroupId, PersonId, RuleId, TicketNumber, Timestamp,
    contact::comment::{AuthorRole, BodyRef, CommentBody},
    rule::{Anchor, Rule, RuleAction, RuleBook, RuleKind, Template, TemplateText, Text, Timing},
    sla::Book,
    ticket::{
        Actor, Channel, Command, CommentFacts, Context, Decided, Fact, MOST_PARTS, NewTicket, Refusal,
        ReplyVia, Rules as _, Ticket, TicketEvent, Update, decide, evolve, fact, fold,
    },
    triage::{self, History},
};
use docket_rules::{CheckedBook, DeskRules, RunInput, Start, Surroundings, route};
use std::{collections::BTreeMap, sync::Arc};

pub const REQUESTER: PersonId = PersonId(5);
pub const AGENT: PersonId = PersonId(2);
pub const SUPPORT: GroupId = GroupId(1);
pub const BILLING: GroupId = GroupId(2);

pub fn minute(minute: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + 60 * minute).unwrap()
}

pub fn rule(id: u64, kind: RuleKind, name: &str, condition: &str, actions: Vec<RuleAction>) -> Rule {
    Rule {
        id: RuleId(id),
        kind,
        name: name.to_owned(),
        description: String::new(),
        position: u32::try_from(id).unwrap(),
        condition: condition.to_owned(),
        actions,
        is_last: false,
        budget: 10,
        is_active: true,
        timing: None,
    }
}

pub fn trigger(id: u64, name: &str, condition: &str, actions: Vec<RuleAction>) -> Rule {
    rule(id, RuleKind::Trigger, name, condition, actions)
}

pub fn automation(id: u64, since: Anchor, after_minutes: i64, condition: &str, action: RuleAction) -> Rule {
    let mut rule = rule(
        id,
        RuleKind::Automation,
        &format!("A{id}"),
        condition,
        vec![action],
    );
    rule.timing = Some(Timing {
        since,
        after_seconds: 60 * after_minutes,
    });
    rule
}

pub fn tag(tag: &str) -> RuleAction {
    RuleAction::AddTags(vec![tag.to_owned()])
}

pub fn untag(tag: &str) -> RuleAction {
    RuleAction::RemoveTags(vec![tag.to_owned()])
}

pub fn own(body: &str) -> Text {
    Text::Own(TemplateText {
        subject: None,
        body: body.to_owned(),
    })
}

/// A template in English and German.
pub fn greeting() -> Template {
    let text = |body: &str| TemplateText {
        subject: Some("{{ brand }}".to_owned()),
        body: body.to_owned(),
    };
    Template {
        name: "greeting".to_owned(),
        default_language: "en".to_owned(),
        texts: BTreeMap::from([
            ("en".to_owned(), text("Hello {{ requester.first_name }}")),
            ("de".to_owned(), text("Guten Tag {{ requester.name }}")),
        ]),
    }
}

pub struct Case {
    pub ticket: Ticket,
    pub events: Vec<TicketEvent>,
    pub book: RuleBook,
    pub requester: RequesterFacts,
    pub members: BTreeMap<GroupId, Vec<PersonId>>,
    pub written: Vec<CommentBody>,
    pub comment_texts: BTreeMap<Digest, String>,
}

impl Case {
    /// A desk with rules, and no ticket yet.
    pub fn under(rules: Vec<Rule>) -> Self {
        let mut book = RuleBook {
            rules,
            templates: vec![greeting()],
            last_rule_id: 0,
            ..RuleBook::default()
        };
        book.settle();
        assert_eq!(book.check(), Ok(()));
        let requester = RequesterFacts {
            name: "Ann Lee".to_owned(),
            ..RequesterFacts::default()
        };
        Self {
            ticket: Ticket::blank(TicketNumber(7)),
            events: vec![],
            book,
            requester,
            members: BTreeMap::new(),
            written: vec![],
            comment_texts: BTreeMap::new(),
        }
    }

    pub fn rules(&self, now: Timestamp) -> DeskRules {
        let book = Book {
            v: 3,
            rules: self.book.clone(),
            ..Book::default()
        };
        let around = Surroundings {
            requester: self.requester.clone(),
            groups: BTreeMap::from([(SUPPORT, "Support".to_owned()), (BILLING, "Billing".to_owned())]),
            ..Surroundings::default()
        };
        let texts = self.comment_texts.iter();
        let running = RunInput {
            members: self.members.clone(),
            comment_texts: texts
                .map(|(body, text)| (body.clone(), Some(text.clone())))
                .collect(),
            shown: docket_rules::Shown {
                brand: "Acme".to_owned(),
                ..docket_rules::Shown::default()
            },
            ..RunInput::default()
        };
        DeskRules::new(Arc::new(CheckedBook::new(Arc::new(book))), around, now).running_with(running)
    }

    pub fn run(
        &mut self,
        actor: Actor,
        command: Command,
        now: Timestamp,
    ) -> Result<Vec<TicketEvent>, Refusal> {
        let mut rules = self.rules(now);
        // What nobody told this test is nothing.
        let lacks = rules.lacks(&self.ticket, &command, &actor);
        let known = rules.fetched();
        known
            .staff
            .extend(lacks.staff.into_iter().map(|person| (person, true)));
        known
            .members
            .extend(lacks.members.into_iter().map(|group| (group, vec![])));
        known
            .comment_texts
            .extend(lacks.texts.into_keys().map(|body| (body, None)));
        known.agent = lacks.agent;
        let context = Context {
            actor: &actor,
            cause: "test",
            rules: &rules,
            history: Some(&self.events),
            room: MOST_PARTS,
        };
        let Decided { events, written } = decide(&self.ticket, command, &context, now)?;
        self.written.extend(written);
        self.ticket = events.iter().fold(self.ticket.clone(), evolve);
        self.events.extend(events.iter().cloned());
        // What is stored is the sum of what happened.
        assert_eq!(self.ticket, fold(self.ticket.number, &self.events));
        Ok(events)
    }

    pub fn create(&mut self, subject: &str, now: Timestamp) {
        let new = NewTicket {
            subject: subject.to_owned(),
            requester: REQUESTER,
            channel: Channel::Api,
            reply_via: ReplyVia::Mail {
                mailbox: "support@in.example.com".to_owned(),
            },
            external_id: None,
            priority: None,
            ticket_type: None,
            tags: vec![],
            follows: None,
            acknowledge: false,
            unacknowledged: None,
            comment: self.comment(AuthorRole::Requester, "first", None),
            note: None,
            ccs: vec![],
        };
        self.run(Actor::Requester(REQUESTER), Command::Create(Box::new(new)), now)
            .unwrap();
    }

    pub fn route(&self, now: Timestamp) -> (triage::TriageOutcome, triage::Decision) {
        let history = History::default();
        let start = Start {
            mailbox_group: None,
            default_group: SUPPORT,
            history: &history,
            language: None,
        };
        route(&self.rules(now), &self.ticket, &start)
    }

    pub fn triage(&mut self, now: Timestamp) -> Vec<TicketEvent> {
        let (outcome, _) = self.route(now);
        let command = Command::Triage {
            outcome,
            decision: Digest::of(b"d"),
            began: self.events.clone(),
        };
        self.run(Actor::Rule("rules/3".to_owned()), command, now).unwrap()
    }

    /// A ticket that was triaged.
    pub fn begun(mut self) -> Self {
        self.create("Printer", minute(0));
        self.triage(minute(1));
        self
    }

    pub fn comment(&mut self, role: AuthorRole, text: &str, automatic: Option<&str>) -> CommentFacts {
        let digest = Digest::of(text.as_bytes());
        self.comment_texts.insert(digest.clone(), text.to_owned());
        CommentFacts {
            role,
            author: if role == AuthorRole::Agent {
                AGENT
            } else {
                REQUESTER
            },
            public: true,
            body: BodyRef { digest, bytes: 9 },
            automatic: automatic.map(str::to_owned),
            monitor: None,
            mentions: vec![],
            tells: None,
        }
    }

    pub fn writes(&mut self, role: AuthorRole, text: &str, now: Timestamp) -> Vec<TicketEvent> {
        let comment = self.comment(role, text, None);
        let actor = match role {
            AuthorRole::Agent => Actor::Agent(AGENT),
            _ => Actor::Requester(REQUESTER),
        };
        let update = Update {
            comment: Some(comment),
            ..Update::default()
        };
        self.run(actor, Command::Update(Box::new(update)), now).unwrap()
    }

    pub fn update(&mut self, update: Update, now: Timestamp) -> Vec<TicketEvent> {
        self.run(Actor::Agent(AGENT), Command::Update(Box::new(update)), now)
            .unwrap()
    }

    pub fn sweep(&mut self, now: Timestamp) -> Vec<TicketEvent> {
        self.run(Actor::System, Command::FireTimers, now).unwrap()
    }
}

/// The rules that ran among these events, by name.
pub fn ran(events: &[TicketEvent]) -> Vec<&str> {
    let names = events.iter().filter_map(|event| match &event.fact {
        Fact::RuleRan(fact::RuleRan { name, .. }) => Some(name.as_str()),
        _ => None,
    });
    names.collect()
}

/// Why rules did not run among these events.
pub fn stopped(events: &[TicketEvent]) -> Vec<&str> {
    let reasons = events.iter().filter_map(|event| match &event.fact {
        Fact::RuleStopped(fact::RuleStopped { reason, .. }) => Some(reason.as_str()),
        _ => None,
    });
    reasons.collect()
}

/// What a rule left undone.
pub fn undone(events: &[TicketEvent]) -> Vec<&str> {
    let all = events.iter().filter_map(|event| match &event.fact {
        Fact::RuleRan(fact::RuleRan { left_undone, .. }) => Some(left_undone),
        _ => None,
    });
    all.flatten().map(String::as_str).collect()
}

//! Tells the story of one ticket after the other: each save is decided by the domain and planned by the store, as if it had happened.

use super::{
    FILLED_MAIL, FillError,
    story::{A_MOMENT, ANSWERED_AFTER, Standing, Story, WRITTEN_AGAIN_AFTER},
};
use docket_desk::{
    Desk, Guard, GuardKey, KeptDecision, Wish, Write,
    tickets::{Alongside, NewComment, NewContact, TicketDraft},
};
use docket_domain::{
    Digest, GroupId, PersonId, TicketNumber, Timestamp,
    assignment::{AgentLoad, Candidates, GroupAssignment, Strategy, choose, load_changes},
    audit::ChangedBy,
    contact::comment::{AuthorRole, CommentBody, MailFacts},
    outbox::{MailResult, NextStep, outgoing},
    people::person::Identity,
    ticket::{
        Actor, Channel, Command, Context, MOST_PARTS, ReplyVia, StandardRules, Status, Ticket, TicketEvent,
        Update, decide,
    },
    triage,
};
use docket_projection::{Counters, Difference, Projection as _};
use docket_store::{
    projections::{COUNTERS, Kept},
    table::{Change, Filling},
};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// After how long a ticket is looked at again that waits for an agent to take it.
const LOOKED_AT_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(6);
/// Domain of the addresses of requesters.
pub(super) const REQUESTERS_DOMAIN: &str = "example.net";

/// Where tickets come to.
pub(super) struct Places {
    /// The mailbox.
    pub mailbox: String,
    /// The group that gives its tickets out.
    pub group: GroupId,
    /// The group whose agents take them themselves.
    pub by_hand: GroupId,
    /// The generation of the counts of views.
    pub generation: u64,
}

/// Tells stories on a filling.
pub(super) struct Teller<'d> {
    pub desk: &'d Desk,
    pub filling: Filling,
    pub places: Places,
    /// The agents of the group that gives its tickets out.
    pub roster: Vec<AgentLoad>,
    /// The number of the first requester.
    pub first_person: u64,
    /// Among how many requesters the tickets are divided.
    pub requesters: u64,
    /// The address of a requester says by whom it was made: of two fillings none shares a requester.
    pub filled_before: u64,
    pub rules: StandardRules,
}

/// A ticket while its story is told.
struct Telling {
    ticket: Ticket,
    events: Vec<TicketEvent>,
    at: Timestamp,
}

/// Somebody's mail about a ticket.
struct Mail {
    comment: NewComment,
    guards: Vec<Guard>,
    writes: Vec<Write>,
}

impl Teller<'_> {
    /// Tells a ticket. `nth`: of the filled ones, from 0.
    pub async fn tell(&mut self, number: TicketNumber, nth: u64, story: Story) -> Result<(), FillError> {
        let mut telling = Telling {
            ticket: Ticket::blank(number),
            events: vec![],
            at: story.created_at,
        };
        self.create(&mut telling, nth).await?;
        telling.pass(A_MOMENT);
        let waits = story.standing == Standing::Waiting;
        self.triage(
            &mut telling,
            if waits {
                self.places.by_hand
            } else {
                self.places.group
            },
        )
        .await?;
        telling.pass(A_MOMENT);
        self.give(&mut telling, waits).await?;
        let answered_at = story
            .created_at
            .checked_add(ANSWERED_AFTER)
            .unwrap_or(story.created_at);
        let status = match story.standing {
            Standing::Waiting | Standing::Open => None,
            Standing::WrittenAgain => Some(Status::Open),
            Standing::Pending => Some(Status::Pending),
            Standing::Solved | Standing::Closed => Some(Status::Solved),
        };
        if let Some(status) = status {
            telling.at = answered_at;
            self.answer(&mut telling, status).await?;
        }
        if story.standing == Standing::WrittenAgain {
            telling.at = story
                .created_at
                .checked_add(WRITTEN_AGAIN_AFTER)
                .unwrap_or(answered_at);
            self.write_again(&mut telling).await?;
        }
        if let (Standing::Closed, Some(due_at)) = (story.standing, telling.ticket.close_due_at) {
            telling.at = due_at;
            let wish = Wish::from(Command::FireTimers);
            self.save(&mut telling, (Actor::System, "timers"), wish).await?;
        }
        self.count(&telling.ticket)
    }

    async fn create(&mut self, telling: &mut Telling, nth: u64) -> Result<(), FillError> {
        let number = telling.ticket.number;
        let customer = nth % self.requesters;
        let requester = PersonId(self.first_person + customer);
        let text = format!(
            "Hello,\n\nI ordered two weeks ago (order {number}) and nothing has come. The page says that it was sent. \
             Could you look where it is?\n\nKind regards\nCustomer {customer}\n"
        );
        let mail = self.mail(telling, requester, &text);
        let mut writes = mail.writes;
        let cause = cause_of(&mail.comment);
        if nth < self.requesters {
            let address = format!("customer{}-{customer}@{REQUESTERS_DOMAIN}", self.filled_before);
            let told = (
                vec![Identity::email(&address)],
                &*format!("Customer {customer}"),
                None,
            );
            let by = ChangedBy::system(cause.clone(), telling.at);
            writes.extend(self.desk.people().make_as(requester, None, told, &by)?.1);
        }
        let mailbox = self.places.mailbox.clone();
        let contact = NewContact {
            actor: Actor::Requester(requester),
            cause: cause.clone(),
            ticket: TicketDraft {
                subject: format!("Order {number} has not arrived"),
                requester,
                channel: mail.comment.channel.clone(),
                reply_via: ReplyVia::Mail { mailbox },
                external_id: None,
                priority: None,
                ticket_type: None,
                tags: vec![],
                follows: None,
                acknowledge: true,
                unacknowledged: None,
            },
            comment: mail.comment,
            note: None,
            alongside: Alongside {
                guards: mail.guards,
                writes,
            },
        };
        let words = self.desk.store_words(number, &contact.comment).await?;
        let wish = contact.wish(&words, None);
        self.save(telling, (Actor::Requester(requester), &cause), wish)
            .await
    }

    /// A mail of a requester, with what is stored beside it.
    fn mail(&self, telling: &Telling, author: PersonId, text: &str) -> Mail {
        let number = telling.ticket.number;
        let name = format!("{FILLED_MAIL}{number}-{}", telling.ticket.v);
        let message_id = format!("{name}@{REQUESTERS_DOMAIN}");
        let mailbox = &self.places.mailbox;
        let guards = [
            GuardKey::Transport(name.clone(), mailbox.clone()),
            GuardKey::Logical(Digest::of(name.as_bytes())),
        ];
        let guards = guards.map(|key| Guard {
            accepted_at: Some(telling.at),
            ..Guard::new(key)
        });
        let tickets = self.desk.tickets();
        let writes = tickets.mail_id_writes([message_id.as_str()], mailbox, number);
        let facts = MailFacts {
            stored_at: format!("mail/{name}"),
            ses_id: name,
            message_id: Some(message_id),
            dmarc: Some("PASS".to_owned()),
            ..MailFacts::default()
        };
        let comment = NewComment {
            mail: Some(facts),
            ..comment(
                author,
                AuthorRole::Requester,
                Channel::Mail {
                    mailbox: mailbox.clone(),
                },
                text,
            )
        };
        Mail {
            comment,
            guards: guards.into(),
            writes,
        }
    }

    async fn triage(&mut self, telling: &mut Telling, group: GroupId) -> Result<(), FillError> {
        let facts = triage::Facts {
            ticket: &telling.ticket,
            text: "",
            handed_off: false,
            history: &triage::History::default(),
            mailbox_group: None,
            default_group: group,
        };
        let (mut outcome, mut decision) = triage::decide(&facts);
        outcome.found.language = Some("en".to_owned());
        decision.found = outcome.found.clone();
        let actor = Actor::Rule(format!("{}: {}", decision.rule_set, outcome.rule));
        let kept = KeptDecision::of(&decision)?;
        let cause = format!("event {}", telling.ticket.v);
        let wish = Wish {
            decisions: vec![kept.clone()],
            ..Wish::from(Command::Triage {
                outcome,
                decision: kept.digest,
                began: vec![],
            })
        };
        self.save(telling, (actor, &cause), wish).await
    }

    /// Gives the ticket to an agent, or says why it waits.
    async fn give(&mut self, telling: &mut Telling, waits: bool) -> Result<(), FillError> {
        let (group, strategy) = if waits {
            (self.places.by_hand, Strategy::Manual)
        } else {
            (self.places.group, Strategy::default())
        };
        let candidates = Candidates {
            group,
            assignment: &GroupAssignment {
                strategy,
                ..GroupAssignment::default()
            },
            roster: &self.roster,
            calendars: &[],
            previous: None,
            skill_names: &BTreeMap::new(),
            now: telling.at,
        };
        let (choice, decision) = choose(&telling.ticket, &candidates);
        let kept = KeptDecision::of(&decision)?;
        let (command, expected_load) = match choice {
            Some(choice) => (
                Command::Assign {
                    choice: choice.clone(),
                    decision: kept.digest.clone(),
                },
                Some(choice),
            ),
            None if waits => (
                Command::Defer {
                    reason: decision.reason.clone(),
                    retry_at: decision.look_again_at(telling.at, LOOKED_AT_AGAIN_AFTER),
                    changes_at: decision.changes_at,
                    decision: Some(kept.digest.clone()),
                },
                None,
            ),
            None => return Err(FillError::NoRoom(decision.reason)),
        };
        let cause = format!("event {}", telling.ticket.v);
        let wish = Wish {
            decisions: vec![kept],
            expected_load,
            ..Wish::from(command)
        };
        self.save(telling, (Actor::System, &cause), wish).await
    }

    /// The agent answers.
    async fn answer(&mut self, telling: &mut Telling, status: Status) -> Result<(), FillError> {
        let Some(agent) = telling.ticket.assignee else {
            return Ok(());
        };
        let text = "Hello,\n\nthank you for writing. Your parcel was held up at the depot; it is on its way again and \
                    should reach you the day after tomorrow.\n\nKind regards\n";
        let new = comment(agent, AuthorRole::Agent, Channel::Agent, text);
        let update = Update {
            status: Some(status).filter(|status| *status != telling.ticket.status),
            ..Update::default()
        };
        self.add(
            telling,
            (Actor::Agent(agent), "workspace"),
            new,
            update,
            (vec![], vec![]),
        )
        .await
    }

    /// The requester writes again.
    async fn write_again(&mut self, telling: &mut Telling) -> Result<(), FillError> {
        let requester = telling.ticket.requester;
        let mail = self.mail(
            telling,
            requester,
            "Thank you. It has not come yet, could you look again?\n",
        );
        let cause = cause_of(&mail.comment);
        let actor = Actor::Requester(requester);
        let beside = (mail.guards, mail.writes);
        self.add(telling, (actor, &cause), mail.comment, Update::default(), beside)
            .await
    }

    /// A comment on a ticket that is there.
    async fn add(
        &mut self,
        telling: &mut Telling,
        by: (Actor, &str),
        new: NewComment,
        update: Update,
        (guards, writes): (Vec<Guard>, Vec<Write>),
    ) -> Result<(), FillError> {
        let words = self.desk.store_words(telling.ticket.number, &new).await?;
        let (comment, facts) = new.stored(&words);
        let update = Update {
            comment: Some(facts),
            ..update
        };
        let wish = Wish {
            comments: vec![comment],
            guards,
            writes,
            ..Wish::from(Command::Update(Box::new(update)))
        };
        self.save(telling, by, wish).await
    }

    /// One save, with the mails that it leads to sent.
    async fn save(
        &mut self,
        telling: &mut Telling,
        (actor, cause): (Actor, &str),
        wish: Wish,
    ) -> Result<(), FillError> {
        let (number, at) = (telling.ticket.number, telling.at);
        let before = telling.ticket.clone();
        let mut after = before.clone();
        let mut events = Vec::new();
        for command in wish.commands {
            let context = Context {
                actor: &actor,
                cause,
                rules: &self.rules,
                history: Some(&telling.events),
                room: MOST_PARTS,
            };
            let decided = decide(&after, command, &context, at)?;
            after = decided.events.iter().fold(after, docket_domain::ticket::evolve);
            events.extend(decided.events);
        }
        let tickets = self.desk.tickets();
        let change = Change {
            comments: wish.comments,
            guards: wish.guards,
            expected_load: wish.expected_load,
            writes: wish.writes,
            decisions: tickets.keep_large_decisions(number, &wish.decisions).await?,
            ..Change::new(before.clone(), events.clone())
        };
        let after = self.filling.change(change, at)?;
        for item in outgoing(&after, &events, at) {
            let id = item.id;
            let NextStep::Send(claimed) = item.claim_mail(at, true) else {
                continue;
            };
            let ses_id = format!("{FILLED_MAIL}{number}-{}-{}", id.v, id.n);
            let sent = claimed.settle_mail(&MailResult::Accepted(ses_id.clone()), at);
            let mut writes = vec![self.desk.outbox().change_write(&item, &sent)?];
            writes.extend(tickets.mail_id_writes([ses_id.as_str()], &self.places.mailbox, number));
            self.filling.write(writes)?;
        }
        for change in load_changes(&before, &after) {
            if let Some(load) = self.roster.iter_mut().find(|load| load.agent == change.agent) {
                load.load_units += change.units;
                load.override_units += change.override_units;
                load.last_assigned_at = Some(at);
            }
        }
        telling.ticket = after;
        telling.events.extend(events);
        Ok(())
    }

    /// Counts the ticket in its views.
    fn count(&mut self, ticket: &Ticket) -> Result<(), FillError> {
        let value = Counters.of(ticket);
        if value == Default::default() {
            return Ok(());
        }
        let kept = Kept { v: ticket.v, value };
        let generation = self.places.generation;
        let store = self.desk.store();
        let mut writes = vec![store.kept_write(COUNTERS, generation, (ticket.number, &kept))?];
        let counted = Difference {
            number: ticket.number,
            before: Default::default(),
            after: kept,
        };
        writes.extend(Counters.writes(store, generation, &[counted]));
        self.filling.write(writes)?;
        Ok(())
    }
}

impl Telling {
    fn pass(&mut self, time: SignedDuration) {
        self.at = self.at.checked_add(time).unwrap_or(self.at);
    }
}

/// The events of a mail say by which it came.
fn cause_of(comment: &NewComment) -> String {
    let ses_id = comment.mail.as_ref().map_or("", |mail| &mail.ses_id);
    format!("mail {ses_id}")
}

fn comment(author: PersonId, role: AuthorRole, channel: Channel, text: &str) -> NewComment {
    NewComment {
        author,
        role,
        public: true,
        channel,
        body: CommentBody {
            text: text.to_owned(),
            ..CommentBody::default()
        },
        attachments: vec![],
        mail: None,
        automatic: None,
    }
}

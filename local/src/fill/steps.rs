//! The steps of a ticket's story, each one save.

use super::{
    FILLED_MAIL, FillError,
    teller::{REQUESTERS_DOMAIN, Teller, Telling},
};
use docket_desk::{
    Guard, GuardKey, KeptDecision, Wish, Write,
    tickets::{Alongside, NewComment, NewContact, TicketDraft},
};
use docket_domain::{
    Digest, GroupId, PersonId,
    assignment::{Candidates, GroupAssignment, Strategy, choose},
    audit::ChangedBy,
    contact::comment::{AuthorRole, CommentBody, MailFacts},
    people::person::Identity,
    ticket::{Actor, Channel, Command, ReplyVia, Status, Update},
    triage,
};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// After how long a ticket is looked at again that waits for an agent to take it.
const LOOKED_AT_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(6);

/// Somebody's mail about a ticket.
struct Mail {
    comment: NewComment,
    guards: Vec<Guard>,
    writes: Vec<Write>,
}

impl Teller<'_> {
    /// The requester writes for the first time.
    pub(super) async fn create(&mut self, telling: &mut Telling, nth: u64) -> Result<(), FillError> {
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

    /// The standard rules have their say.
    pub(super) async fn triage(&mut self, telling: &mut Telling, group: GroupId) -> Result<(), FillError> {
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
    pub(super) async fn give(&mut self, telling: &mut Telling, waits: bool) -> Result<(), FillError> {
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
    pub(super) async fn answer(&mut self, telling: &mut Telling, status: Status) -> Result<(), FillError> {
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
    pub(super) async fn write_again(&mut self, telling: &mut Telling) -> Result<(), FillError> {
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

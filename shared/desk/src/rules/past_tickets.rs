//! Past tickets with what is known of them, for those who let rules have their say again.

use crate::parts::OperatorRules;
use docket_domain::{
    TicketNumber, Timestamp,
    configuration::Setup,
    contact::comment::CommentBody,
    ticket::{Fact, TicketEvent},
    triage::{Decision, History},
};
use docket_rules::{
    CheckedBook, DeskRules, Reads, Surroundings, bot_facts,
    past_tickets::{BackTest, Drift, Known, NotJudged, PastTicket},
};
use docket_store::{StoreError, blob::BlobError, tickets::Decisions};
use futures_util::{Stream, StreamExt as _, stream};
use std::sync::Arc;

/// How many tickets are read at once.
const READ_AT_ONCE: usize = 16;
/// A version that no ticket reaches: keys have ten digits.
const LAST_VERSION: u64 = 9_999_999_999;

/// Some of the tickets on which something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastNumbers {
    /// Their numbers, the lowest first.
    pub numbers: Vec<TicketNumber>,
    /// How many more there are behind them.
    pub more: usize,
}

impl PastNumbers {
    /// Behind which ticket the next ones are; nothing when there are none.
    pub fn next_after(&self) -> Option<TicketNumber> {
        self.numbers.last().copied().filter(|_| self.more > 0)
    }
}

/// A past ticket.
#[derive(Debug)]
pub struct Seen {
    /// The number.
    pub number: TicketNumber,
    /// All its events.
    pub events: Vec<TicketEvent>,
    /// What is needed to triage it again; or why that can't be done.
    pub judged: Result<Again, NotJudged>,
}

/// What is needed to triage a past ticket again.
#[derive(Debug)]
pub struct Again {
    /// The ticket as it was.
    pub past: PastTicket,
    /// What was known of it.
    pub known: Known,
    /// The rules of each book, as of the moment when it was triaged.
    pub rules: Vec<DeskRules>,
}

impl Seen {
    /// Hands it to a back-test; the books were those in force and the draft.
    pub fn back_test(&self, test: &mut BackTest) {
        match &self.judged {
            Ok(Again { past, known, rules }) => {
                if let [today, draft] = &rules[..] {
                    test.add(past, known, today, draft);
                }
            }
            Err(why) => test.skip(self.number, *why),
        }
    }

    /// Hands it to those who look for drift; the book was that in force.
    pub fn drift(&self, drift: &mut Drift) {
        drift.look(&self.events);
        match &self.judged {
            Ok(Again { past, known, rules }) => {
                if let [today] = &rules[..] {
                    drift.add(past, known, today);
                }
            }
            Err(why) => drift.skip(self.number, *why),
        }
    }
}

impl OperatorRules<'_> {
    /// The numbers of the tickets on which something happened since `from`, behind the ticket `after`, at most `most`. The
    /// lowest come first, so that whoever goes on behind the last of them misses none that changed meanwhile.
    pub async fn past_numbers(
        self,
        from: Timestamp,
        after: Option<TicketNumber>,
        most: usize,
    ) -> Result<PastNumbers, StoreError> {
        let mut numbers = self.desk.tickets().changed_since(from).await?;
        numbers.retain(|number| after.is_none_or(|after| *number > after));
        numbers.sort_unstable();
        numbers.dedup();
        let more = numbers.len().saturating_sub(most);
        numbers.truncate(most);
        Ok(PastNumbers { numbers, more })
    }

    async fn past_ticket(
        self,
        number: TicketNumber,
        from: Timestamp,
        books: &[Arc<CheckedBook>],
        setup: &Setup,
    ) -> Result<Seen, StoreError> {
        let history = self.desk.tickets().history(number, LAST_VERSION).await?;
        let events = history.events;
        let judged = match PastTicket::of(number, &events, from) {
            Ok(past) => {
                let known = (&events[..], &history.decisions);
                self.again(past, known, books, setup).await?
            }
            Err(why) => Err(why),
        };
        Ok(Seen {
            number,
            events,
            judged,
        })
    }

    async fn again(
        self,
        past: PastTicket,
        (events, decisions): (&[TicketEvent], &Decisions),
        books: &[Arc<CheckedBook>],
        setup: &Setup,
    ) -> Result<Result<Again, NotJudged>, StoreError> {
        let needs: Vec<Reads> = books.iter().map(|book| book.routing_needs()).collect();
        let number = past.before.number;
        let mut body = CommentBody::default();
        // The standard rules read it, whatever conditions do.
        let is_read = books.iter().any(|book| !book.has_routing());
        if is_read || needs.iter().any(|needs| needs.text || needs.bot) {
            match self.first_words(number, events).await {
                Ok(words) => body = words,
                Err(BlobError::Missing(_)) => return Ok(Err(NotJudged::NoText)),
                Err(BlobError::Store(error)) => return Err(error),
            }
        }
        let mut history = History::default();
        if needs.iter().any(|needs| needs.history) {
            let tickets = self.desk.tickets();
            match tickets
                .decision::<Decision>(number, &past.decision, decisions)
                .await
            {
                Ok(decision) => history = decision.history,
                Err(BlobError::Missing(_)) => return Ok(Err(NotJudged::NoDecision)),
                Err(BlobError::Store(error)) => return Err(error),
            }
        }
        let mut rules = Vec::with_capacity(books.len());
        for (book, needs) in books.iter().zip(&needs) {
            let around = self
                .surroundings_of_then(book, needs, &past, &body, &history)
                .await?;
            rules.push(DeskRules::new(book.clone(), around, past.triaged_at));
        }
        let known = Known {
            text: body.shown_text().into_owned(),
            handed_off: body.hand_off.is_some(),
            mailbox_group: setup.mailbox_group(&past.before.channel),
            default_group: setup.default_group,
            history,
        };
        Ok(Ok(Again { past, known, rules }))
    }

    /// What surrounded a ticket when it was triaged. Who asks is known as of today; their earlier tickets are counted as they
    /// were.
    async fn surroundings_of_then(
        self,
        book: &CheckedBook,
        needs: &Reads,
        past: &PastTicket,
        body: &CommentBody,
        history: &History,
    ) -> Result<Surroundings, StoreError> {
        let mut around = self
            .surroundings_of_requester(needs, past.before.requester)
            .await?;
        around.requester.tickets_total = history.tickets_total;
        around.requester.tickets_open = history.tickets_open;
        around.requester.last_contact = history.last_contact;
        around.text = body.shown_text().into_owned();
        around.bot = body.hand_off.as_ref().map(bot_facts);
        // A draft may bring calendars of its own.
        let calendars = book.book().calendars.iter();
        around.calendars = calendars
            .filter(|calendar| needs.calendars.contains(&calendar.draft().name))
            .cloned()
            .collect();
        if needs.assignee
            && let Some(agent) = past.before.assignee
            && let Some(email) = self
                .desk
                .people()
                .get(agent)
                .await?
                .and_then(|person| person.email)
        {
            around.agents.insert(agent, email);
        }
        Ok(around)
    }

    async fn first_words(
        self,
        number: TicketNumber,
        events: &[TicketEvent],
    ) -> Result<CommentBody, BlobError> {
        let first = events.iter().find_map(|event| match &event.fact {
            Fact::CommentAdded(_) => Some(event.v),
            _ => None,
        });
        let Some(v) = first else {
            return Ok(CommentBody::default());
        };
        match self.desk.tickets().comment(number, v).await? {
            Some(comment) => self.desk.blobs().body_of(number, &comment).await,
            None => Ok(CommentBody::default()),
        }
    }
}

impl<'d> OperatorRules<'d> {
    /// These tickets in this order, to be triaged again by the rules of these books if they were triaged since `from`.
    /// Requester, organization, mailboxes and calendars are those of today.
    pub fn past_tickets(
        self,
        numbers: &'d [TicketNumber],
        from: Timestamp,
        books: &'d [Arc<CheckedBook>],
        setup: &'d Setup,
    ) -> impl Stream<Item = Result<Seen, StoreError>> + 'd {
        let read = move |number: &'d TicketNumber| self.past_ticket(*number, from, books, setup);
        stream::iter(numbers.iter().map(read)).buffered(READ_AT_ONCE)
    }
}

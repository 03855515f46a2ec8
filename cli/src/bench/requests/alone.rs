//! One request after the other, and nothing behind them: what each kind costs by itself.

#[cfg(test)]
use super::api_reads;
use super::{
    api_reads::ApiRead,
    bench_desk::BenchDesk,
    figures::{Figures, Taken, units},
};
use anyhow::{Context as _, ensure};
use docket_domain::{TicketNumber, ticket::Ticket};
use docket_local::{
    mail_in::Envelope,
    sources::{Polled, QueuePoller, StreamReader},
    stack::LOCAL_MAILBOX,
    wiring::QUEUE_SOURCES,
};
use docket_projection::Projections;
use docket_search_index::SearchFollower;
use embedded_aws::Verdicts;

/// What is measured.
#[cfg(test)]
pub(super) const KINDS: [&str; 15] = [
    REPLY,
    HAND_OFF,
    CREATE,
    CREATE_TO_REST,
    api_reads::TICKET,
    api_reads::LIST,
    api_reads::VIEW_COUNT,
    api_reads::VIEW_EXECUTE,
    api_reads::EXPORT,
    api_reads::EXPORT_EVENTS,
    OPEN_PAGE,
    MINE_PAGE,
    TICKET_PAGE,
    SAVE,
    SAVE_TO_REST,
];
const REPLY: &str = "reply by mail, to rest";
const HAND_OFF: &str = "hand-off by hook, to rest";
pub(super) const CREATE: &str = "API create, answer";
const CREATE_TO_REST: &str = "API create, to rest";
const OPEN_PAGE: &str = "page All open";
const MINE_PAGE: &str = "page My tickets";
const TICKET_PAGE: &str = "ticket page";
const SAVE: &str = "public reply on page, answer";
const SAVE_TO_REST: &str = "public reply on page, to rest";

/// Where the first page of everything unsolved is.
pub(super) const OPEN_PATH: &str = "/agent/tickets?view=open";
/// Where the first page of what an agent has is.
const MINE_PATH: &str = "/agent/tickets?view=mine";

/// Measures without event sources: what a request leads to is done here, and counted.
pub(super) struct Alone<'d> {
    desk: &'d BenchDesk,
    stream: StreamReader,
    pollers: Vec<QueuePoller>,
}

impl<'d> Alone<'d> {
    /// On a desk at which nobody is at work.
    pub fn new(desk: &'d BenchDesk) -> Self {
        Self {
            desk,
            stream: StreamReader::default(),
            pollers: QUEUE_SOURCES
                .iter()
                .map(|source| QueuePoller::new(&desk.local, source))
                .collect(),
        }
    }

    /// Measures each kind so many times.
    pub async fn measure(mut self, times: usize) -> anyhow::Result<Vec<Figures>> {
        self.rest().await?;
        self.index().await?;
        let mut figures = Vec::new();
        figures.extend(self.reads(times).await?);
        figures.push(Figures::of(REPLY, &self.replies(times).await?));
        figures.push(Figures::of(HAND_OFF, &self.hand_offs(times).await?));
        figures.extend(self.creates(times).await?);
        figures.extend(self.saves(times).await?);
        Ok(figures)
    }

    /// Does whatever there is to do at this moment. What a queue holds back on purpose is left.
    async fn rest(&mut self) -> anyhow::Result<usize> {
        let local = &self.desk.local;
        let table = &local.desk.settings.tickets_table;
        loop {
            let mut busy = self.stream.poll(&local.aws, table, &self.desk.functions).await == Polled::Batch;
            let queues = local.aws.queues();
            for (poller, source) in self.pollers.iter().zip(&QUEUE_SOURCES) {
                // Asking empty queues is no work of a mail: in the cloud their service does it.
                let mut holding = queues.iter().filter(|queue| queue.visible > 0);
                if holding.any(|queue| queue.name == source.name) {
                    busy |= poller.poll(&self.desk.functions, 0).await == Polled::Batch;
                }
            }
            if !busy {
                break;
            }
        }
        ensure!(
            self.desk.is_at_rest(),
            "something failed and comes again: {:?}",
            local.aws.queues()
        );
        Ok(0)
    }

    /// Has the index of the search take in what there is: views are asked of it.
    async fn index(&self) -> anyhow::Result<()> {
        let local = &self.desk.local;
        let at_hand = local.splits.clone();
        let follower = SearchFollower { at_hand };
        Projections::new(local.desk.store(), &follower).catch_up().await?;
        Ok(())
    }

    async fn reads(&self, times: usize) -> anyhow::Result<Vec<Figures>> {
        let desk = self.desk;
        let tickets = desk.answerable(times).await?;
        let last = desk.local.desk.tickets().last_number().await?;
        let mut all = Vec::new();
        for read in ApiRead::all(desk.local.desk.now()) {
            let ask = |nth: usize| read.ask(&desk.caller, TicketNumber(spread(nth, times, last)));
            all.push(self.read(read.kind, times, ask).await?);
        }
        let page = |path: String| async move { Ok(desk.caller.page(&path).await?.len()) };
        let of_ticket = |nth: usize| page_of(&tickets[nth % tickets.len()]);
        all.push(
            self.read(OPEN_PAGE, times, |_| page(OPEN_PATH.to_owned()))
                .await?,
        );
        all.push(
            self.read(MINE_PAGE, times, |_| page(MINE_PATH.to_owned()))
                .await?,
        );
        all.push(self.read(TICKET_PAGE, times, |nth| page(of_ticket(nth))).await?);
        Ok(all)
    }

    /// What a read takes. The first pays for what a process does once and is not counted; one more tells its units.
    async fn read<R: Future<Output = anyhow::Result<usize>>>(
        &self,
        kind: &'static str,
        times: usize,
        ask: impl Fn(usize) -> R,
    ) -> anyhow::Result<Figures> {
        let local = &self.desk.local;
        ask(0).await?;
        let mut all = Vec::with_capacity(times);
        for nth in 1..=times {
            all.push(Taken::by(local, ask(nth)).await?);
        }
        let units = units(local, ask(times)).await?;
        Ok(Figures::of(kind, &all).taking(units))
    }

    async fn replies(&mut self, times: usize) -> anyhow::Result<Vec<Taken>> {
        let desk = self.desk;
        let tickets = desk.answerable(times).await?;
        let mut all = Vec::new();
        for nth in 0..times {
            let number = tickets[nth % tickets.len()].number;
            let (from, raw) = self.reply(number, nth).await?;
            let comments = self.comments(number).await?;
            let taken = Taken::by(&desk.local, async {
                let envelope = Envelope {
                    mail_from: from,
                    recipients: vec![LOCAL_MAILBOX.to_owned()],
                };
                desk.local
                    .receive_mail(envelope, raw.into_bytes().into(), Verdicts::PASS)?;
                self.rest().await
            });
            all.push(taken.await?);
            let is_there = self.comments(number).await? == comments + 1;
            ensure!(is_there, "a reply to ticket {number} is not on it");
        }
        Ok(all)
    }

    /// A reply of a ticket's requester: from whom, and the mail.
    async fn reply(&self, number: TicketNumber, nth: usize) -> anyhow::Result<(String, String)> {
        let desk = &self.desk.local.desk;
        let file = desk.tickets().file(number).await?.context("no such ticket")?;
        let requester = desk.people().get(file.ticket.requester).await?;
        let from = requester
            .and_then(|person| person.email)
            .context("a requester has no address")?;
        let mut mails = file.comments.iter().filter_map(|comment| comment.mail.as_ref());
        let answered = mails
            .find_map(|mail| mail.message_id.as_deref())
            .context("no mail to answer")?;
        let id = format!("reply-{number}-{nth}-{}@example.net", file.ticket.v);
        let raw = format!(
            "From: <{from}>\r\nTo: {LOCAL_MAILBOX}\r\nSubject: Re: {}\r\nMessage-ID: <{id}>\r\nIn-Reply-To: <{answered}>\r\n\
             Date: Mon, 2 Mar 2026 09:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nIt has not come yet. \
             Could you look again, please?\r\n",
            file.ticket.subject
        );
        Ok((from, raw))
    }

    async fn comments(&self, number: TicketNumber) -> anyhow::Result<usize> {
        let file = self.desk.local.desk.tickets().file(number).await?;
        Ok(file.context("no such ticket")?.comments.len())
    }

    async fn hand_offs(&mut self, times: usize) -> anyhow::Result<Vec<Taken>> {
        let desk = self.desk;
        let before = desk.local.desk.tickets().last_number().await?;
        let mut all = Vec::new();
        for nth in 0..times {
            let id = format!("bench-{before}-{nth}");
            let answer = Taken::by(&desk.local, async {
                Ok(desk.caller.hand_off(&desk.local.desk, &id).await?.len())
            });
            let (answer, rest) = (answer.await?, Taken::by(&desk.local, self.rest()).await?);
            all.push(answer + rest);
        }
        let made = desk.local.desk.tickets().last_number().await? - before;
        ensure!(made == times as u64, "{times} hand-offs made {made} tickets");
        Ok(all)
    }

    async fn creates(&mut self, times: usize) -> anyhow::Result<[Figures; 2]> {
        let desk = self.desk;
        let before = desk.local.desk.tickets().last_number().await?;
        let (mut answers, mut to_rest) = (Vec::new(), Vec::new());
        for nth in 0..times as u64 {
            let answer = Taken::by(&desk.local, async {
                Ok(desk.caller.api_create(before + nth).await?.len())
            });
            let (answer, rest) = (answer.await?, Taken::by(&desk.local, self.rest()).await?);
            answers.push(answer);
            to_rest.push(answer + rest);
        }
        let taken = units(&desk.local, async {
            Ok(desk.caller.api_create(before + times as u64).await?.len())
        });
        let answer_units = taken.await?;
        self.rest().await?;
        let taken = units(&desk.local, async {
            desk.caller.api_create(before + times as u64 + 1).await?;
            self.rest().await
        });
        let all_units = taken.await?;
        let tickets = desk.local.desk.tickets();
        let last = tickets.get(TicketNumber(tickets.last_number().await?)).await?;
        let is_given = last.is_some_and(|ticket| ticket.assignee.is_some());
        ensure!(is_given, "the last ticket was not given to an agent");
        Ok([
            Figures::of(CREATE, &answers).taking(answer_units),
            Figures::of(CREATE_TO_REST, &to_rest).taking(all_units),
        ])
    }

    async fn saves(&mut self, times: usize) -> anyhow::Result<[Figures; 2]> {
        let desk = self.desk;
        let tickets = desk.answerable(times).await?;
        let (mut answers, mut to_rest) = (Vec::new(), Vec::new());
        for nth in 0..times {
            let ticket = &tickets[nth % tickets.len()];
            let path = page_of(ticket);
            let form = desk
                .caller
                .filled_form(&path, "Thank you for writing. It is on its way.")
                .await?;
            let sent = desk.local.aws.sent_count();
            let answer = Taken::by(&desk.local, async {
                Ok(desk.caller.save(&path, form).await?.len())
            });
            let (answer, rest) = (answer.await?, Taken::by(&desk.local, self.rest()).await?);
            let went_out = desk.local.aws.sent_count() == sent + 1;
            ensure!(went_out, "the answer on ticket {} did not go out", ticket.number);
            answers.push(answer);
            to_rest.push(answer + rest);
        }
        Ok([Figures::of(SAVE, &answers), Figures::of(SAVE_TO_REST, &to_rest)])
    }
}

/// The page of a ticket.
pub(super) fn page_of(ticket: &Ticket) -> String {
    format!("/agent/tickets/{}", ticket.number)
}

/// One of the numbers up to the last, spread over all of them.
pub(super) fn spread(nth: usize, times: usize, last: u64) -> u64 {
    1 + (nth as u64 * last / (times as u64 + 1)).min(last.saturating_sub(1))
}

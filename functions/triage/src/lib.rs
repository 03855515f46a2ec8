//! Triage: the requester's history is brought in, the words are looked at, and the rules have their say, once for each
//! ticket.
//!
//! A nudge may come twice or late: a ticket that was triaged is left alone.

mod duplicates;
mod language;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use docket_aws::{
    Desk, Nudge, StoreError,
    store::{BlobError, Change, Committed, EarlierTickets, MOST_TRIES},
};
use docket_domain::{
    TicketNumber,
    comment::CommentBody,
    ticket::{Actor, Command, Refusal, Rules as _, Ticket, Triage},
    triage,
};
use docket_lambda::batch::{BatchError, each_message};

/// Why a ticket could not be triaged now.
#[derive(Debug, thiserror::Error)]
pub enum TriageError {
    /// The message is none of ours.
    #[error("the nudge can't be read")]
    Nudge(#[from] serde_json::Error),
    /// The nudge names no ticket.
    #[error("the nudge names no ticket")]
    NoTicket,
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The first comment can't be had.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The domain said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Handles a batch of queue `triage`.
pub async fn handle(desk: &Desk, batch: SqsEvent) -> Result<SqsBatchResponse, BatchError> {
    each_message(batch, |message| async move {
        let nudge: Nudge = serde_json::from_str(message.body.as_deref().unwrap_or_default())?;
        triage_ticket(desk, nudge.ticket.ok_or(TriageError::NoTicket)?).await
    })
    .await
}

/// Triages a ticket unless that was done.
pub async fn triage_ticket(desk: &Desk, number: TicketNumber) -> Result<(), TriageError> {
    for _ in 0..MOST_TRIES {
        let Some(ticket) = desk.ticket(number).await? else {
            tracing::warn!(%number, "a nudge names ticket {number}, which is not there");
            return Ok(());
        };
        if ticket.triage == Triage::Done {
            return Ok(());
        }
        let body = desk.first_body(number).await?;
        let earlier = desk.earlier_tickets(&ticket).await?;
        let history = earlier.history(&desk.asker(ticket.requester).await?);
        let setup = desk.setup().await?;
        let rules = desk.rules_for(&ticket).await?;
        let facts = triage::Facts {
            ticket: &ticket,
            text: &body.shown_text(),
            handed_off: body.hand_off.is_some(),
            history: &history,
            mailbox_group: setup.mailbox_group(&ticket.channel),
            default_group: setup.default_group,
        };
        let found = findings(desk, &ticket, &body, &earlier).await?;
        let (mut outcome, mut decision) = docket_rules::triage(&rules, &facts, found.language.as_deref());
        decision.found = found.clone();
        outcome.found = found;
        let chosen = rules.choose(&outcome.preview(&ticket));
        decision.sla_policy = chosen.map(|chosen| chosen.terms.policy().title.clone());
        let actor = Actor::Rule(format!("{}: {}", decision.rule_set, outcome.rule));
        let (decision, _) = desk.put_json(number, &decision).await?;
        let cause = format!("event {}", ticket.v);
        let command = Command::Triage {
            outcome,
            decision,
            began: if rules.has_triggers() {
                desk.events(number, ticket.v).await?
            } else {
                vec![]
            },
        };
        let events = desk
            .decide::<TriageError>(&ticket, command, &actor, &cause)
            .await?;
        if !matches!(desk.commit(Change::new(ticket, events)).await?, Committed::Lost) {
            return Ok(());
        }
    }
    Err(StoreError::Contended {
        what: format!("ticket {number}"),
        tries: MOST_TRIES,
    }
    .into())
}

/// What the words of a ticket's first comment say without any rule.
async fn findings(
    desk: &Desk,
    ticket: &Ticket,
    body: &CommentBody,
    earlier: &EarlierTickets,
) -> Result<triage::Findings, BlobError> {
    Ok(triage::Findings {
        language: language::language_of(&body.own_text()).map(str::to_owned),
        duplicate: duplicates::likely_duplicate(desk, ticket, &body.shown_text(), earlier).await?,
    })
}

//! Triage: the requester's history is brought in, the words are looked at, and the rules have their say, once for each
//! ticket.
//!
//! A nudge may come twice or late: a ticket that was triaged is left alone.

mod duplicates;
mod language;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use docket_desk::{
    Attempt, BlobError, Changed, Desk, KeptDecision, Nudge, StoreError, Try, Want, Wish,
    tickets::EarlierTickets,
};
use docket_domain::{
    TicketNumber,
    contact::comment::{Comment, CommentBody},
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
    let Some((ticket, first)) = desk.tickets().with_first_comment(number).await? else {
        tracing::warn!(%number, "a nudge names ticket {number}, which is not there");
        return Ok(());
    };
    let attempt = Attempt::by(Actor::System, "triage").having_read(ticket);
    let mut triaging = Triaging { desk, first };
    match desk.change(number, attempt, &mut triaging).await? {
        Changed::Done(_) | Changed::Duplicate(_) | Changed::NotThere => Ok(()),
        Changed::Refused(refusal) => Err(refusal.into()),
    }
}

/// What the rules say of a ticket.
struct Triaging<'d> {
    desk: &'d Desk,
    /// The comment that it began with. What a comment says stays.
    first: Option<Comment>,
}

impl Want<TriageError> for Triaging<'_> {
    async fn want(&mut self, on: Try) -> Result<Option<Wish>, TriageError> {
        let (desk, ticket) = (self.desk, on.ticket);
        let number = ticket.number;
        if ticket.triage == Triage::Done {
            return Ok(None);
        }
        let body = desk.body_or_words(number, self.first.as_ref()).await?;
        let earlier = desk.tickets().earlier(&ticket).await?;
        let history = earlier.history(&desk.people().asker(ticket.requester).await?);
        let setup = desk.setup().await?;
        let rules = desk.rules().of_ticket(&ticket, on.now).await?;
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
        let decision = KeptDecision::of(&decision)?;
        let began = if rules.has_triggers() {
            desk.tickets().events(number, ticket.v).await?
        } else {
            vec![]
        };
        let command = Command::Triage {
            outcome,
            decision: decision.digest.clone(),
            began,
        };
        Ok(Some(Wish {
            actor: Some(actor),
            cause: Some(format!("event {}", ticket.v)),
            decisions: vec![decision],
            ..Wish::from(command)
        }))
    }
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

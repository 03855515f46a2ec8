//! Hours of the ledger that do not balance a while after their end: counted anew by the sweep.
//!
//! A count may be lost or made twice, since it is not part of what it counts. So what an hour's mails came to is read from what
//! forbids to take them in twice, and what its hand-offs came to, and of what something could not be read, from the tickets that
//! changed since. What is read grows with what happened since the hour began.

use super::Original;
use crate::IntakeError;
use docket_desk::{Answer, Desk};
use docket_domain::{
    Timestamp,
    ledger::{HOUR_SECONDS, LedgerChannel, LedgerCounts, LedgerEntry, LedgerLine, hour_of},
};
use futures_util::stream::{self, StreamExt as _};

/// How long after its end an hour may still be counted by the way, in seconds.
const SETTLES_WITHIN_SECONDS: i64 = 15 * 60;
/// Hours that are looked at.
const HOURS: i64 = 24;
/// Mails that are looked up at once.
const MAILS_AT_ONCE: usize = 16;

/// An hour that did not balance.
#[derive(Clone, Debug)]
pub struct Rebalanced {
    /// The hour.
    pub hour: Timestamp,
    /// What the ledger said.
    pub before: LedgerCounts,
    /// What it says now.
    pub after: LedgerCounts,
    /// Originals that nobody took in and that were put back into the spool.
    pub put_back: Vec<String>,
}

/// The hours that are over and do not balance, with what the ledger says of them, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn unbalanced(desk: &Desk) -> Result<Vec<(Timestamp, LedgerCounts)>, IntakeError> {
    let now = desk.now().as_second();
    let second = |second| Timestamp::from_second(second).unwrap_or(desk.now());
    let over = hour_of(second(now - SETTLES_WITHIN_SECONDS));
    let from = second(over.as_second() - HOURS * HOUR_SECONDS);
    let hours = desk.ledger().hours(from, over).await?.into_iter();
    Ok(hours.filter(|(_, counts)| !counts.is_balanced()).collect())
}

/// Counts an hour anew. Nothing where somebody counted meanwhile: it is looked at again the next time.
///
/// # Errors
/// When the store fails.
pub async fn balance(
    desk: &Desk,
    hour: Timestamp,
    before: LedgerCounts,
) -> Result<Option<Rebalanced>, IntakeError> {
    let (mut after, put_back) = mails_of(desk, hour).await?;
    after.add_all(&beside_mails(&desk.ledger().on_tickets(hour).await?));
    let is_put = desk.ledger().replace_hour(hour, &before, &after).await?;
    Ok(is_put.then_some(Rebalanced {
        hour,
        before,
        after,
        put_back,
    }))
}

/// What of an hour's facts on tickets is no mail's place: hand-offs, which are accepted once they are on a ticket, and what could not
/// be read.
fn beside_mails(on_tickets: &LedgerCounts) -> LedgerCounts {
    let mut counts = LedgerCounts::default();
    for (line, count) in on_tickets.lines() {
        if line.channel == LedgerChannel::Hook || !line.entry.settles() {
            counts.add(line, count);
        }
    }
    super::accept_what_was_taken(&mut counts);
    counts
}

/// What the mails of an hour came to, and which of them were put back into the spool.
async fn mails_of(desk: &Desk, hour: Timestamp) -> Result<(LedgerCounts, Vec<String>), IntakeError> {
    let setup = desk.setup().await?;
    let kept = desk.spool().kept(hour, super::end_of_today(desk)).await?;
    let asked = kept.into_iter().map(|(key, stored_at)| {
        let setup = &setup;
        async move {
            let mail = Original::of(desk, setup, key, stored_at).await?;
            if hour_of(mail.accepted_at) != hour {
                return Ok((LedgerCounts::default(), None));
            }
            of_mail(desk, mail).await
        }
    });
    let mut found = stream::iter(asked).buffer_unordered(MAILS_AT_ONCE);
    let (mut counts, mut put_back) = (LedgerCounts::default(), Vec::new());
    while let Some(of_mail) = found.next().await {
        let (of_mail, missing): (LedgerCounts, Option<String>) = of_mail?;
        counts.add_all(&of_mail);
        put_back.extend(missing);
    }
    Ok((counts, put_back))
}

/// What one mail came to at its mailboxes. One that was dealt with nowhere and waits nowhere goes back into the spool.
async fn of_mail(desk: &Desk, mail: Original) -> Result<(LedgerCounts, Option<String>), IntakeError> {
    let mut counts = LedgerCounts::default();
    let mut is_in_hand = false;
    for mailbox in &mail.mailboxes {
        counts.add(LedgerLine::mail(LedgerEntry::Accepted), 1);
        match mail.taken(desk, mailbox).await? {
            Some(answer) => counts.add(LedgerLine::mail(line_of(desk, &answer).await?), 1),
            None => is_in_hand = true,
        }
    }
    if !is_in_hand || desk.spool().has(&mail.ses_id).await? {
        return Ok((counts, None));
    }
    desk.spool().take_back(&mail.key).await?;
    tracing::error!(original = %mail.key, "nobody took {} in; it is back in the spool", mail.key);
    Ok((counts, Some(mail.key)))
}

/// The line of a contact that was dealt with.
async fn line_of(desk: &Desk, answer: &Answer) -> Result<LedgerEntry, IntakeError> {
    if answer.repeated {
        return Ok(LedgerEntry::Repeated);
    }
    let Some(id) = answer.held else {
        let is_new = answer.created;
        return Ok(if is_new {
            LedgerEntry::Ticketed
        } else {
            LedgerEntry::Appended
        });
    };
    let held = desk.held().get(id).await?;
    Ok(match held {
        Some(held) if held.reason.is_quarantine() => LedgerEntry::Quarantined,
        _ => LedgerEntry::Suspended,
    })
}

impl Rebalanced {
    /// What was in hand on a channel before and after, where that changed or is not nothing.
    pub fn in_words(&self) -> String {
        let said = LedgerChannel::ALL.into_iter().filter_map(|channel| {
            let (before, after) = (self.before.in_hand(channel), self.after.in_hand(channel));
            (before != 0 || after != 0)
                .then(|| format!("{}: in hand {before}, now {after}", channel.as_str()))
        });
        said.collect::<Vec<_>>().join("; ")
    }
}

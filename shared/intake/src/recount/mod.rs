//! The ledger counted anew, from facts: what the table says of contacts, and every original that was kept.
//!
//! An original that no comment and no held contact names is the same mail sent again, or lost. So this is what proves that
//! nothing was. Of an hour that does not balance the sweep does it by itself ([`balance`]); of everything, a command.

mod balance;

pub use balance::{Rebalanced, balance, unbalanced};

use crate::{IntakeError, Receipt};
use docket_desk::{Answer, Desk, GuardKey, Ledger, MOST_HOURS, MailSeen};
use docket_domain::{
    Digest, Timestamp,
    configuration::Setup,
    ledger::{HOUR_SECONDS, LedgerChannel, LedgerCounts, LedgerEntry, LedgerLine, hour_of},
};
use std::collections::BTreeMap;

/// The ledger from facts.
#[derive(Clone, Debug, Default)]
pub struct Recount {
    /// The hours, of which the ones with nothing in them are left out.
    pub ledger: Ledger,
    /// Originals that nobody took in.
    pub missing: Vec<String>,
}

/// Counts the hours from `from` up to, not with, `to`: at most [`MOST_HOURS`].
///
/// Reads the whole table: for a command, not for a function.
///
/// # Errors
/// When the store fails.
pub async fn recount(desk: &Desk, from: Timestamp, to: Timestamp) -> Result<Recount, IntakeError> {
    let from = hour_of(from);
    let (facts, originals) = desk.ledger().scan().await?;
    let setup = desk.setup().await?;
    let mut recount = Recount {
        ledger: facts
            .into_iter()
            .filter(|(hour, _)| (from..to).contains(hour))
            .collect(),
        missing: Vec::new(),
    };
    for counts in recount.ledger.values_mut() {
        accept_what_was_taken(counts);
    }
    // One that was tried again was kept again, later than it was accepted.
    for (key, stored_at) in desk.spool().kept(from, end_of_today(desk)).await? {
        let named = originals.get(&key).copied().unwrap_or(0);
        let mail = Original::of(desk, &setup, key, stored_at).await?;
        if !(from..to).contains(&hour_of(mail.accepted_at)) {
            continue;
        }
        if named > 0 && mail.mailboxes.len() == 1 {
            continue;
        }
        let (repeated, is_missing) = unnamed(desk, &mail, named > 0).await?;
        if is_missing {
            recount.missing.push(mail.key);
        }
        let counts = recount.ledger.entry(hour_of(mail.accepted_at)).or_default();
        counts.add(LedgerLine::mail(LedgerEntry::Repeated), repeated);
        counts.add(
            LedgerLine::mail(LedgerEntry::Accepted),
            repeated + u64::from(is_missing),
        );
    }
    recount.ledger.retain(|_, counts| !counts.is_empty());
    Ok(recount)
}

/// A time that nothing which was kept so far is later than.
fn end_of_today(desk: &Desk) -> Timestamp {
    let hour = jiff::SignedDuration::from_secs(HOUR_SECONDS);
    desk.now().saturating_add(hour).unwrap_or(Timestamp::MAX)
}

/// Every fact of an hour was accepted in it: a hand-off is answered when it is on its ticket, and a mail is held or on one.
fn accept_what_was_taken(counts: &mut LedgerCounts) {
    for channel in LedgerChannel::ALL {
        let settled = LedgerEntry::ALL.into_iter().filter(|entry| entry.settles());
        let taken = settled.map(|entry| counts.of(channel, entry)).sum();
        let entry = LedgerEntry::Accepted;
        counts.add(LedgerLine { channel, entry }, taken);
    }
}

/// Puts what was counted anew in place of the ledger, hours without a contact included. The hours have to be over: what is
/// counted meanwhile is lost.
///
/// # Errors
/// When the store fails.
pub async fn put_recount(
    desk: &Desk,
    recount: &Recount,
    from: Timestamp,
    to: Timestamp,
) -> Result<(), IntakeError> {
    let known = desk.ledger().hours(from, to).await?;
    let blank = LedgerCounts::default();
    let hours: BTreeMap<&Timestamp, &LedgerCounts> = known
        .keys()
        .map(|hour| (hour, &blank))
        .chain(&recount.ledger)
        .collect();
    for (hour, counts) in hours.into_iter().take(MOST_HOURS) {
        desk.ledger().put_hour(*hour, counts).await?;
    }
    Ok(())
}

/// The first and the last hour of which a recount makes sense at `now`: the one that runs is left out.
pub fn recountable(now: Timestamp, seconds: i64) -> (Timestamp, Timestamp) {
    let most = i64::try_from(MOST_HOURS).unwrap_or(i64::MAX) * HOUR_SECONDS;
    let since = now.as_second() - seconds.clamp(HOUR_SECONDS, most);
    (Timestamp::from_second(since).unwrap_or(now), hour_of(now))
}

/// An original that was kept.
struct Original {
    key: String,
    ses_id: String,
    accepted_at: Timestamp,
    mailboxes: Vec<String>,
}

impl Original {
    /// What was noted of a mail when it was seen first; of one that nothing was noted of, what stands on top of it.
    async fn of(desk: &Desk, setup: &Setup, key: String, stored_at: Timestamp) -> Result<Self, IntakeError> {
        let ses_id = key.rsplit('/').next().unwrap_or_default().to_owned();
        let seen = desk.mail_seen(&ses_id).await?;
        let seen = seen.unwrap_or(MailSeen {
            first_at: stored_at,
            mailboxes: vec![],
        });
        let mut mailboxes = seen.mailboxes;
        if mailboxes.is_empty() {
            let raw = desk.spool().original(&key).await?;
            mailboxes = crate::mailboxes(&Receipt::on_top_of(&raw), setup)
                .into_iter()
                .map(|place| place.mailbox)
                .collect();
        }
        Ok(Self {
            key,
            ses_id,
            accepted_at: seen.first_at,
            mailboxes,
        })
    }

    /// What became of it at a mailbox, if it was dealt with there.
    async fn taken(&self, desk: &Desk, mailbox: &str) -> Result<Option<Answer>, IntakeError> {
        let key = GuardKey::Transport(self.ses_id.clone(), mailbox.to_owned());
        Ok(desk.guard(&key).await?.map(|taken| taken.answer))
    }
}

/// At how many of its mailboxes a mail was the same one again, and whether nobody took it in.
async fn unnamed(desk: &Desk, original: &Original, is_named: bool) -> Result<(u64, bool), IntakeError> {
    let (mut repeated, mut is_missing) = (0, false);
    let mut mail = None;
    for mailbox in &original.mailboxes {
        if let Some(taken) = original.taken(desk, mailbox).await? {
            repeated += u64::from(taken.repeated);
            continue;
        }
        if mail.is_none() {
            let raw = desk.spool().original(&original.key).await?;
            let receipt = Receipt::on_top_of(&raw);
            mail = Some(docket_mail::read(&raw, receipt.mail_from.as_deref()).ok());
        }
        let logical = mail.as_ref().and_then(Option::as_ref);
        let logical = logical.and_then(|mail| docket_mail::logical_key(mailbox, mail));
        let same = match logical {
            Some(same) => desk.guard(&GuardKey::Logical(Digest::of(&same))).await?,
            None => None,
        };
        match same {
            Some(_) => repeated += 1,
            // Where it is named its own header is not always there to say whom it was for: it is somewhere.
            None => is_missing |= !is_named,
        }
    }
    Ok((repeated, is_missing))
}

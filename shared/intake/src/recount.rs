//! The ledger counted anew, from facts: what the table says of contacts, and every original that was kept.
//!
//! An original that no comment and no held contact names is the same mail sent again, or lost. So this is what proves that
//! nothing was: run it when the ledger shows a contact in hand that should have been settled long ago.

use crate::{IntakeError, Receipt, mailboxes};
use docket_desk::{Desk, GuardKey, Ledger, MOST_HOURS};
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
        // A hand-off is answered when it is on its ticket: accepted is what was answered so.
        let of = |entry| counts.of(LedgerChannel::Hook, entry);
        let taken = of(LedgerEntry::Ticketed) + of(LedgerEntry::Appended);
        counts.add(LedgerLine::hook(LedgerEntry::Accepted), taken);
    }
    for (key, stored_at) in desk.spool().kept(from, to).await? {
        let places = places(desk, &setup, &originals, &key).await?;
        let counts = recount.ledger.entry(hour_of(stored_at)).or_default();
        counts.add(LedgerLine::mail(LedgerEntry::Accepted), places.accepted());
        counts.add(LedgerLine::mail(LedgerEntry::Repeated), places.repeated);
        if places.missing > 0 {
            recount.missing.push(key);
        }
    }
    recount.ledger.retain(|_, counts| !counts.is_empty());
    Ok(recount)
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

/// What became of an original at the places it came to.
struct Places {
    named: u64,
    repeated: u64,
    missing: u64,
}

impl Places {
    fn accepted(&self) -> u64 {
        self.named + self.repeated + self.missing
    }
}

async fn places(
    desk: &Desk,
    setup: &Setup,
    originals: &BTreeMap<String, u64>,
    key: &str,
) -> Result<Places, IntakeError> {
    let named = originals.get(key).copied().unwrap_or(0);
    let mut places = Places {
        named,
        repeated: 0,
        missing: 0,
    };
    if named > 0 && setup.mailboxes.len() == 1 {
        return Ok(places);
    }
    let raw = desk.spool().original(key).await?;
    let receipt = Receipt::on_top_of(&raw);
    let mail = docket_mail::read(&raw, receipt.mail_from.as_deref()).ok();
    let ses_id = key.rsplit('/').next().unwrap_or_default();
    // Whatever its receipt says it came to one mailbox at least, or to the place where it is held.
    for place in mailboxes(&receipt, setup) {
        let transport = GuardKey::Transport(ses_id.to_owned(), place.mailbox.clone());
        if let Some(taken) = desk.guard(&transport).await? {
            places.repeated += u64::from(taken.answer.repeated);
            continue;
        }
        let same = mail
            .as_ref()
            .and_then(|mail| docket_mail::logical_key(&place.mailbox, mail));
        let same = match same {
            Some(same) => desk.guard(&GuardKey::Logical(Digest::of(&same))).await?,
            None => None,
        };
        match same {
            Some(_) => places.repeated += 1,
            None if named == 0 => places.missing += 1,
            // Its own header is not always there to say whom it was for: it is somewhere.
            None => {}
        }
    }
    Ok(places)
}

//! How much automatic mail may go out, so that two programs that answer each other fall silent.

use crate::{Digest, OutboxId, Timestamp};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// The window of the budgets below.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(180);
/// Most automatic mails to one address within the window.
pub const MOST_TO_ADDRESS: usize = 10;
/// Most automatic mails to one address about one subject within the window.
pub const MOST_OF_SUBJECT: usize = 2;
/// Most automatic mails to one domain within a window: far above what people at a large provider cause, and an end for a
/// program that answers from a new address each time.
pub const MOST_TO_DOMAIN: u64 = 5_000;
/// How the subject of "we have it" begins. A mail with these words in its subject answers one.
pub const ACKNOWLEDGEMENT_SUBJECT: &str = "We have received your message";

/// How the subject of a reminder begins.
pub const REMINDER_SUBJECT: &str = "We are waiting for your answer";
/// How the subject of "it is solved" begins.
pub const SOLVED_SUBJECT: &str = "Your request is solved";
/// All of them.
pub const AUTOMATIC_SUBJECTS: [&str; 3] = [ACKNOWLEDGEMENT_SUBJECT, REMINDER_SUBJECT, SOLVED_SUBJECT];

/// The address under which budgets count: whoever has `ann@x` has `ann+1@x` and `ann+2@x`, too (RFC 5233 calls it a detail).
pub fn counted_address(address: &str) -> String {
    let address = address.trim().to_lowercase();
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            let user = local.split('+').next().filter(|user| !user.is_empty());
            format!("{}@{domain}", user.unwrap_or(local))
        }
        None => address,
    }
}

/// An automatic mail that went out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutomaticMail {
    /// When.
    pub at: Timestamp,
    /// Which piece of work.
    pub outbox: OutboxId,
    /// Digest of the subject, without marks of replies.
    pub subject: Digest,
}

/// The automatic mails that went to an address lately, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutomaticHistory {
    /// Version of this record, for a guarded change.
    pub v: u64,
    /// The day, as `20260302`, on which somebody with this address was last told that we have their mail: once a day is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_on: Option<String>,
    /// The mails.
    pub sent: Vec<AutomaticMail>,
}

/// Why an automatic mail is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverBudget {
    /// Too many to the address.
    #[error("{MOST_TO_ADDRESS} automatic mails went to this address within three hours")]
    Address,
    /// Too many about the same.
    #[error("{MOST_OF_SUBJECT} automatic mails about this subject went to this address within three hours")]
    Subject,
    /// Too many to the domain.
    #[error("{MOST_TO_DOMAIN} automatic mails went to this domain within three hours")]
    Domain,
}

impl AutomaticHistory {
    /// The history with one more mail, if that may go out. Another attempt at the same work is not counted again.
    pub fn with(&self, mail: AutomaticMail) -> Result<Self, OverBudget> {
        let since = mail.at.checked_sub(WINDOW).unwrap_or(Timestamp::MIN);
        let mut sent: Vec<_> = self.sent.iter().filter(|sent| sent.at > since).cloned().collect();
        if !sent.iter().any(|sent| sent.outbox == mail.outbox) {
            if sent.len() >= MOST_TO_ADDRESS {
                return Err(OverBudget::Address);
            }
            if sent.iter().filter(|sent| sent.subject == mail.subject).count() >= MOST_OF_SUBJECT {
                return Err(OverBudget::Subject);
            }
            sent.push(mail);
        }
        Ok(Self {
            v: self.v + 1,
            told_on: self.told_on.clone(),
            sent,
        })
    }

    /// The same with a mail that says that we have theirs.
    pub fn with_acknowledgement(&self, mail: AutomaticMail) -> Result<Self, OverBudget> {
        let told_on = Some(day_of(mail.at));
        Ok(Self {
            told_on,
            ..self.with(mail)?
        })
    }

    /// Whether somebody with this address was told on the day of `now` that we have their mail.
    pub fn was_told_on_day_of(&self, now: Timestamp) -> bool {
        self.told_on.as_deref() == Some(&day_of(now))
    }
}

fn day_of(at: Timestamp) -> String {
    at.strftime("%Y%m%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TicketNumber;

    fn mail(minute: i64, number: u64, subject: &str) -> AutomaticMail {
        AutomaticMail {
            at: Timestamp::from_second(minute * 60).unwrap(),
            outbox: OutboxId {
                ticket: TicketNumber(number),
                v: 1,
                n: 0,
            },
            subject: Digest::of(subject.as_bytes()),
        }
    }

    fn after(mails: impl IntoIterator<Item = AutomaticMail>) -> AutomaticHistory {
        let start = AutomaticHistory::default();
        mails
            .into_iter()
            .fold(start, |history, mail| history.with(mail).unwrap())
    }

    #[test]
    fn the_eleventh_to_an_address_within_three_hours_stays() {
        let ten = after((0..10).map(|n| mail(n as i64, n, &format!("subject {n}"))));
        assert_eq!(ten.with(mail(179, 99, "another")), Err(OverBudget::Address));
        assert!(
            ten.with(mail(180, 99, "another")).is_ok(),
            "the first is three hours old"
        );
    }

    #[test]
    fn who_was_told_is_not_told_again_on_that_day() {
        let told = AutomaticHistory::default();
        let told = told.with_acknowledgement(mail(23 * 60, 1, "a")).unwrap();
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        assert!(told.was_told_on_day_of(at(0)) && told.was_told_on_day_of(at(24 * 60 - 1)));
        assert!(!told.was_told_on_day_of(at(24 * 60)));
        let more = told.with(mail(23 * 60 + 1, 2, "b")).unwrap();
        assert_eq!((more.told_on, more.sent.len()), (told.told_on, 2));
    }

    #[test]
    fn the_third_about_one_subject_stays() {
        let two = after([mail(0, 1, "a"), mail(1, 2, "a")]);
        assert_eq!(two.with(mail(2, 3, "a")), Err(OverBudget::Subject));
        assert!(two.with(mail(2, 3, "b")).is_ok());
    }

    #[test]
    fn another_attempt_at_the_same_mail_is_not_counted() {
        let two = after([mail(0, 1, "a"), mail(1, 2, "a")]);
        assert_eq!(two.with(mail(2, 2, "a")).unwrap().sent, two.sent);
    }
}

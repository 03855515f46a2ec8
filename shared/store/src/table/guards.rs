//! Guards: what must not happen twice. An entry lives 60 days, longer than any redelivery (queue and
//! dead-letter queue 14 days each, spool 30), and its end is checked here, not left to the table's expiry.

use crate::{
    Store, StoreError,
    error::NameOperation,
    keys::GuardKey,
    table::{
        Role, Write,
        item::{Item, n, number_in, s, to_attribute, value_in},
    },
};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use docket_domain::{Digest, TicketNumber, Timestamp, job::JobId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// How long a guard stands, in seconds.
const GUARD_SECONDS: i64 = 60 * 24 * 3600;

/// What the first one did, for whoever comes again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The ticket it became or was added to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    /// The ticket's version with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v: Option<u64>,
    /// Whether the ticket was made by it.
    #[serde(default)]
    pub created: bool,
    /// The held contact it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<u64>,
    /// The number of what it made that is neither of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<u64>,
    /// Another delivery of the same mail was there before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeated: bool,
    /// Digest of the request, where an equal key with another request is an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Digest>,
    /// The job that it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobId>,
}

/// A guard to be set.
#[derive(Clone, Debug)]
pub struct Guard {
    /// Its key.
    pub key: GuardKey,
    /// What a repeat is told; ticket and version are filled in by the commit.
    pub answer: Answer,
    /// How long it stands, in seconds.
    pub seconds: i64,
    /// When the contact was accepted that it is about, where that is another time than the commit's.
    pub accepted_at: Option<Timestamp>,
}

impl Guard {
    /// A guard that stands as long as anything may be redelivered.
    pub fn new(key: GuardKey) -> Self {
        Self {
            key,
            answer: Answer::default(),
            seconds: GUARD_SECONDS,
            accepted_at: None,
        }
    }
}

/// A guard that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardEntry {
    /// What the first one did.
    pub answer: Answer,
}

/// An attempt at a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailAttempt {
    /// Its number, from 1.
    pub nth: u32,
    /// Whether the mail was never seen before.
    pub is_new: bool,
    /// What is known of the mail itself.
    pub seen: MailSeen,
    /// The numbers that earlier attempts drew, by mailbox.
    pub drawn: BTreeMap<String, TicketNumber>,
}

/// A mail that was seen, whatever became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSeen {
    /// When it was seen first: that is when it was accepted.
    pub first_at: Timestamp,
    /// The mailboxes it came to; none where that is not noted.
    pub mailboxes: Vec<String>,
}

/// Before the mailbox in the name of the attribute that keeps a number drawn for it.
const DRAWN: &str = "drawn#";

impl Store {
    /// The guard of this key, if it stands.
    pub async fn guard(&self, key: &GuardKey) -> Result<Option<GuardEntry>, StoreError> {
        let Some(mut item) = self.guard_item(key).await? else {
            return Ok(None);
        };
        Ok(Some(GuardEntry {
            answer: value_in(&mut item, "answer")?,
        }))
    }

    pub(crate) async fn guard_item(&self, key: &GuardKey) -> Result<Option<Item>, StoreError> {
        let output = self
            .clients
            .dynamo
            .get_item()
            .table_name(&self.settings.guard_table)
            .key("PK", s(key.pk(&self.settings.tenant)))
            .consistent_read(true)
            .send()
            .await
            .named("GetItem")?;
        let now = self.now();
        Ok(output.item.filter(|item| stands(item, now)))
    }

    /// A change of an item of the table of guards, to be said.
    pub(crate) fn update_guard(&self, key: &GuardKey) -> UpdateItemFluentBuilder {
        self.clients
            .dynamo
            .update_item()
            .table_name(&self.settings.guard_table)
            .key("PK", s(key.pk(&self.settings.tenant)))
    }

    /// The part of a transaction that sets a guard.
    pub(crate) fn guard_write(&self, guard: &Guard, now: Timestamp) -> Result<Write, StoreError> {
        let item = HashMap::from([
            ("PK".to_owned(), s(guard.key.pk(&self.settings.tenant))),
            ("expires_at".to_owned(), n(now.as_second() + guard.seconds)),
            ("answer".to_owned(), to_attribute("answer", &guard.answer)?),
        ]);
        Ok(Write::put(&self.settings.guard_table, Role::Guard, item)
            .when("attribute_not_exists(PK) OR expires_at < :now")
            .with(":now", n(now.as_second())))
    }

    /// A change of what is noted of the attempts at a mail.
    fn change_attempts(&self, ses_id: &str) -> UpdateItemFluentBuilder {
        let key = GuardKey::Attempts(ses_id.to_owned());
        self.update_guard(&key)
    }

    /// Counts an attempt at a mail before it is parsed. At the first one the mailboxes it came to are noted, if they are known.
    pub async fn count_attempt(&self, ses_id: &str, mailboxes: &[String]) -> Result<MailAttempt, StoreError> {
        let now = self.now();
        let output = self
            .change_attempts(ses_id)
            .update_expression(
                "ADD attempts :one, sights :one SET expires_at = :end, first_at = if_not_exists(first_at, :now), \
                 mailboxes = if_not_exists(mailboxes, :mailboxes)",
            )
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":mailboxes", to_attribute("mailboxes", &mailboxes)?)
            .expression_attribute_values(":now", n(now.as_second()))
            .expression_attribute_values(":end", n(now.as_second() + GUARD_SECONDS))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew)
            .send()
            .await
            .named("UpdateItem")?;
        let mut item = output.attributes.unwrap_or_default();
        let sights: u32 = number_in(&item, "sights").unwrap_or(1);
        let drawn = item.keys().filter_map(|name| {
            let mailbox = name.strip_prefix(DRAWN)?;
            Some((mailbox.to_owned(), TicketNumber(number_in(&item, name)?)))
        });
        let drawn = drawn.collect();
        Ok(MailAttempt {
            nth: number_in(&item, "attempts").unwrap_or(1),
            is_new: sights == 1,
            seen: seen(&mut item).unwrap_or(MailSeen {
                first_at: now,
                mailboxes: mailboxes.to_vec(),
            }),
            drawn,
        })
    }

    /// Notes the mailboxes that a mail came to, where its notice did not say.
    pub async fn note_mailboxes(&self, ses_id: &str, mailboxes: &[String]) -> Result<(), StoreError> {
        self.change_attempts(ses_id)
            .update_expression("SET mailboxes = :mailboxes")
            .expression_attribute_values(":mailboxes", to_attribute("mailboxes", &mailboxes)?)
            .send()
            .await
            .named("UpdateItem")?;
        Ok(())
    }

    /// What is known of a mail that was seen; nothing of one that was not, or longer ago than guards stand.
    pub async fn mail_seen(&self, ses_id: &str) -> Result<Option<MailSeen>, StoreError> {
        let item = self.guard_item(&GuardKey::Attempts(ses_id.to_owned())).await?;
        Ok(item.and_then(|mut item| seen(&mut item)))
    }

    /// Remembers the number that a mail's own ticket would have at a mailbox: where this attempt fails, the next one takes the
    /// same, and finds what was stored under it.
    pub async fn note_drawn(
        &self,
        ses_id: &str,
        mailbox: &str,
        number: TicketNumber,
    ) -> Result<(), StoreError> {
        self.change_attempts(ses_id)
            .update_expression("SET #drawn = :number")
            .expression_attribute_names("#drawn", format!("{DRAWN}{mailbox}"))
            .expression_attribute_values(":number", n(number))
            .send()
            .await
            .named("UpdateItem")?;
        Ok(())
    }

    /// Takes an attempt back: it failed because the world did, which says nothing about the mail.
    pub async fn uncount_attempt(&self, ses_id: &str) -> Result<(), StoreError> {
        self.change_attempts(ses_id)
            .update_expression("ADD attempts :less")
            .expression_attribute_values(":less", n(-1))
            .send()
            .await
            .named("UpdateItem")?;
        Ok(())
    }

    /// Asks whether the sweep should nudge a mail in the spool now; each yes doubles the wait to the next.
    pub async fn may_redrive_mail(&self, ses_id: &str) -> Result<bool, StoreError> {
        let key = GuardKey::Attempts(ses_id.to_owned());
        let now = self.now();
        let item = self.guard_item(&key).await?.unwrap_or_default();
        let redrives: u32 = number_in(&item, "redrives").unwrap_or(0);
        let next: i64 = number_in(&item, "redrive_at").unwrap_or(0);
        if now.as_second() < next {
            return Ok(false);
        }
        let wait = docket_domain::outbox::wait_after(redrives + 1).as_secs();
        self.change_attempts(ses_id)
            .update_expression("SET redrives = :count, redrive_at = :next, expires_at = :end")
            .expression_attribute_values(":count", n(redrives + 1))
            .expression_attribute_values(":next", n(now.as_second() + wait))
            .expression_attribute_values(":end", n(now.as_second() + GUARD_SECONDS))
            .send()
            .await
            .named("UpdateItem")?;
        Ok(true)
    }
}

/// Whether a guard has not reached its end.
pub(crate) fn stands(item: &Item, now: Timestamp) -> bool {
    number_in::<i64>(item, "expires_at").is_some_and(|end| end > now.as_second())
}

/// What an item of attempts says of its mail.
fn seen(item: &mut Item) -> Option<MailSeen> {
    Some(MailSeen {
        first_at: Timestamp::from_second(number_in(item, "first_at")?).ok()?,
        mailboxes: value_in(item, "mailboxes").unwrap_or_default(),
    })
}

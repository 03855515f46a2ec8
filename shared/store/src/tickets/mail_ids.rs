//! Every mail id seen or given, and the tickets it leads to.

use crate::{
    StoreError,
    keys::ItemKey,
    parts::Tickets,
    table::{
        Role, Write,
        item::{Item, key_of, n, number_in, text_in},
    },
};
use docket_domain::{Digest, TicketNumber};
use std::collections::HashMap;

/// Most ids of one mail that are looked up and stored: its own and the nearest of its references. A mail may name hundreds, and
/// those who answer keep the last twenty (RFC 5322, section 3.6.4, lets a program trim them).
pub const MOST_IDS: usize = 20;
/// Before the digest of a mailbox in the name of the attribute that holds its ticket.
const MAILBOX: &str = "at_";

/// The attribute of an item that says which ticket a mail to agents was about.
const NOTICE: &str = "notice_of";
/// The attribute of an item that says of which ticket a mail was that was forwarded to somebody outside.
const FORWARD: &str = "forward_of";

/// Where mail ids lead.
#[derive(Clone, Debug, Default)]
pub struct MailIds {
    tickets: HashMap<Digest, Vec<(bool, TicketNumber)>>,
    notices: HashMap<Digest, TicketNumber>,
    forwards: HashMap<Digest, TicketNumber>,
}

impl MailIds {
    /// Where the ids of these items lead, asked about by a mailbox.
    pub(crate) fn of<'i>(items: impl IntoIterator<Item = &'i Item>, mailbox: &str) -> Self {
        let here = attribute(mailbox);
        let mut found = Self::default();
        for item in items {
            let digest = text_in(item, "PK").and_then(|pk| pk.rsplit('#').next());
            let Some(digest) = digest.map(Digest::from_key) else {
                continue;
            };
            if let Some(about) = number_in(item, NOTICE) {
                found.notices.insert(digest.clone(), TicketNumber(about));
            }
            if let Some(of) = number_in(item, FORWARD) {
                found.forwards.insert(digest.clone(), TicketNumber(of));
            }
            let leads = item.keys().filter(|name| name.starts_with(MAILBOX));
            let mut tickets: Vec<(bool, TicketNumber)> = leads
                .filter_map(|name| Some((*name == here, TicketNumber(number_in(item, name)?))))
                .collect();
            tickets.sort_by(|a, b| b.cmp(a));
            found.tickets.insert(digest, tickets);
        }
        found
    }

    /// The ticket that a mail to agents was about.
    pub fn notice(&self, id: &str) -> Option<TicketNumber> {
        self.notices.get(&mail_id_digest(id)).copied()
    }

    /// The ticket of which a mail was that was forwarded to somebody outside.
    pub fn forward(&self, id: &str) -> Option<TicketNumber> {
        self.forwards.get(&mail_id_digest(id)).copied()
    }

    /// The tickets that an id leads to: that of the mailbox asked about first, then the newest. `only_here`: those of other
    /// mailboxes are left out.
    pub fn tickets(&self, id: &str, only_here: bool) -> Vec<TicketNumber> {
        let found = self.tickets.get(&mail_id_digest(id)).into_iter().flatten();
        found
            .filter(|(is_here, _)| *is_here || !only_here)
            .map(|(_, number)| *number)
            .collect()
    }
}

impl Tickets<'_> {
    /// Where these ids lead, the first [`MOST_IDS`] of them, in one read, as of now.
    pub async fn of_mail_ids<'a>(
        self,
        ids: impl IntoIterator<Item = &'a str>,
        mailbox: &str,
    ) -> Result<MailIds, StoreError> {
        let keys = mail_id_keys(ids);
        if keys.is_empty() {
            return Ok(MailIds::default());
        }
        let items = self.0.get_items_strongly(&keys).await?;
        Ok(MailIds::of(&items, mailbox))
    }

    /// The parts that lead these ids to a ticket. An id goes on leading where it led first, so they have no condition.
    pub fn mail_id_writes<'a>(
        self,
        ids: impl IntoIterator<Item = &'a str>,
        mailbox: &str,
        ticket: TicketNumber,
    ) -> Vec<Write> {
        let name = attribute(mailbox);
        let expression = format!("SET {name} = if_not_exists({name}, :ticket)");
        bounded(ids)
            .into_iter()
            .map(|digest| {
                let key = key_of(&self.0.settings.tenant, &ItemKey::MailId(digest));
                Write::update(&self.0.settings.tickets_table, Role::State, key, &expression)
                    .with(":ticket", n(ticket))
            })
            .collect()
    }
}

impl Tickets<'_> {
    /// The part that remembers which ticket a mail to agents was about.
    pub fn notice_id_write(self, id: &str, ticket: TicketNumber) -> Write {
        self.id_write(NOTICE, id, ticket)
    }

    /// The part that remembers of which ticket a mail was that was forwarded to somebody outside.
    pub fn forward_id_write(self, id: &str, ticket: TicketNumber) -> Write {
        self.id_write(FORWARD, id, ticket)
    }

    fn id_write(self, name: &str, id: &str, ticket: TicketNumber) -> Write {
        let key = key_of(&self.0.settings.tenant, &ItemKey::MailId(mail_id_digest(id)));
        let expression = format!("SET {name} = if_not_exists({name}, :ticket)");
        Write::update(&self.0.settings.tickets_table, Role::State, key, &expression)
            .with(":ticket", n(ticket))
    }
}

/// The keys of the first [`MOST_IDS`] of these ids, each once.
pub(crate) fn mail_id_keys<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<ItemKey> {
    bounded(ids).into_iter().map(ItemKey::MailId).collect()
}

/// The attribute that holds a mailbox's ticket.
fn attribute(mailbox: &str) -> String {
    format!("{MAILBOX}{}", Digest::of(mailbox.to_lowercase().as_bytes()))
}

/// The digests of the first ids, each once.
fn bounded<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<Digest> {
    let mut digests: Vec<Digest> = Vec::new();
    for id in ids {
        if digests.len() == MOST_IDS {
            break;
        }
        let digest = mail_id_digest(id);
        if !digests.contains(&digest) {
            digests.push(digest);
        }
    }
    digests
}

/// The digest of a mail id. Ids that SES gives are known by their local part: its domain differs by region and is
/// not part of what SES answers.
fn mail_id_digest(id: &str) -> Digest {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    match id.rsplit_once('@') {
        Some((local, domain)) if domain.to_ascii_lowercase().ends_with("amazonses.com") => {
            Digest::of(local.as_bytes())
        }
        _ => Digest::of(id.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_very_many_ids_the_first_count_and_each_once() {
        let many: Vec<String> = (0..500).map(|n| format!("{}@example.com", n / 2)).collect();
        let digests = bounded(many.iter().map(String::as_str));
        assert_eq!(digests.len(), MOST_IDS);
        assert_eq!(digests.first(), Some(&mail_id_digest("0@example.com")));
        assert_eq!(digests.last(), Some(&mail_id_digest("19@example.com")));
    }

    #[test]
    fn an_id_of_ses_is_known_by_its_local_part() {
        let given = mail_id_digest("010f-abc");
        assert_eq!(mail_id_digest("<010f-abc@eu-west-1.amazonses.com>"), given);
        assert_eq!(mail_id_digest("010f-abc@email.amazonses.com"), given);
        assert_ne!(mail_id_digest("010f-abc@example.com"), given);
    }
}

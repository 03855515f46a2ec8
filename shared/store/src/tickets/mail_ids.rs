//! Every mail id seen or given, and the tickets it leads to.

use crate::{
    StoreError,
    keys::{ItemKey, mail_id_pk, number_at_end},
    parts::Tickets,
    table::{
        Role, Write,
        item::{key_of, text_in},
        page::Query,
    },
};
use docket_domain::{Digest, TicketNumber};

/// Most ids of one mail that are stored: its own and 20 references.
pub(crate) const MOST_IDS: usize = 21;
/// Most tickets one id may lead to: the same mail to several mailboxes.
const MOST_TICKETS: usize = 20;

impl Tickets<'_> {
    /// The tickets that a mail id leads to; those of this mailbox first, then the newest. `only_here`: those of other
    /// mailboxes are left out.
    pub async fn of_mail_id(
        self,
        id: &str,
        mailbox: &str,
        only_here: bool,
    ) -> Result<Vec<TicketNumber>, StoreError> {
        let pk = mail_id_pk(&self.0.settings.tenant, &mail_id_digest(id));
        let items = self.0.query(Query::partition(pk, MOST_TICKETS)).await?;
        let here = Digest::of(mailbox.to_lowercase().as_bytes());
        let mut found: Vec<(bool, TicketNumber)> = items
            .iter()
            .filter_map(|item| {
                let sk = text_in(item, "SK")?;
                Some((sk.starts_with(here.as_str()), number_at_end(sk)?))
            })
            .collect();
        found.retain(|(is_here, _)| *is_here || !only_here);
        found.sort_by(|a, b| b.cmp(a));
        Ok(found.into_iter().map(|(_, number)| number).collect())
    }

    /// The parts that lead these ids to a ticket. Putting one again changes nothing, so they have no condition.
    pub fn mail_id_writes<'a>(
        self,
        ids: impl IntoIterator<Item = &'a str>,
        mailbox: &str,
        ticket: TicketNumber,
    ) -> Vec<Write> {
        let mailbox = Digest::of(mailbox.to_lowercase().as_bytes());
        let mut digests: Vec<Digest> = Vec::new();
        for id in ids {
            let digest = mail_id_digest(id);
            if !digests.contains(&digest) && digests.len() < MOST_IDS {
                digests.push(digest);
            }
        }
        digests
            .into_iter()
            .map(|digest| {
                let item = key_of(
                    &self.0.settings.tenant,
                    &ItemKey::MailId(digest, mailbox.clone(), ticket),
                );
                Write::put(&self.0.settings.tickets_table, Role::State, item)
            })
            .collect()
    }
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
    fn an_id_of_ses_is_known_by_its_local_part() {
        let given = mail_id_digest("010f-abc");
        assert_eq!(mail_id_digest("<010f-abc@eu-west-1.amazonses.com>"), given);
        assert_eq!(mail_id_digest("010f-abc@email.amazonses.com"), given);
        assert_ne!(mail_id_digest("010f-abc@example.com"), given);
    }
}

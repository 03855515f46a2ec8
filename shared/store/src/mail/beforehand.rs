//! What is known of a mail before it is decided what becomes of it, in one read as of now.

use crate::{
    StoreError,
    keys::ItemKey,
    mail::automatic::{history_in, history_key},
    parts::Mail,
    table::{
        item::{Item, number_in, text_in},
        stands,
    },
    tickets::{MailIds, mail_id_keys},
};
use docket_domain::{
    OrganizationId, PersonId, Timestamp,
    contact::automatic::AutomaticHistory,
    people::{organization::Claim, person::Identity},
};

/// What one read tells of a mail. The commit checks what hangs on it.
#[derive(Clone, Debug, Default)]
pub struct Beforehand {
    /// Where its own id and those that it refers to lead.
    pub ids: MailIds,
    /// Whose its sender's address is.
    pub person: Option<PersonId>,
    /// The organization to which the domain of that address belongs.
    pub organization: Option<OrganizationId>,
    /// The automatic mails that went to the address lately.
    pub automatic: AutomaticHistory,
}

impl Mail<'_> {
    /// Reads what is known of a mail with these ids at a mailbox, from this address.
    pub async fn beforehand<'a>(
        self,
        ids: impl IntoIterator<Item = &'a str>,
        mailbox: &str,
        sender: &str,
        now: Timestamp,
    ) -> Result<Beforehand, StoreError> {
        let ids = mail_id_keys(ids);
        let identity = ItemKey::Identity(Identity::email(sender).digest());
        let claim = Claim::domain_of(sender).map(|claim| ItemKey::Claim(claim.kind(), claim.digest()));
        let keys: Vec<ItemKey> = ids.iter().chain([&identity]).chain(&claim).cloned().collect();
        let read = self.0.get_from_both(&keys, &[history_key(sender)]).await?;
        let mut histories = read.guards.into_iter().filter(|item| stands(item, now));
        let automatic = histories
            .next()
            .map_or_else(|| Ok(AutomaticHistory::default()), history_in)?;
        let tenant = &self.0.settings.tenant;
        let is = |item: &Item, key: &ItemKey| text_in(item, "PK") == Some(&key.pk(tenant));
        let find = |key: &ItemKey| read.tickets.iter().find(|item| is(item, key));
        let of_ids = read
            .tickets
            .iter()
            .filter(|item| ids.iter().any(|key| is(item, key)));
        Ok(Beforehand {
            ids: MailIds::of(of_ids, mailbox),
            person: find(&identity).and_then(|item| number_in(item, "person_id").map(PersonId)),
            organization: claim
                .and_then(|claim| number_in(find(&claim)?, "organization_id"))
                .map(OrganizationId),
            automatic,
        })
    }
}

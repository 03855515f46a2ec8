//! What is known of a mail at one try: where its ids lead, who its sender is. Read anew at each.

use crate::{Delivery, IntakeError, understood::Understood};
use docket_desk::MailIds;
use docket_domain::{
    OrganizationId, Timestamp, contact::automatic::AutomaticHistory, people::person::Person,
};

/// What is known of a mail.
pub(crate) struct Known {
    /// The time of the try.
    pub now: Timestamp,
    /// Where its own id and those that it refers to lead.
    pub ids: MailIds,
    /// Whose its author's address is.
    pub author: Option<Person>,
    /// The organization of somebody new from that address.
    pub organization: Option<OrganizationId>,
    /// The automatic mails that went to the address lately.
    pub automatic: AutomaticHistory,
}

impl Known {
    /// Reads it.
    pub async fn of(
        delivery: &Delivery<'_>,
        mail: &Understood<'_>,
        now: Timestamp,
    ) -> Result<Self, IntakeError> {
        let desk = delivery.desk;
        let own = mail.mail.message_id.as_ref();
        let ids = own.into_iter().chain(&mail.clues.ids).map(String::as_str);
        let (mailbox, address) = (&delivery.place.mailbox, &mail.author.address);
        let read = desk.mail().beforehand(ids, mailbox, address, now).await?;
        let author = match read.person {
            Some(id) => desk.people().get(id).await?,
            None => None,
        };
        Ok(Self {
            now,
            ids: read.ids,
            author,
            organization: read.organization,
            automatic: read.automatic,
        })
    }
}

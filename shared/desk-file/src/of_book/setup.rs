//! Where contacts come in, as it is written.

use super::{NoName, group_name};
use crate::{
    names::DeskNames,
    sections::{ChannelEntry, DeskFile, MailboxEntry},
};
use docket_domain::configuration::{Mailbox, Setup};

impl DeskFile {
    /// The file with the sections of a set-up.
    ///
    /// # Errors
    ///
    /// When the set-up speaks of what has no name.
    pub fn with_setup(mut self, setup: &Setup, names: &DeskNames) -> Result<Self, NoName> {
        let mailboxes = setup
            .mailboxes
            .iter()
            .map(|mailbox| mailbox_entry(mailbox, names));
        self.mailboxes = Some(mailboxes.collect::<Result<_, _>>()?);
        let channels = setup.channels.iter().map(|channel| ChannelEntry {
            name: channel.name.clone(),
            kind: channel.kind.into(),
        });
        self.channels = Some(channels.collect());
        Ok(self)
    }
}

fn mailbox_entry(mailbox: &Mailbox, names: &DeskNames) -> Result<MailboxEntry, NoName> {
    let of = || format!("mailbox {:?}", mailbox.address);
    Ok(MailboxEntry {
        address: mailbox.address.clone(),
        name: mailbox.name.clone(),
        aliases: mailbox.aliases.clone(),
        group: match mailbox.group {
            Some(group) => Some(group_name(group, names, of)?),
            None => None,
        },
        signature: mailbox.signature.clone(),
        answer_template: mailbox.answer_template.clone(),
        acknowledgement_template: mailbox.acknowledgement_template.clone(),
        acknowledgement_subject: mailbox.acknowledgement_subject.clone(),
        silent: mailbox.is_silent,
        contact_forms: mailbox.contact_forms.clone(),
    })
}

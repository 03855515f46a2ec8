//! Sections `mailboxes` and `channels`.

use super::{Work, lookup::group};
use crate::{
    names::DeskNames,
    problem::{Path, Problems},
    sections::{ChannelEntry, MailboxEntry},
    written::Written,
};
use docket_domain::{
    configuration::{
        HookChannel, MOST_CHANNELS, MOST_MAILBOXES, Mailbox, MailboxPart, RESERVED_CHANNEL, Setup,
    },
    sla::Book,
};
use docket_mail::{TemplateKind, check_template};

/// Longest name of a channel in bytes.
const LONGEST_CHANNEL: usize = 40;

impl Written {
    /// The set-up that the file makes of `base`; a mailbox that has kept its address keeps its number. Without the desk's names,
    /// groups may be called anything; without its domain, mailboxes may be of any.
    ///
    /// # Errors
    ///
    /// All that is wrong with what the file says of it.
    pub fn setup(
        &self,
        base: &Setup,
        names: Option<&DeskNames>,
        mail_domain: &str,
    ) -> Result<Setup, Problems> {
        let book = Book::default();
        let mut work = Work {
            written: self,
            base: &book,
            names,
            imports: &|_| Err("there is nothing to import".to_owned()),
            problems: Vec::new(),
            notes: Vec::new(),
        };
        let mut setup = base.clone();
        if let Some(entries) = &self.file.mailboxes {
            mailboxes(&mut work, entries, &mut setup, mail_domain);
        }
        if let Some(entries) = &self.file.channels {
            setup.channels = channels(&mut work, entries);
        }
        Problems::of(work.problems)?;
        Ok(setup)
    }
}

fn mailboxes(work: &mut Work<'_>, entries: &[MailboxEntry], setup: &mut Setup, mail_domain: &str) {
    let section = Path::default().key("mailboxes");
    if !(1..=MOST_MAILBOXES).contains(&entries.len()) {
        let message = format!(
            "{} mailboxes, 1 to {MOST_MAILBOXES} are allowed; the first serves tickets that did not come by mail",
            entries.len()
        );
        return work.problem(&section, message);
    }
    setup.last_mailbox_id = setup.next_mailbox_id() - 1;
    let before = std::mem::take(&mut setup.mailboxes);
    for (index, entry) in entries.iter().enumerate() {
        let path = section.entry(index);
        let address = canonical(&entry.address);
        let known = before.iter().find(|mailbox| mailbox.address == address);
        // What stands twice is told as taken; its number must be another to be seen.
        let is_free = |mailbox: &&Mailbox| setup.mailbox_of_id(mailbox.id).is_none();
        let id = known
            .filter(is_free)
            .map_or_else(|| setup.next_mailbox_id(), |mailbox| mailbox.id);
        setup.last_mailbox_id = setup.last_mailbox_id.max(id);
        let mailbox = Mailbox {
            id,
            address,
            name: entry.name.clone(),
            aliases: entry.aliases.iter().map(|alias| canonical(alias)).collect(),
            group: entry
                .group
                .as_ref()
                .map(|name| group(work, name, &path.key("group"))),
            signature: entry.signature.clone(),
            answer_template: entry.answer_template.clone(),
            acknowledgement_template: entry.acknowledgement_template.clone(),
            acknowledgement_subject: entry.acknowledgement_subject.clone(),
            is_silent: entry.silent,
            contact_forms: entry.contact_forms.iter().map(|form| canonical(form)).collect(),
        };
        check_templates(work, &mailbox, &path);
        setup.mailboxes.push(mailbox);
    }
    // Each among all others, so that a contact form can't be a mailbox that stands behind it.
    for index in 0..setup.mailboxes.len() {
        if let Err((part, error)) = setup.check_mailbox(&setup.mailboxes[index], mail_domain) {
            let path = place_of(part, &section.entry(index));
            work.problem(&path, error.to_string());
        }
    }
}

/// An address as it is stored.
fn canonical(address: &str) -> String {
    address.trim().to_lowercase()
}

fn check_templates(work: &mut Work<'_>, mailbox: &Mailbox, path: &Path) {
    for (key, kind, template) in [
        ("signature", TemplateKind::Signature, &mailbox.signature),
        ("answer_template", TemplateKind::Answer, &mailbox.answer_template),
        (
            "acknowledgement_template",
            TemplateKind::Acknowledgement,
            &mailbox.acknowledgement_template,
        ),
    ] {
        if let Some(template) = template
            && let Err(error) = check_template(kind, template)
        {
            work.problem(&path.key(key), error.to_string());
        }
    }
}

fn place_of(part: MailboxPart, path: &Path) -> Path {
    let entry = |key: &str, at: Option<usize>| {
        let list = path.key(key);
        at.map_or(list.clone(), |at| list.entry(at))
    };
    match part {
        MailboxPart::Address => path.key("address"),
        MailboxPart::Aliases(at) => entry("aliases", at),
        MailboxPart::ContactForms(at) => entry("contact_forms", at),
        MailboxPart::Name => path.key("name"),
        MailboxPart::AcknowledgementSubject => path.key("acknowledgement_subject"),
        MailboxPart::Signature => path.key("signature"),
        MailboxPart::AnswerTemplate => path.key("answer_template"),
        MailboxPart::AcknowledgementTemplate => path.key("acknowledgement_template"),
    }
}

fn channels(work: &mut Work<'_>, entries: &[ChannelEntry]) -> Vec<HookChannel> {
    let section = Path::default().key("channels");
    if entries.len() > MOST_CHANNELS {
        let message = format!("{} channels, at most {MOST_CHANNELS} are allowed", entries.len());
        work.problem(&section, message);
    }
    for (index, entry) in entries.iter().enumerate() {
        let path = section.entry(index).key("name");
        let is_right = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(1..=LONGEST_CHANNEL).contains(&entry.name.len()) || !entry.name.chars().all(is_right) {
            let message = format!("a channel's name has 1 to {LONGEST_CHANNEL} characters a-z, 0-9 and -");
            work.problem(&path, message);
        } else if entry.name == RESERVED_CHANNEL {
            let message =
                format!("{RESERVED_CHANNEL:?} is what the desk calls its own calls; take another name");
            work.problem(&path, message);
        }
        if let Some(first) = entries[..index].iter().position(|other| other.name == entry.name) {
            work.problem(
                &path,
                format!("channels[{first}] is called {:?}, too", entry.name),
            );
        }
    }
    let channels = entries.iter().map(|entry| HookChannel {
        name: entry.name.clone(),
        kind: entry.kind.into(),
    });
    channels.collect()
}

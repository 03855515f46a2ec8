//! A mail that an agent passes on: the ticket is that of whoever wrote the original.
//!
//! What the agent sent stays whole, as a note that only agents see; what they passed on is the ticket's first comment. So
//! nothing of the agent's own words is ever shown to the customer.

use crate::{
    Delivery,
    places::mailbox_of,
    understood::{Author, Understood},
};
use docket_desk::tickets::NewComment;
use docket_domain::{
    PersonId,
    contact::{
        comment::{AuthorRole, CommentBody, bounded_text},
        intake::Dmarc,
    },
};
use docket_mail::{Attachment, ForwardSign, Forwarded, InboundMail, forwarded, without_forward_prefixes};

/// What an agent passes on.
pub(crate) struct PassedOn {
    /// Who wrote it. Nothing proves it but the agent's word.
    pub author: Author,
    /// What it is about.
    pub subject: String,
    text: String,
    html: Option<String>,
    files: Vec<Attachment>,
    /// What could not be read of the mail that is attached, in words.
    problems: Vec<String>,
}

impl PassedOn {
    /// What a mail of an agent passes on; nothing where it passes nothing on, or nobody vouches that it is the agent's.
    pub fn of(delivery: &Delivery<'_>, understood: &Understood<'_>) -> Option<Self> {
        let (mail, from) = (understood.mail, &understood.author);
        if from.dmarc != Dmarc::Pass || from.contact_form.is_some() {
            return None;
        }
        let found = forwarded(mail)?;
        let is_own = found.from.address.eq_ignore_ascii_case(&from.address);
        if is_own || mailbox_of(&found.from.address, delivery.setup).is_some() {
            return None;
        }
        let author = Author {
            address: found.from.address.clone(),
            name: found.from.name.clone().unwrap_or_default(),
            dmarc: Dmarc::Unknown,
            contact_form: None,
            is_sender: false,
            is_named: true,
        };
        let stated = found.subject.clone();
        let subject = stated.unwrap_or_else(|| without_forward_prefixes(&mail.subject));
        match found.start_bytes {
            // Whose files they are nobody can tell: they stay with the agent's note.
            Some(start) => Some(Self {
                author,
                subject,
                text: mail.text.get(start..)?.to_owned(),
                html: None,
                files: vec![],
                problems: vec![],
            }),
            None => original(mail, &found).map(|original| Self {
                author,
                subject,
                problems: original.problems(),
                text: original.text,
                html: original.html,
                files: original.attachments,
            }),
        }
    }

    /// The first comment, from the one that the whole mail makes. The mail itself stays with the agent's note.
    pub fn comment(self, whole: &NewComment, author: PersonId) -> NewComment {
        let (text, was_cut) = bounded_text(&self.text);
        let cut = "the text is longer than 64 KB and was cut; the agent's own mail has it whole";
        let mut problems = self.problems;
        problems.extend(was_cut.then(|| cut.to_owned()));
        NewComment {
            author,
            role: AuthorRole::Requester,
            public: true,
            channel: whole.channel.clone(),
            body: CommentBody {
                text: text.to_owned(),
                html: self.html,
                problems,
                ..CommentBody::default()
            },
            attachments: self.files.iter().map(super::comment::attachment).collect(),
            mail: None,
            automatic: None,
        }
    }
}

/// The mail that is attached, as it can be read.
fn original(mail: &InboundMail, found: &Forwarded) -> Option<InboundMail> {
    if found.sign != ForwardSign::AttachedMail {
        return None;
    }
    let is_mail = |file: &&Attachment| file.content_type == "message/rfc822";
    let attached = mail.attachments.iter().find(is_mail)?;
    docket_mail::read(&attached.bytes, None).ok()
}

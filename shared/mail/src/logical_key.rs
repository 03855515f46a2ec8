//! The logical key of a mail: what makes two deliveries the same mail although their transport ids differ.

use sha2::{Digest, Sha256};

use crate::inbound::InboundMail;

/// The digest over (mailbox, Message-ID, From, Reply-To, Subject, body with its files), by which the same mail delivered twice is known.
///
/// `None` without a Message-ID: identical alerts are each a contact. Never the Message-ID alone: senders
/// reuse it. The mailbox and the address of From count without regard to case.
pub fn logical_key(mailbox: &str, mail: &InboundMail) -> Option<[u8; 32]> {
    let message_id = mail.message_id.as_deref()?;
    let from = mail
        .from
        .as_ref()
        .map(|from| from.address.to_lowercase())
        .unwrap_or_default();
    let mut key = Sha256::new();
    let reply_to = mail.reply_to.as_ref().map(|to| to.address.to_lowercase());
    key.update(b"docket logical key 2");
    for field in [
        mailbox.to_lowercase().as_bytes(),
        message_id.as_bytes(),
        from.as_bytes(),
        reply_to.unwrap_or_default().as_bytes(),
        mail.subject.as_bytes(),
        &body_digest(mail),
    ] {
        update_with_length(&mut key, field);
    }
    Some(key.finalize().into())
}

fn body_digest(mail: &InboundMail) -> [u8; 32] {
    let mut body = Sha256::new();
    update_with_length(&mut body, mail.text.as_bytes());
    update_with_length(&mut body, mail.html.as_deref().unwrap_or_default().as_bytes());
    for attachment in &mail.attachments {
        update_with_length(&mut body, attachment.name.as_bytes());
        update_with_length(&mut body, &attachment.bytes);
    }
    body.finalize().into()
}

/// Feeds a field with its length before it, so that no two lists of fields give the same bytes.
fn update_with_length(digest: &mut Sha256, field: &[u8]) {
    digest.update((field.len() as u64).to_be_bytes());
    digest.update(field);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbound::{Attachment, Mailbox};

    fn mail() -> InboundMail {
        InboundMail {
            message_id: Some("1@a.example".into()),
            from: Some(Mailbox::new("Ann@a.example")),
            text: "hello".into(),
            ..InboundMail::default()
        }
    }

    #[test]
    fn the_same_mail_has_the_same_key() {
        assert_eq!(
            logical_key("help@b.example", &mail()),
            logical_key("Help@B.example", &mail())
        );
    }

    #[test]
    fn every_field_counts() {
        let key = logical_key("help@b.example", &mail());
        assert_ne!(key, logical_key("sales@b.example", &mail()));
        assert_ne!(
            key,
            logical_key(
                "help@b.example",
                &InboundMail {
                    message_id: Some("2@a.example".into()),
                    ..mail()
                }
            )
        );
        assert_ne!(
            key,
            logical_key("help@b.example", &InboundMail { from: None, ..mail() })
        );
        assert_ne!(
            key,
            logical_key(
                "help@b.example",
                &InboundMail {
                    text: "hello!".into(),
                    ..mail()
                }
            )
        );
        assert_ne!(
            key,
            logical_key(
                "help@b.example",
                &InboundMail {
                    html: Some("hello".into()),
                    ..mail()
                }
            )
        );
    }

    #[test]
    fn an_alert_about_something_else_under_the_same_id_is_another_mail() {
        let key = |mail: &InboundMail| logical_key("help@b.example", mail);
        let other = InboundMail {
            subject: "CPU is high".into(),
            ..mail()
        };
        assert_ne!(key(&mail()), key(&other));
        let by_another = InboundMail {
            reply_to: Some(Mailbox::new("eve@a.example")),
            ..mail()
        };
        assert_ne!(key(&mail()), key(&by_another));
    }

    #[test]
    fn attached_files_count_by_their_names_and_bytes() {
        let key = |files: &[(&str, &[u8])]| {
            let attachments = files.iter().map(|(name, bytes)| Attachment {
                name: (*name).to_owned(),
                content_type: "text/plain".to_owned(),
                content_id: None,
                inline: false,
                bytes: bytes::Bytes::copy_from_slice(bytes),
            });
            let attachments = attachments.collect();
            logical_key(
                "help@b.example",
                &InboundMail {
                    attachments,
                    ..mail()
                },
            )
        };
        let invoice = key(&[("invoice.txt", b"40 EUR")]);
        assert_eq!(invoice, key(&[("invoice.txt", b"40 EUR")]));
        assert_ne!(invoice, key(&[]));
        assert_ne!(invoice, key(&[("invoice.txt", b"41 EUR")]));
        assert_ne!(invoice, key(&[("receipt.txt", b"40 EUR")]));
        assert_ne!(invoice, key(&[("invoice.txt4", b"0 EUR")]));
        assert_ne!(invoice, key(&[("invoice.txt", b"40 EUR"), ("b.txt", b"")]));
    }

    #[test]
    fn a_mail_without_a_message_id_has_no_key() {
        assert_eq!(
            logical_key(
                "help@b.example",
                &InboundMail {
                    message_id: None,
                    ..mail()
                }
            ),
            None
        );
    }

    #[test]
    fn fields_do_not_run_into_one_another() {
        let one = InboundMail {
            message_id: Some("ab".into()),
            from: Some(Mailbox::new("c")),
            ..mail()
        };
        let two = InboundMail {
            message_id: Some("a".into()),
            from: Some(Mailbox::new("bc")),
            ..mail()
        };
        assert_ne!(logical_key("m", &one), logical_key("m", &two));
    }
}

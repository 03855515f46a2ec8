//! What a mail says on its envelope's face, for one that is not read: who it is from, its subject, its id.

use crate::{inbound::InboundMail, read::read, ses_headers::below_ses_block};

/// Most bytes looked through for the fields.
const MAX_LOOKED_BYTES: usize = 64 * 1024;
/// Longest field taken, folds included; what is longer is cut.
const MAX_FIELD_BYTES: usize = 1_000;
/// The fields.
const FIELDS: [&[u8]; 4] = [b"from:", b"subject:", b"message-id:", b"date:"];

/// Reads the few fields, each once and cut to a bound, and nothing else of a mail that may be harmful.
pub fn peek(raw: &[u8]) -> InboundMail {
    let own = below_ses_block(raw);
    let mut face: Vec<u8> = Vec::new();
    let mut taken = [false; FIELDS.len()];
    let mut room = 0;
    for line in own[..own.len().min(MAX_LOOKED_BYTES)].split_inclusive(|b| *b == b'\n') {
        let folds = line.starts_with(b" ") || line.starts_with(b"\t");
        if line.trim_ascii().is_empty() {
            break;
        }
        if !folds {
            let at = FIELDS.iter().position(|field| {
                line.get(..field.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(field))
            });
            room = match at {
                Some(at) if !taken[at] => {
                    taken[at] = true;
                    MAX_FIELD_BYTES
                }
                _ => 0,
            };
        }
        if room > 0 {
            let part = &line[..line.len().min(room)];
            face.extend(part.iter().filter(|b| **b != 0));
            if !part.ends_with(b"\n") {
                face.extend(b"\r\n");
            }
            room -= part.len();
        }
    }
    face.extend(b"\r\n");
    read(&face, None).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_still_has_a_face() {
        let mut bomb = b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nFrom: Ann\r\n <ann@a.example>\r\n".to_vec();
        bomb.extend(b"Content-Type: message/rfc822\r\n\r\n".repeat(50_000));
        let mail = peek(&bomb);
        assert_eq!(mail.subject, "Grüße");
        assert_eq!(
            mail.from.map(|from| from.address),
            Some("ann@a.example".to_owned())
        );
    }

    #[test]
    fn what_is_no_mail_has_none() {
        assert_eq!(peek(b"\0\x01"), InboundMail::default());
        assert_eq!(peek(b""), InboundMail::default());
    }

    #[test]
    fn a_long_field_is_cut() {
        let mail = peek(format!("Subject: {}\r\n\r\n", "x".repeat(100_000)).as_bytes());
        assert!(mail.subject.len() < MAX_FIELD_BYTES);
    }
}

//! The header block that SES puts on top of a mail it stores: recipients and verdicts for a mail whose
//! receipt notification was lost.
//!
//! SES writes `Return-Path`, its `Received`, `X-SES-Spam-Verdict`, `X-SES-Virus-Verdict`, `Received-SPF`,
//! `Authentication-Results` and `X-SES-RECEIPT` above the sender's own header (SES developer guide, sample
//! incoming event, 2019; unchanged in mails of 2025). Only what stands down to the first `X-SES-RECEIPT` counts:
//! below it the sender may have written anything.

use crate::verdict::{Verdict, Verdicts};

/// What SES's own header block says. What is missing counts as not PASS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SesHeaders {
    /// The envelope sender of `Return-Path`; `Some("")` for the null return path.
    pub mail_from: Option<String>,
    /// The envelope recipient that SES's `Received` names. Empty when it names none, as with several.
    pub recipients: Vec<String>,
    /// The verdicts; [`Verdict::Missing`] where SES wrote none.
    pub verdicts: Verdicts,
}

/// Most bytes of SES's block: it is below 4 KB in practice.
const MAX_BLOCK_BYTES: usize = 32 * 1024;

/// Reads SES's own header block. `None` when the mail does not start with one that SES can have written.
pub fn ses_headers(raw: &[u8]) -> Option<SesHeaders> {
    let block = ses_block(raw)?;
    let mut headers = SesHeaders::default();
    let mut spam = Once::default();
    let mut virus = Once::default();
    let mut results = Once::default();
    let mut spf = Once::default();
    let mut received = Once::default();
    for (name, value) in &block {
        match name.as_str() {
            "return-path" => headers.mail_from = Some(value.trim_matches(['<', '>', ' ']).to_owned()),
            "received" => received.set(value),
            "x-ses-spam-verdict" => spam.set(value),
            "x-ses-virus-verdict" => virus.set(value),
            "received-spf" => spf.set(value),
            "authentication-results" => results.set(value),
            _ => {}
        }
    }
    // Every mail that SES stores carries its own hop; a block without it is somebody else's writing.
    headers.recipients = recipients(received.value()?)?;
    let results = results.value().and_then(ses_results).unwrap_or_default();
    headers.verdicts = Verdicts {
        spf: method(results, "spf").unwrap_or_else(|| spf.value().map(spf_word).unwrap_or_default()),
        dkim: method(results, "dkim").unwrap_or_default(),
        dmarc: method(results, "dmarc").unwrap_or_default(),
        spam: spam.value().map(Verdict::from_word).unwrap_or_default(),
        virus: virus.value().map(Verdict::from_word).unwrap_or_default(),
    };
    Some(headers)
}

/// What the sender's host handed over: the mail below SES's own block, or all of it where there is none.
pub(crate) fn below_ses_block(raw: &[u8]) -> &[u8] {
    if ses_headers(raw).is_none() {
        return raw;
    }
    let mut rest = raw;
    let mut past_receipt = false;
    while let Some(end) = rest.iter().position(|b| *b == b'\n') {
        let line = &rest[..end];
        let starts = |name: &str| {
            line.get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        };
        if past_receipt
            && !line.starts_with(b" ")
            && !line.starts_with(b"\t")
            && !starts("X-SES-DKIM-SIGNATURE:")
        {
            break;
        }
        past_receipt = past_receipt || starts("X-SES-RECEIPT:");
        rest = &rest[end + 1..];
    }
    rest
}

/// A field that SES writes once: written twice, neither can be trusted.
#[derive(Default)]
struct Once<'a> {
    value: Option<&'a str>,
    again: bool,
}

impl<'a> Once<'a> {
    fn set(&mut self, value: &'a str) {
        self.again = self.again || self.value.is_some();
        self.value = Some(value);
    }

    fn value(&self) -> Option<&'a str> {
        self.value.filter(|_| !self.again)
    }
}

/// The fields above the first `X-SES-RECEIPT`: names in lower case, values unfolded.
fn ses_block(raw: &[u8]) -> Option<Vec<(String, String)>> {
    let head = &raw[..raw.len().min(MAX_BLOCK_BYTES)];
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in head.split(|b| *b == b'\n') {
        let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line));
        if line.starts_with([' ', '\t']) {
            let (_, value) = fields.last_mut()?;
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        let (name, value) = line.split_once(':')?;
        let name = name.to_ascii_lowercase();
        if name == "x-ses-receipt" {
            return Some(fields);
        }
        fields.push((name, value.trim().to_owned()));
    }
    None
}

/// The recipients of SES's own hop: `... by inbound-smtp.<region>.amazonaws.com with SMTP id <id> for <addr>;`.
/// `None` when another host wrote it.
fn recipients(received: &str) -> Option<Vec<String>> {
    // The date follows the last semicolon; `from` and its comments come before `by` and are the sender's.
    let hop = received.rsplit_once(';').map_or(received, |(hop, _)| hop);
    let by = hop.rsplit_once(" by ").map_or(hop, |(_, by)| by);
    let mut words = by.split_whitespace();
    let host = words.next()?.to_ascii_lowercase();
    let region = host
        .strip_prefix("inbound-smtp.")?
        .strip_suffix(".amazonaws.com")?;
    if region.is_empty() || region.contains('.') {
        return None;
    }
    let mut words = words.skip_while(|word| *word != "for").skip(1);
    let address = words
        .next()
        .map(|word| word.trim_matches(['<', '>', ',', ';']))
        .unwrap_or_default();
    let alone = words.next().is_none();
    Some(if alone && address.contains('@') {
        vec![address.to_owned()]
    } else {
        Vec::new()
    })
}

/// The results part of an `Authentication-Results` that SES wrote (RFC 8601: the server's name comes first).
fn ses_results(value: &str) -> Option<&str> {
    let (server, results) = value.split_once(';')?;
    (server.trim() == "amazonses.com").then_some(results)
}

/// The verdict of one method, in SES's words: a softfail or none is GRAY as in its receipts.
fn method(results: &str, method: &str) -> Option<Verdict> {
    let mut verdicts = outside_comments(results)
        .split(';')
        .filter_map(|result| {
            let (name, rest) = result.trim().split_once('=')?;
            name.eq_ignore_ascii_case(method).then(|| word(rest))
        })
        .collect::<Vec<_>>();
    // Several DKIM signatures have a result each; one that passes makes the mail pass.
    if verdicts.contains(&Verdict::Pass) {
        Some(Verdict::Pass)
    } else {
        verdicts.pop()
    }
}

fn spf_word(value: &str) -> Verdict {
    word(value)
}

fn word(text: &str) -> Verdict {
    let word = text
        .trim()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    match word.to_ascii_lowercase().as_str() {
        "pass" => Verdict::Pass,
        "fail" | "permerror" => Verdict::Fail,
        "none" | "neutral" | "softfail" | "policy" => Verdict::Gray,
        "temperror" => Verdict::ProcessingFailed,
        _ => Verdict::Missing,
    }
}

/// The text without parenthesised comments, in which the sender's domain stands.
fn outside_comments(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_sender_wrote_begins_below_the_block() {
        let whole = mail("", "");
        let own = String::from_utf8_lossy(below_ses_block(whole.as_bytes())).into_owned();
        assert!(own.starts_with("Received: by evil.example"), "{own}");
        assert_eq!(
            below_ses_block(b"From: a@b.example\r\n\r\nx"),
            b"From: a@b.example\r\n\r\nx"
        );
    }

    /// A block in the shape SES writes, with made-up hosts and addresses.
    fn mail(results: &str, more: &str) -> String {
        format!(
            "Return-Path: <ann@a.example>\r\n\
             Received: from mx.a.example (mx.a.example [192.0.2.7])\r\n by inbound-smtp.eu-west-1.amazonaws.com with SMTP id k6sbr4gf\r\n \
             for help@in.desk.example;\r\n Thu, 20 Feb 2025 12:38:04 +0000 (UTC)\r\n\
             X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: FAIL\r\n\
             Received-SPF: softfail (spfCheck: transitioning domain) client-ip=192.0.2.7;\r\n\
             {results}{more}X-SES-RECEIPT: AEFBQUFB\r\nX-SES-DKIM-SIGNATURE: a=rsa-sha256;\r\n\
             Received: by evil.example for <boss@in.desk.example>; now\r\n\
             X-SES-Spam-Verdict: PASS\r\nAuthentication-Results: amazonses.com; dmarc=pass;\r\n\
             From: ann@a.example\r\n\r\nhello\r\n"
        )
    }

    const RESULTS: &str = "Authentication-Results: amazonses.com;\r\n spf=pass (spfCheck: domain of a.example; dmarc=pass) client-ip=192.0.2.7; envelope-from=ann@a.example;\r\n dkim=pass header.i=@a.example;\r\n dmarc=none header.from=a.example;\r\n";

    #[test]
    fn the_block_of_ses_is_read() {
        let headers = ses_headers(mail(RESULTS, "").as_bytes()).unwrap();
        let verdicts = Verdicts {
            spf: Verdict::Pass,
            dkim: Verdict::Pass,
            dmarc: Verdict::Gray,
            spam: Verdict::Pass,
            virus: Verdict::Fail,
        };
        let expected = SesHeaders {
            mail_from: Some("ann@a.example".into()),
            recipients: vec!["help@in.desk.example".into()],
            verdicts,
        };
        assert_eq!(headers, expected);
    }

    #[test]
    fn what_the_sender_wrote_below_does_not_count() {
        let headers = ses_headers(mail("", "").as_bytes()).unwrap();
        assert_eq!(headers.verdicts.dmarc, Verdict::Missing);
        assert_eq!(headers.verdicts.dkim, Verdict::Missing);
        assert_eq!(headers.verdicts.spf, Verdict::Gray);
        assert_eq!(headers.recipients, ["help@in.desk.example"]);
    }

    #[test]
    fn results_of_another_server_do_not_count() {
        let other = "Authentication-Results: mx.evil.example; dmarc=pass; dkim=pass\r\n";
        assert_eq!(
            ses_headers(mail(other, "").as_bytes()).unwrap().verdicts.dmarc,
            Verdict::Missing
        );
    }

    #[test]
    fn a_field_written_twice_counts_as_missing() {
        let headers = ses_headers(mail(RESULTS, "X-SES-Spam-Verdict: PASS\r\n").as_bytes()).unwrap();
        assert_eq!(headers.verdicts.spam, Verdict::Missing);
        assert_eq!(
            ses_headers(mail(RESULTS, RESULTS).as_bytes())
                .unwrap()
                .verdicts
                .dmarc,
            Verdict::Missing
        );
    }

    #[test]
    fn a_mail_without_the_block_has_none() {
        assert_eq!(
            ses_headers(b"From: a@b.example\r\n\r\nX-SES-RECEIPT: x\r\n"),
            None
        );
        assert_eq!(
            ses_headers(b"X-SES-RECEIPT: x\r\nFrom: a@b.example\r\n\r\n"),
            None
        );
        assert_eq!(
            ses_headers(b"Received: by mx.evil.example for a@b.example;\r\nX-SES-RECEIPT: x\r\n\r\n"),
            None
        );
        assert_eq!(ses_headers(b""), None);
    }

    #[test]
    fn a_host_name_in_the_senders_greeting_is_not_the_hop() {
        let forged = "Received: from x by inbound-smtp.eu-west-1.amazonaws.com for boss@in.desk.example (mx [192.0.2.7])\r\n by mx.evil.example with SMTP;\r\n now\r\nX-SES-RECEIPT: x\r\n\r\n";
        assert_eq!(ses_headers(forged.as_bytes()), None);
    }

    #[test]
    fn several_recipients_are_not_guessed() {
        let raw = "Received: from x by inbound-smtp.eu-west-1.amazonaws.com with SMTP id 1;\n now\nX-SES-RECEIPT: x\n\n";
        assert_eq!(
            ses_headers(raw.as_bytes()).unwrap().recipients,
            Vec::<String>::new()
        );
    }

    #[test]
    fn one_passing_signature_is_enough() {
        let results = "Authentication-Results: amazonses.com; dkim=fail header.i=@l.example; dkim=pass header.i=@a.example;\r\n";
        assert_eq!(
            ses_headers(mail(results, "").as_bytes()).unwrap().verdicts.dkim,
            Verdict::Pass
        );
    }
}

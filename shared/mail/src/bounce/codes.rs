//! SMTP reply codes (RFC 5321) and enhanced status codes (RFC 3463) within text.

use std::fmt;
use std::str::FromStr;

/// An enhanced mail system status code: class, subject, detail (RFC 3463, section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnhancedStatus {
    /// 2 success, 4 persistent transient failure, 5 permanent failure.
    pub class: u8,
    /// The subject: 1 addressing, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 security or policy.
    pub subject: u16,
    /// The detail within the subject.
    pub detail: u16,
}

impl EnhancedStatus {
    /// Whether only the class says something (`5.0.0`).
    pub fn is_general(self) -> bool {
        self.subject == 0 && self.detail == 0
    }
}

impl fmt::Display for EnhancedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

impl FromStr for EnhancedStatus {
    type Err = ();

    /// Reads a code that is the whole text.
    fn from_str(text: &str) -> Result<Self, ()> {
        match status_at(text.as_bytes(), 0) {
            Some((status, end)) if end == text.len() => Ok(status),
            _ => Err(()),
        }
    }
}

/// The codes of one refusal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Codes {
    pub(super) reply_code: Option<u16>,
    pub(super) status: Option<EnhancedStatus>,
}

impl Codes {
    /// Takes what is missing from others of the same class.
    pub(super) fn fill(&mut self, others: Codes) {
        let class = self.class();
        let fits = |other: Option<u16>| class.is_none() || other.is_none() || class == other;
        if self.status.is_none() && fits(others.status.map(|s| u16::from(s.class))) {
            self.status = others.status;
        }
        if self.reply_code.is_none() && fits(others.reply_code.map(|code| code / 100)) {
            self.reply_code = others.reply_code;
        }
    }

    /// The status of the report or the one that the refusing host gave: the host knows more than who quotes it,
    /// unless it said nothing in particular, or its words without a reply code contradict the report.
    pub(super) fn choose(self, reported: Option<EnhancedStatus>) -> Option<EnhancedStatus> {
        let (Some(reported), Some(said)) = (reported, self.status) else {
            return reported.or(self.status);
        };
        let agrees = said.class == reported.class || reported.is_general();
        let replied = self
            .reply_code
            .is_some_and(|code| code / 100 == u16::from(said.class));
        Some(if !said.is_general() && (agrees || replied) {
            said
        } else {
            reported
        })
    }

    fn class(&self) -> Option<u16> {
        let status = self.status.map(|status| u16::from(status.class));
        status.or(self.reply_code.map(|code| code / 100))
    }
}

/// The codes in a text. A reply code followed by a status outranks either alone; else the first of each counts.
pub(super) fn find(text: &str) -> Codes {
    let bytes = text.as_bytes();
    let mut codes = Codes::default();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() || at > 0 && continues_a_word(bytes, at) {
            at += 1;
            continue;
        }
        if let Some((status, end)) = status_at(bytes, at) {
            if status.class != 2 && codes.status.is_none() {
                codes.status = Some(status);
            }
            at = end;
        } else if let Some(code) = reply_code_at(bytes, at) {
            let status = status_after_code(bytes, at + 3);
            if let Some(status) = status.filter(|status| u16::from(status.class) == code / 100) {
                return Codes {
                    reply_code: Some(code),
                    status: Some(status),
                };
            }
            codes.reply_code = codes.reply_code.or(Some(code));
            at += 3;
        } else {
            at += bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        }
    }
    codes
}

fn continues_a_word(bytes: &[u8], at: usize) -> bool {
    let before = bytes[at - 1];
    let dotted = matches!(before, b'.' | b'-' | b'_' | b'/' | b'=' | b'@' | b'+')
        && at > 1
        && (bytes[at - 2].is_ascii_alphanumeric() || before == b'@');
    // `550-5.7.1`: the hyphen of a reply of several lines.
    let after_code = before == b'-' && at >= 4 && reply_code_at(bytes, at - 4).is_some();
    before.is_ascii_alphanumeric() || dotted && !after_code || before >= 0x80
}

/// A status code that starts here, and its end. Dates, versions and addresses of hosts are none.
fn status_at(bytes: &[u8], at: usize) -> Option<(EnhancedStatus, usize)> {
    let class = match bytes.get(at)? {
        digit @ (b'2' | b'4' | b'5') => digit - b'0',
        _ => return None,
    };
    let (subject, end) = number_after_dot(bytes, at + 1)?;
    let (detail, end) = number_after_dot(bytes, end)?;
    let follows = bytes.get(end).copied().unwrap_or(b' ');
    let goes_on = follows == b'.' && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
        || follows.is_ascii_alphanumeric()
        || follows == b'/';
    (!goes_on && subject <= 7).then_some((
        EnhancedStatus {
            class,
            subject,
            detail,
        },
        end,
    ))
}

fn number_after_dot(bytes: &[u8], at: usize) -> Option<(u16, usize)> {
    if bytes.get(at) != Some(&b'.') {
        return None;
    }
    let digits = bytes[at + 1..]
        .iter()
        .take(4)
        .take_while(|b| b.is_ascii_digit())
        .count();
    if digits == 0 || digits > 3 {
        return None;
    }
    let number = bytes[at + 1..at + 1 + digits]
        .iter()
        .fold(0_u16, |number, digit| number * 10 + u16::from(digit - b'0'));
    Some((number, at + 1 + digits))
}

/// A failure code that starts here. Only codes that servers give: numbers are common in prose.
fn reply_code_at(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 3)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let follows = bytes.get(at + 3).copied().unwrap_or(b' ');
    let next = bytes.get(at + 4).copied().unwrap_or(b' ');
    let ends = match follows {
        b'-' => !next.is_ascii_digit() || status_at(bytes, at + 4).is_some(),
        b'.' | b',' | b':' => !next.is_ascii_digit(),
        b'/' | b'%' | b'@' | b'_' | b'=' => false,
        other => !other.is_ascii_alphanumeric(),
    };
    let code = digits
        .iter()
        .fold(0_u16, |code, digit| code * 10 + u16::from(digit - b'0'));
    let known = matches!(
        code,
        421 | 422 | 431 | 432 | 441 | 442 | 446 | 447 | 449..=459 | 471 | 500..=505 | 510..=512 | 515..=517
            | 521..=525 | 530 | 531 | 533..=535 | 538 | 540 | 541 | 543..=557 | 559 | 563..=566 | 571 | 572 | 577
    );
    (ends && known).then_some(code)
}

/// The status right behind a reply code: `550 5.1.1`, `550-5.1.1`, `550 #5.1.1`, `550-'5.7.1`, `550 : 5.1.1`.
fn status_after_code(bytes: &[u8], at: usize) -> Option<EnhancedStatus> {
    let gap = bytes[at..]
        .iter()
        .take(4)
        .take_while(|b| b" -#':(\"\n<[".contains(b))
        .count();
    status_at(bytes, at + gap).map(|(status, _)| status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, reply_code: Option<u16>, status: Option<&str>) {
        let found = find(text);
        let status = status.map(|status| status.parse().unwrap());
        assert_eq!(found, Codes { reply_code, status }, "{text}");
    }

    #[test]
    fn codes_stand_beside_each_other() {
        check(
            "said: 550 5.1.1 <a@b.example>... User unknown",
            Some(550),
            Some("5.1.1"),
        );
        check("550-5.7.26 Unauthenticated email", Some(550), Some("5.7.26"));
        check("#550 5.2.3 RESOLVER.RST.RecipSizeLimit", Some(550), Some("5.2.3"));
        check(
            "5.1.0 - Unknown address error 550-'5.7.1 <x>'",
            Some(550),
            Some("5.7.1"),
        );
        check("returned '441 4.4.1 Error encountered'", Some(441), Some("4.4.1"));
    }

    #[test]
    fn a_code_alone_counts() {
        check("550 Requested action not taken", Some(550), None);
        check(
            "Sorry, no mailbox here by that name. (#5.1.1)",
            None,
            Some("5.1.1"),
        );
        check("[SMTP Error Code 550]", Some(550), None);
    }

    #[test]
    fn hosts_dates_versions_and_phones_are_no_codes() {
        check(
            "host mx[192.0.2.5] at 5.1.1.7 on 4.12.2009 (8.14.4/5.0.1)",
            None,
            None,
        );
        check("call 480-624-2500 or 550-222-1111", None, None);
        check("OpenSSL 5.1.1k, id 550abc, 552@b.example, 5.1.1f", None, None);
    }

    #[test]
    fn the_host_that_refused_knows_more_than_the_one_that_reports() {
        let check = |said: &str, reported: &str, expected: &str| {
            let chosen = find(said).choose(reported.parse().ok());
            assert_eq!(
                chosen.map(|s| s.to_string()).unwrap_or_default(),
                expected,
                "{said}, {reported}"
            );
        };
        check("5.1.1 unknown", "5.0.0", "5.1.1");
        check("5.0.0 failed", "5.1.1", "5.1.1");
        check("(4.2.2) full", "5.1.1", "5.1.1");
        check("550 5.5.0 refused", "4.5.0", "5.5.0");
        check("4.2.2 full", "", "4.2.2");
        check("no code", "5.1.1", "5.1.1");
        check("no code", "", "");
    }
}

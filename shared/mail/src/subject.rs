//! Subjects: what is added when replying, what is left when comparing, and numbers they mention.

use crate::text::one_line;

/// Prefixes mail clients put before the subject of a reply, lower case, without the colon.
///
/// English, Latin and most: re. German: aw, antw, antwort. Danish, Norwegian, Swedish: sv. Finnish: vs.
/// Dutch: antw, bet. Polish: odp. Italian: r, rif. Portuguese: res, resp. Turkish: ynt, yan. Greek: απ.
/// Hungarian: vá. Icelandic: svar. Indonesian: bls. Malay: bal. Welsh: atb. Romanian: răs. Hebrew: תגובה.
/// Arabic: رد. Chinese: 回复, 回覆, 答复, 答覆. Japanese: 返信. Korean: 회신, 답장. Vietnamese: trả lời.
const REPLY: &[&str] = &[
    "re",
    "aw",
    "antw",
    "antwort",
    "sv",
    "vs",
    "bet",
    "odp",
    "r",
    "rif",
    "res",
    "resp",
    "ynt",
    "yan",
    "απ",
    "vá",
    "svar",
    "bls",
    "bal",
    "atb",
    "răs",
    "תגובה",
    "رد",
    "回复",
    "回覆",
    "答复",
    "答覆",
    "返信",
    "회신",
    "답장",
    "trả lời",
];

/// Prefixes of a forwarded mail, lower case, without the colon.
///
/// English: fw, fwd. German: wg. French: tr. Spanish: rv. Portuguese: enc. Swedish: vb. Danish, Norwegian:
/// vs is a reply in Finnish and a forward in Danish, so it stands above. Finnish: vl. Dutch: doorst. Polish: pd.
/// Italian: i. Turkish: ilt. Greek: πρθ. Hungarian: továbbítás. Indonesian: trs. Hebrew: הועבר. Arabic: إعادة توجيه.
/// Chinese: 转发, 转寄, 轉寄, 轉發. Japanese: 転送. Korean: 전달. Vietnamese: chuyển tiếp. Thai: ส่งต่อ. Welsh: yml.
/// Slovene: psl. Russian: пересл.
const FORWARD: &[&str] = &[
    "fw",
    "fwd",
    "wg",
    "tr",
    "rv",
    "enc",
    "vb",
    "vl",
    "doorst",
    "pd",
    "i",
    "ilt",
    "i\u{307}lt",
    "πρθ",
    "továbbítás",
    "trs",
    "הועבר",
    "إعادة توجيه",
    "转发",
    "转寄",
    "轉寄",
    "轉發",
    "転送",
    "전달",
    "chuyển tiếp",
    "ส่งต่อ",
    "yml",
    "psl",
    "пересл",
];

/// Most prefixes taken off one subject: real chains are short, a hostile one should not cost.
const MAX_PREFIXES: usize = 50;

/// Most digits of a ticket number that a subject may mention.
const MAX_HINT_DIGITS: usize = 12;

/// The subject of a reply: `Re: ` once, whatever reply prefixes of known languages it had before.
pub fn reply_subject(subject: &str) -> String {
    let line = one_line(subject);
    let mut rest = line.as_str();
    for _ in 0..MAX_PREFIXES {
        match strip_prefix(rest, REPLY) {
            Some(stripped) => rest = stripped,
            None => break,
        }
    }
    if rest.is_empty() {
        "Re:".to_owned()
    } else {
        format!("Re: {rest}")
    }
}

/// The subject for comparing mails of one exchange: no reply or forward prefixes, lower case, single spaces.
pub fn normalised_subject(subject: &str) -> String {
    let line = one_line(subject);
    let mut rest = line.as_str();
    for _ in 0..MAX_PREFIXES {
        match strip_prefix(rest, REPLY).or_else(|| strip_prefix(rest, FORWARD)) {
            Some(stripped) => rest = stripped,
            None => break,
        }
    }
    rest.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// The subject of a mail that was passed on: the prefixes of passing on are taken off, a reply's prefix stays.
pub fn without_forward_prefixes(subject: &str) -> String {
    let line = one_line(subject);
    let mut rest = without_brackets(&line);
    for _ in 0..MAX_PREFIXES {
        match strip_prefix(rest, FORWARD) {
            Some(stripped) => rest = stripped,
            None => break,
        }
    }
    rest.to_owned()
}

/// The subject of a mail that passes something on: with one prefix that says so.
pub fn forward_subject(subject: &str) -> String {
    format!("Fwd: {}", without_forward_prefixes(subject))
        .trim_end()
        .to_owned()
}

/// Whether the first prefix of a subject says that a mail is a reply. `VS` does not: it is a reply in Finnish and
/// passed on in Danish and Norwegian.
pub(crate) fn is_reply(subject: &str) -> bool {
    let line = one_line(subject);
    strip_prefix(&line, REPLY).is_some() && strip_prefix(&line, &["vs"]).is_none()
}

/// Whether a mail's subject says that it is passed on. `VS` says so in Danish and Norwegian, whose programs label the
/// subject of what is passed on as `Emne`.
pub(crate) fn says_forward(subject: &str, text: &str) -> bool {
    is_forward(subject)
        || strip_prefix(&one_line(subject), &["vs"]).is_some() && text.lines().any(is_labelled_in_danish)
}

fn is_labelled_in_danish(line: &str) -> bool {
    let label = line.trim_start_matches(|c: char| c.is_whitespace() || c == '>' || c == '*');
    label.starts_with("Emne:")
}

/// Whether the first prefix of a subject says that a mail is passed on.
fn is_forward(subject: &str) -> bool {
    strip_prefix(without_brackets(&one_line(subject)), FORWARD).is_some()
}

/// The subject of `[Fwd: Printer]`, as Netscape, Evolution and SquirrelMail write it, without the brackets.
fn without_brackets(line: &str) -> &str {
    let inner = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner
        .filter(|inner| strip_prefix(inner, FORWARD).is_some())
        .unwrap_or(line)
}

/// The ticket number a subject mentions as `#123`. Only a hint: anybody can write one.
pub fn subject_ticket_hint(subject: &str) -> Option<u64> {
    let mut before = ' ';
    for (at, c) in subject.char_indices() {
        if c == '#' && !before.is_alphanumeric() && before != '&' && before != '#' {
            let digits: &str = subject[at + 1..]
                .split(|c: char| !c.is_ascii_digit())
                .next()
                .unwrap_or_default();
            let after = subject[at + 1 + digits.len()..].chars().next().unwrap_or(' ');
            if !digits.is_empty()
                && digits.len() <= MAX_HINT_DIGITS
                && !after.is_alphanumeric()
                && after != '_'
            {
                return digits.parse().ok().filter(|number| *number > 0);
            }
        }
        before = c;
    }
    None
}

/// Takes one prefix off: the word, perhaps a count (`[2]`, `(2)`, `^2`), perhaps a space, a colon.
fn strip_prefix<'a>(subject: &'a str, words: &[&str]) -> Option<&'a str> {
    let subject = subject.trim_start();
    let colon = subject
        .char_indices()
        .take(24)
        .find(|(_, c)| *c == ':' || *c == '：')?;
    let head = subject[..colon.0].trim_end();
    let head = head
        .trim_end_matches(|c: char| c.is_ascii_digit() || "[]()^*".contains(c))
        .trim_end();
    let lower = head.to_lowercase();
    let known = words.contains(&lower.as_str());
    known.then(|| subject[colon.0 + colon.1.len_utf8()..].trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_gets_one_prefix() {
        for (subject, expected) in [
            ("Printer", "Re: Printer"),
            ("Re: Printer", "Re: Printer"),
            ("RE: AW: Re: Printer", "Re: Printer"),
            ("RE : Imprimante", "Re: Imprimante"),
            ("Re[2]: Printer", "Re: Printer"),
            ("Re(3): Printer", "Re: Printer"),
            ("回复：打印机", "Re: 打印机"),
            ("SV: Sv: skrivare", "Re: skrivare"),
            ("Fwd: Printer", "Re: Fwd: Printer"),
            ("", "Re:"),
            ("Re:", "Re:"),
            ("Area: north", "Re: Area: north"),
            ("a\r\nBcc: b@c", "Re: a  Bcc: b@c"),
        ] {
            assert_eq!(reply_subject(subject), expected, "{subject:?}");
        }
    }

    #[test]
    fn what_is_passed_on_says_so_once() {
        for (subject, expected) in [
            ("Lamp", "Fwd: Lamp"),
            ("WG: Fwd: Lamp", "Fwd: Lamp"),
            ("Re: Lamp\r\nBcc: x", "Fwd: Re: Lamp  Bcc: x"),
            ("", "Fwd:"),
        ] {
            assert_eq!(forward_subject(subject), expected, "{subject:?}");
        }
    }

    #[test]
    fn subjects_of_one_exchange_are_normalised_alike() {
        for subject in [
            "Printer  on FIRE",
            "re: printer on fire",
            "WG: AW: Printer on\tfire",
            "Fwd: RE: Printer on fire",
        ] {
            assert_eq!(normalised_subject(subject), "printer on fire", "{subject:?}");
        }
    }

    #[test]
    fn the_prefixes_of_passing_on_are_taken_off() {
        for (subject, expected) in [
            ("Fwd: Printer", "Printer"),
            ("FW: WG: Printer", "Printer"),
            ("Fwd: Re: Printer", "Re: Printer"),
            ("[Fwd: Re: Printer]", "Re: Printer"),
            ("[Printer]", "[Printer]"),
            ("TR : Imprimante", "Imprimante"),
            ("\u{130}LT: Yaz\u{131}c\u{131}", "Yaz\u{131}c\u{131}"),
            ("转发：打印机", "打印机"),
            ("Re: Fwd: Printer", "Re: Fwd: Printer"),
            ("Printer", "Printer"),
            ("Fwd:", ""),
        ] {
            assert_eq!(without_forward_prefixes(subject), expected, "{subject:?}");
        }
    }

    #[test]
    fn the_first_prefix_tells_a_reply() {
        for (subject, expected) in [
            ("Re: Fwd: Printer", true),
            ("AW: Drucker", true),
            ("Fwd: Re: Printer", false),
            ("VS: Printer", false),
            ("Printer", false),
        ] {
            assert_eq!(is_reply(subject), expected, "{subject:?}");
        }
    }

    #[test]
    fn a_number_in_the_subject_is_a_hint() {
        for (subject, expected) in [
            ("Re: [#1234] Printer", Some(1234)),
            ("ticket #7", Some(7)),
            ("#12: x", Some(12)),
            ("issue#12", None),
            ("&#39;", None),
            ("# 12", None),
            ("#12a", None),
            ("#0", None),
            ("#1234567890123", None),
            ("no number", None),
            ("colour #aabbcc and #42", Some(42)),
        ] {
            assert_eq!(subject_ticket_hint(subject), expected, "{subject:?}");
        }
    }

    #[test]
    fn a_long_chain_of_prefixes_ends() {
        assert!(reply_subject(&"Re: ".repeat(10_000)).starts_with("Re: "));
    }
}

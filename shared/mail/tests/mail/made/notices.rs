//! A bounce that is made up: a program's notice about a refusal.

use super::dice::Dice;
use super::gateways::WORDINGS;
use super::parties::Person;
use super::programs::PROGRAMS;
use super::refusals::{Fate, REFUSALS, Refusal, Stage};
use docket_mail::Permanence;

/// What a notice is made of.
pub struct Case<'a> {
    pub refusal: &'a Refusal,
    /// What was said, with the addresses of this case.
    pub said: String,
    pub to: Person,
    pub from: Person,
    /// The notice's host.
    pub host: &'static str,
}

/// A program that writes notices.
pub struct Program {
    pub name: &'static str,
    /// Whether it puts the status where we read it.
    pub states_status: bool,
    pub write: fn(&Case<'_>) -> String,
}

/// A bounce with what is to be read of it.
pub struct MadeBounce {
    pub program: &'static str,
    pub raw: String,
    pub address: String,
    /// None where the notice states no class.
    pub permanence: Option<Permanence>,
    pub fate: Fate,
    pub said: String,
}

const HOSTS: &[&str] = &["mx.d.example", "out7.hoster.example", "relay.b.example"];

/// The case and the notice that a seed makes.
pub fn bounce(seed: u64) -> MadeBounce {
    let mut dice = Dice::new(seed);
    let refusal = dice.pick(REFUSALS);
    let to = Person::any(&mut dice);
    let from = Person {
        name: "Help Desk",
        address: "support+42@desk.d.example".to_owned(),
    };
    let case = Case {
        refusal,
        said: filled(refusal.said, &to, &from),
        to,
        from,
        host: dice.pick::<&str>(HOSTS),
    };
    let (name, raw, states_status) = written(&case, &mut dice);
    let class = refusal.said.bytes().next().filter(u8::is_ascii_digit);
    let class = class.or(refusal.status.bytes().next().filter(|_| states_status));
    MadeBounce {
        program: name,
        raw,
        address: case.to.address.clone(),
        permanence: class.map(|class| match class {
            b'4' => Permanence::Temporary,
            _ => Permanence::Permanent,
        }),
        fate: refusal.fate,
        said: case.said,
    }
}

/// The notice of one of all programs, its name, and whether it states the status.
fn written(case: &Case<'_>, dice: &mut Dice) -> (&'static str, String, bool) {
    let at = dice.below(PROGRAMS.len() + WORDINGS.len());
    if let Some(program) = PROGRAMS.get(at) {
        return (program.name, (program.write)(case), program.states_status);
    }
    let wording = &WORDINGS[at - PROGRAMS.len()];
    let fill = |text: &str| {
        text.replace("{to}", &case.to.address)
            .replace("{host}", case.host)
            .replace("{said}", &case.said)
    };
    let header = super::programs::header(&fill(wording.from), case, wording.subject);
    (wording.name, plain(&header, &fill(wording.text)), false)
}

pub fn filled(said: &str, to: &Person, from: &Person) -> String {
    said.replace("{to}", &to.address)
        .replace("{from}", &from.address)
        .replace("{local}", to.address.split('@').next().unwrap())
        .replace("{domain}", to.domain())
        .replace("{ip}", "203.0.113.9")
}

impl Case<'_> {
    /// The header of the mail that came back.
    pub fn returned(&self) -> String {
        format!(
            "Return-Path: <{0}>\nReceived: from desk by {1} with ESMTP id 4F2; Mon, 30 Nov 2026 09:00:00 +0000\n\
             From: Help Desk <{0}>\nTo: {2}\nSubject: [#42] Your order\nMessage-ID: <out.42@desk.d.example>\n",
            self.from.address, self.host, self.to.address
        )
    }

    /// The command that postfix names behind a refusal.
    pub fn in_reply_to(&self) -> &'static str {
        match self.refusal.stage {
            Stage::Helo => " (in reply to EHLO command)",
            Stage::MailFrom => " (in reply to MAIL FROM command)",
            Stage::RcptTo => " (in reply to RCPT TO command)",
            Stage::Data => " (in reply to end of DATA command)",
            Stage::Connect | Stage::Local => "",
        }
    }

    /// As exim names the moment.
    pub fn exim_stage(&self) -> String {
        match self.refusal.stage {
            Stage::Connect => "initial connection".to_owned(),
            Stage::Helo => "EHLO d.example".to_owned(),
            Stage::MailFrom => format!("pipelined MAIL FROM:<{}> SIZE=2412", self.from.address),
            Stage::RcptTo | Stage::Local => format!("RCPT TO:<{}>", self.to.address),
            Stage::Data => "end of data".to_owned(),
        }
    }

    pub fn is_local(&self) -> bool {
        self.refusal.stage == Stage::Local
    }

    /// What postfix writes about the recipient.
    pub fn postfix_words(&self) -> String {
        if self.is_local() {
            self.said.clone()
        } else {
            let host = format!("host mx.{}[192.0.2.4]", self.to.domain());
            format!("{host} said: {}{}", self.said, self.in_reply_to())
        }
    }
}

/// Broken at about so many columns, the lines after the first indented.
pub fn wrapped(text: &str, columns: usize, indent: &str) -> String {
    let mut lines = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        if width > 0 && width + word.chars().count() >= columns {
            lines.push('\n');
            lines.push_str(indent);
            width = indent.len();
        } else if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += word.chars().count();
    }
    lines
}

/// A multipart/report (RFC 6522) of a text, a status part's fields and the header of the returned mail.
pub fn report(header: &str, text: &str, status: &str, returned: &str) -> String {
    format!(
        "{header}MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n boundary=\"=_r\"\n\n\
         This is a MIME-encapsulated message.\n\n--=_r\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n\
         --=_r\nContent-Type: message/delivery-status\n\n{status}\n\
         --=_r\nContent-Type: text/rfc822-headers\n\n{returned}\n--=_r--\n"
    )
}

/// A notice without parts.
pub fn plain(header: &str, text: &str) -> String {
    format!("{header}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n")
}

//! What is answered to each command (RFC 5321, section 4.1.4: their order). No IO: a command in, a step out.

use super::MOST_RECIPIENTS;
use crate::mail_in::Envelope;
use smtp_proto::{Error, MAIL_BODY_BINARYMIME, MailFrom, RcptTo, Request};
use std::borrow::Cow;

/// What the connection does next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Says this and listens on.
    Reply(Cow<'static, str>),
    /// The same, and the client made a mistake.
    Refuse(Cow<'static, str>),
    /// Says this and reads a mail.
    TakeMail(&'static str),
    /// Says this and hangs up.
    Close(&'static str),
}

/// One client's conversation.
#[derive(Debug)]
pub(super) struct Session {
    most_mail_bytes: usize,
    greeted: bool,
    mail_from: Option<String>,
    recipients: Vec<String>,
}

fn reply(text: &'static str) -> Step {
    Step::Reply(Cow::Borrowed(text))
}

fn refuse(text: &'static str) -> Step {
    Step::Refuse(Cow::Borrowed(text))
}

impl Session {
    /// A conversation that has not begun.
    pub(super) fn new(most_mail_bytes: usize) -> Self {
        Self {
            most_mail_bytes,
            greeted: false,
            mail_from: None,
            recipients: Vec::new(),
        }
    }

    /// Answers one line, its end included.
    pub(super) fn line(&mut self, line: &[u8]) -> Step {
        match Request::parse(&mut line.iter()) {
            Ok(request) => self.command(request),
            Err(Error::InvalidSenderAddress) => refuse("553 5.1.7 That is no address of a sender"),
            Err(Error::InvalidRecipientAddress) => refuse("553 5.1.3 That is no address of a recipient"),
            Err(Error::SyntaxError { syntax }) => {
                Step::Refuse(format!("501 5.5.4 It is written {syntax}").into())
            }
            Err(Error::InvalidParameter { param }) => {
                Step::Refuse(format!("501 5.5.4 Parameter {param} has a wrong value").into())
            }
            Err(Error::UnsupportedParameter { .. }) => refuse("555 5.5.4 That parameter is not known here"),
            Err(_) => refuse("500 5.5.1 That command is not known here"),
        }
    }

    fn command(&mut self, request: Request<Cow<'_, str>>) -> Step {
        match request {
            Request::Ehlo { .. } => {
                self.greeted = true;
                self.forget();
                let most = self.most_mail_bytes;
                Step::Reply(
                    format!(
                        "250-docket.local\r\n250-PIPELINING\r\n250-SIZE {most}\r\n250-8BITMIME\r\n\
                         250-ENHANCEDSTATUSCODES\r\n250 SMTPUTF8"
                    )
                    .into(),
                )
            }
            Request::Helo { .. } => {
                self.greeted = true;
                self.forget();
                reply("250 docket.local")
            }
            Request::Mail { from } => self.mail(from),
            Request::Rcpt { to } => self.recipient(to),
            Request::Data if self.mail_from.is_none() => refuse("503 5.5.1 MAIL comes first"),
            Request::Data if self.recipients.is_empty() => refuse("554 5.5.1 There is no recipient"),
            Request::Data => Step::TakeMail("354 End with a line that holds a dot only"),
            Request::Rset => {
                self.forget();
                reply("250 2.0.0 Forgotten")
            }
            Request::Noop { .. } => reply("250 2.0.0 Yes"),
            Request::Vrfy { .. } => reply("252 2.1.5 Send a mail and see"),
            Request::Help { .. } => reply("214 2.0.0 EHLO, MAIL, RCPT, DATA, RSET, QUIT"),
            Request::Quit => Step::Close("221 2.0.0 Bye"),
            // Its bytes would follow and be taken for commands.
            Request::Bdat { .. } => Step::Close("502 5.5.1 CHUNKING was not offered"),
            _ => refuse("502 5.5.1 That command is not offered"),
        }
    }

    fn mail(&mut self, from: MailFrom<Cow<'_, str>>) -> Step {
        if !self.greeted {
            return refuse("503 5.5.1 EHLO comes first");
        }
        if self.mail_from.is_some() {
            return refuse("503 5.5.1 There is a sender already");
        }
        if from.size > self.most_mail_bytes {
            return refuse("552 5.3.4 That mail is too large");
        }
        if from.flags & MAIL_BODY_BINARYMIME != 0 {
            return refuse("555 5.5.4 BINARYMIME was not offered");
        }
        self.mail_from = Some(from.address.into_owned());
        reply("250 2.1.0 Sender taken")
    }

    fn recipient(&mut self, to: RcptTo<Cow<'_, str>>) -> Step {
        if self.mail_from.is_none() {
            return refuse("503 5.5.1 MAIL comes first");
        }
        if to.address.is_empty() {
            return refuse("553 5.1.3 That is no address of a recipient");
        }
        if self.recipients.len() >= MOST_RECIPIENTS {
            return refuse("452 4.5.3 Too many recipients: send the rest as another mail");
        }
        self.recipients.push(to.address.into_owned());
        reply("250 2.1.5 Recipient taken")
    }

    /// The envelope of the mail that was read. The next mail begins with nothing.
    pub(super) fn take_envelope(&mut self) -> Envelope {
        Envelope {
            mail_from: self.mail_from.take().unwrap_or_default(),
            recipients: std::mem::take(&mut self.recipients),
        }
    }

    fn forget(&mut self) {
        self.take_envelope();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 1_000;

    /// Says the lines one after another; the codes of what is answered.
    fn codes(lines: &[&str]) -> Vec<String> {
        let mut session = Session::new(MOST);
        let text = |step| match step {
            Step::Reply(text) | Step::Refuse(text) => text.into_owned(),
            Step::TakeMail(text) | Step::Close(text) => text.to_owned(),
        };
        lines
            .iter()
            .map(|line| text(session.line(format!("{line}\r\n").as_bytes()))[..3].to_owned())
            .collect()
    }

    #[test]
    fn a_mail_needs_a_greeting_a_sender_and_a_recipient_in_this_order() {
        assert_eq!(codes(&["MAIL FROM:<a@b.example>"]), ["503"]);
        assert_eq!(codes(&["EHLO x", "RCPT TO:<a@b.example>"]), ["250", "503"]);
        assert_eq!(codes(&["EHLO x", "DATA"]), ["250", "503"]);
        assert_eq!(codes(&["EHLO x", "MAIL FROM:<>", "DATA"]), ["250", "250", "554"]);
        assert_eq!(
            codes(&["HELO x", "mail from: <>", "rcpt to: <a@b.example>", "data"]),
            ["250", "250", "250", "354"]
        );
    }

    #[test]
    fn a_second_sender_is_refused_and_reset_makes_room_for_it() {
        assert_eq!(
            codes(&["EHLO x", "MAIL FROM:<>", "MAIL FROM:<>", "RSET", "MAIL FROM:<>"]),
            ["250", "250", "503", "250", "250"]
        );
    }

    #[test]
    fn the_size_announced_may_be_the_limit_and_not_a_byte_more() {
        assert_eq!(codes(&["EHLO x", "MAIL FROM:<> SIZE=1000"]), ["250", "250"]);
        assert_eq!(codes(&["EHLO x", "MAIL FROM:<> SIZE=1001"]), ["250", "552"]);
    }

    #[test]
    fn eight_bits_and_addresses_beyond_ascii_are_taken_and_binary_is_not() {
        assert_eq!(
            codes(&["EHLO x", "MAIL FROM:<jörg@exämple.org> BODY=8BITMIME SMTPUTF8"]),
            ["250", "250"]
        );
        assert_eq!(codes(&["EHLO x", "MAIL FROM:<> BODY=BINARYMIME"]), ["250", "555"]);
        assert_eq!(codes(&["EHLO x", "BDAT 20 LAST"]), ["250", "502"]);
    }

    #[test]
    fn one_recipient_beyond_the_limit_is_left_for_another_mail() {
        let recipients: Vec<String> = (0..=MOST_RECIPIENTS)
            .map(|n| format!("RCPT TO:<a{n}@b.example>"))
            .collect();
        let mut lines = vec!["EHLO x", "MAIL FROM:<>"];
        lines.extend(recipients.iter().map(String::as_str));
        let codes = codes(&lines);
        assert_eq!(codes[codes.len() - 2..], ["250", "452"]);
    }

    #[test]
    fn what_is_no_command_or_no_address_is_refused() {
        assert_eq!(
            codes(&[
                "EHLO x",
                "HELLO",
                "MAIL",
                "MAIL FROM:<nobody>",
                "\u{1}\u{2}",
                "",
                "STARTTLS"
            ])[1..],
            ["500", "501", "553", "500", "500", "502"]
        );
        assert_eq!(codes(&["EHLO x", "MAIL FROM:<>", "RCPT TO:<>"])[2], "553");
    }
}

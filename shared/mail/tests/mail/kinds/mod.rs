//! Generated mails of the kinds that were once read wrongly: many variants of each, so that the kind is read and not
//! the one mail that was reported.

mod contents;
mod letters;
mod parts;

use base64::Engine;
use docket_mail::{InboundMail, read};

pub const HEAD: &str = "From: Ana Sol <ana@cust.example>\r\nTo: help@desk.example\r\nMIME-Version: 1.0\r\n";

/// A mail of the given header fields and body.
pub fn mail(fields: &str, body: &[u8]) -> InboundMail {
    let head = format!("{HEAD}{fields}\r\n");
    read(&[head.as_bytes(), body].concat(), None).unwrap()
}

/// A mail of several parts, each its fields and its body.
pub fn parts(kind: &str, parts: &[&str]) -> InboundMail {
    let bodies: String = parts.iter().map(|part| format!("--B\r\n{part}\r\n")).collect();
    mail(
        &format!("Content-Type: multipart/{kind}; boundary=B\r\n"),
        format!("{bodies}--B--\r\n").as_bytes(),
    )
}

pub fn files(mail: &InboundMail) -> Vec<&str> {
    mail.attachments.iter().map(|file| file.name.as_str()).collect()
}

pub fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>My fridge is broken</p>";
pub const TEXT: &str = "My fridge is broken";
pub const PDF: &str = "Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF";
pub const IMAGE: &str =
    "Content-Type: image/png\r\nContent-ID: <i1>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=";

use super::*;

/// What SES puts on top of a mail that it stores.
const SES_BLOCK: &[u8] = b"Return-Path: <ann@example.com>\r\nReceived: from x by inbound-smtp.eu-west-1.amazonaws.com with SMTP id 1 for help@in.desk.example;\r\n now\r\nX-SES-RECEIPT: x\r\nX-SES-DKIM-SIGNATURE: a=rsa-sha256\r\n";

fn refusal(mail: &[u8]) -> Refusal {
    check(mail).map(drop).expect_err("the guard let it pass")
}

fn check_html(html: &str) -> Result<(), HtmlRefusal> {
    measure_html(html).map(drop)
}

fn nested_messages(depth: usize) -> Vec<u8> {
    let mut mail = b"From: a@b.example\n".to_vec();
    for _ in 0..depth {
        mail.extend_from_slice(b"Content-Type: message/rfc822\n\n");
    }
    mail.extend_from_slice(b"Subject: core\n\ntext\n");
    mail
}

fn nested_multiparts(depth: usize) -> Vec<u8> {
    let mut mail = b"From: a@b.example\n".to_vec();
    for level in 0..depth {
        mail.extend_from_slice(
            format!("Content-Type: multipart/mixed; boundary=\"b{level}x\"\n\n--b{level}x\n").as_bytes(),
        );
    }
    mail.extend_from_slice(b"Content-Type: text/plain\n\ntext\n");
    for level in (0..depth).rev() {
        mail.extend_from_slice(format!("--b{level}x--\n").as_bytes());
    }
    mail
}

fn flat_parts(parts: usize, part: &str) -> Vec<u8> {
    let mut mail = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n".to_vec();
    for _ in 0..parts {
        mail.extend_from_slice(b"--b\n");
        mail.extend_from_slice(part.as_bytes());
    }
    mail.extend_from_slice(b"--b--\n");
    mail
}

#[test]
fn what_is_no_mail_is_refused_with_its_reason() {
    for (raw, reason) in [
        (&b""[..], "it is empty"),
        (b"\r\n\r\n", "it is empty"),
        (b"hello world", "it has no header line"),
        (b"hello: in a body\n", ""),
        (b"\n\nhello there\n\nSubject: too late\n", "it has no header line"),
        (b"{\"a\": 1}", "it has no header line"),
        (b"PK\x03\x04\x00\x00\x00a: b", "its header holds binary data"),
        (b"From: a@b.example\n\n\x00\x01\x02", ""),
    ] {
        let expected = if reason.is_empty() {
            Ok(())
        } else {
            Err(Refusal::NotAMail { reason })
        };
        assert_eq!(check(raw).map(drop), expected, "{}", raw.escape_ascii());
    }
}

#[test]
fn what_mail_stores_put_before_the_header_is_dropped() {
    assert_eq!(
        check(b"\xef\xbb\xbf \r\n\tFrom x Thu Jan 1\r\nTo: a\r\n\r\n")
            .unwrap()
            .mail(),
        b"To: a\r\n\r\n"
    );
}

#[test]
fn a_mail_of_the_largest_size_passes_and_one_byte_more_is_refused() {
    let mut mail = b"Subject: large\n\n".to_vec();
    mail.resize(MAX_MAIL_BYTES - 1, b'x');
    mail.push(b'\n');
    assert!(check(&mail).is_ok());
    // What the receiving service puts on top does not count.
    let mut received = SES_BLOCK.to_vec();
    received.extend_from_slice(&mail);
    assert!(check(&received).is_ok());
    mail.push(b'\n');
    received.push(b'\n');
    for raw in [&mail, &received] {
        assert_eq!(
            refusal(raw),
            Refusal::TooLarge {
                bytes: MAX_MAIL_BYTES + 1
            }
        );
    }
}

#[test]
fn a_header_block_over_the_limit_is_refused() {
    let fill = |bytes: usize| {
        let mut mail = Vec::new();
        while mail.len() < bytes {
            mail.extend_from_slice(b"X-Filler: 0123456789012345678901234567890123456789\n");
        }
        mail.extend_from_slice(b"\nbody\n");
        mail
    };
    assert!(check(&fill(MAX_HEADER_BYTES - 100)).is_ok());
    assert_eq!(refusal(&fill(MAX_HEADER_BYTES)), Refusal::HeaderTooLarge);
    assert_eq!(refusal(&fill(1024 * 1024)), Refusal::HeaderTooLarge);
}

#[test]
fn the_header_block_of_a_part_has_the_same_limit() {
    let part = format!("{}\nbody\n", "a:\n".repeat(MAX_HEADER_BYTES / 2));
    assert_eq!(refusal(&flat_parts(1, &part)), Refusal::HeaderTooLarge);
}

#[test]
fn mails_within_mails_are_refused_beyond_the_limit() {
    assert!(check(&nested_messages(MAX_MESSAGE_DEPTH)).is_ok());
    assert_eq!(
        refusal(&nested_messages(MAX_MESSAGE_DEPTH + 1)),
        Refusal::MessagesTooDeep
    );
    assert_eq!(refusal(&nested_messages(21_800)), Refusal::MessagesTooDeep);
}

#[test]
fn mails_nested_within_an_encoded_mail_count_too() {
    use base64::Engine as _;
    let inner = base64::engine::general_purpose::STANDARD.encode(nested_messages(21_800));
    let mail = format!(
        "From: a@b.example\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}\n"
    );
    assert_eq!(refusal(mail.as_bytes()), Refusal::MessagesTooDeep);
}

#[test]
fn digests_within_digests_count_as_mails() {
    let mut mail = b"From: a@b.example\n".to_vec();
    for level in 0..30 {
        let digest = format!("Content-Type: multipart/digest; boundary=\"d{level}x\"\n\n--d{level}x\n\n");
        mail.extend_from_slice(digest.as_bytes());
    }
    mail.extend_from_slice(b"Subject: core\n\ntext\n");
    assert_eq!(refusal(&mail), Refusal::MessagesTooDeep);
}

#[test]
fn many_mails_side_by_side_are_not_deep() {
    let mail = flat_parts(200, "Content-Type: message/rfc822\n\nSubject: inner\n\ntext\n");
    assert!(check(&mail).is_ok());
}

#[test]
fn multiparts_are_refused_beyond_the_limit() {
    assert!(check(&nested_multiparts(MAX_MULTIPART_DEPTH)).is_ok());
    assert_eq!(
        refusal(&nested_multiparts(MAX_MULTIPART_DEPTH + 1)),
        Refusal::MultipartsTooDeep
    );
}

#[test]
fn parts_are_refused_beyond_the_limit() {
    assert!(check(&flat_parts(MAX_PARTS - 1, "\ntext\n")).is_ok());
    assert_eq!(refusal(&flat_parts(MAX_PARTS, "\ntext\n")), Refusal::TooManyParts);
    assert_eq!(refusal(&flat_parts(100_000, "\ntext\n")), Refusal::TooManyParts);
}

#[test]
fn boundaries_that_never_come_are_refused_when_they_cost_too_much() {
    let part = "Content-Type: multipart/mixed; boundary=never\n\ntext\n";
    assert!(check(&flat_parts(5, part)).is_ok());
    let mut mail = flat_parts(900, part);
    mail.resize(mail.len() + 1024 * 1024, b'x');
    assert_eq!(refusal(&mail), Refusal::TooManyMissingBoundaries);
}

#[test]
fn html_is_refused_when_it_nests_too_deep() {
    let nested = |depth: usize| format!("{}x", "<b>".repeat(depth));
    assert_eq!(check_html(&nested(MAX_HTML_DEPTH - 10)), Ok(()));
    assert_eq!(check_html(&nested(MAX_HTML_DEPTH + 1)), Err(HtmlRefusal::TooDeep));
    assert_eq!(check_html(&"<div>".repeat(110_000)), Err(HtmlRefusal::TooDeep));
}

#[test]
fn end_tags_that_close_nothing_do_not_hide_the_nesting() {
    assert_eq!(
        check_html(&"<span><div></span></div>".repeat(2_000)),
        Err(HtmlRefusal::TooDeep)
    );
}

#[test]
fn repeated_formatting_counts_as_the_elements_it_becomes() {
    let fonts: String = (0..200).map(|size| format!("<font size={size}>")).collect();
    let html = format!("<p>{fonts}{}", "<p>x".repeat(100_000));
    assert_eq!(check_html(&html), Err(HtmlRefusal::TooManyElements));
}

#[test]
fn many_flat_elements_are_no_nesting() {
    assert_eq!(check_html(&"<p>x<br><img src=a>".repeat(10_000)), Ok(()));
    assert_eq!(check_html(&"<table><tr><td>x</table>".repeat(10_000)), Ok(()));
}

#[test]
fn large_html_is_refused() {
    assert_eq!(check_html(&"x".repeat(MAX_HTML_BYTES)), Ok(()));
    assert_eq!(
        check_html(&"x".repeat(MAX_HTML_BYTES + 1)),
        Err(HtmlRefusal::TooLarge)
    );
}

#[test]
fn quotes_and_lists_that_would_fill_memory_as_text_are_told() {
    let quotes = |depth: usize| {
        measure_html(&format!("{}x", "<blockquote>".repeat(depth)))
            .unwrap()
            .fits_lines()
    };
    assert!(quotes(MAX_HTML_INDENTS));
    assert!(!quotes(MAX_HTML_INDENTS + 1));
}

#[test]
fn a_tag_of_endless_attributes_is_measured_like_any_other() {
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=1")).collect();
    assert_eq!(check_html(&format!("<p{attributes}>x")), Ok(()));
}

#[test]
fn html_of_character_references_alone_is_refused() {
    assert_eq!(check_html(&"&amp".repeat(MAX_HTML_REFERENCES)), Ok(()));
    assert_eq!(
        check_html(&"&amp".repeat(MAX_HTML_REFERENCES + 1)),
        Err(HtmlRefusal::TooManyReferences)
    );
}

//! Whatever bytes come: reading a mail, and everything that is done with one that was read, neither panics nor hangs.
//!
//! `cargo +nightly fuzz run mail -- -max_total_time=60 -timeout=2 -rss_limit_mb=1024`, with the fixtures of
//! `shared/mail/tests/fixtures` as a start.

#![no_main]

use docket_mail::{SanitiseOptions, fold_mail, forwarded, logical_key, normalised_subject, notice, peek, read, sanitise_html, ses_headers};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = ses_headers(bytes);
    let _ = peek(bytes);
    let Ok(mail) = read(bytes, None) else {
        return;
    };
    let _ = notice(&mail);
    let _ = forwarded(&mail);
    let _ = logical_key("support@desk.example", &mail);
    let _ = normalised_subject(&mail.subject);
    let whole: String = fold_mail(&mail).iter().map(|span| span.of(&mail.text)).collect();
    assert_eq!(whole, mail.text, "nothing is deleted by folding");
    if let Some(html) = &mail.html {
        let _ = sanitise_html(html, &SanitiseOptions::default());
    }
});

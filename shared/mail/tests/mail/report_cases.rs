//! The mails of public reports that other desks read wrongly, each with its right value (`reports/want.json`).

use crate::collection::cases;
use docket_mail::{InboundMail, SanitiseOptions, read, sanitise_html};
use serde_json::{Value, json};

/// What the list does not hold: the mails that came with the first reports.
fn first_reports() -> Value {
    let with = |file: &str, want: Value| json!({ "file": file, "want": want });
    json!({
        "01": with("01-boundary-folded-after-equals.eml", json!({ "text": "Hi there, text", "files": ["a.zip"] })),
        "02": with("02-filename-folded-after-equals.eml", json!({ "text": "see file", "files": ["Rechnung M\u{e4}rz.pdf"] })),
        "03": with("03-charset-folded-after-equals.eml", json!({ "text": "\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}" })),
        "04": with("04-rfc2231-continued-latin1-name.eml", json!({ "files": ["M\u{e4}rz-\u{e4}nderung.png"] })),
        "06": with("06-text-only-in-preamble.eml", json!({ "text": "This is the only text of the mail.", "files": ["a.zip"] })),
    })
}

#[test]
fn the_mails_of_reports_are_read_as_they_were_meant() {
    let Some(cases) = cases() else { return };
    let folder = cases.join("reports");
    let list: Value = serde_json::from_slice(&std::fs::read(folder.join("want.json")).unwrap()).unwrap();
    let mut failures = Vec::new();
    let mut compared = 0;
    let first = first_reports();
    let all = list.as_object().unwrap().iter().chain(first.as_object().unwrap());
    for (name, case) in all {
        let raw = std::fs::read(folder.join(case["file"].as_str().unwrap())).unwrap();
        let mail = read(&raw, None).unwrap();
        for (what, want) in case["want"].as_object().unwrap() {
            compared += 1;
            if let Some(seen) = difference(&mail, what, want) {
                failures.push(format!("{name} {what}: expected {want}, read {seen}"));
            }
        }
    }
    assert!(compared >= 55, "only {compared} values");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What was read instead of a value, if it is another.
fn difference(mail: &InboundMail, what: &str, want: &Value) -> Option<String> {
    let from = mail.from.as_ref();
    let address = || from.map(|from| from.address.clone());
    let seen = match what {
        "text_contains" => return (!mail.text.contains(want.as_str()?)).then(|| mail.text.clone()),
        "html_not_contains" => {
            let shown = sanitise_html(mail.html.as_deref()?, &SanitiseOptions::default());
            return shown.contains(want.as_str()?).then_some(shown);
        }
        "image_reachable" => return (!image_is_reachable(mail)).then(|| format!("{:?}", mail.attachments)),
        "text" => json!(mail.text),
        "subject" => json!(mail.subject),
        "requester_name" => json!(from.and_then(|from| from.name.clone())),
        "requester_email" | "answer_to" => json!(address()),
        "files" => mail.attachments.iter().map(|file| file.name.as_str()).collect(),
        other => return Some(format!("nothing: {other} is not known here")),
    };
    (seen != *want).then(|| seen.to_string())
}

/// Whether an image of the mail is shown in its HTML, from the files of the mail.
fn image_is_reachable(mail: &InboundMail) -> bool {
    let ids = mail
        .attachments
        .iter()
        .filter(|file| file.inline && !file.bytes.is_empty());
    let options = SanitiseOptions {
        inline_images: ids
            .filter_map(|file| Some((file.content_id.clone()?, "/image".to_owned())))
            .collect(),
        remote_images: false,
    };
    let html = mail.html.as_deref().unwrap_or_default();
    sanitise_html(html, &options).contains("src=\"/image\"")
}

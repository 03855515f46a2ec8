//! Every `winmail.dat` of the case collection, alone and within mails. The expectations agree with another reader
//! (`tnefparse` 1.4), but for one file, of which that reader loses the end.

use std::time::{Duration, Instant};

use crate::collection::{cases, files_below};
use base64::Engine as _;
use docket_mail::{InboundMail, read};

/// Stream, its files with their sizes, how the mail's text starts.
type Case = (&'static str, &'static [(&'static str, usize)], &'static str);

const CASES: &[Case] = &[
    (
        "MAPI_ATTACH_DATA_OBJ",
        &[
            // A multiple of 512, as files of its kind are.
            ("VIA_Nytt_1402.doc", 61_952),
            ("VIA_Nytt_1402.pdf", 213_685),
            ("VIA_Nytt_14021.htm", 68_919),
        ],
        "Det er jo en velkjent sak at bod\u{f8}damene",
    ),
    (
        "attachments",
        &[("zappa_av1.jpg", 2_937), ("bookmark.htm", 85_805)],
        "Casdasdfasdfasd",
    ),
    (
        "missing-filenames",
        &[
            ("generpts.src", 61_210),
            ("TechlibDEC99.doc", 33_792),
            ("TechlibDEC99-JAN00.doc", 34_304),
            ("TechlibNOV99.doc", 33_792),
        ],
        "Hi Stephen,",
    ),
    ("multi-name-property", &[], ""),
    ("triples", &[], "Sample description"),
    ("two-files", &[("AUTHORS", 244), ("README", 893)], ""),
    (
        "unicode-mapi-attr-name",
        &[
            ("spaconsole2.cfg", 8_387),
            ("image001.png", 3_815),
            ("image002.png", 3_573),
            ("image003.png", 3_792),
        ],
        "Przesy\u{142}am poprawiony plik",
    ),
    ("unicode-mapi-attr", &[("example.dat", 1_024)], "hello world"),
];

/// A mail of nothing but a stream.
fn carried(stream: &[u8]) -> InboundMail {
    let encoded = base64::engine::general_purpose::STANDARD.encode(stream);
    let lines: Vec<&str> = encoded
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let mail = format!(
        "From: ann@a.example\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        lines.join("\r\n")
    );
    read(mail.as_bytes(), None).unwrap()
}

/// The fixtures, for who does not have the collection. Their origins: `fixtures/FIXTURES.md`.
fn fixture(name: &str) -> InboundMail {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tnef");
    carried(&std::fs::read(format!("{folder}/{name}.tnef")).unwrap())
}

#[test]
fn the_files_stand_after_the_winmail_dat() {
    let mail = fixture("two-files");
    let names: Vec<&str> = mail.attachments.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["winmail.dat", "AUTHORS", "README"]);
    assert_eq!(mail.attachments[1].bytes.len(), 244);
}

#[test]
fn the_text_of_the_winmail_dat_is_that_of_a_mail_without_one() {
    let mail = fixture("unicode-text");
    assert_eq!(mail.text.trim_matches('\u{200b}'), "hello world");
    assert!(mail.html.unwrap().contains("hello world"));
}

#[test]
fn every_stream_of_the_collection_is_unpacked() {
    let Some(cases) = cases() else { return };
    let mut streams = Vec::new();
    files_below(&cases.join("mail/tnef"), &mut streams).unwrap();
    assert_eq!(streams.len(), CASES.len());
    println!("{:<24} {:>5} {:>8}  text", "stream", "files", "bytes");
    for (name, files, text) in CASES {
        let stream = std::fs::read(cases.join(format!("mail/tnef/mimekit__{name}.tnef"))).unwrap();
        let mail = carried(&stream);
        let unpacked: Vec<(&str, usize)> = mail.attachments[1..]
            .iter()
            .map(|file| (file.name.as_str(), file.bytes.len()))
            .collect();
        let bytes: usize = unpacked.iter().map(|(_, bytes)| bytes).sum();
        println!("{name:<24} {:>5} {bytes:>8}  {text}", unpacked.len());
        assert_eq!(mail.attachments[0].bytes, stream, "{name}");
        assert_eq!(unpacked, *files, "{name}");
        assert!(text.is_empty() == mail.text.is_empty(), "{name}");
        assert!(mail.text.starts_with(text), "{name}: {}", mail.text);
        assert_eq!(mail.problems(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn files_of_the_html_are_shown_within_it() {
    let Some(cases) = cases() else { return };
    let stream = std::fs::read(cases.join("mail/tnef/mimekit__unicode-mapi-attr-name.tnef")).unwrap();
    let mail = carried(&stream);
    let inline: Vec<bool> = mail.attachments.iter().map(|file| file.inline).collect();
    assert_eq!(inline, [false, false, true, true, true]);
    assert!(mail.html.unwrap().contains("cid:image001.png"));
}

#[test]
fn every_mail_of_the_collection_with_a_stream_is_unpacked() {
    let Some(cases) = cases() else { return };
    let mut files = Vec::new();
    for folder in ["mail", "bounces", "quotes"] {
        files_below(&cases.join(folder), &mut files).unwrap();
    }
    let mut seen = 0;
    for file in files {
        let Ok(mail) = read(&std::fs::read(&file).unwrap(), None) else {
            continue;
        };
        let streams = mail.attachments.iter();
        if streams
            .filter(|a| a.content_type == "application/ms-tnef")
            .count()
            > 0
        {
            seen += 1;
            assert_eq!(mail.problems(), Vec::<String>::new(), "{}", file.display());
            assert!(!mail.text.is_empty(), "{}", file.display());
        }
    }
    println!("{seen} mails with a stream");
    assert!(seen >= 4, "only {seen} mails with a stream");
}

/// The smaller streams at every byte, the larger ones at 100 places.
#[test]
fn streams_cut_or_garbled_anywhere_are_read_fast() {
    let Some(cases) = cases() else { return };
    for (name, files, _) in CASES {
        let stream = std::fs::read(cases.join(format!("mail/tnef/mimekit__{name}.tnef"))).unwrap();
        let step = if stream.len() < 4_096 {
            1
        } else {
            stream.len() / 100
        };
        let start = Instant::now();
        for at in (0..stream.len()).step_by(step) {
            let cut = carried(&stream[..at]);
            assert!(cut.attachments.len() <= files.len() + 1, "{name} cut at {at}");
            let mut garbled = stream.clone();
            garbled[at] ^= 0xff;
            let size: usize = carried(&garbled)
                .attachments
                .iter()
                .map(|file| file.bytes.len())
                .sum();
            assert!(size <= 4 * stream.len(), "{name} garbled at {at}: {size}");
        }
        println!("{name}: {:?}", start.elapsed());
        assert!(start.elapsed() < Duration::from_secs(60), "{name}");
    }
}

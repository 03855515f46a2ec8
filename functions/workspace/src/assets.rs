//! The style sheet, the script and the icon, carried in the binary. Their names hold a digest of their content, so
//! that a browser may keep them for ever.

use crate::{
    failure::Failure,
    language::{Language, translated_script},
};
use axum::{
    extract::Path,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use docket_domain::Digest;
use flate2::{Compression, write::GzEncoder};
use std::{io::Write as _, sync::LazyLock};

/// Digits of the digest in a name: enough to tell any two of our own versions apart.
const NAME_DIGITS: usize = 12;

/// Files of a folder put together, in this order, while the program is built: each part of the pages keeps its own, browsers get one.
macro_rules! parts {
    ($folder:literal, $($file:literal),+ $(,)?) => {
        concat!($(include_str!(concat!($folder, $file))),+)
    };
}

/// Something a page refers to.
pub struct Asset {
    /// The address pages use.
    pub href: String,
    name: String,
    content_type: &'static str,
    content: String,
    /// The same compressed as well as it can be: once, where pages are compressed quickly, each anew.
    packed: Option<Vec<u8>>,
}

/// The style sheet.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "desk",
        "css",
        "text/css; charset=utf-8",
        parts!(
            "../assets/style/",
            "tokens.css",
            "base.css",
            "parts.css",
            "frame.css",
            "list.css",
            "ticket.css",
            "search.css",
            "palette.css",
            "plain.css"
        ),
    )
});
/// The script, as it is written.
pub const SCRIPT_SOURCE: &str = parts!(
    "../assets/script/",
    "base.js",
    "frame.js",
    "list.js",
    "ticket.js",
    "live.js",
    "palette.js",
    "keys.js"
);
/// The script in each language: what it says is put into it here, so that pages carry no words for it and nobody loads another's.
static SCRIPT: LazyLock<Asset> = LazyLock::new(|| script_in(Language::English));
static GERMAN_SCRIPT: LazyLock<Asset> = LazyLock::new(|| script_in(Language::German));
/// The style sheet of formatted mail within its frame.
pub static MAIL_STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "mail",
        "css",
        "text/css; charset=utf-8",
        include_str!("../assets/mail.css"),
    )
});
/// The icon.
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_str!("../assets/icon.svg")));

/// Where the script is that speaks a language.
pub fn script(language: Language) -> &'static str {
    match language {
        Language::English => &SCRIPT.href,
        Language::German => &GERMAN_SCRIPT.href,
    }
}

fn script_in(language: Language) -> Asset {
    let content = translated_script(SCRIPT_SOURCE, language);
    Asset::new("desk", "js", "text/javascript; charset=utf-8", &content)
}

impl Asset {
    fn new(stem: &str, extension: &str, content_type: &'static str, written: &str) -> Self {
        let content = without_notes(written);
        let digest = Digest::of(content.as_bytes());
        let name = format!("{stem}.{}.{extension}", &digest.as_str()[..NAME_DIGITS]);
        Self {
            href: format!("/agent/assets/{name}"),
            name,
            content_type,
            packed: packed(&content),
            content,
        }
    }
}

/// What is written without the notes of those who wrote it, and without what lays it out: lines that are a comment, and the space before
/// lines. No text of ours goes on over a line.
fn without_notes(written: &str) -> String {
    let is_note = |line: &str| {
        line.starts_with("//") || (line.starts_with("/*") && line.find("*/") == Some(line.len() - 2))
    };
    let lines = written.lines().map(str::trim);
    let kept = lines.filter(|line| !line.is_empty() && !is_note(line));
    kept.collect::<Vec<_>>().join("\n")
}

fn packed(content: &str) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content.as_bytes()).ok()?;
    encoder.finish().ok()
}

/// Whether whoever asks takes gzip (RFC 9110, section 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_gzip = parts.next() == Some("gzip");
        is_gzip && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Serves one of them.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let all: [&'static Asset; 5] = [&STYLE, &SCRIPT, &GERMAN_SCRIPT, &MAIL_STYLE, &ICON];
    let Some(asset) = all.into_iter().find(|asset| asset.name == name) else {
        return Failure::Missing.into_response();
    };
    let kept_for_ever = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "accept-encoding"),
    ];
    match asset.packed.as_deref().filter(|_| takes_gzip(&headers)) {
        Some(packed) => (kept_for_ever, [(header::CONTENT_ENCODING, "gzip")], packed).into_response(),
        None => (kept_for_ever, asset.content.as_str()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_stay_with_who_wrote_them_and_nothing_else_is_lost() {
        let written = "// Why.\nconst a = \"//\";\n\n  /* So. */\n  b { c: d } /* e */\n/* f */ g";
        assert_eq!(
            without_notes(written),
            "const a = \"//\";\nb { c: d } /* e */\n/* f */ g"
        );
    }

    #[test]
    fn whoever_refuses_gzip_gets_none() {
        for (accepted, expected) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, gzip;q=0.8", true),
            ("gzip;q=0", false),
            ("deflate", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
            assert_eq!(takes_gzip(&headers), expected, "{accepted:?}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn no_text_of_the_script_goes_on_over_a_line() {
        for line in SCRIPT.content.lines().chain(GERMAN_SCRIPT.content.lines()) {
            assert_eq!(line.matches('`').count() % 2, 0, "{line}");
        }
    }

    #[test]
    fn each_language_has_a_script_of_its_own_and_none_looks_its_words_up() {
        assert_ne!(SCRIPT.name, GERMAN_SCRIPT.name);
        for script in [&SCRIPT, &GERMAN_SCRIPT] {
            assert!(!script.content.contains(" t(\""), "{}", script.name);
        }
        assert!(GERMAN_SCRIPT.content.contains("Zurückstellen"));
    }
}

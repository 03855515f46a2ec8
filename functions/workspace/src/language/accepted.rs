//! Which language a browser asks for (RFC 9110, section 12.5.4).

use super::Language;
use axum::http::{HeaderMap, header};

/// Longest header that is read, in bytes: no browser names so many languages.
const LONGEST: usize = 1_000;
/// The weight of a language that has none said, in thousandths.
const WHOLE: u16 = 1_000;

/// The language that a browser prefers of those that are spoken here; nothing where it names none of them.
pub fn accepted(headers: &HeaderMap) -> Option<Language> {
    let asked = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    if asked.len() > LONGEST {
        return None;
    }
    let mut best: Option<(Language, u16)> = None;
    for range in asked.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let language = parts.next().and_then(Language::of_tag);
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(WHOLE, weight);
        // Of two that are asked for alike the first is meant.
        if let Some(language) = language
            && weight > best.map_or(0, |(_, weight)| weight)
        {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

/// A weight such as `0.8`, in thousandths; what can't be read is none.
fn weight(text: &str) -> u16 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_read = part.len() <= 3 && part.bytes().all(|digit| digit.is_ascii_digit());
    match whole {
        "1" => WHOLE,
        "0" if is_read => format!("{part:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(asked: &str) -> Option<Language> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, asked.parse().unwrap());
        accepted(&headers)
    }

    #[test]
    fn the_language_that_weighs_most_is_spoken() {
        use Language::{English, German};
        for (asked, expected) in [
            ("de", Some(German)),
            ("de-AT,de;q=0.9,en;q=0.8", Some(German)),
            ("en-US,en;q=0.9,de;q=0.8", Some(English)),
            ("fr,en;q=0.3,de;q=0.5", Some(German)),
            ("de;q=0, en;q=0.1", Some(English)),
            ("DE_ch", Some(German)),
            ("fr, es;q=0.5", None),
            ("den, eng", None),
            ("*", None),
            ("de;q=9", None),
            ("", None),
        ] {
            assert_eq!(of(asked), expected, "{asked}");
        }
        assert_eq!(of(&"de,".repeat(400)), None, "longer than anybody asks");
        assert_eq!(accepted(&HeaderMap::new()), None);
    }
}

//! The best reading of text of which nothing is known.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{ISO_8859_4, WINDOWS_1252};

use super::doubt::speaks_against;
use super::{Charset, Hints, PLAIN_UTF_8, Reading, before_windows, by_label};

/// Most bytes that the detector looks at: it is sure long before.
const MAX_LOOKED_BYTES: usize = 64 * 1024;

/// The best reading of eight-bit text of which nothing is known.
pub(super) fn guessed(bytes: &[u8], hints: Hints<'_>) -> Reading {
    if let Some(charset) = hints
        .beside
        .filter(|charset| *charset != Charset::Ascii && *charset != PLAIN_UTF_8)
    {
        let reading = by_label(bytes, charset);
        if reading.lost == 0 && charset.keeps_ascii() && !speaks_against(&reading, bytes) {
            return Reading {
                is_guess: true,
                ..reading
            };
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(
        &bytes[..bytes.len().min(MAX_LOOKED_BYTES)],
        bytes.len() <= MAX_LOOKED_BYTES,
    );
    let is_plain = |domain: &&str| !domain.is_empty() && domain.bytes().all(|byte| byte.is_ascii_lowercase());
    let domain = hints.top_level_domain.filter(is_plain).map(str::as_bytes);
    let mut encoding = detector.guess(domain, Utf8Detection::Allow);
    if encoding == ISO_8859_4 {
        // The detector finds this one in short words of the West; nobody has sent it for long.
        encoding = WINDOWS_1252;
    }
    let mut reading = by_label(bytes, Charset::Standard(encoding));
    if encoding == WINDOWS_1252 {
        reading = before_windows::better(&reading, bytes).unwrap_or(reading);
    }
    Reading {
        is_guess: true,
        ..reading
    }
}

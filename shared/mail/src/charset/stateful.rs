//! Charsets that switch between sets of letters on the way: ISO 2022 (RFC 1468, 1554, 1557, 1922) and HZ (RFC 1843).
//!
//! Each is seven-bit text around runs of one set of double-byte letters, which the eight-bit charset of the same
//! letters reads once the high bits are set.

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GBK};

/// A set of letters that an escape sequence chooses.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Set {
    Ascii,
    /// JIS X 0208, as EUC-JP writes it.
    Japanese,
    /// JIS X 0212, in EUC-JP behind 0x8F.
    JapaneseMore,
    /// The half-width katakana of JIS X 0201, in EUC-JP behind 0x8E.
    Katakana,
    Chinese,
    Korean,
}

impl Set {
    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Chinese => GBK,
            Self::Korean => EUC_KR,
            _ => EUC_JP,
        }
    }
}

/// The escape sequences, without the escape itself. The second field says what shifts of the set in: itself, or a
/// later shift out (0x0E).
const ESCAPES: &[(&[u8], bool, Set)] = &[
    (b"$)C", true, Set::Korean),
    (b"$)A", true, Set::Chinese),
    (b"$(D", false, Set::JapaneseMore),
    (b"$(C", false, Set::Korean),
    (b"$(A", false, Set::Chinese),
    (b"$(B", false, Set::Japanese),
    (b"$(@", false, Set::Japanese),
    (b"$A", false, Set::Chinese),
    (b"$B", false, Set::Japanese),
    (b"$@", false, Set::Japanese),
    (b"(I", false, Set::Katakana),
    (b"(B", false, Set::Ascii),
    (b"(J", false, Set::Ascii),
    (b"(H", false, Set::Ascii),
];

const ESCAPE: u8 = 0x1b;
const SHIFT_OUT: u8 = 0x0e;
const SHIFT_IN: u8 = 0x0f;

/// Whether the bytes choose double-byte letters by an escape sequence.
pub(super) fn has_escapes(bytes: &[u8]) -> bool {
    let starts = |rest: &[u8]| {
        let sequence = rest.strip_prefix(&[ESCAPE]);
        sequence.is_some_and(|after| {
            ESCAPES
                .iter()
                .any(|(escape, ..)| escape[0] == b'$' && after.starts_with(escape))
        })
    };
    let mut escapes = bytes.iter().enumerate().filter(|(_, byte)| **byte == ESCAPE);
    escapes.any(|(at, _)| starts(&bytes[at..]))
}

/// Reads ISO 2022, whichever of its sets it uses.
pub(super) fn iso_2022(bytes: &[u8]) -> String {
    let mut runs = Runs::default();
    // What an escape chose, and what a shift out chooses. Mail that never designates a set shifts to katakana (JIS).
    let (mut chosen, mut shifted, mut is_out) = (Set::Ascii, Set::Katakana, false);
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            ESCAPE => {
                let known = ESCAPES.iter().find(|(escape, ..)| after.starts_with(escape));
                let Some((escape, by_shift, set)) = known else {
                    continue;
                };
                rest = &after[escape.len()..];
                if *by_shift {
                    shifted = *set;
                } else {
                    chosen = *set;
                }
            }
            SHIFT_OUT => is_out = true,
            SHIFT_IN => is_out = false,
            b'\n' => {
                // Every line starts anew (RFC 1468, 1557), whatever the one before forgot to close.
                (chosen, is_out) = (Set::Ascii, false);
                runs.push(Set::Ascii, &[byte]);
            }
            _ => rest = runs.take(if is_out { shifted } else { chosen }, byte, after),
        }
    }
    runs.finish()
}

/// Reads HZ: Chinese between `~{` and `~}`.
pub(super) fn hz(bytes: &[u8]) -> String {
    let mut runs = Runs::default();
    let mut set = Set::Ascii;
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after.first()) {
            (b'~', Some(b'{')) if set == Set::Ascii => {
                (set, rest) = (Set::Chinese, &after[1..]);
            }
            (b'~', Some(b'}')) => (set, rest) = (Set::Ascii, &after[1..]),
            (b'~', Some(b'~')) if set == Set::Ascii => {
                runs.push(Set::Ascii, b"~");
                rest = &after[1..];
            }
            // A line that goes on.
            (b'~', Some(b'\n')) if set == Set::Ascii => rest = &after[1..],
            (b'\n', _) => {
                set = Set::Ascii;
                runs.push(Set::Ascii, b"\n");
            }
            _ => rest = runs.take(set, byte, after),
        }
    }
    runs.finish()
}

/// Text built of runs, each in one eight-bit charset.
#[derive(Default)]
struct Runs {
    text: String,
    run: Vec<u8>,
    set: Option<Set>,
}

impl Runs {
    /// Takes one letter of a set, whose first byte is `byte`, and returns what follows it.
    fn take<'a>(&mut self, set: Set, byte: u8, after: &'a [u8]) -> &'a [u8] {
        let is_letter = |byte: u8| (0x21..=0x7e).contains(&byte);
        if set == Set::Ascii || !is_letter(byte) {
            // Eight-bit bytes have no place here: none of the charsets reads this one.
            self.push(Set::Ascii, &[if byte.is_ascii() { byte } else { 0xff }]);
            return after;
        }
        if set == Set::Katakana {
            self.push(set, &[0x8e, byte | 0x80]);
            return after;
        }
        match after.first() {
            Some(&second) if is_letter(second) => {
                if set == Set::JapaneseMore {
                    self.push(set, &[0x8f, byte | 0x80, second | 0x80]);
                } else {
                    self.push(set, &[byte | 0x80, second | 0x80]);
                }
                &after[1..]
            }
            // Half a letter.
            _ => {
                self.push(set, &[0xff]);
                after
            }
        }
    }

    fn push(&mut self, set: Set, bytes: &[u8]) {
        if self.set.is_some_and(|last| last.encoding() != set.encoding()) {
            self.end_run();
        }
        self.set = Some(set);
        self.run.extend_from_slice(bytes);
    }

    fn end_run(&mut self) {
        if let Some(set) = self.set.take() {
            let (text, _) = set.encoding().decode_without_bom_handling(&self.run);
            self.text.push_str(&text);
            self.run.clear();
        }
    }

    fn finish(mut self) -> String {
        self.end_run();
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_of_iso_2022_is_read() {
        for (bytes, expected) in [
            (
                &b"\x1b$)C\x0eAV9.\x0f \x0eCk<R\x0f!"[..],
                "\u{c8fc}\u{bb38} \u{cde8}\u{c18c}!",
            ),
            (b"\x1b$BJVIJ\x1b(B ok", "\u{8fd4}\u{54c1} ok"),
            (b"\x1b$BJVIJ\nok", "\u{8fd4}\u{54c1}\nok"),
            (b"\x1b(I1\x1b(B", "\u{ff71}"),
            (b"\x0e1\x0f", "\u{ff71}"),
            (b"\x1b$A<SDc\x1b(B", "\u{52a0}\u{4f60}"),
            (b"\x1b$)A\x0e<S\x0f", "\u{52a0}"),
            (b"\x1b$(D0\x21\x1b(B", "\u{4e02}"),
            (b"\x1b[1mred", "[1mred"),
            (b"\x1b$BJ", "\u{fffd}"),
            (b"", ""),
        ] {
            assert_eq!(iso_2022(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn hz_is_read() {
        for (bytes, expected) in [
            (&b"~{NRR*MK;u~}"[..], "\u{6211}\u{8981}\u{9000}\u{8d27}"),
            (b"a~~b ~{NR~}c", "a~b \u{6211}c"),
            (b"a~\nb", "ab"),
            (b"~{NR\nplain", "\u{6211}\nplain"),
            (b"~", "~"),
        ] {
            assert_eq!(hz(bytes), expected, "{bytes:?}");
        }
    }
}

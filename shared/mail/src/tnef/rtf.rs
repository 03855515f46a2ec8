//! The text of a mail that is there as RTF alone: unpacked ([MS-OXRTFCP] section 2.1.3) and without its formatting.

use super::bytes::{Bytes, text};

/// Most bytes of RTF unpacked: as much as of HTML. A hostile stream grows eightfold.
const MAX_RTF_BYTES: usize = crate::guard::MAX_HTML_BYTES;

/// Deepest nesting of groups followed; real RTF nests about ten.
const MAX_GROUPS: usize = 500;

/// Length of the dictionary.
const DICTIONARY_BYTES: usize = 4096;

/// What the dictionary starts with ([MS-OXRTFCP] section 2.1.2.1).
const PRESET: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\
\\b\\i\\u\\tab\\tx";

const COMPRESSED: u32 = 0x7546_5a4c;
const UNCOMPRESSED: u32 = 0x414c_454d;

/// Groups whose text is none of the mail's.
const UNSEEN: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "footer",
];

/// The text of packed RTF; none when there is none.
pub(super) fn rtf_as_text(packed: &[u8]) -> Option<String> {
    let rtf = unpack(packed)?;
    if !rtf.starts_with(b"{\\rtf") {
        return None;
    }
    let text = Reader::new(&rtf).run();
    (!text.trim().is_empty()).then_some(text)
}

fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let mut rest = Bytes(packed);
    rest.u32()?;
    let size = rest.length()?.min(MAX_RTF_BYTES);
    let kind = rest.u32()?;
    rest.u32()?;
    match kind {
        UNCOMPRESSED => Some(rest.take_up_to(size).to_vec()),
        COMPRESSED => Some(expand(rest, size)),
        _ => None,
    }
}

/// As much as can be read of up to `size` bytes.
fn expand(mut rest: Bytes<'_>, size: usize) -> Vec<u8> {
    let mut dictionary = [b' '; DICTIONARY_BYTES];
    dictionary[..PRESET.len()].copy_from_slice(PRESET);
    let mut write = PRESET.len();
    let mut rtf = Vec::new();
    let mut put = |byte: u8, dictionary: &mut [u8; DICTIONARY_BYTES], write: &mut usize| {
        rtf.push(byte);
        dictionary[*write] = byte;
        *write = (*write + 1) % DICTIONARY_BYTES;
        rtf.len() < size
    };
    'runs: while let Some(control) = rest.u8() {
        for bit in 0..8 {
            if control >> bit & 1 == 0 {
                let Some(byte) = rest.u8() else { break 'runs };
                if !put(byte, &mut dictionary, &mut write) {
                    break 'runs;
                }
                continue;
            }
            let Some(reference) = rest.u16().map(u16::swap_bytes) else {
                break 'runs;
            };
            let offset = usize::from(reference >> 4);
            if offset == write {
                break 'runs;
            }
            for step in 0..usize::from(reference & 0xf) + 2 {
                let byte = dictionary[(offset + step) % DICTIONARY_BYTES];
                if !put(byte, &mut dictionary, &mut write) {
                    break 'runs;
                }
            }
        }
    }
    rtf
}

/// What holds within a group.
#[derive(Clone, Copy)]
struct Group {
    unseen: bool,
    /// How many characters stand in for one that is written as `\u`.
    substitutes: usize,
}

struct Reader<'r> {
    rest: Bytes<'r>,
    groups: Vec<Group>,
    code_page: u32,
    /// Bytes in the code page that are not yet decoded.
    pending: Vec<u8>,
    /// Characters still to be left out after a `\u`.
    skip: usize,
    text: String,
}

impl<'r> Reader<'r> {
    fn new(rtf: &'r [u8]) -> Self {
        Self {
            rest: Bytes(rtf),
            groups: vec![Group {
                unseen: false,
                substitutes: 1,
            }],
            code_page: super::DEFAULT_CODE_PAGE,
            pending: Vec::new(),
            skip: 0,
            text: String::new(),
        }
    }

    fn run(mut self) -> String {
        while let Some(byte) = self.rest.u8() {
            match byte {
                b'{' if self.groups.len() > MAX_GROUPS => break,
                b'{' => self.groups.push(self.group()),
                b'}' => {
                    self.groups.pop();
                    if self.groups.len() <= 1 {
                        break;
                    }
                }
                b'\\' => self.control(),
                b'\r' | b'\n' | 0 => {}
                byte => self.byte(byte),
            }
        }
        self.decode();
        self.text
    }

    fn group(&self) -> Group {
        self.groups.last().copied().unwrap_or(Group {
            unseen: true,
            substitutes: 1,
        })
    }

    fn set(&mut self, change: impl FnOnce(&mut Group)) {
        if let Some(group) = self.groups.last_mut() {
            change(group);
        }
    }

    fn control(&mut self) {
        let Some(symbol) = self.rest.u8() else { return };
        match symbol {
            b'\'' => {
                let digits = self.rest.take_up_to(2);
                let byte = std::str::from_utf8(digits).ok();
                if let Some(byte) = byte.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    self.byte(byte);
                }
            }
            b'*' => self.set(|group| group.unseen = true),
            b'~' => self.character('\u{a0}'),
            b'_' => self.character('-'),
            b'\r' | b'\n' => self.character('\n'),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            letter if letter.is_ascii_alphabetic() => {
                let (name, number) = self.word(letter);
                self.command(&name, number);
            }
            _ => {}
        }
    }

    /// The name and the number of a command; a space that ends it belongs to it.
    fn word(&mut self, first: u8) -> (String, Option<i32>) {
        let after = |bytes: &[u8], is: fn(&u8) -> bool| bytes.iter().take_while(|byte| is(byte)).count();
        let letters = after(self.rest.0, u8::is_ascii_alphabetic).min(32);
        let mut name = char::from(first).to_string();
        name.push_str(&String::from_utf8_lossy(self.rest.take_up_to(letters)));
        let digits = after(self.rest.0, |byte| byte.is_ascii_digit() || *byte == b'-').min(11);
        let number = String::from_utf8_lossy(self.rest.take_up_to(digits)).parse().ok();
        if self.rest.0.first() == Some(&b' ') {
            self.rest.u8();
        }
        (name, number)
    }

    fn command(&mut self, name: &str, number: Option<i32>) {
        let count = |number: Option<i32>| number.and_then(|number| usize::try_from(number).ok());
        match (name, number) {
            ("par" | "line" | "row" | "sect" | "page", _) => self.character('\n'),
            ("tab" | "cell", _) => self.character('\t'),
            ("lquote" | "rquote", _) => self.character('\''),
            ("ldblquote" | "rdblquote", _) => self.character('"'),
            ("endash" | "emdash", _) => self.character('-'),
            ("bullet", _) => self.character('\u{2022}'),
            ("ansicpg", Some(page)) => self.code_page = u32::try_from(page).unwrap_or(self.code_page),
            ("uc", number) => {
                let substitutes = count(number).unwrap_or(1).min(8);
                self.set(|group| group.substitutes = substitutes);
            }
            ("u", Some(unit)) => {
                // Written as a signed number of 16 bits; halves of a pair are rare and lost.
                let unit = u32::try_from(unit.rem_euclid(0x1_0000)).unwrap_or_default();
                self.character(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
                self.skip = self.group().substitutes;
            }
            ("bin", Some(_)) => {
                self.rest.take_up_to(count(number).unwrap_or(0));
            }
            (name, _) if UNSEEN.contains(&name) => self.set(|group| group.unseen = true),
            _ => {}
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if !self.group().unseen && byte != 0 {
            self.pending.push(byte);
        }
    }

    fn character(&mut self, character: char) {
        self.decode();
        if !self.group().unseen {
            self.text.push(character);
        }
    }

    fn decode(&mut self) {
        if !self.pending.is_empty() {
            self.text.push_str(&text(&self.pending, self.code_page));
            self.pending.clear();
        }
    }
}

#[cfg(test)]
#[path = "rtf_tests.rs"]
mod tests;

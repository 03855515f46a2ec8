//! Files that stand in the text itself: uuencoded (POSIX `uuencode`), in its own alphabet or in base64.

use bytes::Bytes;

use crate::inbound::Attachment;
use crate::text::clean_file_name;

/// Most files taken out of the texts of a mail; the rest stays text.
const MAX_FILES: usize = 100;

/// What was found in the texts of a mail.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    pub(super) files: Vec<Attachment>,
    /// Whether files stayed in the text.
    pub(super) is_full: bool,
}

/// Takes the files out of a text, whose lines end in `\n`. What is not well formed stays.
pub(super) fn unpack(text: &str, unpacked: &mut Unpacked) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = split_line(rest);
        let block = begin(line).and_then(|(name, alphabet)| Some((name, contents(after, alphabet)?)));
        match block {
            Some(_) if unpacked.files.len() >= MAX_FILES => unpacked.is_full = true,
            Some((name, (bytes, tail))) => {
                unpacked.files.push(file(name, bytes, unpacked.files.len() + 1));
                rest = tail;
                continue;
            }
            None => {}
        }
        words.push_str(&rest[..rest.len() - after.len()]);
        rest = after;
    }
    words
}

/// The only file of a part that is uuencoded as a whole.
pub(super) fn only_file(text: &str) -> Option<Bytes> {
    let mut unpacked = Unpacked::default();
    let words = unpack(text, &mut unpacked);
    let is_all = words.trim().is_empty() && unpacked.files.len() == 1;
    is_all.then(|| unpacked.files.remove(0).bytes)
}

fn file(name: &str, bytes: Vec<u8>, position: usize) -> Attachment {
    Attachment {
        name: clean_file_name(name).unwrap_or_else(|| format!("file-{position}.bin")),
        content_type: "application/octet-stream".to_owned(),
        content_id: None,
        inline: false,
        bytes: bytes.into(),
    }
}

fn split_line(text: &str) -> (&str, &str) {
    let (line, after) = text.split_once('\n').unwrap_or((text, ""));
    (line.strip_suffix('\r').unwrap_or(line), after)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Alphabet {
    Own,
    Base64,
}

/// The name in a line that begins a file: `begin 644 name`, `begin-base64 644 name`.
fn begin(line: &str) -> Option<(&str, Alphabet)> {
    let (rest, alphabet) = match line.strip_prefix("begin ") {
        Some(rest) => (rest, Alphabet::Own),
        None => (line.strip_prefix("begin-base64 ")?, Alphabet::Base64),
    };
    let (mode, name) = rest.split_once(' ')?;
    let is_mode = (3..=4).contains(&mode.len()) && mode.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    (is_mode && !name.trim().is_empty()).then(|| (name.trim(), alphabet))
}

/// The bytes up to the line that ends a file, and what follows it.
fn contents(text: &str, alphabet: Alphabet) -> Option<(Vec<u8>, &str)> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = split_line(rest);
        let line = line.trim_end();
        match alphabet {
            Alphabet::Own if line == "end" => return Some((bytes, after)),
            Alphabet::Own => own_line(line, &mut bytes)?,
            Alphabet::Base64 if line == "====" => return Some((bytes, after)),
            Alphabet::Base64 => {
                use base64::Engine;
                bytes.append(&mut base64::engine::general_purpose::STANDARD.decode(line).ok()?);
            }
        }
        rest = after;
    }
    None
}

/// Reads a line: its length, then four letters for every three bytes. Spaces at its end may be lost.
fn own_line(line: &str, bytes: &mut Vec<u8>) -> Option<()> {
    let value = |byte: u8| (b' '..=b'`').contains(&byte).then(|| (byte - b' ') & 0x3f);
    let Some((&length, letters)) = line.as_bytes().split_first() else {
        // Nothing but spaces, which say that nothing follows.
        return Some(());
    };
    let length = usize::from(value(length)?);
    // Some add a letter as a checksum.
    if letters.len() > length.div_ceil(3) * 4 + 1 {
        return None;
    }
    let start = bytes.len();
    for group in letters.chunks(4) {
        let mut bits = 0_u32;
        for at in 0..4 {
            bits = bits << 6 | u32::from(value(group.get(at).copied().unwrap_or(b' '))?);
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
    }
    bytes.resize(start + length, 0);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, words: &str, files: &[(&str, &[u8])]) {
        let mut unpacked = Unpacked::default();
        assert_eq!(unpack(text, &mut unpacked), words);
        let found: Vec<(&str, &[u8])> = unpacked
            .files
            .iter()
            .map(|file| (file.name.as_str(), &*file.bytes))
            .collect();
        assert_eq!(found, files, "{text}");
    }

    #[test]
    fn files_leave_the_text() {
        check(
            "see\nbegin 644 cat.txt\n#0V%T\n`\nend\nbye\n",
            "see\nbye\n",
            &[("cat.txt", b"Cat")],
        );
        check(
            "begin 0644 a b.txt\r\n#0V%T\r\n`\r\nend",
            "",
            &[("a b.txt", b"Cat")],
        );
        check("begin-base64 644 a.txt\nQ2F0\n====\n", "", &[("a.txt", b"Cat")]);
        check("begin 644 ../../x\n`\nend\n", "", &[("x", b"")]);
    }

    #[test]
    fn what_is_no_file_stays() {
        for text in [
            "begin 644 cat.txt\n#0V%T\n`\n",
            "begin 644 cat.txt\nnot at all\nend\n",
            "begin the work\nend\n",
            "begin 999 a\nend\n",
            "begin 644 \nend\n",
            "> begin 644 cat.txt\n> #0V%T\n> end\n",
            "begin-base64 644 a\n***\n====\n",
        ] {
            check(text, text, &[]);
        }
    }

    #[test]
    fn files_beyond_the_limit_stay() {
        let text = "begin 644 a\n`\nend\n".repeat(MAX_FILES + 1);
        let mut unpacked = Unpacked::default();
        assert_eq!(unpack(&text, &mut unpacked), "begin 644 a\n`\nend\n");
        assert!(unpacked.is_full && unpacked.files.len() == MAX_FILES);
    }

    fn encoded(bytes: &[u8], zero: char) -> String {
        let letter = |value: u32| {
            if value == 0 {
                zero
            } else {
                char::from(value as u8 + b' ')
            }
        };
        let mut text = String::new();
        for line in bytes.chunks(45) {
            text.push(letter(line.len() as u32));
            for group in line.chunks(3) {
                let at = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
                let bits = at(0) << 16 | at(1) << 8 | at(2);
                text.extend([18, 12, 6, 0].map(|shift| letter(bits >> shift & 0x3f)));
            }
            text.push('\n');
        }
        text
    }

    proptest! {
        #[test]
        fn any_file_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..200), zero in "[ `]", is_trimmed in any::<bool>()) {
            let zero = zero.chars().next().unwrap();
            let mut data = encoded(&bytes, zero);
            if is_trimmed {
                data = data.lines().map(|line| format!("{}\n", line.trim_end())).collect();
            }
            let text = format!("a\nbegin 644 f.bin\n{data}{zero}\nend\nb");
            let mut unpacked = Unpacked::default();
            prop_assert_eq!(unpack(&text, &mut unpacked), "a\nb");
            prop_assert_eq!(&*unpacked.files[0].bytes, &*bytes);
        }

        #[test]
        fn any_text_is_passed(text in "(begin 644 a\n|begin-base64 644 a\n|#0V%T\n|`\n|end\n|====\n|x\n|\r){0,20}") {
            let _ = unpack(&text, &mut Unpacked::default());
        }
    }
}

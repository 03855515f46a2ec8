//! Files that people hand in with a comment, and files that are handed out: how large, of which type, under which name.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt;

/// Most bytes of a file that comes into the cloud: a call of a Lambda function holds 6 MB (AWS Lambda quotas,
/// invocation payload), and what is no text stands in it in base64, four bytes for three, beside its headers.
const MOST_CLOUD_BYTES: u64 = 4_000_000;
/// Most bytes of a file that is handed out from the cloud: the same limit, with fewer headers.
const MOST_CLOUD_ANSWER_BYTES: u64 = 4_400_000;
/// Most files of one comment: more is sent as an archive, and each is fetched and stored by itself.
pub const MOST_FILES: usize = 20;
/// Most bytes of all files of one comment. A mail has at most 10 MiB once encoded (SES v1 quota): these are 9.6 million
/// bytes in lines of base64, and the rest is room for the longest text, which stands in the mail twice.
pub const MOST_BYTES_TOGETHER: u64 = 7_000_000;
/// Longest part of a media type, in bytes (RFC 6838, section 4.2, recommends 64 and allows 127).
const LONGEST_TYPE_PART: usize = 63;
/// The type of which nothing is known.
pub const UNKNOWN_TYPE: &str = "application/octet-stream";

/// Why files are not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesRefused {
    /// One is too large.
    #[error("{name} has {}, at most {} are taken", Megabytes(*.bytes), Megabytes(*.most))]
    TooLarge {
        /// Its name.
        name: String,
        /// Its size.
        bytes: u64,
        /// What is allowed.
        most: u64,
    },
    /// There are too many.
    #[error("there are {0} files, at most {MOST_FILES} are taken")]
    TooMany(usize),
    /// All together are too large.
    #[error("the files have {} together, at most {} go with one answer", Megabytes(*.bytes), Megabytes(*.most))]
    TooLargeTogether {
        /// Their size.
        bytes: u64,
        /// What is allowed.
        most: u64,
    },
}

/// A size in words, never rounded down.
pub struct Megabytes(pub u64);

impl fmt::Display for Megabytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0.div_ceil(100_000);
        match tenths % 10 {
            0 => write!(f, "{} MB", tenths / 10),
            tenth => write!(f, "{}.{tenth} MB", tenths / 10),
        }
    }
}

/// Most bytes of one file that comes in.
pub fn most_file_bytes(is_local: bool) -> u64 {
    if is_local {
        MOST_BYTES_TOGETHER
    } else {
        MOST_CLOUD_BYTES
    }
}

/// Whether a file of this size can be handed out in one answer.
pub fn can_hand_out(bytes: u64, is_local: bool) -> bool {
    is_local || bytes <= MOST_CLOUD_ANSWER_BYTES
}

/// Refuses files, by name and size, that could not be sent with one comment.
pub fn check_files<'f>(
    files: impl IntoIterator<Item = (&'f str, u64)>,
    most: u64,
    most_together: u64,
) -> Result<(), FilesRefused> {
    let (mut count, mut together) = (0, 0);
    for (name, bytes) in files {
        if bytes > most {
            let name = name.to_owned();
            return Err(FilesRefused::TooLarge { name, bytes, most });
        }
        count += 1;
        together += bytes;
    }
    if count > MOST_FILES {
        return Err(FilesRefused::TooMany(count));
    }
    if together > most_together {
        return Err(FilesRefused::TooLargeTogether {
            bytes: together,
            most: most_together,
        });
    }
    Ok(())
}

/// A declared media type without its parameters; unknown where it could not stand in a mail.
pub fn clean_media_type(declared: &str) -> String {
    let bare = declared.split(';').next().unwrap_or_default();
    let bare = bare.trim().to_ascii_lowercase();
    let is_token = |part: &str| {
        (1..=LONGEST_TYPE_PART).contains(&part.len())
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match bare.split_once('/') {
        Some((kind, subtype)) if is_token(kind) && is_token(subtype) => bare,
        _ => UNKNOWN_TYPE.to_owned(),
    }
}

/// A type by the content alone, and only one that no browser runs.
pub fn safe_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        _ => UNKNOWN_TYPE,
    }
}

/// A declared type, if it is one that no browser runs.
pub fn safe_declared_type(declared: &str) -> &'static str {
    let known = [
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "application/pdf",
    ];
    let known = known
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(declared));
    known.unwrap_or(UNKNOWN_TYPE)
}

/// "Save this under the name", in both of the forms of RFC 6266. Of printable ASCII alone.
pub fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' => '_',
            c if c.is_ascii_graphic() || c == ' ' => c,
            _ => '_',
        })
        .collect();
    let encoded = utf8_percent_encode(name, NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_a_browser_could_run_is_plain_bytes() {
        for bytes in [&b"<html><script>"[..], b"<svg onload=x>", b"", b"text"] {
            assert_eq!(safe_type(bytes), UNKNOWN_TYPE);
        }
        assert_eq!(safe_type(b"\x89PNG\r\n\x1a\n"), "image/png");
        for declared in ["text/html", "image/svg+xml", "IMAGE/SVG+XML", ""] {
            assert_eq!(safe_declared_type(declared), UNKNOWN_TYPE);
        }
        assert_eq!(safe_declared_type("Image/PNG"), "image/png");
    }

    #[test]
    fn a_file_name_can_not_leave_its_header() {
        assert_eq!(
            disposition("a\"\r\nx: y\\ü%41.txt"),
            "attachment; filename=\"a___x: y___41.txt\"; \
             filename*=UTF-8''a%22%0D%0Ax%3A%20y%5C%C3%BC%2541%2Etxt"
        );
    }

    #[test]
    fn a_media_type_loses_its_parameters_and_one_that_is_none_is_unknown() {
        for (declared, expected) in [
            ("Text/Plain; charset=utf-8", "text/plain"),
            (" image/svg+xml ", "image/svg+xml"),
            ("", UNKNOWN_TYPE),
            ("image", UNKNOWN_TYPE),
            ("image/", UNKNOWN_TYPE),
            ("a/b\r\nx: y", UNKNOWN_TYPE),
        ] {
            assert_eq!(clean_media_type(declared), expected, "{declared}");
        }
    }

    fn refused(sizes: &[u64]) -> Option<String> {
        let files = sizes.iter().map(|bytes| ("a.png", *bytes));
        check_files(files, most_file_bytes(false), MOST_BYTES_TOGETHER)
            .err()
            .map(|why| why.to_string())
    }

    #[test]
    fn files_at_the_limits_are_taken_and_one_step_beyond_refused() {
        assert_eq!(refused(&[]), None);
        assert_eq!(refused(&[4_000_000, 3_000_000]), None);
        assert_eq!(refused(&[1; MOST_FILES]), None);
        assert_eq!(
            refused(&[4_000_001]).as_deref(),
            Some("a.png has 4.1 MB, at most 4 MB are taken")
        );
        assert_eq!(
            refused(&[4_000_000, 3_000_001]).as_deref(),
            Some("the files have 7.1 MB together, at most 7 MB go with one answer")
        );
        assert_eq!(
            refused(&[1; MOST_FILES + 1]).as_deref(),
            Some("there are 21 files, at most 20 are taken")
        );
    }
}

//! What was not sure when a mail was read, for the agent who reads it.

use std::fmt;

use crate::guard::HtmlRefusal;

/// A place of a mail in which something was not sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The text, or the HTML.
    Text,
    /// The subject.
    Subject,
    /// The name of a person or an address.
    Person,
    /// The name of a file.
    FileName,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "the text",
            Self::Subject => "the subject",
            Self::Person => "a name or an address",
            Self::FileName => "the name of a file",
        })
    }
}

/// Something that could not be read as written, or was guessed. [`fmt::Display`] says it in words for the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadingNote {
    /// No charset was stated, or a wrong one: this one reads best.
    CharsetGuessed {
        /// Where.
        place: Place,
        /// Its name.
        charset: String,
    },
    /// Letters that no charset reads; each is shown as U+FFFD.
    LettersLost {
        /// Where.
        place: Place,
    },
    /// A part is not what its encoding says, or ends too early.
    PartDamaged,
    /// The HTML is beyond a limit.
    HtmlRefused(HtmlRefusal),
    /// The text was made of the HTML by dropping its tags.
    HtmlReadRoughly,
    /// An image that stands in the HTML itself could not be taken out of it.
    ImageUnread,
    /// Files within the text are beyond a limit.
    FilesLeftInText,
    /// More than one Message-ID.
    SeveralMessageIds,
    /// No From that can be read.
    NoFrom,
    /// A Date that cannot be read.
    DateUnread,
    /// Encrypted or sealed.
    Encrypted,
    /// A `winmail.dat` that ends too early.
    WinmailCut,
    /// A `winmail.dat` that is damaged.
    WinmailGarbled,
    /// A `winmail.dat` beyond a limit.
    WinmailTooMuch,
    /// A `winmail.dat` whose text is in a form that is not read.
    WinmailTextUnread,
}

impl fmt::Display for ReadingNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CharsetGuessed { place, charset } => {
                return write!(
                    f,
                    "the charset of {place} is not stated or wrong; it was read as {charset}"
                );
            }
            Self::LettersLost { place } => {
                return write!(
                    f,
                    "letters of {place} could not be read; each is shown as \u{fffd}"
                );
            }
            Self::HtmlRefused(refusal) => return write!(f, "{refusal}; the mail is shown as text"),
            Self::PartDamaged => "a part of the mail is damaged; it is shown as far as it can be read",
            Self::HtmlReadRoughly => "the HTML of the mail could only be read roughly",
            Self::ImageUnread => "an image within the HTML of the mail cannot be read",
            Self::FilesLeftInText => "the text of the mail holds too many files to unpack them all",
            Self::SeveralMessageIds => "the mail has more than one Message-ID; the first is used",
            Self::NoFrom => "the mail has no readable From",
            Self::DateUnread => "the Date of the mail cannot be read",
            Self::Encrypted => "the mail is encrypted or sealed; its contents are attached as they came",
            Self::WinmailCut => "the winmail.dat of the mail is cut short; what could be read of it is shown",
            Self::WinmailGarbled => {
                "the winmail.dat of the mail is damaged; what could be read of it is shown"
            }
            Self::WinmailTooMuch => "the winmail.dat of the mail holds too much to be unpacked whole",
            Self::WinmailTextUnread => "the text of the mail is in its winmail.dat and cannot be read",
        })
    }
}

/// Most notes kept of a mail: nobody reads more.
const MAX_NOTES: usize = 20;

/// The notes of one mail, each once.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<ReadingNote>);

impl Notes {
    pub(crate) fn add(&mut self, note: ReadingNote) {
        if self.0.len() < MAX_NOTES && !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    /// Notes what is not sure about a piece of text.
    pub(crate) fn add_reading(&mut self, place: Place, guessed: Option<String>, lost: usize) {
        if let Some(charset) = guessed {
            self.add(ReadingNote::CharsetGuessed { place, charset });
        }
        if lost > 0 {
            self.add(ReadingNote::LettersLost { place });
        }
    }

    pub(crate) fn into_list(self) -> Vec<ReadingNote> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_a_sentence_said_once() {
        let mut notes = Notes::default();
        notes.add_reading(Place::Subject, Some("KOI8-R".to_owned()), 0);
        notes.add_reading(Place::Subject, Some("KOI8-R".to_owned()), 2);
        let words: Vec<String> = notes.into_list().iter().map(ToString::to_string).collect();
        assert_eq!(
            words,
            [
                "the charset of the subject is not stated or wrong; it was read as KOI8-R",
                "letters of the subject could not be read; each is shown as \u{fffd}"
            ]
        );
    }
}

//! TNEF, the `winmail.dat` in which Outlook and Exchange wrap files and text ([MS-OXTNEF]).
//!
//! Reading never fails and takes time and memory in proportion to the input: lengths are believed only as far as
//! there are bytes, and everything that is counted has a limit. What is damaged is read as far as it goes.
//!
//! Own code: the library there is (`tnef` 0.1.1) reads no properties, where long names, texts and mails within mails
//! are, and gives up at the first attribute it does not know.

mod attributes;
mod bytes;
mod properties;
mod rtf;

use ::bytes::Bytes;
use attributes::{Attribute, SIGNATURE, attributes};
use properties::{Contents, Properties};

use crate::inbound::Attachment;
use crate::notes::ReadingNote;
use crate::text::{clean_file_name, one_line};

/// Most files unpacked from all the streams of a mail: as many as a mail may have parts.
const MAX_FILES: usize = crate::guard::MAX_PARTS;

/// Most bytes unpacked from all the streams of a mail: as many as a mail may have.
const MAX_UNPACKED_BYTES: usize = crate::guard::MAX_MAIL_BYTES;

/// Deepest nesting of mails within a stream; deeper ones stay packed.
const MAX_DEPTH: usize = 5;

/// The code page of a stream that names none.
const DEFAULT_CODE_PAGE: u32 = 1252;

/// Why a stream could not be read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    /// It ends too early.
    Cut,
    /// A checksum, a type or a mark is wrong.
    Garbled,
    /// It is beyond a limit.
    TooMuch,
}

impl Damage {
    /// What the agent is told.
    pub(crate) fn note(self) -> ReadingNote {
        match self {
            Self::Cut => ReadingNote::WinmailCut,
            Self::Garbled => ReadingNote::WinmailGarbled,
            Self::TooMuch => ReadingNote::WinmailTooMuch,
        }
    }
}

/// What was in a stream.
#[derive(Debug, Default)]
pub(crate) struct Unpacked {
    /// The files, those of mails within it included.
    pub(crate) files: Vec<Attachment>,
    pub(crate) text: Option<String>,
    pub(crate) html: Option<String>,
    /// Whether there is RTF in which no text was found.
    pub(crate) has_unread_rtf: bool,
    pub(crate) damage: Option<Damage>,
}

/// What all the streams of one mail may still give.
#[derive(Debug)]
pub(crate) struct Allowance {
    files: usize,
    bytes: usize,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            files: MAX_FILES,
            bytes: MAX_UNPACKED_BYTES,
        }
    }
}

impl Allowance {
    fn take(&mut self, bytes: usize) -> bool {
        if self.files == 0 || bytes > self.bytes {
            return false;
        }
        self.files -= 1;
        self.bytes -= bytes;
        true
    }
}

/// Whether an attachment is a stream, whatever its sender called it.
pub(crate) fn is_tnef(attachment: &Attachment) -> bool {
    let named = attachment.name.eq_ignore_ascii_case("winmail.dat");
    matches!(
        attachment.content_type.as_str(),
        "application/ms-tnef" | "application/vnd.ms-tnef"
    ) || (named && attachment.bytes.starts_with(&SIGNATURE))
}

/// Unpacks a stream.
pub(crate) fn unpack(stream: &[u8], allowance: &mut Allowance) -> Unpacked {
    unpack_at(stream, allowance, 0)
}

fn unpack_at(stream: &[u8], allowance: &mut Allowance, depth: usize) -> Unpacked {
    let (attributes, damage) = attributes(stream);
    let mut unpacked = Unpacked {
        damage,
        ..Unpacked::default()
    };
    let mut code_page = DEFAULT_CODE_PAGE;
    let mut body = None;
    let mut properties = Properties::default();
    let mut files: Vec<PackedFile<'_>> = Vec::new();
    for attribute in attributes {
        match attribute.id {
            _ if attribute.of_file => note_file(&mut files, attribute, &mut unpacked.damage),
            attributes::id::CODE_PAGE => {
                code_page = bytes::Bytes(attribute.data).u32().unwrap_or(code_page);
            }
            attributes::id::BODY => body = Some(attribute.data),
            attributes::id::MESSAGE_PROPERTIES => {
                let (read, damage) = Properties::read(attribute.data);
                unpacked.damage = unpacked.damage.or(damage);
                properties.add(read);
            }
            _ => {}
        }
    }
    let html_code_page = properties.number(properties::id::INTERNET_CODE_PAGE);
    unpacked.html = properties.text(properties::id::HTML, html_code_page.unwrap_or(code_page));
    unpacked.text = properties
        .text(properties::id::BODY, code_page)
        .or_else(|| body.map(|body| bytes::text(body, code_page)))
        .filter(|text| !text.trim().is_empty());
    if unpacked.text.is_none() && unpacked.html.is_none() {
        let packed = properties.bytes(properties::id::RTF);
        unpacked.text = packed.and_then(rtf::rtf_as_text);
        unpacked.has_unread_rtf = packed.is_some() && unpacked.text.is_none();
    }
    for file in files {
        file.unpack(&mut unpacked, allowance, code_page, depth);
    }
    unpacked
}

/// A file as its attributes tell of it.
#[derive(Debug, Default)]
struct PackedFile<'a> {
    title: Option<&'a [u8]>,
    transport_name: Option<&'a [u8]>,
    data: Option<&'a [u8]>,
    properties: Properties<'a>,
}

fn note_file<'a>(files: &mut Vec<PackedFile<'a>>, attribute: Attribute<'a>, damage: &mut Option<Damage>) {
    if attribute.id == attributes::id::FILE_STARTS || files.is_empty() {
        files.push(PackedFile::default());
    }
    let Some(file) = files.last_mut() else { return };
    match attribute.id {
        attributes::id::FILE_TITLE => file.title = Some(attribute.data),
        attributes::id::FILE_TRANSPORT_NAME => file.transport_name = Some(attribute.data),
        attributes::id::FILE_DATA => file.data = Some(attribute.data),
        attributes::id::FILE_PROPERTIES => {
            let (read, found) = Properties::read(attribute.data);
            *damage = damage.or(found);
            file.properties.add(read);
        }
        _ => {}
    }
}

impl PackedFile<'_> {
    fn unpack(&self, into: &mut Unpacked, allowance: &mut Allowance, code_page: u32, depth: usize) {
        let name = self.name(code_page);
        let contents = self.properties.contents(properties::id::DATA);
        let own_data = self.data.filter(|data| !data.is_empty());
        match (contents, own_data) {
            (Some(Contents::Message(stream)), _) => {
                let name = name.as_deref().unwrap_or("message");
                unpack_message(stream, name, into, allowance, depth + 1);
            }
            (_, Some(data)) | (Some(Contents::Bytes(data)), None) => {
                let name = name.unwrap_or_else(|| format!("attachment-{}.bin", into.files.len() + 1));
                let content_id = self.properties.text(properties::id::CONTENT_ID, code_page);
                let mut file = named(name, self.content_type(code_page));
                file.content_id = content_id.and_then(|id| content_id_of(&id));
                keep(file, data, into, allowance);
            }
            (None, None) if self.data.is_none() => into.damage = into.damage.or(Some(Damage::Cut)),
            (None, None) => {
                let name = name.unwrap_or_else(|| format!("attachment-{}.bin", into.files.len() + 1));
                keep(named(name, self.content_type(code_page)), &[], into, allowance);
            }
        }
    }

    /// The best name there is: a long one before a short one.
    fn name(&self, code_page: u32) -> Option<String> {
        let property = |id| self.properties.text(id, code_page);
        let attribute = |bytes: Option<&[u8]>| bytes.map(|bytes| bytes::text(bytes, code_page));
        [
            property(properties::id::LONG_FILE_NAME),
            attribute(self.title),
            property(properties::id::FILE_NAME),
            attribute(self.transport_name),
            property(properties::id::DISPLAY_NAME).map(|name| name.replace(['/', '\\'], "_")),
        ]
        .into_iter()
        .flatten()
        .find_map(|name| clean_file_name(&name))
    }

    fn content_type(&self, code_page: u32) -> String {
        let is_type = |stated: &String| {
            let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+/".contains(c);
            stated.len() <= 127 && stated.contains('/') && stated.chars().all(is_token)
        };
        self.properties
            .text(properties::id::MEDIA_TYPE, code_page)
            .map(|stated| stated.trim().to_ascii_lowercase())
            .filter(is_type)
            .unwrap_or_else(|| "application/octet-stream".to_owned())
    }
}

/// A mail within a stream: its text as a file, and its files; packed, if it is too deep or nothing is found in it.
fn unpack_message(stream: &[u8], name: &str, into: &mut Unpacked, allowance: &mut Allowance, depth: usize) {
    let mut nested = match depth {
        ..=MAX_DEPTH => unpack_at(stream, allowance, depth),
        _ => Unpacked {
            damage: Some(Damage::TooMuch),
            ..Unpacked::default()
        },
    };
    into.damage = into.damage.or(nested.damage);
    let texts = [
        (nested.text.as_deref(), "txt", "text/plain"),
        (nested.html.as_deref(), "html", "text/html"),
    ];
    let found_none = nested.files.is_empty() && texts.iter().all(|(text, ..)| text.is_none());
    for (text, extension, content_type) in texts {
        let Some(text) = text else { continue };
        let name = clean_file_name(&format!("{name}.{extension}")).unwrap_or_default();
        keep(
            named(name, content_type.to_owned()),
            text.as_bytes(),
            into,
            allowance,
        );
    }
    if found_none {
        let name = clean_file_name(&format!("{name}.dat")).unwrap_or_default();
        keep(
            named(name, "application/ms-tnef".to_owned()),
            stream,
            into,
            allowance,
        );
    }
    into.files.append(&mut nested.files);
}

fn named(name: String, content_type: String) -> Attachment {
    Attachment {
        name,
        content_type,
        content_id: None,
        inline: false,
        bytes: Bytes::new(),
    }
}

/// Keeps a file with its bytes, if there is room.
fn keep(mut file: Attachment, bytes: &[u8], into: &mut Unpacked, allowance: &mut Allowance) {
    if allowance.take(bytes.len()) {
        file.bytes = Bytes::copy_from_slice(bytes);
        into.files.push(file);
    } else {
        into.damage = into.damage.or(Some(Damage::TooMuch));
    }
}

fn content_id_of(stated: &str) -> Option<String> {
    let id = one_line(stated.trim_matches(['<', '>']));
    crate::message_id::parse_ids(&format!("<{id}>"))
        .into_iter()
        .next()
}

#[cfg(test)]
mod tests;

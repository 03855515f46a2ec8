//! The text of a mail: its plain parts, or its HTML as plain text.

use std::collections::HashMap;

use super::data_images::take_images;
use super::html_text::{html_as_text, without_tags};
use super::parts::{Kind, Structure};
use super::select::Selection;
use super::{enriched, flowed, meta_charset, preamble, uuencoded};
use crate::charset::{Charset, Hints, read_bytes};
use crate::guard::measure_html;
use crate::inbound::Attachment;
use crate::notes::{Notes, Place, ReadingNote};
use crate::text::{escape_html, is_blank, plain_lines};

/// What parts one HTML from the next.
const BREAK: &str = "\n<br>\n";

#[derive(Default)]
pub(super) struct Body {
    pub(super) text: String,
    pub(super) html: Option<String>,
    /// What stood in the text and the HTML and is a file.
    pub(super) files: Vec<Attachment>,
    /// The charset of the first text that needed one.
    pub(super) charset: Option<Charset>,
}

/// Reads the parts that are shown.
pub(super) fn read_body(structure: &Structure<'_>, selection: &Selection, notes: &mut Notes) -> Body {
    let mut reader = Reader {
        structure,
        notes,
        body: Body::default(),
        unpacked: uuencoded::Unpacked::default(),
        read: HashMap::new(),
    };
    for id in selection.html.iter().chain(&selection.text) {
        reader.read(*id);
    }
    let html = reader.html(&selection.html);
    let html = Html::measured(html, reader.notes);
    let mut text = reader.text(&selection.text);
    if is_blank(&text)
        && let Some(html) = &html
    {
        text = html_as_text(&html.html, reader.notes);
    }
    if is_blank(&text) && html.is_none() {
        text = reader.preamble();
    }
    let unpacked = reader.unpacked;
    let mut body = reader.body;
    if unpacked.is_full {
        notes.add(ReadingNote::FilesLeftInText);
    }
    body.files.extend(unpacked.files);
    finished(body, text, html)
}

/// The body of a mail whose text and HTML were wrapped in something else than its own parts.
pub(super) fn unwrapped_body(text: Option<String>, html: Option<String>, notes: &mut Notes) -> Body {
    let mut body = Body::default();
    let html = html.map(|html| take_images(&html, &mut body.files, notes));
    let html = Html::measured(html, notes);
    let text = match (text, &html) {
        (Some(text), _) if !is_blank(&text) => plain_lines(&text),
        (_, Some(html)) => html_as_text(&html.html, notes),
        (_, None) => String::new(),
    };
    finished(body, text, html)
}

/// HTML, and whether it is within the limits.
struct Html {
    html: String,
    fits: bool,
}

impl Html {
    fn measured(html: Option<String>, notes: &mut Notes) -> Option<Self> {
        let html = html?;
        let refusal = measure_html(&html).err();
        let fits = refusal.is_none();
        if let Some(refusal) = refusal {
            notes.add(ReadingNote::HtmlRefused(refusal));
        }
        Some(Self { html, fits })
    }
}

/// The body with its text trimmed. HTML beyond the limits is a file.
fn finished(mut body: Body, mut text: String, html: Option<Html>) -> Body {
    text.truncate(text.trim_end().len());
    if is_blank(&text) {
        text.clear();
    }
    let html = html.filter(|html| !html.html.trim().is_empty());
    match html.filter(|html| text.is_empty() || !shows_nothing(&html.html)) {
        Some(Html { html, fits: true }) => body.html = Some(html),
        Some(Html { html, .. }) => body.files.push(super::attachments::html_file(html)),
        None => {}
    }
    Body { text, ..body }
}

/// Whether HTML has neither text nor images: an empty form beside a text.
fn shows_nothing(html: &str) -> bool {
    is_blank(&without_tags(html)) && !html.to_ascii_lowercase().contains("<img")
}

/// One text of a mail.
struct Read {
    is_html: bool,
    text: String,
}

struct Reader<'a, 'n> {
    structure: &'a Structure<'a>,
    notes: &'n mut Notes,
    body: Body,
    unpacked: uuencoded::Unpacked,
    read: HashMap<u32, Read>,
}

impl Reader<'_, '_> {
    /// Reads a part, once.
    fn read(&mut self, id: u32) {
        let Some(part) = self.structure.part(id).filter(|_| !self.read.contains_key(&id)) else {
            return;
        };
        let leaf = self.structure.leaf(part);
        let contents = self.structure.bytes(part);
        if contents.is_damaged {
            self.notes.add(ReadingNote::PartDamaged);
        }
        let is_html = leaf.kind == Kind::Html;
        let stated = leaf.content_type.word("charset");
        let within = if is_html {
            meta_charset::stated(&contents.bytes)
        } else {
            None
        };
        let text = self.text_of(&contents.bytes, stated.as_deref(), within.as_deref());
        let text = if is_html {
            take_images(&text, &mut self.body.files, self.notes)
        } else {
            self.plain_text(&leaf, &text)
        };
        self.read.insert(id, Read { is_html, text });
    }

    fn text_of(&mut self, bytes: &[u8], stated: Option<&str>, within: Option<&str>) -> String {
        let labels: Vec<&str> = stated.into_iter().chain(within).collect();
        let hints = Hints {
            beside: self.structure.hints.beside.or(self.body.charset),
            ..self.structure.hints
        };
        let reading = read_bytes(bytes, &labels, hints);
        self.notes
            .add_reading(Place::Text, reading.guessed(), reading.lost);
        if reading.charset != Charset::Ascii && !bytes.is_ascii() {
            self.body.charset.get_or_insert(reading.charset);
        }
        reading.text
    }

    fn plain_text(&mut self, leaf: &super::parts::Leaf<'_>, text: &str) -> String {
        let lines = plain_lines(text);
        if matches!(leaf.media_type.as_str(), "text/enriched" | "text/richtext") {
            return enriched::plain(&lines, leaf.media_type == "text/richtext");
        }
        let words = uuencoded::unpack(&lines, &mut self.unpacked);
        match flowed::flow(&leaf.content_type) {
            Some(flow) => flowed::joined(&words, flow),
            None => words,
        }
    }

    fn text(&mut self, ids: &[u32]) -> String {
        let mut text = String::new();
        for read in ids
            .iter()
            .filter_map(|id| self.read.get(id))
            .filter(|read| !is_blank(&read.text))
        {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            if read.is_html {
                text.push_str(&html_as_text(&read.text, self.notes));
            } else {
                text.push_str(&read.text);
            }
        }
        text
    }

    fn html(&self, ids: &[u32]) -> Option<String> {
        let mut html = String::new();
        for read in ids
            .iter()
            .filter_map(|id| self.read.get(id))
            .filter(|read| !is_blank(&read.text))
        {
            if read.is_html {
                if !html.is_empty() {
                    html.push_str(BREAK);
                }
                html.push_str(&read.text);
            } else {
                html.push_str("<pre>");
                html.push_str(&escape_html(&read.text));
                html.push_str("</pre>");
            }
        }
        (!ids.is_empty()).then_some(html)
    }

    /// The text before the parts, where they have none.
    fn preamble(&mut self) -> String {
        match preamble::preamble(self.structure) {
            Some(bytes) => plain_lines(&self.text_of(bytes, None, None)),
            None => String::new(),
        }
    }
}

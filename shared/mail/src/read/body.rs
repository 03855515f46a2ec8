//! The text of a mail: its plain parts, or its HTML as plain text.

use std::collections::{HashMap, HashSet};

use ammonia::Builder;

use super::data_images::take_images;
use super::parts::{Kind, Structure};
use super::select::Selection;
use super::{enriched, flowed, meta_charset, preamble, uuencoded};
use crate::charset::{Charset, Hints, read_bytes};
use crate::guard::{MeasuredHtml, measure_html};
use crate::inbound::Attachment;
use crate::notes::{Notes, Place, ReadingNote};
use crate::text::{escape_html, is_blank, plain_lines};

/// Width to which text from HTML is wrapped, in columns: wider than mail's usual 78, so that quoted lines
/// stay whole.
const TEXT_COLUMNS: usize = 120;

/// A drawn rule as text, as Outlook draws it: it parts a reply from what it answers, and the renderer drops it.
const RULE: &str = "<p>________________________________</p>";

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
        if leaf.kind == Kind::Enriched {
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

/// HTML as plain text, whoever sent it: within the limits by the renderer, beyond them by dropping the tags.
pub fn html_to_text(html: &str) -> String {
    html_as_text(html, &mut Notes::default())
}

/// HTML as text: by the renderer when it is within the limits, else by dropping the tags.
///
/// The renderer sees elements alone: `html2text` 0.17 panics on huge row spans, and neither spans nor styles say
/// anything in plain text.
fn html_as_text(html: &str, notes: &mut Notes) -> String {
    let rendered = measure_html(html)
        .ok()
        .filter(MeasuredHtml::fits_lines)
        .and_then(|html| {
            let elements = Builder::default()
                .tag_attributes(HashMap::new())
                .generic_attributes(HashSet::new())
                .link_rel(None)
                .clean(html.as_str())
                .to_string()
                .replace("<hr>", RULE);
            html2text::config::plain_no_decorate()
                .raw_mode(true)
                .allow_width_overflow()
                .string_from_read(elements.as_bytes(), TEXT_COLUMNS)
                .ok()
        });
    match rendered {
        Some(text) => trim_lines(&plain_lines(&text)),
        None => {
            notes.add(ReadingNote::HtmlReadRoughly);
            trim_lines(&plain_lines(&without_tags(html)))
        }
    }
}

/// Drops the padding that tables leave at line ends, and more than one empty line in a row.
fn trim_lines(text: &str) -> String {
    let mut trimmed = String::with_capacity(text.len());
    let mut empty_lines = 0;
    for line in text.lines().map(str::trim_end) {
        empty_lines = if line.is_empty() { empty_lines + 1 } else { 0 };
        if empty_lines <= 1 {
            trimmed.push_str(line);
            trimmed.push('\n');
        }
    }
    trimmed.truncate(trimmed.trim_end().len());
    trimmed
}

/// The text between tags, in one pass: the way out when a parser must not see the HTML.
pub(crate) fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let tag = &rest[open..];
        let Some(close) = tag.find('>') else {
            rest = "";
            break;
        };
        let name = tag[1..close]
            .trim_start_matches('/')
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        if matches!(
            name.as_str(),
            "p" | "div" | "br" | "tr" | "li" | "table" | "blockquote" | "hr"
        ) {
            text.push('\n');
        }
        rest = &tag[close + 1..];
        if matches!(name.as_str(), "style" | "script") && !tag.starts_with("</") {
            rest = rest.find("</").map(|end| &rest[end..]).unwrap_or_default();
        }
    }
    text.push_str(rest);
    unescape(&text)
}

fn unescape(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&nbsp;", " "),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (name, character)| {
        text.replace(name, character)
    })
}

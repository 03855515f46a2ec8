//! Which parts are the text of a mail, which its HTML, and which are files.

use mail_parser::{HeaderName, MessagePart, PartType};

use super::parts::{Kind, Leaf, Structure};
use crate::text::is_blank;

/// The parts that are shown, as text and as HTML, and all others.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) text: Vec<u32>,
    pub(super) html: Vec<u32>,
    pub(super) files: Vec<u32>,
}

/// What a part gives to the reader.
#[derive(Debug, Default)]
struct Shown {
    text: Vec<u32>,
    html: Vec<u32>,
}

impl Shown {
    /// Each form stands for the other where that is missing.
    fn completed(mut self) -> Self {
        if self.text.is_empty() {
            self.text.clone_from(&self.html);
        } else if self.html.is_empty() {
            self.html.clone_from(&self.text);
        }
        self
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty() && self.html.is_empty()
    }
}

/// Where a text stands, which decides whether it is one to show or a file.
#[derive(Clone, Copy, PartialEq)]
enum Position {
    /// Before all beside it.
    First,
    /// After something else: one with a name is a file.
    Later,
    /// One of several forms, whatever it is called.
    Form,
}

/// Longest text that is looked at for having nothing to read.
const MAX_BLANK_BYTES: usize = 4 * 1024;

/// Selects the parts of a mail.
pub(super) fn select(structure: &Structure<'_>) -> Selection {
    let mut walk = Walk {
        structure,
        leaves: Vec::new(),
        texts: Vec::new(),
    };
    let mut shown = walk.part(0, Position::First);
    if shown.is_empty() {
        // A text of another kind is shown where it is all there is.
        shown.text.extend(walk.texts.first());
    }
    let has_html = shown.html.iter().any(|id| walk.kind(*id) == Some(Kind::Html));
    let html = if has_html { shown.html } else { Vec::new() };
    let files = walk.leaves.iter().map(|(id, _)| *id);
    let files = files.filter(|id| !shown.text.contains(id) && !html.contains(id));
    Selection {
        files: files.collect(),
        text: shown.text,
        html,
    }
}

struct Walk<'a> {
    structure: &'a Structure<'a>,
    /// Every part without parts, in the order of the mail.
    leaves: Vec<(u32, Kind)>,
    /// The texts of other kinds that are no files and were not shown.
    texts: Vec<u32>,
}

impl<'a> Walk<'a> {
    fn kind(&self, id: u32) -> Option<Kind> {
        let at = self.leaves.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(self.leaves[at].1)
    }

    /// Walks a part; the depth is the guard's to limit.
    fn part(&mut self, id: u32, position: Position) -> Shown {
        let Some(part) = self.structure.part(id) else {
            return Shown::default();
        };
        let PartType::Multipart(children) = &part.body else {
            return self.leaf(id, part, position);
        };
        match self.structure.multipart_type(part).value.as_str() {
            "multipart/alternative" => self.alternative(children),
            "multipart/related" => self.related(part, children),
            _ => self.mixed(children),
        }
    }

    fn leaf(&mut self, id: u32, part: &'a MessagePart<'a>, position: Position) -> Shown {
        let leaf = self.structure.leaf(part);
        self.leaves.push((id, leaf.kind));
        let mut shown = Shown::default();
        let is_file = match position {
            Position::Form => false,
            Position::First => leaf.is_attached(),
            Position::Later => leaf.is_attached() || leaf.content_type.parameter("name").is_some(),
        };
        if is_file {
            return shown;
        }
        match leaf.kind {
            Kind::Plain | Kind::Marked => shown.text.push(id),
            Kind::Html => shown.html.push(id),
            Kind::OtherText if !is_named(&leaf) => self.texts.push(id),
            Kind::OtherText | Kind::File => {}
        }
        shown
    }

    /// One after the other.
    fn mixed(&mut self, children: &[u32]) -> Shown {
        let mut shown = Shown::default();
        for (at, id) in children.iter().enumerate() {
            let child = self
                .part(*id, if at == 0 { Position::First } else { Position::Later })
                .completed();
            shown.text.extend(child.text);
            shown.html.extend(child.html);
        }
        shown
    }

    /// The same in several forms.
    fn alternative(&mut self, children: &[u32]) -> Shown {
        let mut shown = Shown::default();
        // What stands in where there is no plain text: text with marks, then what HTML stands among.
        let (mut marked, mut mixed_text) = (Vec::new(), Vec::new());
        for id in children {
            let texts = self.texts.len();
            let child = self.part(*id, Position::Form);
            let has_html = child.html.iter().any(|id| self.kind(*id) == Some(Kind::Html));
            match (has_html, child.is_empty()) {
                (true, _) => {
                    shown.html.extend(child.html);
                    mixed_text.extend(child.text);
                }
                (false, false) => {
                    let is_marked = child.text.iter().all(|id| self.kind(*id) == Some(Kind::Marked));
                    let place = if is_marked { &mut marked } else { &mut shown.text };
                    place.extend(child.text);
                }
                (false, true) => marked.extend(self.texts.drain(texts..)),
            }
        }
        if shown.text.is_empty() {
            marked.truncate(1);
            shown.text = if marked.is_empty() { mixed_text } else { marked };
        }
        shown.completed()
    }

    /// One root, and what it refers to (RFC 2387).
    fn related(&mut self, part: &MessagePart<'_>, children: &[u32]) -> Shown {
        let root = self.root(part, children);
        let mut shown = Shown::default();
        let mut other = Shown::default();
        for (at, id) in children.iter().enumerate() {
            let position = if at == root {
                Position::First
            } else {
                Position::Later
            };
            let child = self.part(*id, position);
            if at == root {
                shown = child;
            } else if other.is_empty() {
                other = child;
            }
        }
        if !shown.html.is_empty() || !self.says_nothing(&shown) {
            return shown;
        }
        let other = other.completed();
        shown.text.extend(other.text);
        shown.html = other.html;
        shown
    }

    /// Whether texts are blank, as one that some program puts before its HTML.
    fn says_nothing(&self, shown: &Shown) -> bool {
        let mut parts = shown.text.iter().filter_map(|id| self.structure.part(*id));
        parts.all(|part| {
            let is_short = self.structure.body(part).len() <= MAX_BLANK_BYTES;
            is_short && is_blank(&String::from_utf8_lossy(&self.structure.bytes(part).bytes))
        })
    }

    /// The root of related parts: the one that is named, else the first of the stated type, else the first.
    fn root(&self, part: &MessagePart<'_>, children: &[u32]) -> usize {
        let content_type = self.structure.multipart_type(part);
        let bare = |id: &str| id.trim_matches(['<', '>']).to_owned();
        let child = |id: &u32| self.structure.part(*id);
        if let Some(start) = content_type.word("start").map(|start| bare(&start)) {
            let is_start = |id: &u32| {
                let field = child(id).map(|part| self.structure.field(part, HeaderName::ContentId));
                field.is_some_and(|field| bare(&field.value).eq_ignore_ascii_case(&start))
            };
            if let Some(at) = children.iter().position(is_start) {
                return at;
            }
        }
        let stated = content_type
            .word("type")
            .map(|stated| stated.to_ascii_lowercase());
        let is_stated = |id: &u32| {
            let field = child(id).map(|part| self.structure.field(part, HeaderName::ContentType));
            field.is_some_and(|field| Some(field.value) == stated)
        };
        children.iter().position(is_stated).unwrap_or(0)
    }
}

fn is_named(leaf: &Leaf<'_>) -> bool {
    leaf.content_type
        .parameter("name")
        .or(leaf.disposition.parameter("filename"))
        .is_some()
}

//! Measures HTML with the tree builder that the sanitiser uses, a piece at a time, and stops at the limits.
//!
//! Counting tags would not do: unclosed formatting is repeated in every later paragraph, and which end tag
//! closes what is the tree builder's knowledge.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ExpandedName, LocalName, Namespace, QualName, parse_document};

use super::syntax::plain_syntax;
use super::{MAX_HTML_BYTES, MAX_HTML_DEPTH, MAX_HTML_ELEMENTS, MAX_HTML_INDENTS, MAX_HTML_REFERENCES};

/// Why HTML is not given to the sanitiser; the mail is then shown as text only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HtmlRefusal {
    /// Larger than [`MAX_HTML_BYTES`].
    #[error("the HTML has more than {MAX_HTML_BYTES} bytes")]
    TooLarge,
    /// Nested deeper than [`MAX_HTML_DEPTH`].
    #[error("the HTML nests more than {MAX_HTML_DEPTH} elements within one another")]
    TooDeep,
    /// More than [`MAX_HTML_ELEMENTS`] elements.
    #[error("the HTML has more than {MAX_HTML_ELEMENTS} elements")]
    TooManyElements,
    /// More than [`MAX_HTML_REFERENCES`] character references.
    #[error("the HTML has more than {MAX_HTML_REFERENCES} character references")]
    TooManyReferences,
}

/// HTML within the limits, in plain syntax: what may be given to an HTML parser.
#[derive(Debug)]
pub(crate) struct MeasuredHtml {
    html: String,
    indents: usize,
}

impl MeasuredHtml {
    /// The HTML in plain syntax.
    pub(crate) fn as_str(&self) -> &str {
        &self.html
    }

    /// Whether it can be laid out as text without growing out of proportion: every level of a quote or a list
    /// indents all lines within.
    pub(crate) fn fits_lines(&self) -> bool {
        self.indents <= MAX_HTML_INDENTS
    }
}

/// Bytes given to the tree builder between two looks at the counters: what they can nest is harmless.
const PIECE_BYTES: usize = 4 * 1024;

/// Measures HTML against the limits, within a time linear in its size.
pub(crate) fn measure_html(html: &str) -> Result<MeasuredHtml, HtmlRefusal> {
    if html.len() > MAX_HTML_BYTES {
        return Err(HtmlRefusal::TooLarge);
    }
    let html = plain_syntax(html);
    if html.len() > MAX_HTML_BYTES {
        return Err(HtmlRefusal::TooLarge);
    }
    if html.bytes().filter(|byte| *byte == b'&').count() > MAX_HTML_REFERENCES {
        return Err(HtmlRefusal::TooManyReferences);
    }
    let counts = Rc::new(Counts::default());
    let mut parser = parse_document(Meter::new(Rc::clone(&counts)), Default::default());
    let mut rest = html.as_str();
    while !rest.is_empty() {
        let mut end = rest.len().min(PIECE_BYTES);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (piece, after) = rest.split_at(end);
        parser.process(StrTendril::from_slice(piece));
        if counts.depth.get() > MAX_HTML_DEPTH {
            return Err(HtmlRefusal::TooDeep);
        }
        if counts.elements.get() > MAX_HTML_ELEMENTS {
            return Err(HtmlRefusal::TooManyElements);
        }
        rest = after;
    }
    Ok(MeasuredHtml {
        html,
        indents: counts.indents.get(),
    })
}

#[derive(Default)]
struct Counts {
    depth: Cell<usize>,
    indents: Cell<usize>,
    elements: Cell<usize>,
}

/// A node that knows its name and its depth, but neither its children nor its text.
struct Node {
    name: QualName,
    depth: Cell<usize>,
    indents: Cell<usize>,
    template: RefCell<Option<Rc<Node>>>,
}

struct Meter {
    counts: Rc<Counts>,
    document: Rc<Node>,
}

impl Meter {
    fn new(counts: Rc<Counts>) -> Self {
        let name = QualName::new(None, Namespace::default(), LocalName::default());
        Self {
            counts,
            document: node(name),
        }
    }

    /// Puts a child under a parent, or beside a sibling when `levels` is none.
    fn place(&self, child: &NodeOrText<Rc<Node>>, beside: &Rc<Node>, levels: usize) {
        if let NodeOrText::AppendNode(child) = child {
            let indents = levels.min(usize::from(indents(&child.name)));
            child.depth.set(beside.depth.get() + levels);
            child.indents.set(beside.indents.get() + indents);
            self.counts
                .depth
                .set(self.counts.depth.get().max(child.depth.get()));
            self.counts
                .indents
                .set(self.counts.indents.get().max(child.indents.get()));
        }
    }
}

/// Whether an element moves its lines to the right when laid out as text.
fn indents(name: &QualName) -> bool {
    matches!(
        &*name.local,
        "blockquote" | "ul" | "ol" | "li" | "dl" | "dd" | "dt" | "pre"
    )
}

fn node(name: QualName) -> Rc<Node> {
    Rc::new(Node {
        name,
        depth: Cell::new(0),
        indents: Cell::new(0),
        template: RefCell::new(None),
    })
}

/// The name of a node, in the form the tree builder asks for.
#[derive(Debug)]
struct Name<'a>(ExpandedName<'a>);

impl ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        self.0.local
    }
}

impl TreeSink for Meter {
    type Handle = Rc<Node>;
    type Output = ();
    type ElemName<'a> = Name<'a>;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Rc<Node> {
        Rc::clone(&self.document)
    }

    fn elem_name<'a>(&'a self, target: &'a Rc<Node>) -> Name<'a> {
        Name(target.name.expanded())
    }

    fn create_element(&self, name: QualName, _: Vec<Attribute>, flags: ElementFlags) -> Rc<Node> {
        self.counts.elements.set(self.counts.elements.get() + 1);
        let element = node(name);
        if flags.template {
            *element.template.borrow_mut() = Some(node(self.document.name.clone()));
        }
        element
    }

    fn create_comment(&self, _: StrTendril) -> Rc<Node> {
        node(self.document.name.clone())
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Rc<Node> {
        node(self.document.name.clone())
    }

    fn append(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.place(&child, parent, 1);
    }

    fn append_based_on_parent_node(&self, element: &Rc<Node>, _: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.place(&child, element, 1);
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Rc<Node>) -> Rc<Node> {
        let contents = target
            .template
            .borrow()
            .clone()
            .unwrap_or_else(|| Rc::clone(target));
        contents.depth.set(target.depth.get() + 1);
        contents.indents.set(target.indents.get());
        contents
    }

    fn same_node(&self, x: &Rc<Node>, y: &Rc<Node>) -> bool {
        Rc::ptr_eq(x, y)
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Rc<Node>, new_node: NodeOrText<Rc<Node>>) {
        self.place(&new_node, sibling, 0);
    }

    fn add_attrs_if_missing(&self, _: &Rc<Node>, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, _: &Rc<Node>) {}

    /// Children keep the depth they had: the new parent is a clone of an element that stood above them, so
    /// the true depth differs by at most the few levels one misnested end tag moves.
    fn reparent_children(&self, _: &Rc<Node>, _: &Rc<Node>) {}
}

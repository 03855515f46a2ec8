//! A YAML file as a tree that knows where each value stands.
//!
//! The file is plain YAML 1.2: no anchors, aliases and tags, one document. What a scalar means is not decided here but by
//! whoever asks: a group may be called `no`, a calendar `24/7`.

use crate::problem::{Path, Place, Problem, Problems, Step};
use granit_parser::{Event, Options, Parser, ScalarStyle, Span};
use std::collections::HashMap;

/// Largest file in bytes: forty calendars with a thousand holidays each fit.
pub const LARGEST_FILE_BYTES: usize = 2 * 1024 * 1024;
/// Deepest nesting of lists and maps; what is configured has seven levels.
pub const DEEPEST_NESTING: usize = 16;

/// A value and where it begins.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) data: Data,
}

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

/// A text, number, word or nothing.
#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    pub(crate) style: ScalarStyle,
    /// Where its text begins, with all its lines below each other as they are; nothing where lines were joined or
    /// characters escaped.
    begins: Option<Place>,
}

impl Scalar {
    /// Whether it stands for nothing.
    pub(crate) fn is_nothing(&self) -> bool {
        self.style == ScalarStyle::Plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// Where in the file a line and column of the text stand, both from 1; nothing where that can't be told.
    pub(crate) fn place_in_file(&self, line: usize, column: usize) -> Option<Place> {
        let begins = self.begins?;
        Some(Place {
            line: begins.line + line - 1,
            column: begins.column + column - 1,
        })
    }
}

impl Node {
    /// The value that a path leads to, or as far as it leads.
    pub(crate) fn follow(&self, path: &Path) -> &Self {
        let mut node = self;
        for step in &path.0 {
            let next = match (step, &node.data) {
                (Step::Entry(index), Data::List(entries)) => entries.get(*index),
                (Step::Key(wanted), Data::Map(pairs)) => pairs
                    .iter()
                    .find(|(key, _)| key.text() == Some(wanted))
                    .map(|(_, value)| value),
                _ => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    /// Its text, if it is a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// A problem with the value that a path leads to.
    pub(crate) fn problem(&self, path: &Path, message: impl Into<String>) -> Problem {
        Problem {
            place: self.follow(path).place,
            path: path.to_string(),
            message: message.into(),
        }
    }
}

/// Reads a file. One that is empty is a map of nothing.
pub(crate) fn tree(text: &str) -> Result<Node, Problems> {
    let whole = |place, message: String| Problem {
        place,
        path: String::new(),
        message,
    };
    if text.len() > LARGEST_FILE_BYTES {
        let message = format!(
            "the file has {} bytes, at most {LARGEST_FILE_BYTES} are read",
            text.len()
        );
        return Err(whole(Place::START, message).into());
    }
    let mut options = Options::default();
    options.emit_comments = false;
    options.block_nesting_limit = DEEPEST_NESTING;
    options.flow_nesting_limit = DEEPEST_NESTING;
    let mut builder = Builder::new(text);
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| {
            let place = place_of(error.marker());
            Problems::from(whole(place, format!("this is no YAML: {}", error.info())))
        })?;
        builder
            .take(event, span)
            .map_err(|message| Problems::from(whole(place_of(&span.start), message)))?;
    }
    let empty = Node {
        place: Place::START,
        data: Data::Map(Vec::new()),
    };
    let root = builder.root.unwrap_or(empty);
    let mut repeated = Vec::new();
    find_repeated_keys(&root, &Path::default(), &mut repeated);
    Problems::of(repeated)?;
    Ok(root)
}

fn place_of(marker: &granit_parser::Marker) -> Place {
    Place {
        line: marker.line().max(1),
        column: marker.col() + 1,
    }
}

/// Lists and maps that are not complete yet.
enum Open {
    List(Place, Vec<Node>),
    Map(Place, Vec<(Node, Node)>, Option<Node>),
}

struct Builder<'t> {
    lines: Vec<&'t str>,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            lines: text.lines().collect(),
            open: Vec::new(),
            root: None,
            documents: 0,
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), String> {
        if event.tag().is_some() {
            return Err("tags such as `!name` are not read".to_owned());
        }
        if event.anchor_id().is_some() || event.is_alias() {
            return Err("anchors and aliases are not read; write the value out".to_owned());
        }
        let place = place_of(&span.start);
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err("a second document begins here; one file is one document".to_owned());
                }
            }
            Event::Scalar(text, style, _, _) => {
                let data = Data::Scalar(self.scalar(text.into_owned(), style, span));
                self.put(Node { place, data })?;
            }
            Event::SequenceStart(..) => self.open.push(Open::List(place, Vec::new())),
            Event::MappingStart(..) => self.open.push(Open::Map(place, Vec::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => {
                let node = match self.open.pop() {
                    Some(Open::List(place, entries)) => Node {
                        place,
                        data: Data::List(entries),
                    },
                    Some(Open::Map(place, pairs, _)) => Node {
                        place,
                        data: Data::Map(pairs),
                    },
                    None => return Ok(()),
                };
                self.put(node)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn put(&mut self, node: Node) -> Result<(), String> {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, entries)) => entries.push(node),
            Some(Open::Map(_, pairs, key)) => match key.take() {
                Some(key) => pairs.push((key, node)),
                None if node.text().is_some() => *key = Some(node),
                None => return Err("a key is a word, not a list or a map".to_owned()),
            },
        }
        Ok(())
    }

    fn scalar(&self, text: String, style: ScalarStyle, span: Span) -> Scalar {
        // That of a block is where its first line of text begins.
        let quote = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        let begins = Place {
            line: span.start.line(),
            column: span.start.col() + 1 + usize::from(quote),
        };
        let source = self.lines.iter().skip(begins.line.saturating_sub(1));
        let stands = |(line, wanted): (&&str, &str)| {
            let found: String = line.chars().skip(begins.column - 1).collect();
            found.starts_with(wanted)
        };
        let is_verbatim = text.lines().count() <= self.lines.len().saturating_sub(begins.line - 1)
            && source.zip(text.lines()).all(stands);
        Scalar {
            begins: is_verbatim.then_some(begins),
            text,
            style,
        }
    }
}

fn find_repeated_keys(node: &Node, path: &Path, problems: &mut Vec<Problem>) {
    match &node.data {
        Data::Scalar(_) => {}
        Data::List(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                find_repeated_keys(entry, &path.entry(index), problems);
            }
        }
        Data::Map(pairs) => {
            let mut seen: HashMap<&str, Place> = HashMap::new();
            for (key, value) in pairs {
                let text = key.text().unwrap_or_default();
                let path = path.key(text);
                if let Some(first) = seen.get(text) {
                    problems.push(Problem {
                        place: key.place,
                        path: path.to_string(),
                        message: format!("the key stands twice; it was first on line {}", first.line),
                    });
                }
                seen.entry(text).or_insert(key.place);
                find_repeated_keys(value, &path, problems);
            }
        }
    }
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;

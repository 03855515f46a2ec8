//! Turns the tree of the parser into a program, and refuses what cannot mean anything.
//!
//! The parser knows no types and no names. Here each part gets a type, each name is looked up, each literal
//! that must be something (a word of a status, a regular expression, a time zone) is read once and for all.

mod calls;
mod compare;
mod literals;
mod macros;
mod members;
mod operators;
mod regexes;
mod texts;
mod times;

use std::borrow::Cow;
use std::collections::BTreeSet;

use cel::IdedExpr;
use cel::common::ast::{Expr, LiteralValue, SourceInfo};

use crate::error::{ConditionError, Place, Problem};
use crate::limits::{DEEPEST_TREE, MOST_NODES};
use crate::names::{Meaning, meaning, path_of_field, top_names};
use crate::program::{Node, Part};
use crate::run::value::Value;
use crate::types::{Plain, Type};
use crate::words::{Vocabulary, hint};

type Checked = Result<Typed, ConditionError>;

/// A part of the program with its type.
pub(crate) struct Typed {
    pub(crate) node: Node,
    pub(crate) ty: Type,
}

impl Typed {
    /// The text, if the part is one that is written out.
    pub(crate) fn literal(&self) -> Option<&str> {
        match &self.node.part {
            Part::Constant(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

/// What came of a tree.
pub(crate) struct Program {
    pub(crate) node: Node,
    /// Names it can read.
    pub(crate) names: BTreeSet<String>,
    /// Calendars it can ask.
    pub(crate) calendars: BTreeSet<String>,
}

/// Checks a tree, and makes a program of it.
pub(crate) fn check(
    source: &str,
    tree: &IdedExpr,
    info: &SourceInfo,
    vocabulary: &Vocabulary,
) -> Result<Program, ConditionError> {
    let mut checker = Checker {
        source,
        info,
        vocabulary,
        locals: Vec::new(),
        nodes: 0,
        depth: 0,
        reads: BTreeSet::new(),
        calendars: BTreeSet::new(),
    };
    let typed = checker.check(tree)?;
    if typed.ty == Type::BOOL {
        return Ok(Program {
            node: typed.node,
            names: checker.reads,
            calendars: checker.calendars,
        });
    }
    let message = match typed.ty {
        Type::Plain(Plain::Any) => {
            "a condition is true or false; say what the value is compared with, such as `== true`".to_owned()
        }
        ty => format!("a condition is true or false; this one is {ty}"),
    };
    Err(checker.refusal(tree, Problem::Type, message))
}

struct Checker<'a> {
    source: &'a str,
    info: &'a SourceInfo,
    vocabulary: &'a Vocabulary,
    /// Bound variables, outermost first.
    locals: Vec<(String, Plain)>,
    nodes: usize,
    depth: usize,
    reads: BTreeSet<String>,
    calendars: BTreeSet<String>,
}

impl Checker<'_> {
    fn check(&mut self, tree: &IdedExpr) -> Checked {
        self.nodes += 1;
        self.depth += 1;
        if self.nodes > MOST_NODES {
            let message = format!("a condition has at most {MOST_NODES} parts; split it in two rules");
            return Err(self.refusal(tree, Problem::TooBig, message));
        }
        if self.depth > DEEPEST_TREE {
            let message = format!("a condition is nested at most {DEEPEST_TREE} levels deep");
            return Err(self.refusal(tree, Problem::TooBig, message));
        }
        let typed = self.check_kind(tree);
        self.depth -= 1;
        typed
    }

    fn check_kind(&mut self, tree: &IdedExpr) -> Checked {
        match &tree.expr {
            Expr::Ident(name) => self.name(tree, name),
            Expr::Select(select) => self.member(tree, select),
            Expr::Literal(literal) => self.literal(tree, literal),
            Expr::List(list) => self.list(tree, list),
            Expr::Call(call) => self.call(tree, call),
            Expr::Map(_) => self.unsupported(tree, "maps cannot be written out; compare in turn, with `? :`"),
            Expr::Struct(_) => self.unsupported(tree, "messages cannot be written out"),
            Expr::Comprehension(_) | Expr::Unspecified => {
                self.unsupported(tree, "this is no part of a condition")
            }
        }
    }

    /// A value: everything but a thing with fields, null, or a calendar.
    fn value(&mut self, tree: &IdedExpr) -> Checked {
        let typed = self.check(tree)?;
        let message = match typed.ty {
            Type::Root(root) => {
                format!(
                    "`{0}` is no value; name one of its fields, such as `{0}.{1}`",
                    root.name(),
                    { root.fields().next().map_or("", |row| row.name) }
                )
            }
            Type::Null => "null can only be compared with `==` and `!=`".to_owned(),
            Type::Calendar => "a calendar is no value; write `calendar(\"…\").open(now)`".to_owned(),
            _ => return Ok(typed),
        };
        Err(self.refusal(tree, Problem::Type, message))
    }

    fn boolean(&mut self, tree: &IdedExpr, whose: &str) -> Result<Node, ConditionError> {
        let typed = self.value(tree)?;
        if typed.ty == Type::BOOL {
            return Ok(typed.node);
        }
        let message = if typed.ty.is_any() {
            format!("{whose} takes true or false; compare the value, such as `== true`")
        } else {
            format!("{whose} takes true or false, not {}", typed.ty)
        };
        Err(self.refusal(tree, Problem::Type, message))
    }

    /// A value that can stand in a list.
    fn plain(&mut self, tree: &IdedExpr, whose: &str) -> Result<(Node, Plain), ConditionError> {
        let typed = self.value(tree)?;
        match typed.ty {
            Type::Plain(plain) => Ok((typed.node, plain)),
            ty => {
                let message = format!("{whose} takes single values, not {ty}");
                Err(self.refusal(tree, Problem::Type, message))
            }
        }
    }

    fn name(&mut self, tree: &IdedExpr, name: &str) -> Checked {
        if let Some(slot) = self.locals.iter().rposition(|(local, _)| local == name) {
            let ty = Type::Plain(self.locals[slot].1);
            return Ok(self.typed(tree, Part::Local(slot), ty));
        }
        match meaning(name) {
            Some(Meaning::Root(root)) => Ok(self.typed(tree, Part::HasRoot(root), Type::Root(root))),
            Some(Meaning::Field(row)) => {
                self.reads.insert(row.path.to_owned());
                Ok(self.typed(tree, Part::Field(row.field), row.ty))
            }
            None => {
                let mut known: Vec<&str> = top_names().collect();
                known.extend(self.locals.iter().map(|(local, _)| local.as_str()));
                let hint = match path_of_field(name) {
                    Some(path) => format!("; did you mean `{path}`?"),
                    None => hint(name, known),
                };
                let message = format!("there is no name `{name}`{hint}");
                Err(self.refusal(tree, Problem::Unknown, message))
            }
        }
    }

    fn literal(&mut self, tree: &IdedExpr, literal: &LiteralValue) -> Checked {
        let (value, ty) = match literal {
            LiteralValue::Boolean(value) => (Value::Bool(*value.inner()), Type::BOOL),
            LiteralValue::Int(value) => (Value::Int(*value.inner()), Type::INT),
            LiteralValue::Double(value) => (Value::Double(*value.inner()), Type::DOUBLE),
            LiteralValue::String(value) => (Value::Text(Cow::Owned(value.inner().to_owned())), Type::TEXT),
            LiteralValue::Null => (Value::Null, Type::Null),
            LiteralValue::UInt(value) => {
                let message = format!("unsigned numbers are left out; write `{}`", value.inner());
                return Err(self.refusal(tree, Problem::Unsupported, message));
            }
            LiteralValue::Bytes(_) => return self.unsupported(tree, "bytes are left out; write a text"),
        };
        Ok(self.typed(tree, Part::Constant(value), ty))
    }

    fn typed(&self, tree: &IdedExpr, part: Part, ty: Type) -> Typed {
        let at = u32::try_from(self.offset(tree)).unwrap_or(u32::MAX);
        Typed {
            node: Node { at, part },
            ty,
        }
    }

    fn unsupported<T>(&self, tree: &IdedExpr, message: &str) -> Result<T, ConditionError> {
        Err(self.refusal(tree, Problem::Unsupported, message.to_owned()))
    }

    fn refusal(&self, tree: &IdedExpr, problem: Problem, message: String) -> ConditionError {
        ConditionError {
            place: Place::of(self.source, self.offset(tree)),
            problem,
            message,
        }
    }

    /// The byte of the source where a reader would look: the name of a member or function, the operator, or
    /// the start. The parser keeps the dot of a member and the bracket of a call.
    fn offset(&self, tree: &IdedExpr) -> usize {
        let start = self
            .info
            .offset_for(tree.id)
            .map_or(0, |(start, _)| start as usize);
        let name = match &tree.expr {
            Expr::Select(_) => {
                let after = self.source.get(start + 1..).unwrap_or("");
                return start + 1 + (after.len() - after.trim_start().len());
            }
            Expr::Call(call) if self.source.as_bytes().get(start) == Some(&b'(') => &call.func_name,
            _ => return start,
        };
        let before = self.source.get(..start).unwrap_or("").trim_end();
        match before.strip_suffix(name.as_str()) {
            Some(rest) => rest.len(),
            None => start,
        }
    }
}

//! Runs a checked condition over facts.

mod functions;
mod macros;
mod operators;
mod show;
pub(crate) mod value;

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::Fault;
use crate::limits::{BYTES_PER_STEP, MOST_SHOWN, MOST_STEPS};
use crate::names::Field;
use crate::prepared::Prepared;
use crate::program::{Node, Part};
use value::{List, Value};

/// A fault and the byte of the source where it happened.
pub(crate) type Failure = (u32, Fault);
type Evaluated<'a> = Result<Value<'a>, Failure>;

/// Runs a program; gives its result and what it read.
pub(crate) fn run<'a>(
    program: &'a Node,
    facts: &'a Prepared<'a>,
) -> (Result<bool, Failure>, Vec<(String, String)>) {
    let mut run = Run {
        facts,
        locals: Vec::new(),
        steps: 0,
        seen: 0,
        read: Vec::new(),
    };
    let result = run.truth(program);
    (result, run.read)
}

struct Run<'a> {
    facts: &'a Prepared<'a>,
    /// Values of bound variables, outermost first.
    locals: Vec<Value<'a>>,
    steps: u32,
    /// Fields that stand in `read`, a bit each.
    seen: u64,
    read: Vec<(String, String)>,
}

impl<'a> Run<'a> {
    fn value(&mut self, node: &'a Node) -> Evaluated<'a> {
        self.charge(node, 1)?;
        match &node.part {
            Part::Constant(value) => Ok(value.borrowed()),
            Part::Constants(values) => Ok(Value::List(List::Written(values))),
            Part::List(nodes) => self.list(nodes),
            Part::Field(field) => Ok(self.field(*field)),
            Part::Local(slot) => {
                let value = self.locals.get(*slot).cloned().unwrap_or(Value::Null);
                self.charge_bytes(node, value.own_bytes())?;
                Ok(value)
            }
            Part::Key(operand, key) => self.key(node, operand, key),
            Part::Index(pair) => self.index(node, &pair.0, &pair.1),
            Part::Negate(operand) => self.negate(node, operand),
            Part::If(parts) => {
                let chosen = if self.truth(&parts.0)? { &parts.1 } else { &parts.2 };
                self.value(chosen)
            }
            Part::Arithmetic(sign, pair) => self.arithmetic(node, *sign, &pair.0, &pair.1),
            Part::Function(function, argument) => self.function(node, *function, argument),
            Part::Clock(part, time, zone) => self.clock(node, *part, time, zone),
            Part::Macro(inner) => self.comprehension(node, inner),
            _ => self.test(node).map(Value::Bool),
        }
    }

    /// Parts that are true or false.
    fn test(&mut self, node: &'a Node) -> Result<bool, Failure> {
        match &node.part {
            Part::HasField(field) => {
                self.note(*field);
                Ok(self.facts.has(*field))
            }
            Part::HasRoot(root) => {
                let has = self.facts.has_root(*root);
                self.note_as(root.name(), || if has { "present" } else { "absent" }.to_owned());
                Ok(has)
            }
            Part::HasKey(operand, key) => {
                let value = self.key(node, operand, key)?;
                Ok(!matches!(value, Value::Null))
            }
            Part::Not(operand) => Ok(!self.truth(operand)?),
            Part::And(pair) => self.either(false, &pair.0, &pair.1),
            Part::Or(pair) => self.either(true, &pair.0, &pair.1),
            Part::Equal(pair) => self.equal(node, &pair.0, &pair.1),
            Part::Order(order, pair) => self.order(node, *order, &pair.0, &pair.1),
            Part::In(pair) => self.within(node, &pair.0, &pair.1),
            Part::Find(find, pair) => self.find(node, *find, &pair.0, &pair.1),
            Part::FindConstant(text, finder) => {
                let text = self.text(text)?;
                self.charge_bytes(node, text.len())?;
                Ok(finder.find(text.as_bytes()).is_some())
            }
            Part::Matches(text, pattern) => {
                let text = self.text(text)?;
                self.charge_bytes(node, text.len().saturating_mul(pattern.positions))?;
                Ok(pattern.regex.is_match(&text))
            }
            Part::IsOpen(name) => {
                let open = self.facts.is_open(name);
                let open = open.ok_or_else(|| (node.at, Fault::NoSuchCalendar(name.clone())))?;
                let path = format!("calendar({name:?}).open(now)");
                self.note_as(&path, || open.to_string());
                Ok(open)
            }
            _ => wrong(node, "a bool", &Value::Null),
        }
    }

    fn truth(&mut self, node: &'a Node) -> Result<bool, Failure> {
        match self.value(node)? {
            Value::Bool(value) => Ok(value),
            other => wrong(node, "a bool", &other),
        }
    }

    /// `&&` and `||`: the value that decides wins over an error of the other side, as CEL has it.
    fn either(&mut self, decides: bool, left: &'a Node, right: &'a Node) -> Result<bool, Failure> {
        match self.truth(left) {
            Ok(value) if value == decides => Ok(decides),
            Ok(_) => self.truth(right),
            Err(failure) if failure.1 == Fault::OverBudget => Err(failure),
            Err(failure) => match self.truth(right) {
                Ok(value) if value == decides => Ok(decides),
                Err(other) if other.1 == Fault::OverBudget => Err(other),
                _ => Err(failure),
            },
        }
    }

    /// A text; null, which an absent own field reads as, is an empty one.
    fn text(&mut self, node: &'a Node) -> Result<Cow<'a, str>, Failure> {
        match self.value(node)? {
            Value::Text(text) => Ok(text),
            Value::Null => Ok(Cow::Borrowed("")),
            other => wrong(node, "a text", &other),
        }
    }

    fn list(&mut self, nodes: &'a [Node]) -> Evaluated<'a> {
        let mut values = Vec::with_capacity(nodes.len());
        for node in nodes {
            values.push(self.value(node)?);
        }
        Ok(Value::List(List::Made(Arc::from(values))))
    }

    fn field(&mut self, field: Field) -> Value<'a> {
        self.note(field);
        self.facts.read(field)
    }

    /// A value of the operator's own fields, or inside of one; null when there is none.
    fn key(&mut self, node: &'a Node, operand: &'a Node, key: &str) -> Evaluated<'a> {
        if let Part::Field(field) = operand.part {
            let value = match self.facts.read(field) {
                Value::Fields(fields) => fields.get(key).map_or(Value::Null, Value::from),
                other => return wrong(node, "a map", &other),
            };
            let path = format!("{}.{key}", field.row().path);
            self.note_as(&path, || show::value(&value));
            return Ok(value);
        }
        match self.value(operand)? {
            Value::Fields(fields) => Ok(fields.get(key).map_or(Value::Null, Value::from)),
            Value::Null => Ok(Value::Null),
            other => wrong(node, "a map", &other),
        }
    }

    fn index(&mut self, node: &'a Node, operand: &'a Node, index: &'a Node) -> Evaluated<'a> {
        let of = self.value(operand)?;
        match (of, self.value(index)?) {
            (Value::List(list), Value::Int(index)) => {
                let value = usize::try_from(index).ok().and_then(|place| list.get(place));
                let length = list.len();
                value.ok_or((node.at, Fault::NoSuchIndex { index, length }))
            }
            (Value::Fields(fields), Value::Text(key)) => {
                Ok(fields.get(key.as_ref()).map_or(Value::Null, Value::from))
            }
            (Value::Null, _) => Ok(Value::Null),
            (Value::List(_), other) => wrong(node, "an int", &other),
            (Value::Fields(_), other) => wrong(node, "a text", &other),
            (other, _) => wrong(node, "a list", &other),
        }
    }

    /// Keeps for the explanation that a field was read.
    fn note(&mut self, field: Field) {
        let bit = 1_u64 << (field as u8);
        if self.seen & bit != 0 || self.read.len() >= MOST_SHOWN {
            return;
        }
        self.seen |= bit;
        let row = field.row();
        let shown = if row.can_be_absent() && !self.facts.has(field) {
            "absent".to_owned()
        } else {
            show::value(&self.facts.read(field))
        };
        self.read.push((row.path.to_owned(), shown));
    }

    fn note_as(&mut self, path: &str, shown: impl FnOnce() -> String) {
        if self.read.len() < MOST_SHOWN && !self.read.iter().any(|(seen, _)| seen == path) {
            self.read.push((path.to_owned(), shown()));
        }
    }

    fn charge(&mut self, node: &Node, steps: usize) -> Result<(), Failure> {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MOST_STEPS {
            return Err((node.at, Fault::OverBudget));
        }
        Ok(())
    }

    fn charge_bytes(&mut self, node: &Node, bytes: usize) -> Result<(), Failure> {
        self.charge(node, bytes / BYTES_PER_STEP)
    }
}

fn wrong<T>(node: &Node, expected: &'static str, found: &Value<'_>) -> Result<T, Failure> {
    let found = found.kind();
    Err((node.at, Fault::WrongType { expected, found }))
}

//! Functions and methods.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, operators as op};

use super::{Checked, Checker, macros, times};
use crate::error::{ConditionError, Problem};
use crate::program::{Arithmetic, Find, Function, Order, Part};
use crate::run::value::Value;
use crate::types::{Plain, Type};
use crate::words::{Words, foreign, hint};

/// Functions that stand behind a dot.
pub(super) const METHODS: &[&str] = &[
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "size",
    "lower",
    "lowerAscii",
    "trim",
    "exists",
    "all",
    "exists_one",
    "existsOne",
    "filter",
    "map",
    "open",
    "getFullYear",
    "getMonth",
    "getDayOfMonth",
    "getDate",
    "getDayOfWeek",
    "getDayOfYear",
    "getHours",
    "getMinutes",
    "getSeconds",
    "getMilliseconds",
];

/// Functions that stand alone.
const FUNCTIONS: &[&str] = &[
    "has",
    "size",
    "matches",
    "rank",
    "duration",
    "timestamp",
    "calendar",
    "int",
    "double",
    "string",
];

impl Checker<'_> {
    pub(super) fn call(&mut self, tree: &IdedExpr, call: &CallExpr) -> Checked {
        match (&call.target, call.args.as_slice()) {
            (Some(target), arguments) => self.method(tree, target, &call.func_name, arguments),
            (None, [one]) => match call.func_name.as_str() {
                op::LOGICAL_NOT => self.not(tree, one),
                op::NEGATE => self.negate(tree, one),
                name => self.function(tree, name, &call.args),
            },
            (None, [left, right]) => match binary(&call.func_name) {
                Some(Binary::And) => self.and(tree, left, right),
                Some(Binary::Or) => self.or(tree, left, right),
                Some(Binary::Equal) => self.equal(tree, left, right),
                Some(Binary::NotEqual) => {
                    let equal = self.equal(tree, left, right)?;
                    Ok(self.typed(tree, Part::Not(Box::new(equal.node)), Type::BOOL))
                }
                Some(Binary::In) => self.within(tree, left, right),
                Some(Binary::Index) => self.index(tree, left, right),
                Some(Binary::Order(order)) => self.order(tree, order, left, right),
                Some(Binary::Arithmetic(sign)) => self.arithmetic(tree, sign, left, right),
                None => self.function(tree, &call.func_name, &call.args),
            },
            (None, [a, b, c]) if call.func_name == op::CONDITIONAL => self.conditional(tree, [a, b, c]),
            (None, arguments) => self.function(tree, &call.func_name, arguments),
        }
    }

    fn function(&mut self, tree: &IdedExpr, name: &str, arguments: &[IdedExpr]) -> Checked {
        if !FUNCTIONS.contains(&name) {
            let hint = match name {
                _ if METHODS.contains(&name) => format!("; it stands behind a value: `….{name}(…)`"),
                "uint" | "bytes" | "dyn" | "type" | "bool" => "; conditions leave it out".to_owned(),
                _ => match foreign(name) {
                    Some(ours) => format!("; did you mean `{ours}`?"),
                    None => hint(name, FUNCTIONS.iter().copied()),
                },
            };
            let message = format!("there is no function `{name}`{hint}");
            return Err(self.refusal(tree, Problem::Unknown, message));
        }
        if name == "matches" {
            let [text, pattern] = self.arguments(tree, name, arguments)?;
            return self.matches(tree, text, pattern);
        }
        let [argument] = self.arguments(tree, name, arguments)?;
        match name {
            "has" => self.has(tree, argument),
            "size" => self.size(tree, argument),
            "rank" => self.rank(tree, argument),
            "calendar" => self.calendar(tree, argument),
            "duration" => {
                let value = Value::Duration(self.duration(argument)?);
                Ok(self.typed(tree, Part::Constant(value), Type::DURATION))
            }
            "timestamp" => {
                let value = Value::Timestamp(self.timestamp(argument)?);
                Ok(self.typed(tree, Part::Constant(value), Type::TIMESTAMP))
            }
            "int" => self.convert(tree, argument, Function::Int, Type::INT),
            "double" => self.convert(tree, argument, Function::Double, Type::DOUBLE),
            _ => self.convert(tree, argument, Function::Text, Type::TEXT),
        }
    }

    fn method(&mut self, tree: &IdedExpr, target: &IdedExpr, name: &str, arguments: &[IdedExpr]) -> Checked {
        if let Some(kind) = macros::named(name) {
            return self.comprehension(tree, kind, target, arguments);
        }
        match name {
            "contains" => self.find(tree, Find::Contains, target, arguments),
            "startsWith" => self.find(tree, Find::StartsWith, target, arguments),
            "endsWith" => self.find(tree, Find::EndsWith, target, arguments),
            "matches" => {
                let [pattern] = self.arguments(tree, name, arguments)?;
                self.matches(tree, target, pattern)
            }
            "size" => {
                let [] = self.arguments(tree, name, arguments)?;
                self.size(tree, target)
            }
            "lower" => self.textual(tree, name, Function::Lower, target, arguments),
            "lowerAscii" => self.textual(tree, name, Function::LowerAscii, target, arguments),
            "trim" => self.textual(tree, name, Function::Trim, target, arguments),
            "open" => self.open(tree, target, arguments),
            _ => match times::clock(name) {
                Some(part) => self.clock(tree, name, part, target, arguments),
                None => {
                    let hint = match foreign(name) {
                        Some(ours) => format!("; did you mean `{ours}`?"),
                        None if FUNCTIONS.contains(&name) => format!("; it stands alone: `{name}(…)`"),
                        None => hint(name, METHODS.iter().copied()),
                    };
                    let message = format!("there is no function `{name}` behind a dot{hint}");
                    Err(self.refusal(tree, Problem::Unknown, message))
                }
            },
        }
    }

    fn rank(&mut self, tree: &IdedExpr, argument: &IdedExpr) -> Checked {
        let priority = self.value(argument)?;
        if let Some(text) = priority.literal() {
            self.check_word(argument, Words::Priority, text, false)?;
        } else if priority.ty != Type::Plain(Plain::Word(Words::Priority)) {
            let message = format!("`rank` takes a priority, not {}", priority.ty);
            return Err(self.refusal(argument, Problem::Type, message));
        }
        let part = Part::Function(Function::Rank, Box::new(priority.node));
        Ok(self.typed(tree, part, Type::INT))
    }

    fn convert(&mut self, tree: &IdedExpr, argument: &IdedExpr, to: Function, ty: Type) -> Checked {
        let from = self.value(argument)?;
        let converts = match from.ty {
            Type::Plain(Plain::Any | Plain::Text | Plain::Word(_) | Plain::Int | Plain::Double) => true,
            Type::TIMESTAMP => to != Function::Double,
            Type::Plain(_) => to == Function::Text,
            _ => false,
        };
        if !converts {
            let message = format!("{} cannot be made {ty}", from.ty);
            return Err(self.refusal(tree, Problem::Type, message));
        }
        Ok(self.typed(tree, Part::Function(to, Box::new(from.node)), ty))
    }

    /// The arguments, if there are as many as the function takes.
    pub(super) fn arguments<'a, const N: usize>(
        &self,
        tree: &IdedExpr,
        name: &str,
        arguments: &'a [IdedExpr],
    ) -> Result<[&'a IdedExpr; N], ConditionError> {
        let found: Vec<&IdedExpr> = arguments.iter().collect();
        let count = found.len();
        found.try_into().map_err(|_| {
            let message = match N {
                0 => format!("`{name}` takes no argument, not {count}"),
                1 => format!("`{name}` takes one argument, not {count}"),
                _ => format!("`{name}` takes {N} arguments, not {count}"),
            };
            self.refusal(tree, Problem::ArgumentCount, message)
        })
    }
}

enum Binary {
    And,
    Or,
    Equal,
    NotEqual,
    In,
    Index,
    Order(Order),
    Arithmetic(Arithmetic),
}

fn binary(name: &str) -> Option<Binary> {
    Some(match name {
        op::LOGICAL_AND => Binary::And,
        op::LOGICAL_OR => Binary::Or,
        op::EQUALS => Binary::Equal,
        op::NOT_EQUALS => Binary::NotEqual,
        op::IN => Binary::In,
        op::INDEX => Binary::Index,
        op::LESS => Binary::Order(Order::Less),
        op::LESS_EQUALS => Binary::Order(Order::LessOrEqual),
        op::GREATER => Binary::Order(Order::Greater),
        op::GREATER_EQUALS => Binary::Order(Order::GreaterOrEqual),
        op::ADD => Binary::Arithmetic(Arithmetic::Add),
        op::SUBSTRACT => Binary::Arithmetic(Arithmetic::Subtract),
        op::MULTIPLY => Binary::Arithmetic(Arithmetic::Multiply),
        op::DIVIDE => Binary::Arithmetic(Arithmetic::Divide),
        op::MODULO => Binary::Arithmetic(Arithmetic::Remainder),
        _ => return None,
    })
}

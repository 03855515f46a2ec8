//! Comparisons and arithmetic.

use std::cmp::Ordering;

use serde_json::{Map, Value as Json};

use super::value::{List, Value};
use super::{Evaluated, Failure, Run, wrong};
use crate::error::Fault;
use crate::limits::{DEEPEST_FIELD, LARGEST_BUILT};
use crate::program::{Arithmetic, Node, Order};

impl<'a> Run<'a> {
    pub(super) fn equal(&mut self, node: &'a Node, left: &'a Node, right: &'a Node) -> Result<bool, Failure> {
        let left = self.value(left)?;
        let right = self.value(right)?;
        self.same(node, &left, &right, 0)
    }

    /// Whether two values are equal, lists and maps included.
    fn same(
        &mut self,
        node: &Node,
        left: &Value<'_>,
        right: &Value<'_>,
        depth: usize,
    ) -> Result<bool, Failure> {
        if let Some(equal) = left.equal(right) {
            self.charge_bytes(node, left.compared_bytes(right))?;
            return Ok(equal);
        }
        if depth >= DEEPEST_FIELD {
            return Err((node.at, Fault::TooDeep));
        }
        match (left, right) {
            (Value::List(left), Value::List(right)) => self.same_lists(node, left, right, depth),
            (Value::Fields(left), Value::Fields(right)) => self.same_maps(node, left, right, depth),
            _ => Ok(false),
        }
    }

    fn same_lists(&mut self, node: &Node, a: &List<'_>, b: &List<'_>, depth: usize) -> Result<bool, Failure> {
        if a.len() != b.len() {
            return Ok(false);
        }
        for index in 0..a.len() {
            self.charge(node, 1)?;
            let (Some(a), Some(b)) = (a.get(index), b.get(index)) else {
                return Ok(false);
            };
            if !self.same(node, &a, &b, depth + 1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn same_maps(
        &mut self,
        node: &Node,
        a: &Map<String, Json>,
        b: &Map<String, Json>,
        depth: usize,
    ) -> Result<bool, Failure> {
        if a.len() != b.len() {
            return Ok(false);
        }
        for (key, value) in a {
            self.charge(node, 1)?;
            let Some(other) = b.get(key) else {
                return Ok(false);
            };
            if !self.same(node, &value.into(), &other.into(), depth + 1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// An order with null, which an absent own field reads as, is never true.
    pub(super) fn order(
        &mut self,
        node: &'a Node,
        order: Order,
        left: &'a Node,
        right: &'a Node,
    ) -> Result<bool, Failure> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        if matches!(left, Value::Null) || matches!(right, Value::Null) {
            return Ok(false);
        }
        self.charge_bytes(node, left.compared_bytes(&right))?;
        let Some(found) = left.order(&right) else {
            if matches!((&left, &right), (Value::Double(_), _) | (_, Value::Double(_)))
                && matches!(left, Value::Double(_) | Value::Int(_))
                && matches!(right, Value::Double(_) | Value::Int(_))
            {
                return Ok(false);
            }
            return wrong(node, left.kind(), &right);
        };
        Ok(match order {
            Order::Less => found == Ordering::Less,
            Order::LessOrEqual => found != Ordering::Greater,
            Order::Greater => found == Ordering::Greater,
            Order::GreaterOrEqual => found != Ordering::Less,
        })
    }

    pub(super) fn within(&mut self, node: &'a Node, item: &'a Node, list: &'a Node) -> Result<bool, Failure> {
        let item = self.value(item)?;
        match self.value(list)? {
            Value::List(list) => {
                for index in 0..list.len() {
                    self.charge(node, 1)?;
                    let Some(other) = list.get(index) else { break };
                    self.charge_bytes(node, other.own_bytes())?;
                    if self.same(node, &item, &other, 0)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Value::Fields(fields) => match item {
                Value::Text(key) => Ok(fields.get(key.as_ref()).is_some_and(|value| !value.is_null())),
                _ => Ok(false),
            },
            Value::Null => Ok(false),
            other => wrong(node, "a list", &other),
        }
    }

    pub(super) fn negate(&mut self, node: &'a Node, operand: &'a Node) -> Evaluated<'a> {
        match self.value(operand)? {
            Value::Int(value) => value
                .checked_neg()
                .map(Value::Int)
                .ok_or((node.at, Fault::Overflow)),
            Value::Double(value) => Ok(Value::Double(-value)),
            other => wrong(node, "a number", &other),
        }
    }

    pub(super) fn arithmetic(
        &mut self,
        node: &'a Node,
        sign: Arithmetic,
        left: &'a Node,
        right: &'a Node,
    ) -> Evaluated<'a> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        match (left, right) {
            (Value::Int(a), Value::Int(b)) => whole(sign, a, b).map_err(|fault| (node.at, fault)),
            (Value::Double(a), Value::Double(b)) => Ok(Value::Double(broken(sign, a, b))),
            (Value::Int(a), Value::Double(b)) => Ok(Value::Double(broken(sign, as_double(a), b))),
            (Value::Double(a), Value::Int(b)) => Ok(Value::Double(broken(sign, a, as_double(b)))),
            (Value::Text(a), Value::Text(b)) if sign == Arithmetic::Add => {
                let length = a.len() + b.len();
                self.charge_bytes(node, length)?;
                if length > LARGEST_BUILT {
                    return Err((node.at, Fault::TooLarge));
                }
                Ok(Value::Text(a + b))
            }
            (Value::Text(text), Value::Null) | (Value::Null, Value::Text(text))
                if sign == Arithmetic::Add =>
            {
                Ok(Value::Text(text))
            }
            (left @ (Value::Timestamp(_) | Value::Duration(_)), right) => {
                times(sign, &left, &right).ok_or((node.at, Fault::TimeOutOfRange))
            }
            (Value::Int(_) | Value::Double(_), other) | (other, _) => wrong(node, "a number", &other),
        }
    }
}

fn whole<'a>(sign: Arithmetic, a: i64, b: i64) -> Result<Value<'a>, Fault> {
    if b == 0 && matches!(sign, Arithmetic::Divide | Arithmetic::Remainder) {
        return Err(Fault::DivisionByZero);
    }
    let result = match sign {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide => a.checked_div(b),
        Arithmetic::Remainder => a.checked_rem(b),
    };
    result.map(Value::Int).ok_or(Fault::Overflow)
}

/// Doubles follow IEEE 754: a division by zero is an infinity.
fn broken(sign: Arithmetic, a: f64, b: f64) -> f64 {
    match sign {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide => a / b,
        Arithmetic::Remainder => a % b,
    }
}

#[expect(clippy::cast_precision_loss, reason = "the nearest double is what is meant")]
pub(super) fn as_double(int: i64) -> f64 {
    int as f64
}

fn times<'a>(sign: Arithmetic, left: &Value<'_>, right: &Value<'_>) -> Option<Value<'a>> {
    use Arithmetic::{Add, Subtract};
    match (sign, left, right) {
        (Add, Value::Timestamp(at), Value::Duration(by))
        | (Add, Value::Duration(by), Value::Timestamp(at)) => at.checked_add(*by).ok().map(Value::Timestamp),
        (Subtract, Value::Timestamp(at), Value::Duration(by)) => {
            at.checked_sub(*by).ok().map(Value::Timestamp)
        }
        (Subtract, Value::Timestamp(a), Value::Timestamp(b)) => Some(Value::Duration(a.duration_since(*b))),
        (Add, Value::Duration(a), Value::Duration(b)) => a.checked_add(*b).map(Value::Duration),
        (Subtract, Value::Duration(a), Value::Duration(b)) => a.checked_sub(*b).map(Value::Duration),
        _ => None,
    }
}

//! Operators other than comparisons, lists, and places in lists.

use cel::IdedExpr;
use cel::common::ast::ListExpr;

use super::{Checked, Checker, Typed};
use crate::error::{ConditionError, Problem};
use crate::limits::LONGEST_LIST;
use crate::program::{Arithmetic, Part};
use crate::run::value::Value;
use crate::types::{Plain, Type};

impl Checker<'_> {
    pub(super) fn not(&mut self, tree: &IdedExpr, operand: &IdedExpr) -> Checked {
        let node = self.boolean(operand, "`!`")?;
        Ok(self.typed(tree, Part::Not(Box::new(node)), Type::BOOL))
    }

    pub(super) fn and(&mut self, tree: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let pair = (self.boolean(left, "`&&`")?, self.boolean(right, "`&&`")?);
        Ok(self.typed(tree, Part::And(Box::new(pair)), Type::BOOL))
    }

    pub(super) fn or(&mut self, tree: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let pair = (self.boolean(left, "`||`")?, self.boolean(right, "`||`")?);
        Ok(self.typed(tree, Part::Or(Box::new(pair)), Type::BOOL))
    }

    pub(super) fn conditional(&mut self, tree: &IdedExpr, parts: [&IdedExpr; 3]) -> Checked {
        let test = self.boolean(parts[0], "`?`")?;
        let (yes, no) = (self.value(parts[1])?, self.value(parts[2])?);
        let ty = match (yes.ty, no.ty) {
            (a, b) if a == b => Some(a),
            (Type::Plain(a), Type::Plain(b)) => a.join(b).map(Type::Plain),
            (Type::List(a), Type::List(b)) => a.join(b).map(Type::List),
            (Type::EmptyList, list @ Type::List(_)) | (list @ Type::List(_), Type::EmptyList) => Some(list),
            _ => None,
        };
        let Some(ty) = ty else {
            let message = format!(
                "both branches of `? :` are of one type; these are {} and {}",
                yes.ty, no.ty
            );
            return Err(self.refusal(tree, Problem::Type, message));
        };
        let part = Part::If(Box::new((test, yes.node, no.node)));
        Ok(self.typed(tree, part, ty))
    }

    pub(super) fn negate(&mut self, tree: &IdedExpr, operand: &IdedExpr) -> Checked {
        let typed = self.value(operand)?;
        match typed.ty {
            Type::INT | Type::DOUBLE | Type::ANY => {
                Ok(self.typed(tree, Part::Negate(Box::new(typed.node)), typed.ty))
            }
            ty => {
                let message = format!("`-` takes a number, not {ty}");
                Err(self.refusal(tree, Problem::Type, message))
            }
        }
    }

    pub(super) fn arithmetic(
        &mut self,
        tree: &IdedExpr,
        sign: Arithmetic,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Checked {
        let (l, r) = (self.value(left)?, self.value(right)?);
        let ty = result_of(sign, l.ty, r.ty).ok_or_else(|| self.no_result(tree, sign, &l, &r))?;
        let part = Part::Arithmetic(sign, Box::new((l.node, r.node)));
        Ok(self.typed(tree, part, ty))
    }

    fn no_result(&self, tree: &IdedExpr, sign: Arithmetic, l: &Typed, r: &Typed) -> ConditionError {
        let sign = match sign {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::Remainder => "%",
        };
        let hint = match (l.ty, r.ty) {
            (Type::INT, Type::DOUBLE) | (Type::DOUBLE, Type::INT) => "; write `double(…)` around the int",
            (Type::TEXT, Type::INT | Type::DOUBLE | Type::BOOL) => "; write `string(…)` around the other",
            (Type::TIMESTAMP | Type::DURATION, Type::INT | Type::TEXT) => "; write `duration(\"90m\")`",
            _ => "",
        };
        let message = format!("there is no `{sign}` of {} and {}{hint}", l.ty, r.ty);
        self.refusal(tree, Problem::Type, message)
    }

    /// `operand[index]`.
    pub(super) fn index(&mut self, tree: &IdedExpr, operand: &IdedExpr, index: &IdedExpr) -> Checked {
        let place = self.value(index)?;
        let reads_all = self.reads_all_fields();
        let of = self.check(operand)?;
        if let (Type::Fields | Type::ANY, Some(key)) = (of.ty, place.literal()) {
            let key = key.to_owned();
            return self.key(tree, of, &key, reads_all);
        }
        let ty = match (of.ty, place.ty) {
            (Type::List(item), Type::INT | Type::ANY) => Type::Plain(item),
            (Type::EmptyList | Type::ANY, Type::INT | Type::ANY) => Type::ANY,
            (Type::Fields | Type::ANY, key) if key.is_textual() => Type::ANY,
            (Type::Root(root), _) => {
                let message = format!("fields are written with a dot, such as `{}.…`", root.name());
                return Err(self.refusal(tree, Problem::Type, message));
            }
            (of, place) => {
                let message = format!("there is no place in {of} by {place}");
                return Err(self.refusal(tree, Problem::Type, message));
            }
        };
        let part = Part::Index(Box::new((of.node, place.node)));
        Ok(self.typed(tree, part, ty))
    }

    pub(super) fn list(&mut self, tree: &IdedExpr, list: &ListExpr) -> Checked {
        if list.elements.len() > LONGEST_LIST {
            let message = format!("a list that is written out has at most {LONGEST_LIST} values");
            return Err(self.refusal(tree, Problem::TooBig, message));
        }
        let mut nodes = Vec::with_capacity(list.elements.len());
        let mut item: Option<Plain> = None;
        for element in &list.elements {
            let (node, plain) = self.plain(element, "a list")?;
            let joined = item.map_or(Some(plain), |item| item.join(plain));
            let Some(joined) = joined else {
                let other = item.map_or_else(String::new, |item| item.to_string());
                let message = format!(
                    "a list holds values of one type; this is {} among values of type {other}",
                    Type::Plain(plain)
                );
                return Err(self.refusal(element, Problem::Type, message));
            };
            item = Some(joined);
            nodes.push(node);
        }
        let ty = item.map_or(Type::EmptyList, Type::List);
        Ok(self.typed(tree, constants(nodes), ty))
    }
}

/// A list that is wholly written out is made once.
fn constants(nodes: Vec<crate::program::Node>) -> Part {
    if !nodes.iter().all(|node| matches!(node.part, Part::Constant(_))) {
        return Part::List(nodes);
    }
    let values = nodes.into_iter().filter_map(|node| match node.part {
        Part::Constant(value) => Some(value),
        _ => None,
    });
    Part::Constants(values.collect::<Vec<Value<'static>>>())
}

fn result_of(sign: Arithmetic, left: Type, right: Type) -> Option<Type> {
    use Arithmetic::{Add, Remainder, Subtract};
    let textual = |ty: Type| matches!(ty, Type::Plain(Plain::Text | Plain::Word(_)));
    let computes = |ty: Type| matches!(ty, Type::INT | Type::DOUBLE | Type::ANY);
    Some(match (sign, left, right) {
        (_, Type::INT, Type::INT) => Type::INT,
        (sign, Type::DOUBLE, Type::DOUBLE) if sign != Remainder => Type::DOUBLE,
        (Add, a, b) if textual(a) && textual(b) => Type::TEXT,
        (Add, a, b) if (a.is_any() && textual(b)) || (textual(a) && b.is_any()) => Type::TEXT,
        (Add, Type::TIMESTAMP, Type::DURATION) | (Add, Type::DURATION, Type::TIMESTAMP) => Type::TIMESTAMP,
        (Add | Subtract, Type::DURATION, Type::DURATION) => Type::DURATION,
        (Subtract, Type::TIMESTAMP, Type::DURATION) => Type::TIMESTAMP,
        (Subtract, Type::TIMESTAMP, Type::TIMESTAMP) => Type::DURATION,
        (_, a, b) if computes(a) && computes(b) && (a.is_any() || b.is_any()) => Type::ANY,
        _ => return None,
    })
}

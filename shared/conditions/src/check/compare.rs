//! Equality, order and membership.

use cel::IdedExpr;
use cel::common::ast::Expr;

use super::{Checked, Checker, Typed};
use crate::error::{ConditionError, Problem};
use crate::program::{Order, Part};
use crate::run::value::Value;
use crate::types::{Plain, Type};
use crate::words::{Words, hint};

impl Checker<'_> {
    pub(super) fn equal(&mut self, tree: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let (l, r) = (self.check(left)?, self.check(right)?);
        match (l.ty, r.ty) {
            (Type::Null, Type::Null) => return Err(self.refusal(tree, Problem::Type, "null is null".into())),
            (Type::Null, _) => return self.absence(tree, r),
            (_, Type::Null) => return self.absence(tree, l),
            _ => {}
        }
        self.check_words(&l, right, &r)?;
        self.check_words(&r, left, &l)?;
        if !can_be_equal(l.ty, r.ty) {
            return Err(self.never(tree, "is never equal to", &l, &r));
        }
        Ok(self.typed(tree, Part::Equal(Box::new((l.node, r.node))), Type::BOOL))
    }

    pub(super) fn order(
        &mut self,
        tree: &IdedExpr,
        order: Order,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Checked {
        let (l, r) = (self.value(left)?, self.value(right)?);
        for side in [&l, &r] {
            if let Type::Plain(Plain::Word(words)) = side.ty {
                return Err(self.refusal(tree, Problem::Type, unordered(words)));
            }
        }
        let ordered = match (l.ty, r.ty) {
            (Type::Plain(a), Type::Plain(b)) => a.meets(b) && a != Plain::Bool && b != Plain::Bool,
            _ => false,
        };
        if !ordered {
            return Err(self.never(tree, "cannot be ordered with", &l, &r));
        }
        let part = Part::Order(order, Box::new((l.node, r.node)));
        Ok(self.typed(tree, part, Type::BOOL))
    }

    /// `left in right`.
    pub(super) fn within(&mut self, tree: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let (item, plain) = self.plain(left, "`in`")?;
        let l = Typed {
            node: item,
            ty: Type::Plain(plain),
        };
        let reads_all = self.reads_all_fields();
        let r = self.value(right)?;
        let Some(items) = r.ty.items() else {
            let message = if r.ty.is_textual() {
                "`in` looks into a list; for a part of a text write `….contains(…)`".to_owned()
            } else {
                format!("`in` looks into a list, not {}", r.ty)
            };
            return Err(self.refusal(tree, Problem::Type, message));
        };
        if let (Type::List(Plain::Word(words)), Some(text)) = (r.ty, l.literal()) {
            self.check_word(left, words, text, false)?;
        }
        if let (Plain::Word(words), Expr::List(list)) = (plain, &right.expr) {
            let absent = can_be_empty(&l);
            for (element, text) in list.elements.iter().zip(texts(&r)) {
                self.check_word(element, words, text, absent)?;
            }
        }
        if let (Type::Fields, Some(key)) = (r.ty, l.literal()) {
            let key = key.to_owned();
            self.check_key(left, &r, &key, reads_all)?;
            let part = Part::HasKey(Box::new(r.node), key);
            return Ok(self.typed(tree, part, Type::BOOL));
        }
        if !plain.meets(items) {
            let message = format!("{} is never in {}", l.ty, r.ty);
            return Err(self.refusal(tree, Problem::Type, message));
        }
        Ok(self.typed(tree, Part::In(Box::new((l.node, r.node))), Type::BOOL))
    }

    /// Refuses a literal that is no value of the words it is compared with.
    fn check_words(&self, side: &Typed, other: &IdedExpr, typed: &Typed) -> Result<(), ConditionError> {
        match (side.ty, typed.literal()) {
            (Type::Plain(Plain::Word(words)), Some(text)) => {
                self.check_word(other, words, text, can_be_empty(side))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_word(
        &self,
        tree: &IdedExpr,
        words: Words,
        text: &str,
        can_be_empty: bool,
    ) -> Result<(), ConditionError> {
        let Some(all) = words.all(self.vocabulary) else {
            return Ok(());
        };
        if all.contains(&text) || (can_be_empty && text.is_empty()) {
            return Ok(());
        }
        let message = format!("no {} is {text:?}{}", words.title(), hint(text, all));
        Err(self.refusal(tree, Problem::Word, message))
    }

    fn never(&self, tree: &IdedExpr, verb: &str, left: &Typed, right: &Typed) -> ConditionError {
        let mut message = format!("{} {verb} {}", left.ty, right.ty);
        for (side, other) in [(left, right), (right, left)] {
            if let Type::Plain(Plain::Word(words)) = side.ty
                && other.ty == Type::INT
                && let Some(all) = words.all(self.vocabulary)
            {
                message = format!("{message}; it is one of: {}", all.join(", "));
            }
            if let Type::List(_) = side.ty
                && other.ty.is_textual()
            {
                message = format!("{message}; write `… in …`");
            }
            if let Type::Plain(Plain::Duration) = side.ty
                && matches!(other.ty, Type::INT | Type::TEXT)
            {
                message = format!("{message}; write `duration(\"90m\")`");
            }
            if let Type::Plain(Plain::Timestamp) = side.ty
                && other.ty == Type::TEXT
            {
                message = format!("{message}; write `timestamp(\"2026-01-31T12:00:00Z\")`");
            }
        }
        self.refusal(tree, Problem::Type, message)
    }
}

/// Whether an absent value of it reads as an empty text.
fn can_be_empty(side: &Typed) -> bool {
    match side.node.part {
        Part::Field(field) => field.row().can_be_absent(),
        _ => true,
    }
}

/// The texts of a list that is written out.
fn texts(list: &Typed) -> Vec<&str> {
    let Part::Constants(values) = &list.node.part else {
        return Vec::new();
    };
    let text = |value: &'_ Value<'static>| matches!(value, Value::Text(_));
    if !values.iter().all(text) {
        return Vec::new();
    }
    values
        .iter()
        .filter_map(|value| match value {
            Value::Text(text) => Some(text.as_ref()),
            _ => None,
        })
        .collect()
}

fn can_be_equal(left: Type, right: Type) -> bool {
    match (left, right) {
        (Type::Plain(a), Type::Plain(b)) | (Type::List(a), Type::List(b)) => a.meets(b),
        (Type::EmptyList, Type::List(_) | Type::EmptyList) | (Type::List(_), Type::EmptyList) => true,
        (Type::ANY, Type::List(_) | Type::EmptyList | Type::Fields) => true,
        (Type::List(_) | Type::EmptyList | Type::Fields, Type::ANY) => true,
        _ => false,
    }
}

fn unordered(words: Words) -> String {
    match words {
        Words::Priority => "priorities are texts, and texts are ordered by letter; \
                            write `ticket.priority_rank >= rank(\"high\")`"
            .to_owned(),
        words => format!(
            "a {0} has no order; write `… in [\"…\", \"…\"]` with each {0} that is meant",
            words.title()
        ),
    }
}

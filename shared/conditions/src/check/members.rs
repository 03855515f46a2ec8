//! Members, keys and presence: `ticket.subject`, `ticket.fields.product`, `has(…)`.

use cel::IdedExpr;
use cel::common::ast::{Expr, SelectExpr};

use super::{Checked, Checker, Typed};
use crate::error::{ConditionError, Problem};
use crate::names::{Field, Root, Row, meaning};
use crate::program::{Node, Part};
use crate::types::Type;
use crate::words::{foreign, hint};

impl Checker<'_> {
    pub(super) fn member(&mut self, tree: &IdedExpr, select: &SelectExpr) -> Checked {
        let reads_all = self.reads_all_fields();
        let operand = self.check(&select.operand)?;
        match operand.ty {
            Type::Root(root) => {
                let row = self.field(tree, root, &select.field)?;
                self.reads.insert(row.path.to_owned());
                Ok(self.typed(tree, Part::Field(row.field), row.ty))
            }
            Type::Fields | Type::ANY => self.key(tree, operand, &select.field, reads_all),
            ty => {
                let name = &select.field;
                let message = match foreign(name) {
                    Some(ours) => format!("{ty} has no field `{name}`; did you mean the function `{ours}`?"),
                    None if calls_without_brackets(name) => {
                        format!("`{name}` is a function; write `{name}(…)`")
                    }
                    None => format!("{ty} has no field `{name}`"),
                };
                Err(self.refusal(tree, Problem::Unknown, message))
            }
        }
    }

    /// `operand.key` or `operand["key"]` on the operator's own fields or inside of one.
    pub(super) fn key(&mut self, tree: &IdedExpr, operand: Typed, key: &str, reads_all: bool) -> Checked {
        self.check_key(tree, &operand, key, reads_all)?;
        let part = Part::Key(Box::new(operand.node), key.to_owned());
        Ok(self.typed(tree, part, Type::ANY))
    }

    /// Whether what was checked so far reads the operator's own fields as a whole.
    pub(super) fn reads_all_fields(&self) -> bool {
        self.reads.contains(Field::Fields.row().path)
    }

    /// Checks a key written out, and notes that it alone is read, unless all were read before.
    pub(super) fn check_key(
        &mut self,
        tree: &IdedExpr,
        operand: &Typed,
        key: &str,
        reads_all: bool,
    ) -> Result<(), ConditionError> {
        if operand.ty != Type::Fields {
            return Ok(());
        }
        match &self.vocabulary.fields {
            Some(fields) if !fields.contains(key) => {
                let hint = hint(key, fields.iter().map(String::as_str));
                let message = format!("tickets have no field of their own named `{key}`{hint}");
                Err(self.refusal(tree, Problem::Unknown, message))
            }
            _ => {
                let all = Field::Fields.row().path;
                if !reads_all {
                    self.reads.remove(all);
                }
                self.reads.insert(format!("{all}.{key}"));
                Ok(())
            }
        }
    }

    fn field(&self, tree: &IdedExpr, root: Root, name: &str) -> Result<&'static Row, ConditionError> {
        root.fields().find(|row| row.name == name).ok_or_else(|| {
            let hint = match meaning(name) {
                Some(_) => format!("; `{name}` stands on its own, without a dot before it"),
                None => hint(name, root.fields().map(|row| row.name)),
            };
            let message = format!("`{}` has no field `{name}`{hint}", root.name());
            self.refusal(tree, Problem::Unknown, message)
        })
    }

    /// `has(operand.name)`.
    pub(super) fn has(&mut self, tree: &IdedExpr, argument: &IdedExpr) -> Checked {
        let Expr::Select(select) = &argument.expr else {
            let message = match &argument.expr {
                Expr::Ident(name) => format!("`has` takes a field; write `{name} != null`"),
                _ => "`has` takes a field, such as `has(ticket.priority)`".to_owned(),
            };
            return Err(self.refusal(argument, Problem::Type, message));
        };
        let reads_all = self.reads_all_fields();
        let operand = self.check(&select.operand)?;
        let part = match operand.ty {
            Type::Root(root) => {
                let row = self.field(argument, root, &select.field)?;
                self.reads.insert(row.path.to_owned());
                Part::HasField(row.field)
            }
            Type::Fields | Type::ANY => {
                self.check_key(argument, &operand, &select.field, reads_all)?;
                Part::HasKey(Box::new(operand.node), select.field.clone())
            }
            ty => {
                let message = format!("{ty} has no field `{}`", select.field);
                return Err(self.refusal(argument, Problem::Unknown, message));
            }
        };
        Ok(self.typed(tree, part, Type::BOOL))
    }

    /// `other == null`: whether it is absent. Nothing when the type can never be.
    pub(super) fn absence(&mut self, tree: &IdedExpr, other: Typed) -> Checked {
        let present = match (other.ty, other.node.part) {
            (Type::Root(root), _) if root.is_optional() => {
                self.reads.insert(root.name().to_owned());
                Part::HasRoot(root)
            }
            (Type::ANY, Part::Key(operand, key)) => Part::HasKey(operand, key),
            (Type::ANY, part) => {
                let null = self.typed(tree, Part::Constant(crate::run::value::Value::Null), Type::Null);
                let node = Node {
                    at: other.node.at,
                    part,
                };
                let part = Part::Equal(Box::new((node, null.node)));
                return Ok(self.typed(tree, part, Type::BOOL));
            }
            (_, Part::Field(field)) if field.row().can_be_absent() => Part::HasField(field),
            (ty, part) => {
                let what = match (ty, part) {
                    (Type::Root(root), _) => format!("`{}`", root.name()),
                    (_, Part::Field(field)) => format!("`{}`", field.row().path),
                    (ty, _) => format!("{ty}"),
                };
                let message = format!("{what} is never null");
                return Err(self.refusal(tree, Problem::Type, message));
            }
        };
        let present = self.typed(tree, present, Type::BOOL);
        Ok(self.typed(tree, Part::Not(Box::new(present.node)), Type::BOOL))
    }
}

fn calls_without_brackets(name: &str) -> bool {
    super::calls::METHODS.contains(&name)
}

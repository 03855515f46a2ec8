//! `exists`, `all`, `exists_one`, `filter`, `map`: each binds a variable to the values of a list.

use cel::IdedExpr;
use cel::common::ast::Expr;

use super::{Checked, Checker};
use crate::error::{ConditionError, Problem};
use crate::limits::DEEPEST_MACROS;
use crate::names::meaning;
use crate::program::{Macro, MacroKind, Part};
use crate::types::{Plain, Type};

/// The macro of this name.
pub(super) fn named(name: &str) -> Option<MacroKind> {
    Some(match name {
        "exists" => MacroKind::Exists,
        "all" => MacroKind::All,
        "exists_one" | "existsOne" => MacroKind::ExistsOne,
        "filter" => MacroKind::Filter,
        "map" => MacroKind::Map,
        _ => return None,
    })
}

impl Checker<'_> {
    pub(super) fn comprehension(
        &mut self,
        tree: &IdedExpr,
        kind: MacroKind,
        target: &IdedExpr,
        arguments: &[IdedExpr],
    ) -> Checked {
        let (variable, guard, body) = match (kind, arguments) {
            (MacroKind::Map, [variable, guard, body]) => (variable, Some(guard), body),
            (_, [variable, body]) => (variable, None, body),
            _ => {
                let message = "this takes a variable and a condition, such as `exists(tag, tag == \"vip\")`";
                return Err(self.refusal(tree, Problem::ArgumentCount, message.to_owned()));
            }
        };
        if self.locals.len() >= DEEPEST_MACROS {
            let message =
                format!("at most {DEEPEST_MACROS} of `exists`, `all`, `filter`, `map` stand in each other");
            return Err(self.refusal(tree, Problem::TooBig, message));
        }
        let list = self.value(target)?;
        let Some(item) = list.ty.items() else {
            let message = format!("this looks at the values of a list, not of {}", list.ty);
            return Err(self.refusal(tree, Problem::Type, message));
        };
        let name = self.variable(variable)?;
        self.locals.push((name, item));
        let inner = self.inside(kind, guard, body);
        self.locals.pop();
        let (guard, body, ty) = inner?;
        let ty = match (kind, ty) {
            (MacroKind::Filter, _) => Type::List(item),
            (MacroKind::Map, plain) => Type::List(plain),
            _ => Type::BOOL,
        };
        let list = list.node;
        let part = Part::Macro(Box::new(Macro {
            kind,
            list,
            guard,
            body,
        }));
        Ok(self.typed(tree, part, ty))
    }

    fn inside(
        &mut self,
        kind: MacroKind,
        guard: Option<&IdedExpr>,
        body: &IdedExpr,
    ) -> Result<(Option<crate::program::Node>, crate::program::Node, Plain), ConditionError> {
        let guard = guard
            .map(|guard| self.boolean(guard, "the second part of `map`"))
            .transpose()?;
        if kind == MacroKind::Map {
            let (body, plain) = self.plain(body, "`map`")?;
            return Ok((guard, body, plain));
        }
        let body = self.boolean(body, "the condition on each value")?;
        Ok((guard, body, Plain::Bool))
    }

    fn variable(&self, tree: &IdedExpr) -> Result<String, ConditionError> {
        let Expr::Ident(name) = &tree.expr else {
            let message = "the first part is the name of a variable".to_owned();
            return Err(self.refusal(tree, Problem::Syntax, message));
        };
        if meaning(name).is_some() {
            let message = format!("`{name}` already means something; choose another variable");
            return Err(self.refusal(tree, Problem::Syntax, message));
        }
        Ok(name.clone())
    }
}

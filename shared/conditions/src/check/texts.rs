//! Functions of texts, and the size of texts and lists.

use cel::IdedExpr;
use memchr::memmem::Finder;

use super::{Checked, Checker};
use crate::error::Problem;
use crate::program::{Find, Function, Part};
use crate::types::Type;

impl Checker<'_> {
    pub(super) fn find(
        &mut self,
        tree: &IdedExpr,
        find: Find,
        target: &IdedExpr,
        arguments: &[IdedExpr],
    ) -> Checked {
        let name = match find {
            Find::Contains => "contains",
            Find::StartsWith => "startsWith",
            Find::EndsWith => "endsWith",
        };
        let [part] = self.arguments(tree, name, arguments)?;
        let text = self.value(target)?;
        if !text.ty.is_textual() {
            let hint = match text.ty.items() {
                Some(_) => "; for a value of a list write `… in …`",
                None => "",
            };
            let message = format!("`{name}` looks into a text, not {}{hint}", text.ty);
            return Err(self.refusal(tree, Problem::Type, message));
        }
        let sought = self.text(part, name)?;
        let program = match (find, sought.literal()) {
            (Find::Contains, Some(literal)) => {
                let finder = Finder::new(literal.as_bytes()).into_owned();
                Part::FindConstant(Box::new(text.node), Box::new(finder))
            }
            _ => Part::Find(find, Box::new((text.node, sought.node))),
        };
        Ok(self.typed(tree, program, Type::BOOL))
    }

    fn text(&mut self, tree: &IdedExpr, whose: &str) -> Checked {
        let typed = self.value(tree)?;
        if typed.ty.is_textual() {
            return Ok(typed);
        }
        let message = format!("`{whose}` takes a text, not {}", typed.ty);
        Err(self.refusal(tree, Problem::Type, message))
    }

    pub(super) fn matches(&mut self, tree: &IdedExpr, text: &IdedExpr, pattern: &IdedExpr) -> Checked {
        let text = self.text(text, "matches")?;
        let regex = self.regex(pattern)?;
        let part = Part::Matches(Box::new(text.node), Box::new(regex));
        Ok(self.typed(tree, part, Type::BOOL))
    }

    pub(super) fn textual(
        &mut self,
        tree: &IdedExpr,
        name: &str,
        function: Function,
        target: &IdedExpr,
        arguments: &[IdedExpr],
    ) -> Checked {
        let [] = self.arguments(tree, name, arguments)?;
        let text = self.text(target, name)?;
        let part = Part::Function(function, Box::new(text.node));
        Ok(self.typed(tree, part, Type::TEXT))
    }

    pub(super) fn size(&mut self, tree: &IdedExpr, argument: &IdedExpr) -> Checked {
        let of = self.value(argument)?;
        if !of.ty.is_textual() && of.ty.items().is_none() {
            let message = format!("`size` takes a text or a list, not {}", of.ty);
            return Err(self.refusal(tree, Problem::Type, message));
        }
        let part = Part::Function(Function::Size, Box::new(of.node));
        Ok(self.typed(tree, part, Type::INT))
    }
}

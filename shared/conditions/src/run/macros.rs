//! `exists`, `all`, `exists_one`, `filter`, `map`.

use std::sync::Arc;

use super::value::{List, Value};
use super::{Evaluated, Failure, Run, wrong};
use crate::error::Fault;
use crate::program::{Macro, MacroKind, Node};

impl<'a> Run<'a> {
    pub(super) fn comprehension(&mut self, node: &'a Node, inner: &'a Macro) -> Evaluated<'a> {
        let list = self.items(node, &inner.list)?;
        match inner.kind {
            MacroKind::Exists => self.any(&list, inner, true).map(Value::Bool),
            MacroKind::All => self.any(&list, inner, false).map(|found| Value::Bool(!found)),
            MacroKind::ExistsOne => {
                let mut count = 0;
                for index in 0..list.len() {
                    count += i32::from(self.with(&list, inner, index, |run| run.truth(&inner.body))?);
                }
                Ok(Value::Bool(count == 1))
            }
            MacroKind::Filter => self.filter(&list, inner),
            MacroKind::Map => self.map(&list, inner),
        }
    }

    fn items(&mut self, node: &'a Node, list: &'a Node) -> Result<List<'a>, Failure> {
        match self.value(list)? {
            Value::List(list) => Ok(list),
            Value::Null => Ok(List::Texts(&[])),
            Value::Fields(fields) => {
                self.charge(node, fields.len())?;
                let keys = fields.keys().map(|key| Value::text(key));
                Ok(List::Made(keys.collect()))
            }
            other => wrong(node, "a list", &other),
        }
    }

    /// Whether the body is `sought` for any value. As CEL has it, an error of one value counts only when no
    /// other value decides.
    fn any(&mut self, list: &List<'a>, inner: &'a Macro, sought: bool) -> Result<bool, Failure> {
        let mut failure = None;
        for index in 0..list.len() {
            match self.with(list, inner, index, |run| run.truth(&inner.body)) {
                Ok(value) if value == sought => return Ok(true),
                Ok(_) => {}
                Err(over) if over.1 == Fault::OverBudget => return Err(over),
                Err(other) => failure = failure.or(Some(other)),
            }
        }
        failure.map_or(Ok(false), Err)
    }

    fn filter(&mut self, list: &List<'a>, inner: &'a Macro) -> Evaluated<'a> {
        let mut kept = Vec::new();
        for index in 0..list.len() {
            if self.with(list, inner, index, |run| run.truth(&inner.body))? {
                kept.extend(list.get(index));
            }
        }
        Ok(Value::List(List::Made(Arc::from(kept))))
    }

    fn map(&mut self, list: &List<'a>, inner: &'a Macro) -> Evaluated<'a> {
        let mut made = Vec::new();
        for index in 0..list.len() {
            if let Some(guard) = &inner.guard
                && !self.with(list, inner, index, |run| run.truth(guard))?
            {
                continue;
            }
            made.push(self.with(list, inner, index, |run| run.value(&inner.body))?);
        }
        Ok(Value::List(List::Made(Arc::from(made))))
    }

    /// Does something with the variable bound to one value of the list.
    fn with<T>(
        &mut self,
        list: &List<'a>,
        inner: &'a Macro,
        index: usize,
        act: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let value = list.get(index).unwrap_or(Value::Null);
        self.charge(&inner.list, 1)?;
        self.charge_bytes(&inner.list, value.own_bytes())?;
        self.locals.push(value);
        let result = act(self);
        self.locals.pop();
        result
    }
}

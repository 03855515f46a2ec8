//! Reading what [`OwnTest::written`] writes.

use super::comparison::{How, Literal, ORDER, OwnTest, What};
use crate::filters::letters::Reader;
use docket_domain::field::own_id;

/// Reads one off a condition.
pub(in crate::filters) fn read(rest: &mut Reader<'_>) -> Option<OwnTest> {
    let mut on = Reader(rest.0);
    let found = on.own()?;
    rest.0 = on.0;
    Some(found)
}

impl Reader<'_> {
    fn own(&mut self) -> Option<OwnTest> {
        let test = |what, how, values| Some(OwnTest { what, how, values });
        if let Some(what) = self.own_changed() {
            return test(what, How::Changed, vec![]);
        }
        if self.0.starts_with("![") || self.0.starts_with('[') {
            let how = if self.takes("!") { How::HasNot } else { How::Has };
            let values = self.literals()?;
            let what = self
                .takes(".exists(value, value in ")
                .then(|| self.own_path())??;
            return self.takes(")").then(|| test(what, how, values))?;
        }
        if self.takes("!(") {
            if let Some(what) = self.own_changed() {
                return self.takes(")").then(|| test(what, How::NotChanged, vec![]))?;
            }
            let what = self.own_path()?;
            let values = self.takes(" in ").then(|| self.literals())??;
            return self.takes(")").then(|| test(what, How::NoneOf, values))?;
        }
        if self.takes("(") {
            if let Some(what) = self.own_changed() {
                let path = format!(" && {} == ", what.path());
                let value = self.takes(&path).then(|| self.literal())??;
                return self.takes(")").then(|| test(what, How::ChangedTo, vec![value]))?;
            }
            let what = self.own_path()?;
            let path = format!(" != null && {} ", what.path());
            if !self.takes(&path) {
                return None;
            }
            let mut order = ORDER.iter();
            let (how, ..) = order.find(|(_, sign, _)| self.takes(&format!("{sign} ")))?;
            let value = self.literal()?;
            return self.takes(")").then(|| test(what, *how, vec![value]))?;
        }
        let what = self.own_path()?;
        if self.takes(" in ") {
            let values = self.literals()?;
            return test(what, How::OneOf, values);
        }
        let how = if self.takes(" == ") {
            How::Is
        } else if self.takes(" != ") {
            How::IsNot
        } else {
            return None;
        };
        let value = self.literal()?;
        test(what, how, vec![value])
    }

    fn own_path(&mut self) -> Option<What> {
        if self.takes("ticket.form") {
            return Some(What::Form);
        }
        if self.takes("ticket.custom_status") {
            return Some(What::Status);
        }
        if !self.takes("ticket.fields[") {
            return None;
        }
        let id = own_id(&self.text()?)?;
        self.takes("]").then_some(What::Field(id))
    }

    fn own_changed(&mut self) -> Option<What> {
        for what in [What::Form, What::Status] {
            if self.takes(&what.changed()) {
                return Some(what);
            }
        }
        let mut on = Reader(self.0);
        let id = own_id(&on.text()?)?;
        if !on.takes(" in event.changed_fields") {
            return None;
        }
        self.0 = on.0;
        Some(What::Field(id))
    }

    fn literals(&mut self) -> Option<Vec<Literal>> {
        if !self.takes("[") {
            return None;
        }
        let mut values = vec![self.literal()?];
        while self.takes(", ") {
            values.push(self.literal()?);
        }
        self.takes("]").then_some(values)
    }

    fn literal(&mut self) -> Option<Literal> {
        for (word, literal) in [
            ("null", Literal::Null),
            ("true", Literal::Flag(true)),
            ("false", Literal::Flag(false)),
        ] {
            if self.takes(word) {
                return Some(literal);
            }
        }
        if self.0.starts_with('"') {
            return self.text().map(Literal::Text);
        }
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.');
        let end = self.0.find(|c: char| !is_part(c)).unwrap_or(self.0.len());
        let (number, rest) = self.0.split_at(end);
        if number.is_empty() {
            return None;
        }
        self.0 = rest;
        Some(Literal::Number(number.to_owned()))
    }
}

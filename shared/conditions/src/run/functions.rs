//! Functions and parts of times.

use std::borrow::Cow;

use docket_domain::ticket::Priority;
use jiff::tz::TimeZone;

use super::operators::as_double;
use super::value::Value;
use super::{Evaluated, Failure, Run, wrong};
use crate::error::Fault;
use crate::program::{Clock, Find, Function, Node, Part};
use crate::words::rank;

impl<'a> Run<'a> {
    pub(super) fn find(
        &mut self,
        node: &'a Node,
        find: Find,
        text: &'a Node,
        sought: &'a Node,
    ) -> Result<bool, Failure> {
        let (text, sought) = (self.text(text)?, self.text(sought)?);
        self.charge_bytes(node, text.len())?;
        let sought: &str = &sought;
        Ok(match find {
            Find::Contains => text.contains(sought),
            Find::StartsWith => text.starts_with(sought),
            Find::EndsWith => text.ends_with(sought),
        })
    }

    pub(super) fn function(
        &mut self,
        node: &'a Node,
        function: Function,
        argument: &'a Node,
    ) -> Evaluated<'a> {
        match function {
            Function::Lower => self.lower(node, argument),
            Function::LowerAscii => {
                let text = self.text(argument)?;
                self.charge_bytes(node, text.len())?;
                Ok(Value::Text(text.to_ascii_lowercase().into()))
            }
            Function::Trim => Ok(Value::Text(match self.text(argument)? {
                Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
                Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
            })),
            Function::Rank => {
                let priority: Option<Priority> = self.text(argument)?.parse().ok();
                Ok(Value::Int(priority.map_or(0, rank)))
            }
            Function::Size => self.size(node, argument),
            Function::Int => self.int(node, argument),
            Function::Double => self.double(node, argument),
            Function::Text => self.string(node, argument),
            Function::Hours | Function::Minutes | Function::Seconds => {
                let Value::Duration(duration) = self.value(argument)? else {
                    return wrong(node, "a duration", &Value::Null);
                };
                let seconds = duration.as_secs();
                Ok(Value::Int(match function {
                    Function::Hours => seconds / 3600,
                    Function::Minutes => seconds / 60,
                    _ => seconds,
                }))
            }
        }
    }

    /// Subject and text in lower case are kept with the facts: many rules ask for them.
    fn lower(&mut self, node: &'a Node, argument: &'a Node) -> Evaluated<'a> {
        if let Part::Field(field) = argument.part
            && let Some(lower) = self.facts.lower(field)
        {
            self.note(field);
            return Ok(Value::text(lower));
        }
        let text = self.text(argument)?;
        self.charge_bytes(node, text.len())?;
        Ok(Value::Text(text.to_lowercase().into()))
    }

    /// Characters of a text, values of a list.
    fn size(&mut self, node: &'a Node, argument: &'a Node) -> Evaluated<'a> {
        let size = match self.value(argument)? {
            Value::Text(text) => {
                self.charge_bytes(node, text.len())?;
                text.chars().count()
            }
            Value::List(list) => list.len(),
            Value::Fields(fields) => fields.len(),
            Value::Null => 0,
            other => return wrong(node, "a text or a list", &other),
        };
        Ok(Value::Int(i64::try_from(size).unwrap_or(i64::MAX)))
    }

    fn int(&mut self, node: &'a Node, argument: &'a Node) -> Evaluated<'a> {
        const BEYOND: f64 = 9_223_372_036_854_775_808.0;
        let int = match self.value(argument)? {
            Value::Int(int) => int,
            #[expect(
                clippy::cast_possible_truncation,
                reason = "within the range, cut to whole numbers"
            )]
            Value::Double(double) if double > -BEYOND && double < BEYOND => double as i64,
            Value::Double(_) => return Err((node.at, Fault::Overflow)),
            Value::Text(text) => text.parse().map_err(|_| (node.at, no_number(&text)))?,
            Value::Timestamp(at) => at.as_second(),
            other => return wrong(node, "a number", &other),
        };
        Ok(Value::Int(int))
    }

    fn double(&mut self, node: &'a Node, argument: &'a Node) -> Evaluated<'a> {
        let double = match self.value(argument)? {
            Value::Int(int) => as_double(int),
            Value::Double(double) => double,
            Value::Text(text) => text.parse().map_err(|_| (node.at, no_number(&text)))?,
            other => return wrong(node, "a number", &other),
        };
        Ok(Value::Double(double))
    }

    fn string(&mut self, node: &'a Node, argument: &'a Node) -> Evaluated<'a> {
        let text: Cow<'a, str> = match self.value(argument)? {
            Value::Text(text) => text,
            Value::Null => Cow::Borrowed(""),
            Value::Bool(value) => value.to_string().into(),
            Value::Int(value) => value.to_string().into(),
            Value::Double(value) => value.to_string().into(),
            Value::Timestamp(at) => at.to_string().into(),
            Value::Duration(duration) => format!("{}s", duration.as_secs()).into(),
            other => return wrong(node, "a single value", &other),
        };
        Ok(Value::Text(text))
    }

    pub(super) fn clock(
        &mut self,
        node: &'a Node,
        part: Clock,
        time: &'a Node,
        zone: &TimeZone,
    ) -> Evaluated<'a> {
        let at = match self.value(time)? {
            Value::Timestamp(at) => at.to_zoned(zone.clone()),
            other => return wrong(node, "a timestamp", &other),
        };
        Ok(Value::Int(match part {
            Clock::Year => i64::from(at.year()),
            Clock::Month => i64::from(at.month()) - 1,
            Clock::DayOfMonth => i64::from(at.day()) - 1,
            Clock::Date => i64::from(at.day()),
            Clock::DayOfWeek => i64::from(at.weekday().to_sunday_zero_offset()),
            Clock::DayOfYear => i64::from(at.day_of_year()) - 1,
            Clock::Hours => i64::from(at.hour()),
            Clock::Minutes => i64::from(at.minute()),
            Clock::Seconds => i64::from(at.second()),
            Clock::Milliseconds => i64::from(at.millisecond()),
        }))
    }
}

fn no_number(text: &str) -> Fault {
    Fault::NotANumber {
        characters: text.chars().count(),
    }
}

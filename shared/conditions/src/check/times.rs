//! Calendars, and the parts of instants and durations.

use cel::IdedExpr;

use super::{Checked, Checker};
use crate::error::Problem;
use crate::names::Field;
use crate::program::{Clock, Function, Part};
use crate::types::Type;
use crate::words::hint;

impl Checker<'_> {
    pub(super) fn calendar(&mut self, tree: &IdedExpr, argument: &IdedExpr) -> Checked {
        let name = self.written(argument, "the name of a calendar")?;
        if let Some(known) = &self.vocabulary.calendars
            && !known.contains(&name)
        {
            let hint = hint(&name, known.iter().map(String::as_str));
            let message = format!("there is no calendar {name:?}{hint}");
            return Err(self.refusal(argument, Problem::Unknown, message));
        }
        self.reads.insert(format!("calendar({name:?})"));
        self.calendars.insert(name.clone());
        Ok(self.typed(tree, Part::IsOpen(name), Type::Calendar))
    }

    pub(super) fn open(&mut self, tree: &IdedExpr, target: &IdedExpr, arguments: &[IdedExpr]) -> Checked {
        let calendar = self.check(target)?;
        if calendar.ty != Type::Calendar {
            let message = format!("`open` stands behind `calendar(\"…\")`, not {}", calendar.ty);
            return Err(self.refusal(tree, Problem::Type, message));
        }
        let [argument] = self.arguments(tree, "open", arguments)?;
        let at = self.value(argument)?;
        if !matches!(at.node.part, Part::Field(Field::Now)) {
            let message = "`open` can only be asked of `now`".to_owned();
            return Err(self.refusal(argument, Problem::Unsupported, message));
        }
        Ok(self.typed(tree, calendar.node.part, Type::BOOL))
    }

    pub(super) fn clock(
        &mut self,
        tree: &IdedExpr,
        name: &str,
        part: Clock,
        target: &IdedExpr,
        arguments: &[IdedExpr],
    ) -> Checked {
        let time = self.value(target)?;
        let of_duration = match part {
            Clock::Hours => Some(Function::Hours),
            Clock::Minutes => Some(Function::Minutes),
            Clock::Seconds => Some(Function::Seconds),
            _ => None,
        };
        if let (Type::DURATION, Some(function)) = (time.ty, of_duration) {
            let [] = self.arguments(tree, name, arguments)?;
            let program = Part::Function(function, Box::new(time.node));
            return Ok(self.typed(tree, program, Type::INT));
        }
        if time.ty != Type::TIMESTAMP {
            let message = format!("`{name}` is asked of a timestamp, not {}", time.ty);
            return Err(self.refusal(tree, Problem::Type, message));
        }
        let zone = match arguments {
            [] => jiff::tz::TimeZone::UTC,
            _ => {
                let [zone] = self.arguments(tree, name, arguments)?;
                self.time_zone(zone)?
            }
        };
        let program = Part::Clock(part, Box::new(time.node), zone);
        Ok(self.typed(tree, program, Type::INT))
    }
}

/// The part of an instant that a function of this name gives.
pub(super) fn clock(name: &str) -> Option<Clock> {
    Some(match name {
        "getFullYear" => Clock::Year,
        "getMonth" => Clock::Month,
        "getDayOfMonth" => Clock::DayOfMonth,
        "getDate" => Clock::Date,
        "getDayOfWeek" => Clock::DayOfWeek,
        "getDayOfYear" => Clock::DayOfYear,
        "getHours" => Clock::Hours,
        "getMinutes" => Clock::Minutes,
        "getSeconds" => Clock::Seconds,
        "getMilliseconds" => Clock::Milliseconds,
        _ => return None,
    })
}

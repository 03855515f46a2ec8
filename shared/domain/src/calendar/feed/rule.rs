//! A rule by which an event recurs (RFC 5545, section 3.3.10).
//!
//! `ical-rs` follows it: that library counts civil dates, has neither a clock nor zones, and without its features depends
//! on nothing. (`rrule`, and `recurrence` which comes from it, bring `chrono` with a clock and a second database of zones.)
//! It passes over what it does not know, so this is asked for first, and it goes on to the year 9999, so every rule is
//! given an end.

use super::{
    super::MOST_HOLIDAYS,
    too_many,
    years::{Budget, Years},
    zones::Zones,
};
use ical::recur::{IcalRecurDateTime, IcalRecurFreq, IcalRecurRule, expand::IcalRecurExpand};
use jiff::civil::{Date, DateTime};
use std::collections::BTreeSet;

/// Longest rule in bytes: it can name every day of a month, every month and many days of the week. The time that a rule
/// takes grows with its length.
const LONGEST_RULE_BYTES: usize = 500;
/// The parts that are understood.
const PARTS: [&str; 13] = [
    "FREQ",
    "UNTIL",
    "COUNT",
    "INTERVAL",
    "BYMONTH",
    "BYMONTHDAY",
    "BYDAY",
    "BYYEARDAY",
    "BYWEEKNO",
    "BYSETPOS",
    "WKST",
    "RSCALE",
    "SKIP",
];
/// Parts that say nothing of whole days but at midnight.
const PARTS_OF_A_DAY: [&str; 3] = ["BYHOUR", "BYMINUTE", "BYSECOND"];

/// A rule that is understood.
pub(super) struct Rule {
    rule: IcalRecurRule,
}

/// The days of a rule.
pub(super) struct Found {
    /// The days, in order.
    pub(super) days: Vec<Date>,
    /// What is left out, in words.
    pub(super) left_out: Vec<String>,
}

impl Rule {
    /// Reads a rule of an event whose times are told in a zone.
    pub(super) fn read(text: &str, zones: &Zones, zone: Option<&str>) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > LONGEST_RULE_BYTES {
            let length = text.len();
            return Err(format!(
                "its rule has {length} bytes, at most {LONGEST_RULE_BYTES} are read"
            ));
        }
        let mut named = BTreeSet::new();
        let mut until = None;
        for part in text.split(';').filter(|part| !part.trim().is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = name.trim().to_ascii_uppercase();
            if !is_understood(&name, value.trim(), part) || !named.insert(name.clone()) {
                return Err(format!("it recurs by {}, which is not understood", part.trim()));
            }
            if name == "UNTIL" {
                until = Some(value.trim());
            }
        }
        let rule = IcalRecurRule::parse(text).map_err(|_| "it recurs by no frequency".to_owned())?;
        if let Some(problem) = rule.problems().first() {
            return Err(format!("its rule {text:?} is none: {problem}"));
        }
        let mut rule = Self { rule };
        if let Some(until) = until.filter(|until| until.ends_with(['Z', 'z'])) {
            rule.end_by_the_clocks_of(zones, zone, until)?;
        }
        Ok(rule)
    }

    /// Where the start is told in a zone, the end of a rule is told in UTC.
    fn end_by_the_clocks_of(
        &mut self,
        zones: &Zones,
        zone: Option<&str>,
        written: &str,
    ) -> Result<(), String> {
        let (Some(until), Some(_)) = (self.rule.until, zone) else {
            return Ok(());
        };
        let utc = date(until).map(|date| date.at(hms(until.hour), hms(until.minute), hms(until.second), 0));
        let local = utc.map(|utc| zones.locals(zone, utc)).unwrap_or_default();
        let days: BTreeSet<Date> = local.into_iter().map(DateTime::date).collect();
        let mut days = days.into_iter();
        match (days.next(), days.next()) {
            (Some(day), None) => self.rule.until = Some(civil(day)),
            _ => {
                return Err(format!(
                    "it recurs by UNTIL={written}, which is in UTC, and its zone is not known"
                ));
            }
        }
        Ok(())
    }

    /// Whether it says no more than "every year on this date".
    pub(super) fn is_every_year(&self, start: Date) -> bool {
        let IcalRecurDateTime { month, day, .. } = civil(start);
        let month_day = day as i8;
        let rule = &self.rule;
        let names_the_day = match (rule.by_month.as_slice(), rule.by_month_day.as_slice()) {
            ([], []) => true,
            ([only], []) => *only == month,
            ([only], [only_day]) => (*only, *only_day) == (month, month_day),
            _ => false,
        };
        let others_are_empty = rule.by_day.is_empty()
            && rule.by_year_day.is_empty()
            && rule.by_week_no.is_empty()
            && rule.by_set_pos.is_empty();
        let is_plain = rule.freq == IcalRecurFreq::Yearly && rule.interval == 1 && rule.scale.is_none();
        is_plain && self.is_endless() && names_the_day && others_are_empty
    }

    fn is_endless(&self) -> bool {
        self.rule.until.is_none() && self.rule.count.is_none()
    }

    /// The days of an event that starts on a day, in the years for which rules are followed.
    pub(super) fn days(&self, start: Date, years: Years, budget: &mut Budget) -> Result<Found, String> {
        let span = years.of_rule(start);
        budget.spend(span, start)?;
        let last = civil(span.last_day());
        let mut rule = self.rule.clone();
        let ends_later = self.is_endless() || rule.until.is_some_and(|until| until > last);
        rule.until = Some(rule.until.map_or(last, |until| until.min(last)));
        let mut days = Vec::new();
        let (mut count, mut earlier) = (0, 0);
        for day in IcalRecurExpand::new(rule, civil(start)).filter_map(date) {
            count += 1;
            match span.is_before(day) {
                true => earlier += 1,
                false => days.push(day),
            }
            if days.len() > MOST_HOLIDAYS {
                return Err(too_many());
            }
        }
        let is_cut = ends_later || earlier > 0 || self.rule.count.is_some_and(|most| count < most);
        let mut left_out = Vec::new();
        if is_cut {
            left_out.push(format!("its days are taken for the years {span}"));
        }
        if !span.is_before(start) && days.first() != Some(&start) {
            left_out.push(format!("its rule does not name {start}, on which it starts"));
        }
        Ok(Found { days, left_out })
    }
}

fn is_understood(name: &str, value: &str, part: &str) -> bool {
    if PARTS_OF_A_DAY.contains(&name) {
        return value == "0";
    }
    let has_gaps = value.split(',').any(|item| item.trim().is_empty());
    let is_read = match name {
        "FREQ" => IcalRecurRule::parse(part).is_ok_and(|rule| is_of_whole_days(rule.freq)),
        "RSCALE" => value.eq_ignore_ascii_case("GREGORIAN"),
        name => PARTS.contains(&name) && IcalRecurRule::parse(&format!("FREQ=DAILY;{part}")).is_ok(),
    };
    is_read && !has_gaps
}

fn is_of_whole_days(freq: IcalRecurFreq) -> bool {
    use IcalRecurFreq::{Daily, Monthly, Weekly, Yearly};
    matches!(freq, Daily | Weekly | Monthly | Yearly)
}

fn hms(number: u8) -> i8 {
    // A leap second is the end of its minute.
    i8::try_from(number.min(59)).unwrap_or(0)
}

fn civil(date: Date) -> IcalRecurDateTime {
    let number = |number: i8| u8::try_from(number).unwrap_or(1);
    IcalRecurDateTime::date(i32::from(date.year()), number(date.month()), number(date.day()))
}

fn date(civil: IcalRecurDateTime) -> Option<Date> {
    let year = i16::try_from(civil.year).ok()?;
    Date::new(
        year,
        i8::try_from(civil.month).ok()?,
        i8::try_from(civil.day).ok()?,
    )
    .ok()
}

//! Holidays as the shape has them, from a day to a day. A calendar keeps them day by day: what is called the same on days
//! that follow each other is one holiday, known by its first day.

use docket_domain::calendar::{Holiday, HolidayDate};
use jiff::civil::Date;

/// A leap year, in which every day exists that any year has.
const LEAP_YEAR: i16 = 2000;

/// A holiday of one day or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HolidaySpan {
    /// What it is called.
    pub name: String,
    /// Its days, in order; never none.
    pub days: Vec<HolidayDate>,
}

impl HolidaySpan {
    /// Its id: the first day as a number, 20261224, or 1224 where it comes every year.
    pub fn id(&self) -> u64 {
        self.days.first().map_or(0, |day| id(*day))
    }

    /// Whether it comes every year.
    pub fn is_yearly(&self) -> bool {
        matches!(self.days.first(), Some(HolidayDate::Yearly { .. }))
    }

    /// Its first and last day; of one that comes every year those from this year on that exist.
    pub fn bounds(&self, this_year: i16) -> Option<(Date, Date)> {
        let (first, last) = (self.days.first()?, self.days.last()?);
        let in_year = |year: i16| Some((in_year(*first, year)?, in_year(*last, year)?));
        (this_year..).take(9).find_map(in_year)
    }
}

/// The id under which a holiday that begins on this day is known.
fn id(day: HolidayDate) -> u64 {
    let number =
        |year: i16, month: i8, day: i8| i64::from(year) * 10_000 + i64::from(month) * 100 + i64::from(day);
    let number = match day {
        HolidayDate::Once(date) => number(date.year(), date.month(), date.day()),
        HolidayDate::Yearly { month, day } => number(0, month, day),
    };
    u64::try_from(number).unwrap_or(0)
}

fn in_year(day: HolidayDate, year: i16) -> Option<Date> {
    match day {
        HolidayDate::Once(date) => Some(date),
        HolidayDate::Yearly { month, day } => Date::new(year, month, day).ok(),
    }
}

/// The days from one to another, once or every year.
pub(super) fn days(first: Date, last: Date, is_yearly: bool) -> impl Iterator<Item = HolidayDate> {
    let dates = first
        .series(jiff::ToSpan::day(1))
        .take_while(move |date| *date <= last);
    dates.map(move |date| {
        if is_yearly {
            HolidayDate::every_year(date)
        } else {
            HolidayDate::Once(date)
        }
    })
}

/// A calendar's holidays, in order; those of every year last.
pub(crate) fn spans(holidays: &[Holiday]) -> Vec<HolidaySpan> {
    let mut sorted: Vec<&Holiday> = holidays.iter().collect();
    sorted.sort_by_key(|holiday| holiday.date);
    let follows = |before: &&Holiday, after: &&Holiday| {
        before.name == after.name && next(before.date).is_some_and(|next| next == after.date)
    };
    let runs = sorted.chunk_by(follows);
    let span = |run: &[&Holiday]| {
        let name = run.first()?.name.clone();
        let days = run.iter().map(|holiday| holiday.date).collect();
        Some(HolidaySpan { name, days })
    };
    runs.filter_map(span).collect()
}

/// The holiday of an id, or the one of which the id's day is a part.
pub(super) fn find(holidays: &[Holiday], wanted: u64) -> Option<HolidaySpan> {
    let mut spans = spans(holidays).into_iter();
    spans.find(|span| span.days.iter().any(|day| id(*day) == wanted))
}

fn next(day: HolidayDate) -> Option<HolidayDate> {
    match day {
        HolidayDate::Once(date) => date.tomorrow().ok().map(HolidayDate::Once),
        HolidayDate::Yearly { .. } => {
            let next = in_year(day, LEAP_YEAR)?.tomorrow().ok()?;
            (next.year() == LEAP_YEAR).then(|| HolidayDate::every_year(next))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holidays(list: &[(&str, &str)]) -> Vec<Holiday> {
        let holiday = |(date, name): &(&str, &str)| Holiday {
            date: date.parse().unwrap(),
            name: (*name).to_owned(),
        };
        list.iter().map(holiday).collect()
    }

    #[test]
    fn days_of_one_name_that_follow_each_other_are_one_holiday() {
        let list = holidays(&[
            ("12-26", "Christmas"),
            ("2026-05-02", "Bridge"),
            ("2026-12-31", "Closed"),
            ("2027-01-01", "Closed"),
            ("12-25", "Christmas"),
            ("2026-05-01", "May Day"),
            ("12-31", "Eve"),
            ("01-01", "Eve"),
        ]);
        let told: Vec<_> = spans(&list)
            .iter()
            .map(|span| (span.id(), span.days.len()))
            .collect();
        assert_eq!(
            told,
            [
                (20_260_501, 1),
                (20_260_502, 1),
                (20_261_231, 2),
                (101, 1),
                (1225, 2),
                (1231, 1)
            ]
        );
    }

    #[test]
    fn a_holiday_is_found_by_any_of_its_days() {
        let list = holidays(&[("2026-12-31", "Closed"), ("2027-01-01", "Closed")]);
        assert_eq!(find(&list, 20_270_101).map(|span| span.id()), Some(20_261_231));
        assert_eq!(find(&list, 20_270_102), None);
    }

    #[test]
    fn a_day_of_every_year_is_shown_in_one_that_has_it() {
        let span = |date: &str| spans(&holidays(&[(date, "x")])).remove(0);
        let bounds = |date: &str| span(date).bounds(2026).unwrap().0.to_string();
        assert_eq!(bounds("12-25"), "2026-12-25");
        assert_eq!(bounds("02-29"), "2028-02-29");
        assert_eq!(bounds("2024-01-01"), "2024-01-01");
    }

    #[test]
    fn days_are_counted_with_both_ends() {
        let date = |text: &str| text.parse().unwrap();
        let yearly: Vec<_> = days(date("2026-12-25"), date("2026-12-26"), true)
            .map(|day| day.to_string())
            .collect();
        assert_eq!(yearly, ["12-25", "12-26"]);
        assert_eq!(days(date("2026-12-26"), date("2026-12-25"), false).count(), 0);
    }
}

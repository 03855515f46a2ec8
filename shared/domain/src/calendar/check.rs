//! Whether a calendar makes sense.

use super::{BadDayTime, CalendarDraft, Day, DayTime, HolidayDate, Span, WeekSpan};
use jiff::civil::Date;

/// Most opening hours in a week: four a day.
pub const MOST_WEEK_SPANS: usize = 28;
/// Most opening hours of one date.
pub const MOST_DATE_SPANS: usize = 8;
/// Most holidays of a calendar: some forty a year for 25 years. More would make the stored item large.
pub const MOST_HOLIDAYS: usize = 1_000;
/// Most dates with other hours of a calendar.
pub const MOST_DATES: usize = 500;
/// Longest name of a calendar or a holiday in characters.
pub const LONGEST_NAME: usize = 100;

const WEEK_MINUTES: u32 = 7 * 24 * 60;

/// Why a calendar is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A name is empty or too long.
    #[error("the name {0:?} is empty or longer than {LONGEST_NAME} characters")]
    Name(String),
    /// The database has no such zone.
    #[error("{0:?} is no zone of the IANA time zone database, such as Europe/Berlin")]
    UnknownZone(String),
    /// A time of day is none.
    #[error(transparent)]
    Time(#[from] BadDayTime),
    /// The office never opens.
    #[error("the week has no opening hours")]
    EmptyWeek,
    /// Opening hours begin on a later day than the one they stand at.
    #[error("{place}: {start} is not before 24:00; put it on the day on which it begins")]
    StartsOnNextDay {
        /// Which opening hours.
        place: String,
        /// When they begin.
        start: DayTime,
    },
    /// Opening hours end before they begin, or at once.
    #[error("{place}: {end} is not after {start}; write {} for that time on the next day", next_day(*end))]
    EndBeforeStart {
        /// Which opening hours.
        place: String,
        /// When they begin.
        start: DayTime,
        /// When they end.
        end: DayTime,
    },
    /// Two opening hours overlap.
    #[error("{first} overlaps {second}")]
    Overlap {
        /// Those that begin first.
        first: String,
        /// Those that begin before the first are over.
        second: String,
    },
    /// Two entries for one date.
    #[error("{0} stands twice among the {1}")]
    Twice(String, &'static str),
    /// Too many of something.
    #[error("{count} {what}, at most {most} are allowed")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// How many are allowed.
        most: usize,
    },
}

fn next_day(time: DayTime) -> String {
    let minutes = time.minutes() + DayTime::NEXT_MIDNIGHT.minutes();
    DayTime::from_minutes(minutes).map_or_else(|| "24:00".to_owned(), |time| time.to_string())
}

/// Checks everything but the zone.
pub(super) fn check(draft: &CalendarDraft) -> Result<(), CalendarError> {
    check_name(&draft.name)?;
    at_most("opening hours a week", draft.week.len(), MOST_WEEK_SPANS)?;
    at_most("holidays", draft.holidays.len(), MOST_HOLIDAYS)?;
    at_most("dates with other hours", draft.dates.len(), MOST_DATES)?;
    check_week(&draft.week)?;
    for holiday in &draft.holidays {
        check_name(&holiday.name)?;
    }
    let mut holidays: Vec<HolidayDate> = draft.holidays.iter().map(|holiday| holiday.date).collect();
    no_repeats(&mut holidays, "holidays")?;
    for hours in &draft.dates {
        at_most("opening hours of a date", hours.spans.len(), MOST_DATE_SPANS)?;
        check_date(hours.date, &hours.spans)?;
    }
    let mut dates: Vec<Date> = draft.dates.iter().map(|hours| hours.date).collect();
    no_repeats(&mut dates, "dates with other hours")
}

fn check_name(name: &str) -> Result<(), CalendarError> {
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(CalendarError::Name(name.to_owned()));
    }
    Ok(())
}

fn at_most(what: &'static str, count: usize, most: usize) -> Result<(), CalendarError> {
    if count > most {
        return Err(CalendarError::TooMany { what, count, most });
    }
    Ok(())
}

fn no_repeats<T: Ord + ToString>(entries: &mut [T], among: &'static str) -> Result<(), CalendarError> {
    entries.sort();
    match entries.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(CalendarError::Twice(pair[0].to_string(), among)),
        None => Ok(()),
    }
}

fn check_span(place: impl Fn() -> String, span: Span) -> Result<(), CalendarError> {
    let Span { start, end } = span;
    if start >= DayTime::NEXT_MIDNIGHT {
        return Err(CalendarError::StartsOnNextDay {
            place: place(),
            start,
        });
    }
    if end <= start {
        let place = place();
        return Err(CalendarError::EndBeforeStart { place, start, end });
    }
    Ok(())
}

fn check_week(week: &[WeekSpan]) -> Result<(), CalendarError> {
    if week.is_empty() {
        return Err(CalendarError::EmptyWeek);
    }
    for WeekSpan { day, span } in week {
        check_span(|| day_name(*day), *span)?;
    }
    let minute = |day: Day, time: DayTime| day.index() as u32 * 24 * 60 + u32::from(time.minutes());
    let mut spans: Vec<(u32, u32, String)> = week
        .iter()
        .map(|WeekSpan { day, span }| {
            let name = format!("{} {}–{}", day_name(*day), span.start, span.end);
            (minute(*day, span.start), minute(*day, span.end), name)
        })
        .collect();
    spans.sort();
    // The week goes round: its first hours come again after its last.
    let (start, end, name) = spans[0].clone();
    spans.push((start + WEEK_MINUTES, end + WEEK_MINUTES, name));
    no_overlap(&spans)
}

fn check_date(date: Date, spans: &[Span]) -> Result<(), CalendarError> {
    for span in spans {
        check_span(|| date.to_string(), *span)?;
    }
    let mut spans: Vec<(u32, u32, String)> = spans
        .iter()
        .map(|span| {
            let name = format!("{date} {}–{}", span.start, span.end);
            (
                u32::from(span.start.minutes()),
                u32::from(span.end.minutes()),
                name,
            )
        })
        .collect();
    spans.sort();
    no_overlap(&spans)
}

fn no_overlap(sorted: &[(u32, u32, String)]) -> Result<(), CalendarError> {
    match sorted.windows(2).find(|pair| pair[1].0 < pair[0].1) {
        Some(pair) => Err(CalendarError::Overlap {
            first: pair[0].2.clone(),
            second: pair[1].2.clone(),
        }),
        None => Ok(()),
    }
}

fn day_name(day: Day) -> String {
    format!("{day:?}")
}

//! Generated rules in holiday files, against an oracle that looks at every day.

use docket_domain::calendar::{HolidayDate, MOST_HOLIDAYS, read_feed};
use jiff::{
    ToSpan,
    civil::{Date, Weekday, date},
};
use proptest::{collection::vec, option, prelude::*, sample::subsequence, string::string_regex};
use std::collections::{BTreeMap, BTreeSet};

/// The years in which rules of a file of 2026 are followed.
const FIRST_YEAR: i16 = 2024;
const LAST_YEAR: i16 = 2046;
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}
use Frequency::{Daily, Monthly, Weekly, Yearly};

/// A rule as it is generated.
#[derive(Clone, Debug)]
struct Generated {
    start: Date,
    frequency: Frequency,
    interval: i32,
    week_start: Option<usize>,
    months: Vec<i8>,
    month_days: Vec<i8>,
    year_days: Vec<i16>,
    /// Day of the week, and which one of its month or year; 0 is each.
    weekdays: Vec<(usize, i8)>,
    positions: Vec<i16>,
    count: Option<usize>,
    until: Option<Date>,
    days: i32,
    taken_out: Vec<usize>,
}

impl Generated {
    /// Takes away what the frequency forbids (section 3.3.10).
    fn allowed(mut self) -> Self {
        if self.frequency == Weekly {
            self.month_days.clear();
        }
        if self.frequency != Yearly {
            self.year_days.clear();
        }
        if matches!(self.frequency, Daily | Weekly) {
            self.weekdays.iter_mut().for_each(|weekday| weekday.1 = 0);
        }
        let has_parts = !(self.months.is_empty()
            && self.month_days.is_empty()
            && self.year_days.is_empty()
            && self.weekdays.is_empty());
        if !has_parts {
            self.positions.clear();
        }
        if self.count.is_some() {
            self.until = None;
        }
        self
    }

    fn written(&self) -> String {
        let mut rule = format!("FREQ={:?};INTERVAL={}", self.frequency, self.interval).to_uppercase();
        let mut part = |name: &str, values: Vec<String>| {
            if !values.is_empty() {
                rule.push_str(&format!(";{name}={}", values.join(",")));
            }
        };
        part("BYMONTH", texts(&self.months));
        part("BYMONTHDAY", texts(&self.month_days));
        part("BYYEARDAY", texts(&self.year_days));
        part("BYSETPOS", texts(&self.positions));
        let weekday = |(day, which): &(usize, i8)| match which {
            0 => WEEKDAYS[*day].0.to_owned(),
            which => format!("{which}{}", WEEKDAYS[*day].0),
        };
        part("BYDAY", self.weekdays.iter().map(weekday).collect());
        part(
            "WKST",
            self.week_start
                .iter()
                .map(|day| WEEKDAYS[*day].0.to_owned())
                .collect(),
        );
        part("COUNT", texts(self.count.as_slice()));
        part(
            "UNTIL",
            self.until
                .iter()
                .map(|day| day.strftime("%Y%m%d").to_string())
                .collect(),
        );
        rule
    }

    /// The period in which a day is, counted from any fixed one.
    fn period(&self, day: Date) -> i32 {
        let epoch = date(1999, 1, 4); // a Monday
        let days = (day - epoch).get_days();
        match self.frequency {
            Daily => days,
            Weekly => (days - i32::try_from(self.week_start.unwrap_or(0)).unwrap()).div_euclid(7),
            Monthly => i32::from(day.year()) * 12 + i32::from(day.month()),
            Yearly => i32::from(day.year()),
        }
    }

    fn names(&self, day: Date) -> bool {
        let last = day.last_of_month().day();
        let last_of_year = day.days_in_year();
        let or_all = |is_empty: bool, is_named: bool| is_empty || is_named;
        let month_day = |named: &i8| *named == day.day() || last + 1 + named == day.day();
        let year_day =
            |named: &i16| *named == day.day_of_year() || last_of_year + 1 + named == day.day_of_year();
        let has_no_day = self.month_days.is_empty() && self.year_days.is_empty() && self.weekdays.is_empty();
        let as_the_start = match self.frequency {
            Daily => true,
            Weekly => day.weekday() == self.start.weekday(),
            Monthly => day.day() == self.start.day(),
            Yearly if self.months.is_empty() => {
                (day.month(), day.day()) == (self.start.month(), self.start.day())
            }
            Yearly => day.day() == self.start.day(),
        };
        or_all(self.months.is_empty(), self.months.contains(&day.month()))
            && or_all(self.month_days.is_empty(), self.month_days.iter().any(month_day))
            && or_all(self.year_days.is_empty(), self.year_days.iter().any(year_day))
            && or_all(
                self.weekdays.is_empty(),
                self.weekdays.iter().any(|named| self.is_weekday(day, *named)),
            )
            && (!has_no_day || as_the_start)
    }

    fn is_weekday(&self, day: Date, (named, which): (usize, i8)) -> bool {
        let weekday = WEEKDAYS[named].1;
        let of_year = match which {
            1.. => day
                .first_of_year()
                .yesterday()
                .unwrap()
                .nth_weekday(i32::from(which), weekday),
            _ => day
                .last_of_year()
                .tomorrow()
                .unwrap()
                .nth_weekday(i32::from(which), weekday),
        };
        match which {
            0 => day.weekday() == weekday,
            which if self.frequency == Monthly || !self.months.is_empty() => day
                .nth_weekday_of_month(which, weekday)
                .is_ok_and(|found| found == day),
            _ => of_year.is_ok_and(|found| found == day),
        }
    }

    /// Every day that the rule names, from the start to the end of the years.
    fn starts(&self) -> Vec<Date> {
        let first = self.start.first_of_year() - 8.days();
        let mut periods: BTreeMap<i32, Vec<Date>> = BTreeMap::new();
        for day in first
            .series(1.day())
            .take_while(|day| day.year() <= LAST_YEAR + 1)
        {
            let periods_later = self.period(day) - self.period(self.start);
            if periods_later >= 0 && periods_later % self.interval == 0 && self.names(day) {
                periods.entry(periods_later).or_default().push(day);
            }
        }
        let is_picked = |index: usize, length: usize| {
            let (index, length) = (i16::try_from(index).unwrap(), i16::try_from(length).unwrap());
            let is_at = |position: &i16| *position == index + 1 || *position == index - length;
            self.positions.is_empty() || self.positions.iter().any(is_at)
        };
        let picked = periods.values().flat_map(|days| {
            let days = days.iter().enumerate();
            days.clone()
                .filter(move |(index, _)| is_picked(*index, days.len()))
                .map(|(_, day)| *day)
        });
        picked
            .filter(|day| *day >= self.start)
            .take(self.count.unwrap_or(usize::MAX))
            .filter(|day| self.until.is_none_or(|until| *day <= until))
            .filter(|day| (FIRST_YEAR..=LAST_YEAR).contains(&day.year()))
            .collect()
    }
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn either_way(most: i16) -> impl Strategy<Value = i16> {
    (1..=most, any::<bool>())
        .prop_map(|(number, is_from_the_end)| if is_from_the_end { -number } else { number })
}

fn few<T: Clone + std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    prop_oneof![2 => Just(Vec::new()), 1 => vec(value, 1..4)]
}

prop_compose! {
    fn rules()(
        year in 2016_i16..=2026, day_of_year in 1_i16..=365,
        frequency in prop_oneof![Just(Daily), Just(Weekly), Just(Monthly), Just(Yearly)],
        interval in 1..4_i32,
        week_start in option::of(0..7_usize),
        months in prop_oneof![Just(Vec::new()), subsequence((1..=12).collect::<Vec<i8>>(), 1..4)],
        month_days in few(either_way(31)), year_days in few(either_way(366)),
        weekdays in few((0..7_usize, -5..=5_i8)),
        positions in few(either_way(8)),
        count in option::of(0..40_usize),
        until in option::weighted(0.7, 0..4000_i32),
        days in 1..4_i32, taken_out in vec(0..20_usize, 0..3),
    ) -> Generated {
        let start = Date::new(year, 1, 1).unwrap() + i64::from(day_of_year - 1).days();
        Generated {
            start, frequency, interval, week_start, months,
            month_days: month_days.into_iter().map(|day| i8::try_from(day).unwrap()).collect(),
            year_days, weekdays, positions, count,
            until: until.map(|days| start + i64::from(days).days()),
            days, taken_out,
        }.allowed()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rule_names_the_days_that_an_oracle_finds_one_by_one(rule in rules()) {
        let mut starts = rule.starts();
        let named = starts.len();
        let taken_out: Vec<Date> = rule.taken_out.iter().filter_map(|index| starts.get(*index).copied()).collect();
        starts.retain(|day| !taken_out.contains(day));
        let lasts = |day: &Date| day.series(1.day()).take(usize::try_from(rule.days).unwrap());
        let expected: BTreeSet<Date> = starts.iter().flat_map(lasts).collect();

        let dashless = |day: &Date| day.strftime("%Y%m%d").to_string();
        let mut event = format!("DTSTART:{}\nDURATION:P{}D\nRRULE:{}", dashless(&rule.start), rule.days, rule.written());
        for day in &taken_out {
            event.push_str(&format!("\nEXDATE:{}", dashless(day)));
        }
        let file = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTAMP:20260101T000000Z\n{event}\nEND:VEVENT\n");
        let feed = read_feed(&file).unwrap();
        if expected.is_empty() || expected.len() > MOST_HOLIDAYS || named > MOST_HOLIDAYS {
            prop_assert!(feed.holidays.is_empty(), "{event}");
            prop_assert_eq!(feed.skipped.len(), 1, "{}", event);
            return Ok(());
        }
        prop_assert!(feed.skipped.is_empty(), "{event}: {:?}", feed.skipped);
        let found: BTreeSet<Date> = feed.holidays.iter().flat_map(|holiday| match holiday.date {
            HolidayDate::Once(day) => vec![day],
            HolidayDate::Yearly { month, day } => {
                let years = rule.start.year().max(FIRST_YEAR)..=LAST_YEAR;
                years.filter_map(|year| Date::new(year, month, day).ok()).filter(|day| *day >= rule.start).collect()
            }
        }).collect();
        prop_assert_eq!(found, expected, "{}", event);
    }

    #[test]
    fn whatever_an_event_says_is_read_or_told(lines in vec(properties(), 0..8)) {
        let event = format!("BEGIN:VEVENT\n{}\nEND:VEVENT\n", lines.join("\n"));
        let feed = read_feed(&format!("BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Berlin\n{event}")).unwrap();
        prop_assert!(feed.holidays.is_empty() != feed.skipped.is_empty(), "{event}");
        prop_assert!(feed.holidays.len() <= MOST_HOLIDAYS);
    }
}

/// A property of an event, often a sensible one.
fn properties() -> impl Strategy<Value = String> {
    let name =
        "(DTSTART|DTSTART;TZID=(Asia/Kolkata|X)|DTEND|RDATE|EXDATE|RECURRENCE-ID|DTSTAMP|UID)(;VALUE=DATE)?";
    let time = "(0001|2024|2026|9999|[0-9]{4})[01][0-9][0-3][0-9](T(000000|235959|223000)Z?)?(,20260501)?";
    let part = "(INTERVAL=[0-9]{1,10}|COUNT=[0-9]{1,10}|UNTIL=(2030|0000|9999)0101(T000000Z)?|BYMONTH=1?[0-9]|BYDAY=-?5?MO\
        |BYMONTHDAY=-?3[0-2]|BYYEARDAY=-?36[0-7]|BYWEEKNO=-?5[0-4]|BYSETPOS=-?[0-9]|WKST=SU|RSCALE=GREGORIAN|SKIP=FORWARD)";
    let rule = format!("RRULE:FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY)(;{part}){{0,4}}");
    prop_oneof![
        4 => (name, time).prop_map(|(name, time)| format!("{name}:{time}")),
        2 => string_regex(&rule).unwrap(),
        1 => "DURATION:-?P?[0-9]{1,20}[DWTHS]",
    ]
}

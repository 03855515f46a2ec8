//! Opening hours: `09:00-17:00`, `22:00-06:00`.

use super::text_value;
use docket_domain::calendar::{DayTime, Span};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{SeqAccess, Visitor},
};
use std::{borrow::Cow, fmt, str::FromStr};

/// Opening hours in one piece: `09:00-17:00`. What ends before it begins ends on the next day: `22:00-06:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Opening(pub Span);

text_value!(
    Opening,
    "Opening",
    "^[0-9]{2}:[0-9]{2} ?- ?[0-9]{2}:[0-9]{2}$",
    "From when to when; what ends before it begins ends on the next day.",
    ["09:00-17:00", "22:00-06:00", "00:00-24:00"]
);

impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span { start, end } = self.0;
        let shown = earlier_by_a_day(end).filter(|end| *end < start && *end > DayTime::MIDNIGHT);
        write!(f, "{start}-{}", shown.unwrap_or(end))
    }
}

fn earlier_by_a_day(time: DayTime) -> Option<DayTime> {
    let minutes = time.minutes().checked_sub(DayTime::NEXT_MIDNIGHT.minutes())?;
    DayTime::from_minutes(minutes)
}

impl FromStr for Opening {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} are no opening hours; write them as 09:00-17:00");
        let (start, end) = text.split_once('-').ok_or_else(wrong)?;
        let time = |text: &str| text.trim().parse::<DayTime>().map_err(|error| error.to_string());
        let (start, end) = (time(start)?, time(end)?);
        if start >= DayTime::NEXT_MIDNIGHT {
            return Err(format!(
                "{start} is not before 24:00; write it at the day on which it begins"
            ));
        }
        if start == end {
            return Err(format!(
                "{text:?} begins when it ends; a whole day is 00:00-24:00"
            ));
        }
        let end = if end < start {
            let minutes = end.minutes() + DayTime::NEXT_MIDNIGHT.minutes();
            DayTime::from_minutes(minutes).ok_or_else(wrong)?
        } else {
            end
        };
        Ok(Self(Span { start, end }))
    }
}

/// The opening hours of a day: one text, a list of them, or `closed`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours(pub Vec<Opening>);

/// What stands for no opening hours.
const CLOSED: &str = "closed";

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0[..] {
            [] => serializer.serialize_str(CLOSED),
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads;

        impl<'de> Visitor<'de> for Reads {
            type Value = Hours;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("opening hours such as 09:00-17:00, a list of them, or closed")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Hours, E> {
                if text == CLOSED {
                    return Ok(Hours::default());
                }
                text.parse().map(|one| Hours(vec![one])).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Hours, A::Error> {
                let mut hours = Vec::new();
                while let Some(one) = list.next_element()? {
                    hours.push(one);
                }
                Ok(Hours(hours))
            }
        }

        deserializer.deserialize_any(Reads)
    }
}

impl JsonSchema for Hours {
    fn schema_name() -> Cow<'static, str> {
        "Hours".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<Opening>();
        json_schema!({
            "description": "Opening hours of a day: one piece, a list of them, or `closed`.",
            "anyOf": [one, { "type": "array", "items": one }, { "const": CLOSED }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> (String, String) {
        let Opening(span) = text.parse().unwrap();
        (span.start.to_string(), span.end.to_string())
    }

    #[test]
    fn hours_that_end_before_they_begin_end_on_the_next_day() {
        assert_eq!(span("09:00-17:00"), ("09:00".to_owned(), "17:00".to_owned()));
        assert_eq!(span("22:00 - 06:00"), ("22:00".to_owned(), "30:00".to_owned()));
        assert_eq!(span("22:00-00:00"), ("22:00".to_owned(), "24:00".to_owned()));
    }

    #[test]
    fn hours_read_back_as_they_were_written() {
        for text in [
            "09:00-17:00",
            "22:00-06:00",
            "00:00-24:00",
            "22:00-24:00",
            "08:00-32:30",
        ] {
            assert_eq!(text.parse::<Opening>().unwrap().to_string(), text);
        }
        assert_eq!(
            "22:00-30:00".parse::<Opening>().unwrap().to_string(),
            "22:00-06:00"
        );
    }

    #[test]
    fn hours_that_are_none_are_named() {
        for (wrong, says) in [
            ("9-17", "\"9\" is not a time"),
            ("09:00", "are no opening hours"),
            ("09:00-09:00", "a whole day is 00:00-24:00"),
            ("25:00-26:00", "25:00 is not before 24:00"),
        ] {
            let error = wrong.parse::<Opening>().unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }
}

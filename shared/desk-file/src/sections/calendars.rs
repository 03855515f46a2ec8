//! Section `calendars`.

use crate::values::{Days, Hours, text_value};
use docket_domain::calendar::{HolidayDate, MOST_HOLIDAYS};
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor, value::MapAccessDeserializer},
    ser::SerializeMap,
};
use std::{borrow::Cow, collections::BTreeMap, fmt, str::FromStr};

/// When an office is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarEntry {
    /// Its zone in the IANA time zone database, such as `Europe/Berlin`.
    pub zone: String,
    /// Opening hours by days of the week; on a day that is not named it is closed. Each day is named once.
    #[schemars(schema_with = "hours_schema")]
    pub hours: BTreeMap<Days, Hours>,
    /// Days on which it stays closed. At most 1,000.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = MOST_HOLIDAYS))]
    pub holidays: Vec<HolidayEntry>,
    /// Dates with other hours; they hold even where the date is a holiday. At most 500.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "other_hours_schema")]
    pub other_hours: BTreeMap<DateKey, Hours>,
}

fn hours_schema(generator: &mut SchemaGenerator) -> Schema {
    let (days, hours) = (
        generator.subschema_for::<Days>(),
        generator.subschema_for::<Hours>(),
    );
    json_schema!({
        "type": "object", "propertyNames": days, "additionalProperties": hours, "minProperties": 1,
    })
}

fn other_hours_schema(generator: &mut SchemaGenerator) -> Schema {
    let (date, hours) = (
        generator.subschema_for::<DateKey>(),
        generator.subschema_for::<Hours>(),
    );
    json_schema!({ "type": "object", "propertyNames": date, "additionalProperties": hours })
}

/// A date: `2026-12-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DateKey(pub Date);

text_value!(
    DateKey,
    "Date",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "A date.",
    ["2026-12-31"]
);

impl fmt::Display for DateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for DateKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<HolidayDate>() {
            Ok(HolidayDate::Once(date)) => Ok(Self(date)),
            _ => Err(format!("{text:?} is no date; write it as 2026-12-31")),
        }
    }
}

/// What a holiday is called that is written as a date alone.
pub(crate) const UNNAMED: &str = "Holiday";

/// A holiday, or a file of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolidayEntry {
    /// A date: `2026-12-24`, or `12-25` for every year; with a name, if it has one.
    Date {
        /// When.
        date: HolidayDate,
        /// What it is called.
        name: Option<String>,
    },
    /// The holidays of an iCalendar file, named by its path from where the desk's file is.
    Import(String),
}

impl Serialize for HolidayEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Date { date, name: None } => date.serialize(serializer),
            Self::Date {
                date,
                name: Some(name),
            } => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("date", date)?;
                map.serialize_entry("name", name)?;
                map.end()
            }
            Self::Import(file) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("import", file)?;
                map.end()
            }
        }
    }
}

/// The forms of a holiday that are maps.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayKeys {
    date: Option<HolidayDate>,
    name: Option<String>,
    import: Option<String>,
}

impl<'de> Deserialize<'de> for HolidayEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads;

        impl<'de> Visitor<'de> for Reads {
            type Value = HolidayEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a date such as 2026-12-24 or 12-25, {date: …, name: …}, or {import: holidays.ics}",
                )
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<HolidayEntry, E> {
                let date = text.parse().map_err(E::custom)?;
                Ok(HolidayEntry::Date { date, name: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<HolidayEntry, A::Error> {
                match HolidayKeys::deserialize(MapAccessDeserializer::new(map))? {
                    HolidayKeys {
                        date: Some(date),
                        name,
                        import: None,
                    } => Ok(HolidayEntry::Date { date, name }),
                    HolidayKeys {
                        date: None,
                        name: None,
                        import: Some(file),
                    } => Ok(HolidayEntry::Import(file)),
                    _ => Err(A::Error::custom(
                        "a holiday has a date and may have a name, or it is an import alone",
                    )),
                }
            }
        }

        deserializer.deserialize_any(Reads)
    }
}

impl JsonSchema for HolidayEntry {
    fn schema_name() -> Cow<'static, str> {
        "Holiday".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let date = serde_json::json!({
            "type": "string",
            "pattern": "^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$",
            "description": "A date, or a day of every year.",
            "examples": ["2026-12-24", "12-25"],
        });
        json_schema!({
            "description": "A date, a date with a name, or an iCalendar file (RFC 5545) beside this one.",
            "anyOf": [
                date,
                {
                    "type": "object",
                    "properties": {
                        "date": date,
                        "name": { "type": "string", "description": "What it is called.", "maxLength": 100 },
                    },
                    "required": ["date"],
                    "additionalProperties": false,
                },
                {
                    "type": "object",
                    "properties": {
                        "import": {
                            "type": "string",
                            "description": "An iCalendar file, by its path from where this file is.",
                            "examples": ["holidays.ics"],
                        },
                    },
                    "required": ["import"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}

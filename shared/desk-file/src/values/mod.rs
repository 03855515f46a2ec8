//! Single values as they are written: durations, hours, days, dates, warnings.

mod days;
mod duration;
mod hours;
mod share;

pub use days::Days;
pub(crate) use days::day_name;
pub use duration::{Duration, Wait};
pub use hours::{Hours, Opening};
pub use share::WarnAt;

/// A value that is written as one text: its serde forms, and its schema from a pattern, a description and examples.
macro_rules! text_value {
    ($name:ident, $title:literal, $pattern:literal, $description:literal, [$($example:literal),+]) => {
        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $title.into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": $pattern,
                    "description": $description,
                    "examples": [$($example),+],
                })
            }
        }
    };
}
pub(crate) use text_value;

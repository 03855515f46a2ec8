//! When a clock warns: `80%`, or `30m` before it is due.

use super::{Duration, text_value};
use docket_domain::sla::Warning;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// When a clock warns: after a share of its target (`80%`), or so long before it is due (`30m`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WarnAt(pub Warning);

text_value!(
    WarnAt,
    "WarnAt",
    r"^([0-9]{1,2}%|([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?)$",
    "A share of the target, or how long before the clock is due.",
    ["80%", "30m"]
);

impl fmt::Display for WarnAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Warning::Percent(percent) => write!(f, "{percent}%"),
            Warning::SecondsBefore(seconds) => Duration { seconds }.fmt(f),
        }
    }
}

impl FromStr for WarnAt {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(number) = text.strip_suffix('%') {
            let percent = number.parse().ok().filter(|percent| (1..=99).contains(percent));
            return percent
                .map(|percent| Self(Warning::Percent(percent)))
                .ok_or_else(|| format!("{text:?} is no share from 1% to 99%"));
        }
        text.parse::<Duration>()
            .map(|before| Self(Warning::SecondsBefore(before.seconds)))
            .map_err(|_| format!("{text:?} is neither a share such as 80% nor a duration such as 30m"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_a_share_or_a_time_before() {
        assert_eq!("80%".parse(), Ok(WarnAt(Warning::Percent(80))));
        assert_eq!("30m".parse(), Ok(WarnAt(Warning::SecondsBefore(1800))));
        for text in ["1%", "99%", "1h30m"] {
            assert_eq!(text.parse::<WarnAt>().unwrap().to_string(), text);
        }
        for wrong in ["0%", "100%", "80", "8o%", "%", ""] {
            assert!(wrong.parse::<WarnAt>().is_err(), "{wrong}");
        }
    }
}

//! A call that an agent logs, as it is typed.

use docket_domain::{
    PersonId, Timestamp,
    contact::tells::{Call, CallDirection, CallOutcome},
};
use jiff::SignedDuration;
use serde::Deserialize;

/// Longest ago that a call can have been: what is older is no news.
const OLDEST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The units in which it is said how long ago it was, with their seconds.
pub const UNITS: [(&str, i64); 3] = [("minutes", 60), ("hours", 3600), ("days", 24 * 3600)];
/// Who phoned, as it is offered.
pub const DIRECTIONS: [CallDirection; 2] = [CallDirection::Inbound, CallDirection::Outbound];
/// What came of it, likewise.
pub const OUTCOMES: [CallOutcome; 3] = [
    CallOutcome::Answered,
    CallOutcome::AnswerDue,
    CallOutcome::NotReached,
];

/// What is typed of a call, beside what was said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct TypedCall {
    /// `inbound` or `outbound`.
    pub direction: String,
    /// What came of it: `answered`, `answer_due` or `not_reached`.
    pub outcome: String,
    /// The id of whom the agent spoke with; nothing for somebody else.
    pub spoke_with: String,
    /// How long ago it began, in figures.
    pub ago: String,
    /// In which unit: `minutes`, `hours` or `days`.
    pub ago_unit: String,
    /// How many minutes it took.
    pub minutes: String,
    /// Set where the customer may read what is written of it.
    pub call_public: String,
}

impl TypedCall {
    /// Whether the customer may read what is written of it.
    pub fn is_public(&self) -> bool {
        self.call_public == "1"
    }

    /// The call. `people`: with whom it can have been.
    ///
    /// # Errors
    /// In words for the person, what is wrong with it.
    pub fn read(&self, people: &[PersonId], now: Timestamp) -> Result<Call, String> {
        let direction = DIRECTIONS
            .into_iter()
            .find(|direction| direction.as_str() == self.direction);
        let direction = direction.ok_or_else(|| t!("Say who phoned whom."))?;
        let outcome = OUTCOMES
            .into_iter()
            .find(|outcome| outcome.as_str() == self.outcome);
        let outcome = outcome.ok_or_else(|| t!("Say what came of the call."))?;
        if (direction, outcome) == (CallDirection::Inbound, CallOutcome::NotReached) {
            return Err(t!("Whoever phoned was reached: say whether it is answered.").to_owned());
        }
        let with = match self.spoke_with.as_str() {
            "" => None,
            id => {
                let id = id.parse::<PersonId>().ok().filter(|id| people.contains(id));
                Some(id.ok_or_else(|| t!("Choose with whom the call was."))?)
            }
        };
        let minutes = number(&self.minutes);
        let length = minutes.ok_or_else(|| t!("Say in figures how many minutes the call took."))? * 60;
        if length > i64::from(Call::LONGEST_SECONDS) {
            return Err(t!("A call takes at most a day.").to_owned());
        }
        let unit = UNITS
            .iter()
            .find(|(name, _)| *name == self.ago_unit || self.ago_unit.is_empty());
        let (_, unit) = unit.ok_or_else(|| t!("Say how long ago the call began."))?;
        let ago = number(&self.ago);
        let ago = ago.ok_or_else(|| t!("Say in figures how long ago the call began."))? * unit;
        // What took longer than that began earlier.
        let ago = SignedDuration::from_secs(ago.max(length));
        if ago > OLDEST {
            return Err(t!("A call of more than 30 days ago can't be logged.").to_owned());
        }
        Ok(Call {
            direction,
            began_at: now.checked_sub(ago).unwrap_or(Timestamp::MIN),
            length_seconds: u32::try_from(length).unwrap_or(Call::LONGEST_SECONDS),
            with,
            outcome,
        })
    }
}

/// A number of at most four figures; nothing is none.
fn number(text: &str) -> Option<i64> {
    match text.trim() {
        "" => Some(0),
        text if text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: PersonId = PersonId(5);

    fn typed() -> TypedCall {
        TypedCall {
            direction: "inbound".into(),
            outcome: "answered".into(),
            spoke_with: ANN.to_string(),
            ago: "2".into(),
            ago_unit: "hours".into(),
            minutes: "4".into(),
            call_public: String::new(),
        }
    }

    fn now() -> Timestamp {
        "2026-03-02T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_call_is_read_as_it_is_typed() {
        let call = typed().read(&[ANN], now()).unwrap();
        assert_eq!(call.began_at, "2026-03-02T10:00:00Z".parse().unwrap());
        assert_eq!((call.length_seconds, call.with), (240, Some(ANN)));
    }

    #[test]
    fn a_call_that_is_over_began_before_it_took_so_long() {
        let over = TypedCall {
            ago: String::new(),
            ago_unit: String::new(),
            ..typed()
        };
        let call = over.read(&[ANN], now()).unwrap();
        assert_eq!(call.began_at, "2026-03-02T11:56:00Z".parse().unwrap());
    }

    #[test]
    fn what_can_t_be_is_said() {
        let refused = |change: fn(&mut TypedCall)| {
            let mut typed = typed();
            change(&mut typed);
            typed.read(&[ANN], now()).unwrap_err()
        };
        for (words, problem) in [
            (
                "Say who phoned whom.",
                refused(|call| call.direction = "sideways".into()),
            ),
            (
                "Say what came of the call.",
                refused(|call| call.outcome = String::new()),
            ),
            (
                "Whoever phoned was reached",
                refused(|call| call.outcome = "not_reached".into()),
            ),
            (
                "Choose with whom the call was.",
                refused(|call| call.spoke_with = "9".into()),
            ),
            (
                "Say in figures how many minutes",
                refused(|call| call.minutes = "-1".into()),
            ),
            (
                "A call takes at most a day.",
                refused(|call| call.minutes = "1441".into()),
            ),
            (
                "Say in figures how long ago",
                refused(|call| call.ago = "soon".into()),
            ),
            ("Say how long ago", refused(|call| call.ago_unit = "years".into())),
            (
                "A call of more than 30 days ago",
                refused(|call| {
                    call.ago = "31".into();
                    call.ago_unit = "days".into();
                }),
            ),
        ] {
            assert!(problem.starts_with(words), "{problem}");
        }
        let thirty_days = TypedCall {
            ago: "30".into(),
            ago_unit: "days".into(),
            ..typed()
        };
        assert!(thirty_days.read(&[ANN], now()).is_ok());
    }
}

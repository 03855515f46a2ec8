//! Why nobody gets a ticket, and when to look again.

use super::{AgentLoad, RequiredSkill, SkillNames, skills::words};
use crate::Timestamp;

/// Why an agent can't have a ticket now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// Without these skills.
    Lacks(Vec<RequiredSkill>),
    /// Takes no new tickets.
    Away,
    /// Not at work, until then if that is known.
    OutsideHours(Option<Timestamp>),
    /// Without room.
    Full,
}

impl Obstacle {
    /// In words, as they stand beside the agent.
    pub(super) fn words(&self, load: &AgentLoad, weight: u32, names: &SkillNames) -> String {
        match self {
            Self::Lacks(skills) => format!("lacks {}", words(skills, names)),
            Self::Away => "away".to_owned(),
            Self::OutsideHours(Some(opens_at)) => format!("outside working hours until {opens_at}"),
            Self::OutsideHours(None) => "outside working hours".to_owned(),
            Self::Full if weight > 1 => {
                format!(
                    "full: {} of {}, and it weighs {weight}",
                    load.load_units, load.capacity
                )
            }
            Self::Full => format!("full: {} of {}", load.load_units, load.capacity),
        }
    }
}

/// Why nobody was found, without numbers that change from minute to minute, and when time alone changes that.
pub(super) fn why_nobody(
    obstacles: &[Obstacle],
    required: Option<&str>,
    relaxes_at: Option<Timestamp>,
) -> (String, Option<Timestamp>) {
    let count = |is: fn(&Obstacle) -> bool| obstacles.iter().filter(|obstacle| is(obstacle)).count();
    let skilled = count(|obstacle| !matches!(obstacle, Obstacle::Lacks(_)));
    let away = count(|obstacle| *obstacle == Obstacle::Away);
    let outside = count(|obstacle| matches!(obstacle, Obstacle::OutsideHours(_)));
    let opens_at = obstacles.iter().filter_map(|obstacle| match obstacle {
        Obstacle::OutsideHours(opens_at) => *opens_at,
        _ => None,
    });
    let opens_at = opens_at.min();
    let with = required.map_or_else(String::new, |required| format!(" with {required}"));
    let mut reason = if obstacles.is_empty() {
        "its group has no agents".to_owned()
    } else if skilled == 0 {
        format!("no agent of its group has {}", required.unwrap_or("its skills"))
    } else if away == skilled {
        format!("every agent of its group{with} is away")
    } else if away + outside == skilled {
        let back = opens_at.map_or_else(String::new, |at| format!(" until {at}"));
        format!("every agent of its group{with} is away or outside working hours{back}")
    } else {
        format!("every available agent of its group{with} is at capacity")
    };
    if let Some(at) = relaxes_at.filter(|_| !obstacles.is_empty()) {
        reason = format!("{reason}; required skills are waived from {at} on");
    }
    (reason, opens_at.into_iter().chain(relaxes_at).min())
}

//! The ten minutes of a `ClientRequestToken`, by our clock.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

/// DynamoDB's window for a repeated transaction.
const WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// Past this many tokens the outdated ones are forgotten.
const TIDY_AT: usize = 100_000;

/// The database keeps its window by the machine's time. A token that comes again after ten minutes of ours
/// is handed to it under another name, so it counts as new.
#[derive(Default)]
pub(super) struct Tokens {
    seen: BTreeMap<String, (Timestamp, u32)>,
}

impl Tokens {
    pub(super) fn of_this_window(&mut self, token: &str, now: Timestamp) -> String {
        if self.seen.len() >= TIDY_AT {
            self.seen
                .retain(|_, (since, _)| now.duration_since(*since) <= WINDOW);
        }
        let (since, turn) = self.seen.entry(token.to_owned()).or_insert((now, 0));
        if now.duration_since(*since) > WINDOW {
            (*since, *turn) = (now, *turn + 1);
        }
        if *turn == 0 {
            token.to_owned()
        } else {
            format!("{:x}", md5::compute(format!("{turn} {token}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_itself_for_ten_minutes_and_another_after() {
        let mut tokens = Tokens::default();
        let noon: Timestamp = "2026-03-02T12:00:00Z".parse().expect("a literal");
        assert_eq!(tokens.of_this_window("t", noon), "t");
        assert_eq!(
            tokens.of_this_window("t", noon + SignedDuration::from_secs(600)),
            "t"
        );
        assert_ne!(
            tokens.of_this_window("t", noon + SignedDuration::from_secs(601)),
            "t"
        );
    }
}

//! What a bot handed over with a contact, as its comment shows it.

use crate::language::{clock, zoned};
use docket_domain::{Timestamp, contact::comment::HandOff};

/// Longest transcript that is shown unfolded, in lines.
const UNFOLDED_LINES: usize = 6;

/// What a bot handed over.
pub struct HandOffView {
    pub facts: Vec<(&'static str, String)>,
    pub summary: Option<String>,
    pub collected: Vec<(String, String)>,
    pub lines: Vec<LineView>,
    pub is_folded: bool,
}

/// One utterance of a transcript.
pub struct LineView {
    pub class: &'static str,
    pub who: String,
    pub text: String,
    pub at: String,
}

impl HandOffView {
    /// What was handed over.
    pub fn of(hand_off: HandOff) -> Self {
        let confidence = hand_off
            .confidence
            .map(|share| format!("{:.0} %", share.clamp(0.0, 1.0) * 100.0));
        let facts = [
            (t!("Reason"), hand_off.reason),
            (t!("Wants"), hand_off.intent),
            (t!("Sure"), confidence),
            (t!("Mood"), hand_off.sentiment),
            (t!("Bot"), hand_off.bot),
        ];
        let lines: Vec<LineView> = hand_off
            .transcript
            .into_iter()
            .map(|line| LineView {
                class: match line.who.as_str() {
                    "user" => "user",
                    "human" => "human",
                    _ => "bot",
                },
                who: match line.who.as_str() {
                    "user" => t!("Customer").to_owned(),
                    "human" => t!("Agent").to_owned(),
                    "bot" => t!("Bot").to_owned(),
                    other => other.to_owned(),
                },
                text: line.text,
                at: line.at.map_or_else(String::new, |at| clock_time(&at)),
            })
            .collect();
        Self {
            facts: facts
                .into_iter()
                .filter_map(|(name, value)| value.map(|value| (name, value)))
                .collect(),
            summary: hand_off.summary,
            collected: hand_off
                .collected
                .into_iter()
                .map(|(name, value)| (name, plain(&value)))
                .collect(),
            is_folded: lines.len() > UNFOLDED_LINES,
            lines,
        }
    }
}

/// The time of day of an instant as the bot wrote it, or its own words.
fn clock_time(at: &str) -> String {
    match at.parse::<Timestamp>() {
        Ok(at) => clock(&zoned(at)),
        Err(_) => at.to_owned(),
    }
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_bot_collected_is_shown_as_plain_words() {
        let hand_off: HandOff = serde_json::from_value(serde_json::json!({
            "confidence": 0.314,
            "collected": {"order": "A-1", "items": 2},
            "transcript": [{"at": "2026-03-02T08:00:00Z", "who": "user", "text": "hi"}],
        }))
        .unwrap();
        let view = HandOffView::of(hand_off);
        assert_eq!(view.facts, [("Sure", "31 %".to_owned())]);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(view.collected, [pair("items", "2"), pair("order", "A-1")]);
        assert_eq!(
            (view.lines[0].who.as_str(), view.lines[0].at.as_str()),
            ("Customer", "08:00")
        );
    }
}

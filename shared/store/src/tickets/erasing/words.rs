//! Which words of a history repeat what a redacted comment said.

use super::ErasureOrder;
use crate::{Never, StoreError, table::item::Item, tickets::saved::record_in};
use docket_domain::{
    Digest,
    contact::redaction::{redact_json, redacted_text, says},
    record::Words,
    ticket::{ReplyVia, Ticket, stands_on_head},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What stands in place of a value that a condition read from a comment.
const REDACTED: &str = "▇";
/// Names by which conditions read what comments say.
const OF_COMMENTS: [&str; 2] = ["comment_text", "ticket.text"];
/// The event whose body is a mail to agents.
const NOTICE: &str = "AgentsNotified";

/// The kinds of a ticket's events, by version.
pub(super) type KindOf = BTreeMap<u64, String>;

/// The kinds of these saves' events.
pub(super) fn kinds_of(saves: &[Item]) -> Result<KindOf, StoreError> {
    let mut kinds = KindOf::new();
    for item in saves {
        let record = record_in(item)?;
        for (v, bytes) in (record.first_v..).zip(&record.events) {
            let event: Value = serde_json::from_str(bytes)
                .map_err(|error| Never::unreadable("events", error.to_string()))?;
            kinds.insert(v, event["type"].as_str().unwrap_or_default().to_owned());
        }
    }
    Ok(kinds)
}

/// What is wanted of the words of a ticket, and what they name that lies by itself.
pub(super) struct Wanted<'a> {
    pub ticket: &'a Ticket,
    pub order: &'a ErasureOrder,
    pub kinds: &'a KindOf,
    /// Decisions that they name.
    pub decisions: BTreeSet<Digest>,
    /// Mails to agents that they name.
    pub notices: BTreeSet<Digest>,
}

impl Wanted<'_> {
    /// Takes away what has to go; of how many words.
    pub fn redact(&mut self, words: &mut Words) -> u64 {
        let mut changes = words.erase(self.order.comment);
        for (v, said) in &mut words.said {
            for (place, word) in said {
                changes += self.redact_word(*v, place, word);
            }
        }
        changes
    }

    fn redact_word(&mut self, v: u64, place: &str, word: &mut Value) -> u64 {
        let passages = &self.order.passages;
        match (place, word.as_str()) {
            ("decision", Some(digest)) => {
                self.decisions.insert(Digest::from_key(digest));
                0
            }
            // Another comment's own body is its own.
            ("body/digest", Some(digest)) => {
                if self.kinds.get(&v).is_some_and(|kind| kind == NOTICE) {
                    self.notices.insert(Digest::from_key(digest));
                }
                0
            }
            ("read", _) => redact_read(word, passages),
            (place, Some(text)) if stands_on_head(place) && self.is_on_head(text) => 0,
            _ => redact_json(word, passages),
        }
    }

    /// The head is what events add up to: what it says stays until it says something else.
    fn is_on_head(&self, text: &str) -> bool {
        let ticket = self.ticket;
        let url = match &ticket.reply_via {
            ReplyVia::Callback { url, .. } => Some(url.as_str()),
            ReplyVia::Mail { .. } | ReplyVia::Nowhere => None,
        };
        ticket.subject == text
            || ticket.external_id.as_deref() == Some(text)
            || url == Some(text)
            || ticket.fields.values().any(|value| value == text)
    }
}

/// What a condition read: names, and values as they are shown, cut and quoted. What it read of a comment is not looked for, it goes.
fn redact_read(read: &mut Value, passages: &[String]) -> u64 {
    let mut changes = 0;
    for pair in read.as_array_mut().into_iter().flatten() {
        let Some([name, value]) = pair.as_array_mut().map(Vec::as_mut_slice) else {
            continue;
        };
        let is_of_comment = name
            .as_str()
            .is_some_and(|name| OF_COMMENTS.iter().any(|of| name.ends_with(of)));
        let text = value.as_str().unwrap_or_default();
        if text != REDACTED && (is_of_comment || says(text, passages)) {
            *value = Value::String(REDACTED.to_owned());
            changes += 1;
        }
    }
    changes
}

/// A decision says in words what each rule saw, and why. Everything else in it has a form.
pub(crate) fn redact_decision(decision: &mut Value, passages: &[String]) -> u64 {
    let mut changes = 0;
    if let Some(Value::String(reason)) = decision.get_mut("reason") {
        let (redacted, places) = redacted_text(reason, passages);
        (*reason, changes) = (redacted, places);
    }
    let tried = decision.get_mut("tried").and_then(Value::as_array_mut);
    for tried in tried.into_iter().flatten() {
        let Some(Value::String(saw)) = tried.get_mut("saw") else {
            continue;
        };
        let is_of_comment = OF_COMMENTS.iter().any(|of| saw.contains(of));
        if is_of_comment || says(saw, passages) {
            REDACTED.clone_into(saw);
            changes += 1;
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_condition_read_of_a_comment_goes_however_it_is_shown() {
        let mut read = json!([
            ["event.comment_text", "\"… 4111 11…"],
            ["ticket.priority", "\"high\""],
            ["ticket.subject", "\"Card 4111 1111\""],
        ]);
        let passages = ["4111 1111".to_owned()];
        assert_eq!(redact_read(&mut read, &passages), 2);
        assert_eq!(
            read,
            json!([
                ["event.comment_text", "▇"],
                ["ticket.priority", "\"high\""],
                ["ticket.subject", "▇"]
            ])
        );
        assert_eq!(redact_read(&mut read, &passages), 0, "once");
    }

    #[test]
    fn a_decision_stays_one() {
        let mut decision = json!({ "rule_set": "rules 11", "priority": "high", "reason": "card 11",
            "tried": [{ "rule": "11", "saw": "ticket.text contains 1" }, { "rule": "b", "saw": "priority high" }] });
        assert_eq!(redact_decision(&mut decision, &["11".to_owned()]), 2);
        assert_eq!(
            decision,
            json!({ "rule_set": "rules 11", "priority": "high", "reason": "card ▇▇",
                "tried": [{ "rule": "11", "saw": "▇" }, { "rule": "b", "saw": "priority high" }] })
        );
    }

    #[test]
    fn a_decision_that_tried_nothing_gets_no_more_than_it_had() {
        let mut decision = json!({ "rule_set": "rules 11", "reason": "card 11" });
        assert_eq!(redact_decision(&mut decision, &["11".to_owned()]), 1);
        assert_eq!(decision, json!({ "rule_set": "rules 11", "reason": "card ▇▇" }));
    }
}

//! Words of an event: taken out before it is stored, put back when it is read.

use super::CommitmentKey;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The member of an event's bytes that holds its commitments, by the place of the words.
pub(super) const COMMITMENTS: &str = "words";

/// The words of one event, by their place in it.
pub(super) type Said = BTreeMap<String, Value>;

/// What people said in a save, outside of comments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The key of the commitments. Without it they say nothing: it goes where one of the words had to go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<CommitmentKey>,
    /// The words by the version of their event.
    pub said: BTreeMap<u64, Said>,
}

impl Words {
    /// Takes what was said in an event away, and the key: what it was could be found by guessing with it. How many words it was.
    pub fn erase(&mut self, v: u64) -> u64 {
        let erased = self.said.remove(&v).map_or(0, |said| said.len());
        if erased > 0 {
            self.key = None;
        }
        erased as u64
    }
}

/// A place with words.
#[derive(Debug)]
pub struct Word {
    /// The names that lead to it; `*` is each member.
    pub path: &'static [&'static str],
    /// What stands there once they are erased.
    pub gone: Gone,
}

/// What stands in place of words that are erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// A text without a letter.
    Blank,
    /// Nothing.
    Absent,
}

impl Word {
    /// Whether it is at this place of an event.
    pub(crate) fn is_at(&self, place: &str) -> bool {
        let mut names = place.split('/');
        let fits = |name: &&str| names.next().is_some_and(|found| *name == "*" || *name == found);
        self.path.iter().all(fits) && names.next().is_none()
    }
}

pub(crate) const fn blank(path: &'static [&'static str]) -> Word {
    let gone = Gone::Blank;
    Word { path, gone }
}

pub(crate) const fn absent(path: &'static [&'static str]) -> Word {
    let gone = Gone::Absent;
    Word { path, gone }
}

/// The bytes of event `v`, and what people said in it at these places.
pub(super) fn split(mut event: Value, v: u64, words: &[Word], key: &CommitmentKey) -> (String, Said) {
    let mut said = Said::new();
    for word in words {
        take(&mut event, word.path, String::new(), &mut said);
    }
    if !said.is_empty() {
        let commitments = said
            .iter()
            .map(|(place, word)| (place.clone(), Value::String(key.commit(v, place, word))))
            .collect();
        event[COMMITMENTS] = Value::Object(commitments);
    }
    (canonical(&event), said)
}

/// Takes what stands at a path out of an event. `*` is each member.
fn take(value: &mut Value, path: &[&str], at: String, said: &mut Said) {
    let (Some(members), Some((name, rest))) = (value.as_object_mut(), path.split_first()) else {
        return;
    };
    let names: Vec<String> = match *name {
        "*" => members.keys().cloned().collect(),
        name => vec![name.to_owned()],
    };
    for name in names {
        let place = if at.is_empty() {
            name.clone()
        } else {
            format!("{at}/{name}")
        };
        if !rest.is_empty() {
            if let Some(inner) = members.get_mut(&name) {
                take(inner, rest, place, said);
            }
        } else if members.get(&name).is_some_and(|word| !word.is_null())
            && let Some(word) = members.remove(&name)
        {
            said.insert(place, word);
        }
    }
}

/// Puts the words that are there back into an event as it was stored; whether some are gone.
pub(super) fn join(event: &mut Value, words: &[Word], said: &Said) -> bool {
    let commitments = event.as_object_mut().and_then(|event| event.remove(COMMITMENTS));
    let mut is_erased = false;
    for place in commitments
        .iter()
        .filter_map(Value::as_object)
        .flat_map(Map::keys)
    {
        match said.get(place) {
            Some(word) => put(event, place, word.clone()),
            None => {
                is_erased = true;
                if words
                    .iter()
                    .any(|word| word.gone == Gone::Blank && word.is_at(place))
                {
                    put(event, place, Value::String(String::new()));
                }
            }
        }
    }
    is_erased
}

fn put(event: &mut Value, place: &str, word: Value) {
    let mut at = event;
    let mut names = place.split('/').peekable();
    while let Some(name) = names.next() {
        let Some(members) = at.as_object_mut() else { return };
        if names.peek().is_none() {
            members.insert(name.to_owned(), word);
            return;
        }
        let Some(inner) = members.get_mut(name) else {
            return;
        };
        at = inner;
    }
}

/// JSON with its members in order and nothing between them, of which there is one form only.
pub(crate) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let ordered: BTreeMap<&String, &Value> = members.iter().collect();
            let each: Vec<String> = ordered
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::String(name.clone()), canonical(value)))
                .collect();
            format!("{{{}}}", each.join(","))
        }
        Value::Array(values) => {
            let each: Vec<String> = values.iter().map(canonical).collect();
            format!("[{}]", each.join(","))
        }
        other => other.to_string(),
    }
}

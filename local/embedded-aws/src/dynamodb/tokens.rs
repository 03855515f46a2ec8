//! The ten minutes of a `ClientRequestToken`, by our clock.
//!
//! The database has a table of its own for that. It walks over all of it at each transaction, and to know a request again it writes
//! it as JSON once more; so none of its tokens are used.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use dynoxide::actions::transact_write_items::{TransactWriteItem, TransactWriteItemsRequest};
use dynoxide::{AttributeValue, DynoxideError};
use jiff::{SignedDuration, Timestamp};

/// DynamoDB's window for a repeated transaction.
const WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// Longest token, as DynamoDB has it.
const LONGEST_TOKEN: usize = 36;

/// The transactions of the last ten minutes that had a token.
#[derive(Default)]
pub(super) struct Tokens {
    done: HashMap<String, Done>,
    /// In the order in which they were done.
    order: VecDeque<(Timestamp, String)>,
    hasher: RandomState,
}

struct Done {
    at: Timestamp,
    digest: u64,
    answer: String,
}

impl Tokens {
    /// The answer to a transaction that was done before under this token; nothing where it is to be done.
    ///
    /// # Errors
    ///
    /// When another transaction was done under this token, or it is none.
    pub(super) fn repeated(
        &mut self,
        token: &str,
        digest: u64,
        now: Timestamp,
    ) -> Result<Option<String>, DynoxideError> {
        if token.is_empty() || token.len() > LONGEST_TOKEN {
            return Err(DynoxideError::ValidationException(format!(
                "1 validation error detected: Value '{token}' at 'clientRequestToken' failed to satisfy constraint: \
                 Member must have length between 1 and {LONGEST_TOKEN}, inclusive"
            )));
        }
        self.forget_before(now);
        match self.done.get(token) {
            None => Ok(None),
            Some(done) if done.digest == digest => Ok(Some(done.answer.clone())),
            Some(_) => Err(DynoxideError::IdempotentParameterMismatchException(
                "An error occurred (IdempotentParameterMismatchException)".to_owned(),
            )),
        }
    }

    /// Remembers that a transaction was done.
    pub(super) fn note(&mut self, token: String, digest: u64, answer: &str, now: Timestamp) {
        self.order.push_back((now, token.clone()));
        let answer = answer.to_owned();
        self.done.insert(
            token,
            Done {
                at: now,
                digest,
                answer,
            },
        );
    }

    /// What makes a request the same as another, in whatever order the members of its items stand.
    pub(super) fn digest(&self, request: &TransactWriteItemsRequest) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        for action in &request.transact_items {
            self.add_action(action, &mut hasher);
        }
        hasher.finish()
    }

    fn forget_before(&mut self, now: Timestamp) {
        while let Some((at, token)) = self.order.front() {
            if now.duration_since(*at) <= WINDOW {
                return;
            }
            if self.done.get(token).is_some_and(|done| done.at == *at) {
                self.done.remove(token);
            }
            self.order.pop_front();
        }
    }

    fn add_action(&self, action: &TransactWriteItem, hasher: &mut impl Hasher) {
        type Values = Option<HashMap<String, AttributeValue>>;
        type Names = Option<HashMap<String, String>>;
        let mut add = |kind: u8,
                       (table, item): (&str, &HashMap<String, AttributeValue>),
                       (update, condition): (Option<&str>, Option<&str>),
                       names: &Names,
                       values: &Values| {
            (kind, table, update, condition).hash(hasher);
            self.of_members(item).hash(hasher);
            names.as_ref().map(|names| self.of_names(names)).hash(hasher);
            values.as_ref().map(|values| self.of_members(values)).hash(hasher);
        };
        if let Some(put) = &action.put {
            let condition = put.condition_expression.as_deref();
            let names = &put.expression_attribute_names;
            let values = &put.expression_attribute_values;
            add(0, (&put.table_name, &put.item), (None, condition), names, values);
        }
        if let Some(update) = &action.update {
            let expressions = (
                Some(update.update_expression.as_str()),
                update.condition_expression.as_deref(),
            );
            let names = &update.expression_attribute_names;
            let values = &update.expression_attribute_values;
            add(1, (&update.table_name, &update.key), expressions, names, values);
        }
        if let Some(delete) = &action.delete {
            let condition = delete.condition_expression.as_deref();
            let names = &delete.expression_attribute_names;
            let values = &delete.expression_attribute_values;
            add(
                2,
                (&delete.table_name, &delete.key),
                (None, condition),
                names,
                values,
            );
        }
        if let Some(check) = &action.condition_check {
            let condition = Some(check.condition_expression.as_str());
            let names = &check.expression_attribute_names;
            let values = &check.expression_attribute_values;
            add(
                3,
                (&check.table_name, &check.key),
                (None, condition),
                names,
                values,
            );
        }
    }

    fn of_names(&self, names: &HashMap<String, String>) -> u64 {
        let each = names.iter().map(|member| self.hasher.hash_one(member));
        each.fold(0, u64::wrapping_add)
    }

    /// Members in any order: their digests are added up.
    fn of_members(&self, members: &HashMap<String, AttributeValue>) -> u64 {
        let each = members.iter().map(|(name, value)| {
            let mut hasher = self.hasher.build_hasher();
            name.hash(&mut hasher);
            self.add_value(value, &mut hasher);
            hasher.finish()
        });
        each.fold(0, u64::wrapping_add)
    }

    fn add_value(&self, value: &AttributeValue, hasher: &mut impl Hasher) {
        std::mem::discriminant(value).hash(hasher);
        match value {
            AttributeValue::S(text) | AttributeValue::N(text) => text.hash(hasher),
            AttributeValue::B(bytes) => bytes.hash(hasher),
            AttributeValue::BOOL(flag) | AttributeValue::NULL(flag) => flag.hash(hasher),
            AttributeValue::SS(texts) | AttributeValue::NS(texts) => texts.hash(hasher),
            AttributeValue::BS(sets) => sets.hash(hasher),
            AttributeValue::L(values) => {
                values.len().hash(hasher);
                values.iter().for_each(|value| self.add_value(value, hasher));
            }
            AttributeValue::M(members) => (members.len(), self.of_members(members)).hash(hasher),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        "2026-03-02T12:00:00Z".parse().expect("a literal")
    }

    fn request(json: &str) -> TransactWriteItemsRequest {
        serde_json::from_str(json).expect("a literal")
    }

    #[test]
    fn a_token_is_known_for_ten_minutes_and_not_a_second_longer() {
        let mut tokens = Tokens::default();
        assert!(matches!(tokens.repeated("t", 1, noon()), Ok(None)));
        tokens.note("t".to_owned(), 1, "{}", noon());
        let later = |seconds| noon() + SignedDuration::from_secs(seconds);
        assert!(matches!(tokens.repeated("t", 1, later(600)), Ok(Some(answer)) if answer == "{}"));
        assert!(tokens.repeated("t", 2, later(600)).is_err());
        assert!(matches!(tokens.repeated("t", 2, later(601)), Ok(None)));
        assert!(tokens.done.is_empty() && tokens.order.is_empty());
    }

    #[test]
    fn a_token_that_is_none_is_refused() {
        let mut tokens = Tokens::default();
        for token in ["", &"t".repeat(37)] {
            assert!(tokens.repeated(token, 1, noon()).is_err(), "{token}");
        }
    }

    #[test]
    fn a_request_is_known_again_in_any_order_of_its_members_and_every_change_of_it_is_seen() {
        let tokens = Tokens::default();
        let put = |rest: &str| {
            request(&format!(
                r#"{{"TransactItems":[{{"Put":{{"TableName":"t",{rest}}}}}]}}"#
            ))
        };
        let item = r#""Item":{"PK":{"S":"a"},"m":{"M":{"x":{"N":"1"},"y":{"L":[{"BOOL":true}]}}}}"#;
        let same = r#""Item":{"m":{"M":{"y":{"L":[{"BOOL":true}]},"x":{"N":"1"}}},"PK":{"S":"a"}}"#;
        assert_eq!(tokens.digest(&put(item)), tokens.digest(&put(same)));
        let mut seen = vec![tokens.digest(&put(item))];
        for other in [
            r#""Item":{"PK":{"S":"b"}}"#,
            r#""Item":{"PK":{"N":"1"}}"#,
            r#""Item":{"PK":{"S":"a"},"m":{"M":{"x":{"N":"1"},"y":{"L":[{"BOOL":false}]}}}}"#,
            r#""Item":{"PK":{"S":"a"},"m":{"M":{"x":{"N":"1"},"y":{"L":[]}}}}"#,
            r#""Item":{"PK":{"S":"b"}},"ConditionExpression":"attribute_not_exists(PK)""#,
            r##""Item":{"PK":{"S":"b"}},"ConditionExpression":"#a = :v","ExpressionAttributeNames":{"#a":"v"},"ExpressionAttributeValues":{":v":{"N":"1"}}"##,
            r##""Item":{"PK":{"S":"b"}},"ConditionExpression":"#a = :v","ExpressionAttributeNames":{"#a":"v"},"ExpressionAttributeValues":{":v":{"N":"2"}}"##,
            r##""Item":{"PK":{"S":"b"}},"ConditionExpression":"#a = :v","ExpressionAttributeNames":{"#a":"w"},"ExpressionAttributeValues":{":v":{"N":"2"}}"##,
        ] {
            let digest = tokens.digest(&put(other));
            assert!(!seen.contains(&digest), "{other}");
            seen.push(digest);
        }
    }
}

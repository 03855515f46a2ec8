//! Organizations that are gone, as they were last. Their records are no more; their histories say what they were.

use crate::kit::{call::Call, error::ApiError};
use docket_domain::{
    OrganizationId, Timestamp,
    audit::{AuditEvent, Subject, What},
    people::organization::Organization,
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Histories that are read side by side.
const AT_ONCE: usize = 25;
/// Most changes of one that are looked at: what was said before them and never since is not told.
const MOST_CHANGES: usize = 1_000;

/// An organization that is gone.
#[derive(Clone, Debug)]
pub(super) struct Former {
    /// As it was last.
    pub organization: Organization,
    pub deleted_at: Timestamp,
}

/// Those of these numbers that were there once and are gone.
pub(super) async fn organizations(call: &Call, numbers: Vec<u64>) -> Result<Vec<Former>, ApiError> {
    let looked = stream::iter(numbers).map(|number| async move {
        let subject = Subject::Organization(OrganizationId(number));
        let events = call.desk.audits().newest_events(subject, MOST_CHANGES).await?;
        Ok::<_, ApiError>(former(number, &events))
    });
    let looked: Vec<Option<Former>> = looked.buffered(AT_ONCE).try_collect().await?;
    Ok(looked.into_iter().flatten().collect())
}

/// What a history adds up to, the newest event first; nothing where it does not end with a removal.
fn former(number: u64, newest_first: &[AuditEvent]) -> Option<Former> {
    let (removal, before) = newest_first.split_first()?;
    if removal.what != What::Removed {
        return None;
    }
    let mut known = BTreeSet::new();
    let mut fields = Map::new();
    for (name, field) in before.iter().flat_map(|event| &event.changed) {
        if known.insert(name.as_str())
            && let Some(value) = &field.to
        {
            fields.insert(name.clone(), value.clone());
        }
    }
    // Values are told as a list, since what they say are words.
    if let Some(Value::Array(pairs)) = fields.remove("organization_fields") {
        let values = pairs
            .into_iter()
            .filter_map(|pair| Some((pair[0].as_str()?.to_owned(), pair[1].clone())));
        fields.insert("organization_fields".to_owned(), Value::Object(values.collect()));
    }
    let nameless = Organization::new(OrganizationId(number), "", removal.at);
    let mut record = serde_json::to_value(&nameless).ok()?;
    if let Some(members) = record.as_object_mut() {
        members.extend(fields);
        members.insert("v".to_owned(), json!(removal.v));
        members.insert("updated_at".to_owned(), json!(removal.at));
    }
    let organization = serde_json::from_value(record).unwrap_or(nameless);
    Some(Former {
        organization,
        deleted_at: removal.at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{
        audit::{Audit as _, ChangedBy, differences},
        ticket::Actor,
    };
    use std::collections::BTreeMap;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn event(v: u64, what: What, states: [Option<&Organization>; 2]) -> AuditEvent {
        let [before, after] =
            states.map(|state| state.map_or_else(BTreeMap::new, |state| state.fields().unwrap()));
        let by = ChangedBy::new(Actor::System, "test", at(v as i64));
        let subject = Subject::Organization(OrganizationId(7));
        let changed = match what {
            What::Removed => BTreeMap::new(),
            _ => differences(&before, &after),
        };
        AuditEvent::new(v, subject, what, changed, &by)
    }

    #[test]
    fn it_is_told_as_it_was_last() {
        let mut made = Organization::new(OrganizationId(7), "Acme", at(1));
        made.tier = Some("gold".to_owned());
        made.organization_fields = [("plan".to_owned(), "pro".to_owned())].into();
        let mut changed = made.clone();
        changed.name = "Acme Ltd".to_owned();
        changed.tier = None;
        let newest_first = [
            event(3, What::Removed, [Some(&changed), None]),
            event(2, What::Changed, [Some(&made), Some(&changed)]),
            event(1, What::Created, [None, Some(&made)]),
        ];
        let told = former(7, &newest_first).unwrap();
        assert_eq!(told.deleted_at, at(3));
        let expected = Organization {
            v: 3,
            updated_at: at(3),
            ..changed
        };
        assert_eq!(told.organization, expected);
        assert!(former(7, &newest_first[1..]).is_none() && former(7, &[]).is_none());
    }

    #[test]
    fn what_was_erased_is_left_out() {
        let removal = event(3, What::Removed, [None, None]);
        let told = former(7, &[removal]).unwrap();
        assert_eq!(
            (told.organization.id, told.organization.name.as_str()),
            (OrganizationId(7), "")
        );
    }
}

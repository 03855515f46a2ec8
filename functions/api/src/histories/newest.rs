//! Pages of what happened, the newest first, or the oldest where a list takes either order, by cursor: a time, and an id where several are of one time.

use crate::kit::{address::Address, call::Call, error::ApiError};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use docket_desk::ChangedClass;
use docket_domain::Timestamp;
use serde_json::{Map, Value, json};

/// When something happened, in milliseconds since 1970, and its id.
pub(super) type Moment = (i64, u64);

/// Which page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NewestPage {
    /// Only what happened before; behind it, where the oldest come first.
    pub before: Option<Moment>,
    pub size: usize,
    pub oldest_first: bool,
    /// How far a walk over records went, where the list is one by now.
    pub walk: Option<Walk>,
}

/// How far a walk over records went, which are told in the order in which they changed last, each with all that happened to it before
/// `before`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Walk {
    pub before: Moment,
    /// The place in the index.
    pub place: (Timestamp, u64),
    /// The id of the last row that was told of the record there, where more are to be.
    pub within: u64,
}

impl NewestPage {
    /// Reads the query, in either way in which clients write it: `limit` and `cursor`, `page[size]` and `page[after]`.
    pub fn of(address: &Address, most: usize) -> Self {
        let first = |names: &[&str]| names.iter().find_map(|name| address.parameter(name));
        let size = first(&["page[size]", "limit", "per_page"]);
        let size = size.and_then(|text| text.parse().ok()).unwrap_or(most);
        let cursor = first(&["page[after]", "cursor", "after_cursor", "before_cursor"]);
        Self {
            before: cursor.and_then(read_cursor),
            size: size.clamp(1, most),
            oldest_first: false,
            walk: cursor.and_then(read_walk),
        }
    }

    /// The same, for a list that can be asked for with the oldest first.
    pub fn of_either_order(address: &Address, most: usize) -> Result<Self, ApiError> {
        let text = |name: &str| address.parameter(name).filter(|text| !text.is_empty());
        let oldest_first = match (text("sort"), text("sort_by"), text("sort_order")) {
            (Some("created_at"), ..) | (None, None | Some("created_at"), Some("asc" | "ASC")) => true,
            (Some("-created_at"), ..) | (None, None | Some("created_at"), None | Some("desc" | "DESC")) => {
                false
            }
            (Some(_), ..) => return Err(ApiError::invalid("sort", "must be created_at or -created_at")),
            (None, Some(by), _) if by != "created_at" => {
                return Err(ApiError::invalid("sort_by", "must be created_at"));
            }
            _ => return Err(ApiError::invalid("sort_order", "must be asc or desc")),
        };
        Ok(Self {
            oldest_first,
            ..Self::of(address, most)
        })
    }

    /// Sorts rows by when they happened, in the order that was asked for.
    pub fn sort<T>(&self, rows: &mut [T], moment: impl Fn(&T) -> Moment) {
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(moment(row)));
        if self.oldest_first {
            rows.reverse();
        }
    }

    /// Whether something is on this page or one behind it.
    pub fn reaches(&self, moment: Moment) -> bool {
        self.before.is_none_or(|before| match self.oldest_first {
            true => moment > before,
            false => moment < before,
        })
    }

    /// The answer: rows under their name, and the way on behind the last of them where there are more.
    pub fn envelope(
        &self,
        address: &Address,
        name: &str,
        rows: Vec<Value>,
        more_behind: Option<Moment>,
    ) -> Map<String, Value> {
        self.leading_on(address, name, rows, more_behind.map(write_cursor))
    }

    /// The same of a walk.
    pub fn envelope_of_walk(
        &self,
        address: &Address,
        name: &str,
        rows: Vec<Value>,
        walk: Option<Walk>,
    ) -> Map<String, Value> {
        self.leading_on(address, name, rows, walk.map(write_walk))
    }

    fn leading_on(
        &self,
        address: &Address,
        name: &str,
        rows: Vec<Value>,
        after: Option<String>,
    ) -> Map<String, Value> {
        let mut envelope = Map::new();
        envelope.insert(name.to_owned(), Value::Array(rows));
        if address.parameter("page[size]").is_some() {
            let next = after.as_ref().map(|after| link(address, "page[after]", after));
            let meta = json!({ "has_more": after.is_some(), "after_cursor": after, "before_cursor": null });
            envelope.insert("meta".to_owned(), meta);
            envelope.insert("links".to_owned(), json!({ "next": next, "prev": null }));
            return envelope;
        }
        let next = after.as_ref().map(|after| link(address, "cursor", after));
        envelope.insert("next_page".to_owned(), json!(next));
        envelope.insert("previous_page".to_owned(), Value::Null);
        envelope.insert("after_url".to_owned(), json!(next));
        envelope.insert("after_cursor".to_owned(), json!(after));
        envelope.insert("before_url".to_owned(), Value::Null);
        envelope.insert("before_cursor".to_owned(), Value::Null);
        envelope
    }
}

fn link(address: &Address, name: &str, cursor: &str) -> String {
    let others = ["cursor", "after_cursor", "before_cursor", "page[after]", "page"];
    let kept = address.query.iter();
    let kept = kept.filter(|(name, _)| !others.contains(&name.as_str()));
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept).append_pair(name, cursor);
    format!("{}?{}", address.resource(&address.path), query.finish())
}

fn write_cursor((at, id): Moment) -> String {
    URL_SAFE_NO_PAD.encode(format!("n{at}.{id}"))
}

fn read_cursor(text: &str) -> Option<Moment> {
    let decoded = URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('=')).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (at, id) = decoded.strip_prefix('n')?.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

fn write_walk(walk: Walk) -> String {
    let Walk {
        before: (at, id),
        place: (minute, number),
        within,
    } = walk;
    let minute = minute.as_millisecond();
    URL_SAFE_NO_PAD.encode(format!("w{at}.{id}.{minute}.{number}.{within}"))
}

fn read_walk(text: &str) -> Option<Walk> {
    let decoded = URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('=')).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let parts: Vec<&str> = decoded.strip_prefix('w')?.split('.').collect();
    let [at, id, minute, number, within] = parts[..] else {
        return None;
    };
    let minute = Timestamp::from_millisecond(minute.parse().ok()?).ok()?;
    Some(Walk {
        before: (at.parse().ok()?, id.parse().ok()?),
        place: (minute, number.parse().ok()?),
        within: within.parse().ok()?,
    })
}

/// Before which time nothing happened on this desk.
pub(super) async fn beginning(call: &Call) -> Result<Timestamp, ApiError> {
    let began_at = call.desk.began_at().await?;
    Ok(began_at.unwrap_or_else(|| call.desk.now()))
}

/// What changed last of a kind, in the order of the index, a piece at a time.
pub(super) struct ChangedLast<'a> {
    call: &'a Call,
    class: ChangedClass,
    before: (Timestamp, u64),
    from: Timestamp,
    is_over: bool,
}

impl<'a> ChangedLast<'a> {
    /// From now back to the beginning of the desk.
    pub fn of(call: &'a Call, class: ChangedClass, from: Timestamp) -> Self {
        Self {
            call,
            class,
            before: (Timestamp::MAX, 0),
            from,
            is_over: false,
        }
    }

    /// From a place on.
    pub fn before(self, place: (Timestamp, u64)) -> Self {
        Self {
            before: place,
            ..self
        }
    }

    /// Whether there are more behind those that were handed out.
    pub fn has_more(&self) -> bool {
        !self.is_over
    }

    /// The next numbers; none at the end.
    pub async fn next(&mut self, most: usize) -> Result<Vec<u64>, ApiError> {
        let places = self.next_places(most).await?;
        Ok(places.into_iter().map(|(_, number)| number).collect())
    }

    /// The same, with where each stands.
    pub async fn next_places(&mut self, most: usize) -> Result<Vec<(Timestamp, u64)>, ApiError> {
        if self.is_over {
            return Ok(vec![]);
        }
        let desk = &self.call.desk;
        let page = desk
            .changed_before(self.class, self.before, self.from, most)
            .await?;
        self.is_over = !page.has_more;
        self.before = page.places.last().copied().unwrap_or(self.before);
        Ok(page.places)
    }

    /// Whatever happened later than this is of something that was handed out; everything is, at the end.
    pub fn whole_since(&self) -> Option<i64> {
        (!self.is_over).then(|| self.before.0.as_millisecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_asked_for_in_either_way_and_leads_on_in_the_same() {
        let of = |query: &str| {
            let address = Address::for_test("/ticket_audits", query);
            let page = NewestPage::of(&address, 100);
            (page, page.envelope(&address, "audits", vec![], Some((60, 7))))
        };
        let (page, envelope) = of("limit=5&include=users");
        assert_eq!((page.size, page.before), (5, None));
        let next = envelope["after_url"].as_str().unwrap();
        assert!(next.contains("include=users"), "{next}");
        let (page, _) = of(next.split_once('?').unwrap().1);
        assert_eq!((page.size, page.before), (5, Some((60, 7))));
        let (page, envelope) = of("page[size]=500");
        assert_eq!((page.size, &envelope["meta"]["has_more"]), (100, &json!(true)));
        let next = envelope["links"]["next"].as_str().unwrap();
        assert_eq!(of(next.split_once('?').unwrap().1).0.before, Some((60, 7)));
    }

    #[test]
    fn a_page_has_what_happened_before() {
        let page = NewestPage {
            before: Some((60, 7)),
            size: 5,
            oldest_first: false,
            walk: None,
        };
        assert!(page.reaches((59, 9)) && page.reaches((60, 6)));
        assert!(!page.reaches((60, 7)) && !page.reaches((61, 1)));
        let page = NewestPage {
            oldest_first: true,
            ..page
        };
        assert!(page.reaches((60, 8)) && !page.reaches((60, 7)) && !page.reaches((59, 9)));
    }

    #[test]
    fn a_walk_goes_on_from_its_place() {
        let walk = Walk {
            before: (60, 7),
            place: (Timestamp::UNIX_EPOCH, 9),
            within: 3,
        };
        let cursor = write_walk(walk);
        assert_eq!((read_walk(&cursor), read_cursor(&cursor)), (Some(walk), None));
        assert_eq!(read_walk(&write_cursor((60, 7))), None);
    }
}

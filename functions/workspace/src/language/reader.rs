//! Who reads an answer. It is known to all that makes the answer, without being handed from hand to hand: each request is answered within one
//! task, and the reader is that task's.

use super::accepted::accepted;
use crate::cookies;
use axum::http::HeaderMap;
use docket_domain::people::person::Person;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::{cell::RefCell, sync::LazyLock};

/// The zones that are compiled in: those by which due times are counted, too.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
/// Longest name of a zone that is looked up.
const LONGEST_ZONE: usize = 64;
/// How the names of zones begin that a person is offered. Others are other names for the same, or no places.
const PLACES: [&str; 10] = [
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
];

tokio::task_local! {
    static READER: RefCell<Reader>;
}

/// Languages that pages speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

/// Whoever reads an answer: their language, and where they are.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The language.
    pub language: Language,
    /// The time zone.
    pub zone: TimeZone,
    /// Whether the zone is theirs: where nobody knows it, it is UTC.
    pub is_zone_known: bool,
    /// Whether they chose it: then it does not follow the browser.
    pub is_zone_chosen: bool,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            language: Language::default(),
            zone: TimeZone::UTC,
            is_zone_known: false,
            is_zone_chosen: false,
        }
    }
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// What it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language of a tag such as `de-AT`; nothing where it is not spoken here.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let is_meant = |language: &Self| language.tag().eq_ignore_ascii_case(primary);
        Self::ALL.into_iter().find(is_meant)
    }
}

impl Reader {
    /// Whoever sent a request, as far as the browser says it.
    pub fn of_request(headers: &HeaderMap) -> Self {
        let zone = cookies::zone(headers).and_then(zone_named);
        Self {
            language: accepted(headers).unwrap_or_default(),
            is_zone_known: zone.is_some(),
            zone: zone.unwrap_or(TimeZone::UTC),
            is_zone_chosen: false,
        }
    }

    /// The name of their zone, where it is known.
    pub fn zone_name(&self) -> Option<&str> {
        self.zone.iana_name().filter(|_| self.is_zone_known)
    }

    /// What somebody chose goes before what their browser says.
    fn learn(&mut self, person: &Person) {
        if let Some(language) = person.locale.as_deref().and_then(Language::of_tag) {
            self.language = language;
        }
        if let Some(zone) = person.time_zone.as_deref().and_then(zone_named) {
            self.zone = zone;
            (self.is_zone_known, self.is_zone_chosen) = (true, true);
        }
    }
}

/// The zone of this name; nothing where there is none.
pub fn zone_named(name: &str) -> Option<TimeZone> {
    let is_name = (1..=LONGEST_ZONE).contains(&name.len());
    is_name.then(|| ZONES.get(name).ok()).flatten()
}

/// The names of all zones that somebody can choose, in order.
pub fn zone_names() -> Vec<String> {
    let all = ZONES.available().map(|name| name.as_str().to_owned());
    let is_place = |name: &String| PLACES.iter().any(|start| name.starts_with(start));
    let mut names: Vec<String> = all.filter(is_place).collect();
    names.sort();
    names.push("UTC".to_owned());
    names
}

/// Makes an answer for a reader.
pub async fn answer_for<A: Future>(reader: Reader, answer: A) -> A::Output {
    READER.scope(RefCell::new(reader), answer).await
}

/// Takes in who is signed in: from here on the answer is theirs.
pub fn learn(person: &Person) {
    READER.try_with(|reader| reader.borrow_mut().learn(person)).ok();
}

/// The reader; outside of a request somebody of whom nothing is known.
pub fn reader() -> Reader {
    READER
        .try_with(|reader| reader.borrow().clone())
        .unwrap_or_default()
}

/// The reader's language.
pub fn language() -> Language {
    READER
        .try_with(|reader| reader.borrow().language)
        .unwrap_or_default()
}

/// Lets a reader read what a test says.
#[cfg(test)]
pub fn read_by<T>(reader: Reader, say: impl FnOnce() -> T) -> T {
    READER.sync_scope(RefCell::new(reader), say)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header;
    use docket_domain::{PersonId, Timestamp};

    fn browser(language: &str, zone: &str) -> Reader {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, language.parse().unwrap());
        headers.insert(header::COOKIE, format!("docket_zone={zone}").parse().unwrap());
        Reader::of_request(&headers)
    }

    #[test]
    fn the_browser_says_language_and_zone() {
        let reader = browser("de-DE", "America/Argentina/Buenos_Aires");
        assert_eq!(reader.language, Language::German);
        assert_eq!(reader.zone_name(), Some("America/Argentina/Buenos_Aires"));
        assert!(!reader.is_zone_chosen);
    }

    #[test]
    fn what_is_no_zone_is_as_if_nothing_had_been_said() {
        let long = "x".repeat(65);
        for zone in ["Mars/Olympus", "../../etc/passwd", "Berlin", "", long.as_str()] {
            let reader = browser("xx", zone);
            assert_eq!(reader.zone_name(), None, "{zone}");
            assert_eq!(reader.zone, TimeZone::UTC, "{zone}");
            assert_eq!(reader.language, Language::English);
        }
    }

    #[test]
    fn what_somebody_chose_goes_before_what_the_browser_says() {
        let mut person = Person::first_seen(PersonId(7), "Ann", vec![], Timestamp::UNIX_EPOCH);
        let mut reader = browser("de", "Asia/Tokyo");
        reader.learn(&person);
        assert_eq!(
            (reader.language, reader.is_zone_chosen),
            (Language::German, false)
        );
        person.locale = Some("en-GB".to_owned());
        person.time_zone = Some("Europe/Berlin".to_owned());
        reader.learn(&person);
        assert_eq!(reader.language, Language::English);
        assert_eq!(reader.zone_name(), Some("Europe/Berlin"));
        assert!(reader.is_zone_chosen);
        // Neither is known here.
        person.locale = Some("fr".to_owned());
        person.time_zone = Some("Eastern Time (US & Canada)".to_owned());
        reader.learn(&person);
        assert_eq!(reader.language, Language::English);
        assert_eq!(reader.zone_name(), Some("Europe/Berlin"));
    }

    #[test]
    fn the_zones_that_are_offered_are_all_known() {
        let names = zone_names();
        assert!(names.len() > 300, "{}", names.len());
        assert!(names.iter().all(|name| zone_named(name).is_some()));
        assert!(names.contains(&"Europe/Berlin".to_owned()));
    }

    #[tokio::test]
    async fn whoever_signs_in_within_an_answer_is_its_reader_from_then_on() {
        let mut person = Person::first_seen(PersonId(7), "Ann", vec![], Timestamp::UNIX_EPOCH);
        person.locale = Some("de".to_owned());
        let said = answer_for(Reader::default(), async {
            let before = language();
            learn(&person);
            (before, language())
        });
        assert_eq!(said.await, (Language::English, Language::German));
        assert_eq!(language(), Language::English, "and of no other answer");
    }
}

//! Where an export by cursor goes on.

use super::record::Resource;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use docket_domain::Timestamp;

/// Behind every number of a minute.
const LAST_NUMBER: u64 = 999_999_999_998;

/// A place in the index: a minute, and a number in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The minute, in seconds since 1970.
    pub minute: i64,
    pub number: u64,
}

impl Place {
    /// Before everything that stands under a minute.
    pub fn before(minute: i64) -> Self {
        Self { minute, number: 0 }
    }

    /// Behind everything that stands under a minute.
    pub fn behind(minute: Timestamp) -> Self {
        Self {
            minute: minute.as_second(),
            number: LAST_NUMBER,
        }
    }

    /// As the index is asked.
    pub fn in_index(self) -> (Timestamp, u64) {
        (
            Timestamp::from_second(self.minute).unwrap_or(Timestamp::UNIX_EPOCH),
            self.number,
        )
    }
}

/// What a client is given to go on with.
///
/// An export that is not at its end remembers up to which minute it goes, so that it ends whatever is written meanwhile, and where
/// the next one begins: what was not settled when it was told comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Behind this the next page begins.
    pub at: Place,
    /// Up to which minute the export goes, in seconds since 1970; a new one where there is none.
    pub until: Option<i64>,
    /// Behind which the next export begins.
    pub settled: Option<Place>,
}

impl Cursor {
    /// At the beginning of an export.
    pub fn beginning(at: Place) -> Self {
        Self {
            at,
            until: None,
            settled: None,
        }
    }

    /// As a client has it.
    pub fn write(&self, resource: Resource) -> String {
        let place = |place: Option<Place>| {
            place.map_or_else(
                || "-".to_owned(),
                |place| format!("{}.{}", place.minute, place.number),
            )
        };
        let until = self
            .until
            .map_or_else(|| "-".to_owned(), |until| until.to_string());
        let text = [
            resource.name().to_owned(),
            place(Some(self.at)),
            until,
            place(self.settled),
        ]
        .join("|");
        URL_SAFE_NO_PAD.encode(text)
    }

    /// Reads one of this resource.
    pub fn read(resource: Resource, text: &str) -> Option<Self> {
        let decoded = URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('=')).ok()?;
        let decoded = String::from_utf8(decoded).ok()?;
        let mut parts = decoded.split('|');
        parts.next().filter(|name| *name == resource.name())?;
        let at = read_place(parts.next()?)?;
        let until = match parts.next()? {
            "-" => None,
            text => Some(text.parse().ok()?),
        };
        let settled = match parts.next()? {
            "-" => None,
            text => Some(read_place(text)?),
        };
        parts.next().is_none().then_some(Self { at, until, settled })
    }
}

fn read_place(text: &str) -> Option<Place> {
    let (minute, number) = text.split_once('.')?;
    let number = number.parse().ok().filter(|number| *number <= LAST_NUMBER)?;
    let minute = minute
        .parse()
        .ok()
        .filter(|minute| Timestamp::from_second(*minute).is_ok())?;
    Some(Place { minute, number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_for_its_resource_only() {
        let at = Place {
            minute: 60,
            number: 7,
        };
        for cursor in [
            Cursor::beginning(at),
            Cursor {
                at,
                until: Some(180),
                settled: Some(Place::before(60)),
            },
        ] {
            let written = cursor.write(Resource::Tickets);
            assert_eq!(Cursor::read(Resource::Tickets, &written), Some(cursor));
            assert_eq!(
                Cursor::read(Resource::Tickets, &format!("{written}==")),
                Some(cursor)
            );
            assert_eq!(Cursor::read(Resource::Users, &written), None);
        }
    }

    #[test]
    fn what_is_no_cursor_is_none() {
        for text in [
            "",
            "undefined",
            "None",
            "MTIz",
            "dGlja2V0c3w2MC43",
            "tickets|60.7|-|-",
        ] {
            assert_eq!(Cursor::read(Resource::Tickets, text), None, "{text}");
        }
    }
}

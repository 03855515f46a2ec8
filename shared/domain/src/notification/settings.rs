//! By which ways an agent hears of what.

use super::NotificationKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The ways by which somebody hears of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ways {
    /// On the page, and in the list of what they were told.
    #[serde(default)]
    pub page: bool,
    /// By the browser, while a page is open.
    #[serde(default)]
    pub browser: bool,
    /// By mail.
    #[serde(default)]
    pub mail: bool,
}

impl Ways {
    /// What holds until somebody chooses: on the page, and no other way.
    pub const USUAL: Self = Self {
        page: true,
        browser: false,
        mail: false,
    };

    /// Whether an open page has to know of it.
    pub fn is_shown(self) -> bool {
        self.page || self.browser
    }
}

impl Default for Ways {
    fn default() -> Self {
        Self::USUAL
    }
}

/// What an agent chose. A kind they said nothing of is told in the usual ways.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NotificationSettings(BTreeMap<NotificationKind, Ways>);

impl NotificationSettings {
    /// What was chosen for each of these kinds.
    pub fn of(chosen: impl IntoIterator<Item = (NotificationKind, Ways)>) -> Self {
        Self(chosen.into_iter().collect())
    }

    /// The ways of a kind.
    pub fn ways(&self, kind: NotificationKind) -> Ways {
        self.0.get(&kind).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_chose_nothing_is_told_on_the_page_alone() {
        let settings = NotificationSettings::default();
        for kind in NotificationKind::ALL {
            let ways = settings.ways(kind);
            assert_eq!((ways.page, ways.browser, ways.mail), (true, false, false));
        }
    }

    #[test]
    fn what_was_chosen_reads_back() {
        let silent = Ways {
            page: false,
            browser: false,
            mail: true,
        };
        let settings = NotificationSettings::of([(NotificationKind::Replied, silent)]);
        let json = serde_json::to_string(&settings).unwrap();
        assert_eq!(json, r#"{"replied":{"page":false,"browser":false,"mail":true}}"#);
        let read: NotificationSettings = serde_json::from_str(&json).unwrap();
        assert_eq!(read.ways(NotificationKind::Replied), silent);
        assert_eq!(read.ways(NotificationKind::Assigned), Ways::USUAL);
    }
}

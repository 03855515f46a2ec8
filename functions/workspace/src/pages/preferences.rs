//! In which language and time zone an agent reads the desk. It stands in their own record, where the API shows it, too.

use crate::{
    failure::Failure,
    frame::Frame,
    language::{Language, language, reader, zone_named, zone_names},
    session::SignedIn,
};
use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use docket_desk::Desk;
use docket_domain::{audit::ChangedBy, people::person::Person, ticket::Actor};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "preferences.html")]
struct PreferencesPage {
    frame: Frame,
    languages: Vec<Choice>,
    zones: Vec<Choice>,
    is_saved: bool,
}

/// Something that can be chosen.
struct Choice {
    value: String,
    label: String,
    is_selected: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    saved: String,
}

/// The form. What is empty is as the browser says.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    csrf: String,
    language: String,
    zone: String,
}

/// The page.
pub async fn show(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, Failure> {
    let groups = desk.groups().all().await?;
    let frame = Frame::of_place(&desk, &signed_in, &groups).await?;
    let shown = Shown::of(&signed_in.person);
    let language = |language: Language| Choice {
        value: language.tag().to_owned(),
        label: language.name().to_owned(),
        is_selected: shown.language == Some(language),
    };
    let zone = |name: String| Choice {
        is_selected: shown.zone.as_ref() == Some(&name),
        label: name.replace('_', " "),
        value: name,
    };
    // One that was chosen over the API is offered, too, whatever it is called.
    let mut names = zone_names();
    names.extend(shown.zone.clone().filter(|zone| !names.contains(zone)));
    let page = PreferencesPage {
        frame,
        languages: Language::ALL.into_iter().map(language).collect(),
        zones: names.into_iter().map(zone).collect(),
        is_saved: !wanted.saved.is_empty(),
    };
    Ok(Html(page.render()?))
}

/// Keeps what was chosen, and nothing that the form did not show.
pub async fn submit(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failure> {
    signed_in.check(&chosen.csrf)?;
    let wanted = Shown {
        language: match chosen.language.as_str() {
            "" => None,
            tag => Some(Language::of_tag(tag).ok_or(Failure::Garbled)?),
        },
        zone: match chosen.zone.as_str() {
            "" => None,
            name => {
                let zone = zone_named(name).ok_or(Failure::Garbled)?;
                Some(zone.iana_name().unwrap_or(name).to_owned())
            }
        },
    };
    let me = signed_in.person.id;
    let by = ChangedBy::new(Actor::Agent(me), "workspace", desk.now());
    desk.people()
        .change_known(me, &by, |person| wanted.put_into(person))
        .await?;
    Ok(Redirect::to("/agent/preferences?saved=1").into_response())
}

/// What the form shows of somebody: what they chose and is known here.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    language: Option<Language>,
    zone: Option<String>,
}

impl Shown {
    fn of(person: &Person) -> Self {
        let zone = person.time_zone.as_deref().and_then(zone_named);
        Self {
            language: person.locale.as_deref().and_then(Language::of_tag),
            zone: zone.and_then(|zone| zone.iana_name().map(str::to_owned)),
        }
    }

    /// Changes what is another than was shown: `en-GB` stays what it is where English is chosen.
    fn put_into(&self, person: &mut Person) {
        let shown = Self::of(person);
        if shown.language != self.language {
            person.locale = self.language.map(|language| language.tag().to_owned());
        }
        if shown.zone != self.zone {
            person.time_zone.clone_from(&self.zone);
        }
    }
}

impl PreferencesPage {
    /// What the language is where the browser says it, or was chosen.
    fn language_now(&self) -> &'static str {
        language().name()
    }

    /// The zone that times are told in.
    fn zone_now(&self) -> String {
        reader().zone.iana_name().unwrap_or("UTC").replace('_', " ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::{PersonId, Timestamp};

    fn person(locale: Option<&str>, zone: Option<&str>) -> Person {
        Person {
            locale: locale.map(str::to_owned),
            time_zone: zone.map(str::to_owned),
            ..Person::first_seen(PersonId(7), "Ann", vec![], Timestamp::UNIX_EPOCH)
        }
    }

    fn changed(mut person: Person, language: Option<Language>, zone: Option<&str>) -> (String, String) {
        let wanted = Shown {
            language,
            zone: zone.map(str::to_owned),
        };
        wanted.put_into(&mut person);
        (
            person.locale.unwrap_or_default(),
            person.time_zone.unwrap_or_default(),
        )
    }

    #[test]
    fn only_what_is_another_than_was_shown_is_changed() {
        let said = |locale: &str, zone: &str| (locale.to_owned(), zone.to_owned());
        let english = person(Some("en-GB"), Some("Europe/London"));
        assert_eq!(
            changed(english.clone(), Some(Language::English), Some("Europe/London")),
            said("en-GB", "Europe/London")
        );
        assert_eq!(
            changed(english.clone(), Some(Language::German), Some("Europe/Berlin")),
            said("de", "Europe/Berlin")
        );
        assert_eq!(changed(english, None, None), said("", ""));
        // What is not known here was shown as if the browser said it.
        let french = person(Some("fr"), Some("Eastern Time (US & Canada)"));
        assert_eq!(
            changed(french, None, None),
            said("fr", "Eastern Time (US & Canada)")
        );
    }
}

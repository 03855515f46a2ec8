//! `locales`: the languages that the desk tells apart in what people write (`functions/triage/src/language.rs`), with the one that it uses
//! where it knows no other.

use crate::kit::{call::Call, error::ApiError, paging::Paging};
use axum::{Json, extract::Path};
use http::{HeaderMap, header::ACCEPT_LANGUAGE};
use serde_json::{Value, json};

/// The language of whoever no other is known of.
pub(super) const DEFAULT: &str = "en-US";
/// Languages that are written from right to left.
const FROM_RIGHT_TO_LEFT: &[&str] = &["ar", "fa", "he", "ur", "yi"];
/// Most languages of a call that are looked at.
const MOST_NAMED: usize = 100;
/// Code, name in English, name in the language itself. Their ids are their places, from 1: what is added goes to the end.
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("en-US", "English", "English"),
    ("af", "Afrikaans", "Afrikaans"),
    ("ak", "Akan", "Akan"),
    ("am", "Amharic", "አማርኛ"),
    ("ar", "Arabic", "العربية"),
    ("az", "Azerbaijani", "Azərbaycanca"),
    ("be", "Belarusian", "Беларуская"),
    ("bg", "Bulgarian", "Български"),
    ("bn", "Bengali", "বাংলা"),
    ("ca", "Catalan", "Català"),
    ("cs", "Czech", "Čeština"),
    ("cy", "Welsh", "Cymraeg"),
    ("da", "Danish", "Dansk"),
    ("de", "German", "Deutsch"),
    ("el", "Greek", "Ελληνικά"),
    ("eo", "Esperanto", "Esperanto"),
    ("es", "Spanish", "Español"),
    ("et", "Estonian", "Eesti"),
    ("fa", "Persian", "فارسی"),
    ("fi", "Finnish", "Suomi"),
    ("fr", "French", "Français"),
    ("gu", "Gujarati", "ગુજરાતી"),
    ("he", "Hebrew", "עברית"),
    ("hi", "Hindi", "हिन्दी"),
    ("hr", "Croatian", "Hrvatski"),
    ("hu", "Hungarian", "Magyar"),
    ("hy", "Armenian", "Հայերեն"),
    ("id", "Indonesian", "Indonesia"),
    ("it", "Italian", "Italiano"),
    ("ja", "Japanese", "日本語"),
    ("jv", "Javanese", "Jawa"),
    ("ka", "Georgian", "ქართული"),
    ("km", "Khmer", "ខ្មែរ"),
    ("kn", "Kannada", "ಕನ್ನಡ"),
    ("ko", "Korean", "한국어"),
    ("la", "Latin", "Latina"),
    ("lt", "Lithuanian", "Lietuvių"),
    ("lv", "Latvian", "Latviešu"),
    ("mk", "Macedonian", "Македонски"),
    ("ml", "Malayalam", "മലയാളം"),
    ("mr", "Marathi", "मराठी"),
    ("my", "Burmese", "မြန်မာ"),
    ("nb", "Norwegian", "Norsk"),
    ("ne", "Nepali", "नेपाली"),
    ("nl", "Dutch", "Nederlands"),
    ("or", "Odia", "ଓଡ଼ିଆ"),
    ("pa", "Punjabi", "ਪੰਜਾਬੀ"),
    ("pl", "Polish", "Polski"),
    ("pt", "Portuguese", "Português"),
    ("ro", "Romanian", "Română"),
    ("ru", "Russian", "Русский"),
    ("si", "Sinhala", "සිංහල"),
    ("sk", "Slovak", "Slovenčina"),
    ("sl", "Slovenian", "Slovenščina"),
    ("sn", "Shona", "chiShona"),
    ("sr", "Serbian", "Српски"),
    ("sv", "Swedish", "Svenska"),
    ("ta", "Tamil", "தமிழ்"),
    ("te", "Telugu", "తెలుగు"),
    ("th", "Thai", "ไทย"),
    ("tk", "Turkmen", "Türkmen"),
    ("tl", "Tagalog", "Tagalog"),
    ("tr", "Turkish", "Türkçe"),
    ("uk", "Ukrainian", "Українська"),
    ("ur", "Urdu", "اردو"),
    ("uz", "Uzbek", "O‘zbek"),
    ("vi", "Vietnamese", "Tiếng Việt"),
    ("yi", "Yiddish", "ייִדיש"),
    ("zh", "Chinese", "中文"),
    ("zu", "Zulu", "isiZulu"),
];

/// `GET locales`, `locales/agent`, `locales/public`.
pub(super) async fn list(call: Call) -> Json<Value> {
    let ids: Vec<u64> = ids();
    let paging = Paging::of(&call.address);
    let window = paging.window(ids.len() as u64);
    let rows = window.of(&ids).into_iter().filter_map(|id| locale(&call, *id));
    let envelope = paging.envelope(&call.address, "locales", rows.collect(), &window);
    Json(Value::Object(envelope))
}

/// `GET locales/current`: the caller's.
pub(super) async fn current(call: Call) -> Json<Value> {
    let own = call.caller.locale.as_deref().and_then(id_of);
    Json(json!({ "locale": locale(&call, own.unwrap_or(1)) }))
}

/// `GET locales/detect_best_locale`: by the languages that a call says it reads, of those that it names in `available_locales[]` where it
/// does.
pub(super) async fn detect(call: Call, headers: HeaderMap) -> Json<Value> {
    let available: Vec<u64> = call
        .address
        .query
        .iter()
        .filter(|(name, _)| name == "available_locales[]" || name == "available_locales")
        .flat_map(|(_, codes)| codes.split(','))
        .take(MOST_NAMED)
        .filter_map(id_of)
        .collect();
    let read = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let best = read_languages(read.unwrap_or_default())
        .iter()
        .filter_map(|code| id_of(code))
        .find(|id| available.is_empty() || available.contains(id));
    let id = best.or(available.first().copied()).unwrap_or(1);
    Json(json!({ "locale": locale(&call, id) }))
}

/// `GET locales/{id}`: by its number or its code.
pub(super) async fn show(call: Call, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    let id = id.parse().ok().or_else(|| id_of(&id));
    let found = id.and_then(|id| locale(&call, id));
    Ok(Json(json!({ "locale": found.ok_or(ApiError::Missing)? })))
}

/// All ids.
pub(super) fn ids() -> Vec<u64> {
    (1..=LANGUAGES.len() as u64).collect()
}

/// The code of an id.
pub(crate) fn code_of(id: u64) -> Option<&'static str> {
    let place = usize::try_from(id.checked_sub(1)?).ok()?;
    LANGUAGES.get(place).map(|(code, ..)| *code)
}

/// The id of a code; that of its language where the code says more.
fn id_of(code: &str) -> Option<u64> {
    let code = code.trim().replace('_', "-").to_lowercase();
    let language = code.split('-').next()?;
    let is = |wanted: &str| {
        LANGUAGES
            .iter()
            .position(|(known, ..)| known.to_lowercase() == wanted)
    };
    let of_language = || {
        LANGUAGES
            .iter()
            .position(|(known, ..)| known.split('-').next() == Some(language))
    };
    is(&code).or_else(of_language).map(|place| place as u64 + 1)
}

/// The languages of an `Accept-Language` header (RFC 9110, section 12.5.4), the most wanted first.
fn read_languages(header: &str) -> Vec<String> {
    let mut named: Vec<(f32, String)> = header
        .split(',')
        .take(MOST_NAMED)
        .filter_map(|part| {
            let (code, quality) = part.split_once(";q=").unwrap_or((part, "1"));
            let quality: f32 = quality.trim().parse().ok()?;
            (quality > 0.0).then(|| (quality, code.trim().to_owned()))
        })
        .collect();
    named.sort_by(|left, right| right.0.total_cmp(&left.0));
    named.into_iter().map(|(_, code)| code).collect()
}

fn locale(call: &Call, id: u64) -> Option<Value> {
    let place = usize::try_from(id.checked_sub(1)?).ok()?;
    let (code, name, native_name) = LANGUAGES.get(place)?;
    Some(json!({
        "id": id,
        "url": call.address.resource(&format!("/locales/{id}")),
        "locale": code,
        "name": name,
        "native_name": native_name,
        "presentation_name": format!("{name} - {native_name}"),
        "default": *code == DEFAULT,
        "rtl": FROM_RIGHT_TO_LEFT.contains(code),
        "created_at": null,
        "updated_at": null,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_leads_to_its_language() {
        assert_eq!(id_of("en-us"), Some(1));
        assert_eq!(id_of("en-GB"), Some(1));
        assert_eq!(id_of("pt_BR"), id_of("pt"));
        assert_eq!(id_of("xx"), None);
    }

    #[test]
    fn the_most_wanted_language_comes_first() {
        assert_eq!(
            read_languages("fr;q=0.5, de, en;q=0.8, it;q=0"),
            ["de", "en", "fr"]
        );
        assert!(read_languages("").is_empty());
    }
}

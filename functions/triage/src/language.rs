//! In which language somebody writes.

use whatlang::{Lang, detect};

/// Fewest letters whose language is told. Of shorter texts half are names and greetings, which prove nothing.
const FEWEST_LETTERS: usize = 24;
/// Most bytes that are looked at: what follows makes it no surer.
const MOST_BYTES: usize = 4 * 1024;

/// The language of a text as a BCP 47 tag; nothing where it is too short, or two languages fit it.
pub fn language_of(text: &str) -> Option<&'static str> {
    let words = prose(text);
    let letters = words.chars().filter(|c| c.is_alphabetic()).count();
    if letters < FEWEST_LETTERS {
        return None;
    }
    let found = detect(&words)?;
    found.is_reliable().then(|| tag(found.lang()))
}

/// The words of a text that belong to a language: without addresses, links, paths, numbers and names of fields.
fn prose(text: &str) -> String {
    let mut prose = String::new();
    for word in text.split_whitespace() {
        if word.contains(['@', '/', '\\', '_', '<', '>', '{', '}', '=']) || word.contains(char::is_numeric) {
            continue;
        }
        if prose.len() + word.len() > MOST_BYTES {
            break;
        }
        prose.push_str(word);
        prose.push(' ');
    }
    prose
}

/// The shortest code of a language, as BCP 47 wants it (RFC 5646, section 2.2.1), by the registry of subtags.
fn tag(lang: Lang) -> &'static str {
    const TAGS: [(Lang, &str); 70] = [
        (Lang::Afr, "af"),
        (Lang::Aka, "ak"),
        (Lang::Amh, "am"),
        (Lang::Ara, "ar"),
        (Lang::Aze, "az"),
        (Lang::Bel, "be"),
        (Lang::Ben, "bn"),
        (Lang::Bul, "bg"),
        (Lang::Cat, "ca"),
        (Lang::Ces, "cs"),
        (Lang::Cmn, "zh"),
        (Lang::Cym, "cy"),
        (Lang::Dan, "da"),
        (Lang::Deu, "de"),
        (Lang::Ell, "el"),
        (Lang::Eng, "en"),
        (Lang::Epo, "eo"),
        (Lang::Est, "et"),
        (Lang::Fin, "fi"),
        (Lang::Fra, "fr"),
        (Lang::Guj, "gu"),
        (Lang::Heb, "he"),
        (Lang::Hin, "hi"),
        (Lang::Hrv, "hr"),
        (Lang::Hun, "hu"),
        (Lang::Hye, "hy"),
        (Lang::Ind, "id"),
        (Lang::Ita, "it"),
        (Lang::Jav, "jv"),
        (Lang::Jpn, "ja"),
        (Lang::Kan, "kn"),
        (Lang::Kat, "ka"),
        (Lang::Khm, "km"),
        (Lang::Kor, "ko"),
        (Lang::Lat, "la"),
        (Lang::Lav, "lv"),
        (Lang::Lit, "lt"),
        (Lang::Mal, "ml"),
        (Lang::Mar, "mr"),
        (Lang::Mkd, "mk"),
        (Lang::Mya, "my"),
        (Lang::Nep, "ne"),
        (Lang::Nld, "nl"),
        (Lang::Nob, "nb"),
        (Lang::Ori, "or"),
        (Lang::Pan, "pa"),
        (Lang::Pes, "fa"),
        (Lang::Pol, "pl"),
        (Lang::Por, "pt"),
        (Lang::Ron, "ro"),
        (Lang::Rus, "ru"),
        (Lang::Sin, "si"),
        (Lang::Slk, "sk"),
        (Lang::Slv, "sl"),
        (Lang::Sna, "sn"),
        (Lang::Spa, "es"),
        (Lang::Srp, "sr"),
        (Lang::Swe, "sv"),
        (Lang::Tam, "ta"),
        (Lang::Tel, "te"),
        (Lang::Tgl, "tl"),
        (Lang::Tha, "th"),
        (Lang::Tuk, "tk"),
        (Lang::Tur, "tr"),
        (Lang::Ukr, "uk"),
        (Lang::Urd, "ur"),
        (Lang::Uzb, "uz"),
        (Lang::Vie, "vi"),
        (Lang::Yid, "yi"),
        (Lang::Zul, "zu"),
    ];
    let known = TAGS.iter().find(|(other, _)| *other == lang);
    known.map_or_else(|| lang.code(), |(_, tag)| tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_of_plain_mails_are_told() {
        for (text, language) in [
            (
                "Hello, the printer on the second floor prints every page twice since this morning. Could you have a \
                 look at it?",
                "en",
            ),
            (
                "Guten Tag, der Drucker im zweiten Stock druckt seit heute Morgen jede Seite doppelt. Können Sie sich \
                 das bitte ansehen?",
                "de",
            ),
            (
                "Bonjour, depuis ce matin l'imprimante du deuxième étage imprime chaque page deux fois. Pouvez-vous y \
                 jeter un coup d'œil ?",
                "fr",
            ),
            (
                "Buenos días, desde esta mañana la impresora del segundo piso imprime cada página dos veces. ¿Pueden \
                 revisarla, por favor?",
                "es",
            ),
            (
                "您好，二楼的打印机从今天早上开始每页都打印两次，请帮忙看一下，谢谢您的帮助。",
                "zh",
            ),
        ] {
            assert_eq!(language_of(text), Some(language), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_too_short_has_none() {
        assert_eq!(language_of(""), None);
        assert_eq!(language_of("Hallo Herr Meier"), None);
    }

    #[test]
    fn what_belongs_to_no_language_is_not_looked_at() {
        let error =
            "ERR_CONNECTION_REFUSED=1 https://desk.example.com/orders/new 2026-11-26T08:00 C:\\Windows\\x";
        assert_eq!(prose(error), "");
        let german =
            format!("{error} Der Drucker im zweiten Stock druckt seit heute Morgen jede Seite doppelt.");
        assert_eq!(language_of(&german), Some("de"));
    }

    #[test]
    fn every_language_that_can_be_told_has_a_code_of_two_letters() {
        for lang in Lang::all() {
            assert_eq!(tag(*lang).len(), 2, "{lang}");
        }
    }
}

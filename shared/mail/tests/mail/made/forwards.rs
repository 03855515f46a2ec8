//! A mail passed on that is made up.

use super::dice::Dice;
use super::layouts::OUTLOOK;
use super::openings::FORWARDED;
use super::parties::Person;
use super::replies::header_lines;
use super::words::words;

/// A mail that passes another one on, and who wrote that one.
pub struct MadeForward {
    pub made_by: String,
    pub subject: String,
    pub text: String,
    pub author: Person,
    pub original_subject: &'static str,
}

/// What the subject of a mail passed on begins with, by language.
const PREFIXES: &[&str] = &[
    "FW: ", "Fwd: ", "WG: ", "TR: ", "RV: ", "I: ", "VB: ", "VL: ", "ENC: ", "PD: ", "İLT: ",
];

/// The forward that a seed makes.
pub fn forward(seed: u64) -> MadeForward {
    let mut dice = Dice::new(seed);
    let author = Person::any(&mut dice);
    let original_subject = *dice.pick(&["Order 4711", "Пожалуйста", "Re: Frage: Lieferung?", "請求書"]);
    let note = dice.one_in(2);
    let prefix = *dice.pick(PREFIXES);
    let (made_by, separator, language, lines) = if dice.one_in(3) {
        let labels = dice.pick(OUTLOOK);
        let lines = header_lines(labels, &author, original_subject, &mut dice);
        (format!("Outlook {}", labels.language), "", labels.language, lines)
    } else {
        let layout = dice.pick(FORWARDED);
        let language = layout.labels.language;
        let lines = header_lines(&layout.labels, &author, original_subject, &mut dice);
        (
            format!("{} {language}", layout.program),
            layout.separator,
            language,
            lines,
        )
    };
    let prefix = if matches!(language, "da" | "no") {
        "VS: "
    } else {
        prefix
    };
    let said = words(language);
    let note = if note {
        format!("{}\n\n", said.reply[0])
    } else {
        String::new()
    };
    let gap = if separator.ends_with([':', '：']) {
        "\n\n"
    } else {
        "\n"
    };
    let separator = if separator.is_empty() {
        String::new()
    } else {
        format!("{separator}{gap}")
    };
    let passed_on = format!("{separator}{}\n\n{}", lines.join("\n"), said.quoted.join("\n\n"));
    let is_marked = !separator.is_empty() && !separator.starts_with('>') && dice.one_in(6);
    let passed_on = if is_marked {
        passed_on.replace('\n', "\n> ")
    } else {
        passed_on
    };
    MadeForward {
        made_by,
        subject: format!("{prefix}{original_subject}"),
        text: format!("{note}{passed_on}"),
        author,
        original_subject,
    }
}

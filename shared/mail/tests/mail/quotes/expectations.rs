//! What the origins state, read from their different shapes.

use std::collections::BTreeSet;
use std::path::Path;

use docket_mail::{InboundMail, Part, fold, fold_mail, html_to_text, read};
use serde_json::Value;

/// One case and how it went.
pub struct CaseReport {
    pub origin: &'static str,
    pub case: String,
    /// Expected and seen, when they differ.
    pub difference: Option<String>,
}

/// All cases of a folder.
pub fn all(folder: &Path) -> Vec<CaseReport> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        names.insert(entry.unwrap().file_name().into_string().unwrap());
    }
    let mut outcomes = Vec::new();
    for name in &names {
        if let Some(stem) = input_stem(name) {
            outcomes.extend(file_outcomes(folder, name, stem, &names));
        }
    }
    inline(folder, "talon-inline-cases.jsonl", &mut outcomes, talon_inline);
    inline(folder, "quotequail-inline-cases.jsonl", &mut outcomes, quotequail);
    outcomes
}

/// The name without its ending, for files that are folded and no expectations.
fn input_stem(name: &str) -> Option<&str> {
    let (stem, ending) = name.rsplit_once('.')?;
    let expectation = [
        ".visible",
        ".elided",
        ".before",
        ".embedded",
        ".signature",
        ".sender",
        ".expected",
    ];
    let input =
        matches!(ending, "txt" | "eml" | "html") && !expectation.iter().any(|end| stem.ends_with(end));
    input.then_some(stem)
}

fn file_outcomes(folder: &Path, name: &str, stem: &str, names: &BTreeSet<String>) -> Vec<CaseReport> {
    let text = input(folder, name);
    let expected = |ending: &str| {
        let file = format!("{stem}.{ending}");
        names
            .contains(&file)
            .then(|| std::fs::read_to_string(folder.join(file)).unwrap())
    };
    let folded = Folded::of(&text);
    let outcome = |suffix: &str, difference| CaseReport {
        origin: origin(name),
        case: format!("{name}{suffix}"),
        difference,
    };
    let mut outcomes = Vec::new();
    if let Some(visible) = expected("visible.txt") {
        let elided = expected("elided.txt").and_then(|elided| differs_but_for_marks(&elided, &folded.folded));
        outcomes.push(outcome("", differs(&visible, &folded.shown).or(elided)));
    }
    if let Some(before) = expected("before.txt") {
        let embedded = expected("embedded.txt").unwrap();
        let whole = format!("{before}\n{embedded}");
        let difference = differs_but_for_marks(&whole, &format!("{}\n{}", folded.new, folded.embedded()));
        outcomes.push(outcome(" before and embedded", difference));
    }
    if let Some(signature) = expected("signature.txt") {
        outcomes.push(outcome("", differs(&signature, &folded.signature)));
    }
    if let Some(stated) = expected("expected.json") {
        let stated: Value = serde_json::from_str(&stated).unwrap();
        if let Some(cases) = stated["cases"].as_array() {
            for (number, case) in cases.iter().enumerate() {
                outcomes.push(outcome(&suffix(number), forward(&text, case)));
            }
        } else if let Some(difference) = stated_reply(&stated, &folded) {
            outcomes.push(outcome("", difference));
        }
    }
    outcomes
}

fn suffix(number: usize) -> String {
    if number == 0 {
        String::new()
    } else {
        format!(" {number}")
    }
}

fn origin(name: &str) -> &'static str {
    let origins = [
        "crisp",
        "forward",
        "github",
        "talon-html",
        "talon-signature",
        "talon",
        "trimmer",
        "willdurand",
        "zapier",
    ];
    origins
        .into_iter()
        .find(|origin| name.starts_with(&format!("{origin}__")))
        .unwrap()
}

fn input(folder: &Path, name: &str) -> String {
    let raw = std::fs::read(folder.join(name)).unwrap();
    if name.ends_with(".eml") {
        return read(&raw, None).unwrap().text;
    }
    let text = String::from_utf8_lossy(&raw).into_owned();
    if name.ends_with(".html") {
        html_to_text(&text)
    } else {
        text
    }
}

/// What became of a text, by part.
struct Folded {
    shown: String,
    folded: String,
    new: String,
    signature: String,
    quoted: String,
    forwarded: String,
}

impl Folded {
    fn of(text: &str) -> Self {
        Self::with_subject(text, "")
    }

    fn with_subject(text: &str, subject: &str) -> Self {
        let mail = InboundMail {
            subject: subject.to_owned(),
            text: text.to_owned(),
            ..InboundMail::default()
        };
        let spans = if subject.is_empty() {
            fold(text)
        } else {
            fold_mail(&mail)
        };
        let of = |wanted: &dyn Fn(Part) -> bool| {
            spans
                .iter()
                .filter(|span| wanted(span.part))
                .map(|span| span.of(text))
                .collect()
        };
        Self {
            shown: of(&|part| !part.is_folded()),
            folded: of(&|part| part.is_folded()),
            new: of(&|part| part == Part::New),
            signature: of(&|part| part == Part::Signature),
            quoted: of(&|part| part == Part::Quote),
            forwarded: of(&|part| part == Part::Forward),
        }
    }

    /// The other mail in this one, without the line that announces it.
    fn embedded(&self) -> String {
        let other = if self.forwarded.is_empty() {
            &self.quoted
        } else {
            &self.forwarded
        };
        let announces = |line: &&str| {
            let line = line.trim_matches(['>', ' ', '-', '_']);
            !line.is_empty() && !line.starts_with("Forwarded message") && !line.starts_with("Begin forwarded")
        };
        let lines: Vec<&str> = other.lines().collect();
        let first = lines.iter().position(announces).unwrap_or(0);
        lines[first..].join("\n")
    }
}

/// A reply whose origin's test states something, else what a parser makes of it.
fn stated_reply(stated: &Value, folded: &Folded) -> Option<Option<String>> {
    let test = &stated["stated_by_test"];
    let first = test["first_fragment"]
        .as_str()
        .or_else(|| test["first_fragment_trimmed"].as_str());
    if let Some(expected) = test
        .as_str()
        .filter(|_| stated["reference_output_of_npm_email_reply_parser_2.3.9"].is_object())
        .or(first)
    {
        return Some(differs(expected, &folded.shown));
    }
    let references: Vec<&str> = stated
        .as_object()
        .unwrap()
        .iter()
        .filter(|(key, _)| key.starts_with("reference_output"))
        .filter_map(|(_, output)| output["visible_text"].as_str().or(output.as_str()))
        .collect();
    let differences: Vec<Option<String>> = references
        .iter()
        .map(|expected| differs(expected, &folded.shown))
        .collect();
    if differences.iter().any(Option::is_none) {
        return Some(None);
    }
    differences.into_iter().next()
}

/// A forwarded mail: the note above is new, the rest is shown. One that is a reply has the earlier mail folded.
fn forward(text: &str, case: &Value) -> Option<String> {
    let folded = Folded::with_subject(text, case["subject"].as_str().unwrap_or_default());
    let result = &case["result"];
    if result["forwarded"] == false {
        let folds = !folded.quoted.is_empty() && folded.forwarded.is_empty();
        return (!folds).then(|| "a reply's quote is to be folded".to_owned());
    }
    let body = result["email"]["body"].as_str().unwrap_or_default();
    if !squeezed(&folded.shown.replace('>', "")).contains(&squeezed(&body.replace('>', ""))) {
        return Some(format!("not shown: {body}"));
    }
    match result["message"].as_str() {
        Some(note) => differs(note, &folded.new),
        None if folded.new.trim().is_empty() || folded.forwarded.is_empty() => None,
        None => Some(format!("no note expected, seen {}", folded.new)),
    }
}

/// Origin and difference.
type Judged = (&'static str, Option<String>);

fn inline(folder: &Path, list: &str, outcomes: &mut Vec<CaseReport>, judge: fn(&Value) -> Option<Judged>) {
    for line in std::fs::read_to_string(folder.join(list))
        .unwrap_or_default()
        .lines()
    {
        let case: Value = serde_json::from_str(line).unwrap();
        if let Some((origin, difference)) = judge(&case) {
            outcomes.push(CaseReport {
                origin,
                case: case["id"].as_str().unwrap().to_owned(),
                difference,
            });
        }
    }
}

fn talon_inline(case: &Value) -> Option<Judged> {
    let (input, expected) = (case["input"].as_str()?, case["expected"].as_str()?);
    if case["function"] == "extract_from_html" {
        let folded = Folded::of(&html_to_text(input));
        return Some((
            "talon inline",
            differs_but_for_marks(&html_to_text(expected), &folded.shown),
        ));
    }
    Some(("talon inline", differs(expected, &Folded::of(input).shown)))
}

fn quotequail(case: &Value) -> Option<Judged> {
    let html = case["html"].as_str().map(html_to_text);
    let text = html.as_deref().or_else(|| case["text"].as_str())?;
    let folded = Folded::of(text);
    if let Some(pieces) = case["expected_quote_intro_line"].as_array() {
        let visible: Vec<&str> = pieces
            .iter()
            .filter(|piece| piece[0] == true)
            .filter_map(|piece| piece[1].as_str())
            .collect();
        let visible = if html.is_some() {
            html_to_text(&visible.concat())
        } else {
            visible.concat()
        };
        return Some(("quotequail", differs_but_for_marks(&visible, &folded.shown)));
    }
    let expected = &case["expected"];
    if expected.is_null() {
        return Some(("quotequail", differs(text, &folded.shown)));
    }
    let ends = ["text_top", "text_bottom"]
        .map(|end| expected[end].as_str().unwrap_or_default())
        .join("\n");
    // Without a note the mail is shown whole, as a forward or as it is.
    let own = if folded.forwarded.is_empty() && ends.trim().is_empty() {
        ""
    } else {
        &folded.new
    };
    Some((
        "quotequail",
        differs(&ends, &format!("{own}\n{}", folded.signature)),
    ))
}

fn differs(expected: &str, seen: &str) -> Option<String> {
    let collapsed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    (collapsed(expected) != collapsed(seen))
        .then(|| format!("  expected: {expected:?}\n  seen:     {seen:?}"))
}

/// As [`differs`], all white space, quote marks and rules left out.
fn differs_but_for_marks(expected: &str, seen: &str) -> Option<String> {
    let bare = |text: &str| squeezed(&text.replace(['>', '|', '_'], ""));
    (bare(expected) != bare(seen)).then(|| format!("  expected: {expected:?}\n  seen:     {seen:?}"))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

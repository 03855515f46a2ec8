//! Every text that is said has its German, and no German stands there that nobody says.

use super::catalogue::{Catalogue, GERMAN_PO};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Texts, each with the one for other numbers where there is one.
type Said = BTreeMap<String, Option<String>>;

/// Attributes that are read to people.
const READ_OUT: [&str; 5] = ["aria-label", "title", "placeholder", "alt", "data-palette"];
/// Blocks of templates that name classes.
const CLASSES: [&str; 2] = ["{% block rail %}", "{% block page %}"];

/// The files of a folder of this crate, with their texts.
fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// A file of code without its tests.
fn without_tests((path, text): (PathBuf, String)) -> String {
    let is_tests = path.ends_with("language/ids.rs") || path.to_string_lossy().ends_with("_tests.rs");
    match text.split("#[cfg(test)]\nmod tests").next() {
        Some(code) if !is_tests => code.to_owned(),
        _ => String::new(),
    }
}

/// A literal that a text begins with, and what stands behind it.
fn literal(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut said = String::new();
    let mut letters = inner.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((said, &inner[at + 1..])),
            '\\' => match letters.next()?.1 {
                'n' => said.push('\n'),
                same @ ('"' | '\\') => said.push(same),
                other => panic!("\\{other} in a text that is said: {text:.80}"),
            },
            letter => said.push(letter),
        }
    }
    None
}

/// The literals that calls such as `t!(` begin with.
fn calls(source: &str, call: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices(call) {
        if source[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.')) {
            continue;
        }
        let mut literals = Vec::new();
        let mut rest = source[at + call.len()..].trim_start();
        while let Some((said, behind)) = literal(rest) {
            literals.push(said);
            rest = behind
                .trim_start()
                .strip_prefix(',')
                .unwrap_or_default()
                .trim_start();
        }
        if !literals.is_empty() {
            found.push(literals);
        }
    }
    found
}

/// All that is said in code, templates and script.
fn said() -> Said {
    let mut said = Said::new();
    let code = files("src", ".rs").into_iter().map(without_tests);
    let templates = files("templates", ".html").into_iter().map(|(_, text)| text);
    for source in code.chain(templates) {
        for literals in calls(&source, "t!(") {
            said.insert(literals[0].clone(), None);
        }
        for literals in calls(&source, "tn!(") {
            said.insert(literals[0].clone(), Some(literals[1].clone()));
        }
    }
    for (_, script) in files("assets/script", ".js") {
        for literals in calls(&script, "t(") {
            said.insert(literals[0].clone(), None);
        }
    }
    said
}

/// The places of a text.
fn places(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts.filter_map(|part| part.split('}').next()).collect()
}

#[test]
fn every_text_has_its_german_and_none_stands_there_for_nothing() {
    let said = said();
    assert!(said.len() > 500, "{} texts are found", said.len());
    let german = Catalogue::read(GERMAN_PO);
    let known: BTreeSet<&str> = german.all().map(|(id, _)| id).collect();
    let missing: Vec<&String> = said.keys().filter(|id| !known.contains(id.as_str())).collect();
    assert_eq!(missing, Vec::<&String>::new(), "has no German");
    let unused: Vec<&str> = known.into_iter().filter(|id| !said.contains_key(*id)).collect();
    assert_eq!(unused, Vec::<&str>::new(), "is said nowhere");
    let entries = GERMAN_PO
        .lines()
        .filter(|line| line.starts_with("msgid \""))
        .count();
    assert_eq!(entries, said.len() + 1, "each once, and the header");
}

#[test]
fn german_has_the_places_that_english_has() {
    let german = Catalogue::read(GERMAN_PO);
    for (id, other) in said() {
        let (_, forms) = german.all().find(|(known, _)| *known == id).unwrap();
        assert!(forms.iter().all(|form| !form.trim().is_empty()), "{id}");
        match &other {
            None => {
                assert_eq!(forms.len(), 1, "{id}");
                assert_eq!(places(&forms[0]), places(&id), "{id}");
            }
            Some(other) => {
                assert_eq!(forms.len(), 2, "{id}");
                assert_eq!(places(&forms[1]), places(other), "{id}");
                // One may be told without a figure.
                let all = places(other);
                assert!(places(&forms[0]).is_subset(&all), "{id}");
                let said = places(&forms[0]);
                let lacking: Vec<&&str> = all.difference(&said).collect();
                assert!(
                    lacking.iter().all(|place| **place == "count"),
                    "{id}: {lacking:?}"
                );
            }
        }
    }
}

/// What stands outside of such a pair.
fn outside(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(open) {
        kept.push_str(before);
        rest = behind.split_once(close).map_or("", |(_, after)| after);
    }
    kept + rest
}

fn has_words(text: &str) -> bool {
    let letters: Vec<bool> = text.chars().map(char::is_alphabetic).collect();
    letters.windows(2).any(|pair| pair[0] && pair[1])
}

/// Words of a template that no catalogue knows.
fn raw_words(template: &str) -> Vec<String> {
    let mut text = template.to_owned();
    for class in CLASSES {
        text = outside(&text, class, "{% endblock %}");
    }
    for (open, close) in [
        ("<!--", "-->"),
        ("{#", "#}"),
        ("{{", "}}"),
        ("{%", "%}"),
        ("<kbd>", "</kbd>"),
    ] {
        text = outside(&text, open, close);
    }
    let mut raw = Vec::new();
    for tag in text.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        for attribute in READ_OUT {
            let start = format!(" {attribute}=\"");
            let value = tag
                .split_once(&start)
                .and_then(|(_, value)| value.split('"').next());
            raw.extend(value.filter(|value| has_words(value)).map(str::to_owned));
        }
    }
    let nodes = text
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, node)| node));
    raw.extend(
        nodes
            .filter(|node| has_words(node))
            .map(|node| node.trim().to_owned()),
    );
    raw
}

#[test]
fn no_word_stands_in_a_template_that_no_catalogue_knows() {
    for (path, template) in files("templates", ".html") {
        assert_eq!(raw_words(&template), Vec::<String>::new(), "{}", path.display());
    }
}

#[test]
fn a_word_that_was_forgotten_is_seen() {
    let template =
        "<p title=\"Why\">{{ t!(\"Known\") }} and <b aria-label=\"{{ name }}\">so</b> <kbd>Ctrl</kbd></p>";
    assert_eq!(raw_words(template), ["Why", "and", "so"]);
}

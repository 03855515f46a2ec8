//! Section `templates`, and the texts of rules.

use super::{Work, lookup::problem_in_text};
use crate::{
    problem::{Path, hint},
    sections::{TemplateEntry, TextEntry, WordsEntry},
    tree::Data,
};
use docket_domain::rule::{Template, TemplateText, Text, TextError};
use docket_rules::{TextWrong, check_text};
use std::collections::BTreeMap;

/// The templates of a file.
pub(super) fn templates(work: &mut Work<'_>, entries: &BTreeMap<String, TemplateEntry>) -> Vec<Template> {
    let section = Path::default().key("templates");
    let mut found = Vec::with_capacity(entries.len());
    for (name, entry) in entries {
        let path = section.key(name);
        let before = work.problems.len();
        let texts = entry.texts.iter().map(|(language, words)| {
            let text = self::words(work, words, &path.key("texts").key(language));
            (language.clone(), text)
        });
        let texts: BTreeMap<String, TemplateText> = texts.collect();
        let template = Template {
            name: name.clone(),
            default_language: default_language(work, entry, &path),
            texts,
        };
        // What is wrong with one text would be told again.
        if work.problems.len() == before
            && let Err(error) = template.check()
        {
            let (path, message) = placed(&error, entry, &path);
            work.problem(&path, message);
        }
        found.push(template);
    }
    found
}

fn default_language(work: &mut Work<'_>, entry: &TemplateEntry, path: &Path) -> String {
    match (&entry.default_language, entry.texts.first_key_value()) {
        (Some(language), _) => language.clone(),
        (None, Some((only, _))) if entry.texts.len() == 1 => only.clone(),
        (None, None) => String::new(),
        (None, Some(_)) => {
            let message =
                "there are several languages; say with `default_language` which one is for everybody else";
            work.problem(path, message);
            String::new()
        }
    }
}

fn placed(error: &TextError, entry: &TemplateEntry, path: &Path) -> (Path, String) {
    match error {
        TextError::Languages(_) => (path.key("texts"), error.to_string()),
        TextError::NoDefault(language) => {
            let hint = hint(language, entry.texts.keys().map(String::as_str));
            (path.key("default_language"), format!("{error}{hint}"))
        }
        TextError::Name(_) | TextError::Subject(_) | TextError::Body(_) => (path.clone(), error.to_string()),
    }
}

/// What an action writes.
pub(super) fn text(work: &mut Work<'_>, entry: &TextEntry, path: &Path) -> Text {
    match entry {
        TextEntry::Words(words) => Text::Own(self::words(work, words, path)),
        TextEntry::Template(name) => {
            let written = work.written.file.templates.as_ref();
            let known: Vec<&str> = match written {
                Some(entries) => entries.keys().map(String::as_str).collect(),
                None => work
                    .base
                    .rules
                    .templates
                    .iter()
                    .map(|template| template.name.as_str())
                    .collect(),
            };
            if !known.contains(&name.as_str()) {
                let hint = hint(name, known);
                let message = format!("no template is called {name:?}{hint}");
                work.problem(&path.key("template"), message);
            }
            Text::Template(name.clone())
        }
    }
}

/// A text that stands in the file.
fn words(work: &mut Work<'_>, words: &WordsEntry, path: &Path) -> TemplateText {
    let text = TemplateText {
        subject: words.subject.clone(),
        body: words.text.clone(),
    };
    // A text without a subject may stand where the map of both would.
    let is_map = matches!(work.written.tree.follow(path).data, Data::Map(_));
    let body_path = if is_map { path.key("text") } else { path.clone() };
    match text.check() {
        Err(error @ TextError::Subject(_)) => work.problem(&path.key("subject"), error.to_string()),
        Err(error) => work.problem(&body_path, error.to_string()),
        Ok(()) => {
            if let Some(subject) = &text.subject {
                check(work, subject, &path.key("subject"));
            }
            check(work, &text.body, &body_path);
        }
    }
    text
}

/// Checks what a subject or a text shows.
fn check(work: &mut Work<'_>, source: &str, path: &Path) {
    let alone = TemplateText {
        subject: None,
        body: source.to_owned(),
    };
    let Err(wrong) = check_text(&alone) else {
        return;
    };
    let place = match &wrong {
        TextWrong::Unknown(name) => place_of(source, name),
        TextWrong::Invalid { line, .. } => line.map(|line| (line, first_column(source, line))),
        TextWrong::TooLong => None,
    };
    let message = match &wrong {
        TextWrong::Invalid { what, .. } => what.clone(),
        other => other.to_string(),
    };
    let is_told = place.is_some_and(|(line, column)| problem_in_text(work, path, line, column, &message));
    if !is_told {
        work.problem(path, wrong.to_string());
    }
}

/// Line and column of a name in a text, both from 1; nothing where it is written in another way.
fn place_of(source: &str, name: &str) -> Option<(usize, usize)> {
    source.lines().enumerate().find_map(|(at, line)| {
        let found = line.find(name)?;
        Some((at + 1, line[..found].chars().count() + 1))
    })
}

/// The column at which a line begins.
fn first_column(source: &str, line: usize) -> usize {
    let line = source.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    1 + line.chars().take_while(|c| c.is_whitespace()).count()
}

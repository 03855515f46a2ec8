//! What a stranger reads: short where it begins, with links that lead somewhere, each document for somebody.

use docket_tests::template::repository;
use std::path::{Path, PathBuf};

/// What a newcomer reads in ten minutes.
const MOST_LINES_OF_README: usize = 200;

/// All documents of the repository, with their texts.
fn documents() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![repository()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "target" && name != "node_modules" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(".md") {
                found.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

/// A text without its blocks and words of code.
fn prose(text: &str) -> String {
    let blocks = text.split("```").step_by(2).collect::<String>();
    blocks.split('`').step_by(2).collect()
}

/// The anchors of a document's headings.
fn anchors(text: &str) -> Vec<String> {
    let outside = text.split("```").step_by(2).collect::<String>();
    let headings = outside.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>()
    };
    headings.map(anchor).collect()
}

/// Where the links of a document lead that lead within the repository.
fn links(text: &str) -> Vec<String> {
    let text = prose(text);
    let mut found = Vec::new();
    for rest in text.split("](").skip(1) {
        let target = rest.split(')').next().unwrap_or_default();
        if !target.contains("://") && !target.starts_with("mailto:") {
            found.push(target.to_owned());
        }
    }
    found
}

fn leads_nowhere(from: &Path, text: &str, link: &str) -> bool {
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() {
        from.to_owned()
    } else {
        from.parent().unwrap().join(file)
    };
    if !target.exists() {
        return true;
    }
    let there = if file.is_empty() {
        text.to_owned()
    } else {
        std::fs::read_to_string(&target).unwrap_or_default()
    };
    !anchor.is_empty() && !anchors(&there).iter().any(|known| known == anchor)
}

#[test]
fn the_readme_is_read_in_ten_minutes() {
    let text = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let lines = text.lines().count();
    assert!(lines <= MOST_LINES_OF_README, "{lines} lines");
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let mut dead = Vec::new();
    for (path, text) in documents() {
        let links = links(&text)
            .into_iter()
            .filter(|link| leads_nowhere(&path, &text, link));
        dead.extend(links.map(|link| format!("{}: {link}", path.display())));
    }
    assert_eq!(dead, Vec::<String>::new());
}

#[test]
fn a_link_that_leads_nowhere_is_seen() {
    let readme = repository().join("README.md");
    let text = "# A tour\n\n[there](docs/README.md) [here](#a-tour) [lost](docs/none.md) [gone](#nothing)";
    let found: Vec<String> = links(text)
        .into_iter()
        .filter(|link| leads_nowhere(&readme, text, link))
        .collect();
    assert_eq!(found, ["docs/none.md", "#nothing"]);
}

#[test]
fn each_document_says_for_whom_it_is_and_stands_in_the_index() {
    let docs = repository().join("docs");
    let index = std::fs::read_to_string(docs.join("README.md")).unwrap();
    for reader in ["operators", "agents", "integrators", "engineers"] {
        for (path, text) in documents() {
            let Ok(name) = path.strip_prefix(docs.join(reader)) else {
                continue;
            };
            let link = format!("{reader}/{}", name.display());
            assert!(index.contains(&link), "docs/README.md does not name {link}");
            let opening: String = text.lines().skip(1).take(4).collect();
            assert!(
                opening.contains(&format!("For {reader}")),
                "{link} does not say for whom it is"
            );
        }
    }
}

#[test]
fn every_path_that_the_architecture_names_is_there() {
    let root = repository();
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let words = text.split('`').skip(1).step_by(2);
    let is_path = |word: &&str| {
        let starts = [
            "shared/",
            "functions/",
            "tests/",
            "local/",
            "cli/",
            "infra/",
            "docs/",
        ];
        starts.iter().any(|start| word.starts_with(start)) && !word.contains(['*', '{', ' ', ','])
    };
    let missing: Vec<&str> = words
        .filter(is_path)
        .filter(|path| !root.join(path).exists())
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

//! Folders and files.

use std::path::{Path, PathBuf};

use docket_tests::template::repository;

/// The map of the repository.
const FOLDERS: [&str; 39] = [
    "functions/email-intake",
    "functions/webhook-intake",
    "functions/triage",
    "functions/assignment",
    "functions/sla-check",
    "functions/projector",
    "functions/index",
    "functions/jobs",
    "functions/search",
    "functions/delivery",
    "functions/egress",
    "functions/relay",
    "functions/api",
    "functions/workspace",
    "shared/domain",
    "shared/conditions",
    "shared/rules",
    "shared/desk-file",
    "shared/mail",
    "shared/oidc",
    "shared/store",
    "shared/desk",
    "shared/intake",
    "shared/projection",
    "shared/search",
    "shared/splits",
    "shared/search-index",
    "shared/lambda",
    "local",
    "local/embedded-aws",
    "cli",
    "infra",
    "events",
    "tests",
    "Cargo.toml",
    "CargoLambda.toml",
    "Cargo.lock",
    "deny.toml",
    "samconfig.toml",
];

/// A file is read from the top: longer than this it hides something. New ones stay under 300.
const MOST_LINES: usize = 500;

/// What a person writes and reads as code. The template, locks and samples are lists, as long as what they list.
const CODE: [&str; 6] = ["rs", "css", "html", "js", "py", "sh"];

/// Files of ours, from the folders of the map.
pub(super) fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["functions", "shared", "local", "cli", "infra", "tests"]
        .map(|folder| repository().join(folder))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy();
            if path.is_dir() && name != "target" && name != "node_modules" && !name.starts_with('.') {
                folders.push(path);
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    found
}

fn code_files() -> impl Iterator<Item = (PathBuf, String)> {
    let is_code = |path: &PathBuf| {
        path.extension()
            .and_then(|ending| ending.to_str())
            .is_some_and(|ending| CODE.contains(&ending))
    };
    files().into_iter().filter(is_code).map(|path| {
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, text)
    })
}

/// Whether a line uses the keyword, leaving out comments, texts and the names of lints.
fn uses_the_keyword(line: &str) -> bool {
    let code = line
        .split("//")
        .next()
        .unwrap_or_default()
        .split('"')
        .next()
        .unwrap_or_default();
    code.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .any(|word| word == concat!("un", "safe"))
}

#[test]
fn every_folder_of_the_map_is_there() {
    let missing: Vec<&str> = FOLDERS
        .into_iter()
        .filter(|folder| !repository().join(folder).exists())
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn no_file_of_ours_is_longer_than_500_lines() {
    let long: Vec<String> = code_files()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn nothing_of_ours_leaves_the_safe_language() {
    let found: Vec<String> = code_files()
        .filter(|(path, _)| path.extension().is_some_and(|ending| ending == "rs"))
        .filter(|(_, text)| text.lines().any(uses_the_keyword))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_keyword_is_seen_in_code_and_not_in_words() {
    let keyword = concat!("un", "safe");
    assert!(uses_the_keyword(&format!("    {keyword} {{ *pointer }}")));
    assert!(!uses_the_keyword(&format!("// {keyword} is forbidden")));
    assert!(!uses_the_keyword(&format!("#![forbid({keyword}_code)]")));
}

#[test]
fn every_function_is_a_library_with_a_thin_main() {
    for folder in FOLDERS.iter().filter(|folder| folder.starts_with("functions/")) {
        let library = repository().join(folder).join("src/lib.rs");
        assert!(library.exists(), "{} is missing", library.display());
        let main = repository().join(folder).join("src/main.rs");
        let text = std::fs::read_to_string(&main).unwrap_or_default();
        let lines = text.lines().count();
        assert!(
            lines <= 60,
            "{} has {lines} lines; wiring is about 25",
            main.display()
        );
        // Its manifest says that no tests are built for it.
        assert!(!text.contains("#[test]"), "{} has tests", main.display());
    }
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let without: Vec<PathBuf> = files()
        .into_iter()
        .filter(|path| path.file_name() == Some(Path::new("Cargo.toml").as_os_str()))
        .filter(|path| {
            !std::fs::read_to_string(path)
                .unwrap()
                .contains("[lints]\nworkspace = true")
        })
        .collect();
    assert_eq!(without, Vec::<PathBuf>::new());
}

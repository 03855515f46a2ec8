//! The crates of the workspace and which of them may know which.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// Why `cargo metadata` gave no map.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// Cargo did not start.
    #[error("cannot run cargo metadata")]
    Run(#[source] std::io::Error),
    /// Cargo refused.
    #[error("cargo metadata failed: {0}")]
    Refused(String),
    /// Cargo's answer is not what is documented.
    #[error("cannot read the answer of cargo metadata")]
    Answer(#[source] serde_json::Error),
}

/// A crate of the workspace.
#[derive(Debug, Clone, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its `Cargo.toml`.
    pub manifest_path: PathBuf,
    /// What it depends on, of every kind.
    pub dependencies: Vec<Dependency>,
}

/// One edge of the map.
#[derive(Debug, Clone, Deserialize)]
pub struct Dependency {
    /// The crate that is depended on.
    pub name: String,
    /// Nothing for an ordinary one, else `dev` or `build`.
    pub kind: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// Asks Cargo for the crates of the workspace at `root`.
///
/// # Errors
///
/// When Cargo cannot be run or does not understand the workspace.
pub fn packages(root: &Path) -> Result<Vec<Package>, MapError> {
    let output = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root)
        .output()
        .map_err(MapError::Run)?;
    if !output.status.success() {
        return Err(MapError::Refused(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout).map_err(MapError::Answer)?;
    Ok(metadata.packages)
}

/// What a crate of ours may depend on, of ours. A function is any crate under `functions/`.
const MAY_KNOW: [(&str, &[&str]); 17] = [
    ("docket-domain", &[]),
    ("docket-mail", &["docket-domain"]),
    (
        "docket-desk-file",
        &[
            "docket-conditions",
            "docket-domain",
            "docket-mail",
            "docket-rules",
        ],
    ),
    ("docket-lambda", &[]),
    ("docket-oidc", &[]),
    ("embedded-aws", &[]),
    ("docket-conditions", &["docket-domain"]),
    ("docket-rules", &["docket-conditions", "docket-domain"]),
    ("docket-search", &["docket-domain"]),
    ("docket-splits", &["docket-search"]),
    ("docket-store", &["docket-domain", "docket-search"]),
    (
        "docket-desk",
        &[
            "docket-conditions",
            "docket-domain",
            "docket-rules",
            "docket-search",
            "docket-store",
        ],
    ),
    ("docket-intake", &["docket-desk", "docket-domain", "docket-mail"]),
    ("docket-projection", &["docket-domain", "docket-store"]),
    (
        "docket-search-index",
        &[
            "docket-domain",
            "docket-projection",
            "docket-search",
            "docket-splits",
            "docket-store",
        ],
    ),
    (
        "function",
        &[
            "docket-desk",
            "docket-conditions",
            "docket-desk-file",
            "docket-domain",
            "docket-intake",
            "docket-lambda",
            "docket-mail",
            "docket-oidc",
            "docket-projection",
            "docket-rules",
            "docket-search",
        ],
    ),
    (
        "docket-local",
        &[
            "docket-desk",
            "docket-store",
            "docket-domain",
            "docket-lambda",
            "docket-mail",
            "docket-projection",
            "docket-search",
            "docket-search-index",
            "embedded-aws",
            "function",
        ],
    ),
];

/// The crates that may name the SDK of AWS: the port, the services that stand in for it, and tests of both.
const KNOW_THE_SDK: [&str; 4] = ["docket-store", "embedded-aws", "docket-local", "docket-tests"];

/// The library of the index, with what belongs to it, and the one crate that may name it.
const LIBRARY_OF_THE_INDEX: &str = "tantivy";
const KNOWS_THE_LIBRARY: &str = "docket-splits";

/// The functions that are infrastructure themselves, and name the store: they fill and empty queues, the spool and the
/// index `due`, send, or keep what is kept beside tickets and answer from it. All others know the desk only.
const KNOW_THE_STORE: [&str; 8] = [
    "delivery",
    "egress",
    "email-intake",
    "index",
    "projector",
    "relay",
    "search",
    "sla-check",
];

/// The one function that knows another: rows of bulk calls are done by the very handlers that answer single calls.
const DOES_THE_ROWS_OF: (&str, &str) = ("jobs", "api");

/// The functions that have the index of the search. All others ask for it through the desk.
const KNOW_THE_INDEX: [&str; 2] = ["index", "search"];

/// Names every edge that points the wrong way.
#[must_use]
pub fn wrong_edges(packages: &[Package]) -> Vec<String> {
    let functions: BTreeSet<&str> = packages
        .iter()
        .filter(|p| is_function(p))
        .map(|p| p.name.as_str())
        .collect();
    let ours: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut wrong = Vec::new();
    for package in packages {
        let class = class_of(&package.name, &functions);
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let is_test_only = dependency.kind.as_deref() == Some("dev");
            let is_allowed = if name.starts_with("aws-sdk-") {
                KNOW_THE_SDK.contains(&package.name.as_str())
            } else if name.starts_with(LIBRARY_OF_THE_INDEX) {
                package.name == KNOWS_THE_LIBRARY
            } else if class == "function" && name == "docket-search-index" {
                is_test_only || KNOW_THE_INDEX.contains(&package.name.as_str())
            } else if class == "function" && name == "docket-store" {
                is_test_only || KNOW_THE_STORE.contains(&package.name.as_str())
            } else if (package.name.as_str(), name) == DOES_THE_ROWS_OF {
                true
            } else if ours.contains(name) && name != package.name {
                may_know(class, class_of(name, &functions), is_test_only)
            } else {
                true
            };
            if !is_allowed {
                wrong.push(format!("{} must not depend on {name}", package.name));
            }
        }
    }
    wrong
}

/// A crate that the table does not list (the command, the tests) stands at the top and may know all.
fn may_know(class: &str, other: &str, is_test_only: bool) -> bool {
    match MAY_KNOW.iter().find(|(name, _)| *name == class) {
        None => true,
        // A function's tests may stand on the embedded AWS.
        Some(("function" | "docket-store" | "docket-desk", _)) if is_test_only && other == "embedded-aws" => {
            true
        }
        Some((_, known)) => known.contains(&other),
    }
}

fn class_of<'a>(name: &'a str, functions: &BTreeSet<&str>) -> &'a str {
    if functions.contains(name) {
        "function"
    } else {
        name
    }
}

fn is_function(package: &Package) -> bool {
    let folder = package.manifest_path.parent().and_then(Path::parent);
    folder
        .and_then(Path::file_name)
        .is_some_and(|name| name == "functions")
}

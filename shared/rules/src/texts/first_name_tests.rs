//! First names in names as they are written, and greetings with them.

use super::{Shown, fill, first_name::first_name, tests::facts};
use docket_domain::rule::TemplateText;
use proptest::prelude::*;
use std::path::PathBuf;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases");

/// The case collection is beside the repository, or where `DOCKET_CASES` says; without it the test is skipped, but not in
/// continuous integration.
fn greetings() -> Option<String> {
    let folder = std::env::var_os("DOCKET_CASES").map_or_else(|| PathBuf::from(CASES), PathBuf::from);
    let file = folder.join("reports/k14-first-name.yaml");
    if file.is_file() {
        return Some(std::fs::read_to_string(file).unwrap());
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "the case collection is missing: {}",
        folder.display()
    );
    println!("skipped: the case collection is not there ({})", folder.display());
    None
}

fn greeted(template: &str, name: &str) -> String {
    let mut facts = facts();
    name.clone_into(&mut facts.requester.name);
    let text = TemplateText {
        subject: None,
        body: template.to_owned(),
    };
    fill(&text, &facts, &Shown::default()).unwrap().1
}

#[test]
fn people_of_the_collection_are_greeted_by_their_first_name() {
    let Some(file) = greetings() else {
        return;
    };
    let (_, template) = file.split_once("reply: \"").unwrap();
    let (template, _) = template.split_once('"').unwrap();
    let mut count = 0;
    for line in file.lines().filter_map(|line| line.strip_prefix("# From: ")) {
        let (from, wanted) = line.split_once(" got ").unwrap();
        let name = from.split(" <").next().unwrap().trim().trim_matches('"');
        let wanted = wanted.split("want ").nth(1).unwrap();
        let greeting = match wanted.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap(),
            None => "Hello,",
        };
        assert_eq!(greeted(template, name), greeting, "{line}");
        count += 1;
    }
    assert!(count >= 5, "only {count} names were found");
}

#[test]
fn the_first_name_is_found_in_whatever_form_a_name_is_written() {
    for (name, first) in [
        ("Anna Müller", "Anna"),
        ("Müller, Anna", "Anna"),
        ("Müller,Anna", "Anna"),
        ("Lee, Kim (Procurement)", "Kim"),
        ("van der Berg, Jan Willem", "Jan"),
        ("Weiss, Dr. Anna", "Anna"),
        ("Weiss, Anna, Dr.", "Anna"),
        ("Anna Weiss, PhD", "Anna"),
        ("Anna Weiss, Acme GmbH", "Anna"),
        ("Anna Weiss, Sales", "Anna"),
        ("Dr. Anna Weiss", "Anna"),
        ("Prof. Dr. Anna Weiss", "Anna"),
        ("Dr. rer. nat. Anna Weiss", "Anna"),
        ("Phil Collins", "Phil"),
        ("Joe Root", "Joe"),
        ("Dipl.-Ing. Anna Weiss", "Anna"),
        ("Frau Anna Weiss", "Anna"),
        ("Mr John Smith Jr.", "John"),
        ("Anna", "Anna"),
        ("ANNA (Acme)", "Anna"),
        ("ANNA-MARIA MÜLLER", "Anna-Maria"),
        ("MÜLLER, ANNA", "Anna"),
        ("MÜLLER, ANNA, Dr.", "Anna"),
        ("Müller, ANNA Maria", "ANNA"),
        ("MÜLLER Anna", "Anna"),
        ("DE LA CRUZ María", "María"),
        ("JO SMITH", "Jo"),
        ("Morgan, JP", "JP"),
        ("JP Morgan", "JP"),
        ("J. Robert Oppenheimer", "Robert"),
        ("'Ann via Sales'", "Ann"),
        ("'Ann' via Sales", "Ann"),
        ("\"Ann Lee\"", "Ann"),
        ("Robert \"Bob\" Smith", "Robert"),
        ("“Anna” Müller", "Anna"),
        ("Anna [Acme Ltd.]", "Anna"),
        ("Anna Müller (Acme", "Anna"),
        ("Anna Müller | Acme", "Anna"),
        ("Anna - Acme Corp", "Anna"),
        ("Anna Lee <a@c.example>", "Anna"),
        ("Renée O'Neil", "Renée"),
        ("D'Arcy Wu", "D'Arcy"),
        ("Mary-Jane 🎉 Watson", "Mary-Jane"),
        ("🎉 Anna 🎉", "Anna"),
        ("Анна Иванова", "Анна"),
        ("Ελένη Παπαδοπούλου", "Ελένη"),
        ("محمد علي", "محمد"),
        ("स्वाति शर्मा", "स्वाति"),
        ("王小明", "王小明"),
        ("山田 太郎", "山田 太郎"),
        ("김민준", "김민준"),
        ("anna müller", "anna"),
    ] {
        assert_eq!(first_name(name).as_deref(), Some(first), "{name}");
    }
}

#[test]
fn what_is_no_name_of_a_person_gives_none() {
    for name in [
        "",
        " ",
        ",",
        "()",
        "n1@c.example",
        "'n1@c.example' via Sales",
        "anna.mueller",
        "user123",
        "+49 30 1234567",
        "Unknown",
        "Acme GmbH",
        "Acme, Inc.",
        "Acme Support",
        "Support Team",
        "The Acme Company",
        "Info",
        "IT",
        "Frau Müller",
        "Mr. Smith",
        "Dr. Weiss",
        "Dr.",
        "J. Smith",
        "A",
        "An\u{fffd}a Lee",
        "{{ requester.name }}",
        "http://c.example/",
        "🎉",
    ] {
        assert_eq!(first_name(name), None, "{name}");
    }
}

prop_compose! {
    /// A first name and a family name, in one of the forms in which people and programs write them.
    fn written()(
        first in "[A-ZÄÖÉŠ][a-zäöüéšñ]{3,9}(-[A-Z][a-z]{3,5})?", family in "[A-ZÄÖÉŠ][a-zäöüéšñ]{3,12}q",
        form in 0..12_usize, quote in prop::sample::select(vec!["", "\"", "'", "“"]),
        company in prop::sample::select(vec!["", " (Acme)", " [Acme Ltd.]", " via Acme", " | Acme", " <a@c.example>"]),
    ) -> (String, String) {
        let name = match form {
            0 => format!("{family}, {first}"),
            1 => format!("Dr. {first} {family}"),
            2 => format!("{family}, Prof. Dr. {first}"),
            3 => format!("Frau {first} {family}"),
            4 => format!("{} {first}", family.to_uppercase()),
            5 => format!("{first} {family}, PhD"),
            6 => format!("van der {family}, {first} Maria"),
            7 => first.clone(),
            8 => format!("{first} {family} Jr."),
            9 => format!("J. {first} {family}"),
            10 => format!("{}, {first}", family.to_uppercase()),
            _ => format!("{first} {family}"),
        };
        (format!("{quote}{name}{quote}{company}"), first)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_first_name_is_found_in_every_form((name, first) in written()) {
        prop_assert_eq!(first_name(&name), Some(first), "{}", name);
    }

    #[test]
    fn a_greeting_shows_no_more_than_letters_and_has_no_gap(name in "\\PC{0,40}|[A-Za-z@., ()'\"<>0-9-]{0,30}") {
        let greeting = greeted("Hello {{ requester.first_name }},", &name);
        let shown = greeting.strip_prefix("Hello").unwrap().strip_suffix(',').unwrap();
        prop_assert!(shown.is_empty() || shown.starts_with(' ') && shown.trim() == &shown[1..], "{greeting:?}");
        prop_assert!(!shown.contains(['@', ',', '"', '<', '(', '.']), "{greeting:?}");
    }
}

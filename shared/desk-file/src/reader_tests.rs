//! Mistakes of form are told with their place and the way there.

use super::*;
use crate::tree::tree;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the test reads errors only")]
struct Shelf {
    #[serde(default)]
    books: Vec<Book>,
    owner: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the test reads errors only")]
struct Book {
    title: String,
    #[serde(default)]
    pages: u32,
    #[serde(default)]
    cover: Option<Cover>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "the test reads errors only")]
enum Cover {
    Soft,
    Hard(String),
}

fn shelf(text: &str) -> Result<Shelf, String> {
    let tree = tree(text).map_err(|problems| problems.to_string())?;
    read::<Shelf>(&tree, &Path::default()).map_err(|problem| problem.to_string())
}

fn refused(text: &str) -> String {
    shelf(text).unwrap_err()
}

#[test]
fn a_text_is_a_text_whatever_it_looks_like() {
    for (written, meant) in [
        ("no", "no"),
        ("12", "12"),
        ("'~'", "~"),
        ("1e3", "1e3"),
        ("true", "true"),
    ] {
        let shelf = shelf(&format!("books: [{{title: {written}}}]")).unwrap();
        assert_eq!(shelf.books[0].title, meant);
    }
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest_one() {
    assert_eq!(
        refused("books:\n  - titel: x\n"),
        "2:5: books[0].titel: there is no key `titel` here; did you mean `title`?"
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_named_with_its_place() {
    assert_eq!(
        refused("books:\n  - title: x\n    pages: many\n"),
        "3:12: books[0].pages: expected a whole number, found \"many\""
    );
    assert_eq!(refused("books: x\n"), "1:8: books: expected a list, found \"x\"");
    assert_eq!(
        refused("books: [{title: }]\n"),
        "1:10: books[0].title: expected a text, found nothing"
    );
}

#[test]
fn a_missing_key_is_named_at_the_map_that_lacks_it() {
    assert_eq!(
        refused("books:\n  - pages: 3\n"),
        "2:5: books[0]: the key `title` is missing"
    );
}

#[test]
fn a_choice_that_is_none_is_named() {
    let with = |cover: &str| refused(&format!("books:\n  - title: x\n    cover: {cover}\n"));
    assert_eq!(
        with("sotf"),
        "3:12: books[0].cover: `sotf` is none of the words that can stand here; did you mean `soft`?"
    );
    assert_eq!(
        with("hard"),
        "3:12: books[0].cover: `hard` needs a value: write `hard: …`"
    );
    assert_eq!(
        with("{soft: x}"),
        "3:19: books[0].cover: `soft` stands alone, without a value"
    );
    assert_eq!(with("[a]"), "3:12: books[0].cover: expected one of: soft, hard");
}

#[test]
fn a_key_without_a_value_is_as_good_as_none_where_it_may_be_left_out() {
    assert!(shelf("owner:\nbooks: []\n").unwrap().owner.is_none());
}

//! Where values stand, and what is no plain YAML.

use super::*;

fn refused(text: &str) -> String {
    tree(text).unwrap_err().to_string()
}

#[test]
fn values_are_found_where_they_stand() {
    let tree = tree("a:\n  - x\n  - {b: y}\n").unwrap();
    let path = Path::default().key("a").entry(1).key("b");
    assert_eq!(tree.follow(&path).text(), Some("y"));
    assert_eq!(tree.follow(&path).place, Place { line: 3, column: 9 });
    // As far as it leads.
    let beyond = path.key("c");
    assert_eq!(tree.follow(&beyond).place, Place { line: 3, column: 9 });
}

#[test]
fn what_is_no_plain_yaml_is_refused_with_its_place() {
    assert!(refused("a: [1").starts_with("1:"), "{}", refused("a: [1"));
    assert_eq!(
        refused("a: &x 1\nb: *x\n"),
        "1:7: anchors and aliases are not read; write the value out"
    );
    assert!(
        refused("a: !secret 1\n").contains("tags such as"),
        "{}",
        refused("a: !secret 1\n")
    );
    assert_eq!(
        refused("a: 1\n---\nb: 2\n"),
        "2:1: a second document begins here; one file is one document"
    );
    assert_eq!(
        refused("a: 1\nb: 2\na: 3\n"),
        "3:1: a: the key stands twice; it was first on line 1"
    );
    let deep = "[".repeat(DEEPEST_NESTING + 1);
    assert!(refused(&deep).contains("no YAML"), "{}", refused(&deep));
    let large = "#".repeat(LARGEST_FILE_BYTES + 1);
    assert!(refused(&large).contains("at most 2097152 are read"));
}

#[test]
fn a_place_in_a_text_is_a_place_in_the_file_where_both_read_alike() {
    let place = |file: &str, line, column| {
        let tree = tree(file).unwrap();
        match &tree.follow(&Path::default().key("when")).data {
            Data::Scalar(scalar) => scalar.place_in_file(line, column).map(|p| (p.line, p.column)),
            _ => None,
        }
    };
    assert_eq!(place("when: a == b\n", 1, 3), Some((1, 9)));
    assert_eq!(place("when: 'a == b'\n", 1, 3), Some((1, 10)));
    assert_eq!(place("when: |\n  a\n  && b\n", 2, 4), Some((3, 6)));
    // One that is joined from lines, and one that is escaped.
    assert_eq!(place("when: a\n  && b\n", 1, 4), None);
    assert_eq!(place("when: \"a == \\\"b\\\"\"\n", 1, 6), None);
}

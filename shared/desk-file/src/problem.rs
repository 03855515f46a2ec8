//! What is wrong with a file, and where.

use serde::Serialize;
use std::fmt;

/// A place in a file, both counted from 1; columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

impl Place {
    /// Where a file begins.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A step into the values of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The value of a key.
    Key(String),
    /// An entry of a list, from 0.
    Entry(usize),
}

/// The way to a value: `sla_policies[0].targets.first_reply.within`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path(pub(crate) Vec<Step>);

impl Path {
    /// The value of a key below it.
    pub(crate) fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.to_owned()))
    }

    /// An entry of the list that it leads to.
    pub(crate) fn entry(&self, index: usize) -> Self {
        self.then(Step::Entry(index))
    }

    fn then(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Entry(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    if at > 0 {
                        f.write_str(".")?;
                    }
                    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
                    if !key.is_empty() && key.chars().all(is_word) {
                        f.write_str(key)?;
                    } else {
                        write!(f, "{key:?}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// One thing that is wrong with a file. The words are written for its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// The way to the value, such as `sla_policies[0].hours`; empty for the file as a whole.
    pub path: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Problem {
    /// The problem as it is shown: file, line, column, path and message, and the line of the file below it.
    pub fn shown(&self, file: &str, text: &str) -> String {
        let mut shown = format!("{file}:{self}");
        let line = text.lines().nth(self.place.line - 1).unwrap_or_default();
        if !line.trim().is_empty() {
            let number = self.place.line;
            let margin = " ".repeat(number.to_string().len());
            let below: String = line
                .chars()
                .chain(std::iter::repeat(' '))
                .take(self.place.column - 1)
                .map(|c| if c == '\t' { '\t' } else { ' ' })
                .collect();
            shown.push_str(&format!("\n  {number} | {line}\n  {margin} | {below}^"));
        }
        shown
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// Everything that is wrong with a file, in the order of its lines; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{}", lines(.0))]
pub struct Problems(Vec<Problem>);

fn lines(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

impl Problems {
    /// Nothing where there are none.
    pub(crate) fn of(mut problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() {
            return Ok(());
        }
        problems.sort_by_key(|problem| problem.place);
        Err(Self(problems))
    }

    /// Those of several looks at one file.
    pub fn all(looks: impl IntoIterator<Item = Self>) -> Self {
        let mut problems: Vec<Problem> = looks.into_iter().flat_map(|look| look.0).collect();
        problems.sort_by_key(|problem| problem.place);
        Self(problems)
    }

    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

/// Longest wrong word in bytes for which a nearest one is looked for: the search is quadratic.
const LONGEST_MISSPELT: usize = 64;
/// Most words that are listed where none is near.
const MOST_LISTED: usize = 24;

/// What to add to "there is no such thing": the nearest word, else all of them while they are few.
pub(crate) fn hint<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let most = 1 + wrong.chars().count() / 4;
    let distance = |word: &str| strsim::damerau_levenshtein(&wrong.to_lowercase(), &word.to_lowercase());
    let nearest = known
        .iter()
        .filter(|_| wrong.len() <= LONGEST_MISSPELT)
        .map(|word| (distance(word), *word))
        .filter(|(distance, _)| *distance <= most)
        .min();
    match nearest {
        Some((_, word)) => format!("; did you mean `{word}`?"),
        None if known.is_empty() => "; there are none".to_owned(),
        None if known.len() <= MOST_LISTED => format!("; there are: {}", known.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_one_would_write_it() {
        let path = Path::default()
            .key("calendars")
            .key("24/7")
            .key("holidays")
            .entry(3);
        assert_eq!(path.to_string(), r#"calendars."24/7".holidays[3]"#);
    }

    #[test]
    fn a_problem_is_shown_above_its_line() {
        let problem = Problem {
            place: Place { line: 2, column: 9 },
            path: "calendars.office.zone".to_owned(),
            message: "no".to_owned(),
        };
        assert_eq!(
            problem.shown("docket.yaml", "office:\n  zone: Berlin\n"),
            "docket.yaml:2:9: calendars.office.zone: no\n  2 |   zone: Berlin\n    |         ^"
        );
    }

    #[test]
    fn a_hint_is_the_nearest_word_or_all_while_they_are_few() {
        assert_eq!(hint("ofice", ["office", "night"]), "; did you mean `office`?");
        assert_eq!(hint("x", ["office", "night"]), "; there are: office, night");
        assert_eq!(hint("x", []), "; there are none");
    }
}

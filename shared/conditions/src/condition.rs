//! A condition: source, program, evaluation.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;
use std::sync::Arc;

use cel::common::ast::SourceInfo;
use cel::{Env, IdedExpr, ParseErrors};
use serde::{Deserialize, Serialize};

use crate::check::check;
use crate::error::{ConditionError, EvaluationError, Place, Problem};
use crate::facts::Facts;
use crate::guard;
use crate::limits::DEEPEST_TREE;
use crate::prepared::Prepared;
use crate::program::Node;
use crate::reads::touches;
use crate::run::run;
use crate::words::{Attribute, Vocabulary};

/// A condition that was checked. Cheap to clone, and shared between threads.
#[derive(Clone)]
pub struct Condition(Arc<Inner>);

struct Inner {
    source: String,
    program: Node,
    names: Vec<String>,
    calendars: Vec<String>,
}

/// What came of a condition for some facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Whether it holds.
    pub result: bool,
    /// Each name that was read and its value, in the order of reading. Long values are cut, absent ones say
    /// so; what `&&`, `||` and `? :` passed over was not read.
    pub read: Vec<(String, String)>,
}

impl Condition {
    /// Reads and checks a condition, where any calendar, group, mailbox and own field may exist.
    ///
    /// # Errors
    ///
    /// When the source is no condition: with its place and what would be right.
    pub fn parse(source: &str) -> Result<Self, ConditionError> {
        Self::parse_with(source, &Vocabulary::default())
    }

    /// Reads and checks a condition of a desk whose own names are known.
    ///
    /// # Errors
    ///
    /// When the source is no condition: with its place and what would be right.
    pub fn parse_with(source: &str, vocabulary: &Vocabulary) -> Result<Self, ConditionError> {
        guard::admit(source)?;
        let (tree, info) = tree(source)?;
        let program = check(source, &tree, &info, vocabulary)?;
        Ok(Self(Arc::new(Inner {
            source: source.to_owned(),
            program: program.node,
            names: program.names.into_iter().collect(),
            calendars: program.calendars.into_iter().collect(),
        })))
    }

    /// The text it was read from.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Every name it can read, sorted: `ticket.subject`, `ticket.fields.product`, `organization`,
    /// `calendar("support")`.
    pub fn names(&self) -> &[String] {
        &self.0.names
    }

    /// Whether a change of this attribute of the ticket can change its result. A rule that runs on changes runs for
    /// those its condition reads. Who asks, what a model said and the time are no attributes.
    pub fn reads(&self, attribute: Attribute) -> bool {
        self.names().iter().any(|name| touches(attribute, name))
    }

    /// Every calendar it can ask, sorted: [`Facts::calendars_open`] must hold each of them.
    pub fn calendars(&self) -> &[String] {
        &self.0.calendars
    }

    /// Whether it holds for these facts.
    ///
    /// # Errors
    ///
    /// When it has no answer for them: a number too large, a list without such a place, an own field of
    /// another type than expected, too many steps. The same facts always give the same answer or error.
    pub fn evaluate(&self, facts: &Facts) -> Result<Evaluation, EvaluationError> {
        self.evaluate_prepared(&Prepared::new(facts))
    }

    /// The same, where many conditions are asked about one ticket.
    ///
    /// # Errors
    ///
    /// As [`Condition::evaluate`].
    pub fn evaluate_prepared(&self, facts: &Prepared<'_>) -> Result<Evaluation, EvaluationError> {
        match run(&self.0.program, facts) {
            (Ok(result), read) => Ok(Evaluation { result, read }),
            (Err((at, fault)), read) => Err(EvaluationError {
                place: Place::of(&self.0.source, at as usize),
                fault,
                read,
            }),
        }
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Condition").field(&self.0.source).finish()
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.source)
    }
}

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(source: &str) -> Result<Self, ConditionError> {
        Self::parse(source)
    }
}

/// Mistakes after which the parser stops to look for more: only the first is told.
const MOST_MISTAKES: u32 = 3;

/// Rules of the grammar that one level of the tree may take: the parser's own limit stands behind ours.
const PARSER_LEVELS: u16 = 2 * DEEPEST_TREE as u16;

/// The parser's tree. A parser without macros leaves `exists(…)` and the like as the calls they are written
/// as, which is what the check wants.
fn tree(source: &str) -> Result<(IdedExpr, SourceInfo), ConditionError> {
    let parse = || {
        Env::default()
            .with_optional_support(false)
            .parser()
            .max_recursion_depth(PARSER_LEVELS)
            .error_recovery_limit(MOST_MISTAKES)
            .parse_with_source_info(source)
    };
    // The parser was not made for hostile text; a panic of it is a refusal.
    match catch_unwind(AssertUnwindSafe(parse)) {
        Ok(Ok(parsed)) => Ok(parsed),
        Ok(Err(errors)) => Err(syntax_error(source, &errors)),
        Err(_) => Err(ConditionError {
            place: Place::of(source, 0),
            problem: Problem::Syntax,
            message: "this cannot be read as a condition".to_owned(),
        }),
    }
}

fn syntax_error(source: &str, errors: &ParseErrors) -> ConditionError {
    // What the parser says of a tree it could not finish follows from what it says of a token.
    let mut placed = errors.errors.iter().filter(|error| error.pos.0 > 0);
    let first = placed.clone().find(|error| error.msg.contains('\''));
    let first = first.or_else(|| placed.next());
    let number = |n: isize| u32::try_from(n).unwrap_or(1).max(1);
    let place = first.map_or_else(
        || Place::of(source, 0),
        |error| Place {
            line: number(error.pos.0),
            column: number(error.pos.1),
        },
    );
    let message = if follows_not(source, place) {
        "`not` means nothing here; write `!`".to_owned()
    } else {
        in_words(first.map_or("", |error| &error.msg))
    };
    ConditionError {
        place,
        problem: Problem::Syntax,
        message,
    }
}

/// Whether the word before the place is `not`, which the parser takes for a name.
fn follows_not(source: &str, place: Place) -> bool {
    let line = source.lines().nth(place.line as usize - 1).unwrap_or("");
    let before: String = line.chars().take(place.column as usize - 1).collect();
    before.split_whitespace().next_back() == Some("not")
}

/// The parser's message in words for an author.
fn in_words(message: &str) -> String {
    let quoted = message.split_once('\'').and_then(|(_, rest)| {
        let end = rest
            .find("' expecting")
            .or_else(|| rest.find("' at '"))
            .or_else(|| rest.rfind('\''))?;
        rest.get(..end)
    });
    if message.contains("' at '<EOF>'") {
        return "the condition ends too early".to_owned();
    }
    match quoted {
        Some("<EOF>") => "the condition ends too early".to_owned(),
        Some("and") => "`and` means nothing here; write `&&`".to_owned(),
        Some("or") => "`or` means nothing here; write `||`".to_owned(),
        Some("?") => "a `? :` inside of another stands in brackets".to_owned(),
        Some("is") => "`is` means nothing here; write `==`".to_owned(),
        Some(found) => {
            let found: String = found.chars().take(40).collect();
            format!("`{found}` is not expected here")
        }
        None => "this cannot be read as a condition".to_owned(),
    }
}

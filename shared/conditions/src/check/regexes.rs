//! Regular expressions: compiled once, and weighed, so that the time of a search is known before it starts.

use cel::IdedExpr;
use regex::RegexBuilder;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind};

use super::Checker;
use crate::error::{ConditionError, Problem};
use crate::limits::{DEEPEST_REGEX, LARGEST_REGEX_BYTES, LONGEST_REGEX_BYTES, MOST_REGEX_POSITIONS};
use crate::program::Pattern;

impl Checker<'_> {
    pub(super) fn regex(&mut self, tree: &IdedExpr) -> Result<Pattern, ConditionError> {
        let pattern = self.written(tree, "a regular expression")?;
        if pattern.len() > LONGEST_REGEX_BYTES {
            let message = format!("a regular expression has at most {LONGEST_REGEX_BYTES} bytes");
            return Err(self.refusal(tree, Problem::TooBig, message));
        }
        let parsed = ParserBuilder::new()
            .nest_limit(DEEPEST_REGEX)
            .build()
            .parse(&pattern);
        let parsed = parsed.map_err(|error| self.no_regex(tree, &error.to_string()))?;
        let positions = positions(&parsed);
        if positions > MOST_REGEX_POSITIONS {
            let message = format!(
                "the regular expression repeats too much: written without `{{…}}` it has at most \
                 {MOST_REGEX_POSITIONS} characters"
            );
            return Err(self.refusal(tree, Problem::TooBig, message));
        }
        let built = RegexBuilder::new(&pattern)
            .nest_limit(DEEPEST_REGEX)
            .size_limit(LARGEST_REGEX_BYTES)
            .dfa_size_limit(LARGEST_REGEX_BYTES)
            .build();
        match built {
            Ok(regex) => Ok(Pattern { regex, positions }),
            Err(regex::Error::CompiledTooBig(_)) => {
                let message = "the regular expression is too large; repeat less, or write `[0-9]` for `\\d`";
                Err(self.refusal(tree, Problem::TooBig, message.to_owned()))
            }
            Err(error) => Err(self.no_regex(tree, &error.to_string())),
        }
    }

    fn no_regex(&self, tree: &IdedExpr, error: &str) -> ConditionError {
        let reason = error.lines().last().unwrap_or("it cannot be read");
        let reason = reason.strip_prefix("error: ").unwrap_or(reason);
        let message = format!("the regular expression cannot be read: {reason}");
        self.refusal(tree, Problem::Literal, message)
    }
}

/// Places of a regular expression that a search can stand at in one place of the text: its characters, with those
/// that are repeated counted as often. Where a search goes state by state, it takes up to 20 ns a byte and place.
fn positions(part: &Hir) -> usize {
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(_) => 1,
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min).max(1);
            let times = usize::try_from(most).unwrap_or(usize::MAX);
            positions(&repetition.sub).saturating_mul(times)
        }
        HirKind::Capture(capture) => positions(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts
            .iter()
            .fold(0, |sum, part| sum.saturating_add(positions(part))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_characters_count_as_often() {
        let count = |pattern: &str| positions(&ParserBuilder::new().build().parse(pattern).unwrap());
        assert_eq!(count("abc"), 3);
        assert_eq!(count("a{1,500}b"), 501);
        assert_eq!(count("(a{10}){20}"), 200);
        assert_eq!(count("a*b+c{7,}"), 9);
        assert_eq!(count(r"\bä\d{3}\b"), 7);
        assert_eq!(count("(?i)(urgent|outage)"), 12);
        assert_eq!(
            count("((((a{999}){999}){999}){999}){999}{999}{999}{999}{999}"),
            usize::MAX
        );
    }
}

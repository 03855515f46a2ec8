//! Reading a query.

use super::{
    ast::{Condition, Operator, Property, Query, Term, Value},
    error::{Place, Problem, QueryError},
    keys::{self, Key},
    lexer::{Lexer, Part, plain},
    sorting::{self, Sorting},
    values::{self, Mistake},
};
use crate::{
    limits::{LONGEST_PHRASE, LONGEST_QUERY_BYTES, MOST_CONDITIONS, MOST_WORDS},
    text::pieces,
};

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    ///
    /// The first mistake, with its place and what would be right.
    pub fn read(text: &str) -> Result<Self, QueryError> {
        if text.len() > LONGEST_QUERY_BYTES {
            let message = format!(
                "the query has {} bytes, {LONGEST_QUERY_BYTES} are the most",
                text.len()
            );
            return Err(mistake(text, LONGEST_QUERY_BYTES, (Problem::TooLong, message)));
        }
        let mut reader = Reader::default();
        let mut lexer = Lexer::new(text);
        while let Some(part) = lexer.next(is_property)? {
            reader.take(text, part)?;
        }
        reader.finish(text)
    }
}

/// Whether a name before an operator is meant as a property: whatever is not an address, a time of day, a reply's `Re:`, code. One that
/// is not known is a mistake rather than a word: what a program asks for and nobody has is not answered with something else.
fn is_property(name: &str, operator: &'static str, behind: &str) -> bool {
    let folded = fold(name);
    if keys::find(&folded).is_some() {
        return true;
    }
    let value = behind.split(char::is_whitespace).next().unwrap_or_default();
    if value.is_empty() || value.starts_with(['/', '\\', ':', '=']) {
        return false;
    }
    let is_slip = keys::alike(&folded).is_some();
    let is_address = value.contains(':') || matches!(folded.as_str(), "localhost" | "mailto" | "tel" | "urn");
    match operator {
        ":" => is_slip || (folded.len() > 1 && !is_address),
        "<" | ">" | "<=" | ">=" => is_slip,
        _ => false,
    }
}

fn fold(name: &str) -> String {
    name.chars().map(|c| plain(c).to_ascii_lowercase()).collect()
}

fn mistake(query: &str, at: usize, (problem, message): Mistake) -> QueryError {
    QueryError {
        place: Place::of(query, at),
        problem,
        message,
    }
}

/// A term and where it stands; whether it is the word AND or OR.
struct Read {
    term: Term,
    at: usize,
    joins: Option<Join>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    And,
    Or,
}

#[derive(Default)]
struct Reader {
    terms: Vec<Read>,
    sorting: Sorting,
    words: usize,
    has_ignored: bool,
}

impl Reader {
    fn take(&mut self, query: &str, part: Part<'_>) -> Result<(), QueryError> {
        let at = part.value.at;
        let (condition, place) = match part.property {
            Some((name, operator)) => {
                let Some(property) = self.property(query, &part, name, operator)? else {
                    return Ok(());
                };
                (Condition::Property(property), part.at)
            }
            None => {
                check_brackets(&part).map_err(|wrong| mistake(query, at, wrong))?;
                let Some(condition) = self.words(&part).map_err(|wrong| mistake(query, at, wrong))? else {
                    self.has_ignored = true;
                    return Ok(());
                };
                (condition, at)
            }
        };
        if self.terms.len() >= MOST_CONDITIONS {
            let message = format!("more than {MOST_CONDITIONS} conditions in one query");
            return Err(mistake(query, place, (Problem::TooLong, message)));
        }
        let joins = match part.value.written {
            "AND" if part.property.is_none() && !part.negated => Some(Join::And),
            "OR" if part.property.is_none() && !part.negated => Some(Join::Or),
            _ => None,
        };
        let negated = part.negated;
        self.terms.push(Read {
            term: Term { negated, condition },
            at: place,
            joins,
        });
        Ok(())
    }

    fn property(
        &mut self,
        query: &str,
        part: &Part<'_>,
        name: &str,
        operator: &'static str,
    ) -> Result<Option<Property>, QueryError> {
        let folded = fold(name);
        let Some((spec, field)) = keys::find(&folded) else {
            let guess = keys::alike(&folded)
                .map_or_else(|| ".".to_owned(), |known| format!("; did you mean `{known}`?"));
            let message =
                format!("no property is called `{name}`{guess} To look for it as words, put them in quotes");
            return Err(mistake(query, part.at, (Problem::UnknownKey, message)));
        };
        let at = part.value.at;
        let quoted = part.value.quoted.as_deref();
        let written = quoted.unwrap_or(part.value.written);
        match spec.key {
            Key::OrderBy => {
                let by = sorting::read_key(written)
                    .map_err(|message| mistake(query, at, (Problem::Order, message)))?;
                self.sorting.by = Some(by);
                return Ok(None);
            }
            Key::Sort => {
                let direction = sorting::read_direction(written)
                    .map_err(|message| mistake(query, at, (Problem::Order, message)))?;
                self.sorting.direction = Some(direction);
                return Ok(None);
            }
            _ => {}
        }
        let operator = read_operator(name, operator).map_err(|wrong| mistake(query, part.at, wrong))?;
        let value = values::read(spec, operator, part.value.written, quoted)
            .and_then(|value| check_phrase(written).map(|()| value))
            .map_err(|wrong| mistake(query, at, wrong))?;
        // `type:incident` is a ticket's type
        let key = match value {
            Value::TicketType(_) => Key::TicketType,
            _ => spec.key,
        };
        Ok(Some(Property {
            key,
            field,
            operator,
            value,
        }))
    }

    /// A free word or phrase; nothing for one without letters.
    fn words(&mut self, part: &Part<'_>) -> Result<Option<Condition>, Mistake> {
        let (written, quoted) = (part.value.written, part.value.quoted.as_deref());
        if quoted.is_none() && !written.is_empty() && written.chars().all(|c| plain(c) == '*') {
            return Ok(Some(Condition::Everything));
        }
        let said = quoted.unwrap_or(written);
        if pieces(said).is_empty() {
            return Ok(None);
        }
        check_phrase(said)?;
        let text = values::read_text(written, quoted)?;
        self.words += 1;
        if self.words > MOST_WORDS {
            let message = format!("more than {MOST_WORDS} words in one query");
            return Err((Problem::TooLong, message));
        }
        Ok(Some(Condition::Words(text)))
    }

    fn finish(mut self, query: &str) -> Result<Query, QueryError> {
        while let Some(at) = self.join_between_properties() {
            let is_free = self.terms[at].joins == Some(Join::And) || self.joins_values_of_one_property(at);
            if !is_free {
                let message = "there is no OR: values of one property are alternatives already, as in `status:new status:open`; \
                               to look for the word, put it in quotes";
                let place = self.terms[at].at;
                return Err(mistake(query, place, (Problem::Logic, message.to_owned())));
            }
            self.terms.remove(at);
        }
        Ok(Query {
            terms: self.terms.into_iter().map(|read| read.term).collect(),
            sorting: self.sorting,
            has_ignored: self.has_ignored,
        })
    }

    fn key_at(&self, at: Option<usize>) -> Option<(Key, Option<&str>, bool)> {
        let read = self.terms.get(at?)?;
        match &read.term.condition {
            Condition::Property(property) => {
                Some((property.key, property.field.as_deref(), read.term.negated))
            }
            Condition::Words(_) | Condition::Everything => None,
        }
    }

    /// An AND or OR beside a property: people write them, the language has none.
    fn join_between_properties(&self) -> Option<usize> {
        (1..self.terms.len().saturating_sub(1)).find(|at| {
            let beside = [at.checked_sub(1), at.checked_add(1)];
            self.terms[*at].joins.is_some() && beside.into_iter().any(|at| self.key_at(at).is_some())
        })
    }

    fn joins_values_of_one_property(&self, at: usize) -> bool {
        let before = self.key_at(at.checked_sub(1));
        before.is_some_and(|(_, _, negated)| !negated) && before == self.key_at(at.checked_add(1))
    }
}

fn read_operator(name: &str, operator: &str) -> Result<Operator, Mistake> {
    match operator {
        ":" => Ok(Operator::Is),
        "<" => Ok(Operator::Below),
        "<=" => Ok(Operator::AtMost),
        ">" => Ok(Operator::Above),
        ">=" => Ok(Operator::AtLeast),
        "!=" => Err((
            Problem::Operator,
            format!("there is no `!=`: write `-{name}:` and the value"),
        )),
        _ => Err((
            Problem::Operator,
            format!("there is no `=`: write `{name}:` and the value"),
        )),
    }
}

fn check_phrase(text: &str) -> Result<(), Mistake> {
    let words = pieces(text)
        .iter()
        .filter(|piece| piece.role.is_of_order())
        .count();
    if words <= LONGEST_PHRASE {
        return Ok(());
    }
    let message = format!("the phrase has {words} words, {LONGEST_PHRASE} are the most");
    Err((Problem::TooLong, message))
}

/// `(status:new OR status:open)` is a mistake; `(415)` and `(sic)` are words in brackets.
fn check_brackets(part: &Part<'_>) -> Result<(), Mistake> {
    let written = part.value.written;
    let inner = written.trim_start_matches(['(', '-']);
    let name: String = inner
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    let behind = inner.get(name.len()..).unwrap_or_default();
    let is_property =
        written.starts_with('(') && behind.starts_with([':', '<', '>']) && keys::find(&fold(&name)).is_some();
    if is_property {
        let message = "there are no brackets: all conditions must hold, and values of one property are alternatives, as in \
                       `status:new status:open`";
        return Err((Problem::Logic, message.to_owned()));
    }
    Ok(())
}

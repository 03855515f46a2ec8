//! Values of conditions: ways in which a ticket came, words.

use super::wrong::{WrongCondition, WrongPart, not, wrong, wrong_operator};
use crate::{
    ask::{Way, ways},
    document::{Column, TextField},
    keyword,
    make::satisfaction_rank,
    matcher::{Around, Bounds, Matcher},
    query::{Shape, Text},
};
use docket_domain::{people::staff::Role, ticket::Score, view::ViewCondition};

/// Ways in which a ticket may come: the number that clients know, and the word (via types reference of developer.zendesk.com,
/// November 2026).
const VIA: [(&str, &str); 4] = [("0", "web"), ("4", "email"), ("5", "api"), ("55", "any_channel")];
/// Other words for them.
const ALSO: [(&str, &str); 5] = [
    ("web_form", "web"),
    ("web", "web"),
    ("mail", "email"),
    ("email", "email"),
    ("web_service", "api"),
];

/// The way of a number or a word.
pub(super) fn via(word: &str) -> Option<Matcher> {
    let mut known = VIA.iter().chain(&ALSO);
    let same = known.find(|(name, _)| *name == word).map(|(_, word)| *word);
    let word = same.or_else(|| ["api", "any_channel"].into_iter().find(|name| *name == word))?;
    Some(Matcher::Keyword(keyword::via(word)))
}

/// What somebody thinks of how they were helped.
pub(super) fn satisfaction(word: &str) -> Option<Matcher> {
    let is = |score| {
        let rank = Some(satisfaction_rank(score));
        Matcher::Within(
            Column::Satisfaction,
            Bounds {
                least: rank,
                most: rank,
            },
        )
    };
    Some(match word {
        "good" => is(Score::Good),
        "bad" => is(Score::Bad),
        "unoffered" | "" => not(Matcher::Has(Column::Satisfaction)),
        _ => return None,
    })
}

/// What who asks may do here. Customers are many: they are who does not work here.
pub(super) fn requester_role(word: &str) -> Option<Matcher> {
    let is = |role| Matcher::Keyword(keyword::role(role));
    let who_asks = |is| Matcher::Around(Around::Requester, Box::new(is));
    let named = [Role::EndUser, Role::Agent, Role::Admin]
        .into_iter()
        .find(|role| role.as_str() == word || (*role == Role::EndUser && word == "end_user"))?;
    Some(match named {
        Role::EndUser => not(who_asks(Matcher::Or(vec![is(Role::Agent), is(Role::Admin)]))),
        role => who_asks(is(role)),
    })
}

/// Words in texts: one of them, none of them, or all of them in their order.
pub(super) fn words(condition: &ViewCondition, fields: &[TextField]) -> Result<Matcher, WrongCondition> {
    let whole = condition.value.each().join(" ");
    let find = |text: &str, shape: Shape| {
        let text = Text {
            text: text.to_owned(),
            shape,
        };
        let ways: Vec<Matcher> = ways(&text, false)
            .iter()
            .map(|way: &Way| way.matcher(fields))
            .collect();
        (!ways.is_empty()).then_some(Matcher::Or(ways))
    };
    let blank = || wrong(WrongPart::Value, "has no word that can be looked for");
    let one_of = || {
        let each: Vec<Matcher> = whole
            .split_whitespace()
            .filter_map(|word| find(word, Shape::Word))
            .collect();
        (!each.is_empty()).then_some(Matcher::Or(each)).ok_or_else(blank)
    };
    let phrase = || find(&whole, Shape::Phrase).ok_or_else(blank);
    match condition.operator.as_str() {
        "includes" => one_of(),
        "not_includes" => Ok(not(one_of()?)),
        "is" => phrase(),
        "is_not" => Ok(not(phrase()?)),
        _ => Err(wrong_operator(condition, "includes, not_includes, is, is_not")),
    }
}

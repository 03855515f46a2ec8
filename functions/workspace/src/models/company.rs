//! Who else is at a ticket: who writes, who looks, who has begun something.

use crate::names::Names;
use docket_desk::{Marks, Present};
use docket_domain::PersonId;
use serde::Serialize;
use std::collections::BTreeSet;

/// Most who are named; of more it is said how many there are.
const MOST_NAMED: usize = 4;

/// One of them, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Companion {
    /// What they do.
    pub words: String,
    /// Whether they write right now.
    pub writes: bool,
}

/// All who are named: their names have to be read.
pub fn people_in(marks: &Marks) -> impl Iterator<Item = PersonId> + '_ {
    let present = marks.present.iter().map(|present| present.agent);
    present.chain(marks.drafters.iter().copied()).take(MOST_NAMED * 4)
}

/// Who is at a ticket besides the reader: who writes first, then who looks, then who has a draft.
pub fn company(marks: &Marks, me: PersonId, names: &Names) -> Vec<Companion> {
    let mut present: Vec<&Present> = marks.present.iter().filter(|it| it.agent != me).collect();
    present.sort_by_key(|it| (!it.writes, it.agent));
    let here: BTreeSet<PersonId> = present.iter().map(|it| it.agent).collect();
    let mut company: Vec<Companion> = present
        .iter()
        .map(|it| {
            let name = names.told(it.agent);
            Companion {
                words: match it.writes {
                    true => t!("{name} is writing", name),
                    false => t!("{name} looks", name),
                },
                writes: it.writes,
            }
        })
        .collect();
    let others = marks
        .drafters
        .iter()
        .filter(|agent| **agent != me && !here.contains(agent));
    company.extend(others.map(|agent| Companion {
        words: t!("{name} has a draft", name = names.told(*agent)),
        writes: false,
    }));
    if company.len() > MOST_NAMED {
        let more = company.len() - MOST_NAMED;
        company.truncate(MOST_NAMED);
        company.push(Companion {
            words: t!("and {more} more", more),
            writes: false,
        });
    }
    company
}

#[cfg(test)]
mod tests {
    use super::*;

    fn present(agent: u64, writes: bool) -> Present {
        Present {
            agent: PersonId(agent),
            writes,
        }
    }

    fn words(marks: &Marks) -> Vec<String> {
        let company = company(marks, PersonId(1), &Names::default());
        company.into_iter().map(|it| it.words).collect()
    }

    #[test]
    fn who_writes_stands_first_and_one_is_not_named_to_oneself() {
        let marks = Marks {
            present: vec![present(1, true), present(2, false), present(3, true)],
            drafters: vec![PersonId(1), PersonId(3), PersonId(4)],
            ..Marks::default()
        };
        assert_eq!(
            words(&marks),
            ["Person 3 is writing", "Person 2 looks", "Person 4 has a draft"]
        );
    }

    #[test]
    fn of_many_it_is_said_how_many_there_are() {
        let marks = Marks {
            present: (2..9).map(|agent| present(agent, false)).collect(),
            ..Marks::default()
        };
        assert_eq!(words(&marks)[4], "and 3 more");
    }
}

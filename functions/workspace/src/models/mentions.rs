//! Whom a note speaks to: `@` and a name of a colleague, or of a group.

use docket_domain::{GroupId, PersonId, configuration::Group, people::person::Person};

/// Most people that one note speaks to.
pub const MOST_MENTIONED: usize = 20;

/// Most `@` of a text that are looked at: each is held against all who work here.
const MOST_LOOKED_AT: usize = 200;

/// Whom a text speaks to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Mentioned {
    /// By their own names.
    pub people: Vec<PersonId>,
    /// By their group's.
    pub groups: Vec<GroupId>,
}

/// Whether a text can speak to somebody: whoever reads it need not know who works here otherwise.
pub fn may_mention(text: &str) -> bool {
    text.contains('@')
}

/// Whom a text speaks to: by a whole name; by the first name, or what stands before the @ of an address, where only one has it.
pub fn mentioned(text: &str, agents: &[Person], groups: &[Group]) -> Mentioned {
    let lower = text.to_lowercase();
    let mut found = Mentioned::default();
    for (at, _) in lower.match_indices('@').take(MOST_LOOKED_AT) {
        let is_word = lower[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        if is_word {
            // An address.
            continue;
        }
        let rest = &lower[at + 1..];
        if let Some(id) = person(rest, agents) {
            if !found.people.contains(&id) {
                found.people.push(id);
            }
        } else if let Some(group) = longest(rest, groups.iter().map(|group| (group.name.as_str(), group.id)))
            && !found.groups.contains(&group)
        {
            found.groups.push(group);
        }
    }
    found
}

fn person(rest: &str, agents: &[Person]) -> Option<PersonId> {
    let whole = longest(rest, agents.iter().map(|agent| (agent.name.as_str(), agent.id)));
    whole
        .or_else(|| only(rest, agents, |agent| agent.name.split_whitespace().next()))
        .or_else(|| only(rest, agents, |agent| agent.email.as_deref()?.split('@').next()))
}

/// The longest name that the text begins with.
fn longest<'n, T>(rest: &str, named: impl Iterator<Item = (&'n str, T)>) -> Option<T> {
    let fits = named.filter(|(name, _)| begins_with(rest, name));
    fits.max_by_key(|(name, _)| name.len()).map(|(_, id)| id)
}

/// Whoever alone has a name that the text begins with.
fn only<'p>(rest: &str, agents: &'p [Person], name: fn(&'p Person) -> Option<&'p str>) -> Option<PersonId> {
    let mut fit = agents
        .iter()
        .filter(|agent| name(agent).is_some_and(|name| begins_with(rest, name)));
    let first = fit.next()?;
    fit.next().is_none().then_some(first.id)
}

/// Whether a text begins with a name, and the name ends there.
fn begins_with(rest: &str, name: &str) -> bool {
    let name = name.to_lowercase();
    let after = rest.strip_prefix(name.as_str()).filter(|_| !name.is_empty());
    after.is_some_and(|after| !after.chars().next().is_some_and(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::Timestamp;

    fn agent(id: u64, name: &str, email: &str) -> Person {
        let mut person = Person::first_seen(PersonId(id), name, vec![], Timestamp::UNIX_EPOCH);
        person.email = Some(email.to_owned());
        person
    }

    fn found(text: &str) -> (Vec<u64>, Vec<u64>) {
        let agents = [
            agent(1, "Ben Okafor", "ben@desk.example"),
            agent(2, "Cleo Marsh", "cm@desk.example"),
            agent(3, "Ben Carter", "bc@desk.example"),
        ];
        let groups = [Group::new(GroupId(7), "Support", Timestamp::UNIX_EPOCH)];
        let found = mentioned(text, &agents, &groups);
        (
            found.people.iter().map(|id| id.0).collect(),
            found.groups.iter().map(|id| id.0).collect(),
        )
    }

    #[test]
    fn a_colleague_is_called_by_name() {
        assert_eq!(found("@Ben Okafor, look"), (vec![1], vec![]));
        assert_eq!(found("(@cleo) and @Cleo Marsh"), (vec![2], vec![]));
        assert_eq!(found("@bc please, @support too"), (vec![3], vec![7]));
    }

    #[test]
    fn what_could_be_two_or_is_an_address_calls_nobody() {
        for text in ["@Benny", "x@cleo.example", "write to ann@Support", "@", "@nobody"] {
            assert_eq!(found(text), (vec![], vec![]), "{text}");
        }
        // Of two with a first name the one whose address has it.
        assert_eq!(found("@Ben look"), (vec![1], vec![]));
    }
}

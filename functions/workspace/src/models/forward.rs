//! What is forwarded to somebody outside: the part of the form that asks to whom, and how the thread tells of it.

use super::typed::{Kind, Typed};
use crate::{
    directions::isolated,
    names::Names,
    words::{self, Moment},
};
use docket_desk::TicketFile;
use docket_domain::{
    PersonId, Timestamp,
    contact::{
        comment::{AttachmentRef, AuthorRole, Comment},
        tells::Forward,
    },
};

/// The part of the form that asks to whom.
pub struct ForwardFields {
    pub to: String,
    /// The comment that is forwarded: its version.
    pub v: u64,
    /// Whose message it is.
    pub words: String,
    pub when: Moment,
    /// How many files it has.
    pub files: usize,
    pub has_files: bool,
    pub has_all: bool,
}

impl ForwardFields {
    /// The fields for a comment, filled with what was typed.
    pub fn of(comment: &Comment, typed: Option<&Typed>, names: &Names, now: Timestamp) -> Self {
        let typed = typed.map(|typed| (typed.chosen_kind() == Kind::Forward, &typed.forward));
        let known = names.known(comment.author);
        // Whoever was asked for help before is asked again.
        let asked = known.filter(|_| comment.role == AuthorRole::ThirdParty);
        let asked = asked.and_then(|person| person.email.clone()).unwrap_or_default();
        let to = typed.map_or("", |(_, typed)| typed.forward_to.as_str());
        let files = comment.attachments.iter();
        Self {
            to: if to.is_empty() { asked } else { to.to_owned() },
            v: comment.v,
            words: t!("{name}’s message", name = names.told(comment.author)),
            when: words::ago(comment.at, now),
            files: files.filter(|file| !AttachmentRef::is_redacted(file)).count(),
            // The files go along, unless somebody said otherwise.
            has_files: typed.is_none_or(|(is_chosen, typed)| !is_chosen || typed.has_files()),
            has_all: typed.is_some_and(|(_, typed)| typed.has_all()),
        }
    }
}

/// The comment that is forwarded where nobody says which: the newest that the customers' side wrote, else the newest in public.
pub fn usually_forwarded(file: &TicketFile) -> Option<u64> {
    let newest = |is_meant: fn(&Comment) -> bool| {
        let mut newest_first = file.comments.iter().rev();
        newest_first.find(|comment| comment.public && is_meant(comment))
    };
    let found = newest(|comment| comment.role.is_customer()).or_else(|| newest(|_| true));
    found.map(|comment| comment.v)
}

/// That something was forwarded, as the thread tells of it.
pub struct ForwardView {
    pub words: String,
    /// The comments: their versions.
    pub comments: Vec<u64>,
}

impl ForwardView {
    /// What was forwarded.
    pub fn of(forward: &Forward, names: &Names) -> Self {
        let people: Vec<String> = forward.to.iter().map(|id| addressed(*id, names)).collect();
        let people = people.join(", ");
        Self {
            words: match forward.with_files {
                true => t!("Forwarded to {people}, with files:", people),
                false => t!("Forwarded to {people}:", people),
            },
            comments: forward.comments.clone(),
        }
    }
}

fn addressed(id: PersonId, names: &Names) -> String {
    let address = names.known(id).and_then(|person| person.email.as_deref());
    match address {
        Some(address) if !names.person(id).eq_ignore_ascii_case(address) => {
            format!("{} <{}>", names.told(id), isolated(address))
        }
        _ => names.told(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::people::person::{Identity, Person};

    #[test]
    fn it_is_told_to_whom_something_was_forwarded() {
        let at = Timestamp::UNIX_EPOCH;
        let sam = Person::first_seen(PersonId(9), "Sam", vec![Identity::email("sam@parts.example")], at);
        let bare = Person::first_seen(PersonId(10), "", vec![Identity::email("desk@parts.example")], at);
        let names = Names::of(vec![sam, bare], &[]);
        let forward = Forward {
            comments: vec![2, 4],
            with_files: true,
            to: vec![PersonId(9), PersonId(10)],
        };
        let view = ForwardView::of(&forward, &names);
        assert_eq!(
            view.words,
            "Forwarded to Sam <sam@parts.example>, desk@parts.example, with files:"
        );
        assert_eq!(view.comments, [2, 4]);
    }
}

//! A ticket's document.

use super::{
    head::{head_columns, head_keywords},
    in_order, with_words,
};
use crate::{
    document::{Document, Kind, TextField, Token},
    keyword,
    limits::{MOST_NAMES_BYTES, MOST_TEXT_BYTES},
    text::{clip, words, words_of_all},
};
use docket_domain::{OrganizationId, PersonId, ticket::Ticket};

/// A comment's words.
#[derive(Clone, Copy, Debug)]
pub struct CommentWords<'a> {
    /// Who wrote it.
    pub author: PersonId,
    /// Whether the requester may see it.
    pub public: bool,
    /// What it says.
    pub text: &'a str,
    /// Names of its files.
    pub files: &'a [&'a str],
}

/// What a person is found by on their tickets.
#[derive(Clone, Copy, Debug)]
pub struct PersonWords<'a> {
    /// Who it is.
    pub person: PersonId,
    /// Their name.
    pub name: &'a str,
    /// Mail addresses and telephone numbers.
    pub addresses: &'a [&'a str],
}

/// A ticket with everything that is searched of it.
#[derive(Clone, Copy, Debug)]
pub struct TicketWords<'a> {
    /// Its head.
    pub head: &'a Ticket,
    /// The requester's organization.
    pub organization: Option<OrganizationId>,
    /// Its comments, oldest first.
    pub comments: &'a [CommentWords<'a>],
    /// Requester, those in copy, commenters. Whoever has no part in the ticket is passed over.
    pub people: &'a [PersonWords<'a>],
}

/// A ticket's document, and whether all of it is searched.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketDocument {
    /// The document.
    pub document: Document,
    /// Whether words were left out because there are more than [`MOST_TEXT_BYTES`] of comments or [`MOST_NAMES_BYTES`] of names.
    pub is_cut: bool,
}

impl TicketWords<'_> {
    /// The document of the ticket as of its head's version.
    ///
    /// What the requester may not see (internal comments, their files, who wrote nothing else, fields, the operator's own id) are
    /// [`TextField::Notes`], so that leaving out that field is all that hides it.
    pub fn document(&self) -> TicketDocument {
        let (kept, comments_cut) = self.kept_comments();
        let of = |public: bool| {
            let texts = kept.iter().filter(move |(comment, _)| comment.public == public);
            texts.map(|(_, text)| *text)
        };
        let (files, files_cut) = bounded(self.files(true));
        let (internal_files, internal_files_cut) = bounded(self.files(false));
        let (who, who_cut) = bounded(self.words_of_people(|person| self.is_known_to_requester(person)));
        let (internal_who, internal_who_cut) =
            bounded(self.words_of_people(|person| !self.is_known_to_requester(person) && self.wrote(person)));
        let fields = self.head.fields.values().chain(&self.head.external_id);
        let notes = of(false)
            .chain(internal_files)
            .chain(internal_who)
            .chain(fields.map(String::as_str));
        let texts: Vec<(TextField, Vec<Token>)> = vec![
            (TextField::Title, words(&self.head.subject)),
            (TextField::Body, words_of_all(of(true))),
            (TextField::Notes, words_of_all(notes)),
            (TextField::Who, words_of_all(who)),
            (TextField::Files, words_of_all(files)),
        ];
        TicketDocument {
            document: Document {
                kind: Kind::Ticket,
                number: self.head.number.0,
                version: self.head.v,
                columns: head_columns(self.head, self.organization),
                texts: with_words(texts),
                keywords: in_order(self.keywords()),
                tombstone: false,
                erases_before: self.head.redacted_v,
            },
            is_cut: comments_cut || files_cut || internal_files_cut || who_cut || internal_who_cut,
        }
    }

    /// The comments that are searched, oldest first: the first, which says what it is about, then the newest as far as there is
    /// room.
    fn kept_comments(&self) -> (Vec<(&CommentWords<'_>, &str)>, bool) {
        let mut room = MOST_TEXT_BYTES;
        let mut kept = Vec::with_capacity(self.comments.len());
        let mut is_cut = false;
        let newest_first = (1..self.comments.len()).rev();
        for at in (0..self.comments.len().min(1)).chain(newest_first) {
            let Some(comment) = self.comments.get(at) else {
                continue;
            };
            let text = clip(comment.text, room);
            is_cut |= text.len() < comment.text.len();
            room -= text.len();
            kept.push((at, comment, text));
        }
        kept.sort_by_key(|(at, ..)| *at);
        let kept = kept.into_iter().map(|(_, comment, text)| (comment, text));
        (kept.collect(), is_cut)
    }

    fn files(&self, public: bool) -> impl Iterator<Item = &str> {
        let comments = self
            .comments
            .iter()
            .filter(move |comment| comment.public == public);
        comments.flat_map(|comment| comment.files.iter().copied())
    }

    fn words_of_people(&self, are_meant: impl Fn(PersonId) -> bool) -> impl Iterator<Item = &str> {
        let people = self.people.iter().filter(move |known| are_meant(known.person));
        people.flat_map(|known| std::iter::once(known.name).chain(known.addresses.iter().copied()))
    }

    fn wrote(&self, person: PersonId) -> bool {
        self.comments.iter().any(|comment| comment.author == person)
    }

    fn is_known_to_requester(&self, person: PersonId) -> bool {
        let wrote_publicly = |comment: &CommentWords<'_>| comment.public && comment.author == person;
        person == self.head.requester
            || self.head.ccs.contains(&person)
            || self.comments.iter().any(wrote_publicly)
    }

    fn keywords(&self) -> Vec<String> {
        let mut keywords = head_keywords(self.head, self.organization);
        keywords.extend(
            self.comments
                .first()
                .map(|first| keyword::submitter(first.author)),
        );
        for comment in self.comments {
            keywords.push(match comment.public {
                true => keyword::commenter(comment.author),
                false => keyword::internal_commenter(comment.author),
            });
            if !comment.files.is_empty() {
                let word = if comment.public {
                    keyword::WITH_FILES
                } else {
                    keyword::WITH_INTERNAL_FILES
                };
                keywords.push(word.to_owned());
            }
        }
        keywords
    }
}

/// Texts as far as there is room, and whether one was left out.
fn bounded<'t>(texts: impl Iterator<Item = &'t str>) -> (Vec<&'t str>, bool) {
    let mut room = MOST_NAMES_BYTES;
    let mut kept = Vec::new();
    for text in texts {
        match room.checked_sub(text.len()) {
            Some(rest) => room = rest,
            None => return (kept, true),
        }
        kept.push(text);
    }
    (kept, false)
}

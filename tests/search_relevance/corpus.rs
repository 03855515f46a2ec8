//! Letters as tickets in several splits, and which of them a query finds first.

use crate::collection::files_below;
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    ticket::{Channel, Ticket, subject_from_outside},
};
use docket_mail::{InboundMail, Mailbox, read};
use docket_search::{Asking, CommentWords, Document, Kind, Names, PersonWords, Query, Seen, TicketWords};
use docket_splits::{Split, Splits, split_of};
use jiff::tz::TimeZone;
use std::{path::Path, sync::Arc};

/// Splits that the tickets are dealt out to.
const SPLITS: usize = 5;
/// How many a query is asked for.
const TAKEN: usize = 5;
/// Ends of names of files that say what is to be made of another file, or hold many.
const NO_LETTERS: &[&str] = &[
    ".json",
    ".jsonl",
    ".xml",
    ".tnef",
    ".md",
    ".files.txt",
    ".visible.txt",
    ".elided.txt",
    ".before.txt",
    ".embedded.txt",
    ".signature.txt",
];

/// Something that somebody wrote, and where it stands: a file, or a file's line.
pub struct Letter {
    place: String,
    mail: InboundMail,
}

/// Every letter below a folder, in the order of the files' names.
pub fn letters_below(folder: &Path, within: &str) -> Vec<Letter> {
    let mut files = Vec::new();
    files_below(&folder.join(within), &mut files).unwrap();
    files.sort();
    let each = files.iter().map(|path| {
        let name = path.strip_prefix(folder).unwrap().to_string_lossy();
        letters_of(&name, &std::fs::read(path).unwrap())
    });
    each.flatten().collect()
}

fn letters_of(name: &str, bytes: &[u8]) -> Vec<Letter> {
    let letter = |place: String, mail| Letter { place, mail };
    if NO_LETTERS.iter().any(|end| name.ends_with(end)) {
        return Vec::new();
    }
    if name.ends_with(".tsv") {
        let text = String::from_utf8_lossy(bytes);
        let lines = (1..).zip(text.lines()).skip(1);
        return lines
            .filter_map(|(at, line)| Some(letter(format!("{name}:{at}"), of_line(name, line)?)))
            .collect();
    }
    // Bodies without a header stand among the quotes; whatever else is no mail is no letter.
    let mail = match read(bytes, None) {
        Ok(mail) if !is_body(name) => Some(mail),
        _ if is_body(name) => Some(InboundMail {
            text: String::from_utf8_lossy(bytes).into_owned(),
            ..InboundMail::default()
        }),
        _ => None,
    };
    mail.into_iter()
        .map(|mail| letter(name.to_owned(), mail))
        .collect()
}

fn is_body(name: &str) -> bool {
    name.contains("quotes/") && name.ends_with(".txt")
}

/// A line of a table: the subject of an automatic answer, or a customer's question.
fn of_line(name: &str, line: &str) -> Option<InboundMail> {
    let columns: Vec<&str> = line.split('\t').collect();
    match columns.as_slice() {
        [_kind, _language, subject, ..] if name.ends_with("auto_reply_phrases.tsv") => Some(InboundMail {
            subject: (*subject).to_owned(),
            ..InboundMail::default()
        }),
        [question, _label] if name.ends_with("train.tsv") => Some(InboundMail {
            text: (*question).to_owned(),
            ..InboundMail::default()
        }),
        _ => None,
    }
}

/// Tickets, each of one letter, by their numbers from 1 on.
pub struct Corpus {
    places: Vec<String>,
    split_by_split: Vec<Arc<Split>>,
    pub splits: Splits,
}

impl Corpus {
    pub fn of(letters: Vec<Letter>) -> Self {
        let documents: Vec<Document> = (1..)
            .zip(&letters)
            .map(|(number, letter)| document(number, &letter.mail))
            .collect();
        let split_by_split: Vec<Arc<Split>> = (0..SPLITS)
            .map(|nth| {
                let dealt: Vec<Document> = documents.iter().skip(nth).step_by(SPLITS).cloned().collect();
                Split::in_memory(split_of(&dealt).unwrap().unwrap()).unwrap()
            })
            .collect();
        Self {
            places: letters.into_iter().map(|letter| letter.place).collect(),
            splits: Splits::new(split_by_split.clone()),
            split_by_split,
        }
    }

    /// The same in one split.
    pub fn merged(&self) -> Splits {
        let mut bytes = Vec::new();
        self.splits
            .merge(&self.split_by_split, &|_, _| true, &mut bytes)
            .unwrap();
        Splits::new(vec![Split::in_memory(bytes).unwrap()])
    }

    /// Where the first that a query finds stand, as an agent asks it who sees everything.
    pub fn found(&self, splits: &Splits, query: &str) -> Vec<&str> {
        let query = Query::read(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        let names = Names::default();
        let asking = Asking {
            now: Timestamp::UNIX_EPOCH,
            zone: &TimeZone::UTC,
            me: None,
            names: &names,
        };
        let asked = query.and_of_kind(Kind::Ticket).ask(&Seen::everything(), &asking);
        let answer = splits.ask(&asked.question(0, TAKEN)).unwrap();
        let numbers = answer.hits.iter().map(|hit| usize::try_from(hit.number).unwrap());
        numbers.map(|number| self.places[number - 1].as_str()).collect()
    }
}

fn document(number: u64, mail: &InboundMail) -> Document {
    let mut head = Ticket::blank(TicketNumber(number));
    head.subject = subject_from_outside(&mail.subject);
    head.channel = Channel::Mail {
        mailbox: "support@desk.example".to_owned(),
    };
    // Whoever wrote and those in copy, each another person: who they are elsewhere does not matter here.
    let known: Vec<(PersonId, &Mailbox)> = (number * 100..)
        .map(PersonId)
        .zip(mail.from.iter().chain(&mail.cc).take(50))
        .collect();
    head.requester = PersonId(number * 100);
    head.ccs = known.iter().skip(1).map(|(person, _)| *person).collect();
    let addresses: Vec<[&str; 1]> = known
        .iter()
        .map(|(_, mailbox)| [mailbox.address.as_str()])
        .collect();
    let people: Vec<PersonWords<'_>> = known
        .iter()
        .zip(&addresses)
        .map(|((person, mailbox), addresses)| PersonWords {
            person: *person,
            name: mailbox.name.as_deref().unwrap_or(&mailbox.address),
            addresses,
        })
        .collect();
    let files: Vec<&str> = mail.attachments.iter().map(|file| file.name.as_str()).collect();
    let words = TicketWords {
        head: &head,
        organization: None,
        comments: &[CommentWords {
            author: head.requester,
            public: true,
            text: &mail.text,
            files: &files,
        }],
        people: &people,
    };
    words.document().document
}

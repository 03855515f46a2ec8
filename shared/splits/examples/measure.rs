//! What splits cost: time to write, open, search and merge them, their bytes, and what a first search reads of one by
//! ranges.
//!
//! ```text
//! cargo run --release -p docket-splits --example measure -- 100000
//! cargo run --release -p docket-splits --example measure -- 100000 merge    memory of a merge of splits of 1,000
//! ```

#![allow(clippy::unwrap_used, reason = "a program that measures")]

use docket_search::{
    Bounds, Column, Columns, Direction, Document, Kind, Matcher, Order, Question, TextField, Token,
};
use docket_splits::{Blocks, Fetch, LocalFile, Split, Splits, split_of};
use std::{fs, io, num::NonZeroUsize, ops::Range, path::Path, sync::Arc, time::Instant};

const WORDS: u64 = 60_000;
const WORDS_OF_A_DOCUMENT: u64 = 140;
const DAY: i64 = 86_400_000;

/// A generator of numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) ^ (self.0 >> 12 & 0xFFFF)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    /// Small numbers often, great ones seldom.
    fn rank(&mut self, most: u64) -> u64 {
        let unit = self.below(1 << 20) as f64 / (1 << 20) as f64;
        ((most as f64).powf(unit) as u64).min(most) - 1
    }
}

fn word(rank: u64) -> String {
    let syllables = [
        "st", "ra", "ne", "ko", "li", "mu", "ter", "an", "vo", "ber", "si", "qu",
    ];
    let (mut rest, mut word) = (rank * 7 + 13, String::new());
    while rest > 0 {
        word.push_str(syllables[(rest % 12) as usize]);
        rest /= 12;
    }
    word
}

fn document(number: u64, version: u64, dice: &mut Dice) -> Document {
    let created = 1_700_000_000_000 + i64::try_from(dice.below(60_000_000)).unwrap() * 1_000;
    let status = i64::try_from(dice.below(6)).unwrap();
    let columns = Columns {
        created: Some(created),
        updated: Some(created + i64::try_from(dice.below(90_000_000)).unwrap()),
        solved: (status > 3).then_some(created + DAY),
        due: (status < 4).then_some(created + 2 * DAY),
        status: Some(status),
        priority: Some(i64::try_from(dice.below(5)).unwrap()),
        requester: Some(i64::try_from(dice.rank(20_000)).unwrap()),
        ..Columns::default()
    };
    let mut text = |words: u64| -> Vec<Token> {
        (0..u32::try_from(words).unwrap())
            .map(|position| Token {
                text: word(dice.rank(WORDS)),
                position,
            })
            .collect()
    };
    let texts = vec![
        (TextField::Title, text(6)),
        (TextField::Body, text(WORDS_OF_A_DOCUMENT)),
        (TextField::Notes, text(12)),
        (TextField::Who, text(4)),
    ];
    let keywords = vec![
        format!("g:{}", number % 40),
        format!("a:{}", dice.below(300)),
        format!("o:{}", dice.rank(3_000)),
        format!("tag:{}", word(dice.rank(200))),
        "via:email".to_owned(),
    ];
    Document {
        kind: Kind::Ticket,
        number,
        version,
        columns,
        texts,
        keywords,
        tombstone: false,
        erases_before: 0,
    }
}

fn memory() -> String {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = text
        .lines()
        .filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"));
    lines
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join(", ")
}

fn measured<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let result = run();
    println!("{what}: {:.2} ms", begin.elapsed().as_secs_f64() * 1_000.0);
    result
}

struct Object(Arc<LocalFile>);

impl Fetch for Object {
    fn fetch(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        docket_splits::Source::read_at(self.0.as_ref(), range)
    }
}

fn matchers() -> Vec<(&'static str, Matcher, Order)> {
    let body = vec![TextField::Title, TextField::Body];
    let of = |text: String| Matcher::Word {
        fields: body.clone(),
        word: text,
    };
    let phrase = [word(3), word(5)]
        .into_iter()
        .zip(0..)
        .map(|(text, position)| Token { text, position })
        .collect();
    let open = Matcher::Within(
        Column::Status,
        Bounds {
            least: None,
            most: Some(3),
        },
    );
    let month = Bounds {
        least: Some(1_720_000_000_000),
        most: Some(1_722_600_000_000),
    };
    let by_updated = Order::By(Column::Updated, Direction::Descending);
    let beginning = |length: usize| Matcher::Prefix {
        fields: vec![TextField::Body],
        prefix: word(4_000).chars().take(length).collect(),
    };
    vec![
        ("a frequent word", of(word(2)), Order::Relevance),
        ("a rare word", of(word(9_000)), Order::Relevance),
        (
            "two words",
            Matcher::And(vec![of(word(20)), of(word(300))]),
            Order::Relevance,
        ),
        (
            "a phrase",
            Matcher::Phrase {
                fields: vec![TextField::Body],
                words: phrase,
            },
            Order::Relevance,
        ),
        ("open ones by update", open.clone(), by_updated),
        (
            "filters",
            Matcher::And(vec![open.clone(), Matcher::Keyword("g:7".to_owned())]),
            by_updated,
        ),
        (
            "word, status, range",
            Matcher::And(vec![of(word(2)), open, Matcher::Within(Column::Created, month)]),
            Order::Relevance,
        ),
        ("all but a word", Matcher::Not(Box::new(of(word(2)))), by_updated),
        ("a prefix of 2", beginning(2), Order::Relevance),
        ("a prefix of 4", beginning(4), Order::Relevance),
    ]
}

fn ask_all(splits: &Splits) {
    for (what, matcher, order) in matchers() {
        let question = Question {
            matcher,
            order,
            skip: 0,
            take: 30,
        };
        let count = splits.ask(&question).unwrap().count;
        let best = (0..9)
            .map(|_| {
                let begin = Instant::now();
                splits.ask(&question).unwrap();
                begin.elapsed()
            })
            .min();
        let best = best.unwrap_or_default().as_secs_f64() * 1_000.0;
        println!("  {what}: {count} found, {best:.2} ms");
    }
}

fn ranged(path: &Path, block_bytes: u64) {
    println!("by ranges, blocks of {} KB", block_bytes / 1024);
    for (what, matcher, order) in matchers() {
        let file = Arc::new(LocalFile::open(path).unwrap());
        let length = docket_splits::Source::length(file.as_ref());
        let kept = NonZeroUsize::new(1_000).unwrap();
        let blocks = Arc::new(Blocks::with_block_bytes(Object(file), length, kept, block_bytes));
        let splits = Splits::new(vec![Split::open(Arc::clone(&blocks) as _).unwrap()]);
        let opened = blocks.fetched();
        splits
            .ask(&Question {
                matcher,
                order,
                skip: 0,
                take: 30,
            })
            .unwrap();
        let asked = blocks.fetched();
        println!(
            "  {what}: opened with {} reads, {} KB; first answer with {} more, {} KB",
            opened.reads,
            opened.bytes / 1024,
            asked.reads - opened.reads,
            (asked.bytes - opened.bytes) / 1024
        );
    }
}

/// Merges splits of 1,000 documents that lie in files.
fn merge_files(count: u64, folder: &Path) {
    let mut dice = Dice(7);
    let mut splits = Vec::new();
    for first in (1..=count).step_by(1_000) {
        let documents: Vec<Document> = (first..first + 1_000)
            .map(|number| document(number, 1, &mut dice))
            .collect();
        let path = folder.join(format!("{first}.split"));
        fs::write(&path, split_of(&documents).unwrap().unwrap()).unwrap();
        splits.push(Split::open(Arc::new(LocalFile::open(&path).unwrap())).unwrap());
    }
    println!("{} splits of 1,000; {}", splits.len(), memory());
    let all = Splits::new(splits.clone());
    let mut file = fs::File::create(folder.join("merged.split")).unwrap();
    let merged = measured("merge", || all.merge(&splits, &|_, _| true, &mut file).unwrap());
    println!(
        "  {} documents, {} KB; {}",
        merged.documents,
        merged.bytes / 1024,
        memory()
    );
}

fn main() {
    let count: u64 = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(20_000);
    let folder = std::env::temp_dir().join(format!("docket-splits-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    if std::env::args().nth(2).as_deref() == Some("merge") {
        merge_files(count, &folder);
        return fs::remove_dir_all(&folder).unwrap();
    }
    let mut dice = Dice(7);
    let documents: Vec<Document> = measured("make documents", || {
        (1..=count).map(|number| document(number, 1, &mut dice)).collect()
    });
    let text: usize = documents
        .iter()
        .flat_map(|document| &document.texts)
        .flat_map(|(_, tokens)| tokens)
        .map(|token| token.text.len() + 1)
        .sum();
    println!("text: {} KB; {}", text / 1024, memory());
    for some in [1, 10, 100, 1_000] {
        let documents = &documents[..some.min(documents.len())];
        let bytes = measured(&format!("write {some}"), || split_of(documents).unwrap().unwrap());
        println!("  {} bytes", bytes.len());
    }
    let bytes = measured("write all", || split_of(&documents).unwrap().unwrap());
    println!(
        "  {} KB, {} bytes a document; {}",
        bytes.len() / 1024,
        bytes.len() as u64 / count,
        memory()
    );
    drop(documents);
    let path = folder.join("all.split");
    fs::write(&path, bytes).unwrap();
    measured("check all bytes", || {
        Split::check(Arc::new(LocalFile::open(&path).unwrap())).unwrap()
    });
    let whole = measured("open", || {
        Split::open(Arc::new(LocalFile::open(&path).unwrap())).unwrap()
    });
    let one = measured("who is alive", || Splits::new(vec![Arc::clone(&whole)]));
    println!("one split; {}", memory());
    ask_all(&one);

    let newer: Vec<Arc<Split>> = (0..11)
        .map(|_| {
            let documents: Vec<Document> = (0..500)
                .map(|_| document(1 + dice.below(count), 2, &mut dice))
                .collect();
            Split::in_memory(split_of(&documents).unwrap().unwrap()).unwrap()
        })
        .collect();
    let all: Vec<Arc<Split>> = [Arc::clone(&whole)].into_iter().chain(newer).collect();
    let several = measured("who is alive in 12", || Splits::new(all.clone()));
    println!("twelve splits, {} alive", several.alive());
    ask_all(&several);
    let recent: Vec<Document> = (0..100)
        .map(|_| document(1 + dice.below(count), 3, &mut dice))
        .collect();
    let recent = measured("write 100 recent ones", || split_of(&recent).unwrap().unwrap());
    let recent = measured("open them", || Split::in_memory(recent).unwrap());
    measured("with them", || several.with(recent));
    let mut merged = Vec::new();
    let result = measured("merge the twelve", || {
        several.merge(&all, &|_, _| true, &mut merged).unwrap()
    });
    println!(
        "  {} documents, {} KB; {}",
        result.documents,
        result.bytes / 1024,
        memory()
    );
    drop((one, several, all, whole));
    for block_bytes in [256 * 1024, 128 * 1024, 64 * 1024] {
        ranged(&path, block_bytes);
    }
    fs::remove_dir_all(&folder).unwrap();
}

//! What is remembered of writes: stream records, and images to look back by.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use tokio::sync::watch;

use super::image::Image;
use super::stream::{StreamChange, StreamFilter, StreamRecord};

/// A stream nobody takes from forgets its oldest changes past this.
const MAX_STREAM_RECORDS: usize = 100_000;

/// How many writes of a table can be looked back on.
pub(super) const MAX_REMEMBERED_WRITES: usize = 16;

#[derive(Default)]
pub(super) struct Capture {
    remembers: bool,
    streams: BTreeMap<String, Stream>,
    writes: BTreeMap<String, VecDeque<Vec<Image>>>,
    histories: BTreeMap<String, Vec<StreamRecord>>,
    sequence: u64,
}

struct Stream {
    /// What is waiting, as it was written: a record in the form of an event takes several times as much, and is made when it is taken.
    waiting: VecDeque<Waiting>,
    filter: StreamFilter,
    /// Changes whenever something comes or is taken.
    moves: watch::Sender<u64>,
}

struct Waiting {
    image: Image,
    sequence: u64,
    at: Timestamp,
}

impl Capture {
    pub(super) fn is_needed(&self) -> bool {
        self.remembers || !self.streams.is_empty() || !self.histories.is_empty()
    }

    pub(super) fn remember_writes(&mut self, remember: bool) {
        self.remembers = remember;
        self.writes.clear();
    }

    pub(super) fn enable_stream(&mut self, table: &str, filter: StreamFilter) {
        self.streams.entry(table.to_owned()).or_insert_with(|| Stream {
            waiting: VecDeque::new(),
            filter,
            moves: watch::Sender::new(0),
        });
    }

    pub(super) fn keep_history(&mut self, table: &str) {
        self.histories.entry(table.to_owned()).or_default();
    }

    pub(super) fn take_history(&mut self, table: &str) -> Vec<StreamRecord> {
        self.histories
            .get_mut(table)
            .map(std::mem::take)
            .unwrap_or_default()
    }

    pub(super) fn take_stream(&mut self, table: &str, max: usize) -> Vec<StreamRecord> {
        let Some(stream) = self.streams.get_mut(table) else {
            return Vec::new();
        };
        let count = max.min(stream.waiting.len());
        let taken = stream.waiting.drain(..count);
        let records =
            taken.filter_map(|waiting| StreamRecord::of(&waiting.image, waiting.sequence, waiting.at));
        let records = records.collect();
        stream.moves.send_modify(|count| *count += 1);
        records
    }

    pub(super) fn stream_length(&self, table: &str) -> usize {
        self.streams.get(table).map_or(0, |stream| stream.waiting.len())
    }

    pub(super) fn stream_moves(&self, table: &str) -> Option<watch::Receiver<u64>> {
        self.streams.get(table).map(|stream| stream.moves.subscribe())
    }

    /// Whether the images of a table are wanted.
    pub(super) fn wants(&self, table: &str) -> bool {
        self.remembers || self.streams.contains_key(table) || self.histories.contains_key(table)
    }

    /// Notes one call's changes, in the order of the call.
    pub(super) fn record(&mut self, images: Vec<Image>, now: Timestamp) {
        let mut by_table: BTreeMap<String, Vec<Image>> = BTreeMap::new();
        for image in images {
            self.sequence += 1;
            if let Some(history) = self.histories.get_mut(&image.table) {
                history.extend(StreamRecord::of(&image, self.sequence, now));
            }
            let stream = self.streams.get_mut(&image.table);
            let is_of_it = |stream: &&mut Stream| {
                StreamChange::of(&image).is_some_and(|change| (stream.filter)(&change))
            };
            if let Some(stream) = stream.filter(is_of_it) {
                stream.waiting.push_back(Waiting {
                    image: image.clone(),
                    sequence: self.sequence,
                    at: now,
                });
                if stream.waiting.len() > MAX_STREAM_RECORDS {
                    stream.waiting.pop_front();
                }
                stream.moves.send_modify(|count| *count += 1);
            }
            if self.remembers {
                by_table.entry(image.table.clone()).or_default().push(image);
            }
        }
        for (table, images) in by_table {
            let writes = self.writes.entry(table).or_default();
            writes.push_back(images);
            if writes.len() > MAX_REMEMBERED_WRITES {
                writes.pop_front();
            }
        }
    }

    /// The last `count` writes of a table, the newest first.
    pub(super) fn last_writes(&self, table: &str, count: usize) -> Vec<Vec<Image>> {
        self.writes
            .get(table)
            .map(|writes| writes.iter().rev().take(count).cloned().collect())
            .unwrap_or_default()
    }
}

//! DynamoDB: dynoxide behind the JSON protocol, with streams, stale indexes and tallies at the seam.
//!
//! Its own stream stays off (each write would search all earlier records); ours takes the images before and after a write from the
//! request, or reads them, under a gate that lets no other write between.

mod batch;
mod capacity;
mod capture;
mod dispatch;
mod fill;
mod get;
mod image;
mod recent;
mod stale;
mod stream;
mod tokens;
mod write;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use dynoxide::storage_backend::Clock as StorageClock;
use dynoxide::{Database, DynoxideError};
use jiff::Timestamp;

pub use capacity::CapacityUse;
pub use fill::FillError;
pub use stream::{StreamChange, StreamEventName, StreamFilter, StreamRecord};

use crate::Clock;
use crate::disk::Disk;
use crate::lock;
use crate::wire::{WireResponse, json_error};
use capacity::Tally;
use capture::Capture;
use recent::Recent;
use tokens::Tokens;

/// How a fault bends one call.
#[derive(Clone, Copy, Default)]
pub(crate) struct Bend {
    /// Answer an index as of before this many writes.
    pub(crate) stale_writes: Option<usize>,
    /// Leave these entries of a batch unprocessed.
    pub(crate) fails: Option<u64>,
}

pub(crate) struct DynamoDb {
    db: Database,
    /// The file that keeps the tables; nothing in memory.
    disk: Option<Arc<Disk>>,
    /// Held to read by every call, to write by those whose images are captured or who look back. It is taken before the locks below.
    gate: RwLock<()>,
    capturing: AtomicBool,
    capture: Mutex<Capture>,
    recent: Mutex<Recent>,
    tokens: Mutex<Tokens>,
    tally: Mutex<Option<Tally>>,
}

impl DynamoDb {
    pub(crate) fn in_memory(clock: &Clock) -> Result<Self, DynoxideError> {
        let clock = Arc::new(Seconds(clock.clone()));
        Ok(Self::over(Database::memory_with_clock(clock)?, None))
    }

    pub(crate) fn in_file(disk: Arc<Disk>) -> Result<Self, DynoxideError> {
        let db = Database::new(&disk.file().to_string_lossy())?;
        // Its own way to have SQLite sync only where it must for the file to stay whole; what is to survive a power cut `Disk` syncs.
        db.disable_bulk_loading()?;
        Ok(Self::over(db, Some(disk)))
    }

    fn over(db: Database, disk: Option<Arc<Disk>>) -> Self {
        Self {
            db,
            disk,
            gate: RwLock::new(()),
            capturing: AtomicBool::new(false),
            capture: Mutex::new(Capture::default()),
            recent: Mutex::new(Recent::default()),
            tokens: Mutex::new(Tokens::default()),
            tally: Mutex::new(None),
        }
    }

    /// Does one operation on its JSON body.
    pub(crate) fn call(&self, operation: &str, body: &[u8], bend: Bend, now: Timestamp) -> WireResponse {
        let Ok(text) = std::str::from_utf8(body) else {
            return json_error(400, "com.amazon.coral.service#SerializationException", "");
        };
        let answer = if lock(&self.tally).is_some() {
            let asked = capacity::ask(operation, text);
            let answer = self.bent(operation, &asked, bend, now);
            if let (Ok(answer), Some(tally)) = (&answer, lock(&self.tally).as_mut()) {
                tally.add(operation, answer);
            }
            answer
        } else {
            self.bent(operation, text, bend, now)
        };
        match answer {
            Ok(json) => WireResponse::json(200, json),
            Err(error) => WireResponse::json(error.status_code(), error.to_json()),
        }
    }

    fn bent(&self, operation: &str, body: &str, bend: Bend, now: Timestamp) -> Result<String, DynoxideError> {
        match operation {
            "BatchGetItem" | "BatchWriteItem" if bend.fails.is_some_and(|fails| fails != 0) => {
                let (kept, unprocessed) = batch::split(operation, body, bend.fails.unwrap_or_default());
                let answer = match kept {
                    Some(kept) => self.dispatch(operation, &kept, now)?,
                    None => batch::nothing_done(operation),
                };
                Ok(batch::with_unprocessed(operation, &answer, unprocessed))
            }
            "Query" | "Scan" if self.disk.is_none() && bend.stale_writes.is_some() && !is_strong(body) => {
                self.look_back(bend.stale_writes.unwrap_or_default(), body, || {
                    self.dispatch_ungated(operation, body)
                })
            }
            _ => self.dispatch(operation, body, now),
        }
    }

    /// Starts or stops to remember the last writes, which a stale index needs.
    pub(crate) fn remember_writes(&self, remember: bool) {
        self.change_capture(|capture| capture.remember_writes(remember));
    }

    pub(crate) fn enable_stream(&self, table: &str, filter: StreamFilter) {
        self.change_capture(|capture| capture.enable_stream(table, filter));
    }

    /// Changes what is captured. Who wrote while nothing was passed by what is remembered.
    fn change_capture(&self, change: impl FnOnce(&mut Capture)) {
        let _gate = self.gate_write();
        let mut capture = lock(&self.capture);
        change(&mut capture);
        lock(&self.recent).forget_all();
        self.capturing.store(capture.is_needed(), Ordering::Release);
    }

    pub(crate) fn keep_history(&self, table: &str) {
        lock(&self.capture).keep_history(table);
    }

    pub(crate) fn take_history(&self, table: &str) -> Vec<StreamRecord> {
        lock(&self.capture).take_history(table)
    }

    pub(crate) fn take_stream(&self, table: &str, max: usize) -> Vec<StreamRecord> {
        lock(&self.capture).take_stream(table, max)
    }

    pub(crate) fn stream_moves(&self, table: &str) -> Option<tokio::sync::watch::Receiver<u64>> {
        lock(&self.capture).stream_moves(table)
    }

    pub(crate) fn stream_length(&self, table: &str) -> usize {
        lock(&self.capture).stream_length(table)
    }

    pub(crate) fn tally_capacity(&self, on: bool) {
        *lock(&self.tally) = on.then(Tally::default);
    }

    pub(crate) fn capacity(&self) -> Vec<CapacityUse> {
        lock(&self.tally).as_ref().map(Tally::uses).unwrap_or_default()
    }

    /// Whether items are remembered: while every write passes the gate alone.
    fn remembers(&self) -> bool {
        self.capturing.load(Ordering::Acquire)
    }

    /// Does what writes to the tables.
    fn writing<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.disk {
            Some(disk) => disk.write(write),
            None => write(),
        }
    }

    fn gate_read(&self) -> std::sync::RwLockReadGuard<'_, ()> {
        self.gate.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn gate_write(&self) -> std::sync::RwLockWriteGuard<'_, ()> {
        self.gate.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a read asks for what is written by now.
fn is_strong(body: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Read {
        #[serde(rename = "ConsistentRead", default)]
        consistent: bool,
    }
    serde_json::from_str::<Read>(body).is_ok_and(|read| read.consistent)
}

/// Our clock in the form which the database asks for.
struct Seconds(Clock);

impl StorageClock for Seconds {
    fn now_unix_secs(&self) -> u64 {
        u64::try_from(self.0.now().as_second()).unwrap_or_default()
    }

    fn now_unix_secs_f64(&self) -> f64 {
        self.0.now().as_duration().as_secs_f64()
    }
}

//! A power cut takes nothing that was answered: with the files as they were at their last sync, whatever of the bytes written since
//! is left of them, the desk goes on, and what it was answered for is there once.

use crate::{answer, in_world, mail};
use docket_local::{
    invariants::Contacts,
    world::{World, WorldOptions},
};
use embedded_aws::Storage;
use jiff::SignedDuration;
use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

/// Where SQLite writes in the log's head with what its frames are salted: another one after it began anew.
const SALT: Range<usize> = 16..24;
/// Most bytes of nothing in particular that stand where the log breaks off.
const MOST_GARBAGE: usize = 5_000;

/// A folder that goes with its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("docket-power-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn storage(&self) -> Storage {
        Storage::Dir(self.0.clone())
    }

    fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.0.join(file)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What of a desk's files is on the disk for good.
struct Disk<'f> {
    folder: &'f Folder,
    /// The file, as it was when the log was last moved into it: SQLite syncs it then.
    desk: Vec<u8>,
    /// The salt of the log.
    salt: Vec<u8>,
    /// How much of the log was synced.
    synced: usize,
    /// How much of it stays where syncs are believed to do nothing.
    at_first: usize,
}

impl<'f> Disk<'f> {
    /// As it is now, all of it synced.
    fn of(folder: &'f Folder) -> Self {
        let log = folder.read("desk.sqlite-wal");
        Self {
            folder,
            desk: folder.read("desk.sqlite"),
            salt: log[SALT].to_vec(),
            synced: log.len(),
            at_first: log.len(),
        }
    }

    /// Notes what SQLite synced by itself.
    fn look(&mut self) {
        let desk = self.folder.read("desk.sqlite");
        let log = self.folder.read("desk.sqlite-wal");
        if log[SALT] != self.salt {
            // It was moved into the file, and began anew.
            self.salt = log[SALT].to_vec();
            self.synced = 0;
        } else if desk != self.desk {
            // What was moved into the file had been synced in the log before.
            self.synced = log.len();
        }
        self.desk = desk;
    }

    /// The files as a power cut leaves them: all of the log that was synced, a part of what came after, and then anything.
    fn cut_into(&self, folder: &Path, world: &mut World, keeps_what_was_synced: bool) {
        let mut choose = |of: usize| world.choose(u32::try_from(of).unwrap()) as usize;
        let mut log = self.folder.read("desk.sqlite-wal");
        let kept = if keeps_what_was_synced {
            self.synced
        } else {
            self.at_first
        };
        log.truncate(kept + choose(log.len() - kept + 1));
        let garbage = choose(MOST_GARBAGE);
        log.extend((0..garbage).map(|n| (n * n % 251) as u8));
        fs::write(folder.join("desk.sqlite"), &self.desk).unwrap();
        fs::write(folder.join("desk.sqlite-wal"), log).unwrap();
        fs::copy(self.folder.0.join("format"), folder.join("format")).unwrap();
    }
}

/// Something that is answered, or a step of what follows from it.
async fn something(world: &mut World, nth: u64) {
    match world.choose(6) {
        0 | 1 => {
            let raw = mail(
                &format!("u{nth}@example.com"),
                &format!("m{nth}@example.com"),
                "",
                "Help!",
            );
            world.receive(&raw, &[], false);
        }
        2 => {
            let words = format!("This is answer {nth}.");
            if answer(world, 1, &words, false).await {
                world.contacts.answers.push(words);
            }
        }
        _ => {
            world.step().await;
        }
    }
    world.local.aws.clock().advance(SignedDuration::from_millis(700));
}

/// The desk after a cut, once it has had the time to go on by itself; what is broken of it.
async fn after_cut(folder: &Folder, seed: u64, world: &World, answered: &Contacts) -> Vec<String> {
    let options = WorldOptions {
        seed,
        ..WorldOptions::default()
    };
    let mut after = World::kept_in(options, folder.storage()).await.unwrap();
    after.local.aws.clock().set_forward(world.local.aws.clock().now());
    after.contacts = answered.clone();
    for _ in 0..3 {
        after.leap(SignedDuration::from_mins(11)).await;
    }
    after.broken_invariants().await
}

/// Cuts the power at so many points of a desk's life; what was broken at any of them.
fn cut(seed: u64, points: u64, keeps_what_was_synced: bool) -> Vec<String> {
    in_world(async {
        let folder = Folder::new(&format!("{seed}"));
        let options = WorldOptions {
            seed,
            ..WorldOptions::default()
        };
        let mut world = World::kept_in(options, folder.storage()).await.unwrap();
        world.receive(&mail("eve@example.com", "m@example.com", "", "Help!"), &[], false);
        world.settle().await;
        world.local.aws.sync().unwrap();
        let mut disk = Disk::of(&folder);
        let mut answered = world.contacts.clone();
        let mut broken = vec![];
        for point in 0..points {
            something(&mut world, 2 * point).await;
            if world.choose(5) < 3 {
                world.local.aws.sync().unwrap();
                disk = Disk {
                    at_first: disk.at_first,
                    ..Disk::of(&folder)
                };
                answered = world.contacts.clone();
                something(&mut world, 2 * point + 1).await;
            }
            disk.look();
            let left = Folder::new(&format!("{seed}-{point}"));
            disk.cut_into(&left.0, &mut world, keeps_what_was_synced);
            let found = after_cut(&left, seed + 1_000 + point, &world, &answered).await;
            broken.extend(found.into_iter().map(|words| format!("point {point}: {words}")));
        }
        broken
    })
}

#[test]
fn what_was_answered_survives_a_power_cut_at_50_points() {
    assert_eq!(cut(1, 50, true), Vec::<String>::new());
}

#[test]
fn what_was_answered_survives_a_power_cut_at_50_more() {
    assert_eq!(cut(2, 50, true), Vec::<String>::new());
}

#[test]
fn what_was_answered_survives_a_power_cut_at_50_others() {
    assert_eq!(cut(3, 50, true), Vec::<String>::new());
}

#[test]
fn what_was_answered_survives_a_power_cut_at_the_last_50() {
    assert_eq!(cut(4, 50, true), Vec::<String>::new());
}

/// What was not synced may be gone: the same checks see it.
#[test]
fn without_syncs_answered_mail_would_be_lost() {
    let broken = cut(5, 8, false);
    assert!(
        broken.iter().any(|words| words.contains("taken in 0 times")),
        "{broken:?}"
    );
}

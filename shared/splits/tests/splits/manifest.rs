//! What a manifest becomes.

use crate::support::{split, ticket};
use docket_search::{Document, Kind};
use docket_splits::{
    Entry, GRACE_MILLISECONDS, Manifest, ManifestError, Retired, Spans, Split, SplitId, level_of, orphans,
};
use std::collections::BTreeSet;
use std::sync::Arc;

const NOW: i64 = 1_790_000_000_000;

fn id(at: u64) -> SplitId {
    SplitId::new(&format!("01ARZ3NDEKTSV4RRFFQ69G{at:04}")).unwrap()
}

fn spanning(lowest: u64, highest: u64) -> Arc<Split> {
    split(&[ticket(lowest, 1, "x"), ticket(highest, 1, "x")])
}

fn entry(at: u64, lowest: u64, highest: u64) -> Entry {
    Entry::of(id(at), 4_711, &spanning(lowest, highest))
}

/// With entries of these names, each of which can hold numbers up to a hundred from a hundred times its place on.
fn manifest(names: &[u64]) -> Manifest {
    names.iter().fold(Manifest::default(), |manifest, at| {
        manifest
            .with_split_added(entry(*at, at * 100, at * 100 + 99), 0, &[])
            .unwrap()
    })
}

fn names(manifest: &Manifest) -> Vec<SplitId> {
    manifest.splits.iter().map(|split| split.id.clone()).collect()
}

#[test]
fn every_change_raises_the_revision_and_the_watermark_never_goes_back() {
    let manifest = manifest(&[1, 2]);
    assert_eq!(manifest.revision, 2);
    let later = manifest.with_watermark(NOW);
    assert_eq!((later.revision, later.watermark), (3, NOW));
    let added = later.with_split_added(entry(3, 1, 1), NOW - 1, &[]).unwrap();
    assert_eq!((added.revision, added.watermark), (4, NOW));
    assert_eq!(
        added.with_split_added(entry(3, 1, 1), NOW, &[]),
        Err(ManifestError::AlreadyThere(id(3)))
    );
}

#[test]
fn what_was_merged_stands_where_the_last_of_it_stood() {
    let manifest = manifest(&[1, 2, 3, 4]);
    let merged = manifest
        .merged(&manifest, &[id(1), id(3)], Some(entry(9, 100, 399)), &[], NOW)
        .unwrap();
    assert_eq!(names(&merged), [id(2), id(9), id(4)]);
    let from = NOW + GRACE_MILLISECONDS;
    assert_eq!(
        merged.retired,
        [Retired { id: id(1), from }, Retired { id: id(3), from }]
    );
    let nothing_left = manifest.merged(&manifest, &[id(4)], None, &[], NOW).unwrap();
    assert_eq!(names(&nothing_left), [id(1), id(2), id(3)]);
}

#[test]
fn a_merge_of_what_somebody_else_merged_is_refused() {
    let seen = manifest(&[1, 2]);
    let now = seen
        .merged(&seen, &[id(1)], Some(entry(8, 1, 1)), &[], NOW)
        .unwrap();
    let twice = now.merged(&seen, &[id(1), id(2)], Some(entry(9, 1, 1)), &[], NOW);
    assert_eq!(twice, Err(ManifestError::Gone(id(1))));
}

#[test]
fn two_writers_at_once_lose_nothing() {
    let seen = manifest(&[1, 2]);
    let meanwhile = seen.with_split_added(entry(3, 1, 1), NOW, &[]).unwrap();
    let merged = meanwhile
        .merged(&seen, &[id(1), id(2)], Some(entry(4, 100, 299)), &[], NOW)
        .unwrap();
    assert_eq!(names(&merged), [id(4), id(3)]);
}

#[test]
fn a_tombstone_that_a_later_split_needs_is_not_left_out() {
    let seen = manifest(&[1, 2]);
    let meanwhile = seen.with_split_added(entry(3, 150, 160), NOW, &[]).unwrap();
    let merge = |dropped: &[(Kind, u64)]| {
        meanwhile.merged(&seen, &[id(1), id(2)], Some(entry(4, 100, 299)), dropped, NOW)
    };
    let needed = ManifestError::TombstoneNeeded {
        kind: Kind::Ticket,
        number: 155,
        by: id(3),
    };
    assert_eq!(merge(&[(Kind::Ticket, 120), (Kind::Ticket, 155)]), Err(needed));
    assert!(merge(&[(Kind::Ticket, 120), (Kind::Person, 155)]).is_ok());
    assert!(seen.is_held_by_others(&[id(2)], Kind::Ticket, 150));
    assert!(!seen.is_held_by_others(&[id(1)], Kind::Ticket, 150));
}

#[test]
fn words_that_have_to_go_mark_the_splits_that_can_hold_them() {
    let seen = manifest(&[1, 2]);
    let erased = seen
        .with_split_added(entry(3, 150, 150), NOW, &[(Kind::Ticket, 150)])
        .unwrap();
    assert_eq!(erased.must_merge, BTreeSet::from([id(1)]));
    // A merge that had begun before does not do.
    let too_early = erased
        .merged(&seen, &[id(1)], Some(entry(4, 100, 199)), &[], NOW)
        .unwrap();
    assert_eq!(too_early.must_merge, BTreeSet::from([id(4)]));
    // One that saw it does, and the object goes at once.
    let merged = erased
        .merged(&erased, &[id(1)], Some(entry(4, 100, 199)), &[], NOW)
        .unwrap();
    assert!(merged.must_merge.is_empty());
    assert_eq!(merged.to_delete(NOW).collect::<Vec<_>>(), [&id(1)]);
    let swept = merged.swept(&[id(1)]);
    assert_eq!((swept.retired.len(), swept.revision), (0, merged.revision + 1));
}

#[test]
fn only_old_objects_that_nobody_names_are_orphans() {
    let manifest = manifest(&[1, 2]);
    let manifest = manifest.merged(&manifest, &[id(1)], None, &[], NOW).unwrap();
    let old = NOW - GRACE_MILLISECONDS - 1;
    let objects = [(id(1), old), (id(2), old), (id(3), old), (id(4), old + 1)];
    assert_eq!(orphans(&manifest, &objects, NOW), [id(3)]);
}

#[test]
fn forty_splits_are_three_kilobytes() {
    let person = Document {
        kind: Kind::Person,
        ..ticket(4_711, 1, "x")
    };
    let spans = Spans::of(&split(&[
        ticket(1_234_567, 1, "x"),
        ticket(1_240_001, 1, "x"),
        person,
    ]));
    let entries = (0..40).map(|at| Entry {
        id: id(at),
        bytes: 9_876_543,
        documents: 12_345,
        level: level_of(12_345),
        spans,
    });
    let manifest = Manifest {
        revision: 123_456,
        watermark: NOW,
        splits: entries.collect(),
        ..Manifest::default()
    };
    let text = serde_json::to_string(&manifest).unwrap();
    assert!(text.len() <= 3 * 1024 + 512, "{} bytes", text.len());
    assert_eq!(serde_json::from_str::<Manifest>(&text).unwrap(), manifest);
}

#[test]
fn a_manifest_is_written_so() {
    let manifest = manifest(&[1]);
    let manifest = manifest
        .with_split_added(entry(2, 100, 100), NOW, &[(Kind::Ticket, 100)])
        .unwrap();
    let expected = r#"{"revision":2,"splits":[["01ARZ3NDEKTSV4RRFFQ69G0001",4711,2,0,"t100-199"],["01ARZ3NDEKTSV4RRFFQ69G0002",4711,2,0,"t100-100"]],"watermark":1790000000000,"must_merge":["01ARZ3NDEKTSV4RRFFQ69G0001"]}"#;
    assert_eq!(serde_json::to_string(&manifest).unwrap(), expected);
    for wrong in [r#""t100""#, r#""x1-2""#, r#""t1-x""#, r#""é1-2""#] {
        assert!(serde_json::from_str::<Spans>(wrong).is_err());
    }
    assert!(serde_json::from_str::<SplitId>(r#""../../etc/passwd-0123456789""#).is_err());
}

//! When splits are merged, and which.

use crate::{
    entry::{Entry, SplitId},
    merge::MOST_DOCUMENTS,
};
use std::collections::BTreeSet;

/// Most splits that stand as they are: each costs every search a look into its dictionaries.
pub const MOST_SPLITS: usize = 12;
/// So many of a level become one of the next: a document is written anew once a level.
const OF_A_LEVEL: usize = 4;

/// The level of a split with so many documents: one more for each time that it is four times as large.
#[must_use]
pub fn level_of(documents: u32) -> u8 {
    // The logarithm of 32 bits is at most 15.
    (documents.max(1).ilog(4)) as u8
}

/// Which splits are to become one now, in the order of the manifest; none, when all stand well.
///
/// First those that hold words which have to go (`must_merge`), be it one alone. Then four of a level, the lowest level first. Then,
/// where there are still more than [`MOST_SPLITS`], the smallest. Together they have at most [`MOST_DOCUMENTS`], so that a
/// merge has room; of splits that must be merged one always goes.
#[must_use]
pub fn what_to_merge(splits: &[Entry], must_merge: &BTreeSet<SplitId>) -> Vec<SplitId> {
    let must: Vec<&Entry> = splits
        .iter()
        .filter(|split| must_merge.contains(&split.id))
        .collect();
    if !must.is_empty() {
        return in_order(splits, &smallest(must, usize::MAX, 1));
    }
    let levels: BTreeSet<u8> = splits.iter().map(|split| split.level).collect();
    for level in levels {
        let of_level: Vec<&Entry> = splits.iter().filter(|split| split.level == level).collect();
        if of_level.len() >= OF_A_LEVEL {
            let together = smallest(of_level, usize::MAX, 0);
            if together.len() >= OF_A_LEVEL {
                return in_order(splits, &together);
            }
        }
    }
    let too_many = splits.len().saturating_sub(MOST_SPLITS);
    if too_many == 0 {
        return Vec::new();
    }
    let together = smallest(splits.iter().collect(), (too_many + 1).max(OF_A_LEVEL), 0);
    if together.len() < 2 {
        Vec::new()
    } else {
        in_order(splits, &together)
    }
}

/// The smallest splits, as many as are wanted and have room together, and at least so many.
fn smallest(mut splits: Vec<&Entry>, most: usize, least: usize) -> BTreeSet<&SplitId> {
    splits.sort_by_key(|split| (split.documents, &split.id));
    let mut documents = 0;
    let mut taken = BTreeSet::new();
    for split in splits.into_iter().take(most) {
        documents += u64::from(split.documents);
        if documents > MOST_DOCUMENTS && taken.len() >= least {
            break;
        }
        taken.insert(&split.id);
    }
    taken
}

fn in_order(splits: &[Entry], taken: &BTreeSet<&SplitId>) -> Vec<SplitId> {
    splits
        .iter()
        .map(|split| &split.id)
        .filter(|id| taken.contains(id))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Spans;

    fn entry(at: usize, documents: u32) -> Entry {
        let id = SplitId::new(&format!("01ARZ3NDEKTSV4RRFFQ69G{at:04}")).unwrap();
        Entry {
            id,
            bytes: 1,
            documents,
            level: level_of(documents),
            spans: Spans::default(),
        }
    }

    fn entries(documents: &[u32]) -> Vec<Entry> {
        documents
            .iter()
            .enumerate()
            .map(|(at, documents)| entry(at, *documents))
            .collect()
    }

    /// Places of those to merge.
    fn merged(documents: &[u32], must: &[usize]) -> Vec<usize> {
        let splits = entries(documents);
        let must = must.iter().map(|at| splits[*at].id.clone()).collect();
        let ids = what_to_merge(&splits, &must);
        ids.iter()
            .map(|id| splits.iter().position(|split| split.id == *id).unwrap())
            .collect()
    }

    #[test]
    fn a_level_is_four_times_the_one_below() {
        assert_eq!([0, 1, 3, 4, 15, 16, 100_000].map(level_of), [0, 0, 0, 1, 1, 2, 8]);
    }

    #[test]
    fn three_of_a_level_stand_and_four_become_one() {
        assert_eq!(merged(&[5, 6, 7], &[]), Vec::<usize>::new());
        assert_eq!(merged(&[5, 100, 6, 7, 8], &[]), [0, 2, 3, 4]);
    }

    #[test]
    fn the_lowest_level_goes_first() {
        assert_eq!(merged(&[100, 100, 100, 100, 1, 1, 1, 1], &[]), [4, 5, 6, 7]);
    }

    #[test]
    fn what_must_be_merged_goes_first_and_alone_if_need_be() {
        assert_eq!(merged(&[100, 100, 100, 100, 7], &[4]), [4]);
        assert_eq!(merged(&[100, 100, 100, 100, 7], &[1, 4]), [1, 4]);
        assert_eq!(merged(&[2_000_000], &[0]), [0]);
        assert_eq!(merged(&[180_000, 80_000, 60_000], &[0, 1, 2]), [1, 2]);
    }

    #[test]
    fn what_has_no_room_together_stands() {
        assert_eq!(
            merged(&[80_000, 80_000, 80_000, 80_000], &[]),
            Vec::<usize>::new()
        );
    }

    #[test]
    fn of_too_many_the_smallest_become_one() {
        let sizes: Vec<u32> = (0..14).map(|at| 4_u32.pow(at % 7 + 2)).collect();
        let found = merged(&sizes, &[]);
        assert_eq!(found, [0, 1, 7, 8]);
    }

    #[test]
    fn a_desk_that_writes_all_day_has_few_splits_and_writes_each_document_few_times() {
        let mut splits: Vec<Entry> = Vec::new();
        let (mut written, mut at) = (0_u64, 0);
        for _ in 0..5_000 {
            at += 1;
            splits.push(entry(at, 10));
            loop {
                let ids = what_to_merge(&splits, &BTreeSet::new());
                if ids.is_empty() {
                    break;
                }
                let documents = splits
                    .iter()
                    .filter(|split| ids.contains(&split.id))
                    .map(|split| split.documents);
                let documents = documents.sum();
                written += u64::from(documents);
                splits.retain(|split| !ids.contains(&split.id));
                at += 1;
                splits.push(entry(at, documents));
            }
            assert!(splits.len() <= MOST_SPLITS, "{} splits", splits.len());
        }
        assert!(
            written / 50_000 <= 12,
            "each document was written {} times",
            written / 50_000
        );
    }
}

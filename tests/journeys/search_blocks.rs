//! Large splits are read where they lie, in blocks: the same is found, less is read, and what is read much is copied.

use crate::{in_world, mail};
use docket_local::world::{World, WorldOptions};
use docket_search::{Asker, Columns, Document, Kind, SearchAnswer, SearchRequest, TextField, Token, Wanted};
use docket_search_index::{FindError, Finder, IndexError, KeptIndex, SplitsAtHand};
use docket_store::projections::SEARCH;
use jiff::SignedDuration;
use std::sync::Arc;

/// Documents of the large split, and the words of each.
const DOCUMENTS: u64 = 4_000;
const WORDS: u64 = 60;
/// Numbers that no ticket has.
const FIRST: u64 = 1_000_000;

/// A desk with a ticket, whose index has a large split beside that of the ticket.
async fn world_with_a_large_split() -> World {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    let text = "The xylophonist is out of tune.";
    world.receive(&mail("eve@example.com", "b1@example.com", "", text), &[], false);
    world.settle().await;
    world.pass(SignedDuration::from_secs(65)).await;
    let index = KeptIndex::new(&world.local.desk, &world.local.splits, generation(&world).await);
    index
        .add((0..DOCUMENTS).map(document).collect(), &[])
        .await
        .unwrap();
    world
}

async fn generation(world: &World) -> u64 {
    world.local.desk.projection(SEARCH).await.unwrap().generation
}

fn document(nth: u64) -> Document {
    let words = (0..WORDS).map(|at| format!("w{:05}", (nth * 7_919 + at * at * 31) % 20_000));
    let tokens = (0..).zip(words).map(|(position, text)| Token { text, position });
    Document {
        kind: Kind::Ticket,
        number: FIRST + nth,
        version: 1,
        columns: Columns::default(),
        texts: vec![(TextField::Body, tokens.collect())],
        keywords: vec![],
        tombstone: false,
        erases_before: 0,
    }
}

async fn asked(finder: &Finder, query: &str) -> Result<SearchAnswer, FindError> {
    let request = SearchRequest {
        by: Asker::Staff(None),
        wanted: Wanted::Query(query.to_owned()),
        sort_by: None,
        sort_order: None,
        skip: 0,
        take: 10,
        after: None,
        time_zone: None,
        with_snippets: false,
        with_facets: false,
    };
    finder.find(&request).await
}

/// What is found, checked against the tickets there are, and how many the index has.
async fn found(finder: &Finder, query: &str) -> (Vec<u64>, u64) {
    let answer = asked(finder, query).await.unwrap();
    let found = answer.found.iter().map(|found| found.number);
    (found.collect(), answer.count)
}

fn in_blocks(beyond: u64) -> Arc<SplitsAtHand> {
    let folder = std::env::temp_dir().join(format!("docket-blocks-{}", std::process::id()));
    Arc::new(SplitsAtHand::in_blocks_beyond(beyond, folder))
}

/// How often objects of the bucket were read.
fn objects_read(world: &World) -> u64 {
    let calls = world.local.aws.calls().into_iter();
    let reads = calls.filter(|((_, operation), _)| operation == "GetObject");
    reads.map(|(_, calls)| calls).sum()
}

#[test]
fn a_large_split_is_read_in_blocks_and_answers_as_a_copy_does() {
    in_world(async {
        let world = world_with_a_large_split().await;
        let store = world.local.desk.store().clone();
        let (blocks, whole) = (in_blocks(64 * 1024), Arc::new(SplitsAtHand::in_memory()));
        let finder = Finder::new(store.clone(), blocks.clone());
        let of_copies = Finder::new(store, whole.clone());
        let large = world
            .local
            .aws
            .objects("search/")
            .iter()
            .map(|object| object.size_bytes)
            .max()
            .unwrap();
        for query in [
            "xylophonist",
            "w00031",
            "\"w00000 w00031\"",
            "type:ticket -w00031",
        ] {
            let expected = found(&of_copies, query).await;
            assert!(expected.1 > 0, "{query}");
            assert_eq!(found(&finder, query).await, expected, "{query}");
        }
        let fetched = blocks.fetched();
        assert!(
            fetched.reads > 1 && fetched.bytes < large,
            "{fetched:?} of {large}"
        );
        assert_eq!(whole.fetched().reads, 0);
        let reads = objects_read(&world);
        found(&finder, "w00031").await;
        assert_eq!(objects_read(&world), reads, "what was read is kept");
    });
}

#[test]
fn a_split_of_which_half_was_read_is_copied_once() {
    in_world(async {
        let world = world_with_a_large_split().await;
        let blocks = in_blocks(64 * 1024);
        let finder = Finder::new(world.local.desk.store().clone(), blocks.clone());
        for word in 0..200 {
            found(&finder, &format!("w{:05} w{:05}", word * 97, word * 31)).await;
        }
        assert_eq!(blocks.fetched().reads, 0, "it is here as a whole");
        let reads = objects_read(&world);
        for word in 0..20 {
            found(&finder, &format!("w{:05}", 1_000 + word)).await;
        }
        assert_eq!(objects_read(&world), reads);
    });
}

#[test]
fn a_lost_split_that_was_to_be_read_in_blocks_is_told_as_lost() {
    in_world(async {
        let world = world_with_a_large_split().await;
        let generation = generation(&world).await;
        let at_hand = in_blocks(64 * 1024);
        let index = KeptIndex::new(&world.local.desk, &at_hand, generation);
        let manifest = index.manifest().await.unwrap();
        let large = manifest.splits.iter().max_by_key(|split| split.bytes).unwrap();
        let objects = world.local.desk.search_index();
        objects.erase(generation, &[large.id.as_str()]).await.unwrap();
        let opened = index.open().await.err();
        assert!(matches!(opened, Some(IndexError::Lost(_))), "{opened:?}");
    });
}

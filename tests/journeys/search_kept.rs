//! The index as it is kept: two who write at once, what a kill leaves, what comes twice, what is merged.

use crate::{in_world, mail};
use docket_domain::TicketNumber;
use docket_local::world::{World, WorldOptions};
use docket_projection::Projections;
use docket_search::{Kind, tombstone};
use docket_search_index::{KeptIndex, SearchFollower};
use docket_splits::MOST_SPLITS;
use docket_store::projections::SEARCH;
use jiff::SignedDuration;

async fn indexed_world() -> World {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    world.receive(
        &mail(
            "eve@example.com",
            "k1@example.com",
            "",
            "The xylophonist is out of tune.",
        ),
        &[],
        false,
    );
    world.settle().await;
    world.pass(SignedDuration::from_secs(65)).await;
    world
}

async fn generation(world: &World) -> u64 {
    world.local.desk.projection(SEARCH).await.unwrap().generation
}

fn index(world: &World, generation: u64) -> KeptIndex<'_> {
    KeptIndex::new(&world.local.desk, &world.local.splits, generation)
}

fn objects(world: &World) -> usize {
    world.local.aws.objects("search/").len()
}

/// Whether an object of the index has a word in it.
fn stands_somewhere(world: &World, word: &[u8]) -> bool {
    world.local.aws.objects("search/").iter().any(|object| {
        let bytes = world.local.aws.object(&object.bucket, &object.key).unwrap();
        bytes.windows(word.len()).any(|found| found == word)
    })
}

#[test]
fn two_writers_at_once_lose_nothing() {
    in_world(async {
        let world = indexed_world().await;
        let index = index(&world, generation(&world).await);
        let before = index.manifest().await.unwrap().splits.len();
        let one = |number| vec![tombstone(Kind::Organization, number, 1)];
        let (first, second) = tokio::join!(index.add(one(901), &[]), index.add(one(902), &[]));
        first.unwrap();
        second.unwrap();
        let opened = index.open().await.unwrap();
        assert_eq!(opened.manifest.splits.len(), before + 2);
        for number in [901, 902] {
            assert_eq!(
                opened.splits.version_of(Kind::Organization, number),
                Some((1, true))
            );
        }
    });
}

#[test]
fn an_object_that_nobody_came_to_name_is_swept_and_a_young_one_is_not() {
    in_world(async {
        let mut world = indexed_world().await;
        let generation = generation(&world).await;
        let desk = world.local.desk.clone();
        let named = objects(&world);
        desk.search_index()
            .put(generation, "01ARZ3NDEKTSV4RRFFQ69G5FAV", vec![1, 2, 3])
            .await
            .unwrap();
        index(&world, generation)
            .sweep(&index(&world, generation).manifest().await.unwrap(), true)
            .await
            .unwrap();
        assert_eq!(objects(&world), named + 1, "its writer may be about to name it");
        world.pass(SignedDuration::from_mins(16)).await;
        index(&world, generation)
            .sweep(&index(&world, generation).manifest().await.unwrap(), true)
            .await
            .unwrap();
        assert_eq!(objects(&world), named);
    });
}

#[test]
fn a_nudge_that_comes_again_changes_nothing() {
    in_world(async {
        let world = indexed_world().await;
        let index = index(&world, generation(&world).await);
        let before = index.manifest().await.unwrap();
        let follower = SearchFollower {
            at_hand: world.local.splits.clone(),
        };
        let projections = Projections::new(&world.local.desk, &follower);
        for _ in 0..2 {
            projections.take_named(&[TicketNumber(1)]).await.unwrap();
        }
        assert_eq!(index.manifest().await.unwrap(), before);
    });
}

#[test]
fn many_splits_become_few_and_what_was_merged_is_deleted_later() {
    in_world(async {
        let mut world = indexed_world().await;
        let generation = generation(&world).await;
        for number in 1..=40 {
            let documents = vec![tombstone(Kind::Organization, 1_000 + number, 1)];
            index(&world, generation).add(documents, &[]).await.unwrap();
        }
        let kept = index(&world, generation);
        assert!(kept.manifest().await.unwrap().splits.len() > MOST_SPLITS);
        let manifest = kept.merge(|| false).await.unwrap();
        assert!(manifest.splits.len() <= MOST_SPLITS, "{manifest:?}");
        kept.sweep(&manifest, false).await.unwrap();
        assert!(
            objects(&world) > manifest.splits.len(),
            "somebody may still read them"
        );
        world.pass(SignedDuration::from_mins(16)).await;
        let kept = index(&world, generation);
        let manifest = kept.manifest().await.unwrap();
        kept.sweep(&manifest, false).await.unwrap();
        assert_eq!(objects(&world), kept.manifest().await.unwrap().splits.len());
        assert!(
            kept.open()
                .await
                .unwrap()
                .splits
                .version_of(Kind::Ticket, 1)
                .is_some()
        );
    });
}

#[test]
fn what_has_to_go_stands_in_no_object_after_the_next_merge() {
    in_world(async {
        let world = indexed_world().await;
        let generation = generation(&world).await;
        let index = index(&world, generation);
        let (version, _) = index
            .open()
            .await
            .unwrap()
            .splits
            .version_of(Kind::Ticket, 1)
            .unwrap();
        assert!(
            stands_somewhere(&world, b"xylophonist"),
            "as long as it may be found"
        );
        let stone = tombstone(Kind::Ticket, 1, version + 1);
        index.add(vec![stone], &[(Kind::Ticket, 1)]).await.unwrap();
        let manifest = index.merge(|| false).await.unwrap();
        index.sweep(&manifest, false).await.unwrap();
        assert!(!stands_somewhere(&world, b"xylophonist"));
    });
}

#[test]
fn what_the_index_lost_is_found_by_comparing_it() {
    in_world(async {
        let mut world = indexed_world().await;
        let at_hand = &world.local.splits;
        let before = generation(&world).await;
        // A version that no change names: the index says that the ticket is gone.
        let desk = &world.local.desk;
        let v = desk.tickets().get(TicketNumber(1)).await.unwrap().unwrap().v;
        let stone = tombstone(Kind::Ticket, 1, v);
        index(&world, before).add(vec![stone], &[]).await.unwrap();
        let index = index(&world, before);
        for part in 0..30 {
            let differing = index.differing(part, || false).await.unwrap();
            let expected = if part == 1 { vec![TicketNumber(1)] } else { vec![] };
            assert_eq!(differing, expected, "{part}");
        }
        let follower = SearchFollower {
            at_hand: at_hand.clone(),
        };
        let projections = Projections::new(desk, &follower);
        projections.take_named(&[TicketNumber(1)]).await.unwrap();
        assert_eq!(index.differing(1, || false).await.unwrap(), []);
        assert_eq!(
            index.differing(1, || true).await.unwrap(),
            [],
            "it ends where there is no time"
        );
        world.settle().await;
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

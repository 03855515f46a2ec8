//! What is kept beside tickets follows them, whatever is lost on the way.

use crate::{answer, in_world, mails_of_writers};
use docket_desk::{COUNTERS, seed::SUPPORT};
use docket_domain::{
    PersonId, TicketNumber,
    ticket::{
        Priority, Ticket,
        counted::{Count, CountedOf, Counts, recount},
    },
};
use docket_local::{
    fill::open_ticket,
    world::{World, WorldOptions},
};
use docket_projection::{Counters, Difference, Pass, Projection, Projections};
use docket_store::{Store, sabotage::Sabotage, table::Write};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::json;

async fn mails(world: &mut World, ids: std::ops::RangeInclusive<u64>) {
    mails_of_writers(world, ids).await;
    told(world).await;
}

/// Has the nudges arrive, which wait a little for what follows.
async fn told(world: &mut World) {
    world.settle().await;
    world.pass(SignedDuration::from_secs(5)).await;
}

async fn heads(world: &World) -> Vec<Ticket> {
    let last = world.local.desk.tickets().last_number().await.unwrap();
    let numbers: Vec<TicketNumber> = (1..=last).map(TicketNumber).collect();
    world.local.desk.tickets().get_many(&numbers).await.unwrap()
}

/// What is kept of the groups and agents that a desk starts with.
async fn kept(world: &World, generation: u64) -> Counts {
    let of = [
        CountedOf::Group(None),
        CountedOf::Group(Some(SUPPORT)),
        CountedOf::Agent(PersonId(2)),
        CountedOf::Agent(PersonId(3)),
        CountedOf::Agent(PersonId(4)),
    ];
    world.local.desk.counts(generation, &of).await.unwrap()
}

async fn is_right(world: &World) -> bool {
    let generation = world.local.desk.projection(COUNTERS).await.unwrap().generation;
    kept(world, generation).await == recount(&heads(world).await)
}

#[test]
fn counts_follow_what_is_done() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        mails(&mut world, 1..=4).await;
        assert!(is_right(&world).await);
        assert!(answer(&world, 1, "Done.", true).await);
        let pending = json!({ "ticket": { "status": "pending" } });
        world.api("PUT", "tickets/2.json", None, &pending).await.unwrap();
        let nobody = json!({ "ticket": { "assignee_id": null } });
        world.api("PUT", "tickets/3.json", None, &nobody).await.unwrap();
        told(&mut world).await;
        assert!(is_right(&world).await);
        let counts = recount(&heads(&world).await);
        let of = |count| counts.get(&(CountedOf::Group(Some(SUPPORT)), count)).copied();
        assert_eq!((of(Count::Pending), of(Count::New)), (Some(1), None));
    });
}

#[test]
fn a_nudge_that_is_lost_for_ever_is_healed_by_the_sweep() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        mails(&mut world, 1..=2).await;
        assert!(is_right(&world).await);
        let solved = json!({ "ticket": { "status": "solved" } });
        world.api("PUT", "tickets/1.json", None, &solved).await.unwrap();
        world
            .local
            .aws
            .drop_stream(&world.local.desk.settings.tickets_table);
        world.local.aws.empty_queues().unwrap();
        world.settle().await;
        assert!(!is_right(&world).await, "nobody was told");
        world.pass(SignedDuration::from_mins(2)).await;
        assert!(is_right(&world).await);
    });
}

#[test]
fn counts_that_only_grow_are_noticed() {
    in_world(async {
        let options = WorldOptions {
            sabotage: Sabotage {
                no_decrement: true,
                ..Sabotage::default()
            },
            ..WorldOptions::default()
        };
        let mut world = World::new(options).await.unwrap();
        mails(&mut world, 1..=1).await;
        assert!(answer(&world, 1, "Done.", true).await);
        world.settle().await;
        let broken = world.broken_invariants().await;
        assert!(broken.iter().any(|broken| broken.starts_with("I8")), "{broken:?}");
    });
}

/// Another projection on the same library: how many tickets have which priority, solved ones included, as it was told.
#[derive(Default)]
struct Priorities;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Had(Option<Priority>);

impl Priorities {
    /// Under which agent's number it counts a priority, for want of an item of its own.
    fn place(priority: Priority) -> (CountedOf, Count) {
        (CountedOf::Agent(PersonId(9_000 + priority as u64)), Count::Open)
    }
}

impl Projection for Priorities {
    type Of = Had;

    fn name(&self) -> &'static str {
        "priorities"
    }

    fn scheme(&self) -> u64 {
        1
    }

    fn of(&self, ticket: &Ticket) -> Had {
        Had(ticket.priority)
    }

    fn most_parts(&self) -> usize {
        2
    }

    fn writes(&self, store: &Store, generation: u64, changes: &[Difference<Had>]) -> Vec<Write> {
        let mut added = Counts::new();
        for change in changes {
            for (priority, times) in [(change.before.0, -1), (change.after.value.0, 1)] {
                if let Some(priority) = priority {
                    *added.entry(Self::place(priority)).or_default() += times;
                }
            }
        }
        store.count_writes(generation, &added)
    }
}

#[test]
fn two_projections_follow_side_by_side_and_one_that_is_built_anew_equals_the_live_one() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        mails(&mut world, 1..=3).await;
        let urgent = json!({ "ticket": { "priority": "urgent" } });
        world.api("PUT", "tickets/1.json", None, &urgent).await.unwrap();
        world.settle().await;
        let desk = &world.local.desk;
        let priorities = Projections::new(desk, &Priorities);
        assert_eq!(priorities.catch_up().await.unwrap(), Pass::Whole);
        assert_eq!(
            priorities.catch_up().await.unwrap(),
            Pass::Whole,
            "again it changes nothing"
        );
        let (urgent, normal) = (
            Priorities::place(Priority::Urgent),
            Priorities::place(Priority::Normal),
        );
        let of = [urgent.0, normal.0];
        let counts = desk.counts(1, &of).await.unwrap();
        assert_eq!((counts[&urgent], counts[&normal]), (1, 2));
        assert!(is_right(&world).await, "the other is as it was");

        let live = kept(&world, 1).await;
        assert_eq!(
            Projections::new(desk, &Counters).rebuild().await.unwrap(),
            Pass::Whole
        );
        assert_eq!(desk.projection(COUNTERS).await.unwrap().generation, 2);
        assert_eq!(kept(&world, 2).await, live);
        assert_eq!(kept(&world, 1).await, live, "what was in force is left as it was");
    });
}

#[test]
fn a_generation_is_switched_while_tickets_come_and_go() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let at = world.local.desk.now();
        let filled = (1..=120).map(|number| {
            let ticket = open_ticket(TicketNumber(number), at, at);
            Ticket {
                updated_at: at,
                ..ticket
            }
        });
        world.local.fill(filled).unwrap();
        for _ in 1..=120 {
            world.local.desk.tickets().next_number().await.unwrap();
        }
        let desk = world.local.desk.clone();
        Projections::new(&desk, &Counters).catch_up().await.unwrap();
        // Cut after its first tickets, again and again, while others come and are nudged.
        let cut = Projections::new(&desk, &Counters).working_until(std::time::Instant::now());
        assert_eq!(cut.rebuild().await.unwrap(), Pass::Cut);
        for id in 1..=3 {
            mails(&mut world, id..=id).await;
            let number = world.local.desk.tickets().last_number().await.unwrap();
            let done = json!({ "ticket": { "status": "solved", "comment": { "body": "Done." } } });
            let path = format!("tickets/{number}.json");
            let answered = world.api("PUT", &path, None, &done).await.unwrap();
            assert!(answered.is_success(), "{answered:?}");
            told(&mut world).await;
            assert_eq!(cut.catch_up().await.unwrap(), Pass::Cut);
        }
        assert_eq!(desk.projection(COUNTERS).await.unwrap().generation, 1);
        assert_eq!(
            Projections::new(&desk, &Counters).catch_up().await.unwrap(),
            Pass::Whole
        );
        assert_eq!(desk.projection(COUNTERS).await.unwrap().generation, 2);
        world.pass(SignedDuration::from_mins(2)).await;
        assert!(is_right(&world).await);
    });
}

#[test]
fn a_desk_at_rest_writes_nothing_for_its_projections() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        mails(&mut world, 1..=1).await;
        world.pass(SignedDuration::from_mins(10)).await;
        world.local.aws.reset_calls();
        world.pass(SignedDuration::from_mins(5)).await;
        let writes = |operation: &str| {
            let calls = world.local.aws.calls();
            calls
                .get(&(embedded_aws::Service::DynamoDb, operation.to_owned()))
                .copied()
                .unwrap_or(0)
        };
        assert_eq!((writes("UpdateItem"), writes("TransactWriteItems")), (0, 0));
    });
}

#[test]
fn a_walk_that_comes_by_again_reads_only_what_changed_since() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        mails(&mut world, 1..=3).await;
        // Past the minute under which they stand as changed, and within the three that walks overlap by.
        world.pass(SignedDuration::from_secs(80)).await;
        let desk = world.local.desk.clone();
        let reads = async || {
            world.local.aws.reset_calls();
            Projections::new(&desk, &Counters).catch_up().await.unwrap();
            let reads = (embedded_aws::Service::DynamoDb, "BatchGetItem".to_owned());
            world.local.aws.calls().get(&reads).copied().unwrap_or(0)
        };
        assert!(
            reads().await > 0,
            "another function took them in, which this one does not know"
        );
        assert_eq!(reads().await, 0);
        let done = json!({ "ticket": { "status": "solved", "comment": { "body": "Done." } } });
        let answered = world.api("PUT", "tickets/2.json", None, &done).await.unwrap();
        assert!(answered.is_success(), "{answered:?}");
        assert!(reads().await > 0);
        assert!(is_right(&world).await);
    });
}

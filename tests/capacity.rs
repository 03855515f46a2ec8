//! What a stage of the core journey costs in the cloud, against the baselines of record.
//!
//! `tests/golden/capacity.txt` has the units and calls of the tables: more than a tenth above fails; so does more than a tenth
//! below, until the gain is written down. `tests/golden/calls.txt` names every call that each function makes, whatever the
//! service. After a change on purpose, write both anew with `UPDATE_GOLDEN=1`.

use docket_local::world::{World, WorldOptions};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Write as _, path::Path};

/// How far a figure may be from the baseline.
const TOLERANCE: f64 = 0.10;

/// How far the clock goes on from one step of the world to the next.
const STEP: SignedDuration = SignedDuration::from_millis(40);

/// What was measured of all stages.
#[derive(Default)]
struct Measured {
    units: Units,
    /// Every call, as text.
    calls: String,
}

/// Units by stage and kind, such as `mail to acknowledged: write units`.
type Units = BTreeMap<String, f64>;

fn is_write(operation: &str) -> bool {
    ["Put", "Update", "Delete", "Write"]
        .iter()
        .any(|word| operation.contains(word))
}

/// Lets a stage come to its end: the clock goes on, so that nothing falls into the same instant, and what waits a little for what
/// follows is done, too.
async fn come_to_rest(world: &mut World) {
    while world.step().await {
        let clock = world.local.aws.clock();
        clock.set_forward(clock.now() + STEP);
    }
    world.pass(SignedDuration::from_secs(5)).await;
}

/// Ends the stage begun with the last call of this, and notes what it took.
fn note(world: &World, stage: &str, measured: &mut Measured) {
    for used in world.local.aws.capacity() {
        let kind = if is_write(&used.operation) {
            "write"
        } else {
            "read"
        };
        let units = &mut measured.units;
        *units.entry(format!("{stage}: {kind} units")).or_default() += used.units;
        *units.entry(format!("{stage}: calls of tables")).or_default() += used.calls as f64;
    }
    writeln!(measured.calls, "{stage}").unwrap();
    for (function, calls) in world.local.aws.calls_by_actor() {
        for ((service, operation), count) in calls {
            // What takes messages from queues is a part of the cloud.
            if !["ReceiveMessage", "DeleteMessageBatch"].contains(&operation.as_str()) {
                writeln!(measured.calls, "{count:6}  {function}: {service} {operation}").unwrap();
            }
        }
    }
    begin(world);
}

fn begin(world: &World) {
    world.local.aws.tally_capacity(true);
    world.local.aws.reset_calls();
}

async fn measure() -> Measured {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    let mut measured = Measured::default();
    // A desk that has been there for a while: what is kept beside tickets is begun.
    world.sweep().await;
    begin(&world);
    let mail = |id: &str, more: &str| {
        format!(
            "From: Eve <eve@example.com>\r\nSubject: The printer burns\r\nMessage-ID: <{id}@example.com>\r\n{more}\r\nHelp!\r\n"
        )
    };
    world.receive(&mail("1", ""), &[], false);
    come_to_rest(&mut world).await;
    note(&world, "mail to acknowledged", &mut measured);

    let solve = json!({ "ticket": { "status": "solved", "comment": { "body": "Take the extinguisher." } } });
    let answered = world
        .api("PUT", "tickets/1.json", Some("key"), &solve)
        .await
        .unwrap();
    assert!(answered.is_success(), "{answered:?}");
    come_to_rest(&mut world).await;
    note(&world, "answer to sent", &mut measured);

    world.receive(&mail("2", "In-Reply-To: <1@example.com>\r\n"), &[], false);
    come_to_rest(&mut world).await;
    note(&world, "reply that reopens", &mut measured);

    let hand_off = json!({
        "type": "handoff.requested",
        "data": { "external_id": "chat-7", "customer": { "id": "u-1" }, "text": "A person, please." },
    });
    let taken = world.hook("msg_1", &hand_off).await.unwrap();
    assert!(taken.is_success(), "{taken:?}");
    come_to_rest(&mut world).await;
    note(&world, "hand-off to assigned", &mut measured);

    let listed = world
        .api("GET", "tickets.json", None, &Value::Null)
        .await
        .unwrap();
    assert!(listed.is_success(), "{listed:?}");
    note(&world, "list of two tickets", &mut measured);

    world.pass(SignedDuration::from_mins(1)).await;
    note(&world, "sweep that finds nothing", &mut measured);
    measured
}

fn as_text(units: &Units) -> String {
    let mut text = String::new();
    for (name, amount) in units {
        writeln!(text, "{amount:6.1}  {name}").unwrap();
    }
    text
}

fn from_text(text: &str) -> Units {
    text.lines()
        .filter_map(|line| {
            let (amount, name) = line.trim().split_once("  ")?;
            Some((name.to_owned(), amount.parse().ok()?))
        })
        .collect()
}

#[test]
fn stages_take_from_the_tables_what_is_on_record() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let Measured { units, calls } = runtime.block_on(measure());
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let (path, calls_path) = (golden.join("capacity.txt"), golden.join("calls.txt"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, as_text(&units)).unwrap();
        std::fs::write(&calls_path, &calls).unwrap();
    }
    assert_eq!(
        calls,
        std::fs::read_to_string(&calls_path).unwrap(),
        "the calls on record are others"
    );
    let baseline = from_text(&std::fs::read_to_string(&path).unwrap());
    let far: Vec<_> = units
        .iter()
        .filter(|(name, amount)| {
            let on_record = baseline.get(*name).copied().unwrap_or(0.0);
            (*amount - on_record).abs() > on_record * TOLERANCE
        })
        .collect();
    assert!(
        far.is_empty() && units.len() == baseline.len(),
        "not on record within a tenth: {far:?}; measured:\n{}",
        as_text(&units)
    );
}

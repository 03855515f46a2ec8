//! What a stage of the core journey takes from the tables, against the baseline of record: `tests/golden/capacity.txt`.
//!
//! More than a tenth above it fails; so does more than a tenth below, until the gain is written down. After a change on
//! purpose, write it anew with `UPDATE_GOLDEN=1`.

use docket_local::world::{World, WorldOptions};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Write as _, path::Path};

/// How far a figure may be from the baseline.
const TOLERANCE: f64 = 0.10;

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
    world.settle().await;
    world.pass(SignedDuration::from_secs(5)).await;
}

/// Ends the stage begun with the last call of this, and notes what it took.
fn note(world: &World, stage: &str, units: &mut Units) {
    for used in world.local.aws.capacity() {
        let kind = if is_write(&used.operation) {
            "write"
        } else {
            "read"
        };
        *units.entry(format!("{stage}: {kind} units")).or_default() += used.units;
        *units.entry(format!("{stage}: calls of tables")).or_default() += used.calls as f64;
    }
    world.local.aws.tally_capacity(true);
}

async fn measure() -> Units {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    let mut units = Units::new();
    // A desk that has been there for a while: what is kept beside tickets is begun.
    world.sweep().await;
    world.local.aws.tally_capacity(true);
    let mail = |id: &str, more: &str| {
        format!(
            "From: Eve <eve@example.com>\r\nSubject: The printer burns\r\nMessage-ID: <{id}@example.com>\r\n{more}\r\nHelp!\r\n"
        )
    };
    world.receive(&mail("1", ""), &[], false);
    come_to_rest(&mut world).await;
    note(&world, "mail to acknowledged", &mut units);

    let solve = json!({ "ticket": { "status": "solved", "comment": { "body": "Take the extinguisher." } } });
    let answered = world
        .api("PUT", "tickets/1.json", Some("key"), &solve)
        .await
        .unwrap();
    assert!(answered.is_success(), "{answered:?}");
    come_to_rest(&mut world).await;
    note(&world, "answer to sent", &mut units);

    world.receive(&mail("2", "In-Reply-To: <1@example.com>\r\n"), &[], false);
    come_to_rest(&mut world).await;
    note(&world, "reply that reopens", &mut units);

    let hand_off = json!({
        "type": "handoff.requested",
        "data": { "external_id": "chat-7", "customer": { "id": "u-1" }, "text": "A person, please." },
    });
    let taken = world.hook("msg_1", &hand_off).await.unwrap();
    assert!(taken.is_success(), "{taken:?}");
    come_to_rest(&mut world).await;
    note(&world, "hand-off to assigned", &mut units);

    let listed = world
        .api("GET", "tickets.json", None, &Value::Null)
        .await
        .unwrap();
    assert!(listed.is_success(), "{listed:?}");
    note(&world, "list of two tickets", &mut units);

    world.pass(SignedDuration::from_mins(1)).await;
    note(&world, "sweep that finds nothing", &mut units);
    units
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
    let units = runtime.block_on(measure());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/capacity.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, as_text(&units)).unwrap();
    }
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

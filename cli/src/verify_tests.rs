//! Against a copy of a desk in which one byte is another.

use super::*;
use docket_local::{
    fill::written_ticket,
    world::{World, WorldOptions},
};
use serde_json::Value;

/// A desk with three tickets, whose items `change` may have changed or left out.
async fn world(change: impl Fn(u64, &mut Vec<Value>)) -> World {
    let world = World::new(WorldOptions::default()).await.unwrap();
    let desk = &world.local.desk;
    for _ in 1..=3 {
        let number = desk.tickets().next_number().await.unwrap();
        let (ticket, events) = written_ticket(number, desk.now()).unwrap();
        let mut items = world.local.written_json(&ticket, &events).unwrap();
        change(number.0, &mut items);
        world
            .local
            .aws
            .fill_table(&desk.settings.tickets_table, items)
            .unwrap();
    }
    world
}

async fn verified(world: &World) -> (ExitCode, String) {
    let mut out = Vec::new();
    let tally = verify_tickets(&world.local.desk, (1, 3), &mut out).await.unwrap();
    let code = conclude(tally.flaws, &mut out).unwrap();
    (code, String::from_utf8(out).unwrap())
}

#[tokio::test]
async fn a_desk_as_it_was_stored_has_no_flaw() {
    let world = world(|_, _| ()).await;
    let (code, said) = verified(&world).await;
    assert_eq!(code, ExitCode::SUCCESS, "{said}");
    assert!(said.starts_with("3 tickets with "), "{said}");
}

#[tokio::test]
async fn one_byte_of_one_event_that_is_another_is_found() {
    let world = world(|number, items| {
        if number == 2 {
            let bytes = items[1]["events"]["L"][0]["S"].as_str().unwrap().to_owned();
            let other = bytes.replacen("\"requester\":3", "\"requester\":4", 1);
            assert_ne!(other, bytes);
            items[1]["events"]["L"][0]["S"] = Value::String(other);
        }
    })
    .await;
    let (code, said) = verified(&world).await;
    assert_eq!(code, ExitCode::FAILURE);
    assert!(
        said.contains("ticket 2: events 1 to 2 are not what was stored"),
        "{said}"
    );
    assert!(
        !said.contains("ticket 1:") && !said.contains("ticket 3:"),
        "{said}"
    );
}

#[tokio::test]
async fn a_ticket_whose_head_is_gone_is_found_and_words_that_are_gone_without_a_reason() {
    let world = world(|number, items| match number {
        1 => drop(items.remove(0)),
        3 => {
            items.retain(|item| !item["SK"]["S"].as_str().unwrap().starts_with("W#"));
            items[0]["head"]["M"]["subject"]["S"] = Value::String(String::new());
        }
        _ => {}
    })
    .await;
    let (code, said) = verified(&world).await;
    assert_eq!(code, ExitCode::FAILURE);
    assert!(
        said.contains("ticket 1: its state is not at the end of its events"),
        "{said}"
    );
    assert!(said.contains("1 saves whose words were erased"), "{said}");
    assert!(said.contains("ticket 3: event 1: words of it are gone"), "{said}");
}

#[tokio::test]
async fn a_head_that_was_changed_by_hand_is_found() {
    let world = world(|number, items| {
        if number == 3 {
            items[0]["head"]["M"]["priority"]["S"] = Value::String("urgent".to_owned());
        }
    })
    .await;
    let (code, said) = verified(&world).await;
    assert_eq!(code, ExitCode::FAILURE);
    assert!(
        said.contains("ticket 3: its state is not what its events add up to"),
        "{said}"
    );
}

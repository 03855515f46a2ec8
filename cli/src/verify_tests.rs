//! Against a copy of a desk in which one byte is another.

use super::*;
use aws_sdk_dynamodb::types::AttributeValue;
use docket_local::{
    fill::written_ticket,
    world::{World, WorldOptions},
};
use docket_store::keys::ItemKey;

async fn world() -> World {
    let world = World::new(WorldOptions::default()).await.unwrap();
    let at = world.local.desk.now();
    for number in 1..=3 {
        let number = world
            .local
            .desk
            .tickets()
            .next_number()
            .await
            .unwrap()
            .0
            .max(number);
        let written = written_ticket(TicketNumber(number), at).unwrap();
        world.local.fill_written([written]).unwrap();
    }
    world
}

async fn verified(world: &World) -> (ExitCode, String) {
    let mut out = Vec::new();
    let last = world.local.desk.tickets().last_number().await.unwrap();
    let code = verify(&world.local.desk, (1, last), &mut out).await.unwrap();
    (code, String::from_utf8(out).unwrap())
}

fn client(world: &World) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::new(&world.local.aws.config("test"))
}

fn key(world: &World, key: &ItemKey) -> [(String, AttributeValue); 2] {
    let tenant = &world.local.desk.settings.tenant;
    [("PK", key.pk(tenant)), ("SK", key.sk())]
        .map(|(name, value)| (name.to_owned(), AttributeValue::S(value)))
}

#[tokio::test]
async fn one_byte_of_one_event_that_is_another_is_found() {
    let world = world().await;
    let (code, said) = verified(&world).await;
    assert_eq!(code, ExitCode::SUCCESS, "{said}");
    assert!(said.starts_with("3 tickets with "), "{said}");

    let events = ItemKey::Event(TicketNumber(2), 1);
    let read = client(&world)
        .get_item()
        .table_name(&world.local.desk.settings.tickets_table)
        .set_key(Some(key(&world, &events).into()))
        .send()
        .await
        .unwrap();
    let mut item = read.item.unwrap();
    let Some(AttributeValue::L(stored)) = item.get_mut("events") else {
        panic!("no events in {item:?}");
    };
    let AttributeValue::S(bytes) = &stored[0] else {
        panic!("no text in {stored:?}");
    };
    let other = bytes.replacen("\"requester\":3", "\"requester\":4", 1);
    assert_ne!(&other, bytes, "{bytes}");
    stored[0] = AttributeValue::S(other);
    client(&world)
        .put_item()
        .table_name(&world.local.desk.settings.tickets_table)
        .set_item(Some(item))
        .send()
        .await
        .unwrap();
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
async fn a_ticket_whose_head_is_gone_is_found_and_words_that_are_erased_are_counted() {
    let world = world().await;
    for gone in [ItemKey::Head(TicketNumber(1)), ItemKey::Words(TicketNumber(3), 1)] {
        client(&world)
            .delete_item()
            .table_name(&world.local.desk.settings.tickets_table)
            .set_key(Some(key(&world, &gone).into()))
            .send()
            .await
            .unwrap();
    }
    let (code, said) = verified(&world).await;
    assert_eq!(code, ExitCode::FAILURE);
    assert!(
        said.contains("ticket 1: the ticket is not at the end of its events"),
        "{said}"
    );
    assert!(said.contains("1 saves whose words were erased"), "{said}");
    assert!(!said.contains("ticket 3:"), "{said}");
}

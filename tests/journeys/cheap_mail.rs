//! Mail that costs its sender little costs the desk little: counted in calls, not in seconds.

use crate::{file, in_world, mail};
use docket_domain::TicketNumber;
use docket_local::world::{World, WorldOptions};
use embedded_aws::{Call, Fault, Service};
use serde_json::Value;
use std::sync::{Arc, Mutex};

/// Every call that a function makes from now on.
fn watched(world: &World) -> Arc<Mutex<Vec<Call>>> {
    let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
    let seen = calls.clone();
    world.local.aws.set_fault_plan(Some(Arc::new(move |call: &Call| {
        seen.lock().unwrap().push(call.clone());
        Fault::None
    })));
    calls
}

fn count(calls: &Mutex<Vec<Call>>, service: Service, operation: &str) -> usize {
    let calls = calls.lock().unwrap();
    let such = |call: &&Call| call.service == service && call.operation == operation;
    calls.iter().filter(such).count()
}

/// A mail with so many small files.
fn with_files(count: usize) -> String {
    let parts: String = (0..count)
        .map(|n| {
            format!(
                "--b\r\nContent-Type: application/json\r\nContent-Disposition: attachment; filename=\"part-{n}.json\"\r\n\r\n[{n}]\r\n"
            )
        })
        .collect();
    format!(
        "From: Eve <eve@example.com>\r\nSubject: Reports\r\nMessage-ID: <many@example.com>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere they are.\r\n{parts}--b--\r\n"
    )
}

#[test]
fn a_mail_of_very_many_files_is_a_few_objects_and_each_file_is_had_by_itself() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        let calls = watched(&world);
        world.receive(&with_files(990), &[], false);
        world.settle().await;
        let puts = count(&calls, Service::S3, "PutObject");
        assert!(puts <= 5, "{puts} puts");
        world.local.aws.set_fault_plan(None);
        let comment = file(&world, 1).await.comments.remove(0);
        assert_eq!(comment.attachments.len(), 990);
        // Over the API, by its place.
        let listed = world
            .api("GET", "tickets/1/comments.json", None, &Value::Null)
            .await
            .unwrap();
        let listed = listed.body;
        let files = listed["comments"][0]["attachments"].as_array().unwrap();
        assert_eq!(files.len(), 990);
        for n in [0, 1, 500, 989] {
            let path = format!("attachments/{}/content", files[n]["id"]);
            let content = world.api("GET", &path, None, &Value::Null).await.unwrap();
            assert_eq!(content.body, serde_json::json!([n]));
        }
        // And where they lie, of every one.
        let blobs = world.local.desk.blobs();
        for (n, attachment) in comment.attachments.iter().enumerate() {
            let bytes = blobs.attachment(TicketNumber(1), attachment).await.unwrap();
            assert_eq!(String::from_utf8_lossy(&bytes).trim_end(), format!("[{n}]"));
        }
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn files_that_are_no_more_than_people_attach_are_objects_of_their_own() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        world.receive(&with_files(20), &[], false);
        world.settle().await;
        let comment = file(&world, 1).await.comments.remove(0);
        assert_eq!(comment.attachments.len(), 20);
        assert!(comment.attachments.iter().all(|file| file.packed.is_none()));
    });
}

/// A mail that names so many others, the first of which the desk knows if it is the nearest.
fn referring(references: usize, nearest: &str) -> String {
    let ids: String = (0..references)
        .map(|n| format!(" <old-{n}@example.com>\r\n"))
        .collect();
    let more = format!(
        "References:{} <{nearest}>\r\n",
        ids.trim_end_matches("\r\n").to_owned() + "\r\n"
    );
    mail("eve@example.com", "refers@example.com", &more, "As I said.")
}

#[test]
fn a_mail_that_names_hundreds_of_others_costs_one_read_and_a_few_writes() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        world.receive(
            &mail("eve@example.com", "m1@example.com", "", "Help!"),
            &[],
            false,
        );
        world.settle().await;
        world.local.aws.tally_capacity(true);
        let calls = watched(&world);
        world.receive(&referring(400, "m1@example.com"), &[], false);
        world.settle().await;
        let intake = |call: &&Call| call.actor == "email-intake";
        let batches = calls
            .lock()
            .unwrap()
            .iter()
            .filter(intake)
            .filter(|call| call.operation == "BatchGetItem")
            .count();
        world.local.aws.set_fault_plan(None);
        assert!(batches <= 2, "{batches} batch reads");
        // The nearest leads to its ticket.
        assert_eq!(file(&world, 1).await.comments.len(), 2);
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
    });
}

#[test]
fn the_held_list_shows_the_newest_first_and_leads_to_its_end() {
    in_world(async {
        const HELD: usize = 130;
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        for n in 0..HELD {
            let raw = mail(
                "eve@example.com",
                &format!("m{n}@example.com"),
                "",
                &format!("Number {n}"),
            );
            world.receive(&raw, &["sales@in.docket.local"], false);
        }
        world.settle().await;
        let mut seen: Vec<(String, u64)> = vec![];
        let mut path = "suspended_tickets.json?page[size]=50".to_owned();
        let mut pages = 0;
        loop {
            let calls = watched(&world);
            let page = world.api("GET", &path, None, &Value::Null).await.unwrap();
            let reads = count(&calls, Service::DynamoDb, "BatchGetItem");
            let queries = count(&calls, Service::DynamoDb, "Query");
            world.local.aws.set_fault_plan(None);
            assert!(
                reads <= 1 && queries <= 2,
                "{reads} batch reads, {queries} queries"
            );
            let page = page.body;
            let rows = page["suspended_tickets"].as_array().unwrap();
            assert!(rows.len() <= 50);
            seen.extend(rows.iter().map(|row| {
                let at = row["created_at"].as_str().unwrap().to_owned();
                (at, row["id"].as_u64().unwrap())
            }));
            pages += 1;
            match page["links"]["next"].as_str() {
                Some(next) => path = next.split_once("/api/v2/").unwrap().1.to_owned(),
                None => break,
            }
        }
        assert_eq!((pages, seen.len()), (3, HELD));
        assert!(seen.is_sorted_by(|newer, older| newer > older), "{seen:?}");
        let by_number = world
            .api(
                "GET",
                "suspended_tickets.json?page=3&per_page=50",
                None,
                &Value::Null,
            )
            .await
            .unwrap();
        let by_number = by_number.body;
        assert_eq!(by_number["count"], HELD);
        let rows = by_number["suspended_tickets"].as_array().unwrap();
        let ids: Vec<u64> = rows.iter().map(|row| row["id"].as_u64().unwrap()).collect();
        let last: Vec<u64> = seen[100..].iter().map(|(_, id)| *id).collect();
        assert_eq!(ids, last);
    });
}

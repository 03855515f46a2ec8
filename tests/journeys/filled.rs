//! A desk that was filled below the SDK is a desk like any other: everything holds of it, and it goes on.

use crate::{answer, file, in_world};
use docket_domain::{TicketNumber, contact::comment::AuthorRole, ticket::Status};
use docket_local::{
    fill::Shares,
    world::{World, WorldOptions},
};
use jiff::SignedDuration;
use serde_json::Value;

const TICKETS: u64 = 60;

async fn filled_desk() -> World {
    let mut world = World::new(WorldOptions::default()).await.unwrap();
    let filled = world.local.fill_whole(TICKETS, Shares::default()).await.unwrap();
    assert_eq!(
        (filled.first, filled.last),
        (TicketNumber(1), TicketNumber(TICKETS))
    );
    world.settle().await;
    world
}

#[test]
fn a_filled_desk_holds_what_must_hold_and_nothing_of_it_is_due() {
    in_world(async {
        let mut world = filled_desk().await;
        assert_eq!(world.broken_invariants().await, [""; 0]);
        let mut standing = [0; 5];
        for number in 1..=TICKETS {
            let status = file(&world, number).await.ticket.status;
            let statuses = [
                Status::New,
                Status::Open,
                Status::Pending,
                Status::Solved,
                Status::Closed,
            ];
            let at = statuses.iter().position(|known| *known == status).unwrap();
            standing[at] += 1;
        }
        assert_eq!(standing, [3, 9, 6, 6, 36]);
        let versions = async |world: &World| {
            let mut versions = 0;
            for number in 1..=TICKETS {
                versions += file(world, number).await.ticket.v;
            }
            versions
        };
        let before = versions(&world).await;
        world.pass(SignedDuration::from_mins(5)).await;
        assert_eq!(versions(&world).await, before, "something of it was due");
        let sent = world.local.aws.sent_count();
        assert_eq!(sent, 0, "what it says that it sent is sent again");
    });
}

#[test]
fn a_filled_desk_goes_on_where_it_is() {
    in_world(async {
        let mut world = filled_desk().await;
        // Somebody whom an agent answered writes once more, and is answered once more.
        let mut pending = None;
        for number in 1..=TICKETS {
            let file = file(&world, number).await;
            if file.ticket.status == Status::Pending {
                pending = Some(file);
            }
        }
        let before = pending.unwrap();
        let number = before.ticket.number;
        let requester = world
            .local
            .desk
            .people()
            .get(before.ticket.requester)
            .await
            .unwrap();
        let address = requester.unwrap().email.unwrap();
        let sent_before = before
            .outbox
            .iter()
            .filter_map(|item| item.ses_id.clone())
            .next_back()
            .unwrap();
        world.receive(
            &format!(
                "From: <{address}>\r\nTo: support@in.docket.local\r\nSubject: Re: Order\r\nMessage-ID: <again@example.net>\r\n\
                 In-Reply-To: <{sent_before}@eu-central-1.amazonses.com>\r\n\r\nIt has come, and it is broken.\r\n"
            ),
            &[],
            false,
        );
        world.settle().await;
        let after = file(&world, number.0).await;
        assert_eq!(after.comments.len(), before.comments.len() + 1);
        let last = after.comments.last().unwrap();
        assert_eq!(
            (last.role, last.author),
            (AuthorRole::Requester, before.ticket.requester)
        );
        assert_eq!(after.ticket.status, Status::Open);
        assert!(answer(&world, number.0, "We send you another one.", true).await);
        // A new one is given the next number and an agent.
        let new = "From: <new@example.org>\r\nTo: support@in.docket.local\r\nSubject: Hello\r\nMessage-ID: <new@example.org>\r\n\r\nIs anybody there?\r\n";
        world.receive(new, &[], false);
        world.settle().await;
        let made = file(&world, TICKETS + 1).await.ticket;
        assert!(made.assignee.is_some());
        world.contacts.answers.push("We send you another one.".to_owned());
        assert_eq!(world.broken_invariants().await, [""; 0]);
        // What closes later closes by itself.
        world.leap(SignedDuration::from_hours(30)).await;
        assert_eq!(world.broken_invariants().await, [""; 0]);
        let listed = world
            .api("GET", "tickets.json?per_page=100", None, &Value::Null)
            .await
            .unwrap();
        assert_eq!(listed.body["count"], TICKETS + 1);
    });
}

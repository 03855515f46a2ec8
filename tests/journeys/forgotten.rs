//! A person who is forgotten: what they said and what is known of them goes from everywhere, and all the rest stays.

use crate::{
    file, in_world, mail,
    removal::{CANARY, ask, found, get, pass_minutes, says},
};
use docket_domain::{PersonId, TicketNumber, draft::DraftFields};
use docket_local::world::{World, WorldOptions};
use serde_json::json;

#[test]
fn a_person_is_forgotten_everywhere() {
    in_world(async {
        let text = format!("I am {CANARY}, and my lantern is dark.");
        let from = format!("{CANARY} <{CANARY}@example.com>");
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        world.receive(&mail(&from, "m1@example.com", "", &text), &[], false);
        world.receive(
            &mail("Bob <bob@example.com>", "m2@example.com", "", "A velvet curtain."),
            &[],
            false,
        );
        world.settle().await;
        let copy = json!({ "ticket": { "comment": { "body": "Somebody joins.", "public": true },
            "email_ccs": [{ "user_email": format!("{CANARY}@example.com"), "action": "put" }] } });
        let copied = ask(&world, "PUT", "tickets/2.json", copy).await;
        assert!(copied.is_success(), "{copied:?}");
        world.settle().await;
        let joins = mail(
            &from,
            "m3@example.com",
            "In-Reply-To: <m2@example.com>\r\n",
            &format!("{CANARY} says yes."),
        );
        world.receive(&joins, &[], false);
        world.settle().await;
        assert_eq!(file(&world, 2).await.comments.len(), 3);
        pass_minutes(&mut world, 2).await;
        assert_eq!(found(&world, CANARY).await.len(), 2);
        let desk = &world.local.desk;
        let person = file(&world, 1).await.ticket.requester;
        // As somebody who worked here once may have left it.
        let begun = DraftFields::from([("text".to_owned(), format!("{CANARY} begins."))]);
        let drafts = desk.drafts();
        drafts.keep(person, TicketNumber(2), &begun, None).await.unwrap();
        desk.people().ask_to_forget(person, &world.by()).await.unwrap();
        assert!(file(&world, 1).await.ticket.is_deleted_for_good(), "at once");
        desk.people().ask_to_forget(person, &world.by()).await.unwrap();
        let staff = get(&world, "users/me.json").await.body["user"]["id"]
            .as_u64()
            .unwrap();
        let refused = desk.people().ask_to_forget(PersonId(staff), &world.by()).await;
        assert!(refused.is_err());
        pass_minutes(&mut world, 6).await;
        let work = world.local.desk.people().work(person).await.unwrap();
        assert_eq!(work, None, "there is nothing left to do");
        let redacted = file(&world, 2).await.comments;
        let redacted = redacted.iter().filter(|comment| comment.redacted_at.is_some());
        assert_eq!(redacted.count(), 1);
        // What the rest of the world said when it handed the mail over is kept by the guards for its days.
        let mut left = says(&world, CANARY).await;
        left.retain(|text| !text.contains("attempts"));
        assert_eq!(left, Vec::<String>::new());
        assert_eq!(found(&world, "velvet").await, [2]);
        assert_eq!(found(&world, CANARY).await, [0; 0]);
        let people = get(&world, &format!("users/search.json?query={CANARY}"))
            .await
            .body;
        assert_eq!(people["count"], 0, "{people}");
        assert_eq!(world.broken_invariants().await, Vec::<String>::new());
        // Who writes again is somebody new.
        world.receive(&mail(&from, "m4@example.com", "", "Me again."), &[], false);
        world.settle().await;
        assert_ne!(file(&world, 3).await.ticket.requester, person);
    });
}

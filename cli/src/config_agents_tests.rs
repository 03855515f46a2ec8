//! Agents of a file, put in force beside its book.

use super::*;
use docket_domain::{
    CalendarId, PersonId, SkillId,
    assignment::Availability,
    people::{
        person::{Identity, Person},
        staff::Role,
    },
};

/// Kim is new, a customer becomes an agent, Ben and Cleo go, the others stay.
const AGENTS: &str = "calendars: {office: {zone: Europe/Berlin, hours: {mon-fri: 09:00-17:00}}}\n\
    skills: {Language: [French, German]}\n\
    agents:\n  \
      - {email: Kim@Docket.Local, name: Kim Lee, role: admin, capacity: 30, skills: {French: 3}, calendar: office, locale: fr}\n  \
      - {email: admin@docket.local, role: agent}\n  \
      - {email: anna@docket.local, skills: {German: 5}}\n  \
      - {email: boss@acme.example}\n\
    groups:\n  - {name: Support, default: true, members: [kim@docket.local, anna@docket.local]}\n\
    triggers: [{name: To Kim, actions: [{set_assignee: kim@docket.local}]}]\n";

async fn found(desk: &Desk, address: &str) -> Person {
    let found = desk.people().find(&Identity::email(address)).await.unwrap();
    found.unwrap_or_else(|| panic!("{address} is not known"))
}

async fn customer(desk: &Desk, address: &str) -> PersonId {
    let identities = vec![Identity::email(address)];
    let (person, writes) = desk
        .people()
        .find_or_make(identities, "Boss", None, &desk.by_system("a test"))
        .await
        .unwrap();
    desk.commit_writes(vec![], writes).await.unwrap();
    person.id
}

#[tokio::test]
async fn people_come_change_and_go_with_the_file() {
    let (local, folder) = (desk().await, Folder::new("agents"));
    let desk = &local.desk;
    let boss = customer(desk, "boss@acme.example").await;
    let file = folder.file(AGENTS);
    let (is_other, lines) = differs(desk, &file, false, Paint::Plain).await;
    assert!(is_other);
    for line in [
        "+ agent kim@docket.local\n",
        "+ agent boss@acme.example\n",
        "~ agent admin@docket.local\n  - role: admin\n",
        "~ agent anna@docket.local\n  + skills: ",
        "- agent ben@docket.local\n",
        "- agent cleo@docket.local\n",
        "~ group Support\n",
    ] {
        assert!(lines.contains(line), "{line:?} is not in\n{lines}");
    }
    assert_eq!(desk.agents().all().await.unwrap().len(), 4, "nothing was changed");
    assert_eq!(
        applied(desk, &file).await,
        format!("{lines}version 1 is in force\n")
    );
    let kim = found(desk, "kim@docket.local").await;
    assert_eq!(
        (kim.name.as_str(), kim.role, kim.locale.as_deref(), kim.verified),
        ("Kim Lee", Role::Admin, Some("fr"), true)
    );
    let load = desk.agents().load(kim.id).await.unwrap().unwrap();
    assert_eq!(
        (load.capacity, load.skills, load.calendar, load.availability),
        (
            30,
            [(SkillId(1), 3)].into(),
            Some(CalendarId(1)),
            Availability::Online
        )
    );
    let anna = found(desk, "anna@docket.local").await;
    assert_eq!(anna.name, "Anna Agent", "what is not said of a name stays");
    let load = desk.agents().load(anna.id).await.unwrap().unwrap();
    assert_eq!((load.capacity, load.skills), (20, [(SkillId(2), 5)].into()));
    let staff = desk.agents().all().await.unwrap();
    let roles: Vec<(PersonId, Role)> = staff.iter().map(|person| (person.id, person.role)).collect();
    assert_eq!(
        roles,
        [
            (PersonId(1), Role::Agent),
            (anna.id, Role::Agent),
            (boss, Role::Agent),
            (kim.id, Role::Admin)
        ]
    );
    let members = desk.groups().members(GroupId(1)).await.unwrap();
    assert_eq!(members.len(), 2, "{members:?}");
    assert!(!differs(desk, &file, false, Paint::Plain).await.0);

    // Left out, they stay; an export says them all.
    applied(desk, &folder.file("timers: {solve_after: 7d}\n")).await;
    let export = exported(desk).await;
    let expected = "- email: kim@docket.local\n  name: Kim Lee\n  role: admin\n  capacity: 30\n  skills:\n    French: 3\n  \
                    calendar: office\n  locale: fr\n";
    assert!(export.contains(expected), "{export}");

    // Whom a rule of the desk names can't go.
    let without = "agents: [{email: anna@docket.local, role: admin}]\n\
                   groups: [{name: Support, default: true, members: [anna@docket.local]}]\n";
    let refused = apply(desk, &folder.file(without), Paint::Plain, &mut Vec::new()).await;
    let said = format!("{:#}", refused.unwrap_err());
    assert!(said.contains("trigger \"To Kim\" names agent"), "{said}");
    assert_eq!(desk.agents().all().await.unwrap().len(), 4);
    applied(desk, &folder.file(&format!("{without}triggers: []\n"))).await;
    let staff = desk.agents().all().await.unwrap();
    assert_eq!(
        staff.iter().map(|person| person.id).collect::<Vec<_>>(),
        [anna.id]
    );
}

#[tokio::test]
async fn what_is_wrong_with_agents_is_told_with_the_rest() {
    let (local, folder) = (desk().await, Folder::new("agents-wrong"));
    let file = folder.file(
        "skills: {Language: [French]}\nagents:\n  - {email: nobody, skills: {Frensh: 9}, calendar: office}\n  \
         - {email: a@x.example, capacity: 99999}\n  - {email: A@x.example, name: '  '}\n\
         triggers: [{name: T, actions: [{set_assignee: ben@docket.local}]}]\n",
    );
    let error = validate(Some(&local.desk), &file, &mut Vec::new())
        .await
        .unwrap_err();
    let said = error.to_string();
    for words in [
        "agents: a desk has an admin",
        "agents[0].email: \"nobody\" is not a mail address",
        "agents[0].skills.Frensh: a level goes from 1 to 5, not 9",
        "agents[1].capacity: ",
        "agents[2].email: another agent has the address",
        "agents[2].name: it has 1 to 255 characters",
        "triggers[0].actions[0].set_assignee: the desk has no agent with the address \"ben@docket.local\"",
    ] {
        assert!(said.contains(words), "{words:?} is not in\n{said}");
    }
    // What a skill or calendar is called is looked at when the rest is right.
    let file = folder.file(
        "skills: {Language: [French]}\nagents: [{email: a@x.example, role: admin, skills: {Frensh: 4}, calendar: office}]\n",
    );
    let error = validate(Some(&local.desk), &file, &mut Vec::new())
        .await
        .unwrap_err();
    let said = error.to_string();
    assert!(said.contains("no skill is called \"Frensh\""), "{said}");
    assert!(said.contains("no calendar is called \"office\""), "{said}");
    validate(None, &file, &mut Vec::new()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_apply_that_dies_at_any_call_is_finished_by_the_next() {
    let mut at = 0;
    loop {
        let (local, folder) = (desk().await, Folder::new("agents-dies"));
        let desk = &local.desk;
        customer(desk, "boss@acme.example").await;
        let file = folder.file(AGENTS);
        let count = Arc::new(std::sync::atomic::AtomicU64::new(0));
        let dies = move |call: &Call| {
            let writes = ["TransactWriteItems", "UpdateItem", "PutItem", "DeleteItem"];
            if !writes.contains(&call.operation.as_str()) {
                return Fault::None;
            }
            match count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
                seen if seen >= at => Fault::FailBefore(400),
                _ => Fault::None,
            }
        };
        local.aws.set_fault_plan(Some(Arc::new(dies)));
        let died = apply(desk, &file, Paint::Plain, &mut Vec::new()).await.is_err();
        local.aws.set_fault_plan(None);
        let admins = desk.agents().all().await.unwrap();
        assert!(
            admins.iter().any(|person| person.role == Role::Admin),
            "after {at} writes"
        );
        applied(desk, &file).await;
        assert!(
            !differs(desk, &file, false, Paint::Plain).await.0,
            "after {at} writes"
        );
        assert_eq!(desk.agents().all().await.unwrap().len(), 4, "after {at} writes");
        if !died {
            break;
        }
        at += 1;
    }
    assert!(at > 10, "{at} writes");
}

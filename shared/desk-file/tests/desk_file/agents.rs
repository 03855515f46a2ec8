//! Agents of a file.

use super::{book, names};
use docket_desk_file::{DeskAgent, DeskAgents, DeskFile, DeskNames, changes_of, parse, text_of};
use docket_domain::{CalendarId, PersonId, SkillId, people::staff::Role, sla::Book};
use proptest::{collection::btree_map, option, prelude::*};

/// A desk with two skills and a calendar.
fn desk() -> Book {
    book(
        "skills: {Language: [French, German]}\ncalendars: {office: {zone: Europe/Berlin, hours: {mon: 09:00-17:00}}}",
    )
}

fn admin() -> DeskAgent {
    DeskAgent {
        id: PersonId(1),
        email: "admin@docket.local".into(),
        name: Some("Ada".into()),
        role: Role::Admin,
        capacity: 20,
        skills: [(SkillId(1), 3)].into(),
        calendar: Some(CalendarId(1)),
        locale: None,
    }
}

/// The names of a desk after a file has said who works there.
fn with_agents(text: &str) -> DeskNames {
    let mut names = names();
    names.agents = parse(text).unwrap().agent_names(&names).unwrap();
    names
}

fn agents(text: &str) -> Result<DeskAgents, Vec<String>> {
    let names = with_agents(text);
    let base = DeskAgents(vec![admin()]);
    let agents = parse(text).and_then(|written| written.agents(&base, Some(&names), Some(&desk())));
    agents.map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn whoever_is_known_keeps_their_id_and_name_and_others_get_a_number_for_now() {
    let found = agents(
        "agents:\n  - {email: NEW@docket.local}\n  - {email: Boss@Acme.example, name: ' Bo ', skills: {German: 1}}\n  \
         - {email: admin@docket.local, role: admin}\n",
    )
    .unwrap();
    let told: Vec<(&str, Option<&str>, bool)> = found
        .0
        .iter()
        .map(|agent| (agent.email.as_str(), agent.name.as_deref(), agent.is_new()))
        .collect();
    assert_eq!(
        told,
        [
            ("admin@docket.local", Some("Ada"), false),
            ("boss@acme.example", Some("Bo"), false),
            ("new@docket.local", None, true)
        ]
    );
    assert_eq!((found.0[0].id, found.0[1].id), (PersonId(1), PersonId(7)));
    assert_eq!(
        (&found.0[0].skills, found.0[0].calendar),
        (&[].into(), None),
        "what is left out is not so"
    );
    assert_eq!(found.0[1].skills, [(SkillId(2), 1)].into());
}

#[test]
fn a_section_that_is_left_out_stays() {
    let base = DeskAgents(vec![admin()]);
    let written = parse("timers: {}").unwrap();
    assert_eq!(written.agent_names(&names()), None);
    assert_eq!(
        written.agents(&base, Some(&names()), Some(&desk())).unwrap(),
        base
    );
}

#[test]
fn each_mistake_is_told_at_its_place() {
    let problems = agents(
        "agents:\n  - {email: a@x.example, skills: {Frensh: 3, German: 0}}\n  - {email: A@x.example, capacity: 10001}\n  \
         - {email: '@', calendar: offize, locale: ''}\n",
    )
    .unwrap_err();
    assert_eq!(
        problems,
        [
            "2:3: agents: a desk has an admin: say `role: admin` of one of them",
            "2:43: agents[0].skills.Frensh: no skill is called \"Frensh\"; did you mean `French`?",
            "2:54: agents[0].skills.German: a level goes from 1 to 5, not 0",
            "3:13: agents[1].email: another agent has the address \"a@x.example\", too",
            "3:36: agents[1].capacity: a capacity of 10001 units, at most 10000 are possible",
            "4:13: agents[2].email: \"@\" is not a mail address",
            "4:28: agents[2].calendar: no calendar is called \"offize\"; did you mean `office`?",
            "4:44: agents[2].locale: it has 1 to 255 characters, not 0",
        ]
    );
    for (text, expected) in [
        (
            "agents: [{email: a@x.example, role: boss}]",
            "there are: agent, admin",
        ),
        ("agents: [{name: A}]", "the key `email` is missing"),
        (
            "agents: [{email: a@x.example, capasity: 3}]",
            "did you mean `capacity`?",
        ),
    ] {
        let problems = parse(text).unwrap_err().to_string();
        assert!(problems.contains(expected), "{problems}");
    }
}

fn any_agent() -> impl Strategy<Value = DeskAgent> {
    (
        "[a-z0-9.]{1,9}x@[a-z]{1,5}[.]example",
        option::of(super::round_trip::name().prop_map(|name| name.trim().to_owned())),
        prop::bool::ANY,
        0_u32..=10_000,
        btree_map(prop::sample::select(vec![SkillId(1), SkillId(2)]), 1_u8..=5, 0..3),
        option::of(Just(CalendarId(1))),
        option::of("[a-z]{2}"),
    )
        .prop_map(
            |(email, name, is_admin, capacity, skills, calendar, locale)| DeskAgent {
                id: PersonId(0),
                email,
                name,
                role: if is_admin { Role::Admin } else { Role::Agent },
                capacity,
                skills,
                calendar,
                locale,
            },
        )
}

proptest! {
    #[test]
    fn what_is_written_reads_back(others in prop::collection::vec(any_agent(), 0..6)) {
        let mut all = vec![admin()];
        all.extend(others);
        all.sort_by(|one, other| one.email.cmp(&other.email));
        all.dedup_by(|one, other| one.email == other.email);
        let file = DeskFile::default().with_agents(&DeskAgents(all.clone()), &desk());
        let text = text_of(&file).unwrap();
        let read = parse(&text).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
        let names = DeskNames { agents: all.iter().map(|agent| (agent.email.clone(), agent.id)).collect(), ..names() };
        let back = read.agents(&DeskAgents::default(), Some(&names), Some(&desk()));
        let back = back.unwrap_or_else(|problems| panic!("{problems}\n{text}"));
        prop_assert_eq!(&back.0, &all, "{}", text);
        let again = DeskFile::default().with_agents(&back, &desk());
        prop_assert_eq!(changes_of(&file, &again), vec![]);
    }
}

#[test]
fn what_skills_are_of_stays_without_a_skill() {
    let empty = book("skills: {Language: [], Product: [Printers]}");
    let written = text_of(&docket_desk_file::file_of(&empty, &names()).unwrap()).unwrap();
    assert!(
        written.contains("skills:\n  Language: []\n  Product:\n  - Printers\n"),
        "{written}"
    );
    assert_eq!(book(&written), empty);
}

//! A desk with many agents, and the tickets of a burst.

use crate::MOST_TRIES;
use docket_desk::{Committed, Desk, tickets::NewComment};
use docket_domain::{
    CalendarId, GroupId, PersonId, SkillId, TicketNumber,
    assignment::{GroupAssignment, LoadSettings, RequiredSkill, Strategy},
    calendar::{Calendar, CalendarDraft, Day, Span, WeekSpan},
    configuration::Group,
    contact::comment::{AuthorRole, CommentBody},
    people::{
        person::{Identity, Person},
        staff::Role,
    },
    sla::{BookError, InForce, Terms, TimerRules},
    ticket::{
        Actor, Channel, Chosen, Command, Context, MOST_PARTS, NewTicket, Priority, ReplyVia, Rules,
        StandardRules, Ticket, decide,
    },
    triage,
};
use docket_local::{
    LocalDesk,
    world::{World, WorldOptions},
};
use docket_store::table::Change;

/// Agents of the burst.
pub const AGENTS: usize = 50;
/// The groups it comes to: least loaded, round robin with the previous agent first, skills waived after a while, by hand.
pub const GROUPS: [GroupId; 4] = [GroupId(2), GroupId(3), GroupId(4), GroupId(5)];
/// After how many seconds the third of them waives skills.
const WAIVED_AFTER: u32 = 30 * 60;
/// Skills there are.
const SKILLS: u32 = 6;

/// The rules of a desk on which tickets weigh differently.
struct Weighed(StandardRules, u32);

impl Rules for Weighed {
    fn choose(&self, ticket: &Ticket) -> Option<Chosen<'_>> {
        self.0.choose(ticket)
    }
    fn terms(&self, in_force: &InForce) -> Option<Terms<'_>> {
        self.0.terms(in_force)
    }
    fn timers(&self) -> TimerRules {
        self.0.timers()
    }
    fn members(&self, group: GroupId) -> Vec<PersonId> {
        self.0.members(group)
    }
    fn weight(&self, _channel: &Channel) -> u32 {
        self.1
    }
}

/// What a test's client does again until it is answered; nothing if it never is, or is refused.
pub async fn insist<T, E, F: Future<Output = Result<T, E>>>(
    local: &LocalDesk,
    work: impl Fn() -> F,
) -> Option<T> {
    for _ in 0..MOST_TRIES {
        let killed = local.aws.killed("api");
        let done = tokio::select! {
            biased;
            () = killed => None,
            done = work() => done.ok(),
        };
        if done.is_some() {
            return done;
        }
    }
    None
}

fn calendar(id: u64, start: &str, end: &str) -> Calendar {
    let span = Span {
        start: start.parse().unwrap(),
        end: end.parse().unwrap(),
    };
    let days = [
        Day::Monday,
        Day::Tuesday,
        Day::Wednesday,
        Day::Thursday,
        Day::Friday,
    ];
    Calendar::new(CalendarDraft {
        id: CalendarId(id),
        version: 1,
        name: format!("Shift {id}"),
        zone: "UTC".to_owned(),
        week: days.map(|day| WeekSpan { day, span }).into(),
        holidays: vec![],
        dates: vec![],
    })
    .unwrap()
}

/// A desk at rest with groups, shifts and agents, on Monday at eight. `size`: how many tickets it is made for.
pub async fn staffed(options: WorldOptions, size: u32) -> (World, Vec<PersonId>) {
    let mut world = World::new(options).await.unwrap();
    let desk = world.local.desk.clone();
    let table = desk.settings.tickets_table.clone();
    world.local.aws.keep_history(&table);
    let changed = desk
        .rules()
        .change_book(desk.by_system("a test"), vec![], |book| {
            book.calendars = vec![calendar(1, "06:00", "10:00"), calendar(2, "09:00", "18:00")];
            Ok::<_, BookError>(())
        });
    changed.await.unwrap();
    let group = |assignment: GroupAssignment| {
        let (desk, now) = (&desk, desk.now());
        async move {
            let make = |id: GroupId| Group {
                assignment: assignment.clone(),
                ..Group::new(id, &format!("Group {id}"), now)
            };
            desk.groups()
                .create(desk.by_system("a test"), make)
                .await
                .unwrap()
                .unwrap()
                .id
        }
    };
    let by = |strategy| GroupAssignment {
        strategy,
        ..GroupAssignment::default()
    };
    let assignments = [
        GroupAssignment {
            escalates_to: Some(GROUPS[2]),
            ..by(Strategy::LeastLoaded)
        },
        GroupAssignment {
            prefers_previous_agent: true,
            ..by(Strategy::RoundRobin)
        },
        GroupAssignment {
            relax_skills_after_seconds: Some(WAIVED_AFTER),
            ..by(Strategy::LeastLoaded)
        },
        by(Strategy::Manual),
    ];
    for (assignment, expected) in assignments.into_iter().zip(GROUPS) {
        assert_eq!(group(assignment).await, expected);
    }
    let mut agents = Vec::new();
    for at in 0..AGENTS {
        agents.push(hire(&mut world, &desk, at, size).await);
    }
    world.settle().await;
    (world, agents)
}

/// An agent with a capacity, skills, a shift and one to three groups, all from the seed.
async fn hire(world: &mut World, desk: &Desk, at: usize, size: u32) -> PersonId {
    let email = format!("agent{at}@docket.local");
    let identities = vec![Identity::email(&email)];
    let agent = person(desk, identities, &format!("Agent {at}"), Role::Agent).await;
    let settings = LoadSettings {
        capacity: Some(1 + world.choose((size / 20).max(2))),
        skills: Some(
            (0..world.choose(4))
                .map(|_| {
                    let skill = SkillId(u64::from(1 + world.choose(SKILLS)));
                    (skill, u8::try_from(1 + world.choose(5)).unwrap())
                })
                .collect(),
        ),
        calendar: Some(
            Some(u64::from(world.choose(3)))
                .filter(|id| *id > 0)
                .map(CalendarId),
        ),
    };
    desk.agents()
        .change_load_settings(agent, &settings, desk.by_system("a test"))
        .await
        .unwrap();
    let first = world.choose(4);
    for more in 0..=world.choose(3) {
        let group = GROUPS[((first + more) % 4) as usize];
        desk.groups()
            .add_member(group, agent, desk.by_system("a test"))
            .await
            .unwrap();
    }
    agent
}

/// Makes a person.
pub async fn person(desk: &Desk, identities: Vec<Identity>, name: &str, role: Role) -> PersonId {
    let by = desk.by_system("a test");
    let found = desk.people().find_or_make(identities.clone(), name, None, &by);
    let (found, _) = found.await.unwrap();
    let person = Person { role, ..found };
    let writes = desk.people().new_writes(&person, &by).unwrap();
    desk.commit_writes(vec![], writes).await.unwrap();
    person.id
}

/// A ticket that comes to one of the groups, triaged in the commit that makes it: with a weight, a priority and skills from
/// the seed.
pub async fn arrive(world: &mut World, requesters: &[PersonId]) -> TicketNumber {
    let desk = world.local.desk.clone();
    let number = desk.tickets().next_number().await.unwrap();
    let pick = world.choose(u32::try_from(requesters.len()).unwrap());
    let requester = requesters[pick as usize];
    let group = GROUPS[match world.choose(20) {
        0 => 3,
        n => (n % 3) as usize,
    }];
    let skills = match world.choose(3) {
        0 => (0..=world.choose(2)).map(|_| need(world)).collect(),
        _ => vec![],
    };
    let priority = Priority::ALL[world.choose(4) as usize];
    let weight = [1, 1, 1, 1, 1, 1, 0, 2, 3, 4][world.choose(10) as usize];
    let actor = Actor::Requester(requester);
    let rules = Weighed(StandardRules::default(), weight);
    let context = Context {
        actor: &actor,
        cause: "burst",
        rules: &rules,
        history: None,
        room: MOST_PARTS,
    };
    let words = NewComment {
        author: requester,
        role: AuthorRole::Requester,
        public: true,
        channel: Channel::Api,
        body: CommentBody {
            text: format!("Words of {number}."),
            ..CommentBody::default()
        },
        attachments: vec![],
        mail: None,
        automatic: None,
    };
    let (comment, facts) = desk.tickets().store_comment(number, words).await.unwrap();
    let blank = Ticket::blank(number);
    let mut events = decide(&blank, create(requester, facts), &context, desk.now())
        .unwrap()
        .events;
    let created = events.iter().fold(blank.clone(), docket_domain::ticket::evolve);
    let (decision, _) = desk.blobs().put_json(number, &"by the burst").await.unwrap();
    let outcome = triage::TriageOutcome {
        priority,
        group,
        ticket_type: None,
        tags_added: vec![],
        skills,
        rule: "burst".to_owned(),
        reason: "made so".to_owned(),
        found: triage::Findings::default(),
        rules: vec![],
        also: vec![],
    };
    let command = Command::Triage {
        outcome,
        decision,
        began: vec![],
    };
    let context = Context {
        history: Some(&events.clone()),
        ..context
    };
    events.extend(decide(&created, command, &context, desk.now()).unwrap().events);
    let change = Change {
        comments: vec![comment],
        ..Change::new(blank, events)
    };
    assert!(matches!(desk.commit(change).await.unwrap(), Committed::Done(_)));
    number
}

/// A skill at a level, from the seed.
pub fn need(world: &mut World) -> RequiredSkill {
    RequiredSkill {
        skill: SkillId(u64::from(1 + world.choose(SKILLS))),
        level: u8::try_from(1 + world.choose(4)).unwrap(),
    }
}

fn create(requester: PersonId, comment: docket_domain::ticket::CommentFacts) -> Command {
    Command::Create(Box::new(NewTicket {
        subject: "Burst".to_owned(),
        requester,
        channel: Channel::Api,
        reply_via: ReplyVia::Nowhere,
        external_id: None,
        priority: None,
        ticket_type: None,
        tags: vec![],
        follows: None,
        acknowledge: false,
        unacknowledged: None,
        comment,
        note: None,
        ccs: vec![],
    }))
}

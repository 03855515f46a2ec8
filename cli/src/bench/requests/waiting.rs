//! What people and programs wait for while very many tickets wait to be assigned in the background.

use super::{
    alone::{OPEN_PATH, page_of, spread},
    bench_desk::{BenchDesk, Running},
    figures::Times,
};
use anyhow::{Context as _, bail};
use docket_desk::{MOST_MEMBERS, setup::SetupChange};
use docket_domain::{
    GroupId, PersonId, TicketNumber,
    assignment::{LoadSettings, MOST_CAPACITY, Strategy},
    people::{
        person::{Identity, Person},
        staff::Role,
    },
};
use docket_local::fill::Shares;
use docket_store::{keys::Counter, table::Committed};
use serde::Serialize;
use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// Who reads and writes meanwhile.
const CLIENTS: usize = 8;
/// What they do, one after the other.
pub(super) const KINDS: [&str; 4] = ["API ticket", "ticket page", "page All open", "API create, answer"];
/// Tickets that one agent more is there for: they also have what the desk held before.
const TICKETS_AN_AGENT: u64 = MOST_CAPACITY as u64 / 2;

/// What they waited for.
#[derive(Debug, Serialize)]
pub(super) struct WhileWaiting {
    pub waiting: u64,
    pub clients: usize,
    /// Whether some still waited when the last request was answered.
    pub waited_throughout: bool,
    pub requests: Vec<Times>,
}

/// Fills in so many tickets that wait, lets them be assigned, and has clients read and write meanwhile: each kind `times` times in
/// all, or once each.
pub(super) async fn measure(
    desk: &BenchDesk,
    running: &Running,
    waiting: u64,
    times: usize,
) -> anyhow::Result<WhileWaiting> {
    running.rest(desk).await?;
    let all_wait = Shares {
        waiting: 100,
        open: 0,
        pending: 0,
        solved: 0,
    };
    let filled = desk.local.fill_whole(waiting, all_wait).await?;
    let first = desk.local.desk.tickets().get(filled.first).await?;
    let group = first
        .and_then(|ticket| ticket.group)
        .context("a ticket waits in no group")?;
    hire(desk, group, waiting.div_ceil(TICKETS_AN_AGENT)).await?;
    give_out(desk, group).await?;
    let requests = clients(desk, times).await?;
    let waits = desk.local.desk.tickets().waiting_page(group, None, 1).await?;
    // What is left is done, so that the folder can be used again.
    let waited_throughout = !waits.is_empty();
    running.rest(desk).await?;
    Ok(WhileWaiting {
        waiting,
        clients: CLIENTS,
        waited_throughout,
        requests,
    })
}

/// Makes so many agents of a group, with all the room there can be.
async fn hire(desk: &BenchDesk, group: GroupId, count: u64) -> anyhow::Result<()> {
    let known = desk.local.desk.groups().members(group).await?.len() as u64;
    let desk = &desk.local.desk;
    let room = LoadSettings {
        capacity: Some(MOST_CAPACITY),
        ..LoadSettings::default()
    };
    anyhow::ensure!(
        known + count <= MOST_MEMBERS as u64,
        "no group has {count} more agents"
    );
    for _ in 0..count {
        let id = PersonId(desk.next_number(Counter::People).await?);
        let by = || desk.by_system("docket bench");
        let address = Identity::email(&format!("agent{id}@docket.local"));
        let mut person = Person::first_seen(id, &format!("Agent {id}"), vec![address], desk.now());
        person.role = Role::Agent;
        let writes = desk.people().new_writes(&person, &by())?;
        if !matches!(desk.commit_writes(vec![], writes).await?, Committed::Done(_)) {
            bail!("agent {id} can't be made");
        }
        desk.agents().change_load_settings(id, &room, by()).await?;
        desk.groups().add_member(group, id, by()).await?;
    }
    Ok(())
}

/// Has a group give its tickets out from now on.
async fn give_out(desk: &BenchDesk, group: GroupId) -> anyhow::Result<()> {
    let by = desk.local.desk.by_system("docket bench");
    let groups = desk.local.desk.groups();
    let changed = groups.change(by, group, |group| {
        group.assignment.strategy = Strategy::LeastLoaded;
        Ok::<_, Infallible>(())
    });
    match changed.await? {
        Some(SetupChange::Done(..)) => Ok(()),
        _ => bail!("group {group} does not give its tickets out"),
    }
}

/// Clients that read and write.
async fn clients(desk: &BenchDesk, times: usize) -> anyhow::Result<Vec<Times>> {
    let each = times.div_ceil(CLIENTS);
    let last = desk.local.desk.tickets().last_number().await?;
    let pages = desk.answerable(times).await?;
    let pages: Arc<Vec<String>> = Arc::new(pages.iter().map(page_of).collect());
    let mut at_work = JoinSet::new();
    for client in 0..CLIENTS {
        let (caller, pages) = (desk.caller.clone(), pages.clone());
        at_work.spawn(async move {
            let mut took: [Vec<Duration>; 4] = Default::default();
            for nth in client * each..(client + 1) * each {
                let number = TicketNumber(spread(nth, CLIENTS * each, last));
                let mut begun = Instant::now();
                let mut at = 0;
                let mut done = || {
                    took[at].push(begun.elapsed());
                    (begun, at) = (Instant::now(), at + 1);
                };
                caller.api_get(&format!("tickets/{number}.json")).await?;
                done();
                caller.page(&pages[nth % pages.len()]).await?;
                done();
                caller.page(OPEN_PATH).await?;
                done();
                caller.api_create(last + nth as u64).await?;
                done();
            }
            Ok::<_, anyhow::Error>(took)
        });
    }
    let mut all: [Vec<Duration>; 4] = Default::default();
    while let Some(client) = at_work.join_next().await {
        for (all, took) in all.iter_mut().zip(client??) {
            all.extend(took);
        }
    }
    Ok(KINDS
        .into_iter()
        .zip(all)
        .map(|(kind, took)| Times::of(kind, took))
        .collect())
}

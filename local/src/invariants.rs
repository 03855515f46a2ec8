//! What must hold at the end of every journey and every simulated run.

use crate::{
    clock_invariants::clocks_are_right, fill::FILLED_MAIL, search_invariant::index_is_right, stack::LocalDesk,
};
use docket_desk::{COUNTERS, ChangedClass, HeldContact, StoreError, TicketFile};
use docket_domain::{
    OrganizationId, PersonId, TicketNumber, Timestamp,
    assignment::AgentLoad,
    audit::Subject,
    contact::intake::HoldReason,
    outbox::{DeliveryOutcome, State, Work},
    ticket::{
        Fact, Ticket,
        counted::{CountedOf, recount},
    },
};
use docket_projection::{Counters, Pass, Projections};
use docket_store::blob::SPOOL_PREFIX;
use std::collections::{BTreeMap, BTreeSet};

/// Most saves of a desk that is looked at.
const MOST_SAVES: usize = 10_000_000;

/// What was handed to the desk.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    /// SES ids of mails. Each a contact of its own unless listed among the repeats.
    pub mails: Vec<String>,
    /// Mails that repeat another one: (repeat, original).
    pub repeats: Vec<(String, String)>,
    /// Words that a hook's contact carries, each accepted by the desk; exactly one comment has them.
    pub hooks: Vec<String>,
    /// Words that an agent's accepted answer carries.
    pub answers: Vec<String>,
    /// Calls that reached the outside: their webhook ids, repeats included.
    pub calls: Vec<String>,
    /// Agents whose capacity was lowered: what they had before is not taken from them.
    pub lowered: BTreeSet<PersonId>,
}

/// What is broken, in words; empty when all holds.
pub async fn broken(local: &LocalDesk, contacts: &Contacts) -> Vec<String> {
    match check(local, contacts).await {
        Ok(broken) => broken,
        Err(error) => vec![format!("the desk can't be read: {error}")],
    }
}

async fn check(local: &LocalDesk, contacts: &Contacts) -> Result<Vec<String>, StoreError> {
    let desk = &local.desk;
    let mut broken = Vec::new();
    let mut files: Vec<TicketFile> = Vec::new();
    for number in 1..=desk.tickets().last_number().await? {
        files.extend(desk.tickets().file(TicketNumber(number)).await?);
    }
    let mut held = Vec::new();
    for id in 1..=desk.held().last_number().await? {
        held.extend(desk.held().get(id).await?);
    }
    // One that was let in is a comment, and is counted there.
    held.retain(|contact| {
        contact
            .resolution
            .as_ref()
            .is_none_or(|done| done.ticket.is_none())
    });
    contacts_are_taken_once(&files, &held, contacts, &mut broken);
    words_stand_once(local, &files, contacts, &mut broken).await;
    for file in &files {
        histories_add_up(file, &mut broken);
        let number = file.ticket.number;
        let verified = desk.tickets().verify(number).await?.unwrap_or_default();
        for flaw in verified.flaws {
            broken.push(format!("I3: ticket {number}: {flaw}"));
        }
        clocks_are_right(file, &mut broken);
        work_is_done(local, file, contacts, &mut broken);
    }
    let spooled = local.aws.objects(SPOOL_PREFIX).len();
    if spooled > 0 {
        broken.push(format!("I1: {spooled} mails are still in the spool"));
    }
    loads_are_right(local, &files, contacts, &mut broken).await?;
    everything_went_on(&files, &mut broken);
    counts_are_right(local, &files, &mut broken).await?;
    index_is_right(local, &files, &mut broken).await?;
    saves_have_places(local, &files, &mut broken).await?;
    audits_add_up(local, &mut broken).await?;
    Ok(broken)
}

/// I3, of what is no ticket: each record is the sum of its audit events, and their chain holds.
async fn audits_add_up(local: &LocalDesk, broken: &mut Vec<String>) -> Result<(), StoreError> {
    let desk = &local.desk;
    let people = 1..=desk.people().last_number().await?;
    let people = people.flat_map(|id| [Subject::Person(PersonId(id)), Subject::Agent(PersonId(id))]);
    let groups = desk.groups().all().await?;
    let groups = groups.iter().map(|group| Subject::Group(group.id));
    let organizations = 1..=desk.organizations().last_number().await?;
    let organizations = organizations.map(|id| Subject::Organization(OrganizationId(id)));
    let settings = [Subject::Setup, Subject::Rules];
    let views = desk.store().views().ids().await?.map(Subject::View);
    for subject in settings
        .into_iter()
        .chain(groups)
        .chain(organizations)
        .chain(people)
        .chain(views)
    {
        let verified = desk.audits().verify(subject).await?.unwrap_or_default();
        for flaw in verified.flaws {
            broken.push(format!("I3: {subject}: {flaw}"));
        }
    }
    Ok(())
}

/// I10: each save has its one place in the order of time, and nothing else has.
async fn saves_have_places(
    local: &LocalDesk,
    files: &[TicketFile],
    broken: &mut Vec<String>,
) -> Result<(), StoreError> {
    let came = |ticket: &Ticket| ticket.imported_at.unwrap_or(ticket.created_at).as_second();
    let Some(first) = files.iter().map(|file| came(&file.ticket)).min() else {
        return Ok(());
    };
    let first = Timestamp::from_second(first).unwrap_or(Timestamp::UNIX_EPOCH);
    let desk = &local.desk;
    let page = desk
        .changed_page(ChangedClass::Saves, (first, 0), Timestamp::MAX, MOST_SAVES)
        .await?;
    let mut placed: Vec<u64> = page.places.iter().map(|(_, id)| *id).collect();
    placed.sort_unstable();
    let of_file = |file: &TicketFile| {
        let number = file.ticket.number;
        let ids = file.saves.iter().map(|v| number.child_id(*v));
        ids.collect::<Vec<u64>>()
    };
    let mut saved: Vec<u64> = files.iter().flat_map(of_file).collect();
    saved.sort_unstable();
    if placed != saved {
        broken.push(format!(
            "I10: places of saves are {placed:?}, saves are {saved:?}"
        ));
    }
    Ok(())
}

/// I8: what is kept of how many tickets there are is what a recount gives.
async fn counts_are_right(
    local: &LocalDesk,
    files: &[TicketFile],
    broken: &mut Vec<String>,
) -> Result<(), StoreError> {
    let desk = &local.desk;
    // What was done a moment ago, and what a lost nudge left, is taken in by the next sweep.
    let walked = Projections::new(desk, &Counters).catch_up().await;
    if !matches!(walked, Ok(Pass::Whole)) {
        broken.push(format!(
            "I8: the counts could not be brought up to date: {walked:?}"
        ));
    }
    let right = recount(files.iter().map(|file| &file.ticket));
    let mut of: BTreeSet<CountedOf> = right.keys().map(|(of, _)| *of).collect();
    of.insert(CountedOf::Group(None));
    let groups = desk.groups().all().await?;
    of.extend(groups.iter().map(|group| CountedOf::Group(Some(group.id))));
    let agents = desk.agents().all().await?;
    of.extend(agents.iter().map(|agent| CountedOf::Agent(agent.id)));
    let of: Vec<CountedOf> = of.into_iter().collect();
    let generation = desk.projection(COUNTERS).await?.generation;
    let kept = desk.counts(generation, &of).await?;
    if kept != right {
        broken.push(format!("I8: counts are {kept:?}, a recount gives {right:?}"));
    }
    Ok(())
}

/// I1 and I2: every mail is one comment or one held contact. A repeat that no attempt survived is held beside it: nobody
/// has read it, so nobody knows that it is one.
fn contacts_are_taken_once(
    files: &[TicketFile],
    held: &[HeldContact],
    contacts: &Contacts,
    broken: &mut Vec<String>,
) {
    let original_of = |id: &str| {
        let repeat = contacts.repeats.iter().find(|(repeat, _)| repeat == id);
        repeat.map_or(id.to_owned(), |(_, original)| original.clone())
    };
    let mut found: BTreeMap<String, usize> = contacts.mails.iter().map(|id| (original_of(id), 0)).collect();
    let comments = files.iter().flat_map(|file| &file.comments);
    for mail in comments.filter_map(|comment| comment.mail.as_ref()) {
        *found.entry(original_of(&mail.ses_id)).or_default() += 1;
    }
    for contact in held {
        let times = found.entry(original_of(&contact.ses_id)).or_default();
        if *times == 0 || contact.reason != HoldReason::Poisonous {
            *times += 1;
        }
    }
    for (mail, times) in found {
        if times != 1 {
            broken.push(format!("I1/I2: mail {mail} was taken in {times} times"));
        }
    }
}

/// I2 for contacts and answers that are known by their words.
async fn words_stand_once(
    local: &LocalDesk,
    files: &[TicketFile],
    contacts: &Contacts,
    broken: &mut Vec<String>,
) {
    let mut texts = Vec::new();
    for file in files {
        for comment in &file.comments {
            match local.desk.blobs().body_of(file.ticket.number, comment).await {
                Ok(body) => texts.push(body.text),
                Err(error) => broken.push(format!(
                    "ticket {}: a comment has no body: {error}",
                    file.ticket.number
                )),
            }
        }
    }
    for words in contacts.hooks.iter().chain(&contacts.answers) {
        let times = texts.iter().filter(|text| text.contains(words.as_str())).count();
        if times != 1 {
            broken.push(format!("I1/I2: {words:?} stands on {times} comments"));
        }
    }
}

/// I3: the head is the fold of its events, which have no gap, and each added comment is there.
fn histories_add_up(file: &TicketFile, broken: &mut Vec<String>) {
    let number = file.ticket.number;
    let versions: Vec<u64> = file.events.iter().map(|event| event.v).collect();
    if versions != (1..=file.ticket.v).collect::<Vec<_>>() {
        broken.push(format!(
            "I3: ticket {number} at version {} has events {versions:?}",
            file.ticket.v
        ));
    }
    let added = file
        .events
        .iter()
        .filter(|event| matches!(event.fact, Fact::CommentAdded(_)));
    let added: Vec<u64> = added.map(|event| event.v).collect();
    let there: Vec<u64> = file.comments.iter().map(|comment| comment.v).collect();
    if added != there {
        broken.push(format!(
            "I3: ticket {number} tells of comments {added:?} and has {there:?}"
        ));
    }
    let triaged = file
        .events
        .iter()
        .filter(|event| matches!(event.fact, Fact::Triaged(_)))
        .count();
    if triaged > 1 {
        broken.push(format!("ticket {number} was triaged {triaged} times"));
    }
}

/// I4: every piece of outgoing work is done; a mail went out once, or is flagged.
fn work_is_done(local: &LocalDesk, file: &TicketFile, contacts: &Contacts, broken: &mut Vec<String>) {
    for answer in file.recallable.iter().filter(|answer| answer.waits()) {
        broken.push(format!(
            "I4: answer {:?} still waits to be saved, since {}",
            answer.id, answer.send_at
        ));
    }
    for item in &file.outbox {
        let id = item.id;
        if !item.is_done() {
            broken.push(format!("I4: outgoing work {id} is {:?}", item.state));
        }
        if item.state == State::Failed
            && !file
                .events
                .iter()
                .any(|e| matches!(&e.fact, Fact::DeliveryReported { outbox, .. } if *outbox == id))
        {
            broken.push(format!(
                "I4: outgoing work {id} failed and its ticket does not say so"
            ));
        }
        let tag = id.tag(&local.desk.settings.tenant);
        if item.work.is_call() && item.state == State::Sent && !contacts.calls.contains(&format!("msg_{tag}"))
        {
            broken.push(format!("I4: call {id} is said to be made and was not"));
        }
        if let Work::Mail { .. } = item.work {
            let sent = local.aws.sent_mails();
            let times = sent
                .iter()
                .filter(|mail| mail.tags.values().any(|value| *value == tag))
                .count();
            let resent = file.events.iter().filter(|event| {
                matches!(&event.fact, Fact::DeliveryReported { outbox, outcome: DeliveryOutcome::Resent, .. } if *outbox == id)
            });
            if times > 1 + resent.count() && !item.possibly_double {
                broken.push(format!("I4: mail {id} went out {times} times and is not flagged"));
            }
            // What a filled ticket says that it sent never went through this service.
            let is_filled = item.ses_id.as_ref().is_some_and(|id| id.starts_with(FILLED_MAIL));
            if times == 0 && item.state == State::Sent && !is_filled {
                broken.push(format!("I4: mail {id} is said to be sent and was not"));
            }
        }
    }
}

/// I6: an agent's load is what their unsolved tickets weigh, as is the part of it that came without asking for room; and
/// the desk itself never gave them more than their capacity. A capacity that was lowered takes nothing away from them.
async fn loads_are_right(
    local: &LocalDesk,
    files: &[TicketFile],
    contacts: &Contacts,
    broken: &mut Vec<String>,
) -> Result<(), StoreError> {
    let mut counted: BTreeMap<PersonId, (i64, i64)> = BTreeMap::new();
    for ticket in files.iter().map(|file| &file.ticket) {
        if let Some(agent) = ticket.burdens() {
            let (units, override_units) = counted.entry(agent).or_default();
            *units += i64::from(ticket.weight);
            *override_units += i64::from(ticket.weight) * i64::from(ticket.by_override);
        }
    }
    let mut agents: BTreeSet<PersonId> = counted.keys().copied().collect();
    for group in local.desk.groups().all().await? {
        agents.extend(local.desk.groups().members(group.id).await?);
    }
    for agent in agents {
        let load = local.desk.agents().load(agent).await?;
        let load = load.unwrap_or_else(|| AgentLoad::new(agent));
        let counts = counted.get(&agent).copied().unwrap_or_default();
        let AgentLoad {
            load_units,
            override_units,
            capacity,
            ..
        } = load;
        if counts != (load_units, override_units) {
            broken.push(format!(
                "I6: agent {agent} has {} units of tickets, {} by override, and a load of {load_units}, {override_units}",
                counts.0, counts.1
            ));
        }
        if load_units - override_units > i64::from(capacity) && !contacts.lowered.contains(&agent) {
            broken.push(format!(
                "I6: agent {agent} has {load_units} of {capacity}, {override_units} by override"
            ));
        }
    }
    Ok(())
}

/// I5, and nothing is left lying: every ticket is triaged, and has an agent or waits with a reason.
fn everything_went_on(files: &[TicketFile], broken: &mut Vec<String>) {
    let mut numbers = BTreeSet::new();
    for Ticket {
        number,
        triage,
        status,
        assignee,
        waiting,
        merged_into,
        ..
    } in files.iter().map(|file| &file.ticket)
    {
        if !numbers.insert(*number) {
            broken.push(format!("I5: ticket {number} is there twice"));
        }
        // What went into another ticket before it was sorted goes on there.
        if !matches!(triage, docket_domain::ticket::Triage::Done) && merged_into.is_none() {
            broken.push(format!("ticket {number} was never triaged"));
        }
        let waits_with_reason = waiting.as_ref().is_some_and(|waiting| waiting.reason.is_some());
        if status.is_unsolved() && assignee.is_none() && !waits_with_reason {
            broken.push(format!("ticket {number} has no agent and does not say why"));
        }
    }
}

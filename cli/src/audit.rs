//! `docket audit`: what changed about people, agents, groups, organizations and settings, and who did it.

use crate::{ledger::seconds_of, target::Target};
use docket_desk::{ChangedClass, Desk, StoreError};
use docket_domain::{
    GroupId, OrganizationId, PersonId, Timestamp, ViewId,
    audit::{AuditEvent, Field, Subject, What},
    ticket::Actor,
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::SignedDuration;
use serde_json::Value;
use std::{collections::BTreeSet, io::Write, process::ExitCode};

/// Histories that are read at once.
const AT_ONCE: usize = 8;

/// What to show.
#[derive(Debug, clap::Args)]
pub struct AuditArguments {
    #[command(flatten)]
    target: Target,
    /// How far back: hours or days, such as 12h or 7d.
    #[arg(long, default_value = "24h", value_parser = seconds_of)]
    since: i64,
    /// All that ever happened to one: person:7, agent:7, group:2, organization:3, view:1001, setup or rules.
    #[arg(long, value_parser = subject_of, conflicts_with = "since")]
    of: Option<Subject>,
    /// Customers, too; otherwise only those who work here.
    #[arg(long)]
    customers: bool,
}

fn subject_of(text: &str) -> Result<Subject, String> {
    let (kind, number) = text.split_once(':').unwrap_or((text, ""));
    match (kind, number.parse::<u64>()) {
        ("person", Ok(id)) => Ok(Subject::Person(PersonId(id))),
        ("agent", Ok(id)) => Ok(Subject::Agent(PersonId(id))),
        ("group", Ok(id)) => Ok(Subject::Group(GroupId(id))),
        ("organization", Ok(id)) => Ok(Subject::Organization(OrganizationId(id))),
        ("setup", Err(_)) if number.is_empty() => Ok(Subject::Setup),
        ("rules", Err(_)) if number.is_empty() => Ok(Subject::Rules),
        ("view", Ok(id)) => Ok(Subject::View(ViewId(id))),
        _ => Err(format!(
            "{text:?} is none of person:7, agent:7, group:2, organization:3, view:1001, setup, rules"
        )),
    }
}

/// Shows it.
pub async fn run(arguments: AuditArguments) -> anyhow::Result<ExitCode> {
    let desk = arguments.target.open().await?.desk;
    let out = &mut crate::terminal::stdout();
    match arguments.of {
        Some(subject) => show_of(&desk, subject, out).await?,
        None => {
            let back = SignedDuration::from_secs(arguments.since);
            let since = desk.now().checked_sub(back).unwrap_or(Timestamp::MIN);
            show_since(&desk, since, arguments.customers, out).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn show_of(desk: &Desk, subject: Subject, out: &mut impl Write) -> anyhow::Result<()> {
    let events = desk.audits().events(subject).await?;
    if events.is_empty() {
        writeln!(out, "{subject} has no history")?;
    }
    for event in events {
        writeln!(out, "{}", line(subject, &event))?;
    }
    Ok(())
}

async fn show_since(
    desk: &Desk,
    since: Timestamp,
    customers: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let mut lines: Vec<(Timestamp, String)> = Vec::new();
    for (class, subject) in CLASSES {
        let changed = desk.changed_in_order(class, since).await?;
        // What was removed stands there twice.
        let numbers: BTreeSet<u64> = changed.into_iter().map(|(_, number)| number).collect();
        let read = |number| async move {
            let subject = subject(number);
            if let Subject::Person(id) = subject
                && !customers
                && !has_worked(desk, id).await?
            {
                return Ok((subject, vec![]));
            }
            Ok::<_, StoreError>((subject, desk.audits().events(subject).await?))
        };
        let mut reads = stream::iter(numbers.into_iter().map(read)).buffered(AT_ONCE);
        while let Some((subject, events)) = reads.try_next().await? {
            let recent = events.iter().filter(|event| event.at >= since);
            lines.extend(recent.map(|event| (event.at, line(subject, event))));
        }
    }
    lines.sort();
    for (_, line) in lines {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Makes a subject of its number.
type SubjectOf = fn(u64) -> Subject;

/// What changes leave an event, by the class of the index that tells of them.
const CLASSES: [(ChangedClass, SubjectOf); 7] = [
    (ChangedClass::People, |id| Subject::Person(PersonId(id))),
    (ChangedClass::Agents, |id| Subject::Agent(PersonId(id))),
    (ChangedClass::Groups, |id| Subject::Group(GroupId(id))),
    (ChangedClass::Organizations, |id| {
        Subject::Organization(OrganizationId(id))
    }),
    (ChangedClass::Setup, |_| Subject::Setup),
    (ChangedClass::Rules, |_| Subject::Rules),
    (ChangedClass::Views, |id| Subject::View(ViewId(id))),
];

/// Whether somebody works here, or did and had a place in a group.
async fn has_worked(desk: &Desk, id: PersonId) -> Result<bool, StoreError> {
    let person = desk.people().get(id).await?;
    if person.is_some_and(|person| person.role.is_staff()) {
        return Ok(true);
    }
    Ok(desk.agents().load(id).await?.is_some())
}

fn line(subject: Subject, event: &AuditEvent) -> String {
    let who = match &event.actor {
        Actor::Agent(id) | Actor::Requester(id) | Actor::ThirdParty(id) | Actor::Import(id) => {
            format!("person {id}")
        }
        Actor::Rule(name) => format!("rule {name:?}"),
        Actor::System => "the desk".to_owned(),
    };
    let what = match event.what {
        What::Created => "created",
        What::Changed => "changed",
        What::Removed => "removed",
    };
    let (at, cause) = (event.at, &event.cause);
    let fields: Vec<String> = event
        .changed
        .iter()
        .map(|(name, field)| format!("{name} {}", change(field)))
        .collect();
    let fields = match fields.as_slice() {
        [] => String::new(),
        fields => format!(": {}", fields.join("; ")),
    };
    let erased = if event.is_erased {
        " (words were erased)"
    } else {
        ""
    };
    format!("{at} {subject} {what} by {who} ({cause}){fields}{erased}")
}

fn change(field: &Field) -> String {
    let text = |value: &Option<Value>| {
        value
            .as_ref()
            .map_or_else(|| "nothing".to_owned(), Value::to_string)
    };
    match field {
        Field { from: None, to } => text(to),
        Field { from, to } => format!("{} → {}", text(from), text(to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_local::world::{World, WorldOptions};
    use serde_json::json;

    #[tokio::test]
    async fn what_changed_since_is_told_a_line_each_with_who_did_it() {
        let world = World::new(WorldOptions::default()).await.unwrap();
        let desk = &world.local.desk;
        let admin = json!({ "user": { "role": "admin" } });
        let answer = world.api("PUT", "users/2.json", None, &admin).await.unwrap();
        assert!(answer.is_success(), "{answer:?}");
        let mut out = Vec::new();
        show_since(desk, desk.now(), false, &mut out).await.unwrap();
        let said = String::from_utf8(out).unwrap();
        let made = said
            .lines()
            .find(|line| line.contains(r#"role "agent" → "admin""#));
        let made = made.unwrap_or_else(|| panic!("{said}"));
        assert!(made.contains(" person 2 changed by person 1 (api#"), "{made}");
        assert!(
            said.contains(" setup created by the desk (first use): "),
            "{said}"
        );
        let mut out = Vec::new();
        show_of(desk, Subject::Agent(PersonId(2)), &mut out)
            .await
            .unwrap();
        let said = String::from_utf8(out).unwrap();
        assert!(
            said.contains(r#"agent 2 created by the desk (first use): availability "online""#),
            "{said}"
        );
    }

    #[test]
    fn what_to_show_is_named_by_kind_and_number() {
        assert_eq!(subject_of("person:7"), Ok(Subject::Person(PersonId(7))));
        assert_eq!(subject_of("rules"), Ok(Subject::Rules));
        for wrong in ["person", "person:x", "rules:1", "ticket:3", ""] {
            assert!(subject_of(wrong).is_err(), "{wrong}");
        }
    }
}

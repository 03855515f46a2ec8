//! Who has a ticket open, and who writes. Each says so anew while it is true; who is silent is gone by themselves. All of a ticket stand in
//! one item, judged by the time when it is read: the table's own expiry only clears up. What is news of it shows in open lists, which look again.

use crate::{
    Store, StoreError,
    error::NameOperation,
    keys::GuardKey,
    parts::Presence,
    table::item::{Item, n, number_in},
};
use aws_sdk_dynamodb::types::ReturnValue;
use docket_domain::{PersonId, TicketNumber, Timestamp, ticket::Ticket};

/// How long somebody who said nothing more is still there, in seconds.
pub const PRESENT_SECONDS: i64 = 30;
/// How long the item is kept, in seconds: longer than anybody in it is there.
const KEPT_SECONDS: i64 = 3_600;
/// Most who may have gone without a word before they are cleared away.
const MOST_GONE: usize = 20;

/// Somebody who has a ticket open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Present {
    /// Who.
    pub agent: PersonId,
    /// Whether they write.
    pub writes: bool,
}

impl Presence<'_> {
    /// Says that an agent has a ticket open, and whether they write. Where that is news to others, open lists of it look again.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn look(self, ticket: &Ticket, agent: PersonId, writes: bool) -> Result<(), StoreError> {
        let number = ticket.number;
        let writing = if writes {
            ", #writes = :until"
        } else {
            " REMOVE #writes"
        };
        let expression = format!("SET #here = :until, expires_at = :end{writing}");
        let before = self.update(number, agent, &expression, true).await?;
        self.clear_up(number, agent, &before).await;
        if present_in(&before, self.0.now(), agent) == Some(Present { agent, writes }) {
            return Ok(());
        }
        self.0.stamp_presence(ticket).await
    }

    /// Says that an agent has it open no longer.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn leave(self, number: TicketNumber, agent: PersonId) -> Result<(), StoreError> {
        // Where nobody was noted this makes the item: it, too, has an end.
        let gone = "SET expires_at = :end REMOVE #here, #writes";
        let before = self.update(number, agent, gone, false).await?;
        if present_in(&before, self.0.now(), agent).is_none() {
            return Ok(());
        }
        match self.0.tickets().standing(number).await? {
            Some(ticket) => self.0.stamp_presence(&ticket).await,
            None => Ok(()),
        }
    }

    /// Changes what is noted; what was noted before.
    async fn update(
        self,
        number: TicketNumber,
        agent: PersonId,
        expression: &str,
        sets: bool,
    ) -> Result<Item, StoreError> {
        let now = self.0.now();
        let key = GuardKey::Presence(number);
        let mut request = self
            .0
            .update_guard(&key)
            .update_expression(expression)
            .expression_attribute_names("#here", here(agent))
            .expression_attribute_names("#writes", writes_name(agent))
            .expression_attribute_values(":end", n(now.as_second() + KEPT_SECONDS))
            .return_values(ReturnValue::AllOld);
        if sets {
            let until = now.as_millisecond() + PRESENT_SECONDS * 1_000;
            request = request.expression_attribute_values(":until", n(until));
        }
        let output = request.send().await.named("UpdateItem")?;
        Ok(output.attributes.unwrap_or_default())
    }

    /// Takes those away who went without a word, once there are many. Where that fails the next one does it.
    async fn clear_up(self, number: TicketNumber, besides: PersonId, item: &Item) {
        let now = self.0.now().as_millisecond();
        let is_over = |name: &&String| {
            agent_named(name).is_some_and(|agent| agent != besides)
                && number_in::<i64>(item, name).is_some_and(|until| until <= now)
        };
        let over: Vec<&String> = item.keys().filter(is_over).take(4 * MOST_GONE).collect();
        if over.len() <= MOST_GONE {
            return;
        }
        let names: Vec<String> = (0..over.len()).map(|at| format!("#n{at}")).collect();
        let key = GuardKey::Presence(number);
        let mut request = self
            .0
            .update_guard(&key)
            .update_expression(format!("REMOVE {}", names.join(", ")));
        for (name, attribute) in names.iter().zip(over) {
            request = request.expression_attribute_names(name, attribute);
        }
        if let Err(error) = request.send().await.named("UpdateItem") {
            tracing::debug!(ticket = %number, %error, "who left ticket {number} could not be cleared away");
        }
    }
}

impl Store {
    /// Who is there by a ticket's item, besides an agent.
    pub(super) fn present_in(&self, item: &Item, besides: PersonId) -> Vec<Present> {
        others(item, self.now(), besides)
    }
}

fn others(item: &Item, now: Timestamp, besides: PersonId) -> Vec<Present> {
    let mut present: Vec<Present> = item
        .keys()
        .filter_map(|name| name.strip_prefix("here_")?.parse().ok().map(PersonId))
        .filter(|agent| *agent != besides)
        .filter_map(|agent| present_in(item, now, agent))
        .collect();
    present.sort_unstable();
    present
}

/// Whether an agent is there by a ticket's item, and what they do.
fn present_in(item: &Item, now: Timestamp, agent: PersonId) -> Option<Present> {
    let is_until =
        |name: &str| number_in::<i64>(item, name).is_some_and(|until| until > now.as_millisecond());
    is_until(&here(agent)).then(|| Present {
        agent,
        writes: is_until(&writes_name(agent)),
    })
}

fn here(agent: PersonId) -> String {
    format!("here_{agent}")
}

fn writes_name(agent: PersonId) -> String {
    format!("writes_{agent}")
}

fn agent_named(name: &str) -> Option<PersonId> {
    let id = name
        .strip_prefix("here_")
        .or_else(|| name.strip_prefix("writes_"))?;
    id.parse().ok().map(PersonId)
}

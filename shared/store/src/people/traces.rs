//! Where somebody left traces besides the tickets that they asked. No index leads there: it is for maintenance, since it reads the whole
//! table.

use crate::{
    StoreError,
    error::NameOperation,
    parts::People,
    table::item::{Item, n, number_in, s, text_in},
};
use docket_domain::{PersonId, TicketNumber};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Tickets on which they wrote, or got the answers in copy.
    pub tickets: BTreeSet<TicketNumber>,
    /// Contacts of theirs that were held.
    pub held: BTreeSet<u64>,
}

/// Up to where the table was looked through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracedUntil {
    pk: String,
    sk: String,
}

/// What a piece of the table has of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TracePage {
    /// Their traces in it.
    pub traces: Traces,
    /// Up to where it reaches; nothing: that was the last.
    pub until: Option<TracedUntil>,
}

impl People<'_> {
    /// Where a person with these mail addresses left traces, in one piece of the table, a megabyte at most.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn traces_after(
        self,
        person: PersonId,
        addresses: &[&str],
        after: Option<TracedUntil>,
    ) -> Result<TracePage, StoreError> {
        let mut traces = Traces::default();
        let start: Option<Item> =
            after.map(|after| [("PK".to_owned(), s(after.pk)), ("SK".to_owned(), s(after.sk))].into());
        let output = self
            .0
            .clients
            .dynamo
            .scan()
            .table_name(&self.0.settings.tickets_table)
            .projection_expression("PK, held.id, held.preview")
            .filter_expression(
                "#comment.author = :person OR contains(head.ccs, :person) OR attribute_exists(held)",
            )
            // COMMENT is a reserved word of DynamoDB.
            .expression_attribute_names("#comment", "comment")
            .expression_attribute_values(":person", n(person))
            .consistent_read(true)
            .set_exclusive_start_key(start)
            .send()
            .await
            .named("Scan")?;
        for item in output.items() {
            match held_in(item) {
                Some((id, from)) => {
                    let is_theirs = addresses.iter().any(|address| from.eq_ignore_ascii_case(address));
                    traces.held.extend(is_theirs.then_some(id));
                }
                None => traces.tickets.extend(ticket_in(item)),
            }
        }
        let last = output.last_evaluated_key.filter(|key| !key.is_empty());
        let until = last.and_then(|key| {
            let text = |name| text_in(&key, name).map(str::to_owned);
            Some(TracedUntil {
                pk: text("PK")?,
                sk: text("SK")?,
            })
        });
        Ok(TracePage { traces, until })
    }
}

fn held_in(item: &Item) -> Option<(u64, String)> {
    let held = item.get("held")?.as_m().ok()?;
    let preview: Option<&Item> = held.get("preview").and_then(|preview| preview.as_m().ok());
    let from = preview
        .and_then(|preview| text_in(preview, "from"))
        .unwrap_or_default();
    Some((number_in(held, "id")?, from.to_owned()))
}

fn ticket_in(item: &Item) -> Option<TicketNumber> {
    text_in(item, "PK")?.rsplit_once('#')?.1.parse().ok()
}

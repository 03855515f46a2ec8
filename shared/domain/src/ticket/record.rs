//! What of a ticket's events stands in their record, and whether a ticket is what its records say.

use super::{Fact, Ticket, TicketEvent, fold, vocabulary::words_of};
use crate::{
    Tenant, TicketNumber,
    record::{ChainOf, Flaw, Record, Recorded, flaws_of_chain, words::Word},
};
use serde_json::Value;

/// What a hash of a ticket's event begins with.
const DOMAIN: &[u8] = b"docket-event-1";

impl Recorded for TicketEvent {
    fn v(&self) -> u64 {
        self.v
    }

    fn words_in(event: &Value) -> &'static [Word] {
        let kind = event["type"].as_str().unwrap_or_default();
        words_of(kind).unwrap_or_default()
    }

    fn note_erased(&mut self) {
        self.is_erased = true;
    }
}

/// The chain of a ticket.
pub fn chain_of(tenant: &Tenant, number: TicketNumber) -> ChainOf {
    ChainOf::of(&[DOMAIN, tenant.as_str().as_bytes(), &number.0.to_be_bytes()])
}

/// What does not fit in the history of a ticket; nothing: all of it is as it was stored, but for words that were erased.
pub fn verify(tenant: &Tenant, head: &Ticket, records: &[Record]) -> Vec<Flaw> {
    let number = head.number;
    let mut flaws = flaws_of_chain(&chain_of(tenant, number), records, (head.v, &head.chain));
    let read: Result<Vec<Vec<TicketEvent>>, _> = records.iter().map(Record::read).collect();
    // What can't be read is told already.
    let Ok(read) = read else { return flaws };
    let sum = Ticket {
        chain: head.chain,
        ..fold(number, read.iter().flatten())
    };
    if sum != *head {
        flaws.push(Flaw::Sum);
    }
    let had_to_go = |event: &TicketEvent| {
        matches!(
            event.fact,
            Fact::PermanentlyDeleted { .. } | Fact::CommentRedacted { .. }
        )
    };
    if !read.iter().flatten().any(had_to_go) {
        let lost = records.iter().filter(|record| record.is_erased());
        flaws.extend(lost.map(|record| Flaw::LostWords { v: record.first_v }));
    }
    flaws
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;

//! What agents have beside tickets, for a page of rows: read for all of them at once, as of a moment ago.

use super::{ListStamps, NotificationState, Present, drafts::drafters_in};
use crate::{
    Store, StoreError,
    keys::{GuardKey, ItemKey},
    table::{
        item::{Item, number_in, text_in},
        stands,
    },
};
use docket_domain::{PersonId, TicketNumber};
use std::collections::{BTreeMap, HashMap};

/// What stands beside one ticket, as an agent sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The version up to which they have read it; 0 where they have not.
    pub read_v: u64,
    /// Who has begun to write on it.
    pub drafters: Vec<PersonId>,
    /// Who else has it open.
    pub present: Vec<Present>,
}

impl Marks {
    /// Whether an agent has begun to write.
    pub fn has_draft_of(&self, agent: PersonId) -> bool {
        self.drafters.contains(&agent)
    }
}

/// The same of some tickets.
pub type MarksOf = BTreeMap<TicketNumber, Marks>;

/// What an open page asks for again and again.
#[derive(Clone, Debug, Default)]
pub struct Watched {
    /// How often lists changed, and who is at their tickets.
    pub lists: ListStamps,
    /// What the agent was told.
    pub told: NotificationState,
    /// The version of the ticket that is open; nothing where there is none.
    pub ticket_v: Option<u64>,
    /// What stands beside it.
    pub marks: Marks,
}

impl Store {
    /// What stands beside these tickets, as an agent sees it: one read for up to a hundred keys of them, of which each has three.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn marks(&self, agent: PersonId, numbers: &[TicketNumber]) -> Result<MarksOf, StoreError> {
        let keys: Vec<ItemKey> = numbers.iter().copied().map(ItemKey::DraftsOn).collect();
        let guards = guards_of(agent, numbers);
        let (drafts, others) = tokio::try_join!(self.get_items(&keys), self.get_guards(&guards))?;
        let mut marks: MarksOf = numbers.iter().map(|number| (*number, Marks::default())).collect();
        self.note_drafters(&mut marks, &drafts);
        self.note_guards(&mut marks, &others, (agent, numbers));
        Ok(marks)
    }

    /// What an agent's open page shows beside what it is made of, in one read.
    ///
    /// # Errors
    /// When the world failed.
    pub async fn watched(
        &self,
        agent: PersonId,
        ticket: Option<TicketNumber>,
    ) -> Result<Watched, StoreError> {
        let numbers: Vec<TicketNumber> = ticket.into_iter().collect();
        let mut keys = vec![ItemKey::ListStamps, ItemKey::NotificationState(agent)];
        keys.extend(
            numbers
                .iter()
                .flat_map(|number| [ItemKey::Head(*number), ItemKey::DraftsOn(*number)]),
        );
        let mut guards = guards_of(agent, &numbers);
        guards.push(GuardKey::PassingStamps);
        let mut read = self.get_from_both_lately(&keys, &guards).await?;
        let mut watched = Watched::default();
        let tenant = &self.settings.tenant;
        let (stamps, told) = (
            ItemKey::ListStamps.pk(tenant),
            ItemKey::NotificationState(agent).pk(tenant),
        );
        for item in &mut read.tickets {
            let pk = text_in(item, "PK").unwrap_or_default().to_owned();
            if item.contains_key("head") {
                watched.ticket_v = number_in(item, "v");
            } else if pk == stamps {
                watched.lists.note_changed(item);
            } else if pk == told {
                watched.told = NotificationState::of(item);
            }
        }
        let passing = GuardKey::PassingStamps.pk(tenant);
        for item in &read.guards {
            if text_in(item, "PK") == Some(passing.as_str()) {
                watched.lists.note_passing(item);
            }
        }
        let mut marks: MarksOf = numbers.iter().map(|number| (*number, Marks::default())).collect();
        self.note_drafters(&mut marks, &read.tickets);
        self.note_guards(&mut marks, &read.guards, (agent, &numbers));
        watched.marks = marks.into_values().next().unwrap_or_default();
        Ok(watched)
    }

    fn note_drafters(&self, marks: &mut MarksOf, items: &[Item]) {
        for item in items.iter().filter(|item| item.contains_key("agents")) {
            let number = text_in(item, "PK").and_then(|pk| pk.rsplit('#').next()?.parse().ok());
            if let Some(marks) = number.and_then(|number| marks.get_mut(&TicketNumber(number))) {
                marks.drafters = drafters_in(item);
            }
        }
    }

    fn note_guards(
        &self,
        marks: &mut MarksOf,
        items: &[Item],
        (agent, numbers): (PersonId, &[TicketNumber]),
    ) {
        let tenant = &self.settings.tenant;
        let by_pk: HashMap<String, TicketNumber> = numbers
            .iter()
            .flat_map(|number| {
                let guards = guards_of(agent, &[*number]).into_iter();
                guards.map(|guard| (guard.pk(tenant), *number))
            })
            .collect();
        let now = self.now();
        for item in items {
            let number = text_in(item, "PK").and_then(|pk| by_pk.get(pk));
            let Some(marks) = number.and_then(|number| marks.get_mut(number)) else {
                continue;
            };
            if let Some(v) = number_in(item, "v").filter(|_| stands(item, now)) {
                marks.read_v = v;
            }
            let present = self.present_in(item, agent);
            if !present.is_empty() {
                marks.present = present;
            }
        }
    }
}

fn guards_of(agent: PersonId, numbers: &[TicketNumber]) -> Vec<GuardKey> {
    numbers
        .iter()
        .flat_map(|number| [GuardKey::ReadMark(agent, *number), GuardKey::Presence(*number)])
        .collect()
}

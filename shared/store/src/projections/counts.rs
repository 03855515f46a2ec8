//! Counts of views, as a projection keeps them.

use crate::{
    Store, StoreError,
    keys::ItemKey,
    table::{
        Role, Write,
        item::{Item, key_of, n, number_in, text_in},
    },
};
use docket_domain::{
    GroupId,
    ticket::counted::{Count, CountedOf, Counts},
};
use std::collections::BTreeMap;

/// The attribute of a count. Plain words are reserved by the service.
fn attribute(count: Count) -> &'static str {
    match count {
        Count::New => "n_new",
        Count::Open => "n_open",
        Count::Pending => "n_pending",
        Count::Hold => "n_hold",
        Count::Unassigned => "n_unassigned",
        Count::Snoozed => "n_snoozed",
    }
}

impl Store {
    /// The parts of a transaction that add to the counts of a generation.
    pub fn count_writes(&self, generation: u64, added: &Counts) -> Vec<Write> {
        let mut by_owner: BTreeMap<CountedOf, Vec<(Count, i64)>> = BTreeMap::new();
        for ((of, count), added) in added.iter().filter(|(_, added)| **added != 0) {
            by_owner.entry(*of).or_default().push((*count, *added));
        }
        let add = |(of, added): (CountedOf, Vec<(Count, i64)>)| {
            let names: Vec<String> = added
                .iter()
                .map(|(count, _)| format!("{0} :{0}", attribute(*count)))
                .collect();
            let key = key_of(&self.settings.tenant, &ItemKey::ViewCounts(of, generation));
            let expression = format!("ADD {}", names.join(", "));
            let write = Write::update(&self.settings.tickets_table, Role::State, key, &expression);
            added.into_iter().fold(write, |write, (count, added)| {
                write.with(&format!(":{}", attribute(count)), n(added))
            })
        };
        by_owner.into_iter().map(add).collect()
    }

    /// The counts that a generation has of these, in one read for a hundred of them. They may be a moment old.
    pub async fn counts(&self, generation: u64, of: &[CountedOf]) -> Result<Counts, StoreError> {
        let keys: Vec<ItemKey> = of.iter().map(|of| ItemKey::ViewCounts(*of, generation)).collect();
        let mut counts = Counts::new();
        for item in self.get_items(&keys).await? {
            let Some(of) = counted_of(&item) else { continue };
            for count in Count::ALL {
                let number: i64 = number_in(&item, attribute(count)).unwrap_or(0);
                if number != 0 {
                    counts.insert((of, count), number);
                }
            }
        }
        Ok(counts)
    }
}

fn counted_of(item: &Item) -> Option<CountedOf> {
    let of = text_in(item, "PK")?.rsplit('#').next()?;
    let (kind, id) = of.split_at_checked(1)?;
    let id: u64 = id.parse().ok()?;
    match kind {
        "G" => Some(CountedOf::Group((id != 0).then_some(GroupId(id)))),
        "A" => Some(CountedOf::Agent(docket_domain::PersonId(id))),
        _ => None,
    }
}

//! A change of policies, calendars and timers: one transaction, whose parts are new versions.

use super::{
    BookVersion, Guard, MOST_TRIES, Recompute, SetupChange,
    book::SERVES_SECONDS,
    commit::Committed,
    item::{item_with, n},
    rule_books::digest_of,
    write::{Role, Write},
};
use crate::{Desk, StoreError, keys::ItemKey};
use docket_domain::{
    calendar::{Calendar, CalendarDraft},
    rule::{Rule, RuleKind},
    sla::{Book, Policy, PolicyDraft},
};
use jiff::SignedDuration;
use std::sync::Arc;

impl Desk {
    /// Changes policies, calendars and timers as they are now, in one transaction; decides again when somebody else was
    /// first. Versions of what changed are given here; those given by the caller do not count. Without a change nothing
    /// is written.
    pub async fn change_book<T, E>(
        &self,
        guards: Vec<Guard>,
        change: impl Fn(&mut Book) -> Result<T, E>,
    ) -> Result<SetupChange<Book, T, E>, StoreError> {
        for _ in 0..MOST_TRIES {
            let version = self.book_in_force().await?;
            let before = self.book_of(&version).await?;
            let mut after = before.clone();
            let result = match change(&mut after) {
                Ok(result) => result,
                Err(error) => return Ok(SetupChange::Refused(error)),
            };
            let (after, next) = self.next_version(&version, &before, after)?;
            let writes = self.book_writes(&before, &after, &version, &next)?;
            if writes.is_empty() && guards.is_empty() {
                return Ok(SetupChange::Done(Arc::new(before), result));
            }
            match self.commit_writes(guards.clone(), writes).await? {
                Committed::Done(_) => {
                    let book = Arc::new(after);
                    self.remember_book(next, book.clone());
                    return Ok(SetupChange::Done(book, result));
                }
                Committed::Duplicate(answer) => return Ok(SetupChange::Repeated(answer)),
                Committed::Lost => {}
            }
        }
        Err(StoreError::Contended {
            what: "the policies and calendars".to_owned(),
            tries: MOST_TRIES,
        })
    }

    fn next_version(
        &self,
        version: &BookVersion,
        before: &Book,
        after: Book,
    ) -> Result<(Book, BookVersion), StoreError> {
        let mut next = version.clone();
        let mut book = Book {
            policies: Vec::with_capacity(after.policies.len()),
            calendars: Vec::with_capacity(after.calendars.len()),
            ..after.clone()
        };
        for policy in after.policies {
            let mut draft = PolicyDraft::from(policy);
            let old = before.policy(draft.id);
            draft.version = old.map_or(0, |old| old.version);
            if old.map(|old| &**old) != Some(&draft) {
                next.last_policy_version += 1;
                draft.version = next.last_policy_version;
            }
            next.last_policy_id = next.last_policy_id.max(draft.id.0);
            book.policies.push(Policy::new(draft).map_err(unfit)?);
        }
        for calendar in after.calendars {
            let mut draft = CalendarDraft::from(calendar);
            let old = before.calendar(draft.id);
            draft.version = old.map_or(0, Calendar::version);
            if old.map(Calendar::draft) != Some(&draft) {
                next.last_calendar_version += 1;
                draft.version = next.last_calendar_version;
            }
            next.last_calendar_id = next.last_calendar_id.max(draft.id.0);
            book.calendars.push(Calendar::new(draft).map_err(unfit)?);
        }
        book.policies.sort_by_key(|policy| policy.id);
        book.calendars.sort_by_key(Calendar::id);
        next.policies = book
            .policies
            .iter()
            .map(|policy| (policy.id, policy.version))
            .collect();
        next.calendars = book
            .calendars
            .iter()
            .map(|calendar| (calendar.id(), calendar.version()))
            .collect();
        next.timers = book.timers;
        book.rules.settle();
        book.rules.note_times(&before.rules, self.now());
        if book.rules != before.rules {
            next.rules = Some(digest_of(&book.rules)?);
        }
        (book.last_policy_id, book.last_calendar_id) = (next.last_policy_id, next.last_calendar_id);
        if next != *version {
            next.v += 1;
            next.at = self.now();
        }
        book.v = next.v;
        Ok((book, next))
    }

    fn book_writes(
        &self,
        before: &Book,
        after: &Book,
        version: &BookVersion,
        next: &BookVersion,
    ) -> Result<Vec<Write>, StoreError> {
        let tenant = &self.settings.tenant;
        let table = &self.settings.tickets_table;
        let mut writes = Vec::new();
        if next.v == before.v {
            return Ok(writes);
        }
        for (key, v) in [(ItemKey::Book, next.v), (ItemKey::BookVersion(next.v), next.v)] {
            let mut item = item_with(tenant, &key, "book", next)?;
            item.insert("v".to_owned(), n(v));
            let write = Write::put(table, Role::State, item);
            let is_first = before.v == 0 || key != ItemKey::Book;
            writes.push(if is_first {
                write.when_new()
            } else {
                write.when("v = :read").with(":read", n(before.v))
            });
        }
        if next.rules != version.rules
            && let Some(digest) = &next.rules
        {
            writes.push(self.rule_book_write(digest, &after.rules)?);
        }
        let automations = |book: &Book| -> Vec<_> {
            let of_time = |rule: &&Rule| rule.kind == RuleKind::Automation;
            book.rules.rules.iter().filter(of_time).cloned().collect()
        };
        if (&next.policies, &next.calendars) != (&version.policies, &version.calendars)
            || automations(before) != automations(after)
        {
            let from = self
                .now()
                .checked_add(SignedDuration::from_secs(2 * SERVES_SECONDS));
            writes.push(self.recompute_write(&Recompute::new(next.v), from.ok())?);
        }
        for policy in &after.policies {
            if before.policy(policy.id).map(|old| old.version) != Some(policy.version) {
                let key = ItemKey::Policy(policy.id, policy.version);
                let item = item_with(tenant, &key, "policy", policy)?;
                writes.push(Write::put(table, Role::State, item).when_new());
            }
        }
        for calendar in &after.calendars {
            if before.calendar(calendar.id()).map(Calendar::version) != Some(calendar.version()) {
                let key = ItemKey::Calendar(calendar.id(), calendar.version());
                let item = item_with(tenant, &key, "calendar", calendar)?;
                writes.push(Write::put(table, Role::State, item).when_new());
            }
        }
        Ok(writes)
    }
}

fn unfit(error: impl std::fmt::Display) -> StoreError {
    StoreError::NotSetUp(format!("a policy or calendar that makes sense ({error})"))
}

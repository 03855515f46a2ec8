//! A change of policies, calendars and timers: one transaction, whose parts are new versions.

use crate::{parts::OperatorRules, setup::SetupChange};
use docket_domain::{
    audit::ChangedBy,
    calendar::{Calendar, CalendarDraft},
    sla::{Book, Policy, PolicyDraft},
};
use docket_store::{
    StoreError,
    configuration::{BookVersion, digest_of},
    table::{Committed, Guard, MOST_TRIES},
};
use std::sync::Arc;

impl OperatorRules<'_> {
    /// Changes policies, calendars and timers as they are now, in one transaction; decides again when somebody else was
    /// first. Versions of what changed are given here; those given by the caller do not count. Without a change nothing
    /// is written.
    pub async fn change_book<T, E>(
        self,
        by: ChangedBy,
        guards: Vec<Guard>,
        change: impl Fn(&mut Book) -> Result<T, E>,
    ) -> Result<SetupChange<Book, T, E>, StoreError> {
        for nth in 0..MOST_TRIES {
            self.desk.wait_before(nth).await;
            let version = self.in_force().await?;
            let before = self.book_of(&version).await?;
            let mut after = before.clone();
            let result = match change(&mut after) {
                Ok(result) => result,
                Err(error) => return Ok(SetupChange::Refused(error)),
            };
            let (after, next) = self.next_version(&version, &before, after)?;
            let writes = self.writes(&before, &after, &version, &next, &by)?;
            if writes.is_empty() && guards.is_empty() {
                return Ok(SetupChange::Done(Arc::new(before), result));
            }
            match self.desk.commit_writes(guards.clone(), writes).await? {
                Committed::Done(_) => {
                    let book = Arc::new(after);
                    self.remember_book(next, book.clone());
                    return Ok(SetupChange::Done(book, result));
                }
                Committed::Duplicate(answer) => return Ok(SetupChange::Repeated(answer)),
                Committed::Lost => {}
            }
        }
        Err(StoreError::contended("the policies and calendars"))
    }

    fn next_version(
        self,
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
        book.rules.note_times(&before.rules, self.desk.now());
        if book.rules != before.rules {
            next.rules = Some(digest_of(&book.rules)?);
        }
        book.rule_book.clone_from(&next.rules);
        (book.last_policy_id, book.last_calendar_id) = (next.last_policy_id, next.last_calendar_id);
        if next != *version {
            next.v += 1;
            next.at = self.desk.now();
        }
        book.v = next.v;
        Ok((book, next))
    }
}

fn unfit(error: impl std::fmt::Display) -> StoreError {
    StoreError::NotSetUp(format!("a policy or calendar that makes sense ({error})"))
}

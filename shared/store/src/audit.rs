//! Audit events as stored: an item in the partition of what changed, written in the transaction that changes it. Its words lie
//! in the same item, in an attribute of their own: erasing them takes that attribute away and touches no other.

use crate::{
    Never, Store, StoreError,
    keys::{ItemKey, changed_attributes},
    parts::Audits,
    table::{
        Role, Write,
        item::{Item, key_of, s, text_in},
        page::Query,
    },
    tickets::{
        Verified,
        saved::{chain_in, put_record, put_words, record_in, unreadable_record},
    },
};
use docket_domain::{
    audit::{Audit, AuditEvent, ChangedBy, Fields, Standing, Subject, What, differences, verify},
    record::{ChainEnd, Record},
};

/// Most events of one subject that are read.
const MOST_EVENTS: usize = 20_000;

/// An event that is to be appended, and where the subject's chain ends with it.
pub(crate) struct Appended {
    subject: Subject,
    by: ChangedBy,
    end: ChainEnd,
    item: Item,
    table: String,
}

impl Appended {
    /// The part that stores it.
    pub fn write(self) -> Write {
        Write::put(&self.table, Role::State, self.item).when_new()
    }

    /// What the subject's own item notes of it: the end of the chain, and its place in the index `changed`.
    pub fn notes(&self, store: &Store) -> Vec<(&'static str, String)> {
        let place = changed_attributes(
            &store.settings.tenant,
            self.subject.into(),
            self.subject.number(),
            self.by.at,
        );
        let end = ("h", self.end.to_string());
        place.into_iter().chain([end]).collect()
    }

    /// Puts that into the subject's item.
    pub fn note_in(&self, store: &Store, item: &mut Item) {
        for (name, value) in self.notes(store) {
            item.insert(name.to_owned(), s(value));
        }
    }
}

impl Store {
    /// The event of a change, which carries on the chain of `before`; of the first there is, where there was nothing.
    pub(crate) fn append<A: Audit>(
        &self,
        before: Option<&A>,
        after: &A,
        by: &ChangedBy,
    ) -> Result<Appended, StoreError> {
        let before = before.filter(|before| before.v() > 0);
        let (what, v) = before.map_or((What::Created, 1), |before| (What::Changed, before.v() + 1));
        let was = before
            .map_or(Ok(Fields::new()), Audit::fields)
            .map_err(unreadable_fields)?;
        let changed = differences(&was, &after.fields().map_err(unreadable_fields)?);
        let event = AuditEvent::new(v, after.subject(), what, changed, by);
        let end = before.map(Audit::chain).unwrap_or_default();
        self.appended(after.subject(), end, &event, by)
    }

    /// The event of a removal, which keeps the subject in the index `changed`.
    pub(crate) fn append_removal<A: Audit>(
        &self,
        before: &A,
        by: &ChangedBy,
    ) -> Result<Appended, StoreError> {
        let (subject, v) = (before.subject(), before.v() + 1);
        let event = AuditEvent::new(v, subject, What::Removed, Default::default(), by);
        let mut appended = self.appended(subject, before.chain(), &event, by)?;
        let place = changed_attributes(&self.settings.tenant, subject.into(), subject.number(), by.at);
        for (name, value) in place {
            appended.item.insert(name.to_owned(), s(value));
        }
        Ok(appended)
    }

    fn appended(
        &self,
        subject: Subject,
        end: ChainEnd,
        event: &AuditEvent,
        by: &ChangedBy,
    ) -> Result<Appended, StoreError> {
        let tenant = &self.settings.tenant;
        let begins_at = self.sabotage.begins_chain_at(end);
        let chain = subject.chain(tenant);
        let events = std::slice::from_ref(event);
        let record =
            Record::of(&chain, &begins_at, events, self.commitment_key()).map_err(unreadable_record)?;
        let record = self.sabotage.spoil(record, &chain, begins_at);
        let mut item = key_of(tenant, &ItemKey::Audit(subject, event.v));
        put_record(&mut item, &record);
        if let Some(words) = &record.words {
            put_words(&mut item, words)?;
        }
        Ok(Appended {
            subject,
            by: by.clone(),
            end: record.end,
            item,
            table: self.settings.tickets_table.clone(),
        })
    }
}

/// The version and the end of the chain that a subject's item notes.
pub(crate) fn chain_beside(item: &Item) -> Result<ChainEnd, StoreError> {
    match text_in(item, "h") {
        Some(_) => chain_in(item),
        None => Ok(ChainEnd::default()),
    }
}

impl Audits<'_> {
    /// What became of a subject, in order.
    pub async fn events(self, subject: Subject) -> Result<Vec<AuditEvent>, StoreError> {
        let mut events = Vec::new();
        for record in self.records(subject, u64::MAX).await? {
            events.extend(record.read().map_err(unreadable_record)?);
        }
        Ok(events)
    }

    /// What became of a subject last, at most so many changes, the newest first.
    pub async fn newest_events(self, subject: Subject, most: usize) -> Result<Vec<AuditEvent>, StoreError> {
        let mut query = self.range(subject, u64::MAX, most);
        query.newest_first = true;
        let mut events = Vec::new();
        for item in self.0.query(query).await? {
            let mut of_record = record_in(&item)?.read().map_err(unreadable_record)?;
            of_record.reverse();
            events.extend(of_record);
        }
        Ok(events)
    }

    /// What became of a subject after a version, in order, at most so many changes.
    pub async fn events_behind(
        self,
        subject: Subject,
        v: u64,
        most: usize,
    ) -> Result<Vec<AuditEvent>, StoreError> {
        let tenant = &self.0.settings.tenant;
        let sk = |v: u64| ItemKey::Audit(subject, v.min(ItemKey::LAST_VERSION)).sk();
        let (from, to) = (sk(v.saturating_add(1)), sk(ItemKey::LAST_VERSION));
        let query = Query::partition(ItemKey::Audit(subject, 1).pk(tenant), most)
            .range("SK BETWEEN :from AND :to", vec![(":from", from), (":to", to)]);
        let mut events = Vec::new();
        for item in self.0.query(query).await? {
            events.extend(record_in(&item)?.read().map_err(unreadable_record)?);
        }
        Ok(events)
    }

    /// Takes the words of all that became of a subject away; the events stay, and say that something was erased.
    ///
    /// # Errors
    /// When the world failed; it can be done again.
    pub async fn erase_words(self, subject: Subject) -> Result<(), StoreError> {
        let (tenant, table) = (&self.0.settings.tenant, &self.0.settings.tickets_table);
        for record in self.records(subject, u64::MAX).await? {
            if record.words.is_some() {
                let key = key_of(tenant, &ItemKey::Audit(subject, record.first_v));
                let write = Write::update(table, Role::State, key, "REMOVE words");
                self.0.commit_writes(vec![], vec![write]).await?;
            }
        }
        Ok(())
    }

    /// What the history of a subject is like, by its chain; nothing where there never was one. It is read after the subject
    /// itself, so a change that comes in between is left out.
    pub async fn verify(self, subject: Subject) -> Result<Option<Verified>, StoreError> {
        let mut stands = self.standing(subject).await?;
        let until = stands.as_ref().map_or(u64::MAX, |stands| stands.v);
        let mut records = self.records(subject, until).await?;
        if stands.is_none() && records.is_empty() {
            return Ok(None);
        }
        if stands.is_none() {
            // It may have been made a moment ago.
            stands = self.standing(subject).await?;
            let v = stands.as_ref().map_or(u64::MAX, |stands| stands.v);
            records.retain(|record| record.first_v <= v);
        }
        let flaws = verify(&self.0.settings.tenant, subject, stands.as_ref(), &records);
        Ok(Some(Verified {
            events: records.last().map_or(0, Record::last_v),
            flaws,
            erased_saves: records.iter().filter(|record| record.is_erased()).count(),
        }))
    }

    /// How a subject stands; nothing where there is none, or none that ever was changed by anybody.
    async fn standing(self, subject: Subject) -> Result<Option<Standing>, StoreError> {
        fn of<A: Audit>(subject: Option<A>) -> Result<Option<Standing>, StoreError> {
            let there = subject.filter(|subject| subject.v() > 0);
            there
                .map(|subject| subject.standing().map_err(unreadable_fields))
                .transpose()
        }
        let store = self.0;
        match subject {
            Subject::Person(id) => of(store.people().get(id).await?),
            Subject::Agent(id) => of(store.agents().load(id).await?),
            Subject::Group(id) => of(store.groups().get(id).await?),
            Subject::Organization(id) => of(store.organizations().get(id).await?),
            Subject::Setup => match store.stored_setup().await {
                Err(StoreError::NotSetUp(_)) => Ok(None),
                setup => of(Some(setup?)),
            },
            Subject::View(id) => of(store.views().get(id).await?),
            Subject::Rules => {
                let version = store.rules().in_force().await?;
                of(Some(store.rules().book_of(&version).await?))
            }
        }
    }

    async fn records(self, subject: Subject, until: u64) -> Result<Vec<Record>, StoreError> {
        let query = self.range(subject, until, MOST_EVENTS);
        self.0.query(query).await?.iter().map(record_in).collect()
    }

    /// The items of a subject's events until a version.
    fn range(self, subject: Subject, until: u64, most: usize) -> Query {
        let tenant = &self.0.settings.tenant;
        let sk = |v| ItemKey::Audit(subject, v).sk();
        let last = sk(until.min(ItemKey::LAST_VERSION));
        Query::partition(ItemKey::Audit(subject, 1).pk(tenant), most)
            .range("SK BETWEEN :from AND :to", vec![(":from", sk(1)), (":to", last)])
    }
}

pub(crate) fn unreadable_fields(error: serde_json::Error) -> StoreError {
    Never::unreadable("audited fields", error.to_string()).into()
}

//! Who belongs to which organization: a list in each organization's partition, written in the transactions that change people. What
//! counts is a person's own record; a list says where to look.

use crate::{
    StoreError,
    keys::{ItemKey, organization_membership_sk, organization_memberships_pk},
    parts::{Organizations, People},
    table::{
        Role, ViewPage, Write,
        item::{Item, key_of, n, number_in, s, text_in},
        page::Query,
    },
};
use docket_domain::{OrganizationId, PersonId, Timestamp, people::person::Person};

/// People looked at in one call while the lists of an older desk are made.
const LOOKED_AT_ONCE: u64 = 1_000;
/// Memberships that one transaction adds; it takes a hundred parts.
const ADDED_AT_ONCE: usize = 90;
/// The attribute of a membership that says since when it is.
const JOINED_AT: &str = "joined_at";
/// The last number of those who may have belonged to an organization before there were lists.
const UNTIL: &str = "looked_until";
/// Up to which number they were looked at.
const LOOKED: &str = "looked";

/// That somebody belongs to an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationMembership {
    /// Who.
    pub person: Person,
    /// To which.
    pub organization: OrganizationId,
    /// Since when; of who belonged to it before that was noted, since they are known.
    pub since: Timestamp,
}

/// A page of memberships.
#[derive(Clone, Debug, Default)]
pub struct MembershipRows {
    /// The memberships.
    pub rows: Vec<OrganizationMembership>,
    /// The place of the first, in the order in which they were looked for.
    pub first: Option<String>,
    /// The place of the last.
    pub last: Option<String>,
    /// Whether there are more behind it.
    pub has_more: bool,
}

impl People<'_> {
    /// The parts that keep the lists of the organizations as a person's record says.
    pub(crate) fn membership_writes(
        self,
        before: Option<&Person>,
        after: &Person,
        at: Timestamp,
    ) -> Vec<Write> {
        let had = before.map(Person::organizations).unwrap_or_default();
        let has = after.organizations();
        let joined = has.iter().filter(|id| !had.contains(id));
        let mut writes: Vec<Write> = joined.map(|id| self.member_write(*id, after.id, at)).collect();
        let left = had.iter().filter(|id| !has.contains(id));
        writes.extend(left.map(|id| {
            let item = ItemKey::OrganizationMember(*id, after.id);
            let key = key_of(&self.0.settings.tenant, &item);
            Write::delete(&self.0.settings.tickets_table, Role::State, key)
        }));
        writes
    }

    fn member_write(self, organization: OrganizationId, person: PersonId, at: Timestamp) -> Write {
        let tenant = &self.0.settings.tenant;
        let mut item = key_of(tenant, &ItemKey::OrganizationMember(organization, person));
        let place = organization_membership_sk(person, organization);
        item.insert("person_pk".to_owned(), s(organization_memberships_pk(tenant)));
        item.insert("person_sk".to_owned(), s(place));
        item.insert(JOINED_AT.to_owned(), s(at.to_string()));
        Write::put(&self.0.settings.tickets_table, Role::State, item)
    }

    /// To which organizations somebody belongs, and since when, the default one first.
    pub async fn memberships(self, person: &Person) -> Result<Vec<OrganizationMembership>, StoreError> {
        let pairs = person.organizations().into_iter().map(|id| (person.id, id));
        let pairs: Vec<_> = pairs.collect();
        self.memberships_of(&pairs, vec![person.clone()]).await
    }

    /// These pairs as far as the people's records still say so.
    async fn memberships_of(
        self,
        pairs: &[(PersonId, OrganizationId)],
        people: Vec<Person>,
    ) -> Result<Vec<OrganizationMembership>, StoreError> {
        let keys: Vec<ItemKey> = pairs
            .iter()
            .map(|(person, organization)| ItemKey::OrganizationMember(*organization, *person))
            .collect();
        let items = self.0.get_items_strongly(&keys).await?;
        let tenant = &self.0.settings.tenant;
        let since = |key: &ItemKey| {
            let (pk, sk) = (key.pk(tenant), key.sk());
            let is_it = |item: &&Item| {
                text_in(item, "PK") == Some(pk.as_str()) && text_in(item, "SK") == Some(sk.as_str())
            };
            text_in(items.iter().find(is_it)?, JOINED_AT)?.parse().ok()
        };
        let rows = pairs
            .iter()
            .zip(&keys)
            .filter_map(|((person, organization), key)| {
                let person = people.iter().find(|known| known.id == *person)?;
                let belongs = person.organizations().contains(organization);
                belongs.then(|| OrganizationMembership {
                    person: person.clone(),
                    organization: *organization,
                    since: since(key).unwrap_or(person.created_at),
                })
            });
        Ok(rows.collect())
    }
}

impl Organizations<'_> {
    /// The part that says that everybody is on the lists of their organizations.
    pub fn members_listed_write(self) -> Write {
        let mut item = key_of(&self.0.settings.tenant, &ItemKey::OrganizationMembersListed);
        item.insert(UNTIL.to_owned(), n(0));
        item.insert(LOOKED.to_owned(), n(0));
        Write::put(&self.0.settings.tickets_table, Role::State, item)
    }

    /// Members of an organization by id: no more is read than is shown.
    pub async fn members(self, id: OrganizationId, asked: &ViewPage) -> Result<MembershipRows, StoreError> {
        self.put_members_on_lists().await?;
        let wanted = asked.skip + asked.limit + 1;
        let pk = ItemKey::Organization(id).pk(&self.0.settings.tenant);
        let mut query = Query::partition(pk, wanted);
        query.newest_first = !asked.oldest_first;
        let (from, to) = match (&asked.after, asked.oldest_first) {
            (Some(after), true) => (format!("M#{after}$"), "M#~".to_owned()),
            // The lower bound is below every digit, the upper one just below the place itself.
            (Some(after), false) => ("M#".to_owned(), below(&format!("M#{after}"))),
            (None, _) => ("M#".to_owned(), "M#~".to_owned()),
        };
        let query = query.range("SK BETWEEN :from AND :to", vec![(":from", from), (":to", to)]);
        let items = self.0.query(query).await?;
        let has_more = items.len() >= wanted;
        let place = |item: &Item| text_in(item, "SK")?.strip_prefix("M#").map(str::to_owned);
        let places: Vec<String> = items.iter().filter_map(place).collect();
        let places: Vec<String> = places.into_iter().skip(asked.skip).take(asked.limit).collect();
        let pairs = places
            .iter()
            .filter_map(|place| Some((PersonId(place.parse().ok()?), id)));
        self.page_of(pairs.collect(), places.clone(), has_more).await
    }

    /// How many members it has, at most so many.
    pub async fn count_of_members(self, id: OrganizationId, most: usize) -> Result<usize, StoreError> {
        self.put_members_on_lists().await?;
        self.0.count(self.members_query(id, most)).await
    }

    /// The query for the list of members, of which at most so many are read.
    pub(super) fn members_query(self, id: OrganizationId, most: usize) -> Query {
        let pk = ItemKey::Organization(id).pk(&self.0.settings.tenant);
        let range = vec![(":member", "M#".to_owned())];
        Query::partition(pk, most).range("begins_with(SK, :member)", range)
    }

    /// All memberships, by person and then by organization.
    pub async fn all_memberships(self, asked: &ViewPage) -> Result<MembershipRows, StoreError> {
        self.put_members_on_lists().await?;
        let pk = organization_memberships_pk(&self.0.settings.tenant);
        let (places, has_more) = self.0.places_of_list("person", &[pk], asked).await?;
        let pair = |place: &String| {
            let (person, organization) = place.split_once('#')?;
            let organization = OrganizationId(organization.parse().ok()?);
            Some((PersonId(person.parse().ok()?), organization))
        };
        let pairs = places.iter().filter_map(pair).collect();
        self.page_of(pairs, places, has_more).await
    }

    /// How many there are, at most so many.
    pub async fn count_of_memberships(self, most: usize) -> Result<usize, StoreError> {
        self.put_members_on_lists().await?;
        let pk = organization_memberships_pk(&self.0.settings.tenant);
        self.0.count(Query::index("person", pk, most)).await
    }

    async fn page_of(
        self,
        pairs: Vec<(PersonId, OrganizationId)>,
        places: Vec<String>,
        has_more: bool,
    ) -> Result<MembershipRows, StoreError> {
        let mut ids: Vec<PersonId> = pairs.iter().map(|(person, _)| *person).collect();
        ids.dedup();
        let people = self.0.people().as_of_now(&ids).await?;
        Ok(MembershipRows {
            rows: self.0.people().memberships_of(&pairs, people).await?,
            first: places.first().cloned(),
            last: places.last().cloned(),
            has_more,
        })
    }

    /// Puts those on the lists who belonged to an organization before there were lists, a thousand people at a time. A repeat does no
    /// harm, and neither does one who changes meanwhile: their record says what counts. Whether all are on them now: as long as they are
    /// not, a list that names nobody says nothing.
    pub async fn put_members_on_lists(self) -> Result<bool, StoreError> {
        let item = self.0.get_item(&ItemKey::OrganizationMembersListed).await?;
        let (until, looked) = match &item {
            Some(item) => (
                number_in(item, UNTIL).unwrap_or(0),
                number_in(item, LOOKED).unwrap_or(0),
            ),
            None => (self.0.people().last_number().await?, 0),
        };
        if item.is_some() && looked >= until {
            return Ok(true);
        }
        let to = until.min(looked + LOOKED_AT_ONCE);
        let ids: Vec<PersonId> = (looked + 1..=to).map(PersonId).collect();
        let mut people = self.0.people().get_many(&ids).await?;
        self.forget_missing(&mut people).await?;
        let writes: Vec<Write> = people
            .iter()
            .flat_map(|person| self.0.people().membership_writes(None, person, person.created_at))
            .collect();
        for some in writes.chunks(ADDED_AT_ONCE) {
            self.0.commit_writes(vec![], some.to_vec()).await?;
        }
        let mut item = key_of(&self.0.settings.tenant, &ItemKey::OrganizationMembersListed);
        item.insert(UNTIL.to_owned(), n(until));
        item.insert(LOOKED.to_owned(), n(to));
        let write = Write::put(&self.0.settings.tickets_table, Role::State, item);
        self.0.commit_writes(vec![], vec![write]).await?;
        Ok(to >= until)
    }
}

/// The last text that sorts before another of digits.
fn below(place: &str) -> String {
    let mut text = place.to_owned();
    let last = text.pop().unwrap_or('0');
    // The character before, and whatever may follow it.
    text.push(char::from_u32(u32::from(last) - 1).unwrap_or('/'));
    text.push('~');
    text
}

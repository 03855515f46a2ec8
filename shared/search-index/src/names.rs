//! Whose the names in a query are.

use crate::{error::IndexError, kept::reading};
use docket_domain::people::person::Identity;
use docket_search::{
    Asking, Column, Direction, Kind, Name, NameOf, Names, Order, Query, Seen, limits::MOST_OF_ONE_NAME,
};
use docket_splits::Splits;
use docket_store::Store;
use jiff::tz::TimeZone;

/// The numbers of the names in a query.
pub(crate) async fn resolve(store: &Store, splits: &Splits, query: &Query) -> Result<Names, IndexError> {
    let mut resolved = Vec::new();
    for name in query.names() {
        let numbers = match name.of {
            NameOf::Group => groups(store, &name).await?,
            NameOf::Person => people(store, splits, &name).await?,
            NameOf::TicketForm | NameOf::CustomStatus => defined(store, &name).await?,
            NameOf::Organization => by_words(store, splits, Kind::Organization, &name.text).await?,
        };
        resolved.push((name, numbers));
    }
    Ok(resolved.into_iter().collect())
}

/// Groups are few: all of them are looked at.
async fn groups(store: &Store, name: &Name) -> Result<Vec<u64>, IndexError> {
    let wanted = name.text.to_lowercase();
    let groups = store.groups().all().await?;
    let named = groups.iter().filter(|group| group.name.to_lowercase() == wanted);
    Ok(named.map(|group| group.id.0).collect())
}

/// Forms and statuses that the operator defined, by what they are called.
async fn defined(store: &Store, name: &Name) -> Result<Vec<u64>, IndexError> {
    let wanted = name.text.to_lowercase();
    let version = store.rules().in_force().await?;
    let fields = store.rules().book_of(&version).await?.rules.fields;
    if name.of == NameOf::TicketForm {
        let named = fields
            .forms
            .iter()
            .filter(|form| form.name.to_lowercase() == wanted);
        return Ok(named.map(|form| form.id).collect());
    }
    let statuses = fields.all_statuses().into_iter();
    let named = statuses.filter(|status| status.agent_label.to_lowercase() == wanted);
    Ok(named.map(|status| status.id).collect())
}

/// Whoever has the address or the number, else those whose names have these words.
async fn people(store: &Store, splits: &Splits, name: &Name) -> Result<Vec<u64>, IndexError> {
    let text = name.text.trim();
    let identity = if text.contains('@') {
        Identity::email(text)
    } else {
        Identity::Phone(text.to_owned())
    };
    if let Some(person) = store.people().find(&identity).await? {
        return Ok(vec![person.id.0]);
    }
    by_words(store, splits, Kind::Person, text).await
}

async fn by_words(store: &Store, splits: &Splits, kind: Kind, text: &str) -> Result<Vec<u64>, IndexError> {
    let query = Query::names_beginning(kind, text);
    let asking = Asking {
        now: store.now(),
        zone: &TimeZone::UTC,
        me: None,
        names: &Names::default(),
    };
    let mut question = query
        .ask(&Seen::everything(), &asking)
        .question(0, MOST_OF_ONE_NAME);
    question.order = Order::By(Column::Created, Direction::Ascending);
    let splits = splits.clone();
    let answer = reading(&splits.clone(), move || Ok(splits.ask(&question)?)).await?;
    Ok(answer.hits.iter().map(|hit| hit.number).collect())
}

//! Between stored items and our types.

use crate::{Never, StoreError, keys::ItemKey};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::Tenant;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;

/// An item as the SDK has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// A string attribute.
pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// A number attribute.
pub(crate) fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// The key attributes of an item of table `tickets`.
pub(crate) fn key_of(tenant: &Tenant, key: &ItemKey) -> Item {
    HashMap::from([
        ("PK".to_owned(), s(key.pk(tenant))),
        ("SK".to_owned(), s(key.sk())),
    ])
}

/// An item that holds `value` as the map `name` beside its keys.
pub(crate) fn item_with<T: Serialize>(
    tenant: &Tenant,
    key: &ItemKey,
    name: &'static str,
    value: &T,
) -> Result<Item, StoreError> {
    let mut item = key_of(tenant, key);
    item.insert(name.to_owned(), to_attribute(name, value)?);
    Ok(item)
}

/// A value as an attribute.
pub(crate) fn to_attribute<T: Serialize>(
    what: &'static str,
    value: &T,
) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(value).map_err(StoreError::unreadable(what))
}

/// Takes the map `name` out of an item.
pub(crate) fn value_in<T: DeserializeOwned>(item: &mut Item, name: &'static str) -> Result<T, StoreError> {
    let attribute = item.remove(name).ok_or_else(|| {
        StoreError::from(Never::Unreadable {
            what: name,
            detail: "the attribute is missing".to_owned(),
        })
    })?;
    serde_dynamo::from_attribute_value(attribute).map_err(StoreError::unreadable(name))
}

/// A string attribute of an item.
pub(crate) fn text_in<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

/// A number attribute of an item.
pub(crate) fn number_in<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

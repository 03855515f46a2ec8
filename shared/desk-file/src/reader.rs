//! From the tree to types: a deserializer whose errors know where they happened.

use crate::{
    problem::{Path, Place, Problem, Step, hint},
    tree::{Data, Node, Scalar},
};
use granit_parser::ScalarStyle;
use serde::{
    de::{
        self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Expected, IntoDeserializer,
        MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
    },
    forward_to_deserialize_any,
};
use std::fmt;

/// Reads the value that a path leads to.
pub(crate) fn read<T: DeserializeOwned>(node: &Node, path: &Path) -> Result<T, Problem> {
    T::deserialize(node).map_err(|failure| {
        let below = failure.steps.into_iter().rev();
        Problem {
            place: failure.place.unwrap_or(node.place),
            path: Path(path.0.iter().cloned().chain(below).collect()).to_string(),
            message: failure.message,
        }
    })
}

/// What went wrong: the innermost place, and the way to it, from its end.
#[derive(Debug)]
pub(crate) struct Failure {
    place: Option<Place>,
    steps: Vec<Step>,
    message: String,
}

impl Failure {
    fn at(mut self, node: &Node) -> Self {
        self.place.get_or_insert(node.place);
        self
    }

    fn below(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl de::Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            place: None,
            steps: Vec::new(),
            message: message.to_string(),
        }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Unit => "nothing".to_owned(),
            Unexpected::Seq => "a list".to_owned(),
            Unexpected::Map => "a map".to_owned(),
            Unexpected::Str(text) => format!("{text:?}"),
            Unexpected::Bool(value) => format!("`{value}`"),
            Unexpected::Unsigned(number) => format!("{number}"),
            Unexpected::Signed(number) => format!("{number}"),
            Unexpected::Float(number) => format!("{number}"),
            other => other.to_string(),
        };
        Self::custom(format!(
            "expected {}, found {found}",
            in_words(&expected.to_string())
        ))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format!(
            "there is no key `{field}` here{}",
            hint(field, expected.iter().copied())
        ))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format!(
            "`{variant}` is none of the words that can stand here{}",
            hint(variant, expected.iter().copied())
        ))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::custom(format!("the key `{field}` is missing"))
    }
}

/// What serde expects, in words for an author.
fn in_words(expected: &str) -> &str {
    match expected {
        "a string" => "a text",
        "a sequence" => "a list",
        "u32" => "a whole number",
        "map" => "a map",
        other if other.starts_with("struct ") => "a map",
        other => other,
    }
}

/// What a plain scalar means where any value may stand.
fn visit_plain<'de, V: Visitor<'de>>(scalar: &Scalar, visitor: V) -> Result<V::Value, Failure> {
    if scalar.style != ScalarStyle::Plain {
        return visitor.visit_str(&scalar.text);
    }
    if scalar.is_nothing() {
        return visitor.visit_unit();
    }
    match scalar.text.as_str() {
        "true" => return visitor.visit_bool(true),
        "false" => return visitor.visit_bool(false),
        _ => {}
    }
    if let Ok(number) = scalar.text.parse::<u64>() {
        return visitor.visit_u64(number);
    }
    if let Ok(number) = scalar.text.parse::<i64>() {
        return visitor.visit_i64(number);
    }
    visitor.visit_str(&scalar.text)
}

impl<'de> Deserializer<'de> for &Node {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match &self.data {
            Data::Scalar(scalar) => visit_plain(scalar, visitor),
            Data::List(entries) => visitor.visit_seq(Entries {
                entries: entries.iter().enumerate(),
            }),
            Data::Map(pairs) => visitor.visit_map(Pairs {
                pairs: pairs.iter(),
                value: None,
            }),
        }
        .map_err(|failure| failure.at(self))
    }

    /// Where a text is asked for, `12`, `no` and `true` are texts.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match &self.data {
            Data::Scalar(scalar) if !scalar.is_nothing() => visitor
                .visit_str(&scalar.text)
                .map_err(|failure: Failure| failure.at(self)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match &self.data {
            Data::Scalar(scalar) if scalar.is_nothing() => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
        .map_err(|failure: Failure| failure.at(self))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor
            .visit_newtype_struct(self)
            .map_err(|failure: Failure| failure.at(self))
    }

    /// A word, or a map of one word and its value.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let chosen = match &self.data {
            Data::Scalar(scalar) if !scalar.is_nothing() => Chosen {
                key: self,
                value: None,
            },
            Data::Map(pairs) if pairs.len() == 1 => Chosen {
                key: &pairs[0].0,
                value: Some(&pairs[0].1),
            },
            _ => {
                let message = format!("expected one of: {}", words.join(", "));
                return Err(<Failure as de::Error>::custom(message).at(self));
            }
        };
        visitor
            .visit_enum(chosen)
            .map_err(|failure: Failure| failure.at(self))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Failure> for &Node {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

struct Entries<'n> {
    entries: std::iter::Enumerate<std::slice::Iter<'n, Node>>,
}

impl<'de> SeqAccess<'de> for Entries<'_> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Failure> {
        self.entries
            .next()
            .map(|(index, node)| {
                seed.deserialize(node)
                    .map_err(|failure| failure.at(node).below(Step::Entry(index)))
            })
            .transpose()
    }
}

struct Pairs<'n> {
    pairs: std::slice::Iter<'n, (Node, Node)>,
    value: Option<(&'n Node, &'n Node)>,
}

fn step_to(key: &Node) -> Step {
    Step::Key(key.text().unwrap_or_default().to_owned())
}

impl<'de> MapAccess<'de> for Pairs<'_> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Failure> {
        let Some((key, value)) = self.pairs.next() else {
            return Ok(None);
        };
        self.value = Some((key, value));
        seed.deserialize(key)
            .map(Some)
            .map_err(|failure| failure.at(key).below(step_to(key)))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        let Some((key, value)) = self.value.take() else {
            return Err(de::Error::custom("a value without a key"));
        };
        // Of a key without a value the key is shown: the value stands nowhere.
        let shown = match &value.data {
            Data::Scalar(scalar) if scalar.is_nothing() => key,
            _ => value,
        };
        seed.deserialize(value).map_err(|mut failure| {
            if failure.place == Some(value.place) {
                failure.place = Some(shown.place);
            }
            failure.at(shown).below(step_to(key))
        })
    }
}

struct Chosen<'n> {
    key: &'n Node,
    value: Option<&'n Node>,
}

impl<'de, 'n> EnumAccess<'de> for Chosen<'n> {
    type Error = Failure;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Failure> {
        let word = seed
            .deserialize(self.key)
            .map_err(|failure| failure.at(self.key))?;
        Ok((word, self))
    }
}

impl Chosen<'_> {
    fn word(&self) -> &str {
        self.key.text().unwrap_or_default()
    }
}

impl<'de> VariantAccess<'de> for Chosen<'_> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        match self.value {
            None => Ok(()),
            Some(value) => {
                let message = format!("`{}` stands alone, without a value", self.word());
                Err(<Failure as de::Error>::custom(message).at(value))
            }
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Failure> {
        match self.value {
            Some(value) => seed
                .deserialize(value)
                .map_err(|failure| failure.at(value).below(step_to(self.key))),
            None => {
                let message = format!("`{0}` needs a value: write `{0}: …`", self.word());
                Err(<Failure as de::Error>::custom(message).at(self.key))
            }
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Failure> {
        self.value.unwrap_or(self.key).deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.value.unwrap_or(self.key).deserialize_any(visitor)
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;

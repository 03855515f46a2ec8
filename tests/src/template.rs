//! `infra/template.yaml` as plain JSON.
//!
//! The short forms of CloudFormation (`!Ref`, `!GetAtt`, `!Sub`, ...) become their long forms, so that the rules
//! look at one shape only: `{"Ref": name}`, `{"Fn::GetAtt": [name, attribute]}`, `{"Fn::Sub": ...}`.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use yaml_serde::Value as Yaml;

/// Why the template could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The file is not there or not readable.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The text is not YAML.
    #[error("the template is not yaml")]
    Yaml(#[source] yaml_serde::Error),
    /// A key or a number that JSON cannot hold.
    #[error("the template holds {0}, which has no form in json")]
    NoJson(String),
}

/// A CloudFormation template, read and ready to be asked.
#[derive(Debug, Clone)]
pub struct Template {
    root: Value,
}

/// The folder of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

impl Template {
    /// Reads `infra/template.yaml` of this repository.
    ///
    /// # Errors
    ///
    /// When it is missing or is not YAML.
    pub fn load() -> Result<Self, TemplateError> {
        let path = repository().join("infra/template.yaml");
        let text = std::fs::read_to_string(&path).map_err(|source| TemplateError::Read { path, source })?;
        Self::parse(&text)
    }

    /// Reads a template from its text.
    ///
    /// # Errors
    ///
    /// When it is not YAML.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let yaml: Yaml = yaml_serde::from_str(text).map_err(TemplateError::Yaml)?;
        Ok(Self { root: json_of(yaml)? })
    }

    /// The whole template.
    #[must_use]
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// The whole template, to be changed: a test breaks a copy and sees that a rule notices.
    pub fn root_mut(&mut self) -> &mut Value {
        &mut self.root
    }

    /// All resources with their names.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.root["Resources"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// The resources of one type with their names.
    pub fn of_type(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        self.resources()
            .filter(move |(_, resource)| resource["Type"] == kind)
    }

    /// One resource; `Null` when there is none of that name.
    #[must_use]
    pub fn resource(&self, name: &str) -> &Value {
        &self.root["Resources"][name]
    }

    /// One property of a resource; `Null` when it is not set.
    #[must_use]
    pub fn property(&self, name: &str, property: &str) -> &Value {
        &self.resource(name)["Properties"][property]
    }
}

/// The resource that a `Ref` or `GetAtt` names.
#[must_use]
pub fn target(value: &Value) -> Option<&str> {
    value["Ref"].as_str().or_else(|| value["Fn::GetAtt"][0].as_str())
}

/// The items of a list, or the value itself where one stands for a list of one.
#[must_use]
pub fn items(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(list) => list,
        one => std::slice::from_ref(one),
    }
}

/// Both branches of an `If`, without the one that is `AWS::NoValue`; any other value as it is.
#[must_use]
pub fn branches(value: &Value) -> Vec<&Value> {
    match value["Fn::If"].as_array() {
        Some(parts) => parts
            .iter()
            .skip(1)
            .filter(|part| part["Ref"] != "AWS::NoValue")
            .collect(),
        None => vec![value],
    }
}

fn json_of(yaml: Yaml) -> Result<Value, TemplateError> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => Value::Bool(value),
        Yaml::Number(number) => number_of(&number)?,
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(list) => Value::Array(list.into_iter().map(json_of).collect::<Result<_, _>>()?),
        Yaml::Mapping(mapping) => {
            let mut object = Map::new();
            for (key, value) in mapping {
                let Yaml::String(key) = key else {
                    return Err(TemplateError::NoJson(format!("the key {key:?}")));
                };
                object.insert(key, json_of(value)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            long_form(tag.trim_start_matches('!'), json_of(tagged.value)?)
        }
    })
}

fn number_of(number: &yaml_serde::Number) -> Result<Value, TemplateError> {
    if let Some(whole) = number.as_i64() {
        return Ok(json!(whole));
    }
    number
        .as_f64()
        .map(|value| json!(value))
        .ok_or_else(|| TemplateError::NoJson(format!("the number {number}")))
}

/// `!Ref x` is `{"Ref": x}`, `!Condition x` is `{"Condition": x}`, all others get the prefix `Fn::`.
fn long_form(function: &str, argument: Value) -> Value {
    let (name, argument) = match (function, argument) {
        ("Ref" | "Condition", argument) => (function.to_owned(), argument),
        ("GetAtt", Value::String(path)) => {
            let (resource, attribute) = path.split_once('.').unwrap_or((path.as_str(), ""));
            ("Fn::GetAtt".to_owned(), json!([resource, attribute]))
        }
        (other, argument) => (format!("Fn::{other}"), argument),
    };
    Value::Object(Map::from_iter([(name, argument)]))
}

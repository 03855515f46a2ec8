//! Parameters of AWS Systems Manager.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::journal::{Change, Journal};
use crate::wire::{WireResponse, json_body, json_error};
use crate::{ACCOUNT, REGION, lock};

/// Records of parameters in the journal.
const SPACE: &str = "ssm.parameter";

/// The most parameters in one page of `GetParametersByPath`.
const MAX_PAGE: i64 = 10;

#[derive(Clone, Serialize, Deserialize)]
struct Parameter {
    kind: String,
    value: String,
    version: i64,
    modified_ms: i64,
}

pub(crate) struct Ssm {
    parameters: Mutex<BTreeMap<String, Parameter>>,
}

type Answer = Result<Value, (&'static str, String)>;

impl Ssm {
    pub(crate) fn load(journal: &Journal) -> rusqlite::Result<Self> {
        let parameters = journal.load(SPACE)?.into_iter().collect();
        Ok(Self {
            parameters: Mutex::new(parameters),
        })
    }

    pub(crate) fn call(&self, operation: &str, body: &[u8], journal: &Journal, now_ms: i64) -> WireResponse {
        let Some(request) = json_body(body) else {
            return json_error(400, "SerializationException", "The body is no JSON.");
        };
        let mut parameters = lock(&self.parameters);
        let mut changes = Vec::new();
        let answer = match operation {
            "GetParameter" => get(&parameters, &request),
            "GetParameters" => Ok(get_many(&parameters, &request)),
            "PutParameter" => put(&mut parameters, &request, now_ms, &mut changes),
            "GetParametersByPath" => Ok(by_path(&parameters, &request)),
            "DeleteParameter" => delete(&mut parameters, &request, &mut changes),
            other => Err(("UnknownOperationException", format!("{other} is not emulated"))),
        };
        if let Err(cause) = journal.commit(&changes) {
            return json_error(500, "InternalServerError", &cause.to_string());
        }
        match answer {
            Ok(answer) => WireResponse::json(200, answer.to_string()),
            Err((name, message)) => json_error(400, name, &message),
        }
    }
}

fn name_of(request: &Value) -> &str {
    request["Name"].as_str().unwrap_or_default()
}

fn not_found(name: &str) -> (&'static str, String) {
    ("ParameterNotFound", format!("Parameter {name} not found."))
}

fn get(parameters: &BTreeMap<String, Parameter>, request: &Value) -> Answer {
    let name = name_of(request);
    let parameter = parameters.get(name).ok_or_else(|| not_found(name))?;
    Ok(json!({ "Parameter": described(name, parameter, decrypts(request)) }))
}

fn get_many(parameters: &BTreeMap<String, Parameter>, request: &Value) -> Value {
    let (mut found, mut invalid) = (Vec::new(), Vec::new());
    for name in request["Names"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        match parameters.get(name) {
            Some(parameter) => found.push(described(name, parameter, decrypts(request))),
            None => invalid.push(name),
        }
    }
    json!({ "Parameters": found, "InvalidParameters": invalid })
}

fn decrypts(request: &Value) -> bool {
    request["WithDecryption"].as_bool().unwrap_or_default()
}

fn described(name: &str, parameter: &Parameter, decrypted: bool) -> Value {
    let hidden = parameter.kind == "SecureString" && !decrypted;
    let value = if hidden {
        format!("AQICAH{:x}", md5::compute(&parameter.value))
    } else {
        parameter.value.clone()
    };
    json!({
        "Name": name,
        "Type": parameter.kind,
        "Value": value,
        "Version": parameter.version,
        "LastModifiedDate": parameter.modified_ms as f64 / 1000.0,
        "ARN": format!("arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/{}", name.trim_start_matches('/')),
        "DataType": "text",
    })
}

fn put(
    parameters: &mut BTreeMap<String, Parameter>,
    request: &Value,
    now_ms: i64,
    changes: &mut Vec<Change>,
) -> Answer {
    let name = name_of(request);
    let value = request["Value"].as_str().unwrap_or_default();
    if name.is_empty() || value.is_empty() {
        return Err((
            "ValidationException",
            "a parameter needs a name and a value".to_owned(),
        ));
    }
    let old = parameters.get(name);
    if old.is_some() && !request["Overwrite"].as_bool().unwrap_or_default() {
        return Err((
            "ParameterAlreadyExists",
            "The parameter already exists.".to_owned(),
        ));
    }
    let kind = request["Type"]
        .as_str()
        .map(str::to_owned)
        .or_else(|| old.map(|old| old.kind.clone()));
    let parameter = Parameter {
        kind: kind.unwrap_or_else(|| "String".to_owned()),
        value: value.to_owned(),
        version: old.map_or(0, |old| old.version) + 1,
        modified_ms: now_ms,
    };
    changes.push(Change::put(SPACE, name, &parameter));
    let version = parameter.version;
    parameters.insert(name.to_owned(), parameter);
    Ok(json!({ "Version": version, "Tier": "Standard" }))
}

fn by_path(parameters: &BTreeMap<String, Parameter>, request: &Value) -> Value {
    let path = request["Path"].as_str().unwrap_or_default();
    let path = format!("{}/", path.trim_end_matches('/'));
    let recursive = request["Recursive"].as_bool().unwrap_or_default();
    let max = request["MaxResults"]
        .as_i64()
        .unwrap_or(MAX_PAGE)
        .clamp(1, MAX_PAGE);
    let after = request["NextToken"].as_str().unwrap_or_default();
    let mut found = parameters.iter().filter(|(name, _)| {
        let rest = name.strip_prefix(&path);
        name.as_str() > after && rest.is_some_and(|rest| recursive || !rest.contains('/'))
    });
    let page: Vec<(&String, &Parameter)> = found.by_ref().take(usize::try_from(max).unwrap_or(10)).collect();
    let next = found
        .next()
        .and_then(|_| page.last())
        .map(|(name, _)| name.as_str());
    let page: Vec<Value> = page
        .iter()
        .map(|(name, parameter)| described(name, parameter, decrypts(request)))
        .collect();
    json!({ "Parameters": page, "NextToken": next })
}

fn delete(
    parameters: &mut BTreeMap<String, Parameter>,
    request: &Value,
    changes: &mut Vec<Change>,
) -> Answer {
    let name = name_of(request);
    parameters.remove(name).ok_or_else(|| not_found(name))?;
    changes.push(Change::remove(SPACE, name));
    Ok(json!({}))
}

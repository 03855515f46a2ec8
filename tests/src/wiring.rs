//! What wakes which function, as the template has it.

use serde::Serialize;
use serde_json::Value;

use crate::template::{Template, items, target};

/// One source of work of one function.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Source {
    /// The function's folder under `functions/`.
    pub function: String,
    /// What wakes it.
    pub trigger: Trigger,
}

/// What wakes a function.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// Messages of a queue.
    Queue {
        /// The queue's name as documents have it, `inbound-single`.
        queue: String,
        /// Most messages a batch.
        batch_size: u64,
        /// Seconds for which a message that was received is hidden.
        visibility_seconds: u64,
        /// Receives after which a message goes to the dead-letter queue.
        max_receive_count: u64,
    },
    /// Records of the stream of a table.
    Stream {
        /// The logical name of the table.
        table: String,
        /// Most records a batch.
        batch_size: u64,
        /// The filter patterns as they are written; a record that meets one of them counts.
        filters: Vec<String>,
    },
    /// A clock.
    Schedule {
        /// The expression, `rate(1 minute)`.
        expression: String,
    },
    /// A route of the HTTP API.
    Route {
        /// Method and path, `POST /hooks/{channel}`.
        key: String,
    },
}

/// All sources of the template, sorted.
#[must_use]
pub fn sources(template: &Template) -> Vec<Source> {
    let mut found = Vec::new();
    for (name, function) in template.of_type("AWS::Serverless::Function") {
        for event in function["Properties"]["Events"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(_, event)| event)
        {
            let trigger = match event["Type"].as_str() {
                Some("SQS") => queue_trigger(template, &event["Properties"]),
                Some("DynamoDB") => stream_trigger(&event["Properties"]),
                _ => continue,
            };
            found.push(Source {
                function: kebab(name, "Function"),
                trigger,
            });
        }
    }
    for (_, schedule) in template.of_type("AWS::Scheduler::Schedule") {
        let properties = &schedule["Properties"];
        found.push(Source {
            function: kebab(
                target(&properties["Target"]["Arn"]).unwrap_or_default(),
                "Function",
            ),
            trigger: Trigger::Schedule {
                expression: text(&properties["ScheduleExpression"]),
            },
        });
    }
    for (_, route) in template.of_type("AWS::ApiGatewayV2::Route") {
        found.push(Source {
            function: kebab(route_function(template, route), "Function"),
            trigger: Trigger::Route {
                key: text(&route["Properties"]["RouteKey"]),
            },
        });
    }
    found.sort();
    found
}

/// `EmailIntakeFunction` without its ending, in the form of folders and documents: `email-intake`.
#[must_use]
pub fn kebab(logical_name: &str, ending: &str) -> String {
    let mut name = String::new();
    for letter in logical_name.strip_suffix(ending).unwrap_or(logical_name).chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

fn queue_trigger(template: &Template, properties: &Value) -> Trigger {
    let queue = target(&properties["Queue"]).unwrap_or_default();
    Trigger::Queue {
        queue: kebab(queue, "Queue"),
        batch_size: number(&properties["BatchSize"]),
        visibility_seconds: number(template.property(queue, "VisibilityTimeout")),
        max_receive_count: number(&template.property(queue, "RedrivePolicy")["maxReceiveCount"]),
    }
}

fn stream_trigger(properties: &Value) -> Trigger {
    Trigger::Stream {
        table: target(&properties["Stream"]).unwrap_or_default().to_owned(),
        batch_size: number(&properties["BatchSize"]),
        filters: items(&properties["FilterCriteria"]["Filters"])
            .iter()
            .map(|f| text(&f["Pattern"]))
            .collect(),
    }
}

/// The function behind a route: its target names an integration, whose address is the function's.
fn route_function<'a>(template: &'a Template, route: &Value) -> &'a str {
    let integration = text(&route["Properties"]["Target"]["Fn::Sub"]);
    let integration = integration
        .trim_start_matches("integrations/${")
        .trim_end_matches('}');
    target(template.property(integration, "IntegrationUri")).unwrap_or_default()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

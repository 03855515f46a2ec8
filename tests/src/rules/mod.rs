//! The house rules of the deployment. Each looks at the whole template and names what breaks it.

use crate::template::Template;

mod alarms;
mod asynchronous;
mod functions;
mod http;
mod permissions;
mod queues;
mod skips;
mod sources;
mod storage;
mod subscriptions;

/// What breaks a rule, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The logical name of the resource.
    pub resource: String,
    /// What is wrong with it.
    pub problem: String,
}

impl Finding {
    fn new(resource: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            resource: resource.into(),
            problem: problem.into(),
        }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.resource, self.problem)
    }
}

/// A rule of the house.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name in failures.
    pub name: &'static str,
    /// Names every place that breaks it.
    pub check: fn(&Template) -> Vec<Finding>,
}

/// Functions have their own role, a timeout, memory and a log group with a retention.
pub const FUNCTIONS: Rule = Rule {
    name: "functions",
    check: functions::check,
};
/// Queues redrive after five receives or more, keep four days, their dead letters fourteen, encrypted.
pub const QUEUES: Rule = Rule {
    name: "queues",
    check: queues::check,
};
/// Visibility is six times the consumer's timeout or more, and concurrency is bounded.
pub const CONSUMERS: Rule = Rule {
    name: "consumers",
    check: sources::check_consumers,
};
/// Sources report single failures; streams bisect, give up in time and keep what they gave up.
pub const SOURCES: Rule = Rule {
    name: "sources",
    check: sources::check_failures,
};
/// Nothing on the way of a contact invokes a function asynchronously.
pub const ASYNCHRONOUS: Rule = Rule {
    name: "asynchronous",
    check: asynchronous::check,
};
/// Tables can be restored and outlive the stack.
pub const TABLES: Rule = Rule {
    name: "tables",
    check: storage::check_tables,
};
/// Buckets are private, versioned, reached by TLS only, and outlive the stack; SES encrypts nothing itself.
pub const BUCKETS: Rule = Rule {
    name: "buckets",
    check: storage::check_buckets,
};
/// Subscriptions have a redrive policy.
pub const SUBSCRIPTIONS: Rule = Rule {
    name: "subscriptions",
    check: subscriptions::check,
};
/// There are the alarms that tell of lost or late work, a budget, and a dashboard of them all.
pub const ALARMS: Rule = Rule {
    name: "alarms",
    check: alarms::check,
};
/// The HTTP API is throttled, logs each call, and opens itself to no foreign page by default.
pub const HTTP: Rule = Rule {
    name: "http",
    check: http::check,
};
/// No role or policy allows a wildcard.
pub const PERMISSIONS: Rule = Rule {
    name: "permissions",
    check: permissions::check,
};
/// A lint that is skipped carries its reason.
pub const SKIPS: Rule = Rule {
    name: "skips",
    check: skips::check,
};

/// Every rule of the house.
pub const ALL: [Rule; 12] = [
    FUNCTIONS,
    QUEUES,
    CONSUMERS,
    SOURCES,
    ASYNCHRONOUS,
    TABLES,
    BUCKETS,
    SUBSCRIPTIONS,
    ALARMS,
    HTTP,
    PERMISSIONS,
    SKIPS,
];

//! What the template wires and permits, beside what the repository has.

use std::cell::RefCell;
use std::collections::BTreeSet;

use docket_desk::Settings;
use docket_store::{
    blob::{UPLOAD_DAYS, UPLOAD_PREFIX},
    schema::{GUARD_TTL_ATTRIBUTE, INDEXES},
};
use docket_tests::{
    permissions::permissions,
    template::{Template, repository},
    wiring::{Trigger, kebab, sources},
};

#[test]
fn every_function_crate_is_deployed_from_its_folder_and_no_other() {
    let template = Template::load().unwrap();
    let deployed: BTreeSet<String> = template
        .of_type("AWS::Serverless::Function")
        .map(|(name, function)| {
            let folder = format!("../functions/{}", kebab(name, "Function"));
            assert_eq!(function["Properties"]["CodeUri"], folder.as_str(), "{name}");
            kebab(name, "Function")
        })
        .collect();
    let crates: BTreeSet<String> = std::fs::read_dir(repository().join("functions"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(deployed, crates);
}

#[test]
fn a_file_that_waits_stays_as_long_as_its_token_holds() {
    let template = Template::load().unwrap();
    let rules = &template.resource("Bucket")["Properties"]["LifecycleConfiguration"]["Rules"];
    let rules = rules.as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["Prefix"] == UPLOAD_PREFIX).unwrap();
    assert_eq!(rule["ExpirationInDays"], UPLOAD_DAYS);
}

/// Words that somebody had erased may stand there: what the function `index` did not come to delete goes by itself, and nothing that
/// is in force does.
#[test]
fn what_the_search_left_is_gone_after_a_day() {
    let template = Template::load().unwrap();
    let rules = &template.resource("Bucket")["Properties"]["LifecycleConfiguration"]["Rules"];
    let rules = rules.as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["Prefix"] == "search/").unwrap();
    assert_eq!(rule["NoncurrentVersionExpiration"]["NoncurrentDays"], 1);
    assert!(rule["ExpirationInDays"].is_null());
}

#[test]
fn every_function_is_woken_by_what_the_architecture_says() {
    let queue = |queue: &str, batch_size, visibility_seconds| Trigger::Queue {
        queue: queue.to_owned(),
        batch_size,
        visibility_seconds,
        max_receive_count: 5,
    };
    let route = |key: &str| Trigger::Route { key: key.to_owned() };
    let expected = [
        ("api", route("ANY /api/v2/{proxy+}")),
        ("assignment", queue("assignment", 10, 180)),
        ("delivery", queue("delivery", 5, 180)),
        ("delivery", queue("feedback", 10, 180)),
        ("egress", queue("egress", 5, 360)),
        ("email-intake", queue("inbound", 10, 180)),
        ("email-intake", queue("inbound-single", 1, 180)),
        ("index", queue("index", 10, 360)),
        ("jobs", queue("jobs", 1, 360)),
        ("projector", queue("projections", 10, 180)),
        (
            "relay",
            Trigger::Stream {
                table: "TicketsTable".to_owned(),
                batch_size: 100,
                filters: [
                    r##"{"eventName":["INSERT"],"dynamodb":{"Keys":{"SK":{"S":[{"prefix":"O#"}]}}}}"##,
                    r##"{"eventName":["INSERT"],"dynamodb":{"Keys":{"PK":{"S":[{"prefix":"T#"}]},"SK":{"S":[{"prefix":"A#"}]}}}}"##,
                    r##"{"eventName":["INSERT"],"dynamodb":{"Keys":{"PK":{"S":[{"prefix":"T#"}]},"SK":{"S":[{"prefix":"E#"}]}}}}"##,
                    r##"{"eventName":["INSERT"],"dynamodb":{"NewImage":{"ledger":{"S":[{"prefix":"mail:"},{"prefix":"hook:"}]}}}}"##,
                ]
                .map(str::to_owned)
                .into(),
            },
        ),
        ("sla-check", queue("timers", 1, 360)),
        (
            "sla-check",
            Trigger::Schedule {
                expression: "rate(1 minute)".to_owned(),
            },
        ),
        ("triage", queue("triage", 10, 120)),
        ("webhook-intake", route("POST /hooks/{channel}")),
        ("workspace", route("ANY /agent")),
        ("workspace", route("ANY /agent/{proxy+}")),
        ("workspace", route("GET /")),
        ("workspace", route("GET /portal/{proxy+}")),
        ("workspace", route("POST /portal/{proxy+}")),
    ];
    let found = sources(&Template::load().unwrap());
    let found: Vec<(&str, Trigger)> = found
        .iter()
        .map(|s| (s.function.as_str(), s.trigger.clone()))
        .collect();
    assert_eq!(found, expected);
}

/// The list of record: who may do what. After a change on purpose, write it anew with `UPDATE_GOLDEN=1`.
#[test]
fn the_permissions_are_those_of_the_list() {
    let listed: String = permissions(&Template::load().unwrap())
        .iter()
        .map(|permission| format!("{permission}\n"))
        .collect();
    let path = repository().join("tests/golden/permissions.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &listed).unwrap();
    }
    assert_eq!(listed, std::fs::read_to_string(path).unwrap());
}

#[test]
fn egress_cannot_reach_the_tables() {
    let reaches_a_table = permissions(&Template::load().unwrap())
        .into_iter()
        .filter(|permission| permission.function == "egress" && permission.action.starts_with("dynamodb:"))
        .count();
    assert_eq!(reaches_a_table, 0);
}

#[test]
fn the_search_changes_nothing() {
    let reads = [
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "s3:GetObject",
        "s3:ListBucket",
    ];
    let found: BTreeSet<String> = permissions(&Template::load().unwrap())
        .into_iter()
        .filter(|permission| permission.function == "search")
        .map(|permission| permission.action)
        .collect();
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), reads);
}

/// What is told its name may invoke it, and nobody else; no other function is invoked by one.
#[test]
fn the_search_is_asked_by_those_that_show_what_was_found() {
    let template = Template::load().unwrap();
    let told = template
        .of_type("AWS::Serverless::Function")
        .filter(|(_, function)| !function["Properties"]["Environment"].is_null())
        .map(|(name, function)| {
            let own = &function["Properties"]["Environment"]["Variables"];
            let expected = serde_json::json!({"Ref": "SearchFunction"});
            assert_eq!(own["SEARCH_FUNCTION"], expected, "{name}");
            let others = own
                .as_object()
                .unwrap()
                .keys()
                .filter(|name| *name != "SEARCH_FUNCTION");
            // How agents sign in concerns the pages alone.
            let is_of_sign_in = |other: &String| name == "WorkspaceFunction" && other.starts_with("OIDC_");
            assert!(others.into_iter().all(is_of_sign_in), "{name}: {own}");
            (kebab(name, "Function"), "SearchFunction".to_owned())
        });
    let told: BTreeSet<(String, String)> = told.collect();
    let may_invoke: BTreeSet<(String, String)> = permissions(&template)
        .into_iter()
        .filter(|permission| permission.action.starts_with("lambda:"))
        .map(|permission| (permission.function, permission.resource))
        .collect();
    assert_eq!(told, may_invoke);
    let names: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["api", "workspace"]);
}

#[test]
fn the_tables_are_those_that_the_code_expects() {
    let template = Template::load().unwrap();
    let indexes = template
        .property("TicketsTable", "GlobalSecondaryIndexes")
        .as_array()
        .unwrap();
    let names: Vec<&str> = indexes
        .iter()
        .map(|index| index["IndexName"].as_str().unwrap())
        .collect();
    assert_eq!(names, INDEXES);
    for (index, name) in indexes.iter().zip(names) {
        assert_eq!(index["Projection"]["ProjectionType"], "KEYS_ONLY");
        assert_eq!(
            index["KeySchema"][0]["AttributeName"],
            format!("{name}_pk").as_str()
        );
        assert_eq!(
            index["KeySchema"][1]["AttributeName"],
            format!("{name}_sk").as_str()
        );
    }
    let expiry = template.property("GuardTable", "TimeToLiveSpecification");
    assert_eq!(
        (&expiry["AttributeName"], &expiry["Enabled"]),
        (&GUARD_TTL_ATTRIBUTE.into(), &true.into())
    );
}

#[test]
fn the_environment_of_functions_is_what_the_settings_read() {
    let template = Template::load().unwrap();
    let variables = |of: &serde_json::Value| of["Environment"]["Variables"].as_object().unwrap().clone();
    let mut given = variables(&template.root()["Globals"]["Function"]);
    given.extend(variables(
        &template.root()["Resources"]["WorkspaceFunction"]["Properties"],
    ));
    let by_others = ["RUST_LOG", "SEARCH_FUNCTION"].map(str::to_owned);
    let read = RefCell::new(BTreeSet::from(by_others));
    let settings = Settings::from_lookup(|name| {
        // Lambda itself gives every function its region, and lets no template set it.
        if name == "AWS_REGION" {
            return Some("us-east-1".to_owned());
        }
        read.borrow_mut().insert(name.to_owned());
        let value = if name == "OIDC_ADDRESSES" {
            "trusted"
        } else {
            "main"
        };
        given.contains_key(name).then(|| value.to_owned())
    });
    assert!(settings.is_ok(), "{settings:?}");
    assert_eq!(given.keys().cloned().collect::<BTreeSet<_>>(), read.into_inner());
}

#[test]
fn what_alarms_count_in_the_log_of_the_sweep_is_said_there() {
    let template = Template::load().unwrap();
    let folder = repository().join("functions/sla-check/src");
    let code: String = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    for (name, filter) in template.of_type("AWS::Logs::MetricFilter") {
        let properties = &filter["Properties"];
        let value = properties["MetricTransformations"][0]["MetricValue"]
            .as_str()
            .unwrap();
        assert_eq!(
            properties["FilterPattern"],
            format!("{{ {value} = * }}").as_str(),
            "{name}"
        );
        let field = value.strip_prefix("$.").unwrap();
        assert!(
            code.contains(&format!("{field} = ")),
            "{name}: sla-check logs no field {field}"
        );
    }
}

#[test]
fn the_lag_is_said_by_the_sweep_and_by_queue_timers_and_the_spool_by_the_sweep_alone() {
    let says = |file: &str, field: &str| {
        let path = repository().join("functions/sla-check/src").join(file);
        let code = std::fs::read_to_string(path).unwrap();
        code.contains(&format!("{field} = "))
    };
    assert!(says("lib.rs", "lag_seconds") && says("fan_out.rs", "lag_seconds"));
    assert!(says("lib.rs", "spool_oldest_seconds") && !says("fan_out.rs", "spool_oldest_seconds"));
    // So the alarm of sweeps that are missing counts what queue timers never says.
    let template = Template::load().unwrap();
    let alarm = &template.resource("SweepMissingAlarm")["Properties"];
    assert_eq!(alarm["MetricName"], "SpoolOldest");
}

/// SAM builds with the release profile and hands no flags on; cargo-lambda's own values abort on panic.
#[test]
fn functions_are_built_with_the_values_of_their_profile_and_unwind_on_panic() {
    let read = |path: &str| std::fs::read_to_string(repository().join(path)).unwrap();
    let (workspace, lambda) = (read("Cargo.toml"), read("CargoLambda.toml").replace(' ', ""));
    let profile = workspace
        .split("[profile.function]\n")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    let values: Vec<&str> = profile
        .lines()
        .filter(|line| !line.starts_with("inherits"))
        .collect();
    assert!(values.len() >= 4);
    for value in values {
        let setting = format!("'profile.release.{}'", value.replace(' ', ""));
        assert!(lambda.contains(&setting), "CargoLambda.toml lacks {setting}");
        assert!(!value.starts_with("panic"), "the batch loop catches panics");
    }
    assert!(lambda.contains("disable_optimizations=true"));
}

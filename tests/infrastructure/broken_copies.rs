//! Every house rule holds, and each notices the copy of the template that breaks it.

use docket_tests::{rules, rules::Rule, template::Template};
use serde_json::{Value, json};

/// Breaks one place of the template: the rule says nothing before and names the resource after.
fn check(rule: Rule, pointer: &str, value: Value, resource: &str) {
    let mut template = Template::load().unwrap();
    assert_eq!(messages(rule, &template), Vec::<String>::new());
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let place = template
        .root_mut()
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("the template has no {parent}"));
    match value {
        Value::Null => drop(place.as_object_mut().unwrap().remove(key).unwrap()),
        value => place[key.replace("~1", "/").as_str()] = value,
    }
    let messages = messages(rule, &template);
    let named = format!("{resource}: ");
    assert!(
        messages.iter().any(|message| message.starts_with(&named)),
        "{pointer} broken gave {messages:?}"
    );
}

fn messages(rule: Rule, template: &Template) -> Vec<String> {
    (rule.check)(template).iter().map(ToString::to_string).collect()
}

fn properties(resource: &str, rest: &str) -> String {
    format!("/Resources/{resource}/Properties/{rest}")
}

#[test]
fn the_template_keeps_every_house_rule() {
    let template = Template::load().unwrap();
    for rule in rules::ALL {
        assert_eq!(
            messages(rule, &template),
            Vec::<String>::new(),
            "rule {}",
            rule.name
        );
    }
}

#[test]
fn a_function_without_a_timeout_memory_role_or_log_group_is_named() {
    for property in ["Timeout", "MemorySize", "Role", "LoggingConfig"] {
        check(
            rules::FUNCTIONS,
            &properties("TriageFunction", property),
            Value::Null,
            "TriageFunction",
        );
    }
    check(
        rules::FUNCTIONS,
        &properties("TriageLogs", "RetentionInDays"),
        Value::Null,
        "TriageFunction",
    );
}

#[test]
fn two_functions_with_one_role_are_named() {
    let role = json!({"Fn::GetAtt": ["ApiRole", "Arn"]});
    check(
        rules::FUNCTIONS,
        &properties("WorkspaceFunction", "Role"),
        role,
        "WorkspaceFunction",
    );
}

#[test]
fn a_queue_that_redrives_too_early_is_named() {
    check(
        rules::QUEUES,
        &properties("InboundQueue", "RedrivePolicy/maxReceiveCount"),
        json!(4),
        "InboundQueue",
    );
}

#[test]
fn a_queue_without_a_dead_letter_queue_of_its_own_is_named() {
    check(
        rules::QUEUES,
        &properties("TriageQueue", "RedrivePolicy"),
        Value::Null,
        "TriageQueue",
    );
    let another = json!({"Fn::GetAtt": ["AssignmentDeadQueue", "Arn"]});
    let place = properties("TriageQueue", "RedrivePolicy/deadLetterTargetArn");
    check(rules::QUEUES, &place, another, "TriageQueue");
}

#[test]
fn a_queue_with_the_wrong_retention_is_named() {
    check(
        rules::QUEUES,
        &properties("EgressQueue", "MessageRetentionPeriod"),
        json!(345_601),
        "EgressQueue",
    );
    check(
        rules::QUEUES,
        &properties("EgressDeadQueue", "MessageRetentionPeriod"),
        json!(345_600),
        "EgressDeadQueue",
    );
}

#[test]
fn a_queue_without_encryption_is_named() {
    check(
        rules::QUEUES,
        &properties("TimersQueue", "SqsManagedSseEnabled"),
        json!(false),
        "TimersQueue",
    );
    check(
        rules::QUEUES,
        &properties("RelayDeadQueue", "SqsManagedSseEnabled"),
        Value::Null,
        "RelayDeadQueue",
    );
}

#[test]
fn a_visibility_one_second_below_six_times_the_timeout_is_named() {
    check(
        rules::CONSUMERS,
        &properties("DeliveryQueue", "VisibilityTimeout"),
        json!(179),
        "DeliveryQueue",
    );
}

#[test]
fn a_source_without_a_maximum_concurrency_is_named() {
    let place = properties("AssignmentFunction", "Events/Assignment/Properties/ScalingConfig");
    check(rules::CONSUMERS, &place, Value::Null, "AssignmentFunction");
}

#[test]
fn a_queue_that_nobody_consumes_is_named() {
    check(
        rules::CONSUMERS,
        &properties("SlaCheckFunction", "Events/Timers"),
        Value::Null,
        "TimersQueue",
    );
}

#[test]
fn a_source_that_does_not_report_batch_item_failures_is_named() {
    for (function, event) in [
        ("EmailIntakeFunction", "InboundSingle"),
        ("RelayFunction", "Outbox"),
    ] {
        let place = properties(
            function,
            &format!("Events/{event}/Properties/FunctionResponseTypes"),
        );
        check(rules::SOURCES, &place, Value::Null, function);
    }
}

#[test]
fn a_stream_that_could_lose_records_is_named() {
    let place = |property: &str| properties("RelayFunction", &format!("Events/Outbox/Properties/{property}"));
    check(
        rules::SOURCES,
        &place("BisectBatchOnFunctionError"),
        json!(false),
        "RelayFunction",
    );
    check(
        rules::SOURCES,
        &place("MaximumRecordAgeInSeconds"),
        json!(79_200),
        "RelayFunction",
    );
    check(
        rules::SOURCES,
        &place("MaximumRecordAgeInSeconds"),
        Value::Null,
        "RelayFunction",
    );
    check(
        rules::SOURCES,
        &place("DestinationConfig"),
        Value::Null,
        "RelayFunction",
    );
}

#[test]
fn an_asynchronous_invocation_is_named() {
    let on_topic = json!({"Type": "SNS", "Properties": {"Topic": {"Ref": "InboundTopic"}}});
    check(
        rules::ASYNCHRONOUS,
        &properties("EmailIntakeFunction", "Events/Mail"),
        on_topic,
        "EmailIntakeFunction",
    );
    check(
        rules::ASYNCHRONOUS,
        &properties("InboundSubscription", "Protocol"),
        json!("lambda"),
        "InboundSubscription",
    );
    let on_object = json!({"LambdaConfigurations": [{"Event": "s3:ObjectCreated:*"}]});
    check(
        rules::ASYNCHRONOUS,
        &properties("Bucket", "NotificationConfiguration"),
        on_object,
        "Bucket",
    );
    let on_mail = json!([{"LambdaAction": {"FunctionArn": "x"}}]);
    check(
        rules::ASYNCHRONOUS,
        &properties("ReceiptRule", "Rule/Actions"),
        on_mail,
        "ReceiptRule",
    );
    let bus_rule = json!({"Type": "AWS::Events::Rule", "Properties": {}});
    check(rules::ASYNCHRONOUS, "/Resources/BusRule", bus_rule, "BusRule");
    let permission = properties("HooksPermission", "Principal");
    check(
        rules::ASYNCHRONOUS,
        &permission,
        json!("s3.amazonaws.com"),
        "HooksPermission",
    );
}

#[test]
fn a_schedule_that_carries_work_is_named() {
    check(
        rules::ASYNCHRONOUS,
        &properties("SweepSchedule", "Target/Input"),
        json!("{}"),
        "SweepSchedule",
    );
    let another = json!({"Fn::GetAtt": ["TriageFunction", "Arn"]});
    check(
        rules::ASYNCHRONOUS,
        &properties("SweepSchedule", "Target/Arn"),
        another,
        "SweepSchedule",
    );
}

#[test]
fn a_table_that_could_be_lost_is_named() {
    let recovery = properties("GuardTable", "PointInTimeRecoverySpecification");
    check(rules::TABLES, &recovery, Value::Null, "GuardTable");
    check(
        rules::TABLES,
        &properties("TicketsTable", "DeletionProtectionEnabled"),
        json!(false),
        "TicketsTable",
    );
    check(
        rules::TABLES,
        "/Resources/TicketsTable/DeletionPolicy",
        json!("Delete"),
        "TicketsTable",
    );
    check(
        rules::TABLES,
        "/Resources/GuardTable/UpdateReplacePolicy",
        Value::Null,
        "GuardTable",
    );
}

#[test]
fn a_bucket_that_is_open_or_could_be_lost_is_named() {
    let access = properties("Bucket", "PublicAccessBlockConfiguration/RestrictPublicBuckets");
    check(rules::BUCKETS, &access, json!(false), "Bucket");
    check(
        rules::BUCKETS,
        &properties("Bucket", "VersioningConfiguration/Status"),
        json!("Suspended"),
        "Bucket",
    );
    let statement = properties("BucketPolicy", "PolicyDocument/Statement/0/Effect");
    check(rules::BUCKETS, &statement, json!("Allow"), "Bucket");
    check(
        rules::BUCKETS,
        "/Resources/Bucket/DeletionPolicy",
        Value::Null,
        "Bucket",
    );
    for prefix in [json!("raw/"), json!("upload"), Value::Null] {
        let place = properties("Bucket", "LifecycleConfiguration/Rules/0/Prefix");
        check(rules::BUCKETS, &place, prefix, "Bucket");
    }
}

#[test]
fn a_kms_key_in_the_receipt_rule_is_named() {
    let place = properties("ReceiptRule", "Rule/Actions/0/S3Action/KmsKeyArn");
    check(rules::BUCKETS, &place, json!("arn:aws:kms:x"), "ReceiptRule");
}

#[test]
fn a_subscription_without_redrive_or_with_wrapped_messages_is_named() {
    let redrive = properties("FeedbackSubscription", "RedrivePolicy");
    check(
        rules::SUBSCRIPTIONS,
        &redrive,
        Value::Null,
        "FeedbackSubscription",
    );
    let raw = properties("InboundSubscription", "RawMessageDelivery");
    check(rules::SUBSCRIPTIONS, &raw, Value::Null, "InboundSubscription");
}

#[test]
fn each_alarm_that_is_missing_is_named() {
    for (alarm, about) in [
        ("MailPublishFailure", "ReceiptRule"),
        ("MailPublishExpired", "ReceiptRule"),
        ("SpoolAge", "SpoolOldest"),
        ("TriageDead", "TriageDeadQueue"),
        ("RelayDead", "RelayDeadQueue"),
        ("InboundAge", "InboundQueue"),
        ("DeliveryAge", "DeliveryQueue"),
        ("IndexAge", "IndexQueue"),
        ("StreamAge", "RelayFunction"),
        ("SweepLag", "SweepLag"),
        ("SweepMissing", "SpoolOldest"),
        ("InDoubt", "InDoubtOldest"),
        ("BounceRate", "Reputation.BounceRate"),
        ("ComplaintRate", "Reputation.ComplaintRate"),
        ("FunctionThrottles", "Throttles"),
        ("TicketsTableWriteThrottles", "TicketsTable"),
        ("HttpErrors", "HttpApi"),
    ] {
        check(
            rules::ALARMS,
            &format!("/Resources/{alarm}Alarm"),
            Value::Null,
            about,
        );
    }
    check(
        rules::ALARMS,
        "/Resources/Budget",
        Value::Null,
        "AWS::Budgets::Budget",
    );
    check(
        rules::ALARMS,
        "/Resources/Dashboard",
        Value::Null,
        "AWS::CloudWatch::Dashboard",
    );
}

#[test]
fn an_alarm_that_warns_too_late_is_named() {
    for (alarm, threshold, about) in [
        ("BounceRate", 0.041, "Reputation.BounceRate"),
        ("SpoolAge", 901.0, "SpoolOldest"),
        ("InboundAge", 301.0, "InboundQueue"),
        ("SweepLag", 121.0, "SweepLag"),
    ] {
        check(
            rules::ALARMS,
            &properties(&format!("{alarm}Alarm"), "Threshold"),
            json!(threshold),
            about,
        );
    }
    check(
        rules::ALARMS,
        &properties("SweepMissingAlarm", "TreatMissingData"),
        json!("missing"),
        "SpoolOldest",
    );
}

#[test]
fn an_alarm_that_nobody_hears_or_that_the_dashboard_lacks_is_named() {
    check(
        rules::ALARMS,
        &properties("InDoubtAlarm", "AlarmActions"),
        Value::Null,
        "InDoubtAlarm",
    );
    check(
        rules::ALARMS,
        &properties("Dashboard", "DashboardBody"),
        json!("{}"),
        "TriageDeadAlarm",
    );
}

#[test]
fn an_http_api_without_throttling_or_access_log_is_named() {
    check(
        rules::HTTP,
        &properties("HttpStage", "DefaultRouteSettings/ThrottlingRateLimit"),
        Value::Null,
        "HttpStage",
    );
    check(
        rules::HTTP,
        &properties("HttpStage", "AccessLogSettings"),
        Value::Null,
        "HttpStage",
    );
    check(rules::HTTP, "/Resources/HttpStage", Value::Null, "HttpApi");
}

#[test]
fn an_http_api_open_to_every_page_is_named() {
    check(
        rules::HTTP,
        &properties("HttpApi", "CorsConfiguration"),
        json!({"AllowOrigins": ["*"]}),
        "HttpApi",
    );
}

#[test]
fn a_wildcard_action_or_resource_is_named() {
    let statement = |rest: &str| {
        properties(
            "EgressRole",
            &format!("Policies/0/PolicyDocument/Statement/1/{rest}"),
        )
    };
    check(
        rules::PERMISSIONS,
        &statement("Action"),
        json!("sqs:*"),
        "EgressRole",
    );
    check(
        rules::PERMISSIONS,
        &statement("Resource"),
        json!("*"),
        "EgressRole",
    );
    check(
        rules::PERMISSIONS,
        &statement("Resource"),
        json!("arn:aws:s3:::*/*"),
        "EgressRole",
    );
    check(
        rules::PERMISSIONS,
        &statement("Resource"),
        json!({"Fn::Sub": "arn:aws:sqs:${AWS::Region}:*"}),
        "EgressRole",
    );
    check(
        rules::PERMISSIONS,
        &statement("NotResource"),
        json!("x"),
        "EgressRole",
    );
    let managed = properties("EgressRole", "ManagedPolicyArns");
    check(
        rules::PERMISSIONS,
        &managed,
        json!(["arn:aws:iam::aws:policy/AmazonSQSFullAccess"]),
        "EgressRole",
    );
    check(
        rules::PERMISSIONS,
        &properties("ApiFunction", "Policies"),
        json!(["x"]),
        "ApiFunction",
    );
}

#[test]
fn a_skip_without_a_reason_is_named() {
    check(
        rules::SKIPS,
        "/Metadata/cfn-lint/reasons/WS1000",
        Value::Null,
        "Metadata",
    );
    check(
        rules::SKIPS,
        "/Resources/Bucket/Metadata/checkov/skip/0/comment",
        json!("no"),
        "Bucket",
    );
}

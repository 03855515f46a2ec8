//! The direction of dependencies.

use std::path::PathBuf;

use docket_tests::template::repository;
use docket_tests::workspace_map::{Dependency, Package, packages, wrong_edges};

/// Plants one edge into the real map: the check says nothing before and names the edge after.
fn check(from: &str, to: &str) {
    let mut packages = packages(&repository()).unwrap();
    assert_eq!(wrong_edges(&packages), Vec::<String>::new());
    let package = packages
        .iter_mut()
        .find(|package| package.name == from)
        .unwrap_or_else(|| panic!("no crate {from}"));
    package.dependencies.push(Dependency {
        name: to.to_owned(),
        kind: None,
    });
    assert_eq!(
        wrong_edges(&packages),
        [format!("{from} must not depend on {to}")]
    );
}

#[test]
fn every_edge_of_the_workspace_points_the_right_way() {
    assert_eq!(
        wrong_edges(&packages(&repository()).unwrap()),
        Vec::<String>::new()
    );
}

#[test]
fn a_function_that_knows_a_function_is_named() {
    check("triage", "assignment");
    check("api", "jobs");
}

#[test]
fn only_the_rows_of_jobs_are_done_by_the_code_of_another_function() {
    check("triage", "api");
    check("jobs", "workspace");
}

#[test]
fn a_function_that_knows_the_local_desk_is_named() {
    check("delivery", "docket-local");
}

#[test]
fn a_domain_that_knows_anything_of_ours_is_named() {
    check("docket-domain", "docket-store");
    check("docket-domain", "docket-desk");
    check("docket-domain", "docket-mail");
}

#[test]
fn a_mail_library_that_knows_the_store_is_named() {
    check("docket-mail", "docket-store");
    check("docket-mail", "docket-desk");
}

#[test]
fn a_sign_in_library_that_knows_the_desk_is_named() {
    check("docket-oidc", "docket-domain");
    check("docket-oidc", "docket-desk");
}

#[test]
fn a_file_of_configuration_that_knows_the_store_is_named() {
    check("docket-desk-file", "docket-store");
    check("docket-desk-file", "docket-desk");
}

#[test]
fn a_lambda_library_that_knows_tickets_is_named() {
    check("docket-lambda", "docket-domain");
    check("docket-lambda", "docket-store");
    check("docket-lambda", "docket-desk");
}

#[test]
fn a_store_that_knows_the_desk_or_its_rules_is_named() {
    check("docket-store", "docket-desk");
    check("docket-store", "docket-rules");
}

#[test]
fn rules_and_conditions_that_know_the_store_are_named() {
    for library in ["docket-rules", "docket-conditions"] {
        check(library, "docket-store");
        check(library, "docket-desk");
    }
}

#[test]
fn a_function_that_is_no_infrastructure_and_names_the_store_is_named() {
    check("assignment", "docket-store");
}

#[test]
fn a_search_that_knows_an_index_or_the_store_is_named() {
    check("docket-search", "docket-splits");
    check("docket-search", "docket-store");
}

#[test]
fn splits_that_know_where_they_lie_are_named() {
    check("docket-splits", "docket-store");
    check("docket-splits", "docket-domain");
}

#[test]
fn a_store_or_a_desk_that_knows_the_index_is_named() {
    for library in ["docket-store", "docket-desk"] {
        check(library, "docket-splits");
        check(library, "docket-search-index");
    }
}

#[test]
fn a_function_that_has_the_index_and_is_not_of_the_search_is_named() {
    check("api", "docket-search-index");
    check("sla-check", "docket-search-index");
    check("search", "docket-splits");
}

#[test]
fn the_library_of_the_index_outside_of_splits_is_named() {
    check("docket-search", "tantivy");
    check("docket-search-index", "tantivy");
    check("index", "tantivy");
    check("docket", "tantivy");
}

#[test]
fn a_desk_that_knows_intake_is_named() {
    check("docket-desk", "docket-intake");
}

#[test]
fn embedded_services_that_know_the_desk_are_named() {
    check("embedded-aws", "docket-domain");
}

#[test]
fn an_aws_sdk_outside_the_port_is_named() {
    check("api", "aws-sdk-dynamodb");
    check("docket-desk", "aws-sdk-dynamodb");
    check("docket-domain", "aws-sdk-s3");
    check("docket", "aws-sdk-sqs");
}

#[test]
fn a_test_of_a_function_may_stand_on_the_embedded_services_but_not_on_the_sdk() {
    let package = |name: &str, folder: &str, dependencies: &[&str]| Package {
        name: name.to_owned(),
        manifest_path: PathBuf::from(folder).join(name).join("Cargo.toml"),
        dependencies: dependencies
            .iter()
            .map(|name| Dependency {
                name: (*name).to_owned(),
                kind: Some("dev".to_owned()),
            })
            .collect(),
    };
    let packages = [
        package("embedded-aws", "local", &[]),
        package("relay", "functions", &["embedded-aws", "aws-sdk-sqs"]),
    ];
    assert_eq!(wrong_edges(&packages), ["relay must not depend on aws-sdk-sqs"]);
}

//! Holiday files that calendars publish, against the days that they mean.

use crate::collection::cases;
use docket_domain::calendar::read_feed;
use serde_json::Value;
use std::{fs, path::Path};

#[test]
fn every_holiday_file_of_the_collection_is_read_as_it_is_meant() {
    let Some(cases) = cases() else {
        return;
    };
    let reports = cases.join("reports");
    let wanted = fs::read_to_string(reports.join("k17-want.json")).unwrap();
    let wanted: Value = serde_json::from_str(&wanted).unwrap();
    let wanted = wanted.as_object().unwrap();
    let found: Vec<(String, String)> = wanted
        .keys()
        .map(|name| (name.clone(), days(&reports.join(format!("k17{name}.ics")))))
        .collect();
    let right: Vec<(String, String)> = wanted
        .iter()
        .map(|(name, row)| (name.clone(), row["want"].as_str().unwrap().to_owned()))
        .collect();
    assert!(right.len() >= 9, "the collection has only {}", right.len());
    assert_eq!(found, right);
}

/// The days of a file; then what is left out.
fn days(file: &Path) -> String {
    let feed = read_feed(&fs::read_to_string(file).unwrap()).unwrap();
    let days: Vec<String> = feed
        .holidays
        .iter()
        .map(|holiday| holiday.date.to_string())
        .collect();
    let skipped = feed
        .skipped
        .iter()
        .map(|skipped| format!(" ({})", skipped.reason));
    days.join(", ") + &skipped.collect::<String>()
}

//! Answers of S3, mostly XML.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::store::{ObjectWithBytes, StoredObject};
use crate::wire::{WireResponse, xml_text};

pub(crate) fn error(status: u16, code: &str, message: &str) -> WireResponse {
    xml(
        status,
        &format!(
            "<Error><Code>{code}</Code><Message>{}</Message></Error>",
            xml_text(message)
        ),
    )
}

pub(super) fn no_such_bucket() -> WireResponse {
    error(404, "NoSuchBucket", "The specified bucket does not exist")
}

pub(super) fn no_such_key() -> WireResponse {
    error(404, "NoSuchKey", "The specified key does not exist.")
}

pub(super) fn xml(status: u16, document: &str) -> WireResponse {
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document}");
    WireResponse::new(status, body).with("content-type", "application/xml")
}

/// The headers of an object on `GET` and `HEAD`.
pub(super) fn described(mut answer: WireResponse, object: &StoredObject) -> WireResponse {
    answer = answer
        .with("etag", object.etag.clone())
        .with("last-modified", http_date(object.last_modified))
        .with("content-length", object.size_bytes.to_string())
        .with("accept-ranges", "bytes");
    if !object.headers.contains_key("content-type") {
        answer = answer.with("content-type", "binary/octet-stream");
    }
    for (name, value) in &object.headers {
        answer.headers.push((name.clone().into(), value.clone()));
    }
    for (name, value) in &object.metadata {
        answer
            .headers
            .push((format!("x-amz-meta-{name}").into(), value.clone()));
    }
    answer
}

/// One page of a listing.
pub(super) struct Page<'a> {
    pub(super) bucket: &'a str,
    pub(super) prefix: &'a str,
    pub(super) max_keys: usize,
    pub(super) contents: Vec<(&'a String, &'a ObjectWithBytes)>,
    pub(super) common_prefixes: Vec<String>,
    pub(super) next_token: Option<String>,
}

pub(super) fn listing(page: &Page<'_>) -> WireResponse {
    let mut document = format!(
        "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>{}</Name><Prefix>{}</Prefix>\
         <KeyCount>{}</KeyCount><MaxKeys>{}</MaxKeys><IsTruncated>{}</IsTruncated>",
        xml_text(page.bucket),
        xml_text(page.prefix),
        page.contents.len() + page.common_prefixes.len(),
        page.max_keys,
        page.next_token.is_some(),
    );
    for (key, held) in &page.contents {
        document.push_str(&format!(
            "<Contents><Key>{}</Key><LastModified>{}</LastModified><ETag>{}</ETag><Size>{}</Size>\
             <StorageClass>STANDARD</StorageClass></Contents>",
            xml_text(key),
            iso_date(held.object.last_modified),
            xml_text(&held.object.etag),
            held.object.size_bytes,
        ));
    }
    for prefix in &page.common_prefixes {
        document.push_str(&format!(
            "<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>",
            xml_text(prefix)
        ));
    }
    if let Some(token) = &page.next_token {
        document.push_str(&format!(
            "<NextContinuationToken>{}</NextContinuationToken>",
            xml_text(token)
        ));
    }
    document.push_str("</ListBucketResult>");
    xml(200, &document)
}

/// A page of a listing of versions.
pub(super) fn versions(
    bucket: &str,
    page: &[(&String, &ObjectWithBytes)],
    is_truncated: bool,
) -> WireResponse {
    let mut document = format!(
        "<ListVersionsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>{}</Name>\
         <IsTruncated>{is_truncated}</IsTruncated>",
        xml_text(bucket),
    );
    for (key, held) in page {
        document.push_str(&format!(
            "<Version><Key>{}</Key><VersionId>null</VersionId><IsLatest>true</IsLatest><LastModified>{}</LastModified>\
             <ETag>{}</ETag><Size>{}</Size><StorageClass>STANDARD</StorageClass></Version>",
            xml_text(key),
            iso_date(held.object.last_modified),
            xml_text(&held.object.etag),
            held.object.size_bytes,
        ));
    }
    if let Some((last, _)) = page.last().filter(|_| is_truncated) {
        document.push_str(&format!(
            "<NextKeyMarker>{}</NextKeyMarker><NextVersionIdMarker>null</NextVersionIdMarker>",
            xml_text(last)
        ));
    }
    document.push_str("</ListVersionsResult>");
    xml(200, &document)
}

pub(super) fn iso_date(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC)
        .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
        .to_string()
}

fn http_date(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC)
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

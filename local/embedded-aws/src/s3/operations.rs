//! What each operation of S3 does.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use super::answers::{self, Page};
use super::route::Route;
use super::store::{Buckets, StoredObject};
use super::{BUCKET_SPACE, OBJECT_SPACE, body};
use crate::journal::{Change, Journal};
use crate::wire::{WireRequest, WireResponse, xml_text, xml_unescape, xml_values};

/// S3's limit of keys in one page or one call of `DeleteObjects`.
const MAX_KEYS: usize = 1_000;

/// Headers of an upload that are given back with the object.
const KEPT_HEADERS: [&str; 5] = [
    "cache-control",
    "content-disposition",
    "content-language",
    "content-type",
    "expires",
];

pub(super) fn act(
    buckets: &mut Buckets,
    route: &Route,
    request: &WireRequest,
    journal: &Journal,
    now: Timestamp,
    changes: &mut Vec<Change>,
) -> WireResponse {
    let (bucket, key) = (route.bucket.as_str(), route.key.as_str());
    match route.operation {
        "CreateBucket" => {
            if buckets.create(bucket) {
                changes.push(Change::put(BUCKET_SPACE, bucket, &()));
            }
            return WireResponse::new(200, "").with("location", format!("/{bucket}"));
        }
        "ListBuckets" => return list_buckets(buckets, now),
        "NotImplemented" => {
            return answers::error(501, "NotImplemented", "A part of S3 that is not emulated.");
        }
        _ if !buckets.has(bucket) => return answers::no_such_bucket(),
        _ => {}
    }
    match route.operation {
        "HeadBucket" => WireResponse::new(200, ""),
        "DeleteBucket" => {
            if !buckets.delete(bucket) {
                return answers::error(
                    409,
                    "BucketNotEmpty",
                    "The bucket you tried to delete is not empty",
                );
            }
            changes.push(Change::remove(BUCKET_SPACE, bucket));
            WireResponse::new(204, "")
        }
        "ListObjectsV2" => list(buckets, bucket, request),
        "ListObjectVersions" => list_versions(buckets, bucket, request),
        "PutObject" => upload(buckets, route, request, journal, now, changes),
        "CopyObject" => copy(buckets, route, request, journal, now, changes),
        "GetObject" => match (buckets.get(bucket, key), bytes(buckets, bucket, key, journal)) {
            (Some(held), Some(bytes)) => match request.header("range") {
                Some(range) => ranged(range, &held.object, &bytes),
                None => answers::described(WireResponse::new(200, bytes), &held.object),
            },
            _ => answers::no_such_key(),
        },
        "HeadObject" => match buckets.get(bucket, key) {
            Some(held) => answers::described(WireResponse::new(200, ""), &held.object),
            None => WireResponse::new(404, ""),
        },
        "DeleteObject" => {
            remove(buckets, bucket, key, changes);
            WireResponse::new(204, "")
        }
        "DeleteObjects" => delete_many(buckets, bucket, request, changes),
        _ => answers::error(405, "MethodNotAllowed", "The method is not allowed here."),
    }
}

/// A part of an object, asked for as `bytes=first-last` (RFC 9110, section 14.2): both are there, and the first is within it.
fn ranged(range: &str, object: &StoredObject, bytes: &Bytes) -> WireResponse {
    let asked = range
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'));
    let number = |text: &str| text.parse::<usize>().ok();
    let asked = asked.and_then(|(first, last)| Some((number(first)?, number(last)?)));
    match asked {
        Some((first, last)) if first <= last && first < bytes.len() => {
            let end = bytes.len().min(last.saturating_add(1));
            let part = StoredObject {
                size_bytes: (end - first) as u64,
                ..object.clone()
            };
            let range = format!("bytes {first}-{}/{}", end - 1, bytes.len());
            answers::described(WireResponse::new(206, bytes.slice(first..end)), &part)
                .with("content-range", range)
        }
        _ => answers::error(416, "InvalidRange", "The requested range is not satisfiable"),
    }
}

/// The bytes of an object, wherever they are held.
pub(super) fn bytes(buckets: &Buckets, bucket: &str, key: &str, journal: &Journal) -> Option<Bytes> {
    match &buckets.get(bucket, key)?.bytes {
        Some(bytes) => Some(bytes.clone()),
        None => journal
            .body(OBJECT_SPACE, &format!("{bucket}/{key}"))
            .ok()
            .flatten()
            .map(Bytes::from),
    }
}

/// Holds an object and gives the record to write.
pub(super) fn put(
    buckets: &mut Buckets,
    bucket: &str,
    key: &str,
    object: StoredObject,
    bytes: Bytes,
    journal: &Journal,
) -> Change {
    let change = Change::put(OBJECT_SPACE, format!("{bucket}/{key}"), &object);
    if journal.keeps() {
        buckets.put(bucket, key, object, None);
        change.with_body(&bytes)
    } else {
        buckets.put(bucket, key, object, Some(bytes));
        change
    }
}

fn remove(buckets: &mut Buckets, bucket: &str, key: &str, changes: &mut Vec<Change>) {
    if buckets.remove(bucket, key) {
        changes.push(Change::remove(OBJECT_SPACE, format!("{bucket}/{key}")));
    }
}

fn upload(
    buckets: &mut Buckets,
    route: &Route,
    request: &WireRequest,
    journal: &Journal,
    now: Timestamp,
    changes: &mut Vec<Change>,
) -> WireResponse {
    let bytes = match body::of(request) {
        Ok(bytes) => bytes,
        Err(problem) => return answers::error(400, "IncompleteBody", problem),
    };
    if request.header("if-none-match") == Some("*") && buckets.get(&route.bucket, &route.key).is_some() {
        return answers::error(
            412,
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold",
        );
    }
    let mut object = StoredObject::new(&bytes, now);
    (object.headers, object.metadata) = told(request);
    let etag = object.etag.clone();
    changes.push(put(buckets, &route.bucket, &route.key, object, bytes, journal));
    WireResponse::new(200, "").with("etag", etag)
}

/// The headers and user metadata that an upload gives its object.
fn told(request: &WireRequest) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let mut headers = BTreeMap::new();
    for name in KEPT_HEADERS {
        headers.extend(
            request
                .header(name)
                .map(|value| (name.to_owned(), value.to_owned())),
        );
    }
    let encoding = request.header("content-encoding").and_then(body::encoding);
    headers.extend(encoding.map(|value| ("content-encoding".to_owned(), value)));
    let metadata = request
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("x-amz-meta-")?.to_owned(), value.clone())))
        .collect();
    (headers, metadata)
}

fn copy(
    buckets: &mut Buckets,
    route: &Route,
    request: &WireRequest,
    journal: &Journal,
    now: Timestamp,
    changes: &mut Vec<Change>,
) -> WireResponse {
    let source = request.header("x-amz-copy-source").unwrap_or_default();
    let source = percent_decode_str(source).decode_utf8_lossy().into_owned();
    let Some((from_bucket, from_key)) = source.trim_start_matches('/').split_once('/') else {
        return answers::error(
            400,
            "InvalidArgument",
            "Copy Source must mention the source bucket and key",
        );
    };
    if !buckets.has(from_bucket) {
        return answers::no_such_bucket();
    }
    let found = buckets.get(from_bucket, from_key).map(|held| held.object.clone());
    let (Some(mut object), Some(bytes)) = (found, bytes(buckets, from_bucket, from_key, journal)) else {
        return answers::no_such_key();
    };
    object.last_modified = now;
    if request.header("x-amz-metadata-directive") == Some("REPLACE") {
        (object.headers, object.metadata) = told(request);
    }
    let etag = xml_text(&object.etag);
    changes.push(put(buckets, &route.bucket, &route.key, object, bytes, journal));
    let at = answers::iso_date(now);
    answers::xml(
        200,
        &format!("<CopyObjectResult><LastModified>{at}</LastModified><ETag>{etag}</ETag></CopyObjectResult>"),
    )
}

fn delete_many(
    buckets: &mut Buckets,
    bucket: &str,
    request: &WireRequest,
    changes: &mut Vec<Change>,
) -> WireResponse {
    let Ok(bytes) = body::of(request) else {
        return answers::error(400, "IncompleteBody", "The body is cut off.");
    };
    let asked = String::from_utf8_lossy(&bytes).into_owned();
    let keys: Vec<String> = xml_values(&asked, "Key").into_iter().map(xml_unescape).collect();
    if keys.is_empty() || keys.len() > MAX_KEYS {
        return answers::error(400, "MalformedXML", "The XML you provided was not well-formed");
    }
    let quiet = xml_values(&asked, "Quiet").first() == Some(&"true");
    let mut document = String::from("<DeleteResult>");
    for key in keys {
        remove(buckets, bucket, &key, changes);
        if !quiet {
            document.push_str(&format!("<Deleted><Key>{}</Key></Deleted>", xml_text(&key)));
        }
    }
    document.push_str("</DeleteResult>");
    answers::xml(200, &document)
}

fn list_buckets(buckets: &Buckets, now: Timestamp) -> WireResponse {
    let mut document = String::from("<ListAllMyBucketsResult><Buckets>");
    for name in buckets.names() {
        document.push_str(&format!(
            "<Bucket><Name>{}</Name><CreationDate>{}</CreationDate></Bucket>",
            xml_text(name),
            answers::iso_date(now)
        ));
    }
    document.push_str("</Buckets></ListAllMyBucketsResult>");
    answers::xml(200, &document)
}

/// Buckets keep no versions: each object has one, as in a bucket that never kept any.
fn list_versions(buckets: &Buckets, bucket: &str, request: &WireRequest) -> WireResponse {
    let prefix = request.query("prefix").unwrap_or_default();
    let after = request.query("key-marker").unwrap_or_default();
    let mut found = buckets.list(bucket, prefix, after);
    let page: Vec<_> = found.by_ref().take(MAX_KEYS).collect();
    answers::versions(bucket, &page, found.next().is_some())
}

fn list(buckets: &Buckets, bucket: &str, request: &WireRequest) -> WireResponse {
    let prefix = request.query("prefix").unwrap_or_default();
    let delimiter = request.query("delimiter").unwrap_or_default();
    let max_keys = request
        .query("max-keys")
        .and_then(|max| max.parse().ok())
        .unwrap_or(MAX_KEYS);
    let max_keys = max_keys.min(MAX_KEYS);
    let after = request
        .query("continuation-token")
        .or(request.query("start-after"))
        .unwrap_or_default();
    let mut page = Page {
        bucket,
        prefix,
        max_keys,
        contents: Vec::new(),
        common_prefixes: Vec::new(),
        next_token: None,
    };
    let mut last = None;
    for (key, held) in buckets.list(bucket, prefix, after) {
        let rest = &key[prefix.len()..];
        let folder = (!delimiter.is_empty())
            .then(|| rest.find(delimiter))
            .flatten()
            .map(|at| format!("{prefix}{}", &rest[..at + delimiter.len()]));
        if folder
            .as_ref()
            .is_some_and(|folder| page.common_prefixes.last() == Some(folder))
        {
            last = Some(key);
            continue;
        }
        // A page that ended within a folder goes on after it.
        if folder
            .as_ref()
            .is_some_and(|folder| after.starts_with(folder.as_str()))
        {
            continue;
        }
        if page.contents.len() + page.common_prefixes.len() >= max_keys {
            page.next_token = last.cloned();
            break;
        }
        match folder {
            Some(folder) => page.common_prefixes.push(folder),
            None => page.contents.push((key, held)),
        }
        last = Some(key);
    }
    answers::listing(&page)
}

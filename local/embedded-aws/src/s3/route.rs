//! Which operation a request to S3 means: method, host, path and query say it together.

use percent_encoding::percent_decode_str;

use crate::wire::WireRequest;

/// An operation with the bucket and key it speaks of.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) operation: &'static str,
    pub(crate) bucket: String,
    pub(crate) key: String,
}

impl Route {
    pub(crate) fn of(request: &WireRequest) -> Self {
        let path = percent_decode_str(request.path.trim_start_matches('/'))
            .decode_utf8_lossy()
            .into_owned();
        let (bucket, key) = match request.host.split_once(".s3.") {
            Some((bucket, _)) => (bucket.to_owned(), path),
            None => match path.split_once('/') {
                Some((bucket, key)) => (bucket.to_owned(), key.to_owned()),
                None => (path, String::new()),
            },
        };
        Self {
            operation: operation(request, &bucket, &key),
            bucket,
            key,
        }
    }
}

/// Parts of an object or bucket that are not emulated, named in the query.
const SUBRESOURCES: [&str; 11] = [
    "acl",
    "attributes",
    "cors",
    "encryption",
    "lifecycle",
    "notification",
    "policy",
    "tagging",
    "uploadId",
    "uploads",
    "versioning",
];

fn operation(request: &WireRequest, bucket: &str, key: &str) -> &'static str {
    let asks = |name: &str| request.query(name).is_some();
    if SUBRESOURCES.iter().any(|name| asks(name)) {
        return "NotImplemented";
    }
    match (request.method.as_str(), bucket.is_empty(), key.is_empty()) {
        ("GET", true, _) => "ListBuckets",
        ("PUT", false, true) => "CreateBucket",
        ("HEAD", false, true) => "HeadBucket",
        ("DELETE", false, true) => "DeleteBucket",
        ("GET", false, true) if asks("versions") => "ListObjectVersions",
        ("GET", false, true) if request.query("list-type") == Some("2") => "ListObjectsV2",
        ("POST", false, true) if asks("delete") => "DeleteObjects",
        ("PUT", false, false) if request.header("x-amz-copy-source").is_some() => "CopyObject",
        ("PUT", false, false) => "PutObject",
        ("GET", false, false) => "GetObject",
        ("HEAD", false, false) => "HeadObject",
        ("DELETE", false, false) => "DeleteObject",
        _ => "NotImplemented",
    }
}

//! The bytes of an upload, out of the frames of a streamed one.

use bytes::Bytes;

use crate::wire::WireRequest;

/// The object's own bytes. A body in `aws-chunked` frames has chunks (`<hex length>[;signature]` CRLF bytes
/// CRLF), an empty last chunk, and perhaps trailers with checksums.
pub(super) fn of(request: &WireRequest) -> Result<Bytes, &'static str> {
    let chunked = request
        .header("content-encoding")
        .is_some_and(|encoding| encoding.contains("aws-chunked"))
        || request
            .header("x-amz-content-sha256")
            .is_some_and(|digest| digest.starts_with("STREAMING-"));
    if chunked {
        unframe(&request.body)
    } else {
        Ok(request.body.clone())
    }
}

/// What remains of `content-encoding` for the object itself.
pub(super) fn encoding(header: &str) -> Option<String> {
    let own: Vec<&str> = header
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty() && *part != "aws-chunked")
        .collect();
    (!own.is_empty()).then(|| own.join(","))
}

fn unframe(mut body: &[u8]) -> Result<Bytes, &'static str> {
    let mut bytes = Vec::with_capacity(body.len());
    loop {
        let end = body
            .windows(2)
            .position(|pair| pair == b"\r\n")
            .ok_or("a chunk without its length")?;
        let line = std::str::from_utf8(&body[..end]).map_err(|_| "a chunk's length is no text")?;
        let digits = line.split(';').next().unwrap_or_default();
        let length = usize::from_str_radix(digits, 16).map_err(|_| "a chunk's length is no number")?;
        body = &body[end + 2..];
        if length == 0 {
            return Ok(bytes.into());
        }
        if body.len() < length {
            return Err("a chunk is cut off");
        }
        bytes.extend_from_slice(&body[..length]);
        body = body[length..]
            .strip_prefix(b"\r\n")
            .ok_or("a chunk without its end")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_trailers_are_taken_off() {
        let framed =
            b"5\r\nhello\r\n3;chunk-signature=ab\r\n!!!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
        assert_eq!(unframe(framed).expect("well framed"), "hello!!!");
    }

    #[test]
    fn a_cut_off_chunk_is_refused() {
        assert!(unframe(b"5\r\nhel").is_err());
    }

    #[test]
    fn the_framing_is_no_encoding_of_the_object() {
        assert_eq!(encoding("aws-chunked"), None);
        assert_eq!(encoding("gzip,aws-chunked").as_deref(), Some("gzip"));
    }
}

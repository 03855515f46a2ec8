//! Answers that are text are compressed for whoever takes that: a page is a fifth of its size then.

use http::header;
use tower_http::{
    CompressionLevel,
    compression::{CompressionLayer, Predicate, predicate::SizeAbove},
};

/// Fewest bytes that are worth it: what fits into one packet comes no sooner when it is smaller.
const WORTH_COMPRESSING_BYTES: u16 = 1_200;

/// Whether an answer is text. Files are not: they are compressed already, or are to come as they are.
#[derive(Clone, Copy, Debug)]
pub struct IsText;

impl Predicate for IsText {
    fn should_compress<B: http_body::Body>(&self, answer: &http::Response<B>) -> bool {
        let content_type = answer.headers().get(header::CONTENT_TYPE);
        let content_type = content_type
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let is_file = answer.headers().contains_key(header::CONTENT_DISPOSITION);
        let texts = [
            "text/html",
            "text/css",
            "text/javascript",
            "application/json",
            "image/svg+xml",
        ];
        !is_file && texts.iter().any(|text| content_type.starts_with(text))
    }
}

/// The layer around a router.
pub fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(WORTH_COMPRESSING_BYTES).and(IsText))
}

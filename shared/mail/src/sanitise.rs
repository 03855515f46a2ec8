//! HTML from outside made safe to show: no style, class, id, form or script, remote images only on request.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use ammonia::{Builder, UrlRelative};

use crate::guard::check_html;
use crate::read::{html_as_text, without_tags};
use crate::text::paragraphs;

/// What the HTML may show.
#[derive(Clone, Debug, Default)]
pub struct SanitiseOptions {
    /// Where the inline images of the mail are found: Content-ID without angle brackets to URL.
    pub inline_images: BTreeMap<String, String>,
    /// Whether images from elsewhere (`https`) are shown: only when the reader asked for them.
    pub remote_images: bool,
}

/// HTML that is safe within a sandboxed frame. HTML beyond the guard's limits comes back as its text.
///
/// Links keep `http`, `https`, `mailto` and `tel` and open outside with `noopener noreferrer nofollow`. An
/// image keeps its source only if it is one of the mail's own, or remote and asked for.
pub fn sanitise_html(html: &str, options: &SanitiseOptions) -> String {
    if check_html(html).is_err() {
        return paragraphs(&html_as_text_roughly(html));
    }
    let inline_images = options.inline_images.clone();
    let remote_images = options.remote_images;
    let mut builder = Builder::default();
    builder
        .rm_tags(["map", "area"])
        .rm_generic_attributes(["lang", "title"])
        .add_generic_attributes(["dir"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(UrlRelative::Custom(Box::new(own_url)))
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(move |element, attribute, value| match (element, attribute) {
            ("img", "src") => image_source(value, &inline_images, remote_images),
            (_, "src" | "cite" | "longdesc") => None,
            ("a", "href") => {
                (!value.trim_start().to_ascii_lowercase().starts_with("cid:")).then(|| value.into())
            }
            _ => Some(value.into()),
        });
    builder.clean(html).to_string()
}

fn html_as_text_roughly(html: &str) -> String {
    if check_html(html).is_ok() {
        html_as_text(html, &mut Vec::new())
    } else {
        without_tags(html)
    }
}

/// Relative links lead nowhere in a mail; those the attribute filter puts in for inline images stay.
fn own_url(url: &str) -> Option<Cow<'_, str>> {
    url.starts_with('/').then(|| url.into())
}

fn image_source<'u>(value: &'u str, inline: &BTreeMap<String, String>, remote: bool) -> Option<Cow<'u, str>> {
    let value = value.trim();
    let scheme = value.split(':').next().unwrap_or_default().to_ascii_lowercase();
    match scheme.as_str() {
        "cid" => {
            let id = value[4..].trim_matches(['<', '>']);
            inline
                .get(id)
                .or_else(|| inline.get(&percent_decoded(id)))
                .map(|url| Cow::Owned(url.clone()))
        }
        "https" if remote => Some(value.into()),
        _ => None,
    }
}

/// Some clients write the Content-ID percent-encoded into the URL (RFC 2392).
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match (byte, digits.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(decoded)) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

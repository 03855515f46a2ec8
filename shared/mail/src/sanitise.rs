//! HTML from outside made safe to show: no style, class, id, form or script, remote images only on request.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use ammonia::{Builder, UrlRelative};

use crate::guard::measure_html;
use crate::read::without_tags;
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
    let Ok(html) = measure_html(html) else {
        return paragraphs(&without_tags(html));
    };
    let inline_images = options.inline_images.clone();
    let remote_images = options.remote_images;
    let mut builder = Builder::default();
    builder
        // `bdo` overrides the order of letters.
        .rm_tags(["map", "area", "bdo"])
        .rm_generic_attributes(["lang", "title"])
        .add_generic_attributes(["dir"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(UrlRelative::Custom(Box::new(own_url)))
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(move |element, attribute, value| match (element, attribute) {
            ("img", "src") => image_source(value, &inline_images, remote_images),
            (_, "src" | "cite" | "longdesc") => None,
            (_, "href") => leads_outside(value).then(|| value.into()),
            _ => Some(value.into()),
        });
    builder.clean(html.as_str()).to_string()
}

/// Whether a link names where it leads: relative ones would lead into our own site.
fn leads_outside(url: &str) -> bool {
    let scheme = url
        .trim_start()
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    url.contains(':') && matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel")
}

/// Relative URLs are only those that the attribute filter puts in for inline images.
fn own_url(url: &str) -> Option<Cow<'_, str>> {
    url.starts_with('/').then(|| url.into())
}

fn image_source<'u>(value: &'u str, inline: &BTreeMap<String, String>, remote: bool) -> Option<Cow<'u, str>> {
    let value = value.trim();
    let (scheme, rest) = value.split_once(':')?;
    match scheme.to_ascii_lowercase().as_str() {
        "cid" => {
            let id = rest.trim_matches(['<', '>']);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sanitised(html: &str) -> String {
        let inline_images = BTreeMap::from([("logo@x".to_owned(), "/agent/blob/1".to_owned())]);
        sanitise_html(
            html,
            &SanitiseOptions {
                inline_images,
                remote_images: false,
            },
        )
    }

    #[test]
    fn what_acts_or_hides_is_removed() {
        for (html, expected) in [
            (
                "<p style=\"color:red\" class=a id=b onclick=x()>hi</p>",
                "<p>hi</p>",
            ),
            ("<script>alert(1)</script>hi", "hi"),
            ("<style>p{}</style>hi", "hi"),
            ("<form action=//x><input name=a><button>go</button></form>", "go"),
            ("<iframe src=//x></iframe><object data=x></object>hi", "hi"),
            ("<svg><script>alert(1)</script></svg>", ""),
            ("<meta http-equiv=refresh content=0><base href=//x>hi", "hi"),
            ("<!-- hidden --><b>hi", "<b>hi</b>"),
            ("in<bdo dir=rtl>exe.fdp</bdo>", "inexe.fdp"),
        ] {
            assert_eq!(sanitised(html), expected, "{html}");
        }
    }

    #[test]
    fn links_leave_the_frame_and_tell_nothing() {
        assert_eq!(
            sanitised("<a href=\"https://a.example/x\">x</a>"),
            "<a href=\"https://a.example/x\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">x</a>"
        );
        for html in [
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\"data:text/html,x\">x</a>",
            "<a href=\"/x\">x</a>",
            "<a href=\"//a.example\">x</a>",
            "<a href=\"cid:logo@x\">x</a>",
            "<a href=\" JaVaScRiPt:x\">x</a>",
        ] {
            assert!(!sanitised(html).contains("href"), "{html}: {}", sanitised(html));
        }
    }

    #[test]
    fn an_inline_image_is_shown_from_our_own_store() {
        assert_eq!(
            sanitised("<img src=\"cid:logo@x\" width=9>"),
            "<img src=\"/agent/blob/1\" width=\"9\">"
        );
        assert_eq!(
            sanitised("<img src=\"CID:logo%40x\">"),
            "<img src=\"/agent/blob/1\">"
        );
        assert_eq!(sanitised("<img src=\"cid:other\" alt=a>"), "<img alt=\"a\">");
        // No scheme, whatever it looks like.
        assert_eq!(sanitised("<img src=\"cid\" alt=a>"), "<img alt=\"a\">");
    }

    #[test]
    fn remote_images_are_shown_only_when_asked_for() {
        let html = "<img src=\"https://a.example/pixel.gif\">";
        assert_eq!(sanitised(html), "<img>");
        let options = SanitiseOptions {
            remote_images: true,
            ..SanitiseOptions::default()
        };
        assert_eq!(sanitise_html(html, &options), html);
        assert_eq!(
            sanitise_html(
                "<img src=\"http://a.example/x\"><img src=\"//a.example/x\">",
                &options
            ),
            "<img><img>"
        );
    }

    #[test]
    fn html_that_nests_too_deep_comes_back_as_text() {
        let html = format!("{}a &lt; b", "<div>".repeat(110_000));
        assert_eq!(sanitised(&html), "<p>a &lt; b</p>\n");
    }
}

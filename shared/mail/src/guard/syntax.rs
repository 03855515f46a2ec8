//! Rewrites HTML into a syntax that no parser can be made to stumble over, in one pass.
//!
//! `html5ever` 0.40 compares each attribute with all before it in its tag: 1.9 MB of attributes took it 90 s. What
//! comes out of here has few attributes in each tag, all quoted, no comments and none of the elements whose text
//! has rules of its own (script, style and their like), so that a limit found here holds in every parser after.
//! Nothing that is ever shown gets lost.

/// Most attributes kept of one tag.
const MAX_ATTRIBUTES: usize = 64;

/// Longest name of an element or attribute.
const MAX_NAME_BYTES: usize = 64;

/// Elements whose content is dropped with them.
const DROPPED: &[&str] = &[
    "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes",
];

/// The HTML in plain syntax. Grows by no more than quotes and escapes need.
pub(crate) fn plain_syntax(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        let markup = &rest[open..];
        let after = markup[1..].chars().next();
        rest = match after {
            Some(c) if c.is_ascii_alphabetic() => start_tag(markup, &mut out),
            Some('/') => end_tag(markup, &mut out),
            Some('!') if markup.starts_with("<!--") => after_comment(markup),
            Some('!' | '?') => after_first(markup, '>'),
            _ => {
                // Escaped, so that it cannot become a tag with what follows.
                out.push_str("&lt;");
                &markup[1..]
            }
        };
    }
    out.push_str(rest);
    out
}

/// What follows the first occurrence of a character; nothing if there is none.
fn after_first(text: &str, end: char) -> &str {
    text.split_once(end).map_or("", |(_, after)| after)
}

/// What follows a comment, which may end at once, as in `<!-->`.
fn after_comment(markup: &str) -> &str {
    let inner = &markup[4..];
    if let Some(after) = inner.strip_prefix('>').or_else(|| inner.strip_prefix("->")) {
        return after;
    }
    let normal = inner.find("-->").map(|at| at + 3);
    let banged = inner[..normal.unwrap_or(inner.len())]
        .find("--!>")
        .map(|at| at + 4);
    banged.or(normal).map_or("", |end| &inner[end..])
}

fn end_tag<'a>(markup: &'a str, out: &mut String) -> &'a str {
    if !markup[2..].starts_with(|c: char| c.is_ascii_alphabetic()) {
        return after_first(markup, '>');
    }
    let (name, after_name) = split_name(&markup[2..], &['/', '>']);
    let Some(after) = attributes(after_name, |_, _| {}) else {
        return "";
    };
    if is_plain_name(name) {
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
    after
}

fn start_tag<'a>(markup: &'a str, out: &mut String) -> &'a str {
    let (name, after_name) = split_name(&markup[1..], &['/', '>']);
    let written = out.len();
    out.push('<');
    out.push_str(name);
    let mut count = 0;
    let after = attributes(after_name, |attribute, value| {
        count += 1;
        if count <= MAX_ATTRIBUTES && is_plain_name(attribute) {
            out.push(' ');
            out.push_str(attribute);
            out.push_str("=\"");
            out.push_str(&value.replace('"', "&quot;"));
            out.push('"');
        }
    });
    out.push('>');
    let dropped = DROPPED.iter().any(|dropped| name.eq_ignore_ascii_case(dropped));
    // A tag that never ends is none; `plaintext` would end all markup after it.
    if after.is_none() || dropped || !is_plain_name(name) || name.eq_ignore_ascii_case("plaintext") {
        out.truncate(written);
    }
    match after {
        Some(after) if dropped => after_element(after, name),
        after => after.unwrap_or_default(),
    }
}

/// What follows the end tag of an element without markup inside.
fn after_element<'a>(content: &'a str, name: &str) -> &'a str {
    let mut rest = content;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let ends_name = |c: u8| c.is_ascii_whitespace() || c == b'/' || c == b'>';
        let named = rest
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name));
        if named && rest.as_bytes().get(name.len()).is_some_and(|c| ends_name(*c)) {
            return attributes(&rest[name.len()..], |_, _| {}).unwrap_or_default();
        }
    }
    ""
}

/// Splits a name off, which goes on to white space or one of the ends.
fn split_name<'a>(text: &'a str, ends: &[char]) -> (&'a str, &'a str) {
    text.split_at(
        text.find(|c: char| c.is_ascii_whitespace() || ends.contains(&c))
            .unwrap_or(text.len()),
    )
}

/// Reads the attributes of a tag as the HTML standard does (section 13.2.5.32 and after) and returns what follows
/// its `>`; `None` when the tag never ends.
fn attributes(text: &str, mut each: impl FnMut(&str, &str)) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some(after);
        }
        let first = rest.chars().next()?;
        // A leading equals sign is part of the name.
        let (_, tail) = rest.split_at(first.len_utf8());
        let (more, _) = split_name(tail, &['/', '>', '=']);
        let (name, after_name) = rest.split_at(first.len_utf8() + more.len());
        let value = after_name.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(value) = value.strip_prefix('=') else {
            each(name, "");
            rest = after_name;
            continue;
        };
        let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after_value) = match quote {
            Some(quote) => value[1..].split_once(quote)?,
            None => split_name(value, &['>']),
        };
        each(name, value);
        rest = after_value;
    }
}

fn is_plain_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.');
    (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_rewritten_into_plain_syntax() {
        for (html, expected) in [
            ("plain &amp; text", "plain &amp; text"),
            (
                "<P CLASS=a id='b' title=\"c\">x</P >",
                "<P CLASS=\"a\" id=\"b\" title=\"c\">x</P>",
            ),
            ("<a href=x/y?a=b>z", "<a href=\"x/y?a=b\">z"),
            ("<br/><img src=x/>", "<br><img src=\"x/\">"),
            ("<a title='say \"x\"'>", "<a title=\"say &quot;x&quot;\">"),
            (
                "<input checked disabled = yes>",
                "<input checked=\"\" disabled=\"yes\">",
            ),
            ("a < b << c", "a &lt; b &lt;&lt; c"),
            ("a<!-- <b> -->c<!-->d<!--->e<!-- --!>f", "acdef"),
            ("<!DOCTYPE html><?xml x?></>a<![CDATA[x]]>b", "ab"),
            (
                "a<style>p > b { }</style>b<script>if (a</b) '</scripty>'</SCRIPT x=y>c",
                "abc",
            ),
            ("<p a=1 \"=2 b=3>", "<p a=\"1\" b=\"3\">"),
            ("<p\"x=data:/a/b>c", "c"),
            ("a<p b='>' c", "a"),
            ("a<p b='c", "a"),
            ("a<!-- b", "a"),
            ("a<style>b", "a"),
            ("a<plaintext><b>c", "a<b>c"),
            ("<<!-- -->p a>", "&lt;p a>"),
            ("a<", "a&lt;"),
        ] {
            assert_eq!(plain_syntax(html), expected, "{html}");
        }
    }

    #[test]
    fn a_tag_keeps_no_more_attributes_than_the_limit() {
        let attributes: String = (0..1_000).map(|n| format!(" a{n}=1")).collect();
        assert_eq!(
            plain_syntax(&format!("<p{attributes}>")).matches('=').count(),
            MAX_ATTRIBUTES
        );
    }

    #[test]
    fn hidden_quotes_do_not_hide_attributes() {
        let attributes: String = (0..1_000).map(|n| format!(" a{n}")).collect();
        for start in [
            "<style><a x=\"</style>",
            "<script><!--<script></script x=\"--></script>",
            "<!-- <a x=\"-->",
        ] {
            let plain = plain_syntax(&format!("{start}<p{attributes}>"));
            assert!(plain.matches('=').count() <= MAX_ATTRIBUTES, "{plain}");
        }
    }

    #[test]
    fn rewriting_twice_changes_nothing() {
        let html = "<p a='1' \"x>a < b</p><!-- c --><td colspan=2>&lt;<script>x</script>";
        assert_eq!(plain_syntax(&plain_syntax(html)), plain_syntax(html));
    }
}

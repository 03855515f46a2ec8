//! What pages may do in a browser.

/// What a page of ours may do: show its own style, script, pictures and frames, ask home, and send its forms there.
pub const PAGE: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same for a page whose forms lead to another origin, too: browsers hold a form to its policy on all of its way.
pub fn page_with_forms_to(origin: &str) -> String {
    PAGE.replace("form-action 'self'", &format!("form-action 'self' {origin}"))
}

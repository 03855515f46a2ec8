//! What an agent typed into the form of an answer.

use serde::Deserialize;

/// What the form sends. `was_` fields hold what the page showed, so that only what the person changed is changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub csrf: String,
    /// Names this filling-in of the form, so that sending it twice does it once.
    pub once: String,
    /// Version of the ticket that the page showed.
    pub seen: String,
    pub text: String,
    /// `public` or `internal`.
    pub visibility: String,
    pub status: String,
    pub assignee: String,
    pub was_assignee: String,
    pub priority: String,
    pub was_priority: String,
    /// Who gets the answer in copy; nothing where the form had no such field.
    #[serde(deserialize_with = "present")]
    pub copies: Option<String>,
    pub was_cc: String,
    /// The macro that was chosen.
    pub macro_id: String,
    /// Set where the form is to be shown again with that macro in it.
    pub insert: String,
    /// Macros that were put into the form, parted by commas.
    pub macros: String,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

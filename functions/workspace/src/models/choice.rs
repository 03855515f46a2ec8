//! An option of a choice.

/// An option.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub is_selected: bool,
}

/// The option of this value; it is chosen where that is what was chosen.
pub fn choice(value: &str, label: &str, selected: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        is_selected: value == selected,
    }
}

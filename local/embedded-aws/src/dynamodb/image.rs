//! What a write did to an item.

use dynoxide::Item;

use super::recent::Standing;

/// One item around one write.
#[derive(Clone)]
pub(super) struct Image {
    pub(super) table: String,
    pub(super) key: Item,
    pub(super) before: Standing,
    pub(super) after: Standing,
}

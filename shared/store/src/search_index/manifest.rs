//! The item that says which objects make up an index. It is changed only where it is still what was read.

use crate::{
    StoreError,
    keys::ItemKey,
    parts::SearchIndex,
    table::{
        Committed, Role, Write,
        item::{key_of, n, number_in, s, text_in},
    },
};

/// A manifest as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptManifest {
    /// Raised by every change.
    pub revision: u64,
    /// What it says, as JSON.
    pub json: String,
}

impl SearchIndex<'_> {
    /// The manifest of a generation, as of now.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn manifest(self, generation: u64) -> Result<Option<KeptManifest>, StoreError> {
        let item = self.0.get_item(&ItemKey::SearchManifest(generation)).await?;
        Ok(item.and_then(|item| {
            Some(KeptManifest {
                revision: number_in(&item, "v")?,
                json: text_in(&item, "manifest")?.to_owned(),
            })
        }))
    }

    /// Puts a manifest in the place of that of another revision (0: of none); whether it was still that.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn replace_manifest(
        self,
        generation: u64,
        read: u64,
        next: &KeptManifest,
    ) -> Result<bool, StoreError> {
        let mut item = key_of(&self.0.settings.tenant, &ItemKey::SearchManifest(generation));
        item.insert("v".to_owned(), n(next.revision));
        item.insert("manifest".to_owned(), s(&next.json));
        let write = Write::put(&self.0.settings.tickets_table, Role::State, item);
        let write = match read {
            0 => write.when_new(),
            read => write.when("v = :read").with(":read", n(read)),
        };
        let committed = self.0.commit_writes(vec![], vec![write]).await?;
        Ok(matches!(committed, Committed::Done(_)))
    }

    /// Removes the manifest of a generation that is in force no more.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn forget_manifest(self, generation: u64) -> Result<(), StoreError> {
        let key = key_of(&self.0.settings.tenant, &ItemKey::SearchManifest(generation));
        let write = Write::delete(&self.0.settings.tickets_table, Role::State, key);
        self.0.commit_writes(vec![], vec![write]).await.map(drop)
    }
}

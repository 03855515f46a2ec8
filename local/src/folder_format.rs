//! The format in which a folder keeps a desk. A folder of another format is left as it is.

use crate::stack::OpenError;
use embedded_aws::Storage;
use std::path::Path;

/// The format that this program reads and writes. 1 had an item an event, with people's words in it; in 2 only tickets had a history.
const FORMAT: &str = "3";
/// The file that names it.
const FILE: &str = "format";
/// The file that every desk has.
const SERVICES: &str = "services.sqlite";

/// Refuses a folder of another format, and marks a new one.
pub(crate) fn check(storage: &Storage) -> Result<(), OpenError> {
    let Storage::Dir(folder) = storage else {
        return Ok(());
    };
    let found = found(folder);
    if found == FORMAT {
        return Ok(());
    }
    if folder.join(SERVICES).exists() {
        return Err(OpenError::OtherFormat {
            folder: folder.clone(),
            found,
            read: FORMAT,
        });
    }
    let marked = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(folder.join(FILE), FORMAT));
    marked.map_err(|source| OpenError::Folder {
        folder: folder.clone(),
        source,
    })
}

fn found(folder: &Path) -> String {
    let found = std::fs::read_to_string(folder.join(FILE));
    found.map_or_else(|_| "1".to_owned(), |text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LocalDesk, Options};
    use embedded_aws::Clock;

    #[tokio::test]
    async fn a_folder_of_another_format_is_refused_with_words_and_left_alone() {
        let folder = std::env::temp_dir().join(format!("docket-format-{}", std::process::id()));
        let storage = Storage::Dir(folder.clone());
        let open = || LocalDesk::open(Options::new(storage.clone(), Clock::wall()));
        drop(open().await.unwrap());
        assert!(open().await.is_ok(), "its own format is read again");
        std::fs::remove_file(folder.join(FILE)).unwrap();
        let refused = open().await.err().unwrap().to_string();
        assert!(
            refused.contains("format 1") && refused.contains("--data"),
            "{refused}"
        );
        assert!(!folder.join(FILE).exists());
        std::fs::remove_dir_all(folder).unwrap();
    }
}

//! The format in which a folder keeps a desk. A folder of another format is left as it is.

use crate::{open_error::OpenError, private_files};
use embedded_aws::Storage;
use std::path::Path;

/// The format that this program reads and writes. 1 had an item an event, with people's words in it; in 2 only tickets had a history.
const FORMAT: &str = "3";
/// The file that names it.
const FILE: &str = "format";
/// The files that every desk has: queues, objects and mail; tables.
const SERVICES: &str = "services.sqlite";
const TABLES: &str = "dynamodb.sqlite";

/// Refuses a folder of another format, and marks a new one.
pub(crate) fn check(storage: &Storage) -> Result<(), OpenError> {
    let Storage::Dir(folder) = storage else {
        return Ok(());
    };
    let found = found(folder);
    if found == FORMAT {
        return is_whole(folder);
    }
    if folder.join(SERVICES).exists() {
        return Err(OpenError::OtherFormat {
            folder: folder.clone(),
            found,
            read: FORMAT,
        });
    }
    let marked = std::fs::create_dir_all(folder)
        .and_then(|()| private_files::restrict(folder))
        .and_then(|()| private_files::write(&folder.join(FILE), FORMAT.as_bytes()));
    marked.map_err(|source| OpenError::Folder {
        folder: folder.clone(),
        source,
    })
}

/// One file alone is no desk: what the other had would be lost without a word.
fn is_whole(folder: &Path) -> Result<(), OpenError> {
    let missing = match (folder.join(SERVICES).exists(), folder.join(TABLES).exists()) {
        (true, false) => TABLES,
        (false, true) => SERVICES,
        // Both, or a folder that was marked and not begun.
        _ => return Ok(()),
    };
    let folder = folder.to_owned();
    Err(OpenError::Half { folder, missing })
}

/// Leaves the folder and the files that were made in it to their owner: nobody else on the machine reads people's mail.
pub(crate) fn restrict(storage: &Storage) -> Result<(), OpenError> {
    let Storage::Dir(folder) = storage else {
        return Ok(());
    };
    private_files::restrict(folder).map_err(|source| OpenError::Folder {
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
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let files = std::fs::read_dir(&folder).unwrap();
            let files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
            assert!(files.len() >= 3, "{files:?}");
            for path in files.iter().chain([&folder]) {
                let mode = std::fs::metadata(path).unwrap().permissions().mode();
                assert_eq!(mode & 0o077, 0, "nobody else reads {}", path.display());
            }
        }
        std::fs::rename(folder.join(TABLES), folder.join("aside")).unwrap();
        let half = open().await.err().unwrap().to_string();
        assert!(half.contains("dynamodb.sqlite is not there"), "{half}");
        std::fs::rename(folder.join("aside"), folder.join(TABLES)).unwrap();
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

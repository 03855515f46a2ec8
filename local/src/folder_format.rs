//! The format in which a folder keeps a desk. A folder of another format is left as it is.

use crate::{open_error::OpenError, private_files};
use embedded_aws::Storage;
use std::path::Path;

/// The format that this program reads and writes. 1 had an item an event, with people's words in it; in 2 only tickets had a history;
/// 3 had tables and everything else in files of their own, of which a power cut could take one and leave the other; in 4 lists of a
/// group stood under each status; in 5 saves had no places in the order of time.
const FORMAT: &str = "6";
/// The file that names it.
const FILE: &str = "format";
/// The file that has had a part of every desk in one of these formats, the one of now first.
const DESK_FILES: [&str; 2] = ["desk.sqlite", "services.sqlite"];

/// Refuses a folder of another format, and marks a new one.
pub(crate) fn check(storage: &Storage) -> Result<(), OpenError> {
    let Storage::Dir(folder) = storage else {
        return Ok(());
    };
    let found = found(folder);
    if found == FORMAT {
        return Ok(());
    }
    if has_desk(folder) {
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

/// Whether a folder has a desk in it, of whatever format.
pub fn has_desk(folder: &Path) -> bool {
    DESK_FILES.iter().any(|file| folder.join(file).exists())
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
            assert!(files.len() >= 3, "the format, the lock and the desk: {files:?}");
            for path in files.iter().chain([&folder]) {
                let mode = std::fs::metadata(path).unwrap().permissions().mode();
                assert_eq!(mode & 0o077, 0, "nobody else reads {}", path.display());
            }
        }
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

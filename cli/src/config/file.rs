//! The file on disk, and those that it imports.

use anyhow::{Context as _, anyhow};
use docket_desk_file::{BookFromFile, DeskNames, LARGEST_FILE_BYTES, Problems, Written, parse};
use docket_domain::{calendar::LARGEST_FEED_BYTES, sla::Book};
use std::{
    fs::File,
    io::Read as _,
    path::{Component, Path, PathBuf},
};

/// A file of configuration.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    path: PathBuf,
    text: String,
}

/// A text file, if it is not larger than it may be; one byte more is read to see that.
fn read_text(path: &Path, most_bytes: usize) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?
        .take(most_bytes as u64 + 1)
        .read_to_string(&mut text)?;
    Ok(text)
}

impl ConfigFile {
    /// Reads it.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = read_text(path, LARGEST_FILE_BYTES)
            .with_context(|| format!("{} can't be read", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            text,
        })
    }

    /// Its name for people.
    pub fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// What it says; or everything that is wrong with its form.
    pub fn parse(&self) -> anyhow::Result<Written> {
        parse(&self.text).map_err(|problems| self.refused(&problems))
    }

    /// The book that it makes of `base`; or everything that is wrong with what it says.
    pub fn book(
        &self,
        written: &Written,
        base: &Book,
        names: Option<&DeskNames>,
    ) -> anyhow::Result<BookFromFile> {
        self.written_book(written, base, names)
            .map_err(|problems| self.refused(&problems))
    }

    /// The same, with the problems as they are.
    pub fn written_book(
        &self,
        written: &Written,
        base: &Book,
        names: Option<&DeskNames>,
    ) -> Result<BookFromFile, Problems> {
        written.book(base, names, &|name| self.import(name))
    }

    /// What is said of a file with mistakes.
    pub fn refused(&self, problems: &Problems) -> anyhow::Error {
        let name = self.shown();
        let shown: Vec<String> = problems
            .iter()
            .map(|problem| problem.shown(&name, &self.text))
            .collect();
        let count = match shown.len() {
            1 => "a mistake".to_owned(),
            count => format!("{count} mistakes"),
        };
        anyhow!("{name} has {count}; nothing was changed\n{}", shown.join("\n"))
    }

    /// A file in the folder of this one, or below it.
    fn import(&self, name: &str) -> Result<String, String> {
        let is_below = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if name.is_empty() || !Path::new(name).components().all(is_below) {
            return Err("it must be a path below the folder of this file".to_owned());
        }
        let path = self.path.parent().unwrap_or(Path::new("")).join(name);
        // A larger one is refused by whoever reads it.
        read_text(&path, LARGEST_FEED_BYTES).map_err(|error| error.to_string())
    }
}

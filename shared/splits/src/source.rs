//! Where a split's bytes are: in memory, in a file, or behind something that is read in pieces.

use std::{fmt, fs::File, io, ops::Range, os::unix::fs::FileExt, path::Path, sync::Arc};
use tantivy::directory::OwnedBytes;

/// The bytes of one split, which never change. Reading blocks: whoever asks splits that are read over the network does it on
/// a thread where waiting is allowed (`spawn_blocking`).
pub trait Source: Send + Sync + 'static {
    /// How many there are.
    fn length(&self) -> u64;

    /// Those of a range, all of them.
    ///
    /// # Errors
    /// When they could not be read, or the range goes beyond the end.
    fn read_at(&self, range: Range<u64>) -> io::Result<Vec<u8>>;

    /// Whether reading may wait for the network, so that nobody else may have to wait for the thread that reads.
    fn waits(&self) -> bool {
        false
    }
}

/// A file on this machine, read in place.
#[derive(Debug)]
pub struct LocalFile {
    file: File,
    length: u64,
}

impl LocalFile {
    /// Opens it.
    ///
    /// # Errors
    /// When it is not there or may not be read.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self { file, length })
    }
}

impl Source for LocalFile {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length_within(&range, self.length)?];
        self.file.read_exact_at(&mut bytes, range.start)?;
        Ok(bytes)
    }
}

/// A split's bytes as they are read here: those in memory are not copied.
#[derive(Clone)]
pub(crate) enum Held {
    Memory(OwnedBytes),
    Elsewhere(Arc<dyn Source>),
}

impl Held {
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::Elsewhere(source) => source.length(),
        }
    }

    pub(crate) fn waits(&self) -> bool {
        match self {
            Self::Memory(_) => false,
            Self::Elsewhere(source) => source.waits(),
        }
    }

    pub(crate) fn read_at(&self, range: Range<u64>) -> io::Result<OwnedBytes> {
        match self {
            Self::Memory(bytes) => {
                let length = length_within(&range, bytes.len() as u64)?;
                let start = usize::try_from(range.start).map_err(io::Error::other)?;
                Ok(bytes.slice(start..start + length))
            }
            Self::Elsewhere(source) => Ok(OwnedBytes::new(source.read_at(range)?)),
        }
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} bytes", self.length())
    }
}

/// How long a range is that lies within so many bytes.
pub(crate) fn length_within(range: &Range<u64>, length: u64) -> io::Result<usize> {
    if range.start > range.end || range.end > length {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            format!("bytes {} to {} of {length}", range.start, range.end),
        ));
    }
    usize::try_from(range.end - range.start).map_err(io::Error::other)
}

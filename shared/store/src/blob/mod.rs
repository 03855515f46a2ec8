//! The bucket: bodies and files by digest, files that wait for their comment, mail as it came.

mod blobs;
mod erasing;
mod files;
mod spool;
mod uploads;

pub use blobs::{BlobError, ObjectLink};
pub(crate) use blobs::{pack, unpacked};
pub use files::{FileContent, StoredFile};
pub use spool::{OVERDUE_SECONDS, SPOOL_PREFIX, SpooledMail, spool_key};
pub use uploads::{UPLOAD_DAYS, UPLOAD_PREFIX, Upload, UploadedFile};
